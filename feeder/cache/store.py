"""The cache file: opened, trusted or looked through, and kept (the only user of sqlite3).

It is disposable: what is foreign, damaged or of another version is thrown away with one warning. Its seal, a small file
beside it, says how the cache looked when feeder last closed it, and on which boot of the machine: while both are as
they were, what stands in it is what feeder put there; else every row is looked at, and all that is derived is made
anew. New caches are written beside their place and renamed, later ones changed in a transaction (WAL).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from itertools import chain
from types import TracebackType
from typing import Any, Self

from feeder.model.digest import digest

_APPLICATION = 0x66656564  # "feed"
_SCHEMA = 7
_NEW = ".new"
_SEAL = ".seal"
_PAGES_KIB = 65_536
_BOOT = "/proc/sys/kernel/random/boot_id"
_BESIDE = ("-wal", "-shm", "-journal")


class CacheError(Exception):
    """The cache cannot be used: `str()` is a sentence fragment that says why."""


class CacheBusyError(CacheError):
    """Another build uses the cache."""


class State(Enum):
    """What is to be thought of a cache that was just opened."""

    EMPTY = "empty"
    """There was none, or none that could be used."""

    TOUCHED = "touched"
    """Rows are to be looked at, one by one, and what is derived of them is gone."""

    SEALED = "sealed"
    """It is as feeder left it."""


class Store:
    """A cache file, held by one build at a time; use as a context manager.

    `path` is "" for a store that is forgotten when it is closed. `version` says what the cache must have been made by.
    Raises CacheError wherever SQLite or the file system does not do what it should; what was done since the store was
    opened is then lost, and only that. Without `keep` all of it is lost.
    """

    def __init__(self, path: str, version: str) -> None:
        self.path = path
        self.state = State.EMPTY
        self.discarded = ""
        self._version = version
        self._writing = path
        self._seal = -1
        self._db: sqlite3.Connection | None = None
        self._unchanged = 0

    def __enter__(self) -> Self:
        with _refusing():
            if self.path:
                self._lock()
            try:
                self._open()
                self._unchanged = self._connection.total_changes
            except BaseException:
                self._close()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, CacheError) and self._seal >= 0:
            with contextlib.suppress(OSError):
                os.unlink(self.path)
        self._close()

    def run(self, statement: str, *values: object) -> None:
        """Run one statement."""
        with _refusing():
            self._connection.execute(statement, values)

    def run_many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each of `rows`."""
        with _refusing():
            self._connection.executemany(statement, rows)

    def rows(self, query: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """Yield the rows that `query` finds."""
        with _refusing():
            # A chain cannot be closed, as a cursor is by whoever stops in the midst of it: after the database itself,
            # where a build goes wrong, that would be a mistake.
            yield from chain(self._connection.execute(query, values))

    def row(self, query: str, *values: object) -> tuple[Any, ...] | None:
        """Return the first row that `query` finds."""
        with _refusing():
            found: tuple[Any, ...] | None = self._connection.execute(query, values).fetchone()
            return found

    def script(self, name: str) -> None:
        """Run the statements of one of the package's files."""
        with _refusing():
            for statement in _statements(name):
                self._connection.execute(statement)

    def note(self, name: str) -> str:
        """Return what was remembered under `name`, or ""."""
        found = self.row("SELECT value FROM meta WHERE name = ?", name)
        return str(found[0]) if found else ""

    def remember(self, name: str, value: str) -> None:
        """Remember `value` under `name`."""
        self.run("INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", name, value)

    def keep(self) -> None:
        """Keep all that was done since the store was opened, and close it."""
        if not self.path:
            return
        with _refusing():
            self._connection.execute("COMMIT")
            self._connection.execute("PRAGMA journal_mode = WAL" if self._writing != self.path else _CHECKPOINT)
            self._connection.close()
            self._db = None
            if self._writing != self.path:
                os.replace(self._writing, self.path)
                self._writing = self.path
                for beside in _BESIDE:
                    # A folder of that name is somebody else's, and nothing that SQLite would read.
                    with contextlib.suppress(FileNotFoundError, IsADirectoryError):
                        os.unlink(self.path + beside)
            os.ftruncate(self._seal, 0)
            os.pwrite(self._seal, _seal(self.path), 0)

    @property
    def changed(self) -> bool:
        """Whether anything was done since the store was opened."""
        return self._connection.total_changes > self._unchanged

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._db is None:
            raise CacheError("it is closed")
        return self._db

    def _lock(self) -> None:
        folder = os.path.dirname(self.path) or "."
        if not os.path.isdir(folder):
            os.makedirs(folder)
            with open(os.path.join(folder, ".gitignore"), "x", encoding="ascii") as ignore:
                ignore.write("*\n")  # nobody means to commit a cache
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        self._seal = os.open(self.path + _SEAL, flags, 0o666)
        try:
            fcntl.flock(self._seal, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._close()
            raise CacheBusyError("another build is using it") from None

    def _open(self) -> None:
        if self.path and os.path.lexists(self.path):
            try:
                _refuse_others(self.path)
                sealed = os.pread(self._seal, 100, 0) == _seal(self.path)
                self._connect()
                self._look(sealed)
            except (CacheError, OSError, UnicodeError, sqlite3.Error) as problem:
                self.discarded = _reason(problem)
                if self._db is not None:
                    self._db.close()
            else:
                return
        self._create()

    def _connect(self) -> None:
        self._db = sqlite3.connect(self._writing, isolation_level=None, cached_statements=64)
        safe = "OFF" if os.path.exists(_BOOT) else "FULL"  # a power cut is followed by another boot, and a close look
        for pragma in (
            "locking_mode = EXCLUSIVE",
            "trusted_schema = OFF",
            f"synchronous = {safe}",
            f"cache_size = -{_PAGES_KIB}",
            "temp_store = MEMORY",
        ):
            self._db.execute(f"PRAGMA {pragma}")

    def _look(self, sealed: object) -> None:
        db = self._connection
        if db.execute("PRAGMA application_id").fetchone() != (_APPLICATION,):
            raise CacheError("it is no cache of feeder's")
        if db.execute("PRAGMA user_version").fetchone() != (_SCHEMA,) or self.note("version") != self._version:
            raise CacheError("it was made by another version of feeder or of what it is built on")
        if sealed:
            self.state = State.SEALED
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("BEGIN IMMEDIATE")
            return
        if dict(db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")) != _schema():
            raise CacheError("it does not hold what a cache holds")
        if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise CacheError("it is damaged")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("BEGIN IMMEDIATE")
        db.execute("REINDEX")
        self.state = State.TOUCHED

    def _create(self) -> None:
        self._writing = self.path + _NEW if self.path else ""
        if self._writing:
            for beside in ("", *_BESIDE):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(self._writing + beside)
        self._connect()
        db = self._connection
        # What is killed now is thrown away, so nothing need be written twice.
        db.execute("PRAGMA journal_mode = OFF")
        db.execute(f"PRAGMA application_id = {_APPLICATION}")
        db.execute(f"PRAGMA user_version = {_SCHEMA}")
        db.execute("BEGIN")
        self.script("schema.sql")
        self.remember("version", self._version)
        self.state = State.EMPTY

    def _close(self) -> None:
        if self._db is not None:
            with contextlib.suppress(sqlite3.Error):
                self._db.close()
            self._db = None
        if self._writing != self.path:
            with contextlib.suppress(OSError):
                os.unlink(self._writing)
        if self._seal >= 0:
            os.close(self._seal)
            self._seal = -1


_CHECKPOINT = "PRAGMA wal_checkpoint(TRUNCATE)"


def _refuse_others(path: str) -> None:
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise CacheError("it is no regular file")


def _statements(name: str) -> Iterator[str]:
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as stream:
        text = stream.read()
    plain = "\n".join(line.partition("--")[0] for line in text.splitlines())
    return (statement for part in plain.split(";") if (statement := part.strip()))


def _schema() -> dict[str, str]:
    """Return the statements that a cache's own schema consists of, by name: a foreign one may hold triggers."""
    with contextlib.closing(sqlite3.connect(":memory:")) as db:
        for name in ("schema.sql", "indexes.sql"):
            for statement in _statements(name):
                db.execute(statement)
        return dict(db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))


def _seal(path: str) -> bytes:
    """Return what only the file at `path` as it is now, on this boot of this machine, has for its seal."""
    status = os.lstat(path)
    try:
        with open(_BOOT, "rb") as stream:
            boot = stream.read()
    except OSError:
        boot = b""
    beside = [os.path.lexists(path + name) for name in _BESIDE]
    facts = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns, boot, beside)
    return digest(repr(facts).encode()).hex().encode()


def _reason(problem: Exception) -> str:
    return str(problem) or type(problem).__name__


@contextlib.contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError, UnicodeError) as problem:
        raise CacheError(_reason(problem)) from problem
