"""Media types of what is published, as a web server has to say them (RFC 4287 §7, JSON Feed 1.1, RFC 2045)."""

from __future__ import annotations

ATOM = "application/atom+xml"
RSS = "application/rss+xml"
JSON_FEED = "application/feed+json"
OPML = "text/x-opml"

# What has text in it is UTF-8, and says so.
_BY_SUFFIX = {
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".htm": "text/html; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".opml": f"{OPML}; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".xml": "application/xml; charset=utf-8",
}
_BY_ROOT = {b"<feed": ATOM, b"<rss": RSS, b"<opml": OPML}
_JSON_FEED = b"https://jsonfeed.org/version/"
_UNKNOWN = "application/octet-stream"

BEGINNING = 1_024
"""How many bytes of a file `media_type` asks for."""


def media_type(path: str, beginning: bytes) -> str:
    """Return the media type of the file at `path`, with its charset; `beginning` are its first BEGINNING bytes.

    What a feed is called differs from site to site, so its root element or first member decides.
    """
    suffix = path[path.rfind(".") :].lower() if "." in path.rpartition("/")[2] else ""
    if suffix == ".json" and _JSON_FEED in beginning[:BEGINNING]:
        return f"{JSON_FEED}; charset=utf-8"
    if suffix in (".xml", ".atom", ".rss"):
        places = {beginning.find(root, 0, BEGINNING): kind for root, kind in _BY_ROOT.items() if root in beginning}
        if places:
            return f"{places[min(places)]}; charset=utf-8"
    return _BY_SUFFIX.get(suffix, _UNKNOWN)


def is_compressible(kind: str) -> bool:
    """Say whether what is of the media type `kind` gets smaller by compression: text does."""
    return kind.startswith("text/") or "xml" in kind or "json" in kind
