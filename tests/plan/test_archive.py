"""Archive documents: where months are cut, what the pieces are called, and that they hold still."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.model.feed import Address, Rhythm
from feeder.plan.archive import Moment, cut, document, month, months, span
from tests.strategies import SITE, feed


def at(text: str, identifier: str = "a") -> Moment:
    """Return the moment of `2020-09-24 03:56:17`, or of as much of it as is given."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()), identifier


def pieces(moments: Sequence[Moment], limit: int, name: str = "2020-09") -> dict[str, list[Moment]]:
    """Return `moments` cut into pieces of at most `limit`, by their names."""
    ordered = sorted(sorted(moments, key=lambda one: one[1], reverse=True), key=lambda one: one[0])
    found = cut(ordered, name, lambda first, end: end - first <= limit)
    assert [moment for piece in found for moment in ordered[piece.first : piece.end]] == ordered
    assert len({piece.name for piece in found}) == len(found)
    return {piece.name: ordered[piece.first : piece.end] for piece in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01", "1970-01"),
        ("1969-12-31 23:59:59", "1969-12"),
        ("2020-02-29", "2020-02"),
        ("0001-01-01", "0001-01"),
    ],
)
def test_months_are_of_utc(text: str, expected: str) -> None:
    """An instant belongs to the month of UTC that it stands in, long ago too."""
    assert month(at(text)[0]) == expected


def test_the_seconds_of_a_month() -> None:
    """A month begins with its first second and ends with its last, the very last month of all too."""
    assert span("2020-02") == (at("2020-02-01")[0], at("2020-02-29 23:59:59")[0])
    assert span("2021-12") == (at("2021-12-01")[0], at("2021-12-31 23:59:59")[0])
    assert span("9999-12")[1] == at("9999-12-31 23:59:59")[0]
    assert [month(second) for second in span("1969-12")] == ["1969-12", "1969-12"]


def test_moments_by_month() -> None:
    """Moments in the order of time come month by month."""
    first, second, third = at("2020-08-31 23:59:59"), at("2020-09-01"), at("2020-09-30")
    assert list(months([first, second, third])) == [("2020-08", [first]), ("2020-09", [second, third])]
    assert list(months([])) == []


def test_a_month_that_fits_is_one_document() -> None:
    """A month with no more entries than a document takes is one document, with the month's name."""
    moments = [at("2020-09-01"), at("2020-09-30 23:59:59")]
    assert pieces(moments, 2) == {"2020-09": moments}


def test_a_month_is_cut_where_the_calendar_is() -> None:
    """A month that does not fit is cut behind the 16th, and so on: the second half has the name of its first day."""
    moments = [at("2020-09-01"), at("2020-09-16 23:59:59"), at("2020-09-17"), at("2020-09-24"), at("2020-09-25")]
    assert pieces(moments, 2) == {"2020-09": moments[:2], "2020-09-17": moments[2:4], "2020-09-25": moments[4:]}


@pytest.mark.parametrize(
    ("early", "late", "name"),
    [
        ("2020-09-17", "2020-09-18", "2020-09-18"),
        ("2020-09-17 15:59:59", "2020-09-17 16:00", "2020-09-17-16"),
        ("2020-09-01 00:00", "2020-09-01 23:59:59", "2020-09-01-16"),
        ("2020-09-17 16:00", "2020-09-17 16:59:59", "2020-09-17-16-32"),
        ("2020-09-17 16:30", "2020-09-17 16:30:59", "2020-09-17-16-30-32"),
        ("2020-09-17 16:30:06", "2020-09-17 16:30:07", "2020-09-17-16-30-07"),
    ],
)
def test_a_piece_is_called_by_where_it_begins(early: str, late: str, name: str) -> None:
    """Where days are not enough, hours, minutes and seconds are cut in the same way, and named."""
    assert list(pieces([at(early), at(late)], 1)) == ["2020-09", name]


def test_entries_of_one_second_are_cut_by_their_ids() -> None:
    """Entries of one second, as dates without a time are, are cut by their ids: the least is the newest."""
    moments = [at("2020-09-17", identifier) for identifier in ("urn:d", "urn:c", "urn:bb", "urn:b")]
    found = pieces(moments, 1)
    assert list(found.values()) == [[moment] for moment in moments]
    first, *others = found
    assert first == "2020-09"
    assert all(name.startswith("2020-09-17-") and len(name) == 23 for name in others)


