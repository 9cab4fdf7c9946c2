"""What one item may cost, and what a worker died of."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from enum import Enum


class Death(Enum):
    """What ended the process that worked on an item; the value goes on from "the process that worked on it"."""

    CRASHED = "crashed"
    MEMORY = "ran out of memory"
    TIME = "ran out of time"
    KILLED = "was killed from outside, as systems do that run out of memory"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker may take: `seconds` of processor time an item, `size` bytes above what it starts with.

    The slowest posts within the guards take bleach a fifth of that time, and all of them a tenth of the memory.
    """

    seconds: float = 120
    size: int = 1 << 30


OUT_OF_MEMORY = 71
"""The status of a worker that ended because it was given no memory (EX_OSERR)."""


def death(status: int) -> Death:
    """Return what a worker died of that ended with `status` (a signal's number is negative)."""
    if status == -signal.SIGPROF:
        return Death.TIME
    if status == OUT_OF_MEMORY:
        return Death.MEMORY
    return Death.KILLED if status in {0, -signal.SIGKILL, -signal.SIGTERM} else Death.CRASHED
