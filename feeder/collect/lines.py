"""Front matter read line by line, for what no parser takes: a post is never lost to a typing error."""

from __future__ import annotations

import re
from collections.abc import Iterator

from feeder.model.characters import legal
from feeder.model.table import Field, Table, Value

# `key: value` or `key = value`; a key in quotes, as JSON's, needs no space behind the colon.
_FIELD = re.compile(
    r"""(?P<indent>[ \t]*+)
        (?:(?P<quote>["'])(?P<quoted>[^"'\n]{1,100})(?P=quote)[ \t]*+[:=]
          |(?P<key>[^\s\-#:=\[\]{}"'&*!|>%@`,?][^:=\n]{0,99})[:=](?=[ \t]|$)
          |(?P<known>title|date|layout|authors?|tags?|category|categories|lang|excerpt|draft|updated):(?!//))
        (?P<value>.*)""",
    re.VERBOSE,
)
# Keys that no sentence begins with: also where they lack the space behind the colon, or stand a little to the right.
_KNOWN = re.compile(r"[ \t]+(?:title|date|layout|authors?|tags?|category|categories|lang|excerpt|draft|updated):")
_ITEM = re.compile(r"(?P<indent>[ \t]*+)-(?:[ \t]+(?P<value>.*)|$)")
_LIST_ITEM = re.compile(r"""[ \t]*+(?P<item>"(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+'|[^,\]]*+)[ \t]*+(?P<end>,|\]|$)""")
_BLOCK_SCALAR = re.compile(r"[|>][-+1-9]{0,2}(?:[ \t]+#.*)?")
_QUOTED = re.compile(
    r"""(?:"(?P<double>(?:[^"\\]|\\.)*+)"|'(?P<single>(?:[^']|'')*+)')[ \t]*+,?[ \t]*+(?:(?<=[ \t])\#.*)?"""
)
_COMMENT = re.compile(r"[ \t]#")
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "/": "/",
    "\\": "\\",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U(00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})|(.))")
_MAX_LINES = 100_000
_MAX_ITEMS = 10_000


def read_lines(text: str, first_line: int) -> Table:
    """Return the flat keys, inline lists and block lists of `text`; `first_line` is the file's line of its first.

    Never fails: what it cannot follow it passes over. Of equal keys the last wins. It reads 100,000 lines, no more.
    """
    fields: dict[str, Field] = {}
    for key, value, line in _fields(text.split("\n", _MAX_LINES)[:_MAX_LINES], first_line):
        fields.pop(key, None)
        fields[key] = Field(key, value, line)
    return Table(tuple(fields.values()))


def unclosed_length(text: str, start: int) -> int:
    """Return how many characters of `text` from `start` on are fields, where nothing says that they end: 0 is none."""
    length = 0
    for line in text[start:].split("\n", _MAX_LINES)[:_MAX_LINES]:
        if not line.strip() or not (_FIELD.match(line) or (length and _continues(line, 0))):
            break
        length += len(line) + 1
    return min(length, len(text) - start)


def _fields(lines: list[str], first_line: int) -> Iterator[tuple[str, Value, int]]:
    """Yield key, value and line of every field at the margin, which is where the first field stands."""
    number = 0
    margin: int | None = None
    while number < len(lines):
        match = _FIELD.match(lines[number])
        number += 1
        if match is None or (
            margin is not None and len(match["indent"]) > margin and not _KNOWN.match(lines[number - 1])
        ):
            continue
        margin = len(match["indent"]) if margin is None else margin
        line = first_line + number - 1
        block: list[str] = []
        key, value = match["quoted"] or match["key"] or match["known"], match["value"].strip()
        while number < len(lines) and _continues(lines[number], margin):
            if value and _KNOWN.match(lines[number]):
                break
            block.append(lines[number])
            number += 1
        if match["quote"] and not block:
            value = value.rstrip(",")
        yield key.strip(), _field_value(value, block), line


def _continues(line: str, margin: int) -> bool:
    text = line.lstrip(" \t")
    return not text or text.startswith("#") or len(line) - len(text) > margin or _ITEM.match(line) is not None


def _field_value(value: str, block: list[str]) -> Value:
    value = "" if value.startswith("#") else value
    if _BLOCK_SCALAR.fullmatch(value):
        return "\n".join(line.strip() for line in block).strip()
    block = [text for line in block if (text := line.strip()) and not text.startswith("#")]
    items = [match for line in block if (match := _ITEM.match(line))]
    if items and not value:
        return tuple(_scalar((match["value"] or "").strip()) for match in items[:_MAX_ITEMS])
    # A list under a value is neither more of the value nor a list of its key.
    whole = " ".join((value, *(line for line in block if not _ITEM.match(line)))).strip()
    found = _inline_list(whole) if whole.startswith("[") else None
    return _scalar(whole) if found is None else found


def _inline_list(text: str) -> Value:
    """Return the items of the inline list that `text` is; None where it is text, as in `[Video] A title`."""
    items: list[Value] = []
    position = 1
    while len(items) < _MAX_ITEMS and (match := _LIST_ITEM.match(text, position)):
        position = match.end()
        if match["item"] or match["end"] == ",":
            items.append(_scalar(match["item"].strip()))
        if match["end"] != ",":
            rest = text[position:].strip(" \t,")
            return None if rest and not rest.startswith("#") else tuple(items)
    return tuple(items)


def _scalar(text: str) -> str | None:
    if text in _NULLS:
        return None
    quote = text[0]
    if quote in "\"'":
        match = _QUOTED.fullmatch(text)
        if match:
            return _unquoted(quote, match["double"] if quote == '"' else match["single"])
        if _wraps(text, quote):
            return _unquoted(quote, text[1:-1])
        if text.count('"') == 1 and quote == '"':
            return _unquoted(quote, text[1:])
        return text
    comment = _COMMENT.search(text)
    return text[: comment.start()].rstrip() if comment else text


def _wraps(text: str, quote: str) -> bool:
    """Say whether the quotes around `text` are its own, as in `"He said "no""`, not its words', as in `"A" or "B"`."""
    inner = text.find(quote, 1, -1)
    return text.endswith(quote) and text[inner + 1].isalnum()


def _unquoted(quote: str, text: str) -> str:
    if quote == "'":
        return text.replace("''", "'")
    # JSON writes characters beyond the BMP as two escapes: a pair becomes one character, what is left alone goes.
    written = _ESCAPE.sub(_unescaped, text).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return legal(written)


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    return chr(int(code, 16)) if code else _ESCAPES.get(match[4], match[0])
