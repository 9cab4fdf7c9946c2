"""Which entries would come back to subscribers under another id (issue 4, `feeder diff` and the brakes of `build`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.plan.reposting import Sighting, reposted

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
ONE = Sighting("urn:1", "https://example.org/1", "One", NOON, b"one")
TWO = Sighting("urn:2", "https://example.org/2", "Two", NOON, b"two")
OTHER = Sighting("urn:9", "https://example.org/9", "Nine", NOON + timedelta(days=1), b"nine")


def pairs(before: list[Sighting], after: list[Sighting]) -> list[tuple[str, str]]:
    """Return the ids, before and after, of what was re-posted."""
    return [(one.before.id, one.after.id) for one in reposted(before, after)]


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(replace(OTHER, link=ONE.link), id="same link"),
        pytest.param(replace(OTHER, title=ONE.title, published=ONE.published), id="same title and instant"),
        pytest.param(replace(OTHER, digest=ONE.digest), id="same content"),
        pytest.param(replace(ONE, id="urn:9"), id="nothing but the id is another"),
    ],
)
def test_an_entry_comes_back_under_another_id(after: Sighting) -> None:
    """What has the link, the title and instant, or the content of an entry whose id is gone is that entry."""
    assert pairs([ONE, TWO], [after, TWO]) == [("urn:1", "urn:9")]


@pytest.mark.parametrize(
    "after",
    [
        pytest.param([OTHER, TWO], id="another entry came"),
        pytest.param([TWO], id="an entry went"),
        pytest.param([ONE, TWO, replace(ONE, id="urn:9")], id="a copy of one that stays"),
        pytest.param([replace(OTHER, title="One"), TWO], id="same title on another day"),
        pytest.param([replace(OTHER, published=NOON), TWO], id="same instant, another title"),
        pytest.param([replace(OTHER, id="urn:1"), TWO], id="everything was edited but the id"),
        pytest.param([replace(ONE, title="New", link="", digest=b""), TWO], id="retitled"),
        pytest.param([replace(ONE, published=NOON + timedelta(days=3)), TWO], id="dated anew"),
        pytest.param([ONE, TWO], id="nothing"),
    ],
)
def test_what_is_no_repost(after: list[Sighting]) -> None:
    """What is new, gone, copied or edited under its own id does not come back."""
    assert pairs([ONE, TWO], after) == []


@pytest.mark.parametrize("sign", [{"link": "https://example.org/"}, {"digest": b"same"}])
def test_what_several_entries_share_is_no_sign(sign: dict[str, str]) -> None:
    """The link of a site without pages, or words that are said each week, do not make a new entry an old one."""
    before = [replace(one, **sign) for one in (ONE, TWO)]  # type: ignore[arg-type]  # fields by name
    after = [replace(one, **sign) for one in (TWO, OTHER)]  # type: ignore[arg-type]  # fields by name
    assert pairs(before, after) == []
    assert pairs(before[:1], after) == []


def test_no_title_and_no_link_are_no_signs() -> None:
    """Two entries that both say nothing are not the same."""
    assert pairs([Sighting("urn:1", "", "", NOON)], [Sighting("urn:2", "", "", NOON)]) == []


def test_equal_entries_come_back_as_often_as_they_went() -> None:
    """Of several entries of one title and instant as many are re-posted as went and came, in the order of ids."""
    before = [replace(ONE, id=f"urn:a{number}") for number in range(3)]
    after = [replace(ONE, id=f"urn:b{number}") for number in range(2)]
    assert pairs(before, after) == [("urn:a0", "urn:b0"), ("urn:a1", "urn:b1")]
    assert pairs(after, before) == [("urn:b0", "urn:a0"), ("urn:b1", "urn:a1")]


def test_two_entries_exchange_their_ids() -> None:
    """An id that is another entry's now is as bad as one that is gone."""
    assert pairs([ONE, TWO], [replace(ONE, id="urn:2"), replace(TWO, id="urn:1")]) == [
        ("urn:2", "urn:1"),
        ("urn:1", "urn:2"),
    ]


def test_an_entry_counts_once() -> None:
    """One entry that two new ones remind of was re-posted once, and to the one that has more of it first."""
    after = [replace(OTHER, id="urn:8", link=ONE.link), replace(OTHER, id="urn:9", digest=ONE.digest, title="x")]
    assert pairs([ONE, TWO], after) == [("urn:1", "urn:8")]


@given(st.permutations([ONE, TWO, OTHER, replace(ONE, id="urn:3"), replace(TWO, id="urn:4")]), st.integers(0, 5))
def test_the_order_makes_no_difference(entries: list[Sighting], count: int) -> None:
    """The same two states give the same answer, however they are listed."""
    before, after = entries[:count], entries[count:]
    assert pairs(before, after) == pairs(before[::-1], after[::-1])
    assert pairs(before, before) == []
