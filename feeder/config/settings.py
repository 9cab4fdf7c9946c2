"""What a configuration file says, before options are laid over it and defaults are filled in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from feeder.config.slices import Default
from feeder.model.term import Person


@dataclass(frozen=True, slots=True)
class TaxonomySetting:
    """One `[taxonomies.NAME]`; `keys` is None where the file does not say."""

    name: str
    keys: tuple[str, ...] | None = None
    page: str = ""
    merge: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AliasSetting:
    """One `[[feeds.alias]]`, which begins on `line`; `until` may have a time and a zone."""

    old: str
    new: str
    line: int
    until: date | None = None


@dataclass(frozen=True, slots=True)
class QuerySetting:
    """One `[[feeds.query]]`, which begins on `line`; terms are `TAXONOMY:LABEL`, dates may have a time and a zone."""

    name: str
    line: int
    title: str = ""
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    lang: tuple[str, ...] = ()
    author: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """The keys of docs/configuration.md; "", None and () are what was not said. `folder` is the file's, "" for here.

    `feed_paths` are where jekyll-feed has feeds (by taxonomy, "" is the site's, `*` for the slug), `feed_labels` the
    categories that it has feeds of.
    """

    name: str = ""
    folder: str = ""
    url: str = ""
    id: str = ""
    title: str = ""
    description: str = ""
    lang: str = ""
    authors: tuple[Person, ...] = ()
    timezone: str = ""
    hub: str = ""
    host: str = ""
    roots: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    drafts: bool = False
    future: bool = False
    encoding: str = ""
    link: str = ""
    permalink: str = ""
    base: str = ""
    sanitizer: str = ""
    excerpt_separator: str = ""
    feeds_url: str = ""
    formats: tuple[str, ...] = ()
    limit: int | None = None
    ledger: str = ""
    updating: str = ""
    max_reposted: int | None = None
    max_new: int | None = None
    hours: int | None = None
    per_source: int | None = None
    max_bytes: int | None = None
    precompress: tuple[str, ...] = ()
    archive: tuple[str, ...] = ()
    aliases: tuple[AliasSetting, ...] = ()
    queries: tuple[QuerySetting, ...] = ()
    pages: bool | None = None
    taxonomies: tuple[TaxonomySetting, ...] = ()
    defaults: tuple[Default, ...] = ()
    people: tuple[tuple[str, Person], ...] = ()
    compat: str = ""
    feed_paths: tuple[tuple[str, str], ...] = ()
    feed_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says about the configuration: it wins over every file."""

    posts: tuple[str, ...] = ()
    config: str = ""
    dist: str = "dist"
    site_url: str = ""
    title: str = ""
    drafts: bool = False
    future: bool = False
    allow_local: bool = False
    host: str = ""
