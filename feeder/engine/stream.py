"""A bounded, unordered map in batches over any executor: what every parallel engine is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from itertools import islice
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class LostBatchesError(Exception, Generic[Item]):
    """Workers died: `batches` are those whose results will never come; what was not yet submitted is untouched."""

    def __init__(self, batches: Sequence[Sequence[Item]]) -> None:
        super().__init__("workers died")
        self.batches = batches


def batched(items: Iterable[Item], size: int) -> Iterator[Sequence[Item]]:
    """Yield `items` in tuples of `size`, the last one shorter."""
    iterator = iter(items)
    while batch := tuple(islice(iterator, size)):
        yield batch


def stream(
    executor: Executor, in_flight: int, function: Callable[[Item], Result], batches: Iterator[Sequence[Item]]
) -> Iterator[Result]:
    """Yield `function(item)` for every item of `batches`, in no order, with at most `in_flight` batches under way.

    Raises LostBatchesError where the executor breaks; `batches` can then be gone on with.
    """
    running: dict[Future[list[Result]], Sequence[Item]] = {}
    while True:
        for batch in islice(batches, in_flight - len(running)):
            try:
                future = executor.submit(run_batch, function, batch)
            except BrokenExecutor:  # it broke while the results before were being looked at
                raise LostBatchesError([*running.values(), batch]) from None
            running[future] = batch
        if not running:
            return
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            try:
                results = future.result()
            except BrokenExecutor:
                raise LostBatchesError(list(running.values())) from None
            del running[future]
            yield from results


def run_batch(function: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Return `function` of every item: what a worker is given."""
    return [function(item) for item in items]
