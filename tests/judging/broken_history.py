"""A feed with archives, and sites of it with one fault each (rule 20)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tests.judging.broken import GOOD_ATOM, SELF_ATOM, Broken, add, drop, swap

Site = dict[str, bytes]

FOLDER: Final = "tags/r-and-d/"
SPACE: Final = 'xmlns:fh="http://purl.org/syndication/history/1.0" '
_ENTRY = re.compile(r" *<entry.*?</entry>\n", re.DOTALL)
_ENTRIES: Final = _ENTRY.findall(GOOD_ATOM.decode())
_WINTER: Final = (
    _ENTRIES[2].replace("2024-02-29T", "2024-01-15T").replace("urn:uuid:e2b7a1de", "urn:uuid:aaaaaaaa"),
    _ENTRIES[2].replace("2024-02-29T", "2024-01-14T").replace("urn:uuid:e2b7a1de", "urn:uuid:bbbbbbbb"),
)


def _link(rel: str, name: str) -> str:
    href = SELF_ATOM.replace("atom.xml", f"archive/{name}/atom.xml" if name else "atom.xml")
    return f'<link rel="{rel}" type="application/atom+xml" href="{href}"/>\n'


def _document(name: str, updated: str, links: str, mark: str, *entries: str) -> bytes:
    url = SELF_ATOM.replace("atom.xml", f"archive/{name}/atom.xml" if name else "atom.xml")
    text = _ENTRY.sub("", GOOD_ATOM.decode()).replace(f'href="{SELF_ATOM}"', f'href="{url}"')
    text = text.replace("<feed ", f"<feed {SPACE}", 1).replace("2024-03-02T08:00:00Z", updated)
    return text.replace("</feed>", f"{links}{mark}\n{''.join(entries)}</feed>").encode()


SUBSCRIPTION: Final = f"{FOLDER}atom.xml"
FEBRUARY: Final = f"{FOLDER}archive/2024-02/atom.xml"
JANUARY: Final = f"{FOLDER}archive/2024-01/atom.xml"

GOOD_CHAIN: Final[Site] = {
    SUBSCRIPTION: _document("", "2024-03-02T08:00:00Z", _link("prev-archive", "2024-02"), "", _ENTRIES[0]),
    FEBRUARY: _document(
        "2024-02",
        "2024-02-29T06:00:00Z",
        _link("current", "") + _link("prev-archive", "2024-01"),
        "<fh:archive/>",
        *_ENTRIES[1:],
    ),
    JANUARY: _document(
        "2024-01",
        "2024-01-15T06:00:00Z",
        _link("current", "") + _link("next-archive", "2024-02"),
        "<fh:archive/>",
        *_WINTER,
    ),
}
"""A subscription document of one entry, and two archive documents."""


@dataclass(frozen=True, slots=True)
class BrokenChain:
    """A fault between the documents of a feed, which the judge must find under `rule`."""

    rule: int
    name: str
    path: str
    change: Callable[[bytes], bytes]

    def site(self) -> Site:
        """Return the good site with that one fault."""
        return {**GOOD_CHAIN, self.path: self.change(GOOD_CHAIN[self.path])}


_MARK = "<fh:archive/>"
_PREV_OF_NOTHING = _link("prev-archive", "")

DOCUMENT_FAULTS: Final = (
    Broken(20, "archive-without-current", drop(_link("current", ""))),
    Broken(20, "archive-and-complete", add(_MARK, "<fh:complete/>")),
    Broken(20, "complete-with-links", swap(_MARK, "<fh:complete/>")),
    Broken(20, "no-mark", drop(_MARK)),
    Broken(20, "two-previous", add(_MARK, _link("prev-archive", "2023-12"))),
    Broken(20, "current-is-itself", swap(_link("current", ""), _link("current", "2024-02"))),
    Broken(
        20,
        "media-type",
        swap('rel="prev-archive" type="application/atom+xml"', 'rel="prev-archive" type="application/rss+xml"'),
    ),
    Broken(20, "relative", swap(f'href="{SELF_ATOM}"/>\n<link rel="prev', 'href="../../atom.xml"/>\n<link rel="prev')),
)
"""In the archive document of February."""

CHAIN_FAULTS: Final = (
    BrokenChain(20, "previous-is-not-there", JANUARY, swap("archive/2024-01/", "archive/2024-00/")),
    BrokenChain(
        20, "previous-is-no-archive", FEBRUARY, swap(_link("prev-archive", "2024-01"), _link("prev-archive", ""))
    ),
    BrokenChain(20, "no-link-back", JANUARY, drop(_link("next-archive", "2024-02"))),
    BrokenChain(20, "nobody-leads-there", FEBRUARY, drop(_link("prev-archive", "2024-01"))),
    BrokenChain(20, "nothing-leads-anywhere", SUBSCRIPTION, drop(_link("prev-archive", "2024-02"))),
    BrokenChain(20, "beyond-the-newest", FEBRUARY, add(_MARK, _link("next-archive", "2024-03"))),
    BrokenChain(20, "another-current", JANUARY, swap(f'{SELF_ATOM}"', 'https://vane.example/atom.xml"')),
    BrokenChain(4, "another-id", JANUARY, swap("urn:uuid:0f8c1b52", "urn:uuid:11111111")),
    BrokenChain(20, "another-title", JANUARY, swap("Weathervane: R&amp;D", "Weathervane: 2024-01")),
    BrokenChain(20, "twice", JANUARY, swap(_WINTER[0], _ENTRIES[2])),
    BrokenChain(20, "two-months", JANUARY, swap("2024-01-14T00", "2023-12-31T00")),
    BrokenChain(20, "out-of-order", JANUARY, swap("2024-01-15T00", "2024-03-01T00")),
    BrokenChain(
        20,
        "updated-unseen",
        JANUARY,
        swap("<updated>2024-01-14T06:00:00Z", "<updated>2024-03-05T06:00:00Z"),
    ),
)
