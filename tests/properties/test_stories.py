"""What the machine of test_incremental.py found: each a short story that once ended otherwise than from nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing, nullcontext
from datetime import timedelta
from pathlib import Path

import pytest

from tests.properties.world import BELOW, LONG, NOW, OTHER, Post, World, everything_anew


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A site of one post."""
    return World(tmp_path / "site")


def test_all_terms_of_a_taxonomy_go_at_once(world: World) -> None:
    """The folder above several that become empty goes too, and nobody tries to sync it."""
    world.write(f"{OTHER}/a.md", Post(tags=("one", "two"), categories=("three",)))
    world.check()
    world.delete(f"{OTHER}/a.md")
    world.check()
    assert not (world.dist / "tags").exists()


def test_a_post_in_another_encoding_is_not_read_again_and_again(world: World) -> None:
    """A file that could be read, but not as text, is known like any other: nothing changed, so nothing is written."""
    world.write(f"{OTHER}/a.md", Post(raw=b"---\ndate: 2024-01-03\n---\n\xff\n"))
    world.check()


@pytest.mark.parametrize(
    ("name", "value"),
    [("site.timezone", "Asia/Taipei"), ("posts.permalink", "pretty"), ("posts.drafts", True), ("site.id", "another")],
)
def test_posts_are_read_anew_under_other_rules(world: World, name: str, value: object) -> None:
    """What a setting makes of every post is made of it, though no file changed."""
    world.check()
    world.settings = {**world.settings, name: value}
    world.check()


@pytest.mark.parametrize("days", [-30, 30])
def test_time_passes_over_a_cache_that_was_copied(world: World, days: int) -> None:
    """With a cache that comes from elsewhere, as in CI, posts fall due all the same, or are still to come again."""
    fallen_due = Post(date="2024-06-01 00:00:00 +0000" if days < 0 else "2024-06-15")
    world.write(f"{OTHER}/a.md", fallen_due)
    world.check()
    world.save()
    world.restore_cache("times")
    world.now = NOW + timedelta(days=days)
    world.check()


@pytest.mark.parametrize("name", ["taxonomies.authors.keys", "taxonomies.series.keys"])
def test_a_taxonomy_is_turned_off(world: World, name: str) -> None:
    """The feeds of a taxonomy that the site has no more are removed."""
    world.write(f"{OTHER}/a.md", Post(authors=("Ann",)))
    kept = world.settings
    world.settings = {**kept, name: ["authors"]}
    world.check()
    world.settings = kept
    world.check()


def test_warnings_outlive_the_cache(world: World) -> None:
    """What is wrong with a body is said though no document changes, and the cache that knew it is gone."""
    world.write(f"{OTHER}/a.md", Post(body="{% nonsense %}\n"))
    world.check()
    world.delete(".feeder")
    world.check()


def _write_long_posts(world: World) -> None:
    world.settings = {**world.settings, "feeds.max_bytes": 6_000}
    for day in (1, 2, 3):
        world.write(f"{OTHER}/{day}.md", Post(date=f"2024-01-0{day} 10:00:00", body=LONG, tags=("x",)))


def test_a_feed_that_is_gone_is_not_said_to_be_cut(world: World) -> None:
    """What was said of a feed that shows less than was planned goes with the feed."""
    _write_long_posts(world)
    world.check()
    for day in (1, 2, 3):
        world.delete(f"{OTHER}/{day}.md")
    world.check()


def test_a_format_that_is_gone_is_not_said_to_be_cut(world: World) -> None:
    """A feed that has its first format no more is named by the next one, and only by that."""
    _write_long_posts(world)
    world.check()
    world.settings = {**world.settings, "feeds.formats": ["rss"]}
    world.check()


