"""One document by itself: its bytes → what was read of it, and every fault that it shows alone."""

from __future__ import annotations

from collections.abc import Iterator

from feeder.check.atom import atom_faults
from feeder.check.document import Document, Kind
from feeder.check.entries import feed_faults, media_faults
from feeder.check.fault import Fault
from feeder.check.jsonfeed import json_feed_faults
from feeder.check.opml import opml_faults
from feeder.check.raw import json_faults, raw_faults, xml_faults
from feeder.check.rss import rss_faults

# Of one kind of fault no more is said of one document: nobody reads the rest, and a hostile one has a million.
_MOST = 20


def judge(data: bytes, document: Document) -> tuple[Fault, ...]:
    """Return what is wrong with `data`, of which `document` was read, by line; nothing where it is no feed."""
    found = list(dict.fromkeys(document.faults))
    if document.kind is not None:
        found.extend(dict.fromkeys(_faults(data, document)))
    return tuple(_bounded(sorted(found, key=lambda fault: (fault.line, fault.code, fault.message))))


def _faults(data: bytes, document: Document) -> Iterator[Fault]:
    yield from raw_faults(data)
    feed, tree, json = document.feed, document.tree, document.json
    if tree is not None:
        yield from xml_faults(data, tree)
        yield from media_faults(tree)
    if json is not None:
        yield from json_faults(json)
    if feed is not None:
        yield from feed_faults(feed)
    if document.kind is Kind.ATOM and tree and feed:
        yield from atom_faults(tree, feed)
    elif document.kind is Kind.RSS and tree:
        yield from rss_faults(tree, feed)
    elif document.kind is Kind.JSON and json and feed:
        yield from json_feed_faults(json, feed)
    elif document.kind is Kind.OPML and tree:
        yield from opml_faults(tree, document.outlines)


def _bounded(faults: list[Fault]) -> Iterator[Fault]:
    numbers: dict[str, int] = {}
    for fault in faults:
        numbers[fault.code] = numbers.get(fault.code, 0) + 1
        if numbers[fault.code] <= _MOST:
            yield fault
    for code, number in numbers.items():
        if number > _MOST:
            yield Fault(code, 0, f"{number - _MOST:,} more like the {_MOST} above")
