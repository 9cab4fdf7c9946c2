"""The formats that feeder writes: one line each."""

from __future__ import annotations

from dataclasses import dataclass

from feeder.render.syndication import (
    ATOM_TYPE,
    RSS_TYPE,
    DocumentWriter,
    EntryWriter,
    atom_document,
    atom_entry,
    rss_document,
    rss_item,
)


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name in the configuration, its media type, and how it writes an entry and a document."""

    name: str
    media_type: str
    entry: EntryWriter
    document: DocumentWriter


FORMATS = {
    known.name: known
    for known in (
        Format("atom", ATOM_TYPE, atom_entry, atom_document),
        Format("rss", RSS_TYPE, rss_item, rss_document),
    )
}
