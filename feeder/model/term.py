"""Categories, tags, authors: RFC 4287 §4.2.2 and RSS 2.0 `category`."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from feeder.model.characters import is_file_name
from feeder.model.packed import Packed

_MAX_SLUG_BYTES = 100


@dataclass(frozen=True, slots=True)
class Person(Packed):
    """A person construct (RFC 4287 §3.2)."""

    name: str
    email: str = ""
    uri: str = ""


@dataclass(frozen=True, slots=True)
class RawTerm(Packed):
    """A term as one post wrote it: the taxonomy's name and the label, cleaned but not yet joined with its equals."""

    taxonomy: str
    label: str


@dataclass(frozen=True, slots=True)
class Term(Packed):
    """A term of the whole site.

    `key` is what makes two labels equal (NFKC + casefold), `label` the spelling that is shown, `slug` its place in
    addresses (Atom's `term`), `scheme` the taxonomy's IRI.
    """

    taxonomy: str
    key: str
    label: str
    slug: str
    scheme: str


@dataclass(frozen=True, slots=True)
class GivenSlug:
    """A slug that the term `key` of `taxonomy` was given once and keeps; `TAXONOMY@NAME` is another program's way."""

    taxonomy: str
    key: str
    slug: str

    @property
    def fits(self) -> bool:
        """Whether it can be one: what comes out of a file that anybody may edit must not lead out of its folder."""
        if "@" in self.taxonomy:
            return is_file_name(self.slug)
        letters = all(character == "-" or unicodedata.category(character)[0] in "LMN" for character in self.slug)
        return letters and self.slug[:1] not in ("", "-") and len(self.slug.encode()) <= _MAX_SLUG_BYTES


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way in which the term `key` was written: how often, and where first.

    `first` orders uses: the instant (seconds) and the place of the oldest post, and the position among its terms.
    """

    taxonomy: str
    key: str
    label: str
    count: int
    first: tuple[int, str, str, int]


def key(label: str) -> str:
    """Return what makes two labels one term: NFKC and casefold, repeated until nothing changes (UAX #15 §5)."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", label).casefold())
    while folded != label:
        label, folded = folded, unicodedata.normalize("NFKC", folded.casefold())
    return label
