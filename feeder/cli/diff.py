"""`feeder diff`: what subscribers will see."""

from __future__ import annotations

from typing import Annotated

import typer

from feeder.cli.options import (
    AllowLocal,
    AsJson,
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
from feeder.cli.terminal import observing
from feeder.config.settings import Options

_DIFFERENT = 1


def diff(
    posts: Posts = None,
    against: Annotated[
        str,
        typer.Option(
            "--against",
            metavar="DIST|git:REV[:DIR]",
            help="What is published: a folder, or a folder in a commit; by itself what stands in dist.",
            show_default=False,
        ),
    ] = "",
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
    """Say what subscribers would see of a build: entries new, updated, gone and re-posted, feeds added and removed."""
    from feeder.difference.rehearsal import Question, differences  # noqa: PLC0415 - --help must not pay for the stages
    from feeder.difference.saying import as_json as to_json  # noqa: PLC0415
    from feeder.difference.saying import as_text  # noqa: PLC0415

    site = configured(Options(tuple(posts or ()), config, dist, site_url, title, drafts, future, allow_local))
    question = Question(dist, against, engine, cache_file(site, cache, no_cache))
    with observing(as_json, quiet) as observer:
        answer = differences(site, question, observer)
    print(to_json(answer) if as_json else as_text(answer))
    if answer.refused or not answer.difference.is_empty:
        raise typer.Exit(_DIFFERENT)
