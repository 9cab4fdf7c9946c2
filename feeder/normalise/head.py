"""From a post as read to its head: instants, identity, link, terms; everything but the content."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from uuid import UUID

from feeder.config.scheme import Compat
from feeder.config.slices import Default, LinkChoice, PostRules
from feeder.model.characters import fold
from feeder.model.digest import digest
from feeder.model.head import Head
from feeder.model.instant import rfc3339
from feeder.model.language import language_tag
from feeder.model.problem import Level, Problem, Remark, error, warning
from feeder.model.source import Extent, LeftOut, RawPost, Source
from feeder.model.table import Field, Table
from feeder.model.term import Person, RawTerm
from feeder.normalise.enclosures import KEYS as ENCLOSURE_KEYS
from feeder.normalise.enclosures import local_files
from feeder.normalise.foreign import entry_id, pelican_slug
from feeder.normalise.links import web_address
from feeder.normalise.permalinks import PageParts, address, expand, strip_date
from feeder.normalise.shape import heading, undress
from feeder.normalise.slug import key as term_key
from feeder.normalise.terms import AUTHORS, author_terms, label, merged, persons, raw_terms
from feeder.normalise.timestamps import date_post, file_date, marker
from feeder.normalise.titles import plain, title

ORIGIN_KEYS = ("from", "source", "original_url", "canonical_url")
PUBLISHED_KEYS = ("date", "published", "pubDate")
UPDATED_KEYS = ("updated", "last_modified_at", "lastmod", "modified")
LANGUAGE_KEYS = ("lang", "language", "locale")
_SWITCHES = ("published", "feed", "draft")
ID_KEYS = ("id", "guid", "uuid")
# What few posts have is looked for only where one of its keys is there: one look spares all others.
_SELDOM = frozenset((*UPDATED_KEYS, *LANGUAGE_KEYS, *_SWITCHES, *ID_KEYS, "permalink", "url", *ENCLOSURE_KEYS))
# Under which key a post says its page's own address.
_PAGE_KEYS = {Compat.HUGO: "url", Compat.PELICAN: "url"}

_WRITTEN_DAY = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_TRANSLITERATED = (
    "Pelican writes this title in Latin letters in the post's address, which feeder does not: "
    "give the post the `slug` that it had, so that it keeps its page and id"
)

_DATE_KEYS = frozenset({"date", "published", "pubdate"})
_LIKE_AN_ADDRESS = re.compile(r"(?:www\.|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/)[^\s]*", re.IGNORECASE | re.ASCII)
_TRUE = frozenset("y yes true on".split())
_FALSE = frozenset("n no false off".split())
_UUID = "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
# What an IRI may hold (RFC 3987 §2.2, §4.1), taken broadly: no spaces, controls, delimiters or bidi controls.
_IRI = r"[^\s\x00-\x20\x7f-\x9f<>\"{}|\\^`\u200e\u200f\u202a-\u202e\u2066-\u2069]"
_BARE_UUID = re.compile(_UUID)
_ID = re.compile(
    rf"""(?i:https?):{_IRI}+
      | (?i:urn:uuid):{_UUID}
      | (?i:urn:(?!uuid:))[A-Za-z0-9][A-Za-z0-9-]{{1,31}}:{_IRI}+   # RFC 8141
      | (?i:tag):[A-Za-z0-9.@_-]+,[0-9]{{4}}(?:-[0-9]{{2}}){{0,2}}:{_IRI}*   # RFC 4151""",
    re.VERBOSE,
)
_MAX_ID = 1_000
_SHOWN = 80  # how much of a wrong value a problem quotes, in characters


def with_defaults(table: Table, source: Source, defaults: tuple[Default, ...]) -> Table:
    """Return `table` with the fields that the site's `defaults:` give the post.

    Its own fields win, then those of the longest path, then (as in Jekyll) those that are given last.
    """
    if not defaults:
        return table
    fields = list(table.fields)
    parts = source.file.removeprefix("./").split("/")
    places = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    order = sorted(enumerate(defaults), key=lambda default: (len(default[1].path), default[0]), reverse=True)
    for _, default in order:
        if default.path and not any(place == default.path or fnmatchcase(place, default.path) for place in places):
            continue
        known = {field.key for field in fields}
        fields.extend(Field(field.key, field.value) for field in default.values if field.key not in known)
    return Table(tuple(fields))


