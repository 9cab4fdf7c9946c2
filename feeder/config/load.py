"""From files and options to frozen slices: the one place that knows every default."""

from __future__ import annotations

import codecs
import os
import re
from dataclasses import fields, replace
from datetime import datetime
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feeder.config.scheme import PERMALINKS, Compat, scheme_of
from feeder.config.settings import Options, Settings, TaxonomySetting
from feeder.config.slices import (
    CAPPED,
    QUERIES,
    SITE_ARCHIVE,
    Alias,
    Coding,
    Configuration,
    ContentRules,
    FeedRules,
    Host,
    Hosting,
    LedgerRules,
    Limits,
    LinkChoice,
    Page,
    PostRules,
    Query,
    Sanitizer,
    Site,
    Taxonomy,
    Updating,
    WalkRules,
)
from feeder.config.toml import read_toml
from feeder.errors import UsageError
from feeder.model.characters import fold
from feeder.model.language import language_tag
from feeder.model.problem import printable
from feeder.model.term import Person

TOML = "feeder.toml"
JEKYLL = "_config.yml"
LEDGER = "feeder.ledger"
FORMATS = ("atom", "rss", "json")
DEFAULT_FORMATS = ("atom", "rss")
LIMIT = 50
MAX_BYTES = 4_000_000
# The folder of archive documents, below their feed's own.
_ARCHIVES = "archive"
_ROOTS = {Compat.HUGO: "content", Compat.PELICAN: "content"}
# Their feeds link to pages, wherever a post came from.
_LINKS = {Compat.NONE: LinkChoice.ORIGIN}
_SINGULAR = {"categories": "category", "tags": "tag", "authors": "author"}
_PATH_SAFE = "/%:@!$&'()*+,;=~"
_DEFAULT_PORT = re.compile(r"(https://[^/]+):443(?=/|$)|(http://[^/]+):80(?=/|$)")
_MAIL = re.compile(r"[^@\s()<>\"]+@[^@\s()<>\"]+")
_LOCAL = re.compile(r"(?:.*\.)?localhost\.?|127(?:\.\d+){3}|0\.0\.0\.0|::1?")
# What Jekyll leaves out too where nothing is said: a gem brings an example site with `_posts`.
_OTHERS = frozenset(("_posts", "_site", "node_modules", "vendor/bundle", "vendor/cache", "vendor/gems", "vendor/ruby"))


def load(options: Options, now: datetime) -> Configuration:
    """Return the configuration that `options` and the files here make; `now` is when posts of the future begin.

    Raises UsageError with a sentence that says where and what to write.
    """
    return _configuration(_settings(options), options, now)


def load_proposed(name: str, text: str, options: Options, now: datetime) -> Configuration:
    """Return, as `load`, what a `feeder.toml` called `name` would make if it held `text`."""
    folder = os.path.dirname(name)
    return _configuration(_completed(read_toml(name, folder, text), folder), options, now)


