"""The formats that feeder writes, one line each. feedgen and lxml are imported when something is written, no sooner."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from feeder.model.entry import Content, Entry
from feeder.model.feed import Feed, History

ATOM_TYPE = "application/atom+xml"
RSS_TYPE = "application/rss+xml"

EntryWriter = Callable[[Entry, Content], bytes]
NO_HISTORY = History()


class InvalidDocumentError(ValueError):
    """A document that must not be published: `str()` says why."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A document without its entries: what stands before and behind them."""

    start: bytes
    end: bytes

    def around(self, fragments: Iterable[bytes]) -> bytes:
        """Return the document with `fragments` as its entries, in the order given."""
        return b"\n".join((self.start, *fragments, self.end))


class EnvelopeWriter(Protocol):
    """What writes a document of a feed without its entries: it is served at `self_url`, and last changed `updated`."""

    def __call__(self, feed: Feed, self_url: str, updated: datetime, history: History = NO_HISTORY, /) -> Envelope:
        """Return what stands around the entries."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name in the configuration, its media type, and how it writes an entry and what goes around."""

    name: str
    media_type: str
    entry: EntryWriter
    envelope: EnvelopeWriter


def check(document: bytes) -> None:
    """Raise InvalidDocumentError unless `document` is well-formed XML (SPEC §6 rule 1): a last look before writing."""
    from feeder.render import syndication  # noqa: PLC0415 - see above

    syndication.check(document)


def check_fragment(fragment: bytes) -> None:
    """Raise InvalidDocumentError unless `fragment` is one element, well-formed where its format's documents have it."""
    from feeder.render import syndication  # noqa: PLC0415 - see above

    syndication.check_fragment(fragment)


def _atom_entry(entry: Entry, content: Content) -> bytes:
    from feeder.render import syndication  # noqa: PLC0415 - see above

    return syndication.atom_entry(entry, content)


def _rss_item(entry: Entry, content: Content) -> bytes:
    from feeder.render import syndication  # noqa: PLC0415 - see above

    return syndication.rss_item(entry, content)


def _atom_envelope(feed: Feed, self_url: str, updated: datetime, history: History = NO_HISTORY) -> Envelope:
    from feeder.render import syndication  # noqa: PLC0415 - see above

    return syndication.atom_envelope(feed, self_url, updated, history)


def _rss_envelope(feed: Feed, self_url: str, updated: datetime, history: History = NO_HISTORY) -> Envelope:
    from feeder.render import syndication  # noqa: PLC0415 - see above

    return syndication.rss_envelope(feed, self_url, updated, history)


FORMATS = {
    known.name: known
    for known in (
        Format("atom", ATOM_TYPE, _atom_entry, _atom_envelope),
        Format("rss", RSS_TYPE, _rss_item, _rss_envelope),
    )
}
