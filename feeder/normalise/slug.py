"""A term's place in addresses: from a label in any script to a name for files and URLs (SPEC §4)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from feeder.model.term import key

__all__ = ["MAX_BYTES", "RESERVED", "Candidate", "candidate", "key", "name", "suffixed"]

MAX_BYTES = 100
"""No slug has more bytes of UTF-8: file systems stop at 255, and archives' parts and suffixes must fit too."""

RESERVED = frozenset(
    [
        # Devices of Windows, which no file or folder may be named after ("Naming Files, Paths, and Namespaces").
        *("con", "prn", "aux", "nul", "conin", "conout"),
        *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
        # What feeder itself puts, or may one day put, next to the terms.
        *("index", "archive", "page", "feed", "feeds", "site", "atom", "rss", "json", "opml"),
    ]
)

_HASH_DIGITS = 8
_WORDS = {"+": "-plus-", "#": "-sharp-", "&": "-and-", "@": "-at-", "%": "-percent-"}

# Letters and marks that show nothing (Default_Ignorable_Code_Point in categories L and M): the combining grapheme
# joiner, Hangul fillers, Khmer inherent vowels, Mongolian and other variation selectors. Two addresses must not differ
# by what nobody can see. Everything else that is ignorable (ZWJ, ZWSP, bidi controls …) is neither letter nor mark.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]+"
)
_DASHES = re.compile("-{2,}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """The slug that a label asks for; `exact` is False where it may not stand alone: empty, cut or reserved."""

    slug: str
    exact: bool


def candidate(label: str) -> Candidate:
    """Return the slug of `label` before collisions are looked at; a label and its key have the same one."""
    # Folded again: dropping what is invisible can let a mark meet the letter that it composes with.
    text = key(_dashed(key(label)))
    cut = _cut(text, MAX_BYTES)
    return Candidate(cut, exact=bool(cut) and cut == text and cut not in RESERVED)


def suffixed(slug: str, key: str) -> str:
    """Return `slug` with `-` and 8 hex digits of the SHA-256 of `key`, within 100 bytes; of "" the digits alone."""
    digits = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_DIGITS]
    start = _cut(slug, MAX_BYTES - _HASH_DIGITS - 1)
    return f"{start}-{digits}" if start else digits


def name(label: str, taken: Callable[[str], bool]) -> str:
    """Return the slug of `label`: the plain one where it is exact and not `taken`, else with its hash."""
    wanted = candidate(label)
    if wanted.exact and not taken(wanted.slug):
        return wanted.slug
    salt = key(label)
    while taken(slug := suffixed(wanted.slug, salt)):
        salt += "\0"
    return slug


def _dashed(text: str) -> str:
    """Return `text` with letters, marks and digits of every script, the rest as words or `-`, no `-` at its ends."""
    kept: list[str] = []
    for character in _INVISIBLE.sub("", text):
        category = unicodedata.category(character)[0]
        # A mark needs something to stand on: alone it would be drawn over the slash before it.
        if category in "LN" or (category == "M" and kept and not kept[-1].endswith("-")):
            kept.append(character)
        else:
            kept.append(_WORDS.get(character, "-"))
    return _DASHES.sub("-", "".join(kept)).strip("-")


def _cut(text: str, limit: int) -> str:
    """Return the start of `text` within `limit` bytes of UTF-8 that no mark is parted from its letter in."""
    data = text.encode()
    if len(data) <= limit:
        return text
    start = data[:limit].decode(errors="ignore")
    end = len(start)
    while end and unicodedata.category(text[end])[0] == "M":
        end -= 1
    return start[:end].rstrip("-")
