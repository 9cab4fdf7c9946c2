"""Plain text: SPEC §5.2."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.normalise.plaintext import has_tags, to_html


@pytest.mark.parametrize(
    "body",
    ["<p>a", "a<br>b", "a</b>", "<IMG SRC=x>", '<x-y data-a="b">', "<font color=red>", "<svg>", "<b/>", "<p >"],
)
def test_tags_that_html_knows_or_that_carry_attributes_are_tags(body: str) -> None:
    """A start or end tag of HTML, or any tag with attributes, makes a body HTML."""
    assert has_tags(body)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<罪与罚>",
        "p<0.05 and q>1",
        "Vec<T>",
        "Vec<T >",
        "<!-- a comment -->",
        "<https://example.org/a>",
        "<me@example.org>",
        "a < b > c",
        "a <b and no end",
        "<3",
    ],
)
def test_other_angle_brackets_are_text(body: str) -> None:
    """`<罪与罚>`, `p<0.05`, `Vec<T>`, addresses, comments and what never ends are no tags."""
    assert not has_tags(body)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        (" \n\n ", ""),
        ("a", "<p>a</p>"),
        ("a\nb", "<p>a<br>\nb</p>"),
        ("a\n\nb", "<p>a</p>\n<p>b</p>"),
        ("a\r\n \t\r\n\n　b\n", "<p>a</p>\n<p>b</p>"),
        ("p<0.05 & <罪与罚>", "<p>p&lt;0.05 &amp; &lt;罪与罚&gt;</p>"),
        ("R&amp;D &#39;x&#x27; &nosuch; &amp a", "<p>R&amp;D 'x' &amp;nosuch; &amp;amp a</p>"),
        ("&lt;b&gt;", "<p>&lt;b&gt;</p>"),
        ("&amp;lt;", "<p>&amp;lt;</p>"),
        ("a<!-- note -->b", "<p>ab</p>"),
        ("a <!-- unfinished", "<p>a &lt;!-- unfinished</p>"),
    ],
)
def test_paragraphs_and_line_breaks_are_kept_and_the_rest_is_escaped(text: str, html: str) -> None:
    """Blank lines part paragraphs, newlines are breaks; everything else is text, entities unescaped once."""
    assert to_html(text) == html


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("https://a.example/x", ["https://a.example/x"]),
        ("看https://a.example/x這頻道", ["https://a.example/x"]),
        ("15HKDhttps://a.example/join，", ["https://a.example/join"]),
        ("https://a.example/xhttps://b.example/y", ["https://a.example/x", "https://b.example/y"]),
        ("http://a.example/http://b.example/", ["http://a.example/http://b.example/"]),
        ("http://a.example/?u=https://b.example/", ["http://a.example/?u=https://b.example/"]),
        ("http://a.example/u:https://b.example/", ["http://a.example/u:https://b.example/"]),
        ("http://a.example/?https://b.example/", ["http://a.example/?https://b.example/"]),
        ("http://a.example/?a&https://b.example/", ["http://a.example/?a&https://b.example/"]),
        ("http://a.example/#https://b.example/", ["http://a.example/#", "https://b.example/"]),
        ("http://a.example/learn-http-now", ["http://a.example/learn-http-now"]),
        ("<http://a.example/>", ["http://a.example/"]),
        ('"http://a.example/"', ["http://a.example/"]),
        ("(see http://a.example/x).", ["http://a.example/x"]),
        ("http://a.example/x_(y), z", ["http://a.example/x_(y)"]),
        ("(http://a.example/x_(y))", ["http://a.example/x_(y)"]),
        ("http://a.example/x?!", ["http://a.example/x"]),
        ("http://a.example/a,b;c", ["http://a.example/a,b;c"]),
        ("http://a.example/x=========", ["http://a.example/x"]),
        ("http://a.example/x==", ["http://a.example/x=="]),
        ("HTTPS://A.example/", ["HTTPS://A.example/"]),
        ("http://a.example/xHTTPS://b.example/hh", ["http://a.example/x", "HTTPS://b.example/hh"]),
        ("httpſ://a.example/", []),
        ("http://[::1]/", ["http://[::1]/"]),
        ("http://u@a.example/", ["http://u@a.example/"]),
        ("http:// http://中 http://. ftp://a.example/ https:a", []),
        ("http://a.example/?a=1&b=2", ["http://a.example/?a=1&b=2"]),
        ("http://a.example/?a=1&amp;b=2", ["http://a.example/?a=1&b=2"]),
    ],
)
def test_addresses_are_linked_as_far_as_they_go(text: str, urls: list[str]) -> None:
    """A URL ends where no URL goes on, before the next one, and before the punctuation of its sentence."""
    html = to_html(text)
    hrefs = [part.partition('"')[0] for part in html.split('<a href="')[1:]]
    assert [unescape(href) for href in hrefs] == urls
    shown = unescape(html.replace("<p>", "").replace("</p>", "").replace("</a>", ""))
    for url in urls:
        shown = shown.replace(f'<a href="{url}">', "", 1)
    assert shown == unescape(text)


@given(st.text("ah<>&;:/.()\"'=?中 \n", max_size=60) | st.text(max_size=60))
def test_no_character_of_a_text_is_lost_or_becomes_markup(text: str) -> None:
    """Without the tags that were put in, unescaped, the HTML is the text again, white space apart."""
    plain = text.replace("&", "+").replace("<!", "<")
    html = to_html(plain)
    for tag in ("<p>", "</p>", "<br>", "</a>"):
        html = html.replace(tag, "")
    while '<a href="' in html:
        before, _, rest = html.partition('<a href="')
        html = before + rest.partition('">')[2]
    assert "<" not in html
    assert "".join(unescape(html).split()) == "".join(plain.replace("\r\n", "\n").split())


def test_the_mirrors_posts_are_plain_text(corpus: Callable[[str], Path]) -> None:
    """No body of the real mirror holds a tag, and every address in it that is alone on its line is linked whole."""
    for file in corpus("mirror").rglob("*.md"):
        body = file.read_text("utf-8").rpartition("<div>")[2].removesuffix("</div>\n").rstrip().removesuffix("</div>")
        assert not has_tags(body)
        html = to_html(body)
        for line in body.split("\n"):
            if re.fullmatch(r"https?://[a-z./]+", line):
                assert f'<a href="{line}">{line}</a>' in html
