"""Atom and RSS: what the documents say, byte by byte and to readers, and the traps of feedgen (DESIGN §4)."""

from __future__ import annotations

import locale
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

import pytest
from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feeder.model.entry import Content, Enclosure, Entry
from feeder.model.feed import Feed, History, Mark, Rhythm
from feeder.model.term import Person
from feeder.render.formats import InvalidDocumentError
from feeder.render.syndication import (
    atom_entry,
    atom_envelope,
    check,
    check_fragment,
    rss_envelope,
    rss_item,
)
from tests.judge import check_atom, check_pair, check_rss
from tests.readback import EntryBack, read
from tests.strategies import HOSTILE, INSTANT, SITE, content, contents, entries, entry, feed, feeds, term

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
SY = "{http://purl.org/rss/1.0/modules/syndication/}"
FH = "{http://purl.org/syndication/history/1.0}"
ATOM_URL, RSS_URL = f"{SITE}/atom.xml", f"{SITE}/rss.xml"

SOUND = Enclosure("https://example.org/a.mp3", "audio/mpeg", 48213)
FILM = Enclosure("https://example.org/b.mp4", "video/mp4", 0)
ANNA = Person("Anna", "anna@example.org", "https://example.org/anna")
BERT = Person("Bert")
FULL = entry(
    link="https://example.org/full/",
    via="https://origin.example/full",
    updated=INSTANT + timedelta(days=1),
    language="zh-Hant",
    authors=(ANNA,),
    terms=(term("categories", "News"), term("tags", "c++", "C++", "c-plus-plus"), term("authors", "anna", "Anna")),
)
FULL_CONTENT = content(
    "<p>All of it, &amp; more.</p>", "It & more", enclosures=(SOUND, FILM), thumbnail=f"{SITE}/i.png"
)

# SPEC §6, without the indentation and with the text that it shows only the beginning of as it stands there.
SEED = """<entry xmlns="http://www.w3.org/2005/Atom"><id>urn:uuid:8878e1fd-bf2d-5bd4-ae3c-61f12931d57f</id>
<title>吳釗燮：目前不尋求與美建立全面外交關係</title>
<link rel="alternate" type="text/html" href="https://www.cna.com.tw/news/firstnews/202009240039.aspx"/>
<published>2020-09-24T03:56:17Z</published>
<updated>2020-09-24T03:56:17Z</updated>
<author><name>(臺)中央社CNA</name></author>
<category term="臺-中央社cna" scheme="https://example.org/categories/" label="(臺)中央社CNA"/>
<category term="臺-中央社cna" scheme="https://example.org/tags/" label="(臺)中央社CNA"/>
<summary>（中央社記者江今葉華盛頓23日專電）外交部長吳釗燮20日接受美國全國公共電台（NPR）專訪時表示…</summary>
<content type="html">&lt;div&gt;&lt;img src="https://images.weserv.nl/?url=imgcdn…</content></entry>""".replace(
    "\n", ""
)


def atom_of(*posts: tuple[Entry, Content], of: Feed | None = None) -> bytes:
    """Return the Atom document of `posts`, in this order."""
    updated = max(one.updated for one, _ in posts)
    return atom_envelope(of or feed(), ATOM_URL, updated).around(atom_entry(one, body) for one, body in posts)


def rss_of(*posts: tuple[Entry, Content], of: Feed | None = None) -> bytes:
    """Return the RSS document of `posts`, in this order."""
    updated = max(one.updated for one, _ in posts)
    return rss_envelope(of or feed(), RSS_URL, updated).around(rss_item(one, body) for one, body in posts)


def atom_xml(one: Entry, body: Content) -> etree._Element:
    """Return the entry as it stands in a document."""
    found = etree.fromstring(atom_of((one, body))).find(f"{ATOM}entry")
    assert found is not None
    return found


def rss_xml(one: Entry, body: Content) -> etree._Element:
    """Return the item as it stands in a document."""
    found = etree.fromstring(rss_of((one, body))).find("channel/item")
    assert found is not None
    return found


def names(element: etree._Element) -> list[str]:
    """Return the names of an element's children, in order, with the usual prefixes."""
    prefixes = {ATOM[1:-1]: "", DC[1:-1]: "dc:", CONTENT[1:-1]: "content:", MEDIA[1:-1]: "media:", None: ""}
    tags = (etree.QName(child) for child in element)
    return [prefixes[tag.namespace] + tag.localname for tag in tags]


def attributes(element: etree._Element) -> dict[str, str]:
    """Return an element's attributes."""
    return {str(name): str(value) for name, value in element.attrib.items()}


