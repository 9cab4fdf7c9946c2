"""What hosts are told. That nginx, Caddy and Apache understand it is shown in tests/clients/test_hosts.py."""

from __future__ import annotations

import json
import re

import pytest

from feeder.config.slices import Coding, Host
from feeder.model.hosting import Headers
from feeder.render.hosts import Served, document, name

HEADERS = (
    Headers("atom.xml", "application/atom+xml", 300, "https://hub.example/?a=$b"),
    Headers("標籤/*/archive/*/rss.xml", "application/rss+xml", 86_400),
    Headers("feed/*.xml", "application/atom+xml", 300),
)
PATHS = ("atom.xml", "atom.xml.br", "feed/a.xml", "feed/b.xml.gz", "feeder-manifest.json", "feed/x/y.xml")


def told(host: Host, *twins: Coding, base: str = "https://example.org/feeds") -> str:
    """Return what `host` is told."""
    return document(host, Served(base, HEADERS, twins, PATHS)).decode()


def test_a_headers_file() -> None:
    """Netlify and Cloudflare are given paths with placeholders, percent-encoded, and no header of a path twice."""
    assert told(Host.NETLIFY) == told(Host.CLOUDFLARE)
    assert told(Host.NETLIFY) == (
        "/feeds/*\n  Access-Control-Allow-Origin: *\n  X-Content-Type-Options: nosniff\n"
        "/feeds/atom.xml\n  Content-Type: application/atom+xml; charset=utf-8\n  Cache-Control: public, max-age=300\n"
        '  Link: <https://hub.example/?a=%24b>; rel="hub"\n'
        "/feeds/%E6%A8%99%E7%B1%A4/:p1/archive/:p2/rss.xml\n  Content-Type: application/rss+xml; charset=utf-8\n"
        "  Cache-Control: public, max-age=86400\n"
        "/feeds/feed/:p1.xml\n  Content-Type: application/atom+xml; charset=utf-8\n"
        "  Cache-Control: public, max-age=300\n"
    )


def test_objects() -> None:
    """S3 is told of each object that has a type of its own, of twins with their coding; of nothing else."""
    found = json.loads(told(Host.S3, Coding.GZIP, Coding.BROTLI))
    atom = {"ContentType": "application/atom+xml; charset=utf-8", "CacheControl": "public, max-age=300"}
    assert found["Objects"] == [
        {"Key": "atom.xml", **atom},
        {"Key": "atom.xml.br", **atom, "ContentEncoding": "br"},
        {"Key": "feed/a.xml", **atom},
        {"Key": "feed/b.xml.gz", **atom, "ContentEncoding": "gzip"},
    ]
    assert found["CORSRules"][0]["AllowedOrigins"] == ["*"]


@pytest.mark.parametrize("host", [Host.NGINX, Host.CADDY, Host.APACHE])
def test_snippets(host: Host) -> None:
    """Addresses are matched whole, below the path of dist, and twins are only spoken of where there are some."""
    text = told(host)
    quoted = "\\\\." if host is Host.NGINX else "\\."
    assert f"^/feeds/atom{quoted}xml$" in text
    assert f"^/feeds/標籤/[^/]+/archive/[^/]+/rss{quoted}xml$" in text
    assert "immutable" not in text
    assert "$b" not in text
    assert not re.search("static|precompressed|Rewrite", text)
    both = told(host, Coding.GZIP, Coding.BROTLI)
    assert re.search("brotli_static on|precompressed gzip br|RewriteCond .*br", both)
    assert text == told(host)


def test_names() -> None:
    """Each host has a file of its own, and where there is none nothing is written."""
    assert name(Host.NONE) == ""
    assert {name(host) for host in Host} == {
        "", "_headers", "feeder.nginx.conf", "feeder.caddy", ".htaccess", "feeder-s3.json",
    }  # fmt: skip
    assert told(Host.APACHE, base="https://example.org/").count("^/atom") == 1
