"""What the tests of checks share: good documents, that feeder itself built."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.check.variants import Dist

HERE = Path(__file__).parent
TOP = HERE.parent.parent


@pytest.fixture(scope="session")
def weir(tmp_path_factory: pytest.TempPathFactory) -> Dist:
    """Good documents: the feeds of `site/`, as feeder builds them."""
    folder = tmp_path_factory.mktemp("weir") / "dist"
    done = subprocess.run(
        [sys.executable, "-m", "feeder", "build", "--no-cache", "--dist", str(folder)],
        cwd=HERE / "site",
        env={**os.environ, "PYTHONPATH": str(TOP), "SOURCE_DATE_EPOCH": "1793491200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}
