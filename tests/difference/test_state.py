"""Documents of a dist as feeds and entries, and feeds that stand elsewhere than they did."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feeder.check.document import Kind
from feeder.difference.compare import compare
from feeder.difference.sheet import look
from feeder.difference.state import State
from tests.difference.documents import Item, atom, json_feed, rss, site

ONE = Item("one", "One", published="2024-05-01T12:00:00Z")
TWO = Item("two", "Two", published="2024-05-02T12:00:00Z")


def feeds(state: State) -> dict[str, list[str]]:
    """Return the paths of each feed by its name."""
    return {feed.name: [address.path for address in feed.addresses] for feed in state.feeds}


def tag(slug: str, *items: Item, label: str = "", id: str = "") -> dict[str, bytes]:  # noqa: A002 - Atom's word
    """Return the documents of a tag's feed."""
    title = f"Site: {label or slug}"
    return {
        f"tags/{slug}/atom.xml": atom(title, f"tags/{slug}/atom.xml", items, id=id),
        f"tags/{slug}/rss.xml": rss(title, f"tags/{slug}/rss.xml", items),
    }


def ways(before: dict[str, bytes], after: dict[str, bytes]) -> list[tuple[str, str]]:
    """Return the aliases that are proposed."""
    return [(one.old, one.new) for one in compare(site(before), site(after)).aliases]


def test_formats_of_one_feed_are_one_feed() -> None:
    """Documents of one folder and title are one feed, and it is named by its Atom document."""
    documents = {
        "rss.xml": rss("Site", "rss.xml", [ONE]),
        "feed.json": json_feed("Site", "feed.json", [ONE]),
        "atom.xml": atom("Site", "atom.xml", [ONE]),
        **tag("wind", ONE),
    }
    assert feeds(site(documents)) == {
        "atom.xml": ["atom.xml", "feed.json", "rss.xml"],
        "tags/wind/atom.xml": ["tags/wind/atom.xml", "tags/wind/rss.xml"],
    }
    assert site(documents).entries[0].feeds == ("atom.xml", "tags/wind/atom.xml")


def test_archives_belong_to_their_feed() -> None:
    """Archive documents add entries to the feed of their id, title or chain, and no feed."""
    mark = '<fh:archive xmlns:fh="http://purl.org/syndication/history/1.0"/>'
    old = "archive/2024-04"
    documents = {
        "atom.xml": atom("Site", "atom.xml", [TWO], id="urn:site"),
        f"{old}/atom.xml": atom("Other title", f"{old}/atom.xml", [ONE], id="urn:site", archive=mark),
        f"{old}/rss.xml": rss("Site", f"{old}/rss.xml", [ONE]).replace(b"<channel>", f"<channel>{mark}".encode()),
        "feed.json": json_feed("Site", "feed.json", [TWO], f"{old}/feed.json"),
        f"{old}/feed.json": json_feed("Site", f"{old}/feed.json", [ONE]),
    }
    found = site(documents)
    assert feeds(found) == {"atom.xml": ["atom.xml", "feed.json"]}
    assert found.feeds[0].entries == {"one", "two"}
    alone = site({f"{old}/atom.xml": documents[f"{old}/atom.xml"]})
    assert feeds(alone) == {f"{old}/atom.xml": [f"{old}/atom.xml"]}


def test_the_newer_of_two_faces_counts() -> None:
    """An archive document may be older than the feed's own (RFC 5005): the entry's later `updated` is the one."""
    newer = replace(ONE, updated="2024-06-01T00:00:00Z", content="new words")
    mark = '<fh:archive xmlns:fh="http://purl.org/syndication/history/1.0"/>'
    archive = atom("Site", "a/atom.xml", [ONE], id="urn:site", archive=mark)
    stale = site({"atom.xml": atom("Site", "atom.xml", [newer], id="urn:site"), "a/atom.xml": archive})
    fresh = site({"atom.xml": atom("Site", "atom.xml", [newer], id="urn:site")})
    assert stale.entries[0].faces == fresh.entries[0].faces


