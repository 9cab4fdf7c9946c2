"""Web servers told what feeder writes for them: every kind of document asked for over HTTP."""

from __future__ import annotations

import gzip
import http.client
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import brotli  # type: ignore[import-untyped]
import pytest

from feeder.cli import main
from tests.lacking import lacking

PATIENCE = 30.0
CONFIGURATION = """
[site]
url = "https://example.org"
hub = "https://hub.example/"
[feeds]
formats = ["atom", "rss", "json"]
archive = ["site", "tags"]
limit = 2
precompress = ["gzip", "br"]
"""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A site with archives, twins and a tag that is not ASCII, where every user may read."""
    folder = Path(tempfile.mkdtemp())
    # Servers change to a user of their own, whom pytest lets into no folder of its.
    folder.chmod(0o755)
    yield _made(folder, monkeypatch)
    shutil.rmtree(folder)


def _made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1793491200")
    (folder / "posts").mkdir()
    for number in range(1, 8):
        text = f"---\ntitle: Post {number}\ndate: 2024-0{number}-02\ntags: [臺灣 x]\n---\n{'Text. ' * 200}\n"
        (folder / "posts" / f"{number}.md").write_text(text)
    (folder / "feeder.toml").write_text(CONFIGURATION)
    return folder


def build(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """Build for `host`."""
    monkeypatch.setattr("sys.argv", ["feeder", "build", "--quiet", "--host", host])
    with pytest.raises(SystemExit, match="0"):
        main()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    headers: dict[str, str]
    body: bytes


def get(port: int, path: str, **headers: str) -> Answer:
    """Ask for `path`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", quote(path), headers={key.replace("_", "-"): value for key, value in headers.items()})
        response = connection.getresponse()
        found = {key.lower(): value for key, value in response.getheaders()}
        return Answer(response.status, found, response.read())
    finally:
        connection.close()


def free_port() -> int:
    """Return a port at which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], port: int, folder: Path) -> Iterator[None]:
    """Run a server until it is not needed any more."""
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log, env=environment) as server,
    ):
        try:
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline and server.poll() is None:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            else:
                pytest.fail((folder / "log").read_text())
            yield
        finally:
            server.terminate()


def nginx(site: Path, port: int) -> list[str]:
    """Return the command of nginx with the snippet in its server block."""
    modules = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
    if not (shutil.which("nginx") and modules.exists()):
        lacking("nginx and libnginx-mod-http-brotli-static are not installed: make clients installs them")
    (site / "nginx.conf").write_text(
        f"load_module {modules};\npid {site}/nginx.pid;\nerror_log stderr;\ndaemon off;\nuser root;\n"
        f"worker_processes 1;\nevents {{}}\nhttp {{\naccess_log off;\nclient_body_temp_path {site}/t1;\n"
        f"proxy_temp_path {site}/t2;\nfastcgi_temp_path {site}/t3;\nuwsgi_temp_path {site}/t4;\n"
        f"scgi_temp_path {site}/t5;\nserver {{\nlisten 127.0.0.1:{port};\nroot {site}/dist;\n"
        f"include {site}/dist/feeder.nginx.conf;\n}}\n}}\n"
    )
    return ["nginx", "-p", str(site), "-c", str(site / "nginx.conf")]


def caddy(site: Path, port: int) -> list[str]:
    """Return the command of Caddy with the snippet in its site block."""
    if not shutil.which("caddy"):
        lacking("caddy is not installed: make clients installs it")
    (site / "Caddyfile").write_text(
        f"{{\n\tadmin off\n\tauto_https off\n}}\nhttp://127.0.0.1:{port} {{\n\troot * {site}/dist\n"
        f"\timport {site}/dist/feeder.caddy\n}}\n"
    )
    return ["caddy", "run", "--config", str(site / "Caddyfile"), "--adapter", "caddyfile"]


def apache(site: Path, port: int) -> list[str]:
    """Return the command of Apache, which reads the file in dist by itself."""
    modules = Path("/usr/lib/apache2/modules")
    if not (shutil.which("apache2") and modules.exists()):
        lacking("apache2 is not installed: make clients installs it")
    names = ("mpm_event", "authz_core", "mime", "headers", "rewrite", "dir")
    loaded = "\n".join(f"LoadModule {name}_module {modules}/mod_{name}.so" for name in names)
    user = "User www-data\nGroup www-data\n" if os.geteuid() == 0 else ""
    (site / "apache.conf").write_text(
        f"ServerRoot {site}\nServerName localhost\nListen 127.0.0.1:{port}\nPidFile {site}/apache.pid\n"
        f"ErrorLog /dev/stderr\n{loaded}\n{user}TypesConfig /dev/null\nDocumentRoot {site}/dist\n"
        f"<Directory {site}/dist>\nAllowOverride FileInfo\nRequire all granted\n</Directory>\n"
    )
    return ["apache2", "-D", "FOREGROUND", "-f", str(site / "apache.conf")]


TYPES = {"atom.xml": "application/atom+xml", "rss.xml": "application/rss+xml", "feed.json": "application/feed+json"}
KINDS = {
    **{f"/{folder}{name}": kind for folder in ("", "tags/臺灣-x/") for name, kind in TYPES.items()},
    **{f"/{folder}archive/2024-03/{name}": kind for folder in ("", "tags/臺灣-x/") for name, kind in TYPES.items()},
    "/feeds.opml": "text/x-opml",
    "/feeds.json": "application/json",
}


@pytest.mark.parametrize(("host", "command"), [("nginx", nginx), ("caddy", caddy), ("apache", apache)])
def test_a_server(
    site: Path, monkeypatch: pytest.MonkeyPatch, host: str, command: Callable[[Path, int], list[str]]
) -> None:
    """Each kind of document has its type, lifetime and headers, a tag that saves its body, and its twins."""
    port = free_port()
    arguments = command(site, port)
    build(monkeypatch, host)
    with running(arguments, port, site):
        for path, kind in KINDS.items():
            data = (site / "dist" / path[1:]).read_bytes()
            plain = get(port, path)
            assert (plain.status, plain.body) == (200, data), path
            assert plain.headers["content-type"].replace('"', "").lower() == f"{kind}; charset=utf-8"
            fresh = 86_400 if "/archive/" in path else 300
            assert plain.headers["cache-control"] == f"public, max-age={fresh}"
            assert plain.headers["access-control-allow-origin"] == "*"
            assert plain.headers["x-content-type-options"] == "nosniff"
            hub = plain.headers.get("link", "")
            assert hub == ('<https://hub.example/>; rel="hub"' if kind in TYPES.values() and fresh == 300 else "")
            again = get(port, path, If_None_Match=plain.headers["etag"])
            assert (again.status, again.body) == (304, b"")
            for coding, unpack in (("gzip", gzip.decompress), ("br", brotli.decompress)):
                packed = get(port, path, Accept_Encoding=coding)
                assert packed.headers["content-encoding"] == coding, path
                assert (unpack(packed.body), packed.headers["content-type"]) == (data, plain.headers["content-type"])
                assert packed.body == (site / "dist" / f"{path[1:]}.{coding.replace('gzip', 'gz')}").read_bytes()
                assert "accept-encoding" in packed.headers["vary"].lower()
                assert get(port, path, Accept_Encoding=coding, If_None_Match=packed.headers["etag"]).status == 304
