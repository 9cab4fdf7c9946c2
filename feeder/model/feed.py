"""A feed as planned: its identity and which entries stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from feeder.model.entry import Entry
from feeder.model.page import Page
from feeder.model.problem import Problem
from feeder.model.term import Person, Term


@dataclass(frozen=True, slots=True)
class Address:
    """Where one format of a feed stands: `path` below dist (not encoded), `url` as it is served (percent-encoded)."""

    format: str
    path: str
    url: str


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a feed is updated: `frequency` times a `period` (RSS 1.0's module `syndication`).

    A document may be kept for `ttl` minutes (RSS 2.0) before it is asked for again.
    """

    period: str
    frequency: int
    ttl: int


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed without its entries: what stands in the head of its documents (RFC 4287 §4.1.1).

    `aliases` are places where its documents stand too, each the one of the same format, word for word.
    `taxonomy`, `label` and `slug` are "" for the site's feed; `alternate` is the page it belongs to, `hub` the WebSub
    hub that tells subscribers of changes, or "". `rhythm` is None where there is no history, and in documents that are
    not asked for again: it changes with every new entry.
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
    aliases: tuple[Address, ...] = ()
    rhythm: Rhythm | None = None
    hub: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of all of its documents, those at other places behind its own."""
        return tuple(address.path for address in (*self.addresses, *self.aliases))


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """A feed and the newest of its entries, newest first (never none): what its documents may show.

    `fingerprint` changes with anything that its documents are made of, and with what is to be said of them; `busiest`
    is how many entries were published in the busiest hour (feeder.plan.window).
    """

    feed: Feed
    entries: tuple[Entry, ...]
    fingerprint: str
    busiest: int = 0


class Mark(Enum):
    """What a document says of its place in the history of its feed (RFC 5005): nothing, or one of two words."""

    NONE = ""
    COMPLETE = "complete"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class History:
    """A document's place in the history of its feed (RFC 5005 §2, §4): its mark, and documents of its own format.

    `current` is the address of the subscription document, `previous` and `next` those of the archive documents before
    and behind it in time; "" where there is none.
    """

    mark: Mark = Mark.NONE
    current: str = ""
    previous: str = ""
    next: str = ""


SITE = 0
"""The number of the site's own feed, where a term's feed has the term's."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive entries of one month, newest first, for one archive document, or several where they need more room.

    `name` is that of the first document. Where there are no `entries` nothing changed, and `documents` show them.
    """

    name: str
    entries: tuple[Entry, ...] = ()
    keys: tuple[bytes, ...] = ()
    documents: tuple[str, ...] = ()


class Reach(Enum):
    """Whether the entries that a feed's own documents were planned with are all that it has."""

    ALL = "all"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Archive:
    """The history of a feed (RFC 5005 §4), oldest first.

    `replaced` are the names of stretches, `paths` those of documents below dist, that are no more or planned anew.
    `made_of` is the fingerprint of what all of its documents are made of, besides entries and links. `revised` are the
    entries that were updated after they left the window, the last update first: the feed's own documents show them
    again, as far as there is room, since nobody need ask for an archive document twice.
    """

    reach: Reach
    stretches: tuple[Stretch, ...]
    made_of: bytes
    replaced: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    revised: tuple[tuple[Entry, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, the number of its term in the cache or SITE, and the keys of its entries' fragments.

    `archive` is None where a feed has no archive documents, `page` where there are no pages.
    """

    term: int
    plan: FeedPlan
    keys: tuple[bytes, ...]
    archive: Archive | None = None
    page: Page | None = None

    def entries(self) -> Iterator[tuple[Entry, bytes]]:
        """Yield the entries that are planned, with their keys; one that stands in two places twice."""
        yield from zip(self.plan.entries, self.keys, strict=True)
        yield from self.archive.revised if self.archive else ()
        for stretch in self.archive.stretches if self.archive else ():
            yield from zip(stretch.entries, stretch.keys, strict=True)


class Scope(Enum):
    """How much of a site is planned."""

    NOTHING = "nothing"
    PART = "part"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Plan:
    """The feeds that may have changed, all where that is the scope, and the paths of documents that are no more.

    `terms` are all those of the site; `problems` are those of its queries (feeder.querying).
    """

    scope: Scope = Scope.NOTHING
    planned: tuple[Planned, ...] = ()
    gone: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A file of dist, whole: `path` below dist; `fingerprint` is its plan's, "" where it may come out otherwise.

    `mark` is what a file of this kind has near its beginning, b"" where a name is ours alone: what stands there without
    is somebody else's, and stays.
    """

    path: str
    data: bytes
    fingerprint: str = ""
    mark: bytes = b""
