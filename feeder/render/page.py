"""The pages that people look at: of all feeds, and of each; through Jinja2, of which this is the only user.

Whatever posts say is escaped by the templates; what is not are an entry's content, which the allow-list let through,
and what other templates gave. No page asks another host for anything, and its own policy sees to that.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from posixpath import dirname, relpath
from urllib.parse import quote, unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from feeder.config.slices import Site
from feeder.model.characters import fold
from feeder.model.digest import digest
from feeder.model.entry import Content, Entry
from feeder.model.feed import Document, Feed, Rhythm
from feeder.model.instant import rfc3339
from feeder.model.page import SHARED, Card, Group, Months, Neighbour, Page
from feeder.render.formats import FORMATS, RULES_VERSION, Envelope

MARK = b'<meta name="generator" content="feeder '
"""What stands near the beginning of every page that is ours."""

_FOLDER = os.path.join(os.path.dirname(__file__), "templates")
_ENTRIES = "<!-- entries -->"  # nothing that is escaped can read so
_BETWEEN = '\n</details>\n</article>\n<article class="entry" lang="{}">\n<details>\n'
_NAMES = {"atom": "Atom", "rss": "RSS", "json": "JSON"}
_MONTHS = "January February March April May June July August September October November December".split()
_RHYTHMS = {
    "hourly": "Several a day",
    "daily": "About one a day",
    "weekly": "About one a week",
    "monthly": "About one a month",
}
# Of a drawing of months: so many units a month, and for the month that has most.
_STEP, _HEIGHT = 3, 18


@dataclass(frozen=True, slots=True)
class _Day:
    """A day as machines and as people read it."""

    machine: str
    day: str
    short: str


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A drawing of months: what is drawn, and what it shows in words."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class _Link:
    """A feed's neighbour as its page links to it."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class _Address:
    """A feed's document as its page offers it; `shown` is its address for people to read, `file` that from there."""

    name: str
    type: str
    url: str
    shown: str
    file: str


@dataclass(frozen=True, slots=True)
class _Group:
    """A taxonomy's feeds as the page of all feeds lists them."""

    taxonomy: str
    name: str
    count: str
    rows: tuple[Markup, ...]


def entry(one: Entry, content: Content) -> bytes:
    """Return the entry as it stands on every page; `content` must not ask for anything from elsewhere."""
    host = urlsplit(one.link).hostname or one.link
    text = _template("entry.html").render(
        title=one.title,
        language=one.language,
        published=_day(one.published),
        by=", ".join(person.name for person in one.authors),
        html=Markup(content.html),  # noqa: S704 - what the allow-list let through
        link=one.link,
        host=host,
        enclosures=[
            {"url": enclosure.url, "type": enclosure.type, "name": _file(enclosure.type, enclosure.length)}
            for enclosure in content.enclosures
        ],
    )
    return text.encode()


def feed_page(feed: Feed, page: Page, site: Site) -> Envelope:
    """Return the page of a term's feed without its entries."""
    facts = _facts(feed, page, site)
    facts |= {
        "kind": "feed",
        "label": feed.label,
        "site": site.title,
        "taxonomy": feed.taxonomy,
        "what": "this feed",
        "description": feed.description,
        "before": _link(page.before, page),
        "behind": _link(page.behind, page),
    }
    return _envelope(_template("feed.html").render(page=facts), site.language)


def index_page(feed: Feed, page: Page, site: Site, groups: Iterable[Group]) -> Envelope:
    """Return the page of all feeds, which is the site's own feed's too, without the entries of that."""
    listed = tuple(
        _Group(
            group.taxonomy,
            group.taxonomy.replace("-", " ").replace("_", " ").capitalize(),
            f"{len(group.rows):,}",
            tuple(map(Markup, group.rows)),
        )
        for group in groups
    )
    feeds = 1 + sum(len(group.rows) for group in listed)
    facts = _facts(feed, page, site)
    facts |= {
        "kind": "all",
        "label": site.title,
        "about": site.description,
        "what": "everything",
        "description": f"The feeds of {feed.title}",
        "feeds": f"{feeds:,}",
        "feeds_noun": "feed" if feeds == 1 else "feeds",
        "groups": listed,
    }
    return _envelope(_template("index.html").render(page=facts), site.language)


