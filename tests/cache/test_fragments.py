"""Fragments in the cache: what rendering gave, and which feeds show it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from feeder.cache import fragments as module
from feeder.cache.fragments import Fragments
from feeder.cache.store import CacheError, Store
from feeder.model.digest import digest
from feeder.model.entry import Fragment, Rendered
from feeder.model.feed import Address, FeedPlan, Plan, Planned, Scope
from feeder.model.problem import Level, Problem
from tests.strategies import SITE, entry, feed

KEYS = tuple(bytes([number]) * 16 for number in range(5))
MADE_OF = "0123456789abcdef" * 2
PROBLEM = Problem("posts/a.md", 3, Level.WARNING, "too-much", "x")


def rendered(number: int, *problems: Problem) -> Rendered:
    """Return what an entry became: a fragment of 10 + `number` bytes in each of two formats."""
    rest = b"x" * (9 + number)
    return Rendered(f"id {number}", (fragment("atom", b"A" + rest), fragment("rss", b"R" + rest)), problems)


def fragment(form: str, data: bytes) -> Fragment:
    """Return a fragment, with its digest."""
    return Fragment(form, data, digest(data))


def plan(keys: dict[int, Sequence[bytes]], scope: Scope = Scope.WHOLE, gone: tuple[str, ...] = ()) -> Plan:
    """Return a plan of the feeds of some terms, that of term N at `N.xml`, each with entries of these keys."""
    feeds = {term: feed(addresses=(Address("atom", f"{term}.xml", f"{SITE}/{term}.xml"),)) for term in keys}
    found = (Planned(term, FeedPlan(feeds[term], (entry(1),), ""), tuple(keys[term])) for term in keys)
    return Plan(scope, tuple(found), gone)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Fragments]:
    """Yield the fragments of the cache at `path`, which is kept."""
    with Store(str(path), "1") as store:
        if not path.exists():
            store.script("indexes.sql")
        yield Fragments(store)
        store.keep()


def test_fragments_are_kept(tmp_path: Path) -> None:
    """What an entry became is there again, with its size, in every format."""
    path = tmp_path / "cache"
    with opened(path) as fragments:
        assert not fragments.has(KEYS[1])
        fragments.add(KEYS[1], rendered(1))
        assert fragments.data(KEYS[1], "rss") == b"R" + b"x" * 10
    with opened(path) as fragments:
        assert fragments.has(KEYS[1])
        assert not fragments.has(KEYS[2])
        assert fragments.size(KEYS[1], "atom") == 11
        assert fragments.data(KEYS[1], "atom") == b"A" + b"x" * 10
        fragments.add(KEYS[1], rendered(2))  # as after a build that began again
        assert fragments.size(KEYS[1], "atom") == 12
        assert fragments.data(KEYS[1], "rss") == b"R" + b"x" * 11


def test_all_of_a_feeds_fragments(tmp_path: Path) -> None:
    """Whether all of a feed's entries were rendered is known, of none of them too."""
    with opened(tmp_path / "cache") as fragments:
        fragments.add(KEYS[1], rendered(1))
        fragments.add(KEYS[2], rendered(2))
        assert fragments.have(KEYS[1:3])
        assert fragments.have(())
        assert not fragments.have(KEYS[1:4])


def test_what_is_missing_is_an_error(tmp_path: Path) -> None:
    """A fragment that is not there is an error of the cache, whichever of its facts is asked for."""
    with opened(tmp_path / "cache") as fragments:
        fragments.add(KEYS[1], rendered(1))
        for key, form in ((KEYS[2], "atom"), (KEYS[1], "json")):
            with pytest.raises(CacheError):
                fragments.data(key, form)
            with pytest.raises(CacheError):
                fragments.size(key, form)


