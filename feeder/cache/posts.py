"""The posts of the cache: what was read of each file, in which group it stands, and which entry it shows."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from feeder.cache import codec
from feeder.cache.rows import HEAD, SEALED, Candidate, Kind, Row, check, head_of, left_out_of, order, place
from feeder.cache.store import CacheError, State, Store
from feeder.model.head import Head
from feeder.model.problem import Problem
from feeder.model.source import LeftOut, Run, Source

_PLACE = "root, path, place, size, mtime"
_SHOWN = "SELECT n, entry, shown, COALESCE(joined, terms) FROM post WHERE entry IS NOT NULL"
_BATCH = 500
_INSERT = f"INSERT INTO post ({SEALED}, seal, size, mtime, entry, shown) VALUES (?{', ?' * 18})"  # noqa: S608
# Above this share of the posts changed, all that is derived is made anew: that is then less work than to mend it.
_MENDED_SHARE = 0.1
_MENDED = 1_000


@dataclass(frozen=True, slots=True)
class Member:
    """A head, the number of its row, and the digest of its body: None where that was not compared yet.

    `content` are the digests of title and body where there is a ledger.
    """

    n: int
    head: Head
    body: bytes | None
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Joined:
    """What row `n` shows: its entry's id and published, all copies' terms (JSON), the earliest of them, the others."""

    n: int
    entry: str
    shown: int
    terms: str | None = None
    oldest: int | None = None
    copies: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry: the row and head that it shows, its id, when it was published (seconds), and its terms (JSON)."""

    n: int
    id: str
    published: int
    terms: str
    head: Head


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from the files that are known: so many candidates to be read, and rows whose files are gone."""

    count: int
    candidates: Iterable[Candidate]
    gone: tuple[int, ...] = ()


class Posts:
    """The rows of posts: `touched` are the groups that changed, None where all of them are to be made anew.

    `withdrawn` are the entries (id, published, terms as JSON) that changed rows showed until now.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[object, ...]] = []
        self.touched: set[int] | None = set() if store.state is State.SEALED else None
        self.withdrawn: list[tuple[str, int, str]] = []

    def changes(self, runs: Sequence[Run]) -> Changes:
        """Return what differs between the files of `runs` and those known there, by place, size and time of change."""
        if self._store.state is State.EMPTY:
            return Changes(
                sum(len(run.sources) for run in runs),
                (Candidate(0, source) for run in runs for source in run.sources),
            )
        candidates: list[Candidate] = []
        gone: list[int] = []
        for run in runs:
            self._compare(run, candidates, gone)
        return Changes(len(candidates), candidates, tuple(gone))

    def _compare(self, run: Run, candidates: list[Candidate], gone: list[int]) -> None:
        bounds = [os.fsencode(bound) for bound in (run.low, run.high) if bound]
        where = " AND ".join(("path >= ?" if run.low else "TRUE", "path < ?" if run.high else "TRUE"))
        rows = self._store.rows(f"SELECT n, {_PLACE}, digest FROM post WHERE {where} ORDER BY path, root", *bounds)  # noqa: S608
        row = next(rows, None)
        # The walk's order, but for names that are no UTF-8.
        for key, source in sorted(((order(source), source) for source in run.sources), key=itemgetter(0)):
            while row is not None and (row[2], row[1]) < key:
                gone.append(row[0])
                row = next(rows, None)
            if row is None or (row[2], row[1]) != key:
                candidates.append(Candidate(0, source))
                continue
            n, _, _, at, size, mtime, seen = row
            row = next(rows, None)
            if not seen or at != place(source):
                candidates.append(Candidate(n, source))
            elif (size, mtime) != (source.size, source.mtime):
                candidates.append(Candidate(n, source, seen))
        if row is not None:
            gone.append(row[0])
        gone.extend(left[0] for left in rows)

    def put(self, row: Row) -> None:
        """Take what was read of a candidate."""
        if row.replaces:
            self.drop(row.replaces)
        if row.kind is Kind.HEAD:
            self._touch(row.grp)
        self._waiting.append(row.values)
        if len(self._waiting) >= _BATCH:
            self._flush()

    def confirm(self, candidate: Candidate) -> None:
        """Take note that a candidate's bytes are what they were, and only its size or time of change are not."""
        source = candidate.source
        self._store.run("UPDATE post SET size = ?, mtime = ? WHERE n = ?", source.size, source.mtime, candidate.n)

    def drop(self, n: int) -> None:
        """Forget a row."""
        self._flush()
        found = self._store.row("SELECT grp FROM post WHERE n = ? AND kind = 0", n)
        if found:
            self._touch(found[0])
        self._store.run("DELETE FROM post WHERE n = ?", n)

    def let_time_pass(self, before: int | None, now: int | None) -> None:
        """Let what falls due between two instants (seconds; None is the end of time) be due, or no more."""
        self._flush()
        if before is None or (now is not None and now < before):
            rows = self._store.rows("SELECT n, grp FROM post WHERE kind = 0 AND published > ?", _seconds(now))
            kind, entry = Kind.FUTURE, "NULL"
        else:
            rows = self._store.rows("SELECT n, grp FROM post WHERE kind = 3 AND published <= ?", _seconds(now))
            kind, entry = Kind.HEAD, "own"
        for n, grp in list(rows):
            self._touch(grp)
            self._store.run(f"UPDATE post SET kind = ?, entry = {entry}, shown = published WHERE n = ?", kind, n)  # noqa: S608

    def settle(self) -> None:
        """End the reading: from here on rows are asked for."""
        self._flush()
        if self._store.state is State.EMPTY:
            self._store.script("indexes.sql")
            return
        if self.touched is not None:
            known = self._count("SELECT COUNT(*) FROM post")
            if len(self.touched) > max(_MENDED, known * _MENDED_SHARE):
                self.touched = None
        if self.touched is None:
            self._store.run(
                "UPDATE post SET entry = CASE kind WHEN 0 THEN own END, shown = published, joined = NULL, "
                "oldest = NULL, updated = NULL"
            )

    def groups(self) -> Iterator[tuple[int, list[Member]]]:
        """Yield the touched groups of several posts; posts that stand alone show what they say themselves."""
        if self.touched is None:
            found = self._store.rows("SELECT grp FROM post WHERE kind = 0 GROUP BY grp HAVING COUNT(*) > 1")
            several = [grp for (grp,) in found]
        else:
            several = []
            for grp in sorted(self.touched):
                count = self._count("SELECT COUNT(*) FROM post WHERE grp = ? AND kind = 0", grp)
                self._store.run(
                    "UPDATE post SET entry = own, shown = published, joined = NULL, oldest = NULL, updated = NULL "
                    "WHERE grp = ? AND kind = 0",
                    grp,
                )
                if count > 1:
                    several.append(grp)
        for grp in several:
            yield grp, self.members(grp)

    def members(self, grp: int) -> list[Member]:
        """Return the posts of a group, those that are due."""
        rows = self._store.rows(f"SELECT n, {HEAD} FROM post WHERE grp = ? AND kind = 0", grp)  # noqa: S608
        return [Member(row[0], head_of(row[1:]), row[18], row[13]) for row in rows]

    def member(self, n: int) -> Member:
        """Return the post of row `n`; raises CacheError where the row is not what was written."""
        row = self._store.row(f"SELECT {HEAD} FROM post WHERE n = ?", n)  # noqa: S608
        if row is None:
            raise CacheError("a post is missing in it")
        return Member(n, head_of(row), row[17], row[12])

    def compared(self, n: int, body: bytes) -> None:
        """Keep the digest of a body."""
        self._store.run("UPDATE post SET body = ? WHERE n = ?", body, n)

    def join(self, joined: Iterable[Joined]) -> None:
        """Let rows show what `joined` says."""
        for one in joined:
            self._store.run(
                "UPDATE post SET entry = ?, shown = ?, joined = ?, oldest = ? WHERE n = ?",
                one.entry, one.shown, one.terms, one.oldest, one.n,
            )  # fmt: skip
            self._store.run_many(
                "UPDATE post SET entry = NULL, joined = NULL, oldest = ? WHERE n = ?", [(one.n, n) for n in one.copies]
            )

    def disputed(self) -> list[int]:
        """Return the groups that claimed an id which others claimed too, when they were last joined."""
        return [grp for (grp,) in self._store.rows("SELECT grp FROM contested")]

    def dispute(self, problems: Mapping[int, Iterable[Problem]]) -> None:
        """Keep which groups claim an id that others claim too, and what is to be said about each."""
        self._store.run("DELETE FROM contested")
        rows = ((grp, codec.encode_located(said)) for grp, said in problems.items())
        self._store.run_many("INSERT INTO contested VALUES (?, ?)", rows)

    def disputes(self) -> Iterator[Problem]:
        """Yield what was said about ids that several posts claim."""
        for (text,) in self._store.rows("SELECT problems FROM contested"):
            yield from codec.decode_located(text)

    def claimed_twice(self) -> set[int]:
        """Return the groups of which two show an entry of one id."""
        rows = self._store.rows(
            "SELECT grp FROM post WHERE entry IN (SELECT entry FROM post WHERE entry IS NOT NULL "
            "GROUP BY entry HAVING COUNT(*) > 1)"
        )
        return {grp for (grp,) in rows}

    def holders(self, entry: str) -> set[int]:
        """Return the groups that show an entry of the id `entry`."""
        return {grp for (grp,) in self._store.rows("SELECT grp FROM post WHERE entry = ?", entry)}

    def shown(self) -> Iterator[tuple[int, str, int, str]]:
        """Yield the entries of the touched groups: row, id, published (seconds), terms (JSON)."""
        if self.touched is None:
            yield from self.all_shown()
            return
        for grp in sorted(self.touched):
            yield from self._store.rows(f"{_SHOWN} AND grp = ?", grp)

    def all_shown(self) -> Iterator[tuple[int, str, int, str]]:
        """Yield all entries, as `shown` does."""
        return self._store.rows(_SHOWN)

    def voice(self, n: int) -> tuple[str, tuple[str, ...]]:
        """Return the language of the post in row `n`, and its authors' names."""
        row = self._store.row("SELECT head FROM post WHERE n = ?", n)
        if row is None:
            raise CacheError("a post is missing in it")
        return codec.decode_voice(row[0])

    def load(self, n: int) -> Shown:
        """Return the entry that row `n` shows; raises CacheError where the row is not what was written."""
        columns = f"SELECT entry, shown, COALESCE(joined, terms), updated, {HEAD} FROM post"  # noqa: S608
        row = self._store.row(f"{columns} WHERE n = ?", n)
        if row is None:
            raise CacheError("a post is missing in it")
        found = head_of(row[4:])
        if row[3] is not None:
            found = replace(found, updated=max(found.updated, codec.instant(row[3])))
        return Shown(n, row[0], row[1], row[2], found)

    def newest(self) -> Iterator[int]:
        """Yield the rows of all entries, newest first, ties by id."""
        return (n for n, _ in self.dated())

    def dated(self) -> Iterator[tuple[int, int]]:
        """Yield the rows of all entries, newest first, ties by id, and when each was published (seconds)."""
        yield from self._store.rows("SELECT n, shown FROM post WHERE entry IS NOT NULL ORDER BY shown DESC, entry")

    def sorted(self) -> Iterator[tuple[int, int, str]]:
        """Yield the same, and the terms (JSON) of each."""
        yield from self._store.rows(
            "SELECT n, shown, COALESCE(joined, terms) FROM post WHERE entry IS NOT NULL ORDER BY shown DESC, entry"
        )

    def history(self, first: int, last: int) -> Iterator[tuple[int, str, int]]:
        """Yield the entries that were published between two seconds: when, id, row; the oldest first."""
        return self._store.rows(
            "SELECT shown, entry, n FROM post WHERE entry IS NOT NULL AND shown BETWEEN ? AND ? "
            "ORDER BY shown, entry DESC",
            first, last,
        )  # fmt: skip

    def between(self, first: int, behind: int) -> int:
        """Return how many entries were published from second `first` on and before second `behind`."""
        return self._count(
            "SELECT COUNT(*) FROM post WHERE entry IS NOT NULL AND shown >= ? AND shown < ?", first, behind
        )

    def ids(self) -> Iterator[str]:
        """Yield the ids of all entries."""
        return (entry for (entry,) in self._store.rows("SELECT entry FROM post WHERE entry IS NOT NULL"))

    def sightings(self, groups: Iterable[int] | None = None) -> Iterator[tuple[int, str, int, bytes]]:
        """Yield the entries of `groups`, or all: row, id, published (seconds), and the signs of the post."""
        columns = "SELECT n, entry, shown, signs FROM post WHERE entry IS NOT NULL"
        if groups is None:
            yield from self._store.rows(columns)
            return
        for grp in sorted(groups):
            yield from self._store.rows(f"{columns} AND grp = ?", grp)

    def count(self) -> int:
        """Return how many entries there are."""
        return self._count("SELECT COUNT(*) FROM post WHERE entry IS NOT NULL")

    def copies(self) -> int:
        """Return how many posts are copies of others."""
        # Of two indexes, neither of which holds both.
        return self._count("SELECT COUNT(*) FROM post WHERE kind = 0") - self.count()

    def noted(self) -> Iterator[Head | LeftOut]:
        """Yield every post of which something is to be said, and every file that gives no entry."""
        for n, *row in self._store.rows(f"SELECT n, kind, {HEAD} FROM post WHERE noted AND kind != 3 ORDER BY n"):  # noqa: S608
            del n
            yield left_out_of(row[1:]) if row[0] in (Kind.LEFT_OUT, Kind.OTHER) else head_of(row[1:])

    def future(self) -> Iterator[Head]:
        """Yield the posts that are not due yet."""
        return (head_of(row) for row in self._store.rows(f"SELECT {HEAD} FROM post WHERE kind = 3"))  # noqa: S608

    def clear(self) -> None:
        """Forget every row: all files are read anew."""
        self._store.run("DELETE FROM post")
        self.touched = None

    def fleeting(self) -> int:
        """Return how many files must be looked at again whatever their size and time say: they could not be read."""
        return self._count("SELECT COUNT(*) FROM post WHERE noted AND digest = x''")

    def about(self, source: Source) -> tuple[Head | None, int]:
        """Return the head of the post in `source` (None: it gives no entry), and the row that shows its entry, or 0."""
        row = self._store.row(
            f"SELECT n, kind, entry, oldest, {HEAD} FROM post WHERE path = ? AND root = ?",  # noqa: S608
            *order(source),
        )
        if row is None or row[1] != Kind.HEAD:
            return None, 0
        return head_of(row[4:]), row[0] if row[2] is not None else row[3]

    def proof(self, now: int | None) -> None:
        """Look at every row, and drop those that are not as they were written; `now` (seconds) says what is due."""
        bad = []
        for n, *row in self._store.rows(f"SELECT n, {HEAD} FROM post"):  # noqa: S608
            try:
                check(row)
            except CacheError:
                bad.append((n,))
        self._store.run_many("DELETE FROM post WHERE n = ?", bad)
        self._store.run("UPDATE post SET body = NULL WHERE body IS NOT NULL")
        self._store.run(
            "UPDATE post SET kind = CASE WHEN published > ? THEN 3 ELSE 0 END WHERE kind IN (0, 3)", _seconds(now)
        )
        self._store.run("DELETE FROM meta WHERE name NOT IN ('version', 'heads')")

    def _touch(self, grp: int) -> None:
        """Withdraw what a group shows: it will be looked at as a whole."""
        if self.touched is None or grp in self.touched:
            return
        self.touched.add(grp)
        self._flush()
        self.withdrawn.extend(
            self._store.rows(
                "SELECT entry, shown, COALESCE(joined, terms) FROM post WHERE grp = ? AND entry IS NOT NULL", grp
            )
        )

    def touch(self, groups: Iterable[int]) -> None:
        """Have `groups` looked at too."""
        for grp in groups:
            self._touch(grp)

    def _flush(self) -> None:
        if self._waiting:
            self._store.run_many(_INSERT, self._waiting)
            self._waiting = []

    def _count(self, query: str, *values: object) -> int:
        row = self._store.row(query, *values)
        return int(row[0]) if row else 0


def _seconds(now: int | None) -> int:
    return 2**62 if now is None else now
