"""The output folder (SPEC §7)."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Self

import pytest

from feeder.errors import CannotWriteError, InputOutputError, LockedError
from feeder.model.feed import Document
from feeder.model.problem import Level
from feeder.model.term import GivenSlug
from feeder.write import dist as module
from feeder.write import folder as files
from feeder.write.dist import Dist, Written, remembered
from feeder.write.manifest import NAME, Manifest, WrittenFile, digest, dump, mark, parse

OLD = {"atom.xml": b"atom 1", "rss.xml": b"rss", "tags/a/atom.xml": b"a 1", "tags/b/atom.xml": b"b 1", "x/y/z": b"z"}
NEW = {"atom.xml": b"atom 22", "rss.xml": b"rss", "tags/a/atom.xml": b"a 22", "tags/c/d/atom.xml": b"c 22"}
STRANGERS = {"CNAME": b"example.org", ".nojekyll": b"", "tags/index.html": b"mine"}


def build(
    folder: Path, documents: dict[str, bytes], slugs: tuple[GivenSlug, ...] = (), ids: tuple[str, ...] = ()
) -> Written:
    """Publish `documents` in `folder`; what is returned says nothing of the manifest, which is looked at here."""
    with Dist(str(folder), 0) as dist:
        for path, data in documents.items():
            dist.stage(Document(path, data))
        written = dist.publish(slugs, frozenset(map(mark, ids)))
        assert written.state == dist.state
    assert written.state == digest((folder / NAME).read_bytes())
    return replace(written, state="")


def tree(folder: Path) -> dict[str, bytes]:
    """Return what stands below `folder`: files with their bytes, folders and links as they are."""
    found: dict[str, bytes] = {}
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = b"-> " + os.fsencode(path.readlink())
        elif path.is_dir():
            found[f"{name}/"] = b""
        else:
            found[name] = path.read_bytes()
    return found


def feeds(folder: Path) -> dict[str, bytes]:
    """Return the files below `folder`, without feeder's own."""
    return {
        name: data
        for name, data in tree(folder).items()
        if not name.endswith("/") and "feeder-" not in name.split("/")[-1]
    }


def strangers(folder: Path) -> None:
    """Put files of other people into `folder`."""
    for name, data in STRANGERS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """An output folder with a first version and files of other people."""
    folder = tmp_path / "dist"
    build(folder, OLD, ids=("1", "2"))
    strangers(folder)
    return folder


@pytest.fixture
def whole(tmp_path: Path) -> dict[str, bytes]:
    """What an undisturbed build makes of the first version."""
    folder = tmp_path / "whole"
    build(folder, OLD, ids=("1", "2"))
    strangers(folder)
    build(folder, NEW, ids=("2", "3"))
    return tree(folder)


def test_the_first_build(tmp_path: Path) -> None:
    """All files are written, in an output folder that is made, and remembered."""
    folder = tmp_path / "a" / "dist"
    written = build(folder, OLD, (GivenSlug("tags", "a", "a"),), ("1", "2"))
    assert written == Written(tuple(sorted(OLD)), (), ())
    assert feeds(folder) == OLD
    assert parse((folder / NAME).read_bytes()) == Manifest(
        tuple(WrittenFile(path, (digest(data),)) for path, data in sorted(OLD.items())),
        (GivenSlug("tags", "a", "a"),),
        frozenset((mark("1"), mark("2"))),
    )
    assert sorted(os.listdir(folder)) == ["atom.xml", NAME, "rss.xml", "tags", "x"]


def test_the_next_build(old: Path) -> None:
    """What changed is written, what did not is not, what is obsolete goes with its folders, strangers stay."""
    written = build(old, NEW)
    assert written == Written(
        ("atom.xml", "tags/a/atom.xml", "tags/c/d/atom.xml"), ("rss.xml",), ("tags/b/atom.xml", "x/y/z")
    )
    assert feeds(old) == {**NEW, **STRANGERS}
    assert not (old / "tags" / "b").exists()
    assert not (old / "x").exists()


def test_files_that_do_not_change_are_not_touched(old: Path) -> None:
    """A file whose bytes are the same keeps its time and its inode, and so does the manifest of an equal build."""

    def places() -> dict[Path, tuple[int, int, int]]:
        found = {path: path.stat() for path in old.rglob("*")}
        return {path: (status.st_ino, status.st_mtime_ns, status.st_ctime_ns) for path, status in found.items()}

    before = places()
    assert build(old, OLD, ids=("1", "2")) == Written((), tuple(sorted(OLD)), ())
    assert places() == before
    build(old, {**OLD, "atom.xml": b"2"}, ids=("1", "2"))
    assert places()[old / "rss.xml"] == before[old / "rss.xml"]
    assert places()[old / "tags/a/atom.xml"] == before[old / "tags/a/atom.xml"]