def head(raw: RawPost, rules: PostRules) -> Head | LeftOut:
    """Return the head of `raw`, of whose body the front is enough, or why it gives no entry (SPEC §1 to §4); pure."""
    source = raw.source
    table = table_of(raw, rules.defaults)
    seldom = table.has_any(_SELDOM)
    stem = stem_of(source)
    zone = rules.page.zone
    marked = marker(raw.body)
    section = rules.compat is Compat.HUGO and source.path.rpartition("/")[2].startswith("_index.")
    if section or not (raw.front_matter_format or table.text("from") or marked or file_date(stem, zone)):
        message = "it is no post: it has no front matter, no heading with a link, no epoch marker, no date in its name"
        if section:
            message = "it is no post, but a section's own page"
        return LeftOut(source, Problem(source.file, 0, Level.NOTE, "no-post", message), is_post=False)
    if seldom and (unpublished := _unpublished(table, rules)):
        message = f"`{unpublished}` says that it is not to be published"
        return LeftOut(source, Problem(source.file, table.line(unpublished), Level.NOTE, "unpublished", message))
    dating = date_post(
        table.texts(PUBLISHED_KEYS),
        table.texts(UPDATED_KEYS) if seldom else (),
        marked,
        stem,
        zone,
    )
    if isinstance(dating, Remark):
        return LeftOut(source, _locate(_misspelt_date(table) or dating, raw, table), raw.problems)
    origin, here = _origin(table)
    authors, terms, about_terms = _terms(table, source, rules)
    explicit, about_id = _explicit_id(table) if seldom else ("", ())
    language, about_language = _language(table) if seldom else ("", ())
    # Last the date: a name of nothing but markup, or of bytes that are no characters, leaves no other text.
    own_title = title(table.text("title")) or title(heading(raw.body)[0])
    name = own_title or title(strip_date(stem)) or title(stem) or rfc3339(dating.published)[:10]
    own = page = known_id = ""
    about_page: tuple[Remark, ...] = ()
    if (seldom and table.text(_page_key(rules))) or (rules.page.pattern and not source.excluded):
        categories = tuple(term.label for term in terms if term.taxonomy == "categories")
        folders = _sections(source) if rules.compat is Compat.HUGO else ()
        parts = PageParts(dating.published, stem, table.text("slug"), name, categories, folders)
        own, about_page = _permalink(table, parts, rules)
        page = own or ("" if source.excluded else address(parts, rules.page, rules.compat))
        if page and not own and rules.compat is Compat.PELICAN and not (parts.slug or pelican_slug(name)):
            page, about_page = "", (*about_page, warning("unknown-slug", _TRANSLITERATED, "title"))
        known_id = _known_id(page, parts, source, rules, table.text(dating.key))
    link = own or _link(page, here, rules)
    misunderstood = _misunderstood(table) if seldom or origin != table.text("from") else ()
    remarks = (*dating.remarks, *misunderstood, *about_terms, *about_id, *about_language, *about_page)
    return Head(
        source=source,
        digest=raw.digest,
        stem=stem,
        title=name,
        published=dating.published,
        updated=dating.updated,
        date_source=dating.source,
        has_time=dating.has_time,
        explicit_id=explicit,
        origin=origin,
        link=link,
        via=here if here != link else "",
        page=page,
        language=language,
        authors=authors,
        terms=terms,
        problems=(*raw.problems, *[_locate(remark, raw, table) for remark in remarks]) if remarks else raw.problems,
        titled=bool(own_title),
        files=local_files(table) if seldom else (),
        known_id=known_id,
    )


def body_digest(raw: RawPost, defaults: tuple[Default, ...]) -> bytes:
    """Return the digest of the body of `raw`, which must be whole, after step 1 of SPEC §5; b"" of an empty one.

    So the bodies of copies are compared.
    """
    if raw.extent is not Extent.WHOLE:
        raise ValueError("the front of a body says nothing of the rest")
    body = undress(raw.body, origin_of(table_of(raw, defaults))).body.strip()
    return digest(body.encode()) if body else b""


