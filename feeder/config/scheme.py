"""Where other programs have their feeds: the tables behind `compat`, and what of them a site's terms must know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from feeder.errors import UsageError
from feeder.model.problem import printable


class Compat(StrEnum):
    """The program whose place feeder takes: feeds have its addresses, entries its ids (docs/moving.md)."""

    NONE = "none"
    JEKYLL = "jekyll"
    HUGO = "hugo"
    PELICAN = "pelican"


@dataclass(frozen=True, slots=True)
class Place:
    """Where one format of a taxonomy's feeds stands below dist: `before`, the slug, `after`.

    `taxonomy` is "" for the site's feed, of which `before` is the whole path.
    """

    taxonomy: str
    format: str
    before: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """Where another program had its feeds: what is not among `places` stands at feeder's own addresses.

    `labels` are the spellings of categories that it made addresses of.
    """

    compat: Compat = Compat.NONE
    places: tuple[Place, ...] = ()
    labels: tuple[str, ...] = ()

    def register(self, taxonomy: str) -> str:
        """Return the name under which slugs of `taxonomy` are remembered: other schemes gave them other ones."""
        return taxonomy if self.compat is Compat.NONE else f"{taxonomy}@{self.compat.value}"

    def registered(self, register: str) -> str:
        """Return the taxonomy whose slugs are remembered under `register`, "" where that is another scheme's."""
        taxonomy, _, compat = register.partition("@")
        return taxonomy if compat == ("" if self.compat is Compat.NONE else self.compat.value) else ""

    def space(self, taxonomy: str) -> str:
        """Return what slugs of `taxonomy` must differ in: equal for taxonomies whose feeds stand side by side."""
        return next((f"{place.before}*{place.after}" for place in self.places if place.taxonomy == taxonomy), taxonomy)

    def path(self, taxonomy: str, slug: str) -> str:
        """Return where the program had the feed of a term, in the first of its formats."""
        return next(f"{place.before}{slug}{place.after}" for place in self.places if place.taxonomy == taxonomy)

    def reserved(self) -> tuple[tuple[str, str], ...]:
        """Return the slugs that would be the site's own feed, each with its space."""
        own = [place for place in self.places if not place.taxonomy]
        return tuple(
            (self.space(place.taxonomy), site.before.removeprefix(place.before).removesuffix(place.after))
            for place in self.places
            for site in own
            if place.taxonomy and site.before.startswith(place.before) and site.before.endswith(place.after)
        )


OWN = Scheme()
"""feeder's own addresses, and no other program's."""

# Taxonomy ("" is the site's own feed, `*` any), format, and the path: `*` is the slug, and before it any taxonomy.
_PLACES = {
    Compat.NONE: (),
    # jekyll-feed 0.17, lib/jekyll-feed/generator.rb: Atom alone.
    Compat.JEKYLL: (
        ("", "atom", "feed.xml"),
        ("categories", "atom", "feed/*.xml"),
        ("tags", "atom", "feed/by_tag/*.xml"),
    ),
    # Hugo's embedded RSS template, for the home page and every term.
    Compat.HUGO: (("", "rss", "index.xml"), ("*", "rss", "*/*/index.xml")),
    # Pelican's default settings, and the names that its documentation gives to those that are off by default.
    Compat.PELICAN: (
        ("", "atom", "feeds/all.atom.xml"),
        ("", "rss", "feeds/all.rss.xml"),
        ("categories", "atom", "feeds/*.atom.xml"),
        ("categories", "rss", "feeds/*.rss.xml"),
        ("authors", "atom", "feeds/*.atom.xml"),
        ("authors", "rss", "feeds/*.rss.xml"),
        ("tags", "atom", "feeds/tag/*.atom.xml"),
        ("tags", "rss", "feeds/tag/*.rss.xml"),
    ),
}

PERMALINKS = {Compat.JEKYLL: "date", Compat.HUGO: "/:sections/:slugorcontentbasename/", Compat.PELICAN: "/:slug.html"}
"""Where each program has its posts' pages if its configuration does not say."""


def scheme_of(
    compat: Compat,
    taxonomies: Iterable[str],
    own: Iterable[tuple[str, str]] = (),
    labels: tuple[str, ...] = (),
) -> Scheme:
    """Return the scheme of `compat` for a site with these `taxonomies`.

    `own` are the paths (by taxonomy, with `*` for the slug) that the site's configuration has in place of the usual
    ones. Raises UsageError where two feeds would have one address, or one no address at all.
    """
    instead = dict(own) if compat is not Compat.NONE else {}
    names = tuple(taxonomies)
    found: list[Place] = []
    for taxonomy, kind, path in _PLACES[compat]:
        pattern = instead.get(taxonomy, path).lstrip("/")
        if any(part in ("", ".", "..") for part in pattern.split("/")) or "\\" in pattern or not pattern.isprintable():
            raise UsageError(printable(f"`feed`: {pattern!r} is no path of a feed below the site: write one as {path}"))
        for name in names if taxonomy == "*" else (taxonomy,):
            before, _, after = (pattern.replace("*", name, 1) if taxonomy == "*" else pattern).partition("*")
            found.append(Place(name, kind, before, after))
    for one in found:
        for other in found:
            # A slug holds no slash, so folders keep feeds apart.
            behind = one.before.removeprefix(other.before) if one.before.startswith(other.before) else ""
            if one.taxonomy and other.taxonomy and behind and "/" not in behind and one.after.endswith(other.after):
                message = f"feeds of {one.taxonomy} ({one.before}…) would stand among those of {other.taxonomy}"
                raise UsageError(printable(f"`feed`: {message}: give them a folder of their own, as feed/by_tag/"))
    return Scheme(compat, tuple(found), labels if compat is not Compat.NONE else ())
