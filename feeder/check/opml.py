"""What OPML 2.0 (http://opml.org/spec2.opml) asks of a subscription list."""

from __future__ import annotations

from collections.abc import Iterator

from feeder.check.document import Outline
from feeder.check.entries import at
from feeder.check.fault import Fault, shown
from feeder.check.instants import rfc822_fault
from feeder.check.tree import Node
from feeder.check.values import address_fault

_VERSIONS = ("1.0", "1.1")


def opml_faults(root: Node, outlines: tuple[Outline, ...]) -> Iterator[Fault]:
    """Yield what is wrong with a list; `outlines` are the feeds that were read of `root`."""
    version = root.get("version")
    if version is None:
        yield Fault("MissingAttribute", root.line, "<opml> does not say its version", "OPML 2.0, opml")
    elif version in _VERSIONS:
        yield Fault("ObsoleteVersion", root.line, f"it is OPML {version}", "OPML 2.0, opml")
    elif version != "2.0":
        yield Fault("InvalidOPMLVersion", root.line, f"the version is {shown(version)}")
    yield from _parts(root)
    for node in root.walk():
        if node.name == "outline":
            yield from _outline_faults(node)
    seen: set[str] = set()
    for outline in outlines:
        if outline.url in seen:
            yield Fault("DuplicateOutline", outline.line, f"{shown(outline.url)} stands in the list twice")
        seen.add(outline.url)


def _parts(root: Node) -> Iterator[Fault]:
    head, body = root.first("", "head"), root.first("", "body")
    for name, node in (("head", head), ("body", body)):
        if node is None:
            yield Fault("MissingElement", root.line, f"<opml> has no <{name}>", f"OPML 2.0, {name}")
    if body and not body.all("", "outline"):
        yield Fault("MissingElement", body.line, "<body> has no <outline>", "OPML 2.0, body")
    for child in root.children:
        if child.name not in ("head", "body") and not child.space:
            yield Fault("UndefinedElement", child.line, f"<{child.name}> is no element of <opml>", "OPML 2.0, opml")
    for name in ("dateCreated", "dateModified"):
        if head and (node := head.first("", name)):
            yield from at(rfc822_fault(node.text.strip()), node.line, f"<{name}>", "OPML 2.0, head")


def _outline_faults(node: Node) -> Iterator[Fault]:
    if node.get("text") is None:
        yield Fault("MissingAttribute", node.line, "an outline has no text", "OPML 2.0, outline")
    elif not (node.get("text") or "").strip():
        yield Fault("AttrNotBlank", node.line, "an outline's text is empty", "OPML 2.0, outline")
    kind, url, page = (node.get("type") or "").lower(), node.get("xmlUrl"), node.get("htmlUrl")
    if kind == "rss" and url is None:
        yield Fault("MissingXmlURL", node.line, f"the feed {shown(node.get('text') or '')} has no xmlUrl")
    if url is None:
        return
    if not kind:
        yield Fault("MissingOutlineType", node.line, f"the outline of {shown(url)} does not say that it is a feed")
    elif kind != "rss":
        yield Fault("InvalidOutlineType", node.line, f"the outline of {shown(url)} is of type {shown(kind)}")
    yield from at(address_fault(url), node.line, "an outline's xmlUrl", "OPML 2.0, subscription lists")
    if page is None:
        yield Fault("MissingHtmlURL", node.line, f"the outline of {shown(url)} names no page")
    else:
        yield from at(address_fault(page), node.line, "an outline's htmlUrl", "OPML 2.0, subscription lists")
