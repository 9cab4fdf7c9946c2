"""What a body is written in, and Markdown: SPEC §5.2 to §5.4."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.normalise.markup import Kind, MarkupError, kind, markdown


@pytest.mark.parametrize(
    ("body", "is_mirror", "suffix", "expected"),
    [
        ("*a* <罪与罚>", True, ".md", Kind.TEXT),
        ("*a*<br>b", True, ".md", Kind.HTML),
        ("text", True, ".html", Kind.TEXT),
        ("text", False, ".html", Kind.HTML),
        ("text", False, ".HTM", Kind.HTML),
        ("text", False, ".md", Kind.MARKDOWN),
        ("<p>a</p>\n\n  <p>b\nc</p>\n", False, ".md", Kind.HTML),
        ("<div>\n\n<!-- note -->\n\n</div>\n\n<!DOCTYPE html>", False, ".md", Kind.HTML),
        ('<x-y a="b">', False, ".md", Kind.HTML),
        ("<img\nsrc=x>", False, ".md", Kind.HTML),
        ("<p>a</p>\n\ntext", False, ".md", Kind.MARKDOWN),
        ("text <p>a</p>", False, ".md", Kind.MARKDOWN),
        ("<https://e.org/>", False, ".md", Kind.MARKDOWN),
        ("<罪与罚>", False, ".md", Kind.MARKDOWN),
        ("<T>", False, ".md", Kind.MARKDOWN),
        ("<article>\n <pre>a = 1;\n\n    if b:\n        *c* = 2\n</pre>\n</article>", False, ".md", Kind.HTML),
        ("<PRE\nclass=x>\n \na</PRE>\n\n<p>b", False, ".md", Kind.HTML),
        ("<pre>\n\na</pre>\n\nb", False, ".md", Kind.MARKDOWN),
        ("<pre>\n\n<script></script>\n\na</pre>", False, ".md", Kind.HTML),
        ("<script>\n\na('<pre>')\n\n</script>\n\nb", False, ".md", Kind.MARKDOWN),
        ("<script>\n\na('-->')\n\nb</script>", False, ".md", Kind.HTML),
        ("<style>\n\na</style><textarea>\n\nb</textarea>", False, ".md", Kind.HTML),
        ("<!--\n\na\n\n--> b", False, ".md", Kind.HTML),
        ("<!--\n\n<pre>-->\n\na", False, ".md", Kind.MARKDOWN),
        ("<!-->\n\na-->", False, ".md", Kind.MARKDOWN),
        ("<presto a>\n\nb", False, ".md", Kind.MARKDOWN),
        ("<p><ſcript>\n\nb", False, ".md", Kind.MARKDOWN),
        ("<p>a</p>\n \t\n\u3000<p>b</p>\n\n\n", False, ".md", Kind.HTML),
        ("", False, ".md", Kind.HTML),
        ("a < b", False, ".md", Kind.MARKDOWN),
    ],
)
def test_what_a_body_is_written_in(body: str, is_mirror: bool, suffix: str, expected: Kind) -> None:
    """The mirror's bodies are text or HTML by their tags; `.html` is HTML, and so is a tag before each block.

    Blank lines in verbatim elements and comments part no blocks.
    """
    assert kind(body, is_mirror, suffix) is expected


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("# A\n\n*b* `c`", "<h1>A</h1>\n<p><em>b</em> <code>c</code></p>\n"),
        ("a<br>b &copy; <u>x</u>", "<p>a<br>b © <u>x</u></p>\n"),
        ("~~a~~", "<p><s>a</s></p>\n"),
        ("a\\\nb", "<p>a<br>\nb</p>\n"),
        ("a 1) 2\n---", "<h2>a 1) 2</h2>\n"),
        ('<div class="x">\n*a*\n</div>', '<div class="x">\n*a*\n</div>'),
        ("https://e.org/", "<p>https://e.org/</p>\n"),
        ("{% x %}", "<p>{% x %}</p>\n"),
    ],
)
def test_markdown_is_commonmark(text: str, html: str) -> None:
    """CommonMark with strikethrough; HTML in it is kept."""
    assert markdown(text) == html


def test_tables_are_tables() -> None:
    """A row of dashes under cells makes a table."""
    html = markdown("|a|b|\n|-|:-|\n|1|2|\n{: .wide}\n")
    assert "<table>" in html
    assert "<td>1</td>" in html
    assert "wide" not in html


def test_footnotes_are_readable_without_ids() -> None:
    """A reference is a number in brackets, the notes are a numbered list behind a rule; nothing needs an anchor."""
    html = markdown("a[^x] b[^y] c[^x] d^[in line]\n\n[^x]: Note *x*\n[^y]: Note y\n")
    assert html == (
        "<p>a<sup>[1]</sup> b<sup>[2]</sup> c<sup>[1]</sup> d<sup>[3]</sup></p>\n<hr>\n<ol>\n"
        "<li><p>Note <em>x</em></p>\n</li>\n<li><p>Note y</p>\n</li>\n<li><p>in line</p>\n</li>\n</ol>\n"
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\n{: .b #c key='d'}\nx", "<p>a</p>\n<p>x</p>\n"),
        ("{: .b}\na", "<p>a</p>\n"),
        ("# a\n{:.no_toc}", "<h1>a</h1>\n"),
        ("# a {#id}", "<h1>a</h1>\n"),
        ("# a {: .b}", "<h1>a</h1>\n"),
        ("*a*{: .b} c", "<p><em>a</em> c</p>\n"),
        ("![a](b.png){: width='1'}", '<p><img src="b.png" alt="a"></p>\n'),
        ("![a](b.png){.left .big}\nc", '<p><img src="b.png" alt="a">\nc</p>\n'),
        ("[a{: .b}](c)", '<p><a href="c">a</a></p>\n'),
        ("* TOC\n{:toc}\n\na", "<p>a</p>\n"),
        ("1. TOC\n{:toc}\n", ""),
        ("* a\n* b\n{:toc}", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("a\n{:toc}", "<p>a</p>\n"),
        ("{:toc}", ""),
        ("> a\n> {: .b}\n", "<blockquote>\n<p>a</p>\n</blockquote>\n"),
        ("- a\n  {: .b}\n", "<ul>\n<li>a</li>\n</ul>\n"),
        ("> a\n    {: .b}\n", "<blockquote>\n<p>a\n</p>\n</blockquote>\n"),
        ("`{: .b}`", "<p><code>{: .b}</code></p>\n"),
        ("```\n{: .b}\n```", "<pre><code>{: .b}\n</code></pre>\n"),
        ("    {: .b}\n", "<pre><code>{: .b}\n</code></pre>\n"),
        ("{a} {.b} c {:", "<p>{a} {.b} c {:</p>\n"),
    ],
)
def test_attribute_lists_are_dropped_but_not_in_code(text: str, html: str) -> None:
    """`{: …}` goes as a line and as a span, `{:toc}` with the item that it replaces, `{.class}` at a line's end."""
    assert markdown(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("* a\n{: .x}\n* b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("1. a\n{: .x}\n{: #y}\n2. b\n{: .z}", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n"),
        (
            "- a\n  - b\n  {: .x}\n  - c\n{: .y}\n- d",
            "<ul>\n<li>a\n<ul>\n<li>b</li>\n<li>c</li>\n</ul>\n</li>\n<li>d</li>\n</ul>\n",
        ),
        ("- a\n{: .x}\n\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("- a\n{: .x}\n* b", "<ul>\n<li>a</li>\n</ul>\n<ul>\n<li>b</li>\n</ul>\n"),
        ("- a\n{: .x}\nb\n- c", "<ul>\n<li>a</li>\n</ul>\n<p>b</p>\n<ul>\n<li>c</li>\n</ul>\n"),
        ("a\n-\n{: .x}\n- b", "<h2>a</h2>\n<ul>\n<li>b</li>\n</ul>\n"),
    ],
)
def test_attributes_of_an_item_do_not_end_its_list(text: str, html: str) -> None:
    """A list goes on behind the attribute list of one of its items, unless the marker changes."""
    assert markdown(text) == html


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a\n" * 25_001, "lines"),
        ("*" * 100_001, "characters"),
        ("[" * 20_001, "characters"),
        ("![" * 10_001, "characters"),
        (("[a](" + "b" * 5000) * 1000, "links"),
        ("> " * 30 + "a", "deeply"),
        ("".join("  " * depth + "- a\n" for depth in range(15)), "deeply"),
        ("[a]: https://e.org/" + "b" * 100_000 + "\n\n" + "[a] " * 1000, "addresses"),
    ],
)
def test_text_made_to_be_slow_is_refused(text: str, reason: str) -> None:
    """Text that would take long or lose what nests too deeply is refused, with the end of a sentence that says why."""
    with pytest.raises(MarkupError, match=reason):
        markdown(text)


