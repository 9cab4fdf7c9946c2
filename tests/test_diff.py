"""`feeder diff` as a person meets it: golden sites that are changed, published folders and commits, refusals."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from feeder.config.load import load
from feeder.config.settings import Options
from feeder.difference.rehearsal import Answer, Question, differences
from feeder.difference.saying import as_json, as_text
from feeder.observer import Silent
from feeder.pipeline import Publication, build

TOP = Path(__file__).parent.parent
SITES = TOP / "tests" / "sites"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
CACHE = ".feeder/cache.sqlite3"


class Site:
    """A copy of a golden site, and feeder and git in its folder."""

    def __init__(self, name: str, folder: Path) -> None:
        shutil.copytree(SITES / name, folder, ignore=shutil.ignore_patterns("expected"))
        self.folder = folder
        self.posts = folder / "posts"

    def feeder(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run feeder."""
        return subprocess.run(
            [sys.executable, "-m", "feeder", *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(TOP), "SOURCE_DATE_EPOCH": "1793491200", **environment},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def build(self) -> None:
        """Publish the site as it is."""
        with contextlib.chdir(self.folder):
            build(load(Options(), NOW), Publication("dist", cache=CACHE), Silent())

    def diff(self, against: str = "", cache: str = CACHE) -> dict[str, Any]:
        """Return what `feeder diff --json` says."""
        with contextlib.chdir(self.folder):
            found: dict[str, Any] = json.loads(as_json(self.answer(against, cache)))
        return found

    def answer(self, against: str = "", cache: str = CACHE) -> Answer:
        """Return what `feeder diff` says before it says it."""
        with contextlib.chdir(self.folder):
            return differences(load(Options(), NOW), Question(against=against, cache=cache), Silent())

    def text(self, against: str = "") -> str:
        """Return what `feeder diff` prints."""
        return as_text(self.answer(against))

    def publish_in_git(self) -> None:
        """Make the site a repository whose first commit holds dist."""
        self.git("init", "--quiet")
        self.git("add", "--force", "dist")
        self.git("commit", "--quiet", "--message", "published")

    def git(self, *arguments: str) -> None:
        """Run git."""
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *identity, *arguments], cwd=self.folder, check=True, capture_output=True)

    def snapshot(self) -> dict[str, tuple[int, bytes]]:
        """Return every file with its time and its bytes."""
        return {
            str(file.relative_to(self.folder)): (file.stat().st_mtime_ns, file.read_bytes())
            for file in sorted(self.folder.rglob("*"))
            if file.is_file() and ".git" not in file.parts
        }


@pytest.fixture
def site(tmp_path: Path) -> Callable[[str], Site]:
    """Golden sites by their names, each published as it is."""

    def copy(name: str) -> Site:
        found = Site(name, tmp_path / "site")
        found.build()
        return found

    return copy


def _counts(found: dict[str, Any]) -> dict[str, int]:
    return {kind: count for kind, count in found["counts"].items() if count}


def _titles(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["title"] for entry in entries]


@pytest.mark.parametrize("name", ["minimal", "cjk-terms", "colliding-slugs", "enclosures"])
def test_nothing_changed(site: Callable[[str], Site], name: str) -> None:
    """Of a site that was just published subscribers will see nothing, with and without the cache."""
    one = site(name)
    assert _counts(one.diff()) == {}
    assert _counts(one.diff(cache="")) == {}
    assert one.text() == "compared with dist: subscribers will see nothing"


def test_exit_codes(site: Callable[[str], Site]) -> None:
    """0 says that subscribers will see nothing, 1 that they will, in text and in JSON."""
    one = site("minimal")
    assert one.feeder("diff").returncode == one.feeder("diff", "--json").returncode == 0
    (one.posts / "2024-02-01-new.md").write_text("---\ntitle: New\n---\nnew\n")
    done = one.feeder("diff", "--against", "dist")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("compared with dist: entries: 1 new, 0 updated, 0 gone, 0 re-posted; feeds: 0 added")
    done = one.feeder("diff", "--json", "--quiet")
    assert (done.returncode, json.loads(done.stdout)["counts"]["new"]) == (1, 1)


def test_nothing_is_written(site: Callable[[str], Site]) -> None:
    """Neither dist, nor the cache, nor anything else is touched, and what a build then says is the same."""
    one = site("origins")
    (one.posts / "2023-06-09-new.md").write_text("---\ntitle: New\n---\nnew\n")
    before = one.snapshot()
    assert _counts(one.diff()) == {"new": 1}
    assert one.snapshot() == before
    assert json.loads(one.feeder("build", "--json").stdout)["rendered"] == 1


