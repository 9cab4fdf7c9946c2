"""Which posts of the cache are one entry: as `identify` says of all at once (SPEC §3), whatever was joined before."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from feeder.cache.codec import decode_terms
from feeder.cache.posts import Posts
from feeder.cache.rows import Candidate, Row, make_row
from feeder.cache.store import Store
from feeder.joining import join_posts
from feeder.model.head import Head
from feeder.model.source import Source
from feeder.model.term import RawTerm
from feeder.normalise.identity import alone, identify
from tests.strategies import INSTANT, SITE, head

Bodies = dict[tuple[str, str], bytes]


class Heads:
    """Heads in a cache, and what their bodies are compared by, which is asked for where it decides alone."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self.heads: dict[str, Head] = {}
        self.asked: list[str] = []

    def bodies(self, sources: Sequence[Source]) -> Bodies:
        """Return the digests of bodies, and keep who was asked for."""
        self.asked.extend(source.path for source in sources)
        return {(source.root, source.path): self.heads[source.path].body_digest for source in sources}

    def join(self, changed: dict[str, Head | None]) -> None:
        """Put or drop what changed, join, and assert that the cache shows what `identify` says of all heads."""
        self.asked = []
        with Store(str(self.cache), "v") as store:
            posts = Posts(store)
            known = {path.decode(): n for n, path in store.rows("SELECT n, path FROM post")}
            for path, one in changed.items():
                if one is None:
                    posts.drop(known[path])
                    del self.heads[path]
                else:
                    posts.put(row(one, known.get(path, 0)))
                    self.heads[path] = one
            posts.settle()
            join_posts(posts, SITE, self.bodies)
            self.compare(posts)
            store.keep()

    def compare(self, posts: Posts) -> None:
        """Assert that `posts` show what `identify` says of all heads."""
        expected = identify(self.heads.values(), SITE)
        found = [posts.load(n) for n in posts.newest()]
        assert {(one.id, one.published, one.head.source.path, decode_terms(one.terms)) for one in found} == {
            (one.id, int(one.published.timestamp()), one.head.source.path, one.terms) for one in expected.posts
        }
        assert posts.copies() == sum(len(one.copies) for one in expected.posts)
        assert sorted(posts.disputes()) == sorted(expected.problems)
        for one in expected.posts:
            shown = posts.about(one.head.source)[1]
            assert [posts.about(copy)[1] for copy in one.copies] == [shown] * len(one.copies)
        assert posts.claimed_twice() == set()


def row(found: Head, replaces: int = 0) -> Row:
    """Return the row of a head as it is read: nobody has looked at its body."""
    bare = replace(found, body_digest=b"")
    own = alone(found, SITE)
    return make_row(Candidate(replaces, found.source), bare, own.group, own.id, None)


def post(path: str, day: int = 0, **others: object) -> Head:
    """Return the head of a post, so many days after INSTANT."""
    fields: dict[str, object] = {"title": path, "body_digest": path.encode(), "digest": b"d", **others}
    return head(path, published=INSTANT + timedelta(days=day), **fields)  # type: ignore[arg-type]  # as in head()


@pytest.fixture
def heads(tmp_path: Path) -> Heads:
    """An empty cache."""
    return Heads(tmp_path / "cache")


def test_posts_that_stand_alone_are_themselves(heads: Heads) -> None:
    """Posts of different names show what they say themselves, and no body is asked for."""
    heads.join({path: post(path) for path in ("a.md", "b.md", "c.md")})
    assert heads.asked == []


def test_copies_are_one_entry(heads: Heads) -> None:
    """Posts of one name and one title are one entry, whose bodies need not be compared; when one goes, it is itself."""
    tag, other = (RawTerm("tags", "a"),), (RawTerm("tags", "b"),)
    heads.join({"a.md": post("a.md", title="T", terms=tag), "x/a.md": post("x/a.md", 1, title="T", terms=other)})
    assert heads.asked == []
    heads.join({"y/a.md": post("y/a.md", 2, title="T", terms=tag)})
    heads.join({"y/a.md": None})
    heads.join({"x/a.md": None})
    heads.join({"a.md": None})


