"""Categories, tags and authors as one post writes them (SPEC §4): from front matter to labels and persons."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from feeder.config.slices import Taxonomy
from feeder.model.characters import fold
from feeder.model.problem import Remark, warning
from feeder.model.table import Table, Value
from feeder.model.term import Person, RawTerm
from feeder.normalise.slug import key as term_key

MAX_TERMS = 200
"""How many terms a post may have in all taxonomies together, and how many authors."""

MAX_LABEL = 500
"""How many characters a label or a name may have."""

AUTHORS = "authors"
"""The taxonomy whose terms are the post's persons."""

_AUTHOR_KEYS = ("author", "authors")
_SPLIT_TAXONOMIES = frozenset({"categories", "tags"})
_MAX_SHOWN = 40
_REMEMBERED_ITEMS = 20
_REMEMBERED_LENGTH = 200
_MAX_TEXTS = 5 * MAX_TERMS  # many spellings of few terms cost time too

# The name and the address of a mailbox as in `Name <a@b.c>` (RFC 5322 §3.4) and `a@b.c (Name)` (RSS 2.0 `author`).
_NAME_AND_MAIL = re.compile(r"(?P<name>[^<>]*)<(?:mailto:)?(?P<mail>[^<>@\s]*@[^<>\s]*)>")
_MAIL_AND_NAME = re.compile(r"(?P<mail>[^()@\s]+@[^()\s]+) ?\((?P<name>[^()]*)\)")
# The valid e-mail address of the HTML standard (§4.10.5.1.5), with at least one dot in its domain.
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}))+"
)
_MAX_MAIL = 254
_ANGLES = re.compile("[<>]+")
_WEB = re.compile(r"https?://[^\s/?#\\<>\"@]+(?:[/?#][^\s<>\"]*)?", re.IGNORECASE)

Plain = Callable[[str], str]
"""Reduces text that may hold markup to text: tags removed, entities unescaped once."""


def label(text: str, plain: Plain) -> str:
    """Return `text` as a label: without markup, on one line, in NFC, cut after 500 characters; "" of nothing."""
    return _composed(_folded(text, plain))


def raw_terms(
    table: Table, taxonomies: Sequence[Taxonomy], plain: Plain
) -> tuple[tuple[RawTerm, ...], tuple[Remark, ...]]:
    """Return the terms of every taxonomy but `authors`, as configured and then as written, and what was wrong.

    Text under `categories` and `tags`, and under the plural of another taxonomy that has a key for its singular, is a
    list: parted at commas or, where there is none, at white space. Under any other key it is one term, as every item
    of a list is. Of labels with one key the first stays, all where spellings count; after 200 terms the rest is dropped
    with a warning.
    """
    values = table.values([key for taxonomy in taxonomies for key in taxonomy.keys])
    collect = _collected if _is_short(values) else _collected.__wrapped__
    return collect(values, tuple(taxonomies), plain)


# A mirror gives thousands of posts the same few terms and authors.
@lru_cache(maxsize=1024)
def _collected(
    values: tuple[Value, ...], taxonomies: tuple[Taxonomy, ...], plain: Plain
) -> tuple[tuple[RawTerm, ...], tuple[Remark, ...]]:
    found = _Collected()
    remaining = iter(values)
    for taxonomy in taxonomies:
        for key, value in zip(taxonomy.keys, remaining, strict=False):
            if taxonomy.name != AUTHORS:
                for text in _texts(value, key, _parting(taxonomy, key), found.remarks):
                    found.add(taxonomy, key, text, plain)
    return tuple(found.terms.values()), found.problems()


def _is_short(values: tuple[Value, ...]) -> bool:
    """Return whether `values` are worth remembering: short texts, or short lists of them."""
    for value in values:
        if value is None or (isinstance(value, str) and len(value) <= _REMEMBERED_LENGTH):
            continue
        if not isinstance(value, tuple) or len(value) > _REMEMBERED_ITEMS:
            return False
        for item in value:
            if item is not None and not (isinstance(item, str) and len(item) <= _REMEMBERED_LENGTH):
                return False
    return True


def persons(
    table: Table, people: Sequence[tuple[str, Person]], plain: Plain
) -> tuple[tuple[Person, ...], tuple[Remark, ...]]:
    """Return the post's authors as written under `author` and `authors`, and what was wrong with them.

    Text is never split: it is a key of `people` (the site's authors), a mailbox or a name; a mapping has `name`,
    `email` and `uri` or `url`. The same person twice is one, with what both say.
    """
    values = table.values(_AUTHOR_KEYS)
    collect = _persons if not people and _is_short(values) else _persons.__wrapped__
    return collect(values, tuple(people), plain)


