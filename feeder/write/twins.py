"""Compressed twins of documents (RFC 9110 §8.4.1), for servers that send such: equal bytes for equal bytes."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence

from feeder.config.slices import Coding
from feeder.errors import UsageError

_SUFFIXES = {Coding.GZIP: ".gz", Coding.BROTLI: ".br"}
_TEXT = (".xml", ".json", ".opml", ".html", ".css", ".js", ".svg")
_BROTLI_QUALITY = 9  # of 11: the last two take ten times as long for a hundredth


def is_twin(path: str) -> bool:
    """Say whether the file at `path` is the compressed twin of another."""
    return any(path.endswith(text + suffix) for text in _TEXT for suffix in _SUFFIXES.values())


def paths(path: str, codings: Sequence[Coding]) -> Iterator[tuple[str, Coding]]:
    """Yield where the twins of the document at `path` stand."""
    if path.endswith(_TEXT):
        yield from ((path + _SUFFIXES[coding], coding) for coding in codings)


def compress(data: bytes, coding: Coding) -> bytes:
    """Return `data` in `coding`; raises UsageError where the library for it is missing."""
    if coding is Coding.GZIP:
        return gzip.compress(data, 9, mtime=0)
    try:
        import brotli  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra, for who asks for it
    except ImportError:
        message = "`precompress` names br, and the library for it is not installed: pip install 'feeder[brotli]'"
        raise UsageError(message) from None
    packed: bytes = brotli.compress(data, quality=_BROTLI_QUALITY)
    return packed
