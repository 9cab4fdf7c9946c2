"""Bytes of a feed, an OPML list or a catalogue → a `Document`: what it is, is seen from its content."""

from __future__ import annotations

import codecs

from feeder.check.document import Document, Kind, Outline
from feeder.check.fault import Fault, shown
from feeder.check.jsontree import Object, parse_json
from feeder.check.readatom import ATOM, atom_feed
from feeder.check.readjson import catalogue_outlines, is_catalogue, is_json_feed, json_feed
from feeder.check.readrss import rss_feed
from feeder.check.tree import Node, parse_xml

# What stands before the first character that says which language a document is written in.
_BEFORE = b" \t\r\n\0"
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read(data: bytes) -> Document:
    """Return what `data` says: never raises, whatever it holds."""
    start = data[:64]
    for mark in _MARKS:
        start = start.removeprefix(mark)
    start = start.lstrip(_BEFORE)
    if start[:1] in (b"{", b"["):
        return _read_json(data)
    return _read_xml(data)


def _read_json(data: bytes) -> Document:
    value = parse_json(data)
    if isinstance(value, Fault):
        # Whatever JSON it was to be, a program that reads it stumbles; but only of a feed is that our business.
        return Document(None, faults=(value,)) if b"jsonfeed.org/version" in data else Document(None)
    if isinstance(value, Object) and is_json_feed(value):
        return Document(Kind.JSON, feed=json_feed(value), json=value)
    if isinstance(value, Object) and is_catalogue(value):
        return Document(Kind.CATALOGUE, outlines=catalogue_outlines(value), json=value)
    return Document(None)


def _read_xml(data: bytes) -> Document:
    tree = parse_xml(data)
    root = tree.root
    if root is None:
        return Document(None, faults=tree.faults)
    if (root.space, root.name) == (ATOM, "feed"):
        return Document(Kind.ATOM, feed=atom_feed(root), tree=root, faults=tree.faults)
    if root.name == "rss" and not root.space:
        channel = root.first("", "channel")
        if channel is None:
            fault = Fault("MissingElement", root.line, "<rss> has no <channel>", "RSS 2.0, channel")
            return Document(Kind.RSS, tree=root, faults=(*tree.faults, fault))
        return Document(Kind.RSS, feed=rss_feed(channel), tree=root, faults=tree.faults)
    if root.name == "opml" and not root.space:
        return Document(Kind.OPML, outlines=tuple(_outlines(root)), tree=root, faults=tree.faults)
    return Document(None, tree=root, faults=(*tree.faults, *_unknown(root)))


def _unknown(root: Node) -> tuple[Fault, ...]:
    """Return the fault of what was to be a feed; other XML (a sitemap, a drawing) is not looked at."""
    if root.name == "feed":
        return (Fault("ObsoleteNamespace", root.line, f"the namespace of <feed> is {shown(root.space)}, not Atom's"),)
    if root.name in ("rss", "opml", "RDF"):
        where = f" of the namespace {shown(root.space)}" if root.space else ""
        return (Fault("UndefinedElement", root.line, f"<{root.name}>{where} is no feed that this checks"),)
    return ()


def _outlines(root: Node) -> list[Outline]:
    return [
        Outline(
            title=node.get("title") or node.get("text") or "",
            url=node.get("xmlUrl") or "",
            page=node.get("htmlUrl") or "",
            line=node.line,
        )
        for node in root.walk()
        if node.name == "outline" and (node.get("xmlUrl") is not None or (node.get("type") or "").lower() == "rss")
    ]
