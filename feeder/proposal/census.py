"""What the posts of a site are like: counted over all of them, or over a sample where they are many."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, field

from feeder.collect.read import read_front
from feeder.collect.walk import walk
from feeder.config.slices import Configuration
from feeder.model.head import Head
from feeder.model.problem import Level, Problem
from feeder.model.source import LeftOut, RawPost, Source
from feeder.model.table import Value
from feeder.normalise.head import head, table_of
from feeder.normalise.slug import key
from feeder.reading import internal

SAMPLE = 2_000
"""How many files are read at most."""

_MAX_LIST = 20  # items, for a key whose values could be terms


@dataclass(frozen=True, slots=True)
class Count:
    """How often something was found."""

    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Census:
    """What was found: `files` that could be posts, of which `looked_at` were read, and `posts` were posts.

    `terms` are the different terms of each taxonomy, `lists` the front-matter keys that hold lists and are no taxonomy,
    `left_out` the reasons for which posts would be left out, each with the first file that it is about.
    """

    files: int
    looked_at: int
    posts: int
    keys: tuple[Count, ...]
    formats: tuple[Count, ...]
    dates: tuple[Count, ...]
    terms: tuple[Count, ...]
    authors: int
    lists: tuple[Count, ...]
    origins: int
    languages: tuple[Count, ...]
    scripts: tuple[Count, ...]
    left_out: tuple[tuple[Count, Problem], ...]
    warnings: tuple[Count, ...]
    barren: tuple[str, ...]


def take(site: Configuration) -> Census:
    """Return what the posts of `site` are like; raises InputOutputError where a root cannot be read."""
    walked = walk(site.walk)
    sample = spread(walked.sources, SAMPLE)
    found = _Tally(site)
    for source in sample:
        found.look(source)
    for left in walked.left_out:
        found.leave_out(left)
    return found.census(len(walked.sources) + len(walked.left_out), len(sample), walked.barren)


def spread(sources: tuple[Source, ...], most: int) -> tuple[Source, ...]:
    """Return all of `sources`, or `most` of them at equal distances."""
    return tuple(sources[number * len(sources) // most] for number in range(most)) if len(sources) > most else sources


@dataclass(slots=True)
class _Tally:
    """The counts so far."""

    site: Configuration
    posts: int = 0
    origins: int = 0
    keys: Counter[str] = field(default_factory=Counter)
    formats: Counter[str] = field(default_factory=Counter)
    dates: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    scripts: Counter[str] = field(default_factory=Counter)
    lists: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    terms: set[tuple[str, str]] = field(default_factory=set)
    authors: set[str] = field(default_factory=set)
    reasons: Counter[str] = field(default_factory=Counter)
    examples: dict[str, Problem] = field(default_factory=dict)

    def look(self, source: Source) -> None:
        """Count what is in the file `source`."""
        rules = self.site.posts
        try:
            raw = read_front(source, rules.encoding, compat=rules.compat)
            found = raw if isinstance(raw, LeftOut) else head(raw, rules)
        except Exception as problem:  # noqa: BLE001 - one post never stops the others, whatever it found in us
            self.leave_out(LeftOut(source, internal(source, problem)))
            return
        if isinstance(raw, LeftOut):
            self.leave_out(raw)
            return
        if isinstance(found, LeftOut):
            self.leave_out(found)
            if not found.is_post:
                return
        self._count_fields(raw)
        if isinstance(found, Head):
            self._count(found)

    def leave_out(self, left: LeftOut) -> None:
        """Count why a file gives no entry."""
        self.reasons[left.reason.code] += 1
        self.examples.setdefault(left.reason.code, left.reason)

    def _count_fields(self, raw: RawPost) -> None:
        table = table_of(raw, ())
        self.formats[raw.front_matter_format or "none"] += 1
        self.keys.update({one.key for one in table})
        taken = {"author", "authors", *(name for one in self.site.posts.taxonomies for name in one.keys)}
        self.lists.update({one.key for one in table if one.key not in taken and _are_terms(one.value)})

    def _count(self, found: Head) -> None:
        self.posts += 1
        self.origins += bool(found.origin)
        self.dates[found.date_source.value] += 1
        self.scripts[script(found.title)] += 1
        if found.language:
            self.languages[found.language] += 1
        self.terms.update((term.taxonomy, key(term.label)) for term in found.terms)
        self.authors.update(key(person.name) for person in found.authors)
        self.warnings.update({one.code for one in found.problems if one.level is Level.WARNING})

    def census(self, files: int, looked_at: int, barren: tuple[str, ...]) -> Census:
        """Return what was counted."""
        terms = Counter(taxonomy for taxonomy, _ in self.terms)
        return Census(
            files=files,
            looked_at=looked_at,
            posts=self.posts,
            keys=_counts(self.keys),
            formats=_counts(self.formats),
            dates=_counts(self.dates),
            terms=tuple(Count(one.name, terms[one.name]) for one in self.site.posts.taxonomies),
            authors=len(self.authors),
            lists=_counts(self.lists),
            origins=self.origins,
            languages=_counts(self.languages),
            scripts=_counts(self.scripts),
            left_out=tuple((one, self.examples[one.name]) for one in _counts(self.reasons)),
            warnings=_counts(self.warnings),
            barren=barren,
        )


def script(text: str) -> str:
    """Return the script of most letters of `text`, as Unicode's names begin: `latin`, `cjk`, `cyrillic` …; "none"."""
    names = Counter(unicodedata.name(char, "unknown").split(" ")[0] for char in text[:200] if char.isalpha())
    return min(names, key=lambda name: (-names[name], name), default="none").lower()


def _counts(found: Counter[str]) -> tuple[Count, ...]:
    return tuple(Count(name, number) for name, number in sorted(found.items(), key=_most_first))


def _most_first(item: tuple[str, int]) -> tuple[int, str]:
    name, number = item
    return -number, name


def _are_terms(value: Value) -> bool:
    """Say whether `value` is a list of texts, a few and no addresses."""
    if not isinstance(value, tuple) or not 0 < len(value) <= _MAX_LIST:
        return False
    return all(isinstance(item, str) and not item.startswith("/") and "://" not in item for item in value)
