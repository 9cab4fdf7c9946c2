"""What feeder would do and why, without doing it: the feeds as planned, and everything about one post or feed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from feeder.collect.read import read
from feeder.collect.walk import walk
from feeder.config.slices import Configuration
from feeder.engine.choice import choose_engine
from feeder.errors import NothingToPublishError, UsageError
from feeder.model.entry import Entry
from feeder.model.feed import Feed
from feeder.model.problem import Problem, printable
from feeder.model.source import LeftOut, Source
from feeder.model.table import Table
from feeder.model.term import Term
from feeder.pipeline import Gathered, Observer, Window, gather, render, render_entry, windows_of
from feeder.write.dist import remembered


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """A feed as it would be built: `total` entries belong to it, `entries` stand in its documents."""

    feed: Feed
    total: int
    newest: datetime
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class ExplainedPost:
    """Everything about one post; `entry` is None where it gives none, `feeds` are the addresses it stands in.

    `merged_into` is the file that the entry is read from, where this post is only a copy of it.
    """

    file: str
    front_matter: Table
    front_matter_format: str
    entry: Entry | None
    date_source: str
    terms: tuple[Term, ...]
    problems: tuple[Problem, ...]
    feeds: tuple[str, ...]
    merged_into: str = ""


def list_feeds(site: Configuration, dist: str, engine: str, observer: Observer) -> list[ListedFeed]:
    """Return every feed that a build would write, with what its documents would show; writes nothing."""
    gathered, windows = _windows(site, dist, engine, observer)
    del gathered
    return [ListedFeed(one.plan.feed, one.plan.total, one.plan.newest, one.entries) for one in windows]


def explain_feed(site: Configuration, dist: str, engine: str, wanted: str, observer: Observer) -> ListedFeed:
    """Return the feed that `wanted` names: an address, a path below dist, `TAXONOMY/SLUG`, `TAXONOMY:LABEL` or a label.

    Raises UsageError where there is none.
    """
    feeds = list_feeds(site, dist, engine, observer)
    for listed in feeds:
        if wanted in _names(listed.feed):
            return listed
    raise UsageError(f"{printable(wanted)!r} is no post and no feed of this site: `feeder list` names the feeds")


def explain_post(site: Configuration, dist: str, engine: str, wanted: str, observer: Observer) -> ExplainedPost:
    """Return everything about the post in the file `wanted`; raises UsageError where it is not below a root."""
    gathered, windows = _windows(site, dist, engine, observer)
    source = _find(gathered, wanted)
    if source is None:
        roots = ", ".join(map(printable, site.walk.roots))
        raise UsageError(
            f"{printable(wanted)!r} is no post below {roots} (hidden files, drafts and other suffixes are none)"
        )
    raw = read(source, site.posts.encoding)
    entry_id = next((one_id for copy, one_id in gathered.copies if copy == source), "")
    entry = next((one for one in gathered.entries if one.source == source or one.id == entry_id), None)
    head = next((one for one in gathered.heads if one.source == source), None)
    problems = [problem for problem in gathered.problems if problem.file == source.file]
    problems.extend(
        left.reason
        for left in (*gathered.left_out, *gathered.other_files)
        if left.source == source and left.reason not in problems
    )
    if entry and not entry_id:
        problems.extend(render_entry(entry, site.content).problems)
    return ExplainedPost(
        file=source.file,
        front_matter=Table() if isinstance(raw, LeftOut) else raw.front_matter,
        front_matter_format="" if isinstance(raw, LeftOut) else raw.front_matter_format,
        entry=entry,
        date_source=head.date_source.value if head else "",
        terms=entry.terms if entry else (),
        problems=tuple(problems),
        feeds=tuple(_feeds_with(entry, windows)) if entry else (),
        merged_into=entry.source.file if entry and entry_id else "",
    )


def _windows(site: Configuration, dist: str, engine: str, observer: Observer) -> tuple[Gathered, list[Window]]:
    walked = walk(site.walk)
    if not walked.sources and walked.barren:
        raise NothingToPublishError(f"{walked.barren[0]}: name the folder that holds the posts")
    with choose_engine(engine, len(walked.sources)) as running:
        gathered = gather(site, walked, running, remembered(dist).slugs, observer)
        rendered = render(gathered.plans, site.content, running, observer)
    return gathered, list(windows_of(gathered.plans, rendered, site.feeds.max_bytes))


def _names(feed: Feed) -> Iterable[str]:
    for address in feed.addresses:
        yield from (address.url, address.path)
    if feed.taxonomy:
        yield from (
            f"{feed.taxonomy}/{feed.slug}",
            f"{feed.taxonomy}/{feed.slug}/",
            f"{feed.taxonomy}:{feed.label}",
            feed.label,
        )
    else:
        yield "site"


def _find(gathered: Gathered, wanted: str) -> Source | None:
    real = os.path.realpath(wanted)
    sources = (
        *(head.source for head in gathered.heads),
        *(left.source for left in (*gathered.left_out, *gathered.other_files)),
    )
    same = partial(_is_same, wanted, real)
    return next(filter(same, sources), None)


def _is_same(wanted: str, real: str, source: Source) -> bool:
    # Names first: resolving 15,000 paths takes a second.
    name = source.path.rpartition("/")[2]
    return source.file == wanted or (real.endswith(name) and os.path.realpath(source.file) == real)


def _feeds_with(entry: Entry, windows: Iterable[Window]) -> Iterable[str]:
    for window in windows:
        if entry in window.entries:
            yield from (address.path for address in window.plan.feed.addresses)
