"""The lists of all feeds, `feeds.opml` and `feeds.json`: of feeds that did not change their lines come from the cache.

So a build of one post among thousands of tags writes the lines of the feeds that it changed, and joins the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

from feeder.cache.listings import Lines, Listings
from feeder.config.slices import FeedRules
from feeder.errors import InputOutputError
from feeder.model.digest import digest
from feeder.model.feed import Document, Plan, Planned, Scope
from feeder.model.listing import Display, Listing
from feeder.normalise.site import as_text
from feeder.render import catalogue, opml
from feeder.render.formats import InvalidDocumentError

PATHS = frozenset((opml.NAME, catalogue.NAME))
"""Where the lists stand: at the top, where no term's feed does."""


class Cataloguing:
    """The lists of a site's feeds, on their way from one build to the next."""

    def __init__(self, listings: Listings, rules: FeedRules) -> None:
        self._listings = listings
        self._rules = replace(rules, site=as_text(rules.site))
        self._standing: set[str] = set()

    def knows(self, path: str, made_of: str) -> bool:
        """Say whether it is known what the feed at `path` shows that was joined by the plan of that fingerprint."""
        return self._listings.knows(path, made_of)

    def begin(self, plan: Plan) -> None:
        """Forget the feeds that are no more."""
        gone = list(plan.gone)
        if plan.scope is Scope.WHOLE:
            planned = {_path(one) for one in plan.planned}
            gone.extend(path for path in self._listings.paths() if path not in planned)
        self._listings.forget(gone)

    def take(self, path: str, made_of: str, display: Display) -> None:
        """Take note of what the feed at `path` shows; `made_of` is "" where it may come out otherwise."""
        self._listings.put(path, made_of, display)

    def stay(self, path: str) -> None:
        """Take note that the feed at `path` has documents, and that it is known what they show."""
        self._standing.add(path)

    def documents(
        self, planned: Iterable[Planned], total: Callable[[Planned], int], failed: Collection[str]
    ) -> Iterator[Document]:
        """Yield both lists; `total` says how many entries a feed has, `failed` are the ids of those that gave none."""
        for one in planned:
            self._describe(one, total(one) - sum(entry.id in failed for entry in one.plan.entries))
        order = self._order()
        site, listings = self._rules.site, self._listings
        lists = opml.document(site, map(listings.outlines, order))
        address = f"{self._rules.url}/{opml.NAME}"
        entries = catalogue.document(site, address, map(listings.entries, order))
        for name, data, check in ((opml.NAME, lists, opml.check), (catalogue.NAME, entries, catalogue.check)):
            try:
                check(data)
            except InvalidDocumentError as problem:
                message = f"{name} would not be well-formed ({problem}): nothing was published; please report it"
                raise InputOutputError(message) from None
            yield Document(name, data, digest(data).hex())

    def _describe(self, one: Planned, entries: int) -> None:
        """Write the lines of a feed anew; one that has no document has none."""
        feed, path = one.plan.feed, _path(one)
        display = self._listings.display(path) if path in self._standing else None
        if display is None:
            self._listings.forget((path,))
        else:
            entry = catalogue.line(Listing(feed, entries, display))
            self._listings.describe(path, Lines(feed.taxonomy, feed.slug, opml.outline(feed), entry))

    def _order(self) -> list[str]:
        """Return the taxonomies as they are listed: the site's own feed first, then as configured, then by name."""
        configured = {taxonomy.name: place for place, taxonomy in enumerate(self._rules.taxonomies, 1)}
        last = len(configured) + 1
        return sorted(self._listings.taxonomies(), key=lambda name: (configured.get(name, last) if name else 0, name))


def _path(one: Planned) -> str:
    return one.plan.feed.addresses[0].path
