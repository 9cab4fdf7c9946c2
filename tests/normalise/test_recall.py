"""Which entry of the ledger a post is: known by its name, its title, its body and its instant (docs/ledger.md)."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.model.ledger import NOTHING, Line
from feeder.normalise.recall import Claim, Settlement, settle

A, B, C = (bytes([number]) * 8 for number in (1, 2, 3))
ID = "urn:uuid:00000000-0000-4000-8000-00000000000"
"""But for its last digit."""


def line(
    name: int, key: str = "stem a", title: bytes = A, body: bytes = A, published: int = 1_000, **more: bool
) -> Line:
    """Return the line of the entry whose id ends with `name`."""
    return Line(f"{ID}{name}", key, title, body, published, published, **more)


def claim(
    n: int, key: str = "stem a", title: bytes = A, body: bytes = A, published: int = 1_000, **more: object
) -> Claim:
    """Return the claim of row `n`; what its name gives is the id that ends with 9."""
    made = Claim(
        n, key, "", "", f"{ID}9", title, body, published, published, True, f"{n}.md", (published, str(n), ""), ""
    )
    return replace(made, **more)  # type: ignore[arg-type]  # fields by name


def ids(claims: list[Claim], lines: list[Line]) -> dict[int, str]:
    """Return the last digits of the ids that `claims` get, by their rows."""
    settled = settle(claims, lines, {one.id for one in lines}).settled
    assert len({one.id for one in settled}) == len(claims)
    return {one.claim.n: one.id.removeprefix(ID) for one in settled}


def further(name: int, place: str) -> str:
    """Return the id that is derived further for the post at `place`, where the one that ends with `name` is taken."""
    return uuid5(UUID(f"{ID}{name}"), place).urn


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(claim(1), id="nothing changed"),
        pytest.param(claim(1, title=B), id="retitled"),
        pytest.param(claim(1, body=B), id="edited"),
        pytest.param(claim(1, published=2_000), id="dated anew"),
        pytest.param(claim(1, title=B, body=B), id="retitled and edited"),
        pytest.param(claim(1, title=B, published=2_000), id="retitled and dated anew"),
        pytest.param(claim(1, body=B, published=2_000), id="edited and dated anew"),
        pytest.param(claim(1, title=B, body=B, published=2_000), id="all was changed but its name"),
        pytest.param(claim(1, title=B, body=B, timed=False), id="all was changed but its name and its day"),
        pytest.param(claim(1, key="stem b"), id="renamed"),
        pytest.param(claim(1, key="stem b", title=B), id="renamed and retitled"),
        pytest.param(claim(1, key="stem b", body=B), id="renamed and edited"),
        pytest.param(claim(1, key="stem b", published=2_000), id="renamed and dated anew"),
        pytest.param(claim(1, key="stem b", title=B, body=B, published=2_000, explicit=f"{ID}1"), id="named by its id"),
    ],
)
@pytest.mark.parametrize("others", [[], [line(2, "stem c", C, C, 3_000)]])
def test_an_entry_keeps_its_id(now: Claim, others: list[Line]) -> None:
    """Whatever happened to a post, if something of it is as it was."""
    assert ids([now], [line(1), *others]) == {1: "1"}


@pytest.mark.parametrize(
    ("now", "name"),
    [
        (claim(1), "1"),
        (claim(1, title=B, published=2_000), "1"),
        (claim(1, body=B, published=2_000), "1"),
        (claim(1, title=B, body=B), "1"),
        (claim(1, key="stem b"), "1"),
        (claim(1, title=B, body=B, published=2_000), "9"),
        (claim(1, title=B, body=B, timed=False), "9"),
        (claim(1, key="stem b", title=B, body=B), "9"),
    ],
)
def test_what_is_gone_comes_back(now: Claim, name: str) -> None:
    """An entry that was gone has its id again where its post is there again; another post has none of it."""
    assert ids([now], [line(1, gone=True)]) == {1: name}


def test_an_id_is_never_given_twice() -> None:
    """A name that was an entry's once gives a new one another id, and the next one yet another."""
    other = claim(1, title=B, body=B, published=2_000, derived=f"{ID}1")
    first = further(1, "1.md")
    assert ids([other], [line(1, gone=True)]) == {1: first}
    second = uuid5(UUID(first), "1.md").urn
    assert ids([other], [line(1, gone=True), replace(line(2, title=C, body=C, gone=True), id=first)]) == {1: second}
    assert ids([claim(1), claim(2, key="stem b")], []) == {1: "9", 2: further(9, "2.md")}
    assert ids([claim(1, given="urn:x:1"), claim(2, "stem b", given="urn:x:1")], []) == {1: "urn:x:1", 2: "9"}


