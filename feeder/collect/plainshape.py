"""The plain shape of YAML front matter, read directly: what programs write, at a tenth of a parser's time.

Flat keys; scalars in quotes without escapes, or plain and of one line; lists of these on one line or as a block. What
is anything else is nobody's guess: it is left to the YAML parser, and a test holds that both agree where both read.
"""

from __future__ import annotations

import re
from functools import lru_cache

from feeder.model.table import MAX_BYTES, Field, Value

# Characters that a YAML parser refuses, or takes for the end of a line.
_NO = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
# No plain scalar begins with an indicator (YAML 1.1 §5.3), and none of these holds what would end or comment it.
_PLAIN = (
    rf"[^\s\-?:,\[\]{{}}#&*!|>'\"%@`=<~{_NO}][^\n\t:#{_NO}]*+"
    rf"(?:(?::|(?<! )#)[^\s:#{_NO}][^\n\t:#{_NO}]*+)*+"
)
_QUOTED = rf"\"[^\"\\\n\t{_NO}]*+\"|'[^'\n\t{_NO}]*+'"
_IN_LIST = rf"[^\s\-?:,\[\]{{}}#&*!|>'\"%@`=<~{_NO}][^\n\t:#,\[\]{{}}'\"&*!|>%@`?{_NO}]*+"
# A key or an item, and its value, which is one of three; or an empty line or comment. What is none of these is the last
# group, with all that follows: so the matches are the text without a gap. Possessive throughout: what does not match is
# given up at once, whatever it is made of.
_LINE = re.compile(
    r"(?:([A-Za-z_][A-Za-z0-9_-]*+):|([ ]*+-))"
    rf"(?:[ ]++(?:({_QUOTED})|({_PLAIN})|(\[(?:{_QUOTED}|[^\"'\[\]\n{_NO}])*+\])))?[ ]*+(?:\n|\Z)"
    rf"|[ ]*+(?:\#[^\n\t{_NO}]*+)?\n|(.++)",
    re.DOTALL,
)
_LIST_ITEM = re.compile(rf"[ ]*+(?:(?P<quoted>{_QUOTED})[ ]*+|(?P<plain>{_IN_LIST}))(?:,|\Z)")
_REMEMBERED_LENGTH = 200
_MOST_BYTES_A_CHARACTER = 4


# A call for each line would cost a third more.
def read_plain(text: str, first_line: int) -> dict[str, Field] | None:  # noqa: C901, PLR0912
    """Return the fields of `text` by their keys, if it is of the plain shape; `first_line` is the line of its first."""
    lines = _LINE.findall(text)
    if lines and lines[-1][-1]:
        return None
    fields: dict[str, Field] = {}
    blocks: dict[str, list[Value]] = {}
    of = indent = ""
    value: Value
    for number, (key, dash, quoted, plain, listed, _) in enumerate(lines, first_line):
        if quoted:
            value = quoted[1:-1]
        elif plain:
            value = plain.rstrip(" ")
            value = None if value in _NULLS else value
        elif listed:
            value = _inline_list(listed) if len(listed) < _REMEMBERED_LENGTH else _inline_list.__wrapped__(listed)
            if value is None:
                return None
        else:
            value = None
        if key:
            if key in fields:
                return None
            fields[key] = Field(key, value, number)
            # Only what stands right under a key without a value is its list, and all of it is indented alike.
            of = "" if quoted or plain or listed else key
        elif dash:
            if not of or not (quoted or plain) or (dash != indent and of in blocks):
                return None
            indent = dash
            blocks.setdefault(of, []).append(value)
        elif _MOST_BYTES_A_CHARACTER * len(text) > MAX_BYTES:
            return None  # what is only long for its empty lines is refused, as it is with others
    for key, items in blocks.items():
        fields[key] = Field(key, tuple(items), fields[key].line)
    return fields


# A mirror gives thousands of posts the same few lists.
@lru_cache(maxsize=1024)
def _inline_list(text: str) -> tuple[Value, ...] | None:
    """Return the items of the list `text`, which stands in brackets; None where one is not plain."""
    items: list[Value] = []
    position = 0
    text = text[1:-1].strip(" ")
    while position < len(text):
        match = _LIST_ITEM.match(text, position)
        if match is None:
            return None
        quoted, plain = match["quoted"], match["plain"]
        found = quoted[1:-1] if quoted else plain.rstrip(" ")
        items.append(None if plain and found in _NULLS else found)
        position = match.end()
    return tuple(items)