def test_bodies_are_asked_for_where_they_decide(heads: Heads) -> None:
    """Bodies are read where title and instant do not make posts one, once each, and again when the post changed."""
    heads.join({"a.md": post("a.md", body_digest=b"1"), "x/a.md": post("x/a.md", 1, body_digest=b"1")})
    assert sorted(heads.asked) == ["a.md", "x/a.md"]
    heads.join({"y/a.md": post("y/a.md", 2, body_digest=b"2")})
    assert heads.asked == ["y/a.md"]
    heads.join({"x/a.md": post("x/a.md", 1, body_digest=b"2")})
    assert heads.asked == ["x/a.md"]
    heads.join({"b.md": post("b.md")})
    assert heads.asked == []


def test_posts_without_a_body_are_not_one_for_that(heads: Heads) -> None:
    """That two bodies are empty does not make them equal, and they are not asked for again."""
    heads.join({"a.md": post("a.md", body_digest=b""), "x/a.md": post("x/a.md", 1, body_digest=b"")})
    heads.join({"y/a.md": post("y/a.md", 2, body_digest=b"")})
    assert heads.asked == ["y/a.md"]


def test_ids_that_several_groups_claim(heads: Heads) -> None:
    """An id is the oldest post's, whichever came first; who loses it is named, and has it back when the other goes."""
    heads.join({"b.md": post("b.md", 1, explicit_id="urn:example:1"), "c.md": post("c.md", 2)})
    heads.join({"c.md": post("c.md", 2, explicit_id="urn:example:1")})
    heads.join({"a.md": post("a.md", 0, explicit_id="urn:example:1")})
    heads.join({"d.md": post("d.md", 3)})
    heads.join({"a.md": None})
    heads.join({"b.md": post("b.md", 1)})


def test_a_loser_may_take_what_another_has(heads: Heads) -> None:
    """Who loses an id may get the one that a third post claims: that one is settled too, and all come back."""
    derived = alone(post("b.md"), SITE).id
    heads.join({"c.md": post("c.md", 5, explicit_id=derived)})
    heads.join({"b.md": post("b.md", 3, explicit_id="urn:example:1")})
    heads.join({"a.md": post("a.md", 1, explicit_id="urn:example:1")})
    heads.join({"c.md": post("c.md", 0, explicit_id=derived)})
    heads.join({"a.md": None})
    heads.join({"b.md": None})


def test_ids_claimed_within_a_group_and_without(heads: Heads) -> None:
    """Posts of one name that are not one, with an id that a post of another name claims too: each is named once."""
    one = "urn:example:1"
    heads.join({"a.md": post("a.md", 1, explicit_id=one), "x/a.md": post("x/a.md", 2, explicit_id=one)})
    heads.join({"b.md": post("b.md", 3, explicit_id=one)})
    heads.join({"c.md": post("c.md", 0, explicit_id=one)})
    heads.join({"x/a.md": None})
    heads.join({"a.md": None})


@pytest.mark.parametrize("seed", range(40))
def test_joining_is_what_identify_says(tmp_path: Path, seed: int) -> None:
    """After any changes the cache shows what is said of all posts at once: entries, ids, copies, terms, problems."""
    chance = random.Random(seed)
    heads = Heads(tmp_path / "cache")
    derived = [alone(post(path), SITE).id for path in ("a.md", "b.md")]
    for _ in range(12):
        changed: dict[str, Head | None] = {}
        for _ in range(chance.choice((1, 1, 2, 4))):
            path = chance.choice(("a.md", "b.md", "x/a.md", "y/a.md", "x/b.md", "c.md"))
            if path in heads.heads and not chance.randrange(3):
                changed[path] = None
                continue
            changed[path] = post(
                path,
                chance.randrange(4),
                title=chance.choice(("S", "T", path)),
                has_time=chance.random() < 0.3,
                body_digest=chance.choice((b"", b"1", path.encode())),
                explicit_id=chance.choice(("", "", "urn:example:1", "urn:example:2", *derived)),
                origin=chance.choice(("", "", "https://o.example/1")),
                terms=(RawTerm("tags", chance.choice("ab")),),
            )
        heads.join(changed)
