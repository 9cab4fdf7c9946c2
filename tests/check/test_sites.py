"""Nothing is found in the golden sites: every setting that there is, other generators' addresses, aliases."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeder.check.checking import check

SITES = sorted((Path(__file__).parent.parent / "sites").glob("*/expected/dist"))


@pytest.mark.parametrize("dist", SITES, ids=lambda dist: dist.parent.parent.name)
def test_nothing_is_found_in_a_golden_site(dist: Path) -> None:
    """What somebody read and committed has no fault, alone and together."""
    checked = check(str(dist))
    assert checked.findings == ()
    assert checked.documents


def test_there_are_golden_sites() -> None:
    """An empty list would pass every test."""
    assert len(SITES) > 20
