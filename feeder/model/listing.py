"""What a list of feeds says of one of them (OPML 2.0, and the catalogue for programs)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feeder.model.feed import Feed


@dataclass(frozen=True, slots=True)
class Standing:
    """A document as it stands in dist: the address's format, its size in bytes, its SHA-256 in hex."""

    format: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Display:
    """What a feed's documents show: so many entries, the newest of them published at `newest`; one format each."""

    shown: int
    newest: datetime
    documents: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A feed, how many entries belong to it, and what its documents show of them."""

    feed: Feed
    entries: int
    display: Display


@dataclass(frozen=True, slots=True)
class Listed:
    """The feeds of one taxonomy, "" for the site's own, each as a line of a document, in the order of their slugs."""

    taxonomy: str
    lines: tuple[str, ...]
