"""Finds the posts: regular files below the roots, no link followed, nothing opened."""

from __future__ import annotations

import os
import re
import stat
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import cache
from hashlib import blake2b
from itertools import groupby, islice, pairwise
from operator import attrgetter, itemgetter

from feeder.config.slices import WalkRules
from feeder.errors import InputOutputError
from feeder.model.problem import Level, Problem, printable
from feeder.model.source import LeftOut, Run, Source

SUFFIXES = (".md", ".markdown", ".mkd", ".html", ".htm")
MAX_BYTES = 10_000_000
_DRAFTS = "_drafts"
_BATCH = 4096
_RUN = 512
_64_BITS = 2**64 - 1
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC

_Status = tuple[int, int, int]
"""Of a file: its mode, its size in bytes, its time of change in nanoseconds."""


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
    overlap = _overlap(rules.roots)
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
        for path, status in _files(root, real, rules, problems):
            gave = True
            # A root named twice, or inside another, must not give its posts twice.
            if overlap:
                if (place := f"{real}/{path}") in seen:
                    continue
                seen.add(place)
            excluded = excludes is not None and excludes(path)
            if excluded and not rules.named:
                continue
            mode, size, mtime = status
            source = Source(root, path, size, mtime, folders, excluded)
            if stat.S_ISREG(mode) and size <= MAX_BYTES:
                sources.append(source)
            else:
                left_out.append(LeftOut(source, _refusal(source, mode)))
        if not gave:
            barren.append(f"the posts folder {printable(root)!r} holds no posts ({' '.join(SUFFIXES)})")
    # Each root's are in order: of several, only runs have to be merged.
    if len(rules.roots) > 1:
        sources.sort(key=attrgetter("path", "root"))
        left_out.sort(key=attrgetter("source.path", "source.root"))
    return Walked(
        tuple(sources),
        tuple(left_out),
        tuple(sorted(problems)),
        # Of roots that nobody named, one may well be empty: but not all.
        tuple(barren) if rules.named or not sources else (),
    )


def fingerprint(sources: Iterable[Source]) -> bytes:
    """Return a digest of all that the walk says of `sources`, in their order: equal for equal ones, and hardly else."""
    found = blake2b(digest_size=16)
    remaining = iter(sources)
    while batch := list(islice(remaining, _BATCH)):
        # Columns, since a value at a time would take as long as to look at the files; no path holds a NUL.
        paths = "\0".join([source.path for source in batch]).encode("utf-8", "surrogateescape")
        numbers = array("Q", [source.size for source in batch])
        numbers.extend([source.mtime & _64_BITS for source in batch])
        shared = [(key, sum(1 for _ in run)) for key, run in groupby(batch, attrgetter("root", "folders", "excluded"))]
        about = repr((len(paths), shared)).encode("utf-8", "surrogateescape")
        found.update(b"%d\0%b%b%b" % (len(about), about, paths, numbers.tobytes()))
    return found.digest()


def runs(sources: Sequence[Source], bounds: Iterable[str]) -> list[Run]:
    """Part the walk's `sources` into runs, at `bounds` (paths) and where that leaves too long ones.

    So what changed can be told run by run, and a new file moves no other from its run to another.
    """
    paths = [source.path for source in sources]
    try:
        "\0".join(paths).encode()
    except UnicodeEncodeError:
        return [Run("", "", sources)]  # their order is another one as text than as bytes, and that is what a cache has
    cuts = ["", *sorted(bound for bound in set(bounds) if bound)]
    places = [bisect_left(paths, cut) for cut in cuts]
    lows: list[tuple[str, int]] = []
    for cut, start, end in zip(cuts, places, [*places[1:], len(paths)], strict=True):
        lows.append((cut, start))
        if end - start > 2 * _RUN:
            within = sorted({paths[place] for place in range(start + _RUN, end, _RUN)} - {cut})
            lows.extend((path, bisect_left(paths, path)) for path in within)
    return [
        Run(low, high, sources[start:end])
        for (low, start), (high, end) in zip(lows, [*lows[1:], ("", len(paths))], strict=True)
    ]


def _overlap(roots: Sequence[str]) -> bool:
    """Say whether one of `roots` is another, or lies inside it."""
    places = sorted(os.path.realpath(root).rstrip("/") + "/" for root in roots)
    return any(inner.startswith(outer) for outer, inner in pairwise(places))


