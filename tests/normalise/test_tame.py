"""The cheap look at a body may only ever say what the thorough one says as well."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.collect.frontmatter import parse
from feeder.config.slices import Sanitizer
from feeder.normalise import guards, sanitise
from feeder.normalise.sanitise import POLICY, clean
from feeder.normalise.tame import is_tame

OTHERS = ("blink", "noscript", "iframe", "style", "svg", "form", "object", "link", "meta", "input", "embed", "base")
NAMES = sorted((*POLICY.elements, *OTHERS))
PIECES = st.one_of(
    st.sampled_from([f"<{name}>" for name in NAMES]),
    st.sampled_from([f"</{name}>" for name in NAMES]),
    st.sampled_from(
        [
            *("\n", "x", "a < b", "&amp;", "<!-- c -->", '<a href="/x" title="<b>">', "<img src=/a.png>", "<br/>"),
            *("</P>", "<p\u3000>", '<p a="{"b": "c"}">', "<noscript></noscript >", "<p/>"),
        ]
    ),
)


def _nested(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    inner = st.lists(children, max_size=3).map("".join)
    return st.builds(lambda name, text: f"<{name}>{text}</{name}>", st.sampled_from(NAMES), inner)


MARKUP = st.one_of(st.lists(PIECES, max_size=12).map("".join), st.recursive(st.sampled_from(["", "x", "\n"]), _nested))


@given(MARKUP)
def test_what_is_tame_is_within_every_limit(html: str) -> None:
    """The guards find nothing in what is tame, when they look at it themselves."""
    if is_tame(html, POLICY.elements):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(guards, "is_tame", lambda *_: False)
            assert guards.too_much(html) == ""


@given(MARKUP)
def test_what_is_tame_is_clean_after_one_round(html: str) -> None:
    """Cleaning once what is tame gives what cleaning until nothing changes gives."""
    if is_tame(html, POLICY.elements):
        once = clean(html, "https://example.org/", Sanitizer.NH3)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sanitise, "is_tame", lambda *_: False)
            assert clean(html, "https://example.org/", Sanitizer.NH3) == once


@pytest.mark.parametrize(
    "html",
    [
        "plain text, and a < b",
        "<article><h1>T</h1><p>one <b>two</b><br>three</p><ul><li>four</li></ul></article>",
        '<p><a href="/x"><img src="/y.png" alt="a and b"></a></p>',
        "<div><noscript><img src=/a.png></noscript><iframe src=/b>x</iframe></div>",
        "<p>x<!-- a comment -->y</p>",
        "<p title='it is \"so\"'>x</p>",
        "<P CLASS=a>one</P><LINK rel=stylesheet href=/x><meta name=a content=b>",
        "<p>a<p>b",
        "<p>one<figure><img src=/a.png></figure></p>",
        "x</p>",
        '<a data-attributes="{"title": "", "alt": ""}" href=/x>y</a>',
        "<noscript><img src=/a.png></noscript >",
        f"<p {'a ' * 200}>x</p>",
    ],
)
def test_careful_html_is_tame(html: str) -> None:
    """What careful authors and programs write is spared the thorough look."""
    assert is_tame(html, POLICY.elements)


@pytest.mark.parametrize(
    "html",
    [
        "x" * 500_001,
        "<" * 50_001,
        "<p>" + "<b>" * 200,
        f"<p {'a ' * 201}>x</p>",
        "<p><b><div>x</div></b></p>",
        "<b><i>x</b></i>",
        "<p><b></p>",
        "</b>",
        "</br>",
        "<a href=/x><a href=/y>x</a></a>",
        "<h1><h2><h3>x</h3></h2></h1>",
        "<li>x</li>",
        "<table><tr><td>x</td></tr></table>",
        "<blink>x</blink>",
        "<noscript>x",
        "<noscript><!-- </noscript>",
        "<noscript><!-- --></noscript>",
        "<noscript></noscript ><b><i>x</b></i></noscript>",
        "<b\u3000></b\u3000>",
        "<pre><link>\nx</pre>",
        "<o:p></o:p>",
        "<a href=>x</a>",
        "<pre><!-- -->\nx</pre>",
        "<pre><style></style>\nx</pre>",
        "<script>x</script>",
        "<p",
        '<p title="x>y</p>',
        "<!doctype html>",
        "<!-->",
    ],
)
def test_everything_else_is_looked_at_thoroughly(html: str) -> None:
    """What a parser would close, move or repeat by itself, and what is too much, is not tame."""
    assert not is_tame(html, POLICY.elements)


def test_most_real_bodies_are_tame(corpus: Callable[[str], Path]) -> None:
    """The cheap look serves: it is enough for a third of the magazine's long articles at least."""
    files = sorted(corpus("magazine").rglob("*.md"))
    bodies = [parse(file.read_text(encoding="utf-8"), file.name).body for file in files]
    assert sum(is_tame(body, POLICY.elements) for body in bodies) > len(bodies) / 3
