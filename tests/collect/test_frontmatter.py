"""Front matter and body, apart (SPEC §1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.collect.frontmatter import Parsed, parse
from feeder.model.characters import legal
from feeder.model.problem import Level
from feeder.model.table import Field, Table, Value


def parsed(text: str) -> Parsed:
    """Return the parts of `text`."""
    return parse(text, "post.md")


def pairs(table: Table) -> list[tuple[str, Value]]:
    """Return keys and values."""
    return [(field.key, field.value) for field in table]


def complaints(found: Parsed) -> list[tuple[int, str]]:
    """Return line and code of every problem; all are warnings about the post's own file."""
    assert all(problem.file == "post.md" and problem.level is Level.WARNING for problem in found.problems)
    return [(problem.line, problem.code) for problem in found.problems]


@pytest.mark.parametrize(
    ("text", "kind", "fields", "body", "body_line"),
    [
        ("---\ntitle: A\n---\nBody\n", "YAML", [("title", "A")], "Body\n", 4),
        ("---\ntitle: A\n---", "YAML", [("title", "A")], "", 3),
        ("---  \ntitle: A\n---\t\n\nBody", "YAML", [("title", "A")], "\nBody", 4),
        ("---\n---\nBody", "YAML", [], "Body", 3),
        ("---\n\n---\nBody", "YAML", [], "Body", 4),
        ("\n \n---\ntitle: A\n---\nBody", "YAML", [("title", "A")], "Body", 6),
        ("---\ntitle: A\n---\nBody\n---\nmore", "YAML", [("title", "A")], "Body\n---\nmore", 4),
        ("---\ntitle: A\n...\nBody\n---\nmore", "YAML", [("title", "A")], "Body\n---\nmore", 4),
        ("---\ntitle: A\n---\t\nBody\n---\nmore", "YAML", [("title", "A")], "Body\n---\nmore", 4),
        ("---\ntitle: a---b\n --- \n---\nBody", "YAML", [("title", "a---b ---")], "Body", 5),
        ('+++\ntitle = "A"\n+++\nBody', "TOML", [("title", "A")], "Body", 4),
        ('+++\ntitle = "A"\n+++', "TOML", [("title", "A")], "", 3),
        ('{"title": "A"}\nBody\n}\n', "JSON", [("title", "A")], "Body\n}\n", 2),
        ('{\n  "title": "A"\n}\nBody', "JSON", [("title", "A")], "Body", 4),
        ('\n{ "title": {"x": "}"} }  \nBody', "JSON", [("title", Table((Field("x", "}"),)))], "Body", 3),
        ("{}", "JSON", [], "", 1),
        ('{"title": "A"} Body', "JSON", [("title", "A")], "Body", 1),
        ("Body", "", [], "Body", 1),
        ("", "", [], "", 1),
        ("---", "", [], "---", 1),
        ("---\nBody\n", "", [], "---\nBody\n", 1),
        ("+++\nBody", "", [], "+++\nBody", 1),
        ("{% include x %}\n}\n", "", [], "{% include x %}\n}\n", 1),
        ("{{ x }}\n}\n", "", [], "{{ x }}\n}\n", 1),
        ('{"broken', "", [], '{"broken', 1),
        ('{"broken\n', "", [], '{"broken\n', 1),
        ('{"a": "b"', "", [], '{"a": "b"', 1),
    ],
)
def test_parts(text: str, kind: str, fields: list[tuple[str, Value]], body: str, body_line: int) -> None:
    """The front matter ends at its first closing delimiter, and the body is everything behind it."""
    found = parsed(text)
    assert (found.format, pairs(found.table), found.body, found.body_line) == (kind, fields, body, body_line)
    assert found.problems == ()


def test_toml() -> None:
    """TOML's values become the text that was written, its tables tables, and keys keep their lines."""
    text = (
        "\n+++\ntitle = 'A'\nn = 2049\nf = 1e3\nday = 2020-01-01\nat = 2020-01-01T12:30:00+08:00\nhour = 12:30:00\n"
        "draft = true\nfeed = false\ntags = ['x', 'y']\n[author]\nname = 'B'\n+++\n"
    )
    assert parsed(text).table == Table(
        (
            Field("title", "A", 3),
            Field("n", "2049", 4),
            Field("f", "1e3", 5),
            Field("day", "2020-01-01", 6),
            Field("at", "2020-01-01T12:30:00+08:00", 7),
            Field("hour", "12:30:00", 8),
            Field("draft", "true", 9),
            Field("feed", "false", 10),
            Field("tags", ("x", "y"), 11),
            Field("author", Table((Field("name", "B"),))),
        )
    )


