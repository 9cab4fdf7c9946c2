"""Reads one post: bytes to text, front matter and body apart."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from feeder.collect.walk import MAX_BYTES
from feeder.config.scheme import Compat
from feeder.model.digest import digest
from feeder.model.problem import Level, Problem
from feeder.model.source import Extent, LeftOut, RawPost, Source

if TYPE_CHECKING:
    from feeder.collect.frontmatter import Parsed

    _Parser = Callable[[str, str, Compat], Parsed]

_BOM = b"\xef\xbb\xbf"
# A link is not followed, a FIFO is not waited for, and no process that is started inherits the file.
_HOW_TO_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NOT_A_FILE = "this is no regular file, and only regular files are read: put the file itself here"


class _RefusedError(Exception):
    """A file that must not be read: the problem's code and its sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def read(source: Source, encoding: str, data: bytes | None = None, compat: Compat = Compat.NONE) -> RawPost | LeftOut:
    """Return the post in `source`; LeftOut where it cannot be opened, is no regular file, or is not in `encoding`.

    A link is not followed and a FIFO not waited for, whatever has come in its place since the walk. `data` are the
    file's bytes where it is on another machine; `compat` says whose front matter it is.
    """
    return _read(source, encoding, Extent.WHOLE, data, compat)


def read_front(
    source: Source, encoding: str, data: bytes | None = None, compat: Compat = Compat.NONE
) -> RawPost | LeftOut:
    """Return the post in `source` as `read` does, but with the front of its body only, which is all its head needs.

    The file is read and decoded whole all the same: its digest and whether it is in `encoding` are known.
    """
    return _read(source, encoding, Extent.FRONT, data, compat)


def digest_of(source: Source, data: bytes | None = None) -> bytes:
    """Return the digest of the bytes of `source`, b"" where they cannot be read."""
    found = load(source) if data is None else data
    return b"" if found is None else digest(found)


def load(source: Source) -> bytes | None:
    """Return the bytes of `source`, for `read` to be given where the file is not; None where they cannot be read."""
    try:
        return _bytes(source.file)
    except (_RefusedError, OSError):
        return None


def _read(source: Source, encoding: str, extent: Extent, sent: bytes | None, compat: Compat) -> RawPost | LeftOut:
    file = source.file
    try:
        data = _bytes(file) if sent is None else sent
    except _RefusedError as problem:
        return _left_out(source, problem.code, problem.message)
    except OSError as problem:
        message = f"the file cannot be read: {problem.strerror}: check that it is there and may be read"
        return _left_out(source, "unreadable", message)
    if data.startswith(_BOM):
        encoding = "utf-8"
    try:
        text = data.decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        message = (
            f"byte {problem.start} (0x{data[problem.start]:02x}) is no {encoding}: save the file as UTF-8, "
            "or name its encoding with `posts.encoding`"
        )
        # The bytes are known, and so is what is wrong with them: nobody needs to look at them again.
        return replace(_left_out(source, "encoding", message, line), digest=digest(data))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    whole, front = _parsers()
    parsed = whole(text, file, compat) if extent is Extent.WHOLE else front(text, file, compat)
    return RawPost(
        source=source,
        front_matter=parsed.table,
        front_matter_format=parsed.format,
        body=parsed.body,
        body_line=parsed.body_line,
        digest=digest(data),
        problems=parsed.problems,
        extent=extent,
    )


@cache
def _parsers() -> tuple[_Parser, _Parser]:
    """Return what parts a text with the whole of its body, and with its front."""
    # Three parsers and python-frontmatter come with it: a build that reads no post does not wait for them.
    from feeder.collect.frontmatter import parse, parse_front  # noqa: PLC0415

    return parse, parse_front


def local_size(folder: str, path: str) -> int:
    """Return the size in bytes of the regular file at `path` (a URL path) below `folder`; 0 where there is none."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts or not parts or "\0" in path:
        return 0
    try:
        status = os.lstat(os.path.join(folder, *parts))
    except (OSError, ValueError):
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else 0


def _bytes(file: str) -> bytes:
    try:
        descriptor = os.open(file, _HOW_TO_OPEN)
    except OSError as problem:
        if problem.errno in (errno.ELOOP, errno.ENXIO):  # a link, a socket
            raise _RefusedError("not-a-file", _NOT_A_FILE) from None
        raise
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _RefusedError("not-a-file", _NOT_A_FILE)
        # One read gets all of it, unless somebody writes to the file just now: it is asked for a byte more than there
        # is, and only what ends where the file said that it ends is sure to be whole.
        size = min(status.st_size, MAX_BYTES)
        data = os.read(descriptor, size + 1)
        if len(data) != size:
            while len(data) <= MAX_BYTES and (more := os.read(descriptor, max(size - len(data), 0) + 1)):
                data += more
    finally:
        os.close(descriptor)
    if len(data) > MAX_BYTES:
        message = f"the file has more than {MAX_BYTES:,} bytes, which is the most that is read: part it"
        raise _RefusedError("too-big", message)
    return data


def _left_out(source: Source, code: str, message: str, line: int = 0) -> LeftOut:
    return LeftOut(source, Problem(source.file, line, Level.ERROR, code, message))
