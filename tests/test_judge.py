"""The judge finds nothing in good documents, and every fault under its rule in broken ones."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from xml.sax.saxutils import escape

import pytest
from lxml import etree

from tests.judge import (
    Finding,
    check_atom,
    check_escaping,
    check_json,
    check_json_pair,
    check_lists,
    check_opml,
    check_pair,
    check_rss,
    check_site,
    check_terms,
)
from tests.judging.broken import (
    GOOD_ATOM,
    GOOD_JSON,
    GOOD_OPML,
    GOOD_RSS,
    SELF_ATOM,
    SELF_JSON,
    SELF_RSS,
    Broken,
    add,
    drop,
    swap,
    swap_all,
)
from tests.judging.broken_atom import ATOM_FAULTS
from tests.judging.broken_history import CHAIN_FAULTS, DOCUMENT_FAULTS, FEBRUARY, GOOD_CHAIN, BrokenChain
from tests.judging.broken_html import HTML_FAULTS
from tests.judging.broken_json import JSON_FAULTS
from tests.judging.broken_opml import OPML_FAULTS
from tests.judging.broken_rss import RSS_FAULTS
from tests.judging.history import document_faults

_OTHER = "categories/観測/"
_PATHS = {"tags/r-and-d/atom.xml": GOOD_ATOM, "tags/r-and-d/rss.xml": GOOD_RSS, "tags/r-and-d/feed.json": GOOD_JSON}

# One fault between the two formats of a feed: the change is made in the RSS document.
PAIR_FAULTS = (
    Broken(0, "order", swap_all(r"(<item>.*?</item>)\s*(<item>.*?</item>)", r"\2\1")),
    Broken(0, "updated", swap("Sat, 02 Mar 2024 08:00:00", "Sat, 02 Mar 2024 09:00:00")),
    Broken(3, "link", swap("<link>https://vane.example/tags/r-and-d/<", "<link>https://vane.example/<")),
    Broken(5, "title", swap("<title>The Weathervane: R&amp;D", "<title>The Weathervane")),
    Broken(5, "description", swap("what we measured", "what we saw")),
    Broken(5, "language", swap("<language>en-GB", "<language>en-US")),
    Broken(5, "language-of-entry", drop("<dc:language>ar</dc:language>")),
    Broken(6, "authors-of-feed", swap("(The Weathervane)", "(Another)")),
    Broken(6, "author-lost", drop("<dc:creator>Ἀριστοτέλης</dc:creator>")),
    Broken(8, "entry-lost", swap_all(r"<item>\s*<title>A calm day.*?</item>", "")),
    Broken(8, "id", swap("urn:uuid:e2b7a1de", "urn:uuid:e2b7a1df")),
    Broken(9, "title-of-entry", swap("A calm day", "A day")),
    Broken(10, "link-of-entry", swap("29/calm/", "29/")),
    Broken(
        10,
        "thumbnail",
        swap('thumbnail url="https://vane.example/i.png"', 'thumbnail url="https://vane.example/j.png"'),
    ),
    Broken(11, "published", swap("23:15:07", "23:15:08")),
    Broken(12, "category-lost", drop('<category domain="https://vane.example/categories/">観測</category>')),
    Broken(13, "summary", swap("Anemometers drift: p&amp;lt;0.05", "Anemometers drift: p")),
    Broken(14, "content", swap("No wind at all.", "No wind at all!")),
    Broken(14, "content-late", swap("rising, ]]", "rising; ]]")),
    Broken(15, "enclosure", swap("gust.mp3", "gale.mp3")),
    Broken(17, "origin", swap("notes/17", "notes/18")),
)

# The same between Atom and JSON: the change is made in the JSON Feed.
JSON_PAIR_FAULTS = (
    Broken(0, "order", swap_all(r"(\{\s*\"id\": \"https.*?\n  \}),\n(.*?\n  \})", r"\2,\1")),
    Broken(
        3,
        "page",
        swap('"home_page_url": "https://vane.example/tags/r-and-d/"', '"home_page_url": "https://v.example/"'),
    ),
    Broken(4, "feed-id", swap("urn:uuid:0f8c1b52", "urn:uuid:0f8c1b53")),
    Broken(5, "title", swap("The Weathervane: R&D", "The Weathervane")),
    Broken(5, "description", swap("what we measured", "what we saw")),
    Broken(5, "language", swap('"en-GB"', '"en-US"')),
    Broken(5, "language-of-entry", swap('"language": "ar"', '"language": "fa"')),
    Broken(6, "authors-of-feed", swap('{"name": "The Weathervane"', '{"name": "Another"')),
    Broken(6, "author-lost", drop(', {"name": "Ἀριστοτέλης"}')),
    Broken(8, "entry-lost", swap_all(r",\s*\{\s*\"id\": \"urn:uuid:e2b7.*\n  \}", "")),
    Broken(8, "id", swap("urn:uuid:e2b7a1de", "urn:uuid:e2b7a1df")),
    Broken(9, "title-of-entry", swap("A calm day", "A day")),
    Broken(10, "link-of-entry", swap("29/calm/", "29/")),
    Broken(10, "image", swap('"image": "https://vane.example/i.png"', '"image": "https://vane.example/j.png"')),
    Broken(11, "published", swap("23:15:07", "23:15:08")),
    Broken(11, "updated", swap("T06:00:00Z", "T06:00:01Z")),
    Broken(12, "tag-lost", drop(', "観測"')),
    Broken(13, "summary", swap("p<0.05 & rising.", "p")),
    Broken(14, "content", swap("No wind at all.", "No wind at all!")),
    Broken(15, "second-enclosure", swap("chart.pdf", "map.pdf")),
    Broken(15, "size", swap("48213", "48214")),
    Broken(17, "origin", swap("notes/17", "notes/18")),
)

# What looks escaped twice in a document of either format.
ESCAPE_FAULTS = (
    Broken(14, "nbsp", swap("No wind", "No&amp;amp;nbsp;wind")),
    Broken(14, "lt", swap("No wind", "&amp;amp;lt;b&amp;amp;gt;No wind")),
    Broken(14, "number", swap("No wind", "No&amp;amp;#160;wind")),
    Broken(14, "markup", swap("No wind", "&amp;lt;b&amp;gt;No&amp;lt;/b&amp;gt; wind")),
    Broken(
        14, "whole", swap("&lt;p&gt;No wind at all.&lt;/p&gt;", "&amp;lt;p&amp;gt;No wind at all.&amp;lt;/p&amp;gt;")
    ),
)

# One fault between two feeds of a site: the change is made in the second feed's Atom document.
SITE_FAULTS = (
    Broken(2, "one-self-link", swap(f"https://vane.example/{'categories/%E8%A6%B3%E6%B8%AC'}/atom.xml", SELF_ATOM)),
    Broken(4, "one-feed-id", swap("urn:uuid:11111111", "urn:uuid:0f8c1b52")),
    Broken(8, "another-entry-under-one-id", swap("A calm day", "A calmer day")),
    Broken(8, "another-id-case", swap("No wind", "no wind")),
    Broken(12, "another-label", swap('label="R&amp;D"', 'label="r&amp;d"')),
    Broken(12, "another-term", swap('term="r-and-d"', 'term="r-d"')),
)


def ids(faults: tuple[Broken, ...]) -> list[str]:
    """Return the faults' names for pytest."""
    return [f"rule-{fault.rule}-{fault.name}" for fault in faults]


