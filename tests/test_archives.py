"""Archives from build to build: which documents there are, which of them change, and that the history stays whole."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from feeder import rendering
from feeder.check.checking import check as check_folder
from feeder.explain import Look as Seen
from feeder.explain import explain_post
from feeder.model.source import RawPost
from feeder.normalise.content import compose
from feeder.observer import Silent
from feeder.pipeline import Shrinking
from feeder.printing import post_as_text
from feeder.report import Report
from tests import judge
from tests.cache.blog import Blog
from tests.walker import Chain, faults, walk

BASE = "https://example.org/"
LISTS = ("feeds.json", "feeds.opml")
NEXT = re.compile(rb'\s*<(?:atom:)?link [^>]*rel="next-archive"[^>]*/>')


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """A blog whose documents show three entries, with archives of the site and of its tags."""
    return Blog(tmp_path, settings='[feeds]\nlimit = 3\narchive = ["site", "tags"]\n')


def write(blog: Blog, *days: str, tags: str = "") -> None:
    """Write a post for each of `days`, as `2024-01-31`, at noon."""
    for day in days:
        blog.post(f"{day}.md", date=f"{day} 12:00:00", **({"tags": tags} if tags else {}))


def build(blog: Blog) -> Report:
    """Build, compare with a build from nothing, and have every chain walked; the report is of feeds alone."""
    report = blog.build()
    assert blog.fresh()[1] == blog.documents()
    for path in chains(blog.documents()):
        check(blog, path)
    assert judge.check_site(blog.documents()) == []
    return of_feeds(report)


def of_feeds(report: Report) -> Report:
    """Return `report` without what it says of the lists of feeds."""
    return replace(
        report,
        written=tuple(path for path in report.written if path not in LISTS),
        removed=tuple(path for path in report.removed if path not in LISTS),
    )


def chains(documents: dict[str, bytes]) -> list[str]:
    """Return the paths of subscription documents."""
    return [path for path in documents if "archive/" not in path and path not in LISTS]


def check(blog: Blog, path: str = "atom.xml") -> Chain:
    """Walk the feed at `path`; it is linked as it should be, and its documents are valid."""
    chain = walk(blog.dist, BASE, BASE + path)
    assert faults(chain) == []
    judged = judge.check_atom if path.endswith("atom.xml") else judge.check_rss
    for document in (chain.subscription, *chain.archives):
        data = (blog.dist / document.url.removeprefix(BASE)).read_bytes()
        assert judged(data, document.url) == [], document.url
    return chain


def names(blog: Blog, path: str = "atom.xml") -> dict[str, int]:
    """Return the archive documents of the feed at `path`, the oldest first, with how many entries each has."""
    return {one.url.split("/")[-2]: len(one.entries) for one in reversed(check(blog, path).archives)}


def test_what_fits_is_complete(blog: Blog) -> None:
    """A feed with room for all entries in one document says so, and has no archive documents."""
    write(blog, "2024-01-01", "2024-02-01", "2024-03-01", tags="a")
    assert build(blog).written == ("atom.xml", "rss.xml", "tags/a/atom.xml", "tags/a/rss.xml")
    assert check(blog).subscription.marks == ("fh_complete",)


def test_history_begins_when_there_is_more(blog: Blog) -> None:
    """One entry more, and all months but the newest have their documents; one less, and they are gone again."""
    write(blog, "2024-01-01", "2024-02-01", "2024-03-01")
    build(blog)
    write(blog, "2024-03-02")
    report = build(blog)
    assert names(blog) == {"2024-01": 1, "2024-02": 1}
    assert report.written == tuple(
        sorted(f"{folder}{name}" for folder in ("", "archive/2024-01/", "archive/2024-02/") for name in FILES)
    )
    assert len(check(blog).union) == 4
    blog.delete("2024-03-02.md")
    report = build(blog)
    assert (len(report.written), len(report.removed)) == (2, 4)
    assert not (blog.dist / "archive").exists()


FILES = ("atom.xml", "rss.xml")


def test_a_fresh_entry_rewrites_the_subscription_document(blog: Blog) -> None:
    """While the newest stretch is open, a fresh entry changes no archive document."""
    write(blog, "2024-01-01", "2024-01-02", "2024-02-01", "2024-03-01")
    build(blog)
    write(blog, "2024-03-02")
    assert build(blog).written == FILES


def test_a_fresh_entry_may_close_a_document(blog: Blog) -> None:
    """In a new month, the month before is closed: it has a document now, to which the one before links."""
    write(blog, "2024-01-01", "2024-01-02", "2024-02-01", "2024-02-02")
    build(blog)
    write(blog, "2024-03-01")
    assert build(blog).written == tuple(
        sorted((*FILES, *(f"archive/2024-0{month}/{name}" for month in (1, 2) for name in FILES)))
    )
    assert names(blog) == {"2024-01": 2, "2024-02": 2}


def test_a_back_dated_entry_changes_one_document(blog: Blog) -> None:
    """An entry of a closed month comes into that month's document, and no other changes."""
    write(blog, "2023-11-01", "2023-12-01", "2024-01-01", "2024-02-01", "2024-02-02", "2024-02-03")
    build(blog)
    write(blog, "2023-12-24")
    assert build(blog).written == tuple(f"archive/2023-12/{name}" for name in FILES)
    write(blog, "2023-12-02", "2023-12-16", "2023-12-31")
    build(blog)
    assert names(blog) == {"2023-11": 1, "2023-12": 3, "2023-12-17": 2, "2024-01": 1}


