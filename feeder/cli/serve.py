"""`feeder serve` and `feeder watch`."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Annotated

import typer

from feeder.cli.options import (
    AllowLocal,
    Cache,
    Config,
    Dist,
    Drafts,
    EngineName,
    Future,
    NoCache,
    Posts,
    Quiet,
    SiteUrl,
    Title,
    cache_file,
    configured,
)
from feeder.config.settings import Options
from feeder.errors import FeederError
from feeder.model.problem import printable

# Another build may be at work: a minute is longer than it takes.
_WAIT = "60"


def watch(
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
    quiet: Quiet = False,
) -> None:
    """Build, and build again whenever a post or the configuration changes, until Ctrl-C."""
    options = Options(tuple(posts or ()), config, dist, site_url, title, drafts, future, allow_local)
    _keep_building(options, (engine, cache, no_cache, quiet))


def serve(
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
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="Where to listen; 0 takes any free port.")
    ] = 8000,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    quiet: Quiet = False,
) -> None:
    """Build, serve the result on 127.0.0.1, and build again at each change: open pages load themselves anew."""
    from feeder.serving.server import ADDRESS  # noqa: PLC0415 - --help must not pay for it
    from feeder.serving.server import serve as server_of  # noqa: PLC0415

    options = Options(tuple(posts or ()), config, dist, site_url, title, drafts, future, allow_local)
    configured(options)  # what is wrong with it is said before anything listens
    with server_of(dist, port) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://{ADDRESS}:{server.server_port}/"
        print(f"{printable(dist)} is served at {address} (Ctrl-C ends it)", flush=True)
        _keep_building(options, (engine, cache, no_cache, quiet), address if open_ else "")


def _keep_building(options: Options, others: tuple[str, str, object, object], page: str = "") -> None:
    """Build whenever something changed, until somebody ends it; open `page` after the first time."""
    command = (sys.executable, "-m", "feeder", "build", "--wait", _WAIT, *_arguments(options, others))
    try:
        for _ in _changes(options, others):
            # A process of its own: what goes wrong in a build, or takes memory, goes with it.
            subprocess.run(command, check=False)  # noqa: S603 - ourselves
            if page:
                typer.launch(page)
                page = ""
    except KeyboardInterrupt:
        print("ended", file=sys.stderr)


def _changes(options: Options, others: tuple[str, str, object, object]) -> Iterator[None]:
    """Yield at once, and then at each change; a change of the configuration may change what is watched."""
    from feeder.serving.watching import changes  # noqa: PLC0415 - as above

    _, cache, no_cache, _ = others
    site = configured(options)
    cache_file(site, cache, no_cache)  # raises where both are given
    while True:
        watched = site.walk.roots, site.name
        for _ in changes(site.walk.roots, (site.name,) if site.name else (), options.dist):
            yield
            try:
                site = configured(options)
            except FeederError:  # the build has said so, and what is watched now may mend it
                continue
            if (site.walk.roots, site.name) != watched:
                break


def _arguments(options: Options, others: tuple[str, str, object, object]) -> Iterator[str]:
    engine, cache, no_cache, quiet = others
    texts = (
        ("--dist", options.dist),
        ("--config", options.config),
        ("--site-url", options.site_url),
        ("--title", options.title),
        ("--engine", engine),
        ("--cache", cache),
    )
    flags = (
        ("--drafts", options.drafts),
        ("--future", options.future),
        ("--allow-local", options.allow_local),
        ("--no-cache", no_cache),
        ("--quiet", quiet),
    )
    for name, text in texts:
        if text:
            yield f"{name}={text}"
    yield from (name for name, given in flags if given)
    yield "--"
    yield from options.posts
