"""The cache's file: kept, trusted, looked through, thrown away."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.cache import store as module
from feeder.cache.store import CacheBusyError, CacheError, State, Store

TOP = Path(__file__).parent.parent.parent
VERSION = "feeder 1"


@pytest.fixture
def cache(tmp_path: Path) -> str:
    """A cache that was kept, with a note in it."""
    path = str(tmp_path / "c" / "cache.sqlite3")
    with Store(path, VERSION) as store:
        assert store.state is State.EMPTY
        store.script("indexes.sql")
        store.remember("x", "one")
        store.keep()
    return path


def _opened(path: str, version: str = VERSION) -> tuple[State, str, str]:
    """Return state, note and why another cache was discarded, of the cache as it is opened now."""
    with Store(path, version) as store:
        return store.state, store.note("x"), store.discarded


@contextlib.contextmanager
def _foreign(path: str) -> Iterator[sqlite3.Connection]:
    """Yield a connection of somebody else to the file at `path`; what is done there is kept."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        yield db


# -- what is kept


def test_what_is_kept_is_there_again(cache: str) -> None:
    """What was kept is there when the cache is opened again, and is trusted."""
    assert _opened(cache) == (State.SEALED, "one", "")
    assert sorted(os.listdir(os.path.dirname(cache))) == [".gitignore", "cache.sqlite3", "cache.sqlite3.seal"]


def test_what_is_not_kept_is_forgotten(cache: str) -> None:
    """Without `keep` the cache is as it was, to the byte and to the time, and it is still trusted."""
    before = Path(cache).read_bytes(), os.stat(cache).st_mtime_ns
    with Store(cache, VERSION) as store:
        store.remember("x", "two")
        assert store.note("x") == "two"
        assert store.changed
    assert (Path(cache).read_bytes(), os.stat(cache).st_mtime_ns) == before
    assert _opened(cache) == (State.SEALED, "one", "")


def test_changes_are_kept(cache: str) -> None:
    """A cache is changed in place, again and again, and is trusted after each time."""
    for text in ("two", "three"):
        with Store(cache, VERSION) as store:
            assert store.state is State.SEALED
            changed = [store.changed]
            store.remember("x", text)
            changed.append(store.changed)
            assert changed == [False, True]
            store.keep()
        assert _opened(cache) == (State.SEALED, text, "")
    assert not {"cache.sqlite3-wal", "cache.sqlite3-shm", "cache.sqlite3.new"} & set(os.listdir(os.path.dirname(cache)))


def test_a_new_cache_that_is_not_kept_leaves_nothing(tmp_path: Path) -> None:
    """A cache that was made and not kept is nowhere."""
    path = tmp_path / "cache.sqlite3"
    with Store(str(path), VERSION) as store:
        store.remember("x", "one")
    assert os.listdir(tmp_path) == ["cache.sqlite3.seal"]
    assert _opened(str(path)) == (State.EMPTY, "", "")


def test_a_store_without_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store without a path is empty each time, and `keep` keeps nothing."""
    monkeypatch.chdir(tmp_path)
    with Store("", VERSION) as store:
        assert store.state is State.EMPTY
        assert not store.changed
        store.remember("x", "one")
        store.keep()
        assert store.note("x") == "one"
    assert os.listdir(tmp_path) == []
    assert _opened("") == (State.EMPTY, "", "")


def test_a_store_that_is_closed(tmp_path: Path) -> None:
    """What is asked of a store after `keep` is an error of the cache."""
    with Store(str(tmp_path / "c"), VERSION) as store:
        store.keep()
        with pytest.raises(CacheError, match="it is closed"):
            store.note("x")


def test_the_folder_is_made_and_ignored_by_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is made for the cache tells git to leave it alone; one that was there is left as it was."""
    monkeypatch.chdir(tmp_path)
    for path in (".feeder/cache", "mine/cache", "cache"):
        if path.startswith("mine"):
            os.mkdir("mine")
        with Store(path, VERSION) as store:
            store.keep()
    assert Path(".feeder/.gitignore").read_text() == "*\n"
    assert sorted(os.listdir("mine")) == ["cache", "cache.seal"]
    assert not Path(".gitignore").exists()