def test_a_month_that_comes_or_goes_is_linked(blog: Blog) -> None:
    """A back-dated month stands between its neighbours, whose links alone change; when it goes, they change again."""
    write(blog, "2023-10-01", "2023-11-01", "2024-01-01", "2024-02-01", "2024-03-01", "2024-03-02", "2024-03-03")
    build(blog)
    write(blog, "2023-12-24")
    changed = sorted(f"archive/{month}/{name}" for month in ("2023-11", "2023-12", "2024-01") for name in FILES)
    assert build(blog).written == tuple(changed)
    blog.delete("2023-12-24.md")
    report = build(blog)
    assert report.written == tuple(path for path in changed if "2023-12" not in path)
    assert report.removed == tuple(path for path in changed if "2023-12" in path)


def test_the_oldest_and_the_newest_go(blog: Blog) -> None:
    """Where the oldest or the newest stretches go, those that are the ends now link to nothing beyond."""
    write(blog, "2023-10-01", "2023-11-01", "2023-12-01", "2024-01-01", "2024-02-01", "2024-02-02", "2024-02-03")
    build(blog)
    blog.delete("2023-10-01.md")
    build(blog)
    for day in (1, 2, 3):
        blog.delete(f"2024-02-0{day}.md")
    blog.build(shrinking=Shrinking.ALLOWED)
    assert names(blog) == {}
    write(blog, "2024-04-01", "2024-04-02")
    build(blog)
    assert names(blog) == {"2023-11": 1, "2023-12": 1, "2024-01": 1}


def test_a_part_that_goes_takes_nothing_with_it(blog: Blog) -> None:
    """Where a part of a month goes, or two become one again, the rest of the month is linked anew."""
    days = ("2024-01-02", "2024-01-09", "2024-01-10", "2024-01-17", "2024-01-18", "2024-01-25", "2024-01-26")
    write(blog, *days, "2024-02-01")
    build(blog)
    assert names(blog) == {"2024-01": 3, "2024-01-17": 2, "2024-01-25": 2}
    blog.delete("2024-01-17.md")
    build(blog)
    assert names(blog) == {"2024-01": 3, "2024-01-17": 3}
    for day in days[4:]:
        blog.delete(f"{day}.md")
    blog.build(shrinking=Shrinking.ALLOWED)
    assert names(blog) == {"2024-01": 3}


