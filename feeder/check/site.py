"""What the feeds of one folder must say alike: where they stand, ids, entries, formats (SPEC's rules 2 to 4, 8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from feeder.check.fault import Fault, shown
from feeder.check.instants import instant
from feeder.check.summary import FEEDS, Known, Summary, by_address, common_base, heads, is_alias, plain, twins

Placed = tuple[str, Fault]
"""A fault, and the path of the document that it is in."""


def site_faults(summaries: Sequence[Summary]) -> Iterator[Placed]:
    """Yield where the feeds of a folder contradict where they stand, or each other."""
    feeds = [one for one in summaries if one.kind in FEEDS]
    yield from _location_faults(feeds)
    yield from _feed_id_faults(heads(feeds))
    yield from _alternate_faults(feeds)
    yield from _entry_faults(feeds)
    yield from _format_faults(heads(feeds))


def _location_faults(feeds: Sequence[Summary]) -> Iterator[Placed]:
    base, there = common_base(feeds), by_address(feeds)
    for feed in feeds:
        if "://" not in feed.self_link or (base and feed.base == base) or is_alias(feed, there):
            continue  # a relative one has a name of its own
        link = feed.linked("self")
        message = f"it stands at {shown(feed.path)} and says {shown(feed.self_link)}"
        if feed.base:
            message = f"it says {shown(feed.self_link)}, and most of what is here stands below {shown(base)}"
        yield feed.path, Fault("SelfDoesntMatchLocation", link.line if link else feed.line, message)


def _feed_id_faults(feeds: Sequence[Summary]) -> Iterator[Placed]:
    known: dict[str, Summary] = {}
    for feed in feeds:
        first = known.setdefault(feed.id, feed) if feed.id else feed
        if first is not feed:
            yield feed.path, Fault("DuplicateFeedId", feed.line, f"{shown(first.path)} has the id {shown(feed.id)} too")


def _alternate_faults(feeds: Sequence[Summary]) -> Iterator[Placed]:
    addresses = by_address(feeds)
    for feed in feeds:
        link = feed.linked("alternate")
        page = link.href.partition("#")[0] if link else ""
        if link and page != feed.self_link and plain(page) in addresses:
            message = f"the page that the feed belongs to is a feed: {shown(page)}"
            yield feed.path, Fault("AlternateIsFeed", link.line, message)


def _entry_faults(feeds: Sequence[Summary]) -> Iterator[Placed]:
    """Yield entries of which two documents of one host say different things; the first that says something is right."""
    known: dict[tuple[str, str], tuple[Summary, Known]] = {}
    for feed in feeds:
        host = (feed.self_link or feed.link).partition("://")[2].partition("/")[0]
        for entry in feed.entries:
            first, said = known.setdefault((host, entry.id), (feed, entry))
            if first is not feed and said != entry and (wrong := _disagreement(said, entry)):
                # An archive document may say what an entry was (RFC 5005 §4): then it was updated since.
                if wrong == "updated" and (first.archive or feed.archive):
                    continue
                message = f"{shown(first.path)} says something else of {shown(entry.id)}: its {wrong}"
                yield feed.path, Fault("EntriesDisagree", entry.line, message)


def _disagreement(one: Known, other: Known) -> str:
    if _differ(instant(one.updated), instant(other.updated)):
        return "updated"
    if _differ(instant(one.published), instant(other.published)):
        return "published"
    if one.title and other.title and one.title.split() != other.title.split():
        return "title"
    return "link" if one.link and other.link and one.link != other.link else ""


def _differ(one: datetime | None, other: datetime | None) -> bool:
    return bool(one and other and one != other)


def _format_faults(feeds: Sequence[Summary]) -> Iterator[Placed]:
    for group in twins(feeds):
        first = group[0]
        for other in group[1:]:
            ids, links = [entry.id for entry in first.entries], [entry.link for entry in first.entries]
            other_ids, other_links = [entry.id for entry in other.entries], [entry.link for entry in other.entries]
            # Where the formats name entries in ways of their own, they are known by their links.
            same = links == other_links if set(ids).isdisjoint(other_ids) else ids == other_ids
            if not same:
                message = f"it does not show the entries of {shown(first.path)}, which is the same feed"
                yield other.path, Fault("FormatsDisagree", other.line, message)