def plain_generator() -> FeedGenerator:
    """Return a feed made with feedgen as its manual says."""
    generator = FeedGenerator()
    generator.id("urn:x-test:feed")
    generator.title("A site")
    generator.description("What it is about")
    generator.link(href=ATOM_URL, rel="self")
    generator.link(href=f"{SITE}/", rel="alternate")
    return generator


def plain_entry(number: int = 1) -> FeedEntry:
    """Return an entry made with feedgen as its manual says."""
    item = FeedEntry()
    item.id(f"urn:x-test:{number}")
    item.title("A title")
    item.link(href=f"{SITE}/{number}/", rel="alternate", type="text/html")
    return item


class TestTraps:
    """Each trap of feedgen 1.0.0: feeder is right, and feedgen wrong, so that a test says when the trap is gone."""

    def test_entry_links_lose_their_attributes(self) -> None:
        """An Atom entry's links keep rel, type and length."""
        links = [attributes(link) for link in atom_xml(FULL, FULL_CONTENT).findall(f"{ATOM}link")]
        assert links == [
            {"href": "https://example.org/full/", "rel": "alternate", "type": "text/html"},
            {"href": "https://origin.example/full", "rel": "via", "type": "text/html"},
            {"href": SOUND.url, "rel": "enclosure", "type": "audio/mpeg", "length": "48213"},
            {"href": FILM.url, "rel": "enclosure", "type": "video/mp4", "length": "0"},
        ]
        assert attributes(plain_entry().atom_entry().find("link")) == {"href": f"{SITE}/1/"}

    def test_add_entry_prepends(self) -> None:
        """Entries stand in the order in which they were handed over."""
        posts = [(entry(number), content()) for number in (2, 3, 1)]
        ids = [one.id for one, _ in posts]
        assert [one.id for one in read(atom_of(*posts)).entries] == ids
        assert [one.id for one in read(rss_of(*posts)).entries] == ids
        generator = plain_generator()
        for number in (1, 2):
            generator.add_entry(plain_entry(number))
        assert [one.id() for one in generator.entry()] == ["urn:x-test:2", "urn:x-test:1"]

    def test_feed_and_entries_are_stamped_with_now(self) -> None:
        """Nothing but the given instants stands in a document: the year of the clock does not."""
        this_year = str(datetime.now(UTC).year).encode()
        for document in (atom_of((FULL, FULL_CONTENT)), rss_of((FULL, FULL_CONTENT))):
            assert this_year not in document
            assert read(document).updated == FULL.updated
        assert this_year in plain_generator().atom_str()
        assert this_year in etree.tostring(plain_entry().atom_entry())

    def test_instants_have_microseconds(self) -> None:
        """Instants are printed in whole seconds with `Z` in Atom and `+0000` in RSS."""
        uneven = INSTANT.replace(microsecond=123456)
        one = entry(published=uneven, updated=uneven)
        atom, rss = atom_of((one, content())), rss_of((one, content()))
        assert re.findall(rb"<(?:updated|published)>([^<]*)<", atom) == [b"2020-09-24T03:56:17Z"] * 3
        assert re.findall(rb"<(?:lastBuildDate|pubDate)>([^<]*)<", rss) == [b"Thu, 24 Sep 2020 03:56:17 +0000"] * 2
        item = plain_entry()
        item.updated(uneven)
        assert item.atom_entry().findtext("updated") == "2020-09-24T03:56:17.123456+00:00"

    def test_content_of_type_cdata_is_no_atom(self) -> None:
        """Content is `type="html"`, escaped and never in a CDATA section, in both formats."""
        body = content("<p>]]&gt; &lt;![CDATA[</p>", "<![CDATA[ x ]]>")
        element = atom_xml(entry(), body).find(f"{ATOM}content")
        assert element is not None
        assert attributes(element) == {"type": "html"}
        for document in (atom_of((entry(), body)), rss_of((entry(), body))):
            assert b"<![CDATA[" not in document
        item = plain_entry()
        item.content("<p>", type="CDATA")
        assert b'<content type="CDATA"><![CDATA[<p>]]></content>' in etree.tostring(item.atom_entry())

    def test_content_of_type_xhtml_refuses_entities(self) -> None:
        """HTML's entities stand in content as they are."""
        body = content("<p>a&nbsp;b &eacute;</p>")
        for document in (atom_of((entry(), body)), rss_of((entry(), body))):
            assert read(document).entries[0].content == body.html
        item = plain_entry()
        item.content(body.html, type="xhtml")
        with pytest.raises(etree.XMLSyntaxError):
            item.atom_entry()

    def test_rss_writes_only_the_first_self_link(self) -> None:
        """RSS has one `atom:link`, to itself and with its type."""
        channel = etree.fromstring(rss_of((FULL, FULL_CONTENT)))[0]
        links = [attributes(link) for link in channel.iter(f"{ATOM}link")]
        assert links == [{"href": RSS_URL, "rel": "self", "type": "application/rss+xml"}]
        generator = plain_generator()
        generator.link(href="https://hub.example/", rel="hub")
        assert b"hub.example/</" in generator.rss_str()  # as the channel's <link>
        assert b'rel="hub"' not in generator.rss_str()

    def test_rss_link_is_the_last_one_added(self) -> None:
        """RSS's `<link>` is the page, not the feed; Atom has one self and one alternate link."""
        assert etree.fromstring(rss_of((FULL, FULL_CONTENT))).findtext("channel/link") == f"{SITE}/"
        links = etree.fromstring(atom_of((FULL, FULL_CONTENT))).findall(f"{ATOM}link")
        assert [attributes(link) for link in links] == [
            {"href": ATOM_URL, "rel": "self", "type": "application/atom+xml"},
            {"href": f"{SITE}/", "rel": "alternate", "type": "text/html"},
        ]
        generator = plain_generator()
        generator.link(href=RSS_URL, rel="self")
        assert f"<link>{RSS_URL}</link>".encode() in generator.rss_str()

    def test_a_name_without_mail_vanishes_in_rss(self) -> None:
        """Authors without e-mail are named in RSS by `dc:creator`, at the feed and at the entry."""
        channel = etree.fromstring(rss_of((entry(authors=(BERT,)), content()), of=feed(authors=(BERT,))))[0]
        assert channel.findtext(f"{DC}creator") == "Bert"
        assert channel.findtext(f"item/{DC}creator") == "Bert"
        item = plain_entry()
        item.author(name="Bert")
        assert b"Bert" not in etree.tostring(item.rss_entry())

    def test_id_undoes_the_permalink(self) -> None:
        """`isPermaLink` is true where the id is the link, and false is written out everywhere else."""
        guids = [rss_xml(one, content()).find("guid") for one in (entry(id=f"{SITE}/1/"), entry())]
        assert [guid is not None and guid.get("isPermaLink") for guid in guids] == ["true", "false"]
        item = plain_entry()
        item.guid(f"{SITE}/1/", permalink=True)
        item.id(f"{SITE}/1/")
        assert item.rss_entry().find("guid").get("isPermaLink") == "false"

    def test_an_unknown_length_is_written_as_none(self) -> None:
        """An enclosure whose length is not known has the length 0."""
        enclosure = rss_xml(entry(), content(enclosures=(FILM,))).find("enclosure")
        assert enclosure is not None
        assert attributes(enclosure) == {"url": FILM.url, "type": "video/mp4", "length": "0"}
        item = plain_entry()
        item.enclosure(FILM.url, None, "video/mp4")
        assert item.rss_entry().find("enclosure").get("length") == "None"
        item.enclosure(FILM.url, 1, None)
        with pytest.raises(TypeError):
            item.rss_entry()

    def test_the_syndication_module_has_names_of_the_wrong_case(self) -> None:
        """The names of `sy:` elements begin in lower case, as the module has them and feedgen's own has not."""
        generator = plain_generator()
        generator.load_extension("syndication")
        generator.syndication.update_period("daily")
        assert b"<sy:UpdatePeriod>" in generator.rss_str()
        document = rss_of((FULL, FULL_CONTENT), of=feed(rhythm=Rhythm("daily", 1, 1440)))
        assert b"<sy:updatePeriod>daily</sy:updatePeriod>" in document
        assert b"<sy:UpdatePeriod>" not in document

    def test_dates_flip_the_locale(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """RSS dates are English whatever the locale does, and the locale is what it was before."""
        before = locale.setlocale(locale.LC_ALL)
        asked: list[object] = []
        real = locale.setlocale

        def noted(category: int, value: str | None = None) -> str:
            asked.append(value)
            return real(category, value)

        monkeypatch.setattr(locale, "setlocale", noted)
        assert b"<pubDate>Thu, 24 Sep 2020 03:56:17 +0000</pubDate>" in rss_of((entry(), content()))
        assert "C" in asked  # the trap: why there are no threads
        assert real(locale.LC_ALL) == before

    @pytest.mark.parametrize("field", ["title", "summary", "html"])
    def test_an_illegal_character_is_refused_late(self, field: str) -> None:
        """An illegal character is refused where the entry is rendered, not where the feed is joined."""
        one = entry(title="a\0b" if field == "title" else "A")
        body = content("<p>\x0b" if field == "html" else "<p>", "\ufffe" if field == "summary" else "")
        with pytest.raises(ValueError, match="XML compatible"):
            atom_entry(one, body)
        with pytest.raises(ValueError, match="XML compatible"):
            rss_item(one, body)
        plain_entry().title("a\0b")  # the trap: nothing is said here

    def test_description_overwrites_content(self) -> None:
        """Summary and content both arrive in both formats."""
        for document in (atom_of((FULL, FULL_CONTENT)), rss_of((FULL, FULL_CONTENT))):
            back = read(document).entries[0]
            assert (back.summary, back.content) == ("It & more", "<p>All of it, &amp; more.</p>")
        item = plain_entry()
        item.content("<p>All of it</p>", type="html")
        item.description("It")
        assert b"All of it" not in etree.tostring(item.atom_entry())

    def test_naive_instants_are_refused(self) -> None:
        """A naive instant, which the model does not have, is never published."""
        naive = INSTANT.replace(tzinfo=None)
        for write in (atom_entry, rss_item):
            with pytest.raises(ValueError, match="timezone"):
                write(entry(published=naive), content())

    def test_an_empty_title_is_refused_in_atom(self) -> None:
        """The title `0` is one; an empty title, which the model does not have, is never published."""
        assert atom_xml(entry(title="0"), content()).findtext(f"{ATOM}title") == "0"
        with pytest.raises(ValueError, match="Required fields"):
            atom_entry(entry(title=""), content())

    def test_the_tree_in_memory_has_no_namespace(self) -> None:
        """Every element of an Atom document that is not an extension's is in Atom's namespace."""
        spaces = {etree.QName(element).namespace for element in etree.fromstring(atom_of((FULL, FULL_CONTENT))).iter()}
        assert spaces == {ATOM[1:-1], MEDIA[1:-1]}
        assert etree.QName(plain_generator()._create_atom()[0]).namespace is None


def test_the_seed_is_written_as_the_specification_shows_it() -> None:
    """The seed's entry is that of SPEC §6, element for element."""
    label = "(臺)中央社CNA"
    found = [term(taxonomy, "(臺)中央社cna", label, "臺-中央社cna") for taxonomy in ("categories", "tags")]
    one = entry(
        id="urn:uuid:8878e1fd-bf2d-5bd4-ae3c-61f12931d57f",
        title="吳釗燮：目前不尋求與美建立全面外交關係",
        link="https://www.cna.com.tw/news/firstnews/202009240039.aspx",
        authors=(Person(label),),
        terms=tuple(found),
    )
    expected = etree.fromstring(SEED)
    summary, html = expected.findtext(f"{ATOM}summary"), expected.findtext(f"{ATOM}content")
    assert summary is not None
    assert html is not None
    element = atom_xml(one, content(html, summary))
    element.tail = None
    assert etree.tostring(element, method="c14n", exclusive=True) == etree.tostring(
        expected, method="c14n", exclusive=True
    )


def test_elements_have_one_order() -> None:
    """Elements stand in the order of SPEC §6; in RSS the description stands before the content."""
    assert (
        names(atom_xml(FULL, FULL_CONTENT))
        == (
            "id title link link link link published updated author category category summary content media:thumbnail"
        ).split()
    )
    assert (
        names(rss_xml(FULL, FULL_CONTENT))
        == (
            "title link description content:encoded author guid category category enclosure pubDate "
            "dc:source dc:language media:thumbnail"
        ).split()
    )


def test_a_document_is_its_head_and_its_fragments() -> None:
    """A document is a head, the fragments byte for byte a line each, and an end, whatever the fragments are."""
    for envelope, url, end in (
        (atom_envelope, ATOM_URL, b"</feed>\n"),
        (rss_envelope, RSS_URL, b"</channel>\n</rss>\n"),
    ):
        found = envelope(feed(), url, INSTANT)
        empty = found.around(())
        assert empty.endswith(b">\n" + end)
        start = empty.removesuffix(end)
        fragments = [b"<one>\xf0\x9f\x98\x80</one>", b"<two/>", b"  <three/>"]
        assert found.around(iter(fragments)) == start + b"\n".join(fragments) + b"\n" + end


def test_rss_says_how_often_to_ask() -> None:
    """RSS has the rhythm as `ttl` and in the words of RSS 1.0's module, once each; Atom has neither."""
    site = feed(rhythm=Rhythm("daily", 4, 360))
    channel = etree.fromstring(rss_of((FULL, FULL_CONTENT), of=site))[0]
    names = ("ttl", f"{SY}updatePeriod", f"{SY}updateFrequency")
    assert [[one.text for one in channel.findall(name)] for name in names] == [["360"], ["daily"], ["4"]]
    assert [child.tag for child in channel].index("item") == len(channel) - 1
    assert check_rss(rss_of((FULL, FULL_CONTENT), of=site), RSS_URL) == []
    assert atom_of((FULL, FULL_CONTENT), of=site) == atom_of((FULL, FULL_CONTENT))


def test_rss_without_history_says_nothing_of_it() -> None:
    """A feed without a rhythm has none of the elements that would say one."""
    document = rss_of((FULL, FULL_CONTENT)).partition(b"<channel>")[2]
    assert b"<ttl>" not in document
    assert b"<sy:" not in document


@pytest.mark.parametrize(
    ("history", "links", "marks"),
    [
        (History(), [], []),
        (History(Mark.COMPLETE), [], ["complete"]),
        (History(previous=f"{SITE}/3"), [("prev-archive", "3")], []),
        (
            History(Mark.ARCHIVE, f"{SITE}/1", f"{SITE}/2", f"{SITE}/3"),
            [("current", "1"), ("prev-archive", "2"), ("next-archive", "3")],
            ["archive"],
        ),
    ],
    ids=["none", "complete", "subscription", "archive"],
)
def test_a_document_says_its_place_in_the_history(
    history: History, links: list[tuple[str, str]], marks: list[str]
) -> None:
    """Both formats say of a document what RFC 5005 has words for, its namespace is declared where something is."""
    for envelope, url, kind in ((atom_envelope, ATOM_URL, "atom"), (rss_envelope, RSS_URL, "rss")):
        document = envelope(feed(), url, INSTANT, history).around(())
        root = etree.fromstring(document)
        assert [element.tag for element in root.iter() if str(element.tag).startswith(FH)] == [
            FH + one for one in marks
        ]
        assert ("fh" in root.nsmap) == bool(marks)
        media_type = f"application/{kind}+xml"
        back = read(document)
        found = [(one.rel, one.href) for one in back.links if one.rel not in ("self", "alternate")]
        assert found == [(rel, f"{SITE}/{name}") for rel, name in links]
        assert {one.type for one in back.links if one.rel != "alternate"} == {media_type}
        assert (back.self_link, back.link) == (url, f"{SITE}/")


@pytest.mark.parametrize("trap", ["</feed>", "</channel>", "<updated>x</updated>", "<lastBuildDate>x</lastBuildDate>"])
def test_text_that_looks_like_the_head_is_only_text(trap: str) -> None:
    """A site whose title and description look like a head's elements is published as it is called."""
    site = feed(title=trap, description=f"About {trap}", authors=(Person(trap),))
    for document in (atom_of((FULL, FULL_CONTENT), of=site), rss_of((FULL, FULL_CONTENT), of=site)):
        back = read(document)
        assert (back.title, back.description, back.updated) == (trap, f"About {trap}", FULL.updated)
        assert len(back.entries) == 1


def test_namespaces_are_declared_once() -> None:
    """Namespaces are declared in the document's first element, and in no fragment."""
    fragments = [atom_entry(FULL, FULL_CONTENT), rss_item(FULL, FULL_CONTENT)]
    assert not any(b"xmlns" in fragment for fragment in fragments)
    atom, rss = atom_of((FULL, FULL_CONTENT), (entry(), content())), rss_of((FULL, FULL_CONTENT), (entry(), content()))
    assert (atom.count(b"xmlns"), rss.count(b"xmlns")) == (2, 5)


def test_documents_begin_and_end_as_they_should() -> None:
    """A document declares XML 1.0 and UTF-8, has no BOM and no DOCTYPE, and ends in one newline."""
    for document in (atom_of((FULL, FULL_CONTENT)), rss_of((FULL, FULL_CONTENT))):
        assert re.match(rb"""<\?xml version=['"]1.0['"] encoding=['"]UTF-8['"]\?>\n<(feed|rss) """, document)
        assert b"<!DOCTYPE" not in document
        assert document.endswith(b">\n")


def test_the_language_is_said_where_it_is_known() -> None:
    """The feed's and the entry's language are said where they are set, and nothing is where they are not."""
    posts = ((entry(1, language="ar"), content()), (entry(2), content()))
    space = "{http://www.w3.org/XML/1998/namespace}lang"
    atom = etree.fromstring(atom_of(*posts, of=feed(language="en-GB")))
    assert [atom.get(space), *(one.get(space) for one in atom.iter(f"{ATOM}entry"))] == ["en-GB", "ar", None]
    channel = etree.fromstring(rss_of(*posts, of=feed(language="en-GB")))[0]
    items = [item.findtext(f"{DC}language") for item in channel.iter("item")]
    assert [channel.findtext("language"), *items] == ["en-GB", "ar", None]
    assert b"xml:lang" not in atom_of(posts[1])
    assert b"language" not in rss_of(posts[1])


@pytest.mark.parametrize(
    ("authors", "mailbox", "creators"),
    [
        ((), None, []),
        ((ANNA,), "anna@example.org (Anna)", []),
        ((BERT,), None, ["Bert"]),
        ((ANNA, BERT), None, ["Anna", "Bert"]),
        ((Person("(臺)中央社CNA", "a@example.org"),), None, ["(臺)中央社CNA"]),
        ((Person("a\\b", "a@example.org"),), None, ["a\\b"]),
    ],
)
def test_rss_names_authors(authors: tuple[Person, ...], mailbox: str | None, creators: list[str]) -> None:
    """RSS says `mail (Name)` of one person with an e-mail address whose name can stand there, else `dc:creator`."""
    channel = etree.fromstring(rss_of((entry(authors=authors), content()), of=feed(authors=authors)))[0]
    item = channel.find("item")
    assert item is not None
    assert (item.findtext("author"), channel.findtext("managingEditor")) == (mailbox, mailbox)
    assert [creator.text for creator in item.findall(f"{DC}creator")] == creators
    assert [creator.text for creator in channel.findall(f"{DC}creator")] == creators


def test_atom_names_every_author() -> None:
    """Atom names every author with e-mail and address, at the feed and at the entry."""
    root = etree.fromstring(atom_of((entry(authors=(ANNA, BERT)), content()), of=feed(authors=(BERT, ANNA))))
    said = [
        [
            tuple(one.findtext(f"{ATOM}{name}") for name in ("name", "email", "uri"))
            for one in parent.findall(f"{ATOM}author")
        ]
        for parent in (root, root[-1])
    ]
    anna, bert = ("Anna", "anna@example.org", "https://example.org/anna"), ("Bert", None, None)
    assert said == [[bert, anna], [anna, bert]]


def test_categories_name_term_scheme_and_label() -> None:
    """Atom says term, scheme and label; RSS the label and the scheme as `domain`; authors are no categories."""
    found = [attributes(one) for one in atom_xml(FULL, FULL_CONTENT).findall(f"{ATOM}category")]
    assert found == [
        {"term": "News", "scheme": f"{SITE}/categories/", "label": "A"},
        {"term": "c-plus-plus", "scheme": f"{SITE}/tags/", "label": "C++"},
    ]
    items = [(one.get("domain"), one.text) for one in rss_xml(FULL, FULL_CONTENT).findall("category")]
    assert items == [(f"{SITE}/categories/", "A"), (f"{SITE}/tags/", "C++")]


def test_rss_has_one_enclosure_and_atom_all() -> None:
    """RSS names the first enclosure, Atom all of them, in their order."""
    item = rss_xml(FULL, FULL_CONTENT)
    assert [attributes(one) for one in item.findall("enclosure")] == [
        {"url": SOUND.url, "length": "48213", "type": "audio/mpeg"}
    ]
    links = [one.get("href") for one in atom_xml(FULL, FULL_CONTENT).findall(f"{ATOM}link[@rel='enclosure']")]
    assert links == [SOUND.url, FILM.url]


def test_the_thumbnail_stands_in_both_formats() -> None:
    """The thumbnail is `media:thumbnail`, and where there is none nothing is said."""
    for element in (atom_xml(FULL, FULL_CONTENT), rss_xml(FULL, FULL_CONTENT)):
        thumbnails = element.findall(f"{MEDIA}thumbnail")
        assert [attributes(one) for one in thumbnails] == [{"url": f"{SITE}/i.png"}]
    for element in (atom_xml(FULL, content()), rss_xml(FULL, content())):
        assert element.find(f"{MEDIA}thumbnail") is None


def test_the_origin_is_named_where_it_is_not_the_link() -> None:
    """The origin is `rel="via"` in Atom and `dc:source` in RSS, and nowhere where there is none."""
    assert rss_xml(FULL, content()).findtext(f"{DC}source") == "https://origin.example/full"
    assert rss_xml(entry(), content()).find(f"{DC}source") is None
    assert [link.get("rel") for link in atom_xml(entry(), content()).findall(f"{ATOM}link")] == ["alternate"]


@pytest.mark.parametrize("text", [*HOSTILE, "&lt;", "&amp;lt;", "&nbsp;", "</summary>", "a</b>c"])
def test_a_summary_is_text_in_atom_and_html_in_rss(text: str) -> None:
    """What a reader shows of the summary is the summary: Atom escapes it once, RSS as HTML and once more as XML."""
    body = content(summary=f"a {text} b")
    assert atom_xml(entry(), body).findtext(f"{ATOM}summary") == f"a {text} b"
    description = rss_xml(entry(), body).findtext("description")
    assert description is not None
    fragment = etree.fromstring(f"<p>{description}</p>")  # well-formed: nothing in it is markup
    assert (fragment.text, len(fragment)) == (f"a {text} b", 0)


def test_without_summary_the_description_is_the_content() -> None:
    """Where there is no summary, Atom has none, and RSS has the content as description alone."""
    body = content("<p>Short &amp; whole.</p>")
    item = rss_xml(entry(), body)
    assert item.findtext("description") == "<p>Short &amp; whole.</p>"
    assert item.find(f"{CONTENT}encoded") is None
    assert atom_xml(entry(), body).find(f"{ATOM}summary") is None


@pytest.mark.parametrize("html", ["]]&gt;", "&amp;lt;", "a&nbsp;b", "\U0001f600\U0010fffd", "a\n b\tc", "&#38;lt;"])
def test_readers_decode_what_was_meant(html: str) -> None:
    """The HTML that a reader decodes is the content, character for character."""
    body = content(f"<p>{html}</p>", "a summary")
    for document in (atom_of((entry(), body)), rss_of((entry(), body))):
        assert read(document).entries[0].content == f"<p>{html}</p>"


def test_the_generator_is_named_without_a_time() -> None:
    """The generator has a name, an address and the version of the output rules in both formats."""
    generator = etree.fromstring(atom_of((entry(), content()))).find(f"{ATOM}generator")
    assert generator is not None
    assert generator.text == "feeder"
    said = etree.fromstring(rss_of((entry(), content()))).findtext("channel/generator")
    assert said == f"feeder {generator.get('version')} ({generator.get('uri')})"
    assert re.fullmatch(r"[0-9]+", generator.get("version") or "")


@pytest.mark.parametrize(
    "broken",
    [b"", b"<feed>", b"<a><b></a>", b"<a>\x00</a>", b"<a>\xff</a>", b"<a/><b/>", b"<a>&nbsp;</a>", b"<a b='1' b='2'/>"],
)
def test_broken_documents_are_refused(broken: bytes) -> None:
    """A document that is not well-formed is refused with the reason."""
    with pytest.raises(InvalidDocumentError, match=r"\w+"):
        check(broken)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"x",
        b"<entry>",
        b"<entry/>x",
        b"<entry/><entry/>",
        b"<entry>&nbsp;</entry>",
        b"<entry>\x00</entry>",
        b"<entry>\xff</entry>",
        b"<entry><dc:creator/></entry>",
        b"<item><x:y/></item>",
        b"<entry/></frame><frame>",
        b"<!-- c --><entry/>",
    ],
)
def test_broken_fragments_are_refused(broken: bytes) -> None:
    """What is not one well-formed element in a document of its format is refused with the reason."""
    with pytest.raises(InvalidDocumentError, match=r"\w+"):
        check_fragment(broken)


