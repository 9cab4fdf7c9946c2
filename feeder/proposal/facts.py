"""What a site's own configuration says of it, whichever program it is for, in the words of `feeder.toml`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from feeder.config.scheme import Compat
from feeder.config.settings import TaxonomySetting
from feeder.model.term import Person

_MAX_BYTES = 1_000_000
_MAX_FOLDERS = 20_000


class Kind(StrEnum):
    """The program that a site is made with, as it is called."""

    JEKYLL = "Jekyll"
    HUGO = "Hugo"
    PELICAN = "Pelican"
    PLAIN = "posts, and of no program that feeder knows"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a site; "" and () where it is not said.

    `file` is the configuration that says it, below the site's folder; `roots` are paths below that. `compat` is whose
    place feeder would take. `notes` are sentences on what cannot be said in `feeder.toml`, or was not understood.
    """

    kind: Kind
    file: str = ""
    url: str = ""
    title: str = ""
    description: str = ""
    lang: str = ""
    authors: tuple[Person, ...] = ()
    timezone: str = ""
    roots: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    permalink: str = ""
    limit: int | None = None
    taxonomies: tuple[TaxonomySetting, ...] = ()
    compat: Compat = Compat.NONE
    notes: tuple[str, ...] = ()


def text_of(folder: str, name: str) -> str:
    """Return the text of the file `name` in `folder`; "" where it is no regular file of UTF-8, or over a megabyte."""
    path = os.path.join(folder, name)
    try:
        if not os.path.isfile(path) or os.path.getsize(path) > _MAX_BYTES:
            return ""
        with open(path, encoding="utf-8-sig") as stream:
            return stream.read(_MAX_BYTES)
    except (OSError, UnicodeDecodeError):
        return ""


def folders_below(top: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield as `os.walk` does, in order, but for hidden folders, what programs make, and more than 20,000 folders."""
    for path, folders, files in islice(os.walk(top), _MAX_FOLDERS):
        folders[:] = sorted(name for name in folders if name[0] != "." and name not in _MADE)
        yield path, folders, files


_MADE = frozenset(("node_modules", "vendor", "public", "output", "dist", "themes", "venv", "resources", "static"))
