"""What a check finds, said to a person and to a program."""

from __future__ import annotations

from dataclasses import dataclass

from feeder.check.codes import CODES
from feeder.check.fault import Fault
from feeder.model.problem import Level, printable


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault of one file: prints as `file:line: level[Code]: sentence: what to do (section)`.

    `line` counts from 1; 0 means the file as a whole. `code` is the W3C feed validator's where it has one.
    """

    file: str
    line: int
    level: Level
    code: str
    message: str
    advice: str
    section: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        advice = f"{self.advice[:1].lower()}{self.advice[1:].rstrip('.')}" if self.advice else ""
        said = f"{self.message}: {advice}" if advice else self.message
        return printable(f"{where}: {self.level.value}[{self.code}]: {said} ({self.section})")


def finding(file: str, fault: Fault) -> Finding:
    """Return `fault` of `file` with what its code says about it."""
    code = CODES[fault.code]
    return Finding(file, fault.line, code.level, code.name, fault.message, code.advice, fault.section or code.section)
