"""The posts that benchmarks run on: the real archives of `../shared`, or a generated corpus of their shape."""

from __future__ import annotations

import os
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path

from bench.generated import SEED, generate

_TOP = Path(__file__).resolve().parent.parent
ROOTS = ("mirror", "magazine")
URL = "https://example.org"
_CONFIGURATION = f"""\
[site]
url = "{URL}"
title = "Benchmark"

[posts]
roots = {list(ROOTS)}
"""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Posts on disk: `folder` holds the roots and a feeder.toml, `origin` says in words what they are."""

    folder: Path
    origin: str

    @property
    def posts(self) -> tuple[Path, ...]:
        """Its roots."""
        return tuple(self.folder / root for root in ROOTS)

    @property
    def configuration(self) -> Path:
        """Its feeder.toml."""
        return self.folder / "feeder.toml"

    def files(self) -> list[Path]:
        """Return all posts, sorted by path."""
        return sorted(path for root in self.posts for path in root.rglob("*.md"))

    def sample(self, count: int) -> Corpus:
        """Return `count` of the posts, spread evenly over all of them, as a corpus of its own."""
        folder = self.folder.with_name(f"{self.folder.name}-{count}")
        if not (folder / "feeder.toml").exists():
            shutil.rmtree(folder, ignore_errors=True)
            files = self.files()
            for number in range(min(count, len(files))):
                path = files[number * len(files) // count]
                place = folder / path.relative_to(self.folder)
                place.parent.mkdir(parents=True, exist_ok=True)
                os.link(path, place)
            _configure(folder)
        return Corpus(folder, f"{count} of them")


def prepare(work: Path) -> Corpus:
    """Return the corpus below `work`, made where it is not there yet: the real one where there are archives."""
    shared = Path(os.environ.get("FEEDER_SHARED") or _TOP.parent / "shared")
    archives = [shared / "corpus" / f"{root}.tar.xz" for root in ROOTS]
    real = all(archive.is_file() for archive in archives)
    folder = work / ("archives" if real else "generated")
    if not (folder / "feeder.toml").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if real:
            for archive in archives:
                _unpack(archive, folder)
        else:
            generate(folder)
        _configure(folder)
    if real:
        return Corpus(folder, "two real archives, `mirror` (Chinese, short, plain text) and `magazine` (long HTML)")
    return Corpus(folder, f"a generated corpus of the real archives' shape (bench/generated.py, seed {SEED})")


def _unpack(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as tar:
        if hasattr(tarfile, "data_filter"):
            tar.extractall(folder, filter="data")
        else:  # Python before 3.11.4; the archive is our own
            tar.extractall(folder)  # noqa: S202


def _configure(folder: Path) -> None:
    """Write feeder.toml: last, for it says that the folder is whole."""
    for root in ROOTS:
        (folder / root).mkdir(parents=True, exist_ok=True)
    (folder / "feeder.toml").write_text(_CONFIGURATION.replace("'", '"'), encoding="utf-8")
