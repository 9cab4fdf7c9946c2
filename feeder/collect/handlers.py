"""Front matter that is not of the plain shape: YAML, TOML and JSON, through python-frontmatter (its only user).

python-frontmatter's own handlers type scalars, skip TOML without another package, lose everything behind a BOM and
take `Loader=` for metadata; ours keep text as text and lines to point at (SPEC §1).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from functools import partial
from typing import Any, cast

import frontmatter
from frontmatter.default_handlers import BaseHandler

from feeder.collect.blocks import UNCLOSED, Block, json_decoder
from feeder.collect.lines import read_lines
from feeder.collect.plainshape import read_plain
from feeder.model.characters import legal
from feeder.model.problem import Level, Problem
from feeder.model.table import MAX_BYTES, MAX_DEPTH, Field, Table, Value
from feeder.plainyaml import DuplicateKeys, PlainYamlError, load

_TOML_TABLE = re.compile(r"""^[ \t]*\[{1,2}[^\[\],"'\n]+\]{1,2}[ \t]*(?:#.*)?$""", re.MULTILINE)
_KEY = re.compile(r"""[ \t]*+\{?[ \t]*+["']?(?P<key>[^"'=:\n]{1,100})["']?[ \t]*+[:=]""")


class RefusedError(ValueError):
    """Front matter that its own parser refuses: a sentence fragment, and the line (from 1) within it."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class _Handler(BaseHandler):
    """A handler that python-frontmatter drives: `split` was done before, `load` gives fields by their keys."""

    FM_BOUNDARY = re.compile("")

    def __init__(self, block: Block) -> None:
        super().__init__()
        self.block = block
        self.duplicates: list[Field] = []

    def split(self, text: str) -> tuple[str, str]:
        return text, ""


class _Yaml(_Handler):
    def load(self, fm: str) -> dict[str, Any]:
        del fm  # python-frontmatter strips it, which would move the lines
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
            found, _ = json_decoder(partial(_object, twice)).raw_decode(text)
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


def read_block(block: Block, text: str, file: str) -> tuple[Table, tuple[Problem, ...]]:
    """Return the fields of `block`, which stands in `text`, and what is wrong with it; `file` is named in problems.

    What the format's own parser refuses is read line by line, with a warning.
    """
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
        line = text.count("\n", 0, block.body_start) + 1 if block.flaw is UNCLOSED else max(block.line - 1, 1)
        problems.append(Problem(file, line, Level.WARNING, "front-matter", block.flaw))
    for field in handler.duplicates:
        message = f"`{field.key}` stands here a second time: the last one counts, remove the other"
        problems.append(Problem(file, block.line + field.line - 1, Level.WARNING, "duplicate-key", message))
    return table, tuple(problems)


def _object(twice: dict[str, None], pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice.update((key, None) for key, count in Counter(key for key, _ in pairs).items() if count > 1)
    return found


def _guard(text: str) -> None:
    if len(text) > MAX_BYTES or len(text.encode()) > MAX_BYTES:
        raise RefusedError(f"it is longer than {MAX_BYTES // 1024} KB", 1)


def _fields(found: Mapping[str, object], block: Block) -> dict[str, Any]:
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
