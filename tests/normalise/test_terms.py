"""Categories, tags and authors as posts write them (SPEC §4)."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.config.slices import Taxonomy
from feeder.model.characters import fold
from feeder.model.problem import Level
from feeder.model.table import Field, Table, Value
from feeder.model.term import Person, RawTerm
from feeder.normalise.slug import key as term_key
from feeder.normalise.terms import MAX_LABEL, author_terms, label, merged, persons, raw_terms

CATEGORIES = Taxonomy("categories", ("category", "categories"))
TAGS = Taxonomy("tags", ("tag", "tags"))
AUTHORS = Taxonomy("authors", ("author", "authors"))

JANE = Person("Jane Doe", "jane@example.org", "https://example.org/jane")


def plain(text: str) -> str:
    """Reduce `text` to text as the title's rule does: tags removed, entities unescaped once."""
    return html.unescape(re.sub(r"</?(?:b|i|em|script)\b[^>]*>", "", text))


def table(**fields: Value) -> Table:
    """Return front matter of `fields`."""
    return Table(tuple(Field(key, value, line) for line, (key, value) in enumerate(fields.items(), 2)))


def named(name: str) -> Table:
    """Return a mapping that has only a name."""
    return Table((Field("name", name),))


def labels(*taxonomies: Taxonomy, **fields: Value) -> list[str]:
    """Return the labels of front matter that nothing is wrong with."""
    terms, remarks = raw_terms(table(**fields), taxonomies, plain)
    assert remarks == ()
    return [term.label for term in terms]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("news", ["news"]),
        ("news politics", ["news", "politics"]),
        ("  news\t politics\n", ["news", "politics"]),
        ("press freedom, news", ["press freedom", "news"]),
        ("press freedom,", ["press freedom"]),
        (", ,news,,", ["news"]),
        (",", []),
        ("", []),
        ("2049 1e3 yes 2020-01-01", ["2049", "1e3", "yes", "2020-01-01"]),
        ("中央社　自由時報", ["中央社", "自由時報"]),
    ],
)
def test_text_under_a_plural_is_a_list(text: str, expected: list[str]) -> None:
    """Text under `categories` and `tags` splits at commas, or where there is none at white space."""
    assert labels(TAGS, tags=text) == expected
    assert labels(CATEGORIES, categories=text) == expected


@pytest.mark.parametrize("text", ["press freedom", "news, politics", "a b c"])
def test_text_under_a_singular_is_one_term(text: str) -> None:
    """Text under `category` and `tag` is one term, whatever stands in it."""
    assert labels(TAGS, tag=text) == [text]
    assert labels(CATEGORIES, category=text) == [text]


def test_list_items_are_never_split() -> None:
    """Every item of a list is one term, under the singular as under the plural."""
    assert labels(TAGS, tags=("press freedom", "a, b")) == ["press freedom", "a, b"]
    assert labels(TAGS, tag=("press freedom", "a, b")) == ["press freedom", "a, b"]


def test_lists_within_lists_are_flattened_in_order() -> None:
    """Items of nested lists are terms in the order of writing; null and empty items are none."""
    assert labels(TAGS, tags=("a", ("b", ("c", None), "  "), "", "d")) == ["a", "b", "c", "d"]


def test_null_and_absent_keys() -> None:
    """A key that is null, empty or absent gives no term."""
    assert labels(TAGS, CATEGORIES, tags=None, tag="", categories=()) == []


def test_mappings_give_their_name() -> None:
    """A mapping is the term that its `name` says."""
    assert labels(TAGS, tags=(named("press freedom"), "news")) == ["press freedom", "news"]
    assert labels(TAGS, tags=named("press freedom")) == ["press freedom"]


def test_mappings_without_a_name() -> None:
    """Mappings without a name are ignored, with one warning that counts them."""
    terms, remarks = raw_terms(table(tags=(Table(), "news", Table((Field("slug", "x"),)))), [TAGS], plain)
    assert terms == (RawTerm("tags", "news"),)
    assert [(remark.level, remark.code, remark.key) for remark in remarks] == [(Level.WARNING, "bad-term", "tags")]
    assert "2 mapping(s)" in remarks[0].message


def test_order_of_terms() -> None:
    """Terms stand by taxonomy as configured, then by key of the taxonomy, then as written."""
    terms, _ = raw_terms(table(tags="z a", categories="c", category="b d"), [CATEGORIES, TAGS], plain)
    assert terms == (
        RawTerm("categories", "b d"),
        RawTerm("categories", "c"),
        RawTerm("tags", "z"),
        RawTerm("tags", "a"),
    )


