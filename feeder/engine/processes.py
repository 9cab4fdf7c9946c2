"""Worker processes on this machine. Not threads: feedgen flips the locale of its whole process."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import Self, TypeVar

from feeder.engine.launch import Hand, fork, start
from feeder.engine.limits import Death, Limits, death
from feeder.engine.stream import batched, stream
from feeder.errors import InputOutputError

Item = TypeVar("Item")
Result = TypeVar("Result")

_IN_FLIGHT_PER_WORKER = 2
# macOS has libraries of its own that do not survive a fork.
_FORKS = sys.platform.startswith("linux")
_GET_READY = (-1, b"")


@dataclass(frozen=True, slots=True)
class _Worker:
    """A worker and the tasks that it was given, with their numbers; it is at the first one."""

    hand: Hand
    tasks: deque[tuple[int, bytes]] = field(default_factory=lambda: deque([_GET_READY]))


class ProcessEngine:
    """Runs batches in up to `workers` processes, each item within `limits`; use as a context manager.

    A worker is started when there is a task for which no other is free; one that dies is replaced.
    """

    def __init__(self, workers: int, limits: Limits | None = None, spare: Iterable[str] = ()) -> None:
        self.workers = workers
        self._spare = tuple(spare)
        self._limits = limits or Limits()
        self._crew: list[_Worker] = []
        self.capacity = workers * _IN_FLIGHT_PER_WORKER
        """How many tasks should be under way: a worker that has done one finds the next one there."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()
        while self._crew:
            self._crew.pop().hand.end()

    def map(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        batch: int,
        casualty: Callable[[Item, Death], Result],
    ) -> Iterator[Result]:
        """Yield `function(item)` for every item, in no order, and `casualty(item, …)` for one that kills its worker."""
        return stream(self, function, batched(items, batch), casualty)

    def start(self, number: int, task: bytes) -> None:
        """Give `task` to the worker that has least to do."""
        worker = min(self._crew, key=lambda one: len(one.tasks), default=None)
        if worker is None or (worker.tasks and len(self._crew) < self.workers):
            worker = _Worker(self._hire())
            self._crew.append(worker)
        worker.tasks.append((number, task))
        with suppress(OSError):  # one that has died is found when its answer is read
            worker.hand.connection.send_bytes(task)

    def finished(self) -> Iterator[tuple[int, bytes | Death]]:
        """Wait, and yield the numbers of tasks that were answered, or over which their worker died."""
        busy = [worker for worker in self._crew if worker.tasks]
        ready = wait([worker.hand.connection for worker in busy])
        for worker in busy:
            if worker.hand.connection not in ready:
                continue
            try:
                answer: bytes | Death = worker.hand.connection.recv_bytes()
            except (EOFError, OSError):
                answer = self._bury(worker)
            first = worker.tasks.popleft()
            if first is not _GET_READY:
                yield first[0], answer
            elif isinstance(answer, Death):
                message = (
                    f"a process to work in {answer.value} before it began: see to the memory that is free, "
                    "or take --engine serial"
                )
                raise InputOutputError(message)
            if isinstance(answer, Death):
                for number, task in worker.tasks:
                    self.start(number, task)

    def clear(self) -> None:
        """End the workers that are at work: nobody waits for their answers."""
        busy = [worker for worker in self._crew if worker.tasks]
        for worker in busy:
            worker.hand.kill()
            self._bury(worker)

    def _hire(self) -> Hand:
        if _FORKS:
            return fork(self._limits, [worker.hand.connection for worker in self._crew], self._spare)
        return start(self._limits, os.getcwd())

    def _bury(self, worker: _Worker) -> Death:
        self._crew.remove(worker)
        return death(worker.hand.end())
