"""What the pages of feeds say, as the cache's index has it: neighbours, how many entries, and of which months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from operator import attrgetter

from feeder.cache.posts import Posts
from feeder.cache.terms import Terms
from feeder.config.slices import FeedRules
from feeder.fingerprint import DOCUMENTS, fingerprint
from feeder.model.digest import digest
from feeder.model.feed import SITE, FeedPlan
from feeder.model.page import INDEX, Months, Neighbour, Page
from feeder.model.term import Term
from feeder.plan.months import bounds, counted, month
from feeder.plan.plan import page_path, page_url

_Place = tuple[str, str]
_Beside = tuple[Neighbour | None, Neighbour | None]


class PagePlans:
    """The pages of a site's feeds, those of `terms`."""

    def __init__(self, posts: Posts, known: Terms, rules: FeedRules, terms: Iterable[Term]) -> None:
        self._posts = posts
        self._terms = known
        self._rules = rules
        self._beside = dict(_neighbours(terms)) if rules.pages else {}

    def moved(self, before: Mapping[_Place, Term]) -> Iterator[int]:
        """Yield the numbers of the terms that stand beside others than they did when `before` were all terms."""
        if before.keys() == self._beside.keys():
            return
        stood = dict(_neighbours(before.values()))
        for place, beside in self._beside.items():
            if stood.get(place) != beside:
                yield self._terms.number(*place)

    def page(self, number: int, plan: FeedPlan) -> Page | None:
        """Return what the page of a feed says; None where there are no pages."""
        if not self._rules.pages:
            return None
        feed, newest = plan.feed, plan.entries[0].published
        before, behind = self._beside.get((feed.taxonomy, feed.key), (None, None))
        path = page_path(feed.taxonomy, feed.slug)
        page = Page(
            path=path,
            url=page_url(self._rules, path.removesuffix(INDEX)),
            entries=self._posts.count() if number == SITE else self._terms.total(number),
            newest=newest,
            months=self._months(number, month(newest)),
            before=before,
            behind=behind,
        )
        made_of = digest(plan.fingerprint.encode() + fingerprint(DOCUMENTS, page)).hex()
        return replace(page, fingerprint=made_of)

    def _months(self, number: int, last: int) -> Months:
        if number == SITE:
            return Months(last, tuple(self._posts.between(*span) for span in pairwise(bounds(last))))
        return counted(last, self._terms.since(number, bounds(last)[0]))


def _neighbours(terms: Iterable[Term]) -> Iterator[tuple[_Place, _Beside]]:
    """Yield every term by its taxonomy and key, with those that stand before and behind it in the list."""
    ordered = sorted(terms, key=attrgetter("taxonomy", "slug"))
    for _, group in groupby(ordered, key=attrgetter("taxonomy")):
        row: Sequence[Term] = list(group)
        links = [None, *(Neighbour(term.label, page_path(term.taxonomy, term.slug)) for term in row), None]
        for place, term in enumerate(row):
            yield (term.taxonomy, term.key), (links[place], links[place + 2])
