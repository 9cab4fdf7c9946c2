"""Files below one folder, of which no link is followed (SPEC §7)."""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from feeder.write import folder as files


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """The folder, beside one that nothing may touch."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_bytes(b"secret")
    (tmp_path / "dist").mkdir()
    return tmp_path / "dist"


@pytest.fixture
def root(here: Path) -> Iterator[int]:
    """The folder's descriptor; no other is left open."""
    before = len(os.listdir("/dev/fd"))
    descriptor = os.open(here, os.O_RDONLY)
    yield descriptor
    os.close(descriptor)
    assert len(os.listdir("/dev/fd")) == before


def test_read(root: int, here: Path) -> None:
    """The bytes of a regular file are read, at any depth."""
    (here / "a" / "b").mkdir(parents=True)
    (here / "a" / "b" / "c.xml").write_bytes(b"x" * 100_000)
    assert files.read_file(root, "a/b/c.xml") == b"x" * 100_000


@pytest.mark.parametrize(
    "path", ["none", "none/x", "a", "file/x", "link", "up/secret", "loop", "fifo", "socket", "n" * 300]
)
def test_nothing_to_read(root: int, here: Path, path: str) -> None:
    """What is missing, or no regular file, or behind a link is nothing, and is not waited for."""
    (here / "a").mkdir()
    (here / "file").write_bytes(b"x")
    (here / "link").symlink_to("file")
    (here / "up").symlink_to("../outside")
    (here / "loop").symlink_to("loop")
    os.mkfifo(here / "fifo")
    bind(here / "socket")
    assert files.read_file(root, path) is None


def bind(path: Path) -> None:
    """Make a socket."""
    back = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)
    finally:
        os.chdir(back)


