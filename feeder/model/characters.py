"""Which characters may stand in a feed (XML 1.0 §2.2), how they are written in HTML, how white space is folded."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5

# XML 1.0 Char is #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]; C1 controls but U+0085 go
# too: they are legal, but the W3C validator names them (BadCharacters) and no reader shows them.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]+")
# What ends a name in an address or on some file system, and what would hide among names of feeder's own.
_SEPARATORS = re.compile(r"[/\\]|^\.feeder")
_MAX_NAME = 100  # bytes of UTF-8, so that parts and suffixes fit too
_NEWLINES = re.compile("\r\n?|[\x85\u2028\u2029]")
# One look at what hardly any text holds, so that all other text is not copied twice.
_SUSPECT = re.compile("[\x00-\x08\x0b-\x1f\x80-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
# A reference that ends as it must (HTML §13.5), with no more digits than any code point needs: what stands for nothing
# is text, and numbers of thousands of digits are an error to Python.
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|(?P<name>[a-zA-Z][a-zA-Z0-9]{1,31}));")


def legal(text: str) -> str:
    r"""Return `text` without the characters that XML 1.0 forbids and C1 controls; U+0085 and U+2028/9 become newlines.

    Tabs, newlines, ZWJ, variation selectors and characters beyond the BMP stay; `\r\n` and `\r` become `\n`.
    """
    # What is printable (no control, separator or surrogate, and assigned) is legal: of one line that is known at once.
    if text.isprintable() or not _SUSPECT.search(text):
        return text
    return _NEWLINES.sub("\n", _ILLEGAL.sub("", text))


def fold(text: str) -> str:
    """Return `text` on one line: legal, every run of white space one space, trimmed."""
    return " ".join(legal(text).split())


def is_file_name(text: str) -> bool:
    """Say whether `text` may be a name below dist: one name, printable, of at most 100 bytes, the same everywhere."""
    return (
        text.isprintable()
        and text.strip(" ") == text
        and text not in ("", ".", "..")
        and not _SEPARATORS.search(text)
        and len(text.encode()) <= _MAX_NAME
    )


def unescaped(text: str) -> str:
    """Return `text` with the character references in it read once; what is none, or has no `;`, stays as written."""
    return _REFERENCE.sub(_decoded, text) if "&" in text else text


def _decoded(match: re.Match[str]) -> str:
    return html5.get(f"{match['name']};", match[0]) if match["name"] else unescape(match[0])
