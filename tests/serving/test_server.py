"""`feeder serve` and `feeder watch` as they run: a real server, real files, a real client."""

from __future__ import annotations

import http.client
import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from feeder.errors import UnavailableError
from feeder.serving.reload import CHANGED, RELOAD, changed, published
from feeder.serving.server import serve
from feeder.serving.watching import changes
from feeder.write.manifest import NAME as MANIFEST

PATIENCE = 30.0


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A dist with a page and a manifest."""
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "index.html").write_text("<p>A</p>")
    (folder / MANIFEST).write_text("{}")
    return folder


@pytest.fixture
def port(dist: Path) -> Iterator[int]:
    """The port of a server of `dist`."""
    with serve(str(dist), 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def post(folder: Path, title: str) -> None:
    """Write a post."""
    (folder / f"{title}.md").write_text(f"---\ntitle: {title}\ndate: 2024-01-02\n---\nText.\n")


def test_one_connection_answers_many_requests(port: int) -> None:
    """A connection is kept, a HEAD has the headers of a GET and no body, other methods are refused."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    for method, status in (("GET", 200), ("HEAD", 200), ("GET", 200)):
        connection.request(method, "/")
        response = connection.getresponse()
        body = response.read()
        assert (response.status, bool(body)) == (status, method == "GET")
        assert int(response.headers["Content-Length"]) > 0
    connection.request("GET", "/")
    response = connection.getresponse()
    response.read()
    tag = response.headers["ETag"]
    connection.request("GET", "/", headers={"If-None-Match": tag})
    response = connection.getresponse()
    assert (response.status, response.read(), response.headers["ETag"]) == (304, b"", tag)
    connection.request("DELETE", "/")
    assert connection.getresponse().status == 501
    connection.close()


def test_nonsense_is_answered_without_a_traceback(port: int, capfd: pytest.CaptureFixture[str]) -> None:
    """What is no HTTP gets a plain answer, and nothing is printed."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(b"<script>alert(1)</script> / \r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"<script>" not in answer
    assert capfd.readouterr() == ("", "")


def test_a_page_learns_that_there_is_a_newer_one(port: int, dist: Path) -> None:
    """The script of a page loads another, which is answered as soon as something was published."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", RELOAD)
    script = connection.getresponse().read().decode()
    (target,) = re.findall(rf'"({re.escape(CHANGED)}\?[^"]+)"', script)
    timer = threading.Timer(0.2, lambda: (dist / MANIFEST).write_text("{ }"))
    timer.start()
    connection.request("GET", target)
    assert connection.getresponse().read() == b"location.reload();\n"
    timer.join()
    connection.close()


def test_a_page_that_waits_long_asks_again(dist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While nothing is published the answer comes after a while, and does nothing."""
    monkeypatch.setattr("feeder.serving.reload._LONGEST_WAIT", 0.05)
    assert changed(str(dist), published(str(dist))) == b""
    assert changed(str(dist), "before") == b"location.reload();\n"
    assert published(str(dist / "none")) == "0"


def test_a_port_that_is_taken(port: int, dist: Path) -> None:
    """Where somebody listens already the sentence says so, and what to do."""
    with pytest.raises(UnavailableError, match=rf"port {port} .*: choose another with --port"):
        serve(str(dist), port)


def test_changes(tmp_path: Path) -> None:
    """Posts and the configuration are watched, whatever happens between two looks; hidden files and dist are not."""
    root, configuration, late = tmp_path / "posts", tmp_path / "feeder.toml", tmp_path / "late"
    (root / "dist").mkdir(parents=True)
    found = changes([str(root), str(late)], [str(configuration)], str(root / "dist"))
    next(found)
    for change in (
        lambda: post(root, "a"),
        lambda: (root / "a.md").rename(root / "b.md"),
        (root / "b.md").unlink,
        lambda: configuration.write_text("[site]"),
        late.mkdir,
    ):
        for name in (".hidden", "dist/atom.xml", "a.md~"):
            (root / name).write_text("x")
        change()
        next(found)
    done = threading.Event()

    def wait() -> None:
        next(found)
        done.set()

    thread = threading.Thread(target=wait, daemon=True)
    (root / "dist" / "rss.xml").write_text("x")
    thread.start()
    assert not done.wait(1)
    post(root, "c")
    assert done.wait(PATIENCE)


class Running:
    """A command that runs until it is told to end."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            (sys.executable, "-m", "feeder", *arguments),
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
            env={**os.environ, "SOURCE_DATE_EPOCH": "1793491200"},
        )
        self.said = ""

    def until(self, words: str) -> str:
        """Read what it says until `words` come."""
        assert self.process.stdout is not None
        deadline = time.monotonic() + PATIENCE
        before = len(self.said)
        while words not in self.said[before:]:
            ready, _, _ = select.select([self.process.stdout], [], [], deadline - time.monotonic())
            assert ready, self.said
            line = self.process.stdout.readline()
            assert line, self.said
            self.said += line
        return self.said[before:]

    def end(self) -> int:
        """Press Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        assert self.process.stdout is not None
        self.said += self.process.stdout.read()
        self.process.stdout.close()
        return self.process.wait(PATIENCE)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site of one post."""
    (tmp_path / "posts").mkdir()
    post(tmp_path / "posts", "one")
    (tmp_path / "feeder.toml").write_text('[site]\nurl = "https://example.org"\n')
    return tmp_path


def test_serve(site: Path) -> None:
    """A post that is edited is in the served feed after a moment; a mistake in the configuration is outlived."""
    running = Running(site, "serve", "--port", "0")
    try:
        port = int(re.findall(r"http://127\.0\.0\.1:(\d+)/", running.until("Ctrl-C"))[0])
        running.until("1 entry")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        connection.request("GET", "/atom.xml")
        assert b"<title>one</title>" in connection.getresponse().read()
        post(site / "posts", "two")
        running.until("2 entries")
        (site / "feeder.toml").write_text('[site]\nurl = "https://example.org"\ntitel = "x"\n')
        running.until("titel")
        (site / "feeder.toml").write_text('[site]\nurl = "https://example.org"\n[posts]\nroots = ["others"]\n')
        (site / "others").mkdir()
        running.until("others")
        for name in ("one", "two", "three"):
            post(site / "others", name)
        running.until("3 entries")
        connection.request("GET", "/atom.xml")
        assert b"<title>three</title>" in connection.getresponse().read()
        connection.close()
    finally:
        status = running.end()
    assert status == 0
    assert "Traceback" not in running.said


def test_watch(site: Path) -> None:
    """The feeds are built at once and at each change, with the options that were given; Ctrl-C is no failure."""
    running = Running(site, "watch", "--dist", "out", "--title", "-x", "--cache", "c.sqlite3", "--", "posts")
    try:
        running.until("1 entry")
        post(site / "posts", "two")
        running.until("2 entries")
    finally:
        status = running.end()
    assert status == 0
    assert "<title>-x</title>" in (site / "out" / "atom.xml").read_text()
    assert (site / "c.sqlite3").exists()
    assert not (site / "dist").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("watch", "--cache", "c", "--no-cache"), "exclude each other"),
        (("serve", "--port", "0", "--config", "none.toml"), "none.toml"),
    ],
)
def test_what_cannot_be_watched_is_said(site: Path, arguments: tuple[str, ...], sentence: str) -> None:
    """A command line that cannot be followed ends at once with exit 2 and a sentence."""
    done = subprocess.run(
        (sys.executable, "-m", "feeder", *arguments), cwd=site, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert sentence in done.stderr
