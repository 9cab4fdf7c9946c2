"""The slices of configuration: each stage is given one, and a slice is what that stage's fingerprint hashes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from feeder.config.scheme import OWN, Compat, Scheme
from feeder.model.table import Table
from feeder.model.term import Person, RawTerm

CAPPED = "categories"
"""The taxonomy of whose terms the site's feed takes no more than `per_source` entries each."""


class Sanitizer(StrEnum):
    """Which library cleans bodies; both follow one policy (docs/decisions)."""

    NH3 = "nh3"
    BLEACH = "bleach"


class LinkChoice(StrEnum):
    """What an entry's alternate link is where a post has an origin and a page of its own."""

    ORIGIN = "origin"
    PERMALINK = "permalink"


@dataclass(frozen=True, slots=True)
class Site:
    """Who publishes: `url` is absolute, without trailing slash; `id` is the text that feed and entry ids grow from.

    `hub` is the address of the WebSub hub that is told of every publication, or "".
    """

    id: str
    url: str
    title: str
    description: str
    language: str
    authors: tuple[Person, ...]
    hub: str = ""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A way of sorting posts: `keys` are its front-matter keys, `page` the URL pattern of a term's page or "".

    `spelled` says that every spelling of a term counts, even of one that a post has twice: each had a feed elsewhere.
    `merge` are labels, and the labels under which their posts stand instead.
    """

    name: str
    keys: tuple[str, ...]
    page: str = ""
    spelled: bool = False
    merge: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Alias:
    """An old place of a feed that stands at `new` now: paths below dist, of files or of folders (`/` at the end).

    The top of dist, where the site's own feed stands, is the folder "". `line` is where the file says it.
    """

    old: str
    new: str
    line: int = field(default=0, compare=False)


QUERIES = "queries"
"""The taxonomy whose terms are the site's queries."""


@dataclass(frozen=True, slots=True)
class Query:
    """A feed by what its entries have: one of `any`, `all`, and `none` of these; it stands on `line` of its file.

    They were published from `since` on and before `until` (seconds); their language is in one of `languages` (RFC 4647
    ranges), and one of `authors` is theirs. What is () or None is no matter.
    """

    name: str
    title: str = ""
    any: tuple[RawTerm, ...] = ()
    all: tuple[RawTerm, ...] = ()
    none: tuple[RawTerm, ...] = ()
    since: int | None = None
    until: int | None = None
    languages: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing at all."""
        asked = (self.any, self.all, self.none, self.languages, self.authors)
        return not any(asked) and self.since is None and self.until is None


@dataclass(frozen=True, slots=True)
class Default:
    """Jekyll's front-matter defaults for one scope: a path prefix or glob, as the posts' files are named from here."""

    path: str
    values: Table


@dataclass(frozen=True, slots=True)
class Page:
    """How a post's page is addressed: `pattern` of Jekyll's placeholders, "" where posts have no pages.

    `url` is the site's, without trailing slash; `zone` is the one that dates in addresses stand in.
    """

    url: str
    pattern: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class PostRules:
    """How posts are read: what `normalise` needs to make a head of a file.

    `known_as` is the address that the ids of another program's entries grow from, without trailing slash.
    """

    page: Page
    encoding: str = "utf-8"
    link: LinkChoice = LinkChoice.ORIGIN
    taxonomies: tuple[Taxonomy, ...] = ()
    defaults: tuple[Default, ...] = ()
    people: tuple[tuple[str, Person], ...] = ()
    drafts: bool = False
    compat: Compat = Compat.NONE
    known_as: str = ""


@dataclass(frozen=True, slots=True)
class WalkRules:
    """Where posts are looked for: `roots` as named; `exclude` are patterns for roots that were found, not named.

    `folder` is the configuration's folder, "" the current one; `named` says that the user named the roots; below
    `output` nothing is looked for.
    """

    folder: str
    roots: tuple[str, ...]
    named: bool
    exclude: tuple[str, ...] = ()
    drafts: bool = False
    output: str = "dist"


@dataclass(frozen=True, slots=True)
class ContentRules:
    """How bodies become content: what `normalise` and `render` need to make an entry's fragments.

    `base` is what relative references stand against, "" where each post decides; `pages` says that entries stand on
    pages, too.
    """

    page: Page
    formats: tuple[str, ...]
    encoding: str = "utf-8"
    sanitizer: Sanitizer = Sanitizer.NH3
    excerpt_separator: str = ""
    max_bytes: int = 4_000_000
    base: str = ""
    defaults: tuple[Default, ...] = ()
    compat: Compat = Compat.NONE
    pages: bool = False


SITE_ARCHIVE = "site"
"""What the site's own feed is called where it is asked for archives."""


@dataclass(frozen=True, slots=True)
class FeedRules:
    """Which feeds there are: what `plan` needs; `url` is where dist is served, without trailing slash.

    A document shows the newest `limit` entries, or all of the last `hours` (0: no matter) where those are more; in the
    site's own feed at most `per_source` (0: no matter) of one category. Where there are `queries`, the last taxonomy is
    theirs.
    `now` is the instant after which a post is not due yet; None where posts of the future are asked for.
    `archive` names the taxonomies whose feeds have archives; SITE_ARCHIVE stands there for the site's own.
    `known_as` is as in PostRules; `pages` says that every feed has a page for people.
    """

    site: Site
    url: str
    formats: tuple[str, ...]
    limit: int
    max_bytes: int
    taxonomies: tuple[Taxonomy, ...]
    hours: int = 0
    per_source: int = 0
    queries: tuple[Query, ...] = ()
    now: datetime | None = None
    archive: tuple[str, ...] = ()
    scheme: Scheme = OWN
    known_as: str = ""
    aliases: tuple[Alias, ...] = ()
    pages: bool = False


class Updating(StrEnum):
    """What says when an entry was updated: its post alone, or also that its content is another."""

    FRONT_MATTER = "front-matter"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class LedgerRules:
    """What a ledger is used for: `path` is its file, "" for none; `now` is the instant that a build writes into it."""

    path: str = ""
    updating: Updating = Updating.FRONT_MATTER
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may change for subscribers in one build before somebody has to be asked; None is any number.

    `max_reposted` counts entries that would come back under another id, `max_new` those that are new.
    """

    max_reposted: int = 0
    max_new: int | None = None


class Host(StrEnum):
    """What serves dist: for each there is a file that tells it the media types, lifetimes and other headers."""

    NONE = "none"
    NETLIFY = "netlify"
    CLOUDFLARE = "cloudflare"
    NGINX = "nginx"
    CADDY = "caddy"
    APACHE = "apache"
    S3 = "s3"


class Coding(StrEnum):
    """A content coding (RFC 9110 §8.4.1) in which a twin of each document is written."""

    GZIP = "gzip"
    BROTLI = "br"


@dataclass(frozen=True, slots=True)
class Hosting:
    """What is written beside the feeds for whoever serves them."""

    host: Host = Host.NONE
    precompress: tuple[Coding, ...] = ()


@dataclass(frozen=True, slots=True)
class Configuration:
    """All slices, and what the command itself needs; `name` is the file they came from or ""."""

    name: str
    site: Site
    walk: WalkRules
    posts: PostRules
    content: ContentRules
    feeds: FeedRules
    limits: Limits = Limits()
    ledger: LedgerRules = LedgerRules()
    hosting: Hosting = Hosting()
