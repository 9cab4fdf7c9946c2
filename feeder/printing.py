"""How feeds and posts are said: as text for a person, as JSON (ASCII only) for a program (SPEC §9)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from feeder.explain import ExplainedPost, ListedFeed
from feeder.model.instant import rfc3339
from feeder.model.problem import printable
from feeder.model.table import Table, Value


def feeds_as_json(feeds: Iterable[ListedFeed]) -> str:
    """Return the list of `feeder list --json`."""
    return json.dumps([_feed(listed) for listed in feeds], indent=1)


def feeds_as_text(feeds: Sequence[ListedFeed]) -> str:
    """Return one line a feed: entries shown and in all, newest, first address, title."""
    width = max((len(listed.feed.addresses[0].url) for listed in feeds), default=0)
    return "\n".join(
        printable(
            f"{len(listed.entries):>5} of {listed.total:>6}  {rfc3339(listed.newest)}  "
            f"{listed.feed.addresses[0].url:<{min(width, 100)}}  {listed.feed.title}"
        )
        for listed in feeds
    )


def feed_as_json(listed: ListedFeed) -> str:
    """Return one feed with the entries that its documents show."""
    shown = [
        {
            "id": entry.id,
            "title": entry.title,
            "link": entry.link,
            "published": rfc3339(entry.published),
            "file": entry.source.file,
        }
        for entry in listed.entries
    ]
    feed = listed.feed
    return json.dumps({**_feed(listed), "id": feed.id, "alternate": feed.alternate, "shows": shown}, indent=1)


def feed_as_text(listed: ListedFeed) -> str:
    """Return one feed with the entries that its documents show, for a person."""
    feed = listed.feed
    lines = [
        f"title      {feed.title}",
        f"id         {feed.id}",
        *(f"{address.format:<10} {address.url}" for address in feed.addresses),
        f"page       {feed.alternate}",
        f"entries    {listed.total}, of which {len(listed.entries)} are shown",
        *(f"  {rfc3339(entry.published)}  {entry.source.file}  {entry.title}" for entry in listed.entries),
    ]
    return "\n".join(map(printable, lines))


def post_as_json(post: ExplainedPost) -> str:
    """Return the object of `feeder explain POST --json`."""
    entry = post.entry
    return json.dumps(
        {
            "file": post.file,
            "front_matter": _plain(post.front_matter),
            "id": entry.id if entry else None,
            "link": entry.link if entry else None,
            "via": (entry.via or None) if entry else None,
            "title": entry.title if entry else None,
            "published": rfc3339(entry.published) if entry else None,
            "updated": rfc3339(entry.updated) if entry else None,
            "date_source": post.date_source or None,
            "terms": [{"taxonomy": term.taxonomy, "label": term.label, "slug": term.slug} for term in post.terms],
            "language": (entry.language or None) if entry else None,
            "problems": [
                {"file": one.file, "line": one.line, "level": one.level.value, "code": one.code, "message": one.message}
                for one in post.problems
            ],
            "feeds": list(post.feeds),
            "merged_into": post.merged_into or None,
        },
        indent=1,
    )


def post_as_text(post: ExplainedPost) -> str:
    """Return everything about a post, for a person."""
    entry = post.entry
    lines = [f"file       {post.file}", f"front matter, {post.front_matter_format or 'none'}:"]
    lines.extend(f"  {field.key}: {_shown(field.value)}" for field in post.front_matter)
    if entry:
        lines += [
            f"title      {entry.title}",
            f"id         {entry.id}",
            f"link       {entry.link}",
            *([f"via        {entry.via}"] if entry.via else []),
            f"published  {rfc3339(entry.published)}, from the {post.date_source}",
            f"updated    {rfc3339(entry.updated)}",
            *([f"language   {entry.language}"] if entry.language else []),
            *(f"author     {person.name}" for person in entry.authors),
            *(f"{term.taxonomy:<10} {term.label}  ({term.slug})" for term in post.terms),
        ]
    if post.merged_into:
        lines.append(f"a copy of  {post.merged_into}, which gives the entry its content")
    lines.append("problems:" if post.problems else "problems   none")
    lines.extend(f"  {problem}" for problem in post.problems)
    if not (post.feeds or post.archives):
        lines.append("stands in  no feed (left out, or older than every feed's window)")
    lines.extend(["stands in:", *(f"  {path}" for path in post.feeds)] if post.feeds else [])
    lines.extend(["in the archive of:", *(f"  {path}" for path in post.archives)] if post.archives else [])
    return "\n".join(map(printable, lines))


def _feed(listed: ListedFeed) -> dict[str, object]:
    feed = listed.feed
    return {
        "taxonomy": feed.taxonomy,
        "label": feed.label,
        "slug": feed.slug,
        "title": feed.title,
        "entries": listed.total,
        "shown": len(listed.entries),
        "newest": rfc3339(listed.newest),
        "addresses": [address.url for address in feed.addresses],
    }


def _plain(value: Value) -> object:
    if isinstance(value, Table):
        return {field.key: _plain(field.value) for field in value}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _shown(value: Value) -> str:
    if isinstance(value, str):
        return value if len(value) <= 200 else value[:200] + "…"  # noqa: PLR2004 - a line or two
    return json.dumps(_plain(value), ensure_ascii=False)
