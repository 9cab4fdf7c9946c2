"""The zone at the end of a date: `Z`, offsets, the names of RFC 822, the names of the IANA database (SPEC §2.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_MAX_OFFSET = timedelta(hours=15, minutes=59)
_MAX_MINUTES = 59

_ZULU = re.compile(r"(?P<before>.*[0-9]) ?[Zz]")
# An offset stands after the time of day, or, as some write it, between that and the year. A name after it, in brackets
# or not, is a comment (RFC 822 §3.1.4, RFC 9557).
_OFFSET = re.compile(
    r"(?P<before>.*(?::[0-9]{2}|T[0-9]{2}|T[0-9]{4}|T[0-9]{6})(?:[.,][0-9]+)?(?: ?[ap]\.?m\.?)?) ?"
    r"(?P<offset>[+-][0-9:]+)"
    r"(?: ?\([^()]*\)| ?\[[^\[\]]*\]| (?![AP]M\b)(?-i:[A-Z]{2,5}))?(?P<year> [0-9]{4})?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?P<hours>[0-9]{1,2})(?::(?P<minutes>[0-9]{2}))?|(?P<hh>[0-9]{2})(?P<mm>[0-9]{2})")
_NAME = re.compile(r"(?P<before>.*[^ ]) (?P<name>[A-Za-z][A-Za-z0-9_+/-]*)(?P<year> [0-9]{4})?")

_RFC_822 = {
    name: timezone(timedelta(hours=hours))
    for hours, names in (
        (0, "UT UTC GMT"),
        (-4, "EDT"),
        (-5, "EST CDT"),
        (-6, "CST MDT"),
        (-7, "MST PDT"),
        (-8, "PST"),
    )
    for name in names.split()
}
# Names in the zone database that are no zone, or another one on every machine.
_NO_ZONES = frozenset({"Factory", "localtime", "posixrules"})


class UnknownZoneError(ValueError):
    """An offset that no zone has; `str()` is the offset as written."""


@dataclass(frozen=True, slots=True)
class Parted:
    """A date without its zone, and the zone: None where none was written, or none whose name is known."""

    text: str
    zone: tzinfo | None


def part(text: str) -> Parted:
    """Return `text` (one line of ASCII) parted from its zone.

    Raises UnknownZoneError for an offset of 16 hours or more, or one that is not `±h`, `±hh`, `±hhmm` or `±hh:mm`.
    """
    if match := _ZULU.fullmatch(text):
        return Parted(match["before"], UTC)
    if match := _OFFSET.fullmatch(text):
        return Parted(match["before"] + (match["year"] or ""), _offset(match["offset"]))
    if (match := _NAME.fullmatch(text)) and (zone := _named(match["name"])):
        return Parted(match["before"] + (match["year"] or ""), zone)
    return Parted(text, None)


def _offset(text: str) -> tzinfo:
    match = _DIGITS.fullmatch(text, 1)
    if not match:
        raise UnknownZoneError(text)
    minutes = int(match["minutes"] or match["mm"] or 0)
    offset = timedelta(hours=int(match["hours"] or match["hh"]), minutes=minutes)
    if offset > _MAX_OFFSET or minutes > _MAX_MINUTES:
        raise UnknownZoneError(text)
    return timezone(-offset if text[0] == "-" else offset)


def _named(name: str) -> tzinfo | None:
    if zone := _RFC_822.get(name.upper()):
        return zone
    return ZoneInfo(name) if name in _iana_names() else None


@cache
def _iana_names() -> frozenset[str]:
    # Looked up here and not by opening a file: spelling counts on every file system, and no name is a path.
    return frozenset(available_timezones() - _NO_ZONES)
