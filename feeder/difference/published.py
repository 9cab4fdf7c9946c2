"""What is published: the documents of a dist, in a folder or in a commit, and what its manifest remembers."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from feeder.difference.sheet import Look, Sheet, look
from feeder.errors import InputOutputError, UsageError
from feeder.model.digest import digest
from feeder.model.page import FOR_PEOPLE
from feeder.model.problem import Level, Problem, printable
from feeder.write.folder import read_file
from feeder.write.manifest import NAME, DamagedManifestError, Manifest, parse

# Where nobody says which files are feeds, these may be.
_SUFFIXES = (".xml", ".atom", ".rss", ".json")
_MAX_BYTES = 64_000_000


class Tree(Protocol):
    """Regular files by their paths below some place; `name` says for people which place that is."""

    name: str

    def paths(self) -> Iterable[str]:
        """Return the paths of all files (POSIX separators)."""

    def read(self, path: str) -> bytes | None:
        """Return the bytes of one of them, None where it is none any more."""


@dataclass(frozen=True, slots=True)
class Published:
    """The feed documents of a dist, by path, and what its manifest says: an empty one where it has none."""

    pages: tuple[tuple[str, Sheet], ...]
    manifest: Manifest
    problems: tuple[Problem, ...] = ()


class Folder(AbstractContextManager["Folder"]):
    """A folder of the disk; no link in it is followed. Raises UsageError where there is none."""

    def __init__(self, path: str) -> None:
        self.name = path
        self._root = -1

    def __enter__(self) -> Self:
        try:
            self._root = os.open(self.name, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except (OSError, ValueError) as problem:
            reason = getattr(problem, "strerror", None) or str(problem)
            raise UsageError(f"{printable(self.name)!r} cannot be compared with: {reason.lower()}") from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._root)

    def paths(self) -> Iterator[str]:
        """Yield the paths of all files, those of hidden folders left out."""
        for folder, folders, names, _ in os.fwalk(dir_fd=self._root, onerror=_failed):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                yield os.path.normpath(os.path.join(folder, name))

    def read(self, path: str) -> bytes | None:
        """Return the bytes of the regular file at `path`, None where there is none."""
        try:
            return read_file(self._root, path)
        except OSError as problem:
            raise _failure(problem, os.path.join(self.name, path)) from problem


class Looks:
    """What documents are, each looked at once: two states of a site have most of theirs in common."""

    def __init__(self) -> None:
        self._known: dict[bytes, Look] = {}

    def at(self, data: bytes) -> Look:
        """Return what the document `data` is."""
        key = digest(data)
        if key not in self._known:
            self._known[key] = look(data)
        return self._known[key]


def published(tree: Tree, looks: Looks) -> Published:
    """Return what stands in `tree`: the files that its manifest names or, without one, all that may be feeds."""
    problems: list[Problem] = []

    def warn(path: str, line: int, message: str) -> None:
        problems.append(Problem(os.path.join(tree.name, path), line, Level.WARNING, "not-compared", message))

    manifest = _manifest(tree, warn)
    named = [file.path for file in manifest.files]
    pages = []
    for path in itertools.filterfalse(_is_for_people, named) if named else filter(_may_be_a_feed, tree.paths()):
        data = tree.read(path)
        if data is None:
            if named:
                warn(path, 0, "the manifest names this file, and it is not there")
            continue
        if len(data) > _MAX_BYTES:
            warn(path, 0, f"it has more than {_MAX_BYTES:,} bytes, so it is left out of the comparison")
            continue
        found = looks.at(data)
        if found.fault:
            what = "is compared as far as it can be read" if found.sheet else "is left out of the comparison"
            warn(path, found.fault.line, f"{found.fault.message}, so it {what}")
        if found.sheet:
            pages.append((path, found.sheet))
    return Published(tuple(pages), manifest, tuple(problems))


def _manifest(tree: Tree, warn: Callable[[str, int, str], None]) -> Manifest:
    data = tree.read(NAME)
    if data is None:
        return Manifest()
    try:
        return parse(data)
    except DamagedManifestError as problem:
        warn(NAME, 0, f"this manifest cannot be used: {problem}; all that may be a feed is compared")
        return Manifest()


def _may_be_a_feed(path: str) -> bool:
    return path.lower().endswith(_SUFFIXES) and path.rpartition("/")[2] != NAME


def _is_for_people(path: str) -> bool:
    return path.rpartition("/")[2] in FOR_PEOPLE


def _failed(problem: OSError) -> None:
    raise _failure(problem, str(problem.filename or ""))


def _failure(problem: OSError, path: str) -> InputOutputError:
    return InputOutputError(f"{printable(path)!r} cannot be read: {(problem.strerror or str(problem)).lower()}")
