"""A person at a terminal: problems line by line, progress as a bar (the only user of rich)."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from feeder.model.problem import Problem

if TYPE_CHECKING:
    from feeder.observer import Observer


class Terminal:
    """Tells a person of a build on stderr: problems line by line, progress as a bar where there is a terminal."""

    def __init__(self, quiet: object) -> None:
        self._bar = None if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb" else _Bar()

    def progress(self, stage: str, done: int, total: int) -> None:
        """Move the bar."""
        if self._bar:
            self._bar.move(stage, done, total)

    def problem(self, problem: Problem) -> None:
        """Print `file:line: level[code]: sentence`."""
        if self._bar:
            self._bar.clear()
        print(problem, file=sys.stderr)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar:
            self._bar.clear()


class _Bar:
    def __init__(self) -> None:
        from rich.console import Console  # noqa: PLC0415 - 40 ms that only terminals need
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

        columns = (TextColumn("{task.description:9}"), BarColumn(), MofNCompleteColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task("")
        self._stage = ""

    def move(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self._stage = stage
            self._progress.reset(self._task, description=stage, total=total)
            self._progress.start()
        self._progress.update(self._task, completed=done)
        if done == total:
            self.clear()

    def clear(self) -> None:
        self._progress.stop()
        self._stage = ""


@contextmanager
def observing(as_json: object, quiet: object) -> Iterator[Observer]:
    """Hand over who is told of a build: nobody where its answer is JSON."""
    from feeder.observer import Silent  # noqa: PLC0415

    if as_json:
        yield Silent()
        return
    terminal = Terminal(quiet)
    try:
        yield terminal
    finally:
        terminal.close()
