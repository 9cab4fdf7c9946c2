"""The catalogue of all feeds for programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from feeder.config.slices import Site
from feeder.model.listing import Display, Listed, Listing, Standing
from feeder.render.catalogue import check, document, line
from feeder.render.formats import InvalidDocumentError
from tests.strategies import SITE, feed

DISPLAY = Display(
    50, datetime(2024, 5, 1, 12, 0, 1, tzinfo=UTC), (Standing("atom", 1700, "a" * 64), Standing("rss", 1800, "b" * 64))
)


def test_a_line() -> None:
    """A feed's object says what it is, how much belongs to it and is shown, and each document by its format."""
    one = feed(taxonomy="tags", label='観測 "x"', slug="観測-x", title="A site: 観測")
    found = line(Listing(one, 120, DISPLAY))
    assert "\n" not in found
    assert "観測" in found
    assert json.loads(found) == {
        "title": "A site: 観測",
        "taxonomy": "tags",
        "label": '観測 "x"',
        "slug": "観測-x",
        "id": one.id,
        "page": f"{SITE}/",
        "entries": 120,
        "shown": 50,
        "newest": "2024-05-01T12:00:01Z",
        "addresses": {
            "atom": {
                "url": f"{SITE}/atom.xml",
                "type": "application/atom+xml",
                "bytes": 1700,
                "digest": "sha256:" + "a" * 64,
            },
            "rss": {
                "url": f"{SITE}/rss.xml",
                "type": "application/rss+xml",
                "bytes": 1800,
                "digest": "sha256:" + "b" * 64,
            },
        },
    }


def test_a_document() -> None:
    """The site's facts come first, then its feeds in the order given, one a line."""
    site = Site("id", SITE, "A site", "What", "en", ())
    data = document(site, f"{SITE}/feeds.opml", [Listed("", ('{"a": 1}',)), Listed("tags", ('{"b": 1}', '{"c": 1}'))])
    check(data)
    assert json.loads(data) == {
        "title": "A site",
        "description": "What",
        "url": f"{SITE}/",
        "language": "en",
        "opml": f"{SITE}/feeds.opml",
        "feeds": [{"a": 1}, {"b": 1}, {"c": 1}],
    }
    assert data.endswith(b'{"b": 1},\n{"c": 1}\n]}\n')


def test_what_is_no_json_is_refused() -> None:
    """The last look before anything is written."""
    with pytest.raises(InvalidDocumentError):
        check(b'{"feeds": [')
