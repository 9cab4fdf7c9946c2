"""A feed as a reader sees it: feedparser's view of a document, in dataclasses, to be held against feeder's model.

feedparser neither cleans nor resolves here, so what it says is what stands in the document. It strips the white space
around texts.
"""

from __future__ import annotations

import calendar
import html
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import feedparser


@dataclass(frozen=True, slots=True)
class PersonBack:
    """An author; "" for what was not said."""

    name: str
    email: str
    uri: str


@dataclass(frozen=True, slots=True)
class CategoryBack:
    """A category: RSS has no term, its text is the label."""

    term: str
    scheme: str
    label: str


@dataclass(frozen=True, slots=True)
class LinkBack:
    """A link of Atom's kind (RSS: `atom:link`, and `link` as rel "alternate")."""

    rel: str
    href: str
    type: str


@dataclass(frozen=True, slots=True)
class EnclosureBack:
    """An enclosure; `length` in bytes."""

    url: str
    type: str
    length: int


@dataclass(frozen=True, slots=True)
class EntryBack:
    """An entry; instants are aware, in UTC; `summary` is text, "" where there is none besides the content."""

    id: str
    title: str
    link: str
    via: str
    published: datetime | None
    updated: datetime | None
    language: str
    authors: tuple[PersonBack, ...]
    categories: tuple[CategoryBack, ...]
    content: str
    summary: str
    enclosures: tuple[EnclosureBack, ...]
    thumbnail: str


@dataclass(frozen=True, slots=True)
class FeedBack:
    """A feed; `format` is "atom" or "rss", `id` "" in RSS, `updated` is lastBuildDate there."""

    format: str
    id: str
    title: str
    description: str
    link: str
    self_link: str
    links: tuple[LinkBack, ...]
    language: str
    generator: str
    updated: datetime | None
    authors: tuple[PersonBack, ...]
    entries: tuple[EntryBack, ...]


def read(data: bytes) -> FeedBack:
    """Return what feedparser reads in an Atom or RSS document; AssertionError where it stumbles over it."""
    parsed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version in ("atom10", "rss20"), parsed.version
    feed = parsed.feed
    links = tuple(
        LinkBack(link.get("rel", "alternate"), link.get("href", ""), link.get("type", ""))
        for link in feed.get("links", ())
    )
    return FeedBack(
        format="atom" if parsed.version == "atom10" else "rss",
        id=_text(feed, "id"),
        title=_text(feed, "title"),
        description=_text(feed, "subtitle"),
        link=_text(feed, "link"),
        self_link=next((link.href for link in links if link.rel == "self"), ""),
        links=links,
        language=_text(feed, "language"),
        generator=_text(feed, "generator"),
        updated=_instant(feed, "updated_parsed"),
        authors=_people(feed),
        entries=tuple(_entry(entry, parsed.version == "rss20") for entry in parsed.entries),
    )


def _text(source: Any, key: str) -> str:
    """Return `key` as it was read: feedparser's own look-up answers some keys with others' values."""
    return str(dict.get(source, key) or "")


def _instant(source: Any, key: str) -> datetime | None:
    moment = dict.get(source, key)
    return datetime.fromtimestamp(calendar.timegm(moment), UTC) if moment else None


def _people(source: Any) -> tuple[PersonBack, ...]:
    people = (
        PersonBack(_text(one, "name"), _text(one, "email"), _text(one, "href")) for one in source.get("authors", ())
    )
    return tuple(person for person in people if person != PersonBack("", "", ""))


def _entry(entry: Any, is_rss: bool) -> EntryBack:
    contents = entry.get("content") or ()
    summary = _text(entry, "summary")
    content = contents[0].value if contents else summary
    if is_rss and summary != content:
        summary = html.unescape(summary)  # a description is HTML; a text summary has nothing in it but references
    thumbnails = entry.get("media_thumbnail") or ()
    return EntryBack(
        id=_text(entry, "id"),
        title=_text(entry, "title"),
        link=_text(entry, "link"),
        via=_via(entry),
        published=_instant(entry, "published_parsed"),
        updated=_instant(entry, "updated_parsed"),
        language=str(contents[0].get("language") or "") if contents else "",
        authors=_people(entry),
        categories=tuple(_category(tag, is_rss) for tag in entry.get("tags", ())),
        content=content,
        summary="" if summary == content else summary,
        enclosures=tuple(
            EnclosureBack(one.get("href", ""), one.get("type", ""), int(one.get("length", -1)))
            for one in entry.get("enclosures", ())
        ),
        thumbnail=str(thumbnails[0].get("url", "")) if thumbnails else "",
    )


def _via(entry: Any) -> str:
    links = (link["href"] for link in entry.get("links", ()) if link.get("rel") == "via")
    return _text(entry, "dc_source") or next(links, "")


def _category(tag: Any, is_rss: bool) -> CategoryBack:
    term, scheme, label = _text(tag, "term"), _text(tag, "scheme"), _text(tag, "label")
    return CategoryBack("", scheme, term) if is_rss else CategoryBack(term, scheme, label)
