"""`feeder.toml`: every key known, every value of its kind, every mistake with its line and the nearest right word."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from feeder.config.keys import ALIAS, KEYS, QUERY, TAXONOMY, Key, Kind
from feeder.config.settings import AliasSetting, QuerySetting, Settings, TaxonomySetting
from feeder.errors import UsageError
from feeder.model.characters import fold, legal
from feeder.model.problem import printable
from feeder.model.term import Person
from feeder.model.term import key as key_of

_PERSON_KEYS = ("name", "email", "uri")
_TAXONOMY_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")


@dataclass(frozen=True, slots=True)
class _File:
    """The file's name and text, to say where a mistake stands."""

    name: str
    text: str

    def wrong(self, table: str, key: str, message: str, nth: int = 0) -> UsageError:
        return UsageError(printable(f"{self.name}:{self.line(table, key, nth)}: {message}"))

    def line(self, table: str, key: str, nth: int = 0) -> int:
        """Return the line (from 1) of `key` in the `nth` (from 0) table of that name, of its header without a key."""
        above, _, below = table.strip("[]").partition(".")
        header = self._header(table, nth)
        if below and not header:  # written in one line, maybe, or a table of its own
            inner = self._header(f"{table}.{key}", 0)
            return self.text.count("\n", 0, inner.end()) + 1 if inner else self.line(above, below)
        start = header.end() if header else 0
        found = re.compile(rf"""^[ \t]*["']?{re.escape(key)}["']?[ \t]*[=.]""", re.MULTILINE).search(self.text, start)
        if key and not found and (header := self._header(f"{above}.{key}", 0)):
            start = header.end()
        return self.text.count("\n", 0, found.start() if found and key else start) + 1

    def _header(self, table: str, nth: int) -> re.Match[str] | None:
        names = r"[ \t]*\.[ \t]*".join(rf"[\"']?{re.escape(name)}[\"']?" for name in table.strip("[]").split(".", 1))
        headers = re.finditer(rf"^[ \t]*\[+[ \t]*{names}[ \t]*\]", self.text, re.MULTILINE) if table else iter(())
        return next(islice(headers, nth, None), None)


def read_toml(name: str, folder: str, text: str) -> Settings:
    """Return what the `feeder.toml` called `name` says; raises UsageError with file, line and what to write instead."""
    file = _File(name, text)
    try:
        tables = tomllib.loads(text)
    except ValueError as problem:  # also for numbers of more than 4,300 digits
        place = re.search(r"\(at line (\d+), column \d+\)", str(problem))
        line = place[1] if place else str(text.count("\n") + 1)
        raise UsageError(printable(f"{name}:{line}: this is no TOML: {str(problem).split(' (at ')[0]}")) from None
    except RecursionError:
        raise UsageError(printable(f"{name}:1: this is nested too deeply")) from None
    known = dict.fromkeys(key.table.strip("[]").partition(".")[0] for key in KEYS)
    checked: dict[str, Mapping[str, object]] = {}
    for table, value in tables.items():
        if table not in known:
            raise file.wrong(table if isinstance(value, Mapping) else "", table, _unknown("table", table, list(known)))
        if not isinstance(value, Mapping):
            raise file.wrong("", table, f"`{table}` is a table: write [{table}] on a line of its own")
        checked[table] = value
    tables_of = checked.get("feeds", {})
    queries, aliases = tables_of.get("query", []), tables_of.get("alias", [])
    checked["feeds"] = {key: value for key, value in tables_of.items() if key not in ("query", "alias")}
    site, posts, content, feeds = (
        _checked(file, name, name, checked.get(name, {})) for name in ("site", "posts", "content", "feeds")
    )
    return Settings(
        name=name,
        folder=folder,
        url=site.text("url"),
        id=site.text("id"),
        title=site.text("title"),
        description=site.text("description"),
        lang=site.text("lang"),
        authors=site.people("author"),
        timezone=site.text("timezone"),
        hub=site.text("hub"),
        ledger="".join(site_paths(folder, (site.text("ledger"),) if site.text("ledger") else ())),
        updating=posts.text("updated"),
        host=site.text("host"),
        roots=site_paths(folder, posts.texts("roots")),
        exclude=posts.texts("exclude"),
        drafts=posts.flag("drafts"),
        future=posts.flag("future"),
        encoding=posts.text("encoding"),
        link=posts.text("link"),
        permalink=posts.text("permalink"),
        base=posts.text("base"),
        sanitizer=content.text("sanitizer"),
        excerpt_separator=content.text("excerpt_separator"),
        feeds_url=feeds.text("url"),
        compat=feeds.text("compat"),
        formats=feeds.texts("formats"),
        limit=feeds.count("limit"),
        max_reposted=feeds.count("max_reposted"),
        max_new=feeds.count("max_new"),
        hours=feeds.count("hours"),
        per_source=feeds.count("per_source"),
        max_bytes=feeds.count("max_bytes"),
        archive=feeds.texts("archive"),
        queries=_queries(file, queries),
        aliases=_aliases(file, aliases),
        precompress=feeds.texts("precompress"),
        pages=feeds.choice("pages"),
        taxonomies=_taxonomies(file, checked.get("taxonomies", {})),
    )