def test_a_post_that_is_renamed(site: Callable[[str], Site]) -> None:
    """A post whose id comes from its file's name would be re-posted, which a build refuses: both are said."""
    one = site("cjk-terms")
    (one.posts / "2023-01-02-second.md").rename(one.posts / "2023-01-02-zweitens.md")
    found = one.diff()
    assert _counts(found) == {"reposted": 1}
    pair = found["reposted"][0]
    assert (pair["before"]["title"], pair["after"]["title"]) == ("第二篇", "第二篇")
    assert pair["before"]["id"] != pair["after"]["id"]
    assert "--allow-reposted" in found["refused"]
    text = one.text()
    assert f"was {pair['before']['id']}" in text
    assert "feeder build would not publish this: " in text


def test_with_a_ledger(site: Callable[[str], Site]) -> None:
    """A post that is renamed keeps its id, one that is edited is updated now, and the ledger stays as it is."""
    one = site("cjk-terms")
    config = (one.folder / "feeder.toml").read_text()
    (one.folder / "feeder.toml").write_text(
        config.replace("[site]\n", '[site]\nledger = "feeder.ledger"\n') + '\n[posts]\nupdated = "content"\n'
    )
    one.build()
    (one.posts / "2023-01-02-second.md").rename(one.posts / "2023-01-02-zweitens.md")
    first = one.posts / "2023-01-01-first.md"
    first.write_text(first.read_text() + "\nMore words.\n")
    before = one.snapshot()
    found = one.diff()
    assert _counts(found) == {"updated": 1}
    assert (found["updated"][0]["announced"], found["updated"][0]["updated"]) == (True, "2026-11-01T00:00:00Z")
    assert one.snapshot() == before
    one.build()
    assert _counts(one.diff()) == {}


def test_a_post_that_is_retitled_and_one_that_is_edited(site: Callable[[str], Site]) -> None:
    """Both are updated; that `updated` is not later is said, and of a post that says it has changed it is not."""
    one = site("cjk-terms")
    first, third = one.posts / "2023-01-01-first.md", one.posts / "2023-01-03-third.md"
    first.write_text(first.read_text().replace("第一篇", "新的一篇"))
    third.write_text(third.read_text().replace("title:", "updated: 2023-05-01T00:00:00Z\ntitle:") + "\nMore words.\n")
    found = one.diff()
    assert _counts(found) == {"updated": 2}
    assert [(entry["title"], entry["changes"], entry["announced"]) for entry in found["updated"]] == [
        ("तीसरा, ที่สาม, ثالث", ["updated", "content"], True),
        ("新的一篇", ["title"], False),
    ]
    assert one.text().count("its updated is not later") == 1


def test_a_post_that_is_deleted(site: Callable[[str], Site]) -> None:
    """It is gone, and so are the feeds that held nothing else."""
    one = site("cjk-terms")
    (one.posts / "2023-01-01-first.md").unlink()
    found = one.diff()
    assert _titles(found["gone"]) == ["第一篇"]
    assert found["gone"][0]["feeds"][0] == "atom.xml"
    # What the others were called together is spelled as they spell it now.
    assert {"categories"} == {change for entry in found["updated"] for change in entry["changes"]}
    assert _counts(found) == {"gone": 1, "updated": 2, "feeds_removed": len(found["feeds"]["removed"])}
    assert "tags/霧-與-鐘/rss.xml" in [path for feed in found["feeds"]["removed"] for path in feed["addresses"]]


def test_a_new_post_pushes_another_out_of_the_window(site: Callable[[str], Site]) -> None:
    """With a window of two entries the third is not gone, and when the new one goes again it was there before."""
    one = site("cjk-terms")
    (one.folder / "feeder.toml").write_text('[site]\nurl = "https://example.org"\n[feeds]\nlimit = 2\n')
    one.build()
    new = one.posts / "2023-02-01-new.md"
    new.write_text("---\ntitle: New\n---\nnew\n")
    assert _counts(one.diff()) == {"new": 1}
    (one.posts / "2023-01-02-second.md").unlink()
    one.build()
    new.unlink()
    found = one.diff()
    assert _titles(found["gone"]) == ["New"]
    assert found["counts"]["updated"] == found["counts"]["reposted"] == found["counts"]["new"] == 0