def test_the_last_part_of_a_month_goes(blog: Blog) -> None:
    """Where the last part of a month goes, the part before and the next month are neighbours."""
    days = ("2024-01-02", "2024-01-09", "2024-01-10", "2024-01-17", "2024-01-18", "2024-01-19", "2024-01-25")
    write(blog, *days, "2024-02-01", "2024-03-01", "2024-04-01", "2024-04-02", "2024-04-03")
    build(blog)
    assert names(blog) == {"2024-01": 3, "2024-01-17": 3, "2024-01-25": 1, "2024-02": 1, "2024-03": 1}
    blog.delete("2024-01-25.md")
    report = build(blog)
    assert names(blog) == {"2024-01": 3, "2024-01-17": 3, "2024-02": 1, "2024-03": 1}
    assert report.written == ("archive/2024-01-17/atom.xml", "archive/2024-01-17/rss.xml", *_BOTH)


_BOTH = ("archive/2024-02/atom.xml", "archive/2024-02/rss.xml")


def test_an_edited_entry_changes_its_documents(blog: Blog) -> None:
    """What stands in an archive document is rendered and written once again when it changes, and nothing else is."""
    write(blog, "2023-11-01", "2023-12-01", "2024-02-01", "2024-02-02", "2024-02-03", tags="a")
    build(blog)
    blog.post("2023-12-01.md", "Other words.", date="2023-12-01 12:00:00", tags="a")
    report = build(blog)
    assert report.rendered == 1
    assert report.written == tuple(f"{folder}archive/2023-12/{name}" for folder in ("", "tags/a/") for name in FILES)


def test_a_term_that_goes_takes_its_history(blog: Blog) -> None:
    """The archive documents of a term go with it, and another term that comes has its own."""
    write(blog, "2023-10-01", "2023-11-01", "2023-12-01", "2024-02-01", tags="a")
    build(blog)
    write(blog, "2023-10-01", "2023-11-01", "2023-12-01", "2024-02-01", tags="b")
    report = build(blog)
    assert {path for path in report.removed if "archive" in path} == {
        f"tags/a/archive/2023-{month}/{name}" for month in (10, 11, 12) for name in FILES
    }
    assert names(blog, "tags/b/atom.xml") == {"2023-10": 1, "2023-11": 1, "2023-12": 1}


def test_big_entries_take_more_documents(blog: Blog) -> None:
    """Where a stretch has no room in one document, it goes on in parts, and all of it is there."""
    blog.settings = '[feeds]\nlimit = 4\nmax_bytes = 9000\narchive = ["site"]\n'
    for day in range(1, 5):
        blog.post(f"{day}.md", "long " * 500, date=f"2024-01-{day * 7:02} 12:00:00")
    write(blog, "2024-03-01", "2024-03-02")
    build(blog)
    assert names(blog) == {"2024-01": 2, "2024-01-17": 2}
    assert all(len(data) <= 9000 for path, data in blog.documents().items() if path not in LISTS)
    assert len(check(blog).union) == 6


def test_what_is_cut_from_the_window_is_in_the_archive(blog: Blog) -> None:
    """Where the feed's own document has no room for all of the newest stretch, that has archive documents at once."""
    blog.settings = '[feeds]\nlimit = 4\nmax_bytes = 9000\narchive = ["site"]\n'
    for day in range(1, 5):
        blog.post(f"{day}.md", "long " * 500, date=f"2024-01-{day * 7:02} 12:00:00")
    report = build(blog)
    assert report.cut
    assert len(check(blog).union) == 4
    # The newest document of all is what the window shows.
    assert names(blog) == {"2024-01": 2}


def test_what_a_category_is_denied_is_in_the_archive(blog: Blog) -> None:
    """Where the site's feed passes entries over, its newest stretch has a document, though it may still grow."""
    blog.settings = '[feeds]\nlimit = 3\nper_source = 1\narchive = ["site", "categories"]\n'
    for day in (1, 2, 3):
        blog.post(f"{day}.md", date=f"2024-01-0{day} 12:00:00", category="a")
    blog.post("4.md", date="2023-12-24 12:00:00", category="b")
    build(blog)
    assert names(blog) == {"2023-12": 1, "2024-01": 3}
    assert len(check(blog).union) == 4


