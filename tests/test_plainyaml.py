"""YAML whose scalars are text (SPEC §1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from feeder.model.table import MAX_BYTES, Field, Table, Value
from feeder.plainyaml import DuplicateKeys, PlainYamlError, load


def loaded(text: str) -> Value:
    """Return what `text` holds."""
    return load(text, DuplicateKeys())


def refused(text: str) -> tuple[str, int]:
    """Return why and in which line `text` is refused."""
    with pytest.raises(PlainYamlError) as caught:
        loaded(text)
    assert str(caught.value) == caught.value.reason
    return caught.value.reason, caught.value.line


@pytest.mark.parametrize(
    "scalar",
    ["2049", "yes", "NO", "1e3", "0x1F", "0o17", "12:30", "59:59:59", "2020-01-01", "1.0", ".inf", "true", "=", "<<"],
)
def test_scalars_stay_as_written(scalar: str) -> None:
    """What YAML 1.1 would type stays the text that was written."""
    assert loaded(f"tags: [{scalar}]") == Table((Field("tags", (scalar,), 1),))


@pytest.mark.parametrize("null", ["", "~", "null", "Null", "NULL"])
def test_null_is_none(null: str) -> None:
    """A plain null is no value."""
    assert loaded(f"a: {null}\nb: x") == Table((Field("a", None, 1), Field("b", "x", 2)))


def test_quoted_null_is_text() -> None:
    """A null in quotes is a word."""
    assert loaded("a: 'null'\nb: \"~\"\nc: ''") == Table((Field("a", "null", 1), Field("b", "~", 2), Field("c", "", 3)))


def test_nested() -> None:
    """Lists and mappings nest, and keys keep their lines."""
    text = "author:\n  name: A\n  links: [x, {y: z}]\nn:\n- 1\n"
    inner = Table((Field("name", "A", 2), Field("links", ("x", Table((Field("y", "z", 3),))), 3)))
    assert loaded(text) == Table((Field("author", inner, 1), Field("n", ("1",), 4)))


@pytest.mark.parametrize("text", ["", "# nothing\n", "   \n"])
def test_nothing(text: str) -> None:
    """A document without content is nothing."""
    assert loaded(text) is None


def test_a_document_may_be_a_scalar() -> None:
    """What is not a mapping is returned for the caller to judge."""
    assert loaded("just a string") == "just a string"


def test_duplicates() -> None:
    """Of equal keys the last wins, in the place of the first, and the later line is named."""
    duplicates = DuplicateKeys()
    assert load("a: 1\nb: 2\na: 3", duplicates) == Table((Field("a", "3", 3), Field("b", "2", 2)))
    assert duplicates.found == [Field("a", "3", 3)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("title: &Co", 1),
        ("x: 1\ntitle: *Co", 2),
        ("a: &a b", 1),
        ("<<: *base", 1),
        ("a: !!str b", 1),
        ("a: !foo b", 1),
        ("a: ! b", 1),
        ("[x,&y z]", 1),
        ("{a:  !!set {b}}", 1),
        ("- !!python/object/apply:os.system [x]", 1),
        ("? !!binary AA==\n: x", 1),
        ("&a a: b", 1),
        ("a:\n  - &x\n    b", 2),
    ],
)
def test_anchors_aliases_and_tags_are_refused(text: str, line: int) -> None:
    """Anchors, aliases and tags are no YAML to feeder, with the line where they stand."""
    assert refused(text) == ("it has an anchor, alias or tag, which are text here", line)


def test_their_characters_are_text_elsewhere() -> None:
    """Within words, in quotes and in comments, `&`, `*` and `!` are characters like others."""
    assert loaded("a: R&D *x* hi!\nb: '&Co'\nc: \"!!\" # *x &y\nd: [R&D]") == Table(
        (Field("a", "R&D *x* hi!", 1), Field("b", "&Co", 2), Field("c", "!!", 3), Field("d", ("R&D",), 4))
    )


def alternating(levels: int) -> str:
    """Return blocks as deep as columns allow: a mapping and a list in every column."""
    return "".join(f"{' ' * (level // 2)}{'a:' if level % 2 == 0 else '-'}\n" for level in range(levels))


@pytest.mark.parametrize(
    "nested",
    [
        lambda depth: "[" * depth + "]" * depth,
        lambda depth: "- " * depth + "a",
        lambda depth: "? " * depth + "a",
        lambda depth: "\n".join(" " * level + "a:" for level in range(depth)),
        alternating,
    ],
    ids=["flow", "list in a line", "keys", "mappings", "mappings and lists"],
)
def test_depth(nested: Callable[[int], str]) -> None:
    """Depth 64 is read or refused for another reason, and 65 is refused for its depth."""
    try:
        loaded(nested(64))
    except PlainYamlError as problem:
        assert problem.reason == "a key is no plain text"  # noqa: PT017 - either is right
    assert refused(nested(65))[0] == "it is nested deeper than 64"


def test_closing_brackets_in_quotes_hide_no_depth() -> None:
    """Brackets in quotes count for nothing: what is really nested deeply is found."""
    assert refused('a: ["]]",' + '["]]",' * 9_000 + "]" * 9_001) == ("it is nested deeper than 64", 1)


def test_many_brackets_side_by_side() -> None:
    """A list of many short lists is not deep."""
    assert loaded("[" + "[a]," * 100 + "]") == (("a",),) * 100


@pytest.mark.parametrize("text", ["a: " + "x" * MAX_BYTES, "a: " + "智" * (MAX_BYTES // 3)])
def test_too_long(text: str) -> None:
    """More than 64 KB is refused before YAML sees it, counted in bytes."""
    assert refused(text) == ("it is longer than 64 KB", 1)


def test_long_enough() -> None:
    """64 KB are read."""
    assert loaded("a: " + "x" * (MAX_BYTES - 3)) == Table((Field("a", "x" * (MAX_BYTES - 3), 1),))


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ('a: b\ntitle: "\\智"', "a backslash within double quotes begins no escape that YAML knows", 2),
        ("a: b: c", "a value holds `: `, so it needs quotes", 1),
        ("a: b\n--- c", "but found another document", 2),
        ("? [a, b]\n: x", "a key is no plain text", 1),
        ("a: \x01", "it is no YAML (ReaderError)", 1),
        ("a: \ud800", "it is no YAML (UnicodeEncodeError)", 1),
    ],
)
def test_refused(text: str, reason: str, line: int) -> None:
    """What YAML refuses is refused with its reason and line."""
    assert refused(text) == (reason, line)


def test_an_error_without_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the parser that names neither reason nor place stands in the first line."""

    def fails(*_: object, **__: object) -> None:
        raise yaml.MarkedYAMLError

    monkeypatch.setattr(yaml, "compose", fails)
    assert refused("a: b") == ("it is no YAML", 1)


