"""Workers on other machines, by a dask scheduler (https://distributed.dask.org): the only user of `distributed`."""

from __future__ import annotations

import logging
import os
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from itertools import chain, islice
from typing import Any, Self, TypeVar

import dask.config
from distributed import Client, KilledWorker
from distributed.versions import VersionMismatchWarning

from feeder.engine.hired import Terms, dismiss, work
from feeder.engine.limits import Death, Limits
from feeder.engine.parcel import Freight, Parcel, Returned, batches, opened, see
from feeder.engine.stream import batched, stream
from feeder.engine.versions import differences, versions
from feeder.errors import InputOutputError, UsageError
from feeder.model.problem import printable
from feeder.model.source import Source

Item = TypeVar("Item")
Result = TypeVar("Result")

# Seconds.
_TO_CONNECT = 5
_TO_SEE_WORKERS = 10
_TO_ANSWER = 30
_BETWEEN_LOOKS = 2
_WITHOUT_WORKERS = 60

_IN_FLIGHT_PER_THREAD = 2
_WITNESSES = 20
_NO_MODULE = "No module named"
_LOGGERS = ("distributed", "distributed.client", "tornado", "tornado.application")
_SETTINGS = {"distributed.admin.large-graph-warning-threshold": "1GB"}  # a batch may hold a post of 10 MB


class DaskEngine:
    """Runs batches on the workers of the scheduler at `address` (`tcp://HOST:PORT`); use as a context manager.

    `freight` says what the items read; without it they are sent as they are. Entering raises UsageError where a worker
    works with other versions than this process, and InputOutputError where there is no scheduler or no worker.
    """

    def __init__(self, address: str, freight: Freight | None = None, limits: Limits | None = None) -> None:
        self._address = address
        self._freight = freight
        self._limits = limits or Limits()
        self._stack = ExitStack()
        self._running: dict[Future[bytes | Death], int] = {}
        self._shared: bool | None = None  # known with the first files
        self._workers_seen = 0.0
        self.capacity = 0
        """How many tasks should be under way: a thread that has done one finds the next one there."""

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(_quiet())
            stack.enter_context(dask.config.set(_SETTINGS))
            self._client = stack.enter_context(_connected(self._address))
            self._terms = Terms(self._client.id, versions(), self._limits, os.getcwd())
            self._wait_for_workers()
            self._compare()
            stack.callback(self._dismiss)
            stack.callback(self.clear)
            self._executor = self._client.get_executor(pure=False)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def map(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        batch: int,
        casualty: Callable[[Item, Death], Result],
    ) -> Iterator[Result]:
        """Yield `function(item)` for every item, in no order, and `casualty(item, …)` for one that kills its workers.

        With `freight`, items whose files a worker does not have are done by `function(item, bytes)`, or here.
        """
        if self._freight is None:
            yield from stream(self, function, batched(items, batch), casualty)
            return
        parcels = batches(self._packed(iter(items), self._freight), batch)
        for result in stream(
            self, partial(opened, function), parcels, lambda parcel, death: casualty(parcel.item, death)
        ):
            yield function(result.item) if isinstance(result, Returned) else result

    def start(self, number: int, task: bytes) -> None:
        """Give `task` to the scheduler."""
        self._running[self._executor.submit(work, task, self._terms)] = number

    def finished(self) -> Iterator[tuple[int, bytes | Death]]:
        """Wait, and yield the numbers of tasks that were answered, or over which worker after worker died.

        Dask itself runs a task again whose worker is gone, three times. Raises InputOutputError where the scheduler or
        all workers are gone for good.
        """
        done, _ = wait(self._running, timeout=_BETWEEN_LOOKS, return_when=FIRST_COMPLETED)
        if not done:
            self._look()
        for future in done:
            number = self._running.pop(future)
            try:
                yield number, future.result()
            except KilledWorker:
                yield number, Death.KILLED
            except CancelledError:
                raise InputOutputError(f"{self._address}: the dask scheduler went away during the build") from None
            except Exception as problem:  # noqa: BLE001 - whatever another machine comes up with
                raise InputOutputError(f"{self._address}: a dask worker cannot work ({_said(problem)})") from None

    def clear(self) -> None:
        """Forget what is under way: nobody waits for its answers."""
        for future in self._running:
            future.cancel()
        self._running.clear()

    def _packed(self, items: Iterator[Item], freight: Freight) -> Iterator[Parcel[Item]]:
        if self._shared is None:
            first = list(islice(items, _WITNESSES))
            self._shared = self._all_see(tuple(freight.source(item) for item in first))
            items = chain(first, items)
        for item in items:
            source = freight.source(item)
            yield Parcel(item, source, None if self._shared else freight.load(source))

    def _all_see(self, sources: tuple[Source, ...]) -> bool:
        return all(answer is True for answer in self._ask(see, sources, self._terms.folder).values())

    def _ask(self, function: Callable[..., object], *arguments: object) -> dict[str, object]:
        """Return what `function` returns in every dask worker, or the exception that came instead."""
        try:
            answers: dict[str, object] = self._client.run(
                function, *arguments, on_error="return", callback_timeout=_TO_ANSWER
            )
        except Exception as problem:  # noqa: BLE001 - many kinds of errors, and all mean the same
            raise InputOutputError(
                f"{self._address}: the dask scheduler does not answer ({_said(problem)}): see to it, and build again"
            ) from None
        return answers

    def _compare(self) -> None:
        """Raise UsageError unless the scheduler and every worker work with the versions that this process has."""
        for name, there in self._introduced():
            if isinstance(there, tuple):
                different = differences(self._terms.versions, there)
            elif _NO_MODULE in str(there):
                different = [_said(there)]
            else:
                raise InputOutputError(f"{self._address}: the dask {name} does not answer ({_said(there)})")
            if different:
                message = (
                    f"the dask {name} would not give the same bytes: {', '.join(different)}; "
                    "install the same Python and the same feeder[dask] on both"
                )
                raise UsageError(message)

    def _introduced(self) -> Iterator[tuple[str, object]]:
        try:
            yield "scheduler", self._client.run_on_scheduler(versions, callback_timeout=_TO_ANSWER)
        except Exception as problem:  # noqa: BLE001 - many kinds of errors, and all are said
            yield "scheduler", problem
        for worker, there in sorted(self._ask(versions).items()):
            yield f"worker {worker}", there

    def _wait_for_workers(self) -> None:
        """Count the workers; raise InputOutputError where none comes in time."""
        try:
            self._client.wait_for_workers(1, timeout=_TO_SEE_WORKERS)
        except OSError:  # distributed's TimeoutError too
            message = (
                f"{self._address}: the dask scheduler has no workers: start some with `dask worker {self._address}`"
            )
            raise InputOutputError(message) from None
        self._look()

    def _look(self) -> None:
        """See how many workers there are; raise InputOutputError where for a minute there was none."""
        try:
            threads: int = sum(self._client.nthreads(callback_timeout=_TO_ANSWER).values())
        except Exception as problem:  # noqa: BLE001 - many kinds of errors, and all mean the same
            raise InputOutputError(
                f"{self._address}: the dask scheduler went away during the build ({_said(problem)})"
            ) from None
        now = time.monotonic()
        if threads:
            self._workers_seen = now
            self.capacity = threads * _IN_FLIGHT_PER_THREAD
        elif now - self._workers_seen > _WITHOUT_WORKERS:
            raise InputOutputError(f"{self._address}: all dask workers went away during the build, and none came back")

    def _dismiss(self) -> None:
        with suppress(InputOutputError):
            self._ask(dismiss, self._terms.client)


