"""Bodies as pages show them: nothing is loaded, nothing is lost, and headings stand in order."""

from __future__ import annotations

import re
from typing import cast

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.config.slices import Sanitizer
from feeder.model.entry import SafeHtml
from feeder.normalise.pagebody import for_page
from feeder.normalise.sanitise import clean

BASE = "https://example.org/"
X = f"{BASE}x.png"


def _for_page(html: str, sanitizer: Sanitizer = Sanitizer.NH3) -> str:
    return for_page(clean(html, BASE, sanitizer), sanitizer)


@pytest.mark.parametrize("sanitizer", Sanitizer)
@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Text &amp; <em>more</em></p>", "<p>Text &amp; <em>more</em></p>"),
        (f'<img src="{X}" alt="A light">', f'<a href="{X}">[A light]</a>'),
        (f'<img src="{X}">', f'<a href="{X}">[image]</a>'),
        (f'<img src="{X}" alt=" ">', f'<a href="{X}">[image]</a>'),
        ('<img alt="only text">', "[only text]"),
        (f'<img src="{X}?a&amp;b" alt="&lt;b&gt; &quot;q&quot;">', f'<a href="{X}?a&amp;b">[&lt;b&gt; "q"]</a>'),
        (f'<a href="{BASE}"><img src="{X}" alt="in"></a>', f'<a href="{BASE}">[in]</a>'),
        (f'<a href="{BASE}"><em><img src="{X}" alt="in"></em></a>', f'<a href="{BASE}"><em>[in]</em></a>'),
        (f'<a href="{BASE}"> </a>after', " after"),
        ("<h1>One</h1><h6>Six</h6>", "<h4>One</h4><h4>Six</h4>"),
        ("<h2> </h2>x", " x"),
        (f'<h2><a href="{BASE}"></a></h2>x', "x"),
        (f'<h2><a href="{BASE}">y</a></h2>', f'<h4><a href="{BASE}">y</a></h4>'),
        (f'<h2><img src="{X}" alt="y"></h2>', f'<h4><a href="{X}">[y]</a></h4>'),
        (
            "<table><tbody><tr><th>h</th><th> </th></tr></tbody></table>",
            "<table><tbody><tr><th>h</th><td> </td></tr></tbody></table>",
        ),
        ('<main dir="rtl"><nav>x</nav></main>', '<div dir="rtl"><div>x</div></div>'),
        (f'<video src="{X}" poster="{X}">film</video>', "film"),
        (f'<audio src="{X}"><track src="{X}">sound</audio>', "sound"),
        (f'<picture><source srcset="{X}"><img src="{X}" alt="p"></picture>', f'<a href="{X}">[p]</a>'),
    ],
)
def test_what_a_page_shows(html: str, expected: str, sanitizer: Sanitizer) -> None:
    """Media become links or their text, headings are of one level, landmarks blocks; what holds nothing goes."""
    assert _for_page(html, sanitizer) == expected


@pytest.mark.parametrize("sanitizer", Sanitizer)
def test_a_link_that_holds_a_space_that_does_not_break(sanitizer: Sanitizer) -> None:
    """It holds nothing, as either sanitizer writes it."""
    assert _for_page(f'<a href="{BASE}">&nbsp;</a>after', sanitizer).replace("&nbsp;", "\xa0") == "\xa0after"


def test_what_needs_nothing_is_as_it_was() -> None:
    """A body without any of these is not cleaned a second time."""
    body = SafeHtml("<p>A body</p>")
    assert for_page(body, Sanitizer.NH3) is body


def test_an_end_without_a_beginning() -> None:
    """What no cleaner leaves does no harm either."""
    assert for_page(cast("SafeHtml", "<h1>x</a></h1></h2>y"), Sanitizer.NH3) == "<h4>x</h4>y"


PIECES = st.sampled_from(
    (
        *(f'<img src="{X}" alt="a">', f'<a href="{BASE}">', "</a>", "<h1>", "</h1>", "<h3>", "</h3>", "<p>", "</p>"),
        *(
            "<main>",
            "</main>",
            "<table><tr><td>",
            "</td></tr></table>",
            "<ul><li>",
            "</ul>",
            "text",
            " ",
            "<b>",
            "</b>",
        ),
        *("<video>", f'<source src="{X}">', "</video>", "<div>", "</div>", "<pre>", "</pre>", "&nbsp;", "&lt;img&gt;"),
    )
)


@given(st.lists(PIECES, max_size=30))
def test_whatever_a_body_is(pieces: list[str]) -> None:
    """Nothing that loads, no heading of another level and no landmark is left; no text is lost; again is the same."""
    body = clean("".join(pieces), BASE, Sanitizer.NH3)
    shown = for_page(body, Sanitizer.NH3)
    names = {str(element.tag) for element in html5lib.parseFragment(shown, namespaceHTMLElements=False).iter()}
    assert not names & {"img", "video", "source", "main", "h1", "h3"}
    assert re.sub(r"\s|\[\w*\]", "", _text(shown)) == re.sub(r"\s", "", _text(body))
    assert for_page(shown, Sanitizer.NH3) == shown


def _text(html: str) -> str:
    return "".join(html5lib.parseFragment(html, namespaceHTMLElements=False).itertext())
