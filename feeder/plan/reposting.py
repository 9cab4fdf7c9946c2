"""Which entries would come back to subscribers as new ones: those that they know under another id.

A reader knows an entry by its id alone (RFC 4287 §4.2.6). So this compares two states of a site by everything else that
a subscriber sees of an entry.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sighting:
    """An entry as subscribers see it; `digest` is that of its content, b"" where it is not known.

    Whoever compares digests of title and instant in one gives them as the `title`, and None as the instant.
    """

    id: str
    link: str
    title: str
    published: datetime | None
    digest: bytes = b""


@dataclass(frozen=True, slots=True)
class Repost:
    """An entry that stood under one id before, and stands under another one after."""

    before: Sighting
    after: Sighting


class _Signs:
    """What entries are known by: title and instant; their link and their content, where no other entry has the same."""

    def __init__(self, *states: Collection[Sighting]) -> None:
        # Many posts of a mirror share one link, those without pages have the site's, and some say the same each week.
        self._shared: set[Hashable] = set()
        for state in states:
            counts = Counter[Hashable](sign for one in state for sign in _own(one))
            self._shared.update(sign for sign, count in counts.items() if count > 1)

    def of(self, one: Sighting) -> Iterator[Hashable]:
        yield from (sign for sign in _own(one) if sign not in self._shared)
        if one.title:
            yield one.title, one.published

    def same(self, one: Sighting, other: Sighting) -> bool:
        return not set(self.of(one)).isdisjoint(self.of(other))


def reposted(before: Collection[Sighting], after: Collection[Sighting]) -> tuple[Repost, ...]:
    """Return what of `after` stood in `before` under another id, by the new ids; ids are unique in each of the two.

    An entry is the same as another if both have the same title and instant, the same link, or the same content, where
    link and content are no other entry's too. It is re-posted if its id is gone, or is another entry's now, and it
    stands under one that was not there, or was another entry's. Each entry counts once.
    """
    known, shown = {one.id: one for one in before}, {one.id: one for one in after}
    signs = _Signs(before, after)
    lost: defaultdict[Hashable, list[Sighting]] = defaultdict(list)
    for name in sorted(known, reverse=True):
        if name not in shown or not signs.same(known[name], shown[name]):
            for sign in signs.of(known[name]):
                lost[sign].append(known[name])
    found: list[Repost] = []
    taken: set[str] = set()
    for name in sorted(shown):
        one = shown[name]
        if name in known and signs.same(known[name], one):
            continue
        for sign in signs.of(one):
            while lost[sign] and lost[sign][-1].id in taken:
                lost[sign].pop()
            if lost[sign]:
                other = lost[sign].pop()
                taken.add(other.id)
                found.append(Repost(other, one))
                break
    return tuple(found)


def _own(one: Sighting) -> Iterator[Hashable]:
    if one.link:
        yield "link", one.link
    if one.digest:
        yield "content", one.digest