def rules(findings: Iterable[Finding]) -> set[int]:
    """Return the rules that were broken."""
    return {finding.rule for finding in findings}


def second_feed(data: bytes) -> bytes:
    """Return the good Atom document as the feed of another term."""
    other = swap(SELF_ATOM, "https://vane.example/categories/%E8%A6%B3%E6%B8%AC/atom.xml")(data)
    return swap("urn:uuid:0f8c1b52", "urn:uuid:11111111")(other)


def test_good_documents_pass() -> None:
    """Nothing is found in good documents, alone, against each other, or in a site."""
    assert check_atom(GOOD_ATOM, SELF_ATOM) == []
    assert check_rss(GOOD_RSS, SELF_RSS) == []
    assert check_json(GOOD_JSON, SELF_JSON) == []
    assert check_opml(GOOD_OPML) == []
    assert check_pair(GOOD_ATOM, GOOD_RSS) == []
    assert check_json_pair(GOOD_ATOM, GOOD_JSON) == []
    strangers = {"index.html": b"<p>", "feeds.xml": b"<opml/>", "feeds.json": b'{"feeds": []}', "no.json": b"no"}
    site = {**_PATHS, f"{_OTHER}atom.xml": second_feed(GOOD_ATOM), **strangers}
    assert check_site(site) == []


