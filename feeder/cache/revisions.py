"""Entries that were updated after they were published, by feed: what may have to be shown again (RFC 5005 §4.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from feeder.cache.store import Store


@dataclass(frozen=True, slots=True)
class Revision:
    """An entry: its id and row, when it was published and when it was last updated (seconds)."""

    entry: str
    row: int
    published: int
    updated: int


class Revisions:
    """The revisions of the feeds that have archives, by the numbers of their terms."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def clear(self) -> None:
        """Forget all of them."""
        self._store.run("DELETE FROM revision")

    def replace(self, term: int, entries: Iterable[str], revisions: Iterable[Revision]) -> None:
        """Keep `revisions` of a feed, and of those of its `entries` that are not among them none."""
        self._store.run_many("DELETE FROM revision WHERE term = ? AND entry = ?", ((term, entry) for entry in entries))
        self._store.run_many(
            "INSERT OR REPLACE INTO revision VALUES (?, ?, ?, ?, ?)",
            ((term, one.entry, one.row, one.published, one.updated) for one in revisions),
        )

    def since(self, term: int, seconds: int) -> Iterator[Revision]:
        """Yield what was published before an instant, and updated after it, in a feed: the last update first."""
        rows = self._store.rows(
            "SELECT entry, post, published, updated FROM revision WHERE term = ? AND updated > ? AND published <= ? "
            "ORDER BY updated DESC, entry",
            term, seconds, seconds,
        )  # fmt: skip
        return (Revision(*row) for row in rows)