def test_archives_are_turned_off(blog: Blog) -> None:
    """Without the setting the archive documents go, and the feeds are what they are without."""
    write(blog, "2023-11-01", "2023-12-01", "2024-02-01", "2024-02-02", "2024-02-03", tags="a")
    build(blog)
    kept = blog.settings
    blog.settings = "[feeds]\nlimit = 3\n"
    report = of_feeds(blog.build())
    assert not any("archive/" in path for path in blog.documents())
    assert len(report.removed) == 8
    blog.settings = kept
    assert len(build(blog).written) == 12


def test_an_archive_document_is_repaired(blog: Blog) -> None:
    """An archive document that somebody changed or removed is as it was after the next build; no other is written."""
    write(blog, "2023-10-01", "2023-11-01", "2023-12-01", "2024-02-01", "2024-02-02", "2024-02-03")
    build(blog)
    before = blog.documents()
    (blog.dist / "archive/2023-11/atom.xml").write_bytes(b"other")
    shutil.rmtree(blog.dist / "archive/2023-12")
    report = of_feeds(blog.build())
    assert report.written == ("archive/2023-11/atom.xml", *(f"archive/2023-12/{name}" for name in FILES))
    assert report.rendered == 0
    assert blog.documents() == before


def test_archives_outlive_the_cache(blog: Blog) -> None:
    """Without the cache all is rendered again, and nothing is written."""
    write(blog, "2023-11-01", "2023-12-01", "2024-02-01", "2024-02-02", "2024-02-03")
    build(blog)
    shutil.rmtree(blog.cache.parent)
    report = of_feeds(blog.build())
    assert (report.rendered, report.written) == (5, ())


def test_fragments_stay_while_an_archive_shows_them(blog: Blog) -> None:
    """The cache keeps the fragments of all archived entries, and of those that are gone none."""
    write(blog, "2023-11-01", "2023-12-01", "2024-02-01", "2024-02-02", "2024-02-03", tags="a")
    build(blog)
    blog.delete("2023-11-01.md")
    build(blog)
    with closing(sqlite3.connect(blog.cache)) as cache:
        assert cache.execute("SELECT COUNT(*) FROM rendered").fetchone() == (4,)
        assert cache.execute("SELECT COUNT(*) FROM fragment").fetchone() == (8,)


def test_a_stretch_that_the_cache_lost_is_no_end(blog: Blog) -> None:
    """Where the cache knows other stretches than its posts make, it is thrown away with a warning; dist is right."""
    write(blog, "2023-10-01", "2023-11-01", "2023-12-01", "2024-02-01", "2024-02-02", "2024-02-03")
    build(blog)
    seal = blog.cache.with_name(f"{blog.cache.name}.seal")
    with closing(sqlite3.connect(blog.cache)) as cache, cache:
        cache.execute("UPDATE stretch SET name = '2023-11-05' WHERE month = '2023-11'")
    from feeder.cache.store import _seal

    seal.write_bytes(_seal(str(blog.cache)))
    write(blog, "2023-12-24")
    report = of_feeds(blog.build())
    assert [problem.code for problem in report.problems] == ["cache"]
    assert blog.fresh()[1] == blog.documents()


def days(blog: Blog, path: str = "atom.xml") -> list[str]:
    """Return the titles of what the feed's own document shows, without their `.md`."""
    titles = re.findall(rb"<entry><id>[^<]*</id><title>([^<]*)\.md<", (blog.dist / path).read_bytes())
    return [title.decode() for title in titles]


def revise(blog: Blog, day: str, updated: str, body: str = "Other words.") -> None:
    """Let the post of `day` be updated then, at noon."""
    blog.post(f"{day}.md", body, date=f"{day} 12:00:00", tags="a", updated=f"{updated} 12:00:00")


