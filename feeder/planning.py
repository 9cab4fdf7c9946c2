"""The plan: what the site's terms are called, and which entries stand in which feed, as the cache's index has them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from feeder.cache.codec import decode_terms, instant
from feeder.cache.posts import Posts, Shown
from feeder.cache.store import Store
from feeder.cache.terms import Terms, remember_unkept, unkept
from feeder.collect.read import local_size
from feeder.config.slices import CAPPED, QUERIES, SITE_ARCHIVE, Configuration
from feeder.fingerprint import DOCUMENTS, FRAGMENTS, entry_key, fingerprint
from feeder.histories import Drafts, Histories
from feeder.model.digest import digest
from feeder.model.entry import Entry, LocalFile
from feeder.model.feed import SITE, Archive, Feed, FeedPlan, Plan, Planned, Scope, Stretch
from feeder.model.head import Head
from feeder.model.term import GivenSlug, Term
from feeder.normalise.identity import Identified
from feeder.normalise.site import as_text
from feeder.normalise.slug import key
from feeder.normalise.vocabulary import Unkept, Vocabulary, entries, scheme, vocabulary
from feeder.pageplans import PagePlans
from feeder.plan.aliases import aliased, leads_to, refuse_lost, refuse_taken
from feeder.plan.archive import document, folders
from feeder.plan.plan import page_path, site_feed, term_feed
from feeder.plan.rhythm import rhythm
from feeder.plan.window import Planning, spread, window
from feeder.querying import Queries


class Plans:
    """The terms and the feeds of a site whose posts are in the cache."""

    def __init__(self, site: Configuration, store: Store, posts: Posts) -> None:
        self.terms = Terms(store, key)
        self._site = site
        self._store = store
        self._posts = posts
        self._rules = replace(site.feeds, site=as_text(site.feeds.site))
        self.histories = Histories(store, self.terms, posts, site.feeds.limit)
        self._queries = Queries(self._rules, store, posts, self.terms)

    def make(self, given: Iterable[GivenSlug], scope: Scope) -> Plan:
        """Bring the terms up to date with the posts, and plan the feeds that may have changed; all in the whole scope.

        `given` are the slugs once given. Where a term is not called any more what it was, that is the whole scope too.
        """
        before = self.terms.known()
        self._sort_in(scope)
        documents = self._documents()
        rules = self._rules
        named = vocabulary(self.terms.spellings(), rules.taxonomies, rules.url, given, rules.scheme)
        found = named.terms
        self.terms.name(found)
        for term in found:
            known = before.get((term.taxonomy, term.key))
            if known and (known.label, known.slug) != (term.label, term.slug):
                scope = Scope.WHOLE
        words = self._vocabulary()
        self._note(named, words)
        pages = PagePlans(self._posts, self.terms, self._rules, words.terms)
        gone: tuple[str, ...] = ()
        if scope is Scope.PART:
            self.terms.touched.update(pages.moved(before))
            after = {(term.taxonomy, term.key) for term in words.terms}
            vanished = {
                self.terms.number(*place): aliased(term_feed(term, self._rules), self._rules)
                for place, term in before.items()
                if place not in after
            }
            gone = tuple(
                path for number, feed in vanished.items() for path in _paths(feed, ("", *documents.get(number, ())))
            )
            if self._rules.pages:
                gone += tuple(page_path(feed.taxonomy, feed.slug) for feed in vanished.values())
        planned = tuple(self._feeds(words, scope, pages))
        if planned and self._rules.aliases:
            self._refuse_aliases(scope, planned, gone)
        wrong = tuple(self._queries.problems(words.terms))
        return Plan(scope, planned, gone, words.terms, wrong)

    def entries(self, rows: Iterable[int]) -> dict[int, Entry]:
        """Return the entries that `rows` show."""
        return self._entries(rows, self._vocabulary())

    def _note(self, named: Vocabulary, words: Vocabulary) -> None:
        """Remember which terms have no longer an address that they had elsewhere: every build says so."""
        places = self._rules.scheme
        before = unkept(self._store)
        fresh = {_place(term) for term in named.terms}
        there = {_place(term) for term in words.terms} - fresh if before else set()
        notes = {place: message for place, message in before.items() if place in there}
        kept = {alias.old for alias in self._rules.aliases}
        for one in named.unkept:
            if message := _unkept(one, places.path(one.term.taxonomy, one.term.slug), kept):
                notes[_place(one.term)] = message
        if notes != before:
            remember_unkept(self._store, notes)

    def _refuse_aliases(self, scope: Scope, planned: Iterable[Planned], gone: Iterable[str]) -> None:
        """Raise UsageError for an alias that cannot be: of feeds that are as they were it is known that it can."""
        aliases, name = self._rules.aliases, self._site.name
        paths = [address.path for one in planned for address in one.plan.feed.addresses]
        archives = [place for one in planned if one.archive for place in folders(one.plan.feed)]
        refuse_taken(aliases, (*paths, *archives), name)
        leading = {alias for alias in aliases if leads_to(alias, paths)}
        asked = aliases if scope is Scope.WHOLE else {alias for alias in aliases if leads_to(alias, gone)}
        refuse_lost(aliases, set(asked) - leading, name)

    def _sort_in(self, scope: Scope) -> None:
        """Put the entries that changed into their terms."""
        if self._posts.touched is None:
            self.terms.clear()
        else:
            self.terms.open()
            self.terms.withdraw(self._posts.withdrawn)
        self.terms.add(self._posts.shown())
        self._queries.sort_in()
        if self._posts.touched is not None and scope is Scope.WHOLE:
            self.terms.touch_all()

    def _documents(self) -> dict[int, tuple[str, ...]]:
        """Return the names of the archive documents of the feeds that changed: they may be going to be forgotten."""
        if not self._rules.archive:
            return {}
        known = ((number, self.histories.stretches.of(number)) for number in self.terms.touched)
        return {number: tuple(name for one in stretches for name in one.documents) for number, stretches in known}

    def _feeds(self, words: Vocabulary, scope: Scope, pages: PagePlans) -> Iterator[Planned]:
        rules = self._rules
        order = {taxonomy.name: place for place, taxonomy in enumerate(rules.taxonomies)}
        windows = {SITE: self._site_window()}
        feeds = {SITE: aliased(site_feed(rules), rules)}
        for term in sorted(words.terms, key=lambda term: (order[term.taxonomy], term.slug)):
            number = self.terms.number(term.taxonomy, term.key)
            if scope is Scope.WHOLE or number in self.terms.touched:
                windows[number] = window(self.terms.dated(number), rules.limit, rules.hours)
                feeds[number] = aliased(term_feed(term, rules), rules)
        if not windows[SITE].rows:
            return
        drafts = self._drafts(feeds, windows, scope)
        wanted = [one.rows for one in windows.values()]
        wanted += [draft.rows for one in drafts.values() for draft in one.stretches]
        found = self._entries((row for rows in wanted for row in rows), words)
        revised = {
            number: self.histories.revised(number, one, windows[number].rows, found) for number, one in drafts.items()
        }
        found |= self._entries((row for rows in revised.values() for row in rows if row not in found), words)
        rendering = fingerprint(FRAGMENTS, self._site.content)
        keys = {row: entry_key(entry, rendering) for row, entry in found.items()}
        limits = fingerprint(DOCUMENTS, rules.limit, rules.max_bytes)
        for number, feed in feeds.items():
            rows, busiest = windows[number].rows, windows[number].busiest
            own = tuple(keys[row] for row in rows)
            shown = tuple(found[row] for row in rows)
            kept = replace(feed, rhythm=rhythm([entry.published for entry in shown]))
            said = (busiest,) if busiest > 1 else ()  # of one entry an hour there is nothing to say
            made_of = digest(b"".join((limits, fingerprint(kept, *said), *own))).hex()
            archive = None
            if number in drafts:
                again = tuple((found[row], keys[row]) for row in revised[number])
                archive = replace(_archive(feed, drafts[number], found, keys), revised=again)
            plan = FeedPlan(kept, shown, made_of, busiest)
            yield Planned(number, plan, own, archive, pages.page(number, plan))

    def _site_window(self) -> Planning:
        rules = self._rules
        if not rules.per_source:
            return window(self._posts.dated(), rules.limit, rules.hours)
        newest = ((n, shown, self.terms.of(CAPPED, terms)) for n, shown, terms in self._posts.sorted())
        return window(spread(newest, rules.per_source), rules.limit, rules.hours)

    def _drafts(self, feeds: Mapping[int, Feed], windows: Mapping[int, Planning], scope: Scope) -> dict[int, Drafts]:
        """Return the history of the feeds that have archives, as far as it may have changed; all in the whole scope."""
        asked = self._rules.archive
        numbers = [number for number, feed in feeds.items() if (feed.taxonomy or SITE_ARCHIVE) in asked]
        if numbers or scope is Scope.WHOLE:
            # A query may have had any entry: what it never had changes nothing in its history.
            self.histories.begin(scope, self.terms.numbers(QUERIES))
        return {number: self.histories.drafts(number, len(windows[number].rows)) for number in numbers}

    def _entries(self, rows: Iterable[int], words: Vocabulary) -> dict[int, Entry]:
        numbers = list(dict.fromkeys(rows))
        posts = [_identified(self._posts.load(number)) for number in numbers]
        made = entries(posts, words, self._rules.taxonomies)
        return {
            number: replace(entry, files=self._sizes(post.head)) if post.head.files else entry
            for number, post, entry in zip(numbers, posts, made, strict=True)
        }

    def _vocabulary(self) -> Vocabulary:
        schemes = {taxonomy.name: scheme(self._rules.url, taxonomy.name) for taxonomy in self._rules.taxonomies}
        return Vocabulary(tuple(replace(term, scheme=schemes[term.taxonomy]) for term in self.terms.known().values()))

    def _sizes(self, head: Head) -> tuple[LocalFile, ...]:
        return tuple(LocalFile(path, local_size(self._site.walk.folder, path)) for path in head.files)


def _archive(feed: Feed, drafts: Drafts, entries: Mapping[int, Entry], keys: Mapping[int, bytes]) -> Archive:
    stretches = tuple(
        Stretch(
            draft.name,
            tuple(entries[row] for row in draft.rows),
            tuple(keys[row] for row in draft.rows),
            draft.documents,
        )
        for draft in drafts.stretches
    )
    paths = tuple(_paths(feed, drafts.documents))
    return Archive(drafts.reach, stretches, fingerprint(DOCUMENTS), drafts.replaced, paths)


def _paths(feed: Feed, names: Iterable[str]) -> Iterator[str]:
    """Yield the paths of the archive documents `names` of a feed; of its own documents for ""."""
    for name in names:
        yield from (document(feed, name) if name else feed).paths


def _identified(shown: Shown) -> Identified:
    return Identified(shown.id, instant(shown.published), shown.head, decode_terms(shown.terms))


def _place(term: Term) -> str:
    return f"{term.taxonomy}/{term.key}"


def _unkept(one: Unkept, path: str, kept: Collection[str]) -> str:
    """Return what is to be said of addresses that a term's feed at `path` has lost, but for those that are `kept`."""
    what = f"the feed of {one.term.label!r} ({one.term.taxonomy}) stands at {path}"
    if one.taken:
        return f"{what}, since another one stands at {', '.join(one.taken)}"
    lost = [old for old in one.spelled if old not in kept]
    advice = (
        f"an alias keeps the address: [[feeds.alias]] old = {json.dumps(lost[0])}, new = {json.dumps(path)}"
        if lost
        else ""
    )
    return f"{what} alone, and no longer at {', '.join(lost)}, since both are one term; {advice}" if lost else ""
