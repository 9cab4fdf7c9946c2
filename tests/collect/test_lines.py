"""Front matter read line by line (SPEC §1)."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeder.collect.lines import read_lines, unclosed_length
from feeder.model.characters import legal
from feeder.model.table import Field, Table, Value
from feeder.plainyaml import DuplicateKeys, load


def value(text: str) -> Value:
    """Return the only field of `text`."""
    (field,) = read_lines(text, 1)
    return field.value


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("plain text", "plain text"),
        ("a: b", "a: b"),
        ("text # comment", "text"),
        ("text\t# comment", "text"),
        ("C#, #tags and F#", "C#,"),
        ("C#x", "C#x"),
        ("# comment", None),
        ("", None),
        ("~", None),
        ("null", None),
        ("'null'", "null"),
        ("''", ""),
        ('"double"', "double"),
        ('"double" # comment', "double"),
        ('"double",', "double"),
        ('"x"#y', '"x"#y'),
        ("'single'", "single"),
        ("'it''s'", "it's"),
        ("'It's'", "It's"),
        ("'tis so", "'tis so"),
        ("'", "'"),
        ('"', ""),
        ('"not closed', "not closed"),
        ('"A" or "B"', '"A" or "B"'),
        ('"He said "no" to it"', 'He said "no" to it'),
        ('"A": a story', '"A": a story'),
        (r'"\智"', r"\智"),
        (r'"a\tb\"c\\d\/e"', 'a\tb"c\\d/e'),
        (r'"\x41\u5171\U0001F600"', "A共😀"),
        (r'"\ud83d\ude00"', "😀"),
        (r'"a\ud800b"', "ab"),
        (r'"a\0\x08\eb"', "ab"),
        (r'"a\Nb\Lc"', "a\nb\nc"),
        (r'"\u12"', r"\u12"),
        ("&Co", "&Co"),
        ("*nope", "*nope"),
        ("!foo bar", "!foo bar"),
        ("%x", "%x"),
        ("@x", "@x"),
        ("`x`", "`x`"),
        ("> quoted", "> quoted"),
        ("| piped", "| piped"),
        ("[快讯] 標題", "[快讯] 標題"),
        ("[a] and [b]", "[a] and [b]"),
        ("[a, b", ("a", "b")),
        ("[a, 'b, c' , \"d\"]", ("a", "b, c", "d")),
        ("[a, b] # comment", ("a", "b")),
        ("[a,, ~, b,]", ("a", None, None, "b")),
        ("[", ()),
        ("[]", ()),
        ('["a" b]', ('"a" b',)),
    ],
)
def test_values(written: str, read: Value) -> None:
    """A value is text as its author meant it, a list, or nothing."""
    assert value(f"title: {written}") == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("tags:\n- a\n- b", ("a", "b")),
        ("tags:\n  - a\n\n  # more\n  - 'b' # why\n  -\n", ("a", "b", None)),
        ("tags: # mine\n- a", ("a",)),
        ("tags: [a,\n  b]", ("a", "b")),
        ('tags: [\n  "a",\n  "b"\n]', ("a", "b")),
        ("title: one\n  two", "one two"),
        ("title:\n  one", "one"),
        ("text: |\n  one\n\n  - two\n", "one\n\n- two"),
        ("text: >-  # folded\n  one\n  two", "one\ntwo"),
        ("text: |", ""),
    ],
)
def test_values_of_several_lines(text: str, read: Value) -> None:
    """A value goes on in the lines that are indented, or are items."""
    assert value(text) == read


def test_keys() -> None:
    """Keys are plain or in quotes, with a colon or an equals sign; other lines are passed over."""
    text = "a : 1\nb = 2\n'c': 3\n\"d\":4\nkey:value\n- x\n%!\n標題: 5\n: 6\na b: 7"
    assert read_lines(text, 10) == Table(
        (
            Field("a", "1", 10),
            Field("b", "2", 11),
            Field("c", "3", 12),
            Field("d", "4", 13),
            Field("標題", "5", 17),
            Field("a b", "7", 19),
        )
    )


def test_the_last_of_equal_keys_wins() -> None:
    """Of equal keys the last wins."""
    assert read_lines("a: 1\nb: 2\na: 3", 1) == Table((Field("b", "2", 2), Field("a", "3", 3)))


def test_json() -> None:
    """Broken JSON gives the fields of its outermost object."""
    tags = '"tags": [\n    "b",\n    "c"\n  ]'
    text = f'{{\n  "title": "A",\n  "draft":true,\n  {tags},\n  "x": {{\n    "title": "no"\n  }},\n}}'
    table = read_lines(text, 1)
    assert (table.get("title"), table.get("draft"), table.get("tags")) == ("A", "true", ("b", "c"))
    assert [field.line for field in table] == [2, 3, 4, 8]


def test_the_margin_is_where_the_first_field_stands() -> None:
    """Fields that are all indented are fields, and what is indented further belongs to them."""
    assert read_lines("  a: 1\n    b: 2\n  c: 3", 1) == Table((Field("a", "1 b: 2", 1), Field("c", "3", 3)))


@pytest.mark.parametrize("number", [1, 9_999, 10_001])
def test_at_most_10_000_items(number: int) -> None:
    """Lists end after 10,000 items."""
    expected = ("x",) * min(number, 10_000)
    assert value("tags: [" + "x," * number) == expected
    assert value("tags:\n" + "- x\n" * number) == expected


N = 300_000


@pytest.mark.parametrize(
    "text",
    [
        "a: x" + " " * N + "y",
        "a" + " " * N + ": y",
        'a: "x"' + " " * N + "y",
        'a: "' + "\\" * N,
        'a: "' + "\\u" * N + '"',
        "a: [" + '"\\",' * N,
        "a: [" + "''''," * N,
        "a: " + "[" * N,
        "a: " + "[x]" * N,
        "a: " + '"' * N,
        "a: " + "'" * N,
        "a: x" + " #" * N,
        "a: b\n" * N,
        "a:\n" + "- x\n" * N,
        "a: |" + "\n x" * N,
        "\n" * N,
        "a=" * N,
        '"a' * N,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_time_is_linear(text: str) -> None:
    """Text that is made to be slow is read in a moment (a quadratic reader would not come back)."""
    assert len(read_lines(text, 1).fields) <= 1


@given(st.text(st.characters(codec="utf-8", exclude_characters="\n\r\x85\u2028\u2029"), max_size=30))
@example(" x ")
@example("#")
@example("a\\")
@example('"')
def test_quoted_text_agrees_with_yaml(text: str) -> None:
    """What YAML reads in double and in single quotes, the line reader reads too."""
    clean = legal(text)
    for written in (json.dumps(clean), json.dumps(clean, ensure_ascii=False), "'" + clean.replace("'", "''") + "'"):
        line = f"key: {written}"
        if "\x7f" in line or (not clean.isprintable() and written.startswith("'")):
            continue  # no YAML: a control
        assert value(line) == clean
        if "\\ud" not in line:  # YAML knows no pairs
            assert load(line, DuplicateKeys()) == Table((Field("key", clean, 1),))


@given(st.sampled_from('0abtnvfre "/\\N_LP\t'), st.sampled_from(["", "x", " "]))
def test_every_escape_of_yaml(escape: str, rest: str) -> None:
    """Every escape that YAML has means the same here."""
    line = f'key: "x\\{escape}{rest}"'
    assert read_lines(line, 1) == load(line, DuplicateKeys())


@given(st.text(st.sampled_from("ab \t\n:=-[]{}\"'\\,#|>0"), max_size=60))
def test_any_text_is_read(text: str) -> None:
    """Whatever the text, there is a table whose lines are lines of it."""
    for field in read_lines(text, 1):
        assert field.key
        assert 1 <= field.line <= text.count("\n") + 1


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("body", 0),
        ("- item", 0),
        ("a: b", 4),
        ("a: b\nbody", 5),
        ("a: b\n\nc: d", 5),
        ("a:\n- b\n  c\n# d\ne: f\n\nbody", 20),
    ],
)
def test_unclosed(text: str, length: int) -> None:
    """Front matter that nothing closes ends at the first empty line, or the first line that is no field's."""
    assert unclosed_length(text, 0) == length
    assert unclosed_length(f"---\n{text}", 4) == length
