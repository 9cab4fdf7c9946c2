"""The ledger's file: looked at, read, and put in its place whole."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from dataclasses import dataclass

from feeder.errors import CannotWriteError, InputOutputError, LockedError, UsageError
from feeder.model.problem import printable

_HOW_TO_OPEN = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = ".feeder-new"


@dataclass(frozen=True, slots=True)
class Contents:
    """The bytes of a ledger, and how its file looked when they were read: "" where there is none."""

    data: bytes
    look: str


def look(path: str) -> str:
    """Return how the file at `path` looks from outside: as long as it is the same, so are its bytes. "" for none."""
    try:
        return _look(os.stat(path))
    except FileNotFoundError:
        return ""
    except OSError as problem:
        raise _unreadable(path, problem) from None


def read(path: str) -> Contents:
    """Return what stands in the file at `path`; raises UsageError where that cannot be read."""
    try:
        descriptor = os.open(path, _HOW_TO_OPEN)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise UsageError(printable(f"{path}: a ledger is a regular file: put one here, or name another path"))
            with open(descriptor, "rb", closefd=False) as stream:
                return Contents(stream.read(), _look(status))
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return Contents(b"", "")
    except OSError as problem:
        raise _unreadable(path, problem) from None


def write(path: str, data: bytes, seen: str) -> str:
    """Put `data` in place of the file at `path`, which looked like `seen` when it was read; return how it looks now.

    Whoever is killed here leaves the old file or the new one. Raises LockedError where somebody else has changed it
    since, CannotWriteError and InputOutputError as the operating system says.
    """
    if look(path) != seen:
        message = f"{path}: somebody else changed this ledger during the build: nothing was published; build again"
        raise LockedError(printable(message))
    place = os.path.realpath(path)  # of a link, what it leads to
    new = place + _NEW
    try:
        mode = stat.S_IMODE(os.stat(place).st_mode) if seen else None
        with contextlib.suppress(FileNotFoundError):
            os.unlink(new)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        try:
            with open(descriptor, "wb") as stream:
                stream.write(data)
                stream.flush()
                if mode is not None:
                    os.fchmod(descriptor, mode)
                os.fsync(descriptor)
            os.replace(new, place)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(new)
            raise
        folder = os.open(os.path.dirname(place), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as problem:
        kind = InputOutputError if problem.errno == errno.EIO else CannotWriteError
        reason = (problem.strerror or str(problem)).lower()
        message = f"{path}: the ledger cannot be written: {reason}; nothing was published"
        raise kind(printable(f"{message}: see that there is room for it, and who may write there")) from problem
    return look(path)


def _look(status: os.stat_result) -> str:
    return f"{status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


def _unreadable(path: str, problem: OSError) -> UsageError:
    reason = (problem.strerror or str(problem)).lower()
    return UsageError(printable(f"{path}: the ledger cannot be read: {reason}: check the path, and who may read it"))
