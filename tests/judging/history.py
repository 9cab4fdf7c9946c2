"""Rule 20 of SPEC §6: archives (RFC 5005), in one document, and along the links of a site's documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from tests.judging.finding import Finding, shown
from tests.judging.names import ATOM, HISTORY
from tests.judging.values import url_faults
from tests.judging.view import EntryView, FeedView

PREVIOUS, FOLLOWING, CURRENT = "prev-archive", "next-archive", "current"


def document_faults(head: etree._Element, media_type: str) -> Iterator[Finding]:
    """Yield what a document (Atom's `feed`, RSS's `channel`) says wrongly of its own place in history."""
    marks = {mark for mark in ("archive", "complete") if head.find(f"{HISTORY}{mark}") is not None}
    links = [link for link in head.findall(f"{ATOM}link") if link.get("rel") in (PREVIOUS, FOLLOWING, CURRENT)]
    hrefs = {link.get("rel"): link.get("href") or "" for link in links}
    own = next((link.get("href") for link in head.findall(f"{ATOM}link") if link.get("rel") == "self"), "")
    if len(marks) > 1:
        yield Finding(20, "ArchiveIncomplete", "it is an archive document, and complete", "feed")
    for rel, count in Counter(link.get("rel") for link in links).items():
        if count > 1:
            yield Finding(20, "DuplicateAtomLink", f"there are {count} links {rel}", "feed")
    for link in links:
        yield from url_faults(20, link.get("href") or "", f"link {link.get('rel')}")
        if link.get("type") != media_type:
            yield Finding(20, "", f"the link {link.get('rel')} is to {link.get('type')}", "feed")
        if link.get("href") == own:
            yield Finding(20, "", f"the link {link.get('rel')} leads to itself", "feed")
    if "archive" in marks and CURRENT not in hrefs:
        yield Finding(20, "MissingCurrentInArchive", "an archive document has no link to the current one", "feed")
    if "complete" in marks and hrefs:
        yield Finding(
            20, "FeedRelInCompleteFeed", f"it is complete, and has links {', '.join(map(str, hrefs))}", "feed"
        )
    if "archive" not in marks and {CURRENT, FOLLOWING} & hrefs.keys():
        yield Finding(20, "", "it has links of an archive document, and is none", "feed")


@dataclass(frozen=True, slots=True)
class _Document:
    path: str
    feed: FeedView
    links: Mapping[str, str]
    is_archive: bool


def chain_faults(roots: Mapping[str, etree._Element], views: Mapping[str, FeedView]) -> Iterator[Finding]:
    """Yield where archive documents of a site, by path, are not linked as they should, or hold what they should not."""
    documents = {feed.self_link: _document(path, roots[path], feed) for path, feed in views.items()}
    reached: set[str] = set()
    for url, document in documents.items():
        for rel, back in ((PREVIOUS, FOLLOWING), (FOLLOWING, PREVIOUS)):
            other = documents.get(document.links.get(rel, ""))
            if rel in document.links and (other is None or not other.is_archive):
                yield Finding(20, "ArchiveIncomplete", f"{rel} leads to no archive document", document.path)
            elif other and document.is_archive and other.links.get(back) != url:
                yield Finding(20, "", f"{other.path} does not link back", document.path)
        if not document.is_archive:
            chain = list(_chain(documents, document))
            reached.update(one.feed.self_link for one in chain)
            yield from _along(document, chain)
    for url, document in documents.items():
        if document.is_archive and url not in reached:
            yield Finding(20, "ArchiveIncomplete", "no feed leads to this archive document", document.path)


def _document(path: str, root: etree._Element, feed: FeedView) -> _Document:
    channel = root.find("channel")
    head = root if channel is None else channel
    links = {str(link.get("rel")): link.get("href") or "" for link in head.findall(f"{ATOM}link")}
    return _Document(path, feed, links, head.find(f"{HISTORY}archive") is not None)


def _chain(documents: Mapping[str, _Document], document: _Document) -> Iterator[_Document]:
    """Yield the archive documents behind a subscription document, the newest first, each once."""
    seen: set[str] = set()
    found = documents.get(document.links.get(PREVIOUS, ""))
    while found and found.is_archive and found.path not in seen:
        seen.add(found.path)
        yield found
        found = documents.get(found.links.get(PREVIOUS, ""))


def _along(subscription: _Document, chain: list[_Document]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    newer = ""
    before = None
    for document in chain:
        if document.links.get(CURRENT) != subscription.feed.self_link:
            yield Finding(
                20, "MissingCurrentInArchive", f"it is not {subscription.path} that it calls current", document.path
            )
        if document.feed.id != subscription.feed.id:
            yield Finding(4, "", f"the feed id is not that of {subscription.path}", document.path)
        if document.feed.title != subscription.feed.title:
            yield Finding(20, "", f"the title is not that of {subscription.path}", document.path)
        if document.links.get(FOLLOWING, "") != newer:
            yield Finding(20, "", f"next-archive is {shown(document.links.get(FOLLOWING, ''))}", document.path)
        newer = document.feed.self_link
        published = [entry.published for entry in document.feed.entries if entry.published]
        if len({(one.year, one.month) for one in published}) > 1:
            yield Finding(20, "", "its entries are of several months", document.path)
        if before and published and max(published) > before:
            yield Finding(20, "", "it holds what is newer than the oldest of the one behind it", document.path)
        before = min(published, default=before)
        for entry in document.feed.entries:
            first = seen.setdefault(entry.id, document.path)
            if first != document.path:
                yield Finding(20, "", f"the entry {shown(entry.id)} stands in {first}, too", document.path)
    yield from _lost_updates(subscription, [entry for document in chain for entry in document.feed.entries])


def _lost_updates(subscription: _Document, archived: list[EntryView]) -> Iterator[Finding]:
    """Yield the archived entries that were updated after they left the window, and do not stand before it.

    As many such entries as the window has may stand behind it; where there are fewer, none is missing.
    """
    there = subscription.feed.entries
    plain = [entry for entry in there if entry.updated == entry.published]
    behind = min((entry.published for entry in plain if entry.published), default=None)
    again = [entry for entry in there if behind and entry.published and entry.published < behind]
    window = [entry.published for entry in there if entry not in again and entry.published]
    if not window or len(again) >= len(window):
        return
    shown_there = {entry.id for entry in there}
    missing = [entry for entry in archived if entry.id not in shown_there]
    for entry in missing:
        if entry.updated and entry.published and entry.updated > max(min(window), entry.published):
            message = f"{shown(entry.id)} was updated after it left the window, and is in nothing that is read again"
            yield Finding(20, "ArchiveIncomplete", message, subscription.path)
