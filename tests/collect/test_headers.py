"""Pelican's metadata at the head of a post (Python-Markdown's meta extension)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.collect.frontmatter import parse, parse_front
from feeder.collect.headers import as_pelican, find_headers
from feeder.config.scheme import Compat
from feeder.model.table import Field, Table

POST = """\
Title: Hello: World
DATE:2025-01-02 10:00
Tags: one, two words,
Authors: Ann, B; Bob
Summary: Two
    lines
status: hidden

Text: not metadata.
"""


def test_a_post() -> None:
    """Keys come in lower case, lists are lists, a value may go on indented, and the body is what stands behind."""
    found = parse(POST, "a.md", Compat.PELICAN)
    assert (found.format, found.body, found.body_line, found.problems) == ("metadata", "\nText: not metadata.\n", 8, ())
    assert found.table == Table(
        (
            Field("title", "Hello: World", 1),
            Field("date", "2025-01-02 10:00", 2),
            Field("tags", ("one", "two words"), 3),
            Field("authors", ("Ann, B", "Bob"), 4),
            Field("summary", ("Two", "lines"), 5),
            Field("status", "hidden", 7),
            Field("feed", "false", 7),
        )
    )
    assert parse_front(POST, "a.md", Compat.PELICAN).table == found.table


def test_only_in_pelicans_place() -> None:
    """Anywhere else such lines are text."""
    for compat in (Compat.NONE, Compat.JEKYLL, Compat.HUGO):
        found = parse(POST, "a.md", compat)
        assert (found.format, found.table, found.body) == ("", Table(), POST)


@pytest.mark.parametrize(
    "text", ["", "Text.\n", "Note: this is text.\n", "    Title: indented\n", "\nTitle: late\n", "Title\n"]
)
def test_no_metadata(text: str) -> None:
    """Without a title or a date, and after anything else, there is none."""
    assert find_headers(text) is None
    assert parse(text, "a.md", Compat.PELICAN).body == text


def test_metadata_alone() -> None:
    """A post may be nothing but its metadata."""
    found = find_headers("Title: A")
    assert found is not None
    assert (found.table.text("title"), found.body_start) == ("A", 8)


def test_between_dashes() -> None:
    """YAML is read as everywhere, and means what it means to Pelican."""
    found = parse("---\nTitle: A\ntags: x, y z\nStatus: draft\n---\nText.\n", "a.md", Compat.PELICAN)
    assert (found.format, found.body) == ("YAML", "Text.\n")
    assert found.table.get("tags") == ("x", "y z")
    assert (found.table.text("title"), found.table.text("draft")) == ("A", "true")


@pytest.mark.parametrize("status", ["published", "", "anything"])
def test_what_is_published(status: str) -> None:
    """Any other status is no switch."""
    assert as_pelican(Table((Field("Status", status, 1),))) == Table((Field("status", status, 1),))


def test_lists_stay_lists() -> None:
    """What is a list already is not parted, and of two spellings of a key the first counts."""
    fields = (Field("Tags", ("a, b",), 1), Field("tags", "c", 2), Field("status", None, 3))
    assert as_pelican(Table(fields)) == Table((Field("tags", ("a, b",), 1), Field("status", None, 3)))


@given(st.text(st.sampled_from("Title: dae\n\t 12,;-_\x00é"), max_size=80))
def test_any_text(text: str) -> None:
    """Metadata ends within the text, where a line begins."""
    found = find_headers(text)
    if found:
        assert found.body_start == len(text) or text[found.body_start - 1] == "\n"


def test_it_is_bounded() -> None:
    """No more than 64 KB are looked at."""
    found = find_headers("Title: A\n" + "x: y\n" * 50_000)
    assert found is not None
    assert found.body_start <= 65_536 + 5
