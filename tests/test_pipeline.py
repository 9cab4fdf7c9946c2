"""The walk as a library: what it refuses, what one bad post costs, what its workers do when they die."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest

import feeder
from feeder import reading, rendering
from feeder.cache.fragments import Fragments
from feeder.cache.rows import Candidate, Kind, Reader, Row
from feeder.cache.store import CacheError, Store
from feeder.collect.read import read, read_front
from feeder.config.slices import ContentRules, PostRules
from feeder.errors import InputOutputError, NothingToPublishError, StrictError
from feeder.explain import Look, explain_feed, explain_post, list_feeds
from feeder.model.entry import Entry, Rendered
from feeder.model.feed import Feed, History, Plan
from feeder.model.head import Head
from feeder.model.problem import Level, Problem
from feeder.model.source import LeftOut, RawPost, Source
from feeder.normalise.content import compose
from feeder.normalise.head import head
from feeder.pipeline import Publication, Reposting, Shrinking, Strictness
from feeder.reading import read_row
from feeder.render.formats import FORMATS, NO_HISTORY, Envelope, InvalidDocumentError
from feeder.rendering import render_entry
from feeder.report import Report
from tests.cache.blog import NOW, Blog, Witness, said

TOP = Path(__file__).parent.parent
LISTS = ("feeds.json", "feeds.opml")
SHARED = ("feeder.css", "feeder.js", "feeder.svg")


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    """A folder of three posts."""
    folder = tmp_path / "posts"
    folder.mkdir()
    for number in (1, 2, 3):
        text = f"---\ntitle: Post {number}\ndate: 2024-05-0{number}\n---\nBody {number}.\n"
        (folder / f"post-{number}.md").write_text(text)
    return folder


def _build(posts: Path, publication: Publication | None = None) -> Report:
    options = feeder.Options(posts=(str(posts),), site_url="https://example.org")
    site = feeder.load_site(options, NOW)
    return feeder.build(site, publication or Publication(str(posts.parent / "dist")), feeder.Silent())


def test_the_public_interface_builds(posts: Path) -> None:
    """`feeder.load_site` and `feeder.build` are all that a program needs."""
    report = _build(posts)
    assert (report.posts, report.entries, report.written) == (
        3,
        3,
        ("atom.xml", *SHARED, *LISTS, "index.html", "rss.xml"),
    )
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = feeder.nonsense


def test_a_failure_of_our_own_costs_one_post(posts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug that one post finds in feeder leaves that post out with a sentence; the others are published."""
    monkeypatch.setattr(rendering, "compose", _failing_on("Post 2", compose))
    report = _build(posts)
    assert (report.posts, report.entries) == (3, 2)
    (left,) = report.left_out
    assert (left.file, left.code) == (str(posts / "post-2.md"), "internal")
    assert "ZeroDivisionError" in left.message
    with pytest.raises(StrictError, match="1 post was left out"):
        _build(posts, Publication(str(posts.parent / "strict"), strictness=Strictness.STRICT))


def _failing_on(title: str, function):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - any stage's function
    def wrapped(raw, entry, *rest):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN002, ANN202
        if entry.title == title:
            raise ZeroDivisionError("not feeder's day")
        return function(raw, entry, *rest)

    return wrapped


