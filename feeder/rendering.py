"""The second half of a build: entries become fragments, each once, and fragments are joined to documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from feeder.archiving import Measures, Part, linked, longest, parts, subscription
from feeder.cache.fragments import Fragments
from feeder.check.fault import Fault
from feeder.check.staged import envelope_fault, together_fault
from feeder.collect.read import read
from feeder.config.slices import ContentRules
from feeder.engine.choice import Engines
from feeder.engine.limits import Death
from feeder.errors import InputOutputError
from feeder.fingerprint import fingerprint
from feeder.model.digest import digest
from feeder.model.entry import Content, Entry, Fragment, Rendered
from feeder.model.feed import Archive, Document, Feed, History, Planned, Reach
from feeder.model.page import FRAGMENT
from feeder.model.problem import Level, Problem, printable
from feeder.model.source import LeftOut
from feeder.normalise.content import compose, excerpt
from feeder.normalise.pagebody import for_page
from feeder.observer import Observer, counted
from feeder.plan.archive import document
from feeder.plan.plan import shown
from feeder.plan.window import losing
from feeder.reading import died, internal
from feeder.render.formats import FORMATS, NO_HISTORY, Envelope, InvalidDocumentError

ENTRIES_A_TASK = 10
# Rendering an entry takes as long as reading the heads of so many posts.
_HEADS_AN_ENTRY = 15
# What a document's head may take, when an entry is asked whether it is too big to stand in any document.
_HEAD_ROOM = 16_384
# A page shows several entries, and is loaded as a whole: a body of more characters is a book, and shown as an excerpt.
_LONGEST_ON_PAGE = 200_000


@dataclass(frozen=True, slots=True)
class Window:
    """What documents show, in every format: entries, and what stands around them, one envelope an address of `feed`.

    These are a feed's own documents, as they were planned, or archive documents of it, whose addresses are others.
    `fingerprint` is what they are made of, "" where they may come out otherwise; `cut` is what is to be said where
    they show less than was planned, `losing` where a reader that asks every hour does not see all that was published.
    """

    planned: Planned
    feed: Feed
    entries: tuple[Entry, ...]
    keys: tuple[bytes, ...]
    envelopes: tuple[Envelope, ...]
    fingerprint: str
    cut: str = ""
    losing: str = ""

    @property
    def path(self) -> str:
        """The first of its documents' paths."""
        return self.feed.addresses[0].path

    @property
    def is_archive(self) -> bool:
        """Whether these are archive documents."""
        return self.feed is not self.planned.plan.feed


