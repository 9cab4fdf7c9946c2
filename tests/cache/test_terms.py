"""The terms in the cache: which entries have them, in the order of feeds, and how each was written."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.cache.posts import Posts
from feeder.cache.rows import Candidate, make_row
from feeder.cache.store import Store
from feeder.cache.terms import Sorted, Terms
from feeder.model.source import Source
from feeder.model.term import RawTerm, Spelling, Term
from feeder.normalise.slug import key
from tests.strategies import head

Written = tuple[str, int, tuple[str, ...]]
"""An entry: its id, when it was published in seconds after 1970, and its tags."""

ENTRIES: tuple[Written, ...] = (
    ("d", 100, ("Sea",)),
    ("a", 300, ("sea", "Hill")),
    ("c", 200, ("SEA", "sea", "hill")),
    ("b", 300, ("Sea",)),
    ("e", -5, ("hill", "sea")),
)


def as_json(tags: tuple[str, ...]) -> str:
    """Return tags as rows have them."""
    return json.dumps([["tags", tag] for tag in tags], separators=(",", ":"), ensure_ascii=False)


@contextlib.contextmanager
def opened(path: str, entries: tuple[Written, ...]) -> Iterator[tuple[Terms, Store]]:
    """Yield the terms of `entries`, whose posts are the rows 1, 2 and so on."""
    with Store(path, "1") as store:
        posts = Posts(store)
        for number, (name, seconds, tags) in enumerate(entries, 1):
            published = datetime.fromtimestamp(seconds, UTC)
            terms = tuple(RawTerm("tags", tag) for tag in tags)
            found = head(f"{name}.md", published=published, terms=terms, digest=b"d")
            found = replace(found, source=Source("posts", f"{name}.md", 1, 1))
            posts.put(make_row(Candidate(0, found.source), found, number, name, None))
        posts.settle()
        terms_ = Terms(store, key)
        terms_.add(posts.shown())
        yield terms_, store


def windows(terms: Terms) -> dict[str, list[int]]:
    """Return the rows of every tag in the order of its feed, by its key."""
    terms.touch_all()
    return {term.key: list(terms.newest(terms.number("tags", term.key))) for term in terms.known().values()}


def test_entries_stand_newest_first() -> None:
    """A term's entries come newest first, ties by id, each once however it wrote the term; `total` counts them."""
    with opened("", ENTRIES) as (terms, _):
        assert windows(terms) == {"sea": [2, 4, 3, 1, 5], "hill": [2, 3, 5]}
        assert [terms.total(terms.number("tags", name)) for name in ("sea", "hill")] == [5, 3]
        assert terms.total(99) == 0
        assert list(terms.newest(99)) == []


def test_entries_have_their_instants() -> None:
    """With each row comes when its entry was published, in seconds."""
    with opened("", ENTRIES) as (terms, _):
        terms.touch_all()
        assert list(terms.dated(terms.number("tags", "hill"))) == [(2, 300), (3, 200), (5, -5)]


def test_the_terms_of_an_entry_have_numbers() -> None:
    """Of an entry's terms those of one taxonomy are known by their numbers, each once."""
    with opened("", ENTRIES) as (terms, _):
        terms.touch_all()
        sea, hill = (terms.number("tags", name) for name in ("sea", "hill"))
        assert terms.of("tags", as_json(("SEA", "sea", "hill"))) == (sea, hill)
        assert terms.of("categories", as_json(("sea",))) == ()
        assert terms.of("tags", "[]") == ()


def sorted_in(*entries: Sorted) -> Iterator[Terms]:
    """Yield the terms of ENTRIES, and of such that were sorted into a taxonomy of their own."""
    with opened("", ENTRIES) as (terms, _):
        terms.put("queries", entries)
        yield terms