def test_a_failure_while_reading_costs_one_post(posts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for a bug that a head finds."""

    def broken(*_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(reading, "head", broken)
    site = feeder.load_site(feeder.Options(posts=(str(posts),), site_url="https://example.org"), NOW)
    candidate = Candidate(0, Source(str(posts), "post-1.md", 1, 1))
    found = read_row(candidate, reader=Reader(site.posts, site.site.id, None))
    assert isinstance(found, Row)
    assert found.kind is Kind.LEFT_OUT
    with pytest.raises(NothingToPublishError):
        _build(posts)
    monkeypatch.setattr(reading, "head", _failing_head(head))
    assert [left.code for left in _build(posts).left_out] == ["internal"]


def _failing_head(function: Callable[[RawPost, PostRules], Head | LeftOut]) -> Callable[[RawPost, PostRules], object]:
    def wrapped(raw: RawPost, rules: PostRules) -> object:
        if raw.source.path == "post-1.md":
            raise RecursionError("too deep")
        return function(raw, rules)

    return wrapped


def test_nothing_is_published_where_no_entry_can_be_rendered(posts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where rendering fails for every post the build refuses, and what was published stays."""
    _build(posts)
    before = (posts.parent / "dist" / "atom.xml").read_bytes()

    def broken(*_: object) -> None:
        raise ValueError("always")

    monkeypatch.setattr(rendering, "compose", broken)
    for file in posts.iterdir():
        file.write_text(file.read_text() + "More.\n")
    with pytest.raises(NothingToPublishError, match="no post to publish"):
        _build(posts)
    assert (posts.parent / "dist" / "atom.xml").read_bytes() == before


def test_a_post_that_goes_while_it_is_read_is_left_out(posts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A post that is deleted between its head and its body is named, and the others are published."""
    real = read

    def deleting(source: Source, *rest: Any) -> RawPost | LeftOut:
        (posts / "post-3.md").unlink(missing_ok=True)
        return real(source, *rest)

    monkeypatch.setattr(rendering, "read", deleting)
    report = _build(posts)
    assert report.entries == 2
    assert [left.code for left in report.left_out] == ["unreadable"]


def test_a_document_that_is_no_xml_stops_the_build(posts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last look before anything is renamed: a broken document is never published."""

    def refuse(_: bytes) -> None:
        raise InvalidDocumentError("not well-formed")

    _build(posts)
    before = (posts.parent / "dist" / "atom.xml").read_bytes()
    (posts / "post-1.md").write_text("---\ntitle: Other\ndate: 2024-05-01\n---\nOther.\n")
    monkeypatch.setitem(FORMATS, "rss", replace(FORMATS["rss"], check=refuse))
    with pytest.raises(InputOutputError, match="would not be well-formed"):
        _build(posts)
    assert (posts.parent / "dist" / "atom.xml").read_bytes() == before


def test_an_invalid_document_stops_the_build(posts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document that says it stands elsewhere is found before anything is renamed: the build ends with 74."""
    _build(posts)
    dist = posts.parent / "dist"
    before = {file: file.read_bytes() for file in dist.rglob("*") if file.is_file()}
    (posts / "post-1.md").write_text("---\ntitle: Other\ndate: 2024-05-01\n---\nOther.\n")
    right = FORMATS["rss"].envelope

    def elsewhere(feed: Feed, url: str, updated: datetime, history: History = NO_HISTORY) -> Envelope:
        return right(feed, f"{url}?", updated, history)

    monkeypatch.setitem(FORMATS, "rss", replace(FORMATS["rss"], envelope=elsewhere))
    with pytest.raises(InputOutputError, match=r"rss\.xml would be invalid \(SelfDoesntMatchLocation") as stopped:
        _build(posts)
    assert stopped.value.exit_code == 74
    assert {file: file.read_bytes() for file in dist.rglob("*") if file.is_file()} == before


def _dying_head(candidate: Candidate, data: bytes | None = None, *, reader: Reader) -> Row | Candidate:
    if candidate.source.path == "post-2.md":
        os.kill(os.getpid(), signal.SIGKILL)
    return read_row(candidate, data, reader=reader)


def test_a_worker_that_dies_over_a_head_costs_one_post(posts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash in a worker process names the post that it died over, and costs no other."""
    monkeypatch.setattr(reading, "read_row", _dying_head)
    report = _build(posts, Publication(str(posts.parent / "dist"), engine="processes:2"))
    assert (report.posts, report.entries) == (3, 2)
    assert [(left.file, left.code) for left in report.left_out] == [(str(posts / "post-2.md"), "died")]


def _dying_entry(entry: Entry, data: bytes | None = None, *, rules: ContentRules) -> Rendered:
    if entry.title == "Post 2":
        os.kill(os.getpid(), signal.SIGKILL)
    return render_entry(entry, data, rules=rules)


def test_a_worker_that_dies_over_an_entry_costs_one_post(posts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same while entries are rendered."""
    monkeypatch.setattr(rendering, "render_entry", _dying_entry)
    report = _build(posts, Publication(str(posts.parent / "dist"), engine="processes:2"))
    assert report.entries == 2
    assert [left.code for left in report.left_out] == ["died"]


def test_an_entry_that_is_too_big_alone_is_shown_as_its_excerpt(posts: Path) -> None:
    """Where one entry exceeds max_bytes its feeds show the beginning and the link, and the report says so."""
    (posts / "long.md").write_text("---\ntitle: Long\ndate: 2024-06-01\n---\n" + "A long line of text. \n\n" * 3_000)
    config = posts.parent / "feeder.toml"
    config.write_text('[site]\nurl = "https://example.org"\n[feeds]\nmax_bytes = 30000\n')
    site = feeder.load_site(feeder.Options(posts=(str(posts),), config=str(config)), NOW)
    dist = posts.parent / "dist"
    report = feeder.build(site, Publication(str(dist)), feeder.Silent())
    assert [problem.code for problem in report.problems] == ["too-big-for-a-feed"]
    assert report.entries == 4
    assert len((dist / "atom.xml").read_bytes()) < 30_000
    assert "A long line of text." in (dist / "atom.xml").read_text()


def test_a_window_is_cut_at_max_bytes_alike_in_every_format(posts: Path) -> None:
    """The documents of a feed show the same prefix, cut where the largest would exceed max_bytes, and that is said."""
    for number in range(10, 30):
        text = f"---\ntitle: Post {number}\ndate: 2024-06-{number}\n---\n" + "Some words. " * 300
        (posts / f"post-{number}.md").write_text(text)
    config = posts.parent / "feeder.toml"
    config.write_text('[site]\nurl = "https://example.org"\n[feeds]\nmax_bytes = 40000\n')
    site = feeder.load_site(feeder.Options(posts=(str(posts),), config=str(config)), NOW)
    dist = posts.parent / "dist"
    report = feeder.build(site, Publication(str(dist)), feeder.Silent())
    atom, rss = (dist / "atom.xml").read_bytes(), (dist / "rss.xml").read_bytes()
    assert atom.count(b"<entry>") == rss.count(b"<item>")
    assert 30_000 < max(len(atom), len(rss)) <= 40_000
    (cut,) = report.cut
    assert cut == f"atom.xml: {atom.count(b'<entry>')} of 23 entries, cut at max_bytes = 40,000"


# -- builds that follow each other, with a cache


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """A site of five posts in three tags, built once with a cache."""
    blog = Blog(tmp_path)
    for number, tags in enumerate(("[sea]", "[sea, hill]", "[hill]", "[town]", "[]"), 1):
        blog.post(f"post-{number}.md", f"Body {number}.", date=f"2024-05-0{number}", tags=tags)
    report = blog.build()
    assert (report.rendered, len(report.written)) == (5, 10)
    return blog


def _assert_as_fresh(blog: Blog, report: Report, now: datetime | None = None) -> None:
    """Assert that `report` and dist say what those of a build say that knows nothing of any before it."""
    fresh, documents = blog.fresh(now)
    assert said(report) == said(fresh)
    assert blog.documents() == documents


def test_a_build_of_what_did_not_change_does_nothing(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing changed: no post is opened, nothing is rendered, and neither dist nor the cache is written."""
    before = blog.looks()

    def never(*_: object) -> None:
        raise AssertionError("a post was opened")

    with monkeypatch.context() as patch:
        patch.setattr("feeder.collect.read._bytes", never)
        report = blog.build()
    assert blog.witness.stages == {}
    assert (report.rendered, report.written, report.removed, len(report.unchanged)) == (0, (), (), 10)
    assert blog.looks() == before
    _assert_as_fresh(blog, report)


def test_one_post_that_changed_is_all_that_is_done(blog: Blog) -> None:
    """One post changed: it alone is read and rendered, and the feeds are written that hold it."""
    blog.post("post-2.md", "Another body.", date="2024-05-02", tags="[sea, hill]")
    report = blog.build()
    assert blog.witness.stages["reading"] == report.rendered == 1
    feeds = (f"{folder}{name}.xml" for folder in ("", "tags/hill/", "tags/sea/") for name in ("atom", "rss"))
    assert report.written == tuple(sorted((*feeds, "feeds.json")))
    assert report.unchanged == ("feeds.opml", "tags/town/atom.xml", "tags/town/rss.xml")
    _assert_as_fresh(blog, report)


def test_a_post_that_moves_between_terms_changes_both(blog: Blog) -> None:
    """Another tag: the feeds that held the post and that hold it now are written, one without any is removed."""
    blog.post("post-4.md", "Body 4.", date="2024-05-04", tags="[sea, new]")
    report = blog.build()
    assert report.rendered == 1
    feeds = (f"{folder}{name}.xml" for folder in ("", "tags/sea/", "tags/new/") for name in ("atom", "rss"))
    assert set(report.written) == {*feeds, *LISTS}
    assert report.removed == ("tags/town/atom.xml", "tags/town/rss.xml")
    assert report.unchanged == ("tags/hill/atom.xml", "tags/hill/rss.xml")
    _assert_as_fresh(blog, report)


def test_posts_that_come_and_go(blog: Blog) -> None:
    """A new post is rendered and its feeds are written; one that goes is in none, and nothing is rendered for it."""
    blog.post("post-6.md", date="2024-05-06", tags="[town]")
    report = blog.build()
    assert (blog.witness.stages["reading"], report.rendered, report.entries) == (1, 1, 6)
    assert len(report.written) == 5
    _assert_as_fresh(blog, report)
    blog.delete("post-6.md")
    report = blog.build()
    assert (report.rendered, report.entries, len(report.written)) == (0, 5, 5)
    assert "rendering" not in blog.witness.stages
    _assert_as_fresh(blog, report)


def test_new_times_of_change_are_no_change(blog: Blog) -> None:
    """All files have another time of change, as after a checkout: they are read, and nothing is rendered or written."""
    before = {name: look for name, look in blog.looks().items() if name.startswith("dist/")}
    blog.touch()
    report = blog.build()
    assert blog.witness.stages == {"reading": 5}
    assert (report.rendered, report.written) == (0, ())
    assert {name: look for name, look in blog.looks().items() if name.startswith("dist/")} == before
    blog.build()
    assert blog.witness.stages == {}


@pytest.mark.parametrize("loss", ["deleted", "damaged", "disturbed"])
def test_a_lost_cache_costs_time_alone(blog: Blog, loss: str) -> None:
    """The cache is lost, damaged or was copied, dist was kept: no document is written, and all is said as before."""
    blog.settings = "[feeds]\nmax_bytes = 20000\n"
    blog.post("nested.html", "<div>" * 300 + "deep", date="2024-05-08", tags="[sea]")
    for number in range(3):
        blog.post(f"long-{number}.md", "Long words. " * 600, date="2024-06-01", tags="[long]")
    blog.post("undated.md", date="")
    first = blog.build()
    assert len(first.cut) == 2
    before = {name: look for name, look in blog.looks().items() if name.startswith("dist/")}
    if loss == "deleted":
        shutil.rmtree(blog.cache.parent)
    elif loss == "damaged":
        blog.cache.write_bytes(b"SQLite format 3\0" + bytes(5_000))
    else:
        blog.disturb()
    report = blog.build()
    expected = {} if loss == "disturbed" else {"reading": 10, "rendering": 9}
    assert (report.rendered, blog.witness.stages) == (expected.get("rendering", 0), expected)
    assert (report.written, len(report.unchanged)) == ((), len(first.written) + len(first.unchanged))
    assert [problem.code for problem in report.problems if problem.code == "cache"] == ["cache"] * (loss == "damaged")
    assert sorted(blog.witness.problems) == sorted(report.problems)
    assert {name: look for name, look in blog.looks().items() if name.startswith("dist/")} == before
    assert said(report) == said(first)
    assert blog.build().written == ()
    assert blog.witness.stages == {}
    _assert_as_fresh(blog, report)


def test_what_is_said_of_a_cut_feed_cannot_be_forged(blog: Blog) -> None:
    """A line about a feed that somebody put into the cache is in no report."""
    blog.settings = "[feeds]\nmax_bytes = 20000\n"
    for number in range(3):
        blog.post(f"long-{number}.md", "Long words. " * 600, date="2024-06-01", tags="[long]")
    lines = set(blog.build().cut)
    assert len(lines) == 2
    for change in ("cut = 'a forged line'", "path = 'x' || path", "cut = x'00'"):
        with contextlib.closing(sqlite3.connect(blog.cache)) as db, db:
            db.execute(f"UPDATE feed SET {change} WHERE path = 'atom.xml'")
        assert set(blog.build().cut) <= lines
        shutil.rmtree(blog.dist)
        assert set(blog.build().cut) == lines


def test_a_lost_dist_is_published_from_the_cache(blog: Blog) -> None:
    """All of dist was lost and the cache kept: every document is published, and nothing is read or rendered for it."""
    before = blog.documents()
    shutil.rmtree(blog.dist)
    report = blog.build()
    assert blog.witness.stages == {}
    assert (report.rendered, len(report.written)) == (0, 10)
    assert blog.documents() == before


def test_another_title_of_the_site_renders_nothing(blog: Blog) -> None:
    """The site's title stands in the heads of documents alone: all are written anew, and nothing is rendered."""
    blog.title = "Another blog"
    report = blog.build()
    assert (report.rendered, len(report.written), report.unchanged) == (0, 10, ())
    assert blog.witness.stages == {}
    _assert_as_fresh(blog, report)


@pytest.mark.parametrize(
    ("settings", "rendered", "read"),
    [
        ("[feeds]\nlimit = 1\n", 0, 0),
        ('[posts]\nlink = "permalink"\n', 0, 5),
        ('[content]\nsanitizer = "bleach"\n', 5, 0),
        ('[posts]\npermalink = "/:title/"\n', 5, 5),
        ('[feeds]\nformats = ["rss"]\n', 5, 0),
        ('[feeds]\nurl = "https://feeds.example"\n', 4, 0),  # the schemes of terms: one post has none
        ('lang = "en"\n', 0, 0),
        ("[taxonomies.tags]\nkeys = []\n", 4, 5),
        ('[taxonomies.places]\nkeys = ["tags"]\n', 4, 5),
        ('timezone = "Asia/Taipei"\n', 5, 5),
    ],
    ids=lambda value: value.strip().splitlines()[-1] if isinstance(value, str) else None,
)
def test_a_setting_makes_anew_what_depends_on_it(blog: Blog, settings: str, rendered: int, read: int) -> None:
    """Another setting: what depends on it is made anew and nothing else, and dist is as a fresh build's."""
    blog.settings = settings
    report = blog.build()
    assert (report.rendered, blog.witness.stages.get("reading", 0)) == (rendered, read)
    _assert_as_fresh(blog, report)
    blog.settings = ""
    report = blog.build()
    _assert_as_fresh(blog, report)


@pytest.mark.parametrize("harm", ["damaged", "deleted", "link", "folder gone", "emptied"])
def test_a_document_that_was_harmed_is_repaired(blog: Blog, harm: str) -> None:
    """A document of dist that somebody damaged, deleted or replaced is written anew, and nothing is rendered for it."""
    before = blog.documents()
    file = blog.dist / "tags" / "sea" / "rss.xml"
    outside = blog.folder / "outside"
    outside.write_text("outside")
    if harm == "folder gone":
        shutil.rmtree(file.parent)
    else:
        file.unlink()
    if harm == "damaged":
        file.write_bytes(before["tags/sea/rss.xml"].replace(b"Body 2", b"Body x"))
    elif harm == "emptied":
        file.write_bytes(b"")
    elif harm == "link":
        file.symlink_to(outside)
    report = blog.build()
    expected = ("tags/sea/atom.xml", "tags/sea/rss.xml") if harm == "folder gone" else ("tags/sea/rss.xml",)
    assert (report.rendered, report.written) == (0, expected)
    assert blog.documents() == before
    assert not file.is_symlink()
    assert outside.read_text() == "outside"
    assert blog.build().written == ()
    assert blog.witness.stages == {}


def test_damage_that_leaves_size_and_time_is_found(blog: Blog) -> None:
    """A document with other bytes, but the same size and time of change, is repaired: its time of status tells."""
    file = blog.dist / "atom.xml"
    before, status = file.read_bytes(), file.stat()
    file.write_bytes(before.replace(b"Body 2", b"Body x"))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert blog.build().written == ("atom.xml",)
    assert file.read_bytes() == before


@pytest.mark.parametrize("harm", ["damaged", "deleted"])
def test_a_lost_manifest_is_made_anew(blog: Blog, harm: str) -> None:
    """The manifest of dist was damaged or deleted: it is made anew, nothing is rendered, and no document is touched."""
    manifest = blog.dist / "feeder-manifest.json"
    before = manifest.read_bytes()
    if harm == "deleted":
        manifest.unlink()
    else:
        manifest.write_bytes(before[:-20])
    report = blog.build()
    assert (report.rendered, report.written, len(report.unchanged)) == (0, (), 10)
    assert [problem.code for problem in report.problems] == (["manifest"] if harm == "damaged" else [])
    assert manifest.read_bytes() == before
    assert blog.build().problems == ()
    assert blog.witness.stages == {}


def test_the_size_of_an_enclosed_file_is_followed(blog: Blog) -> None:
    """A local file that an enclosure names has another size, or comes, or goes: its entry is rendered anew."""
    sound = blog.folder / "a.mp3"
    blog.post("post-1.md", "Body 1.", date="2024-05-01", tags="[sea]", enclosure="/a.mp3")
    blog.post("post-2.md", "Body 2.", date="2024-05-02", tags="[sea, hill]", enclosure="/b.mp3")
    assert blog.build().rendered == 2
    for size in (1_000, 1_001, 0):
        if size:
            sound.write_bytes(bytes(size))
        else:
            sound.unlink()
        report = blog.build()
        assert (report.rendered, len(report.written)) == (1, 5)
        assert f'length="{size}"'.encode() in blog.documents()["atom.xml"]
        _assert_as_fresh(blog, report)
        assert blog.build().rendered == 0
        assert blog.witness.stages == {}


def test_enclosed_files_are_watched_after_other_posts_changed(blog: Blog) -> None:
    """The sizes of local files are still watched when a build since then planned only a part of the feeds."""
    blog.post("post-4.md", "Body 4.", date="2024-05-04", tags="[town]", enclosure="/a.mp3")
    blog.build()
    blog.post("post-1.md", "Other.", date="2024-05-01", tags="[sea]")
    blog.build()
    (blog.folder / "a.mp3").write_bytes(bytes(77))
    report = blog.build()
    assert report.rendered == 1
    assert b'length="77"' in blog.documents()["tags/town/rss.xml"]
    _assert_as_fresh(blog, report)


def test_posts_fall_due_between_builds(blog: Blog) -> None:
    """A post is left out until its time, then it is an entry without being read again; the clock may go back, too."""
    blog.post("later.md", date="2026-11-02 12:00:00", tags="[later]")
    report = blog.build()
    assert [(left.file.rpartition("/")[2], left.code) for left in report.left_out] == [("later.md", "future")]
    assert (report.rendered, report.written) == (0, ())
    early, late = NOW + timedelta(hours=35), NOW + timedelta(hours=36)
    assert blog.build(now=early).entries == 5
    report = blog.build(now=late)
    assert (report.entries, report.rendered, report.left_out) == (6, 1, ())
    assert "reading" not in blog.witness.stages
    assert {"tags/later/atom.xml", "atom.xml"} <= set(report.written)
    _assert_as_fresh(blog, report, late)
    report = blog.build(now=late + timedelta(days=1))
    assert blog.witness.stages == {}
    report = blog.build(now=early)
    assert (report.entries, report.rendered) == (5, 0)
    assert report.removed == ("tags/later/atom.xml", "tags/later/rss.xml")
    _assert_as_fresh(blog, report, early)


def test_the_future_is_asked_for_and_no_more(blog: Blog) -> None:
    """What `future = true` showed is left out again without it, and the other way round."""
    blog.post("later.md", date="2027-01-01", tags="[sea]")
    for settings, entries in (("", 5), ("[posts]\nfuture = true\n", 6), ("", 5), ("[posts]\nfuture = true\n", 6)):
        blog.settings = settings
        report = blog.build()
        assert report.entries == entries
        _assert_as_fresh(blog, report)


@pytest.mark.parametrize("back", [False, True], ids=["falls due", "clock goes back"])
def test_time_passes_for_a_cache_that_was_restored(blog: Blog, back: bool) -> None:
    """A post that fell due while the cache was copied (as CI does between two builds) is shown, and the reverse."""
    blog.post("later.md", date="2026-11-02", tags="[sea]")
    first, second = NOW, NOW + timedelta(days=2)
    if back:
        first, second = second, first
    blog.build(now=first)
    blog.disturb()
    report = blog.build(now=second)
    assert report.entries == (5 if back else 6)
    _assert_as_fresh(blog, report, second)


def test_problems_are_said_at_every_build(blog: Blog) -> None:
    """A bad post is named whether it was read now or before, and so is what was said of a body when it was rendered."""
    blog.post("undated.md", date="")
    blog.post("draft.md", draft="true")
    blog.post("guess.md", date="2024-05-09", lang="no such language")
    blog.post("nested.html", "<div>" * 300 + "deep", date="2024-05-08")
    (blog.folder / "posts" / "typo.md").write_text('---\ntitle: "a \\q b"\ndate: 2024-05-07\n---\nBody.\n')
    (blog.folder / "posts" / "latin.md").write_bytes(b"---\ntitle: caf\xe9\ndate: 2024-05-07\n---\nBody.\n")
    (blog.folder / "posts" / "readme.md").write_text("no post at all\n")
    first = blog.build()
    told = sorted(blog.witness.problems)
    _assert_as_fresh(blog, first)
    assert {problem.code for problem in first.problems} >= {"no-date", "front-matter", "encoding", "too-much"}
    assert {left.code for left in first.left_out} == {"no-date", "unpublished", "encoding"}
    for _ in range(2):
        again = blog.build()
        assert again.rendered == 0
        assert said(again) == said(first)
        assert sorted(blog.witness.problems) == told
    blog.disturb()
    assert said(blog.build()) == said(first)
    blog.delete("latin.md")
    blog.post("typo.md")
    report = blog.build()
    assert report.posts == first.posts - 1
    _assert_as_fresh(blog, report)


def test_strict_builds_refuse_what_was_read_before(blog: Blog) -> None:
    """`--strict` refuses for a post that an earlier build left out for an error, and it changes nothing."""
    blog.post("undated.md", date="")
    blog.build()
    before = blog.looks()
    for _ in range(2):
        with pytest.raises(StrictError, match="1 post was left out"):
            blog.build(strictness=Strictness.STRICT)
    assert blog.looks() == before


def test_a_refused_build_is_forgotten(blog: Blog) -> None:
    """What a build found that then refused to publish is found again by the next one, and published by it."""
    for number in range(20):
        blog.post(f"more-{number}.md", tags=f"[m{number}]")
    blog.build()
    for number in range(20):
        blog.delete(f"more-{number}.md")
    for _ in range(2):
        with pytest.raises(NothingToPublishError, match="20 of the 25 entries"):
            blog.build()
    report = blog.build(shrinking=Shrinking.ALLOWED)
    assert (report.entries, len(report.removed)) == (5, 40)
    _assert_as_fresh(blog, report)


def test_the_last_post_is_not_taken_back(blog: Blog) -> None:
    """Where no post is left to be an entry nothing is published, with a cache as without."""
    for number in range(1, 6):
        blog.post(f"post-{number}.md", draft="true")
    before = blog.documents()
    for _ in range(2):
        with pytest.raises(NothingToPublishError, match="no post to publish"):
            blog.build(shrinking=Shrinking.ALLOWED)
    assert blog.documents() == before


def test_two_dists_share_a_cache(blog: Blog) -> None:
    """Builds into two folders by turns use one cache: each is right, and nothing is rendered or written twice."""
    other = str(blog.folder / "other")
    report = blog.build(dist=other)
    assert (report.rendered, len(report.written)) == (0, 10)
    for dist in ("", other, "", other, other):
        report = blog.build(dist=dist)
        assert (report.rendered, report.written, len(report.unchanged)) == (0, (), 10)
    blog.post("post-1.md", "Changed.", date="2024-05-01", tags="[sea]")
    assert (blog.build().rendered, blog.build(dist=other).rendered) == (1, 0)
    blog.delete("post-4.md")
    report = blog.build(dist=other)
    assert report.removed == ("tags/town/atom.xml", "tags/town/rss.xml")
    report = blog.build()
    assert report.removed == ("tags/town/atom.xml", "tags/town/rss.xml")
    assert blog.documents() == blog.documents(other)
    _assert_as_fresh(blog, report)


def test_labels_and_slugs_follow_the_posts(blog: Blog) -> None:
    """A term that most posts now spell otherwise is shown so in every entry, and its address stays."""
    for number in (6, 7):
        blog.post(f"post-{number}.md", date=f"2024-05-0{number}", tags="[SEA]")
    report = blog.build()
    assert "SEA" not in str(report.written)
    blog.post("post-8.md", date="2024-05-08", tags="[SEA]")
    report = blog.build()
    assert b"<title>A blog: SEA</title>" in blog.documents()["tags/sea/atom.xml"]
    assert b'label="SEA"' in blog.documents()["tags/hill/atom.xml"]
    _assert_as_fresh(blog, report)
    for number in (6, 7, 8):
        blog.delete(f"post-{number}.md")
    report = blog.build()
    assert b"<title>A blog: sea</title>" in blog.documents()["tags/sea/atom.xml"]
    _assert_as_fresh(blog, report)


def test_what_is_cut_is_said_while_it_is_cut(blog: Blog) -> None:
    """A feed that max_bytes cuts is named at every build, also where only a part was planned, and no longer."""
    blog.settings = "[feeds]\nmax_bytes = 30000\n"
    for number in range(10, 25):
        blog.post(f"long-{number}.md", "Some words. " * 300, date=f"2024-06-{number}", tags="[long]")
    report = blog.build()
    assert [text.split(":")[0] for text in report.cut] == ["atom.xml", "tags/long/atom.xml"]
    _assert_as_fresh(blog, report)
    assert blog.build().cut == report.cut
    blog.post("post-4.md", "Changed.", date="2024-05-04", tags="[town]")
    changed = blog.build()
    assert changed.cut == report.cut
    _assert_as_fresh(blog, changed)
    for number in range(10, 25):
        blog.post(f"long-{number}.md", "Some words. " * 300, date=f"2024-06-{number}", tags="[other]")
    report = blog.build()
    assert [text.split(":")[0] for text in report.cut] == ["atom.xml", "tags/other/atom.xml"]
    _assert_as_fresh(blog, report)


@pytest.mark.parametrize("disturbed", [False, True], ids=["sealed", "touched"])
def test_nothing_is_said_of_bodies_that_no_feed_shows(blog: Blog, disturbed: bool) -> None:
    """What was said of a body when it was rendered is said no more when its post has left every feed."""
    blog.post("nested.html", "<div>" * 300 + "deep", date="2024-05-08", tags="[zzz]")
    assert [problem.code for problem in blog.build().problems] == ["too-much"]
    blog.delete("nested.html")
    if disturbed:
        blog.disturb()
    report = blog.build()
    assert report.problems == ()
    assert blog.build().problems == ()
    _assert_as_fresh(blog, report)


def test_explicit_ids_through_sequences_of_changes(blog: Blog) -> None:
    """Ids that posts of different names claim: the older keeps it, through every addition, change and deletion."""
    mine, yours = "urn:example:1", "urn:example:2"
    steps: list[Callable[[], object]] = [
        lambda: blog.post("a.md", date="2024-01-02", id=mine, tags="[sea]"),
        lambda: blog.post("b.md", date="2024-01-03", id=mine, tags="[hill]"),
        lambda: blog.post("c.md", date="2024-01-01", id=mine),
        lambda: blog.post("a.md", date="2024-01-02", id=yours, tags="[sea]"),
        lambda: blog.delete("c.md"),
        lambda: blog.post("d.md", date="2024-01-09", id=yours),
        lambda: blog.post("sub/b.md", "Another.", date="2024-01-04", id=yours, title="Not the same"),
        lambda: blog.post("sub/d.md", "Yet another.", date="2024-01-05", id=yours, title="Nor this"),
        lambda: blog.delete("a.md"),
        lambda: blog.post("b.md", date="2024-01-03"),
        lambda: blog.post("c.md", date="2024-01-01", id=yours, title="Back"),
        lambda: blog.delete("sub/b.md"),
        lambda: blog.delete("d.md"),
    ]
    for step in steps:
        step()
        report = blog.build(reposting=Reposting.ALLOWED)
        _assert_as_fresh(blog, report)
        assert blog.documents()["atom.xml"].count(f"<id>{mine}</id>".encode()) <= 1
        assert blog.documents()["atom.xml"].count(f"<id>{yours}</id>".encode()) <= 1


def test_an_id_taken_twice_over_is_said_once(blog: Blog) -> None:
    """Where posts of one name and a post of another claim one id, every post that does not get it is named once."""
    blog.post("a.md", "One.", date="2024-01-01", id="urn:example:1", title="One")
    blog.post("sub/a.md", "Two.", date="2024-01-02", id="urn:example:1", title="Two")
    blog.post("b.md", "Three.", date="2024-01-03", id="urn:example:1", title="Three")
    report = blog.build()
    named = [problem.file.rpartition("posts/")[2] for problem in report.problems if problem.code == "id-taken"]
    assert sorted(named) == ["b.md", "sub/a.md"]


def test_a_derived_id_that_another_post_claims(blog: Blog) -> None:
    """A post that claims the id which another's name gives is settled like any other two that claim one id."""
    other = uuid5(uuid5(NAMESPACE_URL, "https://example.org"), "post-3").urn
    for date in ("2024-01-01", "2024-12-31"):
        blog.post("thief.md", date=date, id=other)
        _assert_as_fresh(blog, blog.build(reposting=Reposting.ALLOWED))
    blog.delete("thief.md")
    report = blog.build(reposting=Reposting.ALLOWED)
    assert f"<id>{other}</id>".encode() in blog.documents()["atom.xml"]
    _assert_as_fresh(blog, report)


def test_names_that_are_no_utf_8(blog: Blog) -> None:
    """A post whose file's name is no UTF-8 is read once, found again, changed and dropped like any other."""
    names = [os.fsdecode(name) for name in (b"caf\xe9.md", b"caf\xe8.md", b"\xff/caf\xe9.md")]
    for day, name in enumerate(names, 1):
        blog.post(name, f"Body of {name!a}.", title=f"T{day}", date=f"2024-06-0{day}", tags="[sea]")
    report = blog.build()
    assert report.entries == 8
    _assert_as_fresh(blog, report)
    assert blog.build().written == ()
    assert blog.witness.stages == {}
    blog.disturb()
    assert blog.build().rendered == 0
    blog.post(names[0], "Changed.", title="x", tags="[sea]")
    blog.delete(names[2])
    report = blog.build()
    assert (report.entries, report.rendered) == (7, 1)
    _assert_as_fresh(blog, report)


def test_copies_that_come_and_go(blog: Blog) -> None:
    """A post that is mirrored twice is one entry with all terms, until one of the copies changes or goes."""
    origin = "https://elsewhere.example/1"
    steps: list[Callable[[], object]] = [
        lambda: blog.post("m1.md", "One text.", date="2024-03-01", title="One", tags="[sea]", source=origin),
        lambda: blog.post("x/m2.md", "One text.", date="2024-03-02", title="Two", tags="[far]", source=origin),
        lambda: blog.post("m3.md", "Its own.", date="2024-03-03", title="Three", tags="[far]", source=origin),
        lambda: blog.post("x/m2.md", "Three's.", date="2024-03-02", title="Three", tags="[town]", source=origin),
        lambda: blog.delete("m3.md"),
        lambda: blog.post("m1.md", "Three's.", date="2024-03-01", title="One", tags="[sea]", source=origin),
        lambda: blog.delete("m1.md"),
        lambda: blog.delete("x/m2.md"),
    ]
    counts = []
    for step in steps:
        step()
        report = blog.build()
        counts.append((report.entries - 5, report.merged))
        _assert_as_fresh(blog, report)
        assert blog.build().written == ()
    assert counts == [(1, 0), (1, 1), (2, 1), (2, 1), (2, 0), (1, 1), (1, 0), (0, 0)]


def test_a_post_that_could_not_be_rendered_is_tried_again(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A post over which rendering failed is left out and said, and the next build tries it again and shows it."""
    with monkeypatch.context() as patch:
        patch.setattr(rendering, "compose", _failing_on("new.md", compose))
        blog.post("new.md", date="2024-05-08", tags="[sea]")
        for _ in range(2):
            report = blog.build()
            assert (report.entries, report.rendered) == (5, 1)
            assert [left.code for left in report.left_out] == ["internal"]
            assert [problem.code for problem in report.problems] == ["internal"]
    report = blog.build()
    assert (report.entries, report.rendered, report.left_out, report.problems) == (6, 1, (), ())
    assert len(report.written) == 5
    _assert_as_fresh(blog, report)


def test_posts_that_could_not_be_read_are_looked_at_again(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A post that the system did not let be read is read as soon as it does, though the file is as it was."""

    def refusing(source: Source, *rest: Any) -> RawPost | LeftOut:
        if source.path == "new.md":
            return LeftOut(source, Problem(source.file, 0, Level.ERROR, "unreadable", "the file cannot be read"))
        return read_front(source, *rest)

    blog.post("new.md", date="2024-05-08")
    with monkeypatch.context() as patch:
        patch.setattr(reading, "read_front", refusing)
        for _ in range(2):
            report = blog.build()
            assert [left.code for left in report.left_out] == ["unreadable"]
            assert blog.witness.stages["reading"] == 1
    report = blog.build()
    assert (report.entries, report.left_out) == (6, ())
    _assert_as_fresh(blog, report)


def test_a_large_change_makes_everything_anew(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where many posts changed all that is derived is made anew, and the result is the same."""
    monkeypatch.setattr("feeder.cache.posts._MENDED", 2)
    for number in range(1, 5):
        blog.post(f"post-{number}.md", "Changed.", date=f"2024-05-1{number}", tags="[hill, sea]")
    report = blog.build()
    assert report.rendered == 4
    _assert_as_fresh(blog, report)
    assert blog.build().written == ()


def test_the_engine_changes_nothing(blog: Blog) -> None:
    """Worker processes and this one make one cache: what one engine made the other does not make again."""
    blog.post("post-1.md", "Other.", date="2024-05-01", tags="[sea]")
    report = blog.build(engine="processes:2")
    assert report.rendered == 1
    _assert_as_fresh(blog, report)
    assert blog.build(engine="processes:2").rendered == 0
    blog.touch()
    assert blog.build(engine="processes:2").written == ()
    blog.disturb()
    assert blog.build().rendered == 0


def test_looking_changes_nothing(blog: Blog) -> None:
    """Whoever lists or explains uses what the cache knows, and changes neither it nor dist, whatever changed since."""
    blog.post("post-1.md", "Other.", date="2024-05-01", tags="[sea, new]")
    before = blog.looks()
    look = Look(str(blog.dist), "", str(blog.cache))
    site = blog.load()
    witness = Witness()
    feeds = list_feeds(site, look, witness)
    assert witness.stages == {"reading": 1, "rendering": 1}
    assert [(feed.feed.label, feed.total, len(feed.entries)) for feed in feeds] == [
        ("", 5, 5),
        ("hill", 2, 2),
        ("new", 1, 1),
        ("sea", 2, 2),
        ("town", 1, 1),
    ]
    assert feeds == list_feeds(site, Look(str(blog.dist)), witness)
    post = explain_post(site, look, str(blog.folder / "posts" / "post-1.md"), witness)
    assert [term.slug for term in post.terms] == ["sea", "new"]
    assert explain_feed(site, look, "tags:new", witness).entries[0].title == "post-1.md"
    assert blog.looks() == before
    assert blog.build().rendered == 1


def test_a_cache_is_made_by_builds_alone(tmp_path: Path) -> None:
    """Whoever looks at a site that was never built leaves no cache behind."""
    blog = Blog(tmp_path)
    blog.post("a.md")
    assert len(list_feeds(blog.load(), Look(str(blog.dist), "", str(blog.cache)), Witness())) == 1
    assert not blog.cache.exists()
    assert not blog.dist.exists()


@pytest.mark.parametrize("kind", ["busy", "folder is a file", "no room"])
def test_a_build_goes_without_a_cache_that_cannot_be_had(
    blog: Blog, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the cache is in use, or cannot be opened or written, the feeds are built all the same, with one warning."""
    blog.post("post-1.md", "Other.", date="2024-05-01", tags="[sea]")
    if kind == "busy":
        with Store(str(blog.cache), ""):
            report = blog.build()
    elif kind == "folder is a file":
        shutil.rmtree(blog.cache.parent)
        blog.cache.parent.write_text("mine")
        report = blog.build()
        assert blog.cache.parent.read_text() == "mine"
    else:

        def full(_: Store) -> None:
            raise CacheError("database or disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(Store, "keep", full)
            report = blog.build()
    assert [(problem.file, problem.code) for problem in report.problems] == [(str(blog.cache), "cache")]
    assert blog.witness.problems == list(report.problems)
    assert len(report.written) == 5
    assert blog.build().written == ()
    _assert_as_fresh(blog, report)


def test_a_cache_that_fails_on_the_way_is_made_anew(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the cache turns out to be damaged in the middle of a build, it begins again, and says everything once."""
    blog.post("undated.md", date="")
    calls = []
    real = Fragments.stand

    def failing(self: Fragments, plan: Plan) -> None:
        calls.append(plan)
        if len(calls) == 1:
            raise CacheError("a fragment in it is not as it was written")
        real(self, plan)

    monkeypatch.setattr(Fragments, "stand", failing)
    blog.post("post-1.md", "Other.", date="2024-05-01", tags="[sea]")
    report = blog.build()
    assert sorted(problem.code for problem in report.problems) == ["cache", "no-date"]
    assert sorted(blog.witness.problems) == sorted(report.problems)
    assert report.rendered > 0
    assert len(report.written) == 5
    _assert_as_fresh(blog, report)


def test_no_memory_for_a_build_is_an_error(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where even a build without a cache finds no room for what it must remember, that is an error with 74."""

    def full(*_: object) -> None:
        raise CacheError("out of memory")

    monkeypatch.setattr(Fragments, "stand", full)
    before = blog.documents()
    blog.post("post-1.md", "Other.", date="2024-05-01", tags="[sea]")
    with pytest.raises(InputOutputError, match="no room for what a build must remember: out of memory"):
        blog.build()
    assert blog.documents() == before


# What somebody may have done to the tables of a cache; the statements leave it whole as SQLite sees it.
_TAMPERINGS = [
    "UPDATE fragment SET data = x'00'",
    "UPDATE fragment SET format = 'rss' || n WHERE format = 'rss'",
    "UPDATE fragment SET key = 'text' || n",
    "UPDATE rendered SET key = 'text' || substr(hex(key), 1, 9)",
    "UPDATE rendered SET seal = 7, problems = x'00'",
    "UPDATE fragment SET data = 'text'",
    "UPDATE fragment SET data = 7",
    "DELETE FROM fragment WHERE format = 'atom'",
    "DELETE FROM fragment",
    "UPDATE rendered SET problems = '['",
    "UPDATE rendered SET problems = 'null'",
    """UPDATE rendered SET problems = '[["x",1,"error","forged","a forged problem"]]'""",
    "DELETE FROM rendered",
    "UPDATE post SET kind = 'x'",
    "UPDATE post SET kind = 2 - kind",
    "UPDATE post SET kind = 3",
    "UPDATE post SET head = '{'",
    "UPDATE post SET own = 'urn:example:forged'",
    'UPDATE post SET terms = \'[["tags","forged"]]\'',
    "UPDATE post SET published = 0",
    "UPDATE post SET digest = x'00'",
    "UPDATE post SET size = 'x', mtime = 1.5",
    "UPDATE post SET entry = 'urn:example:forged', shown = 7, joined = '[', oldest = 99, body = 'b'",
    "UPDATE post SET path = 'x' || n",
    "DELETE FROM post WHERE n % 2",
    "UPDATE term SET label = 'Forged', slug = 'forged'",
    "UPDATE term SET taxonomy = 'forged'",
    "DELETE FROM term",
    "DELETE FROM membership",
    "UPDATE membership SET post = 99",
    "UPDATE spelling SET label = 'Forged' || n",
    "INSERT INTO contested VALUES (7, 'forged')",
    'INSERT INTO contested VALUES (7, \'[["x",1,"error","forged","a forged problem"]]\')',
    "DELETE FROM stands",
    "UPDATE listed SET display = '[9, 0, []]', outline = 'forged', entry = 'forged'",
    "UPDATE listed SET path = 7 || path",
    "UPDATE listed SET seal = 7, display = x'00'",
    "DELETE FROM listed",
    "INSERT INTO stands VALUES (99, '', 0, x'00')",
    "UPDATE meta SET value = 'x' WHERE name NOT IN ('version', 'heads')",
    "UPDATE meta SET value = '[' WHERE name IN ('stamps', 'files')",
    "UPDATE meta SET value = 'x' WHERE name = 'heads'",
    "UPDATE meta SET value = 'x' WHERE name = 'version'",
    "DELETE FROM meta",
]


@pytest.mark.parametrize("statement", _TAMPERINGS)
@pytest.mark.parametrize("lost", [False, True], ids=["dist kept", "dist lost"])
def test_what_somebody_did_to_the_cache_is_not_in_the_feeds(blog: Blog, statement: str, lost: bool) -> None:
    """Whatever somebody did to rows of the cache, feeds and report are those of a build without one."""
    with contextlib.closing(sqlite3.connect(blog.cache)) as db, db:
        db.execute(statement)
    if lost:
        shutil.rmtree(blog.dist)
    blog.post("post-1.md", "Other.", date="2024-05-01", tags="[sea, new]")
    report = blog.build()
    _assert_as_fresh(blog, report)
    again = blog.build()
    assert (again.written, again.rendered) == ((), 0)
    assert said(again) == said(report)


def test_random_damage_to_the_cache_is_not_in_the_feeds(blog: Blog) -> None:
    """Wherever bytes of the cache's file are lost or changed, feeds and report are those of a build without one."""
    whole = blog.cache.read_bytes()
    chance = random.Random(1)
    fresh, documents = blog.fresh()
    for number in range(60):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 8, 100))):
            data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
        blog.cache.write_bytes(data[: chance.randrange(len(data))] if number % 5 == 0 else data)
        if number % 2:
            shutil.rmtree(blog.dist)
        assert said(blog.build()) == said(fresh)
        assert blog.documents() == documents


_STARTED = """
import atexit, sys
from feeder.__main__ import main
atexit.register(lambda: print("modules:", *sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr))
main()
"""


def test_a_build_with_nothing_to_do_imports_no_library(tmp_path: Path) -> None:
    """A build of 30 posts of which none changed needs neither Markdown nor XML nor any cleaner, so it imports none."""
    blog = Blog(tmp_path)
    for number in range(30):
        blog.post(f"post-{number}.md", f"*Body* {number}.", date=f"2024-05-{number + 1:02}", tags=f"[t{number % 3}]")
    blog.load()
    environment = {**os.environ, "PYTHONPATH": str(TOP), "SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))}
    command = [sys.executable, "-c", _STARTED, "build"]
    subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert "17 feed documents: 0 written, 17 unchanged" in done.stderr
    imported = set(done.stderr.rpartition("modules:")[2].split())
    assert "feeder" in imported
    libraries = (
        "bleach dateutil feedgen frontmatter html5lib jinja2 lxml markdown_it mdit_py_plugins nh3 regex rich yaml"
    )
    assert imported & set(libraries.split()) == set()
