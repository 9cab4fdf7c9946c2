"""Whether two builds say the same, and whether what a build says that it did is what it did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import html5lib

from feeder.check.checking import check_documents
from feeder.model.page import FOR_PEOPLE
from feeder.model.problem import Problem
from feeder.report import Report
from feeder.write.manifest import NAME
from tests.properties.tree import Tree

# What is said of the machine's state, and not of the posts: a build from nothing has none of it.
_OF_THE_MACHINE = frozenset(("cache", "manifest", "not-ours"))


@dataclass(frozen=True)
class Outcome:
    """What a build came to: a report, or the error that it ended with; and what its observer was told."""

    report: Report | None
    error: str
    told: tuple[Problem, ...]


def compare_reports(found: Outcome, expected: Outcome) -> None:
    """Fail unless two builds say the same about the posts."""
    mine, other = found.report, expected.report
    assert mine is not None
    assert other is not None
    assert mine.posts == mine.entries + mine.merged + len(mine.left_out)
    counts = [(report.posts, report.entries, report.merged, report.other_files) for report in (mine, other)]
    assert counts[0] == counts[1], f"posts, entries, merged and others are {counts[0]}, and from nothing {counts[1]}"
    assert mine.left_out == other.left_out
    left, right = Counter(_of_posts(mine.problems)), Counter(_of_posts(other.problems))
    assert left == right, f"problems: too many {[*map(str, left - right)]}, too few {[*map(str, right - left)]}"
    assert mine.ledger == other.ledger, f"of the ledger it says {mine.ledger}, and from nothing {other.ledger}"
    assert mine.cut == other.cut, f"cut is {mine.cut}, and from nothing {other.cut}"
    assert {*mine.written, *mine.unchanged} == {*other.written, *other.unchanged}
    assert mine.rendered <= other.rendered
    for one in (found, expected):
        assert one.report is not None
        assert Counter(one.told) == Counter(set(one.report.problems)), "not all that was found was told once"


def compare_changes(report: Report, before: Tree, after: Tree) -> None:
    """Fail unless what a build says that it did is what it did."""
    changed = {path for path, found in after.items() if found[0] == "file" and before.get(path) != found}
    assert changed - {NAME} == set(report.written)
    assert not set(report.written) & set(report.unchanged)
    documents = {*report.written, *report.unchanged}
    gone = {path for path, found in before.items() if found[0] == "file" and path not in after}
    removed = {path for path in gone if not path.rpartition("/")[2].startswith(".") and path != NAME}
    assert removed == set(report.removed) | {
        path for path in removed if any(d.startswith(f"{path}/") for d in documents)
    }


def judge_feeds(report: Report, dist: Path) -> None:
    """Fail unless the documents that a build reports are feeds in which a check finds nothing, alone and together.

    Pages are HTML in which a parser finds nothing.
    """
    documents = {path: (dist / path).read_bytes() for path in (*report.written, *report.unchanged)}
    pages = {path for path in documents if path.rpartition("/")[2] in FOR_PEOPLE}
    for path in pages:
        if path.endswith(".html"):
            html5lib.HTMLParser(strict=True).parse(documents[path].decode())
    found = check_documents({path: data for path, data in documents.items() if path not in pages})
    assert not found, "\n".join(map(str, found))


def _of_posts(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    return tuple(sorted(problem for problem in problems if problem.code not in _OF_THE_MACHINE))


def about_posts(report: Report) -> Report:
    """Return `report` without what the build did."""
    problems = _of_posts(report.problems)
    return replace(report, written=(), unchanged=(), removed=(), rendered=0, seconds=0, problems=problems, ledger=None)
