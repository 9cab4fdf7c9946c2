"""Pages from build to build: what stands in dist and whose it is; to build what changed is to build from nothing."""

from __future__ import annotations

from pathlib import Path

import html5lib
import pytest

from feeder.report import Report
from tests.cache.blog import Blog

SHARED = {"feeder.css", "feeder.js", "feeder.svg"}


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """Three tags, of which the middle one is alphabetically between the others."""
    blog = Blog(tmp_path, pages=True)
    for number, tag in enumerate(("alpha", "gamma", "omega"), 1):
        blog.post(f"{number}.md", f"Body {number}.", date=f"2024-05-0{number}", title=f"T{number}", tags=f"[{tag}]")
    return blog


def _pages(report: Report) -> set[str]:
    return {path for path in report.written if path.endswith(".html")}


def _page(blog: Blog, tag: str = "") -> str:
    return (blog.dist / (f"tags/{tag}/index.html" if tag else "index.html")).read_text(encoding="utf-8")


def test_every_feed_has_a_page(blog: Blog) -> None:
    """There is a page of all feeds, one beside each term's documents, and what they share; all of it valid HTML."""
    report = blog.build()
    tags = {f"tags/{tag}/index.html" for tag in ("alpha", "gamma", "omega")}
    assert _pages(report) == {"index.html", *tags}
    assert set(report.written) >= SHARED
    for path in _pages(report):
        html5lib.HTMLParser(strict=True).parse((blog.dist / path).read_text(encoding="utf-8"))


def test_the_page_is_the_alternate_link(blog: Blog) -> None:
    """Who follows a feed's title gets to its page; where there are none, to the site."""
    blog.build()
    link = '<link href="https://example.org/tags/alpha/" rel="alternate"'
    assert link in (blog.dist / "tags/alpha/atom.xml").read_text()
    blog.pages = False
    report = blog.build()
    assert link not in (blog.dist / "tags/alpha/atom.xml").read_text()
    assert {path for path in report.removed if not path.endswith(".xml")} == {
        *SHARED,
        "index.html",
        *(f"tags/{tag}/index.html" for tag in ("alpha", "gamma", "omega")),
    }


def test_a_second_build_writes_no_page(blog: Blog) -> None:
    """Where nothing changed, no page is written, nor looked at."""
    blog.build()
    before = blog.looks()
    assert blog.build().written == ()
    assert blog.looks() == before


def test_a_post_changes_the_pages_of_its_feeds(blog: Blog) -> None:
    """One post more is on the page of its tag and on that of all feeds, and no other page is touched."""
    blog.build()
    blog.post("4.md", "More.", date="2024-05-04", title="Brand new", tags="[gamma]")
    assert _pages(blog.build()) == {"index.html", "tags/gamma/index.html"}
    assert "Brand new" in _page(blog)
    assert "<strong>2</strong> entries" in _page(blog, "gamma")
    assert blog.documents() == blog.fresh()[1]


def test_neighbours_learn_of_a_new_feed_and_of_one_that_went(blog: Blog) -> None:
    """A tag between two others is linked from both; when it goes, they are each other's neighbours again."""
    blog.build()
    blog.post("4.md", "More.", date="2024-05-04", tags="[beta]")
    assert _pages(blog.build()) == {f"{path}index.html" for path in ("", "tags/alpha/", "tags/beta/", "tags/gamma/")}
    assert 'rel="next" href="../beta/"' in _page(blog, "alpha")
    assert 'rel="prev" href="../beta/"' in _page(blog, "gamma")
    assert blog.documents() == blog.fresh()[1]
    blog.delete("4.md")
    report = blog.build()
    assert _pages(report) == {"index.html", "tags/alpha/index.html", "tags/gamma/index.html"}
    assert "tags/beta/index.html" in report.removed
    assert 'rel="next" href="../gamma/"' in _page(blog, "alpha")
    assert "beta" not in _page(blog)
    assert blog.documents() == blog.fresh()[1]


