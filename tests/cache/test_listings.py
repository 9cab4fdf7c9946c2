"""The lines of all feeds in the cache."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from feeder.cache.listings import Lines, Listings
from feeder.cache.store import Store
from feeder.model.listing import Display, Listed, Standing

SHOWN = Display(
    3, datetime(2024, 5, 1, 12, 0, 1, tzinfo=UTC), (Standing("atom", 17, "a" * 64), Standing("rss", 4, "b"))
)


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store."""
    with Store("", "v") as store:
        yield store


def test_what_a_feed_shows_is_known_under_its_plan(store: Store) -> None:
    """What a feed shows comes back as it was, and is known for the plan that made it and for no other."""
    listings = Listings(store)
    assert listings.display("atom.xml") is None
    listings.put("atom.xml", "plan", SHOWN)
    assert listings.display("atom.xml") == SHOWN
    assert (listings.knows("atom.xml", "plan"), listings.knows("atom.xml", "other")) == (True, False)
    listings.put("atom.xml", "", SHOWN)
    assert not listings.knows("atom.xml", "plan")
    listings.forget(["atom.xml", "rss.xml"])
    assert (listings.display("atom.xml"), listings.paths()) == (None, [])


def test_lines_stand_in_the_order_of_slugs(store: Store) -> None:
    """The lines of a taxonomy come in the order of its slugs' code points, whatever the order in which they came."""
    listings = Listings(store)
    for slug in ("é", "z", "a-b", "a", "\U0001f600", "\ufb01"):
        listings.put(slug, "plan", SHOWN)
        listings.describe(slug, Lines("tags", slug, f"<{slug}>", f"[{slug}]"))
    listings.put("atom.xml", "plan", SHOWN)
    listings.describe("atom.xml", Lines("", "", "<>", "[]"))
    order = ["a", "a-b", "z", "é", "\ufb01", "\U0001f600"]
    assert order == sorted(order)
    assert sorted(listings.taxonomies()) == ["", "tags"]
    assert listings.outlines("tags") == Listed("tags", tuple(f"<{slug}>" for slug in order))
    assert listings.entries("tags") == Listed("tags", tuple(f"[{slug}]" for slug in order))
    assert (listings.outlines("").lines, listings.entries("").lines) == (("<>",), ("[]",))
    assert listings.entries("nothing").lines == ()


@pytest.mark.parametrize(
    "harm", ["display = '[9, 0, []]'", "made_of = 'other'", "path = 'x'", "seal = 7", "display = x'00'", "path = 7"]
)
def test_what_is_not_as_it_was_written_is_dropped(store: Store, harm: str) -> None:
    """A row that somebody changed is dropped when all are looked at, and the others stay."""
    listings = Listings(store)
    listings.put("atom.xml", "plan", SHOWN)
    listings.put("tags/a/atom.xml", "plan", SHOWN)
    listings.proof()
    assert len(listings.paths()) == 2
    store.run(f"UPDATE listed SET {harm} WHERE path = 'atom.xml'")
    listings.proof()
    assert listings.paths() == ["tags/a/atom.xml"]
