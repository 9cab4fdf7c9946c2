"""Feeds at the addresses that they had, and terms that go up in others, from build to build."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from feeder.errors import NothingToPublishError, UsageError
from feeder.pipeline import Shrinking
from feeder.report import Report
from tests.cache.blog import NOW, Blog

ALIAS = '[[feeds.alias]]\nold = "old/"\nnew = "tags/sea/"\n'


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """Four posts in three tags, built once."""
    blog = Blog(tmp_path)
    for number, tags in enumerate(("[sea]", "[sea, hill]", "[hill]", "[town]"), 1):
        blog.post(f"{number}.md", f"Body {number}.", date=f"2024-05-0{number}", tags=tags)
    blog.build()
    return blog


def fresh(blog: Blog) -> None:
    """Fail unless dist is what a build from nothing gives."""
    assert blog.documents() == blog.fresh()[1]


def with_settings(blog: Blog, text: str) -> Report:
    """Build the site with other settings."""
    blog.settings = text
    return blog.build()


def line(text: str) -> int:
    """Return the line of `text` in the site's configuration."""
    return Path("feeder.toml").read_text(encoding="utf-8").split("\n").index(text) + 1


def test_a_feed_stands_at_its_old_address_too(blog: Blog) -> None:
    """Both documents are there word for word, and only they are written; with the alias they go."""
    report = with_settings(blog, ALIAS)
    assert report.written == ("old/atom.xml", "old/rss.xml")
    assert report.rendered == 0
    found = blog.documents()
    assert found["old/atom.xml"] == found["tags/sea/atom.xml"]
    assert found["old/rss.xml"] == found["tags/sea/rss.xml"]
    assert b'href="https://example.org/tags/sea/atom.xml" rel="self"' in found["old/atom.xml"]
    assert blog.build().written == ()
    fresh(blog)
    assert with_settings(blog, "").removed == ("old/atom.xml", "old/rss.xml")
    assert not (blog.dist / "old").exists()


def test_an_old_address_changes_with_its_feed(blog: Blog) -> None:
    """A new post stands at the old address too, and a document there that was harmed is repaired."""
    with_settings(blog, ALIAS)
    blog.post("5.md", date="2024-05-05", tags="[sea]")
    assert {"old/atom.xml", "old/rss.xml"} <= set(blog.build().written)
    assert blog.documents()["old/atom.xml"] == blog.documents()["tags/sea/atom.xml"]
    fresh(blog)
    (blog.dist / "old" / "rss.xml").write_text("harmed")
    assert blog.build().written == ("old/rss.xml",)
    fresh(blog)


def test_the_lists_name_the_new_address_alone(blog: Blog) -> None:
    """An old address is no other feed: neither list knows of it."""
    before = blog.documents()
    with_settings(blog, ALIAS)
    for name in ("feeds.opml", "feeds.json"):
        assert blog.documents()[name] == before[name]


def test_an_old_address_ends(blog: Blog) -> None:
    """When its day has come, the build removes it, though no post changed."""
    blog.settings = f"{ALIAS}until = {NOW + timedelta(days=2):%Y-%m-%d}\n"
    assert len(blog.build(now=NOW + timedelta(days=1)).written) == 2
    assert blog.build(now=NOW + timedelta(days=2)).removed == ("old/atom.xml", "old/rss.xml")


def test_the_sites_feed_has_old_addresses_too(blog: Blog) -> None:
    """The site's feed is at the top, and an alias of one file is of one format."""
    text = '[[feeds.alias]]\nold = "feed.xml"\nnew = "atom.xml"\n[[feeds.alias]]\nold = "all/"\nnew = "./"\n'
    assert with_settings(blog, text).written == ("all/atom.xml", "all/rss.xml", "feed.xml")
    assert blog.documents()["feed.xml"] == blog.documents()["atom.xml"] == blog.documents()["all/atom.xml"]
    fresh(blog)


def test_an_alias_of_an_archived_feed(blog: Blog) -> None:
    """A feed with a history keeps it at one place, and its own documents stand at the old one too."""
    with_settings(blog, f'[feeds]\nlimit = 1\narchive = ["tags"]\n{ALIAS}')
    assert [path for path in blog.documents() if path.startswith("old/")] == ["old/atom.xml", "old/rss.xml"]
    fresh(blog)
    blog.post("5.md", date="2024-06-05", tags="[sea]")
    blog.build()
    fresh(blog)


