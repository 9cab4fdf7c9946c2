"""The terms of the cache: which entries have them, in the order of feeds, and how each was written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from feeder.cache.store import Store
from feeder.model.term import Spelling, Term

_BATCH = 20_000
_UNKEPT = "unkept"


def unkept(store: Store) -> dict[str, str]:
    """Return what is to be said of terms whose feeds are not at every address that they had elsewhere, by term."""
    found: dict[str, str] = json.loads(store.note(_UNKEPT) or "{}")
    return found


def remember_unkept(store: Store, messages: dict[str, str]) -> None:
    """Keep what `unkept` returns."""
    store.remember(_UNKEPT, json.dumps(messages, sort_keys=True))


@dataclass(frozen=True, slots=True)
class Sorted:
    """An entry that was sorted into a term by what it has: its row, id, and when it was published (seconds)."""

    key: str
    label: str
    n: int
    entry: str
    shown: int


class Terms:
    """The terms, by their numbers; `key` is what makes two labels one term. `touched` are those that changed."""

    def __init__(self, store: Store, key: Callable[[str], str]) -> None:
        self._store = store
        self._key = key
        self._numbers: dict[tuple[str, str], int] = {}
        self._spellings: dict[tuple[str, str], tuple[int, int]] = {}
        self._uses: dict[str, list[tuple[int, int, int]]] = {}
        self.touched: set[int] = set()

    def clear(self) -> None:
        """Forget every term: all are going to be made anew."""
        for table in ("membership", "spelling", "term"):
            self._store.run(f"DELETE FROM {table}")  # noqa: S608

    def open(self) -> None:
        """Read which terms there are."""
        self._numbers = {
            (taxonomy, key): n for n, taxonomy, key in self._store.rows("SELECT n, taxonomy, key FROM term")
        }
        self._spellings = {
            (taxonomy, label): (n, term)
            for n, term, taxonomy, label in self._store.rows(
                "SELECT s.n, s.term, t.taxonomy, s.label FROM spelling s JOIN term t ON t.n = s.term"
            )
        }

    def withdraw(self, entries: Iterable[tuple[str, int, str]]) -> None:
        """Take entries (id, published, terms as JSON) out of their terms."""
        rows = [
            (term, -shown, entry, spelling)
            for entry, shown, terms in entries
            for term, spelling, _ in self._uses_of(terms)
        ]
        self.touched.update(row[0] for row in rows)
        self._store.run_many("DELETE FROM membership WHERE term = ? AND age = ? AND entry = ? AND spelling = ?", rows)

    def add(self, entries: Iterable[tuple[int, str, int, str]]) -> None:
        """Put entries (row, id, published, terms as JSON) into their terms."""
        rows = (
            (term, -shown, entry, spelling, n, position)
            for n, entry, shown, terms in entries
            for term, spelling, position in self._uses_of(terms)
        )
        while batch := list(islice(rows, _BATCH)):
            self.touched.update(row[0] for row in batch)
            batch.sort()  # next to each other in the table, too
            self._store.run_many("INSERT OR REPLACE INTO membership VALUES (?, ?, ?, ?, ?, ?)", batch)

    def put(self, taxonomy: str, entries: Iterable[Sorted]) -> None:
        """Put entries into terms of `taxonomy` that they do not name themselves."""
        places: dict[tuple[str, str], tuple[int, int]] = {}

        def place(key: str, label: str) -> tuple[int, int]:
            if (key, label) not in places:
                places[key, label] = self._named(taxonomy, key, label)
            return places[key, label]

        rows = (
            (term, -one.shown, one.entry, spelling, one.n, 0)
            for one in entries
            for term, spelling in (place(one.key, one.label),)
        )
        while batch := list(islice(rows, _BATCH)):
            self.touched.update(row[0] for row in batch)
            self._store.run_many("INSERT OR REPLACE INTO membership VALUES (?, ?, ?, ?, ?, ?)", sorted(batch))

    def withdraw_from(self, taxonomy: str, entries: Iterable[tuple[str, int]]) -> None:
        """Take entries (id, published) out of the terms of `taxonomy`, whichever they are in."""
        numbers = self.numbers(taxonomy)
        for entry, shown in entries:
            for number in numbers:
                place = (number, -shown, entry)
                if self._store.row("SELECT 1 FROM membership WHERE term = ? AND age = ? AND entry = ?", *place):
                    self._store.run("DELETE FROM membership WHERE term = ? AND age = ? AND entry = ?", *place)
                    self.touched.add(number)

    def numbers(self, taxonomy: str) -> list[int]:
        """Return the numbers of the terms of `taxonomy`."""
        return [number for (of, _), number in self._numbers.items() if of == taxonomy]

    def drop(self, taxonomy: str) -> None:
        """Forget all terms of `taxonomy`."""
        for place, number in list(self._numbers.items()):
            if place[0] == taxonomy:
                del self._numbers[place]
                self.touched.discard(number)
                self._store.run("DELETE FROM membership WHERE term = ?", number)
                self._forget(number)
        self._spellings = {place: known for place, known in self._spellings.items() if place[0] != taxonomy}

    def touch_all(self) -> None:
        """Have every term looked at."""
        self.open()
        self.touched.update(self._numbers.values())

    def spellings(self) -> Iterator[Spelling]:
        """Yield how the touched terms were written; those that have no entry any more are forgotten."""
        for term in sorted(self.touched):
            taxonomy, key = self._store.row("SELECT taxonomy, key FROM term WHERE n = ?", term) or ("", "")
            found = list(
                self._store.rows(
                    "SELECT s.n, s.label, COUNT(*), MAX(m.age) FROM membership m JOIN spelling s ON s.n = m.spelling "
                    "WHERE m.term = ? GROUP BY m.spelling",
                    term,
                )
            )
            for spelling, label, count, age in found:
                yield Spelling(taxonomy, key, label, count, self._first(term, age, spelling))
            if not found:
                self._forget(term)

    def _forget(self, term: int) -> None:
        """Forget a term that no entry has."""
        self._store.run("DELETE FROM term WHERE n = ?", term)
        for table in ("spelling", "stands", "stretch", "revision"):
            self._store.run(f"DELETE FROM {table} WHERE term = ?", term)  # noqa: S608

    def known(self) -> dict[tuple[str, str], Term]:
        """Return label and slug of every term, by taxonomy and key; without schemes."""
        rows = self._store.rows("SELECT taxonomy, key, label, slug FROM term")
        return {(taxonomy, key): Term(taxonomy, key, label, slug, "") for taxonomy, key, label, slug in rows}

    def name(self, terms: Iterable[Term]) -> None:
        """Keep label and slug of `terms`."""
        self._store.run_many(
            "UPDATE term SET label = ?, slug = ? WHERE taxonomy = ? AND key = ?",
            [(term.label, term.slug, term.taxonomy, term.key) for term in terms],
        )

    def number(self, taxonomy: str, key: str) -> int:
        """Return the number of a term that is known."""
        return self._numbers[taxonomy, key]

    def newest(self, term: int) -> Iterator[int]:
        """Yield the rows of the entries of a term, newest first, ties by id, each once."""
        return (n for n, _ in self.dated(term))

    def dated(self, term: int) -> Iterator[tuple[int, int]]:
        """Yield the same, and when each was published (seconds)."""
        last = 0
        for n, age in self._store.rows("SELECT post, age FROM membership WHERE term = ? ORDER BY age, entry", term):
            if n != last:
                yield n, -age
            last = n

    def of(self, taxonomy: str, terms: str) -> tuple[int, ...]:
        """Return the numbers of those of `terms` (JSON) that are of `taxonomy`."""
        uses = zip(json.loads(terms), self._uses_of(terms), strict=True)
        return tuple(dict.fromkeys(term for (name, _), (term, _, _) in uses if name == taxonomy))

    def history(self, term: int, first: int, last: int) -> Iterator[tuple[int, str, int]]:
        """Yield the entries of a term that were published between two seconds: when, id, row; the oldest first."""
        return self._store.rows(
            "SELECT DISTINCT -age, entry, post FROM membership WHERE term = ? AND age BETWEEN ? AND ? "
            "ORDER BY age DESC, entry DESC",
            term, -last, -first,
        )  # fmt: skip

    def moments(self, entries: Iterable[tuple[str, int, str]]) -> dict[int, set[tuple[int, str]]]:
        """Return when the entries (id, published, terms as JSON) of each term were published, with their ids."""
        found: dict[int, set[tuple[int, str]]] = {}
        for entry, shown, terms in entries:
            for term, _, _ in self._uses_of(terms):
                found.setdefault(term, set()).add((shown, entry))
        return found

    def since(self, term: int, first: int) -> Iterator[int]:
        """Yield when the entries of a term were published that were not before `first`, in seconds."""
        rows = self._store.rows(
            "SELECT age FROM (SELECT DISTINCT age, entry FROM membership WHERE term = ? AND age <= ?)", term, -first
        )
        return (-age for (age,) in rows)

    def total(self, term: int) -> int:
        """Return how many entries a term has."""
        # In the order of the index, so nothing is remembered to be compared.
        row = self._store.row("SELECT COUNT(*) FROM (SELECT DISTINCT age, entry FROM membership WHERE term = ?)", term)
        return int(row[0]) if row else 0

    def _first(self, term: int, age: int, spelling: int) -> tuple[int, str, str, int]:
        """Return what the first use of a spelling is known by: the instant, the earliest copy's place, the position."""
        rows = self._store.rows(
            "SELECT o.path, o.root, m.position FROM membership m JOIN post p ON p.n = m.post "
            "JOIN post o ON o.n = COALESCE(p.oldest, p.n) WHERE m.term = ? AND m.age = ? AND m.spelling = ?",
            term, age, spelling,
        )  # fmt: skip
        return min((-age, os.fsdecode(path), os.fsdecode(root), position) for path, root, position in rows)

    def _uses_of(self, terms: str) -> list[tuple[int, int, int]]:
        """Return term, spelling and position of everything in `terms` (JSON: most posts have the same few)."""
        found = self._uses.get(terms)
        if found is None:
            found = self._uses[terms] = [
                (*self._spelling(taxonomy, label), position)
                for position, (taxonomy, label) in enumerate(json.loads(terms))
            ]
        return found

    def _spelling(self, taxonomy: str, label: str) -> tuple[int, int]:
        """Return the numbers of a term and of one way to write it, new ones where there were none."""
        known = self._spellings.get((taxonomy, label))
        if known:
            return known[1], known[0]
        key = self._key(label)
        term, spelling = self._named(taxonomy, key, label)
        self._spellings[taxonomy, label] = spelling, term
        return term, spelling

    def _named(self, taxonomy: str, key: str, label: str) -> tuple[int, int]:
        """Return the same of the term `key`, which is shown as `label`."""
        term = self._numbers.get((taxonomy, key))
        if term is None:
            self._store.run("INSERT INTO term (taxonomy, key, label, slug) VALUES (?, ?, '', '')", taxonomy, key)
            term = self._numbers[taxonomy, key] = self._last()
        known = self._store.row("SELECT n FROM spelling WHERE term = ? AND label = ?", term, label)
        if known:
            return term, known[0]
        self._store.run("INSERT INTO spelling (term, label) VALUES (?, ?)", term, label)
        return term, self._last()

    def _last(self) -> int:
        row = self._store.row("SELECT last_insert_rowid()")
        return int(row[0]) if row else 0
