"""A real browser before real pages: Debian's Chromium, driven by Playwright, and what it asks for and complains of."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.lacking import lacking

TOP = Path(__file__).parent.parent.parent
AXE = TOP / "build" / "browser" / "node" / "node_modules" / "axe-core" / "axe.min.js"
NOW = "1793491200"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass  # Playwright hangs notes of its own on whose methods it calls
class Visit:
    """A page in the browser, at `base`; `asked` are the addresses that it asked for, `complaints` what was wrong."""

    page: Any
    base: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def hear(self, said: Any) -> None:
        """Take what the browser says on its console."""
        if said.type in {"error", "warning"}:
            self.complaints.append(said.text)

    def dismiss(self, dialog: Any) -> None:
        """Take note of a dialog, which only an attack opens."""
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def miss(self, request: Any) -> None:
        """Take note of what could not be loaded; who goes on to the next page does not wait for the icon."""
        if "ABORTED" not in request.failure:
            self.complaints.append(f"failed: {request.url}")

    def go(self, path: str = "") -> None:
        """Open the page at `path` below dist."""
        self.page.goto(self.base + path)

    def names(self) -> list[str]:
        """Return the names of the feeds that are shown, in their order."""
        found: list[str] = self.page.evaluate(
            "[...document.querySelectorAll('.group:not([hidden]) li:not([hidden]) a')].map((one) => one.textContent)"
        )
        return found

    def elsewhere(self) -> list[str]:
        """Return what was asked of other hosts."""
        return [url for url in self.asked if not url.startswith(self.base)]

    def barriers(self) -> list[str]:
        """Return what axe finds, with all entries open."""
        self.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        # By the debugger: the page's own policy lets no script in.
        session = self.page.context.new_cdp_session(self.page)
        session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
        found = self.page.evaluate("axe.run()")
        return [f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium; without it the test is left out."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        lacking("Playwright is not installed here: run `make browser`")
    program = shutil.which("chromium")
    if not program or not AXE.is_file():
        lacking("there is no chromium, or no axe-core: run `make browser`")
    with sync_playwright() as playwright:
        # Root, as in a container, has no sandbox; only what the test made itself is shown.
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Build a site of posts (path, text) or of a folder of them, and return its dist."""

    def build(posts: dict[str, str] | Path, **settings: str) -> Path:
        folder = tmp_path_factory.mktemp("site")
        if isinstance(posts, Path):
            shutil.copytree(posts / "posts", folder / "posts")
            shutil.copy(posts / "feeder.toml", folder)
        else:
            (folder / "posts").mkdir()
            for name, text in posts.items():
                (folder / "posts" / name).write_text(text, encoding="utf-8")
            keys = "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
            (folder / "feeder.toml").write_text(f'[site]\nurl = "https://example.org"\n{keys}', encoding="utf-8")
        python = TOP / ".venv" / "bin" / "python"
        subprocess.run(
            [str(python), "-m", "feeder", "build", "--quiet"],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(TOP), "SOURCE_DATE_EPOCH": NOW},
            check=True,
        )
        return folder / "dist"

    return build


@pytest.fixture
def visit(browser: Any, request: pytest.FixtureRequest) -> Callable[..., Visit]:
    """Serve a dist on 127.0.0.1 and open a browser on it, with the options of a Playwright context."""

    def start(dist: Path, **options: Any) -> Visit:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(dist)))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        context = browser.new_context(**options)

        def stop() -> None:
            context.close()
            server.shutdown()
            thread.join()
            server.server_close()

        request.addfinalizer(stop)
        page = context.new_page()
        one = Visit(page, f"http://127.0.0.1:{server.server_port}/")
        page.on("request", lambda asked: one.asked.append(asked.url))
        page.on("console", one.hear)
        page.on("pageerror", lambda error: one.complaints.append(str(error)))
        page.on("dialog", one.dismiss)
        page.on("requestfailed", one.miss)
        return one

    return start
