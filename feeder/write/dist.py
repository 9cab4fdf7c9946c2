"""The output folder: stage, sync, rename, remove, and the manifest that forgets last (SPEC §7).

A build that dies at any instant leaves complete old files, or complete new ones; the next build repairs the rest.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from feeder.config.slices import Coding
from feeder.errors import CannotWriteError, FeederError, InputOutputError, LockedError
from feeder.model.feed import Document
from feeder.model.problem import Level, Problem, printable
from feeder.model.term import GivenSlug
from feeder.write import folder as files
from feeder.write import twins
from feeder.write.manifest import NAME, DamagedManifestError, Manifest, WrittenFile, digest, dump, parse

_UNFINISHED = ".feeder-unfinished"
# Above this many files one sync of the file system costs less than one of each.
_SYNC_EACH = 16
_POLL_SECONDS = 0.05
# How far into a file its mark is looked for.
_MARKED = 2_048


@dataclass(frozen=True, slots=True)
class Written:
    """What a publication did: paths below dist; `state` is the fingerprint of the manifest that it left."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    state: str = ""


@dataclass(slots=True)
class _Stage:
    changed: dict[str, WrittenFile] = field(default_factory=dict)
    unchanged: dict[str, WrittenFile] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    strange: set[str] = field(default_factory=set)


def remembered(path: str) -> Manifest:
    """Return the manifest in the folder `path` without locking it; an empty one where there is none to be read."""
    try:
        with open(os.path.join(path, NAME), "rb") as stream:
            return parse(stream.read())
    except (OSError, DamagedManifestError):
        return Manifest()


