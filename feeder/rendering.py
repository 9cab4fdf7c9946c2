"""The second half of a build: entries become fragments, each once, and fragments are joined to documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from feeder.cache.fragments import Fragments
from feeder.collect.read import read
from feeder.config.slices import ContentRules
from feeder.engine.choice import Engines
from feeder.engine.limits import Death
from feeder.errors import InputOutputError
from feeder.model.digest import digest
from feeder.model.entry import Content, Entry, Fragment, Rendered
from feeder.model.feed import Document, Feed, Planned
from feeder.model.problem import Level, Problem
from feeder.model.source import LeftOut
from feeder.normalise.content import compose, excerpt
from feeder.observer import Observer, counted
from feeder.plan.plan import shown
from feeder.plan.window import losing
from feeder.reading import died, internal
from feeder.render.formats import FORMATS, Envelope, InvalidDocumentError

ENTRIES_A_TASK = 10
# Rendering an entry takes as long as reading the heads of so many posts.
_HEADS_AN_ENTRY = 15
# What a document's head may take, when an entry is asked whether it is too big to stand in any document.
_HEAD_ROOM = 16_384


@dataclass(frozen=True, slots=True)
class Window:
    """A plan and the entries that its documents show, with what stands around them there, one envelope an address.

    `fingerprint` is what they are made of, "" where they may come out otherwise; `cut` is what is to be said where
    they show less than was planned, `losing` where a reader that asks every hour does not see all that was published.
    """

    planned: Planned
    entries: tuple[Entry, ...]
    envelopes: tuple[Envelope, ...]
    fingerprint: str
    cut: str = ""
    losing: str = ""

    @property
    def path(self) -> str:
        """The first of its documents' paths."""
        return self.planned.plan.feed.addresses[0].path


class Rendering:
    """Entries on their way to fragments, each once: `failed` are those that gave none, `count` is of all of them."""

    def __init__(
        self,
        due: Sequence[Planned],
        fragments: Fragments,
        rules: ContentRules,
        engines: Engines,
        observer: Observer,
    ) -> None:
        self.failed: dict[str, Rendered] = {}
        self.count = 0
        self._planned = due
        self._fragments = fragments
        self._rules = rules
        self._engines = engines
        self._observer = observer

    def windows(self) -> Iterator[Window]:
        """Yield what the documents of each plan show, as soon as its entries are rendered; none is empty.

        So documents are joined while workers render: what is asked for first is rendered first.
        """
        keys = {entry.id: key for one in self._planned for entry, key in zip(one.plan.entries, one.keys, strict=True)}
        entries = {entry.id: entry for one in self._planned for entry in one.plan.entries}
        todo = {entry.id: entry for entry in entries.values() if not self._fragments.has(keys[entry.id])}
        self.count = len(todo)
        engine = self._engines.engine(len(todo) * _HEADS_AN_ENTRY)
        work = partial(render_entry, rules=self._rules)
        results = engine.map(work, todo.values(), ENTRIES_A_TASK, _unrendered)
        waiting = set(todo)
        told = counted(results, "rendering", len(todo), self._observer)
        for one in self._planned:
            while any(entry.id in waiting for entry in one.plan.entries):
                result = next(told)
                waiting.remove(result.id)
                if result.fragments:
                    self._fragments.add(keys[result.id], result)
                else:
                    self.failed[result.id] = result
            yield from self._window(one)

    def _window(self, one: Planned) -> Iterator[Window]:
        plan = one.plan
        there = [(entry, key) for entry, key in zip(plan.entries, one.keys, strict=True) if entry.id not in self.failed]
        if not there:
            return
        # What failed may not fail the next time, so a document without it must not pass for what was planned.
        made_of = plan.fingerprint if len(there) == len(plan.entries) else ""
        envelopes = _envelopes(plan.feed, max(entry.updated for entry, _ in there))
        room = self._rules.max_bytes
        prefixes = []
        for address, envelope in zip(plan.feed.addresses, envelopes, strict=True):
            sizes = {
                entry.id: self._fragments.size(key, address.format) + len(envelope.between) for entry, key in there
            }
            prefixes.append(shown(plan, sizes, room - len(envelope.around(()))))
        entries = min(prefixes, key=len)
        if len(entries) == len(there):
            said = losing(len(plan.entries), plan.busiest)
            yield Window(one, entries, envelopes, made_of, losing=said)
            return
        envelopes = _envelopes(plan.feed, max(entry.updated for entry in entries))
        where = plan.feed.addresses[0].path
        cut = f"{where}: {len(entries)} of {len(there)} entries, cut at max_bytes = {room:,}"
        yield Window(one, entries, envelopes, made_of, cut, losing(len(entries), plan.busiest, room))


def documents(window: Window, fragments: Fragments) -> Iterator[Document]:
    """Yield the documents of `window`; raises InputOutputError for one that must not be published.

    Every fragment was checked when it was made, and none is taken out of the cache that is not as it was put there: so
    a document is well-formed where what is around its entries is.
    """
    plan = window.planned.plan
    keys = dict(zip((entry.id for entry in plan.entries), window.planned.keys, strict=True))
    for address, envelope in zip(plan.feed.addresses, window.envelopes, strict=True):
        try:
            FORMATS[address.format].check(envelope.around(()))
        except InvalidDocumentError as problem:
            message = f"{address.path} would not be well-formed ({problem}): nothing was published; please report it"
            raise InputOutputError(message) from None
        parts = (fragments.data(keys[entry.id], address.format) for entry in window.entries)
        yield Document(address.path, envelope.around(parts), window.fingerprint)


def _envelopes(feed: Feed, updated: datetime) -> tuple[Envelope, ...]:
    return tuple(FORMATS[address.format].envelope(feed, address.url, updated) for address in feed.addresses)


def render_entry(entry: Entry, data: bytes | None = None, *, rules: ContentRules) -> Rendered:
    """Return the fragments of `entry`, its body read, cleaned and serialised: a worker's second task."""
    try:
        raw = read(entry.source, rules.encoding, data)
        if isinstance(raw, LeftOut):
            return Rendered(entry.id, (), (raw.reason,))
        content, remarks = compose(raw, entry, rules)
        problems = tuple(
            remark.at(entry.source.file, raw.front_matter.line(remark.key) or raw.body_line + remark.offset)
            for remark in remarks
        )
        fragments = _fragments(entry, content, rules)
        if max(len(fragment.data) for fragment in fragments) > rules.max_bytes - min(_HEAD_ROOM, rules.max_bytes // 8):
            content = excerpt(entry, content, rules.sanitizer)
            fragments = _fragments(entry, content, rules)
            message = (
                f"the entry alone exceeds max_bytes = {rules.max_bytes:,}, so its feeds show an excerpt and the link"
            )
            problems = (
                *problems,
                Problem(entry.source.file, raw.body_line, Level.WARNING, "too-big-for-a-feed", message),
            )
        return Rendered(entry.id, fragments, problems)
    except MemoryError:
        raise
    except Exception as problem:  # noqa: BLE001 - one post never stops the others, whatever it found in us
        return Rendered(entry.id, (), (internal(entry.source, problem),))


def _fragments(entry: Entry, content: Content, rules: ContentRules) -> tuple[Fragment, ...]:
    made = tuple((name, FORMATS[name].entry(entry, content)) for name in rules.formats)
    for name, data in made:
        FORMATS[name].check_fragment(data)
    return tuple(Fragment(name, data, digest(data)) for name, data in made)


def _unrendered(entry: Entry, death: Death) -> Rendered:
    return Rendered(entry.id, (), (died(entry.source, death),))