def table_of(raw: RawPost, defaults: tuple[Default, ...]) -> Table:
    """Return the post's fields: its front matter, or without any its heading's title and link; then the defaults."""
    table = raw.front_matter
    if not raw.front_matter_format:
        name, url = heading(raw.body)
        table = Table((Field("title", name), Field("from", url))) if url else table
    return with_defaults(table, raw.source, defaults)


def stem_of(source: Source) -> str:
    """Return the stem of the file's name in NFC; `index` takes its folder's name."""
    path = unicodedata.normalize("NFC", fold(source.path))
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    return folder.rpartition("/")[2] or stem if stem == "index" else stem


def _sections(source: Source) -> tuple[str, ...]:
    """Return the folders that the post is in, below `content` where its root has one, else below the root.

    A folder with an `index` is the post itself (Hugo's leaf bundle).
    """
    root = [] if source.root == "." else source.root.rstrip("/").split("/")
    start = len(root) - root[::-1].index("content") if "content" in root else len(root)
    *folders, name = source.file.split("/")
    leaf = name.rpartition(".")[0] == "index"
    return tuple(unicodedata.normalize("NFC", fold(folder)) for folder in folders[start : len(folders) - leaf])


def origin_of(table: Table) -> str:
    """Return the absolute http(s) URL that the post was mirrored from, as it was written, or ""."""
    return _origin(table)[0]


def _origin(table: Table) -> tuple[str, str]:
    """Return the post's origin as it was written, and as an address; both "" where there is none."""
    for _, text in table.texts(ORIGIN_KEYS):
        if found := web_address(text):
            return text, found
    return "", ""


def _unpublished(table: Table, rules: PostRules) -> str:
    for key, text in table.texts(_SWITCHES):
        if text.lower() in (_TRUE if key == "draft" else _FALSE) and not (key == "draft" and rules.drafts):
            return key
    return ""


def _misspelt_date(table: Table) -> Remark | None:
    """Return what to say where a date stands under a key that is `date` but for its capitals."""
    key = next((one.key for one in table if one.key.lower() in _DATE_KEYS and one.key not in PUBLISHED_KEYS), "")
    return error("no-date", f"the post has no date, since `{key}` is no key: write `date`", key) if key else None


def _terms(
    table: Table, source: Source, rules: PostRules
) -> tuple[tuple[Person, ...], tuple[RawTerm, ...], tuple[Remark, ...]]:
    """Return the post's authors and terms, those first that its place gives it, and what was wrong with them."""
    authors, about_authors = persons(table, rules.people, plain)
    if any(one.uri for one in authors):
        authors = tuple(replace(one, uri=web_address(one.uri)) if one.uri else one for one in authors)
    terms, about_terms = raw_terms(table, rules.taxonomies, plain)
    if rules.compat is Compat.PELICAN:
        terms = _pelican_terms(terms, source, rules)
    if source.folders:
        terms = _unique((*_folder_terms(source, rules), *terms), rules)
    if AUTHORS in [taxonomy.name for taxonomy in rules.taxonomies]:
        terms = (*terms, *author_terms(authors))
    return authors, merged(terms, rules.taxonomies, plain), about_authors + about_terms


def _pelican_terms(terms: tuple[RawTerm, ...], source: Source, rules: PostRules) -> tuple[RawTerm, ...]:
    """Return `terms`, and where no category is among them Pelican's: the folder that the post is in, else `misc`."""
    has_categories = any(taxonomy.name == "categories" for taxonomy in rules.taxonomies)
    if not has_categories or any(term.taxonomy == "categories" for term in terms):
        return terms
    folder = next(reversed(_sections(source)), "")
    return (RawTerm("categories", label(folder, plain) or "misc"), *terms)


def _misunderstood(table: Table) -> Iterator[Remark]:
    """Yield what its author meant for something and nobody can follow."""
    for key, text in table.texts(("feed", "draft")):
        if text.lower() not in _TRUE | _FALSE:
            message = f"{text[:_SHOWN]!r} is neither true nor false, so it was ignored: write `{key}: true` or `false`"
            yield warning("bad-flag", message, key)
    origin = table.text("from")
    if _LIKE_AN_ADDRESS.fullmatch(origin):
        message = (
            f"{origin[:_SHOWN]!r} is no address without its scheme, so the post has no origin: put https:// before it"
        )
        yield warning("bad-origin", message, "from")