def test_what_is_updated_after_it_left_stands_in_the_window_again(blog: Blog) -> None:
    """Nobody need ask for an archive document twice, so its entry stands in the feed's own, too, by its own date."""
    window = ("2024-03-03", "2024-03-02", "2024-03-01")
    write(blog, "2023-11-01", "2023-12-01", "2024-01-01", *window, tags="a")
    build(blog)
    revise(blog, "2023-12-01", "2024-03-02")
    report = build(blog)
    assert report.written == tuple(
        sorted(
            f"{top}{folder}{name}" for top in ("", "tags/a/") for folder in ("", "archive/2023-12/") for name in FILES
        )
    )
    assert days(blog) == days(blog, "tags/a/atom.xml") == [*window, "2023-12-01"]
    assert b"<updated>2024-03-02T12:00:00Z" in (blog.dist / "archive/2023-12/atom.xml").read_bytes()
    # Who updates it before the window began has it changed where it is.
    revise(blog, "2023-12-01", "2024-02-28")
    build(blog)
    assert days(blog) == list(window)
    revise(blog, "2023-12-01", "2024-03-01")
    build(blog)
    assert days(blog) == list(window)


def test_the_window_passes_an_update_by(blog: Blog) -> None:
    """An update is shown again until the window begins behind it, and a post that goes is shown no more."""
    write(blog, "2023-11-01", "2023-12-01", "2024-03-01", "2024-03-02", "2024-03-03")
    revise(blog, "2023-11-01", "2024-03-09")
    revise(blog, "2023-12-01", "2024-03-02")
    build(blog)
    assert days(blog)[3:] == ["2023-12-01", "2023-11-01"]
    write(blog, "2024-03-04")
    build(blog)
    assert days(blog)[3:] == ["2023-11-01"]
    blog.delete("2023-11-01.md")
    build(blog)
    assert days(blog)[3:] == []


def test_no_more_updates_than_entries(blog: Blog) -> None:
    """As many updates as entries are shown again, the last ones, in the order of their entries."""
    write(blog, "2024-03-01", "2024-03-02", "2024-03-03")
    for day, updated in ((1, 5), (2, 8), (3, 6), (4, 7)):
        revise(blog, f"2023-11-0{day}", f"2024-03-0{updated}")
    build(blog)
    assert days(blog)[3:] == ["2023-11-04", "2023-11-03", "2023-11-02"]


def test_updates_are_shown_as_there_is_room(blog: Blog) -> None:
    """An update that has no room is left where it is, and the next one is shown."""
    blog.settings = '[feeds]\nlimit = 3\nmax_bytes = 9000\narchive = ["site", "tags"]\n'
    write(blog, "2024-03-01", "2024-03-02", "2024-03-03")
    revise(blog, "2023-11-01", "2024-03-09", "long " * 1300)
    revise(blog, "2023-12-01", "2024-03-08")
    blog.build()
    assert days(blog)[3:] == ["2023-12-01"]
    assert len((blog.dist / "rss.xml").read_bytes()) < 9000