class Rendering:
    """Entries on their way to fragments, each once: `failed` are those that gave none, `count` is of all of them.

    `histories` are the names of the archive documents that stretches became, by their terms and names.
    """

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
        self.histories: dict[tuple[int, str], list[str]] = {}
        self._planned = due
        self._fragments = fragments
        self._rules = rules
        self._engines = engines
        self._observer = observer

    def windows(self) -> Iterator[Window]:
        """Yield what the documents of each plan show, as soon as its entries are rendered; none is empty.

        So documents are joined while workers render: what is asked for first is rendered first.
        """
        keys = {entry.id: key for one in self._planned for entry, key in one.entries()}
        entries = {entry.id: entry for one in self._planned for entry, _ in one.entries()}
        todo = {entry.id: entry for entry in entries.values() if not self._fragments.has(keys[entry.id])}
        self.count = len(todo)
        engine = self._engines.engine(len(todo) * _HEADS_AN_ENTRY)
        work = partial(render_entry, rules=self._rules)
        results = engine.map(work, todo.values(), ENTRIES_A_TASK, _unrendered)
        waiting = set(todo)
        told = counted(results, "rendering", len(todo), self._observer)
        for one in self._planned:
            for entry, _ in one.entries():
                while entry.id in waiting:
                    result = next(told)
                    waiting.remove(result.id)
                    if result.fragments:
                        self._fragments.add(keys[result.id], result)
                    else:
                        self.failed[result.id] = result
            yield from self._windows(one)

    def _windows(self, one: Planned) -> Iterator[Window]:
        plan = one.plan
        there = [(entry, key) for entry, key in zip(plan.entries, one.keys, strict=True) if entry.id not in self.failed]
        if not there:
            return
        # What failed may not fail the next time, so a document without it must not pass for what was planned.
        made_of = plan.fingerprint if len(there) == len(plan.entries) else ""
        updated = max(entry.updated for entry, _ in there)
        envelopes = _envelopes(plan.feed, updated)
        # A link or a mark may come to it that depends on what it shows.
        around = _envelopes(plan.feed, updated, longest(plan.feed)[1]) if one.archive else envelopes
        room = self._rules.max_bytes
        prefixes = []
        for address, envelope in zip(plan.feed.addresses, around, strict=True):
            sizes = {
                entry.id: self._fragments.size(key, address.format) + len(envelope.between) for entry, key in there
            }
            prefixes.append(shown(plan, sizes, room - len(envelope.around(()))))
        entries = min(prefixes, key=len)
        cut, said = "", losing(len(plan.entries), plan.busiest)
        if len(entries) < len(there):
            updated = max(entry.updated for entry in entries)
            envelopes = _envelopes(plan.feed, updated)
            where = plan.feed.addresses[0].path
            cut = f"{where}: {len(entries)} of {len(there)} entries, cut at max_bytes = {room:,}"
            said = losing(len(entries), plan.busiest, room)
        keys = tuple(key for _, key in there[: len(entries)])
        window = Window(one, plan.feed, entries, keys, envelopes, made_of, cut, said)
        if one.archive is None:
            yield window
        else:
            yield from self._archived(window, one.archive, around)

    def _archived(self, window: Window, archive: Archive, around: Sequence[Envelope]) -> Iterator[Window]:
        """Yield what a feed's documents show that has a history, its archive documents where they may have changed."""
        feed = window.feed
        self.histories.update(((window.planned.term, one.name), []) for one in archive.stretches if one.entries)
        found = [] if archive.reach is Reach.ALL and not window.cut else self._parts(window, archive)
        yield self._subscription(window, archive, around, subscription(feed, found))
        for part in found:
            if part.entries:
                self.histories[window.planned.term, part.stretch].append(part.name)
        for part, places in linked(feed, found):
            head = document(feed, part.name)
            changed = max(entry.updated for entry in part.entries)
            facts = b"".join((archive.made_of, fingerprint(head), *part.keys))
            made_of = "" if part.lacking else _made_of(facts, places)
            envelopes = _envelopes(head, changed, places)
            yield Window(window.planned, head, part.entries, part.keys, envelopes, made_of)

    def _subscription(
        self, window: Window, archive: Archive, around: Sequence[Envelope], history: tuple[History, ...]
    ) -> Window:
        """Return `window` in its place, with the entries that were revised since they left it, as there is room."""
        rooms = self._rooms(around)
        for key in window.keys:
            rooms = _left(rooms, self._sizes(window.feed, around, key))
        entries = list(zip(window.entries, window.keys, strict=True))
        for entry, key in archive.revised if not window.cut else ():
            if entry.id not in self.failed:
                left = _left(rooms, self._sizes(window.feed, around, key))
                if min(left) >= 0:
                    rooms = left
                    entries.append((entry, key))
        again = b"".join(key for _, key in entries[len(window.keys) :])
        failed = any(entry.id in self.failed for entry, _ in archive.revised)
        entries.sort(key=lambda one: one[0].id)
        entries.sort(key=lambda one: one[0].published, reverse=True)
        return replace(
            window,
            entries=tuple(entry for entry, _ in entries),
            keys=tuple(key for _, key in entries),
            envelopes=_envelopes(window.feed, max(entry.updated for entry, _ in entries), history),
            fingerprint=_made_of(window.fingerprint.encode() + again, history)
            if window.fingerprint and not failed
            else "",
        )

    def _parts(self, window: Window, archive: Archive) -> list[Part]:
        head, places = longest(window.feed)
        around = _envelopes(head, window.entries[0].updated, places)
        measures = Measures(partial(self._sizes, head, around), self._rooms(around))
        return parts(archive, measures, self.failed, {entry.id for entry in window.entries})

    def _rooms(self, around: Sequence[Envelope]) -> list[int]:
        """Return how many bytes entries may take, in each format."""
        return [self._rules.max_bytes - len(envelope.around(())) for envelope in around]

    def _sizes(self, feed: Feed, around: Sequence[Envelope], key: bytes) -> list[int]:
        """Return how many bytes an entry takes, in each format."""
        return [
            self._fragments.size(key, address.format) + len(envelope.between)
            for address, envelope in zip(feed.addresses, around, strict=True)
        ]


