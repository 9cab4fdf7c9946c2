"""The rows of posts: what changed, what is due, who shows what."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeder.cache import posts as module
from feeder.cache.posts import Joined, Posts
from feeder.cache.rows import Candidate, make_left_out, make_row
from feeder.cache.store import CacheError, State, Store
from feeder.model.head import Head
from feeder.model.problem import Level, Problem
from feeder.model.source import LeftOut, Run, Source
from feeder.model.term import Person, RawTerm
from tests.strategies import head

SURROGATE = os.fsdecode(b"caf\xe9.md")
PATHS = ("a.md", "b.md", "b/a.md", "臺.md", SURROGATE, "z.md")
GROUPS = {"a.md": 1, "b.md": 2, "b/a.md": 1, "臺.md": -(2**63), SURROGATE: 2**63 - 1, "z.md": 6}


def source(path: str, **others: object) -> Source:
    """Return a file as the walk finds it."""
    return replace(Source("posts", path, 10, 1_000), **others)  # type: ignore[arg-type]  # a wrong field fails at once


def at(seconds: int) -> datetime:
    """Return the instant so many seconds after 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def post(path: str, seconds: int = 100, **others: object) -> Head:
    """Return the head of the post at `path`, published so many seconds after 1970."""
    fields: dict[str, object] = {"digest": b"d" * 16, "terms": (RawTerm("tags", "a"),), **others}
    return head(path, published=at(seconds), **fields)  # type: ignore[arg-type]  # as above


def put(posts: Posts, found: Head, n: int = 0, now: int | None = None) -> None:
    """Put a head, whose id is its path if nobody contests it."""
    path = found.source.path
    posts.put(make_row(Candidate(n, found.source), found, GROUPS[path], f"id {os.fsencode(path).hex()}", now))


def own(path: str) -> str:
    """Return the id that the post at `path` has if nobody contests it."""
    return f"id {os.fsencode(path).hex()}"