def site_paths(folder: str, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return `paths`, which a file in `folder` names, as they are named from here."""
    return tuple(path if not folder or path.startswith("/") else f"{folder.rstrip('/')}/{path}" for path in paths)


@dataclass(frozen=True, slots=True)
class _Values:
    """The checked values of one table."""

    file: _File
    table: str
    values: Mapping[str, object]

    def text(self, key: str) -> str:
        value = legal(str(self.values.get(key, "")))
        # White space is nothing but in the text that is searched for.
        return value if key == "excerpt_separator" else value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, ())
        return (value,) if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]  # checked by _check

    def day(self, key: str) -> date | None:
        value = self.values.get(key)
        return value if isinstance(value, date) else None

    def flag(self, key: str) -> bool:
        return self.values.get(key) is True

    def choice(self, key: str) -> bool | None:
        value = self.values.get(key)
        return value if isinstance(value, bool) else None

    def count(self, key: str) -> int | None:
        value = self.values.get(key)
        return value if isinstance(value, int) else None

    def people(self, key: str) -> tuple[Person, ...]:
        value = self.values.get(key, ())
        items = value if isinstance(value, list) else [value] if value else []
        return tuple(self._person(key, item) for item in items)

    def _person(self, key: str, value: object) -> Person:
        if isinstance(value, str):
            value = {"name": value}
        if not isinstance(value, Mapping) or not all(isinstance(item, str) for item in value.values()):
            raise self.file.wrong(self.table, key, f"`{key}` takes {Kind.PEOPLE}")
        for name in value:
            if name not in _PERSON_KEYS:
                raise self.file.wrong(self.table, key, _unknown("key", name, list(_PERSON_KEYS)))
        person = Person(*(fold(str(value.get(name, ""))) for name in _PERSON_KEYS))
        if not person.name:
            raise self.file.wrong(self.table, key, f"`{key}` has no `name`")
        return person


def _queries(file: _File, tables: object) -> tuple[QuerySetting, ...]:
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        raise file.wrong("feeds", "query", "`query` is a list of tables: write [[feeds.query]] on a line of its own")
    found: list[QuerySetting] = []
    for nth, values in enumerate(tables):
        one = _checked(file, QUERY, QUERY, values, nth)
        found.append(
            QuerySetting(
                name=one.text("name"),
                line=file.line(QUERY, "", nth),
                title=one.text("title"),
                any=one.texts("any"),
                all=one.texts("all"),
                none=one.texts("none"),
                since=one.day("since"),
                until=one.day("until"),
                lang=one.texts("lang"),
                author=one.texts("author"),
            )
        )
    return tuple(found)


def _aliases(file: _File, tables: object) -> tuple[AliasSetting, ...]:
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        raise file.wrong("feeds", "alias", "`alias` is a list of tables: write [[feeds.alias]] on a line of its own")
    found: list[AliasSetting] = []
    for nth, values in enumerate(tables):
        one = _checked(file, ALIAS, ALIAS, values, nth)
        for key in ("old", "new"):
            if not one.text(key):
                raise file.wrong(ALIAS, "", f"this alias has no `{key}`: give the path below dist", nth)
        found.append(AliasSetting(one.text("old"), one.text("new"), file.line(ALIAS, "", nth), one.day("until")))
    return tuple(found)


def _taxonomies(file: _File, tables: Mapping[str, object]) -> tuple[TaxonomySetting, ...]:
    found: list[TaxonomySetting] = []
    for name, values in tables.items():
        table = f"taxonomies.{name}"
        if not _TAXONOMY_NAME.fullmatch(name):
            message = f"{name!r} cannot be a taxonomy's name: it becomes a folder, so take a-z, 0-9, - and _"
            raise file.wrong(table, "", message)
        if not isinstance(values, Mapping):
            raise file.wrong("taxonomies", name, f"`{table}` is a table: write [{table}] on a line of its own")
        checked = _checked(file, table, TAXONOMY, values)
        keys = checked.texts("keys") if "keys" in values else None
        found.append(TaxonomySetting(name, keys, checked.text("page"), _merge(file, table, values.get("merge", {}))))
    return tuple(found)


def _merge(file: _File, taxonomy: str, labels: object) -> tuple[tuple[str, str], ...]:
    """Return labels and the labels under which their posts stand instead, at the end of every chain."""
    table = f"{taxonomy}.merge"
    pairs = {fold(old): fold(str(new)) for old, new in labels.items()} if isinstance(labels, Mapping) else {}
    targets: dict[str, str] = {}
    for old, new in pairs.items():
        if not old or not new:
            raise file.wrong(table, old, "a label is empty here, and an empty label is no term")
        if targets.setdefault(key_of(old), new) != new:
            raise file.wrong(table, old, f"{old!r} stands here twice, as labels are compared: leave one of them out")
    found = []
    for old, target in pairs.items():
        seen = {key_of(old)}
        new = target
        while key_of(new) in targets and key_of(new) not in seen:
            seen.add(key_of(new))
            new = targets[key_of(new)]
        if key_of(new) in seen:
            raise file.wrong(table, old, f"{old!r} leads back to itself: a term cannot be merged into itself")
        found.append((old, new))
    return tuple(found)


def _checked(file: _File, table: str, kind: str, values: Mapping[str, object], nth: int = 0) -> _Values:
    known = {key.name: key for key in KEYS if key.table == kind}
    below = dict.fromkeys(key.table.strip("[]").partition(".")[2] for key in KEYS if key.table.startswith(f"[{kind}."))
    for name, value in values.items():
        if name not in known:
            raise file.wrong(table, name, _unknown(f"key of [{table}]", name, [*known, *below]), nth)
        if not _fits(known[name], value):
            raise file.wrong(table, name, f"`{name}` takes {known[name].kind.value}", nth)
    return _Values(file, table, values)


def _fits(key: Key, value: object) -> bool:
    match key.kind:
        case Kind.TEXT:
            return isinstance(value, str)
        case Kind.TEXTS:
            return isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value))
        case Kind.FLAG | Kind.DATE:
            return isinstance(value, bool if key.kind is Kind.FLAG else date)
        case Kind.COUNT | Kind.NUMBER:
            least = 1 if key.kind is Kind.COUNT else 0
            return isinstance(value, int) and not isinstance(value, bool) and value >= least
        case Kind.LABELS:
            return isinstance(value, Mapping) and all(isinstance(item, str) for item in value.values())
        case _:  # people, of whom each is looked at
            return isinstance(value, str | list | Mapping)


def _unknown(what: str, name: str, known: list[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only who made a mistake waits for it

    near = get_close_matches(name, known, 1, 0.5)
    advice = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known)}"
    return f"`{name}` is no known {what}: {advice}"
