"""Which feeds there are, and which entries stand in them (SPEC §6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.config.slices import FeedRules, Site, Taxonomy
from feeder.model.entry import Entry
from feeder.model.feed import FeedPlan
from feeder.model.term import Person, Term
from feeder.plan.plan import due, due_entries, newest_first, plan, shown
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


def dated(number: int, days: int = 0, terms: tuple[Term, ...] = ()) -> Entry:
    """Return the entry `number`, published `days` after INSTANT."""
    return entry(number, published=INSTANT + timedelta(days=days), terms=terms)


def names(plans: list[FeedPlan]) -> list[str]:
    """Return the plans' feeds as `taxonomy/slug`."""
    return [f"{one.feed.taxonomy}/{one.feed.slug}" for one in plans]


def test_the_site_and_every_term_have_a_feed() -> None:
    """There is the site's feed and one for every term, in the order of taxonomies, terms by slug."""
    category = term("categories", "z", "Z")
    plans = plan([dated(1, terms=(B, A)), dated(2, terms=(category, A)), dated(3)], RULES)
    assert names(plans) == ["/", "categories/z", "tags/a", "tags/b"]
    assert [one.total for one in plans] == [3, 1, 2, 1]
    swapped = replace(RULES, taxonomies=RULES.taxonomies[::-1])
    assert names(plan([dated(1, terms=(category, A))], swapped)) == ["/", "tags/a", "categories/z"]


def test_entries_stand_newest_first_and_ties_by_id() -> None:
    """The order is by published, newest first, then by id, whatever the input's; `updated` has no part in it."""
    found = [dated(3), dated(1), replace(dated(2), updated=INSTANT + timedelta(days=9)), dated(4, 1), dated(5, -1)]
    for given_order in (found, found[::-1]):
        (one,) = plan(given_order, RULES)
        assert [int(each.id[-12:]) for each in one.entries] == [4, 1, 2, 3, 5]
        assert one.newest == INSTANT + timedelta(days=1)


def test_instants_far_apart_are_ordered() -> None:
    """Years before the epoch and far after it are in order too, to the second."""
    years = [datetime(year, 12, 31, 23, 59, second, tzinfo=UTC) for year in (1000, 1969, 9999) for second in (58, 59)]
    ordered = sorted((entry(number, published=year) for number, year in enumerate(years)), key=newest_first)
    assert [one.published for one in ordered] == sorted(years, reverse=True)


def test_a_feed_shows_no_more_than_the_limit() -> None:
    """Every feed holds at most `limit` entries, the newest, and says how many belong to it."""
    found = [dated(number, number, (A,) if number % 2 else (B,)) for number in range(1, 8)]
    plans = plan(found, replace(RULES, limit=2))
    assert [[int(each.id[-12:]) for each in one.entries] for one in plans] == [[7, 6], [7, 5], [6, 4]]
    assert [one.total for one in plans] == [7, 4, 3]
    assert [one.newest for one in plans] == [found[6].published, found[6].published, found[5].published]


def test_no_feed_is_empty() -> None:
    """Without entries there is no feed at all, and a term without entries has none."""
    assert plan([], RULES) == []
    assert names(plan([dated(1)], RULES)) == ["/"]


def test_the_feed_of_the_site_says_what_the_site_is() -> None:
    """The site's feed has its title, description, language, authors and page."""
    (one,) = plan([dated(1)], RULES)
    assert (one.feed.title, one.feed.description, one.feed.language) == ("A site", "What it is about", "en")
    assert (one.feed.authors, one.feed.alternate) == ((Person("Anna", "a@example.org"),), f"{SITE}/")
    assert (one.feed.taxonomy, one.feed.key, one.feed.label, one.feed.slug) == ("", "", "", "")


def test_a_site_that_says_little_has_whole_feeds() -> None:
    """Without description or author the site's title stands for both; nothing is guessed for the language."""
    bare = replace(RULES, site=replace(RULES.site, description="", authors=(), language=""))
    for one in plan([dated(1, terms=(A,))], bare):
        assert "A site" in one.feed.description
        assert (one.feed.authors, one.feed.language) == ((Person("A site"),), "")


def test_the_feed_of_a_term_says_which_term_it_is() -> None:
    """A term's feed is called `SITE: LABEL` and has a description of its own."""
    site, first, second = plan([dated(1, terms=(A, B))], RULES)
    assert (first.feed.title, first.feed.key, first.feed.label) == ("A site: A", "a", "A")
    assert "A" in first.feed.description
    assert len({site.feed.description, first.feed.description, second.feed.description}) == 3


def test_ids_of_feeds_are_derived_from_taxonomy_and_key() -> None:
    """A feed's id is a UUIDv5 under that of the site's id: absolute, and another for every feed."""
    ids = [one.feed.id for one in plan([dated(1, terms=(A, B, term("categories", "a")))], RULES)]
    namespace = uuid5(NAMESPACE_URL, SITE)
    assert ids == [uuid5(namespace, name).urn for name in ("/", "categories/a", "tags/a", "tags/b")]


