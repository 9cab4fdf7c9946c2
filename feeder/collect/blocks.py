"""Where front matter stands in a text: between which delimiters, on which lines (SPEC §1)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from feeder.collect.lines import unclosed_length
from feeder.model.characters import legal
from feeder.model.table import MAX_BYTES

UNCLOSED = "this front matter is not closed: it was taken to end here; put the closing delimiter on a line of its own"
MISSPELT = "this was taken for front matter, but it does not begin and end with a line of exactly `---`: put them there"

_OPENING = re.compile(r"\s*(?:(?P<yaml>---)|\+\+\+)[ \t]*\n")
# `...` ends YAML as well, as in Jekyll.
_YAML_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
# What is nearly a delimiter: too many hyphens, or dashes that an editor made of them.
_NEAR_OPENING = re.compile(
    r"\s*(?:[-\u2010-\u2015\u2212]{2,10}[ \t]*\n)?(?=(?:title|date|layout|author|tags|categories):)", re.IGNORECASE
)
_NEAR_END = re.compile(r"[-\u2010-\u2015\u2212]{2,10}[ \t]*(?:\n|\Z)")
_TOML_END = re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE)
_JSON_OPENING = re.compile(r'\s*(?=\{\s*["}])')
_JSON_END = re.compile(r"^\}[ \t]*(?:\n|\Z)", re.MULTILINE)
_END_OF_LINE = re.compile(r"[ \t]*\n?")
# YAML and readers would break the line at these, within a title as well.
_SEPARATORS = re.compile("[\x85\u2028\u2029]")


@dataclass(slots=True)
class Block:
    """Front matter: its text, the line (from 1) on which it begins, and where in the file's text the body begins."""

    format: str
    written: str
    line: int
    body_start: int
    flaw: str = ""

    @property
    def text(self) -> str:
        """What is written there as its format's parser is given it: legal, and in lines that all take for lines."""
        return legal(_SEPARATORS.sub(" ", self.written))


def find(text: str) -> Block | None:
    r"""Return the front matter of `text` (decoded, `\n` line ends, no BOM), or None."""
    return _exact(text) or _find(text)


def _exact(text: str) -> Block | None:
    """Return the front matter between two lines of exactly `---`, if nothing before the second one could end it."""
    if not text.startswith("---\n"):
        return None
    end = text.find("\n---\n", 3)
    if end < 0 or text.find("\n---", 3, end) >= 0 or text.find("\n...", 3, end) >= 0:
        return None
    return Block("YAML", text[4 : end + 1], 2, end + 5)


def _find(text: str) -> Block | None:
    opening = _OPENING.match(text)
    if opening:
        kind = "YAML" if opening["yaml"] else "TOML"
        start = opening.end()
        closing = (_YAML_END if opening["yaml"] else _TOML_END).search(text, start)
        if closing:
            return _block(kind, text, start, closing.start(), closing.end())
        end = start + unclosed_length(text, start)
        return _block(kind, text, start, end, None) if end > start else None
    brace = _JSON_OPENING.match(text)
    if not brace:
        return _find_misspelt(text)
    start = brace.end()
    try:
        _, end = json_decoder(dict).raw_decode(text[: start + MAX_BYTES], start)
    except (ValueError, RecursionError):
        closing = _JSON_END.search(text, start)
        if closing:
            return _block("JSON", text, start, closing.start() + 1, closing.end())
        first = text.find("\n", start) + 1
        end = first + unclosed_length(text, first)
        return _block("JSON", text, start, end, None) if end > first > 0 else None
    rest = _END_OF_LINE.match(text, end)
    return _block("JSON", text, start, end, rest.end() if rest else end)


def _find_misspelt(text: str) -> Block | None:
    """Return front matter whose first delimiter is missing or nearly one, if all lines up to a last one are fields."""
    near = _NEAR_OPENING.match(text)
    if near is None:
        return None
    end = near.end() + unclosed_length(text, near.end())
    closing = _NEAR_END.match(text, end)
    if closing is None or end == near.end():
        return None
    line = text.count("\n", 0, near.end()) + 1
    return Block("YAML", text[near.end() : end], line, closing.end(), MISSPELT)


def _block(kind: str, text: str, start: int, end: int, body_start: int | None) -> Block:
    line = text.count("\n", 0, start) + 1
    if body_start is None:
        return Block(kind, text[start:end], line, end, UNCLOSED)
    return Block(kind, text[start:end], line, body_start)


def json_decoder(pairs: Callable[[list[tuple[str, object]]], dict[str, object]]) -> json.JSONDecoder:
    """Return what reads JSON as it stands in front matter: numbers as text, and `pairs` makes its objects."""
    # Not strict: a tab, or a control that is going to be removed, may stand in a text.
    return json.JSONDecoder(object_pairs_hook=pairs, parse_int=str, parse_float=str, parse_constant=str, strict=False)
