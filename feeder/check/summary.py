"""What the documents of a folder are held against each other by: each without its content, so that many fit at once."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from urllib.parse import unquote, urlsplit

from feeder.check.document import Document, Kind, Link, Outline, ReadEntry, ReadFeed, TextType

FEEDS = (Kind.ATOM, Kind.RSS, Kind.JSON)


@dataclass(frozen=True, slots=True)
class Known:
    """An entry as other documents may say it too; instants as written, `places` are its categories' scheme and term."""

    id: str
    line: int
    title: str
    link: str
    published: str
    updated: str
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A document of a folder: `path` below it (POSIX), `base` where it says that the folder is served, or "".

    `address` is where it stands, with nothing percent-encoded: it may say something else. `digest` is `sha256:` and
    hex. `title` is "" where it is no text, or there is none.
    """

    path: str
    kind: Kind
    size: int
    digest: str
    base: str = ""
    address: str = ""
    id: str = ""
    title: str = ""
    link: str = ""
    self_link: str = ""
    links: tuple[Link, ...] = ()
    line: int = 0
    archive: bool = False
    complete: bool = False
    next_url: str = ""
    entries: tuple[Known, ...] = ()
    outlines: tuple[Outline, ...] = ()

    @property
    def folder(self) -> str:
        """The folder that it stands in, "" for the top, else with a slash at its end."""
        return self.path[: self.path.rfind("/") + 1]

    def linked(self, rel: str) -> Link | None:
        """Return the first link of that rel, None where there is none."""
        return next((link for link in self.links if link.rel == rel), None)


class Summariser:
    """Makes summaries; what many documents say alike is kept once."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._places: dict[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]] = {}

    def summary(self, path: str, data: bytes, document: Document) -> Summary | None:
        """Return the summary of the document at `path`, None where it is nothing that is held against others."""
        if document.kind is None:
            return None
        digest = f"sha256:{sha256(data).hexdigest()}"
        base = Summary(path, document.kind, len(data), digest, outlines=document.outlines)
        return self._of_feed(base, document.feed) if document.feed else base

    def _of_feed(self, base: Summary, feed: ReadFeed) -> Summary:
        return replace(
            base,
            base=_base(base.path, feed.self_link),
            id=feed.id,
            title=feed.title.value.strip() if feed.title and feed.title.type is TextType.TEXT else "",
            link=feed.link,
            self_link=feed.self_link,
            links=feed.links,
            line=feed.line,
            archive=feed.archive,
            complete=feed.complete,
            next_url=feed.next_url,
            entries=tuple(self._known(entry) for entry in feed.entries if entry.id),
        )

    def _known(self, entry: ReadEntry) -> Known:
        title = entry.title.value.strip() if entry.title and entry.title.type is TextType.TEXT else ""
        places = tuple(
            (category.scheme, category.term) for category in entry.categories if category.scheme and category.term
        )
        return Known(
            id=self._once(entry.id),
            line=entry.line,
            title=self._once(title),
            link=self._once(entry.link),
            published=self._once(entry.published),
            updated=self._once(entry.updated),
            places=self._places.setdefault(places, places),
        )

    def _once(self, text: str) -> str:
        return self._texts.setdefault(text, text)


def common_base(summaries: Iterable[Summary]) -> str:
    """Return the address that most documents are served below, "" where none says one that fits its place."""
    numbers = Counter(summary.base for summary in summaries if summary.base)
    return min(numbers, key=lambda base: (-numbers[base], len(base), base), default="")


def placed(summaries: Sequence[Summary]) -> list[Summary]:
    """Return `summaries` with their addresses, and with JSON Feed's archive documents marked as other formats' are."""
    base = common_base(summaries)
    archives = {id(one) for group in twins(summaries) if any(one.archive for one in group) for one in group}
    return [
        replace(
            one,
            address=plain(one.self_link) if one.base == base else f"{base}{one.path}",
            archive=one.archive or (one.kind is Kind.JSON and id(one) in archives),
        )
        for one in summaries
    ]


