"""The registry of formats."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from feeder.render.formats import FORMATS, Envelope, Format, InvalidDocumentError
from tests.readback import read
from tests.strategies import INSTANT, content, entry, feed

XML = [FORMATS["atom"], FORMATS["rss"]]


def test_formats_are_known_by_their_names() -> None:
    """Atom, RSS and JSON Feed are there, in this order, each under its own name and with its media type."""
    assert list(FORMATS) == ["atom", "rss", "json"]
    assert [known.name for known in FORMATS.values()] == list(FORMATS)
    assert [known.media_type for known in FORMATS.values()] == [
        "application/atom+xml",
        "application/rss+xml",
        "application/feed+json",
    ]


@pytest.mark.parametrize("known", XML, ids=lambda known: known.name)
def test_a_format_writes_itself(known: Format) -> None:
    """A format's entry stands in its own document, which says its own media type and that it is of this format."""
    url = f"https://example.org/{known.name}"
    document = known.envelope(feed(), url, INSTANT).around([known.entry(entry(), content())])
    back = read(document)
    assert (back.format, back.self_link, len(back.entries)) == (known.name, url, 1)
    assert known.media_type in {link.type for link in back.links if link.rel == "self"}


def test_json_writes_itself() -> None:
    """The same for JSON Feed, which knows no media types."""
    known = FORMATS["json"]
    document = known.envelope(feed(), "https://example.org/feed.json", INSTANT).around(
        [known.entry(entry(number), content()) for number in (1, 2)]
    )
    back = json.loads(document)
    assert (back["feed_url"], len(back["items"])) == ("https://example.org/feed.json", 2)


@pytest.mark.parametrize("known", FORMATS.values(), ids=FORMATS)
def test_what_is_broken_is_refused(known: Format) -> None:
    """A document and a fragment are checked by those who know the format."""
    fragment = known.entry(entry(), content())
    known.check_fragment(fragment)
    document = known.envelope(feed(), f"https://example.org/{known.name}", INSTANT).around([fragment])
    known.check(document)
    with pytest.raises(InvalidDocumentError):
        known.check_fragment(fragment[:-1])
    with pytest.raises(InvalidDocumentError):
        known.check_fragment(fragment + fragment)
    with pytest.raises(InvalidDocumentError):
        known.check(fragment[:-1])
    with pytest.raises(InvalidDocumentError):
        known.check(document + b"x")


@pytest.mark.parametrize("known", FORMATS.values(), ids=FORMATS)
def test_what_stands_between_entries_is_counted(known: Format) -> None:
    """A document takes no more room than its envelope, its entries, and what stands between two for each of them."""
    envelope = known.envelope(feed(), "https://example.org/x", INSTANT)
    fragments = [known.entry(entry(number), content()) for number in (1, 2, 3)]
    room = len(envelope.around(())) + sum(len(fragment) + len(envelope.between) for fragment in fragments)
    assert room - 1 <= len(envelope.around(fragments)) <= room


def test_an_envelope() -> None:
    """Entries stand in their order, on lines of their own."""
    envelope = Envelope(b"<", b">", b",\n")
    assert [envelope.around(parts) for parts in ((), (b"a",), (b"a", b"b"))] == [b"<\n>", b"<\na\n>", b"<\na,\nb\n>"]


def test_formats_are_known_without_their_libraries() -> None:
    """Who only asks which formats there are does not wait for feedgen and lxml."""
    code = "import sys, feeder.render.formats; print(sorted({'feedgen', 'lxml', 'dateutil'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