def test_good_fragments_are_not_refused() -> None:
    """What was written for an entry passes, a large one too, and so does each format's own namespace."""
    large = content("<p>" + "x" * 11_000_000)
    for one in (FULL_CONTENT, large):
        check_fragment(atom_entry(FULL, one))
        check_fragment(rss_item(FULL, one))


def test_good_documents_are_not_refused() -> None:
    """A well-formed document passes, a large one too."""
    large = content("<p>" + "x" * 11_000_000)
    for document in (atom_of((FULL, large)), rss_of((FULL, large))):
        check(document)


_SCRIPT = """
import locale, sys
for name in ("", "de_DE.UTF-8", "C.UTF-8"):
    try:
        locale.setlocale(locale.LC_ALL, name)
        break
    except locale.Error:
        pass
from tests.render.test_syndication import FULL, FULL_CONTENT, atom_of, rss_of
sys.stdout.buffer.write(atom_of((FULL, FULL_CONTENT)) + rss_of((FULL, FULL_CONTENT)))
"""


@pytest.mark.parametrize(
    "surroundings",
    [
        {"TZ": "Asia/Tokyo", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "1"},
        {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONHASHSEED": "3"},
    ],
)
def test_bytes_do_not_depend_on_surroundings(surroundings: dict[str, str]) -> None:
    """Zone, locale and hash seed change no byte."""
    top = Path(__file__).parents[2]
    environment = {name: value for name, value in os.environ.items() if name not in ("TZ", "LC_ALL", "PYTHONPATH")}
    found = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        cwd=top,
        env={**environment, **surroundings},
        check=True,
        capture_output=True,
    )
    assert found.stdout == atom_of((FULL, FULL_CONTENT)) + rss_of((FULL, FULL_CONTENT))


