"""The ledger in the cache: its lines as they stand in the file, found by what posts are known again by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from feeder.cache.posts import Posts
from feeder.cache.store import Store
from feeder.model.ledger import NOTHING, Line

_ALONE = "NOT EXISTS (SELECT 1 FROM post AS q WHERE q.grp = p.grp AND q.kind = 0 AND q.n != p.n)"
# A post that stands alone in its group, and whose line in the ledger says all that it says: there is nothing to settle.
_SETTLED = f"""
    l.id = p.entry AND l.grp = p.grp AND l.title = substr(p.content, 1, 8) AND l.body = substr(p.content, 9)
    AND l.published = p.shown AND l.updated >= p.modified AND NOT l.gone
    AND {_ALONE}
"""


@dataclass(frozen=True, slots=True)
class Indexed:
    """A line, the number of the group that its key names, and the line as it stands in the file."""

    line: Line
    group: int
    text: str


class LedgerTable:
    """The lines of a ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def refill(self, lines: Iterable[Indexed]) -> None:
        """Take `lines` for all there are."""
        self._store.run("DELETE FROM ledger")
        self.put(lines)

    def put(self, lines: Iterable[Indexed]) -> None:
        """Take `lines`, in place of those of the same ids."""
        rows = (
            (one.line.id, one.group, one.line.title, one.line.body, one.line.published, one.line.updated,
             one.line.gone, one.text)
            for one in lines
        )  # fmt: skip
        self._store.run_many("INSERT OR REPLACE INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def __contains__(self, entry: object) -> bool:
        return self._store.row("SELECT 1 FROM ledger WHERE id = ?", entry) is not None

    def texts(self) -> Iterator[str]:
        """Yield all lines, by id."""
        return (text for (text,) in self._store.rows("SELECT line FROM ledger ORDER BY id"))

    def unsettled(self, posts: Posts) -> list[int]:
        """Return the rows of posts that stand alone in a touched group, and whose line does not say all they say."""
        query = (
            f"SELECT n FROM post AS p WHERE kind = 0 AND {_ALONE} "  # noqa: S608
            f"AND NOT EXISTS (SELECT 1 FROM ledger AS l WHERE {_SETTLED})"
        )
        if posts.touched is None:
            return [n for (n,) in self._store.rows(query)]
        return [n for grp in sorted(posts.touched) for (n,) in self._store.rows(f"{query} AND grp = ?", grp)]

    def strays(self) -> Iterator[str]:
        """Yield the lines that no post is settled on, where all posts are looked at."""
        query = f"SELECT line FROM ledger AS l WHERE NOT EXISTS (SELECT 1 FROM post AS p WHERE {_SETTLED})"  # noqa: S608
        return (text for (text,) in self._store.rows(query))

    def near(self, groups: Collection[int], lines: Iterable[tuple[str, bytes, bytes]]) -> Iterator[str]:
        """Yield the lines that are of touched `groups`, or have an id, a title or a body of `lines`.

        Those are left out that posts of other groups have, or that a post of these is settled on.
        """
        # Each is asked for once: there may be thousands of posts that all say the same.
        wanted: set[tuple[str, object]] = {("grp", grp) for grp in groups}
        for entry, title, body in lines:
            wanted.update((("id", entry), ("title", title), ("body", body)))
        found: dict[str, str] = {}
        for column, value in wanted - {("id", ""), ("title", NOTHING), ("body", NOTHING)}:
            self._find(found, column, value)
        for entry, text in sorted(found.items()):
            holders = self._store.rows("SELECT grp FROM post WHERE entry = ?", entry)
            settled = f"SELECT 1 FROM ledger AS l JOIN post AS p ON p.entry = l.id WHERE l.id = ? AND {_SETTLED}"  # noqa: S608
            if all(grp in groups for (grp,) in holders) and self._store.row(settled, entry) is None:
                yield text

    def _find(self, found: dict[str, str], column: str, value: object) -> None:
        found.update(self._store.rows(f"SELECT id, line FROM ledger WHERE {column} = ?", value))  # noqa: S608

    def shows(self, entry: str) -> bool:
        """Say whether a post shows the entry `entry`."""
        return self._store.row("SELECT 1 FROM post WHERE entry = ?", entry) is not None

    def name(self, ids: Iterable[tuple[str, int | None, int]]) -> None:
        """Let rows (last) show entries of these ids, whose content changed then (seconds; None: that is not asked)."""
        self._store.run_many("UPDATE post SET entry = ?, updated = ? WHERE n = ?", ids)

    def date(self, posts: Posts) -> None:
        """Let the entries of touched posts have changed when their lines say so."""
        update = (
            "UPDATE post AS p SET updated = (SELECT l.updated FROM ledger AS l WHERE l.id = p.entry) "
            "WHERE entry IS NOT NULL"
        )
        if posts.touched is None:
            self._store.run(update)
            return
        for grp in sorted(posts.touched):
            self._store.run(f"{update} AND grp = ?", grp)