def test_rows(cache: str) -> None:
    """Statements are run with values, one or many, and rows come back one by one, or the first, or none."""
    with Store(cache, VERSION) as store:
        store.run_many("INSERT INTO meta VALUES (?, ?)", [("a", "1"), ("b", "2")])
        store.run("UPDATE meta SET value = ? WHERE name = ?", "3", "b")
        assert list(store.rows("SELECT name, value FROM meta WHERE name < 'c' ORDER BY name")) == [
            ("a", "1"),
            ("b", "3"),
        ]
        assert store.row("SELECT value FROM meta WHERE name = ?", "b") == ("3",)
        assert store.row("SELECT value FROM meta WHERE name = ?", "c") is None
        assert store.note("none") == ""
        for work in (
            lambda: store.run("nonsense"),
            lambda: store.run_many("nonsense", [()]),
            lambda: list(store.rows("nonsense")),
            lambda: store.row("nonsense"),
        ):
            with pytest.raises(CacheError, match="syntax error"):
                work()


# -- the seal


def _restored(path: str) -> None:
    data = Path(path).read_bytes()
    os.unlink(path)
    Path(path).write_bytes(data)


def _unsealed(path: str) -> None:
    Path(path + ".seal").write_bytes(b"0" * 32)


@pytest.mark.parametrize(
    "touch",
    [
        lambda path: os.utime(path, ns=(1, 1)),
        _restored,
        _unsealed,
        lambda path: os.unlink(path + ".seal"),
        lambda path: os.truncate(path + ".seal", 5),
        lambda path: Path(path + ".seal").write_bytes(Path(path + ".seal").read_bytes() + b"x"),
        lambda path: Path(path + "-wal").write_bytes(b""),
        lambda path: os.chmod(path, 0o600),
    ],
    ids=["time", "restored", "other seal", "no seal", "short seal", "long seal", "journal", "mode"],
)
def test_a_cache_that_somebody_had_is_not_trusted(cache: str, touch: Callable[[str], object]) -> None:
    """Where file or seal are not as feeder left them, what stands in the cache is there, but is to be looked at."""
    touch(cache)
    with Store(cache, VERSION) as store:
        assert (store.state, store.note("x"), store.discarded) == (State.TOUCHED, "one", "")
        store.remember("x", "two")
        store.keep()
    assert _opened(cache) == (State.SEALED, "two", "")


def test_another_boot_is_no_proof(cache: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the machine started anew the cache is looked at: a power cut may have left it in pieces."""
    (tmp_path / "boot").write_text("another boot")
    monkeypatch.setattr(module, "_BOOT", str(tmp_path / "boot"))
    assert _opened(cache)[0] is State.TOUCHED


def test_a_machine_that_does_not_count_its_boots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system does not say which boot this is, everything is synced, and seals work without it."""
    monkeypatch.setattr(module, "_BOOT", str(tmp_path / "none"))
    path = str(tmp_path / "cache")
    with Store(path, VERSION) as store:
        assert store.row("PRAGMA synchronous") == (2,)
        store.keep()
    assert _opened(path)[0] is State.SEALED


# -- what is no cache of ours


def _discarded(path: str, reason: str) -> None:
    """Assert that the cache at `path` is thrown away for `reason`, and can be made anew."""
    with Store(path, VERSION) as store:
        assert store.state is State.EMPTY
        assert reason in store.discarded
        store.script("indexes.sql")
        store.remember("x", "new")
        store.keep()
    assert _opened(path) == (State.SEALED, "new", "")


def test_a_cache_of_another_version(cache: str) -> None:
    """A cache that was made by another version, of feeder or of what it is built on, is thrown away."""
    with Store(cache, "feeder 2") as store:
        assert store.state is State.EMPTY
        assert "another version" in store.discarded
    assert _opened(cache) == (State.SEALED, "one", "")  # nothing was kept
    with _foreign(cache) as db:
        db.execute("PRAGMA user_version = 99")
    _discarded(cache, "another version")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"SQLite format 3\0",
        b"SQLite format 3\0" + bytes(4_080),
        b"<html>" * 1_000,
        os.urandom(10_000),
    ],
    ids=["nothing", "a byte", "a head", "zeros", "text", "random"],
)
def test_bytes_that_are_no_database(cache: str, data: bytes) -> None:
    """A file that is no database is thrown away."""
    Path(cache).write_bytes(data)
    _discarded(cache, "")
    assert not Path(cache + ".new").exists()


