"""Every key of `feeder.toml`: what it takes and means; docs/configuration.md says the same (a test compares)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a key takes; the value is how messages and documents call it."""

    TEXT = "text"
    TEXTS = "text or a list of texts"
    FLAG = "true or false"
    COUNT = "a whole number from 1"
    NUMBER = "a whole number from 0"
    DATE = "a date, or a date and a time, without quotes"
    LABELS = "a table of labels"
    PEOPLE = "text, a table { name, email, uri } or a list of them"


@dataclass(frozen=True, slots=True)
class Key:
    """A key of one table; `default` is as it would be written, "" where there is none."""

    table: str
    name: str
    kind: Kind
    default: str
    meaning: str


TAXONOMY = "taxonomies.NAME"
ALIAS = "[feeds.alias]"
QUERY = "[feeds.query]"

KEYS = (
    Key("site", "url", Kind.TEXT, "", "The site's address, http or https: required, here or as --site-url."),
    Key(
        "site",
        "id",
        Kind.TEXT,
        "site.url",
        "The text that ids grow from: set it once, before the site's address changes.",
    ),
    Key(
        "site",
        "title",
        Kind.TEXT,
        "the host of site.url",
        "The title of the site's feed, and the first half of every other's.",
    ),
    Key("site", "description", Kind.TEXT, "site.title", "What the site is, in a sentence."),
    Key("site", "lang", Kind.TEXT, "", "The language of the site, as in `en` or `zh-Hant`: never guessed."),
    Key("site", "author", Kind.PEOPLE, "site.title", "Who is responsible for the feeds."),
    Key("site", "timezone", Kind.TEXT, '"UTC"', "The IANA zone of dates that name none."),
    Key("site", "hub", Kind.TEXT, "", "The https address of a WebSub hub, which every feed then names."),
    Key(
        "site",
        "ledger",
        Kind.TEXT,
        '"feeder.ledger", if it is there',
        "The file that remembers every id, beside the configuration: it is made where it is named here.",
    ),
    Key(
        "site",
        "host",
        Kind.TEXT,
        '"none"',
        "Who serves dist (netlify, cloudflare, nginx, caddy, apache, s3): what it must know is written too.",
    ),
    Key("posts", "roots", Kind.TEXTS, '"posts", else every "_posts"', "The folders that hold the posts."),
    Key("posts", "exclude", Kind.TEXTS, "[]", "Paths or patterns to leave out of roots that were not named."),
    Key("posts", "drafts", Kind.FLAG, "false", "Whether drafts (`draft: true`, `_drafts`) are published."),
    Key("posts", "future", Kind.FLAG, "false", "Whether posts dated after now are published."),
    Key("posts", "encoding", Kind.TEXT, '"utf-8"', "The encoding of the posts' files."),
    Key(
        "posts",
        "link",
        Kind.TEXT,
        '"origin"',
        'What entries link to: the "origin" they were mirrored from, or their page, the "permalink".',
    ),
    Key(
        "posts",
        "permalink",
        Kind.TEXT,
        "",
        "The pattern of the posts' pages, in Jekyll's placeholders: unset, posts have no pages.",
    ),
    Key(
        "posts",
        "base",
        Kind.TEXT,
        "",
        "The URL that relative links in bodies stand against, where it is not the post's own.",
    ),
    Key(
        "posts",
        "updated",
        Kind.TEXT,
        '"front-matter"',
        'What says that an entry was updated: its "front-matter", or by the ledger also that its "content" changed.',
    ),
    Key(
        "content",
        "sanitizer",
        Kind.TEXT,
        '"nh3"',
        'What cleans bodies: "nh3", or "bleach", which takes 20 times as long.',
    ),
    Key("content", "excerpt_separator", Kind.TEXT, "", "A text that ends the summary, besides `<!--more-->`."),
    Key("feeds", "url", Kind.TEXT, "site.url", "The address that dist is served at, where it is not the site's."),
    Key(
        "feeds",
        "compat",
        Kind.TEXT,
        '"none"',
        'Whose addresses and ids to keep: those of "jekyll" (jekyll-feed), "hugo" or "pelican".',
    ),
    Key("feeds", "formats", Kind.TEXTS, '["atom", "rss"]', 'The formats to write: "atom", "rss", "json".'),
    Key("feeds", "limit", Kind.COUNT, "50", "How many of a feed's newest entries its documents show."),
    Key(
        "feeds",
        "hours",
        Kind.COUNT,
        "",
        "All entries of so many hours before a feed's newest are in its documents, where these are more than `limit`.",
    ),
    Key(
        "feeds",
        "per_source",
        Kind.COUNT,
        "",
        "The most entries of one category in the site's own feed, so that none pushes the others out.",
    ),
    Key(
        "feeds",
        "max_bytes",
        Kind.COUNT,
        "4000000",
        "The most bytes in a document: validators and readers stop at 5 MB.",
    ),
    Key(
        "feeds",
        "precompress",
        Kind.TEXTS,
        "[]",
        'Compressed twins of the documents, "gzip" (.gz) and "br" (.br), for servers that send such.',
    ),
    Key(
        "feeds",
        "archive",
        Kind.TEXTS,
        "[]",
        'The feeds whose whole history is published, month by month: "site", and names of taxonomies.',
    ),
    Key(
        "feeds",
        "pages",
        Kind.FLAG,
        "true, with compat false",
        "Whether people get pages: one of all feeds, `index.html`, and one of each beside its documents.",
    ),
    Key(
        "feeds",
        "max_reposted",
        Kind.NUMBER,
        "0",
        "How many entries that subscribers know a build may show under another id.",
    ),
    Key("feeds", "max_new", Kind.NUMBER, "", "How many new entries a build may show: unset, any number."),
    Key(
        QUERY,
        "name",
        Kind.TEXT,
        "",
        "What the feed is known by, for ever: its id and its address grow from it. Required.",
    ),
    Key(QUERY, "title", Kind.TEXT, "name", "What the feed is called, behind the site's title."),
    Key(QUERY, "any", Kind.TEXTS, "[]", "Terms as in `tags:open data`, of which an entry must have one."),
    Key(QUERY, "all", Kind.TEXTS, "[]", "Terms of which it must have every one."),
    Key(QUERY, "none", Kind.TEXTS, "[]", "Terms of which it must have none."),
    Key(QUERY, "since", Kind.DATE, "", "The first day or instant at which it may be published."),
    Key(QUERY, "until", Kind.DATE, "", "The last one."),
    Key(
        QUERY,
        "lang",
        Kind.TEXTS,
        "[]",
        "Languages of which it must have one: `en` is `en-GB`, too; a post without `lang` has the site's.",
    ),
    Key(
        QUERY,
        "author",
        Kind.TEXTS,
        "[]",
        "Names of which one must be an author's; a post without authors has the site's.",
    ),
    Key(
        ALIAS,
        "old",
        Kind.TEXT,
        "",
        "The path below dist where subscribers ask: a file, or a folder with `/` at its end.",
    ),
    Key(ALIAS, "new", Kind.TEXT, "", "The path where that feed stands now: a file for a file, a folder for a folder."),
    Key(ALIAS, "until", Kind.DATE, "", "The day on which the old address ends: unset, never."),
    Key(
        TAXONOMY,
        "keys",
        Kind.TEXTS,
        "[NAME]",
        "The front-matter keys of this taxonomy; for categories, tags and authors also the singular. [] turns it off.",
    ),
    Key(
        TAXONOMY,
        "page",
        Kind.TEXT,
        "",
        "The address of a term's page, with `:slug` or `:label`: its feed's alternate link.",
    ),
    Key(
        TAXONOMY,
        "merge",
        Kind.LABELS,
        "",
        'Labels whose posts stand under another term: `"AI" = "artificial intelligence"`.',
    ),
)
