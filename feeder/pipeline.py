"""A build, top to bottom (docs/architecture.md): survey the posts, render what is new, write what is due."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from feeder import __version__
from feeder.brakes import Arriving, Brakes, Reposting, Shrinking, refuse, stock
from feeder.cache.fragments import Fragments
from feeder.cache.rows import Candidate
from feeder.cache.store import CacheBusyError, CacheError, State, Store
from feeder.collect.read import load
from feeder.collect.walk import Walked, walk
from feeder.config.slices import Configuration
from feeder.engine.choice import Engines
from feeder.engine.parcel import Freight
from feeder.errors import InputOutputError, NothingToPublishError, StrictError
from feeder.fingerprint import libraries
from feeder.model.entry import Entry
from feeder.model.feed import Planned, Scope
from feeder.model.listing import Display, Standing
from feeder.model.problem import Level, Problem
from feeder.model.source import LeftOut, Source
from feeder.model.term import GivenSlug
from feeder.observer import Observer, Once, Silent
from feeder.plan.window import told
from feeder.report import Report
from feeder.survey import Condition, Published, Survey, Surveyor
from feeder.write.dist import Dist, Written

if TYPE_CHECKING:
    from feeder.cataloguing import Cataloguing
    from feeder.paging import Paging
    from feeder.rendering import Window

__all__ = [
    "Arriving",
    "Observer",
    "Publication",
    "Remembering",
    "Reposting",
    "Shrinking",
    "Silent",
    "Strictness",
    "build",
    "with_store",
]

Result = TypeVar("Result")

_STAMPS = "stamps"
# What rendering needs is imported by workers while the posts that were read are joined and planned.
_TO_RENDER = ("feeder.rendering", "feeder.render.syndication", "nh3")


class Strictness(Enum):
    """What posts left out for an error mean: that they are left out, or that nothing is published."""

    LENIENT = "lenient"
    STRICT = "strict"


class Remembering(Enum):
    """Whether anything outlasts a build but what it publishes: who only looks leaves the cache as it was."""

    KEPT = "kept"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Publication:
    """Where a build publishes, and under which conditions; `wait` is in seconds, `cache` a file, or "" for none."""

    dist: str
    wait: float = 0
    shrinking: Shrinking = Shrinking.REFUSED
    reposting: Reposting = Reposting.REFUSED
    arriving: Arriving = Arriving.REFUSED
    strictness: Strictness = Strictness.LENIENT
    engine: str = ""
    cache: str = ""
    remembering: Remembering = Remembering.KEPT


@dataclass(slots=True)
class _There:
    """What is there already: the documents that stand in dist, and with which plans; `kept` are those that stay."""

    standing: set[str]
    plans: Mapping[str, str]
    lists: Cataloguing
    pages: Paging
    kept: set[str] = field(default_factory=set)

    def has(self, one: Planned, surveyor: Surveyor) -> bool:
        """Say whether a feed's documents and its page stand as they were planned, and all about them is known."""
        paths = one.plan.feed.paths
        made_of = one.plan.fingerprint
        known = (
            one.archive is None
            and all(path in self.standing and self.plans[path] == made_of for path in paths)
            and surveyor.fragments.is_joined(paths[0], made_of)
            and surveyor.fragments.have(one.keys)
            and self.lists.knows(paths[0], made_of)
            and self.pages.is_standing(one, self.standing, self.plans)
        )
        if known:
            self.lists.stay(paths[0])
            self.kept.update((*paths, *self.pages.stay(one)))
        return known


@dataclass(frozen=True, slots=True)
class Done:
    """What a build did: `failed` are posts that could not be rendered, with all that was said of them."""

    written: Written
    failed: tuple[LeftOut, ...] = ()
    rendered: int = 0
    problems: tuple[Problem, ...] = ()


def build(site: Configuration, publication: Publication, observer: Observer) -> Report:
    """Read the posts of `site`, write its feeds, return what was done; raises FeederError before anything changes."""
    started = time.perf_counter()
    once = Once(observer)
    with Dist(publication.dist, publication.wait, site.hosting.precompress) as dist:
        walked = walk(site.walk)
        if walked.barren and publication.shrinking is Shrinking.REFUSED:
            raise NothingToPublishError(
                f"{walked.barren[0]}: nothing was published; name the folder that holds the posts, "
                "or go on without it with --allow-shrink"
            )
        with engines_for(publication.engine) as engines:
            report, warnings = with_store(
                publication.cache,
                lambda store: _build(publication, walked, dist, Surveyor(site, store, engines, once), once),
                once,
            )
    return replace(report, problems=(*warnings, *report.problems), seconds=time.perf_counter() - started)


def engines_for(name: str) -> Engines:
    """Return the engines of one build, by the name that was asked for."""
    return Engines(name, Freight(_source_of, load), _TO_RENDER)


