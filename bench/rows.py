"""Results as Markdown: rows, and what was asked for beside what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from bench.measure import Result

MEGABYTE = 1_000_000


class Measure(Enum):
    """What two results are compared by."""

    TIME = "time"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class Asked:
    """A goal: `ours` is to need at most that share of what `theirs` needs (names of results)."""

    ours: str
    theirs: str
    at_most: float
    measure: Measure = Measure.TIME
    aim: float = 0

    def line(self, results: Sequence[Result]) -> str:
        """Return a sentence with both numbers, or nothing where one of the two was not there."""
        ours, theirs = _named(results, self.ours), _named(results, self.theirs)
        if ours is None or theirs is None:
            return ""
        share = ours.share(theirs) if self.measure is Measure.TIME else ours.memory / theirs.memory
        verdict = "met" if share <= self.at_most else "**missed**"
        aim = f" ({self.aim:.2f} is aimed at)" if self.aim else ""
        goal = f"asked: at most {self.at_most:.3g}{aim}"
        return f"- {ours.name}: **{share:.3f}** of the {self.measure.value} of {theirs.name}; {goal}: {verdict}."


def rows(results: Sequence[Result], asked: Sequence[Asked] = ()) -> Iterator[str]:
    """Yield a table of results, shares of the first's, and below it what was asked for."""
    first = results[0]
    yield (
        "| | seconds (median) | fastest to slowest | share of the first's time | MB, largest process "
        "| MB, all processes | share of the first's memory | documents | entries | runs |"
    )
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    yield from (_row(result, first) for result in results)
    yield from (
        f"\n{result.name} failed after {result.seconds:.0f} s: {_end(result.failed)}"
        for result in results
        if result.failed
    )
    if lines := [line for goal in asked if (line := goal.line(results))]:
        yield ""
        yield from lines


def spread(result: Result) -> str:
    """Return the median, with the fastest and the slowest run."""
    return f"{result.seconds:.2f} ({result.fastest:.2f} to {result.slowest:.2f})"


def _row(result: Result, first: Result) -> str:
    if result.failed:
        return f"| {result.name} | failed | | | | | | | | 1 |"
    output = result.output
    cells = (
        result.name,
        f"{result.seconds:.2f}",
        f"{result.fastest:.2f} to {result.slowest:.2f}",
        f"{result.share(first):.2f}",
        f"{result.peak / MEGABYTE:.0f}",
        f"{result.memory / MEGABYTE:.0f}" if result.together else "",
        f"{result.memory / first.memory:.2f}",
        "" if output is None else str(output.files),
        "" if output is None else str(output.entries),
        str(len(result.samples)),
    )
    return f"| {' | '.join(cells)} |"


def _end(said: str) -> str:
    """Return the end of what a program said before it died: its last words, without its margins."""
    return " ".join(said.split())[-160:]


def _named(results: Sequence[Result], name: str) -> Result | None:
    return next((one for one in results if one.name.startswith(name) and not one.failed), None)
