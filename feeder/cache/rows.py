"""The rows of posts: what is kept of a file, under a seal, and what comes back out of it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

from feeder.cache import codec
from feeder.cache.store import CacheError
from feeder.config.slices import PostRules
from feeder.model.digest import digest
from feeder.model.head import Head
from feeder.model.ledger import NOTHING
from feeder.model.packed import Packed
from feeder.model.source import Extent, LeftOut, Source

SEALED = "root, path, place, digest, kind, noted, grp, published, own, terms, head, signs, content, modified"
"""The columns of a row that its seal is of."""

HEAD = f"{SEALED}, seal, size, mtime, body"
"""The columns that a head, or why there is none, is made of."""


class Kind(IntEnum):
    """What a file is."""

    HEAD = 0
    LEFT_OUT = 1
    OTHER = 2
    FUTURE = 3


@dataclass(frozen=True, slots=True)
class Reader(Packed):
    """How posts are read: the rules, the text that ids without an origin grow from, and when the future begins.

    `now` is in seconds; None where posts of the future are asked for. `extent` says how much of a body is read at
    once: the whole, where a ledger compares contents.
    """

    rules: PostRules
    site_id: str
    now: int | None
    extent: Extent = Extent.FRONT


@dataclass(frozen=True, slots=True)
class Candidate(Packed):
    """A file to be read: `n` is its row or 0, `digest` is what its bytes had when they were last read, or b""."""

    n: int
    source: Source
    digest: bytes = b""


@dataclass(frozen=True, slots=True)
class Row(Packed):
    """What was read of a file, as it is kept: `replaces` is its row until now or 0, `values` are those of _INSERT."""

    replaces: int
    kind: Kind
    grp: int
    values: tuple[object, ...]


def make_row(candidate: Candidate, found: Head, group: int, own: str, now: int | None, content: bytes = b"") -> Row:
    """Return the row of a head in the group of the number `group`, whose id is `own` if nobody contests it.

    What is dated after `now` (seconds; None: nothing is) is not due yet. `content` is what a ledger knows its content
    by, where there is one.
    """
    source = candidate.source
    published = int(found.published.timestamp())
    kind = Kind.FUTURE if now is not None and published > now else Kind.HEAD
    facts = (
        *order(source)[::-1],
        place(source),
        found.digest,
        kind.value,
        1 if found.problems else 0,
        group,
        published,
        own,
        codec.encode_terms(found.terms),
        codec.encode_head(found),
        signs(found),
        content,
        int(found.updated.timestamp()),
    )
    entry = own if kind is Kind.HEAD else None
    return Row(candidate.n, kind, group, (*facts, _seal(facts), source.size, source.mtime, entry, published))


def make_left_out(candidate: Candidate, left: LeftOut) -> Row:
    """Return the row of a file that gives no entry."""
    source = candidate.source
    kind = Kind.LEFT_OUT if left.is_post else Kind.OTHER
    facts = (
        *order(source)[::-1],
        place(source),
        left.digest,
        kind.value,
        1,
        0,
        0,
        "",
        "[]",
        codec.encode_left_out(left),
        b"",
        b"",
        0,
    )
    return Row(candidate.n, kind, 0, (*facts, _seal(facts), source.size, source.mtime, None, 0))


def order(source: Source) -> tuple[bytes, bytes]:
    """Return path and root of `source` as they are kept, and what rows are sorted by."""
    return source.path.encode("utf-8", "surrogateescape"), source.root.encode("utf-8", "surrogateescape")


def place(source: Source) -> str:
    """Return what the place of `source` says of it: its categories, and whether it is excluded."""
    return json.dumps([source.folders, source.excluded]) if source.folders or source.excluded else ""


def signs(found: Head) -> bytes:
    """Return what a subscriber knows the post by but its id and instant: digests of its link and title, of 4 bytes."""
    return sign(found.link) + sign(found.title)


def sign(text: str) -> bytes:
    """Return the digest (4 bytes) by which a link or a title is known again."""
    return digest(text.encode("utf-8", "surrogatepass"))[:4]


def content_of(found: Head, body: bytes) -> bytes:
    """Return the digests of title and body, of 8 bytes each, by which a ledger knows what subscribers read.

    `body` is the digest of the body, b"" where it is empty.
    """
    title = digest(found.title.encode("utf-8", "surrogatepass"))[:8] if found.titled else NOTHING
    return title + (body[:8] or NOTHING)


def _seal(facts: Sequence[Any]) -> bytes:
    """Return the digest of the facts of a row: those of _SEALED."""
    root, path, place, seen, kind, noted, grp, published, own, terms, head, signs, content, modified = facts
    lasting = 0 if kind == Kind.FUTURE.value else kind  # whether it is due is the time's business
    texts = f"{lasting} {noted} {grp} {published} {modified}\0{place}\0{own}\0{terms}\0{head}"
    return digest(b"\0".join((root, path, seen, signs, content, texts.encode("utf-8", "surrogatepass"))))


def check(row: Sequence[Any]) -> None:
    """Raise CacheError where a row (HEAD) is not as it was written."""
    try:
        sound = _seal(row[:14]) == row[14]
    except (AttributeError, TypeError):  # not even of the kinds that were written
        sound = False
    if not sound:
        raise CacheError("a row in it is not as it was written")


def _source(row: Sequence[Any]) -> Source:
    root, path, place = row[:3]
    folders, excluded = json.loads(place) if place else ((), False)
    return Source(os.fsdecode(root), os.fsdecode(path), row[15], row[16], tuple(folders), excluded)


def head_of(row: Sequence[Any]) -> Head:
    """Return the head in a row (HEAD); raises CacheError where it is not as it was written."""
    check(row)
    return codec.decode_head(_source(row), row[3], row[9], row[10], row[17] or b"")


def left_out_of(row: Sequence[Any]) -> LeftOut:
    """Return why the file of a row (HEAD) gives no entry; raises CacheError where it is not as it was written."""
    check(row)
    left = codec.decode_left_out(_source(row), row[10])
    return replace(left, is_post=row[4] == Kind.LEFT_OUT, digest=row[3])
