"""Lists of feeds (OPML, feeds.json) held against the feeds that are there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from feeder.check.document import Kind
from feeder.check.fault import Fault, shown
from feeder.check.site import Placed
from feeder.check.summary import FEEDS, Summary, by_address, common_base, heads, plain, twins


def list_faults(summaries: Sequence[Summary], faulty: Collection[str]) -> Iterator[Placed]:
    """Yield where a list names what is not there, or leaves out what is; lists of other sites' feeds are not asked.

    A catalogue is not asked of documents at `faulty`, and of feeds above them: that these are not what they were is no
    news.
    """
    feeds = [one for one in summaries if one.kind in FEEDS]
    base = common_base(feeds)
    subscribed = heads(feeds)
    there = by_address(feeds)
    for summary in summaries:
        if summary.kind not in (Kind.OPML, Kind.CATALOGUE) or not base:
            continue
        named = [outline for outline in summary.outlines if plain(outline.url).startswith(base)]
        if not named:
            continue
        for outline in named:
            feed = there.get(plain(outline.url))
            if feed is None:
                yield summary.path, Fault("UnknownFeed", outline.line, f"{shown(outline.url)} is not there")
            elif any(path.startswith(feed.folder) for path in faulty):
                continue
            elif (outline.size not in (None, feed.size)) or (outline.digest not in ("", feed.digest)):
                message = f"{shown(feed.path)} is not what it says of it: {feed.size:,} bytes, {feed.digest}"
                yield summary.path, Fault("CatalogueDisagrees", outline.line, message)
        yield from _unlisted(summary, {plain(outline.url) for outline in named}, subscribed)


def _unlisted(summary: Summary, named: set[str], feeds: Sequence[Summary]) -> Iterator[Placed]:
    listed = [feed for feed in feeds if feed.address in named]
    for group in twins(feeds, several=1):
        number = sum(feed.address in named for feed in group)
        if not number and not any(_is_another_format(group[0], feed) for feed in listed):
            message = f"{shown(group[0].address)} is there, and not in the list"
            yield summary.path, Fault("UnlistedFeed", 0, message)
        elif number > 1 and summary.kind is Kind.OPML:
            message = f"{shown(group[0].address)} is in the list in {number} formats"
            yield summary.path, Fault("DuplicateOutline", 0, message)


def _is_another_format(feed: Summary, other: Summary) -> bool:
    """Say whether `other` is `feed` in another format, in whatever folder."""
    same = (feed.title, feed.link) == (other.title, other.link) and feed.kind is not other.kind
    return same and {entry.link for entry in feed.entries} == {entry.link for entry in other.entries}