@pytest.mark.parametrize(
    "text",
    [
        "a " * 1_000_000,
        "[a](https://e.org/x_(y)_z) " * 5_000,
        "[a](b " * 5_000,
        "> " * 18 + "a",
        "".join("  " * depth + "- a\n" for depth in range(9)),
        "[a]: https://e.org/\n\n" + "[a] " * 5000,
    ],
)
def test_long_text_as_people_write_it_is_read(text: str) -> None:
    """2 MB of words, thousands of links, lists nine deep are no attack."""
    assert markdown(text)


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


@given(
    st.lists(st.sampled_from([*"ab*_`[](){}!:.#>-|~^\\ \n", "{: x}", "{:toc}", "[^1]", "- "]), max_size=30).map("".join)
)
def test_any_text_is_read(text: str) -> None:
    """Whatever is written, HTML comes out, and no letter of it is new."""
    seen = _Seen()
    seen.feed(markdown(text))
    assert set(seen.text) & {"a", "b"} <= set(text)


def test_the_agencys_posts_are_markdown(corpus: Callable[[str], Path]) -> None:
    """Every real post of the agency is Markdown, is read, and no footnote of it is left unread."""
    for file in corpus("agency").rglob("*.md"):
        text = file.read_text("utf-8")
        body = text[text.index("\n---", 3) + 4 :]
        assert kind(body, False, ".md") is Kind.MARKDOWN
        html = markdown(body)
        assert len(html) > len(body.strip()) * 0.9
        assert "fnref" not in html
