"""An entry (RFC 4287 §4.1.2): one post, or several copies of one, as every feed and format shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from feeder.model.packed import Packed
from feeder.model.problem import Problem
from feeder.model.source import Source
from feeder.model.term import Person, Term

SafeHtml = NewType("SafeHtml", str)
"""HTML that the allow-list let through: made by `feeder.normalise.sanitise.clean` alone."""


@dataclass(frozen=True, slots=True)
class LocalFile(Packed):
    """A file that an enclosure names: its path below the site, as written, and its size in bytes, 0 if missing."""

    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Entry(Packed):
    """An entry without its content: identity, instants, terms, and the file to read the content from.

    `published` is never after `updated`; `terms` are ordered by taxonomy as configured, then as written; `page` is the
    post's own page or "".
    """

    id: str
    title: str
    link: str
    via: str
    page: str
    published: datetime
    updated: datetime
    language: str
    authors: tuple[Person, ...]
    terms: tuple[Term, ...]
    source: Source
    digest: bytes
    files: tuple[LocalFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Enclosure:
    """An enclosure: absolute URL, MIME type, length in bytes (0 where it is not known)."""

    url: str
    type: str
    length: int


@dataclass(frozen=True, slots=True)
class Content:
    """An entry's content; `summary` is text, "" where it would repeat the whole; `thumbnail` a URL or ""."""

    html: SafeHtml
    summary: str
    enclosures: tuple[Enclosure, ...] = ()
    thumbnail: str = ""


@dataclass(frozen=True, slots=True)
class Fragment(Packed):
    """One entry serialised in one format, as it stands in every feed: UTF-8, and its BLAKE2b digest."""

    format: str
    data: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Rendered(Packed):
    """What rendering an entry gave: one fragment a format, or none and the reason."""

    id: str
    fragments: tuple[Fragment, ...]
    problems: tuple[Problem, ...] = ()
