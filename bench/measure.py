"""Whole processes, measured: seconds by the wall, and memory as the kernel counted it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from statistics import median

_TOP = Path(__file__).resolve().parent.parent
BUDGET = 120.0
"""Seconds that a command may take in all its runs: slow ones get fewer, and the slowest but their warm-up."""


class BenchError(Exception):
    """A benchmark cannot be run; `str()` is a sentence for the user."""


class Failing(Enum):
    """What it means when a command fails: that nothing can be said, or that this is its result."""

    FATAL = "fatal"
    RESULT = "result"


def nothing() -> None:
    """Prepare nothing."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command to measure, which writes into `output`, if anywhere; `prepare` goes before each run, unmeasured."""

    name: str
    argv: tuple[str, ...]
    prepare: Callable[[], None] = nothing
    output: Path | None = None
    failing: Failing = Failing.FATAL


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: wall-clock seconds, peak resident bytes of the largest process, and of all together where sampled."""

    seconds: float
    peak: int
    together: int = 0
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """What a command wrote: how many files, and how many entries stand in them."""

    files: int
    entries: int


@dataclass(frozen=True, slots=True)
class Result:
    """All measured runs of a command, in order; `together` is of its warm-up; what it wrote; or why it failed."""

    name: str
    samples: tuple[Sample, ...]
    together: int = 0
    output: Output | None = None
    failed: str = ""

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
        """The median of the largest processes' peaks, in bytes."""
        return int(median(sample.peak for sample in self.samples))

    @property
    def memory(self) -> int:
        """What the machine needs to have, in bytes: the peak of all processes together, where that was sampled."""
        return max(self.peak, self.together)

    def share(self, baseline: Result) -> float:
        """Return this one's time as a share of `baseline`'s: the median over rounds, in each of which both ran."""
        if min(len(self.samples), len(baseline.samples)) == 1:  # measured as it warmed up, in no round
            return self.seconds / baseline.seconds
        pairs = zip(self.samples, baseline.samples, strict=False)
        return median(ours.seconds / theirs.seconds for ours, theirs in pairs)


def run(argv: Sequence[str], *options: str) -> Sample:
    """Run a command to its end, its output thrown away; `argv` begins with a path, `options` are launch.py's."""
    environment = {**os.environ, "PYTHONPATH": str(_TOP), "PYTHONHASHSEED": "0", "COLUMNS": "160"}
    # What is installed has its byte code beside it: without, every start would compile feeder, and the peers in Python.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    launcher = (sys.executable, "-S", "-E", str(_TOP / "bench" / "launch.py"), *options)
    done = subprocess.run((*launcher, *argv), capture_output=True, env=environment, check=False)
    seconds, peak, together, status = [*done.stdout.decode().split(), "0", "0", "0", "-1"][:4]
    said = done.stderr[-2000:].decode(errors="replace").strip()
    return Sample(float(seconds), int(peak), int(together), "" if status == "0" else said or f"it ended with {status}")


def compare(commands: Sequence[Command], runs: int) -> tuple[Result, ...]:
    """Run every command once to warm up, then all of them in turn, `runs` times (A B A B).

    Raises:
        BenchError: a command failed whose failure is no result; with the end of what it said.

    """
    warm = [_prepared(command, "warm-up", "--together") for command in commands]
    further = [0 if one.failed else min(runs, int(BUDGET / one.seconds) - 1) for one in warm]
    samples = [[] if often > 0 else [one] for one, often in zip(warm, further, strict=True)]
    for measured in range(runs):
        for command, taken, often in zip(commands, samples, further, strict=True):
            if measured < often:
                taken.append(_prepared(command, f"run {measured + 1}"))
    return tuple(
        Result(command.name, tuple(taken), first.together, _written(command.output), first.failed)
        for command, taken, first in zip(commands, samples, warm, strict=True)
    )


def once(command: Command) -> Result:
    """Run a command once, and take that for its measure: for what takes so long that chance has no part in it."""
    sample = _prepared(command, "only run", "--together")
    return Result(command.name, (sample,), sample.together, _written(command.output), sample.failed)


def _prepared(command: Command, what: str, *options: str) -> Sample:
    command.prepare()
    sample = run(command.argv, *options)
    if sample.failed and command.failing is Failing.FATAL:
        raise BenchError(f"this failed: {' '.join(command.argv)}\n{sample.failed}")
    print(f"  {command.name}: {sample.seconds:.2f} s ({what})", file=sys.stderr)
    return sample


def _written(folder: Path | None) -> Output | None:
    if folder is None:
        return None
    counts = [_entries(path) for path in _documents(folder)]
    return Output(len(counts), sum(counts))


def _documents(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*.xml") if path.is_file())


def _entries(path: Path) -> int:
    """Return how many entries a document holds: within their content, markup is escaped."""
    document = path.read_bytes()
    return document.count(b"</entry>") + document.count(b"</item>")
