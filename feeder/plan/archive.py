"""Archive documents (RFC 5005 §4): which entries of a month stand in which of them, and what they are called.

A month is cut where its own calendar cuts it in two, days before hours, and that again and again until each stretch
has room in one document (docs/decisions). So a new or back-dated entry changes one stretch, and one that has grown too
large becomes two, of which the first keeps the name. Nothing has to be remembered for it: equal entries give equal
stretches.
"""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TypeAlias

from feeder.model.digest import digest
from feeder.model.feed import Address, Feed

Moment: TypeAlias = tuple[int, str]
"""When an entry was published, in seconds since 1970 (UTC), and its id."""

FOLDER = "archive"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What tells moments of one month apart, as bits of one number: day (from 0), hour, minute, second.
_FIELDS = ((17, 31), (12, 31), (6, 63), (0, 63))
_HEX = 12


@dataclass(frozen=True, slots=True)
class Piece:
    """The moments from `first` up to, but without, `end` of those that were cut, and the name of their document."""

    name: str
    first: int
    end: int


def month(seconds: int) -> str:
    """Return the month of an instant, UTC: `2020-09`."""
    instant = _instant(seconds)
    return f"{instant.year:04}-{instant.month:02}"


def span(name: str) -> tuple[int, int]:
    """Return the first second of a month, and the last."""
    year, number = int(name[:-3]), int(name[-2:])
    first = (datetime(year, number, 1, tzinfo=UTC) - _EPOCH) // timedelta(seconds=1)
    return first, first + monthrange(year, number)[1] * 86_400 - 1


def months(moments: Iterable[Moment]) -> Iterator[tuple[str, list[Moment]]]:
    """Yield the months of `moments`, which are in the order of time, each with its own."""
    for name, found in groupby(moments, key=lambda moment: month(moment[0])):
        yield name, list(found)


def cut(moments: Sequence[Moment], name: str, fits: Callable[[int, int], bool]) -> list[Piece]:
    """Return `moments` (one at least, of one month) in pieces that each `fits`; a single one always does.

    They are in the order of feeds the other way round: the oldest first, and ids falling where instants are equal.
    `fits` is asked of a piece's first place and the one behind its last; what holds of a piece holds of its parts.
    """
    pieces: list[Piece] = []
    todo = [Piece(name, 0, len(moments))]
    while todo:
        piece = todo.pop()
        if piece.end - piece.first == 1 or fits(piece.first, piece.end):
            pieces.append(piece)
            continue
        middle, right = _halves(moments, piece)
        todo.extend((Piece(right, middle, piece.end), Piece(piece.name, piece.first, middle)))
    return pieces


def document(feed: Feed, name: str) -> Feed:
    """Return `feed` as the head of its archive document `name` has it: at addresses of its own.

    How often the feed is worth asking for, and which hub tells of changes, is not said there: who has an archive
    document does not ask again.
    """
    addresses = tuple(_address(address, name) for address in feed.addresses)
    return replace(feed, addresses=addresses, aliases=(), rhythm=None, hub="")


def folders(feed: Feed) -> list[str]:
    """Return the paths of the folders in which archive documents of `feed` stand."""
    found = dict.fromkeys(address.path.rpartition("/")[0] for address in feed.addresses)
    return [f"{folder}/{FOLDER}".removeprefix("/") for folder in found]


def _address(address: Address, name: str) -> Address:
    (path, path_file), (url, url_file) = (text.rsplit("/", 1) for text in (f"/{address.path}", address.url))
    return Address(
        address.format, f"{path}/{FOLDER}/{name}/{path_file}".removeprefix("/"), f"{url}/{FOLDER}/{name}/{url_file}"
    )


def _instant(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=seconds)


def _code(moment: Moment) -> int:
    instant = _instant(moment[0])
    fields = (instant.day - 1, instant.hour, instant.minute, instant.second)
    return sum(field << shift for field, (shift, _) in zip(fields, _FIELDS, strict=True))


def _halves(moments: Sequence[Moment], piece: Piece) -> tuple[int, str]:
    """Return where the second half of a piece begins, and what it is called.

    It begins at the middle of the smallest stretch of the calendar that holds both the first and the last.
    """
    first, last = moments[piece.first], moments[piece.end - 1]
    if first[0] == last[0]:
        return _halves_of_a_second(moments, piece)
    bit = (_code(first) ^ _code(last)).bit_length() - 1
    start = _code(last) >> bit << bit
    return bisect_left(moments, start, piece.first, piece.end, key=_code), _name(month(last[0]), start)


def _halves_of_a_second(moments: Sequence[Moment], piece: Piece) -> tuple[int, str]:
    """As `_halves`, of entries of one second: by their ids, in the order of feeds, which is the other way round."""
    first, last = moments[piece.first][1].encode(), moments[piece.end - 1][1].encode()
    place = next(index for index in range(len(first)) if _byte(first, index) != _byte(last, index))
    bit = (_byte(first, place) ^ _byte(last, place)).bit_length() - 1
    start = _byte(first, place) >> bit << bit
    middle = bisect_left(
        moments, 1, piece.first, piece.end, key=lambda moment: int(_byte(moment[1].encode(), place) < start)
    )
    of = moments[piece.first]
    name = digest(first[:place] + b"%d" % start).hex()[:_HEX]
    return middle, f"{_name(month(of[0]), _code(of))}-{name}"


def _byte(data: bytes, place: int) -> int:
    return data[place] + 1 if place < len(data) else 0


def _name(of: str, code: int) -> str:
    """Return the name of the document that begins where `code` says: day, hour, minute, second."""
    day, *rest = (code >> shift & mask for shift, mask in _FIELDS)
    while rest and not rest[-1]:
        rest.pop()
    return "-".join((of, *(f"{field:02}" for field in (day + 1, *rest))))
