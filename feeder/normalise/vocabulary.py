"""The terms of the whole site: which labels are one term, how it is spelled, and its place in addresses (SPEC §4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from feeder.config.slices import Taxonomy
from feeder.model.entry import Entry
from feeder.model.term import GivenSlug, Spelling, Term
from feeder.normalise.identity import Identified
from feeder.normalise.links import web_address
from feeder.normalise.slug import key, name


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Terms of the site, in the order in which each first appeared."""

    terms: tuple[Term, ...]


def vocabulary(
    spellings: Iterable[Spelling], taxonomies: Iterable[Taxonomy], url: str, given: Iterable[GivenSlug]
) -> Vocabulary:
    """Return the terms that were written so; `url` is where dist is served, `given` the slugs once given.

    A term is shown in its commonest spelling (ties: the one used first). It keeps its given slug; among new ones the
    term that was used first has the plain name, the others carry their hash. A slug once given is never given to
    another term, even where its own has no posts any more.
    """
    found: defaultdict[tuple[str, str], list[Spelling]] = defaultdict(list)
    for spelling in spellings:
        found[spelling.taxonomy, spelling.key].append(spelling)
    slugs: dict[tuple[str, str], str] = {}
    taken: defaultdict[str, set[str]] = defaultdict(set)
    for one in given:
        # A manifest that was edited or merged by hand may say that two terms have one slug.
        if one.slug not in taken[one.taxonomy]:
            taken[one.taxonomy].add(one.slug)
            slugs[one.taxonomy, one.key] = one.slug
    schemes = {taxonomy.name: scheme(url, taxonomy.name) for taxonomy in taxonomies}
    terms: list[Term] = []
    for (taxonomy, term_key), ways in sorted(found.items(), key=lambda item: min(way.first for way in item[1])):
        slug = slugs.get((taxonomy, term_key))
        if slug is None:
            slug = name(term_key, taken[taxonomy].__contains__)
            taken[taxonomy].add(slug)
        label = min(ways, key=lambda way: (-way.count, way.first)).label
        terms.append(Term(taxonomy, term_key, label, slug, schemes[taxonomy]))
    return Vocabulary(tuple(terms))


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
