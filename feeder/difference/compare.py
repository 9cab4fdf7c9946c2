"""Two states of a site → what subscribers of the one will see when the other is published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime

from feeder.difference.moves import Alias, Move, aliases, moves
from feeder.difference.sheet import Face
from feeder.difference.state import ORDER, SeenAddress, SeenEntry, SeenFeed, State
from feeder.plan.reposting import Sighting, reposted
from feeder.write.manifest import mark

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Update:
    """An entry that is another than it was: `changes` are the names of what differs, of `Face`'s fields.

    `announced` says that its `updated` is later too, by which readers know that there is something to see.
    """

    entry: SeenEntry
    changes: tuple[str, ...]
    announced: bool


@dataclass(frozen=True, slots=True)
class Reposted:
    """An entry that subscribers know, and that will come to them again, under another id."""

    before: SeenEntry
    after: SeenEntry


@dataclass(frozen=True, slots=True)
class Older:
    """An entry that was there before, and the feeds, by their names, whose subscribers are shown it only now."""

    entry: SeenEntry
    feeds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeedChange:
    """A feed, and those of its addresses that are new or gone."""

    feed: SeenFeed
    addresses: tuple[SeenAddress, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What subscribers will see; entries are in the order of feeds, newest first.

    `older` are entries that come into a feed which they did not stand in, though they are not new; `gone_unseen` is the
    number of entries that are gone, and stood in no document. `moved` feeds are neither in `added` nor in `removed`,
    and `aliases` are what would keep their old addresses alive.
    """

    new: tuple[SeenEntry, ...] = ()
    updated: tuple[Update, ...] = ()
    gone: tuple[SeenEntry, ...] = ()
    reposted: tuple[Reposted, ...] = ()
    older: tuple[Older, ...] = ()
    gone_unseen: int = 0
    added: tuple[FeedChange, ...] = ()
    removed: tuple[FeedChange, ...] = ()
    moved: tuple[Move, ...] = ()
    aliases: tuple[Alias, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether subscribers will see nothing."""
        return self == Difference()


def compare(before: State, after: State) -> Difference:
    """Return what subscribers of `before` will see in `after`.

    An entry is gone if it stands in no document any more and is no entry any more: what fell out of every window is
    still there, as far as the marks of `after` tell.
    """
    old = {entry.id: entry for entry in before.entries}
    new = {entry.id: entry for entry in after.entries}
    known = {name for name in new if name not in old and mark(name) in before.marks}
    came = [entry for name, entry in new.items() if name not in old and name not in known]
    lost = [entry for name, entry in old.items() if name not in new and mark(name) not in after.marks]
    hidden = {name for name in old if name not in new} - {entry.id for entry in lost}
    pairs = _reposted(
        [entry for entry in before.entries if entry.id not in hidden],
        [entry for entry in after.entries if entry.id not in known],
    )
    back, away = {pair.after.id for pair in pairs}, {pair.before.id for pair in pairs}
    moved = moves(before, after)
    relocated = {path for move in moved for one in move.ways for path in (one.old.path, one.new.path)}
    return Difference(
        new=_ordered(entry for entry in came if entry.id not in back),
        updated=tuple(_updates(old, new, back | away)),
        gone=_ordered(entry for entry in lost if entry.id not in away),
        reposted=pairs,
        older=tuple(_older(before, after, moved, {entry.id for entry in came})),
        gone_unseen=len(before.marks - after.marks - set(map(mark, old))) if after.marks else 0,
        added=tuple(_changed(after, before, relocated)),
        removed=tuple(_changed(before, after, relocated)),
        moved=moved,
        aliases=aliases(before, after, moved),
    )


def _reposted(before: Iterable[SeenEntry], after: Iterable[SeenEntry]) -> tuple[Reposted, ...]:
    old, new = {entry.id: entry for entry in before}, {entry.id: entry for entry in after}
    found = reposted(tuple(map(_sighting, old.values())), tuple(map(_sighting, new.values())))
    return tuple(
        sorted(
            (Reposted(old[one.before.id], new[one.after.id]) for one in found),
            key=lambda pair: _newest_first(pair.after),
        )
    )


def _sighting(entry: SeenEntry) -> Sighting:
    face = entry.face
    return Sighting(entry.id, face.link, face.title, face.published, face.content)


def _updates(old: Mapping[str, SeenEntry], new: Mapping[str, SeenEntry], other: Collection[str]) -> Iterator[Update]:
    """Yield what changed of entries that are in both; `other` are ids that are other entries' now."""
    for entry in _ordered(entry for name, entry in new.items() if name in old and name not in other):
        before, after = _comparable(old[entry.id], entry)
        changes = tuple(_changes(before, after))
        if changes:
            yield Update(entry, changes, (after.updated or _LONG_AGO) > (before.updated or _LONG_AGO))


def _comparable(old: SeenEntry, new: SeenEntry) -> tuple[Face, Face]:
    """Return the faces of the format that says most of those that both have; else what is the same in every format."""
    before, after = dict(old.faces), dict(new.faces)
    for kind in ORDER:
        if kind in before and kind in after:
            return before[kind], after[kind]
    return _plain(old.face), _plain(new.face)


def _plain(face: Face) -> Face:
    return replace(face, updated=None, categories=(), content=b"")


def _changes(before: Face, after: Face) -> Iterator[str]:
    for one in fields(Face):
        if getattr(before, one.name) != getattr(after, one.name):
            yield one.name


def _older(before: State, after: State, moved: Iterable[Move], came: Collection[str]) -> Iterator[Older]:
    """Yield what comes into feeds that have subscribers, but for what `came` to the site."""
    stood = {address.path: feed for feed in before.feeds for address in feed.addresses}
    stood.update((way.new.path, move.old) for move in moved for way in move.ways)
    places: defaultdict[str, list[str]] = defaultdict(list)
    for feed in after.feeds:
        old = next((stood[address.path] for address in feed.addresses if address.path in stood), None)
        for name in feed.current - old.current - frozenset(came) if old else ():
            places[name].append(feed.name)
    for entry in _ordered(entry for entry in after.entries if entry.id in places):
        yield Older(entry, tuple(places[entry.id]))


def _changed(here: State, there: State, relocated: Collection[str]) -> Iterator[FeedChange]:
    """Yield the feeds of `here` that have addresses which are not `there`."""
    known = {address.path for feed in there.feeds for address in feed.addresses} | set(relocated)
    for feed in here.feeds:
        addresses = tuple(address for address in feed.addresses if address.path not in known)
        if addresses:
            yield FeedChange(feed, addresses)


def _ordered(entries: Iterable[SeenEntry]) -> tuple[SeenEntry, ...]:
    return tuple(sorted(entries, key=_newest_first))


def _newest_first(entry: SeenEntry) -> tuple[float, str]:
    return -(entry.face.published or _LONG_AGO).timestamp(), entry.id
