"""A feed as planned: its identity and which entries stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feeder.model.entry import Entry
from feeder.model.term import Person


@dataclass(frozen=True, slots=True)
class Address:
    """Where one format of a feed stands: `path` below dist (not encoded), `url` as it is served (percent-encoded)."""

    format: str
    path: str
    url: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed without its entries: what stands in the head of its documents (RFC 4287 §4.1.1).

    `taxonomy`, `label` and `slug` are "" for the site's feed; `alternate` is the page it belongs to.
    """

    id: str
    taxonomy: str
    key: str
    label: str
    slug: str
    title: str
    description: str
    language: str
    authors: tuple[Person, ...]
    alternate: str
    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """A feed, how many entries belong to it, and the newest of them, newest first: what its documents may show."""

    feed: Feed
    total: int
    newest: datetime
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A file of dist, whole: `path` below dist, `shown` the number of entries in it."""

    path: str
    data: bytes
    shown: int = 0
