"""What the pages for people say: of a feed on its own page, and of every feed on the page of all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

FRAGMENT = "page"
"""The format of an entry's fragment on pages."""

INDEX = "index.html"
"""Where the page of all feeds stands, and in its own folder that of each."""

SHARED = ("feeder.css", "feeder.js", "feeder.svg")
"""What all pages share, at the top."""

FOR_PEOPLE = frozenset((INDEX, *SHARED))
"""What a file is called that is no feed's document."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The feed before or behind another in the list of its taxonomy: its label and the path of its page."""

    label: str
    path: str


@dataclass(frozen=True, slots=True)
class Months:
    """How many entries a feed has of each month: `counts` of consecutive months, of which the last is `last`.

    A month is a number, twelve of them a year.
    """

    last: int
    counts: tuple[int, ...]

    def until(self, last: int) -> Months:
        """Return as many months, but those up to `last`, which is not before this one's: the others are not known."""
        gap = min(last - self.last, len(self.counts))
        return Months(last, (*self.counts[gap:], *(0,) * gap))


@dataclass(frozen=True, slots=True)
class Page:
    """A feed's own page: its neighbours, and how much the feed holds; `fingerprint` is of all that it is made of.

    `path` is below dist, `url` the address it is served at; `newest` is when the newest of its `entries` was published.
    """

    path: str
    url: str
    entries: int
    newest: datetime
    months: Months
    before: Neighbour | None = None
    behind: Neighbour | None = None
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What the page of all feeds says of one of them; `newest` is in seconds."""

    taxonomy: str
    slug: str
    label: str
    path: str
    entries: int
    newest: int
    months: Months


@dataclass(frozen=True, slots=True)
class Group:
    """The feeds of a taxonomy, each as its row is written, in the order of their slugs."""

    taxonomy: str
    rows: tuple[str, ...]