@contextlib.contextmanager
def opened(cache: Path) -> Iterator[Posts]:
    """Yield the posts of the cache, which is kept."""
    with Store(str(cache), "1") as store:
        yield Posts(store)
        store.keep()


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache of a post for each of PATHS, published at 100, 200 and so on."""
    with opened(tmp_path / "cache") as posts:
        for number, path in enumerate(PATHS, 1):
            put(posts, post(path, number * 100, source=source(path)))
        posts.settle()
    return tmp_path / "cache"


def numbers(cache: Path) -> dict[str, int]:
    """Return the numbers of the rows by their paths."""
    with contextlib.closing(sqlite3.connect(cache)) as db:
        return {os.fsdecode(path): n for path, n in db.execute("SELECT path, n FROM post")}


def everything(*changed: Source) -> list[Source]:
    """Return what the walk finds: PATHS, as `changed` has them."""
    return [source(path) for path in PATHS if path not in {one.path for one in changed}] + list(changed)


def whole(sources: Iterable[Source]) -> list[Run]:
    """Return `sources` as one run."""
    return [Run("", "", list(sources))]


# -- what changed


def test_all_is_new_to_an_empty_cache(tmp_path: Path) -> None:
    """Where nothing is known every file is to be read."""
    with opened(tmp_path / "cache") as posts:
        changes = posts.changes(whole(everything()))
        assert (changes.count, changes.gone) == (6, ())
        assert list(changes.candidates) == [Candidate(0, source(path)) for path in PATHS]
        assert posts.touched is None
        posts.settle()


def test_what_is_known_is_no_change(cache: Path) -> None:
    """Files that are where they were, as large and as old, are not to be read, in whatever order they come."""
    with opened(cache) as posts:
        changes = posts.changes(whole(everything()[::-1]))
        assert (changes.count, list(changes.candidates), changes.gone) == (0, [], ())
        assert posts.touched == set()


def test_what_changed_is_a_candidate(cache: Path) -> None:
    """A file of another size or time may be the same: its digest comes along. One that was moved is another."""
    rows = numbers(cache)
    with opened(cache) as posts:
        larger, later, moved = source("a.md", size=11), source("z.md", mtime=999), source("臺.md", folders=("x",))
        other, new = source(SURROGATE, excluded=True), source("c.md")
        changes = posts.changes(whole(everything(larger, later, moved, other, new)))
        assert changes.gone == ()
        assert changes.count == 5
        assert {one.source.path: one for one in changes.candidates} == {
            "a.md": Candidate(rows["a.md"], larger, b"d" * 16),
            "z.md": Candidate(rows["z.md"], later, b"d" * 16),
            "臺.md": Candidate(rows["臺.md"], moved),
            SURROGATE: Candidate(rows[SURROGATE], other),
            "c.md": Candidate(0, new),
        }


@pytest.mark.parametrize("kept", [PATHS[1:], PATHS[:-1], PATHS[::2], PATHS[:1], ()])
def test_what_is_gone_is_named(cache: Path, kept: tuple[str, ...]) -> None:
    """Rows whose files are gone are named, wherever they stood; a root of another name has files of its own."""
    rows = numbers(cache)
    with opened(cache) as posts:
        changes = posts.changes(whole([source(path) for path in kept]))
        assert set(changes.gone) == {rows[path] for path in PATHS if path not in kept}
        assert changes.count == 0
        changes = posts.changes(whole([source(path, root="other") for path in PATHS]))
        assert set(changes.gone) == set(rows.values())
        assert changes.count == 6


def test_only_what_is_in_a_run_is_compared(cache: Path) -> None:
    """What stands before or behind a run is neither compared nor gone."""
    rows = numbers(cache)
    inside = sorted(path for path in PATHS if "b" <= path < "z.md")
    assert inside
    assert len(inside) < len(PATHS) - 1
    with opened(cache) as posts:
        changes = posts.changes([Run("b", "z.md", ()), Run("z.md", "", [source("z.md"), source("臺.md")])])
        assert changes.gone[: len(inside)] == tuple(rows[path] for path in inside)
        assert set(changes.gone[len(inside) :]) == {rows[path] for path in PATHS if path > "z.md"} - {rows["臺.md"]}
        assert list(changes.candidates) == []
        assert posts.changes([Run("", "b", [source("a.md", size=7)])]).candidates == [
            Candidate(rows["a.md"], source("a.md", size=7), b"d" * 16)
        ]


def test_files_that_could_not_be_read_are_candidates_again(cache: Path) -> None:
    """A file that was left out for what is not in its bytes is to be read at every build."""
    with opened(cache) as posts:
        unread = LeftOut(source("u.md"), Problem("posts/u.md", 0, Level.ERROR, "unreadable", "no"))
        posts.put(make_left_out(Candidate(0, unread.source), unread))
        posts.put(make_left_out(Candidate(0, source("v.md")), replace(unread, source=source("v.md"), digest=b"v")))
        posts.settle()
        assert posts.fleeting() == 1
    with opened(cache) as posts:
        (one,) = posts.changes(whole([*everything(), source("u.md"), source("v.md")])).candidates
        assert (one.source, one.digest) == (source("u.md"), b"")


# -- rows


def test_a_post_that_changed_is_touched(cache: Path) -> None:
    """The group that a row was in and the one that it is in now are touched, and what they showed is withdrawn."""
    rows = numbers(cache)
    with opened(cache) as posts:
        put(posts, post("z.md", 7), rows["z.md"])
        posts.drop(rows["a.md"])
        posts.settle()
        assert posts.touched == {6, 1}
        a, b = ('[["tags","a"]]', '[["tags","a"]]')
        assert sorted(posts.withdrawn) == sorted(
            [(own("z.md"), 600, a), (own("a.md"), 100, b), (own("b/a.md"), 300, b)]
        )
        list(posts.groups())
        assert min(posts.shown())[1:] == (own("b/a.md"), 300, b)
        assert {entry: shown for _, entry, shown, _ in posts.shown()} == {own("z.md"): 7, own("b/a.md"): 300}
        assert posts.count() == 5


def test_a_file_whose_bytes_are_the_same_touches_nothing(cache: Path) -> None:
    """A candidate whose bytes are known is confirmed with its new size and time, and is no candidate any more."""
    rows = numbers(cache)
    later = source("z.md", mtime=5)
    with opened(cache) as posts:
        posts.confirm(Candidate(rows["z.md"], later))
        posts.settle()
        assert posts.touched == set()
    with opened(cache) as posts:
        assert posts.changes(whole(everything(later))).count == 0


def test_many_rows(tmp_path: Path) -> None:
    """Rows are put in batches, and none is forgotten."""
    with opened(tmp_path / "cache") as posts:
        for number in range(module._BATCH + 7):
            found = post("a.md", source=source(f"{number}.md"))
            posts.put(make_row(Candidate(0, found.source), found, number, f"id {number}", None))
        posts.settle()
        assert posts.count() == module._BATCH + 7


def test_many_changes_are_all(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a large part of the posts changed all groups are looked at."""
    monkeypatch.setattr(module, "_MENDED", 1)
    rows = numbers(cache)
    with opened(cache) as posts:
        put(posts, post("z.md", 7), rows["z.md"])
        posts.settle()
        assert posts.touched == {6}
    rows = numbers(cache)
    with opened(cache) as posts:
        for path in ("z.md", "b.md"):
            put(posts, post(path, 8), rows[path])
        posts.settle()
        assert posts.touched is None
        assert len(list(posts.shown())) == 6
        posts.touch([1])
        assert posts.touched is None


