"""The command line: words in, one library call, exit code out (the only users of typer and rich).

A command is a function in a module of its own, and a line under `app` here: their order is that of `feeder --help` and
docs/cli.md. What several take from the command line is in `options`.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from typing import Annotated

import typer

from feeder import __version__
from feeder.cli.build import build
from feeder.cli.check import check
from feeder.cli.diff import diff
from feeder.cli.init import init
from feeder.cli.look import explain, list_
from feeder.cli.ping import ping
from feeder.cli.serve import serve, watch
from feeder.errors import FeederError
from feeder.model.problem import printable

_EX_SOFTWARE = 70
_INTERRUPTED = 130

app = typer.Typer(
    name="feeder",
    help="Turn a folder of posts into Atom and RSS feeds: one for the site, one for every category and every tag.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(init)
app.command()(build)
app.command("list")(list_)
app.command()(explain)
app.command()(check)
app.command()(diff)
app.command()(serve)
app.command()(watch)
app.command()(ping)


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