def _change(path: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.execute(statement)


@pytest.mark.parametrize(
    "change",
    ["data = x'00'", "seal = x'00'", "seal = 'text'", "format = 'other'", "key = x'03030303030303030303030303030303'"],
)
def test_a_fragment_that_somebody_changed_is_refused(tmp_path: Path, change: str) -> None:
    """A fragment stands under a seal of its key, its format and its bytes: another one in its place is an error."""
    path = tmp_path / "cache"
    with opened(path) as fragments:
        fragments.add(KEYS[1], rendered(1))
    _change(path, f"UPDATE fragment SET {change} WHERE format = 'atom'")
    with Store(str(path), "1") as store:
        key = KEYS[3] if change.startswith("key") else KEYS[1]
        with pytest.raises(CacheError):
            Fragments(store).data(key, "other" if change.startswith("format") else "atom")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE fragment SET data = x'00' WHERE format = 'atom'",
        "UPDATE fragment SET data = 'text' WHERE format = 'atom'",
        "UPDATE fragment SET data = 7",
        "UPDATE fragment SET seal = 'text'",
        "UPDATE fragment SET format = 'other' WHERE format = 'rss'",
        "UPDATE fragment SET format = x'00' WHERE format = 'rss'",
        "UPDATE rendered SET problems = '['",
        "UPDATE rendered SET problems = x'00'",
        "UPDATE rendered SET seal = 7",
        "UPDATE rendered SET key = 'text'",
        "DELETE FROM rendered",
    ],
)
def test_what_somebody_changed_is_dropped(tmp_path: Path, statement: str) -> None:
    """Of a cache that somebody had, what was rendered and is not as it was written is to be rendered again."""
    path = tmp_path / "cache"
    with opened(path) as fragments:
        fragments.add(KEYS[1], rendered(1, PROBLEM))
    _change(path, statement)
    with opened(path) as fragments:
        fragments.add(KEYS[2], rendered(2, PROBLEM))
        fragments.proof()
    with opened(path) as fragments:
        assert [fragments.has(key) for key in KEYS[1:3]] == [False, True]
        assert len(fragments.data(KEYS[2], "rss")) == 12
        fragments.stand(plan({0: KEYS}))
        assert list(fragments.problems()) == [PROBLEM]


def test_what_nobody_changed_stays(tmp_path: Path) -> None:
    """What is as it was written stays, and what was said of feeds that are cut too; what was forged there does not."""
    path = tmp_path / "cache"
    with opened(path) as fragments:
        fragments.add(KEYS[1], rendered(1, PROBLEM))
        for name in "abcd":
            fragments.join(name, MADE_OF, f"{name}: 1 of 2")
    _change(path, "UPDATE feed SET cut = 'forged' WHERE path = 'b'")
    _change(path, "UPDATE feed SET cut = x'00' WHERE path = 'c'")
    _change(path, "UPDATE feed SET made_of = 'forged' WHERE path = 'd'")
    with opened(path) as fragments:
        fragments.proof()
        assert fragments.has(KEYS[1])
        assert fragments.data(KEYS[1], "atom") == rendered(1).fragments[0].data
        assert list(fragments.cuts()) == ["a: 1 of 2"]
        assert [fragments.is_joined(name, MADE_OF) for name in "abcd"] == [True, False, False, False]
        assert not fragments.is_joined("d", "forged")


def test_problems_are_said_of_what_feeds_show(tmp_path: Path) -> None:
    """What was said of a body is said again while a feed stands that was planned with its entry, once."""
    path = tmp_path / "cache"
    with opened(path) as fragments:
        fragments.add(KEYS[1], rendered(1, PROBLEM, PROBLEM))
        fragments.add(KEYS[2], rendered(2))
        assert list(fragments.problems()) == []
        fragments.stand(plan({0: KEYS[1:3], 7: KEYS[1:2]}))
    with opened(path) as fragments:
        assert list(fragments.problems()) == [PROBLEM, PROBLEM]
        fragments.stand(plan({0: KEYS[2:3]}, Scope.PART))
        assert list(fragments.problems()) == [PROBLEM, PROBLEM]
        fragments.stand(plan({7: ()}, Scope.PART))
        assert list(fragments.problems()) == []


def test_a_whole_plan_is_all_there_is(tmp_path: Path) -> None:
    """When all feeds were planned, those that are not among them are forgotten, with what was to be said of them."""
    with opened(tmp_path / "cache") as fragments:
        fragments.add(KEYS[1], rendered(1, PROBLEM))
        fragments.stand(plan({0: KEYS[2:3], 7: KEYS[1:2]}))
        for term in (0, 7):
            fragments.join(f"{term}.xml", MADE_OF, f"{term}: 1 of 2")
        fragments.stand(plan({0: KEYS[2:3]}))
        assert list(fragments.problems()) == []
        assert list(fragments.cuts()) == ["0: 1 of 2"]


