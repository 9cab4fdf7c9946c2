"""Atom 1.0 and RSS 2.0 through feedgen (the only user of feedgen and lxml): every trap of feedgen lives here.

feedgen builds a head without entries and entries without a head, each once; documents are joined of them as bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, ClassVar

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from feeder.model.entry import Content, Entry
from feeder.model.feed import Feed, History, Mark
from feeder.model.instant import rfc822, rfc3339
from feeder.model.term import Person, Term
from feeder.render.formats import (
    ATOM_TYPE,
    GENERATOR,
    GENERATOR_URI,
    NO_HISTORY,
    RSS_TYPE,
    RULES_VERSION,
    Envelope,
    InvalidDocumentError,
)

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DC = "http://purl.org/dc/elements/1.1/"
_MEDIA = "http://search.yahoo.com/mrss/"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_SY = "http://purl.org/rss/1.0/modules/syndication/"
_ATOM = "http://www.w3.org/2005/Atom"
_HISTORY = "http://purl.org/syndication/history/1.0"
_ATOM_SPACES = {"media": _MEDIA}
_RSS_SPACES = {"dc": _DC, "media": _MEDIA, "content": _CONTENT, "sy": _SY, "atom": _ATOM}
_IN_COMMENT = re.compile(r"[()\\]")
_UPDATED = re.compile(rb"<updated>[^<]*</updated>")
_LAST_BUILD_DATE = re.compile(rb"<lastBuildDate>[^<]*</lastBuildDate>")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
# The order of SPEC §6's example; RSS wants its description before content:encoded (NeedDescriptionBeforeContent).
_ATOM_ORDER = ("id", "title", "link", "published", "updated", "author", "category", "summary", "content")


class _Extras(BaseExtension):  # type: ignore[misc]
    """What feedgen has no words for: elements appended as given, after feedgen's own."""

    spaces: ClassVar[dict[str, str]]

    def __init__(self) -> None:
        self.elements: list[Element] = []

    def extend_ns(self) -> dict[str, str]:
        return self.spaces

    def extend_atom(self, feed: Element) -> Element:
        feed.extend(self.elements)
        return feed

    def extend_rss(self, feed: Element) -> Element:
        # feedgen hands over <rss> for a channel, and <item> for an entry.
        target = feed[0] if feed.tag == "rss" else feed
        target.extend(self.elements)
        return feed


class _AtomExtras(_Extras):
    spaces = _ATOM_SPACES


class _RssExtras(_Extras):
    spaces = _RSS_SPACES


class _HistoryExtras(_Extras):
    """The namespace of RFC 5005, declared where something is said in it."""

    spaces: ClassVar[dict[str, str]] = {"fh": _HISTORY}


class _AtomEntry(FeedEntry):  # type: ignore[misc]
    """feedgen's entry with the link attributes that it drops, and instants as RFC 3339 in UTC."""

    def atom_entry(self, *extensions: object) -> Element:
        element: Element = super().atom_entry(*extensions)
        for link, given in zip(element.findall("link"), self.link() or (), strict=True):
            for name in ("rel", "type", "hreflang", "title", "length"):
                if given.get(name):
                    link.set(name, given[name])
        return element


def _element(name: str, text: str = "", **attributes: str) -> Element:
    element = etree.Element(name)
    element.text = text or None
    for key, value in attributes.items():
        element.set(key, value)
    return element


def _set_text(parent: Element, name: str, text: str) -> None:
    for found in parent.iterfind(name):
        found.text = text


# -- entries


def atom_entry(entry: Entry, content: Content) -> bytes:
    """Return the Atom entry (RFC 4287 §4.1.2) as it stands in every feed, without namespace declarations."""
    item = _AtomEntry()
    item.register_extension("extras", _AtomExtras)
    item.id(entry.id)
    item.title(entry.title)
    item.updated(entry.updated)
    item.published(entry.published)
    item.link(href=entry.link, rel="alternate", type="text/html")
    if entry.via:
        item.link(href=entry.via, rel="via", type="text/html")
    for enclosure in content.enclosures:
        item.link(href=enclosure.url, rel="enclosure", type=enclosure.type, length=str(enclosure.length))
    if entry.authors:
        item.author([_person(person) for person in entry.authors])
    item.category(_categories(entry.terms))
    if content.summary:
        item.summary(content.summary)
    item.content(content.html, type="html")
    if content.thumbnail:
        item.extras.elements.append(_element(f"{{{_MEDIA}}}thumbnail", url=content.thumbnail))
    element = item.atom_entry()
    _set_text(element, "published", rfc3339(entry.published))
    _set_text(element, "updated", rfc3339(entry.updated))
    if entry.language:
        element.set(_XML_LANG, entry.language)
    element[:] = sorted(element, key=lambda child: _ATOM_ORDER.index(child.tag) if child.tag in _ATOM_ORDER else 99)
    return _serialise(element, _ATOM_FRAME)


