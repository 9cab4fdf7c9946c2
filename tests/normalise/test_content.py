"""From a body to content: SPEC §5, as far as it is more than its steps."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from feeder.config.slices import ContentRules, Page
from feeder.model.entry import Content, Entry
from feeder.model.problem import Remark
from feeder.model.source import RawPost, Source
from feeder.model.table import Field, Table
from feeder.normalise.content import compose, excerpt

_RULES = ContentRules(Page("https://e.org", "", ZoneInfo("UTC")), ("atom",))
_SOURCE = Source("posts", "a.md", 1, 1)
_DAY = datetime(2020, 1, 1, tzinfo=UTC)
_ENTRY = Entry("urn:a", "A", "https://e.org/a", "", "https://e.org/a", _DAY, _DAY, "", (), (), _SOURCE, b"")


def composed(body: str, **fields: str) -> tuple[Content, tuple[Remark, ...]]:
    """Return what becomes of `body` under front matter of `fields`."""
    table = Table(tuple(Field(key, value, line) for line, (key, value) in enumerate(fields.items(), 2)))
    return compose(RawPost(_SOURCE, table, "YAML", body, 5, b""), _ENTRY, _RULES)


@pytest.mark.parametrize(
    ("body", "offset"),
    [
        ("{{ a }}", 0),
        ("a\n\n{{ site.url }}{{ b }}\n\n{{ c }}", 2),
        ("\n<!--NaN-->\n\n\na\n{% b %}", 5),
    ],
)
def test_dropped_liquid_is_named_with_its_line(body: str, offset: int) -> None:
    """The remark is about the line of the body (from 0) on which the first tag or output was dropped."""
    _, (remark,) = composed(body)
    assert (remark.code, remark.key, remark.offset) == ("liquid", "", offset)


@pytest.mark.parametrize("key", ["excerpt", "summary", "description"])
def test_a_summary_shows_no_liquid(key: str) -> None:
    """What its author wrote as summary is resolved as the body is, and what was dropped is named with its key."""
    content, (remark,) = composed("body", **{key: "a {{ page.b }}c {{ site.url }}"})
    assert content.summary == "a c https://e.org"
    assert (remark.code, remark.key, remark.offset) == ("liquid", key, 0)


def test_what_was_mirrored_holds_no_liquid() -> None:
    """In a post of the mirror's shape braces are text, in the summary too."""
    content, remarks = composed("<!--1577836800-->{{ a }} and more", excerpt="{{ b }}")
    assert (content.html, content.summary) == ("<p>{{ a }} and more</p>", "{{ b }}")
    assert remarks == ()


def test_what_was_mirrored_as_html_stands_against_its_origin() -> None:
    """A body of the mirror's shape with tags is HTML, and its relative references are those of the page it was on."""
    content, remarks = composed('<!--1577836800--><p><a href="b">{{ a }}</a></p>', **{"from": "https://o.example/a/c"})
    assert content.html == '<p><a href="https://o.example/a/b">{{ a }}</a></p>'
    assert remarks == ()


def test_html_behind_dropped_liquid_is_no_code() -> None:
    """A tag that stands alone between indented HTML leaves no blank line, after which it would be code."""
    content, _ = composed('Intro.\n\n<div>\n\t{{ "s" | photo }}\n\t<blockquote>\n\tText\n\t</blockquote>\n</div>')
    assert "<pre>" not in content.html
    assert "<blockquote>" in content.html


def test_code_with_blank_lines_leaves_a_body_html() -> None:
    """A body of HTML is taken whole, and the lines of its `<pre>` are as they were."""
    code = "a = 1;\n\n    if a &lt; b:\n        *c* = 2\n"
    content, _ = composed(f"<article>\n <pre>{code}</pre>\n</article>")
    assert f"<pre>{code}</pre>" in content.html


@pytest.mark.parametrize("body", ["x" * 2_100_000, "[" * 30_000, "<p>" + "<b>" * 300 + "x"])
def test_a_body_made_to_be_slow_is_an_excerpt_and_the_link(body: str) -> None:
    """What is too long, or too much for Markdown's or HTML's parser, is not parsed, and that is said."""
    content, (remark,) = composed(body)
    assert remark.code == "too-much"
    assert len(content.html) < 1000
    assert '<a href="https://e.org/a"' in content.html


def test_the_text_before_the_mark_is_the_summary() -> None:
    """`<!--more-->` ends the summary, and Liquid before it is named once."""
    content, (remark,) = composed("a *b* {{ c }}\n\n<!--more-->\n\nd")
    assert content.summary == "a b"
    assert remark.offset == 0


def test_an_excerpt_stands_for_what_is_too_big() -> None:
    """It is the summary, or how the text begins, and the link; there is no other summary beside it."""
    content, _ = composed("a\n\n<!--more-->\n\nb")
    short = excerpt(_ENTRY, content, _RULES.sanitizer)
    assert short.html.startswith("<p>a</p>")
    assert '<a href="https://e.org/a"' in short.html
    assert short.summary == ""


def test_a_body_without_text_is_a_link() -> None:
    """No content is empty: where nothing is left to show, the link is shown."""
    content, _ = composed("{{ a }}")
    assert '<a href="https://e.org/a"' in content.html