def is_alias(feed: Summary, there: Mapping[str, Summary]) -> bool:
    """Say whether `feed` stands at an address that it gave up, and says rightly where it went (`there`, by address)."""
    other = there.get(plain(feed.self_link))
    return (
        other is not None
        and other is not feed
        and (other.kind, other.id, other.title, other.self_link) == (feed.kind, feed.id, feed.title, feed.self_link)
        and {entry.id for entry in other.entries} == {entry.id for entry in feed.entries}
    )


def heads(summaries: Sequence[Summary]) -> tuple[Summary, ...]:
    """Return the feeds that are subscribed to: no archive documents, and no other pages of a feed in several."""
    there = by_address(summaries)
    older = {plain(link.href) for summary in summaries if (link := previous(summary))}
    return tuple(
        summary
        for summary in summaries
        if summary.kind in FEEDS
        and not summary.archive
        and not summary.linked("previous")
        and summary.address not in older
        and not is_alias(summary, there)
    )


def previous(feed: Summary) -> Link | None:
    """Return the link to the document of the archive that comes before `feed`, None where there is none."""
    return feed.linked("next") if feed.kind is Kind.JSON else feed.linked("prev-archive")


def twins(summaries: Sequence[Summary], several: int = 2) -> list[list[Summary]]:
    """Return the documents that are one feed in `several` formats or more: those of one folder that say one thing.

    Where a folder holds one document of a format, those are one feed that have the title or an entry in common; where
    it holds more, title and page have to be the same.
    """
    folders: dict[str, list[Summary]] = {}
    for feed in summaries:
        if feed.kind in FEEDS:
            folders.setdefault(feed.folder, []).append(feed)
    found: list[list[Summary]] = []
    for group in folders.values():
        if _told_apart(group):
            same = [one for one in group if _alike(group[0], one)]
            found.extend((same, *([one] for one in group if one not in same)))
            continue
        named: dict[tuple[str, str], list[Summary]] = {}
        for feed in group:
            named.setdefault((feed.title, feed.link), []).append(feed)
        for same in named.values():
            # Two of one format are two feeds, and nobody can know which of another format is which of them.
            found.extend([same] if _told_apart(same) else [[one] for one in same])
    return [group for group in found if len(group) >= several]


def _told_apart(group: Sequence[Summary]) -> bool:
    return len({one.kind for one in group}) == len(group)


def _alike(one: Summary, other: Summary) -> bool:
    if one.title and one.title == other.title:
        return True
    return not {entry.id for entry in one.entries}.isdisjoint(entry.id for entry in other.entries)


def by_address(feeds: Iterable[Summary]) -> dict[str, Summary]:
    """Return `feeds` by the address that each stands at, with nothing percent-encoded."""
    return {feed.address: feed for feed in feeds}


def plain(url: str) -> str:
    """Return `url` without query and fragment, with nothing percent-encoded in its path."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}{plain_path(url)}"


def plain_path(url: str) -> str:
    """Return the path of `url` with nothing percent-encoded, in NFC, "" where there is none to be read."""
    try:
        return unicodedata.normalize("NFC", unquote(urlsplit(url).path))
    except ValueError:
        return ""


def _base(path: str, self_link: str) -> str:
    """Return what of `self_link` stands before `path`, "" where it does not end in it; `index` may be left out."""
    found, wanted = plain_path(self_link), unicodedata.normalize("NFC", path)
    folder, _, name = wanted.rpartition("/")
    if name.startswith("index.") and found.endswith("/"):
        wanted = f"{folder}/" if folder else ""
    if "://" not in self_link or not found.endswith(f"/{wanted}"):
        return ""
    parts = urlsplit(self_link)
    return f"{parts.scheme}://{parts.netloc}{found[: len(found) - len(wanted)]}"
