"""What the documents say is what the program does."""

from __future__ import annotations

import re
import shlex
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


def test_every_option_that_the_readme_shows_exists() -> None:
    """Every `--option` of a feeder command in the README is one that the reference knows."""
    known = set(re.findall(r"--[a-z-]+", reference()))
    for line in re.findall(r"^\s*(feeder .*)$", (TOP / "README.md").read_text(encoding="utf-8"), re.MULTILINE):
        for word in shlex.split(line, comments=True):
            assert not word.startswith("--") or word.split("=")[0] in known, line
