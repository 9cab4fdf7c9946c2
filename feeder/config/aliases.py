"""Aliases: addresses that a feed had once, and where it goes on being served (`[[feeds.alias]]`)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from feeder.config.settings import AliasSetting
from feeder.config.slices import Alias
from feeder.errors import UsageError
from feeder.model.problem import printable

_MAX_PART_BYTES = 240
_MAX_BYTES = 1_000
_MAX_PARTS = 32
# What feeder writes beside the feeds: lists, pages and what is theirs, what hosts are told, compressed twins.
_OWN = re.compile(r"feeds\.(?:opml|json)|feeder[.-].*|_headers|(?:.*/)?index\.html|.*\.(?:gz|br)", re.IGNORECASE)
# The one hidden folder that servers hand out (RFC 8615).
_WELL_KNOWN = ".well-known"


def aliases(settings: Sequence[AliasSetting], name: str, zone: ZoneInfo, now: datetime) -> tuple[Alias, ...]:
    """Return the aliases that last at `now`; `name` is the file that says them, `zone` that of days.

    Raises UsageError, with the line, for paths that lead out of dist, and for two aliases that want one place.
    """
    found: list[Alias] = []
    for one in settings:
        old, new = (_path(getattr(one, key), key, f"{name}:{one.line}") for key in ("old", "new"))
        if _is_folder(old) != _is_folder(new):
            raise _wrong(name, one.line, f"{one.old!r} and {one.new!r} are a folder (`/` at the end) and a file")
        if old == new or _OWN.fullmatch(old):
            what = "is where it stands already" if old == new else "is feeder's own: choose another place"
            raise _wrong(name, one.line, f"{one.old!r} {what}")
        for other in found:
            if excludes(old, other.old):
                raise _wrong(name, one.line, f"{one.old!r} is taken by the alias in line {other.line}")
        found.append(Alias(old, new, one.line))
    lasting = {one.line for one in settings if one.until is None or now < _end(one.until, zone)}
    return tuple(one for one in found if one.line in lasting)


def excludes(one: str, other: str) -> bool:
    """Say whether documents at two places, files or folders of documents (`/` at the end), cannot both stand there."""
    if _is_folder(one) and _is_folder(other):
        return one == other
    if _is_folder(other):
        return excludes(other, one)
    if _is_folder(one):
        return one == other[: other.rfind("/") + 1] or one.startswith(f"{other}/")
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def proposal(old: str, new: str) -> str:
    """Return the lines of `feeder.toml` that keep the feed which stands at `new` at `old`, too."""
    return f"[[feeds.alias]]\nold = {_quoted(old)}\nnew = {_quoted(new)}\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _is_folder(path: str) -> bool:
    return not path or path.endswith("/")


def _end(until: date, zone: ZoneInfo) -> datetime:
    moment = until if isinstance(until, datetime) else datetime.combine(until, time())
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _path(text: str, key: str, where: str) -> str:
    """Return `text`, which may be percent-encoded, as a path below dist; "" for its top."""
    if text in {".", "./"} and key == "new":
        return ""
    path = unquote(text)  # what is no UTF-8 then is U+FFFD, which no path may hold
    parts = path.removesuffix("/").split("/")
    if len(path.encode()) > _MAX_BYTES or len(parts) > _MAX_PARTS:
        message = f"`{key}` is too long: {_MAX_PARTS} folders and {_MAX_BYTES:,} bytes are the most that it may have"
        raise UsageError(printable(f"{where}: {message}"))
    for part in parts:
        hidden = part.startswith(".") and part != _WELL_KNOWN
        control = "\ufffd" in part or any(
            unicodedata.category(character)[0] in "CZ" and character != " " for character in part
        )
        if not part or hidden or control or "\\" in part or len(part.encode()) > _MAX_PART_BYTES:
            advice = "write it as it stands below dist, as in tags/old-name/ or feed.xml, with no hidden folder"
            raise UsageError(printable(f"{where}: `{key}` is {text!r}, which is no place for a feed: {advice}"))
    return path


def _wrong(name: str, line: int, message: str) -> UsageError:
    return UsageError(printable(f"{name}:{line}: {message}"))
