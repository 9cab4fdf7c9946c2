"""A site that keeps a ledger: its posts keep their ids, whatever becomes of cache, dist and their names (issue 4)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest

from feeder.cache.store import CacheError, Store
from feeder.errors import LockedError, NothingToPublishError, UsageError
from feeder.ledger import file as ledger_file
from feeder.ledger.text import HEADER
from feeder.model.term import GivenSlug
from feeder.pipeline import Remembering
from feeder.write.manifest import NAME, Manifest, dump
from tests.cache.blog import NOW, Blog, said

DAY = timedelta(days=1)


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """A published site of 5 posts that keeps a ledger."""
    blog = Blog(tmp_path)
    _ledger(blog).touch()
    for number in range(5):
        blog.post(
            f"post-{number}.md", f"Body {number}.", title=f"Post {number}", date=f"2024-05-0{number + 1} 10:00:00"
        )
    blog.build()
    return blog


def _ledger(blog: Blog) -> Path:
    return blog.folder / "feeder.ledger"


def _lines(blog: Blog) -> dict[str, list[str]]:
    """Return the fields of every line of the ledger, by what posts are called."""
    header, *lines = _ledger(blog).read_text(encoding="utf-8").splitlines()
    assert header == "feeder.ledger 1"
    assert lines == sorted(lines)
    return {fields[2]: fields for fields in (line.split("\t") for line in lines)}


def _move(blog: Blog, path: str, new: str) -> None:
    place = blog.folder / "posts" / new
    place.parent.mkdir(exist_ok=True)
    (blog.folder / "posts" / path).rename(place)


def _entries(blog: Blog, dist: str = "") -> dict[str, tuple[str, str]]:
    """Return id and time of change of every entry, by its title."""
    text = blog.documents(dist)["atom.xml"].decode()
    pattern = r"<entry><id>(.*?)</id><title>(.*?)</title>.*?<updated>(.*?)</updated>"
    found = {title: (name, updated) for name, title, updated in re.findall(pattern, text)}
    assert len(found) == text.count("<entry>")
    return found


def _ids(blog: Blog) -> dict[str, str]:
    return {title: name for title, (name, _) in _entries(blog).items()}


def test_a_ledger_is_kept_where_there_is_one(blog: Blog, tmp_path: Path) -> None:
    """A line an entry, with its id, its name, when it was published; without one ids are equal, and none is made."""
    lines = _lines(blog)
    site = uuid5(NAMESPACE_URL, "https://example.org")
    assert list(lines) == sorted(lines, key=lambda key: lines[key][1])
    assert lines["stem post-0"][1] == uuid5(site, "post-0").urn
    assert lines["stem post-0"][4:] == ["2024-05-01T10:00:00Z", "2024-05-01T10:00:00Z"]
    with_one = blog.documents()
    other = Blog(tmp_path / "other")
    shutil.copytree(blog.folder / "posts", other.folder / "posts")
    other.build()
    assert other.documents() == with_one
    assert not _ledger(other).exists()


@pytest.mark.parametrize("settings", ['ledger = "feeder.ledger"\n', '[posts]\nupdated = "content"\n'])
def test_a_ledger_is_made_where_it_is_asked_for(tmp_path: Path, settings: str) -> None:
    """Whoever names one has one from the first build on, and so has who asks for what only a ledger can know."""
    blog = Blog(tmp_path, settings=settings)
    blog.post("a.md")
    blog.build()
    assert list(_lines(blog)) == ["stem a"]


def test_another_place_for_it(tmp_path: Path) -> None:
    """The path is relative to the configuration's folder, and may lead into dist: nobody takes it away there."""
    blog = Blog(tmp_path, settings='ledger = "dist/feeder.ledger"\n')
    blog.post("a.md")
    blog.build()
    blog.build()
    assert (blog.dist / "feeder.ledger").read_text(encoding="utf-8").startswith(HEADER)


@pytest.mark.parametrize("cached", [True, False])
def test_a_renamed_post_keeps_its_id(blog: Blog, cached: bool) -> None:
    """With a cache as without; and it is no re-post, so the build's brake is off."""
    before = _ids(blog)
    _move(blog, "post-1.md", "sub/renamed.md")
    report = blog.build(cached=cached)
    assert _ids(blog) == before
    assert report.ledger is not None
    assert (report.ledger.new, report.ledger.gone) == ((), ())
    assert _lines(blog)["stem renamed"][1] == before["Post 1"]
    assert "stem post-1" not in _lines(blog)


