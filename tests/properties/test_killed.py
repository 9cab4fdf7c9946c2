"""A build that the system kills at a random call of its own: the next one gives what a build from nothing gives."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from tests.lacking import lacking
from tests.properties.posts import posts
from tests.properties.world import BELOW, FOUND, NOW, OTHER, Post, World

TOP = Path(__file__).parent.parent.parent
# What a build does between its first write and its last. Most calls of a process are those of Python's start: the
# first of some kinds are not worth to be hit.
CALLS = {
    "openat": (150, 600),
    "write,pwrite64": (1, 60),
    "rename,renameat,renameat2,unlink,unlinkat": (1, 30),
    "fsync,fdatasync,syncfs": (1, 16),
    "ftruncate,mkdir,mkdirat,flock,fcntl": (1, 100),
    "mmap,close": (300, 950),
}
NTH = st.sampled_from(sorted(CALLS)).flatmap(lambda calls: st.tuples(st.just(calls), st.integers(*CALLS[calls])))
PLACES = tuple(f"{root}/{name}.md" for root in (FOUND, BELOW, OTHER) for name in "ab")


@pytest.fixture(autouse=True)
def _strace() -> None:
    if shutil.which("strace") is None:
        lacking("strace is not installed")


@given(
    first=st.dictionaries(st.sampled_from(PLACES), posts(), max_size=4),
    then=st.dictionaries(st.sampled_from(PLACES), st.one_of(st.none(), posts()), min_size=1, max_size=3),
    built=st.booleans(),
    deaths=st.lists(NTH, min_size=1, max_size=2),
)
@profile(max_examples=12)
def test_a_build_killed_at_any_system_call_is_made_good_by_the_next(
    first: dict[str, Post], then: dict[str, Post | None], built: bool, deaths: list[tuple[str, int]]
) -> None:
    """Killed at random calls, with and without a build before: dist holds whole files, and is then as from nothing."""
    top = Path(tempfile.mkdtemp(prefix="feeder-killed-"))
    try:
        world = World(top / "site")
        for path, post in first.items():
            world.write(path, post)
        if built:
            world.check()
        for path, change in then.items():
            if change is None:
                world.delete(path)
            else:
                world.write(path, change)
        for calls, nth in deaths:
            world.dies(partial(_build_and_die, world, calls, nth))
        world.check()
    finally:
        shutil.rmtree(top)


def _build_and_die(world: World, calls: str, nth: int) -> None:
    world.configuration()  # writes it
    command = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}"]
    command += ["-e", f"inject={calls}:signal=SIGKILL:when={nth}", sys.executable, "-m", "feeder", "build"]
    command += ["--config", str(world.folder / "feeder.toml"), "--dist", str(world.dist), "--cache", str(world.cache)]
    command += ["--site-url", "https://example.org", "--engine", "serial", "--allow-shrink"]
    environment = {**os.environ, "PYTHONPATH": str(TOP), "SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))}
    subprocess.run(command, cwd=world.folder, env=environment, capture_output=True, check=False, timeout=120)
