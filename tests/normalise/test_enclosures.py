"""Enclosures and thumbnails: SPEC §5.12."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.model.entry import Enclosure, LocalFile
from feeder.model.table import Field, Table, Value
from feeder.normalise.enclosures import enclosures, local_files, thumbnail

_BASE = "https://e.org/2020/a.html"


def _table(**values: Value) -> Table:
    return Table(tuple(Field(key, value) for key, value in values.items()))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://x.example/a.mp3", ("https://x.example/a.mp3", "audio/mpeg", 0)),
        ("//x.example/A.MP4?b=1", ("https://x.example/A.MP4?b=1", "video/mp4", 0)),
        ("https://x.example/listen", ("https://x.example/listen", "application/octet-stream", 0)),
        ("https://x.example/a.xyz", ("https://x.example/a.xyz", "application/octet-stream", 0)),
        ("https://x.example/a.mp3\n123\naudio/x-test\n", ("https://x.example/a.mp3", "audio/x-test", 123)),
        (
            _table(url="https://x.example/a b.mp3", type="Audio/MPEG", length="42"),
            ("https://x.example/a%20b.mp3", "audio/mpeg", 42),
        ),
        (_table(src="https://x.example/a.ogg", mime="audio"), ("https://x.example/a.ogg", "audio/ogg", 0)),
        (_table(href="https://x.example/a.pdf", size="many"), ("https://x.example/a.pdf", "application/pdf", 0)),
        (_table(file="https://x.example/a.m4a", length="-1"), ("https://x.example/a.m4a", "audio/mp4", 0)),
        (_table(url="https://x.example/a.m4a", length="9" * 5000), ("https://x.example/a.m4a", "audio/mp4", 0)),
    ],
)
def test_an_enclosure_has_url_type_and_length(value: Value, expected: tuple[str, str, int]) -> None:
    """Text or a mapping gives an absolute URL, the type that was written or its extension's, and a whole length."""
    for key in ("enclosure", "enclosures", "audio", "video"):
        assert enclosures(_table(**{key: value}), _BASE, ()) == (Enclosure(*expected),)


def test_a_local_file_gives_its_length() -> None:
    """A reference without scheme and host names a file, by the path as written, unescaped; its size is the length."""
    table = _table(enclosures=("/a/b%20c.mp3?x#y", "d.mp3", _table(path="/e.mp3", length="5")))
    files = (LocalFile("/a/b c.mp3", 7), LocalFile("/e.mp3", 9))
    assert enclosures(table, _BASE, files) == (
        Enclosure("https://e.org/a/b%20c.mp3?x#y", "audio/mpeg", 7),
        Enclosure("https://e.org/2020/d.mp3", "audio/mpeg", 0),
        Enclosure("https://e.org/e.mp3", "audio/mpeg", 5),
    )


def test_the_files_whose_length_is_needed_are_named_once() -> None:
    """They are those of the site itself, in the order of their keys, where the front matter gives no length."""
    table = _table(
        video=("/c.mp4", None, "/a/b%20c.mp3?x#y"),
        enclosure=_table(src="d.mp3", length="0"),
        audio=("/c.mp4", _table(path="/e.mp3", length="5"), "?a.mp3", "//x.example/a.mp3", "https://x.example/a.mp3"),
    )
    assert local_files(table) == ("d.mp3", "/c.mp4", "/a/b c.mp3")


def test_each_enclosure_stands_once() -> None:
    """Lists are flattened in the order of their keys; the same URL twice is one enclosure."""
    table = _table(video="/c.mp4", audio=("/a.mp3", None, "/b.mp3"), enclosure="/b.mp3")
    assert [found.url for found in enclosures(table, _BASE, ())] == [
        "https://e.org/b.mp3",
        "https://e.org/a.mp3",
        "https://e.org/c.mp4",
    ]


@pytest.mark.parametrize(
    "value", [None, "", "true", "none", "javascript:a.b", "data:audio/mpeg,x.y", "mailto:a@b.c", (), _table(id="a.b")]
)
def test_what_is_no_web_address_is_no_enclosure(value: Value) -> None:
    """Only http(s) URLs are enclosures and thumbnails; words without dot or slash are no references."""
    assert enclosures(_table(audio=value), _BASE, ()) == ()
    assert thumbnail(_table(image=value, cover=value), _BASE) == ""


@pytest.mark.parametrize(
    ("table", "url"),
    [
        (_table(image="/a.png"), "https://e.org/a.png"),
        (_table(image=_table(path="a.png", alt="x")), "https://e.org/2020/a.png"),
        (_table(image=_table(feature="/a.png")), "https://e.org/a.png"),
        (_table(cover=_table(src="https://x.example/é.png")), "https://x.example/%C3%A9.png"),
        (_table(image=None, cover="/b.png"), "https://e.org/b.png"),
        (_table(image=("/a.png", "/b.png")), "https://e.org/a.png"),
        (_table(cover="/b.png", image="/a.png"), "https://e.org/a.png"),
        (Table(), ""),
    ],
)
def test_the_thumbnail_is_the_image_or_the_cover(table: Table, url: str) -> None:
    """`image`, else `cover`, as text, list or mapping, absolute."""
    assert thumbnail(table, _BASE) == url


@given(
    st.recursive(st.none() | st.text(max_size=30), lambda inner: st.lists(inner, max_size=3).map(tuple), max_leaves=5)
)
def test_whatever_stands_there_every_url_is_absolute(value: Value) -> None:
    """Any value gives absolute ASCII web addresses with a type and a length that is not negative."""
    for found in enclosures(_table(audio=value), _BASE, ()):
        assert found.url.startswith(("https://", "http://"))
        assert found.url.isascii()
        assert "/" in found.type
        assert found.length >= 0
