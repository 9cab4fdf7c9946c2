"""Feeds: their names and addresses, and which of their entries a document has room for (SPEC §6)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from feeder.config.slices import FeedRules, Taxonomy
from feeder.model.entry import Entry
from feeder.model.feed import Address, Feed, FeedPlan
from feeder.model.term import Person, Term

# What may stand in an address as it is (RFC 3986 §2): a pattern may be encoded already.
_URL_SAFE = "/%:?#[]@!$&'()*+,;=~"

FILE_NAMES = {"atom": "atom.xml", "rss": "rss.xml", "json": "feed.json"}


def shown(plan: FeedPlan, sizes: Mapping[str, int], room: int) -> tuple[Entry, ...]:
    """Return the prefix of the plan's entries whose `sizes` (bytes by id, of the largest format) fit into `room`.

    An entry without a size could not be rendered and is passed over.
    """
    kept: list[Entry] = []
    for entry in plan.entries:
        size = sizes.get(entry.id)
        if size is None:
            continue
        room -= size
        if room < 0 and kept:
            break
        kept.append(entry)
    return tuple(kept)


def _feed_id(rules: FeedRules, taxonomy: str, key: str) -> str:
    # A file's stem holds no slash, so no entry's name can be a feed's.
    return uuid5(uuid5(NAMESPACE_URL, rules.site.id), f"{taxonomy}/{key}").urn


def _addresses(rules: FeedRules, folder: str) -> tuple[Address, ...]:
    return tuple(
        Address(name, f"{folder}{FILE_NAMES[name]}", f"{rules.url}/{quote(folder)}{FILE_NAMES[name]}")
        for name in rules.formats
    )


def site_feed(rules: FeedRules) -> Feed:
    """Return the feed of the whole site."""
    site = rules.site
    return Feed(
        id=_feed_id(rules, "", ""),
        taxonomy="",
        key="",
        label="",
        slug="",
        title=site.title,
        description=site.description or site.title,
        language=site.language,
        authors=site.authors or (Person(site.title),),
        alternate=f"{site.url}/",
        addresses=_addresses(rules, ""),
        hub=site.hub,
    )


def term_feed(term: Term, rules: FeedRules) -> Feed:
    """Return the feed of `term`."""
    site = rules.site
    taxonomy = next(taxonomy for taxonomy in rules.taxonomies if taxonomy.name == term.taxonomy)
    return Feed(
        id=_feed_id(rules, term.taxonomy, term.key),
        taxonomy=term.taxonomy,
        key=term.key,
        label=term.label,
        slug=term.slug,
        title=f"{site.title}: {term.label}",
        description=f"{term.label} – {site.description or site.title}",
        language=site.language,
        authors=site.authors or (Person(site.title),),
        alternate=_page(term, taxonomy, rules) or f"{site.url}/",
        addresses=_addresses(rules, f"{term.taxonomy}/{term.slug}/"),
        hub=site.hub,
    )


def _page(term: Term, taxonomy: Taxonomy, rules: FeedRules) -> str:
    if not taxonomy.page:
        return ""
    path = quote(taxonomy.page, safe=_URL_SAFE).replace(":slug", quote(term.slug))
    path = path.replace(":label", quote(term.label, safe=""))
    return path if path.lower().startswith(("http://", "https://")) else f"{rules.site.url}/{path.lstrip('/')}"
