"""What a feed document says of its history by itself (RFC 5005): marks, and links between its documents."""

from __future__ import annotations

from collections.abc import Iterator

from feeder.check.document import ReadFeed
from feeder.check.fault import Fault, shown

_PAGING = ("first", "last", "next", "previous", "prev-archive", "next-archive")
_ENDS = (("first", "previous"), ("last", "next"))


def history_faults(feed: ReadFeed) -> Iterator[Fault]:
    """Yield what `feed` says of its history that cannot be."""
    if feed.complete:
        yield from _complete_faults(feed)
    elif feed.archive and not feed.linked("current"):
        yield Fault("MissingCurrentInArchive", feed.line, "it is an archive, and has no link rel=current")
    for rel in ("prev-archive", "next-archive", "current"):
        for link in feed.linked(rel)[1:]:
            yield Fault("DuplicateAtomLink", link.line, f"there are several links rel={rel}", "RFC 5005 §4")
    for end, beyond in _ENDS:
        if any(link.href == feed.self_link for link in feed.linked(end)):
            for link in feed.linked(beyond):
                yield Fault("LinkPastEnd", link.line, f"it is the {end} document, and has a link rel={beyond}")


def _complete_faults(feed: ReadFeed) -> Iterator[Fault]:
    for link in feed.links:
        if link.rel in _PAGING:
            yield Fault("FeedRelInCompleteFeed", link.line, f"it says it is complete, and links to the {link.rel}")
        elif link.rel == "current" and link.href != feed.self_link:
            message = f"it says it is complete, and that {shown(link.href)} is current"
            yield Fault("CurrentNotSelfInCompleteFeed", link.line, message)
