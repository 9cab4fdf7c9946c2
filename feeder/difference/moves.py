"""Feeds whose address changed, and the aliases (`[[feeds.alias]]`) that would keep the old one alive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from feeder.check.document import Kind
from feeder.difference.state import SeenAddress, SeenFeed, State


@dataclass(frozen=True, slots=True)
class Way:
    """An address where nothing would stand any more, and the one where its subscribers find the feed."""

    old: SeenAddress
    new: SeenAddress


@dataclass(frozen=True, slots=True)
class Alias:
    """What `[[feeds.alias]]` takes: two paths below dist, of documents or, with `/` at the end, of their folders."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Move:
    """A feed that stands elsewhere than it did: `ways` are from the addresses that went to their successors."""

    old: SeenFeed
    new: SeenFeed
    ways: tuple[Way, ...]


def moves(before: State, after: State) -> tuple[Move, ...]:
    """Return the feeds of `before` that have lost an address and have another one in `after`, by the id or the title.

    A title counts where it is one feed's alone among those that are new, or new in the same taxonomy.
    """
    found = []
    successors = _Successors(before, after)
    for feed in before.feeds:
        lost = [address for address in mains(feed).values() if address.path not in successors.stands]
        successor = successors.of(feed) if lost else None
        if successor is None:
            continue
        ways = tuple(_ways(lost, mains(successor)))
        if ways:
            found.append(Move(feed, successor, ways))
    return tuple(found)


def aliases(before: State, after: State, moved: tuple[Move, ...]) -> tuple[Alias, ...]:
    """Return all aliases that keep addresses alive: of feeds that moved, and of those that went up in another.

    A feed went up in another one of its taxonomy if all its entries that are still shown stand there, and some of them
    did not before.
    """
    found = [alias for move in moved for alias in _folded(move.ways)]
    known = {way.old.path for move in moved for way in move.ways}
    stands = _paths(after)
    shown = {entry.id for entry in after.entries}
    stood = {feed.name: feed for feed in before.feeds}
    neighbours: defaultdict[str, list[SeenFeed]] = defaultdict(list)
    for feed in after.feeds:
        neighbours[_taxonomy(feed)].append(feed)
    for feed in before.feeds:
        lost = [one for one in mains(feed).values() if one.path not in stands and one.path not in known]
        entries = feed.entries & shown
        if not lost or not entries or not _taxonomy(feed):
            continue
        heirs = [
            one
            for one in neighbours[_taxonomy(feed)]
            if entries <= one.entries and not (one.name in stood and entries <= stood[one.name].entries)
        ]
        if len(heirs) == 1:
            found.extend(_folded(tuple(_ways(lost, mains(heirs[0])))))
    return tuple(found)


def mains(feed: SeenFeed) -> dict[Kind, SeenAddress]:
    """Return the address of each format; what else there is of a format is an old address that is kept alive."""
    found: dict[Kind, SeenAddress] = {}
    for address in feed.addresses:
        found.setdefault(address.kind, address)
    return found


class _Successors:
    def __init__(self, before: State, after: State) -> None:
        self.stands = _paths(after)
        stood = _paths(before)
        self._by_id = {feed.id: feed for feed in after.feeds if feed.id}
        self._by_title: defaultdict[str, list[SeenFeed]] = defaultdict(list)
        for feed in after.feeds:
            if not any(address.path in stood for address in feed.addresses):
                self._by_title[feed.title].append(feed)

    def of(self, feed: SeenFeed) -> SeenFeed | None:
        if feed.id in self._by_id:
            return self._by_id[feed.id]
        same = self._by_title[feed.title]
        for found in (same, [one for one in same if _taxonomy(one) == _taxonomy(feed)]):
            if len(found) == 1:
                return found[0]
        return None


def _ways(lost: list[SeenAddress], new: Mapping[Kind, SeenAddress]) -> Iterator[Way]:
    for address in lost:
        if address.kind in new and new[address.kind].path != address.path:
            yield Way(address, new[address.kind])


def _folded(ways: tuple[Way, ...]) -> Iterator[Alias]:
    """Yield one alias of a folder, where all documents of a feed went from one to another; else one a document."""
    pairs = [(way.old.path.rpartition("/"), way.new.path.rpartition("/")) for way in ways]
    folders = {(old[0], new[0]) for old, new in pairs}
    if len(folders) == 1 and all(old[0] and old[2] == new[2] for old, new in pairs):
        ((old, new),) = folders
        yield Alias(f"{old}/", f"{new}/" if new else "./")
    else:
        yield from (Alias(way.old.path, way.new.path) for way in ways)


def _paths(state: State) -> frozenset[str]:
    return frozenset(address.path for feed in state.feeds for address in feed.addresses)


def _taxonomy(feed: SeenFeed) -> str:
    """Return the folder that the feeds of one taxonomy have in common: that above the feed's own, "" for the site."""
    return feed.name.rpartition("/")[0].rpartition("/")[0]
