"""Engines: one function over many items, wherever (DESIGN §1, §3)."""

from __future__ import annotations

import multiprocessing
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import partial
from typing import Any

import pytest

from feeder.engine import choice, processes
from feeder.engine.choice import Engine, choose_engine, usable_processors
from feeder.engine.processes import ProcessEngine
from feeder.engine.serial import SerialEngine
from feeder.engine.stream import LostBatchesError, batched, run_batch, stream
from feeder.errors import UsageError

# Workers are forked from a process that may have threads (pytest-xdist's): they only compute.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


def square(number: int) -> tuple[int, int]:
    """Return a result that names its item."""
    return number, number * number


def casualty(number: int) -> tuple[int, int]:
    """Return what stands in for a result."""
    return number, -1


def die_for(victims: frozenset[int], number: int) -> tuple[int, int]:
    """Kill the worker over some items."""
    if number in victims:
        os.kill(os.getpid(), signal.SIGKILL)
    return square(number)


def where(_: int) -> int:
    """Return the process that works."""
    return os.getpid()


def fail_for(victim: int, number: int) -> tuple[int, int]:
    """Raise an exception over one item."""
    if number == victim:
        raise ValueError(number)
    return square(number)


def no_casualty(number: int) -> tuple[int, int]:
    """Say that nothing should have died."""
    raise AssertionError(number)


@pytest.mark.parametrize("name", ["serial", "processes:1", "processes:2"])
@pytest.mark.parametrize(("count", "batch"), [(0, 5), (1, 5), (23, 5), (20, 5), (7, 1)])
def test_every_engine_gives_the_same(name: str, count: int, batch: int) -> None:
    """Every item's result comes once, whatever the engine and the size of its batches; maps can follow each other."""
    with choose_engine(name, 0) as engine:
        for _ in range(2):
            results = engine.map(square, iter(range(count)), batch, no_casualty)
            assert sorted(results) == [square(number) for number in range(count)]


def test_work_is_done_elsewhere() -> None:
    """Processes work outside this process, the serial engine in it."""
    with ProcessEngine(2) as engine:
        assert os.getpid() not in set(engine.map(where, range(10), 1, where))
    with SerialEngine() as serial:
        assert set(serial.map(where, range(10), 1, where)) == {os.getpid()}


@pytest.mark.parametrize("victims", [{7}, {0}, {29}, {3, 4, 17}, set(range(0, 30, 5))])
def test_a_worker_that_dies_costs_its_item(victims: set[int]) -> None:
    """An item that kills its worker is replaced by its casualty, and every other item's result comes once."""
    with ProcessEngine(2) as engine:
        results = sorted(engine.map(partial(die_for, frozenset(victims)), range(30), 4, casualty))
        assert results == [casualty(number) if number in victims else square(number) for number in range(30)]
        assert sorted(engine.map(square, range(5), 2, casualty)) == [square(number) for number in range(5)]


@pytest.mark.parametrize("name", ["serial", "processes:2"])
def test_an_exception_is_the_callers(name: str) -> None:
    """What the function raises is raised to the caller, and ends the map."""
    with pytest.raises(ValueError, match="13"), choose_engine(name, 0) as engine:
        list(engine.map(partial(fail_for, 13), range(20), 3, no_casualty))


@pytest.mark.parametrize("victims", [frozenset[int](), frozenset((1,))])
def test_a_map_that_is_left_early(victims: frozenset[int]) -> None:
    """Who has seen enough may go: no worker stays behind."""
    with ProcessEngine(1) as engine:
        results = engine.map(partial(die_for, victims), range(100), 10, casualty)
        assert isinstance(next(iter(results)), tuple)
        del results
    assert not any(process.name.startswith("ForkProcess") for process in multiprocessing.active_children())


@pytest.mark.parametrize(
    ("name", "kind"), [("serial", SerialEngine), ("processes:1", ProcessEngine), ("processes:64", ProcessEngine)]
)
def test_engines_by_name(name: str, kind: type[Engine]) -> None:
    """An engine is chosen by its name."""
    engine = choose_engine(name, 1_000_000)
    assert type(engine) is kind
    if isinstance(engine, ProcessEngine):
        assert engine.workers == int(name.partition(":")[2])


@pytest.mark.parametrize(
    "name", ["x", "Serial", "processes", "processes:", "processes:0", "processes:65", "processes:1٣", "processes:2\x1b"]
)
def test_names_of_nothing(name: str) -> None:
    """Another name is an error that says which there are."""
    with pytest.raises(UsageError, match="is no engine: take serial, or processes:N with N from 1 to 64") as caught:
        choose_engine(name, 0)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(("processors", "posts", "workers"), [(4, 999, 0), (4, 1_000, 4), (1, 1_000_000, 0)])
def test_engines_by_size(monkeypatch: pytest.MonkeyPatch, processors: int, posts: int, workers: int) -> None:
    """Without a name, large sites are built by as many processes as there are processors, small ones by one."""
    monkeypatch.setattr(choice, "usable_processors", lambda: processors)
    engine = choose_engine("", posts)
    assert (engine.workers if isinstance(engine, ProcessEngine) else 0) == workers