def test_a_database_of_somebody_else(cache: str) -> None:
    """A database that is no cache is thrown away."""
    os.unlink(cache)
    with _foreign(cache) as db:
        db.execute("CREATE TABLE post (n)")
    _discarded(cache, "no cache of feeder's")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER INSERT ON meta BEGIN DELETE FROM post; END",
        "CREATE TRIGGER t AFTER DELETE ON meta BEGIN INSERT INTO meta VALUES ('x', 'forged'); END",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TABLE other (n)",
        "DROP TABLE feed",
        "DROP INDEX post_place",
        "ALTER TABLE meta ADD COLUMN other",
        "DROP TABLE meta; CREATE VIEW meta AS SELECT 'version' AS name, 'feeder 1' AS value",
        "DROP TABLE fragment; CREATE VIEW fragment AS SELECT 1 AS n",
        "CREATE INDEX i ON meta (abs(value))",
    ],
)
def test_a_hostile_schema(cache: str, statement: str) -> None:
    """A cache whose tables are not those that feeder made is thrown away, and none of its triggers or views is run."""
    with _foreign(cache) as db:
        db.executescript(statement)
    _discarded(cache, "")


def test_a_trigger_that_was_sealed_by_nobody(cache: str) -> None:
    """A schema that was forged behind SQLite's back is found too."""
    with _foreign(cache) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET sql = replace(sql, 'WITHOUT ROWID', '') WHERE name = 'feed'")
    _discarded(cache, "")


@pytest.mark.parametrize("keep", [1, 100, 4_096, 5_000, -4_096, -4_097])
def test_a_cache_that_was_cut(cache: str, keep: int) -> None:
    """A file that lost its end is thrown away, wherever it was cut."""
    size = os.path.getsize(cache)
    os.truncate(cache, keep if keep > 0 else size + keep)
    _discarded(cache, "")


def test_rows_that_stand_twice(cache: str) -> None:
    """Rows that an index says are unique and are not make the cache one that is thrown away."""
    with _foreign(cache) as db:
        db.execute("PRAGMA writable_schema = ON")
        sql = db.execute("SELECT sql FROM sqlite_master WHERE name = 'term_key'").fetchone()[0]
        db.execute("UPDATE sqlite_master SET sql = replace(sql, 'UNIQUE ', '') WHERE name = 'term_key'")
    with _foreign(cache) as db:
        for _ in range(2):
            db.execute("INSERT INTO term (taxonomy, key, label, slug) VALUES ('tags', 'a', 'a', 'a')")
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'term_key'", (sql,))
    _discarded(cache, "")


@given(st.lists(st.tuples(st.integers(0, 2**31), st.integers(1, 255)), min_size=1, max_size=20))
def test_any_damage(tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[int, int]]) -> None:
    """Wherever bytes were changed, the cache is opened, thrown away, or refused with an error of the cache."""
    path = str(tmp_path_factory.mktemp("damage") / "cache")
    with Store(path, VERSION) as store:
        store.script("indexes.sql")
        store.run_many("INSERT INTO meta VALUES (?, ?)", ((f"{n}/atom.xml", f"臺 {n}" * 20) for n in range(200)))
        store.keep()
    data = bytearray(Path(path).read_bytes())
    for place, change in damage:
        data[place % len(data)] ^= change
    Path(path).write_bytes(data)
    with contextlib.suppress(CacheError), Store(path, VERSION) as store:
        assert (store.state is State.EMPTY) == bool(store.discarded)
        assert store.state is not State.SEALED
        for path_, cut in store.rows("SELECT name, value FROM meta ORDER BY name"):
            assert isinstance(path_, str | bytes | int | float)
            assert isinstance(cut, str | bytes | int | float)
    _opened(path)


def test_text_that_is_no_utf_8(cache: str) -> None:
    """Text in the cache that is none is an error of the cache."""
    with _foreign(cache) as db:
        db.execute("INSERT INTO meta VALUES ('a', CAST(x'ff' AS TEXT))")
    with Store(cache, VERSION) as store, pytest.raises(CacheError):
        list(store.rows("SELECT value FROM meta"))


