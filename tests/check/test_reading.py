"""Reading feeds back: every format in one shape, with lines; and nothing that anybody writes is more than a fault."""

from __future__ import annotations

import codecs
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.check.document import Document, Kind, TextType
from feeder.check.instants import instant
from feeder.check.reading import read

ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:fh="http://purl.org/syndication/history/1.0" xml:lang="nl">
  <id>tag:dike.example,2020:feed</id>
  <title>Dike</title>
  <updated>2024-02-03T04:05:06Z</updated>
  <author><name>Ada</name><email>ada@dike.example</email></author>
  <link rel="self" href="https://dike.example/atom.xml" type="application/atom+xml"/>
  <link href="https://dike.example/"/>
  <link rel="prev-archive" href="https://dike.example/2024-01.xml"/>
  <fh:archive/>
  <entry>
    <id>tag:dike.example,2020:1</id>
    <title type="html">A &lt;b&gt;dike&lt;/b&gt;</title>
    <link href="https://dike.example/1" />
    <link rel="enclosure" href="https://dike.example/1.mp3" type="audio/mpeg" length="12"/>
    <link rel="via" href="https://elsewhere.example/1"/>
    <published>2024-02-03T05:05:06+01:00</published>
    <updated>2024-02-03T04:05:06Z</updated>
    <category term="sea" scheme="https://dike.example/tags/" label="Sea"/>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>1 &lt; 2<br/></p></div></content>
  </entry>
</feed>
"""
RSS = """<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
     xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Dike</title><link>https://dike.example/</link><description>On dikes</description>
<atom:link rel="self" href="https://dike.example/rss.xml"/><language>nl</language>
<managingEditor>ada@dike.example (Ada)</managingEditor>
<item>
<title>One</title><link>https://dike.example/1</link><guid isPermaLink="false">one</guid>
<pubDate>Sat, 03 Feb 2024 05:05:06 +0100</pubDate><dc:creator>Bo</dc:creator>
<dc:source>https://elsewhere.example/1</dc:source><category domain="https://dike.example/tags/">Sea</category>
<enclosure url="https://dike.example/1.mp3" type="audio/mpeg" length="12"/>
<description>short</description><content:encoded><![CDATA[<p>long</p>]]></content:encoded>
</item></channel></rss>
"""
JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Dike",
    "home_page_url": "https://dike.example/",
    "feed_url": "https://dike.example/feed.json",
    "next_url": "https://dike.example/2024-01.json",
    "language": "nl",
    "authors": [{"name": "Ada", "url": "https://dike.example/ada"}],
    "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
    "items": [
        {
            "id": 1,
            "url": "https://dike.example/1",
            "external_url": "https://elsewhere.example/1",
            "title": "One",
            "content_html": "<p>long</p>",
            "summary": "short",
            "date_published": "2024-02-03T04:05:06Z",
            "date_modified": "2024-02-03T05:05:06Z",
            "tags": ["Sea", 5],
            "attachments": [{"url": "https://dike.example/1.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 12}],
        }
    ],
}


def test_an_atom_feed_is_read_with_its_lines() -> None:
    """Every part of an Atom feed is found, links by their rel, and each says its line."""
    document = read(ATOM.encode())
    feed = document.feed
    assert (document.kind, document.faults) == (Kind.ATOM, ())
    assert feed
    assert (feed.id, feed.link, feed.self_link) == (
        "tag:dike.example,2020:feed",
        "https://dike.example/",
        "https://dike.example/atom.xml",
    )
    assert (feed.archive, feed.complete, feed.language, feed.linked("prev-archive")[0].line) == (True, False, "nl", 9)
    assert (feed.authors[0].name, feed.authors[0].email) == ("Ada", "ada@dike.example")
    (entry,) = feed.entries
    assert (entry.id, entry.line, entry.link, entry.via) == (
        "tag:dike.example,2020:1",
        11,
        "https://dike.example/1",
        "https://elsewhere.example/1",
    )
    assert entry.title
    assert (entry.title.value, entry.title.type, entry.title.line) == ("A <b>dike</b>", TextType.HTML, 13)
    assert entry.content
    assert (entry.content.value, entry.content.type) == ("<div><p>1 &lt; 2<br></p></div>", TextType.XHTML)
    assert (entry.enclosures[0].url, entry.enclosures[0].length) == ("https://dike.example/1.mp3", "12")
    assert (entry.categories[0].term, entry.categories[0].label) == ("sea", "Sea")
    assert instant(entry.published) == instant(entry.updated) == datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)


def test_an_rss_channel_is_read_in_the_same_shape() -> None:
    """RSS's own elements and Atom's, Dublin Core's and content's in it say what Atom's say."""
    document = read(RSS.encode())
    feed = document.feed
    assert (document.kind, document.faults) == (Kind.RSS, ())
    assert feed
    assert (feed.link, feed.self_link, feed.language) == (
        "https://dike.example/",
        "https://dike.example/rss.xml",
        "nl",
    )
    assert (feed.authors[0].name, feed.authors[0].email) == ("Ada", "ada@dike.example")
    (entry,) = feed.entries
    assert (entry.id, entry.line, entry.via, entry.authors[0].name) == ("one", 6, "https://elsewhere.example/1", "Bo")
    assert entry.content
    assert entry.summary
    assert (entry.content.value, entry.summary.value) == ("<p>long</p>", "short")
    assert instant(entry.published) == datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)


