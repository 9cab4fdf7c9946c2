"""The command line: words in, one library call, exit code out (the only user of typer and rich)."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from feeder import __version__
from feeder.config.settings import Options
from feeder.errors import FeederError, UsageError
from feeder.model.problem import Problem, printable

if TYPE_CHECKING:
    from datetime import datetime

    from feeder.config.slices import Configuration
    from feeder.observer import Observer

app = typer.Typer(
    name="feeder",
    help="Turn a folder of posts into Atom and RSS feeds: one for the site, one for every category and every tag.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_EX_SOFTWARE = 70
_INTERRUPTED = 130

Posts = Annotated[
    list[str] | None,
    typer.Argument(metavar="[POSTS]...", help="Folders of posts, instead of the configuration's.", show_default=False),
]
Dist = Annotated[str, typer.Option("--dist", metavar="DIR", help="The folder to publish into.")]
Config = Annotated[
    str,
    typer.Option(
        "--config",
        metavar="FILE",
        help="The configuration, instead of feeder.toml or _config.yml here.",
        show_default=False,
    ),
]
SiteUrl = Annotated[str, typer.Option("--site-url", metavar="URL", help="The site's address.", show_default=False)]
Title = Annotated[str, typer.Option("--title", metavar="TEXT", help="The site's title.", show_default=False)]
EngineName = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="NAME",
        help="serial, processes:N or dask:tcp://HOST:PORT; by itself what is faster here for the site's size.",
        show_default=False,
    ),
]
Cache = Annotated[
    str,
    typer.Option(
        "--cache",
        metavar="FILE",
        help="The file that remembers what was built, by itself .feeder/cache.sqlite3 beside the configuration.",
        show_default=False,
    ),
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Remember nothing, and use nothing remembered.")]
Drafts = Annotated[bool, typer.Option("--drafts", help="Publish drafts too.")]
Future = Annotated[bool, typer.Option("--future", help="Publish posts dated after now too.")]
AllowLocal = Annotated[bool, typer.Option("--allow-local", help="Allow an address that only this machine can reach.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout instead of text.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say only what is wrong.")]


class Terminal:
    """Tells a person of a build on stderr: problems line by line, progress as a bar where there is a terminal."""

    def __init__(self, quiet: object) -> None:
        self._bar = None if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb" else _Bar()

    def progress(self, stage: str, done: int, total: int) -> None:
        """Move the bar."""
        if self._bar:
            self._bar.move(stage, done, total)

    def problem(self, problem: Problem) -> None:
        """Print `file:line: level[code]: sentence`."""
        if self._bar:
            self._bar.clear()
        print(problem, file=sys.stderr)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar:
            self._bar.clear()


class _Bar:
    def __init__(self) -> None:
        from rich.console import Console  # noqa: PLC0415 - 40 ms that only terminals need
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

        columns = (TextColumn("{task.description:9}"), BarColumn(), MofNCompleteColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task("")
        self._stage = ""

    def move(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self._stage = stage
            self._progress.reset(self._task, description=stage, total=total)
            self._progress.start()
        self._progress.update(self._task, completed=done)
        if done == total:
            self.clear()

    def clear(self) -> None:
        self._progress.stop()
        self._stage = ""


def _version(asked: bool) -> None:
    if asked:
        print(f"feeder {__version__}")
        raise typer.Exit


@app.callback()
def feeder(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Turn a folder of posts into Atom and RSS feeds: one for the site, one for every category and every tag."""
    del version


