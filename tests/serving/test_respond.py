"""What a request to `feeder serve` is answered with (RFC 9110)."""

from __future__ import annotations

import gzip
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.model.media import is_compressible, media_type
from feeder.serving.respond import Request, Response, respond

ATOM = b'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">' + b"x" * 600 + b"</feed>\n"
RSS = b'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel/></rss>\n'
PAGE = b"<!DOCTYPE html><title>A</title><body><p>Text</p></body>\n"
CHANGED = 1_600_000_000


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A dist of a few files, and a secret beside it."""
    folder = tmp_path / "dist"
    for name, data in {
        "atom.xml": ATOM,
        "rss.xml": RSS,
        "feed.json": b'{"version": "https://jsonfeed.org/version/1.1"}',
        "feeds.opml": b'<?xml version="1.0"?><opml version="2.0"/>',
        "index.html": PAGE,
        "tags/臺 灣/atom.xml": ATOM,
        "tags/臺 灣/index.html": PAGE,
        "tags/empty/rss.xml": RSS,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
        os.utime(folder / name, (CHANGED, CHANGED))
    (tmp_path / "secret").write_text("secret")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "linked").symlink_to(tmp_path)
    os.mkfifo(folder / "fifo")
    return folder


def get(dist: Path, target: str, **others: str) -> Response:
    """Return the response to a GET of `target`."""
    return respond(replace(Request("GET", target, "127.0.0.1:8000"), **others), str(dist))


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("/atom.xml", "application/atom+xml; charset=utf-8"),
        ("/rss.xml?x=/../y", "application/rss+xml; charset=utf-8"),
        ("/feed.json", "application/feed+json; charset=utf-8"),
        ("/feeds.opml", "text/x-opml; charset=utf-8"),
        ("/", "text/html; charset=utf-8"),
        ("/tags/%E8%87%BA%20%E7%81%A3/atom.xml", "application/atom+xml; charset=utf-8"),
        ("//tags//%E8%87%BA%20%E7%81%A3/", "text/html; charset=utf-8"),
    ],
)
def test_files_have_their_media_types(dist: Path, target: str, kind: str) -> None:
    """Each document is served as what it is, whatever it is called, and pages of other sites may fetch it."""
    response = get(dist, target)
    assert (response.status, response.header("content-type")) == (200, kind)
    assert response.header("X-Content-Type-Options") == "nosniff"
    assert response.header("Access-Control-Allow-Origin") == "*"
    assert response.header("Last-Modified") == "Sun, 13 Sep 2020 12:26:40 GMT"


def test_what_is_sent_is_what_is_there(dist: Path) -> None:
    """A document is sent byte for byte; a page is given the script that loads it anew, and is else the same."""
    assert get(dist, "/atom.xml").body == ATOM
    page = get(dist, "/").body
    script = b'<script src="/.feeder/reload.js" defer></script>'
    assert page.replace(script, b"") == PAGE
    assert page.count(script) == 1
    (dist / "index.html").write_bytes(b"<p>no end")
    assert get(dist, "/").body == b"<p>no end" + script
    assert (dist / "index.html").read_bytes() == b"<p>no end"


def test_a_conditional_request_costs_no_body(dist: Path) -> None:
    """Who has the newest bytes is told so with an empty answer, by tag before by date; who has not is sent them."""
    first = get(dist, "/atom.xml")
    tag, changed = first.header("ETag"), first.header("Last-Modified")
    for headers in ({"if_none_match": tag}, {"if_none_match": f'"x", W/{tag}'}, {"if_none_match": "*"}):
        response = get(dist, "/atom.xml", **headers)
        assert (response.status, response.body) == (304, b"")
        assert (response.header("ETag"), response.header("Content-Type")) == (tag, "")
    assert get(dist, "/atom.xml", if_modified_since=changed).status == 304
    assert get(dist, "/atom.xml", if_modified_since="Sun, 13 Sep 2020 12:26:39 GMT").status == 200
    assert get(dist, "/atom.xml", if_none_match='"other"', if_modified_since=changed).status == 200
    for nonsense in ("yesterday", "Sun, 99 Sep 2020 12:26:40 GMT", "-1", "\u0661"):
        assert get(dist, "/atom.xml", if_modified_since=nonsense).status == 200
    (dist / "atom.xml").write_bytes(ATOM + b"\n")
    assert get(dist, "/atom.xml", if_none_match=tag).status == 200


@pytest.mark.parametrize(
    ("accept", "packed"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("*", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("gzip;q=x", False),
    ],
)
def test_gzip(dist: Path, accept: str, packed: bool) -> None:
    """Text is compressed for who takes it, with a tag of its own, the same bytes each time; small things are not."""
    response = get(dist, "/atom.xml", accept_encoding=accept)
    assert (response.header("Content-Encoding") == "gzip") is packed
    assert response.header("Vary") == "Accept-Encoding"
    assert (gzip.decompress(response.body) if packed else response.body) == ATOM
    assert response == get(dist, "/atom.xml", accept_encoding=accept)
    assert (response.header("ETag") != get(dist, "/atom.xml").header("ETag")) is packed
    assert get(dist, "/rss.xml", accept_encoding="gzip").header("Content-Encoding") == ""
    again = get(dist, "/atom.xml", accept_encoding=accept, if_none_match=response.header("ETag"))
    assert (again.status, again.header("Content-Encoding")) == (304, "")


@pytest.mark.parametrize(
    "target",
    [
        "/../secret",
        "/%2e%2e/secret",
        "/tags/../../secret",
        "/..%2fsecret",
        "/link",
        "/linked/secret",
        "/fifo",
        "/%00",
        "/%ff",
        "/atom.xml/",
        "/atom.xml/x",
        "/none",
        "/tags/empty/",
        f"/{'a' * 5_000}",
        "/tags/" + "x/" * 3_000,
    ],
)
def test_nothing_outside_of_dist(dist: Path, target: str) -> None:
    """No link is followed, nothing above dist is read, nothing that is no file is waited for."""
    response = get(dist, target)
    assert (response.status, b"secret" in response.body) == (404, False)


def test_folders_end_with_a_slash(dist: Path) -> None:
    """Who asks for a folder is sent to it, so that relative links of its page stand."""
    response = get(dist, "/tags/%E8%87%BA%20%E7%81%A3")
    assert (response.status, response.header("Location")) == (308, "/tags/%E8%87%BA%20%E7%81%A3/")
    assert get(dist, "//tags").header("Location") == "/tags/"


def test_other_methods_and_hosts(dist: Path) -> None:
    """Nothing is written here, and no page of another site reads what is here through a name of its own."""
    response = respond(Request("POST", "/atom.xml", "localhost"), str(dist))
    assert (response.status, response.header("Allow")) == (405, "GET, HEAD")
    for host in ("", "example.org", "example.org:8000", "127.0.0.1.example.org"):
        assert get(dist, "/atom.xml", host=host).status == 403
    for host in ("127.0.0.1", "localhost:8000"):
        assert get(dist, "/atom.xml", host=host).status == 200
    assert get(dist / "none", "/atom.xml").status == 404


@given(st.text(), st.text(max_size=20), st.text(max_size=40))
def test_any_request_is_answered(target: str, tag: str, date: str) -> None:
    """Whatever is asked for, there is an answer."""
    request = Request("GET", target, "localhost", "gzip", tag, date)
    assert respond(request, os.devnull).status in (404, 308)


def test_media_types() -> None:
    """What a file's beginning says comes before its name, and what is not known is bytes."""
    assert media_type("feed.xml", ATOM).startswith("application/atom+xml")
    assert media_type("a/b.XML", b"<x><feed><rss>").startswith("application/atom+xml")
    assert media_type("a.xml", b"<x/>") == "application/xml; charset=utf-8"
    assert media_type("feeds.json", b"{}") == "application/json; charset=utf-8"
    assert media_type("a.b/c", b"<feed") == media_type("CNAME", b"x") == "application/octet-stream"
    assert media_type("x.rss", RSS) == "application/rss+xml; charset=utf-8"
    assert not is_compressible("image/png")
