"""What is read back from the good documents is what stands in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.judging.broken import GOOD_ATOM, GOOD_RSS, SELF_ATOM, SELF_RSS, drop
from tests.readback import CategoryBack, EnclosureBack, EntryBack, LinkBack, PersonBack, read

_TAG = CategoryBack("r-and-d", "https://vane.example/tags/", "R&D")
_PAGE = LinkBack("alternate", "https://vane.example/tags/r-and-d/", "text/html")


def test_atom_feed() -> None:
    """An Atom feed's head is read whole."""
    feed = read(GOOD_ATOM)
    assert (feed.format, feed.id) == ("atom", "urn:uuid:0f8c1b52-6f3e-5c55-8a51-9b1a4a0d7c11")
    assert (feed.title, feed.description) == ("The Weathervane: R&D", "Wind, weather & what we measured")
    assert (feed.link, feed.self_link, feed.language) == (_PAGE.href, SELF_ATOM, "en-GB")
    assert feed.links[:2] == (LinkBack("self", SELF_ATOM, "application/atom+xml"), _PAGE)
    assert (feed.generator, feed.updated) == ("feeder", datetime(2024, 3, 2, 8, tzinfo=UTC))
    assert feed.authors == (PersonBack("The Weathervane", "desk@vane.example.org", "https://vane.example/about/"),)


def test_rss_feed() -> None:
    """An RSS channel's head is read whole; it has no id."""
    feed, atom = read(GOOD_RSS), read(GOOD_ATOM)
    assert (feed.format, feed.id, feed.self_link) == ("rss", "", SELF_RSS)
    assert (feed.title, feed.description, feed.link) == (atom.title, atom.description, atom.link)
    assert (feed.language, feed.updated) == (atom.language, atom.updated)
    assert feed.authors == (PersonBack("The Weathervane", "desk@vane.example.org", ""),)


def test_atom_entry() -> None:
    """An Atom entry is read whole, with what is below its escapes."""
    entry = read(GOOD_ATOM).entries[0]
    assert entry.content.startswith("<p>Anemometers <em>drift</em>: p&lt;0.05&nbsp;&amp; rising, ]]&gt; 𝛼.</p>\n<p>")
    assert replace(entry, content="") == EntryBack(
        id="urn:uuid:5d0a8c1e-33f4-5b0e-9d7c-6a1f2b3c4d5e",
        title="風速計の較正と <青年论坛> 𝛼 Vec<T>",
        link="https://vane.example/2024/%E9%A2%A8/?a=1&b=2",
        via="https://origin.example/notes/17",
        published=datetime(2024, 3, 1, 23, 15, 7, tzinfo=UTC),
        updated=datetime(2024, 3, 2, 8, tzinfo=UTC),
        language="en-GB",
        authors=(PersonBack("佐藤 花", "", ""), PersonBack("Ἀριστοτέλης", "", "")),
        categories=(_TAG, CategoryBack("観測", "https://vane.example/categories/", "観測")),
        content="",
        summary="Anemometers drift: p<0.05 & rising.",
        enclosures=(
            EnclosureBack("https://vane.example/files/gust.mp3", "audio/mpeg", 48213),
            EnclosureBack("https://vane.example/files/chart.pdf", "application/pdf", 0),
        ),
        thumbnail="https://vane.example/i.png",
    )


def test_rss_entries_are_atoms() -> None:
    """RSS gives the same entries as Atom, but for what RSS cannot say: terms, updated, language, more enclosures."""
    expected = [
        replace(
            entry,
            updated=None,
            language="",
            categories=tuple(replace(category, term="") for category in entry.categories),
            enclosures=entry.enclosures[:1],
        )
        for entry in read(GOOD_ATOM).entries
    ]
    assert [replace(entry, language="") for entry in read(GOOD_RSS).entries] == expected


def test_entry_without_summary_and_author() -> None:
    """Where there is no summary and no author, none is read."""
    for data in (GOOD_ATOM, GOOD_RSS):
        entry = read(data).entries[2]
        assert (entry.summary, entry.authors, entry.via, entry.thumbnail) == ("", (), "", "")
        assert entry.content == "<p>No wind at all.</p>"


def test_dangerous_content_is_not_cleaned() -> None:
    """Content is read as it stands: a reader that cleans it would hide what feeder lets through."""
    bad = '<a href="/x" onclick="y">z</a><script>1</script>'
    escaped = bad.replace("<", "&lt;").encode()
    for data in (GOOD_ATOM, GOOD_RSS):
        changed = data.replace(b"&lt;p&gt;No wind at all.&lt;/p&gt;", escaped)
        assert read(changed).entries[2].content == bad


def test_broken_document() -> None:
    """A document that feedparser stumbles over is not read."""
    with pytest.raises(AssertionError):
        read(drop("</title>")(GOOD_ATOM))
