"""Which documents there are in dist, as far as a web server has to know: by the shape of their paths."""

from __future__ import annotations

import re
from collections.abc import Iterator

from feeder.config.slices import FeedRules
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
    found = list(_headers(rules))
    several = [(one, re.compile(pattern(one.shape))) for one in found if "*" in one.shape]
    # The site's own feed may stand among those of its terms, as Pelican's does.
    return tuple(
        one for one in found if not any(other is not one and like.fullmatch(one.shape) for other, like in several)
    )


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
