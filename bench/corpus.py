"""The posts that benchmarks run on: the real archives of `../shared`, or a generated corpus of their shape; multiplied.

Every corpus is made once, below `build/bench`, and used again: `made.txt`, written last, says that it is whole.
"""

from __future__ import annotations

import os
import shutil
import sys
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench import generated, multiplied, tagged

_TOP = Path(__file__).resolve().parent.parent
ROOTS = ("mirror", "magazine")
URL = "https://example.org"
TITLE = "Benchmark"
_FORMAT = 1
"""To be raised when what is made changes: what stands in the folder is then made again."""
_MARKER = "made.txt"
_CONFIGURATION = f"""\
[site]
url = "{URL}"
title = "{TITLE}"

[posts]
roots = ["{ROOTS[0]}", "{ROOTS[1]}"]
"""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a corpus is made: each archive so many times, then every so-manieth post, then tags drawn by chance."""

    name: str
    mirrors: int
    magazines: int
    every: int = 1
    tags: int = 0

    @property
    def words(self) -> str:
        """What it is, in words."""
        part = "" if self.every == 1 else ", one post in two of that"
        tags = f", two tags a post of {self.tags:,} by Zipf's law" if self.tags else ""
        return f"`mirror` {_times(self.mirrors)} and `magazine` {_times(self.magazines)}{part}{tags}"


ONCE = Recipe("once", 1, 1)
TEN = Recipe("10k", 1, 10, every=2)
TWENTY_ONE = Recipe("21k", 1, 10)
HUNDRED = Recipe("100k", 5, 50)
MILLION = Recipe("1m", 48, 480)
TAGGED = Recipe("21k-tags", 1, 10, tags=5_000)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Posts on disk: `folder` holds the roots and a feeder.toml; how many, their bytes, and in words what they are."""

    folder: Path
    words: str
    count: int
    size: int

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
        if (made := _made(folder)) is None:
            files = self.files()
            chosen = (files[number * len(files) // count] for number in range(min(count, len(files))))
            made = _finish(folder, _link(self.folder, chosen, _emptied(folder)))
        return Corpus(folder, f"{count} of them", *made)

    def linked(self, folder: Path) -> Corpus:
        """Return a copy of hard links in `folder`: files may be replaced, added and removed there, but not edited."""
        made = _finish(folder, _link(self.folder, self.files(), _emptied(folder)))
        return Corpus(folder, self.words, *made)

    def warm(self) -> None:
        """Read every file once, so that the next to read it reads memory and not the disk."""
        for path in self.files():
            path.read_bytes()


class Corpora:
    """Makes corpora below a folder, of the real archives where they are, or else of what `bench.generated` writes."""

    def __init__(self, work: Path) -> None:
        shared = Path(os.environ.get("FEEDER_SHARED") or _TOP.parent / "shared")
        self._archives = [shared / "corpus" / f"{root}.tar.xz" for root in ROOTS]
        self._real = all(archive.is_file() for archive in self._archives)
        self._place = work / ("archives" if self._real else "generated")

    def make(self, recipe: Recipe) -> Corpus:
        """Return the corpus of that recipe, made where it is not there yet."""
        folder = self._place / recipe.name
        if (made := _made(folder)) is None:
            print(f"bench: writing the posts of {recipe.name} …", file=sys.stderr)
            made = _finish(folder, self._write(recipe, _emptied(folder)))
        return Corpus(folder, f"{recipe.words} ({self._source})", *made)

    @property
    def _source(self) -> str:
        if self._real:
            return "real archives: `mirror` is Chinese, short, plain text, `magazine` long HTML"
        return f"generated in the shape of two real archives, seed {generated.SEED}"

    def _write(self, recipe: Recipe, folder: Path) -> tuple[int, int]:
        if recipe.every > 1:
            whole = self.make(Recipe("21k", recipe.mirrors, recipe.magazines))
            return _link(whole.folder, whole.files()[:: recipe.every], folder)
        if recipe == ONCE:
            self._write_originals(folder)
        else:
            once = self.make(ONCE).folder
            for root, copies in zip(ROOTS, (recipe.mirrors, recipe.magazines), strict=True):
                multiplied.write_copies(multiplied.read_originals(once, root), range(copies), folder)
        files = sorted(folder.rglob("*.md"))
        if recipe.tags:
            tagged.retag(files, recipe.tags)
        return len(files), sum(file.stat().st_size for file in files)

    def _write_originals(self, folder: Path) -> None:
        if not self._real:
            generated.generate(folder)
            return
        for archive in self._archives:
            with tarfile.open(archive) as tar:
                if hasattr(tarfile, "data_filter"):
                    tar.extractall(folder, filter="data")
                else:  # Python before 3.11.4; the archive is our own
                    tar.extractall(folder)  # noqa: S202


def _made(folder: Path) -> tuple[int, int] | None:
    """Return the number of posts and of bytes of a corpus that is there, whole and of this format."""
    try:
        made, count, size = (folder / _MARKER).read_text(encoding="utf-8").split()
    except (FileNotFoundError, ValueError):
        return None
    return (int(count), int(size)) if int(made) == _FORMAT else None


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    for root in ROOTS:
        (folder / root).mkdir(parents=True, exist_ok=True)
    return folder


def _finish(folder: Path, made: tuple[int, int]) -> tuple[int, int]:
    (folder / "feeder.toml").write_text(_CONFIGURATION, encoding="utf-8")
    (folder / _MARKER).write_text(f"{_FORMAT} {made[0]} {made[1]}\n", encoding="utf-8")
    return made


def _link(source: Path, files: Iterable[Path], folder: Path) -> tuple[int, int]:
    count = size = 0
    parents: set[str] = set()
    for path in files:
        place = os.path.join(folder, os.path.relpath(path, source))
        if (parent := os.path.dirname(place)) not in parents:
            os.makedirs(parent, exist_ok=True)
            parents.add(parent)
        os.link(path, place)
        count, size = count + 1, size + path.stat().st_size
    return count, size


def _times(number: int) -> str:
    return {1: "once", 10: "ten times"}.get(number, f"{number} times")
