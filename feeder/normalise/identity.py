"""Which posts are one entry, and what that entry's id is (SPEC §3): for ever the same, whatever moves around it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha1
from unicodedata import normalize
from uuid import NAMESPACE_URL, UUID, uuid5

from feeder.model.head import Head
from feeder.model.problem import Level, Problem
from feeder.model.source import Source
from feeder.model.term import RawTerm

_ID_LINE = 0


@dataclass(frozen=True, slots=True)
class Identified:
    """One entry to be: `head` gives everything but id and published; `copies` are the other files of the same post."""

    id: str
    published: datetime
    head: Head
    terms: tuple[RawTerm, ...]
    copies: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """The entries to be, oldest first (ties by path), and what was wrong with explicit ids."""

    posts: tuple[Identified, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """The copies of one post, oldest first, and the id that is derived for them."""

    heads: tuple[Head, ...]
    derived: UUID


@lru_cache(maxsize=8)
def site_namespace(site_id: str) -> UUID:
    """Return the namespace that ids without an origin grow from: UUIDv5(URL namespace, `site_id`)."""
    return uuid5(NAMESPACE_URL, site_id)


def group_of(head: Head) -> str:
    """Return the name of the group whose posts may be the same: those of one origin, or without one of one stem."""
    return f"origin {head.origin}" if head.origin else f"stem {head.stem}"


@dataclass(frozen=True, slots=True)
class Alone:
    """What a post is if it has no copies: its id, and the number (64 bits) of the group that its copies would be in."""

    id: str
    group: int


def alone(head: Head, site_id: str) -> Alone:
    """Return what a post is that no other one contests: as `identify`, at a third of the cost of UUID objects."""
    found = known_as(group_of(head), site_id)
    own = head.explicit_id or head.known_id
    return Alone(own, found.group) if own else found


def known_as(key: str, site_id: str) -> Alone:
    """Return what a post without an id of its own is that no other one contests; `key` is what its group is called."""
    kind, _, text = key.partition(" ")
    space = NAMESPACE_URL if kind == "origin" else site_namespace(site_id)
    # RFC 9562 §5.5: SHA-1, the version in the seventh byte's upper half, the variant in the ninth's upper two bits.
    found = sha1(space.bytes + text.encode(), usedforsecurity=False).digest()
    digits = (found[:6] + bytes((found[6] & 0x0F | 0x50, found[7], found[8] & 0x3F | 0x80)) + found[9:16]).hex()
    derived = f"urn:uuid:{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
    return Alone(derived, int.from_bytes(found[:8], "big", signed=True))


def clusters(heads: Iterable[Head], site_id: str) -> list[Cluster]:
    """Return one cluster for every different post among `heads`, oldest first (ties by path)."""
    namespace = site_namespace(site_id)
    groups: defaultdict[str, list[Head]] = defaultdict(list)
    for head in heads:
        groups[group_of(head)].append(head)
    found = [cluster for group in groups.values() for cluster in _clusters(group, namespace)]
    found.sort(key=lambda cluster: age(cluster.heads[0]))
    return found


def identify(heads: Iterable[Head], site_id: str) -> Identity:
    """Return one entry for every different post among `heads`, with ids that are unique in the site."""
    taken: set[str] = set()
    posts: list[Identified] = []
    problems: list[Problem] = []
    for cluster in clusters(heads, site_id):
        oldest = cluster.heads[0]
        explicit = next((head for head in cluster.heads if head.explicit_id), None)
        chosen = explicit.explicit_id if explicit else oldest.known_id or cluster.derived.urn
        if explicit and chosen in taken:
            message = (
                f"the id {chosen!r} belongs to an older post, so this one gets an id of its own: give it another `id`"
            )
            problems.append(Problem(explicit.source.file, _ID_LINE, Level.WARNING, "id-taken", message))
            chosen = oldest.known_id or cluster.derived.urn
        if chosen in taken:
            chosen = cluster.derived.urn
        derived = cluster.derived
        while chosen in taken:
            derived = uuid5(derived, place_of(oldest.source))
            chosen = derived.urn
        taken.add(chosen)
        posts.append(identified(cluster, chosen))
    return Identity(tuple(posts), tuple(problems))


def age(head: Head) -> tuple[datetime, str, str]:
    """Return the sort key of posts from the oldest on."""
    return head.published, head.source.path, head.source.root


def place_of(source: Source) -> str:
    """Return a post's path below its root as ids are made of it: NFC, and what is no UTF-8 in it escaped."""
    return normalize("NFC", source.path.encode(errors="backslashreplace").decode())


def _derived(head: Head, namespace: UUID) -> UUID:
    return uuid5(NAMESPACE_URL, head.origin) if head.origin else uuid5(namespace, head.stem)


def _clusters(group: list[Head], namespace: UUID) -> Iterator[Cluster]:
    origin = group[0].origin
    first_id = _derived(group[0], namespace)
    if len(group) == 1:
        yield Cluster((group[0],), first_id)
        return
    group.sort(key=age)
    given: set[UUID] = set()
    for heads in _same_posts(group):
        oldest = heads[0]
        derived = first_id
        if given:
            # Never `namespace` with stem and path together: a feed's name, taxonomy and key, could be the same text.
            derived = uuid5(first_id, oldest.stem if origin else place_of(oldest.source))
        if derived in given:
            derived = uuid5(derived, place_of(oldest.source))
        given.add(derived)
        yield Cluster(heads, derived)


def _same_posts(group: Sequence[Head]) -> list[tuple[Head, ...]]:
    """Part `group` (oldest first) into posts that are one by title, instant or body, directly or through others."""
    leader = list(range(len(group)))

    def find(index: int) -> int:
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    first: dict[tuple[str, Hashable], int] = {}
    for index, head in enumerate(group):
        # A title made of the file's name says nothing: all posts of one stem have it.
        signs: list[tuple[str, Hashable]] = [("title", head.title)] if head.titled else []
        if head.has_time:
            signs.append(("instant", head.published))
        if head.body_digest:
            signs.append(("body", head.body_digest))
        for sign in signs:
            one, other = sorted((find(index), find(first.setdefault(sign, index))))
            leader[other] = one
    found: defaultdict[int, list[Head]] = defaultdict(list)
    for index, head in enumerate(group):
        found[find(index)].append(head)
    return [tuple(heads) for heads in found.values()]


def identified(cluster: Cluster, chosen: str) -> Identified:
    """Return the entry that `cluster` is, under the id that was chosen for it."""
    heads = cluster.heads
    if len(heads) == 1:
        return Identified(chosen, heads[0].published, heads[0], heads[0].terms)
    newest = heads[-1].published
    shown = next(head for head in heads if head.published == newest)
    others = tuple(head for head in heads if head is not shown)
    terms = dict.fromkeys(term for head in (shown, *others) for term in head.terms)
    return Identified(chosen, heads[0].published, shown, tuple(terms), tuple(head.source for head in others))