def test_json() -> None:
    """JSON's values become the text that was written."""
    text = '{\n"title": "\\ud83d\\ude00",\n"n": 1.50,\n"x": null,\n"draft": true,\n"i": 2049,\n"tags": ["a", 1]\n}'
    assert parsed(text).table == Table(
        (
            Field("title", "😀", 2),
            Field("n", "1.50", 3),
            Field("x", None, 4),
            Field("draft", "true", 5),
            Field("i", "2049", 6),
            Field("tags", ("a", "1"), 7),
        )
    )


@pytest.mark.parametrize(
    ("text", "fields", "line"),
    [
        ('---\na: 1\ntitle: "\\智"\ntags: [x, y]\n---\n', [("a", "1"), ("title", "\\智"), ("tags", ("x", "y"))], 3),
        ("---\ntitle: &Co\n---\n", [("title", "&Co")], 2),
        ("---\ntitle: a: b\ntags:\n- x\n---\n", [("title", "a: b"), ("tags", ("x",))], 2),
        ("---\ntitle: [Video] A\n---\n", [("title", "[Video] A")], 2),
        ("---\n- a\n---\n", [], 2),
        ("---\njust text\n---\n", [], 2),
        ("---\n? [a]\n: b\ntitle: A\n---\n", [("title", "A")], 2),
        ('+++\ntitle = "A\ntags = ["x"]\n[author]\ntitle = "no"\n+++\n', [("title", "A"), ("tags", ("x",))], 2),
        ("+++\ntitle = 'A'\n\ntitle = 'B'\n+++\n", [("title", "B")], 4),
        ("+++\ntitle = 'A'\nx =\n+++\n", [("title", "A"), ("x", None)], 3),
        (f"+++\nn = {'9' * 5_000}\n+++\n", [("n", "9" * 5_000)], 2),
        (f"+++\ntitle = 'A'\n{'a.' * 65}a = 1\n+++\n", [("title", "A")], 2),
        (f"+++\ntitle = 'A'\nx = {'[' * 2_000}\n+++\n", [("title", "A"), ("x", ("[" * 1_999,))], 2),
        ('{\n"title": "A",\n"tags": ["x",],\n}\nBody', [("title", "A"), ("tags", ("x",))], 3),
        (f'{{\n"title": "A",\n"x": {"[" * 9_000}{"]" * 9_000}\n}}\n', None, 1),
        (f'{{\n"title": "A",\n"x": {"[" * 500}{"]" * 500}\n}}\n', None, 1),
        (f'{{\n"title": "A",\n"x": "{"y" * 66_000}"\n}}\n', [("title", "A"), ("x", "y" * 66_000)], 1),
        (f"---\ntitle: A\nx: {'y' * 66_000}: z\n---\n", [("title", "A"), ("x", "y" * 66_000 + ": z")], 2),
        (f"+++\ntitle = 'A'\nx = '{'y' * 66_000}'\n+++\n", [("title", "A"), ("x", "y" * 66_000)], 2),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_refused(text: str, fields: list[tuple[str, Value]] | None, line: int) -> None:
    """What the format's parser or a guard refuses is read line by line, with a warning at its line."""
    found = parsed(text)
    if fields is None:
        assert found.table.text("title") == "A"
    else:
        assert pairs(found.table) == fields
    assert complaints(found) == [(line, "front-matter")]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("---\na: 1\nb: 2\na: 3\n---\n", [4]),
        ("---\nx:\n  a: 1\n  a: 2\n---\n", [4]),
        ('\n{\n"a": 1,\n"b": 2,\n"a": 3\n}', [5]),
        ('{"a": 1, "a": 2, "b": 1, "b": 2, "c": {"d": 1, "d": 3}}', [1, 1, 1]),
    ],
)
def test_duplicates(text: str, lines: list[int]) -> None:
    """Of equal keys the last wins, with a warning at its line."""
    found = parsed(text)
    assert complaints(found) == [(line, "duplicate-key") for line in lines]
    assert found.table.get("a") != "1"


