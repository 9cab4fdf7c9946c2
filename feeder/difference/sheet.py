"""A feed document as a comparison needs it: its bytes → a `Sheet`, small enough to keep one of every document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feeder.check.document import Kind, ReadEntry, ReadFeed, Text
from feeder.check.fault import Fault
from feeder.check.instants import instant
from feeder.check.reading import read
from feeder.model.characters import fold
from feeder.model.digest import digest


@dataclass(frozen=True, slots=True)
class Face:
    """An entry as one document shows it; instants are aware, in UTC, None where they are not said or cannot be read.

    `categories` are sorted, each as its scheme and its label; `content` is the digest of what a reader displays: the
    content, the summary, the authors and the enclosures.
    """

    title: str
    link: str
    published: datetime | None
    updated: datetime | None
    categories: tuple[tuple[str, str], ...]
    content: bytes


@dataclass(frozen=True, slots=True)
class Sheet:
    """A feed document: the feed's id ("" in RSS and JSON Feed) and title, its own address as it says, and its entries.

    `archive` says that it is marked as an archive document (RFC 5005 §4), `next_url` where JSON Feed goes on; `entries`
    are ids and faces, as they stand there, each id once.
    """

    kind: Kind
    id: str
    title: str
    url: str
    archive: bool
    next_url: str
    entries: tuple[tuple[str, Face], ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What bytes are: a feed document, or none; `fault` is what was in the way of reading them to their end."""

    sheet: Sheet | None = None
    fault: Fault | None = None


def look(data: bytes) -> Look:
    """Return what `data` is, whatever it holds; a document that is not well-formed is none."""
    document = read(data)
    fault = document.faults[0] if document.faults else None
    return Look(_sheet(document.feed) if document.feed else None, fault)


def _sheet(feed: ReadFeed) -> Sheet:
    faces: dict[str, Face] = {}
    for entry in feed.entries:
        faces.setdefault(_name(entry), _face(entry))
    return Sheet(
        kind=feed.kind,
        id=fold(feed.id),
        title=_text(feed.title),
        url=feed.self_link,
        archive=feed.archive,
        next_url=feed.next_url,
        entries=tuple(faces.items()),
    )


def _name(entry: ReadEntry) -> str:
    """Return what readers know an entry by: its id, and where it has none (RSS allows it) its link, or its title."""
    return fold(entry.id or entry.link) or _text(entry.title)


def _face(entry: ReadEntry) -> Face:
    shown = (
        entry.content and entry.content.value,
        entry.summary and entry.summary.value,
        [(one.name, one.email, one.uri) for one in entry.authors],
        [(one.url, one.type, one.length) for one in entry.enclosures],
    )
    return Face(
        title=_text(entry.title),
        link=fold(entry.link),
        published=instant(entry.published) or instant(entry.updated),
        updated=instant(entry.updated),
        categories=tuple(sorted({(one.scheme, one.label or one.term) for one in entry.categories})),
        content=digest(repr(shown).encode(errors="surrogatepass")),
    )


def _text(text: Text | None) -> str:
    return fold(text.value) if text else ""