def test_slugs_are_never_forgotten(old: Path) -> None:
    """A slug that was given is remembered after its term has gone; the entries are those of the last build."""
    build(old, OLD, (GivenSlug("tags", "a", "a"), GivenSlug("tags", "b", "b")), ("1",))
    build(old, OLD, (GivenSlug("tags", "b", "b-2"),), ("2",))
    with Dist(str(old), 0) as dist:
        assert dist.manifest.slugs == (GivenSlug("tags", "a", "a"), GivenSlug("tags", "b", "b-2"))
        assert dist.manifest.marks == frozenset((mark("2"),))
    assert remembered(str(old)).slugs == (GivenSlug("tags", "a", "a"), GivenSlug("tags", "b", "b-2"))


def test_nothing_is_remembered(tmp_path: Path) -> None:
    """Where there is no manifest to be read, nothing is remembered, and nothing is made."""
    assert remembered(str(tmp_path / "none")) == Manifest()
    (tmp_path / NAME).write_bytes(b"{")
    assert remembered(str(tmp_path)) == Manifest()
    assert os.listdir(tmp_path) == [NAME]


def test_an_edited_file_stays(old: Path) -> None:
    """An obsolete file that somebody has edited is not removed, and reported; after that it is a stranger's."""
    (old / "tags/b/atom.xml").write_bytes(b"edited")
    written = build(old, NEW)
    assert written.removed == ("x/y/z",)
    (problem,) = written.problems
    assert (problem.file, problem.level, problem.code) == (str(old / "tags/b/atom.xml"), Level.WARNING, "not-ours")
    assert build(old, NEW).problems == ()
    assert (old / "tags/b/atom.xml").read_bytes() == b"edited"


@pytest.mark.parametrize("path", ["tags/b/atom.xml", "tags/b"])
def test_a_link_in_an_obsolete_files_place_stays(old: Path, tmp_path: Path, path: str) -> None:
    """A link that somebody put in an obsolete file's place, or its folder's, is not followed."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "atom.xml").write_bytes(OLD["tags/b/atom.xml"])
    shutil.rmtree(old / "tags/b")
    if path == "tags/b":
        (old / path).symlink_to(outside)
    else:
        (old / "tags/b").mkdir()
        (old / path).symlink_to(outside / "atom.xml")
    assert build(old, NEW).removed == ("x/y/z",)
    assert (outside / "atom.xml").exists()
    assert (old / path).is_symlink()


def test_an_obsolete_file_that_is_gone(old: Path) -> None:
    """An obsolete file that somebody removed leaves no empty folder behind."""
    (old / "x/y/z").unlink()
    assert build(old, NEW).removed == ("tags/b/atom.xml",)
    assert not (old / "x").exists()


def test_the_last_files_of_a_folder_go_one_after_the_other(tmp_path: Path) -> None:
    """Where several obsolete files were all that a folder held, below folders of their own, it goes too."""
    folder = tmp_path / "dist"
    build(folder, {"atom.xml": b"1", **{f"tags/{name}/atom.xml": b"1" for name in "abc"}})
    assert len(build(folder, {"atom.xml": b"1"}).removed) == 3
    assert sorted(os.listdir(folder)) == ["atom.xml", NAME]


def test_links_are_replaced(old: Path, tmp_path: Path) -> None:
    """Links to files and to folders in dist are replaced, and what they lead to is as it was."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "atom.xml").write_bytes(b"outside")
    (old / "atom.xml").unlink()
    (old / "atom.xml").symlink_to(outside / "atom.xml")
    shutil.rmtree(old / "tags/a")
    (old / "tags/a").symlink_to(outside)
    (old / NAME).unlink()
    (old / NAME).symlink_to(outside / "atom.xml")
    build(old, NEW)
    assert tree(outside) == {"atom.xml": b"outside"}
    assert {name: tree(old)[name] for name in NEW} == NEW
    assert not (old / NAME).is_symlink()