def test_same_posts_and_same_ledger_are_same_bytes(blog: Blog, tmp_path: Path) -> None:
    """A build that knows nothing but posts and ledger publishes what the one with cache and dist did, and keeps it."""
    _move(blog, "post-1.md", "renamed.md")
    blog.post("post-1.md", "Another.", title="Another", date="2024-06-01")
    blog.delete("post-2.md")
    report = blog.build()
    kept = _ledger(blog).read_bytes(), blog.documents()
    fresh = tmp_path / "fresh"
    again = blog.build(cached=False, dist=str(fresh))
    assert (_ledger(blog).read_bytes(), blog.documents(str(fresh))) == kept
    assert said(again) == said(report)
    assert again.ledger is not None
    assert (again.ledger.new, again.ledger.updated, again.ledger.gone) == ((), (), ())


def test_nothing_changes_where_nothing_did(blog: Blog) -> None:
    """The next build reads no ledger and writes none, and neither does one after a checkout of the same ledger."""
    before = blog.looks(), _ledger(blog).stat()
    assert blog.build().ledger is not None
    assert (blog.looks(), _ledger(blog).stat()) == before
    data = _ledger(blog).read_bytes()
    _ledger(blog).unlink()
    _ledger(blog).write_bytes(data)
    looks = _ledger(blog).stat()
    assert blog.build().written == ()
    assert blog.witness.stages == {}
    assert _ledger(blog).stat().st_mtime_ns == looks.st_mtime_ns


def test_a_build_in_which_nothing_changed_imports_little(blog: Blog) -> None:
    """Where the ledger is the one that the cache knows, nothing that reads or compares ledgers is even imported."""
    code = (
        "import sys; from feeder.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*[name for name in sys.modules if name in "
        "('feeder.remembering', 'feeder.normalise.recall', 'feeder.ledger.text', 'feeder.joining')])"
    )
    command = [sys.executable, "-c", code, "build", "posts", "--config", "feeder.toml"]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))}
    done = ""
    for _ in range(2):
        done = subprocess.run(
            command, cwd=blog.folder, env=environment, check=True, capture_output=True, text=True
        ).stdout
    assert done.strip() == ""


def test_a_deletion_is_reported_and_taken_back(blog: Blog) -> None:
    """The line of an entry that is gone stays, the report names it, and its post has its id when it is there again."""
    before = _ids(blog)
    kept = (blog.folder / "posts" / "post-1.md").read_text(encoding="utf-8")
    blog.delete("post-1.md")
    report = blog.build()
    assert report.ledger is not None
    assert [line.id for line in report.ledger.gone] == [before["Post 1"]]
    assert f"    gone: stem post-1 ({before['Post 1']})" in list(report.lines())
    assert f'"id": "{before["Post 1"]}"' in report.to_json()
    assert _lines(blog)["stem post-1"][6:] == ["gone"]
    (blog.folder / "posts" / "again.md").write_text(kept, encoding="utf-8")
    report = blog.build()
    assert _ids(blog) == before
    assert report.ledger is not None
    assert (report.ledger.new, report.ledger.gone) == ((), ())


def test_an_id_is_not_used_again(blog: Blog) -> None:
    """Another post under the name of one that is gone is another entry."""
    before = _ids(blog)
    blog.delete("post-1.md")
    blog.build()
    blog.post("post-1.md", "Another.", title="Another", date="2024-06-01")
    blog.build()
    assert _ids(blog)["Another"] not in before.values()


def test_the_site_gets_another_id(blog: Blog) -> None:
    """Ids are what the ledger says, where the address changes and `site.id` was never set."""
    before = _ids(blog)
    blog.settings = 'id = "https://other.example"\n'
    blog.build()
    assert _ids(blog) == before
    blog.post("new.md", title="New")
    blog.build()
    assert _ids(blog)["New"] == uuid5(uuid5(NAMESPACE_URL, "https://other.example"), "new").urn


@pytest.mark.parametrize("cached", [True, False])
def test_an_edit_is_an_update_where_that_is_asked_for(blog: Blog, cached: bool) -> None:
    """`updated = "content"`: what is edited is updated now, once; tags, names and dates are no content."""
    blog.settings = '[posts]\nupdated = "content"\n'
    blog.build(cached=cached, now=NOW + DAY)
    before = _entries(blog)
    assert {updated[:4] for _, updated in before.values()} == {"2024"}
    blog.post("post-1.md", "Edited.", title="Post 1", date="2024-05-02 10:00:00")
    blog.post("post-2.md", "Body 2.", title="Post 2", date="2024-05-03 10:00:00", tags="[sea]")
    _move(blog, "post-3.md", "renamed.md")
    report = blog.build(cached=cached, now=NOW + 2 * DAY)
    assert report.ledger is not None
    assert [line.key for line in report.ledger.updated] == ["stem post-1"]
    after = {**before, "Post 1": (before["Post 1"][0], "2026-11-03T00:00:00Z")}
    assert _entries(blog) == after
    blog.build(cached=cached, now=NOW + 3 * DAY)
    assert _entries(blog) == after
    assert _lines(blog)["stem post-1"][5] == "2026-11-03T00:00:00Z"