def test_text_that_cannot_be_stored(cache: str) -> None:
    """Text that is none, given to the cache, is an error of the cache too."""
    with Store(cache, VERSION) as store, pytest.raises(CacheError):
        store.remember("x", "\ud800")


@pytest.mark.parametrize("kind", ["fifo", "link", "dangling link", "empty folder", "folder"])
def test_what_is_no_regular_file(cache: str, tmp_path: Path, kind: str) -> None:
    """A FIFO or a link in the cache's place is replaced, not waited for or followed; a folder stays, with an error."""
    os.unlink(cache)
    target = tmp_path / "target"
    if kind == "fifo":
        os.mkfifo(cache)
    elif kind.endswith("link"):
        if kind == "link":
            target.write_bytes(b"mine")
        os.symlink(target, cache)
    elif kind == "folder":
        os.mkdir(cache)
        Path(cache, "mine").write_bytes(b"")
    else:
        os.mkdir(cache)
    if kind.endswith("folder"):
        with Store(cache, VERSION) as store:
            assert store.discarded == "it is no regular file"
            with pytest.raises(CacheError, match="directory"):
                store.keep()
        assert os.path.isdir(cache)
        assert not Path(cache + ".new").exists()
        return
    _discarded(cache, "it is no regular file")
    assert not os.path.islink(cache)
    assert target.read_bytes() == b"mine" if kind == "link" else not target.exists()


@pytest.mark.parametrize("kind", ["link", "folder", "fifo"])
def test_what_stands_in_the_seals_place(cache: str, tmp_path: Path, kind: str) -> None:
    """What is no regular file in the seal's place is not followed, waited for or written to: no cache is had then."""
    seal = cache + ".seal"
    os.unlink(seal)
    if kind == "link":
        os.symlink(tmp_path / "target", seal)
    elif kind == "folder":
        os.mkdir(seal)
    else:
        os.mkfifo(seal)
    with pytest.raises(CacheError), Store(cache, VERSION) as store:
        store.keep()
    assert not (tmp_path / "target").exists()


def test_what_stands_in_the_new_files_place(tmp_path: Path) -> None:
    """What a killed build left where a new cache is made is removed; a link there is not followed."""
    path = tmp_path / "cache"
    for name in ("", "-wal", "-journal"):
        (tmp_path / f"cache.new{name}").symlink_to(tmp_path / "target")
    with Store(str(path), VERSION) as store:
        store.keep()
    assert sorted(os.listdir(tmp_path)) == ["cache", "cache.seal"]
    assert _opened(str(path))[0] is State.SEALED


def test_a_journal_of_another_file(tmp_path: Path) -> None:
    """A journal that stands beside a cache that is made anew is not read into it."""
    path = tmp_path / "cache"
    for name in ("-wal", "-shm", "-journal"):
        (tmp_path / f"cache{name}").write_bytes(os.urandom(1_000))
    with Store(str(path), VERSION) as store:
        store.remember("x", "one")
        store.keep()
    assert sorted(os.listdir(tmp_path)) == ["cache", "cache.seal"]
    assert _opened(str(path)) == (State.SEALED, "one", "")


# -- one build at a time


def test_a_cache_that_is_in_use(cache: str) -> None:
    """Two builds do not share a cache: the second is told, and leaves it as it is."""
    with Store(cache, VERSION) as store:
        store.remember("x", "two")
        with pytest.raises(CacheBusyError, match="another build is using it"):
            Store(cache, VERSION).__enter__()
        store.keep()
    assert _opened(cache) == (State.SEALED, "two", "")


