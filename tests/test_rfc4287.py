"""RFC 4287's grammar lets good documents through and refuses each of its faults."""

from __future__ import annotations

import pytest
from lxml import etree

from tests.judging.atom import schema
from tests.judging.broken import GOOD_ATOM

_AUTHOR = "<author><name>N</name></author>"
_CONTENT = '<content type="html">c</content>'
_ALTERNATE = '<link rel="alternate" href="https://a.example/"/>'
_DIV = '<div xmlns="http://www.w3.org/1999/xhtml">%s</div>'
_ID, _TITLE, _UPDATED = "<id>urn:a:b</id>", "<title>t</title>", "<updated>2024-01-01T00:00:00Z</updated>"
_NEEDED = _ID + _TITLE + _UPDATED
_ATOM = "http://www.w3.org/2005/Atom"


def feed(head: str = "", entry: str = _CONTENT, *, needed: str = _NEEDED, author: str = _AUTHOR) -> str:
    """Return a feed of one entry: `head` beside what a feed needs, `entry` beside what an entry needs."""
    return f'<feed xmlns="{_ATOM}" xmlns:x="urn:x">{author}{needed}{head}<entry>{entry}{_NEEDED}</entry></feed>'


def bare_entry(children: str) -> str:
    """Return a document that is one entry."""
    return f'<entry xmlns="{_ATOM}" xmlns:x="urn:x">{children}</entry>'


GOOD = {
    "least": feed(),
    "least-entry": bare_entry(_NEEDED + _AUTHOR + _CONTENT),
    "author-at-the-entry": feed(author="", entry=_AUTHOR + _CONTENT),
    "author-in-the-source": feed(author="", entry=f"<source>{_AUTHOR}</source>{_CONTENT}"),
    "alternate-for-content": feed(entry=_ALTERNATE),
    "alternate-by-default": feed(entry='<link rel="via" href="u"/><link href="u"/><link rel="x" href="u"/>'),
    "alternate-and-source-author": feed(author="", entry=f"<source>{_AUTHOR}{_NEEDED}</source>{_ALTERNATE}"),
    "text-xhtml": feed(head=f'<rights type="xhtml">{_DIV % "<b>x</b>"}</rights>'),
    "content-xhtml": feed(entry=f'<content type="xhtml">{_DIV % "<p>x</p>"}</content>'),
    "content-of-any-type": feed(entry='<content type="image/svg+xml"><x:svg a="1"><x:g/></x:svg></content>'),
    "content-elsewhere": feed(entry='<content type="video/mp4" src="https://a.example/v"/><summary>s</summary>'),
    "extensions": feed(head='<x:e a="1" x:b="2">t<x:f/></x:e><e xmlns="">t</e>', entry=f"<x:e/>{_CONTENT}<x:e/>"),
    "extension-attributes": feed(head='<logo x:a="1" xml:base="u" xml:lang="de">u</logo>'),
    "extension-in-a-link": feed(head='<link href="u">t<x:e/></link><category term="t"><x:e/></category>'),
    "extension-in-a-person": feed(head="<contributor><x:e/><name>N</name><email>a@b</email><uri>u</uri></contributor>"),
    "everything-at-the-feed": feed(
        head='<subtitle type="html">s</subtitle><icon>u</icon><logo>u</logo><rights>r</rights><category term="t"/>'
        '<generator uri="u" version="1">g</generator><link rel="self" type="a/b" hreflang="de" title="t" '
        'length="1" href="u"/><link rel="https://a.example/rel" href="u"/>'
    ),
    "everything-at-the-entry": feed(
        entry=f"<published>2024-01-01T00:00:00.5+01:00</published><summary>s</summary><rights>r</rights>"
        f"<contributor><name>N</name></contributor>{_CONTENT}{_ALTERNATE}{_ALTERNATE}<category term='t'/>"
    ),
}