@pytest.mark.parametrize("cached", [True, False])
def test_an_old_entry_that_is_edited_is_shown_again(blog: Blog, cached: bool) -> None:
    """An edit of what left the window stands in the subscription document too: nobody fetches an archive twice."""
    blog.settings = '[posts]\nupdated = "content"\n[feeds]\nlimit = 2\narchive = ["site"]\n'
    blog.build(cached=cached)
    assert sorted(_entries(blog)) == ["Post 3", "Post 4"]
    blog.post("post-0.md", "Edited.", title="Post 0", date="2024-05-01 10:00:00")
    blog.build(cached=cached, now=NOW + DAY)
    found = _entries(blog)
    assert sorted(found) == ["Post 0", "Post 3", "Post 4"]
    assert found["Post 0"][1] == "2026-11-02T00:00:00Z"


def test_the_front_matter_wins_where_it_is_later(blog: Blog) -> None:
    """An entry was updated when its post says so, or when its content changed, whichever is later."""
    blog.settings = '[posts]\nupdated = "content"\n'
    blog.post("post-1.md", "Edited.", title="Post 1", date="2024-05-02", updated="2027-01-01")
    blog.build()
    assert _entries(blog)["Post 1"][1] == "2027-01-01T00:00:00Z"
    blog.post("post-1.md", "Edited.", title="Post 1", date="2024-05-02", updated="2025-01-01")
    blog.build()
    assert _entries(blog)["Post 1"][1] == "2027-01-01T00:00:00Z"


def test_edits_are_none_of_the_feeds_business_by_default(blog: Blog) -> None:
    """By default an entry was updated when its post says so, though the ledger takes note of the edit."""
    before = _entries(blog)
    blog.post("post-1.md", "Edited.", title="Post 1", date="2024-05-02 10:00:00")
    report = blog.build()
    assert _entries(blog) == before
    assert report.ledger is not None
    assert [line.key for line in report.ledger.updated] == ["stem post-1"]


def test_slugs_are_kept_too(blog: Blog) -> None:
    """The slug that a term was given stays, though dist and with it the manifest is lost; dist wins where it is not."""
    blog.post("post-1.md", title="Post 1", tags="[C]")
    blog.post("post-2.md", title="Post 2", tags='["C."]')
    blog.build()
    assert {"tags/c/atom.xml", "tags/c-5b1b8ed5/atom.xml"} & set(blog.documents())
    given = {path for path in blog.documents() if path.startswith("tags")}
    blog.delete("post-1.md")
    blog.build()
    shutil.rmtree(blog.dist)
    blog.build(cached=False)
    assert {path for path in blog.documents() if path.startswith("tags")} < given
    shutil.rmtree(blog.dist)
    blog.dist.mkdir()
    (blog.dist / NAME).write_bytes(dump(Manifest(slugs=(GivenSlug("tags", "c.", "theirs"),))))
    blog.build()
    assert "tags/theirs/atom.xml" in blog.documents()
    assert "slug\ttags\tc.\ttheirs" in _ledger(blog).read_text(encoding="utf-8")


def test_a_ledger_that_does_not_fit(blog: Blog) -> None:
    """A merge that somebody did not end is an error that names the line, and nothing is published."""
    before = blog.documents()
    header, rest = _ledger(blog).read_text(encoding="utf-8").split("\n", 1)
    _ledger(blog).write_text(f"{header}\n<<<<<<< HEAD\n{rest}", encoding="utf-8")
    blog.post("new.md")
    for cached in (True, False):
        with pytest.raises(UsageError, match=r"feeder\.ledger:2: this is a mark of a merge"):
            blog.build(cached=cached)
    assert blog.documents() == before
    _ledger(blog).write_text(f"{header}\n{rest}", encoding="utf-8")
    assert blog.build().entries == 6


def test_a_ledger_of_another_order_is_put_in_order(blog: Blog) -> None:
    """What people did to it that says the same is the same, and the next build writes it as it should be."""
    data = _ledger(blog).read_bytes()
    header, *lines = data.decode().splitlines()
    _ledger(blog).write_bytes("\r\n".join((header, *lines[::-1])).encode())
    assert blog.build().written == ()
    assert _ledger(blog).read_bytes() == data


def test_a_refused_build_leaves_it_alone(blog: Blog) -> None:
    """What is not published is not remembered."""
    blog.settings = "[feeds]\nmax_new = 0\n"
    before = _ledger(blog).read_bytes()
    blog.post("new.md")
    with pytest.raises(NothingToPublishError):
        blog.build()
    assert _ledger(blog).read_bytes() == before


