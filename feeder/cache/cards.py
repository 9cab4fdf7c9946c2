"""The cards of the cache: what the page of all feeds says of each, and the rows that were written of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import astuple

from feeder.cache.store import Store
from feeder.model.page import Card, Group, Months


class Cards:
    """A card of every feed, by the path of its page."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def clear(self) -> None:
        """Forget all: every feed is planned."""
        self._store.run("DELETE FROM card")

    def put(self, card: Card) -> None:
        """Keep a card in place of the one before; its row is still to be written."""
        self._store.run(
            "INSERT OR REPLACE INTO card VALUES (?, ?, ?, ?, NULL, '')",
            card.path, card.taxonomy, card.slug, json.dumps(astuple(card)),
        )  # fmt: skip

    def drop(self, paths: Iterable[str]) -> None:
        """Forget the cards of feeds that are no more."""
        self._store.run_many("DELETE FROM card WHERE path = ?", [(path,) for path in paths])

    def write(self, last: int, write: Callable[[Card], str]) -> None:
        """Have the rows written by `write` that were not, or not for drawings that end with the month `last`."""
        found = list(self._store.rows("SELECT path, facts FROM card WHERE until IS NOT ?", last))
        rows = ((last, write(_card(facts)), path) for path, facts in found)
        self._store.run_many("UPDATE card SET until = ?, row = ? WHERE path = ?", rows)

    def groups(self, taxonomies: Iterable[str]) -> tuple[Group, ...]:
        """Return the rows of each of `taxonomies`, in the order of the feeds' slugs; none is empty."""
        found = ((name, self._rows(name)) for name in taxonomies)
        return tuple(Group(name, rows) for name, rows in found if rows)

    def _rows(self, taxonomy: str) -> tuple[str, ...]:
        rows = self._store.rows("SELECT row FROM card WHERE taxonomy = ? ORDER BY slug", taxonomy)
        return tuple(text for (text,) in rows)


def _card(facts: str) -> Card:
    taxonomy, slug, label, path, entries, newest, (last, counts) = json.loads(facts)
    return Card(taxonomy, slug, label, path, entries, newest, Months(last, tuple(counts)))
