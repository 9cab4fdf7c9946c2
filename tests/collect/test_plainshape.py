"""The plain shape of front matter is read as YAML reads it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeder.collect.plainshape import read_plain
from feeder.model.table import Field, Table
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
    st.sampled_from(["", "  more", "# comment", "..."]),
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
    ],
    ids=lambda text: repr(text[:8]),
)
def test_time_is_linear(text: str) -> None:
    """Text that is made to be slow is left to the parser at once (a backtracking pattern would not come back)."""
    assert read_plain(text, 1) is None
