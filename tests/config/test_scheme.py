"""Where other programs have their feeds, and what a configuration may change about it."""

from __future__ import annotations

import pytest

from feeder.config.scheme import OWN, Compat, Place, scheme_of
from feeder.errors import UsageError

TAXONOMIES = ("categories", "tags", "authors")


def places(compat: Compat, *own: tuple[str, str]) -> set[tuple[str, str, str]]:
    """Return taxonomy, format and path (`*` for the slug) of every place of `compat`."""
    found = scheme_of(compat, TAXONOMIES, own).places
    return {(one.taxonomy, one.format, f"{one.before}*{one.after}" if one.taxonomy else one.before) for one in found}


def test_whose_feeds_stand_where() -> None:
    """jekyll-feed has Atom at feed.xml, Hugo RSS in every folder, Pelican both below feeds."""
    assert places(Compat.NONE) == set()
    assert places(Compat.JEKYLL) == {
        ("", "atom", "feed.xml"),
        ("categories", "atom", "feed/*.xml"),
        ("tags", "atom", "feed/by_tag/*.xml"),
    }
    assert places(Compat.HUGO) == {
        ("", "rss", "index.xml"),
        *((taxonomy, "rss", f"{taxonomy}/*/index.xml") for taxonomy in TAXONOMIES),
    }
    assert places(Compat.PELICAN) == {
        (taxonomy, kind, path.format(kind))
        for kind in ("atom", "rss")
        for taxonomy, path in (
            ("", "feeds/all.{}.xml"),
            ("categories", "feeds/*.{}.xml"),
            ("authors", "feeds/*.{}.xml"),
            ("tags", "feeds/tag/*.{}.xml"),
        )
    }


def test_own_paths() -> None:
    """A site's configuration may have the site's feed and those of tags elsewhere; without `compat` it says nothing."""
    own = (("", "/atom.xml"), ("tags", "/by-tag/*.xml"))
    assert places(Compat.JEKYLL, *own) == {
        ("", "atom", "atom.xml"),
        ("categories", "atom", "feed/*.xml"),
        ("tags", "atom", "by-tag/*.xml"),
    }
    assert scheme_of(Compat.NONE, TAXONOMIES, own, ("News",)) == OWN


@pytest.mark.parametrize("path", ["../feed.xml", "a//b.xml", "/", "a/./b", "a\\b.xml", "a\tb.xml"])
def test_no_paths(path: str) -> None:
    """A path that would leave dist, or is none, is refused with what to write."""
    with pytest.raises(UsageError, match=r"is no path of a feed below the site: write one as feed\.xml"):
        scheme_of(Compat.JEKYLL, TAXONOMIES, (("", path),))


def test_feeds_among_others() -> None:
    """Tags whose addresses could be categories' are refused; a folder of their own, or the same place, is not."""
    with pytest.raises(UsageError, match=r"feeds of tags \(feed/tag-…\) would stand among those of categories"):
        scheme_of(Compat.JEKYLL, TAXONOMIES, (("tags", "feed/tag-*.xml"),))
    for path in ("tag-*.xml", "feed/*.xml", "feed/tag/*.xml"):
        assert scheme_of(Compat.JEKYLL, TAXONOMIES, (("tags", path),)).places[2].taxonomy == "tags"


def test_who_shares_a_space() -> None:
    """Slugs must differ where feeds stand side by side: Pelican's categories and authors do."""
    scheme = scheme_of(Compat.PELICAN, TAXONOMIES)
    assert scheme.space("categories") == scheme.space("authors") != scheme.space("tags")
    assert OWN.space("categories") == "categories"
    assert scheme_of(Compat.JEKYLL, TAXONOMIES).space("years") == "years"


def test_slugs_that_are_the_sites_own() -> None:
    """No category has the address of the site's feed: `all` in Pelican, what the configuration says in Jekyll."""
    assert {slug for _, slug in scheme_of(Compat.PELICAN, TAXONOMIES).reserved()} == {"all"}
    assert scheme_of(Compat.JEKYLL, TAXONOMIES).reserved() == ()
    moved = scheme_of(Compat.JEKYLL, TAXONOMIES, (("", "feed/site.xml"),))
    assert moved.reserved() == ((moved.space("categories"), "site"),)


def test_slugs_of_other_schemes_are_other_slugs() -> None:
    """Each scheme remembers the slugs that it gave, and sees none of another's."""
    scheme = scheme_of(Compat.JEKYLL, TAXONOMIES)
    assert (OWN.register("tags"), scheme.register("tags")) == ("tags", "tags@jekyll")
    assert [scheme.registered(name) for name in ("tags@jekyll", "tags", "tags@hugo")] == ["tags", "", ""]
    assert [OWN.registered(name) for name in ("tags@jekyll", "tags")] == ["", "tags"]


def test_a_place_is_before_and_behind_the_slug() -> None:
    """The path of a term's feed is made of its place and its slug."""
    scheme = scheme_of(Compat.JEKYLL, TAXONOMIES)
    assert scheme.places[2] == Place("tags", "atom", "feed/by_tag/", ".xml")
    assert scheme.path("tags", "x_1") == "feed/by_tag/x_1.xml"