def rss_item(entry: Entry, content: Content) -> bytes:
    """Return the RSS 2.0 item as it stands in every feed, without namespace declarations.

    `description` is the summary and `content:encoded` the whole, or `description` the whole where there is no summary.
    """
    item = FeedEntry()
    item.register_extension("extras", _RssExtras)
    item.title(entry.title)
    item.link(href=entry.link, rel="alternate")
    item.description(escape(content.summary, quote=False) if content.summary else content.html)
    if content.summary:
        item.content(content.html, type="html")  # after description(), which overwrites it
    for enclosure in content.enclosures[:1]:
        item.enclosure(enclosure.url, enclosure.length, enclosure.type)
    extras: list[Element] = item.extras.elements
    if (mail := _mail(entry.authors)) is not None:
        item.author(_person(mail))
    else:
        extras.extend(_element(f"{{{_DC}}}creator", person.name) for person in entry.authors)
    item.category(_categories(entry.terms))
    item.pubDate(entry.published)
    if entry.via:
        extras.append(_element(f"{{{_DC}}}source", entry.via))
    if entry.language:
        extras.append(_element(f"{{{_DC}}}language", entry.language))
    if content.thumbnail:
        extras.append(_element(f"{{{_MEDIA}}}thumbnail", url=content.thumbnail))
    item.guid(entry.id, permalink=entry.id == entry.link)  # last: id() would undo it
    element = item.rss_entry()
    _set_text(element, "pubDate", rfc822(entry.published))
    return _serialise(element, _RSS_FRAME)


# -- documents


def atom_envelope(feed: Feed, self_url: str, updated: datetime, history: History = NO_HISTORY) -> Envelope:
    """Return the Atom feed document (RFC 4287 §4.1.1) at `self_url` without its entries."""
    generator = _generator(feed, self_url, ATOM_TYPE)
    generator.register_extension("extras", _AtomExtras)
    for rel, href in _neighbours(history):
        generator.link(href=href, rel=rel, type=ATOM_TYPE)
    _mark(generator, history)
    generator.id(feed.id)
    generator.updated(updated)
    generator.author([_person(person) for person in feed.authors])
    if feed.language:
        generator.language(feed.language)
    head: bytes = generator.atom_str(pretty=True)
    # feedgen prints an offset where the profile of this project is `Z`.
    head = _UPDATED.sub(b"<updated>" + rfc3339(updated).encode() + b"</updated>", head, count=1)
    return _envelope(head, b"</feed>")


def rss_envelope(feed: Feed, self_url: str, updated: datetime, history: History = NO_HISTORY) -> Envelope:
    """Return the RSS 2.0 document at `self_url` without its items; what it says of its history is RFC 5005 appendix B.

    feedgen writes no link of RSS's but one to itself, so the others are elements of their own.
    """
    generator = _generator(feed, self_url, RSS_TYPE)
    generator.register_extension("extras", _RssExtras)
    links = [_element(f"{{{_ATOM}}}link", href=href, rel=rel, type=RSS_TYPE) for rel, href in _neighbours(history)]
    generator.extras.elements.extend(links)
    _mark(generator, history)
    generator.lastBuildDate(updated)
    if feed.language:
        generator.language(feed.language)
    if feed.hub:
        generator.extras.elements.append(_element(f"{{{_ATOM}}}link", rel="hub", href=feed.hub))
    if (mail := _mail(feed.authors)) is not None:
        generator.managingEditor(f"{mail.email} ({mail.name})")
    else:
        generator.extras.elements.extend(_element(f"{{{_DC}}}creator", person.name) for person in feed.authors)
    if feed.rhythm:
        generator.ttl(feed.rhythm.ttl)
        # feedgen's own extension writes `UpdatePeriod`, which no reader knows.
        generator.extras.elements.append(_element(f"{{{_SY}}}updatePeriod", feed.rhythm.period))
        generator.extras.elements.append(_element(f"{{{_SY}}}updateFrequency", str(feed.rhythm.frequency)))
    head: bytes = generator.rss_str(pretty=True)
    head = _LAST_BUILD_DATE.sub(b"<lastBuildDate>" + rfc822(updated).encode() + b"</lastBuildDate>", head, count=1)
    return _envelope(head, b"</channel>")


