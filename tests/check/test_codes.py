"""The table of findings is whole, and the documentation is made of it."""

from __future__ import annotations

import re
from pathlib import Path

from feeder.check.codes import CODES
from tests.check.reference import reference

TOP = Path(__file__).parent.parent.parent


def test_every_name_that_the_code_finds_is_in_the_table_and_the_other_way_round() -> None:
    """No finding is without level, advice and section, and none stands in the table that is never found."""
    source = "".join(file.read_text(encoding="utf-8") for file in (TOP / "feeder" / "check").glob("*.py"))
    named = set(re.findall(r'"([A-Z][A-Za-z0-9]+)"', source))
    assert set(CODES) <= named
    found = set(re.findall(r'Fault\(\s*"([A-Za-z0-9]+)"', source))
    assert found <= set(CODES)


def test_the_document_is_that_of_the_table(rewrite_golden: bool) -> None:
    """docs/check.md says of every finding what the program says of it."""
    document = TOP / "docs" / "check.md"
    if rewrite_golden:
        document.write_text(reference(), encoding="utf-8")
    assert document.read_text(encoding="utf-8") == reference()
