"""What a build says when it is done (SPEC §9)."""

from __future__ import annotations

import json
from dataclasses import replace

from feeder.model.problem import Level, Problem
from feeder.report import Report

ERROR = Problem("b\x1b.md", 3, Level.ERROR, "date", "no \u202edate")
NOTES = tuple(Problem(f"{name}.md", 0, Level.NOTE, "draft", "a draft") for name in "cd")
WARNING = Problem("a.md", 1, Level.WARNING, "front-matter", "typo")
REPORT = Report(
    posts=1_207,
    entries=1_200,
    merged=4,
    left_out=(ERROR, *NOTES),
    problems=(WARNING, ERROR),
    written=("atom.xml", "tags/臺/atom.xml"),
    unchanged=("rss.xml",),
    removed=("tags/x/atom.xml",),
    rendered=50,
    seconds=1.23456,
)
NOTHING = Report(0, 0, 0, (), (), (), (), (), 0, 0.0)


def test_json() -> None:
    """The report is one object of the keys that SPEC §9 names, in ASCII."""
    text = REPORT.to_json()
    assert text.isascii()
    assert "\x1b" not in text
    assert json.loads(text) == {
        "posts": 1_207,
        "entries": 1_200,
        "merged": 4,
        "left_out": [
            {"file": "b\x1b.md", "line": 3, "code": "date", "message": "no \u202edate"},
            {"file": "c.md", "line": 0, "code": "draft", "message": "a draft"},
            {"file": "d.md", "line": 0, "code": "draft", "message": "a draft"},
        ],
        "problems": [
            {"file": "a.md", "line": 1, "level": "warning", "code": "front-matter", "message": "typo"},
            {"file": "b\x1b.md", "line": 3, "level": "error", "code": "date", "message": "no \u202edate"},
        ],
        "feeds": {
            "written": ["atom.xml", "tags/臺/atom.xml"],
            "unchanged": ["rss.xml"],
            "removed": ["tags/x/atom.xml"],
        },
        "rendered": 50,
        "seconds": 1.235,
    }


def test_lines() -> None:
    """A person is told how much was read, what was left out and why, commonest first, and what was written."""
    assert list(replace(REPORT, other_files=1, cut=("atom.xml: 1 of 2\n",)).lines()) == [
        "1,207 posts read, 1,200 entries, 4 merged, 3 left out",
        "  left out, draft: 2, as c.md",
        r"  left out, date: 1 (an error), as b\x1b.md",
        "  1 file without front matter, heading, marker or date: no posts",
        r"  atom.xml: 1 of 2\n",
        "  1 warning, above",
        "3 feed documents: 2 written, 1 unchanged, 1 removed; 1.23 s",
    ]


def test_one_and_none() -> None:
    """One is one, and what there is nothing to say about is not said."""
    assert list(NOTHING.lines()) == [
        "0 posts read, 0 entries, 0 merged, 0 left out",
        "0 feed documents: 0 written, 0 unchanged, 0 removed; 0.00 s",
    ]
    one = replace(NOTHING, posts=1, entries=1, written=("atom.xml",), other_files=2, problems=(WARNING, WARNING))
    assert list(one.lines()) == [
        "1 post read, 1 entry, 0 merged, 0 left out",
        "  2 files without front matter, heading, marker or date: no posts",
        "  2 warnings, above",
        "1 feed document: 1 written, 0 unchanged, 0 removed; 0.00 s",
    ]


def test_examples_are_of_their_level() -> None:
    """An error and a note of one code are told apart, each with its own example."""
    note = replace(ERROR, file="n.md", level=Level.NOTE)
    assert list(replace(NOTHING, left_out=(note, ERROR)).lines())[1:3] == [
        r"  left out, date: 1 (an error), as b\x1b.md",
        "  left out, date: 1, as n.md",
    ]
