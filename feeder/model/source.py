"""A post's file, as the walk found it, and what was read from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from feeder.model.packed import Packed
from feeder.model.problem import Problem
from feeder.model.table import Table


@dataclass(frozen=True, slots=True)
class Source(Packed):
    """A regular file below a root.

    `root` is the folder as it was named, `path` the file's path below it (POSIX separators; bytes that are no UTF-8 as
    surrogates), `folders` the categories that its place gives it (Jekyll's rule), `excluded` says that the site's own
    configuration excludes it, so it has no page. `size` is in bytes, `mtime` in nanoseconds.
    """

    root: str
    path: str
    size: int
    mtime: int
    folders: tuple[str, ...] = ()
    excluded: bool = False

    @property
    def file(self) -> str:
        """The file's name for people and for opening: the root as named, and the path below it."""
        return f"{self.root.rstrip('/')}/{self.path}" if self.root != "." else self.path


@dataclass(frozen=True, slots=True)
class Run:
    """All files whose paths are from `low` on and before `high` ("": no bound), in the walk's order."""

    low: str
    high: str
    sources: Sequence[Source]


class Extent(Enum):
    """How much of a post's body was taken.

    FRONT is as much of its beginning as says what stands there: a comment, and the two lines behind it or, without
    one, the first two. What a post's head needs (epoch marker, heading) is in it.
    """

    WHOLE = "whole"
    FRONT = "front"


@dataclass(frozen=True, slots=True)
class RawPost:
    """A post as read: front matter and body still as their author wrote them.

    `body_line` is the line (from 1) on which the body begins, `digest` the BLAKE2b digest of the file's bytes.
    `extent` says whether `body` is all of it.
    """

    source: Source
    front_matter: Table
    front_matter_format: str
    body: str
    body_line: int
    digest: bytes
    problems: tuple[Problem, ...] = ()
    extent: Extent = Extent.WHOLE


@dataclass(frozen=True, slots=True)
class LeftOut(Packed):
    """A file that gives no entry, with the reason; `is_post` is False for what was never a post (no front matter…).

    `digest` is that of the bytes that say so, b"" where it is not they that do.
    """

    source: Source
    reason: Problem
    problems: tuple[Problem, ...] = ()
    is_post: bool = True
    digest: bytes = b""
