"""The first half of a build: which posts there are, which entries they make, and in which feeds those stand.

walk → read → normalise → plan. What was read before and did not change is not read again, and only the feeds that hold
or held what did change are planned again: the cache has the heads, and every feed's order as an index over them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property, partial
from typing import TYPE_CHECKING

from feeder.cache.cards import Cards
from feeder.cache.codec import decode_located, encode_located
from feeder.cache.fragments import Fragments
from feeder.cache.listings import Listings
from feeder.cache.posts import Posts
from feeder.cache.rows import Reader
from feeder.cache.store import State, Store
from feeder.cache.terms import unkept
from feeder.collect.read import local_size
from feeder.collect.walk import Walked, runs
from feeder.collect.walk import fingerprint as fingerprint_of
from feeder.config.slices import Configuration
from feeder.engine.choice import Engines
from feeder.fingerprint import DOCUMENTS, FRAGMENTS, HEADS, fingerprint
from feeder.ledger.known import KNOWN, is_known
from feeder.model.feed import SITE, Plan, Planned, Scope
from feeder.model.head import Head
from feeder.model.ledger import Movement
from feeder.model.problem import Level, Problem
from feeder.model.source import Extent, LeftOut
from feeder.model.term import GivenSlug
from feeder.observer import Observer

if TYPE_CHECKING:
    from feeder.planning import Plans
    from feeder.remembering import Memory


_SAID = "said of queries"


class Condition(Enum):
    """How the documents of dist are: all as they were written, or not."""

    INTACT = "intact"
    TOUCHED = "touched"


@dataclass(frozen=True, slots=True)
class Published:
    """What dist says of the build before: the slugs once given, a fingerprint of all that it says, and how it is."""

    slugs: tuple[GivenSlug, ...] = ()
    state: str = ""
    condition: Condition = Condition.TOUCHED


@dataclass(frozen=True, slots=True)
class Survey:
    """The site before anything is rendered; `withdrawn` are the ids of entries that may have changed.

    `entered` are those that may be new, where a part is planned, as `Posts.sightings` yields them.
    """

    plan: Plan
    withdrawn: tuple[str, ...]
    entered: tuple[tuple[int, str, int, bytes], ...]
    left_out: tuple[LeftOut, ...]
    other_files: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]


class Surveyor:
    """What a build knows of the site: the tables of the cache, and how they are brought up to date."""

    def __init__(self, site: Configuration, store: Store, engines: Engines, observer: Observer) -> None:
        self.site = site
        self.store = store
        self.engines = engines
        self.posts = Posts(store)
        self.fragments = Fragments(store)
        self.listings = Listings(store)
        self.cards = Cards(store)
        self._observer = observer

    @cached_property
    def plans(self) -> Plans:
        """The terms and the feeds of the site."""
        from feeder.planning import Plans  # noqa: PLC0415 - where nothing changed, nothing is planned

        return Plans(self.site, self.store, self.posts)

    @cached_property
    def memory(self) -> Memory:
        """The ledger of a site that keeps one."""
        from feeder.remembering import Memory  # noqa: PLC0415 - as above

        return Memory(self.store, self.site.ledger, self.site.site.id)

    @property
    def movement(self) -> Movement | None:
        """What this build changed in the ledger, None for a site that keeps none."""
        if "memory" in vars(self):
            return self.memory.movement
        return Movement() if self.site.ledger.path else None

    def survey(self, walked: Walked, published: Published) -> Survey:
        """Read what is new, and plan what may have changed; problems are told in order."""
        self._read(walked)
        changed = self.posts.touched is None or bool(self.posts.touched)
        if changed:
            self._join()
        anew = self.posts.touched is None or self._is_outdated(published)
        plan = Plan()
        if changed or anew:
            slugs = self.memory.slugs(published.slugs) if self.site.ledger.path else published.slugs
            plan = self.plans.make(slugs, Scope.WHOLE if anew else Scope.PART)
        noted = list(self.posts.noted())
        left_out = [*walked.left_out, *(one for one in noted if isinstance(one, LeftOut))]
        left_out.extend(map(_not_yet, self.posts.future()))
        heads = [one for one in noted if isinstance(one, Head)]
        found = (*walked.problems, *self.posts.disputes(), *self._unkept(), *self._about_queries(plan))
        problems = sorted((*found, *_problems(heads, left_out)))
        for problem in problems:
            self._observer.problem(problem)
        return Survey(
            plan=plan,
            withdrawn=tuple(entry for entry, _, _ in self.posts.withdrawn),
            entered=tuple(self.posts.sightings(self.posts.touched)) if plan.scope is Scope.PART else (),
            left_out=tuple(left for left in left_out if left.is_post),
            other_files=tuple(left for left in left_out if not left.is_post),
            problems=tuple(problems),
        )

    def show(self, histories: Mapping[tuple[int, str], Sequence[str]]) -> None:
        """Note which archive documents show stretches, by their terms and names."""
        for (term, name), documents in histories.items():
            self.plans.histories.stretches.show(term, name, documents)

    def total(self, planned: Planned) -> int:
        """Return how many entries belong to a feed, whether its documents show them or not."""
        return self.posts.count() if planned.term == SITE else self.plans.terms.total(planned.term)

    def _about_queries(self, plan: Plan) -> Iterator[Problem]:
        """Yield what is wrong with the site's queries: as planned now, or as it was planned last."""
        if plan.scope is not Scope.NOTHING:
            said = encode_located(plan.problems)
            if said != (self.store.note(_SAID) or "[]"):
                self.store.remember(_SAID, said)
        for problem in decode_located(self.store.note(_SAID) or "[]"):
            line = self.site.feeds.queries[problem.line].line
            yield replace(problem, file=self.site.name, line=line)

    def remember(self, state: str, survey: Survey) -> None:
        """Note what the next build compares with; `state` is the fingerprint of what dist says now."""
        self.store.remember("state", state)
        self.store.remember("feeds", self._feeds_fingerprint())
        planned = survey.plan.planned
        files = {file.path: file.size for one in planned for entry, _ in one.entries() for file in entry.files}
        if survey.plan.scope is Scope.PART:
            files = {**self._local_files(), **files}
        self.store.remember("files", json.dumps(files))
        self.fragments.prune()

    def _read(self, walked: Walked) -> None:
        """Bring the rows of posts up to date with the files, and with the time."""
        store = self.store
        if store.state is State.TOUCHED:
            self.posts.proof(self._now)
            self.fragments.proof()
            self.listings.proof()
        rules = fingerprint(HEADS, self.site.posts, self.site.site.id, self._reader.extent).hex()
        if store.note("heads") != rules:
            self.posts.clear()
            store.remember("heads", rules)
            store.remember("walk", "")
        if self.site.ledger.path and not is_known(store.note(KNOWN), self.site.ledger, self.site.site.id):
            self.memory.refresh(self.posts)
        now = self._now
        before: dict[str, str] = json.loads(store.note("walk") or "{}")
        found = runs(walked.sources, before)
        after = {run.low: fingerprint_of(run.sources).hex() for run in found}
        if not self.posts.fleeting():
            found = [run for run in found if before.get(run.low) != after[run.low]]
        if found:
            from feeder.reading import read_posts  # noqa: PLC0415 - where nothing changed, nothing is read

            read_posts(self.posts, found, self._reader, self.engines, self._observer)
            store.remember("walk", json.dumps(after))
        if then := store.note("now"):
            self.posts.let_time_pass(None if then == "never" else int(then), now)
        self.posts.settle()
        if not then or self.posts.touched is None or self.posts.touched:
            store.remember("now", "never" if now is None else str(now))

    def _join(self) -> None:
        """Find out which posts are one entry, and put the entries into their terms."""
        from feeder.joining import join_posts  # noqa: PLC0415 - as above
        from feeder.reading import read_bodies  # noqa: PLC0415

        bodies = partial(read_bodies, reader=self._reader, engines=self.engines)
        if self.site.ledger.path:
            self.memory.join(self.posts, bodies)
        else:
            join_posts(self.posts, self.site.site.id, bodies)

    @property
    def _now(self) -> int | None:
        return None if self.site.feeds.now is None else int(self.site.feeds.now.timestamp())

    @property
    def _reader(self) -> Reader:
        # A ledger knows posts again by their bodies, too.
        extent = Extent.WHOLE if self.site.ledger.path else Extent.FRONT
        return Reader(self.site.posts, self.site.site.id, self._now, extent)

    def _is_outdated(self, published: Published) -> bool:
        """Say whether every feed must be looked at, though no post may have changed."""
        return (
            published.state != self.store.note("state")
            or published.condition is not Condition.INTACT
            or self.store.note("feeds") != self._feeds_fingerprint()
            or any(local_size(self.site.walk.folder, path) != size for path, size in self._local_files().items())
        )

    def _unkept(self) -> Iterator[Problem]:
        """Yield what is to be said of feeds that are not at every address that they had elsewhere."""
        for message in unkept(self.store).values():
            yield Problem(self.site.name or "feeder.toml", 0, Level.WARNING, "address-not-kept", message)

    def _local_files(self) -> dict[str, int]:
        found: dict[str, int] = json.loads(self.store.note("files") or "{}")
        return found

    def _feeds_fingerprint(self) -> str:
        site = self.site
        return fingerprint(DOCUMENTS, FRAGMENTS, replace(site.feeds, now=None), site.content, site.hosting).hex()


def _problems(heads: Iterable[Head], left_out: Iterable[LeftOut]) -> Iterator[Problem]:
    for head in heads:
        yield from head.problems
    for left in left_out:
        if left.is_post:
            yield from (one for one in (left.reason, *left.problems) if one.level is not Level.NOTE)


def _not_yet(found: Head) -> LeftOut:
    message = f"it is dated {found.published:%Y-%m-%d %H:%M:%S} UTC, which is still to come (--future shows it now)"
    return LeftOut(found.source, Problem(found.source.file, 0, Level.NOTE, "future", message), found.problems)
