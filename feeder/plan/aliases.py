"""Aliases: at which old places a feed's documents stand too, and which of them cannot be (SPEC: `[[feeds.alias]]`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from urllib.parse import quote

from feeder.config.aliases import excludes
from feeder.config.slices import Alias, FeedRules
from feeder.errors import UsageError
from feeder.model.feed import Address, Feed
from feeder.model.problem import printable


def aliased(feed: Feed, rules: FeedRules) -> Feed:
    """Return `feed` with the old places of its documents."""
    if not rules.aliases:
        return feed
    found = (
        Address(address.format, path, f"{rules.url}/{quote(path)}")
        for alias in rules.aliases
        for address in feed.addresses
        if (path := _old(alias, address.path))
    )
    return replace(feed, aliases=tuple(found))


def refuse_taken(aliases: Iterable[Alias], paths: Collection[str], name: str) -> None:
    """Raise UsageError for an alias whose old place is one of a feed's, of which `paths` are those of documents."""
    for alias in aliases:
        if any(excludes(alias.old, path) for path in paths):
            message = f"a feed stands at {alias.old!r}, so no other can: take this alias out, or give another `old`"
            raise _wrong(alias, name, message)


def refuse_lost(aliases: Iterable[Alias], lost: Collection[Alias], name: str) -> None:
    """Raise UsageError for the first of `aliases` that is `lost`: no feed stands where it leads."""
    for alias in aliases:
        if alias in lost:
            message = (
                f"no feed stands at {alias.new or '/'!r}: take this alias out, or give another `new` (feeder list)"
            )
            raise _wrong(alias, name, message)


def leads_to(alias: Alias, paths: Iterable[str]) -> bool:
    """Say whether one of `paths` is where an alias leads."""
    return any(_old(alias, path) for path in paths)


def _old(alias: Alias, path: str) -> str:
    """Return the old place of what stands at `path`, "" where the alias is another's."""
    if alias.new and not alias.new.endswith("/"):
        return alias.old if path == alias.new else ""
    folder, _, file = path.rpartition("/")
    return f"{alias.old}{file}" if (f"{folder}/" if folder else "") == alias.new else ""


def _wrong(alias: Alias, name: str, message: str) -> UsageError:
    return UsageError(printable(f"{name}:{alias.line}: {message}"))
