"""The first half of a build: which feeds there are, in which order, and which entries stand in them (SPEC §6)."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from feeder.cache.store import Store
from feeder.collect.walk import walk
from feeder.config.slices import Configuration
from feeder.engine.choice import Engines
from feeder.model.feed import Planned, Scope
from feeder.survey import Condition, Published, Survey, Surveyor
from tests.cache.blog import NOW, Blog, Witness


@contextlib.contextmanager
def surveyed(site: Configuration, store: Store, published: Published | None = None) -> Iterator[Survey]:
    """Yield the survey of `site`, by a surveyor who has no engine but this process."""
    with Engines("serial") as engines:
        surveyor = Surveyor(site, store, engines, Witness())
        yield surveyor.survey(walk(site.walk), published or Published())


def plans(blog: Blog) -> list[Planned]:
    """Return the plans of a site that is surveyed for the first time."""
    with Store("", "v") as store, surveyed(blog.load(), store) as survey:
        assert survey.plan.scope is Scope.WHOLE
        return list(survey.plan.planned)


def names(found: list[Planned]) -> list[str]:
    """Return the plans' feeds as `taxonomy/slug`."""
    return [f"{one.plan.feed.taxonomy}/{one.plan.feed.slug}" for one in found]


def titles(found: list[Planned]) -> list[list[str]]:
    """Return the titles of the plans' entries."""
    return [[entry.title for entry in one.plan.entries] for one in found]


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """A site without posts."""
    return Blog(tmp_path)


def test_the_site_and_every_term_have_a_feed(blog: Blog) -> None:
    """There is the site's feed and one for every term, in the order of taxonomies, terms by slug."""
    blog.post("1.md", tags="[B, A]")
    blog.post("2.md", categories="[Z]", tags="[A]")
    blog.post("3.md")
    found = plans(blog)
    assert names(found) == ["/", "categories/z", "tags/a", "tags/b"]
    assert [len(one.plan.entries) for one in found] == [3, 1, 2, 1]
    assert [len(one.keys) for one in found] == [3, 1, 2, 1]
    blog.settings = '[taxonomies.tags]\nkeys = ["categories"]\n[taxonomies.categories]\nkeys = ["tags"]\n'
    assert names(plans(blog)) == ["/", "categories/a", "categories/b", "tags/z"]
    blog.settings = "[taxonomies.authors]\n[taxonomies.tags]\nkeys = []\n"
    blog.post("3.md", author="Anna")
    assert names(plans(blog)) == ["/", "categories/z", "authors/anna"]


def test_entries_stand_newest_first_and_ties_by_id(blog: Blog) -> None:
    """The order is by published, newest first, then by id, whatever their files are called."""
    for path, seconds, number in (("z", "00", 3), ("y", "00", 1), ("x", "00", 2), ("w", "01", 4)):
        blog.post(f"{path}.md", date=f"2024-05-01 10:00:{seconds}", id=f"urn:example:{number}", title=f"T{number}")
    blog.post("v.md", date="2024-05-01 09:59:59", updated="2024-06-01", id="urn:example:5", title="T5", tags="[a]")
    (site, term) = plans(blog)
    assert titles([site, term]) == [["T4", "T1", "T2", "T3", "T5"], ["T5"]]


def test_instants_far_apart_are_ordered(blog: Blog) -> None:
    """Years before the epoch and far after it are in order too, to the second."""
    blog.settings = "[posts]\nfuture = true\n"
    dates = [f"{year}-12-31 23:59:{second}" for year in ("1000", "1969", "9998") for second in ("58", "59")]
    for number, date in enumerate(dates):
        blog.post(f"{number}.md", date=date, title=date)
    assert titles(plans(blog)) == [dates[::-1]]


def test_a_feed_shows_no_more_than_the_limit(blog: Blog) -> None:
    """Every feed holds at most `limit` entries, the newest."""
    blog.settings = "[feeds]\nlimit = 2\n"
    for number in range(1, 8):
        blog.post(
            f"{number}.md", date=f"2024-05-0{number}", title=f"T{number}", tags="[odd]" if number % 2 else "[even]"
        )
    found = plans(blog)
    assert names(found) == ["/", "tags/even", "tags/odd"]
    assert titles(found) == [["T7", "T6"], ["T6", "T4"], ["T7", "T5"]]


def test_no_feed_is_empty(blog: Blog) -> None:
    """Without entries there is no feed at all, and a term without entries has none."""
    (blog.folder / "posts").mkdir()
    assert plans(blog) == []
    blog.post("1.md")
    blog.post("2.md", draft="true", tags="[a]")
    blog.post("3.md", date="2030-01-01", tags="[b]")
    assert names(plans(blog)) == ["/"]


