"""Finds the posts: regular files below the roots, no link followed, nothing opened."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import translate
from functools import cache

from feeder.config.slices import WalkRules
from feeder.errors import InputOutputError
from feeder.model.problem import Level, Problem, printable
from feeder.model.source import LeftOut, Source

SUFFIXES = (".md", ".markdown", ".mkd", ".html", ".htm")
MAX_BYTES = 10_000_000
_DRAFTS = "_drafts"


@dataclass(frozen=True, slots=True)
class Walked:
    """What the walk found, ordered by path and root; `barren` says of each root that gave nothing why."""

    sources: tuple[Source, ...]
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]
    barren: tuple[str, ...] = ()


def walk(rules: WalkRules) -> Walked:
    """Return every post below the roots of `rules`; raises InputOutputError where a root cannot be read."""
    sources: list[Source] = []
    left_out: list[LeftOut] = []
    problems: list[Problem] = []
    barren: list[str] = []
    seen: set[str] = set()
    for root in rules.roots:
        if not os.path.isdir(root):
            what = "is no folder" if os.path.lexists(root) else "does not exist"
            barren.append(f"the posts folder {printable(root)!r} {what}")
            continue
        gave = False
        folders = () if rules.named else _folders(rules.folder, root)
        real = os.path.realpath(root)
        excludes = _exclusion(rules, root)
        for found in _walk_root(root, rules):
            if isinstance(found, Problem):
                problems.append(found)
                continue
            path, status = found
            gave = True
            # A root named twice, or inside another, must not give its posts twice.
            if (place := f"{real}/{path}") in seen:
                continue
            seen.add(place)
            excluded = excludes(path)
            source = Source(root, path, status.st_size, status.st_mtime_ns, folders, excluded)
            if excluded and not rules.named:
                continue
            reason = _refusal(source, status)
            if reason:
                left_out.append(LeftOut(source, reason))
            else:
                sources.append(source)
        if not gave:
            barren.append(f"the posts folder {printable(root)!r} holds no posts ({' '.join(SUFFIXES)})")
    return Walked(
        tuple(sorted(sources, key=lambda source: (source.path, source.root))),
        tuple(sorted(left_out, key=lambda left: (left.source.path, left.source.root))),
        tuple(sorted(problems)),
        # Of roots that nobody named, one may well be empty: but not all.
        tuple(barren) if rules.named or not sources else (),
    )


def _walk_root(root: str, rules: WalkRules) -> Iterator[tuple[str, os.stat_result] | Problem]:
    output = os.path.realpath(rules.output)
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(os.path.join(root, folder)) as entries:
                listing = list(entries)
        except OSError as problem:
            if not folder:
                message = f"the posts folder {printable(root)!r} cannot be read: {problem.strerror}"
                raise InputOutputError(message) from problem
            yield _unreadable(root, folder, "folder", problem)
            continue
        for entry in listing:
            if entry.name.startswith(".") or (entry.name == _DRAFTS and not rules.drafts):
                continue
            path = f"{folder}/{entry.name}" if folder else entry.name
            try:
                if not entry.is_dir(follow_symlinks=False):
                    yield from _file(root, path, entry)
                elif os.path.realpath(entry.path) != output:
                    folders.append(path)
            except FileNotFoundError:
                continue  # removed since it was listed: a mirror at work
            except OSError as problem:
                yield _unreadable(root, path, "file", problem)


def _file(root: str, path: str, entry: os.DirEntry[str]) -> Iterator[tuple[str, os.stat_result] | Problem]:
    if entry.name.lower().endswith(SUFFIXES):
        yield path, entry.stat(follow_symlinks=False)
    elif not entry.is_file(follow_symlinks=False):
        kind = _kind(entry.stat(follow_symlinks=False).st_mode)
        message = f"this is {kind}, which is not followed: put what it stands for here, or name it as a root"
        yield Problem(Source(root, path, 0, 0).file, 0, Level.WARNING, "not-a-file", message)


def _unreadable(root: str, path: str, what: str, problem: OSError) -> Problem:
    message = f"this {what} cannot be read: {problem.strerror}"
    return Problem(Source(root, path, 0, 0).file, 0, Level.ERROR, "unreadable", message)


def _refusal(source: Source, status: os.stat_result) -> Problem | None:
    if not stat.S_ISREG(status.st_mode):
        message = f"this is {_kind(status.st_mode)}, and only regular files are read: put the file itself here"
        return Problem(source.file, 0, Level.ERROR, "not-a-file", message)
    if status.st_size > MAX_BYTES:
        message = f"the file has {status.st_size:,} bytes, and {MAX_BYTES:,} is the most that is read: part it"
        return Problem(source.file, 0, Level.ERROR, "too-big", message)
    return None


def _kind(mode: int) -> str:
    kinds = {stat.S_IFLNK: "a symbolic link", stat.S_IFIFO: "a FIFO", stat.S_IFSOCK: "a socket"}
    return kinds.get(stat.S_IFMT(mode), "a device")


def _folders(folder: str, root: str) -> tuple[str, ...]:
    """Return the categories that a found root's place gives its posts: the folders above `_posts` (Jekyll's rule)."""
    return tuple(os.path.relpath(root, folder or ".").split("/")[:-1])


def _exclusion(rules: WalkRules, root: str) -> Callable[[str], bool]:
    """Return what says of a path below `root` whether the configuration excludes it, or a folder above it."""
    if not rules.exclude:
        return lambda _path: False
    above = os.path.normpath(os.path.relpath(root, rules.folder or "."))
    patterns = [pattern.strip("/") for pattern in rules.exclude]
    matches = re.compile("|".join([*map(re.escape, patterns), *map(translate, patterns)])).fullmatch

    @cache
    def excluded(path: str) -> bool:
        return bool(matches(path)) or ("/" in path and excluded(path.rpartition("/")[0]))

    def excludes(path: str) -> bool:
        whole = os.path.normpath(f"{above}/{path}")
        return bool(matches(whole)) or excluded(whole.rpartition("/")[0])

    return excludes
