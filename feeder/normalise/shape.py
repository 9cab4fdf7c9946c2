"""The mirror's shape: what a mirroring program put around a post's body, and the body without it (SPEC §5.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from feeder.normalise.links import web_address
from feeder.normalise.tags import scan, scan_for

# Any comment that is only a number, or what a program printed where it had none, was put there by the mirror. Only a
# valid epoch makes the body one of the mirror's shape (and gives a date: that is the timestamps' business).
_MARKER = re.compile(r"\s*<!--\s*([+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|NaN|Infinity))\s*-->", re.ASCII | re.IGNORECASE)
_EPOCH = re.compile(r"\s*<!--\d{9,}-->", re.ASCII)
_HEADING = re.compile(r"\s*(\[[^\n]*\))[^\S\n]*\n[^\S\n]*-{3,}[^\S\n]*(?:\n|\Z)")
_DIV = re.compile(r"<(/?)div(?=[\s/>])", re.ASCII | re.IGNORECASE)
_NULL = re.compile(r"\s*null\s*(?=</?[a-z]|<!--)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shape:
    """A body without what the mirror put around it.

    `is_mirror` says that it was of the mirror's shape; `heading` and `heading_url` are those of the heading that it
    began with, as written, whether dropped or not, or "". `line` is the line (from 0) on which a body begins that is
    not of the mirror's shape.
    """

    is_mirror: bool
    heading: str
    heading_url: str
    body: str
    line: int = 0


def undress(body: str, origin: str) -> Shape:
    """Return what `body` is after step 1 of SPEC §5; `origin` is the post's origin, "" where it has none.

    A body that is not of the mirror's shape comes back as it is, but for a marker at its head.
    """
    marker = _MARKER.match(body)
    is_mirror = _EPOCH.match(body) is not None
    rest = body[marker.end() :] if marker else body
    title, url, end = _heading(rest)
    if end and origin and _same(url, origin, rest[:end]):
        is_mirror = True
        rest = rest[end:]
    null = _NULL.match(rest)
    inner = _unwrap(rest[null.end() :] if null else rest)
    if inner is not None:
        return Shape(is_mirror=True, heading=title, heading_url=url, body=_without_null(inner))
    if is_mirror:
        return Shape(is_mirror=True, heading=title, heading_url=url, body=_without_null(rest))
    kept = rest.lstrip("\r\n") if marker else body
    line = body.count("\n", 0, len(body) - len(kept))
    return Shape(is_mirror=False, heading=title, heading_url=url, body=kept, line=line)


def heading(body: str) -> tuple[str, str]:
    """Return title and URL of a first line `[title](url)` under which stands a row of dashes, or ("", "")."""
    marker = _MARKER.match(body)
    title, url, _ = _heading(body[marker.end() :] if marker else body)
    return title, url


def _heading(text: str) -> tuple[str, str, int]:
    """Return the heading's title and URL as written, and where what follows it begins: ("", "", 0) without one."""
    match = _HEADING.match(text)
    if not match:
        return "", "", 0
    # Titles hold brackets, addresses hold parentheses, but hardly an address holds "](": so the last one parts them.
    title, separator, url = match[1][1:-1].rpartition("](")
    return (title.strip(), url.strip(), match.end()) if separator else ("", "", 0)


def _same(url: str, origin: str, line: str) -> bool:
    """Return whether the heading's URL is the origin, as written or once both are written as a URL must be."""
    return f"]({origin})" in line or (web_address(url) or url) == (web_address(origin) or origin)


def _without_null(text: str) -> str:
    text = text.strip()
    null = _NULL.match(text)
    return "" if text == "null" else text[null.end() :] if null else text


def _unwrap(text: str) -> str | None:
    """Return what stands inside the one `<div>` that `text` is, or None where it is anything else."""
    text = text.strip()
    if text.startswith("<div>") and text.endswith("</div>") and "<" not in text[5:-6]:
        return text[5:-6]  # as all plain text comes
    first = next(scan(text), None) if text[:4].lower() == "<div" else None
    if first is None or first.name != "div" or text[-6:].lower() != "</div>":
        return None
    depth = 0
    for tag in scan_for(text, "div"):
        depth += -1 if tag.closing else 1
        if depth == 0:
            return text[first.end : -6] if tag.end == len(text) else None
    # Text such as "a <b" just before the end tag swallows it, as it would in a browser. A body with one start and one
    # end tag in all leaves no doubt.
    return text[first.end : -6] if len(_DIV.findall(text)) == 2 else None  # noqa: PLR2004
