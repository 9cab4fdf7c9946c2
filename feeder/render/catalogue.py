"""The catalogue for programs, `feeds.json`: one object of the site, and one of each feed, on a line of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable

from feeder.config.slices import Site
from feeder.model.instant import rfc3339
from feeder.model.listing import Listed, Listing
from feeder.render.formats import FORMATS, InvalidDocumentError

NAME = "feeds.json"


def line(listing: Listing) -> str:
    """Return the object of one feed; `entries` belong to it, `shown` stand in its documents."""
    feed, display = listing.feed, listing.display
    documents = {one.format: one for one in display.documents}
    return _dump(
        {
            "title": feed.title,
            "taxonomy": feed.taxonomy,
            "label": feed.label,
            "slug": feed.slug,
            "id": feed.id,
            "page": feed.alternate,
            "entries": listing.entries,
            "shown": display.shown,
            "newest": rfc3339(display.newest),
            "addresses": {
                address.format: {
                    "url": address.url,
                    "type": FORMATS[address.format].media_type,
                    "bytes": documents[address.format].size,
                    "digest": f"sha256:{documents[address.format].digest}",
                }
                for address in feed.addresses
            },
        }
    )


def document(site: Site, opml: str, groups: Iterable[Listed]) -> bytes:
    """Return the document; `opml` is where the same feeds stand as a subscription list."""
    facts = {
        "title": site.title,
        "description": site.description,
        "url": f"{site.url}/",
        "language": site.language,
        "opml": opml,
    }
    feeds = ",\n".join(one for group in groups for one in group.lines)
    return f'{_dump(facts)[:-1]}, "feeds": [\n{feeds}\n]}}\n'.encode()


def check(data: bytes) -> None:
    """Raise InvalidDocumentError unless `data` is one JSON object."""
    try:
        json.loads(data)
    except ValueError as problem:
        raise InvalidDocumentError(str(problem)) from None


def _dump(value: dict[str, object] | dict[str, str]) -> str:
    return json.dumps(value, ensure_ascii=False)
