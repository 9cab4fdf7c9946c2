"""The mirror's shape: SPEC §5.1, and the words section's definition."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.normalise.shape import heading, undress

_ORIGIN = "https://news.example/a"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<!--1600919777000-->\n[T](https://news.example/a)\n---\n\n<div>\ntext\n</div>\n", "text"),
        ("<!--1600919777000-->\ntext", "text"),
        ("\ufeff".strip("\ufeff") + "\n\n<!--1600919777000--> text ", "text"),
        ("[T](https://news.example/a)\n------\n\n**text**", "**text**"),
        ("[T](https://news.example/a)  \r\n  ------  \r\ntext", "text"),
        ("<div>text</div>", "text"),
        ('\n<DIV class="a">\n<p>text</p>\n</DIV>\n', "<p>text</p>"),
        ("<div><div>a</div><div>b</div></div>", "<div>a</div><div>b</div>"),
        ("<div><div>a</div></div>", "<div>a</div>"),
        ("<div><!-- <div> --><script>'<div>'</script></div>", "<!-- <div> --><script>'<div>'</script>"),
        ("<div>\n</div>", ""),
        ("<div>null</div>", ""),
        ("<div>null<p>text</p></div>", "<p>text</p>"),
        ("<div>\nnull\n<p>text</p></div>", "<p>text</p>"),
        ("null<div><p>text</p></div>", "<p>text</p>"),
        ("<!--1600919777000-->null <p>text</p>", "<p>text</p>"),
        ("<div>nullable <b>x</b></div>", "nullable <b>x</b>"),
        ("<div>null <罪与罚></div>", "null <罪与罚>"),
        ("<div>p <b\n</div>", "p <b"),
        ("<!--NaN-->\n<div>text</div>", "text"),
    ],
)
def test_what_the_mirror_put_around_a_body_is_taken_off(body: str, expected: str) -> None:
    """Marker, heading of the origin, outer div and null go, and the body is of the mirror's shape."""
    shape = undress(body, _ORIGIN)
    assert shape.is_mirror
    assert shape.body == expected


@pytest.mark.parametrize(
    "body",
    [
        "text",
        "    indented code\n\ntext\n",
        "[T](https://other.example/)\n---\ntext",
        "[T](https://news.example/a)\n\n---\ntext",
        "[T](https://news.example/a)\n--\ntext",
        "<div>a</div><div>b</div>",
        "<div>a</div> text",
        "text <div>a</div>",
        "<div>a</div></div>",
        "<div>a",
        "<divider>a</div>",
        "<div>a<div></div>",
        "null <b>hypothesis</b>",
        "null",
        "",
    ],
)
def test_other_bodies_stay_as_they_are(body: str) -> None:
    """What is neither marked nor headed by its origin nor one div comes back unchanged."""
    shape = undress(body, _ORIGIN)
    assert not shape.is_mirror
    assert shape.body == body


def test_a_number_that_is_no_epoch_is_dropped_but_makes_no_mirror() -> None:
    """`<!--0-->` and `<!--NaN-->` go from the head of a body, which is Markdown nevertheless."""
    for marker in ("0", "NaN", "123", "-1", "1.6e12"):
        shape = undress(f"<!--{marker}-->\n\n    code", _ORIGIN)
        assert (shape.is_mirror, shape.body) == (False, "    code")
    assert undress("<!-- more -->\ntext", "").body == "<!-- more -->\ntext"


def test_without_an_origin_no_heading_is_dropped() -> None:
    """The heading of a body stays where the post has no origin."""
    body = "[T](https://news.example/a)\n---\ntext"
    shape = undress(body, "")
    assert (shape.is_mirror, shape.body, shape.heading) == (False, body, "T")


def test_the_heading_is_compared_as_a_url() -> None:
    """A heading whose URL is written in another way than the origin is the origin's all the same."""
    shape = undress("[T](https://news.example/%E4%B8%AD)\n---\ntext", "https://news.example/中")
    assert (shape.is_mirror, shape.body) == (True, "text")


@pytest.mark.parametrize(
    ("line", "title", "url"),
    [
        ("[a [b] c](https://x.example/)", "a [b] c", "https://x.example/"),
        ("[[a]](https://x.example/)", "[a]", "https://x.example/"),
        ("[a\\b](https://x.example/y_(z))", "a\\b", "https://x.example/y_(z)"),
        ("[see [b](c) d](https://x.example/)", "see [b](c) d", "https://x.example/"),
        ("[a](https://x.example/)  ", "a", "https://x.example/"),
    ],
)
def test_titles_hold_brackets_and_addresses_hold_parentheses(line: str, title: str, url: str) -> None:
    """The last `](` parts title and address, in the heading and in the body that it is dropped from."""
    assert heading(f"<!--1600919777000-->\n{line}\n-----\n") == (title, url)
    shape = undress(f"{line}\n-----\ntext", url)
    assert (shape.is_mirror, shape.heading, shape.heading_url, shape.body) == (True, title, url, "text")


@pytest.mark.parametrize("body", ["", "text", "[a](b)", "[a](b)\ntext\n---", "[a b)\n---", "# [a](b)\n---"])
def test_what_is_no_heading_gives_none(body: str) -> None:
    """Without a first line `[title](url)` over a row of dashes there is no heading."""
    assert heading(body) == ("", "")


def test_every_post_of_the_mirror_has_its_shape(corpus: Callable[[str], Path]) -> None:
    """All 15,271 real posts are of the mirror's shape; 1,372 of them are empty inside, as was counted by hand."""
    empty = posts = 0
    for file in corpus("mirror").rglob("*.md"):
        text = file.read_text("utf-8")
        match = re.match(r"---\n.*?\n---\n", text, re.DOTALL)
        assert match
        found = re.search(r"^from: *(.*)$", match[0], re.MULTILINE)
        assert found
        shape = undress(text[match.end() :], found[1].strip())
        assert shape.is_mirror
        assert shape.heading
        assert not re.search(r"</?div|^<!--|^-{3,}$", shape.body)
        posts += 1
        empty += not shape.body
    assert (posts, empty) == (15_271, 1_372)


@given(st.text("<>/div!-[]()\n null1 ", max_size=40), st.sampled_from(["", _ORIGIN]))
def test_any_text_has_a_shape(text: str, origin: str) -> None:
    """Nothing of the body's words is lost but what the mirror put there, and nothing fails."""
    shape = undress(text, origin)
    assert shape.body in text
    assert undress(f"<div>{text.replace('<', '')}</div>", origin).is_mirror
