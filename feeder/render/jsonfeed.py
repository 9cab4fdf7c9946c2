"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/): keys in the order in which the specification names them."""

from __future__ import annotations

import json
from urllib.parse import quote

from feeder.model.entry import Content, Enclosure, Entry
from feeder.model.feed import Feed, History
from feeder.model.instant import rfc3339
from feeder.model.term import Person, Term
from feeder.render.formats import GENERATOR_URI, NO_HISTORY, RULES_VERSION, Envelope, InvalidDocumentError

VERSION = "https://jsonfeed.org/version/1.1"

_ITEMS = "items"
_END = b"]}\n"
_BETWEEN = b",\n"
_MAIL_SAFE = "@!$&'*+-/=^_`{|}~."

_Object = dict[str, object]


def item(entry: Entry, content: Content) -> bytes:
    """Return the item as it stands in every feed: one JSON object on one line."""
    found: _Object = {
        "id": entry.id,
        "url": entry.link,
        "external_url": entry.via,
        "title": entry.title,
        "content_html": content.html,
        "summary": content.summary,
        "image": content.thumbnail,
        "date_published": rfc3339(entry.published),
        "date_modified": rfc3339(entry.updated),
        "authors": [_person(person) for person in entry.authors],
        "tags": _tags(entry.terms),
        "language": entry.language,
        "attachments": [_attachment(enclosure) for enclosure in content.enclosures],
    }
    return _dump(_said(found))


def envelope(feed: Feed, self_url: str, history: History = NO_HISTORY) -> Envelope:
    """Return the document at `self_url` without its items; of its history the format knows what came before.

    The format has no id of a feed and no generator: both stand in an extension of ours, `_feeder`.
    """
    found: _Object = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.alternate,
        "feed_url": self_url,
        "description": feed.description,
        "next_url": history.previous,
        "authors": [_person(person) for person in feed.authors],
        "language": feed.language,
        "hubs": [{"type": "WebSub", "url": feed.hub}] if feed.hub else [],
        "_feeder": {"about": GENERATOR_URI, "version": RULES_VERSION, "id": feed.id},
    }
    head = _dump(_said(found)).removesuffix(b"}")
    return Envelope(head + f', "{_ITEMS}": ['.encode(), _END, _BETWEEN)


def check(document: bytes) -> None:
    """Raise InvalidDocumentError unless `document` is one JSON object in UTF-8 that says which version it is of."""
    if _parsed(document).get("version") != VERSION:
        raise InvalidDocumentError("it is no JSON Feed 1.1")


def check_fragment(fragment: bytes) -> None:
    """Raise InvalidDocumentError unless `fragment` is one JSON object with an id."""
    if not isinstance(_parsed(fragment).get("id"), str):
        raise InvalidDocumentError("it is no item")


def _said(found: _Object) -> _Object:
    """Return `found` without what has nothing to say."""
    return {name: value for name, value in found.items() if value not in ("", [])}


def _person(person: Person) -> _Object:
    mail = f"mailto:{quote(person.email, safe=_MAIL_SAFE)}" if person.email else ""
    return _said({"name": person.name, "url": person.uri or mail})


def _tags(terms: tuple[Term, ...]) -> list[str]:
    """Return the labels of `terms`; the format knows no schemes, so of a category and a tag of one key the first."""
    found: dict[str, str] = {}
    for term in terms:
        if term.taxonomy != "authors":
            found.setdefault(term.key, term.label)
    return list(found.values())


def _attachment(enclosure: Enclosure) -> _Object:
    found: _Object = {"url": enclosure.url, "mime_type": enclosure.type}
    return {**found, "size_in_bytes": enclosure.length} if enclosure.length else found


def _dump(value: _Object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _parsed(data: bytes) -> _Object:
    try:
        found = json.loads(data.decode())
    except (ValueError, RecursionError) as problem:
        raise InvalidDocumentError(str(problem)) from None
    if not isinstance(found, dict):
        raise InvalidDocumentError("it is no JSON object")
    return found
