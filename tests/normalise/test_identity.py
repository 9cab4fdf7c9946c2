"""Which posts are one entry, and what its id is (SPEC §3)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.model.characters import fold
from feeder.model.head import Head
from feeder.model.problem import Level
from feeder.model.source import Source
from feeder.model.term import RawTerm
from feeder.normalise.identity import Identified, alone, group_of, identify, site_namespace
from tests.strategies import INSTANT, SITE, head

SEED = "https://www.cna.com.tw/news/firstnews/202009240039.aspx"
ORIGIN = "https://origin.example/a"
FIRST = uuid5(NAMESPACE_URL, ORIGIN)


def identified(*heads: Head) -> tuple[Identified, ...]:
    """Return the entries of `heads` in the site SITE, oldest first; nothing may be wrong with their ids."""
    found = identify(heads, SITE)
    assert found.problems == ()
    return found.posts


def ids(*heads: Head) -> list[str]:
    """Return the entries' ids, oldest first."""
    return [post.id for post in identified(*heads)]


def later(days: int = 1) -> datetime:
    """Return the instant `days` after INSTANT."""
    return INSTANT + timedelta(days=days)


class TestIds:
    """What an id is derived from."""

    def test_the_id_of_the_seed(self) -> None:
        """The seed's id is that of the specification."""
        assert ids(head(origin=SEED)) == ["urn:uuid:8878e1fd-bf2d-5bd4-ae3c-61f12931d57f"]

    @pytest.mark.parametrize("origin", ["http://a.example/?q=%7E&b#f", "https://台.example/新聞", "HTTP://A.EXAMPLE/"])
    def test_an_origin_counts_as_it_is_written(self, origin: str) -> None:
        """The id is UUIDv5 of the origin's bytes as written: nothing is encoded, lowered or cut."""
        assert ids(head(origin=origin)) == [uuid5(NAMESPACE_URL, origin).urn]

    def test_the_id_that_another_program_gave(self) -> None:
        """It wins over origin and stem, not over an explicit id; the oldest of a post's copies says it."""
        known = "https://example.org/2020/a"
        assert ids(head(origin=SEED, known_id=known)) == [known]
        assert ids(head(origin=SEED, known_id=known, explicit_id="urn:x:1")) == ["urn:x:1"]
        older = head("b.md", origin=SEED, title="A", known_id=known)
        newer = head("c.md", origin=SEED, title="A", published=later(), known_id="https://example.org/2020/c")
        assert ids(newer, older) == [known]
        assert alone(older, SITE).id == known

    def test_two_posts_that_another_program_called_the_same(self) -> None:
        """The oldest keeps that id, without a word; the other has the one that feeder derives."""
        known = "https://example.org/2020/a"
        one, other = head("a.md", known_id=known), head("b.md", origin=ORIGIN, published=later(), known_id=known)
        assert ids(other, one) == [known, FIRST.urn]

    def test_an_explicit_id_that_is_taken_leaves_the_one_that_was_known(self) -> None:
        """Who cannot have the id in its front matter has the one of the program before, and is told."""
        known = "https://example.org/2020/b"
        other = head("b.md", explicit_id="urn:x:1", published=later(), known_id=known)
        found = identify([head("a.md", explicit_id="urn:x:1"), other], SITE)
        assert [post.id for post in found.posts] == ["urn:x:1", known]
        assert [problem.code for problem in found.problems] == ["id-taken"]

    def test_without_origin_the_stem_counts(self) -> None:
        """The id of a post without origin is UUIDv5 of its stem under that of the site's id."""
        expected = uuid5(uuid5(NAMESPACE_URL, SITE), "2020-09-24-a").urn
        assert ids(head("2020-09-24-a.md")) == ids(head("deep/down/2020-09-24-a.html")) == [expected]
        assert identify([head()], "another").posts[0].id != expected
        assert site_namespace(SITE) == uuid5(NAMESPACE_URL, SITE)

    def test_an_explicit_id_wins(self) -> None:
        """An explicit id is the entry's, with an origin and without."""
        assert ids(head(explicit_id="tag:e.org,2024:x")) == ["tag:e.org,2024:x"]
        assert ids(head(explicit_id="tag:e.org,2024:x", origin=ORIGIN)) == ["tag:e.org,2024:x"]

    def test_of_two_posts_with_one_explicit_id_the_older_keeps_it(self) -> None:
        """The younger post is named in a warning and has its derived id."""
        old = head("old.md", explicit_id="urn:x:1", published=INSTANT)
        new = head("new.md", explicit_id="urn:x:1", published=later(), origin=ORIGIN)
        for heads in ((old, new), (new, old)):
            found = identify(heads, SITE)
            assert [post.id for post in found.posts] == ["urn:x:1", FIRST.urn]
            (problem,) = found.problems
            assert (problem.file, problem.level, problem.code) == ("posts/new.md", Level.WARNING, "id-taken")
            assert "urn:x:1" in problem.message

    def test_an_explicit_id_may_be_another_posts_derived_one(self) -> None:
        """Where a post was given the id that another would be derived, both still have ids of their own."""
        taker = head("a.md", explicit_id=FIRST.urn, published=INSTANT)
        derived = head("b.md", origin=ORIGIN, published=later())
        assert ids(taker, derived) == [FIRST.urn, uuid5(FIRST, "b.md").urn]
        found = identify([head("a.md", explicit_id=FIRST.urn, published=later(2)), derived], SITE)
        assert [post.id for post in found.posts] == [FIRST.urn, uuid5(site_namespace(SITE), "a").urn]
        assert [problem.file for problem in found.problems] == ["posts/a.md"]
        second = uuid5(FIRST, "b.md")
        both = [head(f"{n}.md", explicit_id=taken.urn, published=later(n)) for n, taken in enumerate((FIRST, second))]
        assert ids(*both, replace(derived, published=later(9)))[2] == uuid5(second, "b.md").urn

    def test_an_id_depends_on_nothing_else(self) -> None:
        """Title, terms, folder, root, instant, body, link: none of them changes an id."""
        for origin in ("", ORIGIN):
            plain = head("a.md", origin=origin)
            other = head(
                "x/y/a.html",
                title="Another",
                published=later(99),
                origin=origin,
                source=Source("/elsewhere", "x/y/a.html", 9, 9, ("News",), excluded=True),
                terms=(RawTerm("tags", "x"),),
                body_digest=b"other",
                link="https://e.example/",
                language="ar",
            )
            assert ids(plain) == ids(other)