def test_good_archives_pass() -> None:
    """Nothing is found in a feed with archives, in its documents alone and along their links."""
    for path, data in GOOD_CHAIN.items():
        assert check_atom(data, f"https://vane.example/{path}") == []
    assert check_site(GOOD_CHAIN) == []


@pytest.mark.parametrize("fault", DOCUMENT_FAULTS, ids=ids(DOCUMENT_FAULTS))
def test_fault_in_archive_document(fault: Broken) -> None:
    """A fault in what an archive document says of its own place is found under rule 20, in both formats."""
    found = check_atom(fault.change(GOOD_CHAIN[FEBRUARY]), f"https://vane.example/{FEBRUARY}")
    assert fault.rule in rules(found)
    head = etree.fromstring(fault.change(GOOD_CHAIN[FEBRUARY]))
    for link in head.iter("{http://www.w3.org/2005/Atom}link"):
        link.set("type", (link.get("type") or "").replace("atom", "rss" if fault.name != "media-type" else "atom"))
    assert rules(document_faults(head, "application/rss+xml")) == {20}


@pytest.mark.parametrize("fault", CHAIN_FAULTS, ids=[fault.name for fault in CHAIN_FAULTS])
def test_fault_along_archives(fault: BrokenChain) -> None:
    """A fault along the links of a feed's documents is found under its rule."""
    assert fault.rule in rules(check_site(fault.site()))


@pytest.mark.parametrize("fault", ATOM_FAULTS, ids=ids(ATOM_FAULTS))
def test_fault_in_atom(fault: Broken) -> None:
    """A fault in an Atom document is found under its rule."""
    assert fault.rule in rules(check_atom(fault.change(GOOD_ATOM), SELF_ATOM))


@pytest.mark.parametrize("fault", RSS_FAULTS, ids=ids(RSS_FAULTS))
def test_fault_in_rss(fault: Broken) -> None:
    """A fault in an RSS document is found under its rule."""
    assert fault.rule in rules(check_rss(fault.change(GOOD_RSS), SELF_RSS))


@pytest.mark.parametrize("fault", JSON_FAULTS, ids=ids(JSON_FAULTS))
def test_fault_in_json(fault: Broken) -> None:
    """A fault in a JSON Feed is found under its rule."""
    assert fault.rule in rules(check_json(fault.change(GOOD_JSON), SELF_JSON))


@pytest.mark.parametrize("fault", OPML_FAULTS, ids=ids(OPML_FAULTS))
def test_fault_in_opml(fault: Broken) -> None:
    """A fault in a subscription list is found under its rule."""
    assert fault.rule in rules(check_opml(fault.change(GOOD_OPML)))


def site_with_lists() -> dict[str, bytes]:
    """Return the documents of a feed in three formats, and lists that name them."""
    outline = (
        '<outline text="The Weathervane: R&amp;D" type="rss" xmlUrl="%s" htmlUrl="https://vane.example/tags/r-and-d/"/>'
    )
    opml = f'<opml version="2.0"><head/><body><outline text="tags">{outline % SELF_ATOM}</outline></body></opml>'
    addresses = {
        form: {"url": url, "bytes": len(data), "digest": f"sha256:{sha256(data).hexdigest()}"}
        for form, url, data in (
            ("atom", SELF_ATOM, GOOD_ATOM),
            ("rss", SELF_RSS, GOOD_RSS),
            ("json", SELF_JSON, GOOD_JSON),
        )
    }
    facts = {"title": "The Weathervane: R&D", "page": "https://vane.example/tags/r-and-d/", "entries": 3, "shown": 3}
    feed = {**facts, "newest": "2024-03-01T23:15:07Z", "addresses": addresses}
    return {**_PATHS, "feeds.opml": opml.encode(), "feeds.json": json.dumps({"feeds": [feed]}).encode()}


