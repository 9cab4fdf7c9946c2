"""`feeder build`."""

from __future__ import annotations

import sys
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
    allow_reposted: Annotated[
        bool, typer.Option("--allow-reposted", help="Publish though subscribers would be shown entries again.")
    ] = False,
    allow_new: Annotated[
        bool, typer.Option("--allow-new", help="Publish more new entries than max_new in the configuration.")
    ] = False,
    allow_local: AllowLocal = False,
    host: Annotated[
        str,
        typer.Option(
            "--host",
            metavar="NAME",
            help="Who serves dist (netlify, cloudflare, nginx, caddy, apache, s3): write what it must know, too.",
            show_default=False,
        ),
    ] = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Read the posts and write the feeds."""
    from feeder.brakes import Arriving, Reposting, Shrinking  # noqa: PLC0415 - --help must not pay for the stages
    from feeder.pipeline import Publication, Strictness  # noqa: PLC0415
    from feeder.pipeline import build as run  # noqa: PLC0415

    site = configured(Options(tuple(posts or ()), config, dist, site_url, title, drafts, future, allow_local, host))
    publication = Publication(
        dist=dist,
        wait=wait,
        shrinking=Shrinking.ALLOWED if allow_shrink else Shrinking.REFUSED,
        reposting=Reposting.ALLOWED if allow_reposted else Reposting.REFUSED,
        arriving=Arriving.ALLOWED if allow_new else Arriving.REFUSED,
        strictness=Strictness.STRICT if strict else Strictness.LENIENT,
        engine=engine,
        cache=cache_file(site, cache, no_cache),
    )
    with observing(as_json, quiet) as observer:
        report = run(site, publication, observer)
    if site.site.hub:
        from feeder.websub import note, topics  # noqa: PLC0415 - as above

        note(site.walk.folder, topics(dist, report.written, site.feeds.url, site.site.hub))
    if as_json:
        print(report.to_json())
    elif not quiet:
        for line in report.lines():
            print(line, file=sys.stderr)
