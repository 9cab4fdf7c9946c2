"""Engines: one function over many items, wherever (DESIGN §1, §3)."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from feeder.engine import choice, processes
from feeder.engine.choice import Engine, choose_engine, usable_processors
from feeder.engine.limits import Death, Limits
from feeder.engine.processes import ProcessEngine
from feeder.engine.serial import SerialEngine
from feeder.engine.stream import batched, stream
from feeder.engine.worker import answer
from feeder.errors import InputOutputError, UsageError

# Workers are forked from a process that may have threads (pytest-xdist's): they only compute.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


def square(number: int) -> tuple[int, int]:
    """Return a result that names its item."""
    return number, number * number


def casualty(number: int, death: Death) -> tuple[int, int]:
    """Return what stands in for the result of an item that was killed."""
    assert death is Death.KILLED
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


def no_casualty_of(number: int, death: Death) -> int:
    """Say that nothing should have died."""
    raise AssertionError(number, death)


class TwoPartsError(Exception):
    """An exception that cannot be unpickled: it wants another argument than it keeps."""

    def __init__(self, number: int, _: str) -> None:
        super().__init__(f"it is {number}")


def fail_oddly(number: int) -> tuple[int, int]:
    """Raise an exception that does not travel."""
    raise TwoPartsError(number, "")


def no_casualty(number: int, death: Death) -> tuple[int, int]:
    """Say that nothing should have died."""
    raise AssertionError(number, death)


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
        assert os.getpid() not in set(engine.map(where, range(10), 1, no_casualty_of))
    with SerialEngine() as serial:
        assert set(serial.map(where, range(10), 1, no_casualty_of)) == {os.getpid()}


@pytest.mark.parametrize("victims", [{7}, {0}, {29}, {3, 4, 17}, set(range(0, 30, 5))])
def test_a_worker_that_dies_costs_its_item(victims: set[int]) -> None:
    """An item that kills its worker is replaced by its casualty, and every other item's result comes once."""
    with ProcessEngine(2) as engine:
        results = sorted(engine.map(partial(die_for, frozenset(victims)), range(30), 4, casualty))
        assert results == [
            casualty(number, Death.KILLED) if number in victims else square(number) for number in range(30)
        ]
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
        assert sorted(engine.map(square, range(4), 2, no_casualty)) == [square(number) for number in range(4)]
    assert not any(process.name.startswith("ForkProcess") for process in multiprocessing.active_children())


def test_an_exception_that_does_not_travel() -> None:
    """An exception that cannot be sent between processes arrives as one that says the same."""
    with pytest.raises(RuntimeError, match="TwoPartsError: it is 1"), ProcessEngine(1) as engine:
        list(engine.map(fail_oddly, (1,), 1, no_casualty))


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
    "name",
    [
        "x",
        "Serial",
        "processes",
        "processes:",
        "processes:0",
        "processes:65",
        "processes:1٣",
        "processes:2\x1b",
        "dask:tcp://host",
        "dask:tcp://:1",
        "dask:tcp://a@b:1",
        "dask:tls://host:8786",
    ],
)
def test_names_of_nothing(name: str) -> None:
    """Another name is an error that says which there are."""
    with pytest.raises(
        UsageError, match="is no engine: take serial, processes:N with N from 1 to 64, or dask:"
    ) as caught:
        choose_engine(name, 0)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(("processors", "posts", "workers"), [(4, 999, 0), (4, 1_000, 4), (1, 1_000_000, 0)])
def test_engines_by_size(monkeypatch: pytest.MonkeyPatch, processors: int, posts: int, workers: int) -> None:
    """Without a name, large sites are built by as many processes as there are processors, small ones by one."""
    monkeypatch.setattr(choice, "usable_processors", lambda: processors)
    engine = choose_engine("", posts)
    assert (engine.workers if isinstance(engine, ProcessEngine) else 0) == workers


