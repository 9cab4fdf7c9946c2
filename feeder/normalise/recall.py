"""Which entries of the ledger the posts of a site are, and so what ids they have: for ever the same (docs/ledger.md).

A post is known again by what it is called (its origin or its stem), and by what it says: its title, its body, and when
it was published. What agrees most is asked first, over all posts; an entry of the ledger is one post's alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Container, Hashable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from feeder.model.ledger import NOTHING, Line
from feeder.model.problem import Level, Problem


@dataclass(frozen=True, slots=True)
class Claim:
    """A post, or several copies of one, that asks for its id; `n` is its row's number.

    `key` is what its group is called; `explicit` is the id that its front matter gives, `given` the one that another
    program gave it, both "" for none, and `derived` the one that its origin or stem gives. `title` and `body` are
    digests as in a Line, `published` and `updated` are in seconds, `timed` says that its date had a time of day.
    `place` is its oldest copy's path as ids are made of it, `age` orders claims from the oldest on, `file` is its name
    for people.
    """

    n: int
    key: str
    explicit: str
    given: str
    derived: str
    title: bytes
    body: bytes
    published: int
    updated: int
    timed: bool
    place: str
    age: tuple[int, str, str]
    file: str


@dataclass(frozen=True, slots=True)
class Settled:
    """The id of a claim, and the line of the ledger that it had before: None for a new entry."""

    claim: Claim
    id: str
    line: Line | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """All claims with their ids, and what was wrong with explicit ones, by the keys of their groups."""

    settled: tuple[Settled, ...]
    problems: tuple[tuple[str, Problem], ...]


Sign = Callable[[Claim | Line], Hashable]


def settle(claims: Iterable[Claim], lines: Iterable[Line], known: Container[str]) -> Settlement:
    """Return what each of `claims` is; `lines` are those of the ledger that no other post has, `known` all its ids.

    All claims of a group (those of one key) are given together, with all lines of that key.
    """
    waiting = sorted(claims, key=lambda claim: claim.age)
    recalled = _Recall(waiting, lines).found
    taken: set[str] = set()
    ids: dict[int, str] = {}
    problems: list[tuple[str, Problem]] = []
    for claim in waiting:
        line = recalled.get(claim.n)
        if line and claim.explicit in ("", line.id):
            ids[claim.n] = line.id
            continue
        chosen = claim.explicit
        if not chosen or chosen in taken or chosen in known:
            if chosen:
                problems.append((claim.key, _is_taken(claim)))
            chosen = line.id if line else _derived(claim, taken, known)
        taken.add(chosen)
        ids[claim.n] = chosen
    _order_twins(waiting, ids)
    had = {line.id: line for line in recalled.values()}
    settled = (Settled(one, ids[one.n], had.get(ids[one.n], recalled.get(one.n))) for one in waiting)
    return Settlement(tuple(settled), tuple(problems))


def _derived(claim: Claim, taken: Container[str], known: Container[str]) -> str:
    """Return the id of a new entry: what the ledger gave once, to whomever, is never given again."""
    if claim.given and claim.given not in taken and claim.given not in known:
        return claim.given
    chosen = claim.derived
    while chosen in taken or chosen in known:
        chosen = uuid5(UUID(chosen), claim.place).urn
    return chosen


def _is_taken(claim: Claim) -> Problem:
    message = (
        f"the id {claim.explicit!r} belongs to another post or is another's in the ledger, so this one has an id of "
        "its own: give it another `id`"
    )
    return Problem(claim.file, 0, Level.WARNING, "id-taken", message)


def _order_twins(claims: Sequence[Claim], ids: dict[int, str]) -> None:
    """Give claims that nothing tells apart their ids in order: so the next build, which asks the ledger, does too."""
    twins: defaultdict[Hashable, list[Claim]] = defaultdict(list)
    for one in claims:
        twins[one.key, _exactly(one)].append(one)
    for alike in twins.values():
        given = {ids[one.n] for one in alike}
        others = []
        for one in alike:
            if one.explicit in given:
                ids[one.n] = one.explicit
                given.remove(one.explicit)
            else:
                others.append(one.n)
        ids.update(zip(others, sorted(given), strict=True))


class _Recall:
    """Pairs claims with lines, the surest signs first: `found` are the lines by the numbers of claims."""

    def __init__(self, claims: Sequence[Claim], lines: Iterable[Line]) -> None:
        self.found: dict[int, Line] = {}
        self._claims = {claim.n: claim for claim in claims}  # those that wait, the oldest first
        # What a post was until now comes before what was gone already.
        self._lines = {line.id: line for line in sorted(lines, key=lambda line: (line.gone, line.id))}
        self._crowded = {key for key, count in Counter(claim.key for claim in claims).items() if count > 1}
        standing = Counter(line.key for line in self._lines.values() if not line.gone)
        self._crowded.update(key for key, count in standing.items() if count > 1)
        # Not by its id alone: a post may claim one that was given to another of its name.
        self._by_id(lambda claim, line: (claim.key, _exactly(claim)) == (line.key, _exactly(line)))
        for sign in (_exactly, _content, _title_then, _body_then):
            self._in_order(_in_place(sign))
        self._by_id(lambda claim, line: claim.explicit == line.id)
        self._in_order(_all)
        self._one_by_one(_content)
        for sign in (_title, _body, _instant):
            self._in_order(_in_place(sign))
        for sign in (_title_then, _body_then):
            self._one_by_one(sign)
        self._in_order(self._only)

    def _by_id(self, agree: Callable[[Claim, Line], bool]) -> None:
        for claim in list(self._claims.values()):
            line = self._lines.get(claim.explicit)
            if line and agree(claim, line):
                self._pair(claim, line)

    def _in_order(self, sign: Sign) -> None:
        """Pair what has one sign, in the order that claims and lines have."""
        lines: defaultdict[Hashable, deque[Line]] = defaultdict(deque)
        for line in self._lines.values():
            lines[sign(line)].append(line)
        for claim in list(self._claims.values()):
            found = sign(claim)
            if found is not None and lines[found]:
                self._pair(claim, lines[found].popleft())

    def _one_by_one(self, sign: Sign) -> None:
        """Pair the only claim that has a sign with the only line that has it; with one that stood until now first."""
        lines: defaultdict[Hashable, list[Line]] = defaultdict(list)
        for line in self._lines.values():
            lines[sign(line)].append(line)
        claims = Counter(map(sign, self._claims.values()))
        for claim in list(self._claims.values()):
            found = sign(claim)
            if found is None or claims[found] > 1:
                continue
            standing = [line for line in lines[found] if not line.gone] or lines[found]
            if len(standing) == 1:
                self._pair(claim, standing[0])

    def _pair(self, claim: Claim, line: Line) -> None:
        self.found[claim.n] = line
        del self._claims[claim.n], self._lines[line.id]

    def _only(self, one: Claim | Line) -> Hashable:
        """All that a post says was changed at once: it is the same if nothing else is or was there under its name."""
        return None if one.key in self._crowded or (isinstance(one, Line) and one.gone) else one.key


def _in_place(sign: Sign) -> Sign:
    def signed(one: Claim | Line) -> Hashable:
        found = sign(one)
        return None if found is None else (one.key, found)

    return signed


def _exactly(one: Claim | Line) -> Hashable:
    return one.title, one.body, one.published


def _all(one: Claim | Line) -> Hashable:
    says_nothing = one.title == NOTHING and one.body == NOTHING
    return None if says_nothing else _exactly(one)


def _content(one: Claim | Line) -> Hashable:
    return None if one.body == NOTHING else (one.title, one.body)


def _title_then(one: Claim | Line) -> Hashable:
    return None if one.title == NOTHING else (one.title, one.published)


def _body_then(one: Claim | Line) -> Hashable:
    return None if one.body == NOTHING else (one.body, one.published)


def _title(one: Claim | Line) -> Hashable:
    return None if one.title == NOTHING else one.title


def _body(one: Claim | Line) -> Hashable:
    return None if one.body == NOTHING else one.body


def _instant(one: Claim | Line) -> Hashable:
    return None if isinstance(one, Claim) and not one.timed else one.published
