"""What a worker makes of a file, and how the rows of the cache follow."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import feeder
from feeder import reading
from feeder.cache.posts import Posts
from feeder.cache.rows import Candidate, Kind, Reader, Row
from feeder.cache.store import Store
from feeder.engine.choice import Engines
from feeder.engine.limits import Death
from feeder.model.head import Head
from feeder.model.problem import Level
from feeder.model.source import LeftOut, Run, Source
from feeder.reading import died, internal, read_bodies, read_body, read_posts, read_row
from tests.cache.blog import NOW, Witness

GOOD = "---\ntitle: A\ndate: 2024-05-01\n---\nBody.\n"


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """How posts are read where nothing is said."""
    monkeypatch.chdir(tmp_path)
    site = feeder.load_site(feeder.Options(("posts",), site_url="https://example.org"), NOW)
    return Reader(site.posts, site.site.id, int(NOW.timestamp()))


def write(folder: Path, path: str, text: str = GOOD) -> Source:
    """Write a post, and return it as the walk finds it."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    status = file.stat()
    return Source(str(folder), path, status.st_size, status.st_mtime_ns)


def kept(result: Row | Candidate) -> Head | LeftOut:
    """Return what stands in the cache of `result`, when it was put there."""
    assert isinstance(result, Row)
    with Store("", "v") as store:
        posts = Posts(store)
        posts.put(result)
        posts.settle()
        (found,) = [*posts.noted()] or [posts.load(n).head for n in posts.newest()]
        return found


def test_a_post_becomes_a_row(tmp_path: Path, reader: Reader) -> None:
    """A post is read into a row of its head, its digest and what its body is compared by are not asked for yet."""
    source = write(tmp_path, "a.md")
    row = read_row(Candidate(7, source), reader=reader)
    assert isinstance(row, Row)
    assert (row.replaces, row.kind) == (7, Kind.HEAD)
    found = kept(row)
    assert isinstance(found, Head)
    assert (found.title, found.source, found.body_digest) == ("A", source, b"")
    assert found.published == datetime(2024, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("---\ntitle: A\n---\nBody.\n", Kind.LEFT_OUT, "no-date"),
        ("---\ndraft: true\ndate: 2024-05-01\n---\nBody.\n", Kind.LEFT_OUT, "unpublished"),
        ("Nothing of these.\n", Kind.OTHER, ""),
        ("---\ntitle: A\ndate: 2030-01-01\n---\nBody.\n", Kind.FUTURE, ""),
    ],
)
def test_a_file_that_gives_no_entry(tmp_path: Path, reader: Reader, text: str, kind: Kind, code: str) -> None:
    """A post that is left out, one that is not due and a file that is no post each become a row of their kind."""
    row = read_row(Candidate(0, write(tmp_path, "a.md", text)), reader=reader)
    assert isinstance(row, Row)
    assert row.kind is kind
    if code:
        found = kept(row)
        assert isinstance(found, LeftOut)
        assert (found.reason.code, len(found.digest), found.is_post) == (code, 16, True)


def test_a_candidate_whose_bytes_are_known(tmp_path: Path, reader: Reader) -> None:
    """A file whose digest is the one that was known is not read any further; another digest makes a row."""
    source = write(tmp_path, "a.md")
    found = kept(read_row(Candidate(0, source), reader=reader))
    known = Candidate(3, source, found.digest)
    assert read_row(known, reader=reader) is known
    assert isinstance(read_row(Candidate(3, source, b"x" * 16), reader=reader), Row)
    os.unlink(source.file)
    gone = read_row(known, reader=reader)
    assert isinstance(gone, Row)
    assert gone.kind is Kind.LEFT_OUT


def test_bytes_from_elsewhere(tmp_path: Path, reader: Reader) -> None:
    """A worker on another machine is given the file's bytes, and makes of them what a worker here makes of the file."""
    source = write(tmp_path, "a.md")
    expected = read_row(Candidate(0, source), reader=reader)
    body = read_body(source, reader=reader)
    os.unlink(source.file)
    assert read_row(Candidate(0, source), GOOD.encode(), reader=reader) == expected
    assert read_body(source, GOOD.encode(), reader=reader) == body
    assert body[1]


def test_a_file_that_cannot_be_read(tmp_path: Path, reader: Reader) -> None:
    """What is not in the bytes of a file is no digest's business: it is left out until the next build looks again."""
    row = read_row(Candidate(0, Source(str(tmp_path), "none.md", 1, 1)), reader=reader)
    found = kept(row)
    assert isinstance(found, LeftOut)
    assert (found.reason.code, found.digest) == ("unreadable", b"")