def test_ids_of_feeds_do_not_depend_on_slugs_or_addresses() -> None:
    """Another slug, spelling, address, title or limit leaves a feed's id as it is; another site id does not."""
    plans = plan([dated(1, terms=(A,))], RULES)
    moved = replace(
        RULES, url="https://feeds.example", limit=1, site=replace(RULES.site, url="https://e.example", title="T")
    )
    others = plan([dated(9, terms=(replace(A, slug="a-12345678", label="a"),))], moved)
    assert [one.feed.id for one in plans] == [one.feed.id for one in others]
    strange = plan([dated(1, terms=(A,))], replace(RULES, site=replace(RULES.site, id="https://other.example")))
    assert not {one.feed.id for one in plans} & {one.feed.id for one in strange}


@given(st.lists(st.tuples(st.sampled_from(("categories", "tags")), lines(2)), max_size=8, unique=True))
def test_ids_and_addresses_are_distinct(labels: list[tuple[str, str]]) -> None:
    """No two feeds share an id, a path or an address, and every address is percent-encoded ASCII."""
    terms = tuple(Term(name, label, label, f"s-{number}-臺", "") for number, (name, label) in enumerate(labels))
    plans = plan([dated(1, terms=terms)], RULES)
    addresses = [address for one in plans for address in one.feed.addresses]
    assert len({one.feed.id for one in plans}) == len(labels) + 1
    assert len({address.path for address in addresses}) == len({address.url for address in addresses})
    assert len(addresses) == 2 * len(labels) + 2
    assert all(address.url.isascii() for address in addresses)


def test_feeds_stand_at_addresses_by_taxonomy_and_slug() -> None:
    """Paths are the slug as it is; addresses are percent-encoded below `feeds.url`, one for every format."""
    rules = replace(RULES, url="https://feeds.example/out", formats=("rss", "json"))
    chinese = term("categories", "臺-中央社cna", "(臺)中央社CNA")
    site, one = plan([dated(1, terms=(chinese,))], rules)
    assert [(address.format, address.path, address.url) for address in (*site.feed.addresses, *one.feed.addresses)] == [
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
        ("javascript://:slug", "https://example.org/javascript://c-%E8%87%BA"),
    ],
)
def test_the_page_of_a_term_follows_the_pattern(pattern: str, page: str) -> None:
    """The alternate link is the pattern with slug or label encoded, in the site or at an address of its own."""
    rules = replace(RULES, taxonomies=(Taxonomy("tags", ("tags",), pattern),))
    plans = plan([dated(1, terms=(term("tags", "c/:slug?& 臺", "C/:slug?& 臺", "c-臺"),))], rules)
    assert plans[1].feed.alternate == page


SIZES = {dated(number).id: number * 10 for number in (1, 2, 3)}
NEWEST_THREE = [dated(1, 2), dated(2, 1), dated(3)]


@pytest.mark.parametrize(
    ("room", "count"), [(60, 3), (59, 2), (30, 2), (29, 1), (10, 1), (9, 1), (0, 1), (-1, 1), (10**9, 3)]
)
def test_a_window_is_the_prefix_that_fits(room: int, count: int) -> None:
    """As many of the newest entries are shown as fit, and never none."""
    (one,) = plan(NEWEST_THREE, RULES)
    assert shown(one, SIZES, room) == one.entries[:count]


def test_a_window_has_no_gaps() -> None:
    """Behind the first entry that does not fit nothing is shown, though a smaller one would fit."""
    (one,) = plan(NEWEST_THREE, RULES)
    sizes = {dated(1).id: 10, dated(2).id: 1_000, dated(3).id: 1}
    assert shown(one, sizes, 100) == one.entries[:1]


def test_entries_that_could_not_be_rendered_are_passed_over() -> None:
    """An entry without a size is not shown and takes no room; where none has a size nothing is shown."""
    (one,) = plan(NEWEST_THREE, RULES)
    assert shown(one, {dated(2).id: 50, dated(3).id: 50}, 100) == one.entries[1:]
    assert shown(one, {}, 100) == ()


def test_due_entries_are_those_that_some_feed_shows() -> None:
    """Every entry that some feed shows is rendered once, newest first, and no other is."""
    found = [dated(1, 3, (A,)), dated(2, 2), dated(3, 1, (A,)), dated(4, 0, (B,))]
    plans = plan(found, replace(RULES, limit=1))
    assert [one.id for one in due_entries(plans)] == [found[0].id, found[3].id]
    assert due_entries([]) == []


def test_posts_of_the_future_are_not_due() -> None:
    """A post is due from its own instant on, and always where the future was asked for."""
    rules = replace(RULES, now=INSTANT)
    found = [due(INSTANT + timedelta(seconds=seconds), rules) for seconds in (-1, 0, 1)]
    assert found == [True, True, False]
    assert due(INSTANT + timedelta(days=9_999), RULES)