def test_every_entry_is_planned_once_and_with_one_key(blog: Blog) -> None:
    """An entry that several feeds show is one and the same in each, and so is the key of its fragments."""
    blog.post("1.md", tags="[a, A, b]")
    blog.post("2.md", tags="[a]", date="2024-05-02")
    found = plans(blog)
    assert titles(found) == [["2.md", "1.md"], ["2.md", "1.md"], ["1.md"]]
    keys = {(entry.id, key) for one in found for entry, key in zip(one.plan.entries, one.keys, strict=True)}
    assert len(keys) == 2
    assert len({one.plan.fingerprint for one in found}) == 3


def test_posts_of_the_future_are_not_due(blog: Blog) -> None:
    """A post is due from its own instant on, and always where the future was asked for."""
    blog.post("1.md", date="2024-05-01")
    blog.post("2.md", date="2026-11-01 00:00:01")
    counts = []
    for now in (NOW, NOW + timedelta(seconds=1), NOW + timedelta(seconds=2)):
        blog.now = now
        counts.append(len(plans(blog)[0].plan.entries))
    assert counts == [1, 2, 2]
    blog.now = NOW - timedelta(days=9_999)
    blog.settings = "[posts]\nfuture = true\n"
    assert len(plans(blog)[0].plan.entries) == 2


def test_problems_are_told_in_order(blog: Blog) -> None:
    """What is wrong with posts is told once each, by file; what is no post at all, or was asked for, is not told."""
    blog.post("z.md", date="")
    blog.post("a.md", date="")
    blog.post("draft.md", draft="true")
    (blog.folder / "posts" / "readme.md").write_text("no post\n")
    (blog.folder / "posts" / "link.md").symlink_to("a.md")
    site = blog.load()
    witness = Witness()
    with Store("", "v") as store, Engines("serial") as engines:
        survey = Surveyor(site, store, engines, witness).survey(walk(site.walk), Published())
    assert tuple(witness.problems) == survey.problems
    assert [problem.file.rpartition("/")[2] for problem in survey.problems] == ["a.md", "link.md", "z.md"]
    assert sorted(left.source.path for left in survey.left_out) == ["a.md", "draft.md", "link.md", "z.md"]
    assert [left.source.path for left in survey.other_files] == ["readme.md"]


# -- how much is planned


@pytest.fixture
def known(blog: Blog) -> tuple[Blog, Published]:
    """A site of three posts that was surveyed and remembered, and what dist said then."""
    for number, tags in enumerate(("[a]", "[a, b]", "[c]"), 1):
        blog.post(f"{number}.md", date=f"2024-05-0{number}", tags=tags, title=f"T{number}")
    site = blog.load()
    with Store(str(blog.cache), "v") as store, Engines("serial") as engines:
        surveyor = Surveyor(site, store, engines, Witness())
        surveyor.remember("state", surveyor.survey(walk(site.walk), Published()))
        store.keep()
    return blog, Published((), "state", Condition.INTACT)


def scope_of(blog: Blog, published: Published) -> tuple[Scope, list[str]]:
    """Return how much is planned now, and which feeds."""
    with Store(str(blog.cache), "v") as store, surveyed(blog.load(), store, published) as survey:
        return survey.plan.scope, names(list(survey.plan.planned))


WHOLE = ["/", "tags/a", "tags/b", "tags/c"]


def test_nothing_is_planned_where_nothing_changed(known: tuple[Blog, Published]) -> None:
    """Where posts, rules and dist are as they were, nothing is planned."""
    blog, published = known
    assert scope_of(blog, published) == (Scope.NOTHING, [])
    assert scope_of(blog, published) == (Scope.NOTHING, [])


@pytest.mark.parametrize(
    "published",
    [Published((), "other", Condition.INTACT), Published((), "state", Condition.TOUCHED), Published()],
    ids=["another manifest", "touched", "nothing"],
)
def test_all_is_planned_for_another_dist(known: tuple[Blog, Published], published: Published) -> None:
    """Where dist is not as the last build left it every feed is looked at."""
    assert scope_of(known[0], published) == (Scope.WHOLE, WHOLE)


