"""The group-by between the two maps: from entries to feeds (SPEC §6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from feeder.config.slices import FeedRules, Taxonomy
from feeder.model.entry import Entry
from feeder.model.feed import Address, Feed, FeedPlan
from feeder.model.term import Person, Term

# What may stand in an address as it is (RFC 3986 §2): a pattern may be encoded already.
_URL_SAFE = "/%:?#[]@!$&'()*+,;=~"

FILE_NAMES = {"atom": "atom.xml", "rss": "rss.xml", "json": "feed.json"}


def newest_first(entry: Entry) -> tuple[float, str]:
    """Return the sort key of every feed's order: newest first by published, ties by id."""
    return -entry.published.timestamp(), entry.id


def due(published: datetime, rules: FeedRules) -> bool:
    """Return whether a post of that date is to be shown: not before its time, unless the future was asked for."""
    return rules.now is None or published <= rules.now


def plan(entries: Iterable[Entry], rules: FeedRules) -> list[FeedPlan]:
    """Return the site's feed and one for every term, in the order of taxonomies, terms by slug; none is empty."""
    ordered = sorted(entries, key=newest_first)
    if not ordered:
        return []
    groups: defaultdict[Term, list[Entry]] = defaultdict(list)
    totals: defaultdict[Term, int] = defaultdict(int)
    for entry in ordered:
        for term in entry.terms:
            totals[term] += 1
            if len(groups[term]) < rules.limit:
                groups[term].append(entry)
    plans = [FeedPlan(_site_feed(rules), len(ordered), ordered[0].published, tuple(ordered[: rules.limit]))]
    for taxonomy in rules.taxonomies:
        for term in sorted((term for term in groups if term.taxonomy == taxonomy.name), key=lambda term: term.slug):
            shown = tuple(groups[term])
            plans.append(FeedPlan(_term_feed(term, taxonomy, rules), totals[term], shown[0].published, shown))
    return plans


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


def _site_feed(rules: FeedRules) -> Feed:
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
    )


def _term_feed(term: Term, taxonomy: Taxonomy, rules: FeedRules) -> Feed:
    site = rules.site
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
    )


def _page(term: Term, taxonomy: Taxonomy, rules: FeedRules) -> str:
    if not taxonomy.page:
        return ""
    path = quote(taxonomy.page, safe=_URL_SAFE).replace(":slug", quote(term.slug))
    path = path.replace(":label", quote(term.label, safe=""))
    return path if path.lower().startswith(("http://", "https://")) else f"{rules.site.url}/{path.lstrip('/')}"


def due_entries(plans: Sequence[FeedPlan]) -> list[Entry]:
    """Return every entry that some plan shows, once, newest first."""
    found = {entry.id: entry for plan in plans for entry in plan.entries}
    return sorted(found.values(), key=newest_first)
