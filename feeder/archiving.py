"""From the stretches of a feed's history to its archive documents: what each shows, and who stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from feeder.model.entry import Entry
from feeder.model.feed import Archive, Feed, History, Mark, Stretch
from feeder.plan.archive import Moment, cut, document

Sizes = Callable[[bytes], Sequence[int]]
"""How many bytes an entry's fragments take, by its key, one number a format."""

# As long as any: a day, an hour, a minute, a second, and what tells entries of one second apart.
_LONGEST = "0000-00-00-00-00-00-000000000000"


@dataclass(frozen=True, slots=True)
class Part:
    """An archive document by its name; it shows `entries`, newest first, or is as it was where there are none.

    `stretch` is the name of the stretch that it is of; `lacking` says that one of that could not be rendered.
    """

    name: str
    stretch: str
    entries: tuple[Entry, ...] = ()
    keys: tuple[bytes, ...] = ()
    lacking: bool = False


@dataclass(frozen=True, slots=True)
class Measures:
    """What fragments take, and what room there is for them in an archive document, a number a format each."""

    sizes: Sizes
    rooms: Sequence[int]


def parts(archive: Archive, measures: Measures, failed: Container[str], shown: Container[str]) -> list[Part]:
    """Return the archive documents of a feed, the oldest first, of entries that did not fail to be rendered.

    The newest is none as long as the feed's own documents, in which `shown` are, show all of its entries: so what is
    linked to is closed, and whoever has it misses nothing by never asking again (RFC 5005 §4).
    """
    found = [part for stretch in archive.stretches for part in _parts(stretch, measures, failed)]
    if found and found[-1].entries and all(entry.id in shown for entry in found[-1].entries):
        found.pop()
    return found


def subscription(feed: Feed, found: Sequence[Part]) -> tuple[History, ...]:
    """Return the place in history of the feed's own documents, an item an address."""
    if not found:
        return tuple(History(Mark.COMPLETE) for _ in feed.addresses)
    return tuple(History(previous=url) for url in _urls(feed, found[-1].name))


def linked(feed: Feed, found: Sequence[Part]) -> Iterator[tuple[Part, tuple[History, ...]]]:
    """Yield the archive documents that are not as they were, each with its place in history, an item an address."""
    nowhere = ("",) * len(feed.addresses)
    for place, part in enumerate(found):
        if part.entries:
            previous = _urls(feed, found[place - 1].name) if place else nowhere
            following = _urls(feed, found[place + 1].name) if place + 1 < len(found) else nowhere
            yield (
                part,
                tuple(
                    History(Mark.ARCHIVE, address.url, *links)
                    for address, *links in zip(feed.addresses, previous, following, strict=True)
                ),
            )


def longest(feed: Feed) -> tuple[Feed, tuple[History, ...]]:
    """Return the head of an archive document of `feed`, and its place in history, that take as much room as any."""
    return document(feed, _LONGEST), tuple(
        History(Mark.ARCHIVE, address.url, url, url)
        for address, url in zip(feed.addresses, _urls(feed, _LONGEST), strict=True)
    )


def _parts(stretch: Stretch, measures: Measures, failed: Container[str]) -> Iterator[Part]:
    if not stretch.entries:
        yield from (Part(name, stretch.name) for name in stretch.documents)
        return
    there = [(entry, key) for entry, key in zip(stretch.entries, stretch.keys, strict=True) if entry.id not in failed]
    if not there:
        return
    there.reverse()
    moments: list[Moment] = [(int(entry.published.timestamp()), entry.id) for entry, _ in there]
    lacking = len(there) < len(stretch.entries)
    for piece in cut(moments, stretch.name, _fits([measures.sizes(key) for _, key in there], measures.rooms)):
        entries, keys = zip(*reversed(there[piece.first : piece.end]), strict=True)
        yield Part(piece.name, stretch.name, entries, keys, lacking)


def _fits(sizes: Sequence[Sequence[int]], rooms: Sequence[int]) -> Callable[[int, int], bool]:
    """Return what says whether the entries between two places have room together, in every format."""
    sums = [list(accumulate(column, initial=0)) for column in zip(*sizes, strict=True)]
    return lambda first, end: all(total[end] - total[first] <= room for total, room in zip(sums, rooms, strict=True))


def _urls(feed: Feed, name: str) -> tuple[str, ...]:
    return tuple(address.url for address in document(feed, name).addresses)