class Dist:
    """The output folder, held by one build at a time; use as a context manager.

    Raises LockedError where another build holds it for longer than `wait` seconds, CannotWriteError and
    InputOutputError as the operating system says.
    """

    def __init__(self, path: str, wait: float, codings: Sequence[Coding] = ()) -> None:
        self.path = path
        self.manifest = Manifest()
        self.state = ""
        self.problems: list[Problem] = []
        self._wait = wait
        self._codings = codings
        self._sound: set[str] = set()
        self._root = -1
        self._stage = _Stage()

    def __enter__(self) -> Self:
        with self._failing():
            os.makedirs(self.path, exist_ok=True)
            # The folder that was named may be a link; no link inside it is followed.
            self._root = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            self._lock()
            with self._failing():
                if files.is_there(self._root, _UNFINISHED):
                    files.sweep(self._root)
                self.manifest = self._read_manifest()
        except BaseException:
            os.close(self._root)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._discard()
        finally:
            os.close(self._root)

    def standing(self, stamps: Mapping[str, str]) -> set[str]:
        """Return the paths of the documents that stand there as they were written, by a plan that is known.

        `stamps` are what `stamps` returned after they were written: a file that looks as it did then is not read.
        """
        found: set[str] = set()
        with self._failing():
            looks = files.looks(self._root, (file.path for file in self.manifest.files))
            for file in self.manifest.files:
                look = looks.get(file.path)
                if not look or not file.fingerprint or len(file.digests) != 1:
                    continue
                if stamps.get(file.path) == _stamp(file, look):
                    found.add(file.path)
                else:
                    data = files.read_file(self._root, file.path)
                    if data is not None and digest(data) == file.digests[0]:
                        found.add(file.path)
        self._sound = found
        return set(found)

    def stamps(self) -> dict[str, str]:
        """Return how each document looks from outside, by its path, for `standing` to compare."""
        with self._failing():
            looks = files.looks(self._root, (file.path for file in self.manifest.files))
            return {file.path: _stamp(file, looks[file.path]) for file in self.manifest.files if file.path in looks}

    def begin(self) -> None:
        """Forget what was staged: a build may have to begin again."""
        self._discard()
        self._stage = _Stage()

    def keep(self, paths: Iterable[str]) -> None:
        """Leave the documents at `paths`, which stand there, as they are; twins that are missing are made."""
        known = {file.path: file for file in self.manifest.files}
        for path in paths:
            self._stage.unchanged[path] = known[path]
            for twin, coding in twins.paths(path, self._codings):
                if twin in self._sound:
                    self._stage.unchanged[twin] = known[twin]
                    continue
                with self._failing():
                    data = files.read_file(self._root, path)
                if data is not None:
                    self.put(Document(twin, twins.compress(data, coding), known[path].fingerprint))

    def stage(self, document: Document) -> str:
        """Stage `document` beside its place, or note it as unchanged where the bytes there are the same; its twins too.

        Return its SHA-256 in hex.
        """
        found = self.put(document)
        if document.path in self._stage.strange:
            return found
        for twin, coding in twins.paths(document.path, self._codings):
            self.put(Document(twin, twins.compress(document.data, coding), document.fingerprint))
        return found

    def staged(self) -> tuple[str, ...]:
        """Return the paths of all that is staged or left as it is."""
        return tuple(sorted({*self._stage.unchanged, *self._stage.changed}))

    def is_foreign(self, path: str) -> bool:
        """Say whether something stands at `path` that no build put there."""
        with self._failing():
            known = any(file.path == path for file in self.manifest.files)
            return not known and files.is_there(self._root, path)

    def put(self, document: Document) -> str:
        """Stage `document` as `stage` does, but without twins."""
        found = digest(document.data)
        with self._failing():
            file = WrittenFile(document.path, (found,), document.fingerprint)
            there = files.read_file(self._root, document.path)
            if there == document.data:
                self._stage.unchanged[document.path] = file
                return found
            if document.mark and self._is_strange(document, there):
                return found
            self._mark_unfinished()
            self._stage.changed[document.path] = file
            for folder in files.make_folders(self._root, document.path):
                self._stage.folders.append(folder)
            files.refuse_folder(self._root, document.path)
            files.stage_file(self._root, document.path, document.data)
        return found

    def publish(
        self, slugs: Iterable[GivenSlug], marks: frozenset[str], sightings: frozenset[str] = frozenset()
    ) -> Written:
        """Put all that was staged in place, remove what is obsolete, and remember `slugs` and what is published.

        That is the entries' `marks`, and their `sightings`, as manifests have them.
        """
        stage = self._stage
        new = {**stage.unchanged, **stage.changed}
        old = {file.path: file.digests for file in self.manifest.files}
        obsolete = [path for path in old if path not in new and path not in stage.strange]
        kept = {(given.taxonomy, given.key): given for given in (*self.manifest.slugs, *slugs)}
        listed = tuple(sorted(new.values(), key=lambda file: file.path))
        final = Manifest(listed, tuple(kept.values()), marks, sightings)
        removed: list[str] = []
        with self._failing():
            if stage.changed or obsolete:
                # Both states, so that a build killed from here on leaves no file that nobody knows.
                both = {path: _either(file, old.get(path, ())) for path, file in new.items()}
                both.update({path: WrittenFile(path, old[path]) for path in obsolete})
                before = self.manifest
                self._write_manifest(Manifest(tuple(both.values()), final.slugs, before.marks, before.sightings))
                self._sync_staged()
                for path in stage.changed:
                    files.publish_file(self._root, path)
                self._sync_folders({_parent(path) for path in (*stage.changed, *stage.folders)})
                removed = [path for path in obsolete if self._remove(path, old[path])]
                for path in obsolete:
                    files.remove_empty(self._root, _parent(path))
                # Asked again when all are gone: two folders may have emptied the one that holds them.
                self._sync_folders({files.remove_empty(self._root, _parent(path)) for path in removed})
            self._write_manifest(final)
        self.manifest = final
        self._stage = _Stage()
        return Written(
            _documents(stage.changed),
            _documents(stage.unchanged),
            _documents(removed),
            tuple(self.problems),
            self.state,
        )

    def _is_strange(self, document: Document, there: bytes | None) -> bool:
        """Say whether somebody else's file stands where `document` belongs, which is theirs to keep."""
        if document.mark in there[:_MARKED] if there is not None else not files.exists(self._root, document.path):
            return False
        self._stage.strange.add(document.path)
        message = (
            "this file is not feeder's, so it stays, and the page that belongs here is left out: "
            "move it away, or say `pages = false` under [feeds]"
        )
        self.problems.append(Problem(os.path.join(self.path, document.path), 0, Level.WARNING, "not-ours", message))
        return True

    def _lock(self) -> None:
        deadline = time.monotonic() + self._wait
        while True:
            try:
                fcntl.flock(self._root, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    message = f"another build is writing to {printable(self.path)!r}"
                    raise LockedError(f"{message}: try again, or wait for it with --wait SECONDS") from None
                time.sleep(_POLL_SECONDS)
            except OSError as problem:
                raise _mapped(problem, self.path) from problem
            else:
                return

    def _read_manifest(self) -> Manifest:
        data = files.read_file(self._root, NAME)
        if data is None:
            return Manifest()
        try:
            self.state = digest(data)
            return parse(data)
        except DamagedManifestError as problem:
            message = (
                f"this manifest cannot be used: {problem}; it is written anew, "
                "and files that only it knew are left where they are"
            )
            self.problems.append(Problem(os.path.join(self.path, NAME), 0, Level.WARNING, "manifest", message))
            return Manifest()

    def _mark_unfinished(self) -> None:
        """Leave a mark that says to the next build, if this one is killed, that there is something to sweep."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        with contextlib.suppress(FileExistsError):
            os.close(os.open(_UNFINISHED, flags, 0o666, dir_fd=self._root))

    def _write_manifest(self, manifest: Manifest) -> None:
        data = dump(manifest)
        self.state = digest(data)
        if files.read_file(self._root, NAME) == data:
            return
        self._mark_unfinished()
        files.refuse_folder(self._root, NAME)
        files.stage_file(self._root, NAME, data)
        files.sync_staged(self._root, NAME)
        files.publish_file(self._root, NAME)
        files.sync_folder(self._root, "")

    def _sync_staged(self) -> None:
        if len(self._stage.changed) > _SYNC_EACH and files.sync_file_system(self._root):
            return
        for path in self._stage.changed:
            files.sync_staged(self._root, path)

    def _sync_folders(self, paths: Collection[str]) -> None:
        if len(paths) > _SYNC_EACH and files.sync_file_system(self._root):
            return
        for path in sorted(paths):
            files.sync_folder(self._root, path)

    def _remove(self, path: str, digests: tuple[str, ...]) -> bool:
        data = files.read_file(self._root, path)
        if data is None:
            return False  # removed by somebody else, or by a build that was killed then
        if digest(data) not in digests:
            message = (
                "nothing is published here any more, but the file was changed by somebody else, "
                "so it stays: remove it yourself"
            )
            self.problems.append(Problem(os.path.join(self.path, path), 0, Level.WARNING, "not-ours", message))
            return False
        files.remove_file(self._root, path)
        return True

    def _discard(self) -> None:
        """Remove what was staged and not published, and the mark: after a publication that is the mark alone."""
        for path in (*self._stage.changed, NAME):
            files.discard_file(self._root, path)
        with contextlib.suppress(OSError):
            for path in reversed(self._stage.folders):
                files.remove_empty(self._root, path)
        with contextlib.suppress(OSError):
            os.unlink(_UNFINISHED, dir_fd=self._root)

    @contextlib.contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except OSError as problem:
            raise _mapped(problem, self.path) from problem


def _either(file: WrittenFile, before: tuple[str, ...]) -> WrittenFile:
    """Return what is known of a file that may be the new one or the one before."""
    if before == file.digests:
        return file
    return WrittenFile(file.path, tuple(dict.fromkeys((*before, *file.digests))))


def _stamp(file: WrittenFile, look: str) -> str:
    return f"{file.digests[0]} {look}"


def _documents(paths: Iterable[str]) -> tuple[str, ...]:
    """Return `paths`, sorted, without the twins of documents: those are said of with their documents."""
    return tuple(sorted(path for path in paths if not twins.is_twin(path)))


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _mapped(problem: OSError, path: str) -> FeederError:
    """Return the error that a person can act on: 74 where the disk fails, 73 where it only refuses."""
    where = os.path.join(path, str(problem.filename)) if problem.filename and problem.filename != path else path
    reason = (problem.strerror or str(problem)).lower()
    message = f"{printable(where)!r} cannot be written: {reason}; what was published before is as it was"
    if problem.errno == errno.EIO:
        return InputOutputError(message)
    advice = {
        errno.ENOSPC: "make room on the disk",
        errno.EDQUOT: "make room in your quota",
        errno.EACCES: "check who may write there",
        errno.EPERM: "check who may write there",
        errno.EROFS: "the file system is read-only: choose another --dist",
    }.get(problem.errno or 0, "check the folder, or choose another --dist")
    return CannotWriteError(f"{message}: {advice}")
