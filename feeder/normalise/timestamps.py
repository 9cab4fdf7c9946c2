"""From what authors wrote as dates to instants (SPEC §2): aware UTC datetimes in whole seconds; no clock, no guessing.

python-dateutil is imported by this module alone, and only when a date has none of the plain shapes. It never sees a
zone and never completes a date: it would read `GMT+3` as three hours behind GMT, take the machine's own zone where a
name happens to be known there, fill what is missing from today, and place two-digit years around today's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from typing import TypeAlias

from feeder.model.characters import fold
from feeder.model.head import DateSource
from feeder.model.problem import Remark, error, warning
from feeder.normalise.zones import UnknownZoneError, part

_MAX_LENGTH = 100
_MAX_SHOWN = 40
# Years below 1000 are what programs write for "no date" (0001-01-01), and not every printer pads them to four digits.
_MIN_YEAR = 1000

_MONTHS = "January February March April May June July August September October November December".split()
_MONTH_NUMBERS = {name[:3].lower(): number for number, name in enumerate(_MONTHS, 1)}
_BOOLEANS = frozenset("y yes n no true false on off".split())  # YAML 1.1 bool, in lower case

_EPOCH = re.compile(r"[0-9]{9,20}")
_MARKER = re.compile(r"\s*<!--([0-9]{9,20})-->")
_EPOCH_SECONDS = range(94_694_400, 4_133_980_800)  # 1973 to 2100
_FILE_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})-")

_QUOTES = "\"'\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb "  # which an editor put around it, and YAML left there
# What programs write, and Python reads itself: a test holds that both ways agree on it.
_PLAIN = re.compile(
    r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}"
    r"(?P<time>[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{3})?(?P<zone>Z| ?[+-](?:0[0-9]|1[0-5]):?[0-5][0-9])?)?"
)
_ISO = re.compile(
    r"[0-9]{4}(?:-[0-9]{2}-[0-9]{2}|[0-9]{4})"
    r"(?P<time>[Tt ][0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2}(?:[.,][0-9]+)?)?)?)?"
)
_RFC_822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? ?)?(?P<day>[0-9]{1,2}) (?P<month>[a-z]{3}) "
    r"(?P<year>[0-9]{4}|[0-9]{2}) (?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?",
    re.IGNORECASE,
)
_CENTURY = 100
_TWO_DIGIT_PIVOT = 50  # RFC 5322 §4.3: 00 to 49 are of this century, 50 to 99 of the last
_LEAP_SECOND = re.compile(r"(?:(?<=:[0-9]{2}:)|(?<=[Tt][0-9]{4}))60(?![0-9])")

_DATE_AND_OFFSET = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} ?[+-][0-9]{2}:?[0-9]{2}")

_YEAR_FIRST = re.compile(r"(?<![0-9])[0-9]{4} ?[-/. ] ?[0-9]{1,2} ?[-/. ] ?[0-9]{1,2}(?![0-9])")
# They differ in year, month, day (by more than a week, for weekdays) and hour: what differs in the results was missing.
_DEFAULT = datetime(2000, 1, 1)  # noqa: DTZ001 - the zone is added to what was read
_OTHER_DEFAULT = datetime(2004, 3, 20, 1)  # noqa: DTZ001 - as above
# What dateutil raises for hostile text: its own ParserError is a ValueError, the others slip through its parsers.
_DATEUTIL_ERRORS = (ValueError, OverflowError, TypeError, LookupError, ArithmeticError, AttributeError)


class UnreadableDateError(ValueError):
    """A date that cannot be read without guessing; `str()` is a part of a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (UTC, whole seconds), and whether a time of day was written."""

    instant: datetime
    has_time: bool


@dataclass(frozen=True, slots=True)
class Dating:
    """When a post was published and updated (UTC, whole seconds; `updated` never before `published`).

    `key` is the front-matter key that `published` came from, "" where it came from elsewhere; `has_time` says that its
    time of day is known.
    """

    published: datetime
    updated: datetime
    source: DateSource
    key: str
    has_time: bool
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class _Written:
    """A date as it was written: aware, in the zone that it was written in or for; its instant can be told."""

    local: datetime
    has_time: bool

    @property
    def instant(self) -> datetime:
        found = self.local.astimezone(UTC)
        return found.replace(microsecond=0) if found.microsecond else found


def parse(text: str, zone: tzinfo) -> Moment:
    """Return the moment that `text` says, in `zone` where it names none; a date alone is 00:00 there.

    A local time that occurs twice (clocks set back) is the first one; one that never was (clocks set forward) is read
    with the offset before the change, so it is later by the clock: `fold=0` of PEP 495.
    Raises UnreadableDateError for everything that is no date, is incomplete or could be another date.
    """
    written = _read(text, zone)
    return Moment(written.instant, written.has_time)


def epoch(text: str) -> datetime | None:
    """Return the instant of an epoch number, or None: 9 or more digits, unit by magnitude, in 1973 to 2100."""
    if not _EPOCH.fullmatch(text):
        return None
    number = int(text)
    unit = 1 if number < 10**11 else 10**3 if number < 10**14 else 10**6 if number < 10**17 else 10**9
    seconds = number // unit
    return datetime.fromtimestamp(seconds, UTC) if seconds in _EPOCH_SECONDS else None


def marker(body: str) -> datetime | None:
    """Return the instant of the epoch marker `<!--1600919777000-->` at the head of `body`, or None."""
    match = _MARKER.match(body)
    return epoch(match[1]) if match else None


def file_date(stem: str, zone: tzinfo) -> Moment | None:
    """Return 00:00 in `zone` of the `YYYY-MM-DD-` (or, as Jekyll takes it, `YYYY-M-D-`) that `stem` begins with."""
    match = _FILE_DATE.match(stem)
    if not match:
        return None
    try:
        midnight = datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=zone)
        return Moment(_told(midnight, stem, has_time=False).instant, has_time=False)
    except ValueError:
        return None


def date_post(
    published: Sequence[tuple[str, str]],
    updated: Sequence[tuple[str, str]],
    marker: datetime | None,
    stem: str,
    zone: tzinfo,
) -> Dating | Remark:
    """Return when a post was published and updated, or the error that leaves it out.

    `published` and `updated` are front-matter keys with their texts, in order of precedence; empty texts do not count,
    nor does a boolean under `published`. `marker` is the body's epoch marker, `stem` the file's.
    """
    first = _first(published, zone)
    dating = _dated(first, marker, None if first.written or marker else file_date(stem, zone))
    if dating is None:
        why = f" that can be read: {first.reasons[0]}" if first.reasons else ""
        message = (
            f"the post has no date{why}; write `date: 2020-09-24` or `date: 2020-09-24T03:56:17Z` into its front "
            "matter, or begin its file name with `2020-09-24-`"
        )
        return error("no-date", message, first.remarks[0].key if first.remarks else "")
    second = _first(updated, zone)
    if not (first.remarks or second.written or second.remarks):
        return dating
    return replace(
        dating,
        updated=max(dating.published, second.written.instant) if second.written else dating.published,
        remarks=(*first.remarks, *dating.remarks, *second.remarks),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """The first date that could be read, its key, and what was wrong with those before it."""

    written: _Written | None
    key: str
    reasons: tuple[str, ...]
    remarks: tuple[Remark, ...]


_NOTHING = _Found(None, "", (), ())


def _first(pairs: Sequence[tuple[str, str]], zone: tzinfo) -> _Found:
    if not pairs:
        return _NOTHING
    reasons: list[str] = []
    remarks: list[Remark] = []
    for key, text in pairs:
        if not text.strip() or (key == "published" and text.strip().lower() in _BOOLEANS):
            continue
        try:
            return _Found(_read(text, zone), key, tuple(reasons), tuple(remarks))
        except UnreadableDateError as reason:
            reasons.append(str(reason))
            message = f"`{key}` is not used, since {reason}; write it like 2020-09-24 or 2020-09-24T03:56:17Z"
            remarks.append(warning("bad-date", message, key))
    return _Found(None, "", tuple(reasons), tuple(remarks))


def _dated(found: _Found, marker: datetime | None, named: Moment | None) -> Dating | None:
    """Return the dating by front matter, epoch marker or file name, the first that there is; `updated` = published."""
    if found.written:
        instant, has_time = found.written.instant, found.written.has_time
        remarks: tuple[Remark, ...] = ()
        if marker is not None:
            if not has_time and marker.astimezone(found.written.local.tzinfo).date() == found.written.local.date():
                instant, has_time = marker, True
            apart = (marker - instant) // timedelta(seconds=1) if marker != instant else 0
            if abs(apart) > 1:
                relation = "after" if apart > 0 else "before"
                message = (
                    f"the epoch marker is {_span(abs(apart))} {relation} the date in `{found.key}`, which is used; "
                    "make them equal, or take one of them out"
                )
                remarks = (warning("date-marker", message, found.key),)
        return Dating(instant, instant, DateSource.FRONT_MATTER, found.key, has_time, remarks)
    if marker is not None:
        return Dating(marker, marker, DateSource.EPOCH_MARKER, "", has_time=True, remarks=())
    if named is not None:
        return Dating(named.instant, named.instant, DateSource.FILE_NAME, "", has_time=False, remarks=())
    return None


def _span(seconds: int) -> str:
    """Return `seconds` in the largest unit that it fills, and what remains in the next: `2 days and 3 hours`."""
    units = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
    parts = []
    for size, unit in units:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count:,} {unit}{'s' if count > 1 else ''}")
        if parts and (len(parts) > 1 or not count):
            break
    return " and ".join(parts)


def _shown(text: str) -> str:
    start = fold(text[:_MAX_SHOWN])
    return f"'{start}'" if len(text) <= _MAX_SHOWN else f"'{start}…'"


def _read(text: str, zone: tzinfo) -> _Written:
    if match := _PLAIN.fullmatch(text):
        offset = match["zone"]
        iso = text.replace(f" {offset[1:]}", offset[1:]) if offset and offset[0] == " " else text
        with suppress(ValueError):  # a day that there is not is refused below
            local = datetime.fromisoformat(iso)
            has_time = match["time"] is not None
            return _told(local if offset else local.replace(tzinfo=zone), text, has_time=has_time)
    return _read_other(text, zone)


def _read_other(text: str, zone: tzinfo) -> _Written:
    """Return what `text` says, whatever its shape."""
    if len(text) > _MAX_LENGTH:
        raise UnreadableDateError(f"{_shown(text)} is too long for a date")
    plain = fold(unicodedata.normalize("NFKC", text)).strip(_QUOTES)
    if len(plain) > _MAX_LENGTH or not plain.isascii():
        raise UnreadableDateError(f"{_shown(text)} has characters that no date has")
    if instant := epoch(plain):
        return _Written(instant, has_time=True)
    if _DATE_AND_OFFSET.fullmatch(plain):
        raise UnreadableDateError(f"{_shown(text)} ends in what could be a time or a zone")
    try:
        parted = part(plain)
    except UnknownZoneError as offset:
        raise UnreadableDateError(f"{_shown(text)} has the zone {offset}, which is none") from offset
    local, has_time = _date_and_time(_LEAP_SECOND.sub("59", parted.text), text)
    return _told(local.replace(tzinfo=parted.zone or zone), text, has_time=has_time)


def _told(local: datetime, text: str, *, has_time: bool) -> _Written:
    """Return `local` as written, if its instant can be told and printed with a four-digit year."""
    written = _Written(local, has_time)
    try:
        year = written.instant.year
    except (OverflowError, ValueError):
        year = 0
    if year < _MIN_YEAR:
        raise UnreadableDateError(f"{_shown(text)} is in no year between {_MIN_YEAR} and 9999")
    return written


def _date_and_time(text: str, whole: str) -> tuple[datetime, bool]:
    """Return the local date and time that `text`, without its zone, says, and whether a time was written."""
    if match := _ISO.fullmatch(text):
        return _iso_8601(text, whole), match["time"] is not None
    if match := _RFC_822.fullmatch(text):
        return _rfc_822(match, whole), True
    return _free(text, whole)


def _iso_8601(text: str, whole: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        from dateutil.parser import isoparse  # noqa: PLC0415 - 40 ms that few dates need

        try:
            return isoparse(text)  # knows 24:00
        except (ValueError, OverflowError) as reason:
            raise _no_date(whole) from reason


def _rfc_822(match: re.Match[str], whole: str) -> datetime:
    year = int(match["year"])
    if len(match["year"]) < len("2020"):
        year += 20 * _CENTURY if year < _TWO_DIGIT_PIVOT else 19 * _CENTURY
    month = _MONTH_NUMBERS.get(match["month"].lower(), 0)
    try:
        return datetime(  # noqa: DTZ001 - its zone is known already
            year, month, int(match["day"]), int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
        )
    except ValueError as reason:
        raise _no_date(whole) from reason


def _no_date(text: str) -> UnreadableDateError:
    return UnreadableDateError(f"{_shown(text)} is no date that can be read")


def _free(text: str, whole: str) -> tuple[datetime, bool]:
    """Return what dateutil reads, where it reads the same whatever it is given to fill gaps with."""
    month_first, day_first = _readers()
    try:
        found, other = month_first(text, _DEFAULT), month_first(text, _OTHER_DEFAULT)
        swapped = found if _YEAR_FIRST.search(text) else day_first(text, _DEFAULT)
    except UnreadableDateError as reason:
        raise UnreadableDateError(f"{_shown(whole)} {reason}") from reason
    except _DATEUTIL_ERRORS as reason:
        raise _no_date(whole) from reason
    if found.date() != other.date():
        raise UnreadableDateError(f"{_shown(whole)} lacks a year, a month or a day")
    if swapped.date() != found.date():
        one, two = (f"{date.day} {_MONTHS[date.month - 1]}" for date in (swapped, found))
        raise UnreadableDateError(f"{_shown(whole)} could be {one} or {two}")
    return found, found.hour == other.hour


_Reader: TypeAlias = Callable[[str, datetime], datetime]


@cache
def _readers() -> tuple[_Reader, _Reader]:
    """Return dateutil's parser twice: in `01/02/2020` the first takes the month to stand first, the second the day."""
    from dateutil.parser import parser, parserinfo  # noqa: PLC0415 - 40 ms that few dates need

    class Strict(parserinfo):
        """Refuses what dateutil would take from the clock: the century of a two-digit year."""

        def convertyear(self, year: int, century_specified: bool = False) -> int:  # noqa: FBT001, FBT002 - dateutil's
            if year < _CENTURY and not century_specified:
                raise UnreadableDateError("has a year of two digits")
            return year

    def refuse_zone(name: str | None, offset: int | None) -> None:
        if name is not None or offset is not None:
            raise UnreadableDateError("has a zone that is not known")

    def reader(info: parserinfo) -> _Reader:
        strict = parser(info)
        return lambda text, default: strict.parse(text, default=default, tzinfos=refuse_zone)

    return reader(Strict()), reader(Strict(dayfirst=True))
