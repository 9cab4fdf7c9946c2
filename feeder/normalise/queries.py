"""Queries: which entries a feed has that was asked for by terms, time, language and author (RFC 4647 §3.3.1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from feeder.config.slices import FeedRules, Query, Taxonomy
from feeder.model.term import RawTerm
from feeder.normalise.slug import key
from feeder.normalise.terms import label, merged
from feeder.normalise.titles import plain

_ALIKE = 0.7
Place = tuple[str, str]
"""A term: its taxonomy and its key."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Whose words an entry's are: its language tag or "", and its authors' names."""

    language: str
    authors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Selector:
    """A query with its terms, languages and names as they compare; `key` and `label` are those of its feed."""

    key: str
    label: str
    any: frozenset[Place]
    all: frozenset[Place]
    none: frozenset[Place]
    since: int | None
    until: int | None
    languages: tuple[str, ...]
    authors: frozenset[str]
    # What an entry has that says none of it itself.
    site: Voice

    def has_terms(self, terms: Collection[Place]) -> bool:
        """Say whether an entry of these `terms` is asked for, as far as they go."""
        return (
            (not self.any or not self.any.isdisjoint(terms))
            and self.all.issubset(terms)
            and self.none.isdisjoint(terms)
        )

    def has_instant(self, published: int) -> bool:
        """Say whether an entry that was published then (seconds) is asked for, as far as that goes."""
        return (self.since is None or self.since <= published) and (self.until is None or published < self.until)

    @property
    def asks_for_voice(self) -> bool:
        """Whether language or author matter."""
        return bool(self.languages or self.authors)

    def has_voice(self, voice: Voice) -> bool:
        """Say whether an entry in that `voice` is asked for, as far as that goes."""
        language = voice.language or self.site.language
        if self.languages and not any(_in_range(language, wanted) for wanted in self.languages):
            return False
        names = voice.authors or self.site.authors
        return not self.authors or not self.authors.isdisjoint(map(key, names))


def selectors(rules: FeedRules) -> tuple[Selector, ...]:
    """Return the queries of a site that ask for something."""
    site = Voice(rules.site.language, tuple(person.name for person in rules.site.authors))
    return tuple(
        Selector(
            key=query_key(one),
            label=label(one.title or one.name, plain) or one.name,
            any=asked(one.any, rules.taxonomies),
            all=asked(one.all, rules.taxonomies),
            none=asked(one.none, rules.taxonomies),
            since=one.since,
            until=one.until,
            languages=tuple(wanted.lower() for wanted in one.languages),
            authors=frozenset(key(label(name, plain)) for name in one.authors),
            site=site,
        )
        for one in rules.queries
        if not one.is_empty
    )


def query_key(query: Query) -> str:
    """Return the key of a query's feed, as terms have them."""
    return key(label(query.name, plain) or query.name)


def places(terms: Iterable[RawTerm]) -> frozenset[Place]:
    """Return an entry's terms as they compare."""
    return frozenset((term.taxonomy, key(term.label)) for term in terms)


def asked(terms: Iterable[RawTerm], taxonomies: tuple[Taxonomy, ...]) -> frozenset[Place]:
    """Return terms, as somebody wrote them in a query, as they compare: read as in posts, and merged as there."""
    read = tuple(RawTerm(term.taxonomy, label(term.label, plain)) for term in terms)
    return places(merged(read, taxonomies, plain))


def nearest(wanted: RawTerm, known: Collection[Place]) -> Place | None:
    """Return the term of `known` that `wanted`, which is none of them, may have meant: its like."""
    name = key(label(wanted.label, plain))
    if other := min((place for place in known if place[1] == name), default=None):
        return other
    from difflib import get_close_matches  # noqa: PLC0415 - only who made a mistake waits for it

    near = get_close_matches(name, sorted(other for taxonomy, other in known if taxonomy == wanted.taxonomy), 1, _ALIKE)
    return (wanted.taxonomy, near[0]) if near else None


def _in_range(tag: str, wanted: str) -> bool:
    """Say whether the language `tag` is in a range (in lower case), by basic filtering (RFC 4647 §3.3.1)."""
    return bool(tag) and (wanted == "*" or f"{tag.lower()}-".startswith(f"{wanted}-"))
