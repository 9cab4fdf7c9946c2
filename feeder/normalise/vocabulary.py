"""The terms of the whole site: which labels are one term, how it is spelled, and its place in addresses (SPEC §4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from feeder.config.scheme import OWN, Scheme
from feeder.config.slices import Taxonomy
from feeder.model.entry import Entry
from feeder.model.term import GivenSlug, Spelling, Term
from feeder.normalise.foreign import term_slug
from feeder.normalise.identity import Identified
from feeder.normalise.links import web_address
from feeder.normalise.slug import key, name


@dataclass(frozen=True, slots=True)
class Unkept:
    """Addresses (paths below dist) that another program's feeds of a term had, and that the term's feed has not.

    `spelled` are those of other spellings, `taken` those of other feeds.
    """

    term: Term
    spelled: tuple[str, ...]
    taken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Terms of the site, in the order in which each first appeared; `unkept` are those that lost an address."""

    terms: tuple[Term, ...]
    unkept: tuple[Unkept, ...] = ()


def vocabulary(
    spellings: Iterable[Spelling],
    taxonomies: Iterable[Taxonomy],
    url: str,
    given: Iterable[GivenSlug],
    places: Scheme = OWN,
) -> Vocabulary:
    """Return the terms that were written so; `url` is where dist is served, `given` the slugs once given.

    A term is shown in its commonest spelling (ties: the one used first). It keeps its given slug; among new ones the
    term that was used first has the plain name, the others carry their hash. A slug once given is never given to
    another term, even where its own has no posts any more. Where `places` has an address for a term, that is its slug.
    """
    found: defaultdict[tuple[str, str], list[Spelling]] = defaultdict(list)
    for spelling in spellings:
        found[spelling.taxonomy, spelling.key].append(spelling)
    slugs: dict[tuple[str, str], str] = {}
    taken: defaultdict[str, set[str]] = defaultdict(set)
    for space, slug in places.reserved():
        taken[space].add(key(slug))
    for one in given:
        taxonomy = places.registered(one.taxonomy)
        used = taken[places.space(taxonomy)]
        # A manifest that was edited or merged by hand may say that two terms have one slug.
        if taxonomy and key(one.slug) not in used:
            used.add(key(one.slug))
            slugs[taxonomy, one.key] = one.slug
    schemes = {taxonomy.name: scheme(url, taxonomy.name) for taxonomy in taxonomies}
    terms: list[Term] = []
    unkept: list[Unkept] = []
    for (taxonomy, term_key), ways in sorted(found.items(), key=lambda item: min(way.first for way in item[1])):
        label = min(ways, key=lambda way: (-way.count, way.first)).label
        slug = slugs.get((taxonomy, term_key), "")
        known = _known_slugs(term_key, label, ways, places)
        if not slug:
            used = taken[places.space(taxonomy)]
            free = (one for one in known if key(one) not in used)
            slug = next(free, "") or name(term_key, used.__contains__)
            used.add(key(slug))
        terms.append(Term(taxonomy, term_key, label, slug, schemes[taxonomy]))
        if lost := [one for one in known if one != slug]:
            unkept.append(_unkept(terms[-1], lost, places))
    return Vocabulary(tuple(terms), tuple(unkept))


def _unkept(term: Term, slugs: Iterable[str], places: Scheme) -> Unkept:
    paths: dict[bool, list[str]] = {True: [], False: []}
    for slug in slugs:
        paths[key(slug) == key(term.slug)].append(places.path(term.taxonomy, slug))
    return Unkept(term, tuple(paths[True]), tuple(paths[False]))


def _known_slugs(term_key: str, label: str, ways: Iterable[Spelling], places: Scheme) -> list[str]:
    """Return the slugs under which another program had feeds of a term: that of its label first, then the commonest.

    Of categories it may have had feeds of a few spellings alone.
    """
    taxonomy = next(way.taxonomy for way in ways)
    chosen = [one for one in places.labels if key(one) == term_key] if taxonomy == "categories" else []
    others = [way.label for way in sorted(ways, key=lambda way: (-way.count, way.first))]
    found = (term_slug(places, taxonomy, one) for one in chosen or [label, *others])
    return list(dict.fromkeys(slug for slug in found if slug))


def scheme(url: str, taxonomy: str) -> str:
    """Return the category scheme (RFC 4287 §4.2.2.2) of `taxonomy` in a site whose feeds are served at `url`."""
    return web_address(f"{url}/{taxonomy}/")


def entries(posts: Iterable[Identified], words: Vocabulary, taxonomies: Iterable[Taxonomy]) -> list[Entry]:
    """Return the entries of `posts`, their terms ordered by taxonomy as configured, then as written."""
    terms = {(term.taxonomy, term.key): term for term in words.terms}
    order = {taxonomy.name: index for index, taxonomy in enumerate(taxonomies)}
    keys: dict[str, str] = {}

    def resolve(post: Identified) -> tuple[Term, ...]:
        found: dict[Term, None] = {}
        for raw in sorted(post.terms, key=lambda raw: order[raw.taxonomy]):
            if raw.label not in keys:
                keys[raw.label] = key(raw.label)
            found[terms[raw.taxonomy, keys[raw.label]]] = None
        return tuple(found)

    return [
        Entry(
            id=post.id,
            title=post.head.title,
            link=post.head.link,
            via=post.head.via,
            page=post.head.page,
            published=post.published,
            updated=max(post.head.updated, post.published),
            language=post.head.language,
            authors=post.head.authors,
            terms=resolve(post),
            source=post.head.source,
            digest=post.head.digest,
        )
        for post in posts
    ]
