"""What goes wrong on real machines, done to feeder for real: strange files, full disks, kills, two builds at once."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import feedparser
import pytest

from tests.lacking import lacking

TOP = Path(__file__).parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(TOP), "SOURCE_DATE_EPOCH": "1793491200"}
POST = (
    "---\ntitle: Post {number}\ndate: 2024-05-01 10:{number:02}:00 +0000\ntags: [t{tag}]\n---\n"
    "Body of post {number}. {filler}\n"
)
FEEDER = [sys.executable, "-m", "feeder"]


def _write_posts(site: Path, version: str, count: int = 12) -> None:
    (site / "posts").mkdir(exist_ok=True)
    for number in range(count):
        text = POST.format(number=number, tag=number % 4, filler=f"{version} " * 200)
        (site / "posts" / f"post-{number}.md").write_text(text)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with twelve posts in four tags."""
    (tmp_path / "feeder.toml").write_text('[site]\nurl = "https://example.org"\ntitle = "Example"\n')
    _write_posts(tmp_path, "first")
    return tmp_path


def _build(site: Path, *arguments: str, before: Callable[[], object] | None = None) -> subprocess.CompletedProcess[str]:
    # What is done to feeder must not be done to what measures it.
    environment = {name: value for name, value in ENVIRONMENT.items() if not (before and name.startswith("COVERAGE"))}
    return subprocess.run(
        [*FEEDER, "build", *arguments],
        cwd=site,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=before,
    )


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def _feeds(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in _tree(folder).items() if name.endswith(".xml")}


def _assert_whole(folder: Path, *allowed: dict[str, bytes]) -> None:
    """Every feed in `folder` is one of the versions allowed, byte for byte."""
    for name, data in _feeds(folder).items():
        assert any(version.get(name) == data for version in allowed), f"{name} is neither the old nor the new one"