def _configuration(settings: Settings, options: Options, now: datetime) -> Configuration:
    url = site_address(options.site_url or settings.url, settings.name)
    if not options.allow_local and is_local(url):
        message = f"{url} is this machine's own address, where no subscriber can follow"
        raise UsageError(f"{message}: give the public one, or --allow-local")
    feeds_url = _address(settings.feeds_url, settings.name, "feeds.url") if settings.feeds_url else url
    zone = _zone(settings)
    compat = Compat(_choice(settings, "feeds.compat", settings.compat or Compat.NONE, [*Compat]))
    page = Page(url, settings.permalink or PERMALINKS.get(compat, ""), zone)
    taxonomies = _taxonomies(settings.taxonomies, compat)
    scheme = scheme_of(compat, [one.name for one in taxonomies], settings.feed_paths, settings.feed_labels)
    known_as = _known_as(settings.id, url)
    asked = _queries(settings, taxonomies, zone) if settings.queries else ()
    sorted_by = (*taxonomies, Taxonomy(QUERIES, ())) if asked else taxonomies
    # Who takes another program's place has a site already, and so a home page.
    pages = compat is Compat.NONE if settings.pages is None else settings.pages
    formats = _formats(settings)
    title = fold(options.title or settings.title) or urlsplit(url).hostname or url
    site = Site(
        id=settings.id or url,
        url=url,
        title=title,
        description=fold(settings.description),
        language=_language(settings),
        authors=_authors(settings),
        hub=_hub(settings, options),
    )
    encoding = _encoding(settings)
    return Configuration(
        name=settings.name,
        site=site,
        walk=WalkRules(
            folder=settings.folder,
            roots=options.posts or settings.roots or _default_roots(settings.folder, compat),
            named=bool(options.posts or settings.roots),
            exclude=settings.exclude,
            drafts=options.drafts or settings.drafts,
            output=options.dist,
        ),
        posts=PostRules(
            page=page,
            encoding=encoding,
            link=LinkChoice(
                _choice(
                    settings, "posts.link", settings.link or _LINKS.get(compat, LinkChoice.PERMALINK), [*LinkChoice]
                )
            ),
            taxonomies=taxonomies,
            defaults=settings.defaults,
            people=settings.people,
            drafts=options.drafts or settings.drafts,
            compat=compat,
            known_as=known_as,
        ),
        content=ContentRules(
            page=page,
            formats=formats,
            encoding=encoding,
            sanitizer=Sanitizer(
                _choice(settings, "content.sanitizer", settings.sanitizer or Sanitizer.NH3, [*Sanitizer])
            ),
            excerpt_separator=settings.excerpt_separator,
            max_bytes=settings.max_bytes or MAX_BYTES,
            base=_address(settings.base, settings.name, "posts.base") if settings.base else "",
            pages=pages,
            defaults=settings.defaults,
            compat=compat,
        ),
        feeds=FeedRules(
            site=site,
            url=feeds_url,
            formats=formats,
            limit=settings.limit or LIMIT,
            hours=settings.hours or 0,
            per_source=_per_source(settings, taxonomies),
            queries=asked,
            max_bytes=settings.max_bytes or MAX_BYTES,
            taxonomies=sorted_by,
            now=None if options.future or settings.future else now,
            archive=_archive(settings, sorted_by),
            scheme=scheme,
            known_as=known_as,
            aliases=_aliases(settings, zone, now) if settings.aliases else (),
            pages=pages,
        ),
        limits=Limits(settings.max_reposted or 0, settings.max_new),
        ledger=_ledger(settings, now),
        hosting=Hosting(
            host=Host(_choice(settings, "site.host", options.host or settings.host or Host.NONE, [*Host])),
            precompress=tuple(
                Coding(_choice(settings, "feeds.precompress", name, [*Coding])) for name in settings.precompress
            ),
        ),
    )


def is_local(url: str) -> bool:
    """Say whether nobody but this machine can follow `url`."""
    return bool(_LOCAL.fullmatch(urlsplit(url).hostname or ""))


def _ledger(settings: Settings, now: datetime) -> LedgerRules:
    updating = Updating(_choice(settings, "posts.updated", settings.updating or Updating.FRONT_MATTER, [*Updating]))
    usual = os.path.join(settings.folder, LEDGER)
    # Who asks for what only a ledger can know asks for one.
    asked = settings.ledger or (usual if updating is Updating.CONTENT or os.path.lexists(usual) else "")
    return LedgerRules(asked, updating, now.replace(microsecond=0))


def site_address(text: str, name: str) -> str:
    """Return the site's address, percent-encoded, without trailing slash; raises UsageError where it is none."""
    if not text:
        where = f"in {printable(name)}" if name else f"in {TOML}"
        raise UsageError(f"the site's address is missing: set `url` under [site] {where}, or give --site-url https://…")
    return _address(text, name, "site.url")


def _address(text: str, name: str, key: str) -> str:
    try:
        parts = urlsplit(text.strip())
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        parts, host, port = urlsplit(""), "", ""
    if (
        parts.scheme not in ("http", "https")
        or not re.fullmatch(r"[A-Za-z0-9.:_-]+", host)
        or parts.query
        or parts.fragment
    ):
        where = f"{name}: " if name else ""
        message = f"{where}`{key}` is {text!r}, and must be an http:// or https:// address without `?` and `#`"
        raise UsageError(printable(message))
    host = f"[{host}]" if ":" in host else host
    path = quote(parts.path, safe=_PATH_SAFE).rstrip("/")
    return f"{parts.scheme}://{host}{port}{path}"


