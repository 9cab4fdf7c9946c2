"""Instants as the standards print them, without locale: aware UTC datetimes in whole seconds."""

from __future__ import annotations

from datetime import datetime

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def rfc3339(instant: datetime) -> str:
    """Return `instant` (UTC) as Atom wants it (RFC 4287 §3.3): `2020-09-24T03:56:17Z`."""
    return f"{instant.year:04}-{instant.month:02}-{instant.day:02}T{instant:%H:%M:%S}Z"


def rfc822(instant: datetime) -> str:
    """Return `instant` (UTC) as RSS 2.0 wants it (RFC 822, four-digit year): `Thu, 24 Sep 2020 03:56:17 +0000`."""
    day, month = _DAYS[instant.weekday()], _MONTHS[instant.month - 1]
    return f"{day}, {instant.day:02} {month} {instant.year:04} {instant:%H:%M:%S} +0000"