class TestSamePost:
    """Several files of one post are one entry."""

    @pytest.mark.parametrize("origin", ["", ORIGIN])
    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ({"title": "A"}, {"title": "A"}, True),
            ({"title": "A"}, {"title": "a"}, False),
            ({"has_time": True, "days": 0}, {"has_time": True, "days": 0}, True),
            ({"has_time": True, "days": 0}, {"has_time": False, "days": 0}, False),
            ({"has_time": False, "days": 0}, {"has_time": False, "days": 0}, False),
            ({"has_time": True, "days": 0}, {"has_time": True, "days": 1}, False),
            ({"body_digest": b"x"}, {"body_digest": b"x"}, True),
            ({"body_digest": b"x"}, {"body_digest": b"y"}, False),
            ({"body_digest": b""}, {"body_digest": b""}, False),
        ],
    )
    def test_by_title_instant_or_body(
        self, origin: str, one: dict[str, object], other: dict[str, object], same: bool
    ) -> None:
        """Posts of one origin or stem are one entry by title, by instant with a time of day, or by body."""

        def made(path: str, days: int, fields: dict[str, object]) -> Head:
            fields = {"title": path, **fields}
            published = later(int(str(fields.pop("days", days))))
            return head(path, origin=origin, published=published, **fields)  # type: ignore[arg-type]  # as named above

        found = identified(made("a/x.md", 0, one), made("b/x.md", 5, other))
        assert len(found) == (1 if same else 2)

    def test_through_others(self) -> None:
        """Two posts that share nothing are one entry where a third, of any age, shares something with each."""
        first = head("a.md", "One", INSTANT, ORIGIN, body_digest=b"1")
        last = head("b.md", "Two", later(2), ORIGIN, body_digest=b"2")
        assert len(identified(first, last)) == 2
        for days in (-1, 1, 3):
            between = head("c.md", "One", later(days), ORIGIN, body_digest=b"2")
            (post,) = identified(first, last, between)
            assert (post.id, len(post.copies)) == (FIRST.urn, 2)

    def test_a_long_chain(self) -> None:
        """Copies of copies are one entry however many there are."""
        chain = [head(f"{n}.md", f"t{n // 2}", later(n), ORIGIN, body_digest=b"%d" % ((n + 1) // 2)) for n in range(99)]
        random.Random(7).shuffle(chain)
        (post,) = identified(*chain)
        assert (post.published, post.head.source.path, len(post.copies)) == (INSTANT, "98.md", 98)

    def test_posts_of_different_origins_or_stems_stay_apart(self) -> None:
        """What is equal between different origins, different stems, or an origin and a stem says nothing."""
        alike = {"title": "Same", "published": INSTANT, "has_time": True, "body_digest": b"x"}
        heads = (
            head("a.md", origin=ORIGIN, **alike),  # type: ignore[arg-type]  # as named above
            head("a.md", origin=f"{ORIGIN}/", **alike),  # type: ignore[arg-type]  # as named above
            head("b.md", **alike),  # type: ignore[arg-type]  # as named above
            head("a.md", **alike),  # type: ignore[arg-type]  # as named above
        )
        assert len(identified(*heads)) == 4

    def test_the_latest_gives_everything_but_id_and_published(self) -> None:
        """The copy with the latest date is shown, with the id and the earliest date of them all."""
        old = head("a.md", "Old", INSTANT, ORIGIN, has_time=True, body_digest=b"x", link="https://e.org/old")
        new = head("b.md", "New", later(3), ORIGIN, has_time=True, body_digest=b"x", updated=later(4))
        mid = head("c.md", "Mid", later(2), ORIGIN, has_time=True, body_digest=b"x", updated=later(9))
        (post,) = identified(mid, new, old)
        assert (post.id, post.published, post.head) == (FIRST.urn, INSTANT, new)
        assert post.copies == (old.source, mid.source)

    def test_of_equal_dates_the_path_decides(self) -> None:
        """Among the latest copies the one with the first path is shown."""
        old = head("z.md", "T", INSTANT, ORIGIN)
        one, other = head("a.md", "T", later(), ORIGIN), head("b.md", "T", later(), ORIGIN)
        (post,) = identified(other, old, one)
        assert (post.head, post.copies) == (one, (old.source, other.source))

    def test_terms_are_the_union(self) -> None:
        """The entry has every copy's terms, the shown one's first, each once."""
        a, b, c = (RawTerm("tags", label) for label in "abc")
        old, new = head("a.md", "T", INSTANT, ORIGIN, terms=(a, b)), head("b.md", "T", later(), ORIGIN, terms=(c, b))
        (post,) = identified(old, new)
        assert post.terms == (c, b, a)

    def test_an_explicit_id_of_any_copy_is_the_entrys(self) -> None:
        """The oldest copy that has an explicit id gives it."""
        heads = [
            head(f"{number}.md", "T", later(number), ORIGIN, explicit_id=text)
            for number, text in enumerate(("", "urn:x:1", "urn:x:2"))
        ]
        assert ids(*heads) == ["urn:x:1"]
        assert ids(*heads[::-1]) == ["urn:x:1"]


class TestEqualOriginsAndStems:
    """Posts that share an origin or a stem, and are not the same."""

    def test_one_origin_of_several_posts(self) -> None:
        """The oldest keeps the origin's id, each other's is UUIDv5 of that id and its stem."""
        heads = [head(f"{name}.md", name, later(days), ORIGIN) for days, name in enumerate(("one", "two", "three"))]
        assert ids(*heads[::-1]) == [FIRST.urn, uuid5(FIRST, "two").urn, uuid5(FIRST, "three").urn]

    def test_one_origin_of_posts_with_equal_stems(self) -> None:
        """Even there every id is another, and derived from the path."""
        heads = [head(f"{folder}/x.md", folder, later(days), ORIGIN) for days, folder in enumerate("abc")]
        second = uuid5(FIRST, "x")
        assert ids(*heads) == [FIRST.urn, second.urn, uuid5(second, "c/x.md").urn]

    def test_the_explicit_id_of_one_changes_no_others(self) -> None:
        """Where one of them is given an explicit id, the others keep theirs."""
        heads = [head(f"{folder}/x.md", folder, later(days), ORIGIN) for days, folder in enumerate("abc")]
        second = replace(heads[1], explicit_id="urn:x:1")
        assert ids(heads[0], second, heads[2])[2] == ids(*heads)[2]

    def test_equal_stems(self) -> None:
        """The oldest keeps the stem's id, the others' add the path below the root."""
        heads = [head(f"{folder}/x.md", folder, later(days)) for days, folder in enumerate("abc")]
        first = uuid5(site_namespace(SITE), "x")
        assert ids(*heads) == [first.urn, uuid5(first, "b/x.md").urn, uuid5(first, "c/x.md").urn]

    def test_a_path_is_read_in_nfc_and_may_be_no_utf_8(self) -> None:
        """Ids are the same where a file system stores names decomposed, and there are some for names in other bytes."""
        composed = [head("a/x.md", "1"), head("é/x.md", "2", later())]
        decomposed = [head("a/x.md", "1"), head("e\u0301/x.md", "2", later())]
        first = uuid5(site_namespace(SITE), "x")
        assert ids(*composed) == ids(*decomposed) == [first.urn, uuid5(first, "é/x.md").urn]
        assert (
            len(set(ids(head("a/x.md", "1"), head("\udce9/x.md", "2", later()), head("\udcea/x.md", "3", later()))))
            == 3
        )

    def test_no_entry_has_a_feeds_id(self) -> None:
        """A post whose stem and path read like a taxonomy and a term has not the id of that term's feed."""
        heads = [head("tags.md", "1"), head("x/tags.md", "2", later())]
        assert uuid5(site_namespace(SITE), "tags/x/tags.md").urn not in ids(*heads)


def test_posts_are_returned_oldest_first() -> None:
    """Entries come by their published date, ties by path."""
    heads = [head("c.md", published=later()), head("b.md"), head("d.md", published=later(-1)), head("a.md")]
    assert [post.head.source.path for post in identified(*heads)] == ["d.md", "a.md", "b.md", "c.md"]
    assert identify([], SITE).posts == ()


# -- properties

_HEADS = st.builds(
    lambda fields: head(**fields),
    st.fixed_dictionaries(
        {
            "path": st.builds("{}{}.md".format, st.sampled_from(("", "a/", "b/", "\udcff/")), st.sampled_from("xyzé")),
            "title": st.sampled_from(("A", "B", "C", "D")),
            "published": st.integers(0, 4).map(later),
            "origin": st.sampled_from(("", "", ORIGIN, SEED)),
            "explicit_id": st.sampled_from(
                ("", "", "", "urn:x:1", FIRST.urn, uuid5(FIRST, "x").urn, uuid5(site_namespace(SITE), "x").urn)
            ),
            "has_time": st.booleans(),
            "body_digest": st.sampled_from((b"", b"", b"1", b"2")),
        }
    ),
)


def _place(one: Head) -> str:
    return one.source.path


@given(st.lists(_HEADS, max_size=12, unique_by=_place), st.randoms(use_true_random=False))
def test_ids_are_distinct_and_do_not_depend_on_order(heads: list[Head], chance: random.Random) -> None:
    """Any posts give distinct ids, every file is in one entry, and the order of input changes nothing."""
    found = identify(heads, SITE)
    assert len({post.id for post in found.posts}) == len(found.posts)
    files = [source for post in found.posts for source in (post.head.source, *post.copies)]
    assert Counter(files) == Counter(one.source for one in heads)
    shuffled = heads[:]
    chance.shuffle(shuffled)
    assert identify(shuffled, SITE) == found


@given(st.lists(_HEADS, min_size=1, max_size=8, unique_by=_place))
def test_one_entry_is_what_is_connected(heads: list[Head]) -> None:
    """Two posts are one entry if and only if a chain of posts joins them, each like the next."""
    groups = [{number} for number in range(len(heads))]
    for one in range(len(heads)):
        for other in range(one):
            if _alike(heads[one], heads[other]):
                joined = [group for group in groups if group & {one, other}]
                groups = [group for group in groups if group not in joined] + [set().union(*joined)]
    expected = {frozenset(heads[number].source.path for number in group) for group in groups}
    posts = identify(heads, SITE).posts
    found = {frozenset(source.path for source in (post.head.source, *post.copies)) for post in posts}
    assert found == expected


def _alike(one: Head, other: Head) -> bool:
    group = ((head.origin, "" if head.origin else head.stem) for head in (one, other))
    if len(set(group)) == 2:
        return False
    same_instant = one.has_time and other.has_time and one.published == other.published
    same_body = bool(one.body_digest) and one.body_digest == other.body_digest
    return one.title == other.title or same_instant or same_body


def test_hostile_names_give_distinct_ids(hostile: Callable[[str], list[Any]]) -> None:
    """Stems, titles and folders that others collected to break programs give every post an id of its own."""
    texts = [fold(text) for text in hostile("hostile_names")]
    heads = [head(f"{number}/{text}.md", f"{number} {text}", stem=text) for number, text in enumerate(texts)]
    heads += [head(f"{number}/x.md", text, stem="x") for number, text in enumerate(texts)]
    found = ids(*heads)
    assert len(set(found)) == len(found) >= len(set(texts))


def test_titles_made_of_file_names_make_no_duplicates() -> None:
    """Untitled posts of one stem have one title, which says nothing: they stay two entries."""
    one = head("a/post.md", "post", INSTANT, titled=False)
    other = head("b/post.md", "post", later(1), titled=False)
    assert len(identify([one, other], SITE).posts) == 2


@given(st.lists(_HEADS, min_size=1, max_size=6))
def test_a_post_alone_is_what_identify_says(heads: list[Head]) -> None:
    """A post that no other one contests has the id that `identify` gives it, and the group of its copies."""
    for one in heads:
        (post,) = identify([one], SITE).posts
        assert alone(one, SITE).id == post.id
    groups = {(group_of(one), alone(one, SITE).group) for one in heads}
    assert len({name for name, _ in groups}) == len({number for _, number in groups}) == len(groups)
    assert all(-(2**63) <= number < 2**63 for _, number in groups)


@pytest.mark.parametrize("given_id", ["", "urn:example:1"])
@pytest.mark.parametrize("stem", ["a", "臺灣", "e\u0301", "x" * 300, "0"])
def test_the_group_of_a_post_is_its_origins_or_its_names(stem: str, given_id: str) -> None:
    """An explicit id is the post's own and says nothing of its group; origin and name of one text are two groups."""
    named, mirrored = head(stem=stem, explicit_id=given_id), head(stem="other", origin=stem, explicit_id=given_id)
    assert alone(named, SITE).group == alone(head(stem=stem, path="z/x.md"), SITE).group
    assert alone(named, SITE).group != alone(mirrored, SITE).group
    assert alone(named, SITE).group != alone(named, "https://other.example").group
    expected = given_id or uuid5(site_namespace(SITE), stem).urn
    assert alone(named, SITE).id == expected
    assert alone(mirrored, SITE).id == (given_id or uuid5(NAMESPACE_URL, stem).urn)