@pytest.mark.parametrize(
    ("affinity", "count", "usable"),
    [(lambda _: {0, 1, 2}, 8, 3), (lambda _: set(range(200)), 8, 64), (None, 8, 8), (None, None, 1)],
)
def test_processors(
    monkeypatch: pytest.MonkeyPatch, affinity: Callable[[int], set[int]] | None, count: int | None, usable: int
) -> None:
    """The processors are those that this process may use, where the system tells, and never more than 64."""
    monkeypatch.setattr(os, "sched_getaffinity", affinity, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: count)
    assert usable_processors() == usable


def test_batches() -> None:
    """Items come in batches, the last one shorter, and no sooner than they are asked for."""
    items = iter(range(7))
    batches = batched(items, 3)
    assert next(batches) == (0, 1, 2)
    assert next(items) == 3
    assert list(batches) == [(4, 5, 6)]
    assert list(batched((), 3)) == []
    assert run_batch(square, (2, 3)) == [(2, 4), (3, 9)]


class Pool(Executor):
    """An executor that runs the oldest of its tasks when it is asked to wait; it counts, and can break."""

    def __init__(self, breaks_at: int = 0) -> None:
        self.waiting: list[tuple[Future[Any], Callable[[], Any]]] = []
        self.submitted = 0
        self.most = 0
        self.breaks_at = breaks_at

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **options: Any) -> Future[Any]:
        """Take a task, or break."""
        self.submitted += 1
        if self.submitted == self.breaks_at:
            raise BrokenExecutor
        future: Future[Any] = Future()
        self.waiting.append((future, lambda: function(*arguments, **options)))
        self.most = max(self.most, len(self.waiting))
        threading.Timer(0.001, self.run_one).start()
        return future

    def run_one(self) -> None:
        """Run the oldest task."""
        future, task = self.waiting.pop(0)
        future.set_result(task())


def test_in_flight() -> None:
    """No more batches are under way than may be, and no more items are taken than that needs."""
    pool = Pool()
    taken: list[int] = []

    def items() -> Iterator[Sequence[int]]:
        for number in range(20):
            taken.append(number)
            yield (number,)

    results = []
    for result in stream(pool, 4, square, items()):
        results.append(result)
        assert len(taken) - len(results) <= 4
    assert sorted(results) == [square(number) for number in range(20)]
    assert 1 <= pool.most <= 4


def test_twice_the_workers_are_in_flight(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine keeps two batches a worker under way."""
    seen: list[int] = []

    def recorded(_: Executor, in_flight: int, *__: object) -> Iterator[int]:
        seen.append(in_flight)
        return iter(())

    monkeypatch.setattr(processes, "stream", recorded)
    with ProcessEngine(3) as engine:
        assert list(engine.map(square, range(5), 1, casualty)) == []
    assert seen == [6]


@pytest.mark.parametrize("breaks_at", [1, 2, 5])
def test_an_executor_that_breaks_between(breaks_at: int) -> None:
    """Where the executor refuses a batch because it broke meanwhile, that batch is lost with those under way."""
    batches = batched(range(10), 1)
    done: list[tuple[int, int]] = []
    with pytest.raises(LostBatchesError) as caught:
        done.extend(stream(Pool(breaks_at), 2, square, batches))
    lost = [number for batch in caught.value.batches for number in batch]
    rest = [number for batch in batches for number in batch]
    assert sorted([number for number, _ in done] + lost + rest) == list(range(10))
    assert breaks_at - 1 in lost


PARENT = """
import os, time
from feeder.engine.processes import ProcessEngine

def where(_):
    time.sleep(0.01)
    return os.getpid()

if __name__ == "__main__":
    with ProcessEngine(2) as engine:
        for worker in engine.map(where, range(1_000_000), 1, where):
            print(worker, flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_its_parent(number: signal.Signals) -> None:
    """Workers end with the process that started them, even if it is killed: they hold the lock of dist as well."""
    reader, writer = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-c", PARENT.replace('"__main__"', "__name__")], stdout=subprocess.PIPE, pass_fds=(writer,)
    ) as parent:
        os.close(writer)
        assert parent.stdout is not None
        parent.stdout.readline()
        parent.send_signal(number)
    # The pipe has an end when the last process that holds it is gone.
    ended, _, _ = select.select([reader], [], [], 30)
    assert ended
    assert os.read(reader, 1) == b""
    os.close(reader)


def test_the_guard_of_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker waits for the end of its parent, and ends then; a process without parent waits for nothing."""
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    processes._end_with_parent()
    reader, writer = os.pipe()

    class Parent:
        sentinel = reader

    monkeypatch.setattr(multiprocessing, "parent_process", Parent)
    before = set(threading.enumerate())
    processes._end_with_parent()
    (guard,) = set(threading.enumerate()) - before
    assert guard.daemon
    os.close(writer)
    guard.join()
    os.close(reader)
    assert ended == [1]
