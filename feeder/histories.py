"""Which stretches of a feed's history may have changed, as the cache's index has them: a month is looked at if it did.

Planned anew are the stretches that changed, their neighbours, whose links may, and the newest two, since it may depend
on the subscription document whether the newest has one of its own. Of all others only the names are asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from feeder.cache.posts import Posts
from feeder.cache.revisions import Revision, Revisions
from feeder.cache.store import CacheError, Store
from feeder.cache.stretches import Known, Stretches, members
from feeder.cache.terms import Terms
from feeder.model.entry import Entry
from feeder.model.feed import SITE, Reach, Scope
from feeder.plan.archive import Moment, cut, month, months, span

_ALWAYS = (-(2**62), 2**62)


@dataclass(frozen=True, slots=True)
class Draft:
    """A stretch by the rows of its entries, newest first; () where it is as it was, and `documents` show it."""

    name: str
    rows: tuple[int, ...]
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drafts:
    """The history of a feed, oldest first, and the names of its stretches and documents that are no more, or anew.

    `reach` is that of the entries that its own documents show.
    """

    stretches: tuple[Draft, ...]
    replaced: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    reach: Reach = Reach.NEWEST


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch as the index has it now; `rows` newest first."""

    known: Known
    moments: tuple[Moment, ...]
    rows: tuple[int, ...]


class _Chain:
    """A feed's stretches, oldest first, and which of them, by their places, are to be planned anew."""

    def __init__(self) -> None:
        self.stretches: list[Known] = []
        self.due: set[int] = set()
        self.rows: dict[str, tuple[int, ...]] = {}

    def stay(self, month_of: list[Known]) -> None:
        """Append a month that is as it was."""
        self.stretches.extend(month_of)

    def renew(self, month_of: list[Known], anew: Collection[str], pieces: list[_Piece]) -> None:
        """Append a month of which those called `anew` are to be planned so, with their neighbours."""
        start = len(self.stretches)
        self.stretches.extend(month_of)
        self.rows.update((piece.known.name, piece.rows) for piece in pieces)
        for place, one in enumerate(month_of, start):
            if one.name in anew:
                self.due.update((place - 1, place, place + 1))
        if not month_of:  # then those that stood around it are neighbours now
            self.due.update((start - 1, start))

    def end(self) -> None:
        """Have the newest two planned, too, and whoever stands before one that had no document until now."""
        count = len(self.stretches)
        self.due.update((count - 2, count - 1))
        for place in range(count - 1, 0, -1):
            if place in self.due and not self.stretches[place].documents:
                self.due.add(place - 1)