def with_store(path: str, work: Callable[[Store], Result], observer: Observer) -> tuple[Result, tuple[Problem, ...]]:
    """Return what `work` makes of the cache at `path`, and at most one warning about it.

    A cache that cannot be used is made anew, and where that cannot be had either the work is done without one.
    """
    warnings: list[Problem] = []
    made_by = " ".join((f"feeder {__version__}", *libraries()))

    def warn(reason: str, what: str) -> None:
        if not warnings:
            message = f"this cache cannot be used ({reason}), so {what}; the feeds are the same"
            warnings.append(Problem(path, 0, Level.WARNING, "cache", message))
            observer.problem(warnings[0])

    places = [path, path, ""] if path else [""]
    while places:
        place = places.pop(0)
        try:
            with Store(place, made_by) as store:
                if store.discarded:
                    warn(store.discarded, "it is made anew")
                return work(store), tuple(warnings)
        except CacheBusyError as problem:
            warn(str(problem), "this build goes without one")
            places = [""]
        except CacheError as problem:
            if not place:
                raise InputOutputError(f"there is no room for what a build must remember: {problem}") from problem
            warn(str(problem), "it is made anew, or done without")
    raise AssertionError("a build without a cache returns or raises")


def _build(publication: Publication, walked: Walked, dist: Dist, surveyor: Surveyor, observer: Observer) -> Report:
    store = surveyor.store
    standing = dist.standing(_stamps(store, publication.dist))
    survey = surveyor.survey(walked, _published(dist, standing))
    _refuse_errors(survey.left_out, publication)
    if survey.plan.scope is Scope.NOTHING:
        done = Done(Written((), tuple(sorted(standing)), (), tuple(dist.problems), dist.state))
    else:
        done = _write(publication, dist, standing, surveyor, survey, observer)
        surveyor.remember(done.written.state, survey)
        store.remember(_STAMPS, json.dumps({os.path.realpath(publication.dist): dist.stamps()}))
    report = _report(surveyor, survey, done)
    for problem in report.problems[len(survey.problems) :]:
        observer.problem(problem)
    if store.changed and publication.remembering is Remembering.KEPT:
        try:
            store.keep()
        except CacheError as problem:
            message = f"this cache could not be written ({problem}), so the next build does all of this again"
            warning = Problem(publication.cache, 0, Level.WARNING, "cache", message)
            observer.problem(warning)
            report = replace(report, problems=(*report.problems, warning))
    return report


def _write(
    publication: Publication,
    dist: Dist,
    standing: set[str],
    surveyor: Surveyor,
    survey: Survey,
    observer: Observer,
) -> Done:
    """Render what is new, and publish what is due."""
    from feeder.cataloguing import Cataloguing  # noqa: PLC0415 - where nothing changed, nothing is listed
    from feeder.hosting import stage_for_host  # noqa: PLC0415 - the same
    from feeder.paging import Paging  # noqa: PLC0415 - the same
    from feeder.rendering import Rendering  # noqa: PLC0415 - the same

    lists = Cataloguing(surveyor.listings, surveyor.site.feeds)
    plans = {file.path: file.fingerprint for file in dist.manifest.files}
    pages = Paging(surveyor.cards, surveyor.fragments, surveyor.site.feeds)
    pages.begin(survey.plan)
    there = _There(standing, plans, lists, pages)
    due, kept = _due(there, surveyor, survey)
    surveyor.fragments.stand(survey.plan)
    lists.begin(survey.plan)
    brakes = Brakes(
        surveyor.site.limits,
        f"{surveyor.site.site.url}/",
        publication.shrinking,
        publication.reposting,
        publication.arriving,
    )
    before, posts = dist.manifest, surveyor.posts
    refuse(before, stock(before, posts, survey, ()), posts, survey, brakes)
    rendering = Rendering(due, surveyor.fragments, surveyor.site.content, surveyor.engines, observer)
    dist.begin()
    dist.keep(kept)
    for window in rendering.windows():
        if window.planned.archive and _stands(window, standing, plans, lists):
            dist.keep(window.feed.paths)
        else:
            display = _stage(dist, window, surveyor.fragments)
            if not window.is_archive:
                lists.take(window.path, window.fingerprint, display)
        if not window.is_archive:
            lists.stay(window.path)
            surveyor.fragments.join(window.path, window.fingerprint, window.cut, window.losing)
            for document in pages.page(window.planned, rendering.failed):
                dist.stage(document)
    surveyor.show(rendering.histories)
    failed = rendering.failed
    made = (*lists.documents(survey.plan.planned, surveyor.total, failed), *pages.documents(failed))
    for document in made:
        dist.stage(document)
    about_host = stage_for_host(surveyor.site, dist)
    sources = {entry.id: entry.source for one in due for entry, _ in one.entries() if entry.id in failed}
    left_out = tuple(LeftOut(sources[one.id], one.problems[0]) for one in failed.values())
    _refuse_errors(left_out, publication)
    after = stock(before, posts, survey, failed)
    refuse(before, after, posts, survey, brakes)
    register = surveyor.site.feeds.scheme.register
    slugs = tuple(GivenSlug(register(term.taxonomy), term.key, term.slug) for term in survey.plan.terms)
    if surveyor.site.ledger.path and publication.remembering is Remembering.KEPT:
        # Before anything is published: who is killed in between finds in it what this build decided.
        surveyor.memory.write((*before.slugs, *slugs))
    written = dist.publish(slugs, after.marks, after.sightings)
    problems = tuple(problem for one in failed.values() for problem in one.problems)
    return Done(written, left_out, rendering.count, (*problems, *about_host))