def test_what_is_gone_is_forgotten(tmp_path: Path) -> None:
    """When a part of the feeds was planned, nothing is to be said any more of those that are gone, and of no other."""
    with opened(tmp_path / "cache") as fragments:
        for term in (0, 7, 9):
            fragments.join(f"{term}.xml", MADE_OF, f"{term}: 1 of 2")
        fragments.stand(plan({0: KEYS[2:3]}, Scope.PART, ("7.xml", "7.rss")))
        assert list(fragments.cuts()) == ["0: 1 of 2", "9: 1 of 2"]


def test_what_no_feed_shows_is_dropped(tmp_path: Path) -> None:
    """Fragments of entries that no feed was planned with are dropped, the others stay."""
    path = tmp_path / "cache"
    with opened(path) as fragments:
        for number in range(4):
            fragments.add(KEYS[number], rendered(number))
        fragments.stand(plan({0: KEYS[:2], 1: KEYS[1:3]}))
        fragments.prune()
    with opened(path) as fragments:
        assert [fragments.has(key) for key in KEYS] == [True, True, True, False, False]
        with pytest.raises(CacheError):
            fragments.data(KEYS[3], "atom")
        assert fragments.data(KEYS[2], "atom") == b"A" + b"x" * 11


def test_feeds_that_were_joined(tmp_path: Path) -> None:
    """What a feed was joined by is kept by its path, and what is to be said of it until it shows all."""
    path = tmp_path / "cache"
    with opened(path) as fragments:
        fragments.join("b.xml", MADE_OF, "b: 1 of 2")
        fragments.join("a.xml", MADE_OF, "a: 1 of 3")
        fragments.join("b.xml", MADE_OF, "b: 2 of 3")
        fragments.join("c.xml", MADE_OF)
    with opened(path) as fragments:
        assert list(fragments.cuts()) == ["a: 1 of 3", "b: 2 of 3"]
        assert fragments.is_joined("c.xml", MADE_OF)
        assert not fragments.is_joined("c.xml", MADE_OF[::-1])
        assert not fragments.is_joined("d.xml", MADE_OF)
        fragments.join("a.xml", MADE_OF[::-1])
        assert list(fragments.cuts()) == ["b: 2 of 3"]
        assert not fragments.is_joined("a.xml", MADE_OF)


def test_feeds_that_show_too_little(tmp_path: Path) -> None:
    """What is to be said of feeds that show less than readers need is kept beside what is said of a cut, and sealed."""
    path = tmp_path / "cache"
    with opened(path) as fragments:
        fragments.join("b.xml", MADE_OF, "", "b loses")
        fragments.join("a.xml", MADE_OF, "a: 1 of 3", "a loses")
        fragments.join("c.xml", MADE_OF, "c: 1 of 3")
    with opened(path) as fragments:
        assert list(fragments.losing()) == [("a.xml", "a loses"), ("b.xml", "b loses")]
        fragments.join("b.xml", MADE_OF)
    _change(path, "UPDATE feed SET losing = 'forged' WHERE path = 'c.xml'")
    with opened(path) as fragments:
        fragments.proof()
        assert list(fragments.losing()) == [("a.xml", "a loses")]
        assert list(fragments.cuts()) == ["a: 1 of 3"]


def test_memory_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fragments that were used lately are kept in memory, as many as there is room for, and the others read again."""
    monkeypatch.setattr(module, "_ROOM", 60)
    with Store(str(tmp_path / "cache"), "1") as store:
        store.script("indexes.sql")
        fragments = Fragments(store)
        for _ in range(3):
            for number in range(5):
                fragments.add(KEYS[number], rendered(number))
                assert sum(map(len, fragments._kept.values())) <= 60
        assert fragments._kept
        store.run("DELETE FROM fragment WHERE key = ?", KEYS[4])
        assert len(fragments.data(KEYS[4], "rss")) == 14
        store.run("DELETE FROM fragment WHERE key = ?", KEYS[0])
        with pytest.raises(CacheError):
            fragments.data(KEYS[0], "rss")
        big = Rendered("big", (fragment("atom", os.urandom(100)),))
        fragments.add(KEYS[0], big)
        assert fragments.data(KEYS[0], "atom") == big.fragments[0].data
        assert len(fragments._kept) == 1
        for number in (1, 2):
            assert len(fragments.data(KEYS[number], "atom")) == 10 + number
        assert sum(map(len, fragments._kept.values())) <= 60
