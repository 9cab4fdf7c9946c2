"""The plain shape of front matter is read as YAML reads it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeder.collect.plainshape import read_plain
from feeder.model.table import MAX_BYTES, Field, Table
from feeder.plainyaml import DuplicateKeys, load

# What programs write, and everything that could make it something else.
VALUES = st.one_of(
    st.sampled_from(
        ["", " ", " ~", " null", " 'x'", ' "x: y"', " [a, 'b', \"c\"]", " []", " # c", " a # c", " a: b", " |"]
    ),
    st.text(st.sampled_from("ab1 :#-,[]{}'\"&*!|>%@`?=<~\t智"), max_size=12).map(lambda text: f" {text}"),
    st.text(st.sampled_from("ab, '\"#:&]"), max_size=12).map(lambda text: f" [{text}]"),
)
LINES = st.one_of(
    st.tuples(st.sampled_from(["title", "tags", "x-y", "_", "1", "a b"]), VALUES).map(
        lambda pair: f"{pair[0]}:{pair[1]}"
    ),
    st.tuples(st.sampled_from(["", " ", "  "]), VALUES).map(lambda pair: f"{pair[0]}-{pair[1]}"),
    st.sampled_from(["", "  ", "  more", "# comment", "  # comment", "...", "\t"]),
)


def test_the_shape_that_programs_write() -> None:
    """Scalars and lists, on one line or as a block, with their lines."""
    text = "title: A: no\n"
    assert read_plain(text, 2) is None
    text = "title: 吳釗燮：目前 不尋求\ndate: 2020-09-24 11:56:17\nfrom: https://a.example/b?c=1#d\n"
    text += "tags: [a, 'b, c' , \"d\"]\nnone:\n"
    text += "list:\n  - x\n  - 'y'\n  - ~z\n"
    assert read_plain(text, 2) is None
    assert read_plain(text.replace("~z", "z"), 2) == {
        "title": Field("title", "吳釗燮：目前 不尋求", 2),
        "date": Field("date", "2020-09-24 11:56:17", 3),
        "from": Field("from", "https://a.example/b?c=1#d", 4),
        "tags": Field("tags", ("a", "b, c", "d"), 5),
        "none": Field("none", None, 6),
        "list": Field("list", ("x", "y", "z"), 7),
    }


def test_empty_lines_and_comments() -> None:
    """Empty lines and lines of comment may stand anywhere, and lines keep their numbers."""
    text = "\n# x\ntitle: a\n\ntags:\n \n- b\n  # c\n- d\n\nnone:\n\n"
    assert read_plain(text, 2) == {
        "title": Field("title", "a", 4),
        "tags": Field("tags", ("b", "d"), 6),
        "none": Field("none", None, 12),
    }
    assert read_plain("a: b\n" + "\n" * MAX_BYTES, 1) is None


def test_real_front_matter(corpus: Callable[[str], Path]) -> None:
    """In the corpora what is read as plain is what YAML reads, and nearly all of the mirror's is plain."""
    plain = 0
    for name in ("mirror", "magazine", "agency"):
        for file in corpus(name).rglob("*.md"):
            text = file.read_text(encoding="utf-8").split("---\n", 2)[1]
            found = read_plain(text, 1)
            if found is not None:
                plain += 1
                assert Table(tuple(found.values())) == load(text, DuplicateKeys()), file
    assert plain > 15_000


@given(st.lists(LINES, max_size=5).map("\n".join))
@example("a: b\na: c")
@example("tags:\n- a\n - b")
@example("tags:\n - a\n- b")
@example("a: [b,]\nc: [ ]")
@example('a: ["b" "c"]')
@example("a: \x7f")
def test_where_both_read_they_agree(text: str) -> None:
    """What is read as plain is what YAML reads; what YAML refuses is never read as plain."""
    plain = read_plain(text, 1)
    if plain is not None:
        assert Table(tuple(plain.values())) == (load(text, DuplicateKeys()) or Table())


N = 100_000


@pytest.mark.parametrize(
    "text",
    [
        "a:" + " " * N + "&",
        'a: ["b"' + " " * N + "&]",
        "a: [b" + " " * N + "&]",
        "a:\n-" + " " * N + "&",
        "a:\n" + " " * N + "&",
        'a: "b"' + " " * N + "&",
        "a: [" + "b," * N + "&",
        "a: [" + '"b" ' * N + "&",
        "a: [" + '"b" ' * N + "]",
        "a: b" + "#c" * N + " #",
        "a: b" + ":c" * N + ": ",
        "a" * N,
        "a: [" + '"' * N,
        "a: " + "'" * N,
        "a:\n" + " \n" * N,
        "# c\n" * N,
        "- a\n" * N,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_time_is_linear(text: str) -> None:
    """Text that is made to be slow is left to the parser at once (a backtracking pattern would not come back)."""
    assert read_plain(text, 1) is None