def test_the_engines_of_a_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build starts each engine once, when there is work for it; for no work even a named one is left alone."""
    monkeypatch.setattr(choice, "usable_processors", lambda: 2)
    with choice.Engines("") as engines:
        large = engines.engine(5_000)
        assert isinstance(large, ProcessEngine)
        assert isinstance(engines.engine(5), SerialEngine)
        (worker,) = set(large.map(where, (1,), 1, no_casualty_of))
        assert engines.engine(2_000) is large
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
    with choice.Engines("dask:tcp://127.0.0.1:9") as engines:
        assert isinstance(engines.engine(0), SerialEngine)
    with pytest.raises(UsageError, match="'x' is no engine"):
        choice.Engines("x")


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


class Crew:
    """A crew that answers its oldest task when it is asked; a worker of it dies over each item of `fatal`, so often."""

    def __init__(self, **fatal: int) -> None:
        self.capacity = 4
        self.fatal = {int(name[1:]): times for name, times in fatal.items()}
        self.waiting: list[tuple[int, bytes]] = []
        self.beside: list[int] = []
        self.tasks: list[tuple[int, ...]] = []
        self.cleared = False

    def start(self, number: int, task: bytes) -> None:
        """Take a task."""
        self.waiting.append((number, task))
        self.beside.append(len(self.waiting) - 1)
        self.tasks.append(tuple(pickle.loads(task)[1]))

    def finished(self) -> list[tuple[int, bytes | Death]]:
        """Answer the oldest task."""
        number, task = self.waiting.pop(0)
        for item in pickle.loads(task)[1]:
            if self.fatal.get(item, 0):
                self.fatal[item] -= 1
                return [(number, Death.KILLED)]
        return [(number, answer(task, 60))]

    def clear(self) -> None:
        """Take note."""
        self.cleared = True


def test_in_flight() -> None:
    """No more batches are under way than the crew has room for, and no more items are taken than that needs."""
    crew = Crew()
    taken: list[int] = []

    def items() -> Iterator[tuple[int, ...]]:
        for number in range(20):
            taken.append(number)
            yield (number,)

    results = []
    for result in stream(crew, square, items(), no_casualty):
        results.append(result)
        assert len(taken) - len(results) <= 4
    assert sorted(results) == [square(number) for number in range(20)]
    assert max(crew.beside) == 3
    assert not crew.cleared


def test_a_batch_that_is_lost_is_run_item_by_item() -> None:
    """Of a batch that a worker died over every item is run alone, and only one that is fatal again is lost."""
    crew = Crew(_4=2)
    results = sorted(stream(crew, square, batched(range(9), 3), casualty))
    assert results == [casualty(4, Death.KILLED) if number == 4 else square(number) for number in range(9)]
    assert crew.tasks == [(0, 1, 2), (3, 4, 5), (6, 7, 8), (3,), (4,), (5,)]
    assert crew.beside == [0, 1, 2, 0, 0, 0]


@pytest.mark.parametrize("batch", [1, 2])
def test_a_worker_that_dies_once_costs_nothing(batch: int) -> None:
    """A worker can die of something else than its item: an item is lost only if one dies over it alone, again."""
    results = sorted(stream(Crew(_1=1), square, batched(range(4), batch), no_casualty))
    assert results == [square(number) for number in range(4)]


def test_what_nobody_waits_for_is_cleared() -> None:
    """A map that is left early tells the crew that what is under way can be forgotten."""
    crew = Crew()
    results = stream(crew, square, batched(range(9), 3), no_casualty)
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert crew.cleared


def test_twice_the_workers_are_in_flight() -> None:
    """The engine keeps two batches a worker under way."""
    assert ProcessEngine(3).capacity == 6


def exhaust_memory(victim: int, number: int) -> tuple[int, int]:
    """Take 2 GB over one item."""
    hoard = bytearray()
    while number == victim and len(hoard) < 2 * 10**9:
        hoard += bytes(1 << 24)
    return square(number)


def loop(victim: int, number: int) -> tuple[int, int]:
    """Take half a minute over one item."""
    while number == victim and time.process_time() < 30:
        pass
    return square(number)


def loop_in_c(victim: int, number: int) -> tuple[int, int]:
    """Be in C for half a minute over one item."""
    return number, number * number if number != victim else sum(range(1 << 30)) * 0 + 25


def crash(victim: int, number: int) -> tuple[int, int]:
    """Read where there is nothing over one item."""
    if number == victim:
        import ctypes
        import faulthandler

        faulthandler.disable()  # no news for the reader of the tests

        ctypes.string_at(0)
    return square(number)


HOSTILE = ((exhaust_memory, Death.MEMORY), (loop, Death.TIME), (loop_in_c, Death.TIME), (crash, Death.CRASHED))
LIMITS = Limits(seconds=0.2, size=200_000_000)


@pytest.mark.parametrize(("function", "expected"), HOSTILE)
@pytest.mark.parametrize("forks", [True, False])
def test_what_a_worker_cannot_survive_costs_its_item(
    monkeypatch: pytest.MonkeyPatch, function: Callable[[int, int], tuple[int, int]], expected: Death, forks: bool
) -> None:
    """An item that takes all memory, all time, or crashes costs itself alone, and what it did is known."""
    monkeypatch.setattr(processes, "_FORKS", forks)
    deaths: list[tuple[int, Death]] = []

    def died(number: int, death: Death) -> tuple[int, int]:
        deaths.append((number, death))
        return square(number)

    with ProcessEngine(2, LIMITS) as engine:
        results = sorted(engine.map(partial(function, 5), range(12), 4, died))
    assert results == [square(number) for number in range(12)]
    assert deaths == [(5, expected)]


UNGUARDED = """
import resource, sys
from tests.engine import test_engines
resource.setrlimit(resource.RLIMIT_AS, (10**9, 10**9))  # for the sake of this machine
resource.setrlimit(resource.RLIMIT_CPU, (2, 2))
try:
    getattr(test_engines, sys.argv[1])(5, 5)