@pytest.mark.parametrize("old", ["archive/2024-05/atom.xml", "tags/sea/archive/", "tags/sea/archive/x/atom.xml"])
def test_an_old_address_among_archives(blog: Blog, old: str) -> None:
    """Where the archive documents of a feed stand, whichever they are, no feed can; without archives it can."""
    new = "tags/town/" if old.endswith("/") else "tags/town/atom.xml"
    alias = f'[[feeds.alias]]\nold = "{old}"\nnew = "{new}"\n'
    with pytest.raises(UsageError, match="a feed stands at"):
        with_settings(blog, f'[feeds]\nlimit = 1\narchive = ["site", "tags"]\n{alias}')
    assert len(with_settings(blog, alias).written) in (1, 2)


@pytest.mark.parametrize("old", ["tags/hill/", "tags/hill/atom.xml", "tags", "tags/hill", "atom.xml/x.xml", "rss.xml"])
def test_an_old_address_that_a_feed_has(blog: Blog, monkeypatch: pytest.MonkeyPatch, old: str) -> None:
    """Where a feed stands, or a folder of feeds, no other can: the line is named, and nothing is published."""
    before = blog.documents()
    new = "tags/sea/" if old.endswith("/") else "tags/sea/atom.xml"
    monkeypatch.chdir(blog.folder)
    with pytest.raises(UsageError) as caught:
        with_settings(blog, f'[[feeds.alias]]\nold = "{old}"\nnew = "{new}"\n')
    assert f"feeder.toml:{line('[[feeds.alias]]')}: a feed stands at {old!r}" in str(caught.value)
    assert blog.documents() == before


@pytest.mark.parametrize("new", ["tags/sea/feed.json", "tags/see/", "tags/", "categories/sea/atom.xml"])
def test_a_new_address_that_no_feed_has(blog: Blog, new: str) -> None:
    """An alias that leads nowhere is an error, with what to do."""
    old = "x/" if new.endswith("/") else "x.xml"
    with pytest.raises(UsageError, match=r"no feed stands at .*take this alias out, or give another `new`"):
        with_settings(blog, f'[[feeds.alias]]\nold = "{old}"\nnew = "{new}"\n')


def test_what_posts_do_to_an_alias(blog: Blog) -> None:
    """The last post of the feed goes, or a post comes whose term stands at the old place: the next build says so."""
    alias = '[[feeds.alias]]\nold = "tags/lake/"\nnew = "tags/town/"\n'
    with_settings(blog, alias)
    blog.post("5.md", date="2024-05-05", tags="[lake]")
    with pytest.raises(UsageError, match="a feed stands at 'tags/lake/'") as now:
        blog.build()
    with pytest.raises(UsageError) as anew:
        blog.fresh()
    assert str(now.value) == str(anew.value)
    blog.delete("5.md")
    assert blog.build().written == ()
    blog.delete("4.md")
    with pytest.raises(UsageError, match="no feed stands at 'tags/town/'") as now:
        blog.build()
    with pytest.raises(UsageError) as anew:
        blog.fresh()
    assert str(now.value) == str(anew.value)
    report = with_settings(blog, "")
    assert report.removed == ("tags/lake/atom.xml", "tags/lake/rss.xml", "tags/town/atom.xml", "tags/town/rss.xml")


def test_nothing_to_publish_is_said_first(blog: Blog) -> None:
    """Where all posts are gone that is what is wrong, and no alias."""
    with_settings(blog, ALIAS)
    for number in (1, 2, 3, 4):
        blog.delete(f"{number}.md")
    with pytest.raises(NothingToPublishError):
        blog.build(shrinking=Shrinking.ALLOWED)


def test_a_merged_term_is_the_other(blog: Blog) -> None:
    """The posts of a term that is merged stand under the other, in its spelling, and the old feed is no more."""
    blog.post("3.md", "Body 3.", date="2024-05-03", tags="[HILL, sea]")
    blog.build()
    text = '[taxonomies.tags.merge]\n"Hill" = "mountain"\n'
    report = with_settings(blog, text)
    assert report.removed == ("tags/hill/atom.xml", "tags/hill/rss.xml")
    assert {"tags/mountain/atom.xml", "tags/mountain/rss.xml"} <= set(report.written)
    assert b'label="mountain"' in blog.documents()["atom.xml"]
    assert b"HILL" not in blog.documents()["atom.xml"]
    fresh(blog)
    text += '[[feeds.alias]]\nold = "tags/hill/"\nnew = "tags/mountain/"\n'
    assert with_settings(blog, text).written == ("tags/hill/atom.xml", "tags/hill/rss.xml")
    fresh(blog)
    blog.post("5.md", date="2024-05-05", tags="[hill, mountain]")
    blog.build()
    assert blog.documents()["tags/hill/atom.xml"].count(b"<entry>") == 3
    fresh(blog)
