"""Reads one post: bytes to text, front matter and body apart."""

from __future__ import annotations

import errno
import os
import stat
from hashlib import blake2b

from feeder.collect.frontmatter import parse
from feeder.collect.walk import MAX_BYTES
from feeder.model.problem import Level, Problem
from feeder.model.source import LeftOut, RawPost, Source

_BOM = b"\xef\xbb\xbf"
_NOT_A_FILE = "this is no regular file, and only regular files are read: put the file itself here"


class _RefusedError(Exception):
    """A file that must not be read: the problem's code and its sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def read(source: Source, encoding: str) -> RawPost | LeftOut:
    """Return the post in `source`; LeftOut where it cannot be opened, is no regular file, or is not in `encoding`.

    A link is not followed and a FIFO not waited for, whatever has come in its place since the walk.
    """
    try:
        data = _bytes(source.file)
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
        return _left_out(source, "encoding", message, line)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    parsed = parse(text, source.file)
    return RawPost(
        source=source,
        front_matter=parsed.table,
        front_matter_format=parsed.format,
        body=parsed.body,
        body_line=parsed.body_line,
        digest=blake2b(data, digest_size=16).digest(),
        problems=parsed.problems,
    )


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
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as problem:
        if problem.errno in (errno.ELOOP, errno.ENXIO):  # a link, a socket
            raise _RefusedError("not-a-file", _NOT_A_FILE) from None
        raise
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _RefusedError("not-a-file", _NOT_A_FILE)
        data = b""
        # One read gets all of it and a second one its end, unless somebody writes to the file just now.
        while len(data) <= MAX_BYTES and (more := os.read(descriptor, max(status.st_size - len(data), 0) + 1)):
            data += more
    finally:
        os.close(descriptor)
    if len(data) > MAX_BYTES:
        message = f"the file has more than {MAX_BYTES:,} bytes, which is the most that is read: part it"
        raise _RefusedError("too-big", message)
    return data


def _left_out(source: Source, code: str, message: str, line: int = 0) -> LeftOut:
    return LeftOut(source, Problem(source.file, line, Level.ERROR, code, message))
