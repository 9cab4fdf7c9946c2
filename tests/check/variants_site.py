"""What is wrong between the documents of a folder, one fault each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.check.variants import Dist, Variant, before, between, drop, edit, in_file, remove, sub, swap

_GATES: Final = "tags/gates/atom.xml"
_LIFE: Final = "categories/life/atom.xml"
_OF_GATES: Final = "https://weir.example/notes/tags/gates/"

SITE: Final[tuple[Variant, ...]] = (
    between("site-self-is-elsewhere", "SelfDoesntMatchLocation", edit(_GATES, swap("gates/atom", "gates/a"))),
    between(
        "site-self-of-another-host",
        "SelfDoesntMatchLocation",
        edit(_GATES, swap(f"{_OF_GATES}atom", "https://www.weir.example/notes/tags/gates/atom")),
    ),
    between(
        "site-self-of-another-feed",
        "SelfDoesntMatchLocation",
        edit(_GATES, swap("tags/gates/atom.xml", "tags/eels/atom.xml")),
    ),
    between(
        "site-id-of-another-feed",
        "DuplicateFeedId",
        edit(_LIFE, sub("<id>.*?</id>", "<id>urn:uuid:31b69c36-557d-5a01-ad5f-b551218173f9</id>")),
    ),
    between(
        "site-page-is-another-format",
        "AlternateIsFeed",
        edit("rss.xml", swap("notes/</link>", "notes/atom.xml</link>")),
    ),
    between("site-entry-has-another-title", "EntriesDisagree", edit(_GATES, swap("A guest writes", "A guest wrote"))),
    between("site-entry-has-another-link", "EntriesDisagree", edit(_GATES, swap("2024/03/guest/", "2024/03/visitor/"))),
    between(
        "site-entry-has-another-date",
        "EntriesDisagree",
        edit(_GATES, swap("2024-03-10T12:00:00Z", "2024-03-10T12:00:01Z")),
    ),
    between("site-format-lacks-an-entry", "FormatsDisagree", edit("rss.xml", drop("<item><title>A guest.*?</item>\n"))),
)
_NEW: Final = "archive/2024-02/atom.xml"
_OLD: Final = "archive/2024-01/atom.xml"
_AT: Final = "https://weir.example/notes/"


def _stray(dist: Dist) -> Dist:
    """Return `dist` with an archive document that nobody links to."""
    text = dist[_OLD].decode()
    return {**dist, "archive/2023-12/atom.xml": text.replace("2024-01/atom.xml", "2023-12/atom.xml", 1).encode()}


def _doubled(dist: Dist) -> Dist:
    """Return `dist` with the entry of the older archive document in the newer one too."""
    text = dist[_OLD].decode()
    return edit(_NEW, before("</feed>", text[text.index("<entry") : text.index("</feed>")]))(dist)


ARCHIVES: Final[tuple[Variant, ...]] = (
    between("archive-document-gone", "ArchiveLinkBroken", remove(_OLD)),
    between("archive-document-gone-json", "ArchiveLinkBroken", remove("archive/2024-01/feed.json")),
    between("archive-self-is-elsewhere", "SelfDoesntMatchLocation", edit(_OLD, swap("2024-01/atom", "2024-1/atom"))),
    between(
        "archive-loop",
        "ArchiveLoop",
        edit(_OLD, before("<fh:archive/>", f'<link href="{_AT}{_NEW}" rel="prev-archive"/>')),
    ),
    between(
        "archive-loop-json",
        "ArchiveLoop",
        edit(
            "archive/2024-01/feed.json", swap('"authors"', f'"next_url": "{_AT}archive/2024-02/feed.json", "authors"')
        ),
    ),
    between("archive-not-marked", "ArchiveNotMarked", edit(_NEW, swap("<fh:archive/>", ""))),
    between("archive-of-another-id", "ArchiveOfAnother", edit(_NEW, sub("<id>.*?</id>", "<id>urn:x-weir:2</id>"))),
    between(
        "archive-of-another-feed",
        "ArchiveOfAnother",
        edit(_NEW, swap(f'{_AT}atom.xml" rel="current"', f'{_AT}tags/gates/atom.xml" rel="current"')),
    ),
    between(
        "archive-not-mutual",
        "ArchiveLinksNotMutual",
        edit(_OLD, swap(f'{_AT}{_NEW}" rel="next-archive"', f'{_AT}atom.xml" rel="next-archive"')),
    ),
    between("archive-without-links", "ArchiveIncomplete", edit(_OLD, drop('<link [^>]*rel="next-archive"[^>]*>'))),
    between("archive-that-nobody-links", "ArchiveUnreachable", _stray),
    between("archive-cut-off", "ArchiveUnreachable", edit("atom.xml", drop('<link [^>]*rel="prev-archive"[^>]*>'))),
    between("archive-cut-off-json", "ArchiveUnreachable", edit("feed.json", drop('"next_url": "[^"]*", '))),
    between("archive-entry-twice", "ArchiveEntryTwice", _doubled),
    between(
        "archive-lacks-an-entry",
        "MissingFromArchive",
        edit(_NEW, drop("<entry><id>[^/]*</id><title>What.*?</entry>")),
    ),
    between(
        "archive-lacks-an-entry-rss",
        "MissingFromArchive",
        edit("archive/2024-02/rss.xml", drop("<item><title>What.*?</item>\n")),
    ),
    between(
        "complete-and-not-whole",
        "MissingFromArchive",
        *(
            edit(f"tags/eels/{name}", drop(pattern))
            for name, pattern in (
                ("atom.xml", "<entry><id>[^/]*</id><title>A guest.*?</entry>\n"),
                ("rss.xml", "<item><title>A guest.*?</item>\n"),
                ("feed.json", r'{"id": "[^"]*", "url": "[^"]*", "title": "A guest[^\n]*\n'),
            )
        ),
    ),
)


def _opml(name: str, code: str, change: Callable[[str], str]) -> Variant:
    return in_file("feeds.opml", f"opml-{name}", code, change)


_EELS: Final = '<outline text="Weir notes: eels"'

LISTS: Final[tuple[Variant, ...]] = (
    _opml("not-well-formed", "SAXError", drop("</body>")),
    _opml("no-version", "MissingAttribute", swap(' version="2.0"', "")),
    _opml("version-of-nobody", "InvalidOPMLVersion", swap(' version="2.0"', ' version="3.0"')),
    _opml("old-version", "ObsoleteVersion", swap(' version="2.0"', ' version="1.1"')),
    _opml("no-head", "MissingElement", drop("<head>.*</head>")),
    _opml("unknown-element", "UndefinedElement", before("<body>", "<foot/>")),
    _opml("no-outlines", "MissingElement", drop("<outline.*</outline>")),
    _opml("date-of-atom", "InvalidRFC2822Date", before("</head>", "<dateModified>2024-03-15T08:00:00Z</dateModified>")),
    _opml("no-text", "MissingAttribute", swap('text="Weir notes: eels" ', "")),
    _opml("text-empty", "AttrNotBlank", swap('text="Weir notes: eels"', 'text=""')),
    _opml("no-address", "MissingXmlURL", drop('xmlUrl="[^"]*"')),
    _opml("address-relative", "InvalidFullLink", swap('xmlUrl="https://weir.example/', 'xmlUrl="/')),
    _opml("no-type", "MissingOutlineType", swap('type="rss" ', "")),
    _opml("type-of-atom", "InvalidOutlineType", swap('type="rss"', 'type="atom"')),
    _opml("no-page", "MissingHtmlURL", drop('htmlUrl="[^"]*"')),
    _opml("feed-twice", "DuplicateOutline", sub(rf"({_EELS}[^>]*>)", r"\1\1")),
    between(
        "opml-feed-that-is-not-there",
        "UnknownFeed",
        edit(
            "feeds.opml",
            before(_EELS, f'<outline text="x" type="rss" xmlUrl="{_AT}tags/eel/atom.xml" htmlUrl="{_AT}"/>'),
        ),
    ),
    between("opml-lacks-a-feed", "UnlistedFeed", edit("feeds.opml", drop(f"{_EELS}[^>]*>"))),
    between(
        "opml-feed-in-two-formats",
        "DuplicateOutline",
        edit(
            "feeds.opml",
            before(_EELS, f'<outline text="x" type="rss" xmlUrl="{_AT}tags/eels/rss.xml" htmlUrl="{_AT}"/>'),
        ),
    ),
    between("catalogue-feed-that-is-not-there", "UnknownFeed", remove("tags/eels/feed.json")),
    between("catalogue-of-another-size", "CatalogueDisagrees", edit("feeds.json", sub('bytes": [0-9]*', 'bytes": 7'))),
    between("catalogue-of-another-build", "CatalogueDisagrees", edit("rss.xml", swap("Levels", "Level"))),
)
