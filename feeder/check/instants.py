"""Instants as feeds write them: RFC 3339 (Atom, JSON Feed) and RFC 822 with the year in full (RSS, OPML)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from feeder.check.fault import shown
from feeder.check.values import Wrong

_RFC_3339 = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# RFC 822 §5.1, in hours; it got the letters of the military zones wrong, and nobody can know what one means.
_HOURS = {
    "UT": 0,
    "GMT": 0,
    "Z": 0,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
}
_RFC_822 = re.compile(
    rf"""(?:(?P<weekday>{"|".join(_DAYS)})\s*,\s*)?
    (?P<day>\d\d?)\s+(?P<month>{"|".join(_MONTHS)})\s+(?P<year>\d\d(?:\d\d)?)\s+
    (?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?
    (?:\s+(?:(?P<sign>[+-])(?P<hours>\d\d)(?P<minutes>\d\d)|(?P<zone>{"|".join(_HOURS)}|[A-IK-Y])))?""",
    re.IGNORECASE | re.ASCII | re.VERBOSE,
)
_LEAP_SECOND = 60
_TWO_DIGITS = 2
_HALF_CENTURY = 50  # RFC 2822 §4.3: two digits below it are of this century


# An entry stands in many documents, in several formats, and its instants are the same in all.


@dataclass(frozen=True, slots=True)
class _Rfc822:
    """`weekday` as written or "", `fell_on` what it was there; `plain` is what every reader understands."""

    at: datetime
    weekday: str
    fell_on: str
    plain: bool


def instant(text: str) -> datetime | None:
    """Return the instant, in UTC, that `text` writes as RFC 3339 or as RFC 822; None where it does neither."""
    found = _rfc3339(text)
    if found is None and (date := _rfc822(text)):
        return date.at
    return found


def rfc3339_fault(text: str) -> Wrong | None:
    """Return what keeps `text` from being an instant of Atom and JSON Feed (RFC 3339; RFC 4287 §3.3)."""
    if _rfc3339(text) is None:
        return "InvalidRFC3339Date", f"{shown(text)} is no RFC 3339 date and time"
    return None


def rfc822_fault(text: str) -> Wrong | None:
    """Return what keeps `text` from being an instant of RSS (RFC 822 with a year of four digits)."""
    date = _rfc822(text)
    if date is None:
        return "InvalidRFC2822Date", f"{shown(text)} is no RFC 822 date and time"
    if date.weekday and date.weekday != date.fell_on:
        return "IncorrectDOW", f"{shown(text)} was a {date.fell_on}"
    if not date.plain:
        return "ProblematicalRFC822Date", f"not every reader understands {shown(text)}"
    return None


@lru_cache(maxsize=65_536)
def _rfc3339(text: str) -> datetime | None:
    match = _RFC_3339.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(match[group]) for group in range(1, 7))
    microsecond = int(f"{match[7] or ''}000000"[:6])
    offset = timedelta(hours=int(match[9] or 0), minutes=int(match[10] or 0))
    local = _moment(year, month, day, hour, minute, second)
    if local is None or int(match[10] or 0) > 59 or int(match[9] or 0) > 23:  # noqa: PLR2004 - of a clock
        return None
    return _in_utc(local.replace(microsecond=microsecond), -offset if match[8] == "-" else offset)


@lru_cache(maxsize=65_536)
def _rfc822(text: str) -> _Rfc822 | None:
    match = _RFC_822.fullmatch(text.strip())
    if not match:
        return None
    year = int(match["year"])
    if len(match["year"]) == _TWO_DIGITS:
        year += 2000 if year < _HALF_CENTURY else 1900
    month = _MONTHS.index(match["month"].title()) + 1
    local = _moment(year, month, int(match["day"]), int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
    zone = (match["zone"] or "").upper()
    offset = timedelta(hours=_HOURS.get(zone, 0))
    if match["sign"]:
        offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]))
        offset = -offset if match["sign"] == "-" else offset
    at = local and _in_utc(local, offset)
    if local is None or at is None:
        return None
    plain = len(match["year"]) > _TWO_DIGITS and (match["sign"] is not None or zone in _HOURS)
    return _Rfc822(at, (match["weekday"] or "").title(), _DAYS[local.weekday()], plain)


def _moment(year: int, month: int, day: int, hour: int, minute: int, second: int) -> datetime | None:
    try:
        return datetime(year, month, day, hour, minute, 59 if second == _LEAP_SECOND else second, tzinfo=UTC)
    except ValueError:
        return None


def _in_utc(local: datetime, offset: timedelta) -> datetime | None:
    try:
        return local - offset
    except OverflowError:
        return None