def test_an_entry_without_id_is_known_by_its_link_or_title() -> None:
    """RSS allows items without a guid, and what readers then do is done here."""
    document = (
        b"<rss version='2.0'><channel><title>t</title><item><title>Only a title</title></item>"
        b"<item><title>b</title><link>https://vane.example/b</link></item></channel></rss>"
    )
    found = look(document).sheet
    assert found is not None
    assert [name for name, _ in found.entries] == ["Only a title", "https://vane.example/b"]
    assert found.entries[0][1].published is None


def test_what_is_no_feed() -> None:
    """Other files are nothing, and nothing is said of them; of a feed that breaks off it is."""
    for data in (b"<urlset/>", b"{}", b"[1, 2"):
        assert (look(data).sheet, look(data).fault) == (None, None)
    whole = atom("Site", "atom.xml", [ONE, TWO])
    assert look(whole).fault is None
    assert look(whole[:-40]).sheet is None
    assert look(whole[:-40]).fault is not None


def test_half_a_surrogate_pair_is_no_obstacle() -> None:
    """JSON may escape what no text may hold: it is left out of ids and titles."""
    document = json_feed("Site", "feed.json", [replace(ONE, id="a\ud800b", title="\ud800T")])
    assert site({"feed.json": document}).entries[0].id == "ab"


def test_a_feed_that_moved_has_its_id_still() -> None:
    """A feed of the same id at another address has moved; its folder is to be an alias of the other one."""
    before = tag("ai", ONE, label="AI", id="urn:ai")
    after = tag("a-i", ONE, label="A.I.", id="urn:ai")
    found = compare(site(before), site(after))
    assert [(move.old.name, move.new.name) for move in found.moved] == [("tags/ai/atom.xml", "tags/a-i/atom.xml")]
    assert (found.added, found.removed) == ((), ())
    assert [(way.old.path, way.new.path) for way in found.moved[0].ways] == [
        ("tags/ai/atom.xml", "tags/a-i/atom.xml"),
        ("tags/ai/rss.xml", "tags/a-i/rss.xml"),
    ]
    assert ways(before, after) == [("tags/ai/", "tags/a-i/")]


def test_a_feed_that_moved_has_its_title_still() -> None:
    """RSS says no id: the title tells, where it is one feed's alone, or one of the same taxonomy's."""
    before = {"tags/x/rss.xml": rss("Site: X", "tags/x/rss.xml", [ONE])}
    one = {"tags/y/rss.xml": rss("Site: X", "tags/y/rss.xml", [TWO])}
    other = {"categories/y/rss.xml": rss("Site: X", "categories/y/rss.xml", [TWO])}
    third = {"tags/z/rss.xml": rss("Site: X", "tags/z/rss.xml", [TWO])}
    assert ways(before, one) == [("tags/x/", "tags/y/")]
    assert ways(before, {**one, **other}) == [("tags/x/", "tags/y/")]
    assert ways(before, {**one, **third}) == []
    assert ways({**before, **one}, one) == []


def test_a_feed_that_went_up_in_another() -> None:
    """Where a term was merged into another one, its address is proposed to stay; it did not move, it is gone."""
    before = {**tag("ai", ONE), **tag("artificial-intelligence", TWO)}
    after = tag("artificial-intelligence", ONE, TWO)
    found = compare(site(before), site(after))
    assert [one.feed.name for one in found.removed] == ["tags/ai/atom.xml"]
    assert found.moved == ()
    assert ways(before, after) == [("tags/ai/", "tags/artificial-intelligence/")]


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(tag("wind", TWO), id="nothing of it is left"),
        pytest.param({**tag("wind", ONE), **tag("rain", ONE)}, id="two feeds took its entries in"),
        pytest.param({"atom.xml": atom("Site", "atom.xml", [ONE])}, id="another taxonomy took them in"),
    ],
)
def test_what_is_no_heir(after: dict[str, bytes]) -> None:
    """An alias is not proposed where nobody can know where it should lead."""
    assert ways(tag("ai", ONE), after) == []