@lru_cache(maxsize=1024)
def _persons(
    values: tuple[Value, ...], people: tuple[tuple[str, Person], ...], plain: Plain
) -> tuple[tuple[Person, ...], tuple[Remark, ...]]:
    found = _Authors()
    remarks: list[Remark] = []
    left_out: list[str] = []
    pairs = zip(_AUTHOR_KEYS, values, strict=True)
    written = dict.fromkeys((key, item) for key, value in pairs for item in _items(value))
    for number, (key, item) in enumerate(written):
        if number >= MAX_TERMS:
            left_out.append(key)
        elif person := _person(item, key, people, plain, remarks):
            found.add(person)
    if left_out:
        remarks.append(warning("too-many-authors", _too_many(len(left_out), "authors"), left_out[0]))
    return tuple(found.persons), tuple(remarks)


def author_terms(persons: Sequence[Person]) -> tuple[RawTerm, ...]:
    """Return the terms of the taxonomy `authors`: one for every name."""
    names: dict[str, str] = {}
    for person in persons:
        names.setdefault(term_key(person.name), person.name)
    return tuple(RawTerm(AUTHORS, name) for name in names.values())


def merged(terms: tuple[RawTerm, ...], taxonomies: tuple[Taxonomy, ...], plain: Plain) -> tuple[RawTerm, ...]:
    """Return `terms` with those that are merged into others under these; what stands there already stays as it is."""
    if not any(taxonomy.merge for taxonomy in taxonomies):
        return terms
    merges = _merges(taxonomies, plain)
    own = {(term.taxonomy, term_key(term.label)) for term in terms} - merges.keys()
    found: dict[RawTerm, None] = {}
    for term in terms:
        text = merges.get((term.taxonomy, term_key(term.label)))
        if text is None:
            found[term] = None
        elif (term.taxonomy, term_key(text)) not in own:
            found[RawTerm(term.taxonomy, text)] = None
    return tuple(found)


@lru_cache(maxsize=8)
def _merges(taxonomies: tuple[Taxonomy, ...], plain: Plain) -> Mapping[tuple[str, str], str]:
    """Return the labels that take others' place, by the taxonomy and key of these."""
    return {
        (taxonomy.name, term_key(label(old, plain))): label(new, plain)
        for taxonomy in taxonomies
        for old, new in taxonomy.merge
    }


@dataclass(slots=True)
class _Collected:
    """The terms of one post so far, the first of each taxonomy and key; texts seen, so that none is cleaned twice."""

    terms: dict[tuple[str, str], RawTerm] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)
    left_out: list[str] = field(default_factory=list)

    def add(self, taxonomy: Taxonomy, key: str, text: str, plain: Plain) -> None:
        if (taxonomy.name, text) in self.seen:
            return
        self.seen.add((taxonomy.name, text))
        if len(self.terms) >= MAX_TERMS or len(self.seen) > _MAX_TEXTS:
            # Not cleaned any more, only counted: a post of 30,000 terms must not take minutes.
            self.left_out.append(key)
        elif clean := _clean(text, key, plain, self.remarks):
            same = clean if taxonomy.spelled else term_key(clean)
            self.terms.setdefault((taxonomy.name, same), RawTerm(taxonomy.name, clean))

    def problems(self) -> tuple[Remark, ...]:
        if self.left_out:
            message = _too_many(len(self.left_out), "terms")
            self.remarks.append(warning("too-many-terms", message, self.left_out[0]))
        return tuple(self.remarks)


@dataclass(slots=True)
class _Authors:
    """The authors of one post so far, and where those of one name stand among them."""

    persons: list[Person] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=dict)

    def add(self, person: Person) -> None:
        """Add `person`, or what it says more to the one of its name whose e-mail address does not differ."""
        places = self.places.setdefault(term_key(person.name), [])
        for place in places:
            other = self.persons[place]
            if not person.email or not other.email or person.email == other.email:
                self.persons[place] = replace(other, email=other.email or person.email, uri=other.uri or person.uri)
                return
        places.append(len(self.persons))
        self.persons.append(person)


