"""The terms of the whole site: which labels are one, how it is spelled, what its slug is (SPEC §4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeder.config.scheme import Compat, scheme_of
from feeder.config.slices import Taxonomy
from feeder.model.characters import fold
from feeder.model.term import GivenSlug, RawTerm, Spelling, Term
from feeder.normalise.identity import Identified
from feeder.normalise.slug import key, suffixed
from feeder.normalise.vocabulary import Vocabulary, entries, scheme, vocabulary
from tests.strategies import INSTANT, SITE, head

TAXONOMIES = (
    Taxonomy("categories", ("category", "categories")),
    Taxonomy("tags", ("tag", "tags")),
    Taxonomy("authors", ("author", "authors")),
)


def posts(*labels: Sequence[str], taxonomy: str = "tags") -> list[Identified]:
    """Return a post for every list of labels, oldest first, each with these terms."""
    return [
        Identified(f"urn:x:{day}", INSTANT + timedelta(days=day), head(), tuple(RawTerm(taxonomy, one) for one in each))
        for day, each in enumerate(labels)
    ]


def spellings(found: Sequence[Identified]) -> list[Spelling]:
    """Return how the terms of `found` (oldest first) were written, counted here and not by the cache.

    They come in the order of their texts, which says nothing of when they were used.
    """
    counts = Counter(term for post in found for term in post.terms)
    first: dict[RawTerm, tuple[int, str, str, int]] = {}
    for age, post in enumerate(found):
        for position, term in enumerate(post.terms):
            first.setdefault(term, (age, "", "", position))
    ways = [Spelling(term.taxonomy, key(term.label), term.label, counts[term], place) for term, place in first.items()]
    return sorted(ways, key=lambda way: (way.label, way.taxonomy))


def terms(found: Sequence[Identified], *given_slugs: GivenSlug) -> tuple[Term, ...]:
    """Return the terms of `found` in the site SITE."""
    return vocabulary(spellings(found), TAXONOMIES, SITE, given_slugs).terms


def slugs(found: Sequence[Identified], *given_slugs: GivenSlug) -> dict[str, str]:
    """Return the slugs of `found` by the labels shown."""
    return {term.label: term.slug for term in terms(found, *given_slugs)}


def test_a_term_has_key_label_slug_and_scheme() -> None:
    """A term is what the posts wrote, with its taxonomy's address as scheme; terms come as they first appeared."""
    found = terms([*posts(["C++"]), *posts(["(臺)中央社CNA"], taxonomy="categories")])
    assert found == (
        Term("tags", "c++", "C++", "c-plus-plus", f"{SITE}/tags/"),
        Term("categories", "(臺)中央社cna", "(臺)中央社CNA", "臺-中央社cna", f"{SITE}/categories/"),
    )


def test_a_scheme_is_an_absolute_address() -> None:
    """A scheme is the address at which dist is served and the taxonomy's folder, percent-encoded."""
    assert scheme("https://feeds.example/a b", "tags") == "https://feeds.example/a%20b/tags/"


@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        ((["Rust"], ["RUST"], ["RUST"]), "RUST"),
        ((["Rust"], ["RUST"]), "Rust"),
        ((["RUST"], ["Rust"]), "RUST"),
        ((["rust"], ["Rust"], ["RUST"], ["RUST"], ["Rust"]), "Rust"),
        ((["ﬁ"], ["FI"], ["fi"], ["FI"]), "FI"),
        ((["Straße"], ["STRASSE"]), "Straße"),
    ],
)
def test_equal_labels_are_one_term_in_the_commonest_spelling(labels: tuple[list[str], ...], shown: str) -> None:
    """Labels equal after NFKC and casefold are one term, shown as most posts write it; ties: as the oldest does."""
    assert [term.label for term in terms(posts(*labels))] == [shown]


def test_a_spelling_counts_in_its_own_taxonomy() -> None:
    """How a category is spelled says nothing about a tag of the same name; both may have the same slug."""
    found = terms([*posts(["Rust"]), *posts(["RUST"], ["RUST"], taxonomy="categories")])
    assert [(term.taxonomy, term.label, term.slug) for term in found] == [
        ("tags", "Rust", "rust"),
        ("categories", "RUST", "rust"),
    ]


def test_the_older_term_keeps_the_plain_slug() -> None:
    """Of two terms that ask for one slug, the one whose oldest post is older has it, the other's carries its hash."""
    assert slugs(posts(["a b"], ["a-b"], ["A-B"])) == {"a b": "a-b", "a-b": suffixed("a-b", "a-b")}
    assert slugs(posts(["a-b"], ["a b"])) == {"a-b": "a-b", "a b": suffixed("a-b", "a b")}
    assert slugs(posts(["a b", "a-b"])) == {"a b": "a-b", "a-b": suffixed("a-b", "a-b")}


@pytest.mark.parametrize("label", ["!!!", "con", "Index", "archive", "\u200b", "é" * 60, "🐈", "-"])
def test_no_term_is_without_a_slug(label: str) -> None:
    """A name that is empty, cut or reserved gets 8 hex digits of its term's hash."""
    ((_, slug),) = slugs(posts([label])).items()
    assert slug.endswith(suffixed("", key(label)))


