"""A bounded, unordered map in batches over any workers that may die: what every parallel engine is made of."""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Generic, Protocol, TypeVar

from feeder.engine.limits import Death

Item = TypeVar("Item")
Result = TypeVar("Result")


class Crew(Protocol):
    """Workers that answer tasks: bytes for bytes, as `feeder.engine.worker` has them."""

    @property
    def capacity(self) -> int:
        """How many tasks should be under way, so that nobody waits for work."""

    def start(self, number: int, task: bytes) -> None:
        """Give `task` to a worker; it is called `number`."""

    def finished(self) -> Iterable[tuple[int, bytes | Death]]:
        """Wait, and return the numbers of tasks that were answered, or over which their worker died."""

    def clear(self) -> None:
        """Forget what is under way: nobody wants the answers."""


@dataclass(frozen=True, slots=True)
class _Task(Generic[Item]):
    items: Sequence[Item]
    suspect: bool


def batched(items: Iterable[Item], size: int) -> Iterator[Sequence[Item]]:
    """Yield `items` in tuples of `size`, the last one shorter."""
    iterator = iter(items)
    while batch := tuple(islice(iterator, size)):
        yield batch


def stream(
    crew: Crew,
    function: Callable[[Item], Result],
    batches: Iterator[Sequence[Item]],
    casualty: Callable[[Item, Death], Result],
) -> Iterator[Result]:
    """Yield `function(item)` for every item of `batches`, in no order; what `function` raises is raised here.

    The items of a batch over which a worker died are run again, each with nothing else under way: workers die for
    reasons of their own too, and who works elsewhere cannot always say over which of its tasks. The item over which a
    worker then dies again is to blame, and `casualty(item, death)` takes its result's place.
    """
    work = pickle.dumps(function)
    numbers = count()
    running: dict[int, _Task[Item]] = {}
    suspects: deque[Item] = deque()
    try:
        while True:
            while len(running) < _room(crew, suspects, running) and (task := _next(suspects, batches)):
                number = next(numbers)
                running[number] = task
                crew.start(number, pickle.dumps((work, task.items)))
            if not running:
                return
            for number, answer in crew.finished():
                task = running.pop(number)
                if not isinstance(answer, Death):
                    yield from _results(answer)
                elif task.suspect:
                    yield casualty(task.items[0], answer)
                else:
                    suspects.extend(task.items)
    finally:
        if running:
            crew.clear()


def _room(crew: Crew, suspects: deque[Item], running: dict[int, _Task[Item]]) -> int:
    return 1 if suspects or any(task.suspect for task in running.values()) else crew.capacity


def _next(suspects: deque[Item], batches: Iterator[Sequence[Item]]) -> _Task[Item] | None:
    if suspects:
        return _Task((suspects.popleft(),), suspect=True)
    items = next(batches, ())
    return _Task(items, suspect=False) if items else None


def _results(answer: bytes) -> list[Result]:
    results: list[Result] | Exception = pickle.loads(answer)  # noqa: S301 - from a worker of ours
    if isinstance(results, Exception):
        raise results
    return results
