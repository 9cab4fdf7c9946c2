"""docs/benchmarks.md: what is not measured anew is kept."""

from __future__ import annotations

from pathlib import Path

from bench.document import section, write

TITLES = ("One", "Two", "Three")


def _section(title: str, table: str) -> str:
    return section(title, "What it is.", [table], "*2020-09-24*")


def test_sections_that_were_not_measured_are_kept(tmp_path: Path) -> None:
    """A section measured anew replaces its old self; the others stay, and what was never measured is said to be so."""
    path = tmp_path / "benchmarks.md"
    write(path, TITLES, {"One": _section("One", "| old one |"), "Two": _section("Two", "| old two |")})
    first = path.read_text(encoding="utf-8")
    write(path, TITLES, {"Two": _section("Two", "| new two |")})
    second = path.read_text(encoding="utf-8")
    assert second == first.replace("old two", "new two")
    assert "| old one |" in second
    assert "## Three\n\nNot measured yet.\n" in second


def test_the_same_measures_write_the_same_bytes(tmp_path: Path) -> None:
    """Writing a section again leaves the document as it is."""
    path = tmp_path / "benchmarks.md"
    written = []
    for _ in range(3):
        write(path, TITLES, {title: _section(title, "| table |") for title in TITLES})
        written.append(path.read_text(encoding="utf-8"))
    write(path, TITLES, {})
    assert {*written, path.read_text(encoding="utf-8")} == {written[0]}
