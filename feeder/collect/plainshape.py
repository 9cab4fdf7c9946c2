"""The plain shape of YAML front matter, read directly: what programs write, at a fifth of a parser's time.

Flat keys; scalars in quotes without escapes, or plain and of one line; lists of these on one line or as a block. What
is anything else is nobody's guess: it is left to the YAML parser, and a test holds that both agree where both read.
"""

from __future__ import annotations

import re

from feeder.model.table import Field, Value

# Characters that a YAML parser refuses, or takes for the end of a line.
_NOT_YAML = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
# No plain scalar begins with an indicator (YAML 1.1 §5.3), and none of these holds what would end or comment it.
_PLAIN = r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=<~][^\n\t:#]*+(?:(?::|(?<! )#)[^\s:#][^\n\t:#]*+)*+"
_QUOTED = r'"[^"\\\n\t]*+"|' + r"'[^'\n\t]*+'"
_IN_LIST = r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=<~][^\n\t:#,\[\]{}'\"&*!|>%@`?]*+"
# Possessive throughout: what does not match is given up at once, whatever it is made of.
_FIELD = re.compile(
    r"(?P<key>[A-Za-z_][A-Za-z0-9_-]*+):"
    rf"(?:[ ]++(?:(?P<quoted>{_QUOTED})|(?P<plain>{_PLAIN})|\[(?P<list>(?:{_QUOTED}|[^\"'\[\]\n])*+)\])?)?"
    r"[ ]*+(?:\n|\Z)"
)
_ITEM = re.compile(rf"[ ]*+-[ ]++(?:(?P<quoted>{_QUOTED})|(?P<plain>{_PLAIN}))[ ]*+(?:\n|\Z)")
_LIST_ITEM = re.compile(rf"[ ]*+(?:(?P<quoted>{_QUOTED})[ ]*+|(?P<plain>{_IN_LIST}))(?:,|\Z)")


def read_plain(text: str, first_line: int) -> dict[str, Field] | None:
    """Return the fields of `text` by their keys, if it is of the plain shape; `first_line` is the line of its first."""
    if _NOT_YAML.search(text):
        return None
    fields: dict[str, Field] = {}
    line = first_line
    position = 0
    end = len(text)
    while position < end:
        match = _FIELD.match(text, position)
        if match is None or match["key"] in fields:
            return None
        position = match.end()
        key, used = match["key"], 1
        value: Value = _scalar(match["quoted"], match["plain"])
        if match["list"] is not None:
            value = _inline_list(match["list"])
            if value is None:
                return None
        elif value is None and match["plain"] is None:
            items, position, used = _block_list(text, position)
            value = items or None
        fields[key] = Field(key, value, line)
        line += used
    return fields


def _scalar(quoted: str | None, plain: str | None) -> str | None:
    if quoted is not None:
        return quoted[1:-1]
    text = (plain or "").rstrip(" ")
    return None if text in _NULLS else text


def _block_list(text: str, position: int) -> tuple[tuple[Value, ...], int, int]:
    """Return the items of the block list at `position`, where it ends, and the lines that it and its key take."""
    items: list[Value] = []
    indent = -1
    while match := _ITEM.match(text, position):
        depth = match[0].index("-")
        if depth != indent and indent >= 0:
            break
        indent = depth
        items.append(_scalar(match["quoted"], match["plain"]))
        position = match.end()
    return tuple(items), position, len(items) + 1


def _inline_list(text: str) -> tuple[Value, ...] | None:
    items: list[Value] = []
    position = 0
    text = text.strip(" ")
    while position < len(text):
        match = _LIST_ITEM.match(text, position)
        if match is None:
            return None
        items.append(_scalar(match["quoted"], match["plain"]))
        position = match.end()
    return tuple(items)
