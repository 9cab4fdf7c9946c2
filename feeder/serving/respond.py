"""From a request to a response: files of dist as a good web server gives them (RFC 9110); pages load themselves anew.

Nothing outside dist is ever read, and nothing but GET and HEAD is answered.
"""

from __future__ import annotations

import gzip
import os
import stat
from dataclasses import dataclass, replace
from email.utils import formatdate, parsedate_to_datetime
from urllib.parse import quote, unquote_to_bytes

from feeder.model.digest import digest
from feeder.model.media import BEGINNING, is_compressible, media_type
from feeder.serving.reload import RELOAD

_METHODS = ("GET", "HEAD")
_SMALLEST = 512  # bytes: below, compression saves nothing worth its headers
_BODY_END = b"</body>"
_SCRIPT = f'<script src="{RELOAD}" defer></script>'.encode()


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for: `target` as it stands in the request line; the headers that matter, "" where missing."""

    method: str
    target: str
    host: str = ""
    accept_encoding: str = ""
    if_none_match: str = ""
    if_modified_since: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """What is answered: a status, headers in their order, and the body, empty where there is none."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return the header `name`, "" where there is none."""
        return next((value for known, value in self.headers if known.lower() == name.lower()), "")


def respond(request: Request, dist: str) -> Response:
    """Return the response to `request` out of the folder `dist`."""
    if request.method not in _METHODS:
        return _told(405, "only GET and HEAD are answered here", ("Allow", ", ".join(_METHODS)))
    # A page of another site that got its own name to mean 127.0.0.1 must not read what is here (DNS rebinding).
    if _host(request.host) not in ("127.0.0.1", "localhost"):
        return _told(403, "this is http://127.0.0.1, and no other host")
    path = request.target.partition("?")[0].partition("#")[0]  # two slashes in front make no host of it
    names = _names(path)
    if names is None:
        return _told(404, "there is no such file")
    if not path.endswith("/") and _is_folder(dist, names):
        return _told(308, "this is a folder", ("Location", quote(f"/{'/'.join(names)}/")))
    name = "/".join(names)
    if path.endswith("/"):
        name = f"{name}/index.html".lstrip("/")
    found = _read(dist, name.split("/"))
    if found is None:
        return _told(404, "there is no such file")
    data, changed = found
    return _file(request, name, data, changed)


def _file(request: Request, name: str, data: bytes, changed: float) -> Response:
    kind = media_type(name, data[:BEGINNING])
    if kind.startswith("text/html"):
        before, end, after = data.rpartition(_BODY_END)
        data = b"".join((before, _SCRIPT, end, after)) if end else data + _SCRIPT
    tag = digest(data).hex()
    headers = [
        ("Content-Type", kind),
        ("Last-Modified", formatdate(changed, usegmt=True)),
        # What was fetched is asked for again each time, and not sent again unless it changed.
        ("Cache-Control", "no-cache"),
        ("X-Content-Type-Options", "nosniff"),
        ("Access-Control-Allow-Origin", "*"),
    ]
    if is_compressible(kind) and len(data) >= _SMALLEST:
        headers.append(("Vary", "Accept-Encoding"))
        if _accepts_gzip(request.accept_encoding):
            headers.append(("Content-Encoding", "gzip"))
            # Another representation, so another strong validator (RFC 9110 §8.8.3.3).
            tag += "-gzip"
            data = gzip.compress(data, 6, mtime=0)
    headers.insert(1, ("ETag", f'"{tag}"'))
    response = Response(200, tuple(headers), data)
    if _is_known(request, f'"{tag}"', changed):
        kept = tuple(header for header in headers if header[0] not in ("Content-Type", "Content-Encoding"))
        return replace(response, status=304, headers=kept, body=b"")
    return response


def _is_known(request: Request, tag: str, changed: float) -> bool:
    """Say whether the client has what would be sent (RFC 9110 §13.2.2: a tag makes the date mean nothing)."""
    if request.if_none_match:
        known = [one.strip().removeprefix("W/") for one in request.if_none_match.split(",")]
        return tag in known or known == ["*"]
    if not request.if_modified_since:
        return False
    try:
        return int(changed) <= parsedate_to_datetime(request.if_modified_since).timestamp()
    except (ValueError, OverflowError):
        return False


def _accepts_gzip(accept: str) -> bool:
    for one in accept.split(","):
        coding, _, parameters = one.partition(";")
        if coding.strip().lower() in ("gzip", "*"):
            quality = parameters.replace(" ", "").lower().removeprefix("q=")
            try:
                return not quality or float(quality) > 0
            except ValueError:
                return False
    return False


def _host(host: str) -> str:
    return host.rpartition(":")[0] if ":" in host else host


def _names(path: str) -> list[str] | None:
    """Return the names that `path` (percent-encoded) is made of; None where it cannot be one of a file in dist."""
    try:
        names = [unquote_to_bytes(part).decode() for part in path.split("/") if part]
    except UnicodeDecodeError:
        return None
    return None if any(name in (".", "..") or "/" in name or "\0" in name for name in names) else names


def _open(dist: str, names: list[str]) -> int:
    """Return a descriptor of what `names` lead to; no link is followed, wherever it stands. Raises OSError."""
    where = os.open(dist, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for name in names:
            inner = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=where)
            os.close(where)
            where = inner
    except (OSError, ValueError):
        os.close(where)
        raise
    return where


def _is_folder(dist: str, names: list[str]) -> bool:
    try:
        found = _open(dist, names)
    except (OSError, ValueError):
        return False
    try:
        return stat.S_ISDIR(os.fstat(found).st_mode)
    finally:
        os.close(found)


def _read(dist: str, names: list[str]) -> tuple[bytes, float] | None:
    """Return the bytes of the regular file that `names` lead to, and when it was changed (seconds); else None."""
    try:
        found = _open(dist, names)
    except (OSError, ValueError):
        return None
    with open(found, "rb") as file:
        status = os.fstat(found)
        return (file.read(), status.st_mtime) if stat.S_ISREG(status.st_mode) else None


def _told(status: int, sentence: str, *headers: tuple[str, str]) -> Response:
    body = f"{status}: {sentence}\n".encode()
    return Response(
        status, (("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"), *headers), body
    )
