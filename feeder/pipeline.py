"""The walk from a folder of posts to feeds, top to bottom (docs/architecture.md).

walk → read → normalise → plan → render → write: the only module that knows every stage.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import Protocol, TypeVar

from feeder.collect.read import local_size, read
from feeder.collect.walk import Walked, walk
from feeder.config.slices import Configuration, ContentRules, PostRules
from feeder.engine.choice import Engine, choose_engine
from feeder.errors import InputOutputError, NothingToPublishError, StrictError
from feeder.model.entry import Entry, Fragment, Rendered
from feeder.model.feed import Document, FeedPlan
from feeder.model.head import Head
from feeder.model.problem import Level, Problem
from feeder.model.source import LeftOut, Source
from feeder.model.term import GivenSlug
from feeder.normalise.content import compose, excerpt
from feeder.normalise.head import head
from feeder.normalise.identity import identify
from feeder.normalise.site import as_text
from feeder.normalise.vocabulary import Vocabulary, entries, vocabulary
from feeder.plan.plan import due, due_entries, plan, shown
from feeder.render.formats import FORMATS
from feeder.render.syndication import InvalidDocumentError, check
from feeder.report import Report
from feeder.write.dist import Dist
from feeder.write.manifest import dropped

Result = TypeVar("Result")

FILES_A_TASK = 200
ENTRIES_A_TASK = 10
# What a document's head may take, when an entry is asked whether it is too big to stand in any document.
_HEAD_ROOM = 16_384
_SHRINK_SHARE = 5  # a fifth
_SHRINK_ENTRIES = 10


class Shrinking(Enum):
    """Whether a build may drop a large part of the site."""

    REFUSED = "refused"
    ALLOWED = "allowed"


class Strictness(Enum):
    """What posts left out for an error mean: that they are left out, or that nothing is published."""

    LENIENT = "lenient"
    STRICT = "strict"


class Observer(Protocol):
    """What is told of a build while it runs."""

    def progress(self, stage: str, done: int, total: int) -> None:
        """Take note that `done` of `total` items of `stage` are done."""

    def problem(self, problem: Problem) -> None:
        """Take a problem that was found."""


class Silent:
    """An observer that tells nobody: the report holds every problem too."""

    def progress(self, stage: str, done: int, total: int) -> None:
        """Say nothing."""

    def problem(self, problem: Problem) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The site as read and planned, before anything is rendered; `copies` are (file, its entry's id)."""

    entries: tuple[Entry, ...]
    heads: tuple[Head, ...]
    plans: tuple[FeedPlan, ...]
    words: Vocabulary
    copies: tuple[tuple[Source, str], ...]
    left_out: tuple[LeftOut, ...]
    other_files: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """A plan and the entries that its documents show, with what is to be said if that is less than was planned."""

    plan: FeedPlan
    entries: tuple[Entry, ...]
    cut: str


@dataclass(frozen=True, slots=True)
class Publication:
    """Where a build publishes, and under which conditions; `wait` is in seconds."""

    dist: str
    wait: float = 0
    shrinking: Shrinking = Shrinking.REFUSED
    strictness: Strictness = Strictness.LENIENT
    engine: str = ""


def build(site: Configuration, publication: Publication, observer: Observer) -> Report:
    """Read the posts of `site`, write its feeds, return what was done; raises FeederError before anything changes."""
    started = time.perf_counter()
    with Dist(publication.dist, publication.wait) as dist:
        walked = walk(site.walk)
        if walked.barren and publication.shrinking is Shrinking.REFUSED:
            raise NothingToPublishError(
                f"{walked.barren[0]}: nothing was published; name the folder that holds the posts, "
                "or go on without it with --allow-shrink"
            )
        with choose_engine(publication.engine, len(walked.sources)) as engine:
            gathered = gather(site, walked, engine, dist.manifest.slugs, observer)
            _refuse_errors(gathered.left_out, publication)
            rendered = render(gathered.plans, site.content, engine, observer)
        found = sorted(problem for one in rendered.values() for problem in one.problems)
        for problem in found:
            observer.problem(problem)
        failed = _failed(gathered, rendered)
        _refuse_errors(failed, publication)
        gone = {left.source for left in failed}
        ids = [entry.id for entry in gathered.entries if entry.source not in gone]
        if not ids:
            message = "there is no post to publish: nothing was published, and what was there is as it was"
            raise NothingToPublishError(message)
        _refuse_shrinking(dropped(dist.manifest, ids), len(dist.manifest.marks), publication)
        windows = list(windows_of(gathered.plans, rendered, site.feeds.max_bytes))
        for document in documents(windows, rendered, observer):
            dist.stage(document)
        written = dist.publish(_given(gathered.words), ids)
    left_out = tuple(sorted(left.reason for left in (*gathered.left_out, *failed)))
    for problem in written.problems:
        observer.problem(problem)
    return Report(
        posts=len(ids) + len(gathered.copies) + len(left_out),
        entries=len(ids),
        merged=len(gathered.copies),
        left_out=left_out,
        problems=(*gathered.problems, *found, *written.problems),
        written=written.written,
        unchanged=written.unchanged,
        removed=written.removed,
        rendered=len(rendered),
        seconds=time.perf_counter() - started,
        other_files=len(gathered.other_files),
        cut=tuple(window.cut for window in windows if window.cut),
    )


