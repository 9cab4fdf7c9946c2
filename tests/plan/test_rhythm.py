"""How often a feed is worth asking for, from its own history."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.model.feed import Rhythm
from feeder.plan.rhythm import rhythm
from tests.strategies import INSTANT

HOURLY, OFTEN, DAILY = Rhythm("hourly", 1, 60), Rhythm("daily", 4, 360), Rhythm("daily", 1, 1440)
WEEKLY, MONTHLY = Rhythm("weekly", 1, 1440), Rhythm("monthly", 1, 1440)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MINUTES = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200}


def published(*gaps: timedelta) -> list[datetime]:
    """Return instants with these gaps between them, newest first."""
    found = [INSTANT]
    for gap in gaps:
        found.append(found[-1] - gap)
    return found


def test_one_entry_has_no_rhythm() -> None:
    """Of a feed with a single entry, or none, nothing is said."""
    assert rhythm(published()) is None
    assert rhythm([]) is None


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        (timedelta(), HOURLY),
        (6 * HOUR - timedelta(seconds=1), HOURLY),
        (6 * HOUR, OFTEN),
        (DAY - timedelta(seconds=1), OFTEN),
        (DAY, DAILY),
        (7 * DAY - timedelta(seconds=1), DAILY),
        (7 * DAY, WEEKLY),
        (30 * DAY - timedelta(seconds=1), WEEKLY),
        (30 * DAY, MONTHLY),
        (3_000 * DAY, MONTHLY),
    ],
)
def test_a_gap_has_its_class(gap: timedelta, expected: Rhythm) -> None:
    """A feed is called the slowest of five classes that its entries do not outrun."""
    assert rhythm(published(gap)) == expected


def test_the_median_counts() -> None:
    """A burst or a pause changes nothing while most gaps are as they were; of two medians the shorter one counts."""
    assert rhythm(published(DAY, DAY, 400 * DAY, DAY, timedelta())) == DAILY
    assert rhythm(published(40 * DAY, HOUR)) == HOURLY
    assert rhythm(published(40 * DAY, HOUR, 8 * DAY)) == WEEKLY


@given(st.lists(st.timedeltas(timedelta(), timedelta(days=90)), min_size=1, max_size=60))
def test_every_rhythm_is_sane(gaps: list[timedelta]) -> None:
    """Nobody is sent away for more than a day or asked more often than hourly, and both ways to say it agree."""
    found = rhythm(published(*gaps))
    assert found
    assert 60 <= found.ttl <= 1440
    assert found.ttl <= MINUTES[found.period] / found.frequency
    # Most of the time, whoever comes back after that long finds at most one new entry.
    assert found == HOURLY or 2 * sum(gap >= timedelta(minutes=found.ttl) for gap in gaps) >= len(gaps)
