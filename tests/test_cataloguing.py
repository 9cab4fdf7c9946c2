"""The lists of all feeds, from build to build."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from feeder import cataloguing, rendering
from feeder.config.slices import ContentRules
from feeder.errors import InputOutputError
from feeder.model.entry import Content, Entry
from feeder.model.problem import Remark
from feeder.model.source import RawPost
from feeder.normalise.content import compose
from feeder.render import catalogue, opml
from feeder.render.formats import InvalidDocumentError
from tests.cache.blog import Blog
from tests.judge import check_lists, check_opml


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """Three posts in two tags and a category, built once, two of them shown in each feed."""
    blog = Blog(tmp_path)
    blog.settings = "[feeds]\nlimit = 2\n"
    for number, tags in enumerate(("[a]", "[a, b]", "[a]"), 1):
        blog.post(f"{number}.md", f"Body {number}.", date=f"2024-05-0{number}", tags=tags, category="News")
    blog.build()
    return blog


def listed(blog: Blog) -> dict[str, tuple[int, int]]:
    """Return how many entries the catalogue says of each feed belong to it and are shown, by its place."""
    assert check_opml(blog.documents()["feeds.opml"]) == []
    assert check_lists(blog.documents()) == []
    found: Any = json.loads(blog.documents()["feeds.json"])
    return {f"{one['taxonomy']}/{one['slug']}": (one["entries"], one["shown"]) for one in found["feeds"]}


def test_every_feed_is_listed(blog: Blog) -> None:
    """Both lists name every feed, the site's first, with what belongs to it."""
    assert listed(blog) == {"/": (3, 2), "categories/news": (3, 2), "tags/a": (3, 2), "tags/b": (1, 1)}
    assert list(listed(blog)) == ["/", "categories/news", "tags/a", "tags/b"]


def test_what_no_document_shows_is_counted(blog: Blog) -> None:
    """A post older than every window changes no feed, and the catalogue counts it."""
    blog.post("old.md", date="2023-05-01", tags="[a]")
    report = blog.build()
    assert report.written == ("feeds.json",)
    assert listed(blog) == {"/": (4, 2), "categories/news": (3, 2), "tags/a": (4, 2), "tags/b": (1, 1)}
    blog.delete("old.md")
    assert blog.build().written == ("feeds.json",)
    assert listed(blog)["/"] == (3, 2)


def test_feeds_come_and_go(blog: Blog) -> None:
    """A new term is listed, and one that is no more is not."""
    blog.post("2.md", "Body 2.", date="2024-05-02", tags="[a, c]", category="News")
    blog.build()
    assert list(listed(blog)) == ["/", "categories/news", "tags/a", "tags/c"]


def test_a_feed_without_documents_is_not_listed(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A feed whose only entry cannot be rendered has no document and no line, and what failed belongs to no feed."""

    def broken(raw: RawPost, entry: Entry, rules: ContentRules) -> tuple[Content, tuple[Remark, ...]]:
        if entry.source.path == "2.md":
            raise ValueError("not this one")
        return compose(raw, entry, rules)

    with monkeypatch.context() as patch:
        patch.setattr(rendering, "compose", broken)
        blog.post("2.md", "Other.", date="2024-05-02", tags="[a, b]", category="News")
        blog.build(engine="serial")
        assert listed(blog) == {"/": (2, 1), "categories/news": (2, 1), "tags/a": (2, 1)}
    blog.build()
    assert listed(blog) == {"/": (3, 2), "categories/news": (3, 2), "tags/a": (3, 2), "tags/b": (1, 1)}


def test_lists_that_were_harmed_are_repaired(blog: Blog) -> None:
    """A list that somebody changed or deleted is written anew, and nothing else is."""
    before = blog.documents()
    (blog.dist / "feeds.json").write_text("x")
    (blog.dist / "feeds.opml").unlink()
    assert blog.build().written == ("feeds.json", "feeds.opml")
    assert blog.documents() == before


def test_taxonomies_stand_as_they_are_configured(blog: Blog) -> None:
    """The taxonomies come in the order of the configuration, whatever their names."""
    blog.settings = '[feeds]\nlimit = 2\n[taxonomies.about]\nkeys = "tags"\n'
    blog.build()
    assert list(listed(blog)) == ["/", "categories/news", "tags/a", "tags/b", "about/a", "about/b"]


@pytest.mark.parametrize(("module", "name"), [(opml, "feeds.opml"), (catalogue, "feeds.json")])
def test_a_list_that_is_not_well_formed_stops_the_build(
    blog: Blog, monkeypatch: pytest.MonkeyPatch, module: Any, name: str
) -> None:
    """What readers could not read is never published, and the sentence names it."""
    before = blog.documents()
    blog.post("4.md", date="2024-05-04", tags="[a]")

    def refuse(_: bytes) -> None:
        raise InvalidDocumentError("broken")

    monkeypatch.setattr(module, "check", refuse)
    with pytest.raises(InputOutputError, match=rf"^{name} would not be well-formed \(broken\): nothing was published"):
        blog.build()
    assert blog.documents() == before


def test_the_lists_are_known_by_their_names() -> None:
    """The lists stand at the top, where no term's feed can be."""
    assert sorted(cataloguing.PATHS) == ["feeds.json", "feeds.opml"]
