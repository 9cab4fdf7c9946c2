"""What `feeder diff` says that subscribers will see is what a real reader then sees (docs/diff.md)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.readers import news
from tests.clients.served import serving
from tests.clients.written import documents

TOP = Path(__file__).parent.parent.parent
FEEDS = ("atom.xml", "rss.xml", "categories/notebook/atom.xml", "categories/night-sky/atom.xml")


def _rename(posts: Path) -> None:
    (posts / "notebook" / "2026-10-02-the-notebook-at-seven.md").rename(posts / "notebook" / "2026-10-02-seven.md")


def _retitle_and_edit(posts: Path) -> None:
    file = posts / "notebook" / "2026-04-18-caderno-da-maré.md"
    file.write_text(file.read_text().replace("title: ", "title: Novo, ", 1))
    file = posts / "notebook" / "2026-10-02-the-notebook-at-seven.md"
    file.write_text(file.read_text() + "\nAnd one line more.\n")


def _delete(posts: Path) -> None:
    (posts / "notebook" / "2026-10-02-the-notebook-at-seven.md").unlink()


def _add_and_move(posts: Path) -> None:
    (posts / "new.md").write_text("---\ntitle: New\ndate: 2026-10-20\ncategories: [Night sky]\n---\nNew.\n")
    name = "2026-10-02-the-notebook-at-seven.md"
    (posts / "notebook" / name).rename(posts / name)


def _feeder(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(TOP), "SOURCE_DATE_EPOCH": "1793491200"}
    command = [sys.executable, "-m", "feeder", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "change", [_rename, _retitle_and_edit, _delete, _add_and_move], ids=lambda one: one.__name__[1:]
)
def test_a_reader_sees_what_was_said(change: Callable[[Path], None], tmp_path: Path) -> None:
    """To a subscriber who comes back as many entries of each feed are new, and as many modified, as was said."""
    shutil.copytree(TOP / "posts", tmp_path / "posts")
    shutil.copy(TOP / "feeder.toml", tmp_path)
    assert _feeder(tmp_path, "build").returncode == 0
    dist = tmp_path / "dist"
    with serving(dist, tuple(documents(dist))) as address:
        urls = [f"{address}/{path}" for path in FEEDS]
        news(urls, tmp_path / "reader.sqlite")
        change(tmp_path / "posts")
        said = json.loads(_feeder(tmp_path, "diff", "--json").stdout)
        assert _feeder(tmp_path, "build", "--allow-reposted").returncode == 0
        for file in dist.rglob("*.xml"):
            os.utime(file, (4_000_000_000, 4_000_000_000))  # later by more than the second that HTTP counts in
        seen = news(urls, tmp_path / "reader.sqlite")
    came = [*said["new"], *said["older"], *(pair["after"] for pair in said["reposted"])]
    for path, url in zip(FEEDS, urls, strict=True):
        name = "atom.xml" if path == "rss.xml" else path
        wanted = [sum(name in entry["feeds"] for entry in entries) for entries in (came, said["updated"])]
        assert seen[url] == wanted, path
