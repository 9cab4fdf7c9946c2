"""Where a build's time goes: its stack is looked at every millisecond, by a signal, and nothing is patched.

`python -m bench.profile ARGUMENTS…` runs `feeder ARGUMENTS…` and prints a line `SECONDS<tab>STEP` for every step.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from bench import builds
from bench.corpus import Corpus
from bench.measure import BenchError

_TOP = Path(__file__).resolve().parent.parent
_PACKAGE = str(_TOP / "feeder") + "/"
_PERIOD = 0.001
_IMPORTS = "importing modules"
_REST = "the rest"
_OUTSIDE = "Python itself, before and after"
# Modules below feeder/, functions, step: the first that fits a frame names it, and frames that none fits are passed by.
_STEPS = tuple(
    (re.compile(module), re.compile(function), step)
    for module, function, step in (
        (r"collect/walk", "", "walking the folders"),
        (r"collect/|plainyaml", "", "reading, splitting and parsing heads"),
        (r"normalise/identity|normalise/vocabulary|normalise/terms|normalise/slug", "", "identity and terms"),
        (r"normalise/(head|timestamps|zones|titles|permalinks)", "", "values of heads: instants, titles, links"),
        (r"normalise/(markup|liquid)", "", "Markdown and Liquid"),
        (r"normalise/(repair|embeds|enclosures)", "", "repairing markup"),
        (r"normalise/(guards|tame)", "", "guards"),
        (r"normalise/(sanitise|links)", "", "cleaning, and making links absolute"),
        (r"normalise/", "", "content: shape, text, summary"),
        (r"plan/|planning|survey|joining", "", "planning"),
        (r"render/", "check", "checking documents"),
        (r"render/", "_envelope|around|_generator", "assembling documents"),
        (r"render/", "", "serialising entries"),
        (r"write/", "sync", "writing: syncing"),
        (r"write/", "publish_file|_publish", "writing: renaming"),
        (r"write/", "stage", "writing: staging"),
        (r"write/", "", "writing: comparing, manifest and the rest"),
        (r"cache/|fingerprint", "", "the cache"),
        (r"engine/|pipeline|cli|report|config/|explain|printing", "", _REST),
    )
)


class _Sampler:
    """Counts the seconds that this thread spends in each step.

    A signal looks, not a thread: that one would only ever see the calls that let it run, such as those into SQLite.
    """

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._last = time.perf_counter()

    def start(self) -> None:
        signal.signal(signal.SIGALRM, self._look)
        signal.setitimer(signal.ITIMER_REAL, _PERIOD, _PERIOD)

    def stop(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _look(self, _: int, frame: FrameType | None) -> None:
        now = time.perf_counter()
        self.seconds[_step(frame)] += now - self._last
        self._last = now


def _step(frame: FrameType | None) -> str:
    """Return the innermost frame's step, or that modules are imported, wherever on the stack that is."""
    found = ""
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith("<frozen importlib"):
            return _IMPORTS
        if not found and code.co_filename.startswith(_PACKAGE):
            module = code.co_filename[len(_PACKAGE) :]
            found = next((step for path, name, step in _STEPS if path.match(module) and name.search(code.co_name)), "")
        frame = frame.f_back
    return found or _REST


def main() -> None:
    """Run feeder with this process's arguments, and print what was found."""
    sampler = _Sampler()
    sampler.start()
    try:
        from feeder.cli import main as feeder  # noqa: PLC0415 - importing it is part of what is measured

        sys.argv[0] = "feeder"
        feeder()
    finally:
        sampler.stop()
        for step, seconds in sampler.seconds.items():
            print(f"{seconds}\t{step}")


def profile_rows(corpora: Sequence[tuple[str, Corpus]], scratch: Path) -> Iterator[str]:
    """Build each corpus once, and yield a table of what its steps took."""
    found = [_profiled(corpus, scratch / "profile") for _, corpus in corpora]
    totals = [sum(seconds.values()) for seconds in found]
    columns = " | ".join(f"{name}, seconds | share" for name, _ in corpora)
    yield f"| | {columns} |"
    yield f"|---|{'---:|' * 2 * len(corpora)}"
    steps = dict.fromkeys([_OUTSIDE, _IMPORTS, *(step for _, _, step in _STEPS)])
    for step in steps:
        cells = (f"{one[step]:.2f} | {one[step] / total:.1%}" for one, total in zip(found, totals, strict=True))
        yield f"| {step} | {' | '.join(cells)} |"
    yield f"| together | {' | '.join(f'{total:.2f} | ' for total in totals)} |"


def _profiled(corpus: Corpus, state: Path) -> defaultdict[str, float]:
    command = builds.feeder(corpus, state, "--engine", "serial")
    command.prepare()
    corpus.warm()
    argv = (builds.PYTHON, "-m", "bench.profile", *command.argv[len(builds.FEEDER) :])
    started = time.perf_counter()
    done = subprocess.run(argv, capture_output=True, text=True, cwd=_TOP, check=False)
    whole = time.perf_counter() - started
    if done.returncode:
        raise BenchError(f"this failed: {' '.join(argv)}\n{done.stderr[-2000:]}")
    print(f"  a profile of {corpus.count:,} posts: {whole:.2f} s", file=sys.stderr)
    lines = (line.partition("\t") for line in done.stdout.splitlines())
    found = defaultdict(float, {step: float(seconds) for seconds, tab, step in lines if tab})
    found[_OUTSIDE] = max(whole - sum(found.values()), 0)
    return found


if __name__ == "__main__":
    main()
