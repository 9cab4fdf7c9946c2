"""Queries over the cache: each is a term of a taxonomy of its own, which entries are sorted into by what they have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from feeder.cache.codec import decode_terms
from feeder.cache.posts import Posts
from feeder.cache.store import Store
from feeder.cache.terms import Sorted, Terms
from feeder.config.slices import QUERIES, FeedRules, Query, Taxonomy
from feeder.fingerprint import DOCUMENTS, fingerprint
from feeder.model.problem import Level, Problem
from feeder.model.term import Term
from feeder.normalise.queries import Place, Selector, Voice, asked, nearest, places, query_key, selectors

_MADE_OF = "queries"
_REMEMBERED = 50_000


class Queries:
    """The queries of a site, whose entries and terms are in the cache."""

    def __init__(self, rules: FeedRules, store: Store, posts: Posts, terms: Terms) -> None:
        self._rules = rules
        self._store = store
        self._posts = posts
        self._terms = terms
        self._selectors = selectors(rules)
        self._fitting: dict[str, list[Selector]] = {}

    def sort_in(self) -> None:
        """Put the entries that changed into the queries that ask for them; all of them where the queries are others.

        Where all terms are made anew these are to be empty before.
        """
        site = self._rules.site
        made_of = fingerprint(DOCUMENTS, self._rules.queries, site.language, site.authors).hex()
        known = self._store.note(_MADE_OF)
        if known == made_of and self._posts.touched is not None:
            if self._selectors:
                self._terms.withdraw_from(QUERIES, ((entry, shown) for entry, shown, _ in self._posts.withdrawn))
                self._terms.put(QUERIES, self._sorted(self._posts.shown()))
            return
        self._terms.drop(QUERIES)
        if self._selectors:
            self._terms.put(QUERIES, self._sorted(self._posts.all_shown()))
        if known != made_of:
            self._store.remember(_MADE_OF, made_of)

    def problems(self, terms: Iterable[Term]) -> Iterator[Problem]:
        """Yield what is wrong with the queries of a site of these `terms`.

        A problem's file is "", and its line the place of its query among all of them, from 0: what a configuration is
        called, and where in it a query stands, is no matter of the cache.
        """
        if not self._rules.queries:
            return
        labels = {(term.taxonomy, term.key): term.label for term in terms}
        known = {place for place in labels if place[0] != QUERIES}
        for number, query in enumerate(self._rules.queries):
            for code, message in _wrong(query, self._rules.taxonomies, labels, known):
                yield Problem("", number, Level.WARNING, code, message)

    def _sorted(self, entries: Iterable[tuple[int, str, int, str]]) -> Iterator[Sorted]:
        for row, entry, shown, terms in entries:
            for one in self._fit(terms):
                if one.has_instant(shown) and (not one.asks_for_voice or one.has_voice(Voice(*self._posts.voice(row)))):
                    yield Sorted(one.key, one.label, row, entry, shown)

    def _fit(self, terms: str) -> list[Selector]:
        """Return the queries that entries of these `terms` (JSON: most have the same few) may be asked for by."""
        found = self._fitting.get(terms)
        if found is None:
            if len(self._fitting) >= _REMEMBERED:
                self._fitting.clear()
            there = places(decode_terms(terms))
            found = self._fitting[terms] = [one for one in self._selectors if one.has_terms(there)]
        return found


def _wrong(
    query: Query, taxonomies: tuple[Taxonomy, ...], labels: Mapping[Place, str], known: Collection[Place]
) -> Iterator[tuple[str, str]]:
    """Yield the codes and sentences about one query, in a site of terms shown as `labels`, all but queries `known`."""
    name = f"the query `{query.name}`"
    if query.is_empty:
        advice = "give it `any`, `all`, `none`, `since`, `until`, `lang` or `author`"
        yield "empty-query", f"{name} asks for nothing, so it has no feed: {advice}"
        return
    for term in dict.fromkeys((*query.any, *query.all, *query.none)):
        if asked([term], taxonomies).isdisjoint(known):
            near = nearest(term, known)
            advice = f": did you mean `{near[0]}:{labels[near]}`?" if near else ""
            yield "unknown-term", f"{name} names `{term.taxonomy}:{term.label}`, which no entry has{advice}"
    if (QUERIES, query_key(query)) not in labels:
        yield "no-match", f"{name} matches no entry, so it has no feed"
