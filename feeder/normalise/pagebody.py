"""A body as a page of ours shows it, which asks no other host for anything: media become links, headings one level.

The page has headings and landmarks of its own, between which those of a body would stand without order; and what a
reader shows as an image would be a request to another host, which the page's policy forbids. So images, which become
links to them, are there for who asks for them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from feeder.config.slices import Sanitizer
from feeder.model.entry import SafeHtml
from feeder.normalise.sanitise import clean
from feeder.normalise.tags import Tag, scan

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# Below the page's own title, its section's and the entry's.
_LEVEL = "h4"
_LANDMARKS = frozenset("article aside footer header hgroup main nav section".split())
_GONE = frozenset("audio picture source track video".split())
# What a person who tabs or listens is told of must hold something.
_NEVER_EMPTY = _HEADINGS | {"a", "th"}
_RELEVANT = re.compile(rf"<(?:img|a|th|{'|'.join((*_HEADINGS, *sorted(_LANDMARKS), *sorted(_GONE)))})[ >]")
_BLANK = "\xa0 \t\n\f\r"


@dataclass(slots=True)
class _Open:
    """An element that must not be empty: where its start tag is among the pieces, and whether it holds something."""

    name: str
    place: int
    holds: bool = False


def for_page(html: SafeHtml, sanitizer: Sanitizer) -> SafeHtml:
    """Return `html` without anything that is loaded from elsewhere; what stood there is a link to it, or its text."""
    if not _RELEVANT.search(html):
        return html
    return clean("".join(_pieces(html)), "", sanitizer)


def _pieces(html: str) -> list[str]:
    pieces: list[str] = []
    opened: list[_Open] = []
    position = 0
    for tag in scan(html):
        text = html[position : tag.start]
        position = tag.end
        pieces.append(text)
        if opened and text.replace("&nbsp;", "").strip(_BLANK):
            opened[-1].holds = True
        if tag.name == "img":
            pieces.append(_image(tag, opened))
            for one in opened:
                one.holds = True
        elif tag.name in _NEVER_EMPTY:
            _nest(tag, html, pieces, opened)
        elif tag.name in _LANDMARKS:
            pieces.append(_renamed(tag, html, "div"))
        elif tag.name not in _GONE:
            pieces.append(html[tag.start : tag.end])
    return [*pieces, html[position:]]


def _nest(tag: Tag, html: str, pieces: list[str], opened: list[_Open]) -> None:
    """Write the start or the end of an element that goes where it holds nothing."""
    name = _LEVEL if tag.name in _HEADINGS else tag.name
    if not tag.closing:
        opened.append(_Open(tag.name, len(pieces)))
        pieces.append(_renamed(tag, html, name))
        return
    if not opened or opened[-1].name != tag.name:  # no cleaner leaves that; the next one mends it
        return
    one = opened.pop()
    if not one.holds and name == "th":  # a table keeps its cells, but what heads nothing is no heading
        pieces[one.place] = "<td" + pieces[one.place].removeprefix("<th")
        pieces.append("</td>")
        return
    if not one.holds:
        pieces[one.place] = ""
        return
    pieces.append(f"</{name}>")
    if opened:
        opened[-1].holds = True


def _renamed(tag: Tag, html: str, name: str) -> str:
    """Return `tag` as it is written in `html`, but for its name."""
    slash = "/" if tag.closing else ""
    return f"<{slash}{name}{html[tag.start + len(slash) + 1 + len(tag.name) : tag.end]}"


def _image(tag: Tag, opened: list[_Open]) -> str:
    """Return what stands for an image: a link to it, or the text of the link that it stands in."""
    attributes = dict(tag.attributes)
    shown = f"[{escape(attributes.get('alt', '').strip()) or 'image'}]"
    source = attributes.get("src", "")
    is_link = source and not any(one.name == "a" for one in opened)
    return f'<a href="{escape(source)}">{shown}</a>' if is_link else shown
