"""Single values against their standards: addresses, ids, instants, languages, media types, markup in texts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feeder.check.instants import instant, rfc822_fault, rfc3339_fault
from feeder.check.markup import markup_faults, text_wrong
from feeder.check.values import address_fault, id_fault, is_mail, language_fault, media_type_fault
from tests.judging.broken_html import HTML_FAULTS


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://a.example", ""),
        ("http://user:pw@a.example:8080/%E9%A2%A8/?a=1&b=2#c", ""),
        ("https://[2001:db8::1]:80/x", ""),
        ("mailto:ada@a.example", ""),
        ("urn:uuid:x", ""),
        ("", "InvalidFullLink"),
        ("/x", "InvalidFullLink"),
        ("//a.example/x", "InvalidFullLink"),
        ("http:x", "InvalidFullLink"),
        ("http:///x", "InvalidFullLink"),
        ("https://a.example/風", "UriNotIri"),
        ("https://風.example/", "UriNotIri"),
        ("https://a.example/a b", "InvalidUriChar"),
        ("https://a.example/%zz", "InvalidUriChar"),
        ("https://a.example/[x]", "InvalidUriChar"),
        ("https://a.example/?x[]=1", "InvalidUriChar"),
        ('https://a.example/"', "InvalidUriChar"),
    ],
)
def test_addresses(url: str, code: str) -> None:
    """An address is absolute, in ASCII, of the characters of RFC 3986, and http(s) has a host."""
    fault = address_fault(url)
    assert (fault[0] if fault else "") == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("https://a.example/風", ""),
        ("tag:a.example,2020:x", ""),
        ("tag:ada@a.example,2020-01-31:x/y#z", ""),
        ("urn:uuid:E2B7A1DE-0C4F-5F60-8D1B-2F6F0C9B7A10", ""),
        ("urn:isbn:0451450523", ""),
        ("yt:video:abc", ""),
        ("tag:a.example:x", "InvalidTAG"),
        ("tag:a.example,20:x", "InvalidTAG"),
        ("urn:uuid:1", "InvalidUUID"),
        ("urn:x", "InvalidURN"),
        ("x", "InvalidFullLink"),
        ("http:x", "InvalidFullLink"),
        ("https://a.example/a b", "InvalidIRI"),
    ],
)
def test_ids(text: str, code: str) -> None:
    """An id is an absolute IRI, and what it claims to be."""
    fault = id_fault(text)
    assert (fault[0] if fault else "") == code


@pytest.mark.parametrize(
    ("text", "code", "meant"),
    [
        ("Thu, 29 Feb 2024 08:30:00 +0000", "", datetime(2024, 2, 29, 8, 30, tzinfo=UTC)),
        ("Thu, 29 Feb 2024 08:30:00 +0130", "", datetime(2024, 2, 29, 7, 0, tzinfo=UTC)),
        ("Wed, 28 Feb 2024 20:30:00 EST", "", datetime(2024, 2, 29, 1, 30, tzinfo=UTC)),
        ("29 Feb 2024 08:30 GMT", "", datetime(2024, 2, 29, 8, 30, tzinfo=UTC)),
        ("Thu, 29 Feb 2024 08:30:60 GMT", "", datetime(2024, 2, 29, 8, 30, 59, tzinfo=UTC)),
        ("Fri, 29 Feb 2024 08:30:00 +0000", "IncorrectDOW", datetime(2024, 2, 29, 8, 30, tzinfo=UTC)),
        ("Thu, 29 Feb 24 08:30:00 +0000", "ProblematicalRFC822Date", datetime(2024, 2, 29, 8, 30, tzinfo=UTC)),
        ("Mon, 01 Mar 99 08:30:00 +0000", "ProblematicalRFC822Date", datetime(1999, 3, 1, 8, 30, tzinfo=UTC)),
        ("Thu, 29 Feb 2024 08:30:00", "ProblematicalRFC822Date", datetime(2024, 2, 29, 8, 30, tzinfo=UTC)),
        ("Thu, 29 Feb 2024 08:30:00 M", "ProblematicalRFC822Date", datetime(2024, 2, 29, 8, 30, tzinfo=UTC)),
        ("Thu, 29 Feb 2023 08:30:00 +0000", "InvalidRFC2822Date", None),
        ("Thu, 29 Feb 2024 25:30:00 +0000", "InvalidRFC2822Date", None),
        ("Sat, 01 Jan 0001 00:00:00 +0100", "InvalidRFC2822Date", None),
        ("29. Februar 2024", "InvalidRFC2822Date", None),
    ],
)
def test_instants_of_rss(text: str, code: str, meant: datetime | None) -> None:
    """RFC 822's dates with the year in full, its zones and the right day; others mean something, or nothing."""
    fault = rfc822_fault(text)
    assert (fault[0] if fault else "") == code
    assert instant(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2024-02-29T08:30:00Z", datetime(2024, 2, 29, 8, 30, tzinfo=UTC)),
        ("2024-02-29T08:30:00.25+01:30", datetime(2024, 2, 29, 7, 0, 0, 250_000, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2024-02-29T08:30:00-00:00", datetime(2024, 2, 29, 8, 30, tzinfo=UTC)),
        ("2024-02-29", None),
        ("2024-02-29T08:30:00", None),
        ("2024-02-29 08:30:00Z", None),
        ("2024-02-29t08:30:00z", None),
        ("2024-02-30T08:30:00Z", None),
        ("2024-02-29T24:00:00Z", None),
        ("2024-02-29T08:30:00+24:00", None),
        ("9999-12-31T23:59:59-01:00", None),
        ("２０２４-02-29T08:30:00Z", None),
    ],
)
def test_instants_of_atom(text: str, meant: datetime | None) -> None:
    """RFC 3339's dates and times, with a zone, and nothing else."""
    assert instant(text) == meant
    assert (rfc3339_fault(text) is None) == (meant is not None)


def test_small_values() -> None:
    """Language tags, media types and mail addresses are what their standards say."""
    assert [tag for tag in ("en", "zh-Hant-TW", "x-a", "e", "en_US") if not language_fault(tag)] == [
        "en",
        "zh-Hant-TW",
        "x-a",
    ]
    types = ("audio/mpeg", "text/html; charset=utf-8", "mp3", "a/b/c", "a/b c")
    assert [text for text in types if not media_type_fault(text)] == list(types[:2])
    assert [mail for mail in ("a@b.example", "a@b", "a b@c", "@b", "a@@b") if is_mail(mail)] == ["a@b.example", "a@b"]


HARMLESS = ("class", "id", "data-attribute", "relative-usemap", "never-closed", "data-url")


@pytest.mark.parametrize("case", HTML_FAULTS, ids=lambda case: case[0])
def test_every_fault_that_the_judge_knows_in_markup_is_found(case: tuple[str, str]) -> None:
    """What must not stand in feeder's feeds is found in anyone's, but for what harms nobody."""
    name, markup = case
    assert bool(markup_faults(f"<p>x</p>{markup}")) == (name not in HARMLESS)


@pytest.mark.parametrize(
    "markup",
    [
        "<p>a<p>b<ul><li>x<li>y</ul>",
        '<p class="x" id="y" data-z="1" style="text-align: center; color: rgb(1, 2, 3)">x</p>',
        "<img src='https://a.example/x' srcset='https://a.example/x 1x, https://a.example/y, https://a.example/z 2x'>",
        '<a href="mailto:a@b.example">a</a> <a href="https://a.example/?x=1&amp;y=2">b</a> R&D &lt;script&gt;',
        "<table><thead><tr><th>a<th>b<tbody><tr><td>1<td>2</table>",
        "<br><BR/><hr />",
        '<img alt="" src="data:image/png;base64,AAAA">',
        "<video controls poster='https://a.example/p'><source src='https://a.example/v' type='video/mp4'></video>",
    ],
)
def test_markup_that_harms_nobody(markup: str) -> None:
    """HTML as people write it has no findings: end tags that may be left out, classes, harmless styles, pictures."""
    assert markup_faults(markup) == ()


@pytest.mark.parametrize(
    "markup",
    [
        "<b>" * 100_000 + "</i>" * 100_000,
        "<b " + "a " * 200_000 + ">",
        "<a href='" * 100_000,
        "<" * 300_000,
        "<!--" * 200_000,
        "</" * 200_000,
        "<script>" * 100_000,
        "&#" * 300_000 + "9" * 300_000,
        '<p style="' + "a:b;" * 100_000 + '">',
        '<img srcset="' + "x, " * 100_000 + '">',
        "<a " + "=" * 300_000 + ">",
    ],
    ids=lambda markup: markup[:10],
)
def test_hostile_markup_takes_linear_time(markup: str) -> None:
    """Markup made to take for ever is judged, and what is wrong with it is not a million faults."""
    assert len(markup_faults(markup)) < 100


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("R&D <b>x</b>", "</b>"),
        ("Vec<T>", ""),
        ("<青年论坛>", ""),
        ("a < b > c", ""),
        ("AT&T; or not", ""),
        ("&quot;x&quot;", "&quot;"),
        ("&#8217;", "&#8217;"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("<script>", "<script>"),
        ("</T>", ""),
        ("Fish &amp; chips", "&amp;"),
    ],
)
def test_texts_that_are_html(text: str, wrong: str) -> None:
    """Markup and entities in a text are named; what only looks like them is text."""
    assert text_wrong(text) == wrong