def test_duplicates_keep_the_first_spelling() -> None:
    """Labels that are one term stand once in a post, as first written; another taxonomy has its own."""
    assert labels(TAGS, tags=("News", "NEWS", "ｎｅｗｓ", "news", "Café", "CAFE\u0301")) == ["News", "Café"]
    assert labels(TAGS, CATEGORIES, tags="news", categories="News") == ["news", "News"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("A &#38; B", "A & B"),
        ("A &amp;amp; B", "A &amp; B"),
        ("  press \n\t freedom ", "press freedom"),
        ("<b>press</b> freedom", "press freedom"),
        ("e\u0301cole", "école"),
        ("\x08bell\x00", "bell"),
        ("&#8;raw", "raw"),
        ("half\ud800", "half"),
        ("<青年论坛>", "<青年论坛>"),
        ("Vec<T>", "Vec<T>"),
        ("(臺)中央社CNA", "(臺)中央社CNA"),
        ("a\u2028b", "a b"),
        ("👩\u200d🚀", "👩\u200d🚀"),
    ],
)
def test_labels(written: str, expected: str) -> None:
    """A label is text in NFC on one line, entities unescaped once, without what XML forbids."""
    assert label(written, plain) == expected
    assert labels(TAGS, tags=(written,)) == [expected]


def test_labels_of_nothing_are_dropped() -> None:
    """What is empty once it is cleaned is no term."""
    assert labels(TAGS, tags=("\x00", "&#8;", "&#32;")) == []


def test_labels_of_tags_alone() -> None:
    """A term that is nothing but markup, as those who write about HTML have, keeps the words in it: it is not lost."""
    assert labels(TAGS, tags=("<b>", "<i></i>")) == ["b", "i /i"]


def test_long_labels_are_cut() -> None:
    """A label over 500 characters is cut there, before a letter and its marks, with a warning."""
    terms, remarks = raw_terms(table(tag="a" * 499 + "e\u0323" + "b" * 100), [TAGS], plain)
    assert terms == (RawTerm("tags", "a" * 499),)
    assert [(remark.code, remark.key) for remark in remarks] == [("long-label", "tag")]
    assert labels(TAGS, tag="b" * 500) == ["b" * 500]
    assert label("a" * 10_000, plain) == "a" * 500


def test_a_label_of_marks_alone() -> None:
    """A label of nothing but marks is cut all the same."""
    assert len(label("\u0323" * 100_000, plain)) == MAX_LABEL


def test_two_hundred_terms() -> None:
    """A post has at most 200 terms in all; how many more were left out is said, texts written twice not counted."""
    many = tuple(f"t{number}" for number in range(150))
    terms, remarks = raw_terms(table(categories=many, tags=(*many, *many)), [CATEGORIES, TAGS], plain)
    assert len(terms) == 200
    assert terms[-1] == RawTerm("tags", "t49")
    assert [(remark.level, remark.code, remark.key) for remark in remarks] == [
        (Level.WARNING, "too-many-terms", "tags")
    ]
    assert "100" in remarks[0].message


def test_exactly_two_hundred_terms() -> None:
    """200 terms are not too many."""
    assert len(labels(TAGS, tags=tuple(f"t{number}" for number in range(200)))) == 200


def test_only_so_many_texts_are_cleaned() -> None:
    """Thousands of spellings of one term are not all cleaned: cleaning is dear, and posts are hostile."""
    calls: list[str] = []

    def counted(text: str) -> str:
        calls.append(text)
        return "one"

    terms, remarks = raw_terms(table(tags=tuple(f"t{number}" for number in range(5_000))), [TAGS], counted)
    assert terms == (RawTerm("tags", "one"),)
    assert len(calls) == 1_000
    assert [remark.code for remark in remarks] == ["too-many-terms"]


def test_authors_are_left_to_persons() -> None:
    """The taxonomy `authors` is made of persons, not of raw text."""
    assert labels(AUTHORS, author="Jane Doe") == []


def test_other_taxonomies() -> None:
    """Text under another key is one term, but a list under the plural of a taxonomy that has its singular too."""
    series = Taxonomy("series", ("series",))
    topics = Taxonomy("topics", ("topic", "topics"))
    assert labels(series, series="The long way, home") == ["The long way, home"]
    assert labels(topics, topics="climate energy", topic="clean air") == ["clean air", "climate", "energy"]


