"""What is wrong with a post, said to a person: never raised, always returned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

# Controls, bidi controls (UAX #9), line separators, the BOM and lone surrogates: what could forge or garble a log line.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def printable(text: str) -> str:
    """Return `text` with every character that could forge or garble a terminal or log line written as an escape."""
    return _UNPRINTABLE.sub(lambda match: ascii(match.group())[1:-1], text)


class Level(StrEnum):
    """How bad a problem is: an error leaves the post out, a warning does not, a note says what the author asked for."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One problem at one place; prints as `file:line: level[code]: sentence`.

    `line` counts from 1; 0 means the file as a whole.
    """

    file: str
    line: int
    level: Level
    code: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return printable(f"{where}: {self.level.value}[{self.code}]: {self.message}")


@dataclass(frozen=True, slots=True)
class Remark:
    """A problem that does not know yet where it stands: pure functions return these, the collector locates them.

    `key` is the front-matter key that it is about, or "" for the body; then `offset` is the line (from 0) in the body.
    """

    level: Level
    code: str
    message: str
    key: str = ""
    offset: int = 0

    def at(self, file: str, line: int) -> Problem:
        """Return the problem at `line` (from 1; 0 is the whole file) of `file`."""
        return Problem(file, line, self.level, self.code, self.message)


def warning(code: str, message: str, key: str = "", offset: int = 0) -> Remark:
    """Return a remark that leaves the post in."""
    return Remark(Level.WARNING, code, message, key, offset)


def error(code: str, message: str, key: str = "") -> Remark:
    """Return a remark that leaves the post out."""
    return Remark(Level.ERROR, code, message, key)
