"""The feeds of queries, judged by what the site's own feed says of its entries: nothing here is feeder's."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from lxml import etree

from tests.properties.posts import paths, posts
from tests.properties.seen import ATOM, Seen, seen
from tests.properties.world import OTHER, Post, World

QUERIES: tuple[tuple[dict[str, object], Callable[[Seen], bool]], ...] = (
    (
        {"any": ["tags:ai", "categories:C++"], "none": "tags:con"},
        lambda one: bool(one.terms & {("tags", "ai"), ("categories", "c++")}) and ("tags", "con") not in one.terms,
    ),
    ({"all": ["tags:AI", "categories:ai"]}, lambda one: {("tags", "ai"), ("categories", "ai")} <= one.terms),
    ({"since": date(2024, 1, 2)}, lambda one: one.published >= datetime(2024, 1, 2, tzinfo=UTC)),
    ({"until": date(2024, 1, 2)}, lambda one: one.published < datetime(2024, 1, 3, tzinfo=UTC)),
    ({"lang": "de"}, lambda one: one.language == "de"),
    ({"lang": ["en"]}, lambda one: one.language == "en"),
    ({"author": "ANN"}, lambda one: "ann" in one.authors),
    (
        {"none": ["categories:ai"], "lang": "*", "author": ["bob", "ann"], "until": date(2024, 5, 31)},
        lambda one: (
            ("categories", "ai") not in one.terms
            and bool(one.language)
            and bool(one.authors & {"ann", "bob"})
            and one.published < datetime(2024, 6, 1, tzinfo=UTC)
        ),
    ),
)


def site(folder: Path, **others: object) -> World:
    """Return a site that asks all of QUERIES, and shows everything."""
    asked = [{"name": f"q{number}", **query} for number, (query, _) in enumerate(QUERIES)]
    world = World(folder)
    world.settings = {**world.settings, "feeds.limit": 1_000, "feeds.query": asked, "feeds.formats": ["atom"], **others}
    return world


def judge(world: World) -> None:
    """Fail unless every query's feed has exactly the entries that it asks for, in the order of the site's own."""
    everything = seen(world.dist / "atom.xml")
    for number, (query, asked_for) in enumerate(QUERIES):
        expected = [one for one in everything if asked_for(one)]
        assert seen(world.dist / "queries" / f"q{number}" / "atom.xml") == expected, query


@given(
    st.dictionaries(paths(), posts(), min_size=4, max_size=12),
    st.sampled_from((None, "en")),
    st.sampled_from((None, "Ann")),
)
@profile(max_examples=max(profile().max_examples // 4, 1))
def test_a_query_has_what_it_asks_for(files: dict[str, Post], language: str | None, author: str | None) -> None:
    """Whatever posts there are, a query's feed has all entries that it asks for, and no others."""
    with tempfile.TemporaryDirectory(prefix="feeder-queries-") as folder:
        world = site(Path(folder) / "site", **{"site.lang": language, "site.author": author})
        for path, post in files.items():
            world.write(path, post)
        outcome = world.build()
        if outcome.report:
            judge(world)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A site that asks all of QUERIES."""
    return site(tmp_path / "site")


def test_posts_enter_and_leave(world: World) -> None:
    """A post that is edited stands at once where it belongs now, and nowhere else, and a feed without one is gone."""
    steps = (
        Post(tags=("ai",), categories=("AI",), authors=("Ann",)),
        Post(tags=("ai", "con"), categories=("AI",), authors=("Ann",)),
        Post(tags=("ai", "con"), authors=("Bob",), other="lang: de"),
        Post(tags=("ai",), authors=("Bob",), other="lang: de", date="2024-01-03"),
        Post(date="2024-01-03"),
    )
    for step in steps:
        world.write(f"{OTHER}/a.md", step)
        world.check()
        judge(world)
    world.delete(f"{OTHER}/a.md")
    world.check()
    judge(world)


def test_queries_become_others(world: World) -> None:
    """What a query asks is asked of every post anew when it changes, and its feed keeps its id under another title."""
    world.write(f"{OTHER}/a.md", Post(tags=("ai",), categories=("Ai",)))
    world.check()
    kept = world.settings
    document = world.dist / "queries" / "x" / "atom.xml"
    before = ""
    for query in (
        {"name": "x", "any": "tags:ai"},
        {"name": "X", "title": "Another", "any": "categories:ai"},
        {"name": "x", "title": "A third", "none": "categories:ai"},
    ):
        world.settings = {**kept, "feeds.query": [query]}
        world.check()
        found = etree.fromstring(document.read_bytes()).findtext(f"{ATOM}id") or ""
        assert before in ("", found)
        before = found
    assert [one.terms for one in seen(document)] == [frozenset()]
    world.settings = {**kept, "feeds.query": None}
    world.check()
    assert not (world.dist / "queries").exists()
    world.settings = kept
    world.check()
    judge(world)


def test_the_history_of_a_query_is_kept(world: World) -> None:
    """A query has archives as a term has: what enters or leaves it long ago changes its documents of then."""
    query = {"name": "x", "any": "tags:ai", "lang": "en"}
    world.settings = {
        **world.settings, "feeds.query": [query], "feeds.archive": ["queries"], "feeds.limit": 2, "site.lang": "en"
    }  # fmt: skip
    for month in range(1, 7):
        world.write(f"{OTHER}/{month}.md", Post(date=f"2023-{month:02}-02", tags=("AI",)))
    world.check()
    archive = world.dist / "queries" / "x" / "archive"
    assert sorted(found.name for found in archive.iterdir()) == [
        f"2023-0{month}" for month in range(1, 6)
    ]  # the newest is open
    for post in (Post(date="2023-02-02"), Post(date="2023-02-02", tags=("ai",), other="lang: de")):
        world.write(f"{OTHER}/2.md", post)
        world.check()
        assert sorted(found.name for found in archive.iterdir()) == ["2023-01", "2023-03", "2023-04", "2023-05"]
    world.write(f"{OTHER}/2.md", Post(date="2023-02-02", tags=("ai",), other="lang: en-GB"))
    world.write(f"{OTHER}/7.md", Post(date="2022-07-02", tags=("ai",)))
    world.check()
    assert len(list(archive.iterdir())) == 6
    for month in range(1, 8):
        world.delete(f"{OTHER}/{month}.md")
    world.check()
    assert not (world.dist / "queries").exists()


def _said(world: World) -> list[tuple[int, str]]:
    outcome = world.build()
    assert outcome.report
    assert outcome.told == outcome.report.problems
    return [(one.line, one.code) for one in outcome.report.problems]


def test_what_is_wrong_with_queries_is_said_at_every_build(world: World) -> None:
    """What a query names and no entry has is said until one has it."""
    asked = [{"name": "x", "any": ["tags:fog"]}, {"name": "e"}, {"name": "y", "none": ["categories:fgo"]}]
    world.settings = {**world.settings, "feeds.query": asked}
    world.check()
    first, second, third = (query.line for query in world.configuration().feeds.queries)
    expected = [(first, "no-match"), (first, "unknown-term"), (second, "empty-query"), (third, "unknown-term")]
    assert _said(world) == _said(world) == expected
    world.write(f"{OTHER}/a.md", Post(categories=("Fog",)))
    world.check()
    assert _said(world) == expected
    world.write(f"{OTHER}/b.md", Post(tags=("FOG",), categories=("fgo",)))
    world.check()
    assert _said(world) == [(second, "empty-query")]
    world.delete(f"{OTHER}/b.md")
    world.check()
    assert _said(world) == expected


def test_a_line_more_is_no_change(world: World) -> None:
    """Where a query stands is told by the file as it is, though nothing else changed."""
    world.settings = {**world.settings, "feeds.query": [{"name": "e"}]}
    world.check()
    ((line, _),) = _said(world)
    world.settings = {"posts.drafts": False, **world.settings}
    world.check()
    assert _said(world) == [(line + 1, "empty-query")]
