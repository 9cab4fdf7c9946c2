"""What feeds are called and where they stand, and which of their entries a document has room for (SPEC §6).

Which feeds there are, in which order, and which entries they hold is planned over the cache: tests/test_survey.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.config.scheme import Compat, scheme_of
from feeder.config.slices import FeedRules, Site, Taxonomy
from feeder.model.entry import Entry
from feeder.model.feed import Feed, FeedPlan
from feeder.model.term import Person, Term
from feeder.plan.plan import shown, site_feed, term_feed
from tests.strategies import INSTANT, SITE, entry, lines, term

RULES = FeedRules(
    site=Site(SITE, SITE, "A site", "What it is about", "en", (Person("Anna", "a@example.org"),)),
    url=SITE,
    formats=("atom", "rss"),
    limit=50,
    max_bytes=4_000_000,
    taxonomies=(Taxonomy("categories", ("category", "categories")), Taxonomy("tags", ("tag", "tags"))),
)
A, B = term("tags", "a", "A"), term("tags", "b", "B")


def dated(number: int, days: int = 0) -> Entry:
    """Return the entry `number`, published `days` after INSTANT."""
    return entry(number, published=INSTANT + timedelta(days=days))


def feeds(*terms: Term, rules: FeedRules = RULES) -> list[Feed]:
    """Return the site's feed and those of `terms`."""
    return [site_feed(rules), *(term_feed(one, rules) for one in terms)]


def test_feeds_have_an_address_for_every_format() -> None:
    """Every feed has one document for each format, in the order of formats."""
    for one in feeds(A, rules=replace(RULES, formats=("rss", "atom"))):
        assert [address.format for address in one.addresses] == ["rss", "atom"]


def test_the_feed_of_the_site_says_what_the_site_is() -> None:
    """The site's feed has its title, description, language, authors and page."""
    one = site_feed(RULES)
    assert (one.title, one.description, one.language) == ("A site", "What it is about", "en")
    assert (one.authors, one.alternate) == ((Person("Anna", "a@example.org"),), f"{SITE}/")
    assert (one.taxonomy, one.key, one.label, one.slug) == ("", "", "", "")


def test_a_site_that_says_little_has_whole_feeds() -> None:
    """Without description or author the site's title stands for both; nothing is guessed for the language."""
    bare = replace(RULES, site=replace(RULES.site, description="", authors=(), language=""))
    for one in feeds(A, rules=bare):
        assert "A site" in one.description
        assert (one.authors, one.language) == ((Person("A site"),), "")


def test_the_feed_of_a_term_says_which_term_it_is() -> None:
    """A term's feed is called `SITE: LABEL` and has a description of its own."""
    site, first, second = feeds(A, B)
    assert (first.title, first.key, first.label) == ("A site: A", "a", "A")
    assert (first.taxonomy, first.slug) == ("tags", "a")
    assert "A" in first.description
    assert len({site.description, first.description, second.description}) == 3


def test_ids_of_feeds_are_derived_from_taxonomy_and_key() -> None:
    """A feed's id is a UUIDv5 under that of the site's id: absolute, and another for every feed."""
    ids = [one.id for one in feeds(term("categories", "a"), A, B)]
    namespace = uuid5(NAMESPACE_URL, SITE)
    assert ids == [uuid5(namespace, name).urn for name in ("/", "categories/a", "tags/a", "tags/b")]


def test_ids_of_feeds_do_not_depend_on_slugs_or_addresses() -> None:
    """Another slug, spelling, address, title or limit leaves a feed's id as it is; another site id does not."""
    moved = replace(
        RULES, url="https://feeds.example", limit=1, site=replace(RULES.site, url="https://e.example", title="T")
    )
    ids = [one.id for one in feeds(A)]
    assert [one.id for one in feeds(replace(A, slug="a-12345678", label="a"), rules=moved)] == ids
    strange = feeds(A, rules=replace(RULES, site=replace(RULES.site, id="https://other.example")))
    assert not set(ids) & {one.id for one in strange}


@given(st.lists(st.tuples(st.sampled_from(("categories", "tags")), lines(2)), max_size=8, unique=True))
def test_ids_and_addresses_are_distinct(labels: list[tuple[str, str]]) -> None:
    """No two feeds share an id, a path or an address, and every address is percent-encoded ASCII."""
    found = feeds(*(Term(name, label, label, f"s-{number}-臺", "") for number, (name, label) in enumerate(labels)))
    addresses = [address for one in found for address in one.addresses]
    assert len({one.id for one in found}) == len(labels) + 1
    assert len({address.path for address in addresses}) == len({address.url for address in addresses})
    assert len(addresses) == 2 * len(labels) + 2
    assert all(address.url.isascii() for address in addresses)


def test_feeds_stand_at_addresses_by_taxonomy_and_slug() -> None:
    """Paths are the slug as it is; addresses are percent-encoded below `feeds.url`, one for every format."""
    rules = replace(RULES, url="https://feeds.example/out", formats=("rss", "json"))
    chinese = term("categories", "臺-中央社cna", "(臺)中央社CNA")
    site, one = feeds(chinese, rules=rules)
    assert [(address.format, address.path, address.url) for address in (*site.addresses, *one.addresses)] == [
        ("rss", "rss.xml", "https://feeds.example/out/rss.xml"),
        ("json", "feed.json", "https://feeds.example/out/feed.json"),
        (
            "rss",
            "categories/臺-中央社cna/rss.xml",
            "https://feeds.example/out/categories/%E8%87%BA-%E4%B8%AD%E5%A4%AE%E7%A4%BEcna/rss.xml",
        ),
        (
            "json",
            "categories/臺-中央社cna/feed.json",
            "https://feeds.example/out/categories/%E8%87%BA-%E4%B8%AD%E5%A4%AE%E7%A4%BEcna/feed.json",
        ),
    ]


