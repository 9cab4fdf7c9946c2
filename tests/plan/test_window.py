"""Which of its newest entries a feed shows, and whether who asks every hour sees all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.model.problem import Level
from feeder.plan.window import LOOKED_AT, Dated, losing, spread, told, window

HOUR = 3600
# Seconds before the newest entry, close around whole hours.
AGES = st.lists(st.sampled_from([0, 1, HOUR - 1, HOUR, HOUR + 1, 2 * HOUR, 2 * HOUR + 1, 9 * HOUR]), max_size=30)


def dated(*ages: int) -> list[Dated]:
    """Return entries that are so many seconds older than the newest one can be, as the index has them."""
    return list(enumerate((10**6 - age for age in sorted(ages)), 1))


def rows(*ages: int, limit: int, hours: int = 0) -> int:
    """Return how many of the newest entries a window has, which must be its prefix."""
    found = window(dated(*ages), limit, hours).rows
    assert list(found) == list(range(1, len(found) + 1))
    return len(found)


def test_a_window_has_its_limit() -> None:
    """Without hours a window is the newest entries, as many as its limit, or all there are."""
    assert rows(0, 0, 0, 5, limit=2) == 2
    assert rows(0, 1, limit=2) == 2
    assert rows(0, limit=2) == 1
    assert rows(limit=2) == 0


def test_hours_count_from_the_newest_entry() -> None:
    """With hours it is all entries of so long before the newest, to the second, where these are more than the limit."""
    assert rows(0, HOUR, 2 * HOUR, 2 * HOUR, 2 * HOUR + 1, limit=1, hours=2) == 4
    assert rows(0, HOUR, 9 * HOUR, 9 * HOUR, limit=3, hours=2) == 3
    assert rows(0, 0, 0, 0, limit=1, hours=10**30) == 4


@given(AGES, st.integers(1, 8), st.integers(0, 4))
def test_a_window_is_whichever_is_more(ages: list[int], limit: int, hours: int) -> None:
    """For any entries the window is the longer of the two prefixes."""
    recent = sum(age - min(ages) <= hours * HOUR for age in ages) if hours else 0
    assert rows(*ages, limit=limit, hours=hours) == min(len(ages), max(limit, recent))


@given(AGES, st.integers(1, 8))
def test_the_busiest_hour_is_found(ages: list[int], limit: int) -> None:
    """Some entry was gone before an hour was over exactly where the busiest hour has more entries than the window."""
    ages = sorted(ages)
    gone = any(
        later + limit < len(ages) and ages[later + limit] - ages[later] < HOUR for later in range(min(limit, len(ages)))
    )
    assert (window(dated(*ages), limit).busiest > limit) == gone


@given(AGES, st.integers(1, 8), st.integers(1, 4))
def test_hours_lose_nothing(ages: list[int], limit: int, hours: int) -> None:
    """A window that always holds all of the last hour is never too short for it."""
    found = window(dated(*ages), limit, hours)
    assert found.busiest <= len(found.rows)


@pytest.mark.parametrize(("limit", "hours", "most"), [(50, 0, 101), (50, 1, 51), (7, 0, 15)])
def test_no_more_is_read_than_is_needed(limit: int, hours: int, most: int) -> None:
    """Of a feed of a million entries hardly more than two windows are looked at, however close together they are."""
    read: list[int] = []

    def endless() -> Iterator[Dated]:
        for row in range(10**6):
            read.append(row)
            yield row, 0 if not hours else -row * HOUR

    window(endless(), limit, hours)
    assert len(read) <= most


def test_a_full_category_is_passed_over() -> None:
    """An entry of which one category is full is passed over, and one without categories never is."""
    newest = [(1, 9, (7,)), (2, 8, (7, 8)), (3, 7, ()), (4, 7, (8,)), (5, 6, (9, 7)), (6, 5, ()), (7, 4, (8, 9))]
    assert [row for row, _ in spread(newest, 1)] == [1, 3, 4, 6]
    assert [row for row, _ in spread(newest, 2)] == [1, 2, 3, 4, 6]
    assert list(spread(newest, 3)) == [(row, instant) for row, instant, _ in newest]


@given(st.lists(st.lists(st.integers(1, 4), unique=True, max_size=3).map(tuple), max_size=30), st.integers(1, 4))
def test_no_category_has_more_than_its_share(sorted_in: list[tuple[int, ...]], per_source: int) -> None:
    """No category has more entries than it may, and whatever is passed over would have been one too many."""
    newest = [(row, -row, categories) for row, categories in enumerate(sorted_in)]
    kept = {row for row, _ in spread(newest, per_source)}
    taken = Counter(category for row in kept for category in sorted_in[row])
    assert all(count <= per_source for count in taken.values())
    for row, categories in enumerate(sorted_in):
        newer = Counter(category for other in kept if other < row for category in sorted_in[other])
        assert (row in kept) == all(newer[category] < per_source for category in categories)


def test_a_site_of_one_category_is_not_read_to_its_end() -> None:
    """Where there is nothing else to be found, the search for it ends."""
    read: list[int] = []

    def endless() -> Iterator[tuple[int, int, tuple[int, ...]]]:
        for row in range(10**6):
            read.append(row)
            yield row, -row, (1,)

    assert len(list(spread(endless(), 3))) == 3
    assert len(read) == LOOKED_AT + 1


def test_what_a_feed_loses_is_said() -> None:
    """The sentence says what happens and what to do: another window, or more bytes where these are what cut it."""
    assert losing(50, 50) == ""
    said = losing(50, 51)
    assert "more than 50 of its entries were published within an hour" in said
    assert "`hours`" in said
    assert "`limit`" in said
    cut = losing(5, 50, 1_000)
    assert "raise `max_bytes`, which is 1,000" in cut
    assert "`limit`" not in cut


def test_many_feeds_are_summed_up() -> None:
    """Up to five feeds are told of one by one; of more, the first four are, and the others in one warning."""
    losses = [(f"{number:02}.xml", "it loses") for number in range(30)]
    few = told(losses[:5])
    assert [(one.file, one.message, one.level) for one in few] == [(*loss, Level.WARNING) for loss in losses[:5]]
    many = told(losses)
    assert [one.file for one in many] == ["00.xml", "01.xml", "02.xml", "03.xml", "04.xml"]
    assert "so do 25 more feeds: 05.xml, " in many[4].message
    assert many[4].message.endswith("13.xml …")
    assert told(losses[:6])[4].message.endswith("so does 1 more feed: 05.xml")
    assert told(()) == ()
