"""What the feeds of one site must say alike: ids, entries, terms (SPEC §3, §4, §6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from urllib.parse import quote

from lxml import etree

from tests.judging import atom, jsonfeed, rss
from tests.judging.finding import Finding, shown
from tests.judging.history import chain_faults
from tests.judging.names import ATOM, HISTORY
from tests.judging.pair import json_pair_faults, pair_faults
from tests.judging.view import FeedView

Roots = Mapping[str, etree._Element]
Objects = Mapping[str, jsonfeed.Json]


def site_faults(roots: Roots, objects: Objects) -> Iterator[Finding]:
    """Yield where the documents of a site contradict each other.

    `roots` are Atom and RSS feeds, `objects` JSON Feeds, by their path below dist.
    """
    views = {path: atom.view(root) if root.tag == f"{ATOM}feed" else rss.view(root) for path, root in roots.items()}
    others = {path: jsonfeed.view(root) for path, root in objects.items()}
    yield from _feed_id_faults(roots, views)
    yield from _unique_faults(2, "self link", {path: feed.self_link for path, feed in {**views, **others}.items()})
    yield from _entry_faults(roots)
    yield from _item_faults(objects)
    yield from _label_faults(views)
    yield from chain_faults(roots, views)
    for path, feed in views.items():
        twin = str(PurePosixPath(path).with_name("rss.xml"))
        if PurePosixPath(path).name == "atom.xml" and twin in views:
            for finding in pair_faults(feed, views[twin]):
                yield Finding(finding.rule, finding.name, finding.message, f"{path} {finding.where}")
        twin = str(PurePosixPath(path).with_name("feed.json"))
        if PurePosixPath(path).name == "atom.xml" and twin in others:
            for finding in json_pair_faults(feed, others[twin]):
                yield Finding(finding.rule, finding.name, finding.message, f"{path} {finding.where}")


def term_faults(roots: Roots) -> Iterator[Finding]:
    """Yield every term without a feed, and every entry in a term's feed that has not that term.

    For sites whose feeds stand at the default addresses, and whose `feeds.url` is one: `SCHEME` + `SLUG/atom.xml`.
    """
    views = {path: atom.view(root) for path, root in roots.items() if root.tag == f"{ATOM}feed"}
    members: dict[str, set[str]] = defaultdict(set)
    for feed in views.values():
        for entry in feed.entries:
            for category in entry.categories:
                members[f"{category.scheme}{quote(category.term, safe='')}/atom.xml"].add(entry.id)
    addresses = {feed.self_link: path for path, feed in views.items()}
    for address in sorted(members.keys() - addresses.keys()):
        yield Finding(12, "", f"a term without a feed: {address}", "site")
    schemes = {category.scheme for feed in views.values() for entry in feed.entries for category in entry.categories}
    for path, feed in views.items():
        if feed.self_link.startswith(tuple(schemes)):
            for entry in feed.entries:
                if entry.id not in members[feed.self_link]:
                    yield Finding(12, "", "the entry has not the term whose feed it stands in", f"{path} {entry.where}")


def _feed_id_faults(roots: Roots, views: Mapping[str, FeedView]) -> Iterator[Finding]:
    """A feed and its archive documents share one id (RFC 5005 §4); two subscription documents never do."""
    current = {
        path: feed.id for path, feed in views.items() if feed.id and roots[path].find(f"{HISTORY}archive") is None
    }
    yield from _unique_faults(4, "feed id", current)


def _unique_faults(rule: int, what: str, values: Mapping[str, str]) -> Iterator[Finding]:
    paths: dict[str, list[str]] = defaultdict(list)
    for path, value in values.items():
        paths[value].append(path)
    for value, sharing in paths.items():
        if len(sharing) > 1:
            yield Finding(rule, "", f"the {what} {shown(value)} stands in {' and '.join(sorted(sharing))}", "site")


def _entry_faults(roots: Roots) -> Iterator[Finding]:
    """One id, one entry: the same canonical bytes in every document of a format."""
    seen: dict[tuple[str, str], tuple[str, bytes]] = {}
    for path, root in sorted(roots.items()):
        entries, id_tag = (f"{ATOM}entry", f"{ATOM}id") if root.tag == f"{ATOM}feed" else ("channel/item", "guid")
        for element in root.iterfind(entries):
            identifier = element.findtext(id_tag) or ""
            element.tail = None
            canonical = etree.tostring(element, method="c14n", exclusive=True, with_comments=True)
            first_path, first = seen.setdefault((entries, identifier), (path, canonical))
            if first != canonical:
                message = f"the entry {shown(identifier)} is another in {first_path}"
                yield Finding(8, "", message, path)


def _item_faults(objects: Objects) -> Iterator[Finding]:
    """The same for JSON."""
    seen: dict[str, tuple[str, object]] = {}
    for path, root in sorted(objects.items()):
        for item in root.get("items", ()):
            identifier = str(item.get("id", "")) if isinstance(item, dict) else ""
            first_path, first = seen.setdefault(identifier, (path, item))
            if first != item:
                yield Finding(8, "", f"the entry {shown(identifier)} is another in {first_path}", path)


def _label_faults(views: Mapping[str, FeedView]) -> Iterator[Finding]:
    """A term has one label, and a label one term, all over the site."""
    labels: dict[tuple[str, str], str] = {}
    terms: dict[tuple[str, str], str] = {}
    found: set[Finding] = set()
    for feed in views.values():
        for category in (category for entry in feed.entries for category in entry.categories if category.term):
            label = labels.setdefault((category.scheme, category.term), category.label)
            term = terms.setdefault((category.scheme, category.label), category.term)
            if (label, term) != (category.label, category.term):
                message = f"{shown(term)} is {shown(label)} and {shown(category.term)} is {shown(category.label)}"
                found.add(Finding(12, "", message, "site"))
    yield from sorted(found)