def test_all_may_be_forgotten(cache: Path) -> None:
    """When the rules of reading changed no row is left, and everything is looked at."""
    with opened(cache) as posts:
        posts.clear()
        assert posts.touched is None
        assert posts.changes(whole(everything())).count == 6
        posts.settle()
        assert posts.count() == 0


# -- the time


def test_posts_of_the_future(tmp_path: Path) -> None:
    """What is dated after now is no entry, but named; what is due is one, up to the second."""
    with opened(tmp_path / "cache") as posts:
        for number, path in enumerate(("a.md", "b.md", "z.md"), 1):
            put(posts, post(path, number * 100), now=200)
        posts.settle()
        assert sorted(posts.ids()) == [own("a.md"), own("b.md")]
        (later,) = posts.future()
        assert (later.source.path, later.published) == ("z.md", at(300))
        assert posts.about(later.source) == (None, 0)


@pytest.mark.parametrize(
    ("before", "now", "due"),
    [
        (200, 299, ["a.md", "b.md"]),
        (200, 300, ["a.md", "b.md", "z.md"]),
        (200, None, ["a.md", "b.md", "z.md"]),
        (200, 199, ["a.md"]),
        (200, 200, ["a.md", "b.md"]),
        (200, 99, []),
        (200, -1, []),
    ],
)
def test_time_passes(tmp_path: Path, before: int, now: int | None, due: list[str]) -> None:
    """What falls due is an entry, and none any more when the clock goes back; groups that change are touched."""
    cache = tmp_path / "cache"
    with opened(cache) as posts:
        for number, path in enumerate(("a.md", "b.md", "z.md"), 1):
            put(posts, post(path, number * 100), now=before)
        posts.settle()
    with opened(cache) as posts:
        posts.let_time_pass(before, now)
        posts.settle()
        assert sorted(posts.ids()) == sorted(map(own, due))
        assert len(posts.touched or ()) == len({"a.md", "b.md"} ^ set(due))
    with opened(cache) as posts:
        posts.let_time_pass(now, before)
        posts.settle()
        assert sorted(posts.ids()) == [own("a.md"), own("b.md")]


# -- groups


def test_groups_of_several_posts(cache: Path) -> None:
    """Of all groups, or of those that were touched, the ones of several posts are looked at; one alone is itself."""
    with Store(str(cache), "1") as store:
        posts = Posts(store)
        posts.touch([1, 6])
        ((grp, members),) = posts.groups()
        assert (grp, sorted(one.head.source.path for one in members)) == (1, ["a.md", "b/a.md"])
        assert [one.body for one in members] == [None, None]
        posts.touched = None
        assert [grp for grp, _ in posts.groups()] == [1]


