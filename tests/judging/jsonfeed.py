"""The rules of SPEC §6 for a JSON Feed 1.1 document (https://www.jsonfeed.org/version/1.1/), rule 18 before all."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import unquote

from tests.judging.finding import Finding, shown
from tests.judging.raw import MAX_BYTES, character_faults
from tests.judging.shared_rules import feed_faults
from tests.judging.values import (
    blank_faults,
    id_faults,
    language_faults,
    plain_faults,
    rfc3339,
    rfc3339_faults,
    url_faults,
)
from tests.judging.view import Category, Enclosure, EntryView, FeedView

Json: TypeAlias = dict[str, Any]

VERSION: Final = "https://jsonfeed.org/version/1.1"

# What the specification names, in its order, with the JSON types that it asks for; what is a must comes first.
_FEED: Final[Mapping[str, type]] = {
    "version": str,
    "title": str,
    "home_page_url": str,
    "feed_url": str,
    "description": str,
    "user_comment": str,
    "next_url": str,
    "icon": str,
    "favicon": str,
    "authors": list,
    "language": str,
    "expired": bool,
    "hubs": list,
    "items": list,
}
_ITEM: Final[Mapping[str, type]] = {
    "id": str,
    "url": str,
    "external_url": str,
    "title": str,
    "content_html": str,
    "content_text": str,
    "summary": str,
    "image": str,
    "banner_image": str,
    "date_published": str,
    "date_modified": str,
    "authors": list,
    "tags": list,
    "language": str,
    "attachments": list,
}
_AUTHOR: Final[Mapping[str, type]] = {"name": str, "url": str, "avatar": str}
_ATTACHMENT: Final[Mapping[str, type]] = {
    "url": str,
    "mime_type": str,
    "title": str,
    "size_in_bytes": int,
    "duration_in_seconds": int,
}
_HUB: Final[Mapping[str, type]] = {"type": str, "url": str}
_NEEDED: Final = ("version", "title", "home_page_url", "feed_url", "authors", "items")
_NEEDED_IN_ITEM: Final = ("id", "url", "title", "content_html", "date_published", "date_modified")
_EXTENSION: Final = re.compile(r"_[A-Za-z][^.]*")
# A backslash that is none itself, and a `u`: UTF-8 needs no such escape but for controls, which no feed holds.
_ESCAPED: Final = re.compile(r"(?<!\\)(?:\\\\)*\\u[0-9A-Fa-f]{4}")
_MAILBOX: Final = re.compile(r"mailto:[^\s@<>()?]+@[^\s@<>()?]+")
_TIME: Final = re.compile(r"\d{4}-\d\d|\d\d:\d\d|\d{8,}")


def parse(data: bytes) -> Json | Finding:
    """Return the object that the document is, or why it is none; equal keys in one object are refused (RFC 8259 §4)."""
    try:
        found = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_refused)
    except (ValueError, RecursionError) as problem:
        return Finding(18, "", f"it is no JSON: {problem}", "document")
    return found if isinstance(found, dict) else Finding(18, "", "it is no JSON object", "document")


def is_feed(found: Json) -> bool:
    """Say whether the object means to be a JSON Feed."""
    return str(found.get("version", "")).startswith("https://jsonfeed.org/")


def view(root: Json) -> FeedView:
    """Return what a JSON Feed says; the format has no id of a feed but in feeder's extension, and no updated."""
    return FeedView(
        id=_text(_object(root.get("_feeder")), "id"),
        title=_text(root, "title"),
        description=_text(root, "description"),
        link=_text(root, "home_page_url"),
        self_link=_text(root, "feed_url"),
        language=_text(root, "language"),
        updated=None,
        authors=_names(root),
        entries=tuple(
            _entry(item, number, _text(root, "language")) for number, item in enumerate(_objects(root, "items"), 1)
        ),
    )


def json_faults(data: bytes, root: Json, url: str) -> Iterator[Finding]:
    """Yield what is wrong with a JSON Feed that is served at `url`."""
    yield from _raw_faults(data)
    for text in _texts(root):
        yield from character_faults(text, "document")
    feed = view(root)
    yield from _object_faults(root, _FEED, _NEEDED, "feed")
    if root.get("version") != VERSION:
        yield Finding(18, "", f"the version is {shown(_text(root, 'version'))}, not {VERSION}", "feed")
    if feed.self_link != url:
        yield Finding(2, "SelfDoesntMatchLocation", f"feed_url is {shown(feed.self_link)}, not {shown(url)}", "feed")
    yield from id_faults(4, feed.id, "feed id")
    if "description" in root:
        yield from blank_faults(5, feed.description, "description", "feed")
        yield from plain_faults(9, feed.description, "ContainsHTML", "feed description")
    if "language" in root:
        yield from language_faults(5, feed.language, "feed")
    yield from _generator_faults(_object(root.get("_feeder")))
    yield from _people_faults(root, "feed")
    for hub in _objects(root, "hubs"):
        yield from _object_faults(hub, _HUB, ("type", "url"), "hub")
        yield from url_faults(10, _text(hub, "url"), "hub")
    if "next_url" in root:
        yield from url_faults(10, _text(root, "next_url"), "next_url")
        if root["next_url"] == url:
            yield Finding(18, "", "next_url is the document's own address", "feed")
    yield from feed_faults(feed, url, "ContainsHTML")
    for item, entry in zip(_objects(root, "items"), feed.entries, strict=True):
        yield from _item_faults(item, entry)