def _known_as(site_id: str, url: str) -> str:
    """Return the address that other programs' ids grow from: `site.id` where it is one, so that a site can move."""
    try:
        found = _address(site_id, "", "site.id") if site_id else url
    except UsageError:
        found = url
    return _DEFAULT_PORT.sub(lambda match: match[1] or match[2], found)


def _settings(options: Options) -> Settings:
    name = options.config or next((name for name in (TOML, JEKYLL) if os.path.lexists(name)), "")
    if not name:
        return Settings(people=_people(""))
    folder = os.path.dirname(name)
    return _completed(_read(name, folder, _text(name)), folder)


def _completed(found: Settings, folder: str) -> Settings:
    """Return what is `found` in a file in `folder`, with what the files beside it say."""
    beside = os.path.join(folder, JEKYLL)
    if found.compat == Compat.JEKYLL and os.path.isfile(beside):
        found = _over(found, _read(beside, folder, _text(beside)))
    return replace(found, people=_people(folder))


def _over(settings: Settings, below: Settings) -> Settings:
    """Return what `settings` say, and where they do not, what `below` says."""
    said = {field.name: getattr(settings, field.name) for field in fields(settings)}
    return replace(below, **{name: value for name, value in said.items() if value or name in ("name", "folder")})


def _read(name: str, folder: str, text: str) -> Settings:
    if not name.endswith((".yml", ".yaml")):
        return read_toml(name, folder, text)
    from feeder.config.jekyll import read_jekyll  # noqa: PLC0415 - YAML takes 15 ms, and most sites have none to read

    return read_jekyll(name, folder, text)


def _people(folder: str) -> tuple[tuple[str, Person], ...]:
    name = os.path.join(folder, "_data", "authors.yml")
    if not os.path.isfile(name):
        return ()
    from feeder.config.jekyll import read_people  # noqa: PLC0415 - as above

    return read_people(name, _text(name))


def _text(name: str) -> str:
    try:
        with open(name, encoding="utf-8-sig", newline=None) as stream:
            return stream.read()
    except OSError as problem:
        raise UsageError(
            printable(f"{name}: this configuration cannot be read: {(problem.strerror or 'error').lower()}")
        ) from None
    except UnicodeDecodeError as problem:
        raise UsageError(printable(f"{name}: byte {problem.start} is no UTF-8: save the file as UTF-8")) from None


def _default_roots(folder: str, compat: Compat) -> tuple[str, ...]:
    """Return `posts` in `folder` if it is there, else every `_posts` below it, but in hidden and others' folders.

    Hugo and Pelican have theirs in `content`.
    """
    posts = os.path.join(folder, _ROOTS.get(compat, "posts"))
    if os.path.isdir(posts):
        return (posts,)
    found: list[str] = []
    for path, folders, _ in os.walk(folder or "."):
        if "_posts" in folders:
            found.append(os.path.normpath(os.path.join(path, "_posts")))
        parent = os.path.basename(path)
        folders[:] = sorted(name for name in folders if name[0] != "." and not {name, f"{parent}/{name}"} & _OTHERS)
    return tuple(found) or (posts,)


