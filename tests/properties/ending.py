"""Builds that do not come to their end: killed or interrupted at a call of a function in C."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections.abc import Callable
from enum import Enum
from types import FrameType
from typing import Any

Profile = Callable[[FrameType, str, Any], object]


class End(Enum):
    """How a build ends: killed right before or right after a call, or interrupted before it."""

    KILLED_BEFORE = "killed before"
    KILLED_AFTER = "killed after"
    INTERRUPTED = "interrupted"


class InterruptedHere(BaseException):
    """Like the interrupt of a person who does not want to wait."""


def end_early(work: Callable[[], object], end: End, calls: frozenset[str], nth: int) -> None:
    """Do `work` in a process of its own that ends at the nth call of a function that is called like one of `calls`."""
    act = _stop if end is End.INTERRUPTED else _drop_dead
    event = "c_return" if end is End.KILLED_AFTER else "c_call"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # there are threads, and none of them matters to a build
        child = os.fork()
    if child == 0:
        try:
            sys.setprofile(_at_call(calls, nth, event, act))
            work()
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def _at_call(names: frozenset[str], nth: int, when: str, act: Callable[[], None]) -> Profile:
    """Return a profile function that acts at the nth call of a function in C that is called like one of `names`."""
    count = 0

    def profile(frame: FrameType, event: str, function: Any) -> None:
        nonlocal count
        del frame
        if event == when and getattr(function, "__name__", "") in names:
            count += 1
            if count == nth:
                act()

    return profile


def _drop_dead() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _stop() -> None:
    sys.setprofile(None)
    raise InterruptedHere