def test_copies(cache: Path) -> None:
    """A post that is a copy shows nothing, and is asked about through the one that shows its entry."""
    rows = numbers(cache)
    with opened(cache) as posts:
        terms = '[["tags","a"],["tags","b"]]'
        posts.join([Joined(rows["b/a.md"], "urn:example:1", 100, terms, rows["a.md"], (rows["a.md"],))])
        posts.compared(rows["a.md"], b"body")
        assert (posts.count(), posts.copies()) == (5, 1)
        assert posts.about(source("a.md"))[1] == posts.about(source("b/a.md"))[1] == rows["b/a.md"]
        shown = posts.load(rows["b/a.md"])
        assert (shown.id, shown.published, shown.terms) == ("urn:example:1", 100, terms)
        assert shown.head.source.path == "b/a.md"
        assert {one.body for one in posts.members(1)} == {b"body", None}
        assert posts.holders("urn:example:1") == {1}
    with opened(cache) as posts:
        posts.drop(rows["b/a.md"])
        posts.settle()
        assert posts.withdrawn == [("urn:example:1", 100, terms)]
        assert list(posts.groups()) == []
        assert own("a.md") in set(posts.ids())
        assert (posts.count(), posts.copies()) == (5, 0)


def test_ids_that_two_claim(cache: Path) -> None:
    """Groups of which two show one id are found; what was said of them is kept until they are joined again."""
    rows = numbers(cache)
    problems = [Problem("posts/z.md", 0, Level.WARNING, "id-taken", "y"), Problem("x", 1, Level.WARNING, "y", "z")]
    with opened(cache) as posts:
        assert posts.claimed_twice() == set()
        posts.join([Joined(rows["z.md"], own("b.md"), 600)])
        assert posts.claimed_twice() == {2, 6}
        assert posts.holders(own("b.md")) == {2, 6}
        posts.dispute({6: problems, 2: ()})
    with opened(cache) as posts:
        assert sorted(posts.disputed()) == [2, 6]
        assert sorted(posts.disputes()) == sorted(problems)
        posts.dispute({})
        assert (posts.disputed(), list(posts.disputes())) == ([], [])


def test_the_order_of_entries(cache: Path) -> None:
    """Entries come newest first, ties by id, those before 1970 last."""
    rows = numbers(cache)
    with opened(cache) as posts:
        posts.join([Joined(rows["a.md"], "y", 600), Joined(rows["b.md"], "x", 600), Joined(rows["臺.md"], "w", -1)])
        found = {n: path for path, n in rows.items()}
        assert [found[n] for n in posts.newest()] == ["z.md", "b.md", "a.md", SURROGATE, "b/a.md", "臺.md"]
        assert [(n, instant) for n, instant, _ in posts.sorted()] == list(posts.dated())
        assert list(posts.dated())[1:3] == [(rows["b.md"], 600), (rows["a.md"], 600)]
        assert list(posts.dated())[-1] == (rows["臺.md"], -1)
        assert {terms for *_, terms in posts.sorted()} == {'[["tags","a"]]'}


def test_all_entries_and_whose_they_are(tmp_path: Path) -> None:
    """All entries are shown however few changed, and for each row there is its language and its authors' names."""
    path = tmp_path / "cache"
    with opened(path) as posts:
        put(posts, post("a.md", 100, source=source("a.md"), language="de", authors=(Person("Ann"), Person("Bo"))))
        put(posts, post("b.md", 200, source=source("b.md")))
        posts.settle()
    with opened(path) as posts:
        assert list(posts.shown()) == []
        found = {published: n for n, _, published, _ in posts.all_shown()}
        assert {when: posts.voice(n) for when, n in found.items()} == {100: ("de", ("Ann", "Bo")), 200: ("", ())}
        with pytest.raises(CacheError):
            posts.voice(99)


# -- what is said of posts


def test_what_is_to_be_said(tmp_path: Path) -> None:
    """Posts with problems and files that give no entry are named, as they were; others are not."""
    problem = Problem("posts/a.md", 3, Level.WARNING, "x", "y")
    reason = Problem(f"posts/{SURROGATE}", 1, Level.ERROR, "no-date", "z")
    left = LeftOut(source(SURROGATE), reason, (replace(reason, code="other"),), is_post=True, digest=b"1")
    other = LeftOut(source("臺.md"), replace(reason, file="posts/臺.md"), is_post=False, digest=b"2")
    with opened(tmp_path / "cache") as posts:
        put(posts, post("a.md", problems=(problem,)))
        put(posts, post("b.md"))
        put(posts, post("z.md", 900, problems=(replace(problem, file="posts/z.md"),)), now=500)
        for one in (left, other):
            posts.put(make_left_out(Candidate(0, one.source), one))
        posts.settle()
        heads = [one for one in posts.noted() if isinstance(one, Head)]
        assert [(one.source.path, one.problems) for one in heads] == [("a.md", (problem,))]
        assert [one for one in posts.noted() if isinstance(one, LeftOut)] == [left, other]
        assert [one.problems[0].file for one in posts.future()] == ["posts/z.md"]
        assert posts.about(left.source) == (None, 0)
        assert posts.about(source("never.md")) == (None, 0)
        assert posts.fleeting() == 0