def test_a_feed_that_always_had_them_is_no_heir() -> None:
    """A feed that showed the same entries before did not take them in."""
    assert ways({**tag("ai", ONE), **tag("all", ONE, TWO)}, tag("all", ONE, TWO)) == []


def test_an_alias_is_one_more_address_of_its_feed() -> None:
    """A document that says to stand elsewhere belongs to the feed there; when it goes that is no move."""
    new = tag("new", ONE, id="urn:x")
    old = {"tags/old/atom.xml": atom("Site: new", "tags/old/atom.xml", [ONE], id="urn:x", at="tags/new/atom.xml")}
    aliased = site({**new, **old})
    assert feeds(aliased) == {"tags/new/atom.xml": ["tags/new/atom.xml", "tags/new/rss.xml", "tags/old/atom.xml"]}
    assert [address.kind for address in aliased.feeds[0].addresses] == [Kind.ATOM, Kind.RSS, Kind.ATOM]
    found = compare(aliased, site(new))
    assert (found.moved, found.aliases) == ((), ())
    assert [address.path for address in found.removed[0].addresses] == ["tags/old/atom.xml"]


def test_an_old_entry_that_comes_into_a_feed() -> None:
    """Who reads a feed that shows an older entry only now may see it as new; a new feed has no readers yet."""
    before = {"atom.xml": atom("Site", "atom.xml", [TWO, ONE]), **tag("wind", TWO)}
    tagged = {**before, **tag("wind", TWO, ONE), **tag("rain", ONE)}
    found = compare(site(before), site(tagged))
    assert [(one.entry.id, one.feeds) for one in found.older] == [("one", ("tags/wind/atom.xml",))]
    assert (found.new, found.updated) == ((), ())
    assert compare(site(tagged), site(before)).older == ()


def test_archives_are_not_what_a_feed_shows() -> None:
    """An entry that comes back out of an archive document is shown again to those who do not read these."""
    mark = '<fh:archive xmlns:fh="http://purl.org/syndication/history/1.0"/>'
    archive = {"a/atom.xml": atom("Site", "a/atom.xml", [ONE], id="urn:site", archive=mark)}
    before = {"atom.xml": atom("Site", "atom.xml", [TWO], id="urn:site"), **archive}
    after = {"atom.xml": atom("Site", "atom.xml", [TWO, ONE], id="urn:site"), **archive}
    assert [one.entry.id for one in compare(site(before), site(after)).older] == ["one"]
    assert compare(site(after), site(before)).is_empty


def test_a_feed_that_moved_shows_what_it_showed() -> None:
    """Its entries are no older ones that come into it."""
    before, after = tag("ai", ONE, label="AI", id="urn:ai"), tag("a-i", ONE, TWO, label="A.I.", id="urn:ai")
    found = compare(site({**before, **tag("b", TWO)}), site({**after, **tag("b", TWO)}))
    assert [(one.entry.id, one.feeds) for one in found.older] == [("two", ("tags/a-i/atom.xml",))]


def test_files_of_other_names_are_aliases_of_their_own() -> None:
    """Where documents are called otherwise, or stood at the top, each has its alias; the top itself can be led to."""
    site_feed, other = atom("Site", "x", [ONE], id="urn:x"), rss("Site", "x", [ONE])
    old = {"feed/wind.xml": site_feed, "feed/wind.rss": other}
    assert ways(old, {"tags/wind/atom.xml": site_feed, "tags/wind/rss.xml": other}) == [
        ("feed/wind.xml", "tags/wind/atom.xml"),
        ("feed/wind.rss", "tags/wind/rss.xml"),
    ]
    assert ways({"index.xml": site_feed}, {"atom.xml": site_feed}) == [("index.xml", "atom.xml")]
    assert ways({"feeds/atom.xml": site_feed}, {"atom.xml": site_feed}) == [("feeds/", "./")]