def test_a_json_feed_is_read_in_the_same_shape() -> None:
    """A JSON Feed says the same, an id that is a number as text, and every object knows its line."""
    document = read(json.dumps(JSON, indent=1).encode())
    feed = document.feed
    assert (document.kind, document.faults) == (Kind.JSON, ())
    assert feed
    assert (feed.link, feed.self_link, feed.next_url) == (
        "https://dike.example/",
        "https://dike.example/feed.json",
        "https://dike.example/2024-01.json",
    )
    assert [(link.rel, link.line) for link in feed.links] == [("alternate", 4), ("self", 5), ("next", 6), ("hub", 15)]
    (entry,) = feed.entries
    assert (entry.id, entry.line, entry.via) == ("1", 21, "https://elsewhere.example/1")
    assert [category.label for category in entry.categories] == ["Sea"]
    assert (entry.enclosures[0].type, entry.enclosures[0].length) == ("audio/mpeg", "12")


def test_an_opml_list_names_its_feeds() -> None:
    """Every outline that has an address or says that it is a feed is one, however deep."""
    document = read(
        b'<opml version="2.0"><head><title>t</title></head><body><outline text="g">\n'
        b'<outline text="a" type="rss" xmlUrl="https://a.example/f"/></outline></body></opml>'
    )
    assert (document.kind, [(one.title, one.url, one.line) for one in document.outlines]) == (
        Kind.OPML,
        [("a", "https://a.example/f", 2)],
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b'{"version": 3, "items": 4}',
        b"[1, 2]",
        b"not even a document",
        b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_what_is_no_feed_is_no_feed(data: bytes) -> None:
    """Other JSON and other XML are nothing that is looked at."""
    document = read(data)
    assert document.kind is None
    assert document.feed is None


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"<feed>\n<a></feed>", "SAXError", 2),
        (b"<?xml version='1.0'?>\n<feed>&nbsp;</feed>", "UndefinedNamedEntity", 2),
        (b'<!DOCTYPE x [<!ENTITY a "b">]>\n<rss/>', "InvalidDoctype", 1),
        (b'<!DOCTYPE rss SYSTEM "x.dtd">\n<rss>&nbsp;</rss>', "InvalidDoctype", 1),
        (b"<rss>\n\xff</rss>", "UnicodeError", 2),
        (b"<?xml version='1.0' encoding='punycode'?><rss/>", "UnknownEncoding", 1),
        (b"<?xml version='1.0' encoding='cp9999'?><rss/>", "UnknownEncoding", 1),
        (b"<a>" * 1000, "TooDeep", 1),
        (b"<feed xmlns='http://purl.org/atom/ns#'/>", "ObsoleteNamespace", 1),
        (b"<rss xmlns='urn:x'/>", "UndefinedElement", 1),
        (b"<rss version='2.0'/>", "MissingElement", 1),
        (codecs.BOM_UTF16_LE + "<rss>\ud800</rss>".encode("utf-16-le", "surrogatepass"), "UnicodeError", 1),
        (b'{"version": "https://jsonfeed.org/version/1.1",\n "items": [}', "InvalidJSON", 2),
        (b'{"version": "https://jsonfeed.org/version/1.1",\n "items": NaN}', "InvalidJSON", 0),
        (b'{"version": "https://jsonfeed.org/version/1.1",\n "items": "\xff"}', "UnicodeError", 2),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b"[" * 100_000, "TooDeep", 0),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b"9" * 10_000 + b"}", "InvalidJSON", 0),
    ],
)
def test_what_cannot_be_read_is_a_fault_with_its_line(data: bytes, code: str, line: int) -> None:
    """Bytes that are no document give the fault that kept them from being read, never an exception."""
    fault = read(data).faults[0]
    assert (fault.code, fault.line) == (code, line)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "gb18030", "iso-2022-jp"])
def test_other_encodings_are_read_too(encoding: str) -> None:
    """A feed in another encoding that it declares, or marks, is read as what it says."""
    text = ATOM.replace("UTF-8", encoding.removesuffix("-sig")).replace("Dike</", "堤防</")
    feed = read(text.encode(encoding)).feed
    assert feed
    assert feed.title
    assert feed.title.value == "堤防"


def test_a_billion_laughs_are_not_laughed() -> None:
    """Entities that grow are refused where they are declared."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    document = read(f'<!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}]><rss>&l11;</rss>'.encode())
    assert [fault.code for fault in document.faults] == ["InvalidDoctype"]


@pytest.mark.parametrize(
    "data",
    [
        b"<rss>" + b"x" * 10_000_000 + b"</rss>",
        b'{"version": "https://jsonfeed.org/version/1.1", "items": "' + b'\\"' * 5_000_000,
        b'{"version": "https://jsonfeed.org/version/1.1", "items": ["' + b'\\"' * 2_000_000 + b'", {}]}',
        b"<rss " + b"a" * 5_000_000,
        b"<rss>" + b"<a/>" * 500_001 + b"</rss>",
    ],
    ids=["text", "escapes", "strings", "name", "elements"],
)
def test_ten_megabytes_in_a_line_take_linear_time(data: bytes) -> None:
    """A line as long as a file, in whatever place, is read or refused, and does not hang."""
    assert isinstance(read(data), Document)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Whatever a file holds, reading it returns a document."""
    assert isinstance(read(data), Document)


@given(st.data())
def test_a_feed_with_any_piece_replaced_is_read_or_refused(data: st.DataObject) -> None:
    """A feed of any format in which any piece was replaced by any bytes gives a document."""
    whole = data.draw(st.sampled_from([ATOM.encode(), RSS.encode(), json.dumps(JSON).encode()]))
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 40)))
    piece = data.draw(st.one_of(st.binary(max_size=20), st.sampled_from([b"<", b"]]>", b"null", b"[[", b"\0", b"&x;"])))
    assert isinstance(read(whole[:start] + piece + whole[end:]), Document)
