"""The group-by: which of the posts in the cache are one entry, and what its id is (SPEC §3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from feeder.cache import codec
from feeder.cache.posts import Joined, Member, Posts
from feeder.model.problem import Problem
from feeder.model.source import Source
from feeder.normalise.identity import Identified, age, identify

Place = tuple[str, str]
Bodies = Callable[[Sequence[Source]], Mapping[Place, bytes]]


def join_posts(posts: Posts, site_id: str, bodies: Bodies) -> None:
    """Let every touched post show its entry, or be a copy; `bodies` reads the digests of bodies that must be compared.

    A post that is alone in its group shows what it says itself; what several groups claim is settled among these.
    """
    posts.touch(posts.disputed())
    problems: dict[int, tuple[Problem, ...]] = {}
    for grp, members in compared(posts, site_id, bodies):
        if found := _join(posts, members, site_id):
            problems[grp] = found
    claimed = posts.claimed_twice()
    if claimed:
        claimed, members = _closed(posts, claimed, site_id)
        posts.touch(claimed)
        said = _join(posts, members, site_id)
        # What was said of one group alone is said again of all of them together.
        problems |= dict.fromkeys(claimed, ()) | {min(claimed): said}
    posts.dispute(problems)


def _closed(posts: Posts, claimed: set[int], site_id: str) -> tuple[set[int], list[Member]]:
    """Return `claimed` with every group that holds an id which one of them would then take, and all their members."""
    while True:
        members = [member for grp in sorted(claimed) for member in posts.members(grp)]
        found = identify((member.head for member in members), site_id)
        others = {grp for post in found.posts for grp in posts.holders(post.id)} - claimed
        if not others:
            return claimed, members
        claimed |= others


def compared(posts: Posts, site_id: str, bodies: Bodies) -> Iterator[tuple[int, list[Member]]]:
    """Yield the groups of several posts, with the digests of bodies where these decide: they only ever join posts."""
    groups = list(posts.groups())
    unclear = [
        member
        for _, members in groups
        if len(identify((replace(one.head, body_digest=b"") for one in members), site_id).posts) > 1
        for member in members
        if member.body is None
    ]
    found = bodies([member.head.source for member in unclear]) if unclear else {}
    for member in unclear:
        posts.compared(member.n, found[place(member.head.source)])
    for grp, members in groups:
        yield grp, [_with_body(member, found) for member in members]


def _with_body(member: Member, bodies: Mapping[Place, bytes]) -> Member:
    body = bodies.get(place(member.head.source))
    return member if body is None else replace(member, head=replace(member.head, body_digest=body), body=body)


def _join(posts: Posts, members: Sequence[Member], site_id: str) -> tuple[Problem, ...]:
    """Let `members` show the entries that they are; return what is wrong with their ids."""
    found = identify((member.head for member in members), site_id)
    by_place = {place(member.head.source): member for member in members}
    posts.join(joined(post, by_place) for post in found.posts)
    return found.problems


def joined(post: Identified, members: Mapping[Place, Member]) -> Joined:
    """Return what the row of `post` shows, and which of `members` are its copies."""
    shown = members[place(post.head.source)]
    if not post.copies:
        return Joined(shown.n, post.id, int(post.published.timestamp()))
    copies = [shown, *(members[place(source)] for source in post.copies)]
    oldest = min(copies, key=lambda member: age(member.head))
    terms = codec.encode_terms(post.terms)
    return Joined(
        shown.n, post.id, int(post.published.timestamp()), terms, oldest.n, tuple(copy.n for copy in copies[1:])
    )


def place(source: Source) -> Place:
    """Return what members are found by."""
    return source.root, source.path
