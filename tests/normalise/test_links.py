from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.normalise import links
from feeder.normalise.links import resolve, resolve_srcset, web_address

BASE = "https://example.org/a/b?c#d"
# RFC 3986's characters; W3C's validator (UriNotIri) asks for no more. Brackets stand around an IPv6 address only.
URI = re.compile(
    r"(?:https?://[A-Za-z0-9\-._~!$&'()*+,;=:@/?%#\[\]]+|(?:mailto|tel):[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]+)"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://example.org", "https://example.org"),
        ("HTTPS://Example.ORG/Path?Q#F", "https://example.org/Path?Q#F"),
        ("  http://example.org/a b\n", "http://example.org/a%20b"),
        ("http://example.org/巴西.png?x=é#ü", "http://example.org/%E5%B7%B4%E8%A5%BF.png?x=%C3%A9#%C3%BC"),
        ("http://example.org/%41%zz%", "http://example.org/%41%25zz%25"),
        ("http://example.org/\"<>`{}|^[]'", "http://example.org/%22%3C%3E%60%7B%7D%7C%5E%5B%5D'"),
        ("http://example.org/a\\b?c\\d", "http://example.org/a/b?c%5Cd"),
        ("http://example.org/#a#b", "http://example.org/#a%23b"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://faß.example/", "http://xn--fa-hia.example/"),
        ("http://例え。jp./", "http://xn--r8jz45g.jp/"),
        ("http://ex%61mple.org/", "http://example.org/"),
        ("http://user:pä@example.org:8080/", "http://user:p%C3%A4@example.org:8080/"),
        ("http://example.org:/", "http://example.org/"),
        ("http://[::1]:80/", "http://[::1]:80/"),
        ("http://a_b.example/", "http://a_b.example/"),
        ("http://example.org/\x00\x1b\u200b\u202ex", "http://example.org/x"),
        ("http://example.org/\ud800x", "http://example.org/x"),
        ("", ""),
        ("example.org", ""),
        ("//example.org", ""),
        ("ftp://example.org/", ""),
        ("javascript://example.org/%0aalert(1)", ""),
        ("http:///x", ""),
        ("http:/x", ""),
        ("http:x", ""),
        ("http://", ""),
        ("http://:80/", ""),
        ("http://user@/", ""),
        ("http://example.org:99999/", ""),
        ("http://example.org:8a/", ""),
        ("http://[::1/", ""),
        ("http://[::g]/", ""),
        ("http://[fe80::1%25eth0]/", ""),
        ("http://[::1]x/", ""),
        ("http://a b/", ""),
        ("http://a..b/", ""),
        ("http://exa%23mple.org/", ""),
        ("http://%ff.org/", ""),
        ("http://℀.example/", ""),
        ("http://" + "a" * 64 + ".org/", ""),
        ("http://" + "ü" * 60 + ".org/", ""),
        ("http://" + "ü" * 64 + ".org/", ""),
        ("http://" + "a." * 130 + "org/", ""),
        ("http://" + "a" * 2000 + "/", ""),
        ("http://example.org/" + "x" * 8192, ""),
        ("http://example.org/" + "ü" * 4000, ""),
    ],
)
def test_web_address(text: str, expected: str) -> None:
    """A web address is an absolute http(s) URL in percent-encoded ASCII, and nothing else is one."""
    assert web_address(text) == expected


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("x.png", "https://example.org/a/x.png"),
        ("../x", "https://example.org/x"),
        ("../../../x", "https://example.org/x"),
        (".", "https://example.org/a/"),
        ("..", "https://example.org/"),
        ("./x/../y/", "https://example.org/a/y/"),
        ("/x y", "https://example.org/x%20y"),
        ("?q=1", "https://example.org/a/b?q=1"),
        ("?", "https://example.org/a/b?"),
        ("#f", "https://example.org/a/b?c#f"),
        ("//other.example/x", "https://other.example/x"),
        ("\\\\other.example\\x", "https://other.example/x"),
        ("/\\other.example/x", "https://other.example/x"),
        (" \n http://other.example/ü\t", "http://other.example/%C3%BC"),
        ("htt\np://other.example/", "http://other.example/"),
        ("mailto:a@example.org?subject=a b", "mailto:a@example.org?subject=a%20b"),
        ("TEL: +1 2", "tel:+1%202"),
        ("x:y", None),
        ("1:2", "https://example.org/a/1:2"),
        ("青年:x", "https://example.org/a/%E9%9D%92%E5%B9%B4:x"),
        ("", None),
        (" \n", None),
        ("mailto:", None),
        ("//", None),
        ("///x", None),
        ("http:x", None),
        ("http:///x", None),
        ("http:javascript:alert(1)", None),
        ("x" * 8193, None),
        ("ü" * 8000, None),
        ("mailto:" + "ü" * 8000, None),
        ("javascript:1", None),
        ("JaVaScRiPt:alert(1)", None),
        (" \x01javascript:1", None),
        ("java\tscr\nipt:1", None),
        ("java\x00script:1", None),
        ("\u3000javascript:1", None),
        ("\ufeffjava\u200bscript:1", None),
        ("javascript\x7f:1", None),
        ("vbscript:x", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("blob:https://example.org/1", None),
        ("about:blank", None),
        ("view-source:https://example.org/", None),
        ("ftp://example.org/", None),
        ("C:\\x", None),
    ],
)
def test_resolve(reference: str, expected: str | None) -> None:
    """A reference becomes an absolute URL of a scheme that may stand, or None."""
    assert resolve(reference, BASE) == expected