def test_entries_may_be_sorted_into_terms_that_they_do_not_name() -> None:
    """Such terms have their entries in the order of feeds, their own key, and one label, whatever others are called."""
    both = (Sorted("x", "Same", 1, "d", 100), Sorted("y", "Same", 2, "a", 300), Sorted("x", "Same", 2, "a", 300))
    for terms in sorted_in(*both):
        numbers = {name: terms.number("queries", name) for name in ("x", "y")}
        assert terms.touched >= set(numbers.values())
        assert [list(terms.newest(numbers[name])) for name in ("x", "y")] == [[2, 1], [2]]
        found = [one for one in terms.spellings() if one.taxonomy == "queries"]
        assert [(one.key, one.label, one.count) for one in found] == [("x", "Same", 2), ("y", "Same", 1)]
        terms.put("queries", [Sorted("x", "Same", 3, "c", 200)])
        assert list(terms.newest(numbers["x"])) == [2, 3, 1]


def test_entries_are_withdrawn_wherever_they_are() -> None:
    """Out of a taxonomy an entry is taken by its id and instant, and the terms that had it are touched, no others."""
    for terms in sorted_in(Sorted("x", "X", 1, "d", 100), Sorted("y", "Y", 2, "a", 300)):
        numbers = {name: terms.number("queries", name) for name in ("x", "y")}
        terms.touched = set()
        terms.withdraw_from("queries", [("d", 100), ("a", 301), ("nobody", 300)])
        assert terms.touched == {numbers["x"]}
        assert [list(terms.newest(numbers[name])) for name in ("x", "y")] == [[], [2]]
        assert list(terms.newest(terms.number("tags", "sea"))) == [2, 4, 3, 1, 5]


def test_a_taxonomy_is_dropped() -> None:
    """All terms of a taxonomy are forgotten at once, and made anew under the same names; others stay."""
    for terms in sorted_in(Sorted("sea", "sea", 1, "d", 100)):
        terms.drop("queries")
        assert {term.taxonomy for term in terms.known().values()} == {"tags"}
        assert [one.taxonomy for one in terms.spellings()] == ["tags"] * 5
        terms.put("queries", [Sorted("sea", "sea", 2, "a", 300)])
        assert list(terms.newest(terms.number("queries", "sea"))) == [2]
        assert len(list(terms.newest(terms.number("tags", "sea")))) == 5


def test_a_limit_is_a_prefix() -> None:
    """Whoever wants only the newest takes as many as wanted: nothing else is looked at."""
    with opened("", ENTRIES) as (terms, _):
        assert list(islice(terms.newest(terms.number("tags", "sea")), 2)) == [2, 4]


def test_spellings() -> None:
    """How a term was written is known with how often, and where first: instant, path, position."""
    with opened("", ENTRIES) as (terms, _):
        found = {(one.key, one.label): one for one in terms.spellings()}
        assert found == {
            ("sea", "Sea"): Spelling("tags", "sea", "Sea", 2, (100, "d.md", "posts", 0)),
            ("sea", "sea"): Spelling("tags", "sea", "sea", 3, (-5, "e.md", "posts", 1)),
            ("sea", "SEA"): Spelling("tags", "sea", "SEA", 1, (200, "c.md", "posts", 0)),
            ("hill", "Hill"): Spelling("tags", "hill", "Hill", 1, (300, "a.md", "posts", 1)),
            ("hill", "hill"): Spelling("tags", "hill", "hill", 2, (-5, "e.md", "posts", 0)),
        }


def test_of_posts_of_one_instant_the_first_by_path_wrote_it_first() -> None:
    """Where several posts of one instant wrote a label, the first of them by its path counts as the first."""
    entries = (("b", 7, ("x", "sea")), ("c", 7, ("sea",)), ("a", 7, ("x", "y", "sea")))
    with opened("", entries) as (terms, _):
        (one,) = (one for one in terms.spellings() if one.key == "sea")
        assert one.first == (7, "a.md", "posts", 2)


def test_terms_of_a_copy_are_as_old_as_its_oldest(tmp_path: Path) -> None:
    """Where an entry is several posts, its terms were first used where the oldest of these stands."""
    with opened(str(tmp_path / "cache"), ENTRIES) as (terms, store):
        store.run("UPDATE post SET oldest = 5 WHERE n = 2")
        (one,) = (one for one in terms.spellings() if one.label == "Hill")
        assert one.first == (300, "e.md", "posts", 1)