@pytest.fixture
def versions(site: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The feeds of the first posts and of the second ones; dist holds the first, posts/ the second."""
    other = tmp_path_factory.mktemp("other") / "dist"
    assert _build(site).returncode == 0
    _write_posts(site, "second")
    assert _build(site, "--dist", str(other)).returncode == 0
    return _feeds(site / "dist"), _feeds(other)


# -- strange files


def test_only_regular_files_inside_the_roots_are_read(site: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Links, FIFOs, sockets and devices are named and left out, never waited for; the others are built."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.md").write_text("---\ntitle: Secret\ndate: 2024-01-01\n---\nsecret text\n")
    posts = site / "posts"
    (posts / "link.md").symlink_to(outside / "secret.md")
    (posts / "folder").symlink_to(outside)
    (posts / "loop").symlink_to(posts)
    (posts / "zero.md").symlink_to("/dev/zero")
    os.mkfifo(posts / "fifo.md")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(posts / "socket.md"))
        if os.geteuid() == 0:
            os.mknod(posts / "device.md", 0o600 | 0o020000, os.makedev(1, 5))
        done = _build(site)
    assert done.returncode == 0
    for name in (
        "link.md",
        "zero.md",
        "fifo.md",
        "socket.md",
        "folder",
        "loop",
        *(["device.md"] if os.geteuid() == 0 else []),
    ):
        assert f"posts/{name}: " in done.stderr, name
    assert "12 entries" in done.stderr
    assert b"secret" not in b"".join(_feeds(site / "dist").values())


def test_a_body_of_60_mb_is_named_and_left_out(site: Path) -> None:
    """A file over 10 MB is not read."""
    (site / "posts" / "huge.md").write_text("---\ntitle: Huge\ndate: 2024-01-01\n---\n" + "x" * 60_000_000)
    report = json.loads(_build(site, "--json").stdout)
    assert report["entries"] == 12
    assert [(left["file"], left["code"]) for left in report["left_out"]] == [("posts/huge.md", "too-big")]


@pytest.mark.parametrize("sanitizer", ["nh3", "bleach"])
def test_nested_tags_and_brackets_cost_a_warning(site: Path, sanitizer: str) -> None:
    """100,000 nested tags become an excerpt, 100,000 brackets in front matter a warning; every post is published."""
    posts = site / "posts"
    (site / "feeder.toml").write_text(f'[site]\nurl = "https://example.org"\n[content]\nsanitizer = "{sanitizer}"\n')
    (posts / "nested.html").write_text("---\ntitle: Nested\ndate: 2024-01-01\n---\n" + "<div>" * 100_000 + "deep")
    (posts / "bold.html").write_text("---\ntitle: Bold\ndate: 2024-01-01\n---\n" + "<b>" * 40_000 + "deep")
    (posts / "brackets.md").write_text(
        "---\ntitle: Brackets\ndate: 2024-01-01\ntags: " + "[" * 100_000 + "\n---\nbody\n"
    )
    (posts / "quotes.md").write_text("---\ntitle: Quotes\ndate: 2024-01-01\n---\n" + "> " * 100_000 + "deep\n")
    report = json.loads(_build(site, "--json").stdout)
    assert report["entries"] == 16
    named = {problem["file"] for problem in report["problems"]}
    assert {"posts/nested.html", "posts/bold.html", "posts/brackets.md"} <= named
    for data in _feeds(site / "dist").values():
        assert feedparser.parse(data).bozo == 0


# -- disks


def test_a_full_disk_leaves_the_published_feeds_whole(site: Path) -> None:
    """On a file system with no room left a build ends with 73, says so, and leaves what was there; room repairs it."""
    # A mount in a name space of its own goes with its process, whatever happens to the test.
    script = f"""
        set -e
        mount -t tmpfs -o size=220k tmpfs disk
        {" ".join(FEEDER)} build --dist disk/dist
        cp -r disk/dist before
        mv posts posts1; mv posts2 posts
        set +e
        {" ".join(FEEDER)} build --dist disk/dist; echo "code $?"
        cp -r disk/dist after
        mount -o remount,size=16m disk
        {" ".join(FEEDER)} build --dist disk/dist; echo "code $?"
        cp -r disk/dist repaired
        """
    (site / "disk").mkdir()
    shutil.move(site / "posts", site / "posts1")
    _write_posts(site, "second version, with more to say, so that both do not fit", 40)
    shutil.move(site / "posts", site / "posts2")
    shutil.move(site / "posts1", site / "posts")
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script], cwd=site, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    if "code" not in done.stdout:
        message = f"no tmpfs can be mounted here: {done.stderr.strip()[-200:]}"
        lacking(message)
    assert done.stdout.split("\n")[:2] == ["code 73", "code 0"], done.stderr
    assert "make room" in done.stderr
    assert "Traceback" not in done.stderr
    assert _tree(site / "after") == _tree(site / "before")
    assert _build(site, "--dist", "undisturbed").returncode == 0
    assert _feeds(site / "repaired") == _feeds(site / "undisturbed")
    assert not [name for name in _tree(site / "repaired") if "feeder-new" in name]


def test_a_limit_on_file_sizes_is_an_error_that_changes_nothing(
    site: Path, versions: tuple[dict[str, bytes], dict[str, bytes]]
) -> None:
    """A write that the system cuts short (RLIMIT_FSIZE) ends with 73 and leaves every feed as it was."""
    old, _ = versions
    done = _build(site, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000)))
    assert done.returncode == 73, done.stderr
    assert "Traceback" not in done.stderr
    assert _feeds(site / "dist") == old


def test_a_read_only_dist_is_an_error_that_changes_nothing(
    site: Path, versions: tuple[dict[str, bytes], dict[str, bytes]]
) -> None:
    """A dist that cannot be written ends with 73 and a sentence."""
    old, _ = versions
    script = f"mount --bind dist dist && mount -o remount,ro,bind dist && {' '.join(FEEDER)} build"
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script], cwd=site, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    if "unshare" in done.stderr or "mount:" in done.stderr:
        message = f"nothing can be mounted here: {done.stderr.strip()[-200:]}"
        lacking(message)
    assert done.returncode == 73, done.stderr
    assert "read-only" in done.stderr
    assert _feeds(site / "dist") == old


@pytest.mark.parametrize(
    "call", ["openat", "write", "rename", "renameat", "renameat2", "mkdirat", "fsync", "syncfs", "unlinkat"]
)
def test_a_system_call_that_fails_anywhere_leaves_only_whole_files(
    call: str, site: Path, versions: tuple[dict[str, bytes], dict[str, bytes]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """With EIO injected into the n-th call of a kind, every feed is whole, and the next build repairs."""
    old, new = versions
    if shutil.which("strace") is None:
        message = "strace is not installed"
        lacking(message)
    pristine = tmp_path_factory.mktemp("pristine") / "dist"
    shutil.copytree(site / "dist", pristine)
    first, step = (400, 331) if call == "openat" else (1, 7)
    for nth in range(first, first + step * 5, step):
        shutil.rmtree(site / "dist")
        shutil.copytree(pristine, site / "dist")
        command = [
            "strace",
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            f"trace={call}",
            "-e",
            f"inject={call}:error=EIO:when={nth}",
        ]
        done = subprocess.run(
            [*command, *FEEDER, "build"], cwd=site, env=ENVIRONMENT, capture_output=True, text=True, check=False
        )
        _assert_whole(site / "dist", old, new)
        assert "Traceback" not in done.stderr or "feeder" not in done.stderr, done.stderr
        assert _build(site, "--allow-shrink").returncode == 0
        assert _feeds(site / "dist") == new
        assert not [name for name in _tree(site / "dist") if "feeder-new" in name or "unfinished" in name]


# -- kills and company


def test_a_build_killed_at_any_moment_leaves_whole_files_and_the_next_repairs(
    site: Path, versions: tuple[dict[str, bytes], dict[str, bytes]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SIGKILL after a random time: every feed is the old or the new one, and all are new one build later."""
    old, new = versions
    pristine = tmp_path_factory.mktemp("pristine") / "dist"
    shutil.copytree(site / "dist", pristine)
    started = time.monotonic()
    assert _build(site, "--dist", "timed").returncode == 0
    whole = time.monotonic() - started
    chance = random.Random(4287)
    for _ in range(12):
        shutil.rmtree(site / "dist")
        shutil.copytree(pristine, site / "dist")
        build = subprocess.Popen([*FEEDER, "build"], cwd=site, env=ENVIRONMENT, stderr=subprocess.DEVNULL)
        time.sleep(whole * chance.uniform(0.3, 1.05))
        build.send_signal(signal.SIGKILL)
        build.wait()
        _assert_whole(site / "dist", old, new)
        assert _build(site).returncode == 0
        assert _feeds(site / "dist") == new
        assert not [name for name in _tree(site / "dist") if "feeder-new" in name or "unfinished" in name]


@pytest.mark.parametrize("nth", range(1, 40, 3))
def test_a_build_killed_at_the_nth_rename_leaves_whole_files(
    nth: int, site: Path, versions: tuple[dict[str, bytes], dict[str, bytes]]
) -> None:
    """Killed at a rename, as by a power cut between two: old and new files, all whole, repaired by the next build."""
    old, new = versions
    if shutil.which("strace") is None:
        message = "strace is not installed"
        lacking(message)
    calls = "rename,renameat,renameat2,unlinkat"
    command = [
        "strace",
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        f"trace={calls}",
        "-e",
        f"inject={calls}:signal=SIGKILL:when={nth}",
    ]
    subprocess.run([*command, *FEEDER, "build"], cwd=site, env=ENVIRONMENT, capture_output=True, check=False)
    _assert_whole(site / "dist", old, new)
    assert _build(site).returncode == 0
    assert _feeds(site / "dist") == new


@pytest.fixture
def holder(site: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds dist as a build does."""
    (site / "dist").mkdir(exist_ok=True)
    code = (
        "import fcntl, os, time; fcntl.flock(os.open('dist', os.O_RDONLY), fcntl.LOCK_EX); "
        "print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=site, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_build_exits_75(site: Path, holder: subprocess.Popen[str]) -> None:
    """While another build holds dist, a build ends with 75 and says how to wait."""
    done = _build(site)
    assert done.returncode == 75
    assert "--wait" in done.stderr
    assert holder.poll() is None


def test_a_second_build_waits_when_told_so(site: Path, holder: subprocess.Popen[str]) -> None:
    """With --wait it goes on as soon as the other one is done."""
    waiting = subprocess.Popen([*FEEDER, "build", "--wait", "50"], cwd=site, env=ENVIRONMENT, stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    assert waiting.poll() is None
    holder.kill()
    assert waiting.wait(40) == 0


def test_two_builds_at_once_give_what_one_gives(
    site: Path, versions: tuple[dict[str, bytes], dict[str, bytes]]
) -> None:
    """Started together, both end with 0, and dist is as one build leaves it."""
    _, new = versions
    builds = [
        subprocess.Popen([*FEEDER, "build", "--wait", "50"], cwd=site, env=ENVIRONMENT, stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert [build.wait() for build in builds] == [0, 0]
    assert _feeds(site / "dist") == new


# -- strangers in dist


def test_nothing_is_written_or_removed_outside_dist(site: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Links in dist are replaced and not followed; files that feeder did not write stay."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / "atom.xml").write_text("theirs")
    dist = site / "dist"
    dist.mkdir()
    (dist / "CNAME").write_text("example.org")
    (dist / ".nojekyll").touch()
    (dist / "tags").symlink_to(outside)
    (dist / "atom.xml").symlink_to(outside / "atom.xml")
    assert _build(site).returncode == 0
    assert {file.name for file in outside.iterdir()} == {"atom.xml"}
    assert (outside / "atom.xml").read_text() == "theirs"
    assert not (dist / "tags").is_symlink()
    assert not (dist / "atom.xml").is_symlink()
    assert (dist / "CNAME").read_text() == "example.org"
    assert (dist / ".nojekyll").exists()


def test_a_file_of_ours_that_somebody_changed_is_not_removed(site: Path) -> None:
    """A feed that is no longer published but was edited stays where it is, and is reported."""
    assert _build(site).returncode == 0
    (site / "dist" / "tags" / "t3" / "atom.xml").write_text("edited")
    for number in (3, 7, 11):
        (site / "posts" / f"post-{number}.md").unlink()
    done = _build(site)
    assert done.returncode == 0
    assert "dist/tags/t3/atom.xml: warning[not-ours]" in done.stderr
    assert (site / "dist" / "tags" / "t3" / "atom.xml").read_text() == "edited"
    assert not (site / "dist" / "tags" / "t3" / "rss.xml").exists()


def test_a_hostile_manifest_removes_and_writes_nothing_outside(site: Path) -> None:
    """A manifest that names files outside of dist, or slugs with slashes, is not followed: one warning."""
    (site / "precious.txt").write_text("precious")
    assert _build(site).returncode == 0
    manifest = site / "dist" / "feeder-manifest.json"
    good = json.loads(manifest.read_text())
    for change in (
        {"files": {"../precious.txt": ["3" * 64]}},
        {"files": {"/etc/passwd": ["3" * 64]}},
        {"slugs": {"tags": {"t1": "../../x"}}},
        {"slugs": {"tags": {"t1": ".."}}},
        {"entries": 5},
        {"feeder": 99},
    ):
        manifest.write_text(json.dumps({**good, **change}))
        done = _build(site)
        assert done.returncode == 0
        assert "dist/feeder-manifest.json: warning[manifest]" in done.stderr
        assert json.loads(manifest.read_text()) == good
    manifest.write_bytes(b"\xff\x00[[[[" * 1000)
    assert _build(site).returncode == 0
    assert (site / "precious.txt").read_text() == "precious"
