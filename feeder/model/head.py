"""What planning knows of a post: everything but its content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from feeder.model.packed import Packed
from feeder.model.problem import Problem
from feeder.model.source import Source
from feeder.model.term import Person, RawTerm


class DateSource(StrEnum):
    """Where a post's published date came from."""

    FRONT_MATTER = "front matter"
    EPOCH_MARKER = "epoch marker"
    FILE_NAME = "file name"


@dataclass(frozen=True, slots=True)
class Head(Packed):
    """A post's head, normalised; instants are aware, in UTC, in whole seconds.

    `stem` is the file's stem (NFC; `index` takes its folder's name), `origin` the absolute URL that it was mirrored
    from or "", `link` its alternate link, `via` the origin where that is another address, `page` its own page or "",
    `has_time` says that the date had a time of day, `titled` that the post names its title itself. `files` are the
    local files whose length its enclosures ask for, as paths below the site. `body_digest` is the digest of its body as
    compared between duplicates, b"" where it is empty or was never to be compared. `known_id` is the id that another
    program's feed gave the post, "" where feeder takes nobody's place.
    """

    source: Source
    digest: bytes
    stem: str
    title: str
    published: datetime
    updated: datetime
    date_source: DateSource
    has_time: bool
    explicit_id: str
    origin: str
    link: str
    via: str
    page: str
    language: str
    authors: tuple[Person, ...]
    terms: tuple[RawTerm, ...]
    problems: tuple[Problem, ...] = ()
    titled: bool = True
    files: tuple[str, ...] = ()
    body_digest: bytes = b""
    known_id: str = ""