def test_a_feed_whose_slug_changed(site: Callable[[str], Site]) -> None:
    """A feed that was published under another slug has moved, and the lines that keep its address are proposed."""
    one = site("colliding-slugs")
    assert (one.folder / "dist" / "tags" / "c-plus-plus").is_dir()
    old = one.folder / "published"
    shutil.copytree(one.folder / "dist", old)
    (old / "feeder-manifest.json").unlink()
    (old / "tags" / "c-plus-plus").rename(old / "tags" / "cpp")
    found = one.diff("published")
    assert found["feeds"]["moved"] == [
        {
            "title": "Colliding slugs: C++",
            "addresses": [
                {"old": "tags/cpp/atom.xml", "new": "tags/c-plus-plus/atom.xml"},
                {"old": "tags/cpp/rss.xml", "new": "tags/c-plus-plus/rss.xml"},
            ],
        }
    ]
    assert found["aliases"] == [{"old": "tags/cpp/", "new": "tags/c-plus-plus/"}]
    assert _counts(found) == {"feeds_moved": 1}
    text = one.text("published")
    lines = '[[feeds.alias]]\nold = "tags/cpp/"\nnew = "tags/c-plus-plus/"'
    assert lines in text
    # What is proposed does it.
    with (one.folder / "feeder.toml").open("a") as file:
        file.write(f"\n{lines}\n")
    found = one.diff("published")
    assert found["aliases"] == found["feeds"]["removed"] == found["feeds"]["moved"] == []
    assert [feed["addresses"] for feed in found["feeds"]["added"]] == [
        ["tags/c-plus-plus/atom.xml", "tags/c-plus-plus/rss.xml"]
    ]


def test_a_tag_that_goes_up_in_another(site: Callable[[str], Site]) -> None:
    """A tag that every post now spells otherwise leaves a feed behind, for which an alias is proposed."""
    one = site("cjk-terms")
    first = one.posts / "2023-01-01-first.md"
    first.write_text(first.read_text().replace("霧 與 鐘", "霧鐘"))
    found = one.diff()
    assert {"old": "tags/霧-與-鐘/", "new": "tags/霧鐘/"} in found["aliases"]
    assert found["updated"][0]["changes"] == ["categories"]


def test_slugs_are_those_that_were_given(site: Callable[[str], Site]) -> None:
    """Where dist is not at hand, slugs are taken from what is compared with, as a build there would find them."""
    one = site("colliding-slugs")
    shutil.move(one.folder / "dist", one.folder / "published")
    oldest = one.posts / "2023-02-01-oldest.md"
    oldest.write_text(oldest.read_text().replace("2023-02-01", "2023-02-20"))
    found = one.diff("published")
    assert (found["feeds"]["added"], found["feeds"]["removed"], found["feeds"]["moved"]) == ([], [], [])


def test_hostile_titles_are_escaped(site: Callable[[str], Site]) -> None:
    """No control and no bidi character of a published feed reaches the terminal, in text or in JSON."""
    one = site("minimal")
    file = one.folder / "published" / "atom\x1b[31m.xml"
    file.parent.mkdir()
    feed = (one.folder / "dist" / "atom.xml").read_text()
    file.write_text(feed.replace("Hello", "Hello\u202e\u2066 &#x9b;31m").replace("urn:uuid:", "urn:other:\u200f"))
    for arguments in (["diff", "--against", "published"], ["diff", "--against", "published", "--json"]):
        done = one.feeder(*arguments)
        assert done.returncode == 1
        for character in ("\x1b", "\x9b", "\u202e", "\u2066", "\u200f"):
            assert character not in done.stdout + done.stderr


def test_a_folder_without_a_manifest(site: Callable[[str], Site]) -> None:
    """Feeds of whatever made them are compared: files that may be feeds are looked at, links are not followed."""
    one = site("origins")
    foreign = one.folder / "foreign"
    shutil.copytree(one.folder / "dist", foreign)
    (foreign / "feeder-manifest.json").unlink()
    (foreign / "sitemap.xml").write_text("<urlset/>")
    (foreign / "data.json").write_text("[1, 2")
    shutil.copy(foreign / "atom.xml", foreign / "more.atom")
    (foreign / "broken.rss").write_bytes((foreign / "atom.xml").read_bytes()[:-30])
    (foreign / ".hidden").mkdir()
    shutil.copy(foreign / "atom.xml", foreign / ".hidden" / "atom.xml")
    (foreign / "linked.xml").symlink_to(one.folder / "dist" / "atom.xml")
    os.mkfifo(foreign / "pipe.xml")
    done = one.feeder("diff", "--against", "foreign")
    assert done.returncode == 1
    assert done.stdout.endswith("\nfeeds removed:\n  Origins: more.atom\n")
    (line,) = done.stderr.splitlines()
    assert line.startswith("foreign/broken.rss:")
    assert "warning[not-compared]: " in line
    assert line.endswith("so it is left out of the comparison")


