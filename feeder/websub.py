"""WebSub (W3C Recommendation, 2018): which topics a build changed, and telling the hub (the only user of the network).

A topic is a document that names the hub, by the address that it names itself. The recommendation leaves open how a
publisher tells its hub; hubs take what PubSubHubbub 0.4 §7.1 says: a form with `hub.mode=publish` and `hub.url`.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from feeder.errors import CannotWriteError, UnavailableError, UsageError
from feeder.model.problem import printable

if TYPE_CHECKING:
    from urllib.request import Request

NAME = os.path.join(".feeder", "changed.json")
"""Where a build notes what it changed, beside the configuration."""

_HEAD = 16_384  # bytes: what a document says of itself stands in its head
_BATCH = 50
_FIRST_PAUSE = 1.0  # seconds; each further one is twice as long
_LONGEST_PAUSE = 60.0
_PATIENCE = 15.0  # seconds for one answer
_REFUSED = range(400, 500)
_LATER = frozenset((408, 425, 429))  # of these codes a later try may have another
_TOLD = range(200, 300)


@dataclass(frozen=True, slots=True)
class Changed:
    """Topics (absolute URLs): what the last build changed, and what the hub could not be told before."""

    changed: tuple[str, ...] = ()
    owed: tuple[str, ...] = ()

    @property
    def topics(self) -> tuple[str, ...]:
        """All that the hub is to be told, each once, sorted."""
        return tuple(sorted({*self.changed, *self.owed}))


@dataclass(frozen=True, slots=True)
class Clock:
    """The time: `now` in seconds since any moment, and `sleep` for so many of them."""

    now: Callable[[], float]
    sleep: Callable[[float], None]


def topics(dist: str, paths: Iterable[str], base: str, hub: str) -> tuple[str, ...]:
    """Return the addresses of those documents at `paths` below `dist` that name `hub` and themselves; `base` is dist's.

    So archives are none, nor a copy at an address that a feed once had.
    """
    found = []
    for path in paths:
        try:
            with open(os.path.join(dist, path), "rb") as file:
                head = file.read(_HEAD).decode(errors="replace")
        except OSError:
            continue
        address = f"{base}/{quote(path)}"
        if all(f'"{text}"' in head or f'"{escape(text)}"' in head for text in (address, hub)):
            found.append(address)
    return tuple(sorted(found))


def note(folder: str, changed: Iterable[str]) -> None:
    """Note the topics that a build changed, for `ping`; what is owed from before stays. Raises CannotWriteError."""
    owed = _read(folder).owed if os.path.exists(os.path.join(folder, NAME)) else ()
    _write(folder, Changed(tuple(changed), owed))


def noted(folder: str) -> Changed:
    """Return what the last build noted beside the configuration in `folder`.

    Raises:
        UsageError: no build did, or what it noted is damaged.

    """
    if not os.path.exists(os.path.join(folder, NAME)):
        message = f"no build has noted here what it changed ({NAME}): `feeder build` does, where `site.hub` is set"
        raise UsageError(message)
    return _read(folder)


def ping(hub: str, folder: str, seconds: float, clock: Clock) -> Iterator[tuple[str, ...]]:
    """Tell `hub` the topics that were noted in `folder`, and yield them batch by batch; what was told is noted too.

    A hub that is down, busy or slow is asked again, with longer and longer pauses, for so many `seconds` in all.

    Raises:
        UnavailableError: it could not be told; the next `ping` tells it, beside what a build changes until then.

    """
    waiting = list(noted(folder).topics)
    deadline = clock.now() + seconds
    while waiting:
        batch = waiting[:_BATCH]
        try:
            _tell(hub, batch, deadline, clock)
        except UnavailableError:
            _write(folder, Changed((), tuple(waiting)))
            raise
        waiting = waiting[_BATCH:]
        _write(folder, Changed((), tuple(waiting)))
        yield tuple(batch)


def _tell(hub: str, batch: Sequence[str], deadline: float, clock: Clock) -> None:
    pause = _FIRST_PAUSE
    while True:
        left = deadline - clock.now()
        reason, wait = _post(hub, batch, min(max(left, 0.1), _PATIENCE))
        if not reason:
            return
        pause_now = max(pause, wait)
        if wait < 0 or clock.now() + pause_now >= deadline:
            again = "" if wait < 0 else ", and there was no time left to ask again"
            message = f"the hub {printable(hub)} was not told of {len(batch)} addresses: {printable(reason)}{again}"
            raise UnavailableError(f"{message}; `feeder ping` tells it the next time")
        clock.sleep(pause_now)
        pause = min(2 * pause, _LONGEST_PAUSE)


def _post(hub: str, batch: Sequence[str], timeout: float) -> tuple[str, float]:
    """Return why the hub was not told, "" if it was, and for how long it is to be left alone (seconds; -1: ever)."""
    from http.client import HTTPException  # noqa: PLC0415 - a build opens no connection, and imports nothing that does
    from urllib.error import HTTPError, URLError  # noqa: PLC0415
    from urllib.request import HTTPRedirectHandler, Request, build_opener  # noqa: PLC0415

    class Stay(HTTPRedirectHandler):
        """A hub that moved is not followed: the feeds name the old one."""

        def redirect_request(self, req: Request, fp: object, code: int, msg: str, headers: object, newurl: str) -> None:
            del req, fp, code, msg, headers, newurl

    data = urlencode([("hub.mode", "publish"), *(("hub.url", topic) for topic in batch)]).encode()
    request = Request(hub, data, {"User-Agent": "feeder"})  # noqa: S310 - the configuration takes http(s) alone
    try:
        with build_opener(Stay).open(request, timeout=timeout) as response:
            status = response.status
    except HTTPError as problem:
        with problem:
            return _refusal(problem.code, problem.headers.get("Retry-After", ""))
    except (URLError, HTTPException, OSError) as problem:
        reason = getattr(problem, "reason", None) or problem
        return f"it cannot be reached ({reason})", 0.0
    return ("", 0.0) if status in _TOLD else (f"it answered {status}", -1.0)


def _refusal(status: int, after: str) -> tuple[str, float]:
    if status in _REFUSED and status not in _LATER:
        return f"it answered {status}: look whether `site.hub` is right and the hub takes these addresses", -1.0
    if status < _REFUSED.start:
        return f"it answered {status}, so it is elsewhere now: mend `site.hub`", -1.0
    return f"it answered {status}", float(after) if after.isascii() and after.isdigit() else 0.0


def _read(folder: str) -> Changed:
    file = os.path.join(folder, NAME)
    try:
        with open(file, encoding="utf-8") as stream:
            found = json.load(stream)
        lists = [found["changed"], found["owed"]]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        lists = [None]
    if not all(isinstance(one, list) and all(isinstance(topic, str) for topic in one) for one in lists):
        raise UsageError(f"{printable(file)}: it is not what a build noted: remove it, and build again")
    return Changed(*map(tuple, lists))


def _write(folder: str, changed: Changed) -> None:
    file = os.path.join(folder, NAME)
    data = json.dumps({"changed": changed.changed, "owed": changed.owed}, indent=1) + "\n"
    try:
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=os.path.dirname(file), prefix="changed-", delete=False
        ) as stream:
            stream.write(data)
        os.replace(stream.name, file)
    except OSError as problem:
        message = f"{printable(file)} cannot be written: {problem.strerror}: `feeder ping` would not know what changed"
        raise CannotWriteError(message) from problem
