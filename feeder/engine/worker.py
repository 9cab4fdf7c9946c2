"""A worker: a process that answers tasks, and in which no item can outlive its limits.

A task is the pickled pair of the pickled function and the items; its answer is the pickled list of results, or what the
function raised. The system itself watches time and memory, since an item that goes wrong may do so deep in C.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from typing import Any

from feeder.engine.limits import OUT_OF_MEMORY, Limits

READY = b"ready"
"""What a worker says before it takes its first task."""

_GRACE = 1.0  # seconds
_IDLE = 0.005  # seconds: who has waited that long has time


def serve(connection: Connection, limits: Limits, patience: float | None = None, spare: Iterable[str] = ()) -> None:
    """Answer the tasks that come over `connection` until its other end is gone, or none came for `patience` s.

    While there is nothing to do, the modules `spare` are imported, one at a time: later tasks need them.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end is ours
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    _limit_memory(limits.size)
    tasks: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_receive, args=(connection, tasks), daemon=True).start()
    try:
        connection.send_bytes(READY)
        modules = iter(spare)
        while task := _task(tasks, modules, patience):
            connection.send_bytes(answer(task, limits.seconds))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except (Empty, OSError):  # nothing to do, or nobody to tell
        return


def _task(tasks: SimpleQueue[bytes], modules: Iterator[str], patience: float | None) -> bytes:
    """Return the next task, "" for the end; while there is none, import what is still to be imported."""
    for module in modules:
        try:
            return tasks.get(timeout=_IDLE)
        except Empty:
            import_module(module)
    return tasks.get(timeout=patience)


def answer(task: bytes, seconds: float) -> bytes:
    """Return the answer to `task`; SIGPROF ends the process where one item takes more than `seconds` of its time.

    Raises MemoryError where the system gives no memory for an item.
    """
    work, items = pickle.loads(task)  # noqa: S301 - from the process that started this one
    function = _function(work)
    results = []
    try:
        for item in items:
            signal.setitimer(signal.ITIMER_PROF, seconds)
            results.append(function(item))
        return pickle.dumps(results)
    except MemoryError:
        raise
    except Exception as problem:  # noqa: BLE001 - for the process that gave the task to deal with
        return _raised(problem)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


@lru_cache(maxsize=1)
def _function(work: bytes) -> Callable[[Any], Any]:
    function: Callable[[Any], Any] = pickle.loads(work)  # noqa: S301 - the same
    return function


def _raised(problem: Exception) -> bytes:
    try:
        data = pickle.dumps(problem)
        pickle.loads(data)  # noqa: S301 - our own
    except Exception:  # noqa: BLE001 - many exceptions do not survive the journey, each in its own way
        return pickle.dumps(RuntimeError(f"{type(problem).__name__}: {problem}"))
    return data


def _receive(connection: Connection, tasks: SimpleQueue[bytes]) -> None:
    """Take in tasks while one is worked on, so that who gives them never waits; end with who gives them.

    A forked worker holds the lock of the output folder too: it must not stay when the build is gone.
    """
    try:
        while True:
            tasks.put(connection.recv_bytes())
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except (EOFError, OSError):
        tasks.put(b"")
    time.sleep(_GRACE)
    os._exit(1)


def _limit_memory(size: int) -> None:
    """Let this process have `size` more bytes than now: on Linux, which alone says and keeps to what that is."""
    if not sys.platform.startswith("linux"):
        return
    import resource  # noqa: PLC0415 - where it is needed

    with open("/proc/self/statm", "rb") as file:
        now = int(file.read().split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limits = (limit for limit in (now + size, soft, hard) if limit != resource.RLIM_INFINITY)
    resource.setrlimit(resource.RLIMIT_AS, (min(limits), hard))


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])), Limits(float(sys.argv[2]), int(sys.argv[3])), float(sys.argv[4]))
