"""May what was made before be used again? Fingerprints of what it was made of, and the version numbers of the rules.

key = H(digest of the file's bytes, the stage's version, its slice of the configuration). Whoever changes what a stage
makes of equal input raises that stage's number here, and exactly the right things are made anew.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from unicodedata import unidata_version
from zoneinfo import ZoneInfo

from feeder.model.digest import digest
from feeder.model.entry import Entry

HEADS = 2
"""The version of what `collect` and `normalise.head` make of a file."""

FRAGMENTS = 1
"""The version of what `normalise.content` and `render` make of an entry."""

DOCUMENTS = 3
"""The version of what `plan` and `render` make of a feed and its fragments, templates and styles of pages included."""

LIBRARIES = tuple(
    "bleach feedgen html5lib jinja2 linkify-it-py lxml markdown-it-py markupsafe mdit-py-plugins nh3 python-dateutil "
    "python-frontmatter pyyaml regex tzdata".split()
)
"""The distributions that decide bytes of the output."""

_INSTALLED = re.compile(r"(?P<name>[A-Za-z0-9_.]+)-(?P<version>[^-]+)\.dist-info")


def fingerprint(*parts: object) -> bytes:
    """Return the fingerprint (16 bytes) of values made of dataclasses, enums, tuples, texts, numbers and instants."""
    return digest(json.dumps([_plain(part) for part in parts]).encode())


def entry_key(entry: Entry, rules: bytes) -> bytes:
    """Return the key (16 bytes) of the fragments of `entry`; `rules` is the fingerprint of what is equal for all."""
    facts = (
        entry.digest.hex(),
        entry.source.file,
        entry.id,
        entry.title,
        entry.link,
        entry.via,
        entry.page,
        entry.published.timestamp(),
        entry.updated.timestamp(),
        entry.language,
        [(person.name, person.email, person.uri) for person in entry.authors],
        [(term.taxonomy, term.key, term.label, term.slug, term.scheme) for term in entry.terms],
        [(file.path, file.size) for file in entry.files],
    )
    return digest(rules + json.dumps(facts).encode())


def libraries(folders: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the versions of Python, Unicode and the libraries that the output depends on, sorted: `name version`.

    Read off the names of what is installed in `folders` (sys.path where none are given): to ask the packages
    themselves would import them.
    """
    found = {f"python {sys.version_info[0]}.{sys.version_info[1]}", f"unicode {unidata_version}"}
    for folder in folders or sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            match = _INSTALLED.fullmatch(name) if name.endswith(".dist-info") else None
            if match and re.sub("[._]", "-", match["name"].lower()) in LIBRARIES:
                found.add(f"{match['name'].lower()} {match['version']}")
    return tuple(sorted(found))


def _plain(value: object) -> object:
    if is_dataclass(value):
        return [type(value).__name__, *(_plain(getattr(value, field.name)) for field in fields(value) if field.compare)]
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, datetime | ZoneInfo):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"{type(value).__name__} has no fingerprint")
