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
JSON_TYPE = "application/feed+json"

GENERATOR = "feeder"
GENERATOR_URI = "https://feeder.example/"
RULES_VERSION = "3"
"""The version of the output rules (SPEC §6 rule 7): raised only when the bytes of some feed change, and for all."""

EntryWriter = Callable[[Entry, Content], bytes]
Check = Callable[[bytes], None]
NO_HISTORY = History()


class InvalidDocumentError(ValueError):
    """A document that must not be published: `str()` says why."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A document without its entries: what stands before and behind them, and between two of them."""

    start: bytes
    end: bytes
    between: bytes = b"\n"

    def around(self, fragments: Iterable[bytes]) -> bytes:
        """Return the document with `fragments` as its entries, in the order given; each takes a `between` of room."""
        entries = self.between.join(fragments)
        return b"\n".join((self.start, entries, self.end) if entries else (self.start, self.end))


class EnvelopeWriter(Protocol):
    """What writes a document of a feed without its entries: it is served at `self_url`, and last changed `updated`."""

    def __call__(self, feed: Feed, self_url: str, updated: datetime, history: History = NO_HISTORY, /) -> Envelope:
        """Return what stands around the entries."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name in the configuration, its media type, and how it writes an entry and what goes around.

    `check` raises InvalidDocumentError unless a document is well-formed (SPEC §6 rule 1), `check_fragment` unless an
    entry is where documents have it: a document whose head and whose every fragment are, is.
    """

    name: str
    media_type: str
    entry: EntryWriter
    envelope: EnvelopeWriter
    check: Check
    check_fragment: Check


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


def _check_xml(document: bytes) -> None:
    from feeder.render import syndication  # noqa: PLC0415 - see above

    syndication.check(document)


def _check_element(fragment: bytes) -> None:
    from feeder.render import syndication  # noqa: PLC0415 - see above

    syndication.check_fragment(fragment)


def _json_item(entry: Entry, content: Content) -> bytes:
    from feeder.render import jsonfeed  # noqa: PLC0415 - it knows this module

    return jsonfeed.item(entry, content)


def _json_envelope(feed: Feed, self_url: str, updated: datetime, history: History = NO_HISTORY) -> Envelope:
    from feeder.render import jsonfeed  # noqa: PLC0415 - as above

    del updated  # the format has no word for it
    return jsonfeed.envelope(feed, self_url, history)


def _check_json(document: bytes) -> None:
    from feeder.render import jsonfeed  # noqa: PLC0415 - as above

    jsonfeed.check(document)


def _check_item(fragment: bytes) -> None:
    from feeder.render import jsonfeed  # noqa: PLC0415 - as above

    jsonfeed.check_fragment(fragment)


FORMATS = {
    known.name: known
    for known in (
        Format("atom", ATOM_TYPE, _atom_entry, _atom_envelope, _check_xml, _check_element),
        Format("rss", RSS_TYPE, _rss_item, _rss_envelope, _check_xml, _check_element),
        Format("json", JSON_TYPE, _json_item, _json_envelope, _check_json, _check_item),
    )
}