def _too_many(dropped: int, what: str) -> str:
    return f"a post may have {MAX_TERMS} {what}, so the last {dropped:,} of them were left out: take some away"


def _clean(text: str, key: str, plain: Plain, remarks: list[Remark]) -> str:
    """Return `text` as a label, with a remark where it had to be cut."""
    folded = _folded(text, plain)
    if len(folded) > MAX_LABEL:
        message = f"{_shown(folded)} was cut after {MAX_LABEL} characters: write a shorter name"
        remarks.append(warning("long-label", message, key))
    return _composed(folded)


def _folded(text: str, plain: Plain) -> str:
    """Return `text` without markup on one line; of a term that is nothing but tags (`<b>`) what stands in them."""
    return fold(plain(text)) or (fold(_ANGLES.sub(" ", text)) if "<" in text else "")


def _composed(folded: str) -> str:
    if len(folded) > MAX_LABEL:
        # Cut before it is composed: putting 100,000 marks in order takes time that grows with their square.
        end = MAX_LABEL
        while end and unicodedata.category(folded[end])[0] == "M":
            end -= 1
        folded = folded[: end or MAX_LABEL].rstrip()
    return unicodedata.normalize("NFC", folded)


def _parting(taxonomy: Taxonomy, key: str) -> Callable[[str], Sequence[str]]:
    """Return how text under `key` is parted into terms."""
    has_singular = taxonomy.name in _SPLIT_TAXONOMIES or len(taxonomy.keys) > 1
    return _split if key == taxonomy.name and has_singular else _whole


def _split(text: str) -> Sequence[str]:
    return text.split(",") if "," in text else text.split()


def _whole(text: str) -> Sequence[str]:
    return (text,)


def _items(value: Value) -> Iterator[str | Table]:
    """Yield the texts and mappings in `value`, lists within lists flattened, in their order; nothing for null."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, tuple):
            waiting.extend(reversed(item))
        elif isinstance(item, Table) or (item and item.strip()):
            yield item


def _texts(value: Value, key: str, part: Callable[[str], Sequence[str]], remarks: list[Remark]) -> Iterator[str]:
    """Yield the texts of the terms in `value`: only text that is no list is parted."""
    if isinstance(value, str):
        value = tuple(part(value))
    nameless = 0
    for item in _items(value):
        if isinstance(item, str):
            yield fold(item)
        elif name := item.text("name"):
            yield fold(name)
        else:
            nameless += 1
    if nameless:
        message = (
            f"`{key}` holds {nameless:,} mapping(s) without `name`, which were ignored: write the terms themselves"
        )
        remarks.append(warning("bad-term", message, key))


def _person(
    item: str | Table, key: str, people: Sequence[tuple[str, Person]], plain: Plain, remarks: list[Remark]
) -> Person | None:
    """Return the person that `item` says, or None; people that the site knows are taken as they are."""
    if isinstance(item, Table):
        name, mail, uri = item.text("name"), item.text("email"), item.first_text(("uri", "url"))
    else:
        text = item.strip()
        if known := next((person for name, person in people if name == text), None):
            return known
        name, mail = _mailbox(fold(text))
        uri = ""
    mail = mail.removeprefix("mailto:")
    if mail and not (len(mail) <= _MAX_MAIL and _MAIL.fullmatch(mail)):
        remarks.append(warning("bad-email", f"{_shown(mail)} is no e-mail address, so it was ignored", key))
        mail = ""
    if uri and not _WEB.fullmatch(uri):
        remarks.append(warning("bad-uri", f"{_shown(uri)} is no http(s) address, so it was ignored", key))
        uri = ""
    clean = _clean(name, key, plain, remarks) or mail
    if clean:
        return Person(clean, mail, uri)
    remarks.append(warning("bad-author", f"`{key}` holds an author without a name, who was ignored: add `name`", key))
    return None


def _mailbox(text: str) -> tuple[str, str]:
    """Return the name and e-mail address in `Name <a@b.c>` or `a@b.c (Name)`; of an address alone both are it."""
    match = _NAME_AND_MAIL.fullmatch(text) or _MAIL_AND_NAME.fullmatch(text)
    if match:
        return match["name"].strip().strip('"') or match["mail"], match["mail"]
    return text, text if _MAIL.fullmatch(text) else ""


def _shown(text: str) -> str:
    return f"'{fold(text[:_MAX_SHOWN])}{'…' if len(text) > _MAX_SHOWN else ''}'"