def _folder_terms(source: Source, rules: PostRules) -> tuple[RawTerm, ...]:
    if not any(taxonomy.name == "categories" for taxonomy in rules.taxonomies):
        return ()
    return tuple(RawTerm("categories", found) for folder in source.folders if (found := label(folder, plain)))


def _unique(terms: tuple[RawTerm, ...], rules: PostRules) -> tuple[RawTerm, ...]:
    if any(taxonomy.spelled for taxonomy in rules.taxonomies):
        return tuple(dict.fromkeys(terms))
    found: dict[tuple[str, str], RawTerm] = {}
    for term in terms:
        found.setdefault((term.taxonomy, term_key(term.label)), term)
    return tuple(found.values())


def _explicit_id(table: Table) -> tuple[str, tuple[Remark, ...]]:
    """Return the first id that can be one, and a remark on each before it that cannot."""
    remarks: list[Remark] = []
    for key, text in table.texts(ID_KEYS):
        if found := _id(text):
            return found, tuple(remarks)
        message = f"{text[:_SHOWN]!r} is no absolute http(s), urn: or tag: IRI and no UUID, so it is not the post's id"
        remarks.append(warning("bad-id", message, key))
    return "", tuple(remarks)


def _id(text: str) -> str:
    if _BARE_UUID.fullmatch(text):
        return UUID(text).urn
    if len(text) > _MAX_ID or not _ID.fullmatch(text):
        return ""
    return text if web_address(text) or not text.lower().startswith("http") else ""


def _language(table: Table) -> tuple[str, tuple[Remark, ...]]:
    for key, text in table.texts(LANGUAGE_KEYS):
        tag = language_tag(text)
        message = f"{text[:_SHOWN]!r} is no language tag such as `en` or `zh-Hant`: it was ignored"
        return tag, () if tag else (warning("bad-language", message, key),)
    return "", ()


def _permalink(table: Table, parts: PageParts, rules: PostRules) -> tuple[str, tuple[Remark, ...]]:
    """Return the page that the front matter itself names, or ""."""
    key = _page_key(rules)
    text = table.text(key)
    page = web_address(expand(text, parts, rules.page, rules.compat)) if text else ""
    if page and rules.compat is Compat.HUGO and "." not in page.rpartition("/")[2]:
        page = f"{page.rstrip('/')}/"  # a folder, as all of Hugo's pages that do not say otherwise
    if page or not text:
        return page, ()
    message = f"{text[:_SHOWN]!r} is no address of a page: it was ignored"
    return "", (warning("bad-permalink", message, key),)


def _page_key(rules: PostRules) -> str:
    return _PAGE_KEYS.get(rules.compat, "permalink")


def _known_id(page: str, parts: PageParts, source: Source, rules: PostRules, written: str) -> str:
    """Return the id that the program whose place feeder takes gave the post; "" for a page elsewhere.

    `written` is the date as its author wrote it, "" where it stands elsewhere.
    """
    if rules.compat is Compat.NONE or not page.startswith(f"{rules.page.url}/"):
        return ""
    path = page.removeprefix(rules.page.url)
    # The file's name with every space that it has, where a stem is text on one line.
    stem = source.path.rpartition("/")[2].rpartition(".")[0]
    slug = parts.slug or (strip_date(stem) or stem).rstrip(".")
    day = parts.date.astimezone(rules.page.zone)
    # Pelican's day is the one that was written, in whatever zone.
    if rules.compat is Compat.PELICAN and (match := _WRITTEN_DAY.match(written)):
        day = day.replace(year=int(match[1]), month=int(match[2]), day=int(match[3]))
    return entry_id(rules.compat, rules.known_as, path, slug, day)


def _link(page: str, origin: str, rules: PostRules) -> str:
    first, second = (origin, page) if rules.link is LinkChoice.ORIGIN else (page, origin)
    return first or second or f"{rules.page.url}/"


def _locate(remark: Remark, raw: RawPost, table: Table) -> Problem:
    line = table.line(remark.key) if remark.key else raw.body_line
    return remark.at(raw.source.file, line)
