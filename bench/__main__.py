"""`python -m bench` (`make bench`): measures, prints the tables, and writes docs/benchmarks.md."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from textwrap import fill

from bench.corpus import Corpora
from bench.document import provenance, section, write
from bench.measure import BenchError
from bench.peer import Peers
from bench.tables import TABLES, Bench, Length, Table

_TOP = Path(__file__).resolve().parent.parent
_WORK = _TOP / "build" / "bench"
_DOCUMENT = _TOP / "docs" / "benchmarks.md"


def main() -> int:
    """Measure the tables that are asked for; return the exit code."""
    options = _options()
    tables = [table for table in TABLES if _is_asked_for(table, options)]
    written = options.write or not options.table
    titles = [table.title for table in TABLES]
    peers = Peers(_WORK / "peers")
    try:
        for table in tables:
            text = _measured(table, peers, options.runs)
            print(text, flush=True)
            if written:
                write(_DOCUMENT, titles, {table.title: text})
    except BenchError as problem:
        print(f"bench: {problem}", file=sys.stderr)
        return 1
    return 0


def _measured(table: Table, peers: Peers, runs: int) -> str:
    scratch = _WORK / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    bench = Bench(Corpora(_WORK), peers, scratch, runs)
    print(f"{table.title}:", file=sys.stderr)
    try:
        lines = list(table.lines(bench))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return section(table.title, _filled(table.note), lines, _filled(provenance(runs, list(bench.used))))


def _filled(text: str) -> str:
    return fill(text, 118, break_on_hyphens=False)


def _options() -> argparse.Namespace:
    names = [table.name for table in TABLES]
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--runs", type=_runs, default=5, help="measured runs of each command, at least 1 (default 5)")
    parser.add_argument(
        "--table", action="append", choices=names, help="measure this one, and only print it; repeatable"
    )
    parser.add_argument("--write", action="store_true", help="write what --table measures into docs/benchmarks.md too")
    parser.add_argument(
        "--all", action="store_true", help="measure the longest too: up to a million posts, 9 GB of disk"
    )
    return parser.parse_args()


def _is_asked_for(table: Table, options: argparse.Namespace) -> bool:
    if options.table:
        return table.name in options.table
    return options.all or table.length is Length.SHORT


def _runs(text: str) -> int:
    if (runs := int(text)) < 1:
        raise argparse.ArgumentTypeError("at least one run has to be measured")
    return runs


if __name__ == "__main__":
    sys.exit(main())
