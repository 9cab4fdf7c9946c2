"""Months of UTC as numbers, twelve a year, and how many entries fall into each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import MAXYEAR, MINYEAR, UTC, datetime

from feeder.model.page import Months

MONTHS = 24
"""How many months a drawing shows: two years, so that what comes back every year is seen to."""


_NEVER = 2**62


def month(instant: datetime) -> int:
    """Return the number of the month of `instant`, which is in UTC."""
    return instant.year * 12 + instant.month - 1


def bounds(last: int) -> tuple[int, ...]:
    """Return when the months up to `last` begin, and when the one behind it does, in seconds since 1970."""
    return tuple(_start(number) for number in range(last - MONTHS + 1, last + 2))


def counted(last: int, seconds: Iterable[int]) -> Months:
    """Return how many of `seconds` fall into each of the months up to `last`; none is later."""
    starts = bounds(last)
    counts = [0] * MONTHS
    for one in seconds:
        place = bisect_right(starts, one) - 1
        if 0 <= place < MONTHS:
            counts[place] += 1
    return Months(last, tuple(counts))


def _start(number: int) -> int:
    """Return when a month begins; one that no date can be in is before, or behind, all others."""
    year = number // 12
    if year < MINYEAR:
        return -_NEVER
    return int(datetime(year, number % 12 + 1, 1, tzinfo=UTC).timestamp()) if year <= MAXYEAR else _NEVER