def test_history_closes_over_what_cannot_be_rendered(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry over which rendering failed is missing until it is rendered, and so is its month, and nothing else."""

    def failing(raw: RawPost, *rest: Any) -> object:
        if raw.source.path in {"2023-11-01.md", "2023-12-02.md"}:
            raise ValueError(raw.source.path)
        return compose(raw, *rest)

    write(blog, "2023-10-01", "2023-11-01", "2023-12-01", "2024-03-01", "2024-03-02", "2024-03-03")
    revise(blog, "2023-12-02", "2024-03-09")
    with monkeypatch.context() as patch:
        patch.setattr(rendering, "compose", failing)
        for _ in range(2):
            report = of_feeds(blog.build())
            assert len(report.left_out) == 2
            assert names(blog) == {"2023-10": 1, "2023-12": 1}
            assert len(check(blog).union) == 5
    assert build(blog).left_out == ()
    assert names(blog) == {"2023-10": 1, "2023-11": 1, "2023-12": 2}
    assert days(blog)[3:] == ["2023-12-02"]


def test_explain_says_in_which_archives_a_post_is(blog: Blog) -> None:
    """Of a post that only archives show it is said of which feeds, with or without a cache."""
    write(blog, "2023-11-01", tags="a")
    write(blog, "2024-03-01", "2024-03-02", "2024-03-03")
    blog.build()
    old, new = (str(blog.folder / "posts" / f"{day}.md") for day in ("2023-11-01", "2024-03-01"))
    for cache in ("", str(blog.cache)):
        found = explain_post(blog.load(), Seen(str(blog.dist), cache=cache), old, Silent())
        assert (found.feeds, found.archives) == (("tags/a/atom.xml", "tags/a/rss.xml"), ("atom.xml",))
        assert post_as_text(found).splitlines()[-2:] == ["in the archive of:", "  atom.xml"]
        found = explain_post(blog.load(), Seen(str(blog.dist), cache=cache), new, Silent())
        assert (found.feeds, found.archives) == (FILES, ())


def test_what_is_complete_shows_nothing_twice(blog: Blog) -> None:
    """Where all entries stand in one document, an updated one stands there once; and so it does in a window."""
    write(blog, "2024-03-02", "2024-03-03")
    revise(blog, "2024-03-01", "2024-03-09")
    build(blog)
    assert days(blog) == ["2024-03-03", "2024-03-02", "2024-03-01"]
    write(blog, "2023-11-01")
    build(blog)
    assert days(blog) == ["2024-03-03", "2024-03-02", "2024-03-01"]


def test_the_golden_site_is_as_it_should_be() -> None:
    """The archives that are committed as an example keep rule 20."""
    dist = Path(__file__).parent / "sites" / "archive-months" / "expected" / "dist"
    documents = {str(file.relative_to(dist)): file.read_bytes() for file in dist.rglob("*.*")}
    assert sum("archive/" in path for path in documents) == 24
    assert judge.check_site(documents) == []
    for path in ("atom.xml", "rss.xml", "categories/harbour/atom.xml", "categories/lights/rss.xml"):
        assert faults(walk(dist, "https://pilots.example/", f"https://pilots.example/{path}")) == []


# -- the mirror


MIRROR = "https://mirror.example/"
FORMATS = ("atom.xml", "feed.json")


@dataclass(frozen=True)
class Look:
    """A document as it stands in dist."""

    data: bytes
    inode: int
    mtime: int


@dataclass(frozen=True)
class Mirror:
    """The real archives with archives for the site and every category, before and after 50 new posts."""

    dist: Path
    entries: int
    before: dict[str, Look]
    after: dict[str, Look]
    written: frozenset[str]
    rendered: int


def _build(folder: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "feeder", "build", "--json", "--config", str(folder / "feeder.toml"), "--dist", "dist"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), "SOURCE_DATE_EPOCH": "1793491200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, object] = json.loads(done.stdout)
    return found


def _documents(dist: Path) -> dict[str, Look]:
    found = {}
    for file in sorted(dist.rglob("*")):
        if file.name in FORMATS:
            status = file.stat()
            found[str(file.relative_to(dist))] = Look(file.read_bytes(), status.st_ino, status.st_mtime_ns)
    return found


@pytest.fixture(scope="module")
def mirror(corpus: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Mirror:
    """The mirror built twice: as it is, and with 50 new posts, in two months of which one is new."""
    folder, source = tmp_path_factory.mktemp("mirror"), corpus("mirror")
    (folder / "new").mkdir()
    roots = [str(source / "_posts"), str(source / "archived"), str(folder / "new")]
    (folder / "feeder.toml").write_text(
        f'[site]\nurl = "{MIRROR}"\ntitle = "Mirror"\n[posts]\nroots = {json.dumps(roots)}\n'
        '[feeds]\nformats = ["atom", "json"]\nlimit = 100\narchive = ["site", "categories"]\n'
        "pages = false\n"
    )
    (folder / "new" / "first.md").write_text("---\ntitle: First\ndate: 2025-03-31 00:00:00\ncategories: new\n---\nx\n")
    _build(folder)
    before = _documents(folder / "dist")
    for number in range(50):
        day = f"2025-03-31 {number:02}:00:00" if number < 20 else f"2025-04-{number - 19:02} 12:00:00"
        category = ("new", "中国数字时代")[number % 2]
        post = f"---\ntitle: New {number}\ndate: {day}\ncategories: {category}\n---\nWhat is new, {number}.\n"
        (folder / "new" / f"{number}.md").write_text(post)
    report: dict[str, object] = _build(folder)
    feeds, entries, rendered = report["feeds"], report["entries"], report["rendered"]
    assert isinstance(feeds, dict)
    assert isinstance(entries, int)
    assert isinstance(rendered, int)
    written = frozenset(feeds["written"]) - set(LISTS)
    assert feeds["removed"] == []
    return Mirror(folder / "dist", entries, before, _documents(folder / "dist"), written, rendered)


def _chains(mirror: Mirror, name: str) -> Iterator[Chain]:
    for path in mirror.after:
        if path.endswith(name) and "/archive/" not in f"/{path}" and not path.startswith("tags/"):
            yield walk(mirror.dist, MIRROR, MIRROR + quote(path))


def _feed(path: str) -> str:
    """Return the folder of the feed that a document belongs to."""
    before, found, _ = path.partition("archive/")
    return before if found else path.rpartition("/")[0] + ("/" if "/" in path else "")


def test_every_entry_of_the_mirror_is_reachable(mirror: Mirror) -> None:
    """The site's chain holds every entry once, and each category's exactly those of the site's that have it."""
    chains = {chain.subscription.url: chain for chain in _chains(mirror, "atom.xml")}
    assert [fault for chain in chains.values() for fault in faults(chain)] == []
    site = chains.pop(f"{MIRROR}atom.xml")
    assert len(site.union) == mirror.entries == 14_957
    members: dict[str, set[str]] = defaultdict(set)
    for document in (site.subscription, *site.archives):
        for entry, terms in zip(document.entries, document.terms, strict=True):
            for scheme, label in terms:
                if scheme == f"{MIRROR}categories/":
                    members[label].add(entry)
    assert sorted(map(sorted, members.values())) == sorted(sorted(chain.union) for chain in chains.values())


def test_json_has_the_same_history(mirror: Mirror) -> None:
    """`next_url` leads from the newest to the oldest through the documents that Atom's links lead through."""
    for chain in _chains(mirror, "feed.json"):
        assert chain.union
        for document, following in pairwise((chain.subscription, *chain.archives)):
            twin = mirror.after[unquote(document.url.removeprefix(MIRROR).replace("feed.json", "atom.xml"))].data
            href = following.url.replace("feed.json", "atom.xml")
            assert f'<link href="{href}" rel="prev-archive"'.encode() in twin
        assert len(set(chain.archived)) == len(chain.archived)
    assert len(walk(mirror.dist, MIRROR, f"{MIRROR}feed.json").union) == mirror.entries


def test_a_check_finds_nothing_in_the_mirror(mirror: Mirror) -> None:
    """Thousands of documents, with archives in two formats, have no fault, alone and together."""
    checked = check_folder(str(mirror.dist))
    assert checked.findings == ()
    assert checked.documents >= len(mirror.after)


def test_only_what_had_to_change_changed(mirror: Mirror) -> None:
    """After 50 posts in an open month and a new one, of each feed the documents are what they were, to the inode.

    But for its own, for those that are new, and for the newest that was, which gains a link to the next.
    """
    assert mirror.rendered == 50
    changed = {path for path, look in mirror.after.items() if mirror.before.get(path) != look}
    assert changed == mirror.written - {"feeds.opml", "feeds.json"}  # which name what is new
    touched = {"", "categories/new/", "categories/中国数字时代/"}
    closed = [path for path in mirror.before if "archive/" in path]
    gained = [path for path in closed if path in changed]
    assert {_feed(path) for path in changed} == touched
    assert {path for path in changed if "archive/" not in path} == {
        f"{one}{name}" for one in touched for name in FORMATS
    }
    assert len(closed) > 1_000
    for path in gained:
        newest = max(other for other in closed if _feed(other) == _feed(path))
        assert path.rpartition("/")[0] == newest.rpartition("/")[0]
        before, after = mirror.before[path].data, mirror.after[path].data
        assert not NEXT.search(before)
        assert NEXT.search(after)
        assert NEXT.sub(b"", after) == before
    assert gained
