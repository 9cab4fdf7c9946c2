"""Feeds as they are read back, in one shape for every format: `read` makes it of bytes, whoever wrote them.

Values are as written, white space around them dropped: `feeder.check.values` says what they mean. Lines count from 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from feeder.check.fault import Fault
from feeder.check.jsontree import Object
from feeder.check.tree import Node


class Kind(StrEnum):
    """What a document is, by its content."""

    ATOM = "Atom"
    RSS = "RSS"
    JSON = "JSON Feed"
    OPML = "OPML"
    CATALOGUE = "feeds.json"


class TextType(StrEnum):
    """What a text is to be read as."""

    TEXT = "text"
    HTML = "html"
    XHTML = "xhtml"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Link:
    """A link (RFC 4287 §4.2.7); RSS's own `link` is one without a type and rel "alternate"."""

    rel: str
    href: str
    line: int
    type: str = ""
    hreflang: str = ""
    length: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text and what it is to be read as; `value` is markup where that is HTML or XHTML."""

    value: str
    line: int
    type: TextType = TextType.TEXT


@dataclass(frozen=True, slots=True)
class Person:
    """An author; "" for what was not said."""

    name: str
    line: int
    email: str = ""
    uri: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """A category; RSS has no term, JSON Feed neither term nor scheme."""

    label: str
    line: int
    term: str = ""
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """An enclosure; `length` in bytes, "" where it was not said."""

    url: str
    line: int
    type: str = ""
    length: str = ""


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """An entry; "" or None for what is not there.

    `link` is its alternate link, `via` where it comes from, `links` all that it has. `base` says that relative
    references in it stand against an address that it names itself (xml:base).
    """

    id: str
    line: int
    title: Text | None = None
    link: str = ""
    via: str = ""
    links: tuple[Link, ...] = ()
    published: str = ""
    updated: str = ""
    authors: tuple[Person, ...] = ()
    categories: tuple[Category, ...] = ()
    summary: Text | None = None
    content: Text | None = None
    enclosures: tuple[Enclosure, ...] = ()
    language: str = ""
    base: str = ""


@dataclass(frozen=True, slots=True)
class ReadFeed:
    """A feed; "" or None for what is not there; RSS and JSON Feed have no `id`.

    `link` is the page that it belongs to, `self_link` the address that it says it stands at, `links` all that it has
    (JSON Feed's addresses too, by Atom's rel). `archive` and `complete` are RFC 5005's marks, `next_url` JSON Feed's.
    """

    kind: Kind
    entries: tuple[ReadEntry, ...]
    line: int
    id: str = ""
    title: Text | None = None
    description: Text | None = None
    link: str = ""
    self_link: str = ""
    links: tuple[Link, ...] = ()
    updated: str = ""
    authors: tuple[Person, ...] = ()
    categories: tuple[Category, ...] = ()
    language: str = ""
    archive: bool = False
    complete: bool = False
    next_url: str = ""

    def linked(self, rel: str) -> tuple[Link, ...]:
        """Return the links of that rel."""
        return tuple(link for link in self.links if link.rel == rel)


@dataclass(frozen=True, slots=True)
class Outline:
    """A document of a feed that an OPML list or a catalogue names; `size` (bytes) and `digest` are the catalogue's."""

    title: str
    url: str
    page: str
    line: int
    size: int | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What was read of bytes: `kind` is None where they are nothing that is looked at, or cannot be known.

    One of `feed` and `outlines` is what it says, and one of `tree` and `json` how it says it; `faults` are those that
    were in the way of reading it.
    """

    kind: Kind | None
    feed: ReadFeed | None = None
    outlines: tuple[Outline, ...] = ()
    tree: Node | None = None
    json: Object | None = None
    faults: tuple[Fault, ...] = ()
