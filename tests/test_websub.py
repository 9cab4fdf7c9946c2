"""Telling a WebSub hub what changed: a real hub on this machine, that is down, slow, busy or somewhere else."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from feeder import websub
from feeder.errors import CannotWriteError, UnavailableError, UsageError
from feeder.websub import NAME, Changed, Clock, note, noted, ping, topics

TOPICS = ("https://example.org/atom.xml", "https://example.org/tags/%E8%87%BA/rss.xml")


@dataclass
class Hub:
    """What a hub was told, and what it answers: `answers` in turn, then 204."""

    answers: list[int] = field(default_factory=list)
    told: list[list[str]] = field(default_factory=list)
    retry_after: str = ""
    seconds: float = 0
    port: int = 0

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/"


@pytest.fixture
def hub() -> Iterator[Hub]:
    """A hub."""
    state = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())
            time.sleep(state.seconds)
            status = state.answers.pop(0) if state.answers else 204
            if status == 204:
                assert form[0] == ("hub.mode", "publish")
                assert {name for name, _ in form[1:]} == {"hub.url"}
                state.told.append([value for _, value in form[1:]])
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "http://127.0.0.1:9/")
            if state.retry_after:
                self.send_header("Retry-After", state.retry_after)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        state.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield state
        server.shutdown()


@dataclass
class Time:
    """A clock on which only sleep moves the hands."""

    passed: float = 0
    pauses: list[float] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        """The clock."""
        return Clock(lambda: self.passed, self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.passed += seconds


def test_a_hub_is_told_once(hub: Hub, tmp_path: Path) -> None:
    """The hub is told exactly what changed, in the order of the addresses; told once, it is told no more."""
    note(str(tmp_path), reversed(TOPICS))
    assert list(ping(hub.url, str(tmp_path), 60, Time().clock)) == [TOPICS]
    assert hub.told == [list(TOPICS)]
    assert list(ping(hub.url, str(tmp_path), 60, Time().clock)) == []
    assert noted(str(tmp_path)) == Changed()


def test_many_topics_go_in_batches(hub: Hub, tmp_path: Path) -> None:
    """No request holds more than fifty addresses, and what was told stays told when a later batch fails."""
    many = [f"https://example.org/{number:03}/atom.xml" for number in range(120)]
    note(str(tmp_path), many)
    hub.answers = [204, 404]
    with pytest.raises(UnavailableError):
        list(ping(hub.url, str(tmp_path), 60, Time().clock))
    assert noted(str(tmp_path)) == Changed((), tuple(many[50:]))
    list(ping(hub.url, str(tmp_path), 60, Time().clock))
    assert hub.told == [many[:50], many[50:100], many[100:]]


def test_a_hub_in_trouble_is_asked_again(hub: Hub, tmp_path: Path) -> None:
    """A hub that fails or is busy is asked again, after longer and longer pauses, as long as it asks for if it does."""
    note(str(tmp_path), TOPICS)
    hub.answers = [500, 503, 429, 408]
    watch = Time()
    assert list(ping(hub.url, str(tmp_path), 60, watch.clock)) == [TOPICS]
    assert watch.pauses == [1, 2, 4, 8]
    note(str(tmp_path), TOPICS)
    hub.answers, hub.retry_after = [429], "30"
    watch = Time()
    list(ping(hub.url, str(tmp_path), 60, watch.clock))
    assert watch.pauses == [30]


def test_there_is_an_end_to_asking(hub: Hub, tmp_path: Path) -> None:
    """When the time is over the hub is owed what it was not told, beside what the next build changes."""
    note(str(tmp_path), TOPICS[:1])
    hub.answers = [500] * 20
    watch = Time()
    with pytest.raises(UnavailableError, match=r"not told of 1 addresses: it answered 500, and there was no time left"):
        list(ping(hub.url, str(tmp_path), 20, watch.clock))
    assert watch.pauses == [1, 2, 4, 8]
    note(str(tmp_path), TOPICS[1:])
    note(str(tmp_path), ())
    assert noted(str(tmp_path)).topics == TOPICS[:1]
    note(str(tmp_path), TOPICS[1:])
    hub.answers = []
    assert list(ping(hub.url, str(tmp_path), 20, Time().clock)) == [TOPICS]


@pytest.mark.parametrize(
    ("status", "words"),
    [(400, "it answered 400"), (301, "elsewhere"), (308, "elsewhere"), (404, "`site.hub` is right")],
)
def test_what_will_not_get_better_is_not_tried_again(hub: Hub, tmp_path: Path, status: int, words: str) -> None:
    """A hub that refuses or moved is asked once, and never followed."""
    note(str(tmp_path), TOPICS)
    hub.answers = [status]
    watch = Time()
    with pytest.raises(UnavailableError, match=words):
        list(ping(hub.url, str(tmp_path), 60, watch.clock))
    assert (watch.pauses, hub.told) == ([], [])


def test_a_hub_that_is_down(tmp_path: Path) -> None:
    """Where nobody listens the sentence says so, and the addresses stay owed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    note(str(tmp_path), TOPICS)
    with pytest.raises(UnavailableError, match=r"cannot be reached \(.*refused"):
        list(ping(f"http://127.0.0.1:{port}/", str(tmp_path), 3, Time().clock))
    assert noted(str(tmp_path)) == Changed((), TOPICS)