@pytest.mark.parametrize("everything", [True, False])
def test_feeds_that_are_gone_keep_no_entries(world: World, everything: bool) -> None:
    """Of posts that stand in no feed any more nothing is said, however much was changed at once."""
    world.settings = {**world.settings, "feeds.limit": 1}
    with everything_anew() if everything else nullcontext():
        for tags in (("a",), ()):
            for day in (1, 2, 3):
                post = Post(
                    date=f"2024-01-0{day} 10:00:00", body="{% nonsense %}", tags=(*tags, f"{day}") if tags else ()
                )
                world.write(f"{OTHER}/{day}.md", post)
            world.check()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE meta SET value = '{' WHERE name != 'version'",
        "UPDATE rendered SET problems = '['",
        "UPDATE rendered SET problems = '{}'",
        "UPDATE contested SET problems = '['",
        "UPDATE fragment SET data = ''",
        "UPDATE fragment SET data = zeroblob(3)",
        "UPDATE fragment SET data = 1",
        "UPDATE post SET head = ''",
        "UPDATE post SET joined = '['",
        "UPDATE post SET kind = 3 - kind",
        "UPDATE post SET size = 'x', mtime = 'y'",
        "UPDATE post SET n = 9223372036854775807 WHERE n = 1",
        "UPDATE membership SET post = 999",
        "UPDATE stands SET key = ''",
        "UPDATE term SET slug = '../..', label = x'00'",
        "DELETE FROM post",
        "DELETE FROM fragment",
        "DELETE FROM rendered",
        "DELETE FROM meta WHERE name != 'version'",
    ],
)
@pytest.mark.parametrize("changed", [False, True])
def test_what_the_cache_says_is_not_what_it_said(world: World, statement: str, changed: bool) -> None:
    """A cache that somebody else wrote to, and is still a database, is thrown away or looked through."""
    world.settings = {**world.settings, "feeds.max_bytes": 6_000}
    for number, path in enumerate(("a", "b", "c")):
        world.write(
            f"{OTHER}/{path}.md", Post(title=path, body="{% nonsense %}\n", id="tag:a.example,2024:1", tags=(path,))
        )
        world.write(f"{BELOW}/{path}.md", Post(title=path, date=f"2024-01-0{number + 1}", tags=("A",), body=LONG))
    world.check()
    with closing(sqlite3.connect(world.cache)) as database:
        database.execute(statement)
        database.commit()
    if changed:
        world.write(f"{OTHER}/d.md", Post(tags=("a", "b", "c"), body=LONG))
    world.check()


def _post_every_minute(world: World, count: int) -> None:
    for minute in range(count):
        world.write(f"{OTHER}/{minute}.md", Post(date=f"2024-01-02 10:{minute:02}:00", tags=("x",)))


def _losing(world: World) -> list[str]:
    outcome = world.build()
    assert outcome.report
    return [one.file for one in outcome.report.problems if one.code == "hourly-reader"]


def test_what_a_feed_loses_is_said_until_it_does_not(world: World) -> None:
    """That an hour had more entries than a feed shows is said at every build, though what changed is not shown."""
    world.settings = {**world.settings, "feeds.limit": 2}
    _post_every_minute(world, 3)
    world.check()
    assert _losing(world) == ["atom.xml", "tags/x/atom.xml"]
    world.write(f"{OTHER}/0.md", Post(date="2024-01-01 10:00:00", tags=("x",)))
    world.check()
    assert _losing(world) == []
    world.write(f"{OTHER}/0.md", Post(date="2024-01-02 10:00:00"))
    world.check()
    assert _losing(world) == ["atom.xml"]
    world.settings = {**world.settings, "feeds.hours": 1}
    world.check()
    assert _losing(world) == []


def test_what_is_cut_may_lose_entries(world: World) -> None:
    """Where the hours' entries do not fit into max_bytes, what a reader misses is said, and that it is the bytes."""
    world.settings = {**world.settings, "feeds.limit": 2, "feeds.hours": 1, "feeds.max_bytes": 2_200}
    _post_every_minute(world, 7)
    world.check()
    outcome = world.build()
    assert outcome.report
    said = [one.message for one in outcome.report.problems if one.code == "hourly-reader"]
    assert len(said) == 2
    assert all("raise `max_bytes`, which is 2,200" in one for one in said)


def test_an_entry_comes_back_into_the_sites_feed(world: World) -> None:
    """What was passed over is shown when what pushed it out has another category, or is gone."""
    world.settings = {**world.settings, "feeds.per_source": 1}
    world.write(f"{OTHER}/a.md", Post(date="2024-01-03", title="Aa", categories=("Quay",)))
    world.write(f"{OTHER}/b.md", Post(date="2024-01-02", title="Bb", categories=("quay", "Fog")))
    world.write(f"{OTHER}/c.md", Post(date="2024-01-02", title="Cc"))
    for categories, shown in ((("QUAY",), False), (("Mist",), True), (("Quay",), False), ((), True)):
        world.write(f"{OTHER}/a.md", Post(date="2024-01-03", title="Aa", categories=categories))
        world.check()
        document = (world.dist / "atom.xml").read_text()
        assert ("<title>Bb</title>" in document) == shown
        assert "<title>Cc</title>" in document


@pytest.mark.parametrize("beside", ["-shm", "-wal", "-journal"])
def test_a_folder_beside_a_cache_that_is_made_anew(world: World, beside: str) -> None:
    """What is no file stays beside the cache, which is made anew and then left alone all the same."""
    world.check()
    world.damage(f".feeder/cache.sqlite3{beside}", "folder", 0, b"")
    world.damage(".feeder/cache.sqlite3", "link", 0, b"")
    world.check()


def test_an_older_cache_says_nothing_of_then(world: World) -> None:
    """A restored cache may be older than dist: what it says of feeds that were cut then is not said of those of now."""
    _write_long_posts(world)
    world.check()
    world.save()
    for day in (1, 2, 3):
        world.write(f"{OTHER}/{day}.md", Post(date=f"2024-01-0{day} 10:00:00"))
    world.check()
    world.restore_cache("times")
    world.check()
