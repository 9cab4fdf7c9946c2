"""What a ledger remembers of the entries that a site ever published."""

from __future__ import annotations

from dataclasses import dataclass

NOTHING = bytes(8)
"""The digest of a title that the post does not name itself, and of an empty body."""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry: its id for ever; `key` is `origin URL` or `stem NAME`, as posts are grouped.

    `title` and `body` are digests (8 bytes) of what subscribers read, NOTHING where that says nothing. `published`
    (when they first saw it) and `updated` are in seconds since 1970, UTC. `gone` says that no post gives the entry now.
    """

    id: str
    key: str
    title: bytes
    body: bytes
    published: int
    updated: int
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Movement:
    """What a build changed in the ledger: entries that are new, whose content is new, and that are gone."""

    new: tuple[Line, ...] = ()
    updated: tuple[Line, ...] = ()
    gone: tuple[Line, ...] = ()
