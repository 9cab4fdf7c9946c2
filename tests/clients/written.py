"""What stands in the documents of a dist, read with nothing but an XML and a JSON parser: what readers must find."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from lxml import etree

_ATOM = "{http://www.w3.org/2005/Atom}"
_JSON_FEED = "https://jsonfeed.org/version/"


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """An entry as a reader shows it in its list; `published` is aware, in UTC."""

    id: str
    title: str
    link: str
    published: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """A feed document: its path below dist, its format ("atom", "rss", "json"), and its entries."""

    path: str
    format: str
    entries: tuple[Entry, ...]


def documents(dist: Path) -> Iterator[Written]:
    """Yield the feed documents below `dist`, by path; what else stands there (OPML, the manifest, pages) is none."""
    for file in sorted(dist.rglob("*")):
        path = file.relative_to(dist).as_posix()
        if file.suffix == ".xml":
            root = etree.fromstring(file.read_bytes())
            if root.tag == f"{_ATOM}feed":
                yield Written(path, "atom", tuple(_atom(entry) for entry in root.iterfind(f"{_ATOM}entry")))
            elif root.tag == "rss":
                yield Written(path, "rss", tuple(_rss(item) for item in root.iterfind("channel/item")))
        elif file.suffix == ".json":
            feed = json.loads(file.read_bytes())
            if isinstance(feed, dict) and str(feed.get("version", "")).startswith(_JSON_FEED):
                yield Written(path, "json", tuple(_json(item) for item in feed["items"]))


def instant(text: str) -> datetime:
    """Return the instant that `text` says as RFC 3339 or RFC 822 have it, in UTC."""
    found = datetime.fromisoformat(text) if text[:4].isdigit() else parsedate_to_datetime(text)
    return found.astimezone(UTC)


def _atom(entry: etree._Element) -> Entry:
    links = [one.get("href") or "" for one in entry.iterfind(f"{_ATOM}link") if one.get("rel") == "alternate"]
    return Entry(
        _text(entry, f"{_ATOM}id"), _text(entry, f"{_ATOM}title"), links[0], instant(_text(entry, f"{_ATOM}published"))
    )


def _rss(item: etree._Element) -> Entry:
    return Entry(_text(item, "guid"), _text(item, "title"), _text(item, "link"), instant(_text(item, "pubDate")))


def _json(item: dict[str, Any]) -> Entry:
    return Entry(item["id"], item["title"], item["url"], instant(item["date_published"]))


def _text(element: etree._Element, tag: str) -> str:
    return element.findtext(tag) or ""
