"""The registry of formats."""

from __future__ import annotations

import pytest

from feeder.render.formats import FORMATS, Format
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
    document = known.document(feed(), url, [known.entry(entry(), content())], INSTANT)
    back = read(document)
    assert (back.format, back.self_link, len(back.entries)) == (known.name, url, 1)
    assert known.media_type in {link.type for link in back.links if link.rel == "self"}
