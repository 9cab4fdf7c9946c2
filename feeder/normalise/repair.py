"""Repairs of a body before it is cleaned (SPEC §5.5): lazy images, embedded players, media that nothing would show.

One pass over the tags, no tree: what comes out is as broken as what came in, and is for the cleaner.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from urllib.parse import unquote, urlsplit

from feeder.normalise.embeds import link_to, video_thumbnail
from feeder.normalise.links import resolve, resolve_srcset
from feeder.normalise.tags import Tag, scan_for

__all__ = ["first_image", "repair", "video_thumbnail"]

# Where scripts look for what `src` should be, the likeliest first. A plain `src` beside them is a placeholder.
_LAZY_SRC = ("data-src", "data-lazy-src", "data-original", "data-cfsrc")
_LAZY_SRCSET = ("data-srcset", "data-lazy-srcset")
# WordPress writes the file as it was uploaded beside a `src` of the right size: it is taken where nothing else is.
_LAST_SRC = ("data-orig-file",)
_REWRITTEN = frozenset((*_LAZY_SRC, *_LAZY_SRCSET, *_LAST_SRC, "src", "srcset"))
_ATTRIBUTE_NAME = re.compile("[a-z][a-z0-9-]*")
_TINY = re.compile(r"\s*0*[01](?:px)?\s*")
_RELEVANT = ("img", "picture", "source", "noscript", "iframe", "embed", "object", "video", "audio")


@dataclass(slots=True)
class _Edit:
    """`html[start:end]` becomes `text`."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class _Picture:
    """The image that was met last: a lazy one and the twin in a `noscript` beside it are one picture.

    `edit` writes it; `end` is where it ends in the body; `lazy` says that a better twin may follow, `alone` that it
    came out of a `noscript` whose lazy image may follow.
    """

    edit: _Edit
    end: int
    url: str
    lazy: bool
    alone: bool


def repair(html: str, base: str) -> str:
    """Return `html` with its images and embedded players in a form that needs no script and outlives cleaning.

    A lazy image gets its real source, or gives way to its twin in a `noscript`; an image without a usable source goes;
    an `iframe`, `embed` or `object` becomes a link, of a known video a linked thumbnail; `video` and `audio`, which are
    cleaned of their controls, are followed by a link. `base` is what relative references are resolved against.
    """
    tags = list(scan_for(html, *_RELEVANT))
    return _Repair(html, base).run(tags) if tags else html


def first_image(html: str) -> str:
    """Return the address of the first image in cleaned `html` that is meant to be seen, "" where there is none."""
    for tag in scan_for(html, "img"):
        if _visible(tag) and (source := dict(tag.attributes).get("src")):
            return source
    return ""


