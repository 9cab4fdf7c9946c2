"""The mistakes of a person at three in the morning: what was meant is taken, and a sentence says what to mend."""

from __future__ import annotations

import pytest

from feeder.collect.frontmatter import parse

MEANT = [("title", "X"), ("date", "2024-01-21")]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("---\ntitle:X\ndate:2024-01-21\n---\nBody", 2, "no list of `key: value` lines"),
        ("---\ntitle: X\n date: 2024-01-21\n---\nBody", 3, "a value holds `: `"),
        ("---\ntitle: X\n\tdate: 2024-01-21\n---\nBody", 3, "a tab stands where only spaces may"),
        ("----\ntitle: X\ndate: 2024-01-21\n----\nBody", 1, "exactly `---`"),
        ("\u2014-\ntitle: X\ndate: 2024-01-21\n---\nBody", 1, "exactly `---`"),
        ("title: X\ndate: 2024-01-21\n---\nBody", 1, "exactly `---`"),
        ('---\ntitle: "X\ndate: 2024-01-21\n---\nBody', 2, "a quote is opened here and never closed"),
        ("---\ntitle: X\ndate: 2024-01-21\n\nBody", 4, "not closed"),
    ],
)
def test_what_was_meant_is_taken(text: str, line: int, said: str) -> None:
    """Title and date are read, the body is the body, and one warning names the line and what is wrong there."""
    parsed = parse(text, "posts/x.md")
    assert [(field.key, field.value) for field in parsed.table] == MEANT
    assert parsed.body.strip() == "Body"
    (problem,) = parsed.problems
    assert (problem.file, problem.line) == ("posts/x.md", line)
    assert said in problem.message


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("@home", "begins with '@'"),
        ("`code`", "begins with '`'"),
        ("a: b", "holds `: `"),
        ('"a \\q b"', "no escape that YAML knows"),
        ("[a, b", "a list is opened here"),
        ("{a: b", "a mapping is opened here"),
    ],
)
def test_the_parser_is_translated(value: str, said: str) -> None:
    """What YAML's parser refuses is said in words for people, with the line on which the mistake stands."""
    (problem,) = parse(f"---\ndate: 2024-01-21\ntitle: {value}\ntags: x\n---\nBody", "x.md").problems
    assert problem.line == 3
    assert said in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "----\n\nA rule, and then text.",
        "title: is how this sentence begins\n\nand it goes on",
        "title: X\nsome text\n---\nBody",
        "Some text\n---\nMore",
        "---\n\ntext\n",
    ],
)
def test_text_is_no_front_matter(text: str) -> None:
    """What only looks a little like front matter is the body, and nothing is said."""
    parsed = parse(text, "x.md")
    assert (parsed.format, parsed.body, parsed.problems) == ("", text, ())


def test_nested_titles_stay_where_they_are() -> None:
    """A key that stands to the right below a mapping belongs to that mapping."""
    parsed = parse("---\nauthor:\n  name: Ada\n  title: Dr\ntitle: a: b\n---\nBody", "x.md")
    assert parsed.table.text("title") == "a: b"
