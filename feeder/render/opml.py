"""OPML 2.0 (http://opml.org/spec2.opml), a subscription list: every feed once, in its first format, by taxonomy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from feeder.config.slices import Site
from feeder.model.feed import Feed
from feeder.model.listing import Listed

NAME = "feeds.opml"


def outline(feed: Feed) -> str:
    """Return the line of `feed`; its type is "rss" whatever its format, as the specification has it."""
    attributes = {
        "text": feed.title,
        "title": feed.title,
        "type": "rss",
        "xmlUrl": feed.addresses[0].url,
        "htmlUrl": feed.alternate,
        "description": feed.description,
        "language": feed.language,
    }
    return f"<outline{_written(attributes)}/>"


def document(site: Site, groups: Iterable[Listed]) -> bytes:
    """Return the document: the site's own feed, and a group of every taxonomy; nothing in it tells the time."""
    return "\n".join(_lines(site, groups)).encode()


def check(data: bytes) -> None:
    """Raise InvalidDocumentError unless `data` is well-formed XML."""
    from feeder.render import syndication  # noqa: PLC0415 - lxml is not imported before something is written

    syndication.check(data)


def _lines(site: Site, groups: Iterable[Listed]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<opml version="2.0">'
    yield "<head>"
    yield _element("title", site.title)
    for owner in site.authors[:1]:
        for name, text in (("ownerName", owner.name), ("ownerEmail", owner.email), ("ownerId", owner.uri)):
            if text:
                yield _element(name, text)
    yield _element("docs", "http://opml.org/spec2.opml")
    yield "</head>"
    yield "<body>"
    for group in groups:
        if group.taxonomy:
            yield f"<outline{_written({'text': group.taxonomy})}>"
        yield from group.lines
        if group.taxonomy:
            yield "</outline>"
    yield "</body>"
    yield "</opml>\n"


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text, quote=False)}</{name}>"


def _written(attributes: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(text)}"' for name, text in attributes.items() if text)