def test_a_head_comes_back_as_it_was(cache: Path) -> None:
    """A post's head, read out of the cache, is what was put there; names of files that are no UTF-8 too."""
    found = post(SURROGATE, -5, title="\ud800", source=source(SURROGATE, folders=("x",), excluded=True))
    row = numbers(cache)[SURROGATE]
    with opened(cache) as posts:
        put(posts, found, row)
        posts.settle()
        kept, row = posts.about(found.source)
        assert kept == found
        assert posts.load(row).head == found


# -- a cache that somebody had


_TAMPERED = [
    ("digest = x'00'", True),
    ("published = published + 1", True),
    ("own = 'forged'", True),
    ("""terms = '[["tags","forged"]]'""", True),
    ("head = replace(head, 'A', 'B')", True),
    ("head = '{'", True),
    ("root = CAST('other' AS BLOB)", True),
    ("place = '[[\"x\"], false]'", True),
    ("grp = 99", True),
    ("noted = 1", True),
    ("kind = 1", True),
    ("kind = 'x'", True),
    ("kind = x'00'", True),
    ("root = 'text'", True),
    ("digest = 'text'", True),
    ("own = x'00'", True),
    ("head = x'00'", True),
    ("place = 7", True),
    ("published = 'x'", True),
    ("seal = 'text'", True),
    ("seal = x'00'", True),
    ("kind = 3", False),
    ("size = 99, mtime = 'x'", False),
    ("entry = 'forged', shown = 9, joined = 'x', oldest = 7, body = x'00'", False),
]


@pytest.mark.parametrize(("change", "dropped"), _TAMPERED)
def test_rows_that_somebody_changed(cache: Path, change: str, dropped: bool) -> None:
    """What was read of a file stands under a seal: a row that is not as it was written is dropped, the others stay."""
    with contextlib.closing(sqlite3.connect(cache)) as db, db:
        db.execute(f"UPDATE post SET {change} WHERE n = 1")  # a statement of the table above
    with Store(str(cache), "1") as store:
        assert store.state is State.TOUCHED
        posts = Posts(store)
        assert posts.touched is None
        posts.proof(10_000)
        posts.settle()
        assert sorted(posts.ids()) == sorted(own(path) for path in PATHS if not (dropped and path == "a.md"))
        assert store.row("SELECT COUNT(*) FROM post WHERE body IS NOT NULL") == (0,)
        assert [posts.load(n).head.source.path for n in posts.newest()] == [
            path for path in PATHS[::-1] if not (dropped and path == "a.md")
        ]


def test_what_is_derived_is_forgotten(cache: Path) -> None:
    """Of a cache that somebody had, no note is believed but the version and the rules of reading."""
    with Store(str(cache), "1") as store:
        for name in ("heads", "walk", "state", "files"):
            store.remember(name, "x")
        store.keep()
    os.utime(cache, ns=(1, 1))
    with Store(str(cache), "1") as store:
        Posts(store).proof(None)
        assert {store.note(name) for name in ("version", "heads")} == {"1", "x"}
        assert {store.note(name) for name in ("walk", "state", "files")} == {""}


def test_a_row_that_is_not_as_it_was_written(cache: Path) -> None:
    """A row that is damaged, or is missing, when it is asked for is an error of the cache."""
    with Store(str(cache), "1") as store:
        posts = Posts(store)
        store.run("UPDATE post SET head = '{' WHERE n = 1")
        with pytest.raises(CacheError, match="not as it was written"):
            posts.load(1)
        with pytest.raises(CacheError, match="a post is missing in it"):
            posts.load(99)