LIST_FAULTS = (
    ("feeds.opml", Broken(19, "feed-missing", swap_all("<outline text=.The.*?/>", ""))),
    ("feeds.opml", Broken(19, "in-another-format", swap("r-and-d/atom.xml", "r-and-d/rss.xml"))),
    ("feeds.opml", Broken(19, "no-feed-there", swap("r-and-d/atom.xml", "r-and-e/atom.xml"))),
    ("feeds.opml", Broken(19, "another-group", swap("tags", "categories"))),
    ("feeds.opml", Broken(19, "another-title", swap("R&amp;D", "R"))),
    ("feeds.opml", Broken(1, "not-well-formed", drop("</body>"))),
    ("feeds.json", Broken(18, "no-json", drop("{"))),
    ("feeds.json", Broken(19, "size", swap(str(len(GOOD_RSS)), "17"))),
    ("feeds.json", Broken(19, "digest", swap(sha256(GOOD_JSON).hexdigest(), "0" * 64))),
    ("feeds.json", Broken(19, "no-feed-there", swap("r-and-d/rss.xml", "r-and-d/other.xml"))),
    ("feeds.json", Broken(19, "title", swap("R&D", "R"))),
    ("feeds.json", Broken(19, "shown", swap('"shown": 3', '"shown": 2'))),
    ("feeds.json", Broken(19, "newest", swap("23:15:07", "23:15:08"))),
    ("feeds.json", Broken(19, "entries", swap('"entries": 3', '"entries": 2'))),
)


@pytest.mark.parametrize(("path", "fault"), LIST_FAULTS, ids=ids(tuple(fault for _, fault in LIST_FAULTS)))
def test_fault_in_lists(path: str, fault: Broken) -> None:
    """Lists that do not say what the documents of a site say are found under their rule."""
    site = site_with_lists()
    assert check_lists(site) == []
    assert rules(check_lists({**site, path: fault.change(site[path])})) == {fault.rule}


@pytest.mark.parametrize("html", [html for _, html in HTML_FAULTS], ids=[name for name, _ in HTML_FAULTS])
def test_fault_in_html(html: str) -> None:
    """A fault in the HTML of an entry is found under rule 16, in both formats, and under no other rule."""
    change = add("&lt;p&gt;No wind", escape(html))
    assert rules(check_atom(change(GOOD_ATOM), SELF_ATOM)) == {16}
    assert rules(check_rss(change(GOOD_RSS), SELF_RSS)) == {16}


@pytest.mark.parametrize("fault", PAIR_FAULTS, ids=ids(PAIR_FAULTS))
def test_fault_between_formats(fault: Broken) -> None:
    """What one format says and the other does not is found under its rule, and under no other."""
    assert rules(check_pair(GOOD_ATOM, fault.change(GOOD_RSS))) == {fault.rule}


@pytest.mark.parametrize("fault", JSON_PAIR_FAULTS, ids=ids(JSON_PAIR_FAULTS))
def test_fault_between_atom_and_json(fault: Broken) -> None:
    """What Atom says and JSON does not, or the other way round, is found under its rule, and under no other."""
    assert rules(check_json_pair(GOOD_ATOM, fault.change(GOOD_JSON))) == {fault.rule}


@pytest.mark.parametrize("fault", SITE_FAULTS, ids=ids(SITE_FAULTS))
def test_fault_between_feeds(fault: Broken) -> None:
    """What two feeds of a site say differently is found under its rule."""
    assert fault.rule in rules(check_site({**_PATHS, f"{_OTHER}atom.xml": fault.change(second_feed(GOOD_ATOM))}))


