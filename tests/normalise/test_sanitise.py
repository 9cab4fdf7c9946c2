from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given

from feeder.config.slices import Sanitizer
from feeder.normalise import sanitise
from feeder.normalise.sanitise import POLICY, clean, strip_tags
from tests.normalise.attacks import ATTACKS, BODIES, dangers

BASE = "https://example.org/a/b"

both = pytest.mark.parametrize("sanitizer", list(Sanitizer))


@both
@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ""),
        ("<p>a<br>b</p>", "<p>a<br>b</p>"),
        ("<p>unclosed<b>bold", "<p>unclosed<b>bold</b></p>"),
        ("a < b & c &amp;lt; &lt;b&gt; R&D &copy;", "a &lt; b &amp; c &amp;lt; &lt;b&gt; R&amp;D ©"),
        ("<p title='a&amp;lt;&quot;b'>x</p>", '<p title="a&amp;lt;&quot;b">x</p>'),
        ("<p onclick=1 style=x class=y id=z data-a=b lang=en dir=rtl>x</p>", '<p lang="en" dir="rtl">x</p>'),
        ("<blink><font color=red>x</font></blink>", "x"),
        ("<form><label>x</label><button>y</button></form>", "xy"),
        ("a<!-- x -->b<!-->c", "abc"),
        ("<?xml version='1.0'?><!DOCTYPE html>x", "x"),
        ("a<script>x</script>b<style>y</style>c", "abc"),
        ("a<textarea>x</textarea>b<select><option>y</select>c", "abc"),
        ("a<svg><text>x</text></svg>b<math><mi>y</mi></math>c", "abc"),
        ("a<template><p>x</p></template>b<object><p>y</p></object>c", "abc"),
        ("a<iframe>x</iframe>b<noscript><p>y</p></noscript>c<title>z</title>d", "abcd"),
        ("a<object>x<object>y</object>z</object>b", "ab"),
        ("<embed src=x><link href=x><meta name=x><base href=//h/>x", "x"),
        ("<a href='javascript:1'>x</a>", "<a>x</a>"),
        ("<a href='data:x' title=t>x</a>", '<a title="t">x</a>'),
        ("<a href='mailto:a@example.org'>x</a>", '<a href="mailto:a@example.org">x</a>'),
        ("<a href='tel:+1'>x</a>", '<a href="tel:+1">x</a>'),
        (
            "<a href='?a=1&copy=2&amp;lt=3&amp;lt;=4'>x</a>",
            '<a href="' + BASE + '?a=1&amp;copy=2&amp;lt=3&amp;lt;=4">x</a>',
        ),
        ("<a href='#f'>x</a>", f'<a href="{BASE}#f">x</a>'),
        ("<img src='../x y.png' alt='z'>", '<img src="https://example.org/x%20y.png" alt="z">'),
        ("<img src=//h/x>", '<img src="https://h/x">'),
        ("<img srcset='x 1x, javascript:1 2x'>", '<img srcset="https://example.org/a/x 1x">'),
        ("<img srcset='data:x'>", "<img>"),
        ("<blockquote cite=x>y</blockquote>", '<blockquote cite="https://example.org/a/x">y</blockquote>'),
        ("<q cite='javascript:1'>y</q>", "<q>y</q>"),
        (
            "<video poster=p src=s controls onplay=1></video>",
            '<video poster="https://example.org/a/p" src="https://example.org/a/s"></video>',
        ),
        ("<a href='x' rel='tag'>y</a>", '<a href="https://example.org/a/x" rel="tag">y</a>'),
        ("<p>a&#8;b\x0bc&#x1b;[0m\u2028d</p>", "<p>abc[0m\nd</p>"),
        ("<pre>" + "\n" * 30 + "x\n y</pre>", "<pre>x\n y</pre>"),
        ("<pre><script></script>\n\nx</pre>", "<pre>x</pre>"),
        ("<p><button><p>x</p></button></p>", "<p></p><p>x</p><p></p>"),
        ("<table><tr><td>x", "<table><tbody><tr><td>x</td></tr></tbody></table>"),
        ("</p></div>x", "<p></p>x"),
        ("<罪与罚>", "&lt;罪与罚&gt;"),
    ],
)
def test_cleaning(html: str, expected: str, sanitizer: Sanitizer) -> None:
    """What the policy allows stays, absolute and balanced; the rest goes, its text too where the policy says so."""
    assert clean(html, BASE, sanitizer) == expected


@both
@pytest.mark.parametrize("element", sorted(POLICY.dropped - {"plaintext", "frameset"}))
def test_dropped_elements_go_with_their_text(element: str, sanitizer: Sanitizer) -> None:
    """Nothing is left of an element whose text is not for readers."""
    assert clean(f"a<{element}>x</{element}>b", BASE, sanitizer) == "ab"


@both
@pytest.mark.parametrize("element", ["abbr", "figure", "h1", "ins", "kbd", "mark", "ruby", "sup", "time", "details"])
def test_what_articles_are_made_of_stays(element: str, sanitizer: Sanitizer) -> None:
    """An allowed element is left as it is."""
    assert clean(f"<{element}>x</{element}>", BASE, sanitizer) == f"<{element}>x</{element}>"


