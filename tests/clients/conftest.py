"""The sites that readers are tried on, each built once a run with every format that feeder writes."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from feeder.render.formats import FORMATS
from tests.clients.readers import READERS
from tests.lacking import lacking

_TOP = Path(__file__).parent.parent.parent
_NOW = "1793491200"
# Large feeds, or many: a reader need not be shown the same five hundred entries once a tag.
_MANY = "limit = 12\n"
_LONG = "limit = 6\n"
_LARGE = "limit = 150\n[taxonomies.tags]\nkeys = []\n"
_CORPORA = {
    "mirror": (("_posts", "archived"), _MANY),
    "magazine": (("_posts",), _LONG),
    "agency": (("_posts",), _LARGE),
}


@pytest.fixture(scope="session")
def installed() -> None:
    """All readers; where one is missing the tests that use it are left out, or in CI fail."""
    missing = [one.name for one in READERS if not one.is_there]
    if missing:
        lacking(f"readers that are not installed: {', '.join(missing)} (`make clients` installs and runs them)")


@pytest.fixture(scope="session", params=("posts", "golden", *_CORPORA))
def dist(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, corpus: Callable[[str], Path]
) -> Path:
    """A dist: of this project's posts, of every golden site side by side, of a corpus."""
    name: str = request.param
    base = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        base = base.parent  # what the workers of one run have in common
    folder = base / "read" / name
    folder.mkdir(parents=True, exist_ok=True)
    with (base / f"read-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "dist").is_dir():
            _make(name, folder, corpus)
    return folder / "dist"


def _make(name: str, folder: Path, corpus: Callable[[str], Path]) -> None:
    if name == "golden":
        for site in sorted((_TOP / "tests" / "sites").iterdir()):
            shutil.copytree(site / "expected" / "dist", folder / "made" / site.name)
        (folder / "made").rename(folder / "dist")
        return
    formats = ", ".join(f'"{one}"' for one in FORMATS)
    if name == "posts":
        text = (_TOP / "feeder.toml").read_text()
        assert 'formats = ["atom", "rss"]' in text
        text = text.replace('formats = ["atom", "rss"]', f'formats = [{formats}]\narchive = ["site", "categories"]')
        text = text.replace("[posts]\n", f'[posts]\nroots = "{_TOP / "posts"}"\n')
    else:
        folders, limits = _CORPORA[name]
        roots = ", ".join(f'"{corpus(name) / root}"' for root in folders)
        text = (
            f'[site]\nurl = "https://{name}.example.org"\ntitle = "{name}"\n'
            f'[posts]\nroots = [{roots}]\npermalink = "/:year/:month/:day/:title/"\n'
            f"[feeds]\nformats = [{formats}]\n{limits}"
        )
    (folder / "feeder.toml").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "feeder", "build", "--no-cache", "--dist", "made"],
        cwd=folder,
        env={"PATH": "", "PYTHONPATH": str(_TOP), "SOURCE_DATE_EPOCH": _NOW},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (folder / "made").rename(folder / "dist")
