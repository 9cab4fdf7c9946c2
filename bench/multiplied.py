"""Copies of an archive that are posts of their own: other origins, dates, file names and a word of other text.

A multiplied corpus has the shape of the real one in all that costs time (lengths, markup, terms), and no two of its
posts are one to feeder, whose rule for duplicates begins with the origin. Terms stay the same: more posts in the same
feeds, as in an archive that grows.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

SEED = 20_260
_MOST_DAYS = 900
_DAY = 86_400
_NAMED = re.compile(r"(\d{4})-(\d\d)-(\d\d)-(.*)(\.[a-z]+)", re.DOTALL)
_DATED = re.compile(rb"^date: *(\d{4})-(\d\d)-(\d\d)", re.MULTILINE)
_ORIGIN = re.compile(rb"^from: *(https?://\S+)", re.MULTILINE)
_TITLE = re.compile(rb'^title: "(.*)"$', re.MULTILINE)
_MARKER = re.compile(rb"<!--(\d{9,13})-->")
_WORDLESS = (b"<div>", b"null", b"------")


@dataclass(frozen=True, slots=True)
class Original:
    """A post to copy: its path below the corpus (`mirror/_posts/…`), and its bytes."""

    place: Path
    data: bytes


def read_originals(folder: Path, root: str) -> tuple[Original, ...]:
    """Return the posts below `folder/root`, sorted by path."""
    return tuple(
        Original(path.relative_to(folder), path.read_bytes()) for path in sorted((folder / root).rglob("*.md"))
    )


def write_copies(originals: Sequence[Original], copies: range, folder: Path) -> None:
    """Write the copies with those numbers into `folder`: the same bytes at every call. Copy 0 is the original."""
    for number in copies:
        random = Random(f"{SEED} {number} {originals[0].place.parts[0] if originals else ''}")
        for original in originals:
            copied = original if number == 0 else _copy(original, number, random)
            _write(folder / copied.place, copied.data)


def _copy(original: Original, number: int, random: Random) -> Original:
    days = random.randint(1, _MOST_DAYS)
    word = f"{random.getrandbits(32):08x}".encode()
    head, delimiter, body = original.data.partition(b"\n---\n")
    if origin := _ORIGIN.search(head):
        own = _moved(origin[1], number)
        head, body = head.replace(origin[1], own), body.replace(b"(%b)" % origin[1], b"(%b)" % own, 1)
    head = _TITLE.sub(rb'title: "\1 %d"' % number, head)
    head = _DATED.sub(lambda found: b"date: " + _earlier(found, days).encode(), head)
    body = _MARKER.sub(lambda found: _earlier_marker(found[1], days), body, count=1)
    return Original(_renamed(original.place, number, days), head + delimiter + _reworded(body, word))


def _moved(origin: bytes, number: int) -> bytes:
    address, mark, fragment = origin.partition(b"#")
    return b"%b%bcopy=%d%b%b" % (address, b"&" if b"?" in address else b"?", number, mark, fragment)


def _earlier(found: re.Match[bytes], days: int) -> str:
    return str(date(int(found[1]), int(found[2]), int(found[3])) - timedelta(days))


def _earlier_marker(digits: bytes, days: int) -> bytes:
    """Return an epoch marker as many days earlier: in milliseconds where it has more than ten digits."""
    unit = 1000 if len(digits) > 10 else 1
    return b"<!--%d-->" % (int(digits) - days * _DAY * unit)


def _renamed(place: Path, number: int, days: int) -> Path:
    """Return the copy's path: the same folders below `copy-N`, the file named after the copy's own date."""
    root, *folders, name = place.parts
    if found := _NAMED.fullmatch(name):
        day = date(int(found[1]), int(found[2]), int(found[3])) - timedelta(days)
        name = f"{day}-{found[4]}-{number}{found[5]}"
    return Path(root, f"copy-{number:03}", *folders, name)


def _reworded(body: bytes, word: bytes) -> bytes:
    """Return the body with one more word before its last end tag; an empty body stays empty."""
    place = body.rfind(b"</")
    before = body[: max(place, 0)].rstrip()
    if not before or before.endswith(_WORDLESS):
        return body
    return b"%b %b\n%b" % (before, word, body[place:])


def _write(path: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    try:
        file = os.open(path, flags, 0o644)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, flags, 0o644)
    with os.fdopen(file, "wb", buffering=0) as opened:
        opened.write(data)