class Histories:
    """The stretches of feeds of which no document shows more than `limit` entries."""

    def __init__(self, store: Store, terms: Terms, posts: Posts, limit: int) -> None:
        self.stretches = Stretches(store)
        self._revisions = Revisions(store)
        self._terms = terms
        self._posts = posts
        self._limit = limit
        self._changed: dict[int, set[Moment]] | None = None

    def begin(self, scope: Scope, others: Iterable[int]) -> None:
        """Find out which entries of which feeds changed, in the whole scope forget all that is known.

        `others` are the numbers of feeds of which any entry that changed may have changed something, as of the site's.
        """
        if scope is Scope.WHOLE:
            self._changed = None
            self.stretches.clear()
            self._revisions.clear()
            return
        shown = ((entry, seconds, terms) for _, entry, seconds, terms in self._posts.shown())
        entries = [*self._posts.withdrawn, *shown]
        everything = {(seconds, entry) for entry, seconds, _ in entries}
        self._changed = {**dict.fromkeys((SITE, *others), everything), **self._terms.moments(entries)}

    def drafts(self, number: int, count: int) -> Drafts:
        """Return the history of a feed whose own documents were planned with `count` entries."""
        newest = self._posts.newest() if number == SITE else self._terms.newest(number)
        if next(islice(newest, count, None), None) is None:
            return replace(self.whole(number), reach=Reach.ALL)
        return self.whole(number) if self._changed is None else self.part(number, self._changed.get(number, set()))

    def revised(self, number: int, drafts: Drafts, window: Sequence[int], entries: Mapping[int, Entry]) -> list[int]:
        """Return the rows of the entries of a feed that were updated after they left its `window` (rows).

        At most as many as documents show, the last update first. `entries` are those of the window and of `drafts`.
        """
        planned = {row: entries[row] for draft in drafts.stretches for row in draft.rows}
        changed = self._changed.get(number, set()) if self._changed else set()
        self._revisions.replace(
            number,
            [entry for _, entry in changed],
            [
                Revision(entry.id, row, int(entry.published.timestamp()), int(entry.updated.timestamp()))
                for row, entry in planned.items()
                if entry.updated > entry.published
            ],
        )
        if drafts.reach is Reach.ALL:
            return []
        oldest = min(int(entries[row].published.timestamp()) for row in window)
        shown = frozenset(window)
        found = (one.row for one in self._revisions.since(number, oldest) if one.row not in shown)
        return list(islice(found, self._limit))

    def whole(self, number: int) -> Drafts:
        """Return all of a feed's history, to be planned anew."""
        before = self.stretches.of(number)
        self.stretches.forget(number)
        found: list[Draft] = []
        for name, pieces in self._pieces(number, *_ALWAYS):
            self.stretches.put(number, name, [piece.known for piece in pieces])
            found.extend(Draft(piece.known.name, piece.rows) for piece in pieces)
        return _drafts(found, before)

    def part(self, number: int, changed: Collection[Moment]) -> Drafts:
        """Return a feed's history where `changed` are the moments of entries that are no more, or new, or others."""
        known = self.stretches.of(number)
        if not any(one.documents for one in known):  # nothing that could stay: one document had room for all
            return self.whole(number)
        before: dict[str, list[Known]] = {}
        for one in known:
            before.setdefault(one.month, []).append(one)
        touched = {month(seconds) for seconds, _ in changed}
        chain = _Chain()
        for name in sorted(touched.union(before)):
            old = before.get(name, [])
            if name not in touched:
                chain.stay(old)
                continue
            pieces = self._month(number, name)
            anew = _anew(old, pieces, frozenset(changed))
            was = {one.name: one for one in old}
            now = [one.known if one.known.name in anew else was[one.known.name] for one in pieces]
            self.stretches.put(number, name, now)
            chain.renew(now, anew, pieces)
        chain.end()
        drafts = [
            Draft(one.name, self._rows(number, chain, one))
            if place in chain.due
            else Draft(one.name, (), one.documents)
            for place, one in enumerate(chain.stretches)
        ]
        stay = {draft.name for draft in drafts if not draft.rows}
        return _drafts(drafts, [one for one in known if one.name not in stay])

    def _rows(self, number: int, chain: _Chain, stretch: Known) -> tuple[int, ...]:
        if stretch.name not in chain.rows:
            chain.rows.update((piece.known.name, piece.rows) for piece in self._month(number, stretch.month))
        if stretch.name not in chain.rows:
            raise CacheError("a stretch of a feed's history is missing in it")
        return chain.rows[stretch.name]

    def _month(self, number: int, name: str) -> list[_Piece]:
        return next((pieces for _, pieces in self._pieces(number, *span(name))), [])

    def _pieces(self, number: int, first: int, last: int) -> Iterator[tuple[str, list[_Piece]]]:
        """Yield the months of a feed with entries between two seconds, the oldest first, each with its stretches."""
        found = self._posts.history(first, last) if number == SITE else self._terms.history(number, first, last)
        rows: dict[Moment, int] = {(seconds, entry): row for seconds, entry, row in found}
        for name, moments in months(rows):
            yield (
                name,
                [
                    _Piece(
                        Known(name, piece.name, members(moments[piece.first : piece.end])),
                        tuple(moments[piece.first : piece.end]),
                        tuple(rows[moment] for moment in reversed(moments[piece.first : piece.end])),
                    )
                    for piece in cut(moments, name, lambda first, end: end - first <= self._limit)
                ],
            )


def _drafts(drafts: list[Draft], replaced: list[Known]) -> Drafts:
    documents = tuple(name for one in replaced for name in one.documents)
    return Drafts(tuple(drafts), tuple(one.name for one in replaced), documents)


def _anew(old: list[Known], pieces: list[_Piece], changed: frozenset[Moment]) -> frozenset[str]:
    """Return the names of the stretches of a month that are to be planned anew: all, where one of them is no more."""
    was = {one.name: one.members for one in old}
    names = frozenset(piece.known.name for piece in pieces)
    if not was.keys() <= names:
        return names
    return frozenset(
        piece.known.name
        for piece in pieces
        if was.get(piece.known.name) != piece.known.members or not changed.isdisjoint(piece.moments)
    )
