"""Front matter: YAML, TOML and JSON, through handlers of our own (the only user of python-frontmatter).

python-frontmatter's own handlers type scalars, skip TOML without another package, lose everything behind a BOM and
take `Loader=` for metadata; ours keep text as text and lines to point at (SPEC §1).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Any, cast

import frontmatter
from frontmatter.default_handlers import BaseHandler

from feeder.collect.lines import read_lines, unclosed_length
from feeder.collect.plainshape import read_plain
from feeder.model.characters import legal
from feeder.model.problem import Level, Problem
from feeder.model.table import Field, Table, Value
from feeder.plainyaml import MAX_BYTES, MAX_DEPTH, DuplicateKeys, PlainYamlError, load

_OPENING = re.compile(r"\s*(?:(?P<yaml>---)|\+\+\+)[ \t]*\n")
# `...` ends YAML as well, as in Jekyll.
_YAML_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
# What is nearly a delimiter: too many hyphens, or dashes that an editor made of them.
_NEAR_OPENING = re.compile(
    r"\s*(?:[-\u2010-\u2015\u2212]{2,10}[ \t]*\n)?(?=(?:title|date|layout|author|tags|categories):)", re.IGNORECASE
)
_NEAR_END = re.compile(r"[-\u2010-\u2015\u2212]{2,10}[ \t]*(?:\n|\Z)")
_UNCLOSED = "this front matter is not closed: it was taken to end here; put the closing delimiter on a line of its own"
_MISSPELT = (
    "this was taken for front matter, but it does not begin and end with a line of exactly `---`: put them there"
)
_TOML_END = re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE)
_TOML_TABLE = re.compile(r"""^[ \t]*\[{1,2}[^\[\],"'\n]+\]{1,2}[ \t]*(?:#.*)?$""", re.MULTILINE)
_JSON_OPENING = re.compile(r'\s*(?=\{\s*["}])')
_JSON_END = re.compile(r"^\}[ \t]*(?:\n|\Z)", re.MULTILINE)
_END_OF_LINE = re.compile(r"[ \t]*\n?")
_KEY = re.compile(r"""[ \t]*+\{?[ \t]*+["']?(?P<key>[^"'=:\n]{1,100})["']?[ \t]*+[:=]""")
# YAML and readers would break the line at these, within a title as well.
_SEPARATORS = re.compile("[\x85\u2028\u2029]")


# What says that nothing but the front of a body decides about its marker and heading: a comment and two lines, or
# what is neither comment nor heading.
_FRONT = re.compile(r"\s*+(?:<!--.*?-->\s*+)?(?:\[[^\n]*+\n[^\n]*+\n|(?!<!--)[^\s\[].{3})", re.DOTALL)
_MAX_FRONT = 512


class RefusedError(ValueError):
    """Front matter that its own parser refuses: a sentence fragment, and the line (from 1) within it."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file's text in its parts; `format` is "YAML", "TOML", "JSON" or "" where there is no front matter."""

    table: Table
    format: str
    body: str
    body_line: int
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Block:
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


class _Handler(BaseHandler):
    """A handler that python-frontmatter drives: `split` was done before, `load` gives fields by their keys."""

    FM_BOUNDARY = re.compile("")

    def __init__(self, block: _Block) -> None:
        super().__init__()
        self.block = block
        self.duplicates: list[Field] = []

    def split(self, text: str) -> tuple[str, str]:
        return text, ""


class _Yaml(_Handler):
    def load(self, fm: str) -> dict[str, Any]:
        del fm  # python-frontmatter strips it, which would move the lines
        plain = read_plain(self.block.written, self.block.line)
        if plain is not None:
            return plain
        text = self.block.text
        plain = read_plain(text, self.block.line)
        if plain is not None:
            return plain
        duplicates = DuplicateKeys()
        try:
            value = load(text, duplicates)
        except PlainYamlError as problem:
            raise RefusedError(problem.reason, problem.line) from None
        self.duplicates = duplicates.found
        if value is not None and not isinstance(value, Table):
            raise RefusedError("it is no list of `key: value` lines", 1)
        return {field.key: _at_line(field, self.block.line) for field in value or ()}


class _Toml(_Handler):
    def load(self, fm: str) -> dict[str, Any]:
        del fm
        text = self.block.text
        _guard(text)
        # tomllib takes half a minute for a key of 30,000 parts.
        if any(line.count(".") > MAX_DEPTH for line in text.split("\n")):
            raise RefusedError(f"a line has more than {MAX_DEPTH} dots", 1)
        try:
            return _fields(tomllib.loads(text, parse_float=str), self.block)
        except (RecursionError, ValueError) as problem:
            match = re.search(r"at line (\d+)", str(problem))
            raise RefusedError(str(problem).split(" (at ")[0], int(match[1]) if match else 1) from None


class _Json(_Handler):
    def load(self, fm: str) -> dict[str, Any]:
        del fm
        text = self.block.text
        _guard(text)
        twice: dict[str, None] = {}
        try:
            found, _ = _json_decoder(partial(_object, twice)).raw_decode(text)
            fields = _fields(found, self.block)
        except json.JSONDecodeError as problem:
            raise RefusedError(problem.msg, problem.lineno) from None
        except RecursionError:
            raise RefusedError("it is nested too deeply", 1) from None
        if twice:
            last = dict(_keys(text))
            self.duplicates = [Field(legal(key), None, last.get(key, 1)) for key in twice]
        return fields


_HANDLERS = {"YAML": _Yaml, "TOML": _Toml, "JSON": _Json}


def parse(text: str, file: str) -> Parsed:
    r"""Part `text` (decoded, `\n` line ends, no BOM) into front matter and body; `file` is named in problems.

    What the format's own parser refuses is read line by line, with a warning. Front matter that is never closed ends
    where its lines do, with a warning.
    """
    return _parse(text, file, _body)


def parse_front(text: str, file: str) -> Parsed:
    """Part `text` as `parse` does, but take of the body its front only (`Extent.FRONT`)."""
    return _parse(text, file, _front)


def _body(text: str, start: int) -> str:
    return legal(text[start:])


def _front(text: str, start: int) -> str:
    """Return the front of the body that begins at `start`: some hundred characters, or all where they do not do."""
    if len(text) - start > _MAX_FRONT:
        piece = legal(text[start : start + _MAX_FRONT])
        if _FRONT.match(piece):
            return piece
    return _body(text, start)


def _parse(text: str, file: str, body_of: Callable[[str, int], str]) -> Parsed:
    block = _exact(text) or _find(text)
    if block is None:
        return Parsed(Table(), "", body_of(text, 0), 1)
    handler = _HANDLERS[block.format](block)
    problems: list[Problem] = []
    try:
        metadata, _ = frontmatter.parse(block.written, handler=handler)
        table = Table(tuple(cast("dict[str, Field]", metadata).values()))
    except RefusedError as refused:
        lines = block.text
        header = _TOML_TABLE.search(lines) if block.format == "TOML" else None
        table = read_lines(lines[: header.start()] if header else lines, block.line)
        message = (
            f"this {block.format} front matter cannot be read as it is: {legal(refused.reason)}; "
            "its plain `key: value` lines and lists were taken one by one: put quotes around the value, or mend it"
        )
        problems.append(Problem(file, block.line + refused.line - 1, Level.WARNING, "front-matter", message))
    if block.flaw:
        line = text.count("\n", 0, block.body_start) + 1 if block.flaw is _UNCLOSED else max(block.line - 1, 1)
        problems.append(Problem(file, line, Level.WARNING, "front-matter", block.flaw))
    for field in handler.duplicates:
        message = f"`{field.key}` stands here a second time: the last one counts, remove the other"
        problems.append(Problem(file, block.line + field.line - 1, Level.WARNING, "duplicate-key", message))
    body_line = text.count("\n", 0, block.body_start) + 1
    return Parsed(table, block.format, body_of(text, block.body_start), body_line, tuple(problems))


def _exact(text: str) -> _Block | None:
    """Return the front matter between two lines of exactly `---`, if nothing before the second one could end it."""
    if not text.startswith("---\n"):
        return None
    end = text.find("\n---\n", 3)
    if end < 0 or text.find("\n---", 3, end) >= 0 or text.find("\n...", 3, end) >= 0:
        return None
    return _Block("YAML", text[4 : end + 1], 2, end + 5)


def _find(text: str) -> _Block | None:
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
        _, end = _json_decoder(dict).raw_decode(text[: start + MAX_BYTES], start)
    except (ValueError, RecursionError):
        closing = _JSON_END.search(text, start)
        if closing:
            return _block("JSON", text, start, closing.start() + 1, closing.end())
        first = text.find("\n", start) + 1
        end = first + unclosed_length(text, first)
        return _block("JSON", text, start, end, None) if end > first > 0 else None
    rest = _END_OF_LINE.match(text, end)
    return _block("JSON", text, start, end, rest.end() if rest else end)


def _find_misspelt(text: str) -> _Block | None:
    """Return front matter whose first delimiter is missing or nearly one, if all lines up to a last one are fields."""
    near = _NEAR_OPENING.match(text)
    if near is None:
        return None
    end = near.end() + unclosed_length(text, near.end())
    closing = _NEAR_END.match(text, end)
    if closing is None or end == near.end():
        return None
    line = text.count("\n", 0, near.end()) + 1
    return _Block("YAML", text[near.end() : end], line, closing.end(), _MISSPELT)


def _block(kind: str, text: str, start: int, end: int, body_start: int | None) -> _Block:
    line = text.count("\n", 0, start) + 1
    if body_start is None:
        return _Block(kind, text[start:end], line, end, _UNCLOSED)
    return _Block(kind, text[start:end], line, body_start)


def _json_decoder(pairs: Callable[[list[tuple[str, object]]], dict[str, object]]) -> json.JSONDecoder:
    # Not strict: a tab, or a control that is going to be removed, may stand in a text.
    return json.JSONDecoder(object_pairs_hook=pairs, parse_int=str, parse_float=str, parse_constant=str, strict=False)


def _object(twice: dict[str, None], pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice.update((key, None) for key, count in Counter(key for key, _ in pairs).items() if count > 1)
    return found


def _guard(text: str) -> None:
    if len(text) > MAX_BYTES or len(text.encode()) > MAX_BYTES:
        raise RefusedError(f"it is longer than {MAX_BYTES // 1024} KB", 1)


def _fields(found: Mapping[str, object], block: _Block) -> dict[str, Any]:
    first = dict(reversed(list(_keys(block.text))))
    fields = {key: Field(legal(key), _value(value), first.get(key, 0)) for key, value in found.items()}
    return {key: _at_line(field, block.line) for key, field in fields.items()}


def _keys(text: str) -> Iterator[tuple[str, int]]:
    """Yield what looks like a key, with its line (from 1): one a line."""
    for number, line in enumerate(text.split("\n"), 1):
        if match := _KEY.match(line):
            yield match["key"].strip(), number


def _value(value: object) -> Value:
    if value is None or isinstance(value, str):
        return value and legal(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return Table(tuple(Field(legal(key), _value(item)) for key, item in value.items()))
    if isinstance(value, list):
        return tuple(_value(item) for item in value)
    return str(value)


def _at_line(field: Field, first_line: int) -> Field:
    return Field(field.key, field.value, field.line + first_line - 1 if field.line else 0)
