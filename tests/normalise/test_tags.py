from __future__ import annotations

import pytest
from html5lib._tokenizer import HTMLTokenizer
from html5lib.constants import tokenTypes
from hypothesis import given

from feeder.normalise.tags import scan, scan_for
from tests.normalise.attacks import BODIES


def names(html: str) -> list[str]:
    """Return what `scan` finds, end tags with a slash."""
    return ["/" * tag.closing + tag.name for tag in scan(html)]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", []),
        ("text & more", []),
        ("a < b, p<0.05, <罪与罚>, <3", []),
        ("<P><Br/></P>", ["p", "br", "/p"]),
        ("<a", ["a"]),
        ("<a b='", ["a"]),
        ("<p title='a>b'>", ["p"]),
        ('<p title="</p>">x', ["p"]),
        ("<a\u3000href=x>", ["a\u3000href=x"]),
        ("<lin\u212a>", ["lin\u212a"]),
        ("<A\u212aB>", ["a\u212ab"]),
        ("</p x=y>", ["/p"]),
        ("</><//></ p><b>", ["!", "!", "!", "b"]),
        ("<!doctype html><?php ?><b>", ["!", "!", "b"]),
        ("<!-- <b> --><i>", ["!", "i"]),
        ("<!--><b>", ["!", "b"]),
        ("<!---><b>", ["!", "b"]),
        ("<!-- --!><b>", ["!", "b"]),
        ("<!-- <b>", ["!"]),
        ("<![CDATA[<b>]]>", ["!"]),
        ("<script><b></script ><i>", ["script", "/script", "i"]),
        ("<script><b></scripted>", ["script"]),
        ("<script><!-- </script><i>", ["script", "/script", "i"]),
        ("<script><!-- <script> </script> <b> --></script><i>", ["script", "/script", "i"]),
        ("<script><!-- <script> --> </script><i>", ["script", "/script", "i"]),
        ("<script><!--><script></script><i>", ["script", "/script", "i"]),
        ("<script><script></script><i>", ["script", "/script", "i"]),
        ("<STYLE><b></Style><i>", ["style", "/style", "i"]),
        ("<style></\u017ftyle><b></style><i>", ["style", "/style", "i"]),
        ("<title><b>", ["title"]),
        ("<noscript><img></noscript>", ["noscript", "/noscript"]),
        ("<iframe><b></iframe>", ["iframe", "/iframe"]),
        ("</title><b>", ["/title", "b"]),
        ("<plaintext><b></plaintext>", ["plaintext"]),
    ],
)
def test_what_is_a_tag(html: str, expected: list[str]) -> None:
    """Tags and comments are those of the HTML standard's tokenizer; raw text holds none."""
    assert names(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>", ()),
        ("<p A=1 b='2' c=\"3\" d e = 5>", (("a", "1"), ("b", "2"), ("c", "3"), ("d", ""), ("e", "5"))),
        ("<p a=1 A=2>", (("a", "1"),)),
        ("<p/a=1/b>", (("a", "1/b"),)),
        ("<p a/b c=>", (("a", ""), ("b", ""), ("c", ""))),
        ("<p =a b>", (("=a", ""), ("b", ""))),
        ("<p a='x", (("a", "x"),)),
        ("<p a=&quot;&#x41;&#66&lt;>", (("a", '"AB<'),)),
        ("<p a='?x&copy=1&copyz&copy&copy;&notit;&nosuch;'>", (("a", "?x&copy=1&copyz©©&notit;&nosuch;"),)),
        ("<p a='&#" + "9" * 5000 + ";&#0000000000065;'>", (("a", "\ufffdA"),)),
    ],
)
def test_attributes(html: str, expected: tuple[tuple[str, str], ...]) -> None:
    """Attributes are read as the standard reads them: the first of a name counts, references are decoded."""
    (tag,) = scan(html)
    assert tag.attributes == expected


def test_positions() -> None:
    """A tag knows where it stands."""
    html = "x<b>y</b><!-- z -->"
    assert [html[tag.start : tag.end] for tag in scan(html)] == ["<b>", "</b>", "<!-- z -->"]


def test_attributes_without_names_cost_no_more_than_their_length() -> None:
    """A million slashes in a tag are no attributes, and are read once, not once for each of them."""
    (tag,) = scan("<p" + "/" * 1_000_000 + " a/ /b=c")
    assert not tag.has_more_attributes(200)
    assert tag.attributes == (("a", ""), ("b", "c"))


@given(BODIES)
def test_looking_for_some_elements_finds_what_looking_at_all_finds(html: str) -> None:
    """`scan_for` yields the tags of its elements as `scan` does, whatever raw text or comment stands around them."""
    wanted = ("img", "p", "noscript", "style", "b")
    assert list(scan_for(html, *wanted)) == [tag for tag in scan(html) if tag.name in wanted]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", []),
        ("a < b <p>", []),
        ("<IMG><img/><img\n></img ><imgs><im><img", ["<IMG>", "<img/>", "<img\n>", "</img >", "<img"]),
        ("<p title='<img>'><p a=\"<img>\"><p a=<img><p a>", []),
        ("<!--<img>--><?<img><!x><script><img></script><img>", ["<img>"]),
        ("<xmp><img></xmp><style><img></style ><textarea><img>", []),
        ("<img><plaintext><img>", ["<img>"]),
        ("<\u017fcript><img></\u017fcript>", ["<img>"]),
    ],
)
def test_what_is_passed_over(html: str, expected: list[str]) -> None:
    """What stands in values, comments and raw text is no tag, and names are compared by their ASCII letters only."""
    assert [html[tag.start : tag.end] for tag in scan_for(html, "img")] == expected


def test_number_of_attributes() -> None:
    """A tag has more attributes than a limit if that many are written, repeated ones too."""
    (tag,) = scan("<p" + " a" * 200 + ">")
    assert not tag.has_more_attributes(200)
    assert tag.has_more_attributes(199)
    (long,) = scan("<p" + " attribute=1" * 200 + ">")
    assert not long.has_more_attributes(200)


@given(BODIES)
def test_agrees_with_an_independent_tokenizer(html: str) -> None:
    """Outside of what needs a tree, the same start tags are found as html5lib finds."""
    raw = ("script", "style", "title", "textarea", "noscript", "iframe", "plaintext", "svg", "math", "select", "\x00")
    if any(name in html for name in raw):
        return
    tokens = HTMLTokenizer(html)
    kind = tokenTypes["StartTag"]
    expected = [token["name"] for token in tokens if token["type"] == kind]
    # At the end of the text html5lib drops what is not finished.
    found = [tag.name for tag in scan(html) if not tag.closing and tag.name != "!" and html[tag.end - 1] == ">"]
    assert found[: len(expected)] == expected
    assert len(found) <= len(expected) + 1