def test_a_cache_that_another_process_uses(cache: str) -> None:
    """The same for two processes; the one that is killed lets it go."""
    script = (
        "import sys\nfrom feeder.cache.store import Store\n"
        "with Store(sys.argv[1], 'feeder 1'):\n    print(); sys.stdin.read()"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    with subprocess.Popen(
        [sys.executable, "-c", script, cache],
        env={**environment, "PYTHONPATH": str(TOP)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    ) as process:
        assert process.stdout
        process.stdout.readline()
        with pytest.raises(CacheBusyError):
            Store(cache, VERSION).__enter__()
        process.kill()
    assert _opened(cache)[1] == "one"


# -- kills, full disks


_KILLED = textwrap.dedent(
    """
    import os, signal, sys
    from feeder.cache.store import Store
    with Store(sys.argv[1], "feeder 1") as store:
        store.remember("x", "two")
        store.run("PRAGMA cache_size = 1")
        store.run("PRAGMA cache_spill = ON")
        store.run_many("INSERT INTO meta VALUES (?, ?)", ((str(n), "x" * 1_000) for n in range(2_000)))
        if sys.argv[2] == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        store._connection.execute("COMMIT")
        os.kill(os.getpid(), signal.SIGKILL)
    """
)


@pytest.mark.parametrize(("when", "note"), [("before", "one"), ("after", "two")])
def test_a_build_that_was_killed(cache: str, when: str, note: str) -> None:
    """A build that is killed while it writes loses what it did, or what it had committed is there; all is looked at."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, cache, when], env={**environment, "PYTHONPATH": str(TOP)}, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert Path(cache + "-wal").exists()
    with Store(cache, VERSION) as store:
        assert (store.state, store.note("x"), store.discarded) == (State.TOUCHED, note, "")
        store.keep()
    assert _opened(cache) == (State.SEALED, note, "")


def test_a_first_build_that_was_killed(tmp_path: Path) -> None:
    """What a build that was killed left of a new cache is nothing that the next one reads."""
    path = str(tmp_path / "cache")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, path, "before"], env={**environment, "PYTHONPATH": str(TOP)}, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "cache.new").exists()
    assert not (tmp_path / "cache").exists()
    assert _opened(path) == (State.EMPTY, "", "")
    assert os.listdir(tmp_path) == ["cache.seal"]


@contextlib.contextmanager
def _no_room(size: int) -> Iterator[None]:
    """Let no file grow beyond `size` bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    """A new cache that finds no room is an error, and nothing of it is left."""
    path = tmp_path / "cache"
    with pytest.raises(CacheError), Store(str(path), VERSION) as store, _no_room(200_000):  # noqa: PT012 - one of them
        store.run_many("INSERT INTO meta VALUES (?, ?)", ((str(n), "x" * 1_000) for n in range(2_000)))
        store.keep()
    assert os.listdir(tmp_path) == ["cache.seal"]


def test_a_disk_that_becomes_full(cache: str) -> None:
    """Where a cache has no room to be changed in, it is thrown away or is as it was: never half of it."""
    with pytest.raises(CacheError), Store(cache, VERSION) as store, _no_room(os.path.getsize(cache)):  # noqa: PT012
        store.remember("x", "two")
        store.run_many("INSERT INTO meta VALUES (?, ?)", ((str(n), "x" * 1_000) for n in range(2_000)))
        store.keep()
    state, note, discarded = _opened(cache)
    assert (state, note, discarded) in [(State.EMPTY, "", ""), (State.TOUCHED, "one", "")]


def test_an_error_of_the_cache_throws_it_away(cache: str) -> None:
    """A cache over which a build had an error is gone; after any other error it is as it was."""
    with pytest.raises(ZeroDivisionError), Store(cache, VERSION) as store:  # noqa: PT012 - the error is the caller's
        store.remember("x", "two")
        raise ZeroDivisionError
    assert _opened(cache) == (State.SEALED, "one", "")
    with pytest.raises(CacheError), Store(cache, VERSION) as store:
        raise CacheError("a fragment in it is not as it was written")
    assert not os.path.exists(cache)
    assert _opened(cache) == (State.EMPTY, "", "")


def test_an_error_without_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that says nothing is called by its name."""

    def failing(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError

    monkeypatch.setattr(sqlite3, "connect", failing)
    with pytest.raises(CacheError, match=r"^OperationalError$"):
        Store("", VERSION).__enter__()


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the cache's folder cannot be made or written there is an error of the cache, and nothing stays open."""
    before = len(os.listdir("/dev/fd"))
    (tmp_path / "file").write_text("mine")
    for path in ("file/cache", "file/c/cache"):
        with pytest.raises(CacheError):
            Store(str(tmp_path / path), VERSION).__enter__()

    def refusing(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refusing)
        with pytest.raises(CacheError, match="Permission denied"):
            Store(str(tmp_path / "cache"), VERSION).__enter__()
    assert len(os.listdir("/dev/fd")) == before
    assert sorted(os.listdir(tmp_path)) == ["file"]
