"""Equal input gives equal bytes, whatever the machine, the clock or the engine."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
NOW = "1793491200"
AGENCY = (
    '[site]\nurl = "https://18f.example.gov"\ntitle = "Agency"\n[posts]\npermalink = "/:year/:month/:day/:title/"\n'
)


def _build(folder: Path, dist: Path, *arguments: str, **environment: str) -> dict[str, bytes]:
    base = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LC_", "LANG", "TZ", "PYTHONHASHSEED"))
    }
    subprocess.run(
        [sys.executable, "-m", "feeder", "build", *arguments, "--dist", str(dist), "--quiet"],
        cwd=folder,
        env={**base, "PYTHONPATH": str(TOP), "SOURCE_DATE_EPOCH": NOW, **environment},
        check=True,
        capture_output=True,
    )
    return {str(file.relative_to(dist)): file.read_bytes() for file in sorted(dist.rglob("*")) if file.is_file()}


def _shuffled_copy(folder: Path, target: Path) -> None:
    """Copy `folder` file by file in another order, with other times: listings and times differ, bytes do not."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    chance = random.Random(5005)
    chance.shuffle(files)
    for file in files:
        copy = target / file.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
        moment = chance.randrange(10**9)
        os.utime(copy, (moment, moment))


def _all_alike(folder: Path, tmp_path: Path, *arguments: str) -> None:
    first = _build(folder, tmp_path / "one", *arguments, "--engine", "serial", TZ="UTC", LC_ALL="C", PYTHONHASHSEED="1")
    assert len(first) > 4
    other = tmp_path / "shuffled"
    _shuffled_copy(folder, other)
    second = _build(
        other,
        tmp_path / "two",
        *arguments,
        "--engine",
        "processes:3",
        TZ="Pacific/Auckland",
        LC_ALL="C.UTF-8",
        PYTHONHASHSEED="2",
    )
    assert second == first
    # The clock is no input either, as long as no post falls due.
    third = _build(folder, tmp_path / "three", *arguments, TZ="America/St_Johns", SOURCE_DATE_EPOCH="1900000000")
    assert third == first


def test_our_own_site_comes_out_the_same_everywhere(tmp_path: Path) -> None:
    """posts/ gives the same bytes under another zone, locale, hash seed, engine, order, file times and clock."""
    site = tmp_path / "site"
    shutil.copytree(TOP / "posts", site / "posts")
    shutil.copy(TOP / "feeder.toml", site)
    _all_alike(site, tmp_path)


@pytest.mark.parametrize("name", ["mirror", "magazine", "agency"])
def test_a_corpus_comes_out_the_same_everywhere(name: str, corpus: Callable[[str], Path], tmp_path: Path) -> None:
    """Each corpus gives the same bytes under another zone, locale, hash seed, engine, order, file times, clock."""
    folder = corpus(name)
    roots = ("_posts", "archived") if name == "mirror" else ("_posts",)
    if name == "agency":
        folder = tmp_path / "agency"
        shutil.copytree(corpus(name), folder)
        (folder / "feeder.toml").write_text(AGENCY)
    _all_alike(folder, tmp_path, *roots)


def test_a_second_build_of_a_corpus_touches_no_file(corpus: Callable[[str], Path], tmp_path: Path) -> None:
    """Building the same posts again leaves every file's time and inode alone."""
    folder, dist = corpus("magazine"), tmp_path / "dist"
    _build(folder, dist, "_posts")
    before = {file: (file.stat().st_mtime_ns, file.stat().st_ino) for file in dist.rglob("*")}
    _build(folder, dist, "_posts")
    assert {file: (file.stat().st_mtime_ns, file.stat().st_ino) for file in dist.rglob("*")} == before
