"""What a build asks of a document before it is published: the cheap part of a check, on its own feet for speed.

Of entries all is known: each was checked and sealed when it was made. What is new is what stands around them, and that
they stand together. So this reads heads alone, by a reader that is a tenth of `reading`'s.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any
from xml.parsers import expat

from feeder.check.fault import Fault, shown

_ATOM = "http://www.w3.org/2005/Atom "
_HISTORY = "http://purl.org/syndication/history/1.0 "
_VERSION = "https://jsonfeed.org/version/1.1"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DATE = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")
_TYPES = {"feed": "application/atom+xml", "channel": "application/rss+xml"}
_NEEDED = {
    "feed": (f"{_ATOM}id", f"{_ATOM}title", f"{_ATOM}updated"),
    "channel": ("title", "link", "description", "lastBuildDate"),
}
_HISTORIES = ("prev-archive", "next-archive", "current")


def envelope_fault(data: bytes, url: str) -> Fault | None:
    """Return the first fault of a document without its entries, which is to be served at `url`."""
    faults = _json_faults(data, url) if data.startswith(b"{") else _xml_faults(data, url)
    return next(faults, None)


def together_fault(entries: Iterable[tuple[str, datetime]]) -> Fault | None:
    """Return what keeps entries, each by its id and the instant when it was published, from standing in one document.

    They are one at least, newest first, ties by id, and no id stands twice.
    """
    known = list(entries)
    if not known:
        return Fault("EmptyFeed", 0, "it would have no entries")
    if len({identity for identity, _ in known}) < len(known):
        return Fault("DuplicateEntries", 0, "an id would stand in it twice")
    for (newer, before), (older, after) in pairwise(known):
        if after > before or (after == before and newer > older):
            return Fault("NotNewestFirst", 0, f"{shown(older)} would stand behind {shown(newer)}")
    return None


class _Head:
    """The elements of a feed or a channel by their names, and the attributes of its links."""

    def __init__(self, data: bytes) -> None:
        self.root = ""
        self.texts: dict[str, list[str]] = {}
        self.links: list[dict[str, str]] = []
        self._path: list[str] = []
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(data, True)  # noqa: FBT003 - expat's way to say that this is all

    def one(self, name: str) -> str:
        """Return the text of the only element `name`, "" where there is none, or several."""
        texts = self.texts.get(name, ())
        return texts[0].strip() if len(texts) == 1 else ""

    def linked(self, rel: str) -> list[str]:
        """Return the addresses of the links of that rel."""
        return [link.get("href", "") for link in self.links if link.get("rel") == rel]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._path:
            self.root = name
        self._path.append(name)
        if self._is_child():
            self.texts.setdefault(name, []).append("")
            if name == f"{_ATOM}link":
                self.links.append(attributes)

    def _end(self, name: str) -> None:
        del name
        self._path.pop()

    def _text(self, text: str) -> None:
        if self._is_child():
            self.texts[self._path[-1]][-1] += text

    def _is_child(self) -> bool:
        return len(self._path) == (3 if self.root == "rss" else 2)  # rss, channel, title; feed, title


def _xml_faults(data: bytes, url: str) -> Iterator[Fault]:
    try:
        head = _Head(data)
    except expat.ExpatError as problem:
        yield Fault("SAXError", problem.lineno, f"it is not well-formed: {expat.ErrorString(problem.code)}")
        return
    kind = {f"{_ATOM}feed": "feed", "rss": "channel"}.get(head.root, "")
    if not kind:
        yield Fault("UndefinedElement", 1, f"<{head.root}> is no feed")
        return
    if f"{_ATOM}entry" in head.texts or "item" in head.texts:
        yield Fault("UndefinedElement", 0, "an entry stands among what is around the entries")
    for name in _NEEDED[kind]:
        if not head.one(name):
            yield Fault("MissingElement", 0, f"it has not one {name.rpartition(' ')[2]}, or an empty one")
    yield from _link_faults(head, kind, url)
    yield from _history_faults(head)
    for name, pattern in ((f"{_ATOM}updated", _INSTANT), ("lastBuildDate", _DATE)):
        for text in head.texts.get(name, ()):
            if not pattern.fullmatch(text):
                code = "InvalidRFC3339Date" if pattern is _INSTANT else "InvalidRFC2822Date"
                yield Fault(code, 0, f"{shown(text)} is no date")


def _link_faults(head: _Head, kind: str, url: str) -> Iterator[Fault]:
    own = [link for link in head.links if link.get("rel") == "self"]
    if len(own) != 1:
        yield Fault("MissingSelf", 0, f"it has {len(own)} links rel=self, not one")
    for link in own:
        if link.get("href") != url:
            message = f"it says that it stands at {shown(link.get('href', ''))}, and will at {shown(url)}"
            yield Fault("SelfDoesntMatchLocation", 0, message)
        if link.get("type") != _TYPES[kind]:
            yield Fault("SelfNotAtom", 0, f"the link rel=self is of type {shown(link.get('type', ''))}")
    pages = head.linked("alternate") if kind == "feed" else [head.one("link")]
    if len(pages) != 1:
        yield Fault("MissingAlternateLink", 0, f"it belongs to {len(pages)} pages, not to one")
    if url in pages:
        yield Fault("AlternateIsFeed", 0, "the page that it belongs to is the feed")
    for address in (*pages, *(link.get("href", "") for link in head.links)):
        if not _ADDRESS.fullmatch(address):
            yield Fault("InvalidFullLink", 0, f"{shown(address)} is no absolute address in ASCII")


def _history_faults(head: _Head) -> Iterator[Fault]:
    rels = {link.get("rel") for link in head.links}
    if f"{_HISTORY}archive" in head.texts:
        if "current" not in rels:
            yield Fault("MissingCurrentInArchive", 0, "it is an archive, and has no link rel=current")
    elif rels & {"current", "next-archive"}:
        yield Fault("ArchiveNotMarked", 0, "it is a document of an archive, and not so marked")
    if f"{_HISTORY}complete" in head.texts and rels & set(_HISTORIES):
        yield Fault("FeedRelInCompleteFeed", 0, "it says it is complete, and links to an archive")


def _json_faults(data: bytes, url: str) -> Iterator[Fault]:
    try:
        feed: dict[str, Any] = json.loads(data)
    except (ValueError, RecursionError) as problem:
        yield Fault("InvalidJSON", 0, f"it is no JSON: {problem}")
        return
    if feed.get("version") != _VERSION:
        yield Fault("InvalidJSONFeedVersion", 0, f"the version is {shown(str(feed.get('version')))}")
    if not feed.get("title"):
        yield Fault("MissingElement", 0, "it has no title, or an empty one")
    if feed.get("items") != []:
        yield Fault("MissingElement", 0, "it has no items, or such that are not the feed's")
    if feed.get("feed_url") != url:
        message = f"it says that it stands at {shown(str(feed.get('feed_url')))}, and will at {shown(url)}"
        yield Fault("SelfDoesntMatchLocation", 0, message)
    for key in ("home_page_url", "next_url"):
        address = feed.get(key, "" if key == "home_page_url" else url)
        if not (isinstance(address, str) and _ADDRESS.fullmatch(address)):
            yield Fault("InvalidFullLink", 0, f"{shown(str(address))} is no absolute address in ASCII")
    if url in (feed.get("home_page_url"), feed.get("next_url")):
        yield Fault("AlternateIsFeed", 0, "the page that it belongs to, or the next document, is the feed")