def test_a_given_slug_is_kept() -> None:
    """A term keeps the slug that it was given once, though another term is older now, or the rules give another."""
    given_slug = GivenSlug("tags", "a b", "a-b")
    assert slugs(posts(["a-b"], ["A b"]), given_slug) == {"A b": "a-b", "a-b": suffixed("a-b", "a-b")}
    assert slugs(posts(["C++"]), GivenSlug("tags", "c++", "cpp")) == {"C++": "cpp"}


def test_a_given_slug_is_never_handed_on() -> None:
    """The slug of a term that has no posts any more is given to no other term of its taxonomy."""
    gone = GivenSlug("tags", "a b", "a-b")
    assert slugs(posts(["a-b"]), gone) == {"a-b": suffixed("a-b", "a-b")}
    assert slugs(posts(["a-b"], taxonomy="categories"), gone) == {"a-b": "a-b"}


def test_a_slug_with_a_hash_may_be_taken_too() -> None:
    """Where a given slug is the one that the hash would give, the term gets yet another."""
    taken = [GivenSlug("tags", "x", "a-b"), GivenSlug("tags", "y", suffixed("a-b", "a-b"))]
    ((_, slug),) = slugs(posts(["a-b"]), *taken).items()
    assert slug not in {one.slug for one in taken}
    assert slug.startswith("a-b-")


def test_a_slug_that_was_given_twice_is_the_firsts() -> None:
    """Where a damaged manifest gives two terms one slug, the first has it and the other gets a new one."""
    given_slugs = [GivenSlug("tags", "one", "same"), GivenSlug("tags", "two", "same")]
    assert slugs(posts(["Two"], ["One"]), *given_slugs) == {"Two": "two", "One": "same"}


def test_entries_have_the_terms_of_the_site() -> None:
    """An entry's terms are the site's, ordered by taxonomy as configured, then as written, each once."""
    raw = [RawTerm("tags", "b"), RawTerm("categories", "z"), RawTerm("tags", "A"), RawTerm("tags", "B")]
    raw += [RawTerm("authors", "Anna"), RawTerm("categories", "y")]
    (post, older) = posts([], ["A"])
    post = Identified(post.id, post.published, post.head, tuple(raw))
    words = vocabulary(spellings([older, post]), TAXONOMIES, SITE, ())
    (entry, other) = entries([post, older], words, TAXONOMIES)
    names = [f"{term.taxonomy}/{term.slug}" for term in entry.terms]
    assert names == ["categories/z", "categories/y", "tags/b", "tags/a", "authors/anna"]
    assert other.terms == (entry.terms[3],)


def test_entries_are_the_shown_copy_with_id_and_date_of_the_post() -> None:
    """An entry is its head but for id, date and terms, and its `updated` is never before its date."""
    one = head(title="T", link="https://e.org/1", via="https://e.org/2", language="ar", digest=b"d")
    post = Identified("urn:x:1", INSTANT - timedelta(days=9), one, ())
    late = Identified("urn:x:2", INSTANT + timedelta(days=9), one, ())
    entry, other = entries([post, late], Vocabulary(()), TAXONOMIES)
    assert (entry.id, entry.published, entry.updated) == ("urn:x:1", INSTANT - timedelta(days=9), INSTANT)
    assert (other.published, other.updated) == (late.published, late.published)
    assert (entry.title, entry.link, entry.via, entry.page) == (one.title, one.link, one.via, one.page)
    assert (entry.language, entry.authors, entry.source, entry.digest) == ("ar", (), one.source, b"d")


# -- properties


def _assert_distinct(found: Sequence[Identified], given_slugs: Sequence[GivenSlug]) -> None:
    words = terms(found, *given_slugs)
    assert {(term.taxonomy, term.key) for term in words} == {
        (raw.taxonomy, key(raw.label)) for post in found for raw in post.terms
    }
    addresses = [(term.taxonomy, term.slug) for term in words]
    assert len(set(addresses)) == len(addresses)
    assert all(slug for _, slug in addresses)
    given_to = {(one.taxonomy, one.key): one.slug for one in given_slugs}
    owners = {(one.taxonomy, one.slug): one.key for one in given_slugs}
    for term in words:
        assert given_to.get((term.taxonomy, term.key), term.slug) == term.slug
        assert owners.get((term.taxonomy, term.slug), term.key) == term.key
    again = terms(found, *(GivenSlug(term.taxonomy, term.key, term.slug) for term in words))
    assert again == words


_LABELS = st.one_of(
    st.text(st.sampled_from("aA bB-+#.臺"), min_size=1, max_size=4),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=10),
    st.sampled_from(["con", "index", "a" * 101, "a" * 102, suffixed("a-b", "a-b"), suffixed("con", "con")]),
).map(fold)