def test_a_new_month_draws_all_rows_anew(blog: Blog) -> None:
    """The drawings end with the month of the site's newest entry, whichever feed it is in: never with the clock's."""
    blog.build()
    assert "to May 2024:" in _page(blog)
    blog.post("4.md", "More.", date="2024-07-04", tags="[gamma]")
    blog.build()
    assert _page(blog).count("to July 2024:") == 4
    assert blog.documents() == blog.fresh()[1]
    blog.delete("4.md")
    blog.build()
    assert _page(blog).count("to May 2024:") == 4
    assert blog.documents() == blog.fresh()[1]


def test_a_month_without_entries_is_said(blog: Blog) -> None:
    """A feed that published nothing in the two years before the site's newest entry says so."""
    blog.post("old.md", "Old.", date="2012-01-01", tags="[old]")
    blog.build()
    assert 'aria-label="No entries since June 2022"' in _page(blog)
    assert "from February 2010 to January 2012: 1 in all" in _page(blog, "old")


@pytest.mark.parametrize("there", ["<html>My home page</html>", ""])
def test_a_page_of_somebody_else_stays(blog: Blog, there: str) -> None:
    """Where another program's file stands, it is not replaced, by no build, and the build says so."""
    blog.dist.mkdir()
    (blog.dist / "index.html").write_text(there)
    for _ in range(2):
        report = blog.build()
        assert [problem.code for problem in report.problems] == ["not-ours"]
        assert "pages = false" in report.problems[0].message
        assert (blog.dist / "index.html").read_text() == there
        assert "tags/alpha/index.html" in (*report.written, *report.unchanged)
        blog.post("4.md", "More.", date="2024-05-04", tags="[gamma]")


def test_a_page_that_became_somebody_elses_stays(blog: Blog) -> None:
    """A file that another program put in our page's place is theirs, though the manifest lists the place."""
    blog.build()
    (blog.dist / "index.html").write_text("theirs")
    (blog.dist / "tags/alpha/index.html").unlink()
    (blog.dist / "tags/alpha/index.html").symlink_to("../../feeds.json")
    blog.post("4.md", "More.", date="2024-05-04", tags="[alpha]")
    report = blog.build()
    assert [problem.code for problem in report.problems] == ["not-ours", "not-ours"]
    assert (blog.dist / "index.html").read_text() == "theirs"
    assert (blog.dist / "tags/alpha/index.html").is_symlink()
    assert report.removed == ()


def test_our_own_page_is_mended(blog: Blog) -> None:
    """A page of ours that was damaged, or whose manifest was lost, is written anew."""
    blog.build()
    page = blog.dist / "tags/alpha/index.html"
    whole = page.read_bytes()
    page.write_bytes(whole[:1500])
    (blog.dist / "feeder-manifest.json").unlink()
    report = blog.build()
    assert page.read_bytes() == whole
    assert report.problems == ()


def test_a_cache_that_was_touched_gives_the_same_pages(blog: Blog) -> None:
    """What a cache says of feeds is made anew where somebody else had it."""
    blog.build()
    blog.disturb()
    blog.post("4.md", "More.", date="2024-05-04", tags="[delta]")
    blog.build()
    assert blog.documents() == blog.fresh()[1]


def test_a_site_without_terms(tmp_path: Path) -> None:
    """A site whose posts have no terms has one page, of the one feed that there is."""
    blog = Blog(tmp_path, pages=True)
    blog.post("1.md")
    assert _pages(blog.build()) == {"index.html"}
    assert "<strong>1</strong> feed<" in _page(blog)
    assert 'id="tools"' not in _page(blog)


def test_a_long_body_is_an_excerpt(blog: Blog) -> None:
    """What is a book in a feed is an excerpt and a link on a page."""
    blog.post("4.md", "Word. " * 60_000, date="2024-05-04", tags="[alpha]")
    blog.build()
    assert len(_page(blog, "alpha")) < 20_000
    assert (blog.dist / "tags/alpha/atom.xml").stat().st_size > 300_000


def test_ten_entries_are_shown(blog: Blog) -> None:
    """A page shows the newest ten of its feed."""
    for number in range(10, 22):
        blog.post(f"{number}.md", date=f"2024-05-{number}", title=f"Number {number}", tags="[alpha]")
    blog.build()
    shown = [number for number in range(1, 22) if f"Number {number}<" in _page(blog, "alpha")]
    assert shown == list(range(12, 22))
