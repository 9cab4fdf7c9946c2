"""The registry of formats."""

from __future__ import annotations

import subprocess
import sys

import pytest

from feeder.render.formats import FORMATS, Format, InvalidDocumentError, check, check_fragment
from tests.readback import read
from tests.strategies import INSTANT, content, entry, feed


def test_formats_are_known_by_their_names() -> None:
    """Atom and RSS are there, in this order, each under its own name and with its media type."""
    assert list(FORMATS) == ["atom", "rss"]
    assert [known.name for known in FORMATS.values()] == list(FORMATS)
    assert [known.media_type for known in FORMATS.values()] == ["application/atom+xml", "application/rss+xml"]


@pytest.mark.parametrize("known", FORMATS.values(), ids=FORMATS)
def test_a_format_writes_itself(known: Format) -> None:
    """A format's entry stands in its own document, which says its own media type and that it is of this format."""
    url = f"https://example.org/{known.name}"
    document = known.envelope(feed(), url, INSTANT).around([known.entry(entry(), content())])
    back = read(document)
    assert (back.format, back.self_link, len(back.entries)) == (known.name, url, 1)
    assert known.media_type in {link.type for link in back.links if link.rel == "self"}


@pytest.mark.parametrize("known", FORMATS.values(), ids=FORMATS)
def test_what_is_broken_is_refused(known: Format) -> None:
    """A document and a fragment are checked by those who know XML."""
    fragment = known.entry(entry(), content())
    check_fragment(fragment)
    check(known.envelope(feed(), f"https://example.org/{known.name}", INSTANT).around([fragment]))
    with pytest.raises(InvalidDocumentError):
        check_fragment(fragment[:-1])
    with pytest.raises(InvalidDocumentError):
        check(fragment[:-1])


def test_formats_are_known_without_their_libraries() -> None:
    """Who only asks which formats there are does not wait for feedgen and lxml."""
    code = "import sys, feeder.render.formats; print(sorted({'feedgen', 'lxml', 'dateutil'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
