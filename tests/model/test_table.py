"""Front matter as a value."""

from __future__ import annotations

import copy
import pickle

from feeder.model.source import Source
from feeder.model.table import Field, Table

TABLE = Table(
    (
        Field("title", " A ", 2),
        Field("none", None, 3),
        Field("empty", "", 4),
        Field("tags", ("a", "b"), 5),
        Field("title", "B", 6),
    )
)


def test_values_by_key() -> None:
    """A value is found by its key: of equal keys the first counts, and what is not there is None."""
    assert (TABLE.get("title"), TABLE.get("tags"), TABLE.get("none"), TABLE.get("x")) == (" A ", ("a", "b"), None, None)
    assert ("none" in TABLE, "x" in TABLE) == (True, False)
    assert [field.key for field in TABLE] == ["title", "none", "empty", "tags", "title"]


def test_texts() -> None:
    """Text is trimmed, and what is no text is none."""
    assert [TABLE.text(key) for key in ("title", "none", "empty", "tags", "x")] == ["A", "", "", "", ""]
    assert TABLE.first_text(("x", "tags", "empty", "title")) == "A"
    assert TABLE.first_text(("x",)) == ""


def test_values_and_keys() -> None:
    """The values under several keys come in their order, None for what is not there; and it is told if any is."""
    assert TABLE.values(("tags", "x", "none", "title")) == (("a", "b"), None, None, " A ")
    assert TABLE.has_any(frozenset(("x", "none")))
    assert not TABLE.has_any(frozenset(("x", "y")))


def test_lines() -> None:
    """The line of a key is told, 0 where there is none."""
    assert [TABLE.line(key) for key in ("title", "tags", "x")] == [2, 5, 0]


def test_tables_are_values() -> None:
    """Tables are equal by their fields, and travel between processes."""
    same = pickle.loads(pickle.dumps(TABLE))
    assert same == TABLE == copy.deepcopy(TABLE)
    assert hash(same) == hash(TABLE)
    assert same.line("tags") == 5
    assert Table() != TABLE
    assert "_by_key" not in repr(TABLE)


def test_the_file_of_a_source() -> None:
    """A source's file is its root as named and the path below it."""
    assert Source("posts", "a/b.md", 0, 0).file == "posts/a/b.md"
    assert Source("posts/", "b.md", 0, 0).file == "posts/b.md"
    assert Source("/", "b.md", 0, 0).file == "/b.md"
    assert Source(".", "b.md", 0, 0).file == "b.md"
    assert Source("./posts", "b.md", 0, 0).file == "./posts/b.md"