def row(card: Card, last: int, language: str) -> str:
    """Return the row of a feed on the page of all feeds, whose drawings end with the month `last`."""
    return _template("row.html").render(
        entries=card.entries,
        newest=card.newest,
        href=_href(card.path, ""),
        language=language,
        label=card.label,
        drawn=_drawn(card.months.until(last)),
        count=f"{card.entries:,}",
        noun=_noun(card.entries),
        day=_day(datetime.fromtimestamp(card.newest, UTC)),
    )


def assets() -> tuple[Document, ...]:
    """Return what all pages share: a stylesheet, a script and an icon, at the top."""
    return tuple(
        Document(name, data, digest(data).hex(), b"feeder pages")
        for name, data in ((name, _asset(name)) for name in SHARED)
    )


def _facts(feed: Feed, page: Page, site: Site) -> dict[str, object]:
    """Return what both kinds of pages say."""
    folder = dirname(page.path)
    return {
        "version": RULES_VERSION,
        "title": feed.title,
        "feed": feed.title,
        "language": site.language,
        "url": page.url,
        "top": f"{relpath('.', folder)}/" if folder else "",
        "style": _version("feeder.css"),
        "script": _version("feeder.js"),
        "formats": [
            _Address(
                _NAMES[address.format],
                FORMATS[address.format].media_type,
                address.url,
                fold(unquote(address.url)),
                quote(relpath(address.path, folder or ".")),
            )
            for address in feed.addresses
        ],
        "count": f"{page.entries:,}",
        "noun": _noun(page.entries),
        "newest": _day(page.newest),
        "rhythm": _rhythm(feed.rhythm),
        "drawn": _drawn(page.months),
    }


def _envelope(text: str, language: str) -> Envelope:
    start, _, end = text.partition(_ENTRIES)
    return Envelope(start.rstrip().encode(), f"{end.strip()}\n".encode(), _BETWEEN.format(language).encode())


def _link(neighbour: Neighbour | None, page: Page) -> _Link | None:
    return _Link(neighbour.label, _href(neighbour.path, dirname(page.path))) if neighbour else None


def _href(path: str, folder: str) -> str:
    """Return the address of the page at `path` from one in `folder`."""
    return f"{quote(relpath(dirname(path), folder or '.'))}/"


def _day(instant: datetime) -> _Day:
    month = _MONTHS[instant.month - 1]
    return _Day(rfc3339(instant), f"{instant.day} {month} {instant.year}", f"{instant.day} {month[:3]} {instant.year}")


def _noun(count: int) -> str:
    return "entry" if count == 1 else "entries"


def _rhythm(rhythm: Rhythm | None) -> str:
    if rhythm is None:
        return ""
    return "A few a day" if rhythm.frequency > 1 else _RHYTHMS[rhythm.period]


def _file(media_type: str, length: int) -> str:
    return f"{media_type}, {length / 1e6:.1f} MB" if length else media_type


def _drawn(months: Months) -> _Drawn:
    counts = months.counts
    most, total = max(counts), sum(counts)
    path = "".join(
        f"M{place * _STEP + 1} {_HEIGHT}v-{max(1, count * _HEIGHT // most)}"
        for place, count in enumerate(counts)
        if count
    )
    first = _month(months.last - len(counts) + 1)
    if not total:
        return _Drawn("", f"No entries since {first}")
    return _Drawn(path, f"Entries a month from {first} to {_month(months.last)}: {total:,} in all, {most:,} at most")


def _month(number: int) -> str:
    return f"{_MONTHS[number % 12]} {number // 12}"


@cache
def _environment() -> Environment:
    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FileSystemLoader(_FOLDER),
        auto_reload=False,
        trim_blocks=False,
    )


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _asset(name: str) -> bytes:
    with open(os.path.join(_FOLDER, name), "rb") as stream:
        return stream.read()


@cache
def _version(name: str) -> str:
    return digest(_asset(name)).hex()[:8]
