"""The rules of SPEC §6 for an Atom 1.0 document (RFC 4287)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lxml import etree

from tests.judging.finding import Finding, shown
from tests.judging.history import document_faults
from tests.judging.names import ATOM, ATOM_TYPE, MEDIA, XML
from tests.judging.shared_rules import feed_faults
from tests.judging.values import (
    blank_faults,
    id_faults,
    language_faults,
    length_faults,
    media_type_faults,
    plain_faults,
    rfc3339,
    rfc3339_faults,
    url_faults,
)
from tests.judging.view import (
    Category,
    Enclosure,
    EntryView,
    FeedView,
    attribute,
    child_text,
    count_fault,
    inherited_language,
    texts,
)

_TIME = re.compile(r"\d{4}-\d\d|\d\d:\d\d|\d{8,}")


@cache
def schema() -> etree.RelaxNG:
    """Return RFC 4287's grammar."""
    return etree.RelaxNG(etree.parse(Path(__file__).parents[1] / "rfc4287.rng"))


def view(root: etree._Element) -> FeedView:
    """Return what an Atom document says."""
    return FeedView(
        id=child_text(root, f"{ATOM}id"),
        title=child_text(root, f"{ATOM}title"),
        description=child_text(root, f"{ATOM}subtitle"),
        link=_href(root, "alternate"),
        self_link=_href(root, "self"),
        language=inherited_language(root),
        updated=rfc3339(child_text(root, f"{ATOM}updated")),
        authors=_authors(root),
        entries=tuple(_entry(element, number) for number, element in enumerate(root.findall(f"{ATOM}entry"), 1)),
    )


def atom_faults(root: etree._Element, url: str) -> Iterator[Finding]:
    """Yield what is wrong with an Atom document that is served at `url`."""
    yield from _schema_faults(root)
    feed = view(root)
    yield from _self_faults(root, url)
    alternates = len(_links(root, "alternate"))
    if alternates != 1:
        yield Finding(3, "DuplicateAtomLink", f"there are {alternates} alternate links, not one", "feed")
    yield from count_fault(4, root, f"{ATOM}id", "feed")
    yield from id_faults(4, feed.id, "feed id")
    yield from count_fault(5, root, f"{ATOM}title", "feed")
    if root.find(f"{ATOM}subtitle") is not None:
        yield from blank_faults(5, feed.description, "subtitle", "feed")
        yield from plain_faults(9, feed.description, "ContainsUndeclaredHTML", "feed subtitle")
    for element in root.iter():
        if (tag := element.get(f"{XML}lang")) is not None:
            yield from language_faults(5, tag, f"xml:lang of <{etree.QName(element).localname}>")
    yield from _generator_faults(root)
    yield from count_fault(11, root, f"{ATOM}updated", "feed")
    yield from rfc3339_faults(11, child_text(root, f"{ATOM}updated"), "updated", "feed")
    newest = max((entry.updated for entry in feed.entries if entry.updated), default=None)
    if feed.updated != newest:
        yield Finding(0, "", f"updated is {feed.updated}, its entries' newest {newest}", "feed updated")
    yield from document_faults(root, ATOM_TYPE)
    yield from feed_faults(feed, url, "ContainsUndeclaredHTML")
    yield from _text_faults(root, "feed")
    for element, entry in zip(root.findall(f"{ATOM}entry"), feed.entries, strict=True):
        yield from _entry_faults(element, entry)


def _entry(element: etree._Element, number: int) -> EntryView:
    identifier = child_text(element, f"{ATOM}id")
    thumbnail = element.find(f"{MEDIA}thumbnail")
    return EntryView(
        where=f"entry {number} ({identifier})",
        id=identifier,
        title=child_text(element, f"{ATOM}title"),
        link=_href(element, "alternate"),
        via=_href(element, "via"),
        published=rfc3339(child_text(element, f"{ATOM}published")),
        updated=rfc3339(child_text(element, f"{ATOM}updated")),
        authors=_authors(element),
        categories=tuple(
            Category(attribute(category, "scheme"), attribute(category, "label"), attribute(category, "term"))
            for category in element.findall(f"{ATOM}category")
        ),
        summary=child_text(element, f"{ATOM}summary"),
        content=child_text(element, f"{ATOM}content"),
        enclosures=tuple(
            Enclosure(attribute(link, "href"), attribute(link, "type"), attribute(link, "length"))
            for link in _links(element, "enclosure")
        ),
        thumbnail=attribute(thumbnail, "url") if thumbnail is not None else "",
        language=inherited_language(element),
    )


def _links(parent: etree._Element, rel: str) -> list[etree._Element]:
    return [link for link in parent.findall(f"{ATOM}link") if (link.get("rel") or "alternate") == rel]


def _href(parent: etree._Element, rel: str) -> str:
    links = _links(parent, rel)
    return attribute(links[0], "href") if links else ""


def _authors(parent: etree._Element) -> tuple[str, ...]:
    return tuple(child_text(author, f"{ATOM}name") for author in parent.findall(f"{ATOM}author"))


def _schema_faults(root: etree._Element) -> Iterator[Finding]:
    if not schema().validate(root):
        # The log names the outermost element that does not fit last.
        error = schema().error_log.last_error
        yield Finding(0, "", f"RFC 4287's grammar refuses it: {error and error.message}", "document")


