"""A difference in words: as text for a person, as JSON (ASCII only) for a program (docs/diff.md)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from feeder.config.aliases import proposal
from feeder.difference.compare import Difference, FeedChange, Older, Reposted, Update
from feeder.difference.moves import Move, Way
from feeder.difference.rehearsal import Answer
from feeder.difference.state import SeenEntry
from feeder.model.instant import rfc3339
from feeder.model.problem import printable

_SHOWN = 20
_FEEDS_SHOWN = 3
_LONGEST = 120
_INDENT = " " * 14

Item = TypeVar("Item")


def as_json(answer: Answer) -> str:
    """Return the object of `feeder diff --json`: its keys are always there, and keep their meaning."""
    found = answer.difference
    return json.dumps(
        {
            "against": answer.against,
            "counts": {
                "new": len(found.new),
                "updated": len(found.updated),
                "gone": len(found.gone),
                "reposted": len(found.reposted),
                "older": len(found.older),
                "gone_unseen": found.gone_unseen,
                "feeds_added": len(found.added),
                "feeds_removed": len(found.removed),
                "feeds_moved": len(found.moved),
            },
            "new": [_entry(entry) for entry in found.new],
            "updated": [
                {**_entry(one.entry), "changes": list(one.changes), "announced": one.announced} for one in found.updated
            ],
            "gone": [_entry(entry) for entry in found.gone],
            "reposted": [{"before": _entry(one.before), "after": _entry(one.after)} for one in found.reposted],
            "older": [{**_entry(one.entry), "feeds": list(one.feeds)} for one in found.older],
            "feeds": {
                "added": [_feed(one) for one in found.added],
                "removed": [_feed(one) for one in found.removed],
                "moved": [{"title": one.new.title, "addresses": _ways(one.ways)} for one in found.moved],
            },
            "aliases": [{"old": one.old, "new": one.new} for one in found.aliases],
            "refused": answer.refused or None,
        },
        indent=1,
    )


def as_text(answer: Answer) -> str:
    """Return what subscribers will see: the counts first, then each kind of change, the longest lists cut short."""
    found = answer.difference
    lines = [
        f"compared with {answer.against}: {_counts(found)}",
        *_section("re-posted: subscribers know them, and will see them again", found.reposted, _said_repost),
        *_section("new", found.new, _said),
        *_section("updated", found.updated, _said_update),
        *_section("gone", found.gone, _said),
        *_section("older ones that come into feeds, whose subscribers may see them as new", found.older, _said_older),
        *_section("feeds added", found.added, _said_feed),
        *_section("feeds removed", found.removed, _said_feed),
        *_section("feeds moved", found.moved, _said_move),
    ]
    if found.aliases:
        lines += ["", "to keep the old addresses alive, add to feeder.toml:"]
        lines += [line for one in found.aliases for line in ("", *proposal(one.old, one.new).splitlines())]
    if answer.refused:
        lines += ["", f"feeder build would not publish this: {answer.refused}"]
    return "\n".join(map(printable, lines))


def _counts(found: Difference) -> str:
    if found.is_empty:
        return "subscribers will see nothing"
    entries = [
        f"{len(found.new):,} new",
        f"{len(found.updated):,} updated",
        f"{len(found.gone):,} gone"
        + (f" (and {found.gone_unseen:,} that no feed showed)" if found.gone_unseen else ""),
        f"{len(found.reposted):,} re-posted",
        *([f"{len(found.older):,} older ones shown"] if found.older else []),
    ]
    feeds = [f"{len(found.added):,} added", f"{len(found.removed):,} removed", f"{len(found.moved):,} moved"]
    return f"entries: {', '.join(entries)}; feeds: {', '.join(feeds)}"


def _section(title: str, items: Sequence[Item], said: Callable[[Item], Iterable[str]]) -> Iterator[str]:
    if not items:
        return
    yield ""
    yield f"{title}:"
    for item in items[:_SHOWN]:
        yield from said(item)
    if len(items) > _SHOWN:
        yield f"  … and {len(items) - _SHOWN:,} more: --json names all"


def _said(entry: SeenEntry) -> Iterator[str]:
    yield from _said_in(entry, entry.feeds)


def _said_older(one: Older) -> Iterator[str]:
    yield from _said_in(one.entry, one.feeds)


def _said_in(entry: SeenEntry, feeds: tuple[str, ...]) -> Iterator[str]:
    yield f"  {_date(entry.face.published):<10}  {_short(entry.face.title) or entry.id}"
    if entry.face.link:
        yield f"{_INDENT}{entry.face.link}"
    yield f"{_INDENT}in {_places(feeds)}"


def _said_update(one: Update) -> Iterator[str]:
    yield from _said(one.entry)
    quiet = "" if one.announced else "; its updated is not later, so readers may not look"
    yield f"{_INDENT}changed: {', '.join(one.changes)}{quiet}"


def _said_repost(one: Reposted) -> Iterator[str]:
    yield from _said(one.after)
    yield f"{_INDENT}was {one.before.id}"
    yield f"{_INDENT}now {one.after.id}"


def _said_feed(one: FeedChange) -> Iterator[str]:
    yield f"  {_short(one.feed.title)}: {', '.join(address.path for address in one.addresses)}"


def _said_move(one: Move) -> Iterator[str]:
    for way in one.ways:
        yield f"  {_short(one.new.title)}: {way.old.path}, now {way.new.path}"


def _places(feeds: tuple[str, ...]) -> str:
    more = f" and {len(feeds) - _FEEDS_SHOWN:,} more" if len(feeds) > _FEEDS_SHOWN else ""
    return ", ".join(feeds[:_FEEDS_SHOWN]) + more


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _date(instant: datetime | None) -> str:
    return rfc3339(instant)[:10] if instant else ""


def _entry(entry: SeenEntry) -> dict[str, object]:
    face = entry.face
    return {
        "id": entry.id,
        "title": face.title,
        "link": face.link,
        "published": rfc3339(face.published) if face.published else None,
        "updated": rfc3339(face.updated) if face.updated else None,
        "feeds": list(entry.feeds),
    }


def _feed(one: FeedChange) -> dict[str, object]:
    return {"title": one.feed.title, "addresses": [address.path for address in one.addresses]}


def _ways(ways: Iterable[Way]) -> list[dict[str, str]]:
    return [{"old": way.old.path, "new": way.new.path} for way in ways]