def test_a_damaged_dist_is_read_as_far_as_it_can_be(site: Callable[[str], Site]) -> None:
    """A manifest that cannot be used, and a file that it names and that is not there, are warnings."""
    one = site("minimal")
    (one.folder / "dist" / "rss.xml").unlink()
    done = one.feeder("diff")
    assert done.returncode == 1
    assert "dist/rss.xml: warning[not-compared]: the manifest names this file, and it is not there" in done.stderr
    (one.folder / "dist" / "feeder-manifest.json").write_text("no JSON")
    done = one.feeder("diff")
    assert done.returncode == 1
    assert "dist/feeder-manifest.json: warning[not-compared]: this manifest cannot be used" in done.stderr


def test_a_commit(site: Callable[[str], Site]) -> None:
    """`git:REV` is dist as it stands in that commit, `git:REV:DIR` a folder from its top, in any encoding of names."""
    one = site("cjk-terms")
    one.publish_in_git()
    one.git("tag", "v1")
    (one.posts / "2023-01-04-fourth.md").write_text("---\ntitle: Fourth\n---\nx\n")
    one.build()
    assert _counts(one.diff()) == {}
    for against in ("git:HEAD", "git:v1", "git:HEAD:dist", "git:HEAD:./dist/"):
        found = one.diff(against)
        assert (found["against"], _titles(found["new"])) == (against, ["Fourth"])
        assert _counts(found) == {"new": 1}
    one.git("checkout", "--quiet", "--orphan", "pages")
    one.git("reset", "--quiet", "--hard")
    shutil.copytree(SITES / "cjk-terms" / "expected" / "dist", one.folder, dirs_exist_ok=True)
    one.git("add", "--force", ".")
    one.git("commit", "--quiet", "--message", "pages")
    (one.posts / "2023-01-04-fourth.md").unlink()
    assert _counts(one.diff("git:pages:.")) == _counts(one.diff("git:pages:")) == {}


@pytest.mark.parametrize("against", ["git:--output=owned", "git:HEAD;touch owned", "git:\x1b[31m", "nowhere\x1b[31m"])
def test_what_cannot_be_compared_with(site: Callable[[str], Site], against: str) -> None:
    """A commit or folder that is none is one sentence and exit 2, and no word of it reaches a shell."""
    one = site("minimal")
    one.publish_in_git()
    before = sorted(path.name for path in one.folder.iterdir())
    done = one.feeder("diff", "--against", against)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("feeder: ")
    assert len(done.stderr.splitlines()) == 1
    assert "\x1b" not in done.stderr
    assert sorted(path.name for path in one.folder.iterdir()) == before


def test_no_dist_no_repository_no_git(site: Callable[[str], Site], tmp_path: Path) -> None:
    """What is missing is named, and what to do about it."""
    one = site("minimal")
    shutil.rmtree(one.folder / "dist")
    done = one.feeder("diff")
    assert (done.returncode, done.stderr) == (2, "feeder: 'dist' cannot be compared with: no such file or directory\n")
    (one.folder / "dist").mkdir()
    done = one.feeder("diff")
    assert done.returncode == 2
    assert "no feed stands in 'dist'" in done.stderr
    done = one.feeder("diff", "--against", "git:HEAD", GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert done.returncode == 2
    assert "no git repository" in done.stderr
    done = one.feeder("diff", "--against", "git:HEAD", PATH="")
    assert (done.returncode, "git is not installed" in done.stderr) == (2, True)
    one.git("init", "--quiet")
    one.git("commit", "--quiet", "--allow-empty", "--message", "x")
    done = one.feeder("diff", "--against", "git:HEAD", "--dist", str(tmp_path))
    assert (done.returncode, "is not in this repository" in done.stderr) == (2, True)


def test_no_post_and_no_room(site: Callable[[str], Site]) -> None:
    """A site without posts is refused as a build refuses it; so is a machine without room for temporary files."""
    one = site("minimal")
    done = one.feeder("diff", TMPDIR="/dev/null")
    assert done.returncode in (0, 73)  # Python looks for another folder by itself
    shutil.rmtree(one.posts)
    one.posts.mkdir()
    done = one.feeder("diff")
    assert (done.returncode, done.stdout) == (65, "")
    assert "Traceback" not in done.stderr