def test_an_event_without_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """An event that has no place stands in the first line."""
    monkeypatch.setattr(yaml, "parse", lambda *_, **__: [yaml.AliasEvent("x")])
    assert refused("a: *x") == ("it has an anchor, alias or tag, which are text here", 1)


def test_escapes_cannot_bring_illegal_characters() -> None:
    """What XML forbids does not come out of an escape, and Unicode's line ends become white space."""
    assert loaded('"a\\0b\\x08c": "x\\ey\\u0085z\\L\\tw"') == Table((Field("abc", "xy\nz\n\tw", 1),))


def test_the_hostile(hostile: Callable[[str], list[Any]]) -> None:
    """Every hostile document is read or refused, and none does anything else."""
    for item in hostile("yaml_hostile"):
        try:
            value = loaded(item["payload"])
        except PlainYamlError as problem:
            assert problem.line >= 1, item["id"]  # noqa: PT017 - either is right
        else:
            assert value is None or isinstance(value, str | tuple | Table), item["id"]


@given(st.text(st.sampled_from("ab01 \n\t:-?,[]{}#&*!|>'\"%@`\\~<=.\0\x85\ud800智"), max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever the text, there is a value or a PlainYamlError."""
    try:
        loaded(text)
    except PlainYamlError as problem:
        assert 1 <= problem.line <= text.count("\n") + text.count("\x85") + 2  # noqa: PT017 - either is right
