"""What a reader sees of a feed: nothing here is feeder's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from unicodedata import normalize

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class Seen:
    """What a reader sees of an entry."""

    id: str
    terms: frozenset[tuple[str, str]]
    published: datetime
    language: str
    authors: frozenset[str]


def fold(text: str) -> str:
    """Return what equal names have in common."""
    return normalize("NFKC", normalize("NFKC", text).casefold())


def seen(document: Path) -> list[Seen]:
    """Return the entries of an Atom document."""
    if not document.exists():
        return []
    feed = etree.fromstring(document.read_bytes())
    return [
        Seen(
            entry.findtext(f"{ATOM}id") or "",
            frozenset(
                (one.get("scheme", "").rstrip("/").rpartition("/")[2], fold(one.get("label", "")))
                for one in entry.findall(f"{ATOM}category")
            ),
            datetime.fromisoformat(entry.findtext(f"{ATOM}published") or ""),
            str(entry.get(LANG) or feed.get(LANG) or ""),
            frozenset(
                fold(one.text or "")
                for one in entry.findall(f"{ATOM}author/{ATOM}name") or feed.findall(f"{ATOM}author/{ATOM}name")
            ),
        )
        for entry in feed.findall(f"{ATOM}entry")
    ]