def test_labels_and_slugs_are_kept(tmp_path: Path) -> None:
    """What terms were named is there again; one that nobody named yet has no name."""
    path = str(tmp_path / "cache")
    with opened(path, ENTRIES) as (terms, store):
        assert {term.label for term in terms.known().values()} == {""}
        list(terms.spellings())
        terms.name([Term("tags", "sea", "Sea", "the-sea", "scheme"), Term("other", "sea", "no", "no", "")])
        store.keep()
    with Store(path, "1") as store:
        terms = Terms(store, key)
        assert terms.known() == {
            ("tags", "sea"): Term("tags", "sea", "Sea", "the-sea", ""),
            ("tags", "hill"): Term("tags", "hill", "", "", ""),
        }
        terms.open()
        assert terms.number("tags", "hill") != terms.number("tags", "sea")
        assert terms.touched == set()
        terms.touch_all()
        assert terms.touched == {terms.number("tags", "hill"), terms.number("tags", "sea")}


def test_entries_are_withdrawn(tmp_path: Path) -> None:
    """An entry that is withdrawn is in none of its terms; these are touched; a term without any is forgotten."""
    path = str(tmp_path / "cache")
    with opened(path, ENTRIES) as (_, store):
        store.keep()
    with Store(path, "1") as store:
        terms = Terms(store, key)
        terms.open()
        sea, hill = (terms.number("tags", name) for name in ("sea", "hill"))
        store.run("INSERT INTO stands VALUES (?, '', 0, x'00'), (?, '', 0, x'00')", sea, hill)
        for term in (sea, hill):
            store.run("INSERT INTO stretch VALUES (?, '1970-01', 0, '1970-01', x'00', '[]')", term)
            store.run("INSERT INTO revision VALUES (?, 'a', 1, 0, 1)", term)
        by_id = {entry: (entry, seconds, as_json(tags)) for entry, seconds, tags in ENTRIES}
        terms.withdraw([by_id["d"]])
        assert terms.touched == {sea}
        terms.withdraw([by_id["a"], by_id["c"], by_id["e"]])
        assert terms.touched == {sea, hill}
        assert windows(terms)["sea"] == [4]
        assert {one.label for one in terms.spellings()} == {"Sea"}
        assert set(terms.known()) == {("tags", "sea")}
        assert store.row("SELECT COUNT(*) FROM spelling WHERE term = ?", hill) == (0,)
        assert list(store.rows("SELECT term FROM stands")) == [(sea,)]
        assert list(store.rows("SELECT term FROM stretch")) == [(sea,)]
        assert list(store.rows("SELECT term FROM revision")) == [(sea,)]
        terms.clear()
        assert terms.known() == {}


_TAGS = st.lists(st.sampled_from(["a", "A", "b", "B b", "臺", "ﬁ", "FI"]), max_size=3, unique=True).map(tuple)
_ENTRIES = st.lists(st.tuples(st.integers(-3, 3), _TAGS), max_size=8)


@given(_ENTRIES, st.sets(st.integers(0, 7)))
@pytest.mark.filterwarnings("error")
def test_terms_are_what_their_entries_say(drawn: list[tuple[int, tuple[str, ...]]], gone: set[int]) -> None:
    """After any entries came and went, every term has those of them that have it, in order."""
    entries = tuple((f"e{number}", seconds, tags) for number, (seconds, tags) in enumerate(drawn))
    with opened("", entries) as (terms, _):
        list(terms.spellings())
        terms.withdraw([(name, seconds, as_json(tags)) for n, (name, seconds, tags) in enumerate(entries) if n in gone])
        list(terms.spellings())
        expected: dict[str, list[tuple[int, str, int]]] = {}
        for n, (name, seconds, tags) in enumerate(entries):
            for one in {key(tag) for tag in tags} if n not in gone else ():
                expected.setdefault(one, []).append((-seconds, name, n + 1))
        assert windows(terms) == {name: [n for *_, n in sorted(found)] for name, found in expected.items()}
