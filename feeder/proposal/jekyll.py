"""A Jekyll site, by its `_config.yml`."""

from __future__ import annotations

import os
from dataclasses import replace

from feeder.config.jekyll import plugins, read_jekyll
from feeder.config.scheme import Compat
from feeder.errors import UsageError
from feeder.proposal.facts import Facts, Kind, text_of

CONFIG = "_config.yml"
_OWN_FEED = "jekyll-feed"


def jekyll(folder: str) -> Facts | None:
    """Return what is known of the Jekyll site in `folder`, None where there is none."""
    there = os.path.isfile(os.path.join(folder, CONFIG))
    if not there and not os.path.isdir(os.path.join(folder, "_posts")):
        return None
    bare = Facts(Kind.JEKYLL, CONFIG if there else "")
    try:
        text = text_of(folder, CONFIG)
        said = read_jekyll(CONFIG, "", text)
        compat = Compat.JEKYLL if _OWN_FEED in plugins(CONFIG, text) else Compat.NONE
    except UsageError as problem:
        return replace(bare, notes=(str(problem),))
    notes = (
        ("its front-matter defaults (`defaults`) count only while feeder reads `_config.yml`",) if said.defaults else ()
    )
    return replace(
        bare,
        url=said.url,
        title=said.title,
        description=said.description,
        lang=said.lang,
        authors=said.authors,
        timezone=said.timezone,
        exclude=said.exclude,
        permalink=said.permalink,
        limit=said.limit,
        compat=compat,
        notes=() if compat is Compat.JEKYLL else notes,
    )