@pytest.mark.parametrize("fault", ESCAPE_FAULTS, ids=ids(ESCAPE_FAULTS))
def test_escaped_twice(fault: Broken) -> None:
    """What a reader would show as markup or a reference is named in both formats, but for what stands in code."""
    assert check_escaping(GOOD_ATOM) == check_escaping(GOOD_RSS) == []
    assert rules(check_escaping(fault.change(GOOD_ATOM))) == {14}
    assert rules(check_escaping(fault.change(GOOD_RSS))) == {14}


def test_summary_escaped_twice() -> None:
    """A summary in which a reader would show a reference is named, in text (Atom) and in HTML (RSS)."""
    assert rules(check_escaping(swap("p&lt;0.05", "p&amp;lt;0.05")(GOOD_ATOM))) == {14}
    assert rules(check_escaping(swap("p&amp;lt;0.05", "p&amp;amp;lt;0.05")(GOOD_RSS))) == {14}
    assert rules(check_escaping(drop("</title>")(GOOD_RSS))) == {1}


def test_entry_differs_between_rss_feeds() -> None:
    """An entry that is another in another RSS feed is found under rule 8."""
    assert 8 in rules(check_site({**_PATHS, "rss.xml": swap("A calm day", "A calmer day")(GOOD_RSS)}))


def test_entry_differs_between_json_feeds() -> None:
    """An item that is another in another JSON Feed is found under rule 8, and the twin of an Atom document is known."""
    other = swap(SELF_JSON, "https://vane.example/feed.json")(swap("A calm day", "A calmer day")(GOOD_JSON))
    assert rules(check_site({**_PATHS, "feed.json": other})) == {8}
    assert rules(check_site({**_PATHS, "tags/r-and-d/feed.json": swap("A calm day", "A day")(GOOD_JSON)})) == {9}


def test_site_holds_formats_against_each_other() -> None:
    """The two formats of one folder are compared where a site is checked, and the finding names the file."""
    found = check_site({**_PATHS, "tags/r-and-d/rss.xml": swap("A calm day", "A day")(GOOD_RSS)})
    assert [(finding.rule, finding.where.split()[0]) for finding in found] == [(9, "tags/r-and-d/atom.xml")]


def test_archives_share_the_feed_id() -> None:
    """An archive document bears the id of its feed, and that is no fault of rule 4 (RFC 5005 §4)."""
    archive = swap(SELF_ATOM, SELF_ATOM.replace("atom.xml", "2024-02.xml"))(GOOD_ATOM)
    mark = '<h:archive xmlns:h="http://purl.org/syndication/history/1.0"/>'
    assert rules(check_site({**_PATHS, "tags/r-and-d/2024-02.xml": archive})) == {4}
    assert rules(check_site({**_PATHS, "tags/r-and-d/2024-02.xml": add("<entry>", mark)(archive)})) == {20}


def test_documents_that_do_not_parse() -> None:
    """What is not well-formed is found by every check, under rule 1."""
    assert rules(check_json_pair(GOOD_ATOM, GOOD_JSON[:-3])) == {18}
    broken = drop("</title>")
    assert rules(check_pair(broken(GOOD_ATOM), GOOD_RSS)) == {1}
    assert rules(check_pair(GOOD_ATOM, broken(GOOD_RSS))) == {1}
    assert rules(check_site({"atom.xml": broken(GOOD_ATOM)})) == {1}
    assert rules(check_terms({"atom.xml": broken(GOOD_ATOM)})) == {1}


def test_terms() -> None:
    """A term without a feed is found, and so is an entry in the feed of a term that it has not."""
    tag, category = {"tags/r-and-d/atom.xml": GOOD_ATOM}, second_feed(GOOD_ATOM)
    assert [finding.message for finding in check_terms(tag)] == [
        "a term without a feed: https://vane.example/categories/%E8%A6%B3%E6%B8%AC/atom.xml"
    ]
    wrong = check_terms({**tag, f"{_OTHER}atom.xml": category})
    assert [finding.where.split()[2] for finding in wrong] == ["2", "3"]
    only = swap_all(r'(?<=</entry>)\s*<entry xml:lang="ar">.*</entry>', "")(category)
    assert check_terms({**tag, f"{_OTHER}atom.xml": only}) == []


