"""Text out of cleaned HTML, cut where a reader would cut it (SPEC §5.10)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from feeder.model.characters import fold, unescaped
from feeder.normalise.tags import scan

if TYPE_CHECKING:
    import regex

SUMMARY_LENGTH = 280
"""The longest summary, in characters, that is made of an entry's text."""

_INLINE = frozenset(
    """
    a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd mark picture q rb rp rt rtc ruby s samp
    small source span strike strong sub sup time tt u var wbr !
    """.split()
)
# Text whose every character is a cluster of its own (UAX #29, "Other"), as most text is.
_SINGLE = re.compile(
    "[ -~\u00c0-\u024f\u0400-\u0482\u048a-\u052f\u2010-\u2027"
    "\u3000-\u3029\u3041-\u3096\u30a0-\u30ff\u4e00-\u9fff\uff01-\uff9d]*+"
)
_MORE = re.compile(r"<!--\s*+(?ai:more)\s*+-->")
_FENCE = re.compile(r"^[ \t>]*+(```|~~~)", re.MULTILINE)


@cache
def _patterns() -> tuple[regex.Pattern[str], regex.Pattern[str]]:
    """Return the patterns for a grapheme cluster (UAX #29) and for the scripts that write no spaces."""
    import regex  # noqa: PLC0415 -- a build that cuts nothing does not pay for it

    spaceless = """\\p{Han}\\p{Hiragana}\\p{Katakana}\\p{Bopomofo}\\p{Yi}\\p{Thai}\\p{Lao}\\p{Khmer}\\p{Myanmar}
        \\p{Tibetan}\\p{Javanese}\\p{Balinese}\\p{Tai_Le}\\p{New_Tai_Lue}\\p{Tai_Tham}\\p{Tai_Viet}
        \u3000-\u303f\u30fb\u30fc\uff00-\uff9f"""
    return regex.compile(r"\X"), regex.compile(f"[{''.join(spaceless.split())}]")


def to_text(html: str, limit: int | None = None) -> str:
    """Return the text of cleaned HTML on one line: blocks parted by a space, entities unescaped, images left out.

    With `limit`, reading stops after some text at least `limit` characters long: what is shorter than that is whole.
    """
    pieces: list[str] = []
    length = position = 0
    for tag in scan(html):
        if position < tag.start:
            piece = unescaped(html[position : tag.start])
            pieces.append(piece)
            if limit is not None:
                # Folding takes white space away, so what is counted is what is surely left of the piece.
                length += len("".join(piece.split()))
        position = tag.end
        if tag.name not in _INLINE:
            pieces.append(" ")
        if limit is not None and length >= limit:
            return fold("".join(pieces))
    pieces.append(unescaped(html[position:]))
    return fold("".join(pieces))


def cut(text: str, length: int) -> str:
    """Return at most `length` characters of `text`: with "…" behind the last whole word where something is cut off.

    Where the script writes no spaces, or one word is longer than `length`, that is the last whole grapheme cluster.
    """
    if len(text) <= length:
        return text
    cluster, spaceless = _patterns()
    # Where a cluster ends depends on what stands before it and on one character behind.
    start = text[: length + 1]
    ends: Sequence[int] = range(1, length)
    if not _SINGLE.fullmatch(start):
        ends = [match.end() for match in cluster.finditer(start) if match.end() < length]
    breaks = (
        end
        for end in reversed(ends)
        if text[end].isspace() or text[end - 1].isspace() or spaceless.search(text[end - 1 : end + 1])
    )
    end = next((end for end in breaks if text[:end].strip()), ends[-1] if ends else 0)
    return text[:end].rstrip() + "…"


def before_more(body: str, separator: str) -> str | None:
    """Return what stands in `body` before `<!--more-->` or `separator` (the first of them), None without one.

    What stands in a fenced code block marks nothing; an empty `separator` is none.
    """
    # A separator of white space ("\n\n" is Jekyll's) does not part anything before the text has begun.
    start = len(body) - len(body.lstrip())
    pattern = re.compile(f"{_MORE.pattern}|{re.escape(separator)}") if separator else _MORE
    position, fence = start, ""
    for match in pattern.finditer(body, start):
        fence = _fence_after(body, position, match.start(), fence)
        position = match.start()
        if not fence:
            return body[: match.start()]
    return None


def _fence_after(body: str, start: int, end: int, fence: str) -> str:
    """Return the kind of fence that is open at `end`, "" for none, where `fence` was open at `start`."""
    for match in _FENCE.finditer(body, start, end):
        if not fence:
            fence = match[1]
        elif fence == match[1]:
            fence = ""
    return fence


def summary(explicit: str, before: str, text: str) -> str:
    """Return the summary of an entry: its own, else what stands before the mark, else the beginning of its text.

    All three are text; `text` is the entry's, whole or at least longer than the others. "" where the summary would be
    the whole text.
    """
    whole = fold(text)
    chosen = fold(explicit) or fold(before) or cut(whole, SUMMARY_LENGTH)
    return "" if chosen == whole else chosen