def _broken(*_: Any) -> None:
    raise RecursionError("too deep " * 100)


def _starved(*_: Any) -> None:
    raise MemoryError


def test_a_failure_of_our_own_is_a_problem(tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a post finds in feeder leaves that post out, with a sentence that is not endless."""
    source = write(tmp_path, "a.md")
    monkeypatch.setattr(reading, "head", _broken)
    found = kept(read_row(Candidate(0, source), reader=reader))
    assert isinstance(found, LeftOut)
    assert (found.reason.code, found.reason.level, found.digest) == ("internal", Level.ERROR, b"")
    assert "RecursionError: too deep" in found.reason.message
    assert len(found.reason.message) < 400
    monkeypatch.setattr(reading, "body_digest", _broken)
    assert read_body(source, reader=reader) == (source, b"")


def test_want_of_memory_is_the_engines_business(
    tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where memory runs out over a post the engine is told: it knows what else to try."""
    source = write(tmp_path, "a.md")
    monkeypatch.setattr(reading, "read_front", _starved)
    monkeypatch.setattr(reading, "read", _starved)
    with pytest.raises(MemoryError):
        read_row(Candidate(0, source), reader=reader)
    with pytest.raises(MemoryError):
        read_body(source, reader=reader)
    with Engines("serial") as engines, Store("", "v") as store:
        posts = Posts(store)
        witness = Witness()
        read_posts(posts, [Run("", "", [source])], reader, engines, witness)
        posts.settle()
        (left,) = posts.noted()
        assert isinstance(left, LeftOut)
        assert (left.reason.code, posts.fleeting()) == ("died", 1)
        assert read_bodies([source], reader, engines) == {(source.root, source.path): b""}


def test_bodies_are_compared_by_their_digests(tmp_path: Path, reader: Reader) -> None:
    """Equal bodies have equal digests, an empty one and one that cannot be read have none."""
    texts = {"a.md": GOOD, "b.md": GOOD.replace("title: A", "title: B"), "c.md": GOOD.replace("Body", "Other")}
    texts["d.md"] = GOOD.replace("Body.\n", "")
    sources = [write(tmp_path, path, text) for path, text in texts.items()]
    sources.append(Source(str(tmp_path), "none.md", 1, 1))
    with Engines("serial") as engines:
        found = {path: digest for (_, path), digest in read_bodies(sources, reader, engines).items()}
    assert found["a.md"] == found["b.md"] != found["c.md"]
    assert all(found[path] for path in ("a.md", "b.md", "c.md"))
    assert (found["d.md"], found["none.md"]) == (b"", b"")


def test_rows_follow_the_files(tmp_path: Path, reader: Reader) -> None:
    """What is new is read, what changed read again, what is gone forgotten, and the observer is told of each."""
    cache = str(tmp_path / "cache")
    one, two, three = (write(tmp_path / "posts", f"{number}.md") for number in (1, 2, 3))
    with Engines("serial") as engines:
        for sources, read, touched in (
            ([one, two], 2, None),
            ([one, two], 0, set()),
            ([one, three], 1, {"2.md", "3.md"}),
        ):
            with Store(cache, "v") as store:
                posts, witness = Posts(store), Witness()
                read_posts(posts, [Run("", "", sources)], reader, engines, witness)
                posts.settle()
                assert witness.stages.get("reading", 0) == read
                assert (posts.touched is None) if touched is None else len(posts.touched or ()) == len(touched)
                assert [posts.load(n).head.source for n in sorted(posts.newest())] == sources
                store.keep()
        again = write(tmp_path / "posts", "1.md")
        os.utime(again.file, ns=(1, 1))
        with Store(cache, "v") as store:
            posts, witness = Posts(store), Witness()
            both = [Source(again.root, "1.md", again.size, 1), three]
            read_posts(posts, [Run("", "", both)], reader, engines, witness)
            assert (witness.stages, posts.touched) == ({"reading": 1}, set())


def test_what_is_said_of_the_dead() -> None:
    """A post that killed its worker is named with what it died of."""
    source = Source("posts", "a.md", 1, 1)
    for death in Death:
        problem = died(source, death)
        assert (problem.file, problem.code, problem.level) == ("posts/a.md", "died", Level.ERROR)
        assert death.value in problem.message
    assert internal(source, ValueError("x")).message.startswith("feeder failed on this post (ValueError: x)")
