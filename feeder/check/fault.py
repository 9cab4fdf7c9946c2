"""What is wrong in one document, before it is known where the document stands."""

from __future__ import annotations

from dataclasses import dataclass

_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault by its name (`feeder.check.codes`), the line it stands in (from 1; 0 is the whole file), and a sentence.

    `section` is where the standard asks for it, "" for the section that the code has by itself.
    """

    code: str
    line: int
    message: str
    section: str = ""


def shown(value: str) -> str:
    """Return `value` quoted and short enough to stand in a sentence."""
    return repr(value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…")
