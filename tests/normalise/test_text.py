"""Text, cuts and summaries: SPEC §5.10."""

from __future__ import annotations

from html import escape

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from feeder.normalise import text as module
from feeder.normalise.text import SUMMARY_LENGTH, before_more, cut, summary, to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p>a</p><p>b</p>", "a b"),
        ("<p>a<br>b</p>\n\n<ul><li>c</li><li>d</li></ul>", "a b c d"),
        ("a<b>b</b><i>c</i> <code>d</code>", "abc d"),
        ('a<img src="https://x.example/i.png" alt="picture"> b', "a b"),
        ("R&amp;D &lt;b&gt; &#x4e2d;&nbsp;x &amp;lt;", "R&D <b> 中 x &lt;"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1 2"),
        ("a<!-- no -->b", "ab"),
        ("a&#8;b", "ab"),
        ("&#" + "1" * 5000 + ";", "&#" + "1" * 5000 + ";"),
    ],
)
def test_text_is_what_a_reader_sees_on_one_line(html: str, text: str) -> None:
    """Blocks are parted by a space, inline tags by nothing, entities are unescaped, alternative texts left out."""
    assert to_text(html) == text


def test_reading_stops_at_the_limit() -> None:
    """With a limit no more is read than a text of that length needs; what is shorter is whole."""
    html = "<p>one</p>" * 1000
    assert len(to_text(html)) == 3999
    assert to_text(html, 10) == "one one one one"
    assert to_text("<p>one</p> two", 10) == "one two"
    assert to_text("<b>a</b><b>b</b><b>c</b>", 2) == "ab"


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("short", 5, "short"),
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two…"),
        ("one two three", 8, "one two…"),
        ("one two three", 9, "one two…"),
        ("one two three", 7, "one…"),
        ("enormous", 5, "enor…"),
        (" enormous", 5, " eno…"),
        ("中文沒有空格", 4, "中文沒…"),
        ("see中文沒有", 5, "see中…"),
        ("中文English", 6, "中文…"),
        ("ทำทำทำ", 4, "ทำ…"),
        ("e\u0301e\u0301e\u0301", 4, "e\u0301…"),
        ("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 10, "👩‍👩‍👧‍👦…"),
        ("🇫🇷🇩🇪🇮🇹", 4, "🇫🇷…"),
        ("e" + "\u0301" * 50, 10, "…"),
    ],
)
def test_a_cut_ends_with_a_word_or_a_whole_cluster(text: str, length: int, expected: str) -> None:
    """Text is cut at a word; where there are no spaces at a character; never inside a cluster."""
    assert cut(text, length) == expected


@given(st.text(max_size=60) | st.text("ab 中\u0301👩\u200d", max_size=60), st.integers(1, 40))
def test_a_cut_is_a_prefix_of_bounded_length(text: str, length: int) -> None:
    """A cut is never longer than asked for, and what it keeps is how the text begins."""
    done = cut(text, length)
    assert len(done) <= length
    assert done == text or (done.endswith("…") and text.startswith(done[:-1]))


def test_what_is_cut_anywhere_has_no_clusters() -> None:
    """Text is cut without a look for clusters only where Unicode says that each of its characters is one."""
    single = "".join(one for one in map(chr, range(0x11000)) if module._SINGLE.fullmatch(one))
    assert len(single) > 20_000
    assert regex.fullmatch(r"\p{Grapheme_Cluster_Break=Other}+", single)
    assert len(regex.findall(r"\X", single)) == len(single)


@pytest.mark.parametrize(
    ("body", "separator", "before"),
    [
        ("a<!--more-->b", "", "a"),
        ("a<!--  More\n-->b", "", "a"),
        ("a<!-- more of it -->b", "", None),
        ("a", "", None),
        ("", "", None),
        ("a\n\nb", "\n\n", "a"),
        ("\n\na\n\nb", "\n\n", "\n\na"),
        ("a<!--more-->b\n\nc", "\n\n", "a"),
        ("a\n\nb<!--more-->c", "\n\n", "a"),
        ("a<!--cut-->b", "<!--cut-->", "a"),
        ("a<!--CUT-->b", "<!--cut-->", None),
        ("```\n<!--more-->\n```\na<!--more-->b", "", "```\n<!--more-->\n```\na"),
        ("```\n~~~\n<!--more-->\n```\na", "", None),
        ("~~~\n<!--more-->", "", None),
    ],
)
def test_an_excerpt_ends_before_the_mark(body: str, separator: str, before: str | None) -> None:
    """What stands before `<!--more-->` or the separator, whichever comes first and outside of fenced code."""
    assert before_more(body, separator) == before


@pytest.mark.parametrize(
    ("explicit", "before", "text", "expected"),
    [
        ("own\nwords", "before", "before and after", "own words"),
        ("", "before", "before and after", "before"),
        ("", "", "short", ""),
        ("", "", "", ""),
        ("short ", "", "short", ""),
        ("", "short", "short", ""),
        ("", "", "word " * 100, "word " * 55 + "word…"),
        ("", "", "字" * 281, "字" * 279 + "…"),
        ("", "", "字" * 280, ""),
    ],
)
def test_a_summary_is_the_posts_own_or_how_it_begins(explicit: str, before: str, text: str, expected: str) -> None:
    """Its own, what stands before the mark, the first 280 characters; nothing where that is the whole text."""
    assert summary(explicit, before, text) == expected
    assert len(summary("", "", text)) <= SUMMARY_LENGTH


@given(st.lists(st.text("a<>& 中", max_size=10), max_size=5))
def test_escaped_text_comes_back(words: list[str]) -> None:
    """What is escaped into paragraphs is read back as the same words."""
    html = "".join(f"<p>{escape(word)}</p>" for word in words)
    assert to_text(html) == " ".join(" ".join(words).split())
