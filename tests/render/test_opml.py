"""OPML 2.0: the list of all feeds for readers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feeder.config.slices import Site
from feeder.model.feed import Address, Feed
from feeder.model.listing import Listed
from feeder.model.term import Person
from feeder.render.formats import InvalidDocumentError
from feeder.render.opml import check, document, outline
from tests.judge import check_opml
from tests.strategies import SITE, feed, feeds, lines

OWNER = Person("Ada & Co", "ada@example.org", f"{SITE}/about?a&b")


def site(*authors: Person, title: str = "The <Site>") -> Site:
    """Return a site of that title and those authors."""
    return Site("id", SITE, title, "", "", authors)


def test_an_outline() -> None:
    """A feed's line says what the specification asks of a subscription, in its first format."""
    one = feed(
        title='R&D "x" <y>',
        language="en",
        addresses=(
            Address("rss", "t/rss.xml", f"{SITE}/t/rss.xml"),
            Address("atom", "t/atom.xml", f"{SITE}/t/atom.xml"),
        ),
    )
    assert {str(name): value for name, value in etree.fromstring(outline(one)).attrib.items()} == {
        "text": 'R&D "x" <y>',
        "title": 'R&D "x" <y>',
        "type": "rss",
        "xmlUrl": f"{SITE}/t/rss.xml",
        "htmlUrl": f"{SITE}/",
        "description": "What it is about",
        "language": "en",
    }
    assert "language" not in outline(feed())


def test_a_document() -> None:
    """The site's own feed stands alone, those of a taxonomy in a group of its name; nothing tells the time."""
    own, other = outline(feed()), outline(feed(title="B", addresses=(Address("atom", "b", f"{SITE}/b"),)))
    data = document(site(OWNER, Person("Bert")), [Listed("", (own,)), Listed("tags & x", (other,))])
    root = etree.fromstring(data)
    assert [(one.tag, one.text) for one in root[0]] == [
        ("title", "The <Site>"),
        ("ownerName", "Ada & Co"),
        ("ownerEmail", "ada@example.org"),
        ("ownerId", f"{SITE}/about?a&b"),
        ("docs", "http://opml.org/spec2.opml"),
    ]
    assert [(one.get("text"), len(one)) for one in root[1]] == [("A site", 0), ("tags & x", 1)]
    assert check_opml(data) == []
    assert [one.tag for one in etree.fromstring(document(site(), []))[0]] == ["title", "docs"]
    assert [one.tag for one in etree.fromstring(document(site(Person("B")), []))[0]] == ["title", "ownerName", "docs"]


@given(feeds(), lines())
@settings(max_examples=40)
def test_hostile_text_comes_back(one: Feed, title: str) -> None:
    """Whatever a feed is called comes back as it was meant, and the judge finds nothing."""
    data = document(site(title=title), [Listed("", (outline(one),))])
    check(data)
    root = etree.fromstring(data)
    assert (root.findtext("head/title"), root[1][0].get("text"), root[1][0].get("description")) == (
        title,
        one.title,
        one.description,
    )
    assert check_opml(data) == []


def test_what_is_no_xml_is_refused() -> None:
    """The last look before anything is written."""
    with pytest.raises(InvalidDocumentError):
        check(document(site(), [Listed("", ("<outline",))]))


@given(st.text(max_size=20))
@settings(max_examples=40)
def test_attributes_hold_any_text(text: str) -> None:
    """No quote, bracket or reference in a title ends its attribute."""
    legal = "".join(one for one in text if one.isprintable())
    found = etree.fromstring(outline(feed(title=f"x{legal}")))
    assert found.get("text") == f"x{legal}"
