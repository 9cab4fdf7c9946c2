"""What subscribers see between two states of a site (issue 4, `feeder diff`)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.check.document import Kind
from feeder.difference.compare import Difference, compare
from feeder.difference.state import State
from tests.difference.documents import Item, atom, json_feed, rss, site

ONE = Item("one", "One", published="2024-05-01T12:00:00Z")
TWO = Item("two", "Two", published="2024-05-02T12:00:00Z")
THREE = Item("three", "Three", published="2024-05-03T12:00:00Z")


def feed(*items: Item, hidden: tuple[str, ...] = (), remembered: bool = True) -> State:
    """Return the state of a site of one feed in two formats."""
    documents = {"atom.xml": atom("Site", "atom.xml", items), "rss.xml": rss("Site", "rss.xml", items)}
    return site(documents, hidden=hidden, remembered=remembered)


def names(difference: Difference) -> dict[str, list[str]]:
    """Return the ids of everything that is not empty, by its kind."""
    found = {
        "new": [one.id for one in difference.new],
        "updated": [one.entry.id for one in difference.updated],
        "gone": [one.id for one in difference.gone],
        "reposted": [f"{one.before.id}>{one.after.id}" for one in difference.reposted],
        "older": [f"{one.entry.id}@{'+'.join(one.feeds)}" for one in difference.older],
        "added": [one.feed.name for one in difference.added],
        "removed": [one.feed.name for one in difference.removed],
        "moved": [f"{one.old.name}>{one.new.name}" for one in difference.moved],
    }
    return {kind: ids for kind, ids in found.items() if ids}


def test_nothing_changed() -> None:
    """Equal states differ in nothing, however their documents were listed."""
    assert compare(feed(ONE, TWO), feed(ONE, TWO)).is_empty
    assert compare(feed(ONE, TWO), feed(TWO, ONE)).is_empty


def test_a_new_entry() -> None:
    """What stands in a document and was no entry before is new, and said to stand in its feeds, newest first."""
    found = compare(feed(ONE), feed(THREE, TWO, ONE))
    assert names(found) == {"new": ["three", "two"]}
    assert found.new[0].feeds == ("atom.xml",)
    assert [kind for kind, _ in found.new[0].faces] == [Kind.ATOM, Kind.RSS]


def test_an_entry_that_is_gone() -> None:
    """What stands in no document and is no entry any more is gone."""
    assert names(compare(feed(TWO, ONE), feed(TWO))) == {"gone": ["one"]}


def test_what_falls_out_of_a_window_is_not_gone() -> None:
    """An entry that the manifest still knows is there; where nothing is remembered nobody can know."""
    assert names(compare(feed(TWO, ONE), feed(THREE, TWO, hidden=("one",)))) == {"new": ["three"]}
    assert names(compare(feed(TWO, ONE), feed(TWO, remembered=False))) == {"gone": ["one"]}


def test_entries_that_no_feed_showed() -> None:
    """An entry that was there and comes into a window is not new; one that goes unseen is counted."""
    assert names(compare(feed(TWO, hidden=("one",)), feed(TWO, ONE))) == {"older": ["one@atom.xml"]}
    found = compare(feed(TWO, hidden=("one", "zero")), feed(TWO))
    assert names(found) == {}
    assert found.gone_unseen == 2
    assert not found.is_empty
    assert compare(feed(TWO, hidden=("one",)), feed(TWO, remembered=False)).gone_unseen == 0


@pytest.mark.parametrize(
    ("after", "changes", "announced"),
    [
        (replace(ONE, title="Uno"), ("title",), False),
        (replace(ONE, link="https://vane.example/uno"), ("link",), False),
        (replace(ONE, content="more"), ("content",), False),
        (replace(ONE, tags=("wind",)), ("categories",), False),
        (replace(ONE, updated="2024-06-01T00:00:00Z"), ("updated",), True),
        (replace(ONE, content="more", updated="2024-06-01T00:00:00Z"), ("updated", "content"), True),
        (replace(ONE, published="2023-05-01T12:00:00Z"), ("published", "updated"), False),
    ],
)
def test_an_updated_entry(after: Item, changes: tuple[str, ...], announced: bool) -> None:
    """What differs is named, and whether a later `updated` tells readers that there is something to see."""
    found = compare(feed(TWO, ONE), feed(TWO, after))
    assert names(found) == {"updated": ["one"]}
    assert (found.updated[0].changes, found.updated[0].announced) == (changes, announced)


def test_an_instant_written_otherwise_is_no_change() -> None:
    """Two ways to write one instant are one instant."""
    other = replace(ONE, published="2024-05-01T14:00:00.5+02:00")
    assert compare(feed(replace(ONE, published="2024-05-01T12:00:00.5Z")), feed(other)).is_empty


def test_a_reposted_entry() -> None:
    """An entry under another id is neither new nor gone: subscribers see it again."""
    other = replace(ONE, id="uno", link="https://vane.example/one")
    found = compare(feed(TWO, ONE), feed(TWO, other))
    assert names(found) == {"reposted": ["one>uno"]}


def test_an_id_that_is_another_entrys_now() -> None:
    """Two entries that exchange their ids were re-posted, and not updated."""
    first, second = replace(ONE, content="1", link="l:1"), replace(TWO, content="2", link="l:2")
    found = compare(feed(first, second), feed(replace(first, id="two"), replace(second, id="one")))
    assert names(found) == {"reposted": ["two>one", "one>two"]}


def test_a_twin_of_an_entry_outside_of_every_window_is_new() -> None:
    """An entry that is still there, though no document shows it, did not become another one that looks like it."""
    twin = replace(ONE, id="twin", link="https://vane.example/one")
    assert names(compare(feed(TWO, ONE), feed(twin, TWO, hidden=("one",)))) == {"new": ["twin"]}


def test_an_entry_that_was_known_is_no_repost() -> None:
    """An entry that comes back into a window under the id that it always had was not re-posted."""
    twin = replace(ONE, id="twin", link="https://vane.example/one")
    found = compare(feed(TWO, ONE, hidden=("twin",)), feed(TWO, twin))
    assert names(found) == {"gone": ["one"], "older": ["twin@atom.xml"]}


def test_states_are_compared_by_a_format_that_both_have() -> None:
    """A format more, or less, changes no entry; with none in common only title, link and published tell."""
    both = feed(ONE)
    alone = site({"atom.xml": atom("Site", "atom.xml", [ONE])})
    others = (rss("Site", "rss.xml", [ONE]), json_feed("Site", "feed.json", [ONE]))
    assert names(compare(both, alone)) == {"removed": ["atom.xml"]}
    assert [address.path for address in compare(both, alone).removed[0].addresses] == ["rss.xml"]
    for one in (site({"x": data}) for data in others):
        assert compare(alone, one).updated == ()
    retitled = site({"rss.xml": rss("Site", "rss.xml", [replace(ONE, title="Uno", tags=("x",))])})
    assert compare(alone, retitled).updated[0].changes == ("title",)


@given(st.lists(st.sampled_from([ONE, TWO, THREE, replace(ONE, content="x"), replace(TWO, id="zwei")]), unique=True))
def test_a_state_does_not_differ_from_itself(items: list[Item]) -> None:
    """Whatever a site holds, its subscribers see nothing if nothing is done."""
    distinct = list({one.id: one for one in items}.values())
    assert compare(feed(*distinct), feed(*reversed(distinct))).is_empty


@given(
    st.lists(st.sampled_from([ONE, TWO, THREE]), unique=True), st.lists(st.sampled_from([ONE, TWO, THREE]), unique=True)
)
def test_new_is_gone_the_other_way_round(before: list[Item], after: list[Item]) -> None:
    """What is new from one state to another is gone from that to the first."""
    there, back = compare(feed(*before), feed(*after)), compare(feed(*after), feed(*before))
    if before and after:
        assert (there.new, there.gone) == (back.gone, back.new)