def _due(there: _There, surveyor: Surveyor, survey: Survey) -> tuple[list[Planned], set[str]]:
    """Return the plans whose documents must be made, and the paths of those that stay as they are."""
    from feeder.cataloguing import PATHS  # noqa: PLC0415 - as above
    from feeder.paging import paths_of  # noqa: PLC0415 - as above
    from feeder.render import hosts  # noqa: PLC0415 - as above
    from feeder.write.twins import is_twin  # noqa: PLC0415 - as above

    due = [one for one in survey.plan.planned if not there.has(one, surveyor)]
    kept = there.kept
    if survey.plan.scope is Scope.PART:
        planned = {path for one in survey.plan.planned for path in (*one.plan.feed.paths, *paths_of(one))}
        planned.update(path for one in survey.plan.planned if one.archive for path in one.archive.paths)
        passing = planned | set(survey.plan.gone) | PATHS | {hosts.name(surveyor.site.hosting.host)}
        kept |= {path for path in there.standing - passing if not is_twin(path)}
    return due, kept


def _stands(window: Window, standing: set[str], plans: Mapping[str, str], lists: Cataloguing) -> bool:
    """Say whether the documents of `window` stand in dist, and the lists know what they show."""
    listed = window.is_archive or lists.knows(window.path, window.fingerprint)
    return listed and all(path in standing and plans[path] == window.fingerprint for path in window.feed.paths)


def _stage(dist: Dist, window: Window, fragments: Fragments) -> Display:
    """Stage the documents of `window`, at its feed's old places too; return what they show."""
    from feeder.rendering import documents  # noqa: PLC0415 - as above

    formats = {address.path: address.format for address in window.feed.addresses}
    staged = [(document.path, len(document.data), dist.stage(document)) for document in documents(window, fragments)]
    standing = tuple(Standing(formats[path], size, digest) for path, size, digest in staged if path in formats)
    return Display(len(window.entries), window.entries[0].published, standing)


def _report(surveyor: Surveyor, survey: Survey, done: Done) -> Report:
    entries = surveyor.posts.count() - len(done.failed)
    merged = surveyor.posts.copies()
    left_out = tuple(sorted(left.reason for left in (*survey.left_out, *done.failed)))
    found = sorted((*done.problems, *surveyor.fragments.problems(), *told(tuple(surveyor.fragments.losing()))))
    return Report(
        posts=entries + merged + len(left_out),
        entries=entries,
        merged=merged,
        left_out=left_out,
        problems=(*survey.problems, *found, *done.written.problems),
        written=done.written.written,
        unchanged=done.written.unchanged,
        removed=done.written.removed,
        rendered=done.rendered,
        seconds=0,
        other_files=len(survey.other_files),
        cut=tuple(surveyor.fragments.cuts()),
        ledger=surveyor.movement,
    )


def _source_of(item: Source | Candidate | Entry) -> Source:
    return item if isinstance(item, Source) else item.source


def _published(dist: Dist, standing: set[str]) -> Published:
    whole = standing and all(file.path in standing for file in dist.manifest.files)
    return Published(dist.manifest.slugs, dist.state, Condition.INTACT if whole else Condition.TOUCHED)


def _stamps(store: Store, dist: str) -> dict[str, str]:
    if store.state is not State.SEALED:  # then it has nothing to say of what need not be looked at
        return {}
    known: dict[str, dict[str, str]] = json.loads(store.note(_STAMPS) or "{}")
    return known.get(os.path.realpath(dist), {})


def _refuse_errors(left_out: Iterable[LeftOut], publication: Publication) -> None:
    errors = sum(left.reason.level is Level.ERROR for left in left_out)
    if errors and publication.strictness is Strictness.STRICT:
        posts = "1 post was" if errors == 1 else f"{errors:,} posts were"
        raise StrictError(f"{posts} left out for an error, and --strict was given: nothing was published")
