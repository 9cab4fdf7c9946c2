"""Pelican's metadata: lines of `Key: value` at the head of a post, without anything around them.

As Python-Markdown's meta extension reads them (python-markdown.github.io/extensions/meta_data): keys in any case, a
value goes on in lines that are indented by four spaces, and the first line that is neither ends them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from feeder.model.characters import legal
from feeder.model.table import Field, Table, Value

_MAX_TEXT = 65_536  # characters, as of all front matter
_LINE = re.compile(r" {0,3}(?P<key>[A-Za-z0-9_-]+):[ \t]*(?P<value>[^\n]*)(?:\n|\Z)")
_MORE = re.compile(r" {4,}(?P<value>[^\n]*)(?:\n|\Z)")
_LISTS = frozenset(("tags", "authors"))


@dataclass(frozen=True, slots=True)
class Headers:
    """The metadata at the head of a post, and where its body begins."""

    table: Table
    body_start: int


def find_headers(text: str) -> Headers | None:
    """Return the metadata that `text` begins with, None where there is none or no `title` and no `date` among it."""
    values: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    place, line, last = 0, 1, ""
    while place < min(len(text), _MAX_TEXT):
        if match := _LINE.match(text, place):
            last = match["key"].lower()
            values.setdefault(last, []).append(legal(match["value"]).strip())
            lines.setdefault(last, line)
        elif last and (match := _MORE.match(text, place)):
            values[last].append(legal(match["value"]).strip())
        else:
            break
        place, line = match.end(), line + 1
    if not values.keys() & {"title", "date"}:
        return None
    fields = (Field(key, found[0] if len(found) == 1 else tuple(found), lines[key]) for key, found in values.items())
    return Headers(Table(tuple(fields)), place)


def as_pelican(table: Table) -> Table:
    """Return `table` as Pelican means it: keys in lower case, lists parted at semicolons or commas, `status` read."""
    fields: dict[str, Field] = {}
    for one in table:
        name = one.key.lower()
        fields.setdefault(name, Field(name, _listed(one.value) if name in _LISTS else one.value, one.line))
    status = fields.get("status")
    said = status.value.strip().lower() if status and isinstance(status.value, str) else ""
    if status and said in ("draft", "hidden"):
        fields.setdefault("draft" if said == "draft" else "feed", _switch(said, status.line))
    return Table(tuple(fields.values()))


def _switch(said: str, line: int) -> Field:
    # A hidden article has its page, and stands in no list and no feed.
    return Field("draft", "true", line) if said == "draft" else Field("feed", "false", line)


def _listed(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    items = (item.strip() for item in value.split(";" if ";" in value else ","))
    return tuple(item for item in items if item)
