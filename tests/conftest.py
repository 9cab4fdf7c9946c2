"""What every test may ask for: the corpora beside the clone, hypothesis's settings, the option `--golden`."""

from __future__ import annotations

import fcntl
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase

_TOP = Path(__file__).resolve().parent.parent
_IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
_SHARED = Path(os.environ.get("FEEDER_SHARED") or _TOP.parent / "shared")
_NO_CORPORA = f"no corpora: {_SHARED} is not there (FEEDER_SHARED names another folder)"

settings.register_profile(
    "dev",
    deadline=None,  # a busy machine is no failure
    max_examples=60,
    database=DirectoryBasedExampleDatabase(_TOP / "build" / "cache" / "hypothesis"),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True, database=None, print_blob=True)
settings.register_profile("long", settings.get_profile("dev"), max_examples=5_000)
settings.load_profile("ci" if _IN_CI else "dev")  # --hypothesis-profile=long comes after this, and wins


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--golden`."""
    parser.addoption("--golden", action="store_true", help="write the golden files anew")


@pytest.fixture(scope="session")
def rewrite_golden(pytestconfig: pytest.Config) -> bool:
    """Whether golden files are to be written anew (`make golden`)."""
    return bool(pytestconfig.getoption("--golden"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of the corpora, to be read only: `../shared` or FEEDER_SHARED; without it the test is left out.

    In CI it has to be there.
    """
    if not (_SHARED / "corpus").is_dir():
        if _IN_CI:
            pytest.fail(_NO_CORPORA, pytrace=False)
        pytest.skip(_NO_CORPORA)
    return _SHARED


@pytest.fixture(scope="session")
def hostile(shared: Path) -> Callable[[str], list[Any]]:
    """The items of `hostile/NAME.json` by NAME: attack strings and bad input that others collected."""

    def items(name: str) -> list[Any]:
        document = json.loads((shared / "hostile" / f"{name}.json").read_text(encoding="utf-8"))
        found: list[Any] = document["items"]
        assert len(found) == document["count"], f"{name}.json is not whole"
        return found

    return items


@pytest.fixture(scope="session")
def corpus(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a corpus by its name (`mirror`, `magazine`, `agency`), to be read only.

    It is unpacked once for all workers of a run.
    """
    base = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        base = base.parent  # what the workers of one run have in common

    def folder(name: str) -> Path:
        unpacked = base / "corpus" / name
        with _locked(base / f"{name}.lock"):
            if not unpacked.is_dir():
                _unpack(shared / "corpus" / f"{name}.tar.xz", unpacked)
        return unpacked / name

    return folder


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # released when the file is closed
        yield


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack `archive` so that `folder` is there whole or not at all."""
    partial = folder.with_suffix(".partial")
    with tarfile.open(archive) as tar:
        if hasattr(tarfile, "data_filter"):
            tar.extractall(partial, filter="data")
        else:  # Python before 3.11.4
            tar.extractall(partial)
    partial.rename(folder)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end of a run what was not tested for want of the corpora."""
    skipped = terminalreporter.stats.get("skipped", [])
    count = sum(isinstance(report.longrepr, tuple) and _NO_CORPORA in report.longrepr[2] for report in skipped)
    if count:
        terminalreporter.write_line(f"Tests over the corpora left out: {count}, {_NO_CORPORA}.", yellow=True)