class _Repair:
    """One body on its way: `edits` are in the order of the body and do not overlap."""

    def __init__(self, html: str, base: str) -> None:
        self._html = html
        self._base = base
        self._edits: list[_Edit] = []
        self._picture: _Picture | None = None
        self._sources = ""  # the first source of the `picture` that is open
        self._media: str | None = None  # the source of the `video` or `audio` that is open, "" where none is known yet
        self._object: _Edit | None = None  # the `object` that is open and has no link yet

    def run(self, tags: list[Tag]) -> str:
        for tag, following in zip(tags, [*tags[1:], None], strict=True):
            if tag.closing:
                self._close(tag)
            elif tag.name == "iframe":
                # Its content is raw text: what follows is its end tag, or nothing.
                self._edits.append(_Edit(tag.start, (following or tag).end, self._link(tag)))
            elif tag.name == "noscript" and following:
                self._noscript(tag, following)
            else:
                self._open(tag)
        pieces: list[str] = []
        position = 0
        for edit in self._edits:
            pieces += self._html[position : edit.start], edit.text
            position = edit.end
        return "".join(pieces) + self._html[position:]

    def _edit(self, tag: Tag, text: str) -> _Edit:
        edit = _Edit(tag.start, tag.end, text)
        self._edits.append(edit)
        return edit

    def _open(self, tag: Tag) -> None:
        if tag.name == "img":
            self._image(tag)
        elif tag.name == "picture":
            self._sources = ""
        elif tag.name == "source":
            self._source(tag)
        elif tag.name in ("video", "audio"):
            self._media = self._usable(dict(tag.attributes).get("src", ""))
        elif tag.name == "object":
            link = self._link(tag)
            edit = self._edit(tag, link + self._html[tag.start : tag.end])
            self._object = None if link else edit
        elif tag.name == "embed":
            self._embed(tag)

    def _close(self, tag: Tag) -> None:
        if tag.name == "picture":
            self._sources = ""
        elif tag.name == "object":
            self._object = None
        elif tag.name in ("video", "audio"):
            if self._media:
                self._edit(tag, f'</{tag.name}> <a href="{escape(self._media)}">{_file_name(self._media)}</a>')
            self._media = None

    def _embed(self, tag: Tag) -> None:
        link = self._link(tag)
        if self._object:
            # What is inside of an `object` goes with it, so the link goes before it.
            self._object.text = link + self._object.text
            self._object = None
        else:
            self._edit(tag, link)

    def _noscript(self, tag: Tag, end: Tag) -> None:
        inner = self._html[tag.end : end.start]
        edit = _Edit(tag.start, end.end, "")
        self._edits.append(edit)
        tags = [inside for inside in scan_for(inner, "img", "iframe", "embed") if not inside.closing]
        images = (_image_of(inside, inner, self._base) for inside in tags if inside.name == "img" and _visible(inside))
        image = next((image for image in images if image.url), None)
        if image is None:
            edit.text = "".join(self._link(inside) for inside in tags if inside.name in ("iframe", "embed"))
            return
        before = self._picture
        if before and before.lazy and self._is_beside(before, tag):
            before.edit.text = ""
            self._picture = _Picture(edit, end.end, image.url, lazy=image.lazy, alone=False)
        elif before and before.url == image.url:
            return
        else:
            self._picture = _Picture(edit, end.end, image.url, lazy=image.lazy, alone=True)
        edit.text = image.text

    def _image(self, tag: Tag) -> None:
        image = _image_of(tag, self._html, self._base, self._sources)
        before = self._picture
        if image.lazy and before and before.alone and self._is_beside(before, tag):
            self._edit(tag, "")
            before.alone = before.lazy = False
        else:
            self._picture = _Picture(self._edit(tag, image.text), tag.end, image.url, lazy=image.lazy, alone=False)

    def _source(self, tag: Tag) -> None:
        if self._media is not None:
            self._media = self._media or self._usable(dict(tag.attributes).get("src", ""))
            return
        image = _image_of(tag, self._html, self._base)
        self._edit(tag, image.text)
        self._sources = self._sources or image.url

    def _is_beside(self, picture: _Picture, tag: Tag) -> bool:
        """Return whether only white space stands between `picture` and `tag`."""
        return not self._html[picture.end : tag.start].strip()

    def _link(self, tag: Tag) -> str:
        """Return the link for an element that embeds a page, "" where there is nothing to see."""
        attributes = dict(tag.attributes)
        names = (*_LAZY_SRC, "data" if tag.name == "object" else "src")
        urls = (self._usable(attributes.get(name, "")) for name in names)
        url = next((found for found in urls if found), "")
        return link_to(url, attributes.get("title", "")) if url and _visible(tag) else ""

    def _usable(self, reference: str) -> str:
        return _web(resolve(reference, self._base))


@dataclass(frozen=True, slots=True)
class _Image:
    """An `img` or `source` as it should be: `text` is "" where it has no source, `lazy` where a script was to help."""

    text: str
    url: str
    lazy: bool


def _image_of(tag: Tag, html: str, base: str, otherwise: str = "") -> _Image:
    """Return what becomes of the image `tag` of `html`; `otherwise` is its source where it names none."""
    attributes = dict(tag.attributes)
    srcset = _first(attributes, (*_LAZY_SRCSET, "srcset"), base)
    src = _first(attributes, (*_LAZY_SRC, "src", *_LAST_SRC), base)
    url = src or srcset.partition(" ")[0] or otherwise
    lazy = (
        any(name in attributes for name in (*_LAZY_SRC, *_LAZY_SRCSET))
        or "lazy" in attributes.get("class", "").lower()
        or (tag.name == "img" and not _first(attributes, ("src",), base))
        or ("srcset" in attributes and not srcset)
    )
    if not url or not lazy:
        return _Image(html[tag.start : tag.end] if url else "", url, lazy)
    written = {name: value for name, value in attributes.items() if name not in _REWRITTEN}
    written |= {"src": "" if tag.name == "source" else url, "srcset": srcset}
    return _Image(_start_tag(tag.name, written), url, lazy)


def _first(attributes: dict[str, str], names: tuple[str, ...], base: str) -> str:
    """Return the first usable value among the attributes `names`, absolute, or ""."""
    for name in names:
        value = attributes.get(name, "")
        found = resolve_srcset(value, base) if name.endswith("srcset") else _web(resolve(value, base))
        if found:
            return found
    return ""


def _web(url: str | None) -> str:
    return url if url and url.startswith("http") else ""


def _start_tag(name: str, attributes: dict[str, str]) -> str:
    written = (
        f' {key}="{escape(value)}"'
        for key, value in attributes.items()
        if _ATTRIBUTE_NAME.fullmatch(key) and (value or key not in ("src", "srcset"))
    )
    return f"<{name}{''.join(written)}>"


def _visible(tag: Tag) -> bool:
    """Return whether it is more than a pixel: what is not counts visits, and nobody is to see it."""
    return not any(name in ("width", "height") and _TINY.fullmatch(value) for name, value in tag.attributes)


def _file_name(url: str) -> str:
    parts = urlsplit(url)
    return escape(unquote(parts.path.rpartition("/")[2]) or parts.netloc)
