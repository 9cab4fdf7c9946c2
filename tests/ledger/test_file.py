"""The ledger's file: it is read only where it is one, and written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from feeder.errors import CannotWriteError, InputOutputError, LockedError, UsageError
from feeder.ledger.file import Contents, look, read, write


def test_where_there_is_none(tmp_path: Path) -> None:
    """A ledger that is not there is empty, and is made."""
    path = str(tmp_path / "feeder.ledger")
    assert (look(path), read(path)) == ("", Contents(b"", ""))
    seen = write(path, b"x", "")
    assert read(path) == Contents(b"x", seen)
    assert look(path) == seen
    assert os.listdir(tmp_path) == ["feeder.ledger"]


def test_it_keeps_its_mode_and_its_place(tmp_path: Path) -> None:
    """A ledger behind a link stays there, with the mode that it has; what a killed build left is in nobody's way."""
    real, path = tmp_path / "real", tmp_path / "link"
    real.write_bytes(b"old")
    real.chmod(0o640)
    path.symlink_to(real)
    (tmp_path / "real.feeder-new").write_bytes(b"half")
    write(str(path), b"new", look(str(path)))
    assert path.is_symlink()
    assert (real.read_bytes(), stat.S_IMODE(real.stat().st_mode)) == (b"new", 0o640)
    assert sorted(os.listdir(tmp_path)) == ["link", "real"]


@pytest.mark.parametrize("kind", ["folder", "fifo", "device"])
def test_what_is_no_file(tmp_path: Path, kind: str) -> None:
    """Nothing but a regular file is read, and a FIFO is not waited for."""
    path = tmp_path / "feeder.ledger"
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    with pytest.raises(UsageError, match="a ledger is a regular file"):
        read(str(path))


def test_what_cannot_be_looked_at(tmp_path: Path) -> None:
    """A place below a file is none, and a sentence says so."""
    (tmp_path / "file").touch()
    for ask in (look, read):
        with pytest.raises(UsageError, match="the ledger cannot be read: not a directory"):
            ask(str(tmp_path / "file" / "feeder.ledger"))


def test_what_cannot_be_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails is said."""
    path = tmp_path / "feeder.ledger"
    path.write_bytes(b"x")

    def fail(_: os.stat_result) -> str:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("feeder.ledger.file._look", fail)
    with pytest.raises(UsageError, match="the ledger cannot be read: input/output error"):
        read(str(path))


def test_somebody_else_wrote_to_it(tmp_path: Path) -> None:
    """What another build put there since it was read is not lost."""
    path = tmp_path / "feeder.ledger"
    path.write_bytes(b"x")
    seen = look(str(path))
    path.write_bytes(b"theirs")
    with pytest.raises(LockedError, match="somebody else changed this ledger"):
        write(str(path), b"ours", seen)
    assert path.read_bytes() == b"theirs"


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.ENOSPC, CannotWriteError), (errno.EROFS, CannotWriteError), (errno.EIO, InputOutputError)],
)
@pytest.mark.parametrize("call", ["open", "fsync", "replace"])
def test_it_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, kind: type[Exception]
) -> None:
    """A full disk or one that fails leaves the old ledger, and nothing beside it."""
    path = tmp_path / "feeder.ledger"
    path.write_bytes(b"old")
    seen = look(str(path))

    def fail(*_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(kind, match=r"the ledger cannot be written: .*; nothing was published"):
        write(str(path), b"new", seen)
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["feeder.ledger"]