def test_a_hub_that_is_slow(hub: Hub, tmp_path: Path) -> None:
    """A hub that does not answer in the time that is left is not waited for."""
    hub.seconds = 3
    note(str(tmp_path), TOPICS)
    started = time.monotonic()
    with pytest.raises(UnavailableError, match="timed out"):
        list(ping(hub.url, str(tmp_path), 0.5, Clock(time.monotonic, time.sleep)))
    assert time.monotonic() - started < 2.5


def test_topics(tmp_path: Path) -> None:
    """A document is a topic if it names the hub and itself: no archive, no copy at an old address, no page."""
    hub = "https://hub.example/?a&b"
    (tmp_path / "tags" / "臺").mkdir(parents=True)
    for path, text in {
        "atom.xml": '<link href="https://example.org/f/atom.xml"/><link href="https://hub.example/?a&amp;b"/>',
        "tags/臺/rss.xml": '"https://example.org/f/tags/%E8%87%BA/rss.xml" "https://hub.example/?a&amp;b"',
        "feed.json": '{"feed_url": "https://example.org/f/feed.json", "hubs": [{"url": "https://hub.example/?a&b"}]}',
        "old.xml": '"https://example.org/f/atom.xml" "https://hub.example/?a&amp;b"',
        "archive.xml": '"https://example.org/f/archive.xml"',
        "late.xml": " " * 20_000 + '"https://example.org/f/late.xml" "https://hub.example/?a&amp;b"',
    }.items():
        (tmp_path / path).write_text(text)
    paths = [os.path.relpath(file, tmp_path) for file in tmp_path.rglob("*.*")]
    assert topics(str(tmp_path), [*paths, "gone.xml"], "https://example.org/f", hub) == (
        "https://example.org/f/atom.xml",
        "https://example.org/f/feed.json",
        "https://example.org/f/tags/%E8%87%BA/rss.xml",
    )


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"changed": []}', '{"changed": [1], "owed": []}', "[" * 90_000]
)
def test_a_damaged_note_is_said(tmp_path: Path, text: str) -> None:
    """What no build can have written is named, with what to do."""
    note(str(tmp_path), ())
    (tmp_path / NAME).write_text(text)
    with pytest.raises(UsageError, match=r"changed\.json: it is not what a build noted: remove it"):
        noted(str(tmp_path))


def test_a_note_that_cannot_be_written(tmp_path: Path) -> None:
    """Where the folder cannot be had the sentence says what follows."""
    (tmp_path / ".feeder").write_text("")
    with pytest.raises(CannotWriteError, match="would not know what changed"):
        note(str(tmp_path), TOPICS)


def feeder(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of feeder in `folder`."""
    command = (sys.executable, "-m", "feeder", *arguments)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1793491200"}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)


def test_the_command(hub: Hub, tmp_path: Path) -> None:
    """After a build `feeder ping` tells the hub the feeds that it wrote; after one that changed nothing, nothing."""
    (tmp_path / "posts").mkdir()
    configuration = f'[site]\nurl = "https://example.org"\nhub = "{hub.url}"\n[feeds]\nformats = ["atom", "json"]\n'
    (tmp_path / "feeder.toml").write_text(configuration)
    for name, tag in (("a", "x"), ("b", "臺")):
        (tmp_path / "posts" / f"{name}.md").write_text(
            f"---\ntitle: {name}\ndate: 2024-01-02\ntags: [{tag}]\n---\nText.\n"
        )
    assert "feeder build" in feeder(tmp_path, "ping", "--allow-local").stderr
    assert "https://" in feeder(tmp_path, "ping").stderr
    assert feeder(tmp_path, "build", "--allow-local").returncode == 0
    done = feeder(tmp_path, "ping", "--allow-local", "--dry-run")
    assert (done.returncode, len(done.stdout.split()), hub.told) == (0, 6, [])
    assert feeder(tmp_path, "ping", "--allow-local").stdout == done.stdout
    assert hub.told == [done.stdout.split()]
    post = tmp_path / "posts" / "b.md"
    post.write_text(post.read_text() + "More.\n")
    assert feeder(tmp_path, "build", "--allow-local").returncode == 0
    assert feeder(tmp_path, "ping", "--allow-local").returncode == 0
    assert hub.told[1] == [
        "https://example.org/atom.xml",
        "https://example.org/feed.json",
        "https://example.org/tags/%E8%87%BA/atom.xml",
        "https://example.org/tags/%E8%87%BA/feed.json",
    ]
    assert feeder(tmp_path, "build", "--allow-local").returncode == 0
    done = feeder(tmp_path, "ping", "--allow-local")
    assert (done.returncode, done.stdout, len(hub.told)) == (0, "", 2)
    assert "told nothing" in done.stderr
    assert json.loads((tmp_path / NAME).read_text()) == {"changed": [], "owed": []}
    (tmp_path / "feeder.toml").write_text('[site]\nurl = "https://example.org"\n')
    done = feeder(tmp_path, "ping")
    assert (done.returncode, "site.hub" in done.stderr) == (2, True)


def test_nothing_else_opens_a_connection() -> None:
    """Only telling the hub, serving this machine and working on several machines know of a network."""
    names = ("urllib.request", "http.client", "http.server", "socket", "ssl", "urllib.error")
    found = {
        path.relative_to(Path(websub.__file__).parent).as_posix()
        for path in Path(websub.__file__).parent.rglob("*.py")
        if any(f"import {name}" in path.read_text() or f"from {name} " in path.read_text() for name in names)
    }
    assert found <= {"websub.py", "serving/server.py", "engine/dask.py", "engine/launch.py"}
    assert "websub.py" in found
