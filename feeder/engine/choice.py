"""Which engine a build runs on: by name, or by what is faster for the site's size."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, Self, TypeVar

from feeder.engine.serial import SerialEngine
from feeder.errors import UsageError
from feeder.model.problem import printable

Item = TypeVar("Item")
Result = TypeVar("Result")

PROCESSES_PAY_FROM = 1_000
"""The number of posts from which worker processes are faster than one process (docs/benchmarks.md, `make bench`)."""

_MAX_WORKERS = 64


class Engine(Protocol):
    """Runs a function over items, in batches, anywhere; a context manager."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def map(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        batch: int,
        casualty: Callable[[Item], Result],
    ) -> Iterator[Result]:
        """Yield `function(item)` for every item, in any order; `casualty(item)` for one that kills its worker."""
        ...


def choose_engine(name: str, posts: int) -> Engine:
    """Return the engine called `name` ("serial", "processes:N"), or for "" what is faster for `posts` posts.

    Raises UsageError for any other name.
    """
    if not name:
        workers = usable_processors()
        name = f"processes:{workers}" if workers > 1 and posts >= PROCESSES_PAY_FROM else "serial"
    if name == "serial":
        return SerialEngine()
    match = re.fullmatch(r"processes:([1-9][0-9]?)", name)
    if match is None or int(match[1]) > _MAX_WORKERS:
        message = f"{printable(name)!r} is no engine: take serial, or processes:N with N from 1 to {_MAX_WORKERS}"
        raise UsageError(message)
    from feeder.engine.processes import ProcessEngine  # noqa: PLC0415 - small sites start without a pool

    return ProcessEngine(int(match[1]))


def usable_processors() -> int:
    """Return how many processors this process may run on, at most 64."""
    affinity = getattr(os, "sched_getaffinity", None)
    return min(len(affinity(0)) if affinity else os.cpu_count() or 1, _MAX_WORKERS)
