"""What `feeder init` found, in lines for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from feeder.config.scheme import Compat
from feeder.model.problem import printable
from feeder.proposal.census import Census, Count
from feeder.proposal.facts import Facts, Kind
from feeder.proposal.propose import Proposal

_SHOWN = 12


def lines(proposal: Proposal) -> Iterator[str]:
    """Yield what was found, then what is still to be done."""
    facts, census = proposal.facts, proposal.census
    for line in (*_site(facts), *_posts(census), *_doubts(census), *_next(facts)):
        yield printable(line)


def _site(facts: Facts) -> Iterator[str]:
    yield f"a site of {facts.kind.value}" + (f", by {facts.file}" if facts.file else "")
    yield f"  address     {facts.url or 'not found: write it into `url` of feeder.toml'}"
    if facts.title:
        yield f"  title       {facts.title}"
    for note in facts.notes:
        yield f"  note        {note}"


def _posts(census: Census) -> Iterator[str]:
    sampled = census.looked_at < census.files
    yield f"{census.files:,} files that could be posts" + (
        f", of which {census.looked_at:,} were read" if sampled else ""
    )
    for reason in census.barren:
        yield f"  note        {reason}"
    if not census.posts:
        return
    yield f"  posts       {census.posts:,}"
    yield f"  dates       {_shares(census.dates)}"
    yield f"  terms       {', '.join(f'{one.number:,} {one.name}' for one in census.terms)}; {census.authors:,} authors"
    yield f"  origins     {census.origins:,} posts were mirrored from elsewhere"
    yield f"  languages   {_shares(census.languages) or 'none is said'}; titles are in {_shares(census.scripts)}"
    yield f"  front matter {_shares(census.formats)}: {_shares(census.keys)}"


def _doubts(census: Census) -> Iterator[str]:
    for one, example in census.left_out:
        yield f"  left out    {one.number:,} [{one.name}], as {example.file}: {example.message}"
    if census.warnings:
        yield f"  warnings    {_shares(census.warnings)}"


def _next(facts: Facts) -> Iterator[str]:
    if facts.compat is not Compat.NONE:
        yield (
            f'compat = "{facts.compat.value}" is proposed: feeds stay where {facts.kind.value} had them, under its ids '
            "(docs/moving.md says what that means; take the line away for feeder's own)"
        )
    elif facts.kind is Kind.JEKYLL:
        yield 'no jekyll-feed among its plug-ins: if it published this site, say compat = "jekyll"'


def _shares(counts: Sequence[Count]) -> str:
    shown = ", ".join(f"{one.name[:60]} {one.number:,}" for one in counts[:_SHOWN])
    return f"{shown} and {len(counts) - _SHOWN:,} others" if len(counts) > _SHOWN else shown
