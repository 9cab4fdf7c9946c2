"""The lists of feeds in the cache: a line of each feed, so that who changes one need not write the others."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from feeder.cache.codec import instant
from feeder.cache.store import Store
from feeder.model.digest import digest
from feeder.model.listing import Display, Listed, Standing


@dataclass(frozen=True, slots=True)
class Lines:
    """A feed's lines in the lists, and where they belong."""

    taxonomy: str
    slug: str
    outline: str
    entry: str


class Listings:
    """What the lists say of feeds, by the first of their documents' paths."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def knows(self, path: str, made_of: str) -> bool:
        """Say whether it is known what the feed at `path` shows that was joined by the plan of that fingerprint."""
        return self._store.row("SELECT 1 FROM listed WHERE path = ? AND made_of = ?", path, made_of) is not None

    def display(self, path: str) -> Display | None:
        """Return what the feed at `path` shows; None where there is none."""
        row = self._store.row("SELECT display FROM listed WHERE path = ?", path)
        return _display(row[0]) if row else None

    def put(self, path: str, made_of: str, display: Display) -> None:
        """Keep what a feed shows; its lines are still to come."""
        text = json.dumps(
            [
                display.shown,
                _seconds(display.newest),
                [(one.format, one.size, one.digest) for one in display.documents],
            ]
        )
        self._store.run(
            "INSERT OR REPLACE INTO listed VALUES (?, ?, ?, ?, '', '', '', '')",
            path, made_of, text, _seal(path, made_of, text),
        )  # fmt: skip

    def describe(self, path: str, lines: Lines) -> None:
        """Keep the lines of a feed whose display is known."""
        self._store.run(
            "UPDATE listed SET taxonomy = ?, slug = ?, outline = ?, entry = ? WHERE path = ?",
            lines.taxonomy, lines.slug, lines.outline, lines.entry, path,
        )  # fmt: skip

    def forget(self, paths: Iterable[str]) -> None:
        """Drop what is known of feeds."""
        self._store.run_many("DELETE FROM listed WHERE path = ?", [(path,) for path in paths])

    def paths(self) -> list[str]:
        """Return the paths of all feeds that are known."""
        return [path for (path,) in self._store.rows("SELECT path FROM listed")]

    def taxonomies(self) -> list[str]:
        """Return the taxonomies of all feeds that are known, "" for the site's own."""
        return [name for (name,) in self._store.rows("SELECT DISTINCT taxonomy FROM listed")]

    def outlines(self, taxonomy: str) -> Listed:
        """Return the lines of a taxonomy's feeds in the subscription list."""
        rows = self._store.rows("SELECT outline FROM listed WHERE taxonomy = ? ORDER BY slug", taxonomy)
        return Listed(taxonomy, tuple(line for (line,) in rows))

    def entries(self, taxonomy: str) -> Listed:
        """Return the lines of a taxonomy's feeds in the catalogue."""
        rows = self._store.rows("SELECT entry FROM listed WHERE taxonomy = ? ORDER BY slug", taxonomy)
        return Listed(taxonomy, tuple(line for (line,) in rows))

    def proof(self) -> None:
        """Look at all that is kept, and drop what is not as it was written."""
        rows = self._store.rows("SELECT path, made_of, display, seal FROM listed")
        gone = [(path,) for path, made_of, display, seal in rows if seal != _seal(path, made_of, display)]
        self._store.run_many("DELETE FROM listed WHERE path IS ?", gone)


def _display(text: str) -> Display:
    shown, newest, documents = json.loads(text)
    return Display(shown, instant(newest), tuple(Standing(*one) for one in documents))


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _seal(*facts: object) -> bytes:
    return digest(json.dumps([str(fact) for fact in facts]).encode())
