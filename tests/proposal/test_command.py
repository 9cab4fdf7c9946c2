"""`feeder init` as a person meets it."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

TOP = Path(__file__).parents[2]


def feeder(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run feeder in `folder`."""
    return subprocess.run(
        [sys.executable, "-m", "feeder", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(TOP), "SOURCE_DATE_EPOCH": "1793491200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_first_configuration(tmp_path: Path) -> None:
    """It says what is there, leaves the address open in what it writes, and a build says that it is missing."""
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "a.md").write_text("---\ntitle: A\ndate: 2025-01-01\n---\nText.\n")
    done = feeder(tmp_path, "init")
    assert (done.returncode, done.stdout) == (0, "")
    assert "posts       1\n" in done.stderr
    assert done.stderr.endswith("feeder.toml was written: read it, then run `feeder build`\n")
    missing = feeder(tmp_path, "build")
    assert missing.returncode == 2
    assert "the site's address is missing: set `url` under [site] in feeder.toml" in missing.stderr
    again = feeder(tmp_path, "init")
    assert again.returncode == 2
    assert "feeder.toml is there already, and was left as it is" in again.stderr


def test_printed_and_built(tmp_path: Path) -> None:
    """`--print` writes nothing but on stdout; with the address a build works right after it."""
    site = tmp_path / "site"
    (site / "texts").mkdir(parents=True)
    (site / "texts" / "a.md").write_text("---\ntitle: A\ndate: 2025-01-01\n---\nText.\n")
    printed = feeder(tmp_path, "init", "site", "--print", "--site-url", "https://example.org")
    assert tomllib.loads(printed.stdout)["posts"] == {"roots": "texts"}
    assert not (site / "feeder.toml").exists()
    done = feeder(tmp_path, "init", "site", "--site-url", "https://example.org")
    assert done.stderr.endswith(
        "site/feeder.toml was written: read it, then run `feeder build --config site/feeder.toml`\n"
    )
    assert (site / "feeder.toml").read_text() == printed.stdout
    built = feeder(tmp_path, "build", "--config", "site/feeder.toml")
    assert built.returncode == 0
    assert "1 post read, 1 entry" in built.stderr
