"""The site's own words as text: what a configuration says is written for a page, and may hold markup."""

from __future__ import annotations

from dataclasses import replace

from feeder.config.slices import Site
from feeder.normalise.titles import plain


def as_text(site: Site) -> Site:
    """Return `site` with title, description and its authors' names as text (SPEC §5.11, §6 rules 5 and 9).

    What is nothing but markup is taken as missing: the title is the site's address then, an author is nobody.
    """
    named = (replace(person, name=plain(person.name)) for person in site.authors)
    return replace(
        site,
        title=plain(site.title) or site.url,
        description=plain(site.description),
        authors=tuple(person for person in named if person.name),
    )
