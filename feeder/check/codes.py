"""The names of findings: `codes.txt` is the table of them, and docs/check.md is made of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum

from feeder.model.problem import Level


class Namer(StrEnum):
    """Who gave a finding its name."""

    W3C = "w3c"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of finding: its name, how bad it is, what it means, what to do, and where a standard asks for it."""

    name: str
    level: Level
    namer: Namer
    section: str
    meaning: str
    advice: str


def _table() -> dict[str, Code]:
    with open(os.path.join(os.path.dirname(__file__), "codes.txt"), encoding="utf-8") as stream:
        text = stream.read()
    codes: dict[str, Code] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, level, namer, section, meaning, advice = line.split(" | ")
            codes[name] = Code(name, Level(level), Namer(namer), section, meaning, advice)
    return codes


CODES = _table()
"""Every code by its name, in the order of the table."""