def _raw_faults(data: bytes) -> Iterator[Finding]:
    if len(data) > MAX_BYTES:
        yield Finding(0, "ValidatorLimit", f"{len(data)} bytes are more than {MAX_BYTES}", "document")
    if data.startswith(codecs.BOM_UTF8):
        yield Finding(1, "", "it begins with a byte order mark", "document")
    if not data.endswith(b"\n"):
        yield Finding(1, "", "it does not end in a newline", "document")
    if escaped := _ESCAPED.search(data.decode("utf-8-sig")):
        yield Finding(1, "", f"{escaped.group()[-6:]} is not written as UTF-8", f"character {escaped.start()}")


def _entry(item: Json, number: int, language: str) -> EntryView:
    identifier = _text(item, "id")
    return EntryView(
        where=f"item {number} ({identifier})",
        id=identifier,
        title=_text(item, "title"),
        link=_text(item, "url"),
        via=_text(item, "external_url"),
        published=rfc3339(_text(item, "date_published")),
        updated=rfc3339(_text(item, "date_modified")),
        authors=_names(item),
        categories=tuple(Category("", tag) for tag in item.get("tags", ()) if isinstance(tag, str)),
        summary=_text(item, "summary"),
        content=_text(item, "content_html"),
        enclosures=tuple(
            Enclosure(_text(one, "url"), _text(one, "mime_type"), str(one.get("size_in_bytes", 0)))
            for one in _objects(item, "attachments")
        ),
        thumbnail=_text(item, "image"),
        language=_text(item, "language") or language,
    )


def _item_faults(item: Json, entry: EntryView) -> Iterator[Finding]:
    where = entry.where
    yield from _object_faults(item, _ITEM, _NEEDED_IN_ITEM, where)
    yield from _people_faults(item, where)
    for name in ("date_published", "date_modified"):
        yield from rfc3339_faults(11, _text(item, name), name, where)
    if entry.published and entry.updated and entry.updated < entry.published:
        yield Finding(11, "", f"date_modified {entry.updated} is before date_published {entry.published}", where)
    if "language" in item:
        yield from language_faults(5, _text(item, "language"), where)
    if "summary" in item:
        yield from blank_faults(13, entry.summary, "summary", where)
    if not all(isinstance(tag, str) for tag in item.get("tags", ())):
        yield Finding(18, "", "a tag is no text", where)
    for attachment in _objects(item, "attachments"):
        yield from _object_faults(attachment, _ATTACHMENT, ("url", "mime_type"), where)
        if attachment.get("size_in_bytes") == 0:
            yield Finding(15, "", "an attachment of no size says so: it is left out where it is not known", where)


def _object_faults(found: Json, known: Mapping[str, type], needed: tuple[str, ...], where: str) -> Iterator[Finding]:
    """Yield missing keys, keys that the specification does not know, values of other types, another order."""
    for name in needed:
        if name not in found:
            yield Finding(18, "MissingElement", f"there is no {name}", where)
    for name, value in found.items():
        if name not in known:
            if not _EXTENSION.fullmatch(name):
                yield Finding(18, "UndefinedElement", f"{shown(name)} is no name of JSON Feed 1.1", where)
        elif type(value) is not known[name]:
            yield Finding(18, "", f"{name} is no {known[name].__name__}", where)
        elif isinstance(value, list) and name != "tags" and not all(isinstance(one, dict) for one in value):
            yield Finding(18, "", f"{name} holds what is no object", where)
        elif value in ("", []):
            yield Finding(18, "", f"{name} says nothing", where)
    names = [name for name in found if name in known]
    if names != [name for name in known if name in found]:
        yield Finding(18, "", f"the keys stand in another order: {', '.join(names)}", where)


def _people_faults(parent: Json, where: str) -> Iterator[Finding]:
    for author in _objects(parent, "authors"):
        yield from _object_faults(author, _AUTHOR, ("name",), f"{where} author")
        address = _text(author, "url")
        if address and not _MAILBOX.fullmatch(unquote(address)):
            yield from url_faults(6, address, f"{where} author")


def _generator_faults(said: Json) -> Iterator[Finding]:
    """The format has no generator: feeder's own extension says it."""
    yield from url_faults(7, _text(said, "about"), "generator")
    yield from blank_faults(7, _text(said, "version"), "generator's version", "generator")
    if _TIME.search(_text(said, "version")):
        yield Finding(7, "", "the generator names a time", "generator")


def _names(parent: Json) -> tuple[str, ...]:
    return tuple(_text(author, "name") for author in _objects(parent, "authors"))


def _objects(parent: Json, name: str) -> list[Json]:
    found = parent.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _text(parent: Json, name: str) -> str:
    found = parent.get(name)
    return found if isinstance(found, str) else ""


def _texts(value: object) -> Iterator[str]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            waiting.extend((*one, *one.values()))


def _unique(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("two keys of one object are the same")
    return found


def _refused(name: str) -> Any:
    raise ValueError(f"{name} is no number")