def authors(people: tuple[tuple[str, Person], ...] = (), **fields: Value) -> list[Person]:
    """Return the persons of front matter that nothing is wrong with."""
    found, remarks = persons(table(**fields), people, plain)
    assert remarks == ()
    return list(found)


def mapping(**fields: str) -> Table:
    """Return a mapping of texts."""
    return Table(tuple(Field(key, value) for key, value in fields.items()))


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Jane Doe", Person("Jane Doe")),
        ("Doe, Jane and others", Person("Doe, Jane and others")),
        ("盧保貴視覺影像", Person("盧保貴視覺影像")),
        ("Jane Doe <jane@example.org>", Person("Jane Doe", "jane@example.org")),
        ('"Doe, Jane" <jane@example.org>', Person("Doe, Jane", "jane@example.org")),
        ("Jane Doe <mailto:jane@example.org>", Person("Jane Doe", "jane@example.org")),
        ("jane@example.org (Jane Doe)", Person("Jane Doe", "jane@example.org")),
        ("jane@example.org", Person("jane@example.org", "jane@example.org")),
        ("<jane@example.org>", Person("jane@example.org", "jane@example.org")),
        ("<b>Jane</b> &amp; Joe", Person("Jane & Joe")),
        ("青年 <论坛>", Person("青年 <论坛>")),
        ("  Jane \n Doe ", Person("Jane Doe")),
        ("@jane", Person("@jane")),
    ],
)
def test_author_as_text(text: str, person: Person) -> None:
    """Text is one person, never split: a name, or a mailbox in one of its usual shapes."""
    assert authors(author=text) == [person]
    assert authors(authors=(text,)) == [person]


def test_authors_as_a_list() -> None:
    """Every item of a list is one person; null and empty ones are none."""
    assert authors(authors=("Jane, Joe", None, "", ("Ann",))) == [Person("Jane, Joe"), Person("Ann")]


def test_author_as_a_mapping() -> None:
    """A mapping has a name, an e-mail address and a URI, which may be called `url`."""
    assert authors(author=mapping(name="Jane Doe", email="jane@example.org", uri="https://example.org/jane")) == [JANE]
    assert authors(author=mapping(name="Jane Doe", url="http://example.org")) == [
        Person("Jane Doe", uri="http://example.org")
    ]
    assert authors(author=mapping(email="mailto:jane@example.org")) == [Person("jane@example.org", "jane@example.org")]


def test_author_keys_of_the_site() -> None:
    """Text that is exactly a key of the site's authors is that person."""
    people = (("joe", Person("Joe")), ("jane", JANE))
    assert authors(people, authors=("jane", "Jane")) == [JANE, Person("Jane")]
    assert authors(people, author=" jane ") == [JANE]


def test_author_and_authors_are_joined() -> None:
    """Both keys count, `author` first, and the same person twice is one with what both say."""
    assert authors(author="Jane Doe", authors=("JANE DOE <jane@example.org>", "Joe")) == [
        Person("Jane Doe", "jane@example.org"),
        Person("Joe"),
    ]


def test_two_of_one_name() -> None:
    """Persons of one name with different e-mail addresses stay two, and are one term."""
    found = authors(authors=("Jane <a@example.org>", "Jane <b@example.org>", mapping(name="Jane", url="http://j.test")))
    assert found == [Person("Jane", "a@example.org", "http://j.test"), Person("Jane", "b@example.org")]
    assert author_terms(found) == (RawTerm("authors", "Jane"),)


@pytest.mark.parametrize(
    "mail",
    [
        *("jane", "jane@", "jane@localhost", "ja ne@example.org", "jane@exa mple.org", "jane@-example.org"),
        *("jane@example.org, joe@example.org", "a" * 65 + "@b.cd", "jane@" + "a." * 130 + "org", "jane@例子.tw"),
    ],
)
def test_bad_email(mail: str) -> None:
    """What is no e-mail address is dropped with a warning; the person stays."""
    found, remarks = persons(table(author=mapping(name="Jane", email=mail)), (), plain)
    assert found == (Person("Jane"),)
    assert [(remark.level, remark.code, remark.key) for remark in remarks] == [(Level.WARNING, "bad-email", "author")]


def test_bad_email_in_a_mailbox() -> None:
    """A mailbox whose address is none is still a name."""
    found, remarks = persons(table(author="Jane <jane@>"), (), plain)
    assert found == (Person("Jane"),)
    assert [remark.code for remark in remarks] == ["bad-email"]