@app.command()
def build(
    posts: Posts = None,
    dist: Dist = "dist",
    config: Config = "",
    site_url: SiteUrl = "",
    title: Title = "",
    engine: EngineName = "",
    cache: Cache = "",
    no_cache: NoCache = False,
    drafts: Drafts = False,
    future: Future = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Publish nothing if a post is left out for an error.")
    ] = False,
    wait: Annotated[
        float, typer.Option("--wait", metavar="SECONDS", min=0, help="How long to wait for another build.")
    ] = 0,
    allow_shrink: Annotated[
        bool, typer.Option("--allow-shrink", help="Publish though a large part of the entries is gone.")
    ] = False,
    allow_local: AllowLocal = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Read the posts and write the feeds."""
    from feeder.pipeline import Publication, Shrinking, Strictness  # noqa: PLC0415 - --help must not pay for the stages
    from feeder.pipeline import build as run  # noqa: PLC0415

    site = _configuration(Options(tuple(posts or ()), config, dist, site_url, title, drafts, future, allow_local))
    publication = Publication(
        dist=dist,
        wait=wait,
        shrinking=Shrinking.ALLOWED if allow_shrink else Shrinking.REFUSED,
        strictness=Strictness.STRICT if strict else Strictness.LENIENT,
        engine=engine,
        cache=_cache(site, cache, no_cache),
    )
    with _observing(as_json, quiet) as observer:
        report = run(site, publication, observer)
    if as_json:
        print(report.to_json())
    elif not quiet:
        for line in report.lines():
            print(line, file=sys.stderr)


@app.command("list")
def list_(
    posts: Posts = None,
    dist: Dist = "dist",
    config: Config = "",
    site_url: SiteUrl = "",
    title: Title = "",
    engine: EngineName = "",
    cache: Cache = "",
    no_cache: NoCache = False,
    drafts: Drafts = False,
    future: Future = False,
    allow_local: AllowLocal = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """List the feeds that a build would write: address, title, entries, newest."""
    from feeder.explain import Look, list_feeds  # noqa: PLC0415
    from feeder.printing import feeds_as_json, feeds_as_text  # noqa: PLC0415

    site = _configuration(Options(tuple(posts or ()), config, dist, site_url, title, drafts, future, allow_local))
    with _observing(as_json, quiet) as observer:
        feeds = list_feeds(site, Look(dist, engine, _cache(site, cache, no_cache)), observer)
    print(feeds_as_json(feeds) if as_json else feeds_as_text(feeds))


@app.command()
def explain(
    what: Annotated[
        str,
        typer.Argument(
            metavar="POST|FEED", help="A post's file; or a feed's address, path below dist, TAXONOMY:LABEL, or `site`."
        ),
    ],
    posts: Annotated[
        list[str] | None,
        typer.Option(
            "--posts",
            metavar="DIR",
            help="A folder of posts, instead of the configuration's; may be given several times.",
            show_default=False,
        ),
    ] = None,
    dist: Dist = "dist",
    config: Config = "",
    site_url: SiteUrl = "",
    title: Title = "",
    engine: EngineName = "",
    cache: Cache = "",
    no_cache: NoCache = False,
    drafts: Drafts = False,
    future: Future = False,
    allow_local: AllowLocal = False,
    as_json: AsJson = False,
) -> None:
    """Say everything about a post (front matter, date, id, link, terms, problems, feeds) or about a feed."""
    from feeder.explain import Look, explain_feed, explain_post  # noqa: PLC0415
    from feeder.observer import Silent  # noqa: PLC0415
    from feeder.printing import feed_as_json, feed_as_text, post_as_json, post_as_text  # noqa: PLC0415

    site = _configuration(Options(tuple(posts or ()), config, dist, site_url, title, drafts, future, allow_local))
    observer = Silent()
    look = Look(dist, engine, _cache(site, cache, no_cache))
    if os.path.lexists(what) and not os.path.isdir(what):
        post = explain_post(site, look, what, observer)
        print(post_as_json(post) if as_json else post_as_text(post))
    else:
        feed = explain_feed(site, look, what, observer)
        print(feed_as_json(feed) if as_json else feed_as_text(feed))


def main() -> None:
    """Run the command line: every error is one sentence on stderr and its exit code (SPEC §7), never a traceback."""
    # A build makes many values and hardly a cycle: looking for cycles among them at every turn takes a tenth of it.
    gc.set_threshold(100_000, 50, 100)
    for stream in (sys.stdout, sys.stderr):
        # A title in Chinese must not end a build on a terminal that knows ASCII alone.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except FeederError as problem:
        _fail(str(problem), problem.exit_code)
    except KeyboardInterrupt:
        _fail("interrupted: nothing was published", _INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does: nothing is wrong, and nothing can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as problem:
        if os.environ.get("FEEDER_DEBUG"):
            raise
        what = f"{type(problem).__name__}: {str(problem)[:300]}"
        message = f"feeder failed ({what}); please report this, with what FEEDER_DEBUG=1 prints"
        _fail(message, _EX_SOFTWARE)


def _fail(message: str, code: int) -> None:
    print(f"feeder: {printable(message)}", file=sys.stderr)
    sys.exit(code)


def _configuration(options: Options) -> Configuration:
    from feeder.config.load import load  # noqa: PLC0415

    return load(options, _now())


def _cache(site: Configuration, given: str, unwanted: object) -> str:
    if given and unwanted:
        raise UsageError("--cache and --no-cache exclude each other: give one of them")
    return "" if unwanted else given or os.path.join(site.walk.folder, ".feeder", "cache.sqlite3")


def _now() -> datetime:
    """Return the build's now: SOURCE_DATE_EPOCH where it is set, else the clock (the only place that reads it)."""
    from datetime import UTC, datetime  # noqa: PLC0415

    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        message = f"SOURCE_DATE_EPOCH is {epoch!r}, and must be the seconds since 1970 as a whole number"
        raise UsageError(message) from None


@contextmanager
def _observing(as_json: object, quiet: object) -> Iterator[Observer]:
    from feeder.observer import Silent  # noqa: PLC0415

    if as_json:
        yield Silent()
        return
    terminal = Terminal(quiet)
    try:
        yield terminal
    finally:
        terminal.close()
