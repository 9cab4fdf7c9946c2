"""Enclosures and the thumbnail, out of the front matter (SPEC §5.12; RFC 4287 §4.2.7.2, RSS 2.0 `enclosure`)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote, urlsplit

from feeder.model.entry import Enclosure, LocalFile
from feeder.model.table import Table, Value
from feeder.normalise.links import resolve

KEYS = ("enclosure", "enclosures", "audio", "video")
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


def enclosures(table: Table, base: str, files: Iterable[LocalFile]) -> tuple[Enclosure, ...]:
    """Return the enclosures that the front matter `table` names, in its order, each URL once.

    References are resolved against `base`; `files` are those that `local_files` named, with their sizes.
    """
    sizes = {file.path: file.size for file in files}
    found: dict[str, Enclosure] = {}
    for key in KEYS:
        for item in _items(table.get(key)):
            enclosure = _enclosure(item, base, sizes)
            if enclosure:
                found.setdefault(enclosure.url, enclosure)
    return tuple(found.values())


def local_files(table: Table) -> tuple[str, ...]:
    """Return the paths of the site's own files whose length an enclosure needs: as written, unescaped."""
    found: dict[str, None] = {}
    for key in KEYS:
        for item in _items(table.get(key)):
            reference, _, length = _parts(item)
            if not length and (path := _local_path(reference)):
                found[path] = None
    return tuple(found)


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


def _parts(item: str | Table) -> tuple[str, str, int]:
    """Return an item's reference, its MIME type or "", and its length in bytes or 0, as its author gave them."""
    if isinstance(item, Table):
        reference, mime, length = (item.first_text(keys) for keys in (_URL_KEYS, _TYPE_KEYS, _LENGTH_KEYS))
    else:
        # Exports of older programs write URL, length and type on three lines.
        reference, length, mime = (*item.strip().split("\n"), "", "", "")[:3]
    size = int(length) if _NUMBER.fullmatch(length := length.strip()) else 0
    return reference.strip(), mime.strip().lower(), size


def _enclosure(item: str | Table, base: str, sizes: Mapping[str, int]) -> Enclosure | None:
    reference, mime, length = _parts(item)
    url = _absolute(reference, base)
    if not url:
        return None
    extension = posixpath.splitext(urlsplit(url).path)[1][1:].lower()
    return Enclosure(
        url,
        mime if _MIME.fullmatch(mime) else _TYPES.get(extension, _UNKNOWN),
        length or sizes.get(_local_path(reference), 0),
    )


def _local_path(reference: str) -> str:
    """Return the path of the site's own file that `reference` names, or ""."""
    if re.match(r"[a-z][a-z0-9+.-]*:|//|\\\\", reference, re.ASCII | re.IGNORECASE):
        return ""
    return unquote(re.split(r"[?#]", reference, maxsplit=1)[0])


def _absolute(reference: str, base: str) -> str:
    """Return the absolute http(s) URL of what looks like a reference to a file (`true`, say, does not), or ""."""
    reference = reference.strip()
    if not re.search(r"[./]", reference):
        return ""
    url = resolve(reference, base)
    return url if url and url.startswith(("http://", "https://")) else ""