def test_findings_print() -> None:
    """A finding prints its rule, the validator's name, the place and the sentence."""
    found = check_atom(swap(SELF_ATOM, "https://vane.example/")(GOOD_ATOM), SELF_ATOM)
    message = "the self link 'https://vane.example/' is not 'https://vane.example/tags/r-and-d/atom.xml'"
    assert [str(finding) for finding in found] == [f"rule 2 [SelfDoesntMatchLocation] at feed: {message}"]


@pytest.mark.parametrize(
    "tag",
    "en zh-Hant-TW de-CH-1996 sl-rozaj-biske es-419 zh-cmn-Hans de-u-co-phonebk en-a-bbb-x-a-ccc x-vane "
    "i-klingon en-GB-oed art-lojban".split(),
)
def test_languages_that_are_well_formed(tag: str) -> None:
    """Every kind of BCP 47 tag passes."""
    assert check_atom(swap('xml:lang="ar"', f'xml:lang="{tag}"')(GOOD_ATOM), SELF_ATOM) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://vane.example",
        "HTTPS://a.b:8080/x;y=1/?q=/?#f",
        "https://[2001:db8::1]/",
        "https://xn--4gq.example/%E9%A2%A8/~a!$'()*+,=:@",
    ],
)
def test_links_that_are_urls(url: str) -> None:
    """Every kind of http(s) URL of RFC 3986 passes as a link."""
    calm = "https://vane.example/2024/02/29/calm/"
    assert check_atom(swap(calm, url)(GOOD_ATOM), SELF_ATOM) == []
    assert check_rss(swap(calm, url)(GOOD_RSS), SELF_RSS) == []


@pytest.mark.parametrize(
    "identifier", ["urn:isbn:9780000000000", "urn:x-vane:ä", "https://vane.example/風", "http://a.example/#b"]
)
def test_ids_that_are_iris(identifier: str) -> None:
    """Absolute http(s) and urn IRIs pass as ids, ASCII or not (SPEC §3)."""
    change = swap("urn:uuid:5d0a8c1e-33f4-5b0e-9d7c-6a1f2b3c4d5e", identifier)
    assert check_atom(change(GOOD_ATOM), SELF_ATOM) == []
    assert check_rss(change(GOOD_RSS), SELF_RSS) == []


def test_id_that_is_a_tag() -> None:
    """A tag URI (RFC 4151) passes as the id of an entry and of a feed."""
    entry = swap("urn:uuid:5d0a8c1e-33f4-5b0e-9d7c-6a1f2b3c4d5e", "tag:vane.example,2024-03:17")
    feed = swap("urn:uuid:0f8c1b52-6f3e-5c55-8a51-9b1a4a0d7c11", "tag:desk@vane.example,2024:r-and-d")
    assert check_atom(feed(entry(GOOD_ATOM)), SELF_ATOM) == []


@pytest.mark.parametrize(
    "title", ["a &lt; b", "1 &lt; 2 &lt;b", "AT&amp;T &amp; co; &amp;c.", "&lt;template&gt; in HTML", "C&lt;/T>"]
)
def test_titles_that_are_text(title: str) -> None:
    """A title with signs that markup has too is text, as the validator sees it."""
    change = swap("A calm day", title)
    assert check_atom(change(GOOD_ATOM), SELF_ATOM) == []
    assert check_rss(change(GOOD_RSS), SELF_RSS) == []


def test_json_has_a_broken_variant_of_every_rule() -> None:
    """Every rule from 1 to 18, and §6 before them (0), is broken by a JSON Feed."""
    assert {fault.rule for fault in JSON_FAULTS} == set(range(19))


@pytest.mark.parametrize("rule", range(18))
def test_every_rule_has_a_broken_variant(rule: int) -> None:
    """Every rule from 1 to 17, and §6 before them (0), is broken by one document of each format that it speaks of."""
    in_atom, in_rss = ({fault.rule for fault in faults} | {16} for faults in (ATOM_FAULTS, RSS_FAULTS))
    assert rule in in_atom
    assert rule in in_rss or rule == 4  # RSS has no feed id
