"""What a build does not do by itself: lose much of a site, or show subscribers more than they would believe (SPEC §7).

It compares the entries that dist remembers with those that would be published; a first build has nothing to compare.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from feeder.cache.posts import Posts
from feeder.cache.rows import sign
from feeder.config.slices import Limits
from feeder.errors import NothingToPublishError
from feeder.model.feed import Scope
from feeder.survey import Survey
from feeder.write.manifest import Manifest, known_by, mark, sighting

if TYPE_CHECKING:
    from feeder.plan.reposting import Repost, Sighting

_SHRINK_SHARE = 5  # a fifth
_SHRINK_ENTRIES = 10


class Shrinking(Enum):
    """Whether a build may drop a large part of the site."""

    REFUSED = "refused"
    ALLOWED = "allowed"


class Reposting(Enum):
    """Whether a build may show more entries under other ids than they are known by than its limits say."""

    REFUSED = "refused"
    ALLOWED = "allowed"


class Arriving(Enum):
    """Whether a build may show more new entries than its limits say."""

    REFUSED = "refused"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class Brakes:
    """What a build may do all the same, and up to how much of it nobody is asked; `home` is the site's own page."""

    limits: Limits
    home: str
    shrinking: Shrinking = Shrinking.REFUSED
    reposting: Reposting = Reposting.REFUSED
    arriving: Arriving = Arriving.REFUSED


@dataclass(frozen=True, slots=True)
class Stock:
    """All entries that are published, as manifests remember them."""

    marks: frozenset[str]
    sightings: frozenset[str]


def stock(before: Manifest, posts: Posts, survey: Survey, failed: Collection[str]) -> Stock:
    """Return what is published after a build, `failed` being the ids of entries that could not be rendered."""
    if survey.plan.scope is Scope.WHOLE or len(before.sightings) != len(before.marks):
        return _stock(_sightings(posts.sightings(), failed))
    withdrawn = {mark(entry) for entry in survey.withdrawn}
    kept = {one for one in before.sightings if known_by(one)[0] not in withdrawn}
    return _stock(kept | _sightings(survey.entered, failed))


def _stock(sightings: Iterable[str]) -> Stock:
    found = frozenset(sightings)
    return Stock(frozenset(known_by(one)[0] for one in found), found)


def _sightings(entries: Iterable[tuple[int, str, int, bytes]], failed: Collection[str]) -> set[str]:
    return {sighting(entry, published, signs) for _, entry, published, signs in entries if entry not in failed}


def refuse(before: Manifest, after: Stock, posts: Posts, survey: Survey, brakes: Brakes) -> None:
    """Raise NothingToPublishError where `after` is nothing, or not what subscribers of `before` would expect."""
    if not after.marks:
        raise NothingToPublishError(
            "there is no post to publish: nothing was published, and what was there is as it was"
        )
    _refuse_shrinking(before.marks, after.marks, brakes)
    if before.marks:
        _refuse_reposts(before, after, posts, survey, brakes)
        _refuse_arrivals(before.marks, after.marks, brakes)


def _refuse_shrinking(known: frozenset[str], marks: frozenset[str], brakes: Brakes) -> None:
    lost = len(known - marks)
    if brakes.shrinking is Shrinking.REFUSED and lost > _SHRINK_ENTRIES and lost * _SHRINK_SHARE > len(known):
        message = (
            f"{lost:,} of the {len(known):,} entries that were published would be gone: nothing was published; "
            "if that is meant, say --allow-shrink"
        )
        raise NothingToPublishError(message)


def _refuse_arrivals(known: frozenset[str], marks: frozenset[str], brakes: Brakes) -> None:
    limit, new = brakes.limits.max_new, len(marks - known)
    if brakes.arriving is Arriving.REFUSED and limit is not None and new > limit:
        message = (
            f"{new:,} entries would be new to subscribers, and max_new = {limit:,}: nothing was published; "
            "if that is meant, say --allow-new"
        )
        raise NothingToPublishError(message)


def _refuse_reposts(before: Manifest, after: Stock, posts: Posts, survey: Survey, brakes: Brakes) -> None:
    if brakes.reposting is Reposting.ALLOWED:
        return
    limit, found = brakes.limits.max_reposted, reposts(before.sightings, after.sightings, brakes.home)
    if len(found) <= limit:
        return
    one = found[0]
    row = next(row for row, entry, _, _ in posts.sightings() if mark(entry) == one.after.id)
    known = next((entry for entry in survey.withdrawn if mark(entry) == one.before.id), "")
    file = posts.load(row).head.source.file
    advice = f"write `id: {known}` into {file!r}" if known else f"give {file!r} the `id` that it had"
    several = "1 entry" if len(found) == 1 else f"{len(found):,} entries"
    message = (
        f"{several} that subscribers know would come back as new, under another id, and max_reposted = {limit:,}: "
        f"nothing was published; {advice}, keep a ledger before you rename posts, "
        "or if that is meant, say --allow-reposted"
    )
    raise NothingToPublishError(message)


def reposts(before: frozenset[str], after: frozenset[str], home: str) -> tuple[Repost, ...]:
    """Return what of the sightings `after` subscribers know under another id from `before`; `home` is nobody's link."""
    gone, come = before - after, after - before
    if not gone or not come:
        return ()
    from feeder.plan.reposting import reposted  # noqa: PLC0415 - seldom is anything both gone and come

    # Of the others only those count that have the link of one of these: then it is nobody's own.
    links = {known_by(one)[1] for one in (*gone, *come)} - {sign(home).hex()}
    return reposted(*(tuple(_seen(state, changed, links)) for state, changed in ((before, gone), (after, come))))


def _seen(state: frozenset[str], changed: frozenset[str], links: Collection[str]) -> Iterable[Sighting]:
    from feeder.plan.reposting import Sighting  # noqa: PLC0415 - as above

    for one in state:
        name, link, title = known_by(one)
        if one in changed or link in links:
            yield Sighting(name, link if link in links else "", title, None)
