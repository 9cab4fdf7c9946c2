"""The history of feeds in the cache: which stretches of it there are, and which documents show them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feeder.cache.store import Store
from feeder.model.digest import digest


@dataclass(frozen=True, slots=True)
class Known:
    """A stretch as it was planned last: the digest of what it held, and the names of the documents that showed it."""

    month: str
    name: str
    members: bytes
    documents: tuple[str, ...] = ()


def members(moments: Iterable[tuple[int, str]]) -> bytes:
    """Return the digest of what a stretch holds: when its entries were published (seconds), and their ids."""
    return digest(json.dumps(list(moments)).encode())


class Stretches:
    """The stretches of feeds, by the numbers of their terms."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def clear(self) -> None:
        """Forget all of them."""
        self._store.run("DELETE FROM stretch")

    def forget(self, term: int) -> None:
        """Forget those of one feed."""
        self._store.run("DELETE FROM stretch WHERE term = ?", term)

    def of(self, term: int) -> list[Known]:
        """Return the stretches of a feed, the oldest first."""
        rows = self._store.rows(
            "SELECT month, name, members, documents FROM stretch WHERE term = ? ORDER BY month, place", term
        )
        return [Known(month, name, held, tuple(json.loads(documents))) for month, name, held, documents in rows]

    def put(self, term: int, month: str, stretches: Sequence[Known]) -> None:
        """Keep which stretches a month of a feed has, in place of those it had."""
        self._store.run("DELETE FROM stretch WHERE term = ? AND month = ?", term, month)
        self._store.run_many(
            "INSERT INTO stretch VALUES (?, ?, ?, ?, ?, ?)",
            [
                (term, month, place, one.name, one.members, json.dumps(one.documents))
                for place, one in enumerate(stretches)
            ],
        )

    def show(self, term: int, name: str, documents: Sequence[str]) -> None:
        """Keep the names of the documents that show a stretch."""
        self._store.run(
            "UPDATE stretch SET documents = ? WHERE term = ? AND month = ? AND name = ?",
            json.dumps(documents), term, name[:_MONTH], name,
        )  # fmt: skip


_MONTH = len("2020-09")
