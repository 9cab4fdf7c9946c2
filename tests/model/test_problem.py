"""Problems: values that print as one line (SPEC §1)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.model.problem import Level, Problem, Remark, error, printable, warning


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain 臺 😀 \u200d é", "plain 臺 😀 \u200d é"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\nb\tc\rd", r"a\nb\tc\rd"),
        ("\x00\x7f\x9b", r"\x00\x7f\x9b"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\u2066x\u2069\u200e\u200f\u061c", r"\u2066x\u2069\u200e\u200f\u061c"),
        ("\u2028\u2029\ufeff", r"\u2028\u2029\ufeff"),
        ("\udce9", r"\udce9"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    """What could forge or garble a line is written as an escape, and everything else stays."""
    assert printable(text) == shown


@given(st.text())
def test_nothing_raw(text: str) -> None:
    """No control, bidi control or lone surrogate is left, and the text can be encoded."""
    shown = printable(text)
    shown.encode()
    for character in shown:
        assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.bidirectional(character) not in (
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        )
    assert printable(shown) == shown


def test_a_problem_is_a_line() -> None:
    """A problem prints as `file:line: level[code]: sentence`; line 0 is the file as a whole."""
    assert str(Problem("a\n.md", 3, Level.ERROR, "date", "\x1bx")) == r"a\n.md:3: error[date]: \x1bx"
    assert str(Problem("a.md", 0, Level.WARNING, "date", "x")) == "a.md: warning[date]: x"


def test_order() -> None:
    """Problems are ordered by file and line."""
    second, first, last = (Problem(*place, Level.NOTE, "c", "m") for place in (("a", 10), ("a", 9), ("b", 1)))
    assert sorted((second, last, first)) == [first, second, last]


def test_remarks() -> None:
    """A remark becomes a problem where it is placed."""
    assert warning("c", "m", "k") == Remark(Level.WARNING, "c", "m", "k")
    assert error("c", "m") == Remark(Level.ERROR, "c", "m", "")
    assert error("c", "m", "k").at("f", 2) == Problem("f", 2, Level.ERROR, "c", "m")
