"""What feeder would do and why, without doing it: the feeds as planned, and everything about one post or feed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from feeder.cache.store import Store
from feeder.collect.read import read
from feeder.collect.walk import Walked, walk
from feeder.config.slices import Configuration
from feeder.errors import NothingToPublishError, UsageError
from feeder.model.entry import Entry
from feeder.model.feed import Feed, Planned
from feeder.model.problem import Problem, printable
from feeder.model.source import LeftOut, Source
from feeder.model.table import Table
from feeder.model.term import Term
from feeder.observer import Observer
from feeder.pipeline import engines_for, with_store
from feeder.rendering import Rendering, Window, render_entry
from feeder.survey import Published, Survey, Surveyor
from feeder.write.dist import remembered

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Look:
    """Where to look beside the posts: `dist` for slugs once given, `cache` for what was read before, "" for nowhere."""

    dist: str = "dist"
    engine: str = ""
    cache: str = ""


@dataclass(frozen=True, slots=True)
class _Seen:
    """The site as a build would see it."""

    walked: Walked
    surveyor: Surveyor
    survey: Survey
    windows: tuple[Window, ...]


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

    `merged_into` is the file that the entry is read from, where this post is only a copy of it. `archives` are the
    addresses of the feeds that it stands in the archive documents of alone.
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
    archives: tuple[str, ...] = ()


def list_feeds(site: Configuration, look: Look, observer: Observer) -> list[ListedFeed]:
    """Return every feed that a build would write, with what its documents would show; writes nothing."""
    return _looking(site, look, observer, lambda seen: [_listed(seen, window) for window in seen.windows])


def explain_feed(site: Configuration, look: Look, wanted: str, observer: Observer) -> ListedFeed:
    """Return the feed that `wanted` names: an address, a path below dist, `TAXONOMY/SLUG`, `TAXONOMY:LABEL` or a label.

    Raises UsageError where there is none.
    """
    for listed in list_feeds(site, look, observer):
        if wanted in _names(listed.feed):
            return listed
    raise UsageError(f"{printable(wanted)!r} is no post and no feed of this site: `feeder list` names the feeds")


def explain_post(site: Configuration, look: Look, wanted: str, observer: Observer) -> ExplainedPost:
    """Return everything about the post in the file `wanted`; raises UsageError where it is not below a root."""
    return _looking(site, look, observer, lambda seen: _explained(site, seen, wanted))


def _explained(site: Configuration, seen: _Seen, wanted: str) -> ExplainedPost:
    source = _find(seen.walked, wanted)
    if source is None:
        roots = ", ".join(map(printable, site.walk.roots))
        raise UsageError(
            f"{printable(wanted)!r} is no post below {roots} (hidden files, drafts and other suffixes are none)"
        )
    raw = read(source, site.posts.encoding, compat=site.posts.compat)
    head, row = seen.surveyor.posts.about(source)
    entry = seen.surveyor.plans.entries((row,))[row] if row else None
    own = entry is not None and entry.source == source
    problems = [problem for problem in seen.survey.problems if problem.file == source.file]
    problems.extend(
        left.reason
        for left in (*seen.survey.left_out, *seen.survey.other_files)
        if left.source == source and left.reason not in problems
    )
    if entry and own:
        problems.extend(render_entry(entry, rules=site.content).problems)
    return ExplainedPost(
        file=source.file,
        front_matter=Table() if isinstance(raw, LeftOut) else raw.front_matter,
        front_matter_format="" if isinstance(raw, LeftOut) else raw.front_matter_format,
        entry=entry,
        date_source=head.date_source.value if head else "",
        terms=entry.terms if entry else (),
        problems=tuple(problems),
        feeds=tuple(_feeds_with(entry, seen.windows)) if entry else (),
        merged_into=entry.source.file if entry and not own else "",
        archives=tuple(_archives_with(entry, seen)) if entry else (),
    )


def _looking(site: Configuration, look: Look, observer: Observer, answer: Callable[[_Seen], Answer]) -> Answer:
    """Return the answer of who sees the site as a build would; what was read for it is not kept."""
    walked = walk(site.walk)
    if not walked.sources and walked.barren:
        raise NothingToPublishError(f"{walked.barren[0]}: name the folder that holds the posts")

    # Who only looks makes no cache.
    cache = look.cache if os.path.exists(look.cache) else ""
    with engines_for(look.engine) as engines:

        def work(store: Store) -> Answer:
            surveyor = Surveyor(site, store, engines, observer)
            survey = surveyor.survey(walked, Published(remembered(look.dist).slugs))
            rendering = Rendering(
                tuple(map(_without_history, survey.plan.planned)), surveyor.fragments, site.content, engines, observer
            )
            return answer(_Seen(walked, surveyor, survey, tuple(rendering.windows())))

        return with_store(cache, work, observer)[0]


def _without_history(one: Planned) -> Planned:
    """Return a plan of a feed's own documents alone: who asks about them does not wait for the rest."""
    return replace(one, archive=replace(one.archive, stretches=())) if one.archive else one


def _listed(seen: _Seen, window: Window) -> ListedFeed:
    planned = window.planned
    return ListedFeed(
        planned.plan.feed, seen.surveyor.total(planned), planned.plan.entries[0].published, window.entries
    )


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


def _find(walked: Walked, wanted: str) -> Source | None:
    real = os.path.realpath(wanted)
    sources = (*walked.sources, *(left.source for left in walked.left_out))
    same = partial(_is_same, wanted, real)
    return next(filter(same, sources), None)


def _is_same(wanted: str, real: str, source: Source) -> bool:
    # Names first: resolving 15,000 paths takes a second.
    name = source.path.rpartition("/")[2]
    return source.file == wanted or (real.endswith(name) and os.path.realpath(source.file) == real)


def _feeds_with(entry: Entry, windows: Iterable[Window]) -> Iterable[str]:
    for window in windows:
        if entry in window.entries:
            yield from (address.path for address in window.planned.plan.feed.addresses)


def _archives_with(entry: Entry, seen: _Seen) -> Iterable[str]:
    for window in seen.windows:
        archive = next(one.archive for one in seen.survey.plan.planned if one.term == window.planned.term)
        if archive and entry not in window.entries and any(entry in stretch.entries for stretch in archive.stretches):
            yield window.path
