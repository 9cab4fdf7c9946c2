"""What the judge finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault of a document.

    `rule` is a rule of SPEC §6, or 0 for what §6 says before its rules and for RFC 4287's own grammar;
    `name` is the W3C feed validator's name of the fault, "" where it has none; `where` is the place, for a person.
    """

    rule: int
    name: str
    message: str
    where: str

    def __str__(self) -> str:
        name = f" [{self.name}]" if self.name else ""
        return f"rule {self.rule}{name} at {self.where}: {self.message}"


def shown(value: str) -> str:
    """Return `value` quoted, escaped and short enough to stand in a message."""
    return ascii(value if len(value) <= 80 else f"{value[:77]}...")