def test_a_rehearsal_leaves_it_alone(blog: Blog, tmp_path: Path) -> None:
    """A build that is to remember nothing (`feeder diff`) reads the ledger, and does not write it."""
    before, ids = _ledger(blog).read_bytes(), _ids(blog)
    _move(blog, "post-1.md", "renamed.md")
    dist = str(tmp_path / "rehearsal")
    blog.build(dist=dist, remembering=Remembering.FORGOTTEN)
    assert {title: name for title, (name, _) in _entries(blog, dist).items()} == ids
    assert _ledger(blog).read_bytes() == before


def test_a_build_that_dies_before_it_published(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it decided stands in the ledger, and the next build, a day later, publishes just that."""
    blog.settings = '[posts]\nupdated = "content"\n'
    blog.build()
    blog.post("post-1.md", "Edited.", title="Post 1", date="2024-05-02 10:00:00")
    with monkeypatch.context() as patch:
        patch.setattr("feeder.write.dist.Dist.publish", _killed)
        with pytest.raises(KeyboardInterrupt):
            blog.build(now=NOW + DAY)
    assert _entries(blog)["Post 1"][1] == "2024-05-02T10:00:00Z"
    blog.build(now=NOW + 2 * DAY)
    assert _entries(blog)["Post 1"][1] == "2026-11-02T00:00:00Z"


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_ledger_that_somebody_else_writes_to(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another build's lines are not lost: nothing is published, and the next build reads them."""
    before = blog.documents()
    blog.post("new.md", title="New")
    with monkeypatch.context() as patch:
        real = ledger_file.write

        def late(path: str, data: bytes, seen: str) -> str:
            _ledger(blog).write_bytes(_ledger(blog).read_bytes() + b"slug\ttags\tx\tfrom-elsewhere\n")
            return real(path, data, seen)

        patch.setattr("feeder.remembering.write", late)
        with pytest.raises(LockedError, match="somebody else changed this ledger"):
            blog.build()
    assert blog.documents() == before
    blog.build()
    assert "from-elsewhere" in _ledger(blog).read_text(encoding="utf-8")
    assert "stem new" in _lines(blog)


def test_a_cache_that_fails_after_the_ledger_was_written(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that begins again without its cache finds in the ledger what it had decided."""
    real = Store.remember
    failed: list[str] = []

    def once(store: Store, name: str, value: str) -> None:
        if name == "state" and not failed:
            failed.append(name)
            raise CacheError("it fails")
        real(store, name, value)

    monkeypatch.setattr(Store, "remember", once)
    before = _ids(blog)
    _move(blog, "post-1.md", "renamed.md")
    blog.build()
    assert failed
    assert _ids(blog) == before


def test_a_shared_origin(blog: Blog) -> None:
    """Of several posts of one origin each keeps its id, in whatever order they come, go and are edited."""
    origin = {"from": "https://api.example/"}
    for number in (5, 6, 7):
        blog.post(f"m{number}.md", f"M {number}.", title=f"M{number}", date=f"2024-06-0{number}", **origin)
    blog.build()
    before = _ids(blog)
    blog.delete("m5.md")
    blog.post("m6.md", "Edited.", title="M6", date="2024-06-06", **origin)
    blog.post("m8.md", "M 8.", title="M8", date="2024-06-08", **origin)
    blog.build()
    after = _ids(blog)
    assert (after["M6"], after["M7"]) == (before["M6"], before["M7"])
    assert after["M8"] not in before.values()


def test_an_id_that_another_post_claims(blog: Blog) -> None:
    """A post that claims an id of the ledger is named, and gets one of its own; where it is its own, it has it."""
    before = _ids(blog)
    blog.post("thief.md", title="Thief", id=before["Post 1"])
    report = blog.build()
    assert [problem.code for problem in report.problems] == ["id-taken"]
    assert _ids(blog)["Post 1"] == before["Post 1"]
    assert [problem.code for problem in blog.build().problems] == ["id-taken"]
    blog.delete("post-1.md")
    blog.delete("thief.md")
    blog.build()
    blog.post("heir.md", "Body.", title="Heir", id=before["Post 1"])
    assert blog.build().problems == ()
    assert _ids(blog)["Heir"] == before["Post 1"]


def test_a_ledger_is_begun_and_lost(blog: Blog) -> None:
    """A site that gives its ledger up goes on as one that never had any, and may begin anew."""
    before = _ids(blog)
    _ledger(blog).unlink()
    assert blog.build().ledger is None
    _ledger(blog).touch()
    blog.build()
    assert _ids(blog) == before
    assert len(_lines(blog)) == 5


def test_white_space_around_a_body_is_no_edit(blog: Blog) -> None:
    """What a ledger knows a body by is what duplicates are known by: the body without its dress."""
    before = _ledger(blog).read_bytes()
    blog.post("post-1.md", "\n\nBody 1.\n\n\n", title="Post 1", date="2024-05-02 10:00:00")
    blog.build()
    assert _ledger(blog).read_bytes() == before
