"""What two formats of one feed must say alike (SPEC §6: the window is the same in every format)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from tests.judging.finding import Finding, shown
from tests.judging.view import Category, EntryView, FeedView


def pair_faults(atom: FeedView, rss: FeedView) -> Iterator[Finding]:
    """Yield where the Atom and the RSS document of one feed differ."""
    feeds = (
        (5, "title", atom.title, rss.title),
        (3, "link", atom.link, rss.link),
        (5, "language", atom.language.lower(), rss.language.lower()),
        (6, "authors", sorted(atom.authors), sorted(rss.authors)),
        (0, "updated", atom.updated, rss.updated),
    )
    yield from _differences(feeds, "feed")
    if atom.description and atom.description.split() != rss.description.split():
        yield from _differences(((5, "description", atom.description, rss.description),), "feed")
    ids = [entry.id for entry in atom.entries], [entry.id for entry in rss.entries]
    if sorted(ids[0]) != sorted(ids[1]):
        only = set(ids[0]) ^ set(ids[1])
        yield Finding(8, "", f"the formats differ in entries: {shown(', '.join(sorted(only)))}", "feed")
    elif ids[0] != ids[1]:
        yield Finding(0, "", "the formats order their entries differently", "feed")
    others = {entry.id: entry for entry in rss.entries}
    for entry in atom.entries:
        if entry.id in others:
            yield from _entry_faults(entry, others[entry.id])


def _entry_faults(atom: EntryView, rss: EntryView) -> Iterator[Finding]:
    entries = (
        (9, "title", atom.title, rss.title),
        (10, "link", atom.link, rss.link),
        (17, "origin", atom.via, rss.via),
        (11, "published", atom.published, rss.published),
        (6, "authors", sorted(atom.authors), sorted(rss.authors)),
        (12, "categories", _without_terms(atom), _without_terms(rss)),
        (14, "content", atom.content, rss.content),
        (13, "summary", " ".join(atom.summary.split()), " ".join(rss.summary.split())),
        (15, "first enclosure", atom.enclosures[:1], rss.enclosures),
        (10, "thumbnail", atom.thumbnail, rss.thumbnail),
        (5, "language", atom.language.lower(), rss.language.lower()),
    )
    yield from _differences(entries, atom.where)


def _without_terms(entry: EntryView) -> list[Category]:
    return [Category(category.scheme, category.label) for category in entry.categories]


def _differences(pairs: tuple[tuple[int, str, object, object], ...], where: str) -> Iterator[Finding]:
    for rule, what, atom, rss in pairs:
        if atom != rss:
            # Long texts are shown from where they part.
            same = itertools.takewhile(lambda two: two[0] == two[1], zip(str(atom), str(rss), strict=False))
            start = max(0, sum(1 for _ in same) - 20)
            message = f"the {what} is {shown(str(atom)[start:])} in Atom, {shown(str(rss)[start:])} in RSS"
            yield Finding(rule, "", message, where)