def test_dist_itself_may_be_a_link(tmp_path: Path) -> None:
    """The output folder that was named may be a link: it was named."""
    (tmp_path / "real").mkdir()
    (tmp_path / "dist").symlink_to("real")
    build(tmp_path / "dist", OLD)
    assert feeds(tmp_path / "real") == OLD


def test_a_link_in_the_marks_place(old: Path, tmp_path: Path) -> None:
    """A link where feeder marks an unfinished build is not followed."""
    (old / ".feeder-unfinished").symlink_to(tmp_path / "outside")
    build(old, NEW)
    assert not (tmp_path / "outside").exists()
    assert not (old / ".feeder-unfinished").is_symlink()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda old: (old / "tags/c").write_bytes(b"mine"), "a file stands where a folder belongs"),
        (lambda old: (old / "tags/c/d/atom.xml").mkdir(parents=True), "a folder stands where the file belongs"),
    ],
    ids=["file", "folder"],
)
def test_in_the_way(old: Path, make: Callable[[Path], object], sentence: str) -> None:
    """What stands in a document's way is an error that says where, before anything is renamed."""
    make(old)
    before = tree(old)
    with pytest.raises(CannotWriteError, match=rf"tags/c.*{sentence}"):
        build(old, NEW)
    assert tree(old) == before


def test_a_folder_in_the_manifests_place(tmp_path: Path) -> None:
    """A folder where the manifest belongs is an error before anything is renamed."""
    (tmp_path / NAME).mkdir()
    with pytest.raises(CannotWriteError, match=NAME):
        build(tmp_path, NEW)
    assert tree(tmp_path) == {f"{NAME}/": b""}


def test_no_folder(tmp_path: Path) -> None:
    """A file where dist belongs is an error."""
    (tmp_path / "dist").write_bytes(b"x")
    with pytest.raises(CannotWriteError, match=r"'.*dist' cannot be written: file exists.*choose another --dist"):
        build(tmp_path / "dist", NEW)


def test_a_build_that_gives_up(old: Path) -> None:
    """A build that ends without publishing leaves everything as it was, with an error or without."""
    before = tree(old)
    with pytest.raises(ZeroDivisionError), Dist(str(old), 0) as dist:  # noqa: PT012 - the error is the caller's own
        dist.stage(Document("q/r/s.xml", b"x"))
        raise ZeroDivisionError
    assert tree(old) == before
    with Dist(str(old), 0) as dist:
        dist.stage(Document("q/r/s.xml", b"x"))
        assert (old / "q/r/.s.xml.feeder-new").exists()
    assert tree(old) == before


@pytest.mark.parametrize("data", [b"", b"{}", b'{"feeder": 1, "files": {"../x": []}, "slugs": {}, "entries": ""}'])
def test_a_damaged_manifest(old: Path, data: bytes) -> None:
    """A manifest that cannot be used is reported and written anew; files that only it knew stay."""
    (old / NAME).write_bytes(data)
    written = build(old, NEW)
    (problem,) = written.problems
    assert (problem.file, problem.level, problem.code) == (str(old / NAME), Level.WARNING, "manifest")
    assert written.removed == ()
    assert feeds(old) == {**OLD, **NEW, **STRANGERS}
    assert {file.path for file in remembered(str(old)).files} == set(NEW)


def test_a_hostile_manifest(old: Path, tmp_path: Path) -> None:
    """A manifest removes nothing of which it does not know the bytes, and nothing outside."""
    (tmp_path / "outside").write_bytes(b"x")
    (old / "long").write_bytes(b"x")
    known = (
        WrittenFile("CNAME", (digest(b"other"),)),
        WrittenFile("long", ()),
        WrittenFile("CNAME/x", (digest(b"x"),)),
        WrittenFile("n" * 300, (digest(b"x"),)),
        WrittenFile("tags", (digest(b"x"),)),
    )
    (old / NAME).write_bytes(dump(Manifest(known)))
    written = build(old, OLD)
    assert written.removed == ()
    assert {problem.file for problem in written.problems} == {str(old / "CNAME"), str(old / "long")}
    assert feeds(old) == {**OLD, **STRANGERS, "long": b"x"}


def test_either_state_is_ours(old: Path) -> None:
    """While a build publishes, the manifest knows the old and the new bytes: after a kill either may be removed."""
    known = tuple(WrittenFile(path, (digest(OLD[path]), digest(b"never published"))) for path in OLD)
    (old / NAME).write_bytes(dump(Manifest((*known, WrittenFile("tags/c/d/atom.xml", (digest(b"c"),))))))
    (old / "x/y/z").write_bytes(b"never published")
    assert build(old, NEW).removed == ("tags/b/atom.xml", "x/y/z")
    assert feeds(old) == {**NEW, **STRANGERS}


