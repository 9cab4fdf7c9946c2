"""A post's text in its parts, front matter and body: the plain shape directly, all else through handlers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from feeder.collect.blocks import Block, find
from feeder.collect.plainshape import read_plain
from feeder.config.scheme import Compat
from feeder.model.characters import legal
from feeder.model.problem import Problem
from feeder.model.table import Table

# What says that nothing but the front of a body decides about its marker and heading: a comment and two lines, or
# what is neither comment nor heading.
_FRONT = re.compile(r"\s*+(?:<!--.*?-->\s*+)?(?:\[[^\n]*+\n[^\n]*+\n|(?!<!--)[^\s\[].{3})", re.DOTALL)
_MAX_FRONT = 512


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file's text in its parts; `format` is "YAML", "TOML", "JSON", "metadata" or, without front matter, ""."""

    table: Table
    format: str
    body: str
    body_line: int
    problems: tuple[Problem, ...] = ()


def parse(text: str, file: str, compat: Compat = Compat.NONE) -> Parsed:
    r"""Part `text` (decoded, `\n` line ends, no BOM) into front matter and body; `file` is named in problems.

    What the format's own parser refuses is read line by line, with a warning. Front matter that is never closed ends
    where its lines do, with a warning. In Pelican's place its metadata is front matter, too.
    """
    return _parse(text, file, _body, compat)


def parse_front(text: str, file: str, compat: Compat = Compat.NONE) -> Parsed:
    """Part `text` as `parse` does, but take of the body its front only (`Extent.FRONT`)."""
    return _parse(text, file, _front, compat)


def _body(text: str, start: int) -> str:
    return legal(text[start:])


def _front(text: str, start: int) -> str:
    """Return the front of the body that begins at `start`: some hundred characters, or all where they do not do."""
    if len(text) - start > _MAX_FRONT:
        piece = legal(text[start : start + _MAX_FRONT])
        if _FRONT.match(piece):
            return piece
    return _body(text, start)


def _parse(text: str, file: str, body_of: Callable[[str, int], str], compat: Compat) -> Parsed:
    block = find(text)
    if compat is Compat.PELICAN:
        return _parse_pelican(text, file, body_of, block)
    if block is None:
        return Parsed(Table(), "", body_of(text, 0), 1)
    return _parse_block(text, file, body_of, block)


def _parse_pelican(text: str, file: str, body_of: Callable[[str, int], str], block: Block | None) -> Parsed:
    from feeder.collect.headers import as_pelican, find_headers  # noqa: PLC0415 - few sites have any

    if block is not None:
        parsed = _parse_block(text, file, body_of, block)
        return replace(parsed, table=as_pelican(parsed.table))
    found = find_headers(text)
    if found is None:
        return Parsed(Table(), "", body_of(text, 0), 1)
    start = found.body_start
    return Parsed(as_pelican(found.table), "metadata", body_of(text, start), text.count("\n", 0, start) + 1)


def _parse_block(text: str, file: str, body_of: Callable[[str, int], str], block: Block) -> Parsed:
    body, body_line = body_of(text, block.body_start), text.count("\n", 0, block.body_start) + 1
    if block.format == "YAML" and not block.flaw:
        plain = read_plain(block.written, block.line)
        if plain is not None:
            return Parsed(Table(tuple(plain.values())), "YAML", body, body_line)
    from feeder.collect.handlers import read_block  # noqa: PLC0415 - three parsers, and most posts need none of them

    table, problems = read_block(block, text, file)
    return Parsed(table, block.format, body, body_line, problems)