def check(document: bytes) -> None:
    """Raise InvalidDocumentError unless `document` is well-formed XML (SPEC §6 rule 1): a last look before writing."""
    try:
        etree.fromstring(document, _PARSER)
    except etree.XMLSyntaxError as problem:
        raise InvalidDocumentError(str(problem)) from None


def check_fragment(fragment: bytes) -> None:
    """Raise InvalidDocumentError unless `fragment` is one element, well-formed where its format's documents have it.

    A document whose head and whose every fragment are, is: they are joined where elements may stand side by side.
    """
    frame = _ATOM_FRAME if fragment.startswith(b"<entry") else _RSS_FRAME
    try:
        root = etree.fromstring(frame.start + fragment + frame.end, _PARSER)
    except etree.XMLSyntaxError as problem:
        raise InvalidDocumentError(str(problem)) from None
    if len(root) != 1 or root.text or root[0].tail:
        message = "it is not one element"
        raise InvalidDocumentError(message)


def _generator(feed: Feed, self_url: str, media_type: str) -> FeedGenerator:
    generator = FeedGenerator()
    generator.title(feed.title)
    generator.description(feed.description)
    if media_type == ATOM_TYPE:
        generator.generator(GENERATOR, version=RULES_VERSION, uri=GENERATOR_URI)
    else:
        generator.generator(f"{GENERATOR} {RULES_VERSION} ({GENERATOR_URI})")
    # The last link is RSS's <link>: self first, alternate last.
    generator.link(href=self_url, rel="self", type=media_type)
    if feed.hub and media_type == ATOM_TYPE:  # RSS has no link of that name: there it is an extension
        generator.link(href=feed.hub, rel="hub")
    generator.link(href=feed.alternate, rel="alternate", type="text/html")
    return generator


def _neighbours(history: History) -> list[tuple[str, str]]:
    """Return the links of RFC 5005 §4 that there are: relation and address."""
    links = (("current", history.current), ("prev-archive", history.previous), ("next-archive", history.next))
    return [(rel, href) for rel, href in links if href]


def _mark(generator: FeedGenerator, history: History) -> None:
    if history.mark is not Mark.NONE:
        generator.register_extension("history", _HistoryExtras)
        generator.history.elements.append(_element(f"{{{_HISTORY}}}{history.mark.value}"))


def _person(person: Person) -> dict[str, str]:
    fields = {"name": person.name, "email": person.email, "uri": person.uri}
    return {name: value for name, value in fields.items() if value}


def _categories(terms: tuple[Term, ...]) -> list[dict[str, str]]:
    return [{"term": t.slug, "scheme": t.scheme, "label": t.label} for t in terms if t.taxonomy != "authors"]


def _mail(people: tuple[Person, ...]) -> Person | None:
    """Return the one person that RSS can name in its own words, `mail (Name)`; all others are named by Dublin Core.

    Several persons, one without e-mail, and one whose name holds what means something in a comment (RFC 822 §3.4.3).
    """
    return people[0] if len(people) == 1 and people[0].email and not _IN_COMMENT.search(people[0].name) else None


@dataclass(frozen=True, slots=True)
class _Frame:
    """A root that declares the namespaces, so that its child needs no declarations of its own."""

    spaces: dict[str, str]
    start: bytes
    end: bytes = b"</frame>"


def _frame(spaces: dict[str, str]) -> _Frame:
    root = etree.Element("frame", nsmap=spaces)
    return _Frame(spaces, etree.tostring(root).removesuffix(b"/>") + b">")


_ATOM_FRAME = _frame(_ATOM_SPACES)
_RSS_FRAME = _frame(_RSS_SPACES)


def _serialise(element: Element, frame: _Frame) -> bytes:
    root = etree.Element("frame", nsmap=frame.spaces)
    root.append(element)
    data = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    return data[len(frame.start) : -len(frame.end)]


def _envelope(head: bytes, end: bytes) -> Envelope:
    before, _, after = head.rpartition(end)
    return Envelope(before.rstrip(), end + after.rstrip() + b"\n")