def test_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many files are synced by one call, where the system has one, and one by one where not."""
    calls: list[int] = []

    def one_call(root: int) -> bool:
        calls.append(root)
        return len(calls) < 3

    monkeypatch.setattr(files, "sync_file_system", one_call)
    many = {f"tags/{number}/atom.xml": b"x" for number in range(20)}
    build(tmp_path / "dist", many)
    assert len(calls) == 2
    assert feeds(tmp_path / "dist") == many
    build(tmp_path / "dist", dict.fromkeys(many, b"y"))
    assert len(calls) == 4
    assert feeds(tmp_path / "dist") == dict.fromkeys(many, b"y")


# --- one build at a time ---


def test_two_builds(tmp_path: Path) -> None:
    """A second build is told that the folder is held, and comes in when the first is done."""
    with Dist(str(tmp_path), 0), pytest.raises(LockedError, match=r"another build is writing to .*--wait SECONDS"):
        Dist(str(tmp_path), 0).__enter__()
    with Dist(str(tmp_path), 0):
        pass


def test_a_build_that_waits(tmp_path: Path) -> None:
    """A second build that may wait waits until the first is done, and then sees what it published."""
    entered = threading.Event()
    seen: list[Manifest] = []

    def second() -> None:
        entered.set()
        with Dist(str(tmp_path), 60) as dist:
            seen.append(dist.manifest)

    thread = threading.Thread(target=second)
    with Dist(str(tmp_path), 0) as dist:
        dist.stage(Document("atom.xml", b"x"))
        thread.start()
        entered.wait()
        thread.join(0.2)
        assert thread.is_alive()
        dist.publish((), frozenset((mark("1"),)))
    thread.join()
    assert seen[0].marks == frozenset((mark("1"),))


def test_a_build_that_waits_in_vain(tmp_path: Path) -> None:
    """A build waits no longer than it may."""
    with Dist(str(tmp_path), 0), pytest.raises(LockedError):
        Dist(str(tmp_path), 0.1).__enter__()


def test_a_file_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that cannot lock is an error, and nothing stays open."""

    def fails(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", fails)
    before = len(os.listdir("/dev/fd"))
    with pytest.raises(CannotWriteError, match="no locks available"):
        Dist(str(tmp_path), 0).__enter__()
    assert len(os.listdir("/dev/fd")) == before


# --- failures ---


class System:
    """Stands for `os` and `open` in the modules under test: `act` is told of every call that reads or writes."""

    NAMES = frozenset("open dup mkdir makedirs rename rmdir unlink stat fstat fsync".split())

    def __init__(self, monkeypatch: pytest.MonkeyPatch, act: Callable[[int, str], None]) -> None:
        self.count = 0
        self.act = act
        monkeypatch.setattr(files, "os", self)
        monkeypatch.setattr(module, "os", self)
        monkeypatch.setattr(files, "open", self.opened, raising=False)

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        if name not in self.NAMES:
            return real

        def call(*arguments: Any, **options: Any) -> Any:
            self.tell(f"{name} {arguments[0]}")
            return real(*arguments, **options)

        return call

    def tell(self, name: str) -> None:
        """Tell of a call."""
        self.count += 1
        self.act(self.count, name)

    def opened(self, *arguments: Any, **options: Any) -> Any:
        """Return a file that takes half of what it is given, where it is to be written."""
        stream = open(*arguments, **options)  # noqa: SIM115 - a descriptor, and closed by who asked
        return HalfWriter(stream, self) if arguments[1] == "wb" else stream


class HalfWriter:
    """A file that takes half of what it is given, as files may."""

    def __init__(self, stream: Any, system: System) -> None:
        self.stream = stream
        self.system = system

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()

    def write(self, data: bytes) -> int:
        """Take half of `data`."""
        self.system.tell("write")
        return int(self.stream.write(data[: (len(data) + 1) // 2]))


def assert_whole(folder: Path) -> None:
    """Assert that every file is complete, old or new, and that all that stood there before and still should stands."""
    found = feeds(folder)
    for path, data in OLD.items():
        if path in NEW:
            assert found.pop(path) in (data, NEW[path])
        else:
            assert found.pop(path, data) == data
    for path, data in STRANGERS.items():
        assert found.pop(path) == data
    for path, data in found.items():
        assert NEW[path] == data


def copies(old: Path) -> Iterator[tuple[int, Path]]:
    """Yield 1, 2, 3 … and a copy of `old` for each."""
    for number in range(1, 1_000):
        folder = old.parent / f"copy-{number}"
        shutil.copytree(old, folder)
        yield number, folder
        shutil.rmtree(folder)


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is synced: the power stays on, and hundreds of builds would take minutes."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize(("code", "rest"), [(errno.EIO, "once"), (errno.ENOSPC, "from then on")])
def test_a_failure_at_any_call(
    old: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, code: int, rest: str
) -> None:
    """Whichever call fails, every file is whole, and the next build repairs: its tree is that of an undisturbed one."""
    expected = InputOutputError if code == errno.EIO else CannotWriteError
    failures = 0
    for number, folder in copies(old):

        def act(count: int, _: str, number: int = number) -> None:
            if count == number or (count > number and rest != "once"):
                raise OSError(code, "it fails", "here")

        with monkeypatch.context() as patch:
            system = System(patch, act)
            try:
                build(folder, NEW, ids=("2", "3"))
            except expected:
                failures += 1
        assert_whole(folder)
        build(folder, NEW, ids=("2", "3"))
        assert tree(folder) == whole
        if system.count < number:
            break
    assert failures > 80


def die_at(number: int, count: int, _: str) -> None:
    """End the process as a kill does, at the call `number`."""
    if count == number:
        os._exit(9)


@pytest.mark.usefixtures("_quick")
def test_killed_at_any_call(old: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever the process is killed, every file is whole, and the next build repairs."""
    killed = 0
    for number, folder in copies(old):
        child = os.fork()
        if child == 0:
            System(monkeypatch, partial(die_at, number))
            build(folder, NEW, ids=("2", "3"))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert_whole(folder)
        build(folder, NEW, ids=("2", "3"))
        assert tree(folder) == whole
        killed += 1
        if os.waitstatus_to_exitcode(status) == 0:
            break
    assert killed > 80


@pytest.mark.usefixtures("_quick")
def test_killed_and_then_something_else(old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a kill the next build may want something else: no file that feeder wrote is left behind."""
    other = {"atom.xml": b"atom 333"}
    build(tmp_path / "other", other)
    for number, folder in copies(old):
        child = os.fork()
        if child == 0:
            System(monkeypatch, partial(die_at, number))
            build(folder, NEW)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        build(folder, other)
        assert feeds(folder) == {**other, **STRANGERS}
        assert "feeder-new" not in "".join(tree(folder))
        if os.waitstatus_to_exitcode(status) == 0:
            break


def test_the_order(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is staged and synced before the first rename, removal comes after the last, and the manifest forgets last."""
    calls: list[str] = []
    System(monkeypatch, lambda _, name: calls.append(name))
    build(old, NEW)
    kinds = [name for name in calls if name.split()[0] in ("rename", "unlink", "write", "fsync")]
    assert [name for name in kinds if not name.startswith(("write", "fsync"))] == [
        "unlink .atom.xml.feeder-new",
        "unlink .atom.xml.feeder-new",
        "unlink .atom.xml.feeder-new",
        f"unlink .{NAME}.feeder-new",
        f"rename .{NAME}.feeder-new",
        "rename .atom.xml.feeder-new",
        "rename .atom.xml.feeder-new",
        "rename .atom.xml.feeder-new",
        "unlink atom.xml",
        "unlink z",
        f"unlink .{NAME}.feeder-new",
        f"rename .{NAME}.feeder-new",
        f"unlink .{NAME}.feeder-new",
        "unlink .feeder-unfinished",
    ]
    first = kinds.index(f"rename .{NAME}.feeder-new")
    documents = kinds.index("rename .atom.xml.feeder-new")
    assert sum(name.startswith("fsync") for name in kinds[first:documents]) == 4  # the manifest's folder, the documents
    removed = kinds.index("unlink atom.xml")
    assert (
        sum(name.startswith("fsync") for name in kinds[documents:removed]) == 5
    )  # the folders, made ones' parents too
    assert kinds[-3].startswith("fsync")


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (errno.ENOSPC, "make room on the disk"),
        (errno.EDQUOT, "make room in your quota"),
        (errno.EACCES, "check who may write there"),
        (errno.EPERM, "check who may write there"),
        (errno.EROFS, "the file system is read-only: choose another --dist"),
        (errno.EMFILE, "check the folder, or choose another --dist"),
    ],
)
def test_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, advice: str) -> None:
    """What the system refuses is said with the place and what can be done."""

    def act(_: int, name: str) -> None:
        if name == "write":
            raise OSError(code, "It Fails")

    System(monkeypatch, act)
    with pytest.raises(CannotWriteError) as caught:
        build(tmp_path, NEW)
    where = f"'{tmp_path}' cannot be written: it fails; what was published before is as it was"
    assert str(caught.value) == f"{where}: {advice}"


def test_an_error_without_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the system that has neither number nor name is said as it is, where dist is."""

    def act(_: int, name: str) -> None:
        if name == "write":
            raise OSError("odd")

    System(monkeypatch, act)
    with pytest.raises(CannotWriteError, match="cannot be written: odd; what was"):
        build(tmp_path, NEW)


def test_a_manifest_that_cannot_be_read(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A manifest that is there and cannot be read ends the build: what it remembers must not be lost."""

    def act(_: int, name: str) -> None:
        if name == f"open {NAME}":
            raise PermissionError(errno.EACCES, "Permission denied", NAME)

    before = tree(old)
    System(monkeypatch, act)
    with pytest.raises(CannotWriteError, match=f"{NAME}' cannot be written: permission denied"):
        build(old, NEW)
    assert tree(old) == before


def test_modes(tmp_path: Path) -> None:
    """Files and folders can be served: they have the permissions that the user's mask leaves."""
    mask = os.umask(0o022)
    try:
        build(tmp_path / "dist", OLD)
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "dist/atom.xml").stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "dist/tags/a").stat().st_mode) == 0o755


# --- what stands there, and what is kept ---

PLAN = "0123456789abcdef" * 2
PLANNED = {"atom.xml": b"atom", "tags/a/atom.xml": b"a", "tags/b/atom.xml": b"b"}


@pytest.fixture
def planned(tmp_path: Path) -> Path:
    """An output folder of three documents by plans that are known."""
    folder = tmp_path / "dist"
    with Dist(str(folder), 0) as dist:
        for path, data in PLANNED.items():
            dist.stage(Document(path, data, PLAN))
        dist.publish((), frozenset((mark("1"),)))
    return folder


def _forbid_reading(patch: pytest.MonkeyPatch) -> None:
    real = files.read_file

    def read(root: int, path: str) -> bytes | None:
        assert path == NAME, f"{path} was read"
        return real(root, path)

    patch.setattr(files, "read_file", read)


def test_documents_that_stand_as_written(planned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents stand as they were written where they look so from outside, or else where their bytes are the same."""
    with Dist(str(planned), 0) as dist:
        assert dist.standing({}) == set(PLANNED)
        stamps = dist.stamps()
        assert set(stamps) == set(PLANNED)
        with monkeypatch.context() as patch:
            _forbid_reading(patch)
            assert dist.standing(stamps) == set(PLANNED)
    os.utime(planned / "atom.xml", ns=(1, 1))
    with Dist(str(planned), 0) as dist:
        assert dist.stamps() != stamps
        assert dist.standing(stamps) == set(PLANNED)
        assert dist.state == digest((planned / NAME).read_bytes())


def test_documents_that_do_not_stand_as_written(planned: Path) -> None:
    """What was changed, removed, replaced by a link or a folder, or has a link on its way stands there no more."""
    with Dist(str(planned), 0) as dist:
        stamps = dist.stamps()
    file = planned / "tags/a/atom.xml"
    os.link(file, planned / "kept")

    def change(data: bytes) -> None:
        status = file.stat()
        file.write_bytes(data)
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))

    def replaced(make: Callable[[], None]) -> None:
        file.unlink()
        make()

    harms: list[Callable[[], None]] = [
        lambda: change(b"x"),
        lambda: replaced(lambda: file.symlink_to("../../kept")),
        lambda: replaced(file.mkdir),
        file.rmdir,
        lambda: os.mkfifo(file),
        file.unlink,
        file.parent.rmdir,
        lambda: file.parent.symlink_to("b"),
    ]
    for harm in harms:
        harm()
        with Dist(str(planned), 0) as dist:
            for known in (stamps, {}):
                assert dist.standing(known) == {"atom.xml", "tags/b/atom.xml"}
            assert dist.stamps().get("tags/a/atom.xml") != stamps["tags/a/atom.xml"]


def test_documents_of_unknown_plans_do_not_stand(planned: Path) -> None:
    """A document without its plan's fingerprint, or that may be either of two, is to be made anew."""
    known = (
        WrittenFile("atom.xml", (digest(b"atom"),)),
        WrittenFile("tags/a/atom.xml", (digest(b"a"), digest(b"b")), PLAN),
        WrittenFile("tags/b/atom.xml", (), PLAN),
    )
    (planned / NAME).write_bytes(dump(Manifest(known)))
    with Dist(str(planned), 0) as dist:
        assert dist.standing({}) == set()


def test_looking_fails_as_the_system_says(planned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document that the system does not let be looked at ends the build with what it says."""

    def act(_: int, name: str) -> None:
        if name == "stat atom.xml":
            raise OSError(errno.EIO, "Input/output error", "atom.xml")

    with Dist(str(planned), 0) as dist:
        System(monkeypatch, act)
        with pytest.raises(InputOutputError, match=r"atom\.xml"):
            dist.standing({})
        with pytest.raises(InputOutputError, match=r"atom\.xml"):
            dist.stamps()


def test_documents_that_are_kept(planned: Path) -> None:
    """What is kept is unchanged without being staged, keeps its plan, and nothing else stays."""
    before = (planned / "tags/a/atom.xml").stat()
    with Dist(str(planned), 0) as dist:
        dist.keep(["tags/a/atom.xml"])
        dist.stage(Document("atom.xml", b"atom 2", PLAN[::-1]))
        written = dist.publish((), frozenset())
    assert replace(written, state="") == Written(("atom.xml",), ("tags/a/atom.xml",), ("tags/b/atom.xml",))
    after = (planned / "tags/a/atom.xml").stat()
    assert (before.st_ino, before.st_mtime_ns, before.st_ctime_ns) == (
        after.st_ino,
        after.st_mtime_ns,
        after.st_ctime_ns,
    )
    plans = {file.path: file.fingerprint for file in remembered(str(planned)).files}
    assert plans == {"atom.xml": PLAN[::-1], "tags/a/atom.xml": PLAN}


def test_another_plan_of_the_same_bytes(planned: Path) -> None:
    """A document whose bytes are the same, but its plan is not, is not touched, and the manifest knows the new plan."""
    before = tree(planned)
    with Dist(str(planned), 0) as dist:
        for path, data in PLANNED.items():
            dist.stage(Document(path, data, PLAN[::-1]))
        written = dist.publish((), frozenset((mark("1"),)))
    assert (written.written, written.unchanged, written.removed) == ((), tuple(sorted(PLANNED)), ())
    assert {file.fingerprint for file in remembered(str(planned)).files} == {PLAN[::-1]}
    assert {name: data for name, data in tree(planned).items() if name != NAME} == {
        name: data for name, data in before.items() if name != NAME
    }


def test_a_build_that_begins_again(planned: Path) -> None:
    """What was staged before a build began again is not published, and nothing of it is left."""
    with Dist(str(planned), 0) as dist:
        dist.stage(Document("x/y.xml", b"x", PLAN))
        dist.stage(Document("atom.xml", b"other", PLAN))
        dist.keep(["tags/a/atom.xml"])
        dist.begin()
        assert "feeder-new" not in "".join(tree(planned))
        assert not (planned / "x").exists()
        dist.stage(Document("atom.xml", b"atom", PLAN))
        written = dist.publish((), frozenset())
    assert (written.written, written.unchanged) == ((), ("atom.xml",))
    assert written.removed == ("tags/a/atom.xml", "tags/b/atom.xml")


def die_at_rename(_: int, name: str) -> None:
    """End the process as a kill does, when the site's document is about to be put in place."""
    if name.startswith("rename .atom.xml"):
        os._exit(9)


def test_while_publishing_the_plans_are_in_doubt(planned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build killed while it publishes leaves a manifest that vouches for no document that it was about to change."""
    child = os.fork()
    if child == 0:
        System(monkeypatch, die_at_rename)
        with Dist(str(planned), 0) as dist:
            dist.keep(["tags/a/atom.xml"])
            dist.stage(Document("atom.xml", b"atom 2", PLAN[::-1]))
            dist.publish((), frozenset())
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    with Dist(str(planned), 0) as dist:
        assert dist.standing({}) == {"tags/a/atom.xml"}
