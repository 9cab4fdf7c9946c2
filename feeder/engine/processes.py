"""Worker processes on this machine. Not threads: feedgen flips the locale of its whole process."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from multiprocessing.connection import wait
from typing import Self, TypeVar

from feeder.engine.stream import LostBatchesError, batched, run_batch, stream

Item = TypeVar("Item")
Result = TypeVar("Result")

_IN_FLIGHT_PER_WORKER = 2


class ProcessEngine:
    """Runs batches in `workers` processes; use as a context manager.

    A worker that dies takes its pool along: the batches under way are then run again item by item in processes of
    their own, and only the item that kills its process again is lost.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        # A fork shares what was imported; elsewhere (macOS) a fork is not safe.
        self._context = multiprocessing.get_context("fork" if sys.platform.startswith("linux") else "spawn")
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def map(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        batch: int,
        casualty: Callable[[Item], Result],
    ) -> Iterator[Result]:
        """Yield `function(item)` for every item, in no order, and `casualty(item)` for one that kills its worker."""
        batches = batched(items, batch)
        while True:
            if self._pool is None:
                self._pool = self._new_pool(self.workers)
            try:
                yield from stream(self._pool, self.workers * _IN_FLIGHT_PER_WORKER, function, batches)
            except LostBatchesError as lost:
                self._close()
                yield from self._one_by_one(function, [item for items in lost.batches for item in items], casualty)
            else:
                return

    def _one_by_one(
        self, function: Callable[[Item], Result], items: Sequence[Item], casualty: Callable[[Item], Result]
    ) -> Iterator[Result]:
        for item in items:
            if self._pool is None:
                self._pool = self._new_pool(1)
            try:
                results = self._pool.submit(run_batch, function, (item,)).result()
            except BrokenExecutor:
                self._close()
                results = [casualty(item)]
            yield from results
        self._close()

    def _new_pool(self, workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(workers, mp_context=self._context, initializer=_end_with_parent)

    def _close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def _end_with_parent() -> None:
    """End this worker when the process that started it is gone: a worker holds the lock of the output folder too."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_exit, args=(parent.sentinel,), daemon=True).start()


def _wait_and_exit(sentinel: int) -> None:
    wait((sentinel,))
    os._exit(1)
