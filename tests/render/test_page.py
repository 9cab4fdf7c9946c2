"""What pages say: everything from posts is text, but for the content that was cleaned."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import html5lib
import pytest

from feeder.config.slices import Site
from feeder.model.entry import Content, Enclosure, Entry, SafeHtml
from feeder.model.feed import Address, Feed, Rhythm
from feeder.model.page import Card, Group, Months, Neighbour, Page
from feeder.model.source import Source
from feeder.model.term import Person
from feeder.render.page import MARK, assets, entry, feed_page, index_page, row

URL = "https://example.org"
NEWEST = datetime(2024, 3, 2, 8, 30, tzinfo=UTC)
LAST = 2024 * 12 + 2
HOSTILE = "<script>alert(1)</script>\"'<!-- entries --> {{ 7 * 7 }} {% x %} \u05e2\u05d1"
SITE = Site("id", URL, HOSTILE, HOSTILE, "en", ())
FEED = Feed(
    "urn:x", "tags", "k", HOSTILE, "slug", f"Site: {HOSTILE}", HOSTILE, "en", (), f"{URL}/tags/slug/",
    (
        Address("atom", "tags/slug/atom.xml", f"{URL}/tags/slug/atom.xml"),
        Address("rss", "feed/by_tag/slug.xml", f"{URL}/feed/by_tag/%C3%A9.xml"),
    ),
)  # fmt: skip
PAGE = Page(
    "tags/slug/index.html", f"{URL}/tags/slug/", 1234, NEWEST, Months(LAST, (*(0,) * 22, 3, 1)),
    Neighbour(HOSTILE, "tags/a/index.html"), Neighbour("b?", "tags/\u00e9?/index.html"),
)  # fmt: skip
ENTRY = Entry(
    "urn:e", HOSTILE, f"{URL}/post", "", "", NEWEST, NEWEST, "ar", (Person("Ada"), Person(HOSTILE)), (),
    Source("posts", "a.md", 1, 1), b"x",
)  # fmt: skip
CONTENT = Content(SafeHtml("<p>Cleaned</p>"), "", (Enclosure(f"{URL}/a.mp3", "audio/mpeg", 3_400_000),))


def _tree(text: str) -> html5lib.treebuilders.etree.Element:  # type: ignore[name-defined]
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def _page(page: Page = PAGE, feed: Feed = FEED, site: Site = SITE) -> str:
    return feed_page(feed, page, site).around([entry(ENTRY, CONTENT), entry(ENTRY, CONTENT)]).decode()


def _index(groups: tuple[Group, ...] = ()) -> str:
    feed = replace(FEED, taxonomy="", label="", addresses=(Address("json", "feed.json", f"{URL}/feed.json"),))
    page = replace(PAGE, path="index.html", url=f"{URL}/", before=None, behind=None)
    return index_page(feed, page, SITE, groups).around([entry(ENTRY, CONTENT)]).decode()


def _row(**changes: object) -> str:
    card = Card("tags", "slug", HOSTILE, "tags/\u00e9/index.html", 1, int(NEWEST.timestamp()), PAGE.months)
    return row(replace(card, **changes), LAST, "en")  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [_page(), _index(), _index((Group("tags", (_row(), _row())),))])
def test_what_posts_say_is_text(text: str) -> None:
    """A title or label that holds markup is shown as it is: no element of a page is made by one."""
    tree = _tree(text)
    scripts = list(tree.iter("script"))
    assert [(script.get("src", "").partition("?")[0].rpartition("/")[2], script.text) for script in scripts] == [
        ("feeder.js", None)
    ]
    assert tree.find(".//h1").text == HOSTILE
    assert text.count("<!--") == 0
    assert "49" not in text
    assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on") or name == "style"]


@pytest.mark.parametrize("text", [_page(), _index()])
def test_the_policy(text: str) -> None:
    """A page may load its own style, script and icon, and nothing else from anywhere."""
    tree = _tree(text)
    policy = next(one for one in tree.iter("meta") if one.get("http-equiv"))
    assert policy.get("content") == (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
    )
    loaded = [one.get("href") for one in tree.iter("link") if one.get("rel") in {"stylesheet", "icon"}]
    loaded += [one.get("src") for one in tree.iter() if one.get("src")]
    assert all(re.fullmatch(r"(\.\./)*feeder\.(css|js|svg)(\?v=[0-9a-f]{8})?", one) for one in loaded)
    assert MARK.decode() in text[:300]


def test_where_links_go() -> None:
    """From a feed's page to its documents, its neighbours and the page of all; discovery names absolute addresses."""
    tree = _tree(_page())
    found = [one.get("href") for one in tree.iter("a")]
    assert found[:4] == ["#main", "../../", "atom.xml", "../../feed/by_tag/slug.xml"]
    assert found[-2:] == ["../a/", "../%C3%A9%3F/"]
    assert [(one.get("type"), one.get("href")) for one in tree.iter("link") if one.get("rel") == "alternate"] == [
        ("application/atom+xml", f"{URL}/tags/slug/atom.xml"),
        ("application/rss+xml", f"{URL}/feed/by_tag/%C3%A9.xml"),
    ]
    assert [one.get("data-copy") for one in tree.iter("button")] == [
        f"{URL}/tags/slug/atom.xml",
        f"{URL}/feed/by_tag/%C3%A9.xml",
    ]
    assert "https://example.org/feed/by_tag/\u00e9.xml</a>" in _page()