def test_a_name_that_another_post_has_now() -> None:
    """A post that was renamed is the entry, and not the one that was written in its place, even under its title."""
    moved, new = claim(1, key="stem b"), claim(2, body=B, published=2_000)
    assert ids([moved, new], [line(1)]) == {1: "1", 2: "9"}


def test_a_copy_is_another_entry() -> None:
    """Of a post and its copy under another name the post is the entry, edited since or not."""
    for edited in (claim(1), claim(1, body=B), claim(1, title=B)):
        assert ids([edited, claim(2, key="stem b")], [line(1)]) == {1: "1", 2: "9"}


def test_posts_that_change_names() -> None:
    """Two posts that take each other's name are known by what they say."""
    claims = [claim(1, key="stem b"), claim(2, key="stem a", title=B, body=B, published=2_000)]
    assert ids(claims, [line(1), line(2, "stem b", B, B, 2_000)]) == {1: "1", 2: "2"}


def test_posts_that_say_the_same_are_not_guessed_at() -> None:
    """What is as much one entry as another is neither, unless only one of them stood until now."""
    lines = [line(1, "stem a", published=2_000), line(2, "stem b", published=3_000)]
    assert ids([claim(1, key="stem c")], lines) == {1: "9"}
    assert ids([claim(1, key="stem c")], [lines[0], replace(lines[1], gone=True)]) == {1: "1"}
    two = [claim(1, key="stem c"), claim(2, key="stem d", published=4_000)]
    assert ids(two, lines[:1]) == {1: "9", 2: further(9, "2.md")}


def test_posts_that_are_equal_in_all_are_paired_in_order() -> None:
    """Copies that are all renamed are the entries that they were, one by one: nobody could tell them apart."""
    claims = [claim(1, key="stem c"), claim(2, key="stem d")]
    assert ids(claims, [line(1), line(2, "stem b")]) == {1: "1", 2: "2"}
    assert ids(claims, [line(1)]) == {1: "1", 2: "9"}


def test_posts_of_one_name_that_say_nothing() -> None:
    """Posts without title and body, of one name and day, have their ids in order, in this build as in the next."""
    claims = [claim(n, title=NOTHING, body=NOTHING, timed=False, derived=f"{ID}{10 - n}") for n in (1, 2)]
    found = ids(claims, [])
    assert found == {1: "8", 2: "9"}
    lines = [line(8, title=NOTHING, body=NOTHING), line(9, title=NOTHING, body=NOTHING)]
    assert ids(claims, lines) == found
    moved = [replace(one, key="stem b", derived=f"{ID}{one.n}") for one in claims]
    assert ids(moved, lines) == {1: "1", 2: "2"}


def test_a_post_that_says_little_is_known_by_what_it_says() -> None:
    """A post without a title, or without a body, is found again under another name by the other and its instant."""
    for title, body in ((NOTHING, A), (A, NOTHING)):
        assert ids([claim(1, "stem b", title, body)], [line(1, "stem a", title, body)]) == {1: "1"}
        assert ids([claim(1, "stem a", title, body, 2_000)], [line(1, "stem a", title, body)]) == {1: "1"}
    assert ids([claim(1, key="stem b", published=2_000, body=NOTHING)], [line(1, body=NOTHING)]) == {1: "9"}