BAD = {
    "another-root": f'<entries xmlns="{_ATOM}"/>',
    "another-namespace": feed().replace(_ATOM, "http://purl.org/atom/ns#"),
    "no-namespace": feed().replace(f' xmlns="{_ATOM}"', ""),
    "feed-without-id": feed(needed=_TITLE + _UPDATED),
    "feed-without-title": feed(needed=_ID + _UPDATED),
    "feed-without-updated": feed(needed=_ID + _TITLE),
    "feed-with-two-ids": feed(head=_ID),
    "feed-with-two-titles": feed(head=_TITLE),
    "feed-with-two-updated": feed(head=_UPDATED),
    "feed-with-two-subtitles": feed(head="<subtitle/><subtitle/>"),
    "feed-with-two-generators": feed(head="<generator/><generator/>"),
    "feed-with-text": feed(head="text"),
    "feed-with-an-element-that-atom-has-not": feed(head="<pubDate/>"),
    "feed-with-content": feed(head=_CONTENT),
    "feed-with-summary": feed(head="<summary/>"),
    "head-after-entry": feed().replace("</entry>", "</entry><icon>u</icon>"),
    "no-author-anywhere": feed(author=""),
    "no-author-at-one-entry": feed(author="", entry=_AUTHOR + _CONTENT).replace(
        "</feed>", f"<entry>{_CONTENT}{_NEEDED}</entry></feed>"
    ),
    "no-author-in-the-source": feed(author="", entry=f"<source>{_NEEDED}</source>{_CONTENT}"),
    "bare-entry-without-author": bare_entry(_NEEDED + _CONTENT),
    "entry-without-id": bare_entry(_TITLE + _UPDATED + _AUTHOR + _CONTENT),
    "entry-without-title": bare_entry(_ID + _UPDATED + _AUTHOR + _CONTENT),
    "entry-without-updated": bare_entry(_ID + _TITLE + _AUTHOR + _CONTENT),
    "entry-with-two-ids": feed(entry=_ID + _CONTENT),
    "entry-with-two-published": feed(entry=_CONTENT + _UPDATED.replace("updated", "published") * 2),
    "entry-with-two-summaries": feed(entry=_CONTENT + "<summary/><summary/>"),
    "entry-with-two-contents": feed(entry=_CONTENT + _CONTENT),
    "entry-with-two-sources": feed(entry=_CONTENT + "<source/><source/>"),
    "entry-with-generator": feed(entry=_CONTENT + "<generator>g</generator>"),
    "entry-without-content-and-link": feed(entry=""),
    "entry-with-other-links-only": feed(entry='<link rel="via" href="u"/><link rel="enclosure" href="u"/>'),
    "entry-in-an-entry": feed(entry=f"{_CONTENT}<entry>{_NEEDED}{_CONTENT}</entry>"),
    "source-with-entry": feed(entry=f"{_CONTENT}<source><entry>{_NEEDED}{_CONTENT}</entry></source>"),
    "person-without-name": feed(author="<author><uri>u</uri></author>"),
    "person-with-two-names": feed(author="<author><name>N</name><name>M</name></author>"),
    "person-with-text": feed(author="<author>N</author>"),
    "mail-without-at": feed(author="<author><name>N</name><email>n</email></author>"),
    "date-only": feed().replace("2024-01-01T00:00:00Z", "2024-01-01"),
    "date-without-zone": feed().replace("2024-01-01T00:00:00Z", "2024-01-01T00:00:00"),
    "date-without-seconds": feed().replace("2024-01-01T00:00:00Z", "2024-01-01T00:00Z"),
    "date-in-rfc-822": feed().replace("2024-01-01T00:00:00Z", "Mon, 01 Jan 2024 00:00:00 +0000"),
    "date-in-month-13": feed().replace("2024-01-01T00:00:00Z", "2024-13-01T00:00:00Z"),
    "link-without-href": feed(head='<link rel="self"/>'),
    "link-type-no-type": feed(head='<link href="u" type="html"/>'),
    "link-hreflang-no-tag": feed(head='<link href="u" hreflang="de_DE"/>'),
    "link-with-another-attribute": feed(head='<link href="u" target="x"/>'),
    "category-without-term": feed(head='<category label="t"/>'),
    "category-with-an-atom-element": feed(head='<category term="t"><title>t</title></category>'),
    "generator-with-another-attribute": feed(head='<generator url="u">g</generator>'),
    "id-with-element": feed().replace("urn:a:b", "<x:e/>"),
    "text-of-another-type": feed(head='<rights type="text/html">r</rights>'),
    "text-with-element": feed(head="<rights><x:b>r</x:b></rights>"),
    "text-xhtml-without-div": feed(head='<rights type="xhtml">r</rights>'),
    "text-xhtml-with-two-divs": feed(head=f'<rights type="xhtml">{_DIV % ""}{_DIV % ""}</rights>'),
    "content-html-with-element": feed(entry='<content type="html"><x:b/></content>'),
    "content-type-cdata": feed(entry='<content type="CDATA">c</content>'),
    "content-xhtml-with-another-element": feed(entry=f'<content type="xhtml">{_DIV % "<x:b/>"}</content>'),
    "content-elsewhere-and-here": feed(entry='<content type="a/b" src="u">c</content>'),
    "content-elsewhere-as-html": feed(entry='<content type="html" src="u"/>'),
    "lang-no-tag": feed().replace("<feed", '<feed xml:lang="en_GB"'),
    "lang-too-long": feed().replace("<feed", '<feed xml:lang="internationalised"'),
    "attribute-without-namespace": feed().replace("<feed", '<feed version="1.0"'),
}


@pytest.mark.parametrize("document", GOOD.values(), ids=GOOD.keys())
def test_grammar_accepts(document: str) -> None:
    """What RFC 4287 allows is valid."""
    schema().assertValid(etree.fromstring(document))


@pytest.mark.parametrize("document", BAD.values(), ids=BAD.keys())
def test_grammar_refuses(document: str) -> None:
    """What RFC 4287 forbids is not valid, each for one fault alone."""
    assert not schema().validate(etree.fromstring(document))


@pytest.mark.parametrize("turn", range(12))
def test_order_means_nothing(turn: int) -> None:
    """The children of a feed's head and of an entry may stand in any order (RFC 4287 §4.1)."""
    root = etree.fromstring(GOOD_ATOM)
    entries = root.findall(f"{{{_ATOM}}}entry")
    head = [child for child in root if child not in entries]
    root[:] = [*head[turn:], *head[:turn], *entries]
    for entry in entries:
        children = list(entry)
        turned = [*children[turn:], *children[:turn]]
        entry[:] = turned[::-1] if turn % 2 else [*turned[::2], *turned[1::2]]
    schema().assertValid(root)
