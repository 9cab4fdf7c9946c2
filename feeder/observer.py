"""Who is told of a build while it runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from feeder.model.problem import Problem

Result = TypeVar("Result")


class Observer(Protocol):
    """What is told of a build while it runs."""

    def progress(self, stage: str, done: int, total: int) -> None:
        """Take note that `done` of `total` items of `stage` are done."""

    def problem(self, problem: Problem) -> None:
        """Take a problem that was found."""


class Silent:
    """An observer that tells nobody: the report holds every problem too."""

    def progress(self, stage: str, done: int, total: int) -> None:
        """Say nothing."""

    def problem(self, problem: Problem) -> None:
        """Say nothing."""


class Once:
    """An observer that tells another one everything, but no problem twice: a build may have to begin again."""

    def __init__(self, observer: Observer) -> None:
        self.progress = observer.progress
        self._tell = observer.problem
        self._told: set[Problem] = set()

    def problem(self, problem: Problem) -> None:
        """Tell of a problem that is new."""
        if problem not in self._told:
            self._told.add(problem)
            self._tell(problem)


def counted(results: Iterable[Result], stage: str, total: int, observer: Observer) -> Iterator[Result]:
    """Yield `results`, and tell `observer` of each."""
    for number, result in enumerate(results, 1):
        observer.progress(stage, number, total)
        yield result
