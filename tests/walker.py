"""A reader that wants all of a feed (RFC 5005 §4): it follows links from document to document, and believes nothing.

It shares no code with feeder: feedparser reads Atom and RSS, the standard library JSON.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import feedparser

_MARKS = ("fh_archive", "fh_complete")


@dataclass(frozen=True, slots=True)
class Walked:
    """A document: where it is, what it says of itself, its links by relation, and the ids of its entries.

    `terms` are the categories of each entry: scheme and label.
    """

    url: str
    id: str
    marks: tuple[str, ...]
    links: Mapping[str, str]
    entries: tuple[str, ...]
    terms: tuple[frozenset[tuple[str, str]], ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """A feed: its subscription document, and its archive documents, the newest first."""

    subscription: Walked
    archives: tuple[Walked, ...]

    @property
    def archived(self) -> list[str]:
        """The ids of the entries in its archive documents."""
        return [entry for document in self.archives for entry in document.entries]

    @property
    def union(self) -> frozenset[str]:
        """The ids of all its entries."""
        return frozenset((*self.subscription.entries, *self.archived))


def walk(dist: Path, base: str, url: str) -> Chain:
    """Return the feed whose subscription document is at `url`, where `dist` is served at `base` (with its slash).

    AssertionError where links go round in circles, or lead out of it.
    """
    subscription = _read(dist, base, url)
    found: list[Walked] = []
    following = subscription.links.get("prev-archive", "")
    seen = {url}
    while following:
        assert following not in seen, f"{following} is linked to twice"
        seen.add(following)
        found.append(_read(dist, base, following))
        following = found[-1].links.get("prev-archive", "")
    return Chain(subscription, tuple(found))


def faults(chain: Chain) -> list[str]:
    """Return what is wrong with the links and marks of a feed in Atom or RSS, in words."""
    found = []
    if chain.subscription.marks != (() if chain.archives else ("fh_complete",)):
        found.append(f"{chain.subscription.url} is marked {chain.subscription.marks}")
    if {"current", "next-archive"} & chain.subscription.links.keys():
        found.append(f"{chain.subscription.url} has links of an archive document")
    following = ""
    for document in chain.archives:
        expected = {"self": document.url, "current": chain.subscription.url, "next-archive": following}
        found += [
            f"the link {rel} of {document.url} is {document.links.get(rel, '')!r}, not {href!r}"
            for rel, href in expected.items()
            if document.links.get(rel, "") != href
        ]
        if document.marks != ("fh_archive",):
            found.append(f"{document.url} is marked {document.marks}")
        if document.id != chain.subscription.id:
            found.append(f"{document.url} has an id of its own")
        following = document.url
    if len(set(chain.archived)) < len(chain.archived):
        found.append(f"an entry stands in two archive documents of {chain.subscription.url}")
    return found


def _read(dist: Path, base: str, url: str) -> Walked:
    assert url.startswith(base), url
    data = (dist / unquote(url.removeprefix(base))).read_bytes()
    return _read_json(url, data) if url.endswith(".json") else _read_xml(url, data)


def _read_xml(url: str, data: bytes) -> Walked:
    parsed: Any = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo, (url, parsed.get("bozo_exception"))
    links = {link.rel: link.href for link in parsed.feed.links}
    assert len(links) == len(parsed.feed.links), f"{url} has two links of one relation"
    return Walked(
        url,
        parsed.feed.get("id", ""),
        tuple(mark for mark in _MARKS if mark in parsed.feed),
        links,
        tuple(entry.id for entry in parsed.entries),
        tuple(
            frozenset((tag.scheme or "", tag.label or tag.term) for tag in entry.get("tags", ()))
            for entry in parsed.entries
        ),
    )


def _read_json(url: str, data: bytes) -> Walked:
    found = json.loads(data)
    links = {"self": found["feed_url"]}
    if "next_url" in found:
        links["prev-archive"] = found["next_url"]
    items = found["items"]
    return Walked(url, "", (), links, tuple(item["id"] for item in items), (frozenset(),) * len(items))
