"""What a query asks for: terms as they compare, instants, languages by RFC 4647, names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feeder.config.slices import FeedRules, Query, Site, Taxonomy
from feeder.model.term import Person, RawTerm
from feeder.normalise.queries import Selector, Voice, asked, nearest, places, query_key, selectors

RULES = FeedRules(
    site=Site("https://example.org", "https://example.org", "A site", "", "en-GB", (Person("Ann"),)),
    url="https://example.org",
    formats=("atom",),
    limit=50,
    max_bytes=4_000_000,
    taxonomies=(Taxonomy("tags", ("tags",)), Taxonomy("queries", ())),
)
SEA, FOG, CPP = RawTerm("tags", "Sea"), RawTerm("tags", "fog"), RawTerm("tags", "C++")
ELSEWHERE = RawTerm("categories", "Sea")
NOBODY = Voice("", ())


def selector(**fields: object) -> Selector:
    """Return what a query asks for in a site of Ann's in British English."""
    (found,) = selectors(replace(RULES, queries=(Query("x", **fields),)))  # type: ignore[arg-type]  # fields by name
    return found


@pytest.mark.parametrize(
    ("fields", "terms", "expected"),
    [
        ({"any": (SEA, FOG)}, (FOG,), True),
        ({"any": (SEA, FOG)}, (ELSEWHERE, CPP), False),
        ({"any": (SEA, FOG)}, (), False),
        ({"all": (SEA, FOG)}, (FOG, SEA, CPP), True),
        ({"all": (SEA, FOG)}, (FOG, CPP), False),
        ({"none": (SEA,)}, (), True),
        ({"none": (SEA,)}, (ELSEWHERE,), True),
        ({"none": (SEA, FOG)}, (FOG,), False),
        ({"any": (SEA,), "all": (FOG,), "none": (CPP,)}, (SEA, FOG), True),
        ({"any": (SEA,), "all": (FOG,), "none": (CPP,)}, (SEA, FOG, CPP), False),
        ({"any": (SEA,), "all": (FOG,), "none": (CPP,)}, (FOG,), False),
        ({"since": 1}, (), True),
    ],
)
def test_terms(fields: dict[str, tuple[RawTerm, ...]], terms: tuple[RawTerm, ...], expected: bool) -> None:
    """An entry needs one of `any`, every one of `all` and none of `none`; a term is of its taxonomy."""
    assert selector(**fields).has_terms(places(terms)) is expected


def test_terms_are_merged_as_in_posts() -> None:
    """A query may name a term that is merged into another, and means that."""
    tags = Taxonomy("tags", ("tags",), merge=(("Ocean", "Sea"),))
    rules = replace(RULES, taxonomies=(tags,), queries=(Query("x", any=(RawTerm("tags", "OCEAN"),)),))
    assert selectors(rules)[0].has_terms(places([SEA]))
    assert asked([RawTerm("categories", "Ocean")], (tags,)) == {("categories", "ocean")}


def test_an_entrys_terms_are_read_once() -> None:
    """What stands in an entry as a term is no markup any more, and compares as it is."""
    assert places([RawTerm("tags", "R&amp;D <b>")]) == {("tags", "r&amp;d <b>")}
    assert asked([RawTerm("tags", "R&amp;D")], ()) == {("tags", "r&d")}


@pytest.mark.parametrize("written", ["sea", "SEA", " Sea ", "\uff33\uff25\uff21", "S\u200bea", "<b>sea</b>", "se&#97;"])
def test_terms_compare_as_labels_do(written: str) -> None:
    """A query's term may be written in every way in which a post may write it."""
    expected = written != "S\u200bea"  # what nobody sees, and posts' labels keep
    assert selector(any=(RawTerm("tags", written),)).has_terms(places([SEA])) is expected


def test_instants() -> None:
    """An entry is of a time from its first second on and before its end."""
    both = selector(since=10, until=20)
    assert [both.has_instant(when) for when in (9, 10, 19, 20)] == [False, True, True, False]
    assert [selector(since=10).has_instant(when) for when in (9, 10, 99)] == [False, True, True]
    assert [selector(until=20).has_instant(when) for when in (-9, 19, 20)] == [True, True, False]


@pytest.mark.parametrize(
    ("languages", "tag", "expected"),
    [
        # The examples of RFC 4647 §3.3.1.
        (("de-de",), "de-DE-1996", True),
        (("de-de",), "de-Deva", False),
        (("de-de",), "de-Latn-DE", False),
        (("EN",), "en", True),
        (("en",), "eng", False),
        (("de", "zh-Hant"), "zh-Hant-TW", True),
        (("*",), "zh", True),
        # What says nothing is in the site's language.
        (("en",), "", True),
        (("en-US",), "", False),
        (("en-GB",), "", True),
    ],
)
def test_languages(languages: tuple[str, ...], tag: str, expected: bool) -> None:
    """A language is in a range that it begins with, subtag by subtag, whatever the case."""
    one = selector(languages=languages)
    assert one.asks_for_voice
    assert one.has_voice(Voice(tag, ())) is expected


def test_no_language_at_all() -> None:
    """Where neither the post nor the site says its language, it is in no range."""
    site = replace(RULES, site=replace(RULES.site, language=""), queries=(Query("x", languages=("*",)),))
    assert not selectors(site)[0].has_voice(NOBODY)


def test_authors() -> None:
    """One of the names must be an author's, compared as terms are; who says none has the site's."""
    one = selector(authors=("BERT", "\uff21nn"))
    assert one.has_voice(Voice("", ("Zoe", "Bert")))
    assert one.has_voice(NOBODY)
    assert not one.has_voice(Voice("", ("Zoe",)))
    assert not selector(authors=("Bert",)).has_voice(NOBODY)
    assert not selector(authors=("Bert",), languages=("de",)).has_voice(Voice("en", ("Bert",)))
    assert not selector(any=(SEA,)).asks_for_voice


def test_names() -> None:
    """A query's feed is known by its name and shown by its title; one that asks for nothing is no feed."""
    found = selectors(
        replace(RULES, queries=(Query("Open Data", "R&amp;D", since=1), Query("empty"), Query("<>", since=1)))
    )
    assert [(one.key, one.label) for one in found] == [("open data", "R&D"), ("<>", "<>")]
    assert query_key(Query("Open Data", "x")) == "open data"


def test_the_nearest_term() -> None:
    """What is no term is taken for the same in another taxonomy, or for what is written alike in its own."""
    known = {("tags", "open data"), ("tags", "events"), ("categories", "policy")}
    assert nearest(RawTerm("tags", "Policy"), known) == ("categories", "policy")
    assert nearest(RawTerm("tags", "open-data"), known) == ("tags", "open data")
    assert nearest(RawTerm("categories", "polity"), known) == ("categories", "policy")
    assert nearest(RawTerm("categories", "evnts"), known) is None
    assert nearest(RawTerm("tags", "zzz"), known) is None
