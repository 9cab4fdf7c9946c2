"""Builds that would surprise subscribers publish nothing (SPEC §7; issue 4, brakes)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from feeder.brakes import Arriving, Reposting, Shrinking, reposts
from feeder.errors import FeederError, NothingToPublishError
from feeder.write.manifest import NAME, sighting
from tests.cache.blog import Blog

Edit = Callable[[Blog], object]


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """A published site of 13 posts: one of them has an origin, and they have pages."""
    blog = Blog(tmp_path, settings='id = "blog"\n[posts]\npermalink = "/:year/:title/"\n')
    for number in range(12):
        blog.post(f"post-{number:02}.md", f"Body {number}.", date=f"2024-05-01 10:00:{number:02}")
    blog.post("mirrored.md", **{"from": "https://origin.example/1"})
    blog.build()
    return blog


def _move(blog: Blog, path: str, new: str) -> Path:
    place = blog.folder / "posts" / new
    place.parent.mkdir(exist_ok=True)
    return (blog.folder / "posts" / path).rename(place)


def _ids(blog: Blog) -> set[str]:
    return set(re.findall(r"<entry><id>(.*?)</id>", (blog.dist / "atom.xml").read_text(encoding="utf-8")))


EDITS: dict[str, Edit] = {
    "another title": lambda blog: blog.post("post-01.md", "Body 1.", title="New", date="2024-05-01 10:00:01"),
    "another date": lambda blog: blog.post("post-01.md", "Body 1.", date="2023-05-01"),
    "another title and date": lambda blog: blog.post("post-01.md", "Body 1.", title="New", date="2023-05-01"),
    "another body": lambda blog: blog.post("post-01.md", "Another body.", date="2024-05-01 10:00:01"),
    "tags": lambda blog: blog.post("post-01.md", "Body 1.", date="2024-05-01 10:00:01", tags="[sea]"),
    "another folder": lambda blog: _move(blog, "post-01.md", "sub/post-01.md"),
    "a post with an origin is renamed": lambda blog: _move(blog, "mirrored.md", "renamed.md"),
    "a post goes": lambda blog: (blog.folder / "posts" / "post-01.md").unlink(),
    "a post comes": lambda blog: blog.post("new.md", "Body 1.", date="2024-05-02"),
    "a copy comes": lambda blog: blog.post("new.md", "Body 1.", title="post-01.md", date="2024-05-01 10:00:01"),
    "two posts exchange their titles": lambda blog: (
        blog.post("post-01.md", "Body 1.", title="post-02.md", date="2024-05-01 10:00:01"),
        blog.post("post-02.md", "Body 2.", title="post-01.md", date="2024-05-01 10:00:02"),
    ),
}
REPOSTS: dict[str, Edit] = {
    "renamed": lambda blog: _move(blog, "post-01.md", "new.md"),
    "renamed and edited": lambda blog: (
        _move(blog, "post-01.md", "new.md"),
        blog.post("new.md", "Another body.", title="post-01.md", date="2024-05-01 10:00:01"),
    ),
    "renamed under its page": lambda blog: (
        _move(blog, "post-01.md", "new.md"),
        blog.post("new.md", permalink="/2024/post-01/", title="New", date="2024-05-01"),
    ),
    "another id": lambda blog: blog.post("post-01.md", "Body 1.", date="2024-05-01 10:00:01", id="urn:example:1"),
    "another origin": lambda blog: blog.post("mirrored.md", **{"from": "http://origin.example/1"}),
}


@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_edits_are_published(blog: Blog, edit: Edit, *, cached: bool) -> None:
    """What changes about an entry but its id, and what comes or goes, is published without being asked for."""
    edit(blog)
    assert blog.build(cached=cached).entries >= 12


@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.parametrize("edit", REPOSTS.values(), ids=REPOSTS)
def test_an_entry_does_not_come_back_under_another_id(blog: Blog, edit: Edit, *, cached: bool) -> None:
    """What subscribers know is not shown to them as new, with a cache or without one, but where that is meant."""
    before = blog.documents(), (blog.dist / NAME).read_bytes()
    edit(blog)
    for _ in range(2):
        with pytest.raises(NothingToPublishError, match=r"^1 entry .* max_reposted = 0: nothing .* --allow-reposted$"):
            blog.build(cached=cached)
    assert (blog.documents(), (blog.dist / NAME).read_bytes()) == before
    assert blog.build(cached=cached, reposting=Reposting.ALLOWED).written
    assert blog.build(cached=cached).written == ()


def test_the_sentence_says_how_to_keep_the_id(blog: Blog) -> None:
    """The id that the post had goes into its front matter, and then the build is as it should be."""
    _move(blog, "post-01.md", "new.md")
    before = _ids(blog)
    with pytest.raises(NothingToPublishError) as caught:
        blog.build()
    found = re.search(r"write `id: (urn:uuid:\S+)` into '[^']*/(new\.md)'", str(caught.value))
    assert found
    assert found[1] in before
    blog.post("new.md", "Body 1.", title="post-01.md", date="2024-05-01 10:00:01", id=found[1])
    assert blog.build().written
    assert _ids(blog) == before


def test_a_site_that_moves_is_re_posted_as_a_whole(tmp_path: Path) -> None:
    """A site without an id of its own that gets another address has other ids, and its brake is on."""
    blog = Blog(tmp_path)
    for number in range(3):
        blog.post(f"{number}.md", date=f"2024-05-0{number + 1}")
    blog.build()
    blog.settings = 'id = "https://new.example"\n'
    with pytest.raises(NothingToPublishError, match=r"^3 entries that subscribers know"):
        blog.build()


@pytest.mark.parametrize(("limit", "refused"), [(0, True), (1, True), (2, False)])
def test_so_many_may_be_re_posted(blog: Blog, limit: int, refused: bool) -> None:
    """`max_reposted` is the most that goes through without being asked for."""
    blog.settings += f"[feeds]\nmax_reposted = {limit}\n"
    _move(blog, "post-01.md", "a.md")
    _move(blog, "post-02.md", "b.md")
    if refused:
        with pytest.raises(NothingToPublishError, match=f"^2 entries .* max_reposted = {limit}: "):
            blog.build()
    else:
        assert blog.build().written


@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.parametrize(("limit", "refused"), [(0, True), (1, True), (2, False), (None, False)])
def test_so_many_may_be_new(blog: Blog, limit: int | None, refused: bool, cached: bool) -> None:
    """`max_new` is the most that goes through without being asked for; unset, any number does."""
    blog.settings += f"[feeds]\nmax_new = {limit}\n" if limit is not None else ""
    before = blog.documents()
    blog.post("a.md", date="2024-06-01")
    blog.post("b.md", date="2024-06-02")
    if refused:
        with pytest.raises(NothingToPublishError, match=f"^2 entries .* max_new = {limit}: nothing .* --allow-new$"):
            blog.build(cached=cached)
        assert blog.documents() == before
    assert blog.build(cached=cached, arriving=Arriving.ALLOWED).written


def test_a_first_build_has_no_brakes(blog: Blog, tmp_path: Path) -> None:
    """Where nothing was published there is nothing that subscribers could see again, and all of it is new."""
    blog.settings += "[feeds]\nmax_new = 1\n"
    assert blog.build(dist=str(tmp_path / "elsewhere")).entries == 13


def test_entries_that_go_and_entries_that_come_back_are_counted_apart(blog: Blog) -> None:
    """Who allows the site to shrink has not allowed that old entries come back, and the other way round."""
    for number in range(11):
        _move(blog, f"post-{number:02}.md", f"new-{number:02}.md")
    for allowed, other in ({"shrinking": Shrinking.ALLOWED}, "11 entries"), ({"reposting": Reposting.ALLOWED}, "11 of"):
        with pytest.raises(NothingToPublishError, match=f"^{other}"):
            blog.build(**allowed)


def test_the_sites_own_page_is_no_link_of_a_post(tmp_path: Path) -> None:
    """Where posts have no pages, the only one of a site and another one that comes in its place are two."""
    blog = Blog(tmp_path)
    blog.post("a.md", date="2024-05-01")
    blog.build()
    blog.post("b.md", date="2024-05-02")
    (blog.folder / "posts" / "a.md").unlink()
    assert blog.build().written


def test_a_manifest_of_before(blog: Blog) -> None:
    """A manifest that keeps marks alone says nothing of re-posts, and is brought up to date by the next build."""
    path = blog.dist / NAME
    state = json.loads(path.read_text(encoding="utf-8"))
    signs = state.pop("signs")
    assert len(signs) == len(state["entries"])
    path.write_text(json.dumps(state), encoding="utf-8")
    blog.post("more.md")
    blog.build()
    assert len(json.loads(path.read_text(encoding="utf-8"))["signs"]) == len(signs) + 16
    _move(blog, "post-01.md", "new.md")
    with pytest.raises(FeederError):
        blog.build()


def test_signs_are_compared_by_link_and_by_title_and_instant() -> None:
    """Of two states, that is looked at which is not in both; a link counts that is one entry's in each."""
    one, two, three = (sighting(name, 1_700_000_000, name.encode() * 8) for name in "abc")
    again = sighting("d", 1_700_000_000, b"a" * 8)
    dated = sighting("d", 1_700_000_001, b"a" * 8)
    titled = sighting("d", 1_700_000_000, b"aaaadddd")
    other = sighting("d", 1_700_000_001, b"ddddaaaa")
    assert reposts(frozenset((one, two)), frozenset((one, two, three)), "") == ()
    assert reposts(frozenset((one, two)), frozenset((two, other)), "") == ()
    for found in (again, dated, titled):
        assert [len(reposts(frozenset((one, two)), frozenset((two, found)), ""))] == [1]
    shared = sighting("e", 0, b"aaaaeeee")
    assert reposts(frozenset((one, shared)), frozenset((shared, titled)), "") == ()
