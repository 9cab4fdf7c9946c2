"""`feeder list` and `feeder explain`: what a build would do, and why."""

from __future__ import annotations

import os
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

    site = configured(Options(tuple(posts or ()), config, dist, site_url, title, drafts, future, allow_local))
    with observing(as_json, quiet) as observer:
        feeds = list_feeds(site, Look(dist, engine, cache_file(site, cache, no_cache)), observer)
    print(feeds_as_json(feeds) if as_json else feeds_as_text(feeds))


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

    site = configured(Options(tuple(posts or ()), config, dist, site_url, title, drafts, future, allow_local))
    observer = Silent()
    look = Look(dist, engine, cache_file(site, cache, no_cache))
    if os.path.lexists(what) and not os.path.isdir(what):
        post = explain_post(site, look, what, observer)
        print(post_as_json(post) if as_json else post_as_text(post))
    else:
        feed = explain_feed(site, look, what, observer)
        print(feed_as_json(feed) if as_json else feed_as_text(feed))
