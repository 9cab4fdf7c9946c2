"""The walk as a library: what it refuses, what one bad post costs, what its workers do when they die."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

import feeder
from feeder import pipeline
from feeder.config.slices import ContentRules, PostRules
from feeder.errors import InputOutputError, NothingToPublishError, StrictError
from feeder.model.entry import Entry, Rendered
from feeder.model.head import Head
from feeder.model.source import LeftOut, Source
from feeder.normalise.content import compose
from feeder.pipeline import Publication, Strictness, read_head, render_entry
from feeder.render.syndication import InvalidDocumentError
from feeder.report import Report

NOW = datetime(2026, 11, 1, tzinfo=UTC)


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
    assert (report.posts, report.entries, report.written) == (3, 3, ("atom.xml", "rss.xml"))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = feeder.nonsense


def test_a_failure_of_our_own_costs_one_post(posts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug that one post finds in feeder leaves that post out with a sentence; the others are published."""
    monkeypatch.setattr(pipeline, "compose", _failing_on("Post 2", compose))
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

    monkeypatch.setattr(pipeline, "head", broken)
    site = feeder.load_site(feeder.Options(posts=(str(posts),), site_url="https://example.org"), NOW)
    found = read_head(Source(str(posts), "post-1.md", 1, 1), site.posts)
    assert isinstance(found, LeftOut)
    assert found.reason.code == "internal"


def test_nothing_is_published_where_no_entry_can_be_rendered(posts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where rendering fails for every post the build refuses, and what was published stays."""
    _build(posts)
    before = (posts.parent / "dist" / "atom.xml").read_bytes()

    def broken(*_: object) -> None:
        raise ValueError("always")

    monkeypatch.setattr(pipeline, "compose", broken)
    with pytest.raises(NothingToPublishError, match="no post to publish"):
        _build(posts)
    assert (posts.parent / "dist" / "atom.xml").read_bytes() == before


def test_a_post_that_goes_while_it_is_read_is_left_out(posts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A post that is deleted between its head and its body is named, and the others are published."""
    real = pipeline.render

    def deleting(*arguments):  # type: ignore[no-untyped-def]  # noqa: ANN002, ANN202
        (posts / "post-3.md").unlink()
        return real(*arguments)

    monkeypatch.setattr(pipeline, "render", deleting)
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
    monkeypatch.setattr(pipeline, "check", refuse)
    with pytest.raises(InputOutputError, match="would be no well-formed XML"):
        _build(posts)
    assert (posts.parent / "dist" / "atom.xml").read_bytes() == before


def _dying_head(source: Source, rules: PostRules) -> Head | LeftOut:
    if source.path == "post-2.md":
        os.kill(os.getpid(), signal.SIGKILL)
    return read_head(source, rules)


def test_a_worker_that_dies_over_a_head_costs_one_post(posts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash in a worker process names the post that it died over, and costs no other."""
    monkeypatch.setattr(pipeline, "read_head", _dying_head)
    report = _build(posts, Publication(str(posts.parent / "dist"), engine="processes:2"))
    assert (report.posts, report.entries) == (3, 2)
    assert [(left.file, left.code) for left in report.left_out] == [(str(posts / "post-2.md"), "died")]


def _dying_entry(entry: Entry, rules: ContentRules) -> Rendered:
    if entry.title == "Post 2":
        os.kill(os.getpid(), signal.SIGKILL)
    return render_entry(entry, rules)


def test_a_worker_that_dies_over_an_entry_costs_one_post(posts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same while entries are rendered."""
    monkeypatch.setattr(pipeline, "render_entry", _dying_entry)
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
