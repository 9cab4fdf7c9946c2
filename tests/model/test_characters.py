"""Characters of feeds and of HTML (SPEC §1, XML 1.0 §2.2)."""

from __future__ import annotations

from html import escape
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.model.characters import fold, is_file_name, legal, unescaped


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("plain 臺 é", "plain 臺 é"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb\rc\n\rd", "a\nb\nc\n\nd"),
        ("a\x85b\u2028c\u2029d", "a\nb\nc\nd"),
        ("a\x00b\x08c\x0bd\x0ce\x1ff", "abcdef"),
        ("a\x7fb", "a\x7fb"),
        ("a\x80b\x84c\x86d\x9fe", "abcde"),
        ("a\ud800b\udfffc", "abc"),
        ("a\ufffeb\uffffc\ufffdd", "abc\ufffdd"),
        ("👩\u200d👩 \ufe0f \U0010ffff", "👩\u200d👩 \ufe0f \U0010ffff"),
    ],
)
def test_what_a_feed_may_hold(text: str, expected: str) -> None:
    """What XML forbids and C1 controls go, every kind of line end is a newline, all the rest stays."""
    assert legal(text) == expected


@given(st.text())
def test_legal_text_is_xml(text: str) -> None:
    """Whatever came in, a parser of XML takes it and gives it back, and there is nothing more to take out."""
    found = legal(text)
    assert (ET.fromstring(f"<a>{escape(found)}</a>").text or "") == found
    assert legal(found) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", ""), (" a \n\t b\u3000\xa0c ", "a b c"), ("a\x00b\x85c", "ab c"), (" \n", "")],
)
def test_folded_text_stands_on_one_line(text: str, expected: str) -> None:
    """Every run of white space is one space, there is none at the ends, and what is illegal is gone."""
    assert fold(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a & b", "a & b"),
        ("R&amp;D &#38; &#x4e2d;&#X4E2D; &CounterClockwiseContourIntegral;", "R&D & 中中 ∳"),
        ("&amp;lt;", "&lt;"),
        ("&amp &notin &no; &notit; &;", "&amp &notin &no; &notit; &;"),
        ("&#38 &#; &#x; &#xg;", "&#38 &#; &#x; &#xg;"),
        ("&#128;&#0;&#9999999;", "€\ufffd\ufffd"),
        ("&#" + "9" * 5000 + ";", "&#" + "9" * 5000 + ";"),
        ("&#x" + "f" * 5000 + ";", "&#x" + "f" * 5000 + ";"),
        ("&#٣٨;", "&#٣٨;"),
    ],
)
def test_references_are_read_once(text: str, expected: str) -> None:
    """Well-formed references become their characters; what has no `;`, no name or too many digits stays as it is."""
    assert unescaped(text) == expected


@given(st.text("a&#;x1lt<>'\" 中"))
def test_what_was_escaped_comes_back(text: str) -> None:
    """It undoes an escape, whatever the text looks like."""
    assert unescaped(escape(text)) == text


@pytest.mark.parametrize("text", ["a", "Open Data", "R&D: C#?", "臺灣", ".net", "-rf", "é" * 50, "c++"])
def test_names_of_files(text: str) -> None:
    """What can be read, and is one name of at most 100 bytes, may be a file's."""
    assert is_file_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        " a",
        "a ",
        "a/b",
        "a\\b",
        "a\n",
        "a\0",
        "a\u202eb",
        "a\ud800",
        "a\u200bb",
        "é" * 51,
        ".feeder-new",
    ],
)
def test_no_names_of_files(text: str) -> None:
    """What would leave its folder, hide something or be one of feeder's own files may not."""
    assert not is_file_name(text)