@contextmanager
def _connected(address: str) -> Iterator[Any]:  # the library has no types for most of what its client does
    """Have a client of the scheduler at `address`; raises InputOutputError where there is none."""
    found: Future[Any] = Future()
    # In a thread, because the library waits for ever for what is a server, but no scheduler.
    threading.Thread(target=_connect, args=(address, found), daemon=True).start()
    try:
        client = found.result(_TO_CONNECT + 1)
    except Exception as problem:  # noqa: BLE001 - a server that is no scheduler can say anything
        message = (
            f"{address}: no dask scheduler can be reached there ({_said(problem)}): "
            "start one with `dask scheduler`, or build without --engine"
        )
        raise InputOutputError(message) from None
    try:
        yield client
    finally:
        with suppress(Exception):  # a scheduler that is gone is closed enough
            client.close(timeout=_TO_CONNECT)


def _connect(address: str, found: Future[Any]) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", VersionMismatchWarning)  # we compare them ourselves
            client = Client(address, timeout=_TO_CONNECT, set_as_default=False)  # type: ignore[no-untyped-call]
            found.set_result(client)
    except Exception as problem:  # noqa: BLE001 - it is raised where it is waited for
        found.set_exception(problem)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries from writing to the terminal: what goes wrong is raised, and said in a sentence."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _said(problem: object) -> str:
    """Return what an exception says, on one line and not too long."""
    return printable(" ".join(str(problem).split())[:200]) or type(problem).__name__
