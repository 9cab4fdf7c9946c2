"""docs/benchmarks.md: sections that are measured anew take the place of the old ones, and the others are kept.

Every section says when, where and with what it was measured, so that old and new can stand beside each other.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

_LIBRARIES = ("feedgen", "bleach", "nh3", "python-frontmatter", "PyYAML", "python-dateutil", "lxml", "typer")
_HEAD = """\
# Benchmarks

Written by `make bench`, which measures every table but the longest anew (`make bench BENCH_ARGS=--all`: all of them;
`BENCH_ARGS="--table cold --write"`: one). A section that was not measured anew is kept as it was: each says when and
where it was measured.

Whole processes by the wall clock: one run of each to warm up, then all in turn (A B A B …); what is slow runs less
often, and the slowest once. A share of another's time is the median of the rounds' shares, so that what else the
machine did in a round touched both. *Largest process* is the peak resident size of the largest process of a run; *all
processes* the peak of all of a command's processes together, pages that they share counted once, looked at some 50
times a second in the warm-up. Files are in the page cache. A goal that is asked for is said to be met or missed.
"""


def section(title: str, note: str, lines: Sequence[str], measured: str) -> str:
    """Return a section: heading, what it is, the table, and where it was measured."""
    return "\n".join([f"## {title}", "", note, "", *lines, "", measured, ""])


def provenance(runs: int, posts: Sequence[str]) -> str:
    """Return when, where and on which posts a table was measured."""
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    machine = f"{_processor()}, {os.cpu_count()} cores, {_memory()}, {platform.system()} {platform.release()}"
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return (
        f"*{today}, at most {runs} runs; {machine}; Python {platform.python_version()}; feeder {version('feeder')}, "
        f"{libraries}. Posts: {'; '.join(posts)}.*"
    )


def write(path: Path, titles: Sequence[str], measured: Mapping[str, str]) -> None:
    """Write the document: sections in the order of `titles`, those of `measured` new, others as they stand there."""
    kept = _sections(path.read_text(encoding="utf-8")) if path.exists() else {}
    missing = "## {}\n\nNot measured yet.\n"
    parts = [measured.get(title) or kept.get(title) or missing.format(title) for title in titles]
    path.write_text("\n".join([_HEAD, *parts]), encoding="utf-8")


def _sections(text: str) -> dict[str, str]:
    """Return the sections of a document by their titles."""
    parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]
    return {part[3:].partition("\n")[0]: part.rstrip("\n") + "\n" for part in parts}


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