def test_the_policy_allows_nothing_that_the_specification_forbids() -> None:
    """No forbidden element or attribute is on the list, and every URL attribute is known as one."""
    forbidden = "script style svg math form object embed iframe meta link base template noscript textarea select"
    assert not POLICY.elements & set(forbidden.split())
    assert not POLICY.elements & POLICY.dropped
    attributes = POLICY.everywhere.union(*POLICY.attributes.values())
    assert not attributes & {"style", "class", "id"}
    assert not [name for name in attributes if name.startswith(("on", "data-"))]
    assert attributes & {"href", "src", "poster", "cite", "action", "background", "longdesc"} == POLICY.urls


@both
@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("base", [BASE, ""])
def test_our_own_attacks(attack: str, base: str, sanitizer: Sanitizer) -> None:
    """An independent parser finds nothing dangerous in what was cleaned, and cleaning again changes nothing."""
    cleaned = clean(attack, base, sanitizer)
    assert dangers(cleaned) == []
    assert clean(cleaned, base, sanitizer) == cleaned


@both
@pytest.mark.parametrize("corpus_name", ["dompurify_expect", "owasp_filter_evasion"])
def test_hostile_corpora(hostile: Callable[[str], list[Any]], corpus_name: str, sanitizer: Sanitizer) -> None:
    """Of other people's attacks nothing is left either, alone or inside of a body."""
    for item in hostile(corpus_name):
        for body in (item["payload"], f"<div><p>a {item['payload']} b</p></div>"):
            cleaned = clean(body, BASE, sanitizer)
            assert dangers(cleaned) == [], item["id"]
            assert clean(cleaned, BASE, sanitizer) == cleaned, item["id"]


@both
@given(BODIES)
def test_whatever_is_cleaned_is_safe_and_a_fixed_point(sanitizer: Sanitizer, html: str) -> None:
    """Of any markup nothing dangerous is left, for this sanitizer and for the other."""
    cleaned = clean(html, BASE, sanitizer)
    assert dangers(cleaned) == []
    assert clean(cleaned, BASE, sanitizer) == cleaned
    assert all(dangers(clean(cleaned, BASE, other)) == [] for other in Sanitizer)


@both
@pytest.mark.parametrize("piece", ["&amp;", "x", "é ", "&lt;b&gt; ", "青年\U0001f600"])
def test_long_texts_stay_whole(piece: str, sanitizer: Sanitizer) -> None:
    """A text is not changed by being long, inside of an element or outside."""
    html = f"<p>{piece * 9000}</p>{piece * 9000}<br>{piece * 20}"
    assert clean(html, "", sanitizer) == html


@both
def test_long_attributes_go(sanitizer: Sanitizer) -> None:
    """An attribute of more than 8 KB goes, and a srcset of more than 64 KB; empty ones stay."""
    long = f"https://example.org/{'x' * 8000}"
    html = f'<img alt="" title="{"x" * 8193}" src="{long}" srcset="{", ".join([long] * 9)}">'
    assert clean(html, "", sanitizer) == f'<img alt="" src="{long}">'
    html = f'<img title="{"x" * 8192}" srcset="{", ".join([long] * 8)}">'
    assert clean(html, "", sanitizer) == html


@both
def test_the_text_that_attackers_leave_is_kept(sanitizer: Sanitizer) -> None:
    """Text around what is taken away stays."""
    assert clean("a<img src=x onerror=alert(1)>b", "", sanitizer) == "a<img>b"


@both
def test_each_body_has_its_own_base(sanitizer: Sanitizer) -> None:
    """Relative references of one body are never resolved against the base of another that was cleaned before."""
    for base in ("https://a.example/", "https://b.example/", "https://a.example/"):
        assert clean("<a href='x'>y</a>", base, sanitizer) == f'<a href="{base}x">y</a>'
    assert clean("<a href='x'>y</a>", "", sanitizer) == "<a>y</a>"


def test_a_body_that_never_settles_becomes_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should an engine give something else every time, only the text is published."""
    engines = {Sanitizer.NH3: lambda html, _base: html + "<b>x</b>\x08"}
    monkeypatch.setattr(sanitise, "_ENGINES", MappingProxyType(engines))
    assert clean("</b>a&lt;b", "", Sanitizer.NH3) == "a&lt;b" + "x" * 12


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a <b onclick=x>b</b> <!-- c -->d", "a b d"),
        ("a<script>x</script>b<style>y</style>c", "abc"),
        ("&lt;b&gt; &amp;lt; R&D", "&lt;b&gt; &amp;lt; R&amp;D"),
        ("<p>a</p><p>b</p>", "a\nb"),
        ("", ""),
    ],
)
def test_strip_tags(text: str, expected: str) -> None:
    """Only text is left, escaped as HTML."""
    assert strip_tags(text) == expected
