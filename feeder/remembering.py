"""The group-by of a site that keeps a ledger: which posts are one entry, and which entry of the ledger that is.

The lines of the ledger stand in the cache too, and are read again if its file is another. What a build changes in it is
kept there, and becomes the next ledger's text just before it publishes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from feeder.cache.ledger import Indexed, LedgerTable
from feeder.cache.posts import Member, Posts
from feeder.cache.store import Store
from feeder.config.slices import LedgerRules, Updating
from feeder.joining import Bodies, compared, joined, place
from feeder.ledger.file import Contents, read, write
from feeder.ledger.known import KNOWN, used_as
from feeder.ledger.text import HEADER, entry, entry_text, parse, slug_text
from feeder.model.digest import digest
from feeder.model.ledger import Line, Movement
from feeder.model.problem import Problem
from feeder.model.term import GivenSlug
from feeder.normalise.identity import Cluster, clusters, group_of, identified, known_as, place_of
from feeder.normalise.recall import Claim, Settled, settle

_SLUGS = "ledger slugs"


@dataclass(frozen=True, slots=True)
class _Known:
    """The file that the lines in the cache were read from: how it looked, and the digest of its bytes (hex)."""

    path: str
    look: str
    digest: str
    rules: str


class Memory:
    """A ledger, as one build uses it: `movement` is what the build changed in it."""

    def __init__(self, store: Store, rules: LedgerRules, site_id: str) -> None:
        self.movement = Movement()
        self._store = store
        self._rules = rules
        self._site_id = site_id
        self._table = LedgerTable(store)
        self._known = _Known(*json.loads(store.note(KNOWN) or '["", "", "", ""]'))
        self._changed = False

    def refresh(self, posts: Posts) -> None:
        """Read the ledger, and have every post looked at if it is another than the one that the cache knows.

        Raises UsageError where it cannot be read.
        """
        known, path, under = self._known, self._rules.path, used_as(self._rules, self._site_id)
        found = read(path)
        self._known = _Known(path, found.look, digest(found.data).hex(), under)
        if (known.path, known.digest, known.rules) != (path, self._known.digest, under):
            self._refill(found, path)
            posts.touched = None
        self._remember()

    def slugs(self, given: Iterable[GivenSlug]) -> tuple[GivenSlug, ...]:
        """Return `given`, which dist remembers, and those of the ledger that it does not know of."""
        kept = tuple(given)
        known = {(one.taxonomy, one.key) for one in kept}
        return *kept, *(one for one in self._slugs() if (one.taxonomy, one.key) not in known)

    def join(self, posts: Posts, bodies: Bodies) -> None:
        """Let every touched post show its entry, or be a copy; `bodies` reads digests of bodies that are compared."""
        posts.touch(posts.disputed())
        claims = list(self._claims(posts, bodies))
        if posts.touched is None:
            texts = self._table.strays()
        else:
            wanted = ((one.explicit, one.title, one.body) for one in claims)
            texts = self._table.near(posts.touched, wanted)
        lines = list(filter(None, map(entry, texts)))
        found = settle(claims, lines, self._table)
        if self._rules.updating is Updating.CONTENT:
            self._table.date(posts)
        self._keep(found.settled, lines)
        problems: dict[int, list[Problem]] = {}
        for key, problem in found.problems:
            problems.setdefault(known_as(key, self._site_id).group, []).append(problem)
        posts.dispute({grp: tuple(said) for grp, said in problems.items()})

    def write(self, slugs: Iterable[GivenSlug]) -> None:
        """Write what changed, with the slugs that are given now, so that a build from here on is the same build.

        Raises LockedError, CannotWriteError or InputOutputError; then nothing must be published.
        """
        given = {(one.taxonomy, one.key): one for one in (*self._slugs(), *slugs)}
        kept = json.dumps([(one.taxonomy, one.key, one.slug) for _, one in sorted(given.items())])
        if not self._changed and kept == self._store.note(_SLUGS):
            return
        self._store.remember(_SLUGS, kept)
        texts = sorted(slug_text(one) for one in given.values())
        data = "".join(f"{text}\n" for text in (HEADER, *self._table.texts(), *texts)).encode()
        if digest(data).hex() == self._known.digest:
            return
        seen = write(self._rules.path, data, self._known.look)
        self._known = _Known(self._known.path, seen, digest(data).hex(), self._known.rules)
        self._remember()

    def _refill(self, found: Contents, path: str) -> None:
        slugs: list[GivenSlug] = []

        def lines() -> Iterator[Indexed]:
            for one in parse(found.data, path):
                if isinstance(one, Line):
                    yield self._indexed(one)
                else:
                    slugs.append(one)

        self._table.refill(lines())
        self._store.remember(_SLUGS, json.dumps(sorted((one.taxonomy, one.key, one.slug) for one in slugs)))
        self._changed = True  # as it stands there it may be out of order

    def _slugs(self) -> list[GivenSlug]:
        return [GivenSlug(*one) for one in json.loads(self._store.note(_SLUGS) or "[]")]

    def _remember(self) -> None:
        known = self._known
        self._store.remember(KNOWN, json.dumps((known.path, known.look, known.digest, known.rules)))

    def _indexed(self, line: Line) -> Indexed:
        return Indexed(line, known_as(line.key, self._site_id).group, entry_text(line))

    def _claims(self, posts: Posts, bodies: Bodies) -> Iterator[Claim]:
        for _, members in compared(posts, self._site_id, bodies):
            by_place = {place(member.head.source): member for member in members}
            found = clusters((member.head for member in members), self._site_id)
            posts.join(joined(identified(one, one.derived.urn), by_place) for one in found)
            for one in found:
                shown = identified(one, "").head
                yield _claim(one, by_place[place(shown.source)])
        for n in self._table.unsettled(posts):
            member = posts.member(n)
            (alone,) = clusters((member.head,), self._site_id)
            yield _claim(alone, member)

    def _keep(self, settled: Iterable[Settled], lines: Iterable[Line]) -> None:
        """Keep what the posts are now, in the cache's rows and in its ledger."""
        by_content = self._rules.updating is Updating.CONTENT
        now = 0 if self._rules.now is None else int(self._rules.now.timestamp())
        before = {line.id: line for line in lines}
        new, updated = [], []
        named: list[tuple[str, int | None, int]] = []
        after: list[Line] = []
        for one in settled:
            claim, known = one.claim, one.line
            edited = known is not None and (known.title, known.body) != (claim.title, claim.body)
            moments = [claim.updated, claim.published]
            if known:
                moments.append(known.updated)
            if edited and by_content:
                moments.append(now)
            line = Line(one.id, claim.key, claim.title, claim.body, claim.published, max(moments))
            named.append((one.id, line.updated if by_content else None, claim.n))
            if line != before.pop(one.id, None):
                after.append(line)
            if one.id not in self._table:
                new.append(line)
            elif edited:
                updated.append(line)
        self._table.name(named)
        gone = [_left(line) for line in before.values() if not line.gone and not self._table.shows(line.id)]
        self._table.put(map(self._indexed, (*after, *gone)))
        self._changed = self._changed or bool(after or gone)
        self.movement = Movement(tuple(new), tuple(updated), tuple(gone))


def _left(line: Line) -> Line:
    return Line(line.id, line.key, line.title, line.body, line.published, line.updated, gone=True)


def _claim(cluster: Cluster, shown: Member) -> Claim:
    oldest = cluster.heads[0]
    explicit = next((head for head in cluster.heads if head.explicit_id), None)
    content = shown.content
    return Claim(
        n=shown.n,
        key=group_of(oldest),
        explicit=explicit.explicit_id if explicit else "",
        given=oldest.known_id,
        derived=cluster.derived.urn,
        title=content[:8],
        body=content[8:],
        published=int(oldest.published.timestamp()),
        updated=int(shown.head.updated.timestamp()),
        timed=oldest.has_time,
        place=place_of(oldest.source),
        age=(int(oldest.published.timestamp()), oldest.source.path, oldest.source.root),
        file=(explicit or oldest).source.file,
    )
