"""A folder as a commit of a git repository has it, read through `git` (the only module that starts it).

What the user typed is given to git once, as a revision and as nothing else; everything after that are object names that
git printed. Nothing is checked out, and no filter, hook or shell runs.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import IO, Self

from feeder.errors import InputOutputError, UsageError
from feeder.model.problem import printable

_OBJECT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REGULAR = ("100644", "100755")


class Revision(AbstractContextManager["Revision"]):
    """The folder `place` (from the top of the repository, "" for the top itself) in the commit that `revision` names.

    `place` None is where `dist` stands in the repository. The repository is that of the current folder. Raises
    UsageError where there is no git, no repository, no such commit or no such folder in it.
    """

    def __init__(self, revision: str, place: str | None, dist: str) -> None:
        self.name = f"git:{revision}" + ("" if place is None else f":{place}")
        self._revision = revision
        self._place = place
        self._dist = dist
        self._files: dict[str, str] = {}
        self._batch: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if "\0" in self.name:
            raise UsageError(f"{printable(self.name)!r} names no commit: it holds a null character")
        _asked("rev-parse", "--git-dir", refused="this folder is in no git repository that can be read")
        commit = _asked(
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            f"{self._revision}^{{commit}}",
            refused=f"{printable(self._revision)!r} names no commit of this repository: say git:REV or git:REV:DIR "
            "(a shallow clone has only the newest commits: fetch the others first)",
        )
        self._list(commit.decode().strip())
        self._batch = subprocess.Popen(  # noqa: S603 - the same words each time
            _command("cat-file", "--batch"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._batch:
            self._batch.communicate()

    def paths(self) -> Iterable[str]:
        """Return the paths of all regular files."""
        return list(self._files)

    def read(self, path: str) -> bytes | None:
        """Return the bytes of the file at `path`, None where there is none."""
        name = self._files.get(path)
        if name is None or self._batch is None:
            return None
        requests, answers = _pipes(self._batch)
        try:
            requests.write(f"{name}\n".encode())
            requests.flush()
            words = answers.readline().split()
            if len(words) == len(("name", "kind", "size")):
                data = answers.read(int(words[2]) + 1)
                if len(data) == int(words[2]) + 1:
                    return data[:-1]
        except BrokenPipeError:
            pass
        raise InputOutputError(f"git cannot read {printable(path)!r} of {printable(self.name)!r}: is the clone whole?")

    def _from_top(self) -> str:
        if self._place is not None:
            return _place(self._place)
        advice = "say which folder of it is meant, from its top: git:REV:DIR"
        top = _asked("rev-parse", "--show-toplevel", refused=f"this repository has no work tree: {advice}")
        path = os.path.relpath(os.path.realpath(self._dist), os.path.realpath(os.fsdecode(top.rstrip(b"\n"))))
        if path.split(os.sep)[0] == os.pardir:
            raise UsageError(f"{printable(self._dist)!r} is not in this repository: {advice}")
        return _place(path)

    def _list(self, commit: str) -> None:
        place = self._from_top()
        below = f"{place}/" if place else ""
        for line in _asked("ls-tree", "-r", "-z", "--full-tree", commit, refused="git cannot list it").split(b"\0"):
            facts, _, path = os.fsdecode(line).partition("\t")
            mode, name = facts.partition(" ")[0], facts.rpartition(" ")[2]
            if mode in _REGULAR and path.startswith(below) and _OBJECT.fullmatch(name):
                self._files[path.removeprefix(below)] = name
        if not self._files:
            where = f"folder {printable(place)!r}" if place else "file"
            raise UsageError(
                f"there is no {where} in {printable(self._revision)!r}: say which one is meant, from the top of the "
                "repository: git:REV:DIR (`.` is the top itself)"
            )


def _place(path: str) -> str:
    """Return `path` as git has it: without a trailing slash, and "" for the top."""
    place = os.path.normpath(path).replace(os.sep, "/").strip("/")
    return "" if place == "." else place


def _asked(*words: str, refused: str) -> bytes:
    """Return what git prints; raises UsageError with the sentence `refused`, and why, where it says no."""
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and what the user typed stands behind --end-of-options
            _command(*words), capture_output=True, check=False, env=_environment()
        )
    except FileNotFoundError:
        raise UsageError("git is not installed: install it, or compare with a folder (--against DIR)") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        reason = f" ({said[0].removeprefix('fatal: ')})" if said else ""
        raise UsageError(printable(f"{refused}{reason}"))
    return done.stdout


def _command(*words: str) -> list[str]:
    return ["git", "--no-pager", *words]


def _environment() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise AssertionError("it was started with both")
    return process.stdin, process.stdout
