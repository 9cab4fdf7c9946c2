"""An Atom feed element (RFC 4287) as a `ReadFeed`; `link` elements of Atom's kind are read here for RSS too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from feeder.check.document import Category, Enclosure, Kind, Link, Person, ReadEntry, ReadFeed, Text, TextType
from feeder.check.tree import XML, Node

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
XHTML = "http://www.w3.org/1999/xhtml"
_LANG = f"{{{XML}}}lang"
_BASE = f"{{{XML}}}base"
_REGISTRY = "http://www.iana.org/assignments/relation/"
_TYPES = {"text": TextType.TEXT, "html": TextType.HTML, "text/html": TextType.HTML}
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


@dataclass(frozen=True, slots=True)
class _Written:
    markup: str


def atom_feed(root: Node) -> ReadFeed:
    """Return the feed that the element `feed` is."""
    links = atom_links(root)
    base = root.get(_BASE) or ""
    return ReadFeed(
        kind=Kind.ATOM,
        entries=tuple(_entry(node, base) for node in root.all(ATOM, "entry")),
        line=root.line,
        id=_text(root, "id"),
        title=_construct(root, "title"),
        description=_construct(root, "subtitle"),
        link=first_link(links, "alternate"),
        self_link=first_link(links, "self"),
        links=links,
        updated=_text(root, "updated"),
        authors=_people(root),
        categories=_categories(root),
        language=root.get(_LANG) or "",
        archive=root.first(HISTORY, "archive") is not None,
        complete=root.first(HISTORY, "complete") is not None,
    )


def atom_links(parent: Node) -> tuple[Link, ...]:
    """Return the `atom:link` elements in `parent`; a rel by its registered name, "alternate" where there is none."""
    return tuple(
        Link(
            rel=(node.get("rel") or "alternate").removeprefix(_REGISTRY),
            href=(node.get("href") or "").strip(),
            line=node.line,
            type=node.get("type") or "",
            hreflang=node.get("hreflang") or "",
            length=node.get("length") or "",
        )
        for node in parent.all(ATOM, "link")
    )


def first_link(links: Iterable[Link], rel: str) -> str:
    """Return the address of the first link of that rel, "" where there is none."""
    return next((link.href for link in links if link.rel == rel), "")


def _entry(node: Node, base: str) -> ReadEntry:
    links = atom_links(node)
    content = node.first(ATOM, "content")
    return ReadEntry(
        id=_text(node, "id"),
        line=node.line,
        title=_construct(node, "title"),
        link=first_link(links, "alternate"),
        via=first_link(links, "via"),
        links=links,
        published=_text(node, "published"),
        updated=_text(node, "updated"),
        authors=_people(node),
        categories=_categories(node),
        summary=_construct(node, "summary"),
        content=_construct(node, "content"),
        enclosures=tuple(
            Enclosure(link.href, link.line, link.type, link.length) for link in links if link.rel == "enclosure"
        ),
        language=node.get(_LANG) or "",
        base=(content.get(_BASE) if content else "") or node.get(_BASE) or base,
    )


def _text(parent: Node, name: str) -> str:
    node = parent.first(ATOM, name)
    return node.text.strip() if node else ""


def _construct(parent: Node, name: str) -> Text | None:
    node = parent.first(ATOM, name)
    if node is None:
        return None
    kind = (node.get("type") or "text").lower()
    if kind == "xhtml":
        return Text(inner_markup(node), node.line, TextType.XHTML)
    known = _TYPES.get(kind, TextType.OTHER)
    return Text(node.text, node.line, TextType.OTHER if node.get("src") is not None else known)


def inner_markup(node: Node) -> str:
    """Return what is in `node` as HTML would be written: for XHTML that stands in a feed as elements."""
    done: list[str] = []
    waiting = _to_write(node)
    while waiting:
        part = waiting.pop()
        if isinstance(part, _Written):
            done.append(part.markup)
            continue
        attributes = "".join(f' {key.rpartition("}")[2]}="{escape(value)}"' for key, value in part.attributes)
        done.append(f"<{part.name}{attributes}>")
        if part.parts or part.name not in _VOID:
            waiting.append(_Written(f"</{part.name}>"))
        waiting.extend(_to_write(part))
    return "".join(done)


def _to_write(node: Node) -> list[_Written | Node]:
    return [_Written(escape(part, quote=False)) if isinstance(part, str) else part for part in reversed(node.parts)]


def _people(parent: Node) -> tuple[Person, ...]:
    return tuple(
        Person(_text(node, "name"), node.line, _text(node, "email"), _text(node, "uri"))
        for node in parent.all(ATOM, "author")
    )


def _categories(parent: Node) -> tuple[Category, ...]:
    return tuple(
        Category(node.get("label") or "", node.line, node.get("term") or "", node.get("scheme") or "")
        for node in parent.all(ATOM, "category")
    )
