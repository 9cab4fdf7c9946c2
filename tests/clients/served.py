"""A dist as a web server has it: on 127.0.0.1, at a port that was free, with the formats' media types."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.clients.written import Written

MEDIA_TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments: Any, types: dict[str, str], directory: str) -> None:
        self.types = types
        super().__init__(*arguments, directory=directory)

    def guess_type(self, path: Any) -> str:
        return self.types.get(str(path), "application/octet-stream")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(dist: Path, documents: tuple[Written, ...]) -> Iterator[str]:
    """Serve `dist`; the value is its address, without trailing slash."""
    types = {str(dist / one.path): MEDIA_TYPES[one.format] for one in documents}
    handler = partial(_Handler, types=types, directory=str(dist))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
