from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.normalise import guards
from feeder.normalise.guards import too_much

DEEP = "is nested more than 256 elements deep"
MANY = "has more than 50,000 tags"
WIDE = "has a tag with more than 200 attributes"
OPEN = "never closes elements that a parser would then repeat more often than 50,000 times, or over 2 MB"
HIDDEN = "hides too much markup in a drawing or formula"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ""),
        ("x" * 2_000_000, ""),
        ("x" * 2_000_001, "is over 2 MB long"),
        ("é" * 1_000_000, ""),
        ("é" * 1_000_001, "is over 2 MB long"),
        ("\ud800" * 700_000, "is over 2 MB long"),
        ("<br>" * 50_000, ""),
        ("<br>" * 50_001, MANY),
        ("<!--" + "<b>" * 50_001, MANY),
        ("<" * 60_000, ""),
        ("<p" + " a" * 200 + ">", ""),
        ("<p" + " a" * 201 + ">", WIDE),
        ("<p" + " a=1" * 201, WIDE),
        ("</p" + " a" * 201 + ">", WIDE),
        *((f"<{name}>" * 100_000, MANY) for name in ("div", "b", "font", "a", "span", "x")),
        *((f"<{name}>" * 256, "") for name in ("div", "b", "font", "span", "x", "svg", "section")),
        *((f"<{name}>" * 257, DEEP) for name in ("div", "b", "font", "span", "x", "svg", "section")),
        *((f"<{name}>x" * 3000, "") for name in ("p", "a", "nobr", "td", "br", "img", "hr", "h1", "button")),
        ("".join(f"<b i={number}>" for number in range(257)), DEEP),
        ("<p><div>" * 129, ""),
        ("<p><div>" * 257, DEEP),
        ("<ul>" + "<li>x" * 3000, ""),
        ("<ul>" + "<li><div>x" * 3000, ""),
        ("<ul><li>" * 129, DEEP),
        ("<dl>" + "<dt>x<dd>y" * 3000, ""),
        ("<table>" + "<tr><td>x" * 3000, ""),
        ("<table>" + "<tbody><tr><th>x<b>y" * 3000, ""),
        ("<table>\n<caption>x<tr>\n<td><b>x\n</tr>\n" * 3000, ""),
        ("<table>x" * 3000, ""),
        ("<table><td>" * 65, DEEP),
        ("<select>" + "<option>x" * 3000 + "</select>", ""),
        ("<select>" * 3000, ""),
        ("<select><optgroup></div></optgroup><option></select>" * 3000, ""),
        ("<h1><h2>" * 3000, ""),
        ("<h1>x</h2>" * 3000, ""),
        ("<p><b>x" * 1000, ""),
        ("<p><b>x</p>\n" * 300, DEEP),
        ("<div><b></div></b>" * 3000, ""),
        ("<a><div>" * 300, DEEP),
        ("<b><p></b></p>" * 3000, ""),
        ("<b><i></b></i>" * 3000, ""),
        ("<div><b><i></div></b></i>" * 3000, ""),
        ("<form></form>" * 3000, ""),
        ("<form><div></form>" * 300, DEEP),
        ("<li><ul></li>" * 300, DEEP),
        ("<p><button></p>" * 300, ""),
        ("<div><span></x>" * 150, DEEP),
        ("<span><div></span>" * 150, DEEP),
        ("</b></p></br></x></form>" * 3000, ""),
        ("</p>" * 50_001, OPEN),
        ("</br>" * 50_001, OPEN),
        ("<p>" + "".join(f"<b i={number}>" for number in range(250)) + "</p><p>x" * 300, OPEN),
        ("<p><b title='" + "x" * 100_000 + "'>" + "</p><p>x" * 30, OPEN),
        ("<svg>" + "<path d='M0'/>" * 3000 + "</svg>", ""),
        ("<svg>" + "<g>" * 257, DEEP),
        ("<svg>" + "<g></g></x>" * 3000, ""),
        ("<svg/>" + "<x/>" * 300, DEEP),
        ("<svg><p>" + "<x/>" * 300, DEEP),
        ("<svg></p>" + "<x/>" * 300, DEEP),
        ("<svg><font color=x>" + "<x/>" * 300, DEEP),
        ("<svg><font>" + "<x/>" * 300, ""),
        ("<svg><desc>" + "<x/>" * 300, DEEP),
        ("<svg><desc><svg>" + "<x/>" * 300, ""),
        ("<desc><svg>" + "<option>" * 300, DEEP),
        ("<div><svg><g></div>" * 300, ""),
        ("<rt><math><rt><math></rt>" * 300, DEEP),
        ("<table><td><b>" + "</td><td>x" * 3000, ""),
        ("<table><td>" + "<b i=1><b i=2><b i=3><b i=4></td>x<td>" * 3000, ""),
        ("<svg><style>" + "<b>" * 50, ""),
        ("<svg><style>" + "<b>" * 51, HIDDEN),
        ("<math>" + "<![CDATA[x]]>" * 51, HIDDEN),
        ("<style>" + "<b>" * 51 + "</style>", ""),
        ("<svg><style><b" + " a" * 201 + ">", WIDE),
    ],
)
def test_limits(html: str, expected: str) -> None:
    """A body is too much when it, or the tree that a parser would build of it, is beyond a limit."""
    assert too_much(html) == expected


@pytest.mark.parametrize("name", ["magazine", "agency"])
def test_no_real_post_is_too_much(corpus: Callable[[str], Path], name: str) -> None:
    """Of the real archives no post meets a limit, broken as their markup is."""
    files = [path for path in corpus(name).rglob("*.md") if path.is_file()]
    assert files
    assert [path.name for path in files if too_much(path.read_text(encoding="utf-8"))] == []


_NAMES = """
    div p b i a font span li ul dl dt table tr td caption h1 button form section svg desc g x nobr br option pre object
""".split()
_UNITS = st.lists(
    st.sampled_from([f"<{name}>" for name in _NAMES] + [f"</{name}>" for name in _NAMES if name != "br"] + ["x", " "]),
    min_size=1,
    max_size=8,
).map("".join)
# html5lib keeps a drawing open at `</p>`, where the standard ends it (§13.2.6.5): no body is cleaned by its tree alone.
_UNITS = _UNITS.filter(lambda unit: not ("<svg>" in unit and "</p>" in unit))


def depth(html: str) -> int:
    """How deep the tree is that html5lib builds."""
    waiting = [(html5lib.parse(f"<!doctype html><body>{html}", namespaceHTMLElements=False)[1], 0)]
    deepest = 0
    while waiting:
        element, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((child, level + 1) for child in element)
    return deepest


@given(_UNITS)
def test_no_repetition_builds_a_deep_tree_unseen(unit: str) -> None:
    """Whatever is repeated, a tree that is far deeper than the limit is never let through."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guards, "MAX_DEPTH", 16)
        patch.setattr(guards, "is_tame", lambda *_: False)
        html = unit * 40
        assert too_much(html) or depth(html) <= 40
