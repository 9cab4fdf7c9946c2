"""Which engine a build runs on: by name, or by what is faster for the site's size."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Protocol, Self, TypeVar

from feeder.engine.limits import Death
from feeder.engine.parcel import Freight
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
        casualty: Callable[[Item, Death], Result],
    ) -> Iterator[Result]:
        """Yield `function(item)` for every item, in any order; `casualty(item, …)` for one that kills its worker."""
        ...


class Engines:
    """The engines of one build, each started when there is work for it; a context manager that ends them all."""

    def __init__(self, name: str, freight: Freight | None = None, spare: Iterable[str] = ()) -> None:
        """Take the engine's name, or "" for what is fastest, and how posts get to other machines.

        `spare` are the modules that workers here import when they have nothing to do.

        Raises UsageError for a name that is none.
        """
        check_name(name)
        self._name = name
        self._freight = freight
        self._spare = tuple(spare)
        self._stack = ExitStack()
        self._started: dict[type, Engine] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def engine(self, posts: int) -> Engine:
        """Return the engine for a map over `posts` posts, started; for none it is nobody but this process."""
        chosen = choose_engine(self._name if posts else "serial", posts, self._freight, self._spare)
        if type(chosen) not in self._started:
            self._started[type(chosen)] = self._stack.enter_context(chosen)
        return self._started[type(chosen)]


def choose_engine(name: str, posts: int, freight: Freight | None = None, spare: Iterable[str] = ()) -> Engine:
    """Return the engine called `name` ("serial", "processes:N", "dask:tcp://HOST:PORT").

    For "" it is what is faster for `posts` posts on this machine. `freight` says how posts get to other machines.
    Raises UsageError for any other name, and for dask's where dask is not installed.
    """
    check_name(name)
    if not name:
        workers = usable_processors()
        name = f"processes:{workers}" if workers > 1 and posts >= PROCESSES_PAY_FROM else "serial"
    kind, _, where = name.partition(":")
    if kind == "serial":
        return SerialEngine()
    if kind == "processes":
        from feeder.engine.processes import ProcessEngine  # noqa: PLC0415 - small sites start without a pool

        return ProcessEngine(int(where), spare=spare)
    try:
        from feeder.engine.dask import DaskEngine  # noqa: PLC0415 - half a second, and not always installed
    except ModuleNotFoundError as missing:
        raise UsageError(f"{name}: {missing.name} is not installed here: install feeder[dask]") from None
    return DaskEngine(where, freight)


def check_name(name: str) -> None:
    """Raise UsageError where no engine can be called `name`."""
    known = re.fullmatch(r"|serial|processes:([1-9][0-9]?)|dask:tcp://[^\s/@?#]+:[0-9]{1,5}", name)
    if known is None or int(known[1] or 1) > _MAX_WORKERS:
        message = (
            f"{printable(name)!r} is no engine: take serial, processes:N with N from 1 to {_MAX_WORKERS}, "
            "or dask:tcp://HOST:PORT"
        )
        raise UsageError(message)


def usable_processors() -> int:
    """Return how many processors this process may run on, at most 64."""
    affinity = getattr(os, "sched_getaffinity", None)
    return min(len(affinity(0)) if affinity else os.cpu_count() or 1, _MAX_WORKERS)
