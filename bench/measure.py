"""Whole processes, measured: seconds by the wall, and memory as the kernel counted it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_TOP = Path(__file__).resolve().parent.parent


class BenchError(Exception):
    """A benchmark cannot be run; `str()` is a sentence for the user."""


def nothing() -> None:
    """Prepare nothing."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command to measure, which writes into `output`, if anywhere; `prepare` goes before each run, unmeasured."""

    name: str
    argv: tuple[str, ...]
    prepare: Callable[[], None] = nothing
    output: Path | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: wall-clock seconds, and the peak resident size in bytes of the largest process in it."""

    seconds: float
    peak: int


@dataclass(frozen=True, slots=True)
class Result:
    """All runs of a command, in order, and how many files its output held after the last."""

    name: str
    samples: tuple[Sample, ...]
    files: int | None

    @property
    def seconds(self) -> float:
        """The median."""
        return median(sample.seconds for sample in self.samples)

    @property
    def fastest(self) -> float:
        """The shortest run's seconds."""
        return min(sample.seconds for sample in self.samples)

    @property
    def slowest(self) -> float:
        """The longest run's seconds."""
        return max(sample.seconds for sample in self.samples)

    @property
    def peak(self) -> int:
        """The median of the peaks, in bytes."""
        return int(median(sample.peak for sample in self.samples))

    def speed(self, baseline: Result) -> float:
        """Return how many times as fast as `baseline` this is: the median over rounds, in each of which both ran."""
        pairs = zip(baseline.samples, self.samples, strict=True)
        return median(theirs.seconds / ours.seconds for theirs, ours in pairs)


def run(argv: Sequence[str]) -> Sample:
    """Run a command to its end, its output thrown away; `argv` begins with a path.

    Raises:
        BenchError: it failed; with the end of what it said.

    """
    environment = {**os.environ, "PYTHONPATH": str(_TOP), "PYTHONHASHSEED": "0"}
    launcher = (sys.executable, "-S", "-E", str(_TOP / "bench" / "launch.py"))
    done = subprocess.run((*launcher, *argv), capture_output=True, env=environment, check=False)
    seconds, peak, status = [*done.stdout.decode().split(), "0", "0", "-1"][:3]
    if status != "0":
        raise BenchError(f"this failed: {' '.join(argv)}\n{done.stderr[-2000:].decode(errors='replace')}")
    return Sample(float(seconds), int(peak))


def compare(commands: Sequence[Command], runs: int) -> tuple[Result, ...]:
    """Run every command once to warm up, then all of them in turn, `runs` times (A B A B)."""
    samples: list[list[Sample]] = [[] for _ in commands]
    for measured in range(-1, runs):
        for command, taken in zip(commands, samples, strict=True):
            command.prepare()
            sample = run(command.argv)
            if measured >= 0:
                taken.append(sample)
            print(f"  {command.name}: {sample.seconds:.2f} s{'' if measured >= 0 else ' (warm-up)'}", file=sys.stderr)
    return tuple(
        Result(command.name, tuple(taken), _count(command.output))
        for command, taken in zip(commands, samples, strict=True)
    )


def _count(folder: Path | None) -> int | None:
    return None if folder is None else sum(path.is_file() for path in folder.rglob("*.*"))