def _self_faults(root: etree._Element, url: str) -> Iterator[Finding]:
    links = _links(root, "self")
    if len(links) != 1:
        yield Finding(2, "DuplicateAtomLink" if links else "MissingSelf", f"{len(links)} self links, not one", "feed")
    for link in links:
        if link.get("href") != url:
            message = f"the self link {shown(attribute(link, 'href'))} is not {shown(url)}"
            yield Finding(2, "SelfDoesntMatchLocation", message, "feed")
        if link.get("type") != ATOM_TYPE:
            yield Finding(2, "", f"the self link's type is {shown(attribute(link, 'type'))}, not {ATOM_TYPE}", "feed")
    if root.xpath("a:entry/a:link[@rel='self']", namespaces={"a": ATOM[1:-1]}):
        yield Finding(2, "DuplicateAtomLink", "an entry has a self link", "feed")


def _generator_faults(root: etree._Element) -> Iterator[Finding]:
    yield from count_fault(7, root, f"{ATOM}generator", "feed")
    for generator in root.findall(f"{ATOM}generator"):
        yield from blank_faults(7, generator.text or "", "generator's name", "generator")
        yield from blank_faults(7, attribute(generator, "version"), "generator's version", "generator")
        yield from url_faults(7, attribute(generator, "uri"), "generator uri")
        said = f"{generator.text} {attribute(generator, 'version')}"
        if _TIME.search(said):
            yield Finding(7, "", f"the generator {shown(said)} names a time", "generator")


def _text_faults(parent: etree._Element, where: str) -> Iterator[Finding]:
    """Yield what is wrong with the text constructs, persons and links that are `parent`'s own."""
    for name in ("title", "subtitle", "summary"):
        for element in parent.findall(f"{ATOM}{name}"):
            if element.get("type", "text") != "text" or len(element):
                yield Finding(9, "ContainsHTML", f"the {name} is not plain text, as its type or an element says", where)
    for author in parent.findall(f"{ATOM}author"):
        for uri in texts(author, f"{ATOM}uri"):
            yield from url_faults(6, uri, f"{where} author's uri")
        for email in texts(author, f"{ATOM}email"):
            if not re.fullmatch(r"[^\s@<>()]+@[^\s@<>()]+", email):
                yield Finding(6, "InvalidContact", f"{shown(email)} is no mail address", where)
    for link in parent.findall(f"{ATOM}link"):
        yield from _link_faults(link, where)


def _link_faults(link: etree._Element, where: str) -> Iterator[Finding]:
    rel = link.get("rel")
    if not rel:
        yield Finding(10, "", f"the link {shown(attribute(link, 'href'))} does not say its rel", where)
    elif not re.fullmatch(r"[a-z][a-z0-9.-]*|https?://\S+", rel):
        yield Finding(10, "InvalidLinkRel", f"the rel {shown(rel)} is neither a name nor an IRI", where)
    yield from url_faults(10, attribute(link, "href"), f"{where} link {rel}")
    media_type, length, language = link.get("type"), link.get("length"), link.get("hreflang")
    if rel in ("alternate", "enclosure") and not media_type:
        yield Finding(10, "MissingTypeAttr", f"the {rel} link has no type", where)
    if rel == "alternate" and media_type not in (None, "text/html", "application/xhtml+xml"):
        yield Finding(3, "", f"the alternate link is {shown(media_type)}, not a page", where)
    if media_type is not None:
        yield from media_type_faults(10, media_type, f"{where} link {rel}")
    if length is not None:
        yield from length_faults(10, length, f"{where} link {rel}")
    if language is not None:
        yield from language_faults(10, language, f"{where} link {rel}")


def _entry_faults(element: etree._Element, entry: EntryView) -> Iterator[Finding]:
    where = entry.where
    for rule, name in ((8, "id"), (9, "title"), (11, "published"), (11, "updated"), (13, "content")):
        yield from count_fault(rule, element, f"{ATOM}{name}", where)
    yield from _text_faults(element, where)
    alternates, origins = len(_links(element, "alternate")), len(_links(element, "via"))
    if alternates != 1:
        yield Finding(10, "DuplicateAtomLink", f"there are {alternates} alternate links, not one", where)
    if origins > 1:
        yield Finding(17, "DuplicateAtomLink", f"there are {origins} via links", where)
    for name in ("published", "updated"):
        yield from rfc3339_faults(11, child_text(element, f"{ATOM}{name}"), name, where)
    if entry.published and entry.updated and entry.updated < entry.published:
        yield Finding(11, "", f"updated {entry.updated} is before published {entry.published}", where)
    yield from _category_faults(entry)
    for content in element.findall(f"{ATOM}content"):
        if content.get("type") != "html" or content.get("src") is not None or len(content):
            yield Finding(13, "", f"the content is {shown(attribute(content, 'type'))}, not html in place", where)
    if element.find(f"{ATOM}summary") is not None:
        yield from blank_faults(13, entry.summary, "summary", where)


def _category_faults(entry: EntryView) -> Iterator[Finding]:
    where = entry.where
    for category in entry.categories:
        yield from url_faults(12, category.scheme, where)
        yield from blank_faults(12, category.term, "term", where)
        if not all(character == "-" or unicodedata.category(character)[0] in "LMN" for character in category.term):
            yield Finding(12, "", f"the term {shown(category.term)} is no slug", where)
    if len({(category.scheme, category.term) for category in entry.categories}) != len(entry.categories):
        yield Finding(12, "", "two categories have one term", where)
