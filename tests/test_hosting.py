"""What is written beside the feeds for whoever serves them: from build to build, and where strangers stand."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

from feeder.config.slices import Coding
from feeder.errors import UsageError
from feeder.write import twins
from tests.cache.blog import Blog

TWINS = '[feeds]\nprecompress = ["gzip", "br"]\n'


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """A site of two posts with a tag each."""
    found = Blog(tmp_path)
    found.post("1.md", tags="[a]")
    found.post("2.md", tags="[b]")
    return found


def unpacked(blog: Blog) -> dict[str, bytes]:
    """Return what the twins hold, by the paths of their documents; each kind must say the same."""
    found = {}
    for file in blog.dist.rglob("*.gz"):
        path = str(file.relative_to(blog.dist).with_suffix(""))
        found[path] = gzip.decompress(file.read_bytes())
        assert brotli.decompress(file.with_suffix(".br").read_bytes()) == found[path]
    return found


def documents(blog: Blog) -> dict[str, bytes]:
    """Return the documents by their paths, without twins."""
    return {path: data for path, data in blog.documents().items() if not path.endswith((".gz", ".br"))}


def test_twins_follow_their_documents(blog: Blog) -> None:
    """Every document has its twins, whatever is built, and they go with it."""
    blog.settings = TWINS
    report = blog.build()
    assert unpacked(blog) == documents(blog)
    assert not [path for path in report.written if path.endswith(("gz", "br"))]
    before = blog.looks()
    assert blog.build().written == ()
    assert blog.looks() == before
    blog.post("2.md", "Another body.", tags="[b]")
    blog.post("3.md", tags="[c]")
    blog.delete("1.md")
    blog.build()
    assert unpacked(blog) == documents(blog)
    assert not (blog.dist / "tags" / "a").exists()


def test_twins_come_and_go_with_the_option(blog: Blog) -> None:
    """Asked for later they are made of what stands there; no more asked for they are removed."""
    blog.build()
    before = blog.looks()
    blog.settings = TWINS
    report = blog.build()
    assert (report.written, report.rendered) == ((), 0)
    assert unpacked(blog) == documents(blog)
    assert {name: look for name, look in blog.looks().items() if name.endswith("atom.xml")} == {
        name: look for name, look in before.items() if name.endswith("atom.xml")
    }
    blog.settings = ""
    blog.build()
    assert unpacked(blog) == {}
    assert not list(blog.dist.rglob("*.br"))


@pytest.mark.parametrize("cached", [True, False])
def test_twins_are_repaired(blog: Blog, cached: bool) -> None:
    """A twin that is missing or was changed is made again."""
    blog.settings = TWINS
    blog.build(cached=cached)
    (blog.dist / "atom.xml.gz").unlink()
    (blog.dist / "tags" / "a" / "rss.xml.br").write_bytes(b"x")
    blog.build(cached=cached)
    assert unpacked(blog) == documents(blog)


def test_twins_are_the_same_for_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal documents have equal twins, only text has any, and a library that is missing is named."""
    assert twins.compress(b"text" * 99, Coding.GZIP) == twins.compress(b"text" * 99, Coding.GZIP)
    assert list(twins.paths("a.png", tuple(Coding))) == []
    assert [path for path, _ in twins.paths("a.xml", tuple(Coding))] == ["a.xml.gz", "a.xml.br"]
    assert not twins.is_twin("tags/a.gz")
    monkeypatch.setitem(__import__("sys").modules, "brotli", None)
    with pytest.raises(UsageError, match=r"feeder\[brotli\]"):
        twins.compress(b"", Coding.BROTLI)


def test_a_host_is_told_of_every_build(blog: Blog) -> None:
    """What the host must know follows the site: another host another file, and of files what is there."""
    blog.settings = 'host = "s3"\n' + TWINS
    blog.build()
    blog.post("3.md", tags="[c]")
    blog.build()
    keys = {one["Key"] for one in json.loads((blog.dist / "feeder-s3.json").read_bytes())["Objects"]}
    there = {str(file.relative_to(blog.dist)) for file in blog.dist.rglob("*") if file.is_file()}
    assert there - keys == {"feeder-s3.json", "feeder-manifest.json"}
    assert "tags/c/atom.xml.br" in keys
    before = blog.looks()
    blog.build()
    assert blog.looks() == before
    blog.settings = 'host = "nginx"\n'
    blog.build()
    assert not (blog.dist / "feeder-s3.json").exists()
    assert (blog.dist / "feeder.nginx.conf").exists()
    (blog.dist / "feeder.nginx.conf").write_text("x")
    blog.build()
    assert "location" in (blog.dist / "feeder.nginx.conf").read_text()


def test_a_stranger_stays(blog: Blog) -> None:
    """A file of that name that somebody else put there is not replaced, and a warning says so."""
    blog.settings = 'host = "apache"\n'
    blog.dist.mkdir()
    (blog.dist / ".htaccess").write_text("Deny from all\n")
    report = blog.build()
    assert (blog.dist / ".htaccess").read_text() == "Deny from all\n"
    assert [(one.code, "stays as it is" in one.message) for one in report.problems] == [("host", True)]


def test_a_host_that_nobody_knows(blog: Blog) -> None:
    """A host or coding that there is none of is an error that names those there are."""
    blog.settings = 'host = "ngingx"\n'
    with pytest.raises(UsageError, match=r"`site.host` is 'ngingx', and must be one of none, netlify"):
        blog.load()
    blog.settings = '[feeds]\nprecompress = "zip"\n'
    with pytest.raises(UsageError, match=r"`feeds.precompress` is 'zip', and must be one of gzip, br"):
        blog.load()