def test_time_comes_before_ids() -> None:
    """Where a second is cut by ids, another second stays another piece."""
    moments = [at("2020-09-17", "b"), at("2020-09-17", "a"), at("2020-09-17 00:00:01", "z")]
    assert [len(piece) for piece in pieces(moments, 1).values()] == [1, 1, 1]
    assert list(pieces(moments, 2).values()) == [moments[:2], moments[2:]]


SEPTEMBER = st.integers(*span("2020-09"))
MOMENTS = st.tuples(
    st.one_of(SEPTEMBER, st.sampled_from([at("2020-09-17")[0], at("2020-09-17 00:00:01")[0]])),
    st.text("abc\U0001f600", min_size=1, max_size=4),
)
ENTRIES = st.lists(MOMENTS, min_size=1, max_size=40, unique_by=lambda moment: moment[1])


@given(ENTRIES, st.integers(1, 6))
def test_every_piece_fits(moments: list[Moment], limit: int) -> None:
    """Whatever the moments, each stands in one piece, none is larger than was asked for, and the first has the name."""
    found = pieces(moments, limit)
    assert next(iter(found)) == "2020-09"
    assert max(map(len, found.values())) <= limit


@given(ENTRIES, MOMENTS, st.integers(1, 6))
def test_another_entry_changes_one_piece(moments: list[Moment], new: Moment, limit: int) -> None:
    """With one entry more, one piece is larger by it, or the pieces that were cut anew were one before."""
    moments = [moment for moment in moments if moment[1] != new[1]] or [(new[0], f"{new[1]}x")]
    before, after = ([tuple(piece) for piece in pieces(of, limit).values()] for of in (moments, [*moments, new]))
    lost = [piece for piece in before if piece not in after]
    gained = [piece for piece in after if piece not in before]
    assert len(lost) <= 1
    changed = {moment for piece in gained for moment in piece}
    assert changed == {new, *(moment for piece in lost for moment in piece)}


@given(ENTRIES, st.integers(1, 6))
def test_what_is_appended_leaves_what_is_closed(moments: list[Moment], limit: int) -> None:
    """Entries that come in the order of time change no piece but the newest, and no other piece's name."""
    ordered = sorted(sorted(moments, key=lambda one: one[1], reverse=True), key=lambda one: one[0])
    before: dict[str, list[Moment]] = {}
    for count in range(1, len(ordered) + 1):
        after = pieces(ordered[:count], limit)
        for name in list(before)[:-1]:
            assert after[name] == before[name]
        before = after


def test_bytes_may_cut_further() -> None:
    """What was cut by number is cut again by size to the same pieces as by both at once."""
    moments = [at(f"2020-09-{day:02}") for day in range(1, 31)]
    both = cut(moments, "2020-09", lambda first, end: end - first <= 8 and end - first <= 3)
    again = [
        (one.name, piece.first + one.first, piece.first + one.end)
        for piece in cut(moments, "2020-09", lambda first, end: end - first <= 8)
        for one in cut(moments[piece.first : piece.end], piece.name, lambda first, end: end - first <= 3)
    ]
    assert again == [(one.name, one.first, one.end) for one in both]


def test_an_archive_document_has_its_feeds_head() -> None:
    """It stands in a folder below its feed's, and is its feed's head in all but addresses, rhythm and hub."""
    addresses = (
        Address("atom", "tags/風/atom.xml", "https://example.org/tags/%E9%A2%A8/atom.xml"),
        Address("rss", "rss.xml", "https://example.org/rss.xml"),
    )
    found = document(feed(addresses=addresses, rhythm=Rhythm("daily", 1, 60), hub=f"{SITE}/hub"), "2020-09-17")
    assert found == feed(
        addresses=(
            Address(
                "atom",
                "tags/風/archive/2020-09-17/atom.xml",
                "https://example.org/tags/%E9%A2%A8/archive/2020-09-17/atom.xml",
            ),
            Address("rss", "archive/2020-09-17/rss.xml", "https://example.org/archive/2020-09-17/rss.xml"),
        )
    )
