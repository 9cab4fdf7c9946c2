"""Which documents there are in dist, as far as a web server has to know: by the shape of their paths."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from feeder.config.slices import Alias, FeedRules
from feeder.model import media
from feeder.model.hosting import Headers
from feeder.plan.archive import FOLDER
from feeder.plan.plan import feed_path

FRESH = 300
"""How long a document that changes is fresh, in seconds: subscribers ask again, and are told that nothing changed."""
SETTLED = 86_400
"""The same of an archive document. It is never `immutable`: what is corrected or taken down must go."""

_TYPES = {"atom": media.ATOM, "rss": media.RSS, "json": media.JSON_FEED}
_SITE = "site"
_OTHERS = (("feeds.opml", media.OPML), ("feeds.json", "application/json"))


def headers(rules: FeedRules) -> tuple[Headers, ...]:
    """Return the headers of all documents of a site; no path is like two of their shapes."""
    own = tuple(_headers(rules))
    found = [*own, *(old for alias in rules.aliases for one in own if (old := _old(one, alias)))]
    several = [(one, re.compile(pattern(one.shape))) for one in found if "*" in one.shape]
    # The site's own feed may stand among those of its terms, as Pelican's does.
    return tuple(
        one for one in found if not any(other is not one and like.fullmatch(one.shape) for other, like in several)
    )


def _old(one: Headers, alias: Alias) -> Headers | None:
    """Return the headers of those documents like `one` that an alias has at an old place too."""
    if one.seconds != FRESH:  # archives have no aliases
        return None
    folder, slash, name = one.shape.rpartition("/")
    if not alias.new or alias.new.endswith("/"):
        return replace(one, shape=f"{alias.old}{name}") if re.fullmatch(pattern(folder + slash), alias.new) else None
    return replace(one, shape=alias.old) if re.fullmatch(pattern(one.shape), alias.new) else None


def pattern(shape: str) -> str:
    """Return the regular expression for paths like `shape`."""
    return "[^/]+".join(map(re.escape, shape.split("*")))


def _headers(rules: FeedRules) -> Iterator[Headers]:
    for taxonomy in ("", *(one.name for one in rules.taxonomies)):
        for kind in rules.formats:
            shape = feed_path(rules, taxonomy, kind, "*" if taxonomy else "")
            yield Headers(shape, _TYPES[kind], FRESH, rules.site.hub)
            if (taxonomy or _SITE) in rules.archive:
                folder, slash, name = shape.rpartition("/")
                yield Headers(f"{folder}{slash}{FOLDER}/*/{name}", _TYPES[kind], SETTLED)
    for name, kind in _OTHERS:
        yield Headers(name, kind, FRESH)