def _files(root: str, real: str, rules: WalkRules, problems: list[Problem]) -> Iterator[tuple[str, _Status]]:
    """Yield path and status of every file below `root` that is called like a post, ordered by path.

    What else is wrong there is added to `problems`. `real` is the root's path without links.
    """
    output = f"{os.path.realpath(rules.output)}/".removeprefix(f"{real.rstrip('/')}/")
    above = root if root.endswith("/") else f"{root}/"
    try:
        waiting = [("", iter(_listing(root, "", rules, problems)))]
    except OSError as problem:
        message = f"the posts folder {printable(root)!r} cannot be read: {problem.strerror}"
        raise InputOutputError(message) from problem
    while waiting:
        folder, listing = waiting[-1]
        for name, status in listing:
            path = folder + name
            if status is not None:
                yield path, status
            elif path != output:
                try:
                    waiting.append((path, iter(_listing(above + path, path, rules, problems))))
                except FileNotFoundError:
                    continue  # removed since it was listed: a mirror at work
                except OSError as problem:
                    problems.append(_unreadable(root, path, problem))
                    continue
                break
        else:
            waiting.pop()


def _listing(place: str, folder: str, rules: WalkRules, problems: list[Problem]) -> list[tuple[str, _Status | None]]:
    """Return the folders and what is called like a post in the folder at `place`, hidden things and drafts left out.

    They are ordered by name, and a folder's name ends with a slash: so this is the order of the paths of all files
    below. A folder has no status. What else is wrong there is added to `problems`; `folder` is its path below the root.
    """
    root = place[: len(place) - len(folder)]
    found: list[tuple[str, _Status | None]] = []
    # Of what is looked up in an open folder, the path to the folder need not be walked again. A root may be a link.
    folder_itself = os.open(place, _FOLDER | (os.O_NOFOLLOW if folder else 0))
    try:
        with os.scandir(folder_itself) as entries:
            for entry in entries:
                name = entry.name
                if name.startswith(".") or (name == _DRAFTS and not rules.drafts):
                    continue
                try:
                    if entry.is_dir(follow_symlinks=False):
                        found.append((f"{name}/", None))
                    elif name.endswith(SUFFIXES) or name.lower().endswith(SUFFIXES):
                        status = entry.stat(follow_symlinks=False)
                        found.append((name, (status.st_mode, status.st_size, status.st_mtime_ns)))
                    elif not entry.is_file(follow_symlinks=False):
                        problems.append(_stranger(root, folder + name, entry.stat(follow_symlinks=False).st_mode))
                except FileNotFoundError:
                    continue
                except OSError as problem:
                    problems.append(_unreadable(root, folder + name, problem))
    finally:
        os.close(folder_itself)
    found.sort(key=itemgetter(0))
    return found


def _stranger(root: str, path: str, mode: int) -> Problem:
    """Return what is to be said of something that is neither a file nor a folder."""
    message = f"this is {_kind(mode)}, which is not followed: put what it stands for here, or name it as a root"
    return Problem(Source(root, path, 0, 0).file, 0, Level.WARNING, "not-a-file", message)


def _unreadable(root: str, path: str, problem: OSError) -> Problem:
    what = "folder" if path.endswith("/") else "file"
    message = f"this {what} cannot be read: {problem.strerror}"
    return Problem(Source(root, path.rstrip("/"), 0, 0).file, 0, Level.ERROR, "unreadable", message)


def _refusal(source: Source, mode: int) -> Problem:
    if not stat.S_ISREG(mode):
        message = f"this is {_kind(mode)}, and only regular files are read: put the file itself here"
        return Problem(source.file, 0, Level.ERROR, "not-a-file", message)
    message = f"the file has {source.size:,} bytes, and {MAX_BYTES:,} is the most that is read: part it"
    return Problem(source.file, 0, Level.ERROR, "too-big", message)


def _kind(mode: int) -> str:
    kinds = {stat.S_IFLNK: "a symbolic link", stat.S_IFIFO: "a FIFO", stat.S_IFSOCK: "a socket"}
    return kinds.get(stat.S_IFMT(mode), "a device")


def _folders(folder: str, root: str) -> tuple[str, ...]:
    """Return the categories that a found root's place gives its posts: the folders above `_posts` (Jekyll's rule)."""
    return tuple(os.path.relpath(root, folder or ".").split("/")[:-1])


def _exclusion(rules: WalkRules, root: str) -> Callable[[str], bool] | None:
    """Return what says of a path below `root` whether the configuration excludes it or a folder above it, if any."""
    if not rules.exclude:
        return None
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
