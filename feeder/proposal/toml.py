"""The text of a proposed `feeder.toml`: written by hand, so that every line can say why it is there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from feeder.config.scheme import PERMALINKS, Compat
from feeder.model.characters import fold, legal
from feeder.model.term import Person
from feeder.proposal.census import Census
from feeder.proposal.facts import Facts, Kind

# What a basic string may not hold as it is (toml.io/en/v1.0.0#string), and what nobody would see in it.
_ESCAPED = re.compile('[\\x00-\\x1f"\\\\\\x7f-\\x9f\\u200b-\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff]')
_HEAD = """\
# What feeder makes feeds of. Proposed by `feeder init`: read it, change it, take away what you do not need.
# A line that begins with # is what might be said there.
"""
_COMPAT = {
    Compat.JEKYLL: """\
# What jekyll-feed published stays where it was, under the ids that it had, and what is not said here is read from
# _config.yml. Without this line feeder has addresses and ids of its own, and reads this file alone.""",
    Compat.HUGO: """\
# What Hugo published stays where it was, under the ids that it had. Without this line feeder has addresses and ids of
# its own.""",
    Compat.PELICAN: """\
# What Pelican published stays where it was, under the ids that it had. Without this line feeder has addresses and ids
# of its own.""",
}
_NAME = re.compile("[a-z0-9][a-z0-9_-]{0,60}")
_SELDOM = 20  # posts, of which one at least must have a list that could be a taxonomy
_MANY = 2  # different terms, from which on a taxonomy is worth proposing


def string(text: str) -> str:
    """Return `text` as a TOML string."""
    return '"' + _ESCAPED.sub(_escape, legal(text)) + '"'


def strings(texts: Sequence[str]) -> str:
    """Return `texts` as a TOML array, or the one there is as a string."""
    return string(texts[0]) if len(texts) == 1 else "[" + ", ".join(map(string, texts)) + "]"


def proposed(facts: Facts, census: Census | None) -> str:
    """Return the text that is proposed for a site of which `facts` are known; `census` gives reasons, not values."""
    parts = [_HEAD, _site(facts, census), _posts(facts), _feeds(facts), *_taxonomies(facts, census)]
    return "\n".join(part for part in parts if part)


def _site(facts: Facts, census: Census | None) -> str:
    lines = ["[site]"]
    if facts.url:
        lines.append(f"url = {string(facts.url)}")
    elif facts.compat is not Compat.JEKYLL:
        lines += [
            "# Required: the address at which subscribers find the site. Until it stands here nothing is built.",
            'url = ""',
        ]
    else:
        lines += ["# Required, here or in _config.yml: the address at which subscribers find the site.", 'url = ""']
    lines.append("# Set this to the address of today before you ever change it: ids grow from it.")
    lines.append(f"# id = {string(facts.url or 'https://…')}")
    elsewhere = facts.compat is Compat.JEKYLL
    lines += [] if elsewhere else list(_about(facts, census))
    return "\n".join(lines) + "\n"


def _about(facts: Facts, census: Census | None) -> Iterator[str]:
    yield f"title = {string(fold(facts.title))}" if facts.title else '# title = "…"'
    if facts.description:
        yield f"description = {string(fold(facts.description))}"
    if facts.lang:
        yield f"lang = {string(facts.lang)}"
    else:
        said = census.languages[0].name if census and census.languages else "en"
        yield f"# lang = {string(said)}"
    if facts.authors:
        yield f"author = {_people(facts.authors)}"
    else:
        yield '# author = { name = "…", email = "…" }'
    yield (
        f"timezone = {string(facts.timezone)}"
        if facts.timezone
        else '# timezone = "UTC"       # of dates that name none'
    )


def _posts(facts: Facts) -> str:
    lines = []
    if facts.roots:
        lines.append(f"roots = {strings(facts.roots)}")
    if facts.compat is not Compat.JEKYLL:
        if facts.exclude:
            lines.append(f"exclude = {strings(facts.exclude)}")
        usual = PERMALINKS.get(facts.compat)
        if facts.permalink and facts.permalink != usual:
            lines.append(f"permalink = {string(facts.permalink)}")
        elif usual:
            lines.append(f"# permalink = {string(usual)}     # as it is without this line")
        else:
            lines.append('# permalink = "/:year/:month/:day/:title/"     # where posts have pages')
    return "[posts]\n" + "\n".join(lines) + "\n" if lines else ""


def _feeds(facts: Facts) -> str:
    lines = []
    if facts.compat is not Compat.NONE:
        lines += [_COMPAT[facts.compat], f'compat = "{facts.compat.value}"']
    elif facts.kind is Kind.JEKYLL:
        lines.append('# compat = "jekyll"     # if jekyll-feed published this site: its addresses and ids')
    if facts.compat is Compat.HUGO:
        lines += ['# Hugo has RSS alone: add "atom" and "json" if you like.', 'formats = ["rss"]']
    else:
        lines.append('# formats = ["atom", "rss", "json"]')
    limited = facts.limit is not None and facts.compat is not Compat.JEKYLL
    lines.append(f"limit = {facts.limit}" if limited else "# limit = 50")
    return "[feeds]\n" + "\n".join(lines) + "\n"


def _taxonomies(facts: Facts, census: Census | None) -> Iterator[str]:
    known = {taxonomy.name for taxonomy in facts.taxonomies} | {"authors"}
    yield from (f"[taxonomies.{taxonomy.name}]\n" for taxonomy in facts.taxonomies)
    if facts.compat is Compat.PELICAN:
        yield "# Pelican has feeds of authors, too.\n[taxonomies.authors]\n"
    elif census and census.authors >= _MANY:
        number = _about_number(census.authors, census)
        yield f"# A feed for every author, of whom there are {number}:\n# [taxonomies.authors]\n"
    for one in census.lists if census else ():
        if (
            census
            and one.number >= max(_MANY, census.posts // _SELDOM)
            and _NAME.fullmatch(one.name)
            and one.name not in known
        ):
            posts = _about_number(one.number, census)
            reason = f"# {posts} posts have a list of `{one.name}`; a feed for every term of it:"
            yield f"{reason}\n# [taxonomies.{one.name}]\n"


def _about_number(number: int, census: Census | None) -> str:
    whole = census is None or census.looked_at == census.files
    return f"{number:,}" if whole else f"at least {number:,}"


def _people(people: Sequence[Person]) -> str:
    found = [_person(person) for person in people]
    return found[0] if len(found) == 1 else "[" + ", ".join(found) + "]"


def _person(person: Person) -> str:
    fields = {"name": person.name, "email": person.email, "uri": person.uri}
    return "{ " + ", ".join(f"{key} = {string(fold(value))}" for key, value in fields.items() if value) + " }"


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    return f"\\{char}" if char in '"\\' else f"\\u{ord(char):04X}"
