"""An RSS 2.0 channel as a `ReadFeed`: RSS 2.0, and Atom's, Dublin Core's and content's elements in it."""

from __future__ import annotations

import re

from feeder.check.document import Category, Enclosure, Kind, Link, Person, ReadEntry, ReadFeed, Text, TextType
from feeder.check.readatom import HISTORY, atom_links, first_link, inner_markup
from feeder.check.tree import XML, Node

CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
_LANG = f"{{{XML}}}lang"
_BASE = f"{{{XML}}}base"
_MAILBOX = re.compile(r"(?P<email>[^\s()<>]+@[^\s()<>]+)(?:\s+\((?P<name>.*)\))?", re.DOTALL)


def rss_feed(channel: Node) -> ReadFeed:
    """Return the feed that the element `channel` is."""
    links = (*_own_link(channel), *atom_links(channel))
    return ReadFeed(
        kind=Kind.RSS,
        entries=tuple(_entry(node) for node in channel.all("", "item")),
        line=channel.line,
        title=_html_free(channel, "title"),
        description=_html_free(channel, "description"),
        link=_text(channel, "link"),
        self_link=first_link(links, "self"),
        links=links,
        updated=_text(channel, "lastBuildDate") or _text(channel, "pubDate"),
        authors=_people(channel, "managingEditor"),
        categories=_categories(channel),
        language=_text(channel, "language") or channel.get(_LANG) or "",
        archive=channel.first(HISTORY, "archive") is not None,
        complete=channel.first(HISTORY, "complete") is not None,
    )


def _entry(node: Node) -> ReadEntry:
    links = (*_own_link(node), *atom_links(node))
    description, encoded = node.first("", "description"), node.first(CONTENT, "encoded")
    whole = encoded if encoded is not None else description
    source = node.first(DC, "source")
    return ReadEntry(
        id=_text(node, "guid"),
        line=node.line,
        title=_html_free(node, "title"),
        link=_text(node, "link"),
        via=source.text.strip() if source else "",
        links=links,
        published=_text(node, "pubDate"),
        authors=_people(node, "author"),
        categories=_categories(node),
        summary=_html(description) if encoded is not None else None,
        content=_html(whole),
        enclosures=tuple(
            Enclosure(
                (one.get("url") or "").strip(), one.line, one.get("type") or "", (one.get("length") or "").strip()
            )
            for one in node.all("", "enclosure")
        ),
        language=_text(node, "language", DC) or node.get(_LANG) or "",
        base=node.get(_BASE) or "",
    )


def _own_link(parent: Node) -> tuple[Link, ...]:
    return tuple(Link("alternate", node.text.strip(), node.line) for node in parent.all("", "link"))


def _text(parent: Node, name: str, space: str = "") -> str:
    node = parent.first(space, name)
    return node.text.strip() if node else ""


def _html_free(parent: Node, name: str) -> Text | None:
    node = parent.first("", name)
    return Text(node.text, node.line) if node else None


def _html(node: Node | None) -> Text | None:
    if node is None:
        return None
    return Text(inner_markup(node) if node.children else node.text, node.line, TextType.HTML)


def _people(parent: Node, name: str) -> tuple[Person, ...]:
    found: list[Person] = []
    for node in parent.all("", name):
        match = _MAILBOX.fullmatch(node.text.strip())
        found.append(
            Person(match["name"] or "", node.line, match["email"]) if match else Person(node.text.strip(), node.line)
        )
    return (*found, *(Person(node.text.strip(), node.line) for node in parent.all(DC, "creator")))


def _categories(parent: Node) -> tuple[Category, ...]:
    return tuple(
        Category(node.text.strip(), node.line, scheme=node.get("domain") or "") for node in parent.all("", "category")
    )
