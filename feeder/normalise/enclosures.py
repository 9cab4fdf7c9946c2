"""Enclosures and the thumbnail, out of the front matter (SPEC §5.12; RFC 4287 §4.2.7.2, RSS 2.0 `enclosure`)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote, urlsplit

from feeder.model.entry import Enclosure
from feeder.model.table import Table, Value
from feeder.normalise.links import resolve

_KEYS = ("enclosure", "enclosures", "audio", "video")
_URL_KEYS = ("url", "src", "href", "path", "file")
_IMAGE_KEYS = (*_URL_KEYS, "feature")
_TYPE_KEYS = ("type", "mime", "mime_type", "content_type")
_LENGTH_KEYS = ("length", "size", "bytes", "file_size")
_MIME = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
_UNKNOWN = "application/octet-stream"
# A table of our own: the system's differs from machine to machine, and equal input must give equal bytes.
_TYPES = {
    "aac": "audio/aac",
    "aif": "audio/aiff",
    "aiff": "audio/aiff",
    "avi": "video/x-msvideo",
    "avif": "image/avif",
    "epub": "application/epub+zip",
    "flac": "audio/flac",
    "gif": "image/gif",
    "gz": "application/gzip",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "m3u8": "application/vnd.apple.mpegurl",
    "m4a": "audio/mp4",
    "m4b": "audio/mp4",
    "m4v": "video/x-m4v",
    "mid": "audio/midi",
    "mka": "audio/x-matroska",
    "mkv": "video/x-matroska",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "mpeg": "video/mpeg",
    "mpg": "video/mpeg",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "ogv": "video/ogg",
    "opus": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "torrent": "application/x-bittorrent",
    "txt": "text/plain",
    "wav": "audio/wav",
    "weba": "audio/webm",
    "webm": "video/webm",
    "webp": "image/webp",
    "wma": "audio/x-ms-wma",
    "wmv": "video/x-ms-wmv",
    "zip": "application/zip",
}


def enclosures(table: Table, base: str, sizes: Callable[[str], int]) -> tuple[Enclosure, ...]:
    """Return the enclosures that the front matter `table` names, in its order, each URL once.

    References are resolved against `base`. `sizes` is asked for the length in bytes (0: not known) of a reference that
    names a file of the site; it is given the path as written, unescaped.
    """
    found: dict[str, Enclosure] = {}
    for key in _KEYS:
        for item in _items(table.get(key)):
            enclosure = _enclosure(item, base, sizes)
            if enclosure:
                found.setdefault(enclosure.url, enclosure)
    return tuple(found.values())


def thumbnail(table: Table, base: str) -> str:
    """Return the absolute URL of the image under `image` or `cover`, or "" where there is none."""
    for key in ("image", "cover"):
        for item in _items(table.get(key)):
            reference = item.first_text(_IMAGE_KEYS) if isinstance(item, Table) else item
            url = _absolute(reference, base)
            if url:
                return url
    return ""


def _items(value: Value) -> Iterator[str | Table]:
    """Yield the texts and mappings of a value that may be one or a list of them."""
    for item in value if isinstance(value, tuple) else (value,):
        if isinstance(item, str | Table):
            yield item


def _enclosure(item: str | Table, base: str, sizes: Callable[[str], int]) -> Enclosure | None:
    if isinstance(item, Table):
        reference, mime, length = (item.first_text(keys) for keys in (_URL_KEYS, _TYPE_KEYS, _LENGTH_KEYS))
    else:
        # Exports of older programs write URL, length and type on three lines.
        reference, length, mime = (*item.strip().split("\n"), "", "", "")[:3]
    reference = reference.strip()
    url = _absolute(reference, base)
    if not url:
        return None
    mime = mime.strip().lower()
    extension = posixpath.splitext(urlsplit(url).path)[1][1:].lower()
    size = int(length) if _NUMBER.fullmatch(length := length.strip()) else 0
    return Enclosure(
        url,
        mime if _MIME.fullmatch(mime) else _TYPES.get(extension, _UNKNOWN),
        size or max(0, _local_size(reference, sizes)),
    )


def _local_size(reference: str, sizes: Callable[[str], int]) -> int:
    if re.match(r"[a-z][a-z0-9+.-]*:|//|\\\\", reference, re.ASCII | re.IGNORECASE):
        return 0
    path = unquote(re.split(r"[?#]", reference, maxsplit=1)[0])
    return sizes(path) if path else 0


def _absolute(reference: str, base: str) -> str:
    """Return the absolute http(s) URL of what looks like a reference to a file (`true`, say, does not), or ""."""
    reference = reference.strip()
    if not re.search(r"[./]", reference):
        return ""
    url = resolve(reference, base)
    return url if url and url.startswith(("http://", "https://")) else ""