@pytest.mark.parametrize(
    ("text", "fields", "body", "line"),
    [
        ("---\ntitle: A\ntags:\n- x\n\nBody", [("title", "A"), ("tags", ("x",))], "\nBody", 5),
        ("---\ntitle: A\nBody", [("title", "A")], "Body", 3),
        ("---\ntitle: A", [("title", "A")], "", 2),
        ("+++\ntitle = 'A'\n\nBody", [("title", "A")], "\nBody", 3),
    ],
)
def test_never_closed(text: str, fields: list[tuple[str, Value]], body: str, line: int) -> None:
    """Front matter that is never closed ends where its lines do, with a warning: no post is lost to a typing error."""
    found = parsed(text)
    assert (pairs(found.table), found.body) == (fields, body)
    assert complaints(found) == [(line, "front-matter")]


def test_json_that_is_never_closed() -> None:
    """JSON that is never closed is also refused by its parser."""
    found = parsed('{\n"title": "A",\n"tags": ["x"]\n\nBody')
    assert (pairs(found.table), found.body) == ([("title", "A"), ("tags", ("x",))], "\nBody")
    assert complaints(found) == [(4, "front-matter"), (4, "front-matter")]


def test_line_separators_are_white_space_in_front_matter() -> None:
    """U+0085, U+2028 and U+2029 break no value in two, and are line ends in the body."""
    found = parsed("---\ntitle: a\x85b\u2028c\u2029d\n---\ne\x85f\u2028g")
    assert (found.table.text("title"), found.body, found.problems) == ("a b c d", "e\nf\ng", ())


@pytest.mark.parametrize(
    "form", ["---\n{0}: x\ntitle: A{0}B\n---\n{0}Z", "+++\ntitle = 'A{0}B'\n+++\n{0}Z", '{{"title": "A{0}B"}}\n{0}Z']
)
def test_illegal_characters(form: str, hostile: Callable[[str], list[Any]]) -> None:
    """No character that XML forbids, and no C1 control, is left in a key, a value or the body, and the title stays."""
    for item in hostile("xml_chars"):
        character = item["payload"]
        found = parsed(form.format(character))
        for field in found.table:
            assert field.key == legal(field.key)
        kept = legal(character)
        assert found.table.text("title") == ("A B" if kept == "\n" else f"A{kept}B"), item["cp"]
        assert found.body == f"{kept}Z", item["cp"]


def test_the_hostile(hostile: Callable[[str], list[Any]]) -> None:
    """Whatever YAML stands above or below a good field, the field survives, and the body as well."""
    for item in hostile("yaml_hostile"):
        payload = item["payload"].replace("title:", "x:").replace("\n--- ", "\n -- ").replace("\n...", "\n ..")
        for text in (f"good: field\n{payload}", f"{payload}\ngood: field"):
            found = parsed(f"---\n{text}\n---\nBody\n")
            assert found.body == "Body\n", item["id"]
            if item["id"] not in ("list", "scalar", "tab", "unclosed", "bom"):
                assert found.table.text("good") == "field", item["id"]


@given(
    st.sampled_from(["---\n", "+++\n", "{", '{"', "\n---\n", ""]),
    st.text(st.sampled_from("ab \t\n:=-[]{}\"'\\,#|>&*!.+0%\0\x85\ud800智"), max_size=60),
    st.sampled_from(["\n---\n", "\n+++\n", "\n}\n", "}", "\n...\n", ""]),
)
def test_any_text(opening: str, text: str, closing: str) -> None:
    """Whatever stands in a file, reading it gives a table and a body of legal characters."""
    found = parsed(f"{opening}{text}{closing}")
    assert found.body == legal(found.body)
    assert found.format or not found.table.fields
    lines = (opening + text + closing).count("\n") + 1
    assert 1 <= found.body_line <= lines
    assert all(problem.line >= 1 for problem in found.problems)


N = 30_000


@pytest.mark.parametrize(
    "text",
    [
        "+++\n" + "a." * N + "a = 1\n+++\n",
        "+++\n[" + "a." * N + "a]\n+++\n",
        "+++\n" + "a={" * N + "\n+++\n",
        "+++\n" + "".join(f"k{number} = 1\n" for number in range(N)) + "+++\n",
        "{" + ",".join(f'"k{number}":1' for number in range(10 * N)) + "}",
        "{\n" + ",\n".join(f'"k{number}":1' for number in range(N)) + "\n}",
        "{" + ",".join(['"k":1'] * N) + "}",
        '{"a":' * N,
        "{" + " " * 10 * N,
        "---\n" * N,
        "---\n" + "a: b\n" * N,
        " " * 10 * N + "---",
        "[[a" * N,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_time_is_linear(text: str) -> None:
    """Front matter that is made to be slow is read in a moment (one of these took tomllib half a minute)."""
    assert parsed(text).body_line >= 1
