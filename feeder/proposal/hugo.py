"""A Hugo site, by its configuration (gohugo.io/configuration/introduction): TOML, YAML or JSON; keys in any case."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from feeder.config.scheme import Compat
from feeder.config.settings import TaxonomySetting
from feeder.model.table import Table, Value
from feeder.model.term import Person
from feeder.plainyaml import DuplicateKeys, PlainYamlError, load
from feeder.proposal.facts import Facts, Kind, text_of

_NAMES = tuple(
    f"{folder}{name}.{kind}"
    for folder in ("", "config/_default/")
    for name in ("hugo", "config")
    for kind in ("toml", "yaml", "yml", "json")
)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
# Of a section of a site: what Hugo has in `permalinks`, and feeder has too.
_WORDS = frozenset(
    "year month monthname day weekday weekdayname yearday section sections title slug slugorcontentbasename "
    "contentbasename filename slugorfilename".split()
)
_PLACEHOLDER = re.compile(r":([a-z]+)(\[[^\]]*\])?")


@dataclass(frozen=True, slots=True)
class _Values:
    """Tables within tables, whose keys are in lower case; every question has an answer, "" or none."""

    values: Mapping[str, object]

    def text(self, *path: str) -> str:
        value: object = self.values
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int) else ""

    def table(self, *path: str) -> Mapping[str, object]:
        value: object = self.values
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        return value if isinstance(value, Mapping) else {}


def hugo(folder: str) -> Facts | None:
    """Return what is known of the Hugo site in `folder`, None where there is none."""
    name = next((name for name in _NAMES if os.path.isfile(os.path.join(folder, name))), "")
    if not name:
        return None
    values = _read(name, text_of(folder, name))
    content = values.text("contentdir") or "content"
    if os.path.basename(name).startswith("config.") and not os.path.isdir(os.path.join(folder, content)):
        return None  # many programs have a config.toml
    permalink, notes = _permalink(values)
    if values.table("languages"):
        notes = (*notes, "it has several languages, of which Hugo publishes each below an address of its own")
    limit = values.text("services", "rss", "limit") or values.text("rsslimit")
    return Facts(
        kind=Kind.HUGO,
        file=name,
        url=values.text("baseurl"),
        title=values.text("title"),
        description=values.text("params", "description"),
        lang=values.text("locale") or values.text("languagecode") or values.text("defaultcontentlanguage"),
        authors=_authors(values),
        timezone=values.text("timezone"),
        roots=() if content == "content" else (content,),
        permalink=permalink,
        limit=int(limit) if limit.isascii() and limit.isdigit() and len(limit) < _DIGITS and int(limit) else None,
        taxonomies=_taxonomies(values),
        compat=Compat.HUGO,
        notes=notes,
    )


_DIGITS = 10


def _read(name: str, text: str) -> _Values:
    try:
        if name.endswith(".toml"):
            found: object = tomllib.loads(text)
        elif name.endswith(".json"):
            found = json.loads(text)
        else:
            found = _plain(load(text, DuplicateKeys()))
    except (ValueError, RecursionError, PlainYamlError):
        found = {}
    lowered = _lowered(found)
    return _Values(lowered if isinstance(lowered, Mapping) else {})


def _plain(value: Value) -> object:
    return {field.key: _plain(field.value) for field in value} if isinstance(value, Table) else value


def _lowered(value: object, depth: int = 8) -> object:
    """Return `value` with its keys in lower case; what is nested deeper than any setting is nothing."""
    if isinstance(value, Mapping):
        return {str(key).lower(): _lowered(item, depth - 1) for key, item in value.items()} if depth else {}
    return value


def _authors(values: _Values) -> tuple[Person, ...]:
    for path in (("params", "author"), ("author",)):
        name = values.text(*path) or values.text(*path, "name")
        if name:
            return (Person(name, values.text(*path, "email")),)
    return ()


def _taxonomies(values: _Values) -> tuple[TaxonomySetting, ...]:
    names = (str(name).strip().lower() for name in values.table("taxonomies").values())
    return tuple(
        TaxonomySetting(name) for name in names if _NAME.fullmatch(name) and name not in ("tags", "categories")
    )


def _permalink(values: _Values) -> tuple[str, tuple[str, ...]]:
    """Return the pattern of pages, where all sections have the same or there is but one, and what is to be said."""
    found = values.table("permalinks", "page") or values.table("permalinks")
    patterns = {
        section: pattern for section, pattern in found.items() if isinstance(pattern, str) and section != "term"
    }
    if not patterns:
        return "", ()
    pattern = next(iter(patterns.values()))
    said = ", ".join(f"{section} = {pattern!r}" for section, pattern in patterns.items())
    if any(match[1] not in _WORDS or match[2] for match in _PLACEHOLDER.finditer(pattern)):
        return "", (f"its `permalinks` ({said}) hold words that feeder does not know: say `posts.permalink` yourself",)
    if len(set(patterns.values())) > 1:
        return pattern, (f"its `permalinks` differ by section ({said}), and feeder has one for all posts: the first",)
    return pattern, ()
