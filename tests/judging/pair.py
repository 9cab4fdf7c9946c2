"""What two formats of one feed must say alike (SPEC §6: the window is the same in every format)."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator

from tests.judging.finding import Finding, shown
from tests.judging.view import Category, EntryView, FeedView

Pair = tuple[int, str, object, object]


def pair_faults(atom: FeedView, rss: FeedView) -> Iterator[Finding]:
    """Yield where the Atom and the RSS document of one feed differ."""
    yield from _differences(((0, "updated", atom.updated, rss.updated),), "feed", "RSS")
    yield from _feed_faults(atom, rss, "RSS")
    others = {entry.id: entry for entry in rss.entries}
    for entry in atom.entries:
        if other := others.get(entry.id):
            only = (
                (12, "categories", _without_terms(entry), _without_terms(other)),
                (15, "first enclosure", entry.enclosures[:1], other.enclosures),
            )
            yield from _differences((*_same(entry, other), *only), entry.where, "RSS")


def json_pair_faults(atom: FeedView, json: FeedView) -> Iterator[Finding]:
    """Yield where the Atom document and the JSON Feed of one feed differ; of terms JSON has the labels, each once."""
    yield from _differences(((4, "id", atom.id, json.id),), "feed", "JSON")
    yield from _feed_faults(atom, json, "JSON")
    others = {entry.id: entry for entry in json.entries}
    for entry in atom.entries:
        if other := others.get(entry.id):
            labels: dict[str, str] = {}
            for category in entry.categories:
                labels.setdefault(unicodedata.normalize("NFKC", category.label).casefold(), category.label)
            only = (
                (11, "updated", entry.updated, other.updated),
                (12, "categories", list(labels.values()), [category.label for category in other.categories]),
                (15, "enclosures", entry.enclosures, other.enclosures),
            )
            yield from _differences((*_same(entry, other), *only), entry.where, "JSON")


def _feed_faults(atom: FeedView, other: FeedView, name: str) -> Iterator[Finding]:
    feeds = (
        (5, "title", atom.title, other.title),
        (3, "link", atom.link, other.link),
        (5, "language", atom.language.lower(), other.language.lower()),
        (6, "authors", sorted(atom.authors), sorted(other.authors)),
    )
    yield from _differences(feeds, "feed", name)
    if atom.description and atom.description.split() != other.description.split():
        yield from _differences(((5, "description", atom.description, other.description),), "feed", name)
    ids = [entry.id for entry in atom.entries], [entry.id for entry in other.entries]
    if sorted(ids[0]) != sorted(ids[1]):
        only = set(ids[0]) ^ set(ids[1])
        yield Finding(8, "", f"the formats differ in entries: {shown(', '.join(sorted(only)))}", "feed")
    elif ids[0] != ids[1]:
        yield Finding(0, "", "the formats order their entries differently", "feed")


def _same(atom: EntryView, other: EntryView) -> tuple[Pair, ...]:
    return (
        (9, "title", atom.title, other.title),
        (10, "link", atom.link, other.link),
        (17, "origin", atom.via, other.via),
        (11, "published", atom.published, other.published),
        (6, "authors", sorted(atom.authors), sorted(other.authors)),
        (14, "content", atom.content, other.content),
        (13, "summary", " ".join(atom.summary.split()), " ".join(other.summary.split())),
        (10, "thumbnail", atom.thumbnail, other.thumbnail),
        (5, "language", atom.language.lower(), other.language.lower()),
    )


def _without_terms(entry: EntryView) -> list[Category]:
    return [Category(category.scheme, category.label) for category in entry.categories]


def _differences(pairs: tuple[Pair, ...], where: str, name: str) -> Iterator[Finding]:
    for rule, what, atom, other in pairs:
        if atom != other:
            # Long texts are shown from where they part.
            same = itertools.takewhile(lambda two: two[0] == two[1], zip(str(atom), str(other), strict=False))
            start = max(0, sum(1 for _ in same) - 20)
            message = f"the {what} is {shown(str(atom)[start:])} in Atom, {shown(str(other)[start:])} in {name}"
            yield Finding(rule, "", message, where)