def test_a_file_that_cannot_be_read(root: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is there and cannot be read is no missing file."""

    def fails(*_: object, **__: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(files, "os", SimpleNamespace(**{**vars(os), "open": fails}))
    with pytest.raises(PermissionError):
        files.read_file(root, "a")


def test_folders_are_made(root: int, here: Path) -> None:
    """The folders that a file needs are made, and those that were not there are told, each when it is there."""
    (here / "a").mkdir()
    made = files.make_folders(root, "a/b/c/d.xml")
    assert next(made) == "a/b"
    assert (here / "a" / "b").is_dir()
    assert not (here / "a" / "b" / "c").exists()
    assert list(made) == ["a/b/c"]
    assert list(files.make_folders(root, "a/b/c/d.xml")) == []
    assert list(files.make_folders(root, "d.xml")) == []


@pytest.mark.parametrize("target", ["../outside", "nothing", "a", "/"])
def test_links_in_the_way_are_replaced(root: int, here: Path, target: str) -> None:
    """A link where a folder belongs is replaced, not followed."""
    (here / "a").symlink_to(target)
    assert list(files.make_folders(root, "a/b.xml")) == ["a"]
    assert (here / "a").is_dir()
    assert not (here / "a").is_symlink()
    assert (here.parent / "outside" / "secret").read_bytes() == b"secret"


def test_a_file_in_the_way(root: int, here: Path) -> None:
    """A file where a folder belongs is refused, and stays."""
    (here / "a").mkdir()
    (here / "a" / "b").write_bytes(b"x")
    with pytest.raises(NotADirectoryError, match="a file stands where a folder belongs"):
        list(files.make_folders(root, "a/b/c.xml"))
    assert (here / "a" / "b").read_bytes() == b"x"


def test_a_folder_in_the_way(root: int, here: Path) -> None:
    """A folder where a file belongs is refused."""
    (here / "a" / "b").mkdir(parents=True)
    (here / "a" / "c").write_bytes(b"x")
    with pytest.raises(IsADirectoryError, match="a folder stands where the file belongs"):
        files.refuse_folder(root, "a/b")
    files.refuse_folder(root, "a/c")
    files.refuse_folder(root, "a/d")


def test_staged_and_published(root: int, here: Path) -> None:
    """A file is staged beside its place, replacing what was staged before, and renamed into it."""
    (here / "a.xml").write_bytes(b"old")
    (here / ".a.xml.feeder-new").symlink_to("../outside/secret")
    files.stage_file(root, "a.xml", b"new")
    files.sync_staged(root, "a.xml")
    assert (here / "a.xml").read_bytes() == b"old"
    assert sorted(os.listdir(here)) == [".a.xml.feeder-new", "a.xml"]
    files.publish_file(root, "a.xml")
    files.sync_folder(root, "")
    assert (here / "a.xml").read_bytes() == b"new"
    assert os.listdir(here) == ["a.xml"]
    assert (here.parent / "outside" / "secret").read_bytes() == b"secret"


def test_mode(root: int, here: Path) -> None:
    """A file has the permissions that the user's mask leaves."""
    mask = os.umask(0o027)
    try:
        files.stage_file(root, "a.xml", b"")
    finally:
        os.umask(mask)
    assert (here / ".a.xml.feeder-new").stat().st_mode & 0o777 == 0o640


def test_a_link_in_a_files_place_is_replaced(root: int, here: Path) -> None:
    """A link where the file belongs is replaced, not followed."""
    (here / "a.xml").symlink_to("../outside/secret")
    files.stage_file(root, "a.xml", b"new")
    files.publish_file(root, "a.xml")
    assert not (here / "a.xml").is_symlink()
    assert (here.parent / "outside" / "secret").read_bytes() == b"secret"


@pytest.mark.parametrize(
    "act",
    [
        lambda root: files.stage_file(root, "up/x", b"x"),
        lambda root: files.publish_file(root, "up/secret"),
        lambda root: files.remove_file(root, "up/secret"),
        lambda root: files.sync_folder(root, "up"),
        lambda root: files.sync_staged(root, "up/secret"),
    ],
)
def test_nothing_behind_a_link(root: int, here: Path, act: Callable[[int], None]) -> None:
    """Nothing is written or removed through a link."""
    (here / "up").symlink_to("../outside")
    with pytest.raises(OSError, match=r"\[Errno"):
        act(root)
    assert os.listdir(here.parent / "outside") == ["secret"]


def test_discarded(root: int, here: Path) -> None:
    """What is staged can be discarded, and nothing staged is nothing to discard."""
    files.stage_file(root, "a.xml", b"new")
    files.discard_file(root, "a.xml")
    files.discard_file(root, "a.xml")
    files.discard_file(root, "none/a.xml")
    assert os.listdir(here) == []


def test_removed(root: int, here: Path) -> None:
    """A file is removed, and then the folders that this leaves empty; the one that stays is told."""
    (here / "a" / "b" / "c").mkdir(parents=True)
    (here / "a" / "x").write_bytes(b"x")
    (here / "a" / "b" / "c" / "d.xml").write_bytes(b"x")
    assert files.remove_empty(root, "a/b/c") == "a/b/c"
    files.remove_file(root, "a/b/c/d.xml")
    assert files.remove_empty(root, "a/b/c") == "a"
    assert files.remove_empty(root, "a/none/c") == "a"
    assert files.remove_empty(root, "") == ""
    assert sorted(os.listdir(here)) == ["a"]
    files.remove_file(root, "a/x")
    assert files.remove_empty(root, "a") == ""
    assert os.listdir(here) == []


def test_is_there(root: int, here: Path) -> None:
    """A name is there whatever it stands for."""
    (here / "link").symlink_to("nothing")
    assert files.is_there(root, "link")
    assert not files.is_there(root, "nothing")


def test_sweep(root: int, here: Path) -> None:
    """What a killed build left is removed, with the folders that held nothing else; everything else stays."""
    (here / "a" / "b").mkdir(parents=True)
    (here / "empty").mkdir()
    (here / "both").mkdir()
    (here / "up").symlink_to("../outside")
    (here.parent / "outside" / ".x.feeder-new").write_bytes(b"x")
    for name in (".atom.xml.feeder-new", "a/b/.c.feeder-new", "both/.d.feeder-new", "both/CNAME", "x.feeder-new"):
        (here / name).write_bytes(b"x")
    files.sweep(root)
    left = sorted(str(path.relative_to(here)) for path in here.rglob("*"))
    assert left == ["both", "both/CNAME", "empty", "up", "x.feeder-new"]
    assert sorted(os.listdir(here.parent / "outside")) == [".x.feeder-new", "secret"]


def test_a_system_without_syncfs(root: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the whole file system cannot be synced by one call, that is said."""
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: SimpleNamespace())
    assert files.sync_file_system(root) is False
    monkeypatch.setattr(sys, "platform", "darwin")
    assert files.sync_file_system(root) is False


def test_syncfs(root: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole file system is synced by one call; what the system says against it is an error."""
    if not sys.platform.startswith("linux"):
        pytest.skip("syncfs is a call of Linux: elsewhere every file is synced by itself")
    assert files.sync_file_system(root) is True
    with pytest.raises(OSError, match="Bad file descriptor"):
        files.sync_file_system(-1)
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: SimpleNamespace(syncfs=lambda _: 0))
    assert files.sync_file_system(root) is True