except MemoryError:
    sys.exit("out of memory")
"""


@pytest.mark.parametrize(
    ("function", "status"), [("exhaust_memory", 1), ("loop", -signal.SIGKILL), ("crash", -signal.SIGSEGV)]
)
def test_a_process_without_guards_ends_of_them(function: str, status: int) -> None:
    """The functions of the tests before are no harmless ones: a process of no engine's ends of each of them."""
    done = subprocess.run(
        [sys.executable, "-c", UNGUARDED, function],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == status


def test_time_is_counted_by_the_item(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many items may take long together: the limit is each one's own, and none is armed when they are done."""
    armed: list[float] = []
    monkeypatch.setattr(signal, "setitimer", lambda _, seconds: armed.append(seconds))
    answer(pickle.dumps((pickle.dumps(square), (1, 2, 3))), 7)
    assert armed == [7, 7, 7, 0]


def test_the_serial_engine_survives_a_lack_of_memory() -> None:
    """Without a worker an item that there is no memory for is lost alone too."""

    def greedy(number: int) -> tuple[int, int]:
        if number == 1:
            raise MemoryError
        return square(number)

    results = SerialEngine().map(greedy, range(3), 1, lambda number, death: (number, len(death.value)))
    assert list(results) == [(0, 0), (1, len("ran out of memory")), (2, 4)]


def test_workers_that_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where not even a worker can be started no post is blamed: the build ends with a sentence."""
    monkeypatch.setattr(processes, "_FORKS", False)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(InputOutputError, match="before it began: see to"), ProcessEngine(2) as engine:
        list(engine.map(square, range(9), 2, no_casualty))


def test_a_worker_that_was_killed_while_it_had_nothing_to_do() -> None:
    """A worker that is gone when the next map begins is replaced, and no item is blamed."""
    with ProcessEngine(1) as engine:
        (worker,) = set(engine.map(where, range(3), 1, no_casualty_of))
        os.kill(worker, signal.SIGKILL)
        assert worker not in set(engine.map(where, range(3), 2, no_casualty_of))


PARENT = """
import os, time
from feeder.engine.processes import ProcessEngine

def where(_):
    time.sleep(0.01)
    return os.getpid()

if __name__ == "__main__":
    with ProcessEngine(2) as engine:
        for worker in engine.map(where, range(1_000_000), 1, None):
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
