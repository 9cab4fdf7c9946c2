"""Golden sites: a folder an idea, its output compared byte for byte; rewritten by `make golden` alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SITES = Path(__file__).parent / "sites"
TOP = Path(__file__).parent.parent
NAMES = sorted(folder.name for folder in SITES.iterdir() if folder.is_dir())
# After every post of the golden sites but the one that shows what is left out until then.
NOW = "1793491200"


def _build(name: str, dist: Path) -> str:
    """Build the golden site `name` as its keeper would, in its own folder; return what was said."""
    done = subprocess.run(
        [sys.executable, "-m", "feeder", "build", "--no-cache", "--dist", str(dist)],
        cwd=SITES / name,
        env={**os.environ, "PYTHONPATH": str(TOP), "SOURCE_DATE_EPOCH": NOW},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # The summary's last line tells the seconds.
    lines = [line.rpartition(";")[0] if line.endswith(" s") else line for line in done.stderr.splitlines()]
    return "\n".join(lines) + "\n"


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_there_are_golden_sites() -> None:
    """An empty suite would pass every test: there are at least twenty golden sites, each with posts."""
    assert len(NAMES) >= 20
    assert all(any(SITES.joinpath(name).rglob("*.md")) or any(SITES.joinpath(name).rglob("*.html")) for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_site_comes_out_as_expected(name: str, tmp_path: Path, rewrite_golden: bool) -> None:
    """The site's feeds, and what the build says, are byte for byte those that somebody read and committed."""
    dist = tmp_path / "dist"
    said = _build(name, dist)
    expected = SITES / name / "expected"
    if rewrite_golden:
        shutil.rmtree(expected, ignore_errors=True)
        shutil.copytree(dist, expected / "dist")
        (expected / "said.txt").write_text(said, encoding="utf-8")
    assert said == (expected / "said.txt").read_text(encoding="utf-8")
    assert _tree(dist) == _tree(expected / "dist")
