"""`python -m bench` (`make bench`): measures, prints the tables, and writes docs/benchmarks.md."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.corpus import Corpus, prepare
from bench.measure import BenchError
from bench.tables import TABLES, Bench

_TOP = Path(__file__).resolve().parent.parent
_WORK = _TOP / "build" / "bench"
_LIBRARIES = ("feedgen", "bleach", "nh3", "python-frontmatter", "PyYAML", "python-dateutil", "lxml", "typer")


def main() -> int:
    """Measure the tables that are asked for; return the exit code."""
    options = _options()
    tables = [table for table in TABLES if options.table in (None, table.name)]
    out = options.out or (None if options.table else _TOP / "docs" / "benchmarks.md")
    scratch = _WORK / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        corpus = prepare(_WORK)
        bench = Bench(corpus, scratch, options.runs)
        parts = [_head(corpus, options.runs), *(table.markdown(bench) for table in tables)]
    except BenchError as problem:
        print(f"bench: {problem}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    text = "\n".join(parts)
    print(text, end="")
    if out:
        out.write_text(text, encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--runs", type=_runs, default=5, help="measured runs of each command, at least 1 (default 5)")
    parser.add_argument("--table", choices=[table.name for table in TABLES], help="measure this one, and only print it")
    parser.add_argument("--out", type=Path, help="write here (default: docs/benchmarks.md where all are measured)")
    return parser.parse_args()


def _runs(text: str) -> int:
    if (runs := int(text)) < 1:
        raise argparse.ArgumentTypeError("at least one run has to be measured")
    return runs


def _head(corpus: Corpus, runs: int) -> str:
    files = corpus.files()
    size = sum(file.stat().st_size for file in files) / 1_000_000
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return f"""\
# Benchmarks

Written by `make bench`. Whole processes by the wall clock: one run of each to warm up, then {runs} of each in turn
(A B A B …). *Times as fast* is against the first row: the median of the rounds' ratios, so that what else the machine
did in a round touched both. Memory is the peak resident size of the largest process of a run, not the sum of all.

- Date: {datetime.now(UTC):%Y-%m-%d}
- Machine: {_processor()}, {os.cpu_count()} cores, {_memory()}, {platform.system()} {platform.release()}
- Python {platform.python_version()}; {libraries}
- Posts: {len(files)} files, {size:.0f} MB: {corpus.origin}
"""


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"


if __name__ == "__main__":
    sys.exit(main())
