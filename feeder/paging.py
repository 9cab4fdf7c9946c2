"""The pages for people, joined of the fragments of entries: of each feed, and of all, of which the cache has rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from feeder.cache.cards import Cards
from feeder.cache.fragments import Fragments
from feeder.config.slices import FeedRules
from feeder.model.digest import digest
from feeder.model.feed import SITE, Document, Plan, Planned, Scope
from feeder.model.page import FRAGMENT, INDEX, Card, Page
from feeder.normalise.site import as_text
from feeder.plan.months import month

SHOWN = 10
"""How many entries a page shows: enough to know a feed by."""


class Paging:
    """The pages of a site's feeds, on their way from one build to the next."""

    def __init__(self, cards: Cards, fragments: Fragments, rules: FeedRules) -> None:
        self._cards = cards
        self._fragments = fragments
        self._rules = replace(rules, site=as_text(rules.site))
        self._site: Planned | None = None

    def begin(self, plan: Plan) -> None:
        """Forget the feeds that are no more."""
        if plan.scope is Scope.WHOLE:
            self._cards.clear()
        else:
            self._cards.drop((*plan.gone, *(path for one in plan.planned for path in paths_of(one))))

    def is_standing(self, one: Planned, standing: Collection[str], plans: Mapping[str, str]) -> bool:
        """Say whether the page of a feed is among what stands in dist, with these plans, as it was planned.

        The page of all feeds is written in every build that writes anything.
        """
        page = one.page
        return page is None or one.term == SITE or (page.path in standing and plans[page.path] == page.fingerprint)

    def stay(self, one: Planned) -> tuple[str, ...]:
        """Take note of a feed whose documents and page stand as they were planned; return where the page does."""
        self._note(one, ())
        return paths_of(one) if one.term != SITE else ()

    def page(self, one: Planned, failed: Collection[str]) -> Iterator[Document]:
        """Yield the page of a feed that has documents; `failed` are the ids of entries that could not be rendered."""
        page = self._note(one, failed)
        if page and one.term != SITE:
            from feeder.render.page import MARK, feed_page  # noqa: PLC0415 - Jinja2 takes 30 ms

            data = feed_page(one.plan.feed, page, self._rules.site).around(self._entries(one, failed))
            whole = all(entry.id not in failed for entry in one.plan.entries)
            yield Document(page.path, data, page.fingerprint if whole else "", MARK)

    def documents(self, failed: Collection[str]) -> Iterator[Document]:
        """Yield the page of all feeds, and what all pages share."""
        one, page = self._site, self._site.page if self._site else None
        if not one or not page:
            return
        from feeder.render.page import MARK, assets, index_page, row  # noqa: PLC0415 - as above

        site, last = self._rules.site, month(page.newest)
        self._cards.write(last, lambda card: row(card, last, site.language))
        groups = self._cards.groups(taxonomy.name for taxonomy in self._rules.taxonomies)
        shown = replace(page, entries=page.entries - _lost(one, failed))
        data = index_page(one.plan.feed, shown, site, groups).around(self._entries(one, failed))
        yield Document(INDEX, data, digest(data).hex(), MARK)
        yield from assets()

    def _note(self, one: Planned, failed: Collection[str]) -> Page | None:
        if not one.page:
            return None
        page = replace(one.page, entries=one.page.entries - _lost(one, failed))
        if one.term == SITE:
            self._site = one
        else:
            feed, newest = one.plan.feed, int(page.newest.timestamp())
            card = Card(feed.taxonomy, feed.slug, feed.label, page.path, page.entries, newest, page.months)
            self._cards.put(card)
        return page

    def _entries(self, one: Planned, failed: Collection[str]) -> Iterator[bytes]:
        there = (key for entry, key in zip(one.plan.entries, one.keys, strict=True) if entry.id not in failed)
        return (self._fragments.data(key, FRAGMENT) for key in islice(there, SHOWN))


def paths_of(one: Planned) -> tuple[str, ...]:
    """Return where the page of a feed belongs; nowhere where there are no pages."""
    return (one.page.path,) if one.page else ()


def _lost(one: Planned, failed: Collection[str]) -> int:
    return sum(entry.id in failed for entry in one.plan.entries)
