"""The fragments of the cache: what rendering gave, and which feeds show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from feeder.cache import codec
from feeder.cache.store import CacheError, Store
from feeder.model.digest import digest
from feeder.model.entry import Rendered
from feeder.model.feed import Plan, Planned, Scope
from feeder.model.problem import Problem

# What fragments may take of memory between documents: entries stand in several feeds, most of them close together.
_ROOM = 32_000_000


class Fragments:
    """Fragments by the keys of their entries (`feeder.fingerprint.entry_key`)."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[tuple[bytes, str], bytes] = {}
        self._room = _ROOM
        self._known: set[bytes] = set()
        self._dropped: set[bytes] | None = None

    def has(self, key: bytes) -> bool:
        """Say whether the entry of that key was rendered."""
        if key not in self._known and self._store.row("SELECT 1 FROM rendered WHERE key = ?", key) is not None:
            self._known.add(key)
        return key in self._known

    def have(self, keys: Iterable[bytes]) -> bool:
        """Say whether all entries of these keys were rendered, and what was said of them is known."""
        return all(map(self.has, keys))

    def add(self, key: bytes, done: Rendered) -> None:
        """Keep what an entry became, and what was said of it."""
        self._known.add(key)
        said = codec.encode_located(done.problems)
        self._store.run("INSERT OR REPLACE INTO rendered VALUES (?, ?, ?)", key, said, _seal(key, said.encode()))
        for one in done.fragments:
            self._keep((key, one.format), one.data)
            self._store.run(
                "INSERT OR REPLACE INTO fragment (key, format, seal, data) VALUES (?, ?, ?, ?)",
                key, one.format, _seal(key, one.format.encode(), one.digest), one.data,
            )  # fmt: skip

    def size(self, key: bytes, form: str) -> int:
        """Return how many bytes a fragment has."""
        row = self._store.row("SELECT LENGTH(data) FROM fragment WHERE key = ? AND format = ?", key, form)
        if row is None:
            raise CacheError("a fragment is missing in it")
        return int(row[0])

    def data(self, key: bytes, form: str) -> bytes:
        """Return a fragment; raises CacheError where it is not what was put there."""
        data = self._kept.get((key, form))
        if data is None:
            row = self._store.row("SELECT seal, data FROM fragment WHERE key = ? AND format = ?", key, form)
            if row is None or row[0] != _seal(key, form.encode(), digest(row[1])):
                raise CacheError("a fragment in it is not as it was written")
            data = row[1]
            self._keep((key, form), data)
        return data

    def problems(self) -> Iterator[Problem]:
        """Yield what was said of entries that feeds show."""
        for (text,) in self._store.rows(
            "SELECT problems FROM rendered WHERE problems != '[]' AND key IN (SELECT key FROM stands)"
        ):
            yield from codec.decode_located(text)

    def stand(self, plan: Plan) -> None:
        """Keep which entries, by their keys, the feeds of `plan` were planned with; others stay if it is a part."""
        if plan.scope is Scope.WHOLE:
            self._store.run("DELETE FROM stands")
            paths = {one.plan.feed.addresses[0].path for one in plan.planned}
            gone = [path for (path,) in self._store.rows("SELECT path FROM feed") if path not in paths]
        else:
            for one in plan.planned:
                self._drop(one)
            gone = list(plan.gone)
        if plan.scope is Scope.WHOLE or gone:  # what feeds were planned with that are gone is gone, too
            self._dropped = None
        self._store.run_many("DELETE FROM feed WHERE path = ?", [(path,) for path in gone])
        self._store.run_many("INSERT INTO stands VALUES (?, ?, ?, ?)", _stands(plan))

    def join(self, path: str, made_of: str, cut: str = "", losing: str = "") -> None:
        """Keep that the feed at `path` was joined by the plan of that fingerprint, and what is to be said of it.

        `cut` is what is said where it shows less than was planned, `losing` where it shows less than readers need.
        """
        seal = _seal(path.encode(), made_of.encode(), cut.encode(), losing.encode())
        self._store.run("INSERT OR REPLACE INTO feed VALUES (?, ?, ?, ?, ?)", path, made_of, cut, losing, seal)

    def is_joined(self, path: str, made_of: str) -> bool:
        """Say whether the feed at `path` was last joined by the plan of that fingerprint."""
        return self._store.row("SELECT 1 FROM feed WHERE path = ? AND made_of = ?", path, made_of) is not None

    def cuts(self) -> Iterator[str]:
        """Yield what is to be said of feeds that show less than was planned."""
        return (text for (text,) in self._store.rows("SELECT cut FROM feed WHERE cut != '' ORDER BY path"))

    def losing(self) -> Iterator[tuple[str, str]]:
        """Yield the feeds that show less than readers need, and what is to be said of each."""
        yield from self._store.rows("SELECT path, losing FROM feed WHERE losing != '' ORDER BY path")

    def proof(self) -> None:
        """Look at all that is kept, and drop what is not as it was written."""
        bad: set[tuple[object]] = set()
        for key, form, seal, data in self._store.rows("SELECT key, format, seal, data FROM fragment"):
            if not (isinstance(data, bytes) and _is_sealed(seal, key, form, digest(data))):
                bad.add((key,))
        for key, said, seal in self._store.rows("SELECT key, problems, seal FROM rendered"):
            if not _is_sealed(seal, key, said):
                bad.add((key,))
        for table in ("fragment", "rendered"):
            self._store.run_many(f"DELETE FROM {table} WHERE key IS ?", bad)  # noqa: S608
        feeds = self._store.rows("SELECT path, seal, made_of, cut, losing FROM feed")
        gone = [(path,) for path, seal, *said in feeds if not _is_sealed(seal, path, *said)]
        self._store.run_many("DELETE FROM feed WHERE path IS ?", gone)

    def prune(self) -> None:
        """Drop what no feed shows any more: of all there is, or of what a part of them has dropped."""
        for table in ("fragment", "rendered"):
            statement = f"DELETE FROM {table} WHERE key NOT IN (SELECT key FROM stands)"  # noqa: S608
            if self._dropped is None:
                self._store.run(statement)
            else:
                self._store.run_many(f"{statement} AND key = ?", ((key,) for key in sorted(self._dropped)))

    def _drop(self, one: Planned) -> None:
        """Forget what a feed was planned with, as far as it is planned again."""
        replaced = one.archive.replaced if one.archive else ()
        dropped = self._dropped if self._dropped is not None else set()
        for name in ("", *replaced):
            rows = self._store.rows("SELECT key FROM stands WHERE term = ? AND stretch = ?", one.term, name)
            dropped.update(key for (key,) in rows)
            self._store.run("DELETE FROM stands WHERE term = ? AND stretch = ?", one.term, name)
        self._dropped = dropped

    def _keep(self, place: tuple[bytes, str], data: bytes) -> None:
        while self._kept and self._room < len(data):
            self._room += len(self._kept.pop(next(iter(self._kept))))
        self._kept[place] = data
        self._room -= len(data)


def _seal(*facts: bytes) -> bytes:
    return digest(b"\0".join((*(b"%d" % len(fact) for fact in facts), *facts)))


def _is_sealed(seal: object, *facts: object) -> bool:
    """Say whether `facts` (bytes or text) are those that `seal` was made of, whatever a file says."""
    known = [fact.encode("utf-8", "replace") if isinstance(fact, str) else fact for fact in facts]
    data = [fact for fact in known if isinstance(fact, bytes)]
    return len(data) == len(facts) and seal == _seal(*data)


def _stands(plan: Plan) -> Iterator[tuple[int, str, int, bytes]]:
    for one in plan.planned:
        yield from ((one.term, "", place, key) for place, key in enumerate(one.keys))
        for stretch in one.archive.stretches if one.archive else ():
            yield from ((one.term, stretch.name, place, key) for place, key in enumerate(stretch.keys))