@pytest.mark.parametrize(
    ("pattern", "page"),
    [
        ("", "https://example.org/"),
        ("/tag/:slug/", "https://example.org/tag/c-%E8%87%BA/"),
        ("tag/:slug.html", "https://example.org/tag/c-%E8%87%BA.html"),
        ("/tags/#:slug", "https://example.org/tags/#c-%E8%87%BA"),
        ("/分類/:slug", "https://example.org/%E5%88%86%E9%A1%9E/c-%E8%87%BA"),
        ("/%E5%88%86/:slug", "https://example.org/%E5%88%86/c-%E8%87%BA"),
        ("https://other.example/?tag=:label", "https://other.example/?tag=C%2F%3Aslug%3F%26%20%E8%87%BA"),
        ("/go?to=http://x.example/:slug", "https://example.org/go?to=http://x.example/c-%E8%87%BA"),
        ("/100%/[:slug]", "https://example.org/100%25/%5Bc-%E8%87%BA%5D"),
        ("javascript://:slug", "https://example.org/javascript://c-%E8%87%BA"),
    ],
)
def test_the_page_of_a_term_follows_the_pattern(pattern: str, page: str) -> None:
    """The alternate link is the pattern with slug or label encoded, in the site or at an address of its own."""
    rules = replace(RULES, taxonomies=(Taxonomy("tags", ("tags",), pattern),))
    assert term_feed(term("tags", "c/:slug?& 臺", "C/:slug?& 臺", "c-臺"), rules).alternate == page


SIZES = {dated(number).id: number * 10 for number in (1, 2, 3)}
NEWEST_THREE = FeedPlan(site_feed(RULES), (dated(1, 2), dated(2, 1), dated(3)), "")


@pytest.mark.parametrize(
    ("room", "count"), [(60, 3), (59, 2), (30, 2), (29, 1), (10, 1), (9, 1), (0, 1), (-1, 1), (10**9, 3)]
)
def test_a_window_is_the_prefix_that_fits(room: int, count: int) -> None:
    """As many of the newest entries are shown as fit, and never none."""
    assert shown(NEWEST_THREE, SIZES, room) == NEWEST_THREE.entries[:count]


def test_a_window_has_no_gaps() -> None:
    """Behind the first entry that does not fit nothing is shown, though a smaller one would fit."""
    sizes = {dated(1).id: 10, dated(2).id: 1_000, dated(3).id: 1}
    assert shown(NEWEST_THREE, sizes, 100) == NEWEST_THREE.entries[:1]


def test_entries_that_could_not_be_rendered_are_passed_over() -> None:
    """An entry without a size is not shown and takes no room; where none has a size nothing is shown."""
    assert shown(NEWEST_THREE, {dated(2).id: 50, dated(3).id: 50}, 100) == NEWEST_THREE.entries[1:]
    assert shown(NEWEST_THREE, {}, 100) == ()


def in_the_place_of(compat: Compat, *formats: str) -> FeedRules:
    """Return the rules of a site that takes the place of another program."""
    scheme = scheme_of(compat, ("categories", "tags"))
    return replace(RULES, scheme=scheme, known_as=SITE, formats=formats)


def test_feeds_at_the_addresses_of_another_program() -> None:
    """What the program had stands where it was; formats and taxonomies that it had not stand where feeder has them."""
    rules = in_the_place_of(Compat.JEKYLL, "atom", "rss", "json")
    found = feeds(term("categories", "R&D é", "R&D é"), A, rules=rules)
    assert [[address.path for address in one.addresses] for one in found] == [
        ["feed.xml", "rss.xml", "feed.json"],
        ["feed/R&D é.xml", "categories/R&D é/rss.xml", "categories/R&D é/feed.json"],
        ["feed/by_tag/a.xml", "tags/a/rss.xml", "tags/a/feed.json"],
    ]
    assert found[1].addresses[0].url == f"{SITE}/feed/R&D%20%C3%A9.xml"
    rules = in_the_place_of(Compat.HUGO, "atom", "rss")
    assert [[address.path for address in one.addresses] for one in feeds(A, rules=rules)] == [
        ["atom.xml", "index.xml"],
        ["tags/a/atom.xml", "tags/a/index.xml"],
    ]


def test_feeds_with_the_ids_of_another_program() -> None:
    """jekyll-feed calls a feed as its address, whatever format is written; Pelican the site's, and Hugo none."""
    for formats in (("atom", "rss"), ("rss",)):
        found = feeds(A, rules=in_the_place_of(Compat.JEKYLL, *formats))
        assert [one.id for one in found] == [f"{SITE}/feed.xml", f"{SITE}/feed/by_tag/a.xml"]
    own = [one.id for one in feeds(A)]
    assert [one.id for one in feeds(A, rules=in_the_place_of(Compat.PELICAN, "atom"))] == [f"{SITE}/", own[1]]
    assert [one.id for one in feeds(A, rules=in_the_place_of(Compat.HUGO, "atom"))] == own
    rules = replace(in_the_place_of(Compat.JEKYLL, "atom"), taxonomies=(*RULES.taxonomies, Taxonomy("years", ("y",))))
    year = term("years", "2020", "2020")
    assert term_feed(year, rules).id == term_feed(year, replace(rules, scheme=RULES.scheme)).id
