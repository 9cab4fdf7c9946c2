from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.normalise.titles import plain, title
from tests.normalise.attacks import ATTACKS, BODIES, title_dangers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("  a \n\t b\u3000c\x00 ", "a b c"),
        ("R&D <b>x</b>", "R&D x"),
        ("Vec<T>", "Vec<T>"),
        ("Map<String, List<T>>", "Map<String, List<T>>"),
        ("<青年论坛>", "<青年论坛>"),
        ("</青年论坛>", "</青年论坛>"),
        ("a < b", "a < b"),
        ("p<0.05 & q>1", "p<0.05 & q>1"),
        ("x <y and z>", "x <y and z>"),
        ("I <3 U", "I <3 U"),
        ("if a <b", "if a <b"),
        ("<T <b>x</b> y>", "<T x y>"),
        ("AT&T &copy= R&D; &nosuch; &notit;", "AT&T &copy= R&D; &nosuch; &notit;"),
        ("&ldquo;x&rdquo; &#39;y&#x27; &amp; &AMP;", "“x” 'y' & &"),
        ("&amp;amp; &amp;lt;", "&amp; &lt;"),
        ("a&nbsp;b", "a b"),
        ("a&#8;b&#0;c&#x1b;d", "abcd"),
        ("&#" + "9" * 5000 + ";", "&#" + "9" * 5000 + ";"),
        ("a <a href='x>y' title=\"<b>\">b</a> c", "a b c"),
        ("a <T x=1>b", "a b"),
        ("a <T\nx='1'>b", "a b"),
        ("<script>x</script>a<style>y</style>b", "ab"),
        ("<p>a</p><p>b</p>", "a b"),
        ("a<!-- b -->c<!-- d", "ac d"),
        ("<?php 7 & <!DOCTYPE html>", "<?php 7 & <!DOCTYPE html>"),
        ("What is <?xml version='1.0'?>", "What is"),
        ("How to use &lt;b&gt;", "How to use <b>"),
        ("&lt;b&gt;x&lt;/b&gt;", "x"),
        ("&lt;b&gt;x&lt;/B&gt; &lt;i&gt;", "x <i>"),
        ("&lt;script&gt;x&lt;/script&gt;", "x"),
        ("&lt;script&gt; tags", "tags"),
        ("&lt;iframe", ""),
        ("&lt;T onclick&gt;x", "x"),
        ("&lt;T once&gt;x", "x"),
        ("&lt;T x=1&gt;y", "y"),
        ("&lt;!-- x --&gt;y&lt;!-- z", "y z"),
        ("&lt;/comment&gt;&lt;/m&gt;&lt;m&gt;", "<m>"),
        ("<m>x</m>", "<m>x"),
        ("a <img src=x onerror=alert(1)", "a"),
        ("a &lt;img src=x onerror=alert(1)", "a"),
        ("a &lt;img src='x onerror=alert(1)", "a"),
        ("&lt;b &lt;x y=z&gt; onerror=alert(1)&gt;a", "a"),
        ("<\x00script>x</script>a", "a"),
        ("a<script>b", "a"),
        ("&lt;&#8;script&gt;a", "a"),
        ("<p\u3000onclick=1>a</p>", "a"),
        ("&lt;<x y=z>" * 3 + "b c", "<<<b c"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    """Markup goes, text that only looks like it stays, entities are unescaped once, and the line is folded."""
    assert plain(text) == expected


def test_what_is_built_to_come_back_loses_every_bracket() -> None:
    """Markup that appears whenever some is taken away is left without any tag at all."""
    once = "&lt;b &lt;x y=z&gt; onclick=1&gt;"
    assert plain(once) == ""
    often = "&lt;b " * 6 + "&lt;i y=z&gt;" + " a=b&gt;" * 6
    assert "<" not in plain(often)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x" * 500, "x" * 500),
        ("x" * 501, "x" * 499 + "…"),
        ("青" * 501, "青" * 499 + "…"),
        ("e\u0301" * 251, "e\u0301" * 249 + "…"),
        ("<b>" + "x" * 500 + "</b>", "x" * 500),
    ],
)
def test_title_is_cut(text: str, expected: str) -> None:
    """A title of more than 500 characters is cut, never inside of what a reader sees as one character."""
    assert title(text) == expected


def embedded(text: str) -> tuple[str, ...]:
    """Return pages that hold `text` unescaped."""
    return (text, f"<div><p>{text}</p><a href='https://example.org/'>x</a></div>", f"<p>{text} x='y' z>")


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("escapes", [0, 1])
def test_our_own_attacks(attack: str, escapes: int) -> None:
    """Where a reader takes a title for HTML, alone or in a page, an attack does nothing; nor if it came escaped."""
    text = attack.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") if escapes else attack
    for html in embedded(plain(text)):
        assert title_dangers(html) == []


def test_hostile_corpora(hostile: Callable[[str], list[Any]]) -> None:
    """Nor does any attack that others collected."""
    for item in hostile("dompurify_expect") + hostile("owasp_filter_evasion"):
        for html in embedded(title(item["payload"])):
            assert title_dangers(html) == [], item["id"]


@given(BODIES)
def test_no_text_is_dangerous(text: str) -> None:
    """Whatever a title is made of, nothing in it does anything."""
    for html in embedded(plain(text))[:2]:
        assert title_dangers(html) == []


@given(st.text(st.characters(exclude_characters="&<")))
def test_text_without_markup_is_only_folded(text: str) -> None:
    """Text in which nothing can be markup keeps all but its white space and what XML forbids."""
    found = plain(text)
    assert found == " ".join(found.split())
    assert set(found) <= set(text) | {" "}


def test_titles_without_markup_do_not_load_bleach() -> None:
    """Most titles hold no markup, and a build of such does not pay for bleach."""
    code = (
        "import sys; from feeder.normalise.titles import title; title('R&D &amp; Vec<T>'); title('x'); "
        "sys.exit('bleach' in sys.modules or 'nh3' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
