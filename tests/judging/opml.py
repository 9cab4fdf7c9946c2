"""Rule 19: the subscription list (OPML 2.0), and beside it the catalogue, held against the documents of a site."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any, Final

from lxml import etree

from tests.judging.finding import Finding, shown
from tests.judging.values import blank_faults, plain_faults, url_faults
from tests.judging.view import FeedView, attribute

_DATES: Final = ("dateCreated", "dateModified")
_ATTRIBUTES: Final = frozenset("text title type xmlUrl htmlUrl description language version category".split())


def opml_faults(root: etree._Element) -> Iterator[Finding]:
    """Yield what is wrong with a subscription list."""
    if root.tag != "opml" or root.get("version") != "2.0" or [child.tag for child in root] != ["head", "body"]:
        yield Finding(19, "", "it is no OPML 2.0 with a head and a body", "document")
        return
    yield from blank_faults(19, root.findtext("head/title") or "", "title", "head")
    for name in _DATES:
        if root.find(f"head/{name}") is not None:
            yield Finding(19, "", f"{name} tells the time of the build", "head")
    addresses: list[str] = []
    for element in root.iterfind("body/*"):
        if element.get("type") is None:
            yield from _group_faults(element)
            for inner in element:
                yield from _outline_faults(inner)
                addresses.append(attribute(inner, "xmlUrl"))
        else:
            yield from _outline_faults(element)
            addresses.append(attribute(element, "xmlUrl"))
    if not addresses:
        yield Finding(19, "", "there is no feed in it", "body")
    for address, number in Counter(addresses).items():
        if number > 1:
            yield Finding(19, "", f"{shown(address)} stands in it {number} times", "body")


def list_faults(
    root: etree._Element, catalogue: Any, documents: Mapping[str, bytes], views: Mapping[str, FeedView], first: str
) -> Iterator[Finding]:
    """Yield where the lists and the feeds of a site differ; `first` is the file name of the first format.

    `views` are the feeds by their path below dist, `documents` all files' bytes.
    """
    listed: dict[str, tuple[str, str, str]] = {}
    for element in root.iter("outline"):
        parent = element.getparent()
        if element.get("type") == "rss":
            group = attribute(parent, "text") if parent is not None and parent.tag == "outline" else ""
            listed[attribute(element, "xmlUrl")] = (group, attribute(element, "text"), attribute(element, "htmlUrl"))
    wanted = {
        feed.self_link: (path.split("/")[0] if "/" in path else "", feed.title, feed.link)
        for path, feed in views.items()
        if PurePosixPath(path).name == first
    }
    for address in sorted(wanted.keys() | listed.keys()):
        if wanted.get(address) != listed.get(address):
            message = f"{shown(address)} is {listed.get(address)} there, and should be {wanted.get(address)}"
            yield Finding(19, "", message, "feeds.opml")
    yield from _address_faults(catalogue, documents, views)
    for feed in catalogue["feeds"]:
        yield from _entry_faults(feed, {view.self_link: view for view in views.values()})


def _address_faults(catalogue: Any, documents: Mapping[str, bytes], views: Mapping[str, FeedView]) -> Iterator[Finding]:
    known = {
        one["url"]: (one["bytes"], one["digest"]) for feed in catalogue["feeds"] for one in feed["addresses"].values()
    }
    for path, feed in views.items():
        data = documents[path]
        if known.pop(feed.self_link, None) != (len(data), f"sha256:{sha256(data).hexdigest()}"):
            yield Finding(19, "", f"{shown(feed.self_link)} is another than the catalogue says", "feeds.json")
    for address in known:
        yield Finding(19, "", f"{shown(address)} is no feed", "feeds.json")


def _entry_faults(feed: Any, views: Mapping[str, FeedView]) -> Iterator[Finding]:
    said = (feed["title"], feed["shown"], feed["newest"], feed["page"])
    for view in (views[one["url"]] for one in feed["addresses"].values() if one["url"] in views):
        newest = max(entry.published for entry in view.entries if entry.published)
        if said != (view.title, len(view.entries), f"{newest:%Y-%m-%dT%H:%M:%SZ}", view.link):
            yield Finding(19, "", f"{shown(json.dumps(said))} is not what its documents say", "feeds.json")
    if feed["entries"] < feed["shown"]:
        yield Finding(19, "", "fewer entries belong to a feed than stand in it", "feeds.json")


def _group_faults(element: etree._Element) -> Iterator[Finding]:
    yield from blank_faults(19, attribute(element, "text"), "text of a group", "body")
    if not len(element):
        yield Finding(19, "", "a group holds no feed", "body")
    if set(element.attrib) - {"text", "title"}:
        yield Finding(19, "", "a group has attributes of a feed", "body")


def _outline_faults(element: etree._Element) -> Iterator[Finding]:
    where = f"outline {shown(attribute(element, 'xmlUrl'))}"
    if element.tag != "outline" or len(element):
        yield Finding(19, "", "it is no feed", where)
    if element.get("type") != "rss":
        yield Finding(19, "", f"its type is {shown(attribute(element, 'type'))}, not rss", where)
    for name in sorted(set(map(str, element.attrib)) - _ATTRIBUTES):
        yield Finding(19, "", f"{name} is no attribute of a subscription", where)
    yield from blank_faults(19, attribute(element, "text"), "text", where)
    yield from plain_faults(19, attribute(element, "text"), "ContainsHTML", where)
    for name in ("xmlUrl", "htmlUrl"):
        yield from url_faults(19, attribute(element, name), where)
