"""The commands that build: feeder's and its peers', each with a folder of its own for all that it writes."""

from __future__ import annotations

import shutil
import sys
from functools import partial
from pathlib import Path

from bench.corpus import URL, Corpus
from bench.measure import Command, Failing
from bench.peer import Peer

_HERE = Path(__file__).resolve().parent
PYTHON = sys.executable
FEEDER = (PYTHON, "-m", "feeder")


def empty(folder: Path) -> None:
    """Remove a folder and all that is in it."""
    shutil.rmtree(folder, ignore_errors=True)


def feeder(corpus: Corpus, state: Path, *options: str, name: str = "`feeder build`") -> Command:
    """Return `feeder build`, cold at every run: `state` holds its cache and its dist."""
    cache = () if "--no-cache" in options else ("--cache", str(state / "cache.sqlite3"))
    files = ("--dist", str(state / "dist"), *cache)
    argv = (*FEEDER, "build", *map(str, corpus.posts), *files, "--config", str(corpus.configuration), "--quiet")
    return Command(name, (*argv, *options), partial(_fresh, state), state / "dist")


def hugo(peer: Peer, corpus: Corpus, state: Path, source: Path | None = None) -> Command:
    """Return Hugo's build, cold at every run; `source` is the folder of another configuration than its own."""
    folders = ("--source", str(source or peer.folder), "--contentDir", str(corpus.folder))
    written = ("--destination", str(state / "dist"), "--cacheDir", str(state / "cache"))
    argv = (*peer.program, *folders, *written, "--noBuildLock", "--quiet")
    return Command(peer.name, argv, partial(_fresh, state), state / "dist")


def eleventy(peer: Peer, corpus: Corpus, state: Path) -> Command:
    """Return Eleventy's build, cold at every run."""
    configuration = f"--config={peer.folder / 'eleventy.config.js'}"
    argv = (*peer.program, configuration, f"--input={corpus.folder}", f"--output={state / 'dist'}", "--quiet")
    return Command(peer.name, argv, partial(_fresh, state), state / "dist", Failing.RESULT)


def pelican(peer: Peer, corpus: Corpus, state: Path) -> Command:
    """Return Pelican's build, cold at every run."""
    settings = ("--settings", str(peer.folder / "pelicanconf.py"), "--output", str(state / "dist"), "--quiet")
    argv = (*peer.program, str(corpus.folder), *settings)
    return Command(peer.name, argv, partial(_fresh, state), state / "dist", Failing.RESULT)


def straightforward(corpus: Corpus, state: Path) -> Command:
    """Return the straightforward script, which knows no second build."""
    argv = (PYTHON, str(_HERE / "straightforward.py"), URL, str(state / "dist"), *map(str, corpus.posts))
    return Command("the straightforward script", argv, partial(_fresh, state), state / "dist")


def _fresh(state: Path) -> None:
    empty(state)
    state.mkdir(parents=True)
