"""What a build says when it is done: to a person, and as JSON (SPEC §9)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from feeder.model.ledger import Movement
from feeder.model.problem import Level, Problem, printable

_GONE = 20


@dataclass(frozen=True, slots=True)
class Report:
    """One build: `posts` = `entries` + `merged` + the number of `left_out`; `other_files` were no posts at all.

    `written`, `unchanged` and `removed` are paths below dist; `rendered` counts the entries rendered in this build.
    `ledger` is what changed in the site's ledger, None where it keeps none.
    """

    posts: int
    entries: int
    merged: int
    left_out: tuple[Problem, ...]
    problems: tuple[Problem, ...]
    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    rendered: int
    seconds: float
    other_files: int = 0
    cut: tuple[str, ...] = ()
    ledger: Movement | None = None

    def to_json(self) -> str:
        """Return the one object of `feeder build --json`, ASCII only, so no character of a post reaches a terminal."""
        ledger = {"ledger": _movement(self.ledger)} if self.ledger else {}
        return json.dumps(
            {
                "posts": self.posts,
                "entries": self.entries,
                "merged": self.merged,
                "left_out": [_place(problem) for problem in self.left_out],
                "problems": [{**_place(problem), "level": problem.level.value} for problem in self.problems],
                "feeds": {
                    "written": list(self.written),
                    "unchanged": list(self.unchanged),
                    "removed": list(self.removed),
                },
                **ledger,
                "rendered": self.rendered,
                "seconds": round(self.seconds, 3),
            },
            indent=1,
        )

    def lines(self) -> Iterator[str]:
        """Yield the summary for a person, line by line."""
        yield (
            f"{_count(self.posts, 'post')} read, {_count(self.entries, 'entry', 'entries')}, "
            f"{self.merged:,} merged, {len(self.left_out):,} left out"
        )
        reasons = Counter((problem.level, problem.code) for problem in self.left_out)
        for (level, code), count in sorted(reasons.items(), key=lambda item: (-item[1], item[0])):
            example = next(problem for problem in self.left_out if (problem.level, problem.code) == (level, code))
            error = " (an error)" if level is Level.ERROR else ""
            yield f"  left out, {code}: {count:,}{error}, as {printable(example.file)}"
        if self.other_files:
            yield f"  {_count(self.other_files, 'file')} without front matter, heading, marker or date: no posts"
        yield from _told(self.ledger)
        for line in self.cut:
            yield f"  {printable(line)}"
        warnings = sum(problem.level is Level.WARNING for problem in self.problems)
        if warnings:
            yield f"  {_count(warnings, 'warning')}, above"
        yield (
            f"{_count(len(self.written) + len(self.unchanged), 'feed document')}: {len(self.written)} written, "
            f"{len(self.unchanged)} unchanged, {len(self.removed)} removed; {self.seconds:.2f} s"
        )


def _movement(ledger: Movement) -> dict[str, list[dict[str, str]]]:
    moved = {"new": ledger.new, "updated": ledger.updated, "gone": ledger.gone}
    return {name: [{"id": line.id, "post": line.key} for line in lines] for name, lines in moved.items()}


def _told(ledger: Movement | None) -> Iterator[str]:
    if not ledger or not (ledger.new or ledger.updated or ledger.gone):
        return
    moved = f"{len(ledger.new):,} new, {len(ledger.updated):,} edited, {len(ledger.gone):,} gone"
    yield f"  ledger: {moved}"
    for line in ledger.gone[:_GONE]:
        yield printable(f"    gone: {line.key} ({line.id})")
    if len(ledger.gone) > _GONE:
        yield f"    and {len(ledger.gone) - _GONE:,} more, which --json names"


def _place(problem: Problem) -> dict[str, object]:
    return {"file": problem.file, "line": problem.line, "code": problem.code, "message": problem.message}


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