def test_feeds_that_hold_or_held_what_changed_are_planned(known: tuple[Blog, Published]) -> None:
    """The site's feed and those of a changed post's terms are planned, the ones that it had and those that it has."""
    blog, published = known
    blog.post("1.md", "Other.", date="2024-05-01", tags="[a]", title="T1")
    assert scope_of(blog, published) == (Scope.PART, ["/", "tags/a"])
    blog.post("1.md", date="2024-05-01", tags="[c]", title="T1")
    assert scope_of(blog, published) == (Scope.PART, ["/", "tags/a", "tags/c"])
    blog.post("1.md", date="2024-05-01", tags="[a]", title="T1")
    blog.post("4.md", tags="[d]")
    assert scope_of(blog, published) == (Scope.PART, ["/", "tags/d"])
    blog.delete("3.md")
    blog.delete("4.md")
    assert scope_of(blog, published) == (Scope.PART, ["/"])


def test_feeds_that_are_gone_are_named(known: tuple[Blog, Published]) -> None:
    """The documents of a term that no post has any more are named, and the ids of entries that came or went."""
    blog, published = known
    blog.delete("3.md")
    site = blog.load()
    with Store(str(blog.cache), "v") as store, surveyed(site, store, published) as survey:
        assert survey.plan.gone == ("tags/c/atom.xml", "tags/c/rss.xml")
        assert (len(survey.withdrawn), survey.entered) == (1, ())
    blog.post("9.md", tags="[a]")
    with Store(str(blog.cache), "v") as store, surveyed(blog.load(), store, published) as survey:
        assert (len(survey.withdrawn), len(survey.entered)) == (1, 1)
        assert survey.withdrawn != tuple(entry for _, entry, _, _ in survey.entered)


def test_another_name_of_a_term_plans_all(known: tuple[Blog, Published]) -> None:
    """Where a term is not called any more what it was, every feed is planned: entries anywhere may carry its name."""
    blog, published = known
    for number in (4, 5, 6):
        blog.post(f"{number}.md", tags="[A]")
    assert scope_of(blog, published) == (Scope.WHOLE, WHOLE)


def test_other_rules_plan_all(known: tuple[Blog, Published]) -> None:
    """Other rules of feeds or of content are a reason to look at every feed; another now is none."""
    blog, published = known
    blog.now = NOW + timedelta(days=3)
    assert scope_of(blog, published) == (Scope.NOTHING, [])
    for settings in ("[feeds]\nlimit = 1\n", '[content]\nsanitizer = "bleach"\n', 'lang = "en"\n'):
        blog.settings = settings
        assert scope_of(blog, published) == (Scope.WHOLE, WHOLE)


def test_addresses_that_are_not_kept_are_told_by_every_build(blog: Blog) -> None:
    """A feed that is not at every address that it had is told as long as that is so, whatever else changed."""
    blog.settings = '[feeds]\ncompat = "jekyll"\n'
    blog.post("1.md", tags="[Foo]")
    blog.post("2.md", date="2024-05-02", tags="[Foo, foo]")

    def told() -> list[str]:
        report = blog.build()
        fresh, _ = blog.fresh()
        assert report.problems == fresh.problems
        return [problem.message for problem in report.problems if problem.code == "address-not-kept"]

    (message,) = told()
    assert message == (
        "the feed of 'Foo' (tags) stands at feed/by_tag/Foo.xml alone, and no longer at feed/by_tag/foo.xml, since "
        'both are one term; an alias keeps the address: [[feeds.alias]] old = "feed/by_tag/foo.xml", '
        'new = "feed/by_tag/Foo.xml"'
    )
    assert told() == [message]
    blog.post("3.md", tags="[Bar]")
    assert told() == [message]
    blog.post("2.md", date="2024-05-02", tags="[Foo]")
    assert told() == []
    blog.post("2.md", date="2024-05-02", tags="[Foo, FOO]")
    assert len(told()) == 1
    alias = '[[feeds.alias]]\nold = "feed/by_tag/FOO.xml"\nnew = "feed/by_tag/Foo.xml"\n'
    blog.settings += alias
    assert told() == []
    assert blog.documents()["feed/by_tag/FOO.xml"] == blog.documents()["feed/by_tag/Foo.xml"]
    blog.settings = blog.settings.removesuffix(alias)
    assert len(told()) == 1
    blog.post("1.md")
    blog.post("2.md")
    assert told() == []


def test_an_address_that_another_feed_has_is_told(blog: Blog) -> None:
    """A category that is called as the site's feed is, where Pelican had that, is told with both places."""
    blog.settings = '[feeds]\ncompat = "pelican"\n'
    blog.post("1.md", categories="[All]")
    (problem,) = blog.build().problems
    assert re.fullmatch(
        r"the feed of 'All' \(categories\) stands at feeds/all-[0-9a-f]{8}\.atom\.xml, "
        r"since another one stands at feeds/all\.atom\.xml",
        problem.message,
    )
    assert (problem.code, blog.build().problems) == ("address-not-kept", (problem,))
