"""Feeds: their names and addresses, and which of their entries a document has room for (SPEC §6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from unicodedata import normalize
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from feeder.config.scheme import Compat, Place
from feeder.config.slices import FeedRules, Taxonomy
from feeder.model.entry import Entry
from feeder.model.feed import Address, Feed, FeedPlan
from feeder.model.page import INDEX
from feeder.model.term import Person, Term

# What may stand in an address as it is (RFC 3986 §2): a pattern may be encoded already.
_URL_SAFE = "/%:?#@!$&'()*+,;=~"
_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")

# The same in a path that is not encoded yet.
_PATH_SAFE = "/!$&'()*+,;=:@~"

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


def _feed_id(rules: FeedRules, taxonomy: str, key: str, slug: str) -> str:
    if known := _known_id(rules, taxonomy, slug):
        return known
    # A file's stem holds no slash, so no entry's name can be a feed's.
    return uuid5(uuid5(NAMESPACE_URL, rules.site.id), f"{taxonomy}/{key}").urn


def _known_id(rules: FeedRules, taxonomy: str, slug: str) -> str:
    """Return the id that the program whose place feeder takes gives the feed, "" where it gives none of its own."""
    if rules.scheme.compat is Compat.JEKYLL:
        path = feed_path(rules, taxonomy, "atom", slug)
        return (
            f"{rules.known_as}/{quote(normalize('NFKC', path), safe=_PATH_SAFE)}"
            if _place(rules, taxonomy, "atom")
            else ""
        )
    # Pelican gives this to all its feeds, and only one of them can keep it.
    return f"{rules.known_as}/" if rules.scheme.compat is Compat.PELICAN and not taxonomy else ""


def _place(rules: FeedRules, taxonomy: str, kind: str) -> Place | None:
    return next((one for one in rules.scheme.places if (one.taxonomy, one.format) == (taxonomy, kind)), None)


def feed_path(rules: FeedRules, taxonomy: str, kind: str, slug: str) -> str:
    """Return where below dist the feed of a term stands in a format; `taxonomy` and `slug` are "" for the site's."""
    if place := _place(rules, taxonomy, kind):
        return f"{place.before}{slug}{place.after}"
    return f"{taxonomy}/{slug}/{FILE_NAMES[kind]}" if taxonomy else FILE_NAMES[kind]


def _addresses(rules: FeedRules, taxonomy: str, slug: str) -> tuple[Address, ...]:
    paths = [(kind, feed_path(rules, taxonomy, kind, slug)) for kind in rules.formats]
    return tuple(Address(kind, path, f"{rules.url}/{quote(path, safe=_PATH_SAFE)}") for kind, path in paths)


def page_path(taxonomy: str, slug: str) -> str:
    """Return where the page of a term's feed stands below dist; of the site's own for ""."""
    return f"{taxonomy}/{slug}/{INDEX}" if taxonomy else INDEX


def page_url(rules: FeedRules, folder: str) -> str:
    """Return the address that the page in `folder` (with a slash at its end, or "") is served at."""
    return f"{rules.url}/{quote(folder)}"


def site_feed(rules: FeedRules) -> Feed:
    """Return the feed of the whole site."""
    site = rules.site
    return Feed(
        id=_feed_id(rules, "", "", ""),
        taxonomy="",
        key="",
        label="",
        slug="",
        title=site.title,
        description=site.description or site.title,
        language=site.language,
        authors=site.authors or (Person(site.title),),
        alternate=page_url(rules, "") if rules.pages else f"{site.url}/",
        addresses=_addresses(rules, "", ""),
        hub=site.hub,
    )


def term_feed(term: Term, rules: FeedRules) -> Feed:
    """Return the feed of `term`."""
    site = rules.site
    folder = f"{term.taxonomy}/{term.slug}/"
    own = page_url(rules, folder) if rules.pages else f"{site.url}/"
    taxonomy = next(taxonomy for taxonomy in rules.taxonomies if taxonomy.name == term.taxonomy)
    return Feed(
        id=_feed_id(rules, term.taxonomy, term.key, term.slug),
        taxonomy=term.taxonomy,
        key=term.key,
        label=term.label,
        slug=term.slug,
        title=f"{site.title}: {term.label}",
        description=f"{term.label} – {site.description or site.title}",
        language=site.language,
        authors=site.authors or (Person(site.title),),
        alternate=_page(term, taxonomy, rules) or own,
        addresses=_addresses(rules, term.taxonomy, term.slug),
        hub=site.hub,
    )


def _page(term: Term, taxonomy: Taxonomy, rules: FeedRules) -> str:
    if not taxonomy.page:
        return ""
    path = quote(_STRAY_PERCENT.sub("%25", taxonomy.page), safe=_URL_SAFE).replace(":slug", quote(term.slug))
    path = path.replace(":label", quote(term.label, safe=""))
    return path if path.lower().startswith(("http://", "https://")) else f"{rules.site.url}/{path.lstrip('/')}"