def gather(
    site: Configuration, walked: Walked, engine: Engine, given: Iterable[GivenSlug], observer: Observer
) -> Gathered:
    """Read every post that was found, make entries of them, and plan the feeds; problems are told in order."""
    heads: list[Head] = []
    left_out: list[LeftOut] = list(walked.left_out)
    results = engine.map(partial(read_head, rules=site.posts), walked.sources, FILES_A_TASK, _unread)
    for result in _counted(results, "reading", len(walked.sources), observer):
        if isinstance(result, LeftOut):
            left_out.append(result)
        elif due(result.published, site.feeds):
            heads.append(result)
        else:
            left_out.append(_not_yet(result))
    heads.sort(key=lambda head: (head.source.path, head.source.root))
    identity = identify(heads, site.site.id)
    words = vocabulary(identity.posts, site.feeds.taxonomies, site.feeds.url, given)
    found = entries(identity.posts, words, site.feeds.taxonomies)
    problems = [*walked.problems, *identity.problems]
    problems.extend(
        problem
        for left in left_out
        for problem in (left.reason, *left.problems)
        if left.is_post and problem.level is not Level.NOTE
    )
    problems.extend(problem for head in heads for problem in head.problems)
    problems.sort()
    for problem in problems:
        observer.problem(problem)
    return Gathered(
        entries=tuple(found),
        heads=tuple(heads),
        plans=tuple(plan(found, replace(site.feeds, site=as_text(site.feeds.site)))),
        words=words,
        copies=tuple((copy, post.id) for post in identity.posts for copy in post.copies),
        left_out=tuple(left for left in left_out if left.is_post),
        other_files=tuple(left for left in left_out if not left.is_post),
        problems=tuple(problems),
    )


def render(plans: Iterable[FeedPlan], rules: ContentRules, engine: Engine, observer: Observer) -> dict[str, Rendered]:
    """Return what every entry that some plan shows became, by id: each is cleaned and serialised once."""
    due_now = due_entries(list(plans))
    results = engine.map(partial(render_entry, rules=rules), due_now, ENTRIES_A_TASK, _unrendered)
    return {result.id: result for result in _counted(results, "rendering", len(due_now), observer)}


def windows_of(plans: Iterable[FeedPlan], rendered: dict[str, Rendered], max_bytes: int) -> Iterator[Window]:
    """Yield which entries the documents of each plan show, the same in every format; none is empty."""
    sizes: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for done in rendered.values():
        for fragment in done.fragments:
            sizes[fragment.format][done.id] = len(fragment.data) + 1
    for one in plans:
        prefixes = []
        for address in one.feed.addresses:
            head_size = len(FORMATS[address.format].document(one.feed, address.url, (), one.newest))
            prefixes.append(shown(one, sizes[address.format], max_bytes - head_size))
        entries = min(prefixes, key=len)
        if entries:
            expected = sum(bool(rendered[entry.id].fragments) for entry in one.entries)
            where = one.feed.addresses[0].path
            cut = f"{where}: {len(entries)} of {expected} entries, cut at max_bytes = {max_bytes:,}"
            yield Window(one, entries, cut if len(entries) < expected else "")


def documents(windows: Iterable[Window], rendered: dict[str, Rendered], observer: Observer) -> Iterator[Document]:
    """Yield every document of dist, checked; raises InputOutputError for one that must not be published."""
    parts = {(one.id, fragment.format): fragment.data for one in rendered.values() for fragment in one.fragments}
    todo = list(windows)
    for number, window in enumerate(todo, 1):
        updated = max(entry.updated for entry in window.entries)
        feed = window.plan.feed
        for address in feed.addresses:
            fragments = (parts[entry.id, address.format] for entry in window.entries)
            data = FORMATS[address.format].document(feed, address.url, fragments, updated)
            try:
                check(data)
            except InvalidDocumentError as problem:
                message = (
                    f"{address.path} would be no well-formed XML ({problem}): nothing was published; please report it"
                )
                raise InputOutputError(message) from None
            yield Document(address.path, data, len(window.entries))
        observer.progress("writing", number, len(todo))


