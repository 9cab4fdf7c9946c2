"""A feed's window: which of its entries its documents may show, and whether who asks every hour sees all of them.

All of it works on entries as the cache's index has them, newest first, and reads no more of them than it needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from feeder.model.problem import Level, Problem

Dated = tuple[int, int]
"""The row of an entry, and when it was published (seconds)."""

Sorted = tuple[int, int, tuple[int, ...]]
"""The same, and the numbers of its categories."""

_HOUR = 3600
_TOLD = 5
_NAMED = 10
LOOKED_AT = 10_000
"""How many of the newest entries are looked at where some are passed over: a site of one category has no others."""


@dataclass(frozen=True, slots=True)
class Planning:
    """What a feed is planned with: the `rows` of its window, newest first, and the entries of its `busiest` hour.

    That is the most entries that were published within an hour of which the last stands in the window. Where it is
    more than the documents show, some of them were gone again before everybody who asks every hour had seen them.
    """

    rows: tuple[int, ...]
    busiest: int = 0


def window(newest: Iterable[Dated], limit: int, hours: int = 0) -> Planning:
    """Return the newest `limit` of a feed's entries, or all of `hours` before its newest one, whichever is more."""
    rows: list[int] = []
    instants: list[int] = []
    for row, instant in newest:
        if len(rows) < limit or (hours and instant >= instants[0] - hours * _HOUR):
            rows.append(row)
        elif hours or len(instants) >= 2 * limit or instant <= instants[limit - 1] - _HOUR:
            # A window that always holds all of the last hours loses nothing of one, so there is nothing to look for.
            break
        instants.append(instant)
    return Planning(tuple(rows), _busiest(instants, len(rows)))


def _busiest(instants: list[int], shown: int) -> int:
    """Return the most `instants`, newest first, within an hour that ends with one of the first `shown`."""
    most = end = 0
    for start in range(shown):
        while end < len(instants) and instants[end] > instants[start] - _HOUR:
            end += 1
        most = max(most, end - start)
    return most


def spread(newest: Iterable[Sorted], per_source: int) -> Iterator[Dated]:
    """Yield those of a site's entries, newest first, that leave no category with more than `per_source` of them.

    An entry counts in each of its categories, and is passed over where one of them is full; without any it counts in
    none. Of the 10,000 newest entries the rest is not looked for.
    """
    taken: Counter[int] = Counter()
    for count, (row, instant, categories) in enumerate(newest):
        if count >= LOOKED_AT:
            return
        if all(taken[category] < per_source for category in categories):
            taken.update(categories)
            yield row, instant


def losing(shown: int, busiest: int, room: int = 0) -> str:
    """Return what is to be said of a feed that shows `shown` of its entries, but had `busiest` within an hour.

    `room` is `max_bytes` where that cut it, else 0; "" where nobody who asks every hour misses anything.
    """
    if busiest <= shown:
        return ""
    advice = (
        f"raise `max_bytes`, which is {room:,}, or keep the feed's history with `archive`"
        if room
        else "set `hours` under [feeds] of feeder.toml, as in `hours = 24` for all of the last day, or raise `limit`"
    )
    return (
        f"more than {shown:,} of its entries were published within an hour, and it shows {shown:,}: "
        f"a reader that asks every hour misses some; {advice}"
    )


def told(losses: Sequence[tuple[str, str]]) -> tuple[Problem, ...]:
    """Return the warnings about feeds (path, what is to be said): the first few at length, the others in one."""
    shown = losses if len(losses) <= _TOLD else losses[: _TOLD - 1]
    found = [Problem(path, 0, Level.WARNING, "hourly-reader", said) for path, said in shown]
    if others := [path for path, _ in losses[len(shown) :]]:
        names = ", ".join(others[1:_NAMED]) + (" …" if len(others) > _NAMED else "")
        more = "so does 1 more feed" if len(others) == 2 else f"so do {len(others) - 1:,} more feeds"  # noqa: PLR2004
        message = f"it, too, shows less than was published within an hour, and {more}: {names}"
        found.append(Problem(others[0], 0, Level.WARNING, "hourly-reader", message))
    return tuple(found)