def documents(window: Window, fragments: Fragments) -> Iterator[Document]:
    """Yield the documents of `window`, those at old places of its feed behind the one that they are.

    Raises InputOutputError for one that must not be published.

    Every fragment was checked when it was made, and none is taken out of the cache that is not as it was put there: so
    a document is as it must be where what is around its entries is, and where they may stand together.
    """
    _refuse(window.path, together_fault((entry.id, entry.published) for entry in window.entries))
    for address, envelope in zip(window.feed.addresses, window.envelopes, strict=True):
        head = envelope.around(())
        try:
            FORMATS[address.format].check(head)
        except InvalidDocumentError as problem:
            message = f"{address.path} would not be well-formed ({problem}): nothing was published; please report it"
            raise InputOutputError(message) from None
        _refuse(address.path, envelope_fault(head, address.url))
        entries = (fragments.data(key, address.format) for key in window.keys)
        data = envelope.around(entries)
        yield Document(address.path, data, window.fingerprint)
        for alias in window.feed.aliases:
            if alias.format == address.format:
                yield Document(alias.path, data, window.fingerprint)


def _refuse(path: str, fault: Fault | None) -> None:
    if fault:
        message = f"{path} would be invalid ({fault.code}: {fault.message}): nothing was published; please report it"
        raise InputOutputError(printable(message))


def _envelopes(feed: Feed, updated: datetime, places: Sequence[History] = ()) -> tuple[Envelope, ...]:
    return tuple(
        FORMATS[address.format].envelope(feed, address.url, updated, place)
        for address, place in zip(feed.addresses, places or [NO_HISTORY] * len(feed.addresses), strict=True)
    )


def _left(rooms: Sequence[int], sizes: Sequence[int]) -> list[int]:
    return [room - size for room, size in zip(rooms, sizes, strict=True)]


def _made_of(facts: bytes, places: tuple[History, ...]) -> str:
    return digest(facts + fingerprint(places)).hex()


def render_entry(entry: Entry, data: bytes | None = None, *, rules: ContentRules) -> Rendered:
    """Return the fragments of `entry`, its body read, cleaned and serialised: a worker's second task."""
    try:
        raw = read(entry.source, rules.encoding, data, rules.compat)
        if isinstance(raw, LeftOut):
            return Rendered(entry.id, (), (raw.reason,))
        content, remarks = compose(raw, entry, rules)
        problems = tuple(
            remark.at(entry.source.file, raw.front_matter.line(remark.key) or raw.body_line + remark.offset)
            for remark in remarks
        )
        fragments = _fragments(entry, content, rules)
        if max(len(fragment.data) for fragment in fragments if fragment.format != FRAGMENT) > rules.max_bytes - min(
            _HEAD_ROOM, rules.max_bytes // 8
        ):
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
    if rules.pages:
        made = (*made, (FRAGMENT, _on_page(entry, content, rules)))
    return tuple(Fragment(name, data, digest(data)) for name, data in made)


def _on_page(entry: Entry, content: Content, rules: ContentRules) -> bytes:
    from feeder.render.page import entry as on_page  # noqa: PLC0415 - Jinja2 takes 30 ms

    if len(content.html) > _LONGEST_ON_PAGE:
        content = excerpt(entry, content, rules.sanitizer)
    return on_page(entry, replace(content, html=for_page(content.html, rules.sanitizer)))


def _unrendered(entry: Entry, death: Death) -> Rendered:
    return Rendered(entry.id, (), (died(entry.source, death),))