def read_head(source: Source, rules: PostRules) -> Head | LeftOut:
    """Return the head of the post in `source`, or why it gives no entry: a worker's first task."""
    try:
        raw = read(source, rules.encoding)
        return raw if isinstance(raw, LeftOut) else head(raw, rules)
    except Exception as problem:  # noqa: BLE001 - one post never stops the others, whatever it found in us
        return LeftOut(source, _internal(source, problem))


def render_entry(entry: Entry, rules: ContentRules) -> Rendered:
    """Return the fragments of `entry`, its body read, cleaned and serialised: a worker's second task."""
    try:
        raw = read(entry.source, rules.encoding)
        if isinstance(raw, LeftOut):
            return Rendered(entry.id, (), (raw.reason,))
        content, remarks = compose(raw, entry, rules, partial(local_size, rules.files))
        problems = tuple(
            remark.at(entry.source.file, raw.front_matter.line(remark.key) or raw.body_line + remark.offset)
            for remark in remarks
        )
        fragments = tuple(Fragment(name, FORMATS[name].entry(entry, content)) for name in rules.formats)
        if max(len(fragment.data) for fragment in fragments) > rules.max_bytes - min(_HEAD_ROOM, rules.max_bytes // 8):
            content = excerpt(entry, content, rules.sanitizer)
            fragments = tuple(Fragment(name, FORMATS[name].entry(entry, content)) for name in rules.formats)
            message = (
                f"the entry alone exceeds max_bytes = {rules.max_bytes:,}, so its feeds show an excerpt and the link"
            )
            problems = (
                *problems,
                Problem(entry.source.file, raw.body_line, Level.WARNING, "too-big-for-a-feed", message),
            )
        return Rendered(entry.id, fragments, problems)
    except Exception as problem:  # noqa: BLE001 - one post never stops the others, whatever it found in us
        return Rendered(entry.id, (), (_internal(entry.source, problem),))


def _counted(results: Iterable[Result], stage: str, total: int, observer: Observer) -> Iterator[Result]:
    for number, result in enumerate(results, 1):
        observer.progress(stage, number, total)
        yield result


def _refuse_errors(left_out: Iterable[LeftOut], publication: Publication) -> None:
    errors = sum(left.reason.level is Level.ERROR for left in left_out)
    if errors and publication.strictness is Strictness.STRICT:
        posts = "1 post was" if errors == 1 else f"{errors:,} posts were"
        raise StrictError(f"{posts} left out for an error, and --strict was given: nothing was published")


def _refuse_shrinking(lost: int, known: int, publication: Publication) -> None:
    if publication.shrinking is Shrinking.REFUSED and lost > _SHRINK_ENTRIES and lost * _SHRINK_SHARE > known:
        message = (
            f"{lost:,} of the {known:,} entries that were published would be gone: nothing was published; "
            "if that is meant, say --allow-shrink"
        )
        raise NothingToPublishError(message)


def _failed(gathered: Gathered, rendered: dict[str, Rendered]) -> list[LeftOut]:
    sources = {entry.id: entry.source for entry in gathered.entries}
    return [LeftOut(sources[one.id], one.problems[0]) for one in rendered.values() if not one.fragments]


def _given(words: Vocabulary) -> Iterator[GivenSlug]:
    return (GivenSlug(term.taxonomy, term.key, term.slug) for term in words.terms)


def _not_yet(found: Head) -> LeftOut:
    message = f"it is dated {found.published:%Y-%m-%d %H:%M:%S} UTC, which is still to come (--future shows it now)"
    return LeftOut(found.source, Problem(found.source.file, 0, Level.NOTE, "future", message), found.problems)


def _internal(source: Source, problem: BaseException) -> Problem:
    message = (
        f"feeder failed on this post ({type(problem).__name__}: {str(problem)[:200]}); the others go on: "
        "please report it with the file"
    )
    return Problem(source.file, 0, Level.ERROR, "internal", message)


def _unread(source: Source) -> LeftOut:
    return LeftOut(source, _died(source))


def _unrendered(entry: Entry) -> Rendered:
    return Rendered(entry.id, (), (_died(entry.source),))


def _died(source: Source) -> Problem:
    message = (
        "the process that worked on this post died over it (a crash, or out of memory); the others go on: "
        "please report it with the file"
    )
    return Problem(source.file, 0, Level.ERROR, "died", message)
