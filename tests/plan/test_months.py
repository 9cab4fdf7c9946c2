"""Months as numbers, and what falls into them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feeder.model.page import Months
from feeder.plan.months import MONTHS, bounds, counted, month


def _seconds(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp())  # type: ignore[arg-type,misc]


def test_months_are_numbered() -> None:
    """Twelve a year, one after the other."""
    assert month(datetime(2024, 1, 31, tzinfo=UTC)) - month(datetime(2023, 12, 1, tzinfo=UTC)) == 1
    assert month(datetime(2024, 12, 1, tzinfo=UTC)) - month(datetime(2023, 12, 1, tzinfo=UTC)) == 12


def test_bounds() -> None:
    """Two years of months, each from its first second to the first of the next."""
    found = bounds(month(datetime(2024, 3, 15, tzinfo=UTC)))
    assert len(found) == MONTHS + 1 == 25
    assert (found[0], found[-2], found[-1]) == (_seconds(2022, 4, 1), _seconds(2024, 3, 1), _seconds(2024, 4, 1))


def test_what_is_counted() -> None:
    """The first second of a month is in it, the one before is not; what is older than two years is nowhere."""
    last = month(datetime(2024, 3, 15, tzinfo=UTC))
    first = _seconds(2024, 3, 1)
    found = counted(last, [first, first - 1, _seconds(2024, 3, 31, 23, 59, 59), bounds(last)[0], bounds(last)[0] - 1])
    assert found == Months(last, (1, *(0,) * 21, 1, 2))


@pytest.mark.parametrize("when", [(1, 1, 1), (9999, 12, 31, 23, 59, 59)])
def test_the_first_and_the_last_month_there_is(when: tuple[int, ...]) -> None:
    """What no date can be in stops nothing."""
    assert counted(month(datetime(*when, tzinfo=UTC)), [_seconds(*when)]).counts == (*(0,) * 23, 1)  # type: ignore[arg-type,misc]


def test_until_another_month() -> None:
    """Seen from a later month the counts move, and what is too old is forgotten."""
    months = Months(100, (1, 2, 3))
    assert [months.until(last) for last in (100, 101, 103, 200)] == [
        months,
        Months(101, (2, 3, 0)),
        Months(103, (0, 0, 0)),
        Months(200, (0, 0, 0)),
    ]
