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
    waiting = [""]  # a list, not a recursion: the folder may be anyone's, and as deep as they like
    while waiting:
        below = waiting.pop()
        try:
            with os.scandir(os.path.join(folder, below)) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.extend([] if entry.name in _PRIVATE else [f"{below}{entry.name}/"])
                    elif entry.name.lower().endswith(SUFFIXES) and not entry.name.startswith("."):
                        found.append(below + entry.name)
        except OSError:
            continue
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
