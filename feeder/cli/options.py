"""What several commands take from the command line: their options, the configuration, the cache's file, now."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from feeder.config.settings import Options
from feeder.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from feeder.config.slices import Configuration

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


def configured(options: Options) -> Configuration:
    """Return the site as `options` and its configuration have it; raises UsageError where it cannot be had."""
    from feeder.config.load import load  # noqa: PLC0415

    return load(options, now())


def cache_file(site: Configuration, given: str, unwanted: object) -> str:
    """Return the file of the cache, "" for none; raises UsageError where both are asked for."""
    if given and unwanted:
        raise UsageError("--cache and --no-cache exclude each other: give one of them")
    return "" if unwanted else given or os.path.join(site.walk.folder, ".feeder", "cache.sqlite3")


def now() -> datetime:
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
