"""Documents for comparisons, written by hand: Atom, RSS and JSON Feed of one little site."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape

from feeder.check.instants import instant
from feeder.difference.sheet import Sheet, look
from feeder.difference.state import State, state
from feeder.write.manifest import mark

SITE = "https://vane.example"


@dataclass(frozen=True)
class Item:
    """An entry as a test writes it down."""

    id: str
    title: str = "A title"
    link: str = ""
    published: str = "2024-05-01T12:00:00Z"
    updated: str = ""
    content: str = ""
    tags: tuple[str, ...] = ()


def atom(title: str, path: str, items: Iterable[Item], *, id: str = "", at: str = "", archive: str = "") -> bytes:  # noqa: A002 - Atom's word
    """Return an Atom document that says to stand at `path`, or `at` another one; `archive` is markup for its head."""
    entries = "".join(
        f"<entry><id>{escape(one.id)}</id><title>{escape(one.title)}</title>"
        f'<link rel="alternate" href="{escape(one.link or SITE + "/" + one.id)}"/>'
        f"<published>{one.published}</published><updated>{one.updated or one.published}</updated>"
        + "".join(f'<category term="{escape(tag)}"/>' for tag in one.tags)
        + f'<content type="html">{escape(one.content or one.id)}</content></entry>'
        for one in items
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>{id or 'urn:feed:' + path}</id><title>{escape(title)}</title>{archive}"
        f'<link rel="self" href="{SITE}/{at or path}"/><updated>2024-05-01T12:00:00Z</updated>{entries}</feed>'
    ).encode()


def rss(title: str, path: str, items: Iterable[Item]) -> bytes:
    """Return an RSS document that says to stand at `path`."""
    entries = "".join(
        f'<item><guid isPermaLink="false">{escape(one.id)}</guid><title>{escape(one.title)}</title>'
        f"<link>{escape(one.link or SITE + '/' + one.id)}</link><pubDate>{_rfc822(one.published)}</pubDate>"
        f"<description>{escape(one.content or one.id)}</description></item>"
        for one in items
    )
    return (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"<title>{escape(title)}</title><link>{SITE}/</link><description>d</description>"
        f'<atom:link rel="self" href="{SITE}/{path}"/>{entries}</channel></rss>'
    ).encode()


def json_feed(title: str, path: str, items: Iterable[Item], following: str = "") -> bytes:
    """Return a JSON Feed that says to stand at `path`, and to go on at `following`."""
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": title,
            "feed_url": f"{SITE}/{path}",
            **({"next_url": f"{SITE}/{following}"} if following else {}),
            "items": [
                {
                    "id": one.id,
                    "title": one.title,
                    "url": one.link or f"{SITE}/{one.id}",
                    "content_html": one.content or one.id,
                    "date_published": one.published,
                    "date_modified": one.updated or one.published,
                }
                for one in items
            ],
        }
    ).encode()


def sheet(data: bytes) -> Sheet:
    """Return the sheet of a document that is one."""
    found = look(data).sheet
    assert found is not None
    return found


def site(documents: dict[str, bytes], *, hidden: Iterable[str] = (), remembered: bool = True) -> State:
    """Return the state of `documents` by their paths; `hidden` are ids of entries that no document shows.

    Where nothing is `remembered` there is no manifest.
    """
    pages = [(path, sheet(data)) for path, data in documents.items()]
    shown = {name for _, one in pages for name, _ in one.entries}
    return state(pages, frozenset(map(mark, {*shown, *hidden})) if remembered else frozenset())


def _rfc822(text: str) -> str:
    found = instant(text)
    assert found is not None
    return format_datetime(found)
