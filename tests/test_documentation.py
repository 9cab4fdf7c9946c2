"""What the documents say is what the program does."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from tests.cli_reference import reference

TOP = Path(__file__).parent.parent
DOCUMENTS = sorted([*TOP.glob("*.md"), *TOP.glob("docs/**/*.md")])


def test_the_command_reference_is_that_of_the_commands(rewrite_golden: bool) -> None:
    """docs/cli.md is what the commands say of themselves."""
    document = TOP / "docs" / "cli.md"
    if rewrite_golden:
        document.write_text(reference(), encoding="utf-8")
    assert document.read_text(encoding="utf-8") == reference()


def test_every_link_between_documents_leads_somewhere() -> None:
    """No document sends a stranger to a file that is not in the clone."""
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("#"):
                assert (document.parent / target.split("#")[0]).exists(), (document.name, target)


def test_every_make_target_that_is_named_exists() -> None:
    """`make something` in a document is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", (TOP / "Makefile").read_text(), re.MULTILINE))
    for document in DOCUMENTS:
        for name in re.findall(r"`make ([a-z]+)", document.read_text(encoding="utf-8")):
            assert name in targets, (document.name, name)


def test_the_readme_shows_a_real_entry_of_a_real_feed(tmp_path: Path) -> None:
    """The entry in the README is, but for its indentation, in the feed that `make feeds` writes."""
    shown = re.search(r"```xml\n(.*?)```", (TOP / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert shown
    subprocess.run(
        [sys.executable, "-m", "feeder", "build", "--dist", str(tmp_path), "--quiet"],
        cwd=TOP,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1793491200"},
        check=True,
        capture_output=True,
    )
    entry = re.sub(r"\n\s*", "", shown[1])
    assert any(entry in file.read_text(encoding="utf-8") for file in tmp_path.rglob("atom.xml"))


def test_every_option_that_the_readme_shows_exists() -> None:
    """Every `--option` of a feeder command in the README is one that the reference knows."""
    known = set(re.findall(r"--[a-z-]+", reference()))
    for line in re.findall(r"^\s*(feeder .*)$", (TOP / "README.md").read_text(encoding="utf-8"), re.MULTILINE):
        for word in shlex.split(line, comments=True):
            assert not word.startswith("--") or word.split("=")[0] in known, line
