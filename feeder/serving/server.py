"""The server itself: HTTP/1.1 on 127.0.0.1, a thread for each connection (the standard library's)."""

from __future__ import annotations

import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from feeder.errors import UnavailableError
from feeder.serving.reload import CHANGED, RELOAD, changed, published, waiting
from feeder.serving.respond import Request, Response, respond

ADDRESS = "127.0.0.1"
_IDLE_SECONDS = 30
_NOT_MODIFIED = 304


def serve(dist: str, port: int) -> ThreadingHTTPServer:
    """Return a server of the folder `dist` that listens at `port` (0: any free one), for `serve_forever` to be called.

    Raises:
        UnavailableError: nobody may listen there, or somebody does.

    """
    handler = type("Handler", (_Handler,), {"dist": os.path.abspath(dist)})
    try:
        server = ThreadingHTTPServer((ADDRESS, port), handler)
    except OSError as problem:
        message = f"port {port} of {ADDRESS} cannot be listened at: {problem.strerror}: choose another with --port"
        raise UnavailableError(message) from problem
    server.daemon_threads = True
    return server


class _Handler(BaseHTTPRequestHandler):
    dist: ClassVar[str]
    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.0"  # what is no HTTP at all is answered with a status all the same
    timeout = _IDLE_SECONDS
    server_version = "feeder"
    sys_version = ""

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        # The standard library's page holds what was asked for; a sentence does.
        del message, explain
        self._send(Response(code, (("Content-Type", "text/plain; charset=utf-8"),), f"{code}\n".encode()))
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing: a person watches their posts here, not requests."""

    def _answer(self) -> None:
        path, _, query = self.path.partition("?")
        if path == RELOAD:
            self._send(_script(waiting(published(self.dist))))
            return
        if path == CHANGED:
            self._send(_script(changed(self.dist, query)))
            return
        request = Request(
            self.command,
            self.path,
            self.headers.get("Host", ""),
            self.headers.get("Accept-Encoding", ""),
            self.headers.get("If-None-Match", ""),
            self.headers.get("If-Modified-Since", ""),
        )
        self._send(respond(request, self.dist))

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        if response.status != _NOT_MODIFIED:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)


def _script(body: bytes) -> Response:
    return Response(200, (("Content-Type", "text/javascript; charset=utf-8"), ("Cache-Control", "no-store")), body)