@pytest.mark.parametrize(
    "uri",
    [
        *("javascript:alert(1)", "example.org", "/jane", "//example.org", "http://", "http:///x", "ftp://example.org"),
        *("https://exa mple.org", "https://example.org/<b>", "https://user@example.org", "data:text/html,x"),
    ],
)
def test_bad_uri(uri: str) -> None:
    """What is no http(s) address is dropped with a warning; the person stays."""
    found, remarks = persons(table(author=mapping(name="Jane", uri=uri)), (), plain)
    assert found == (Person("Jane"),)
    assert [(remark.level, remark.code, remark.key) for remark in remarks] == [(Level.WARNING, "bad-uri", "author")]


@pytest.mark.parametrize("value", [Table(), mapping(url="http://example.org"), mapping(name="&#8;"), "\x00"])
def test_nameless_author(value: Value) -> None:
    """An author of whom neither name nor e-mail address is left is ignored with a warning."""
    found, remarks = persons(table(authors=value), (), plain)
    assert found == ()
    assert [(remark.level, remark.code, remark.key) for remark in remarks] == [(Level.WARNING, "bad-author", "authors")]


def test_long_author() -> None:
    """A name over 500 characters is cut with a warning."""
    found, remarks = persons(table(author="a" * 501), (), plain)
    assert found == (Person("a" * 500),)
    assert [remark.code for remark in remarks] == ["long-label"]


def test_two_hundred_authors() -> None:
    """Of more than 200 authors the last are left out, and it is said how many."""
    found, remarks = persons(table(authors=tuple(f"a{number}" for number in range(205))), (), plain)
    assert len(found) == 200
    assert [(remark.code, remark.key) for remark in remarks] == [("too-many-authors", "authors")]
    assert "5" in remarks[0].message


def test_author_terms() -> None:
    """Authors' terms are their names, each once, as first written."""
    assert author_terms([JANE, Person("Joe"), Person("JANE DOE", "other@example.org")]) == (
        RawTerm("authors", "Jane Doe"),
        RawTerm("authors", "Joe"),
    )


VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4).map(tuple)
        | st.lists(st.tuples(st.sampled_from(["name", "email", "uri", "x"]), inner), max_size=3).map(
            lambda fields: Table(tuple(Field(key, value) for key, value in fields))
        )
    ),
    max_leaves=12,
)


@given(VALUES, VALUES)
def test_any_front_matter_gives_clean_terms(one: Value, other: Value) -> None:
    """Whatever stands in the front matter, labels and names are clean and not empty, and each term stands once."""
    written = table(tag=one, tags=other, author=one, authors=other)
    terms, _ = raw_terms(written, [TAGS], plain)
    found, _ = persons(written, (), plain)
    for text in [*(term.label for term in terms), *(person.name for person in found)]:
        assert text
        assert text == fold(text) == unicodedata.normalize("NFC", text)
    assert len({term_key(term.label) for term in terms}) == len(terms)


def test_hostile_names_are_terms(hostile: Callable[[str], list[str]]) -> None:
    """Every hostile name that is more than white space and controls is one term, and none is lost."""
    names = hostile("hostile_names")
    found = [term for name in names for term in raw_terms(table(tag=name), [TAGS], plain)[0]]
    blank = [name for name in names if not fold(name)]
    assert len(found) == len(names) - len(blank)


def test_merged_terms_stand_under_others() -> None:
    """A term that is merged takes the other's label; where the post has that already, it stays as it is written."""
    tags = Taxonomy("tags", ("tags",), merge=(("AI", "Artificial intelligence"), ("x <b>y</b>", "z")))
    others = Taxonomy("others", ("others",))

    def found(*terms: tuple[str, str]) -> list[tuple[str, str]]:
        raw = merged(tuple(RawTerm(*term) for term in terms), (tags, others), plain)
        return [(term.taxonomy, term.label) for term in raw]

    assert found(("tags", "ＡＩ"), ("others", "AI"), ("tags", "b")) == [
        ("tags", "Artificial intelligence"),
        ("others", "AI"),
        ("tags", "b"),
    ]
    assert found(("tags", "ai"), ("tags", "AI")) == [("tags", "Artificial intelligence")]
    assert found(("tags", "AI"), ("tags", "artificial intelligence")) == [("tags", "artificial intelligence")]
    assert found(("tags", "x y")) == [("tags", "z")]
    terms = (RawTerm("tags", "AI"), RawTerm("tags", "AI"))
    assert merged(terms, (others,), plain) is terms
