"""The queries of a configuration, from what was written to what planning asks: terms, instants, languages."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from feeder.config.settings import QuerySetting, Settings
from feeder.config.slices import QUERIES, Query, Taxonomy
from feeder.errors import UsageError
from feeder.model.characters import fold
from feeder.model.problem import printable
from feeder.model.term import RawTerm, key

_DAY = 86_400  # seconds
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A basic language range (RFC 4647 §2.1).
_RANGE = re.compile(r"\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*", re.ASCII)


def queries(settings: Settings, taxonomies: tuple[Taxonomy, ...], zone: ZoneInfo) -> tuple[Query, ...]:
    """Return the queries of `settings`; raises UsageError with the line of one that cannot be asked.

    A date stands for its day in `zone`, and so does a time that names none.
    """
    names = [taxonomy.name for taxonomy in taxonomies]
    found: dict[str, Query] = {}
    for one in settings.queries:
        if not fold(one.name):
            raise _wrong(settings, one, "a query needs a `name`, which its address and id grow from")
        if QUERIES in names:
            message = f"the feeds of queries stand in `{QUERIES}/`, and so would those of [taxonomies.{QUERIES}]"
            raise _wrong(settings, one, f'{message}: call that otherwise, with `keys = ["{QUERIES}"]`')
        place = key(fold(one.name))
        if place in found:
            raise _wrong(settings, one, f"there are two queries called {one.name!r}: give this one another `name`")
        found[place] = Query(
            name=one.name,
            title=one.title,
            any=_terms(settings, one, one.any, names),
            all=_terms(settings, one, one.all, names),
            none=_terms(settings, one, one.none, names),
            since=None if one.since is None else _seconds(one.since, zone),
            until=None if one.until is None else _end(one.until, zone),
            languages=tuple(_range(settings, one, text) for text in one.lang),
            authors=tuple(filter(None, map(fold, one.author))),
            line=one.line,
        )
    return tuple(found.values())


def _terms(
    settings: Settings, query: QuerySetting, texts: Collection[str], taxonomies: list[str]
) -> tuple[RawTerm, ...]:
    found = []
    for text in texts:
        taxonomy, colon, label = (part.strip() for part in text.partition(":"))
        if taxonomy and colon and not label:
            raise _wrong(settings, query, f"{text!r} names no term: write one behind the colon")
        if not (taxonomy and colon and label):
            raise _wrong(settings, query, f"{text!r} is no term: write its taxonomy before it, as in `tags:{text}`")
        if taxonomy not in taxonomies:
            known = ", ".join(taxonomies) or "none"
            raise _wrong(settings, query, f"{text!r} is of no taxonomy of this site: known are {known}")
        found.append(RawTerm(taxonomy, fold(label)))
    return tuple(found)


def _range(settings: Settings, query: QuerySetting, text: str) -> str:
    found = text.strip().replace("_", "-")
    if not _RANGE.fullmatch(found):
        raise _wrong(settings, query, f"`lang` is {text!r}, and must be a language such as en, zh-Hant or *")
    return found


def _seconds(day: date, zone: ZoneInfo) -> int:
    """Return the instant at which `day` begins, or the instant that it is, in seconds after 1970 began."""
    instant = day if isinstance(day, datetime) else datetime.combine(day, time())
    aware = instant if instant.tzinfo else instant.replace(tzinfo=zone)
    return (aware - _EPOCH) // timedelta(seconds=1)


def _end(day: date, zone: ZoneInfo) -> int:
    """Return the first second after `day`."""
    if isinstance(day, datetime):
        return _seconds(day, zone) + 1
    return _seconds(day, zone) + _DAY if day == date.max else _seconds(day + timedelta(days=1), zone)


def _wrong(settings: Settings, query: QuerySetting, message: str) -> UsageError:
    return UsageError(printable(f"{settings.name}:{query.line}: {message}"))