def test_without_neighbours() -> None:
    """The only feed of its taxonomy has none."""
    text = _page(replace(PAGE, before=None, behind=None))
    assert "rel=" not in text.partition('<nav class="neighbours"')[2]


def test_numbers_for_people() -> None:
    """How much there is, how new it is, and how often more comes, as a person would say it."""
    text = _page()
    assert "<strong>1,234</strong> entries" in text
    assert '<time datetime="2024-03-02T08:30:00Z">2 March 2024</time>' in text
    assert "<strong>1</strong> entry" in _page(replace(PAGE, entries=1))
    assert 'aria-label="Entries a month from April 2022 to March 2024: 4 in all, 3 at most"' in text
    assert 'd="M67 18v-18M70 18v-6"' in text


@pytest.mark.parametrize(
    ("rhythm", "said"),
    [
        (Rhythm("hourly", 1, 60), "Several a day"),
        (Rhythm("daily", 4, 360), "A few a day"),
        (Rhythm("daily", 1, 1440), "About one a day"),
        (Rhythm("weekly", 1, 1440), "About one a week"),
        (Rhythm("monthly", 1, 1440), "About one a month"),
    ],
)
def test_rhythms(rhythm: Rhythm, said: str) -> None:
    """What `ttl` and `sy:updatePeriod` tell programs, pages tell people."""
    assert f"<p>{said}</p>" in _page(feed=replace(FEED, rhythm=rhythm))


def test_an_entry() -> None:
    """Title, day, authors, content and enclosures; the language is its own, and the page's words are English."""
    tree = html5lib.parseFragment(entry(ENTRY, CONTENT).decode(), namespaceHTMLElements=False)
    assert (tree.find(".//h3").text, tree.find(".//h3").get("lang")) == (HOSTILE, "ar")
    assert tree.find("./div/p").text == "Cleaned"
    assert tree.find('./p[@class="by"]').text == f"Ada, {HOSTILE}"
    assert [(one.get("href"), one.text) for one in tree.iter("a")] == [
        (f"{URL}/post", "Open it at "),
        (f"{URL}/a.mp3", "audio/mpeg, 3.4 MB"),
    ]


def test_a_plain_entry() -> None:
    """Without author, language and enclosure nothing is said of them; an enclosure of unknown length names its type."""
    plain = entry(replace(ENTRY, authors=(), language=""), replace(CONTENT, enclosures=())).decode()
    assert 'class="by"' not in plain
    assert plain.count("lang=") == 3
    unknown = replace(CONTENT, enclosures=(Enclosure(f"{URL}/a.mp3", "audio/mpeg", 0),))
    assert ">audio/mpeg<" in entry(ENTRY, unknown).decode()


def test_the_first_entry_is_open() -> None:
    """On a feed's page the newest entry is open and all others are titles; on that of all feeds, all are."""
    opened = [one.get("open") is not None for one in _tree(_page()).iter("details")]
    assert opened == [True, False]
    assert [one.get("open") is not None for one in _tree(_index()).iter("details")] == [False]


def test_rows() -> None:
    """A row says name, entries and newest, in words and for the script; feeds stand in the groups of their taxonomy."""
    tree = _tree(_index((Group("my-series", (_row(), _row(entries=2))),)))
    assert tree.find(".//section[@class='group']/h3").text == "My series "
    first, second = [one for one in tree.iter("li") if one.get("data-newest")]
    assert (first.get("data-entries"), first.get("data-newest")) == ("1", str(int(NEWEST.timestamp())))
    assert (first.find("a").text, first.find("a").get("href")) == (HOSTILE, "tags/%C3%A9/")
    assert ["".join(one.find("span").itertext()) for one in (first, second)] == ["1 entry", "2 entries"]
    assert first.find("time").text == "2 Mar 2024"


def test_what_pages_share() -> None:
    """Style, script and icon bear our mark near their beginnings, so that nobody else's is replaced."""
    assert [one.path for one in assets()] == ["feeder.css", "feeder.js", "feeder.svg"]
    for one in assets():
        assert one.mark in one.data[:200]
        assert one.fingerprint
