"""The tables of docs/benchmarks.md: which commands each compares, and how it is written."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from textwrap import fill

from bench.corpus import URL, Corpus
from bench.measure import Command, Result, compare, nothing

_HERE = Path(__file__).resolve().parent
_PYTHON = sys.executable
_FEEDER = (_PYTHON, "-m", "feeder")
_SIZES = (100, 500, 1_000, 2_000, 5_000, 15_000)
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Bench:
    """What a table is made with: the posts, a folder to write into, and the number of runs."""

    corpus: Corpus
    scratch: Path
    runs: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `lines` make it, and stand in the order in which it is read (Markdown)."""

    name: str
    title: str
    note: str
    lines: Callable[[Bench], Iterator[str]]

    def markdown(self, bench: Bench) -> str:
        """Measure, and return the table under its heading."""
        print(f"{self.title}:", file=sys.stderr)
        return "\n".join([f"## {self.title}", "", fill(self.note, 118), "", *self.lines(bench), ""])


def _build(name: str, corpus: Corpus, dist: Path, *options: str) -> Command:
    """Return `feeder build` into a folder that is emptied before."""
    configuration = ("--dist", str(dist), "--config", str(corpus.configuration), "--quiet")
    argv = (*_FEEDER, "build", *map(str, corpus.posts), *configuration, *options)
    return Command(name, argv, partial(_empty, dist), dist)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _cold(bench: Bench) -> Iterator[str]:
    out = bench.scratch / "straightforward"
    script = (_PYTHON, str(_HERE / "straightforward.py"), URL, str(out), *map(str, bench.corpus.posts))
    commands = (
        Command("the straightforward script", script, partial(_empty, out), out),
        _build("`feeder build`", bench.corpus, bench.scratch / "default"),
        _build("`feeder build --engine serial`", bench.corpus, bench.scratch / "serial", "--engine", "serial"),
    )
    return _rows(compare(commands, bench.runs))


def _again(bench: Bench) -> Iterator[str]:
    first = _build("the first build, into an empty folder", bench.corpus, bench.scratch / "first")
    second = _build("a second build, nothing changed", bench.corpus, bench.scratch / "again")
    return _rows(compare((first, replace(second, prepare=nothing)), bench.runs))  # its warm-up is its first build


def _start(bench: Bench) -> Iterator[str]:
    commands = (
        Command("an empty typer program, `--help`", (_PYTHON, str(_HERE / "empty_typer.py"), "--help")),
        Command("`feeder --help`", (*_FEEDER, "--help")),
        Command("Python alone, `-c pass`", (_PYTHON, "-c", "pass")),
    )
    return _rows(compare(commands, bench.runs))


def _rows(results: tuple[Result, ...]) -> Iterator[str]:
    yield "| | seconds (median) | fastest to slowest | times as fast | MB, largest process | files written |"
    yield "|---|---:|---:|---:|---:|---:|"
    for result in results:
        yield (
            f"| {result.name} | {result.seconds:.2f} | {result.fastest:.2f} to {result.slowest:.2f} "
            f"| {result.speed(results[0]):.2f} | {result.peak / _MEGABYTE:.0f} "
            f"| {'' if result.files is None else result.files} |"
        )


def _engines(bench: Bench) -> Iterator[str]:
    yield "| posts | serial, seconds | processes:2, seconds | times as fast | serial, MB | processes:2, MB |"
    yield "|---:|---:|---:|---:|---:|---:|"
    for size in _SIZES:
        corpus = bench.corpus.sample(size)
        commands = (
            _build(f"{size} posts, serial", corpus, bench.scratch / "serial", "--engine", "serial"),
            _build(f"{size} posts, processes:2", corpus, bench.scratch / "processes", "--engine", "processes:2"),
        )
        serial, processes = compare(commands, bench.runs)
        yield (
            f"| {size} | {_spread(serial)} | {_spread(processes)} | {processes.speed(serial):.2f} "
            f"| {serial.peak / _MEGABYTE:.0f} | {processes.peak / _MEGABYTE:.0f} |"
        )


def _spread(result: Result) -> str:
    return f"{result.seconds:.2f} ({result.fastest:.2f} to {result.slowest:.2f})"


TABLES = (
    Table(
        "cold",
        "A first build",
        "Every post of the corpus into an empty folder: the site's feed and one for every category and tag, the newest "
        "50 entries in each, Atom and RSS. The script is bench/straightforward.py: one pass with python-frontmatter, "
        "bleach, python-dateutil and feedgen, every post read and cleaned once. It does less: it joins no duplicates, "
        "resolves no links, repairs no images and checks nothing that it writes.",
        _cold,
    ),
    Table("again", "A second build", "The same posts and the same folder, nothing changed.", _again),
    Table("start", "Starting", "What is waited for before anything is done.", _start),
    Table(
        "engines",
        "Serial or processes",
        "First builds of that many posts, spread evenly over the corpus: from where on are two processes worth their "
        "start?",
        _engines,
    ),
)