def test_hub() -> None:
    """A site's hub is named in both formats, once, and a site without one names none."""
    posts, site = (FULL, FULL_CONTENT), feed(hub="https://hub.example/x/")
    atom, rss = atom_of(posts, of=site), rss_of(posts, of=site)
    for document in (atom, rss):
        links = [link for link in etree.fromstring(document).iter(f"{ATOM}link") if link.get("rel") == "hub"]
        assert [link.get("href") for link in links] == ["https://hub.example/x/"]
    assert (check_atom(atom, ATOM_URL), check_rss(rss, RSS_URL)) == ([], [])
    assert b"hub" not in atom_of(posts) + rss_of(posts)


# -- properties


def _posts() -> st.SearchStrategy[list[tuple[Entry, Content]]]:
    posts = st.lists(st.tuples(entries(), contents()), min_size=1, max_size=3, unique_by=lambda post: post[0].id)
    return posts.map(lambda found: sorted(found, key=lambda post: (-post[0].published.timestamp(), post[0].id)))


@settings(max_examples=40)
@given(feeds(), _posts())
def test_the_judge_finds_nothing(one: Feed, posts: list[tuple[Entry, Content]]) -> None:
    """Whatever stands in the model, both documents keep the rules of SPEC §6 and say the same; Atom fits RFC 4287."""
    atom, rss = atom_of(*posts, of=one), rss_of(*posts, of=one)
    check(atom)
    check(rss)
    assert check_atom(atom, ATOM_URL) == []
    assert check_rss(rss, RSS_URL) == []
    assert check_pair(atom, rss) == []


