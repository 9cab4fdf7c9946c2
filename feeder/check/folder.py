"""The files of a folder, read for a check: the one module of this stage that touches the disk."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from feeder.check.fault import Fault

SUFFIXES = (".atom", ".json", ".opml", ".rss", ".xml")
_PRIVATE = (".feeder", ".git", ".hg", ".svn")
MAX_SIZE = 64_000_000
"""No feed is larger, and no larger file is read."""


def feed_files(folder: str) -> Iterator[str]:
    """Yield the paths below `folder` (POSIX, sorted) of what may be feeds by its name; hidden files are passed over.

    A hidden folder may be a tag's (`.net`): only those are passed over that programs keep for themselves. Links to
    folders are not followed.
    """
    found: list[str] = []
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _PRIVATE]
        below = os.path.relpath(where, folder)
        prefix = "" if below == "." else f"{below}/"
        found.extend(
            f"{prefix}{name}" for name in names if name.lower().endswith(SUFFIXES) and not name.startswith(".")
        )
    yield from sorted(found)


def read_feed(path: str) -> bytes | Fault:
    """Return the bytes of the regular file at `path`, or the fault that keeps them from being read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return Fault("IOError", 0, "it is no regular file")
            if status.st_size > MAX_SIZE:
                return Fault("IOError", 0, f"its {status.st_size:,} bytes are more than {MAX_SIZE:,}")
            return stream.read(MAX_SIZE)
    except OSError as problem:
        return Fault("IOError", 0, f"it cannot be read: {(problem.strerror or str(problem)).lower()}")
