"""The last look before anything is published: heads alone, and whether entries may stand together."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.check.staged import envelope_fault, together_fault
from tests.check.variants import Dist, before, drop, sub, swap

BASE = "https://weir.example/notes/"
WHEN = datetime(2024, 3, 1, tzinfo=UTC)
ENTRIES = re.compile(r"<entry.*</entry>\n|<item>.*</item>\n|(?<=\"items\": )\[.*\](?=\})", re.DOTALL)


def head(weir: Dist, path: str) -> str:
    """Return a document of `weir` without its entries."""
    return ENTRIES.sub(lambda match: "[]" if match[0][0] == "[" else "", weir[path].decode())


def test_heads_of_good_documents_are_good(weir: Dist) -> None:
    """Every document that feeder builds has a head with nothing wrong, archive documents too."""
    paths = [path for path in weir if path.endswith((".xml", "feed.json"))]
    assert len(paths) > 20
    for path in paths:
        assert envelope_fault(head(weir, path).encode(), BASE + path) is None


@pytest.mark.parametrize(
    ("path", "code", "change"),
    [
        ("atom.xml", "SAXError", drop("</feed>")),
        ("atom.xml", "UndefinedElement", lambda text: text.replace("2005/Atom", "2006/Atom")),
        ("atom.xml", "UndefinedElement", before("</feed>", "<entry/>")),
        ("atom.xml", "MissingElement", drop("<id>.*?</id>")),
        ("atom.xml", "MissingElement", sub("<title>.*?</title>", "<title> </title>")),
        ("atom.xml", "MissingElement", sub("(<updated>.*?</updated>)", r"\1\1")),
        ("atom.xml", "InvalidRFC3339Date", sub("<updated>.*?<", "<updated>2024-03-15<")),
        ("atom.xml", "MissingSelf", drop('<link [^>]*rel="self"[^>]*>')),
        ("atom.xml", "MissingSelf", sub('(<link [^>]*rel="self"[^>]*>)', r"\1\1")),
        ("atom.xml", "SelfDoesntMatchLocation", swap("notes/atom.xml", "notes/a.xml")),
        ("atom.xml", "SelfNotAtom", swap("application/atom+xml", "text/html")),
        ("atom.xml", "MissingAlternateLink", drop('<link [^>]*rel="alternate"[^>]*>')),
        ("atom.xml", "AlternateIsFeed", swap('notes/" rel="alternate"', 'notes/atom.xml" rel="alternate"')),
        ("atom.xml", "InvalidFullLink", swap("https://hub.weir.example/", "https://hub.weir.example/a b")),
        ("archive/2024-01/atom.xml", "MissingCurrentInArchive", drop('<link [^>]*rel="current"[^>]*>')),
        ("archive/2024-01/atom.xml", "ArchiveNotMarked", drop("<fh:archive/>")),
        ("tags/eels/atom.xml", "FeedRelInCompleteFeed", before("<link", f'<link rel="prev-archive" href="{BASE}x"/>')),
        ("rss.xml", "UndefinedElement", before("</channel>", "<item/>")),
        ("rss.xml", "MissingElement", drop("<description>.*?</description>")),
        ("rss.xml", "MissingElement", drop("<link>.*?</link>")),
        ("rss.xml", "InvalidRFC2822Date", sub("<lastBuildDate>.*?<", "<lastBuildDate>2024-03-15<")),
        ("rss.xml", "SelfDoesntMatchLocation", swap("notes/rss.xml", "notes/r.xml")),
        ("feed.json", "InvalidJSON", drop(r"\}\n$")),
        ("feed.json", "InvalidJSONFeedVersion", swap("version/1.1", "version/1.2")),
        ("feed.json", "MissingElement", sub('"title": "[^"]*"', '"title": ""')),
        ("feed.json", "MissingElement", swap('"items": []', '"items": [{}]')),
        ("feed.json", "SelfDoesntMatchLocation", swap("notes/feed.json", "notes/f.json")),
        ("feed.json", "InvalidFullLink", swap('"home_page_url": "https://weir.example', '"home_page_url": "')),
        ("feed.json", "InvalidFullLink", sub('"next_url": "[^"]*"', '"next_url": 5')),
        (
            "feed.json",
            "AlternateIsFeed",
            sub('page_url": "[^"]*', f'page_url": "{BASE}feed.json'),
        ),
    ],
)
def test_a_head_that_is_wrong_is_named(path: str, code: str, change: Callable[[str], str], weir: Dist) -> None:
    """One fault in what stands around the entries is found before anything is published."""
    good = head(weir, path)
    fault = envelope_fault(change(good).encode(), BASE + path)
    assert fault
    assert fault.code == code


def test_a_document_at_another_address_is_wrong(weir: Dist) -> None:
    """A document that was to stand elsewhere is no document of this place."""
    for path in ("atom.xml", "rss.xml", "feed.json"):
        fault = envelope_fault(head(weir, path).encode(), f"{BASE}tags/{path}")
        assert fault
        assert fault.code == "SelfDoesntMatchLocation"


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([("b", 1), ("a", 0)], ""),
        ([("a", 1), ("b", 1), ("c", 0)], ""),
        ([], "EmptyFeed"),
        ([("a", 1), ("b", 0), ("a", 0)], "DuplicateEntries"),
        ([("a", 0), ("b", 1)], "NotNewestFirst"),
        ([("b", 1), ("a", 1)], "NotNewestFirst"),
    ],
)
def test_entries_that_cannot_stand_together(entries: list[tuple[str, int]], code: str) -> None:
    """One at least, no id twice, newest first, ties by id."""
    fault = together_fault((identity, WHEN + timedelta(seconds=seconds)) for identity, seconds in entries)
    assert (fault.code if fault else "") == code


@given(st.one_of(st.binary(max_size=60), st.text(max_size=40).map(lambda text: b"{" + text.encode("utf-8", "replace"))))
def test_whatever_a_head_is_it_is_named(data: bytes) -> None:
    """Bytes that are no head are a fault, never an exception."""
    assert envelope_fault(data, "https://weir.example/") is not None