@given(
    st.lists(st.lists(_LABELS, max_size=5), max_size=6),
    st.lists(st.tuples(_LABELS.map(key), st.sampled_from(("a", "b", "a-b", "con-1", "x"))), max_size=3),
)
@example([["a-b"], ["a b"]], [("a b", "a-b")])
def test_slugs_are_distinct_and_kept(labels: list[list[str]], before: list[tuple[str, str]]) -> None:
    """Any labels have distinct slugs, given ones keep theirs, and a second build changes none."""
    unique = {slug: owner for owner, slug in dict(before).items()}
    _assert_distinct(posts(*labels), [GivenSlug("tags", owner, slug) for slug, owner in unique.items()])


def test_hostile_names_have_distinct_slugs(hostile: Callable[[str], list[Any]]) -> None:
    """Names that others collected to break programs are terms like all others, in any order."""
    labels = [[label] for name in hostile("hostile_names") if (label := fold(name))]
    _assert_distinct(posts(*labels), [])
    _assert_distinct(posts(*labels[::-1]), [])
    _assert_distinct(posts([one for (one,) in labels], taxonomy="categories"), [])


def moved(
    compat: Compat, found: Sequence[Identified], *given_slugs: GivenSlug, labels: tuple[str, ...] = ()
) -> Vocabulary:
    """Return the terms of `found` in a site that takes the place of another program."""
    names = [taxonomy.name for taxonomy in TAXONOMIES]
    return vocabulary(spellings(found), TAXONOMIES, SITE, given_slugs, scheme_of(compat, names, labels=labels))


def named(words: Vocabulary) -> dict[str, str]:
    """Return the slugs of `words` by the labels shown."""
    return {term.label: term.slug for term in words.terms}


def lost(words: Vocabulary) -> list[tuple[str, tuple[str, ...]]]:
    """Return the labels of terms that are not at every address that they had, with those addresses."""
    return [(one.term.label, (*one.spelled, *one.taken)) for one in words.unkept]


class TestAnotherProgramsPlace:
    """Terms whose feeds stand where another program had them."""

    def test_a_term_keeps_the_name_that_it_had(self) -> None:
        """What has an address keeps it, whatever feeder would call it; what has none has feeder's."""
        found = moved(Compat.JEKYLL, posts(["Foo_1", "feed", "open data", "C++"]))
        assert named(found) == {"Foo_1": "Foo_1", "feed": "feed", "open data": "open-data", "C++": "c-plus-plus"}
        assert lost(found) == []

    def test_the_commonest_spelling_that_had_an_address(self) -> None:
        """Of several spellings the one that is shown has the feed if it had one; the others' addresses are told."""
        found = moved(Compat.JEKYLL, posts(["foo"], ["Foo"], ["Foo"], ["FOO"], ["臺灣", "Straße"], ["STRASSE"]))
        assert named(found) == {"Foo": "Foo", "臺灣": "臺灣", "Straße": "STRASSE"}
        assert lost(found) == [("Foo", ("feed/by_tag/foo.xml", "feed/by_tag/FOO.xml"))]

    def test_categories_that_the_configuration_names(self) -> None:
        """Only a spelling that it names had a feed, even if no post is left that says it."""
        found = moved(Compat.JEKYLL, posts(["news"], ["news"], ["OLD"], taxonomy="categories"), labels=("News",))
        assert named(found) == {"news": "News", "OLD": "OLD"}
        assert lost(found) == []

    def test_two_terms_of_one_name(self) -> None:
        """The older has the name that both had, the other feeder's, and that is told."""
        found = moved(Compat.PELICAN, posts(["C"], ["C++"], taxonomy="categories"))
        assert named(found) == {"C": "c", "C++": "c-plus-plus"}
        assert lost(found) == [("C++", ("feeds/c.atom.xml",))]

    def test_two_taxonomies_in_one_folder(self) -> None:
        """An author and a category of one name are told apart, since Pelican has their feeds side by side."""
        found = moved(Compat.PELICAN, [*posts(["Ann"], taxonomy="authors"), *posts(["ann"], taxonomy="categories")])
        assert sorted(term.slug for term in found.terms) == sorted({"ann", suffixed("ann", "ann")})
        assert len(found.unkept) == 1

    def test_the_sites_own_name(self) -> None:
        """A category called as Pelican's feed of the site is told, and has a name of its own."""
        found = moved(Compat.PELICAN, posts(["All"], taxonomy="categories"))
        assert named(found) == {"All": suffixed("all", "all")}
        assert [(one.spelled, one.taken) for one in found.unkept] == [((), ("feeds/all.atom.xml",))]
        assert lost(found) == [("All", ("feeds/all.atom.xml",))]

    def test_names_once_given(self) -> None:
        """What the scheme gave once stays; what feeder's own or another's gave says nothing."""
        given_slugs = (GivenSlug("tags", "foo", "x"), GivenSlug("tags@hugo", "foo", "y"))
        assert named(moved(Compat.JEKYLL, posts(["Foo"]), *given_slugs)) == {"Foo": "Foo"}
        kept = GivenSlug("tags@jekyll", "foo", "FOO")
        assert named(moved(Compat.JEKYLL, posts(["Foo"]), kept)) == {"Foo": "FOO"}
        taken = GivenSlug("tags@jekyll", "gone", "foo")
        assert named(moved(Compat.JEKYLL, posts(["Foo"]), taken)) == {"Foo": suffixed("foo", "foo")}
