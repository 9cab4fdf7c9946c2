"""What a document says, in one shape for all formats: so that the rules they share are written once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from tests.judging.finding import Finding
from tests.judging.names import XML


@dataclass(frozen=True, slots=True)
class Category:
    """A category; RSS has no `term`, JSON Feed nothing but the label."""

    scheme: str
    label: str
    term: str = ""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """An enclosure as written."""

    url: str
    type: str
    length: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry; what is not there is "" or None, what RSS cannot say (`updated`) is None.

    `summary` is text in both formats, "" where RSS has a `description` alone, which is then `content`.
    """

    where: str
    id: str
    title: str
    link: str
    via: str
    published: datetime | None
    updated: datetime | None
    authors: tuple[str, ...]
    categories: tuple[Category, ...]
    summary: str
    content: str
    enclosures: tuple[Enclosure, ...]
    thumbnail: str
    language: str


@dataclass(frozen=True, slots=True)
class FeedView:
    """A feed; `description` is Atom's subtitle, `updated` RSS's lastBuildDate, None in JSON; `id` is "" in RSS."""

    id: str
    title: str
    description: str
    link: str
    self_link: str
    language: str
    updated: datetime | None
    authors: tuple[str, ...]
    entries: tuple[EntryView, ...]


def child_text(parent: etree._Element, tag: str) -> str:
    """Return the text of the first child `tag`, "" where there is none."""
    child = parent.find(tag)
    return _all_text(child) if child is not None else ""


def texts(parent: etree._Element, tag: str) -> list[str]:
    """Return the texts of all children `tag`."""
    return [_all_text(child) for child in parent.findall(tag)]


def attribute(element: etree._Element, name: str) -> str:
    """Return an attribute, "" where there is none."""
    return element.get(name) or ""


def inherited_language(element: etree._Element) -> str:
    """Return the xml:lang that is in scope, "" where there is none."""
    scope: etree._Element | None = element
    while scope is not None:
        if language := scope.get(f"{XML}lang"):
            return language
        scope = scope.getparent()
    return ""


def count_fault(rule: int, parent: etree._Element, tag: str, where: str) -> list[Finding]:
    """Return a finding where `parent` has not exactly one child `tag`."""
    number = len(parent.findall(tag))
    if number == 1:
        return []
    name, local = ("DuplicateElement" if number else "MissingElement"), etree.QName(tag).localname
    return [Finding(rule, name, f"there are {number} <{local}>, not one", where)]


def _all_text(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext())
