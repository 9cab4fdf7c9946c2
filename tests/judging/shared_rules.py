"""Rules that read the same in all formats: order and window, titles, categories, authors, uniqueness."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from xml.sax.saxutils import escape

from tests.judging.finding import Finding, shown
from tests.judging.markup import escape_faults, markup_faults
from tests.judging.values import (
    blank_faults,
    id_faults,
    length_faults,
    media_type_faults,
    plain_faults,
    url_faults,
)
from tests.judging.view import Category, Enclosure, EntryView, FeedView

FEED_NAMES = ("atom.xml", "rss.xml", "feed.json", ".atom", ".rss")


def feed_faults(feed: FeedView, url: str, html_name: str) -> Iterator[Finding]:
    """Yield what is wrong with `feed`, served at `url`; `html_name` is how the validator calls HTML in its titles."""
    yield from blank_faults(5, feed.title, "title", "feed")
    yield from plain_faults(9, feed.title, html_name, "feed title")
    yield from url_faults(3, feed.link, "feed link")
    page = feed.link.partition("#")[0].partition("?")[0]
    if page == url or page.lower().endswith(FEED_NAMES):
        yield Finding(3, "", f"{shown(feed.link)} is a feed, not a page", "feed link")
    yield from _author_faults(feed.authors, "feed author")
    if not any(name.strip() for name in feed.authors):
        yield Finding(6, "MissingElement", "the feed has no author", "feed")
    yield from _window_faults(feed.entries)
    for entry in feed.entries:
        yield from _entry_faults(entry, html_name)


def suspicions(feed: FeedView) -> Iterator[Finding]:
    """Yield what in contents and summaries looks as if it had been escaped twice; a post may mean it so."""
    for entry in feed.entries:
        yield from escape_faults(entry.content, f"{entry.where} content")
        yield from escape_faults(escape(entry.summary), f"{entry.where} summary")


def category_faults(category: Category, where: str) -> Iterator[Finding]:
    """Yield what is wrong with a category's label."""
    yield from blank_faults(12, category.label, "label", where)
    yield from plain_faults(12, category.label, "ContainsHTML", where)
    if category.label != unicodedata.normalize("NFC", category.label):
        yield Finding(12, "", f"the label {shown(category.label)} is not in NFC", where)


def enclosure_faults(enclosure: Enclosure, where: str) -> Iterator[Finding]:
    """Yield what is wrong with an enclosure."""
    yield from url_faults(15, enclosure.url, where)
    yield from length_faults(15, enclosure.length, where)
    yield from media_type_faults(15, enclosure.type, where)


def _entry_faults(entry: EntryView, html_name: str) -> Iterator[Finding]:
    where = entry.where
    yield from id_faults(8, entry.id, where)
    yield from blank_faults(9, entry.title, "title", where)
    yield from plain_faults(9, entry.title, html_name, where)
    yield from url_faults(10, entry.link, f"{where} link")
    if entry.via:
        yield from url_faults(17, entry.via, f"{where} origin")
        if entry.via == entry.link:
            yield Finding(17, "", "the origin is the link, and named once more", where)
    yield from _author_faults(entry.authors, where)
    for category in entry.categories:
        yield from category_faults(category, where)
    for category, number in Counter(entry.categories).items():
        if number > 1:
            yield Finding(12, "", f"the category {shown(category.label)} stands {number} times", where)
    for enclosure in entry.enclosures:
        yield from enclosure_faults(enclosure, where)
    if entry.thumbnail:
        yield from url_faults(10, entry.thumbnail, f"{where} thumbnail")
    yield from blank_faults(13, entry.content, "content", where)
    if "<" not in entry.content:  # no markup at all: then what looks like it is what should have been it
        yield from escape_faults(entry.content, f"{where} content")
    for finding in markup_faults(entry.content, "content"):
        yield Finding(finding.rule, finding.name, finding.message, f"{where} content")


def _author_faults(names: tuple[str, ...], where: str) -> Iterator[Finding]:
    for name in names:
        yield from blank_faults(6, name, "author's name", where)
        yield from plain_faults(6, name, "ContainsHTML", where)
    if len(set(names)) != len(names):
        yield Finding(6, "DuplicateItemSemantics", "an author is named twice", where)


def _window_faults(entries: tuple[EntryView, ...]) -> Iterator[Finding]:
    """Yield what is wrong with which entries there are and how they are ordered (SPEC §6, before its rules)."""
    if not entries:
        yield Finding(0, "", "the feed has no entries", "feed")
    for identifier, number in Counter(entry.id for entry in entries).items():
        if number > 1:
            yield Finding(8, "DuplicateEntries", f"{number} entries have the id {shown(identifier)}", "feed")
    for newer, older in pairwise(entries):
        before, after = newer.published, older.published
        if before and after and (after > before or (after == before and newer.id > older.id)):
            yield Finding(0, "", f"it stands after {newer.id}: not newest first, ties by id", older.where)
