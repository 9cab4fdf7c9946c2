"""Every fault is found by its right name and as nothing else, and nothing is found in what feeder builds."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeder.check.checking import check_documents
from feeder.check.codes import CODES
from feeder.check.finding import Finding, finding
from feeder.check.judge import judge
from feeder.check.reading import read
from tests.check.variants import Dist, Variant
from tests.check.variants_json import JSON
from tests.check.variants_site import ARCHIVES, LISTS, SITE
from tests.check.variants_xml import ATOM, BYTES, MARKUP, RSS

HERE = Path(__file__).parent
VARIANTS = (*BYTES, *ATOM, *MARKUP, *RSS, *JSON, *SITE, *ARCHIVES, *LISTS)
GOLDEN = HERE / "findings.txt"


def found(variant: Variant, weir: Dist) -> tuple[Finding, ...]:
    """Return what is found in a variant: in its document alone, or in all where the fault lies between them."""
    changed = variant.change(weir)
    if not variant.path:
        return check_documents({path: data for path, data in changed.items() if path != "feeder-manifest.json"})
    data = changed[variant.path]
    return tuple(finding(variant.path, fault) for fault in judge(data, read(data)))


def test_nothing_is_found_in_good_documents(weir: Dist) -> None:
    """What feeder builds has no fault, alone and together, in every format."""
    assert check_documents(weir) == ()
    assert {"atom.xml", "rss.xml", "feed.json"} <= set(weir)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_a_fault_is_found_by_its_right_name_and_as_nothing_else(variant: Variant, weir: Dist) -> None:
    """A document with one fault gives findings of one name, each with its level, advice and section."""
    findings = found(variant, weir)
    assert {one.code for one in findings} == {variant.code}
    for one in findings:
        code = CODES[one.code]
        assert one.level is code.level
        assert one.advice
        assert one.section
        assert one.message


def test_there_are_variants_of_nearly_every_finding() -> None:
    """A name that no variant is found by is one that a unit test of its own looks after."""
    names = [variant.name for variant in VARIANTS]
    assert len(set(names)) == len(names) >= 150
    assert set(CODES) - {variant.code for variant in VARIANTS} == {"IOError", "NoFeeds"}


def test_findings_are_what_somebody_read_and_committed(weir: Dist, rewrite_golden: bool) -> None:
    """What is said of every variant, with file, line, advice and section, is a golden file (`make golden`)."""
    lines: list[str] = []
    for variant in VARIANTS:
        lines += [f"# {variant.name}", *map(str, found(variant, weir)), ""]
    text = "\n".join(lines)
    if rewrite_golden:
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")