@settings(max_examples=40)
@given(feeds(), _posts())
def test_readers_read_back_the_model(one: Feed, posts: list[tuple[Entry, Content]]) -> None:
    """What feedparser reads back from both documents is what the model says."""
    for document, url in ((atom_of(*posts, of=one), ATOM_URL), (rss_of(*posts, of=one), RSS_URL)):
        back = read(document)
        is_atom = back.format == "atom"
        assert (back.title, back.description, back.link) == (one.title, one.description, one.alternate)
        assert (back.self_link, back.language) == (url, one.language)
        assert back.updated == max(entry.updated for entry, _ in posts)
        assert not is_atom or back.id == one.id
        assert len(back.entries) == len(posts)
        for found, (entry_, body) in zip(back.entries, posts, strict=True):
            _assert_read_back(found, entry_, body, is_atom)


def _assert_read_back(found: EntryBack, one: Entry, body: Content, is_atom: bool) -> None:
    terms = [term for term in one.terms if term.taxonomy != "authors"]
    assert (found.id, found.title, found.link, found.via) == (one.id, one.title, one.link, one.via)
    assert (found.published, found.thumbnail) == (one.published, body.thumbnail)
    assert (found.content.strip(), found.summary) == (body.html.strip(), body.summary)
    assert [category.label for category in found.categories] == [term.label for term in terms]
    assert [category.scheme for category in found.categories] == [term.scheme for term in terms]
    enclosures = [Enclosure(one.url, one.type, one.length) for one in found.enclosures]
    assert enclosures == list(body.enclosures if is_atom else body.enclosures[:1])
    if is_atom:
        assert found.updated == one.updated
        assert [category.term for category in found.categories] == [term.slug for term in terms]
        assert [(person.name, person.uri) for person in found.authors] == [
            (person.name, person.uri) for person in one.authors
        ]
        # feedparser gives a person without e-mail that of another.
        mails = zip(found.authors, one.authors, strict=True)
        assert all(person.email == author.email for person, author in mails if author.email)


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_escaping_is_undone_by_every_parser(text: str) -> None:
    """Any text that XML can hold arrives in title and content; any other is refused and not published."""
    one, body = entry(title=f"a{text}b"), content(escape(text) or "x")
    if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", text):
        with pytest.raises(ValueError, match="XML compatible"):
            atom_entry(one, body)
    else:
        found = atom_xml(one, body)
        assert (found.findtext(f"{ATOM}title"), found.findtext(f"{ATOM}content")) == (one.title, body.html)
