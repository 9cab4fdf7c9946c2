"""A JSON Feed (1.1, https://www.jsonfeed.org/version/1.1/) as a `ReadFeed`, and feeder's catalogue of feeds."""

from __future__ import annotations

from feeder.check.document import Category, Enclosure, Kind, Link, Outline, Person, ReadEntry, ReadFeed, Text, TextType
from feeder.check.jsontree import Object, Value

VERSION = "https://jsonfeed.org/version/"


def is_json_feed(value: Object) -> bool:
    """Say whether `value` is to be a JSON Feed: it says so, or has what only feeds have."""
    version = value.text("version")
    return "jsonfeed.org" in version or (isinstance(value.get("items"), tuple) and _has(value, "feed_url", "version"))


def is_catalogue(value: Object) -> bool:
    """Say whether `value` is feeder's catalogue of feeds (`feeds.json`)."""
    feeds = value.objects("feeds")
    return bool(feeds) and all(isinstance(feed.get("addresses"), Object) for feed in feeds)


def json_feed(value: Object) -> ReadFeed:
    """Return the feed that the object `value` is."""
    links = tuple(
        Link(rel, value.text(key), value.line_of(key))
        for key, rel in (("home_page_url", "alternate"), ("feed_url", "self"), ("next_url", "next"))
        if value.text(key)
    )
    hubs = tuple(Link("hub", hub.text("url"), hub.line) for hub in value.objects("hubs") if hub.text("url"))
    return ReadFeed(
        kind=Kind.JSON,
        entries=tuple(_entry(item) for item in value.objects("items")),
        line=value.line,
        title=_text(value, "title"),
        description=_text(value, "description"),
        link=value.text("home_page_url"),
        self_link=value.text("feed_url"),
        links=(*links, *hubs),
        authors=_people(value),
        language=value.text("language"),
        next_url=value.text("next_url"),
    )


def _entry(item: Object) -> ReadEntry:
    external = item.text("external_url")
    links = tuple(
        Link(rel, item.text(key), item.line_of(key))
        for key, rel in (("url", "alternate"), ("external_url", "via"))
        if item.text(key)
    )
    return ReadEntry(
        id=_id(item.get("id")),
        line=item.line,
        title=_text(item, "title"),
        link=item.text("url") or external,
        via=external,
        links=links,
        published=item.text("date_published"),
        updated=item.text("date_modified"),
        authors=_people(item),
        categories=_tags(item),
        summary=_text(item, "summary"),
        content=_text(item, "content_html", TextType.HTML) or _text(item, "content_text"),
        enclosures=tuple(_attachment(one) for one in item.objects("attachments")),
        language=item.text("language"),
    )


def _id(value: Value) -> str:
    """Return an id as readers take it: a number becomes its text (JSON Feed 1.1, Items)."""
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _text(value: Object, key: str, kind: TextType = TextType.TEXT) -> Text | None:
    text = value.get(key)
    return Text(text, value.line_of(key), kind) if isinstance(text, str) else None


def _people(value: Object) -> tuple[Person, ...]:
    author = value.get("author")
    people = value.objects("authors") or ((author,) if isinstance(author, Object) else ())
    return tuple(Person(one.text("name"), one.line, uri=one.text("url")) for one in people)


def _tags(item: Object) -> tuple[Category, ...]:
    tags, line = item.get("tags"), item.line_of("tags")
    return tuple(Category(tag, line) for tag in tags if isinstance(tag, str)) if isinstance(tags, tuple) else ()


def _attachment(one: Object) -> Enclosure:
    size = one.get("size_in_bytes")
    length = str(size) if isinstance(size, (int, float)) and not isinstance(size, bool) else ""
    return Enclosure(one.text("url"), one.line, one.text("mime_type"), length)


def _has(value: Object, *keys: str) -> bool:
    return any(value.get(key) is not None for key in keys)


def catalogue_outlines(value: Object) -> tuple[Outline, ...]:
    """Return the documents that a catalogue names, one for every address of a feed."""
    return tuple(
        Outline(
            title=feed.text("title"),
            url=address.text("url"),
            page=feed.text("page"),
            line=address.line,
            size=size if isinstance(size := address.get("bytes"), int) else None,
            digest=address.text("digest"),
        )
        for feed in value.objects("feeds")
        for address in _addresses(feed)
    )


def _addresses(feed: Object) -> tuple[Object, ...]:
    named = feed.get("addresses")
    members = named.members if isinstance(named, Object) else ()
    return tuple(member.value for member in members if isinstance(member.value, Object))