@pytest.mark.parametrize("base", ["", "example.org", "mailto:a@example.org", "javascript:1"])
def test_resolve_without_base(base: str) -> None:
    """Without a base that is a web address only absolute URLs can stand."""
    assert resolve("x", base) is None
    assert resolve("//example.org/", base) is None
    assert resolve("#f", base) is None
    assert resolve("https://example.org/", base) == "https://example.org/"


def test_resolve_against_a_bare_host() -> None:
    """A base without path is its root."""
    assert resolve("x", "https://example.org") == "https://example.org/x"
    assert resolve("#f", "https://example.org") == "https://example.org#f"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("x.png", "https://example.org/a/x.png"),
        ("x 1x, y 2.5x", "https://example.org/a/x 1x, https://example.org/a/y 2.5x"),
        (" ,x 100w ,\n y", "https://example.org/a/x 100w, https://example.org/a/y"),
        ("x,y", "https://example.org/a/x,y"),
        ("x, y,", "https://example.org/a/x, https://example.org/a/y"),
        ("https://i.example/w_1,c_2/x 1w", "https://i.example/w_1,c_2/x 1w"),
        ("data:image/png;base64,AA 1x, x 2x", "https://example.org/a/x 2x"),
        ("data:image/png;base64,AA, x 2x", "https://example.org/a/x 2x"),
        ("data:image/svg+xml,<svg a='1, javascript:x'> 1x, x 2x", None),
        ("javascript:1 1x, x 2x", "https://example.org/a/x 2x"),
        ("x (1, 2) 1x, y 2x", "https://example.org/a/y 2x"),
        ("x (1, 2", None),
        ("x bogus, y", "https://example.org/a/y"),
        ("x 1x 2w, y ٣x", None),
        ("x bogus, " * 100 + "y", None),
        ("mailto:a@example.org", None),
        ("", None),
        (" , ,", None),
    ],
)
def test_resolve_srcset(value: str, expected: str | None) -> None:
    """Every candidate of a srcset is checked; a comma ends one only where the standard says so."""
    assert resolve_srcset(value, BASE) == expected


URLISH = st.lists(
    st.sampled_from(
        [*"ab:/?#[]@.%\\ \t\n\x00\u3000青é-0", "//", "http:", "https://", "javascript:", "data:", "..", "%41", "xn--"]
    )
).map("".join)


@given(URLISH | st.text())
def test_a_web_address_is_a_fixed_point(text: str) -> None:
    """What is a web address is ASCII and stays the same, whatever it was made of."""
    address = web_address(text)
    assert address == "" or URI.fullmatch(address)
    assert web_address(address) == address
    if address:
        assert resolve(address, "") == address


@given(URLISH | st.text())
def test_what_may_stand_is_absolute_and_a_fixed_point(text: str) -> None:
    """Whatever a reference holds, what comes out has a scheme that may stand, and resolves to itself."""
    found = resolve(text, BASE)
    assert found is None or URI.fullmatch(found)
    assert found is None or resolve(found, "https://other.example/") == found


@given(URLISH | st.text())
def test_a_srcset_is_a_fixed_point(text: str) -> None:
    """What is left of a srcset is a srcset of absolute URLs, and resolves to itself."""
    found = resolve_srcset(text, BASE)
    if found is not None:
        assert all(URI.fullmatch(candidate.split()[0]) for candidate in found.split(", "))
        assert resolve_srcset(found, "") == found


PLAINLY = st.lists(
    st.sampled_from(
        [*"ab/?#.-_@:%&=,Z0é ", "http://", "www.example.org", "example.org/", "%41", "%e5%bf", "%4", "xn--", ".."]
    )
).map(lambda pieces: "https://" + "".join(pieces))


@given(PLAINLY | URLISH)
def test_the_short_way_is_the_long_way(text: str) -> None:
    """An address of which it is seen that nothing has to be done comes out as it does where that is not looked for."""
    quick = resolve(text, BASE), web_address(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(links, "_PLAIN", re.compile("(?!)"))
        links._resolved_again.cache_clear()
        assert (resolve(text, BASE), web_address(text)) == quick
    links._resolved_again.cache_clear()


@pytest.mark.parametrize("address", ["https://example.org/" + "x" * 8172, "https://example.org/" + "%41" * 2724])
def test_the_longest_address(address: str) -> None:
    """An address of 8 KB stands, a longer one does not, however plain it is."""
    assert resolve(address, BASE) == web_address(address) == address
    assert resolve(address + "x", BASE) is None
    assert web_address(address + "x") == ""


def test_each_base_gives_its_own_address() -> None:
    """The same reference at another base is another address, also when both were asked for before."""
    for _ in range(2):
        assert resolve("x", "https://a.example/") == "https://a.example/x"
        assert resolve("x", "https://b.example/") == "https://b.example/x"