def _zone(settings: Settings) -> ZoneInfo:
    try:
        return ZoneInfo(settings.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"{settings.name}: `timezone` is {settings.timezone!r}, and must be an IANA zone such as Asia/Taipei"
        raise UsageError(printable(message)) from None


def _authors(settings: Settings) -> tuple[Person, ...]:
    for person in settings.authors:
        if person.email and not _MAIL.fullmatch(person.email):
            message = f"{settings.name}: {person.email!r} is no e-mail address: mend the `email` of the site's author"
            raise UsageError(printable(message))
        if person.uri:
            _address(person.uri, settings.name, "uri of the site's author")
    return tuple(Person(fold(person.name), person.email, person.uri) for person in settings.authors)


def _language(settings: Settings) -> str:
    tag = language_tag(settings.lang)
    if settings.lang and not tag:
        message = f"{settings.name}: `lang` is {settings.lang!r}, and must be a language tag such as en or zh-Hant"
        raise UsageError(printable(message))
    return tag


def _hub(settings: Settings, options: Options) -> str:
    if not settings.hub:
        return ""
    url = _address(settings.hub, settings.name, "site.hub")
    local = options.allow_local and _LOCAL.fullmatch(urlsplit(url).hostname or "")
    if not url.startswith("https://") and not local:
        message = f"{settings.name}: `site.hub` is {settings.hub!r}, and must be an https:// address"
        raise UsageError(printable(message))
    # Unlike the site's, its address is taken at its word: a slash at the end may make another one.
    return f"{url}/" if settings.hub.endswith("/") or not urlsplit(url).path else url


def _encoding(settings: Settings) -> str:
    try:
        name = codecs.lookup(settings.encoding or "utf-8").name
        b"<".decode(name, "replace")  # `hex` and its like are no encodings of text
    except (LookupError, ValueError):
        message = f"{settings.name}: `encoding` is {settings.encoding!r}, which is no encoding that Python knows"
        raise UsageError(printable(message)) from None
    return name


def _choice(settings: Settings, key: str, value: str, known: list[str]) -> str:
    if value not in known:
        raise UsageError(printable(f"{settings.name}: `{key}` is {value!r}, and must be one of {', '.join(known)}"))
    return value


def _queries(settings: Settings, taxonomies: tuple[Taxonomy, ...], zone: ZoneInfo) -> tuple[Query, ...]:
    from feeder.config.queries import queries  # noqa: PLC0415 - most sites have none

    return queries(settings, taxonomies, zone)


def _per_source(settings: Settings, taxonomies: tuple[Taxonomy, ...]) -> int:
    if settings.per_source and all(taxonomy.name != CAPPED for taxonomy in taxonomies):
        message = f"{settings.name}: `per_source` counts {CAPPED}, and `keys = []` has turned them off"
        raise UsageError(printable(f"{message}: leave one of the two out"))
    return settings.per_source or 0


def _formats(settings: Settings) -> tuple[str, ...]:
    for name in settings.formats:
        _choice(settings, "feeds.formats", name, list(FORMATS))
    return tuple(dict.fromkeys(settings.formats)) or DEFAULT_FORMATS


def _taxonomies(settings: tuple[TaxonomySetting, ...], compat: Compat) -> tuple[Taxonomy, ...]:
    given = {setting.name: setting for setting in settings}
    names = dict.fromkeys(("categories", "tags", *given))
    found: list[Taxonomy] = []
    for name in names:
        setting = given.get(name, TaxonomySetting(name))
        keys = setting.keys
        if keys is None:
            keys = (_SINGULAR[name], name) if name in _SINGULAR else (name,)
        if keys:
            found.append(Taxonomy(name, keys, setting.page, compat is Compat.JEKYLL, setting.merge))
    return tuple(found)


def _aliases(settings: Settings, zone: ZoneInfo, now: datetime) -> tuple[Alias, ...]:
    from feeder.config.aliases import aliases  # noqa: PLC0415 - most sites have none

    return aliases(settings.aliases, settings.name, zone, now)


def _archive(settings: Settings, taxonomies: tuple[Taxonomy, ...]) -> tuple[str, ...]:
    known = [SITE_ARCHIVE, *(taxonomy.name for taxonomy in taxonomies)]
    for name in settings.archive:
        _choice(settings, "feeds.archive", name, known)
    asked = frozenset(settings.archive)
    if SITE_ARCHIVE in asked and _ARCHIVES in known[1:]:
        message = f"{settings.name}: the archives of the site's feed stand in `archive/`, and so does that taxonomy's"
        raise UsageError(printable(f"{message}: call the taxonomy something else, or leave {SITE_ARCHIVE!r} out"))
    return tuple(name for name in known if name in asked)