def test_several_posts_of_one_origin() -> None:
    """Where several posts have or had one name, a post of it that says something else is another one."""
    lines = [line(1, "origin o"), line(2, "origin o", B, B, 2_000)]
    new = claim(3, "origin o", C, C, 3_000)
    assert ids([claim(1, "origin o"), new], lines) == {1: "1", 3: "9"}
    assert ids([new], lines) == {3: "9"}


def test_an_id_of_its_own() -> None:
    """An id in front matter wins, unless it is another post's: then that is said, and the post keeps the one it has."""
    mine, yours = claim(1, explicit=f"{ID}5"), claim(2, "stem b", B, B, 2_000, explicit=f"{ID}5")
    for claims, lines, expected, named in (
        ([mine], [line(1)], {1: "5"}, []),
        ([mine, yours], [line(1)], {1: "5", 2: "9"}, ["stem b"]),
        ([mine, yours], [line(1), line(2, "stem b", B, B, 2_000)], {1: "5", 2: "2"}, ["stem b"]),
        ([mine, yours], [line(1), line(5, "stem b", B, B, 2_000)], {1: "1", 2: "5"}, ["stem a"]),
        ([mine], [line(5, "stem c", C, C, 3_000)], {1: "5"}, []),
        ([mine], [line(1), line(5, "stem c", C, C, 3_000, gone=True)], {1: "1"}, ["stem a"]),
    ):
        assert ids(claims, lines) == expected
        found = settle(claims, lines, {one.id for one in lines})
        assert [key for key, _ in found.problems] == named
        assert all(f"{ID}5" in problem.message for _, problem in found.problems)


def test_the_line_that_an_entry_had() -> None:
    """With its id goes what the ledger said of the entry until now; a new one has none, and one renamed its old one."""
    for now, lines, expected in (
        (claim(1, body=B), [line(1)], line(1)),
        (claim(1), [], None),
        (claim(1, explicit=f"{ID}5"), [line(1)], line(1)),
    ):
        assert [one.line for one in settle([now], lines, {one.id for one in lines}).settled] == [expected]


CLAIMS = st.builds(
    claim,
    st.just(0),
    st.sampled_from(["stem a", "stem b", "stem c"]),
    st.sampled_from([NOTHING, A, B]),
    st.sampled_from([NOTHING, A, B]),
    st.sampled_from([1_000, 2_000]),
    explicit=st.sampled_from(["", "", f"{ID}1", f"{ID}5"]),
    timed=st.booleans(),
)
LINES = st.builds(
    line,
    st.integers(0, 9),
    st.sampled_from(["stem a", "stem b", "stem c"]),
    st.sampled_from([NOTHING, A, B]),
    st.sampled_from([NOTHING, A, B]),
    st.sampled_from([1_000, 2_000]),
    gone=st.booleans(),
)


def _after(found: Settlement, lines: list[Line]) -> list[Line]:
    now = [
        Line(one.id, one.claim.key, one.claim.title, one.claim.body, one.claim.published, 0) for one in found.settled
    ]
    shown = {one.id for one in now}
    return [*now, *(replace(one, gone=True) for one in lines if one.id not in shown)]


@given(st.lists(CLAIMS, max_size=6), st.lists(LINES, max_size=6, unique_by=lambda line: line.id), st.randoms())
def test_ids_are_distinct_and_settle_at_once(claims: list[Claim], lines: list[Line], chance: object) -> None:
    """Every post has an id that no other one has, in whatever order all come; with the ledger after it, the same."""
    claims = [replace(one, n=n, age=(one.published, str(n), ""), place=str(n)) for n, one in enumerate(claims)]
    found = settle(claims, lines, {one.id for one in lines})
    chosen = {one.claim.n: one.id for one in found.settled}
    assert len(set(chosen.values())) == len(claims)
    shuffled, others = list(claims), list(lines)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    chance.shuffle(others)  # type: ignore[attr-defined]  # a random.Random
    assert settle(shuffled, others, {one.id for one in lines}) == found
    after = _after(found, lines)
    again = settle(claims, after, {one.id for one in after})
    assert {one.claim.n: one.id for one in again.settled} == chosen
    assert _after(again, after) == after or {*_after(again, after)} == {*after}
