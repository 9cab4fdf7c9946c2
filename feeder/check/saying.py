"""How a check is said: line by line for a person, as JSON (ASCII only) for a program."""

from __future__ import annotations

import json

from feeder.check.checking import Checked
from feeder.model.problem import Level


def as_json(checked: Checked) -> str:
    """Return the list of `feeder check --json`."""
    return json.dumps(
        [
            {
                "file": finding.file,
                "line": finding.line,
                "level": finding.level.value,
                "code": finding.code,
                "message": finding.message,
                "advice": finding.advice,
                "section": finding.section,
            }
            for finding in checked.findings
        ],
        indent=1,
    )


def summary(checked: Checked) -> str:
    """Return the one line at the end: `12 documents: 1 error, no warnings`."""
    levels = [finding.level for finding in checked.findings]
    errors, warnings = levels.count(Level.ERROR), levels.count(Level.WARNING)
    return f"{_count(checked.documents, 'document')}: {_count(errors, 'error')}, {_count(warnings, 'warning')}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}" if number else f"no {what}s"
