"""Waits until posts or their configuration change (the only user of watchfiles)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from watchfiles import Change, watch

_TICK = 100  # milliseconds between two looks at the configuration
_QUIET = 50  # milliseconds without a change, after which what changed is told
_AT_MOST = 400  # milliseconds that changes are gathered, if they do not end
_TEMPORARY = ("~", ".swp", ".swx", ".tmp", ".part")

_Look = tuple[tuple[int, int, int] | None, ...]


def changes(roots: Sequence[str], files: Sequence[str], output: str) -> Iterator[None]:
    """Yield when watching has begun, and whenever something below `roots` or one of `files` has changed since.

    Several changes at once are one, and none is lost that comes while the caller is at work. Nothing below `output`
    counts. A root that does not exist is looked for like a file.
    """
    there = [os.path.realpath(root) for root in roots if os.path.isdir(root)]
    looked_at = (*files, *(root for root in roots if not os.path.isdir(root)))
    below_output = os.path.realpath(output).rstrip("/") + "/"

    def counts(change: Change, path: str) -> bool:
        del change
        if f"{path}/".startswith(below_output) or path.endswith(_TEMPORARY):
            return False
        inner = next((path.removeprefix(root) for root in there if f"{path}/".startswith(f"{root.rstrip('/')}/")), path)
        return "/." not in inner

    before: _Look | None = None
    for found in watch(
        *there,
        watch_filter=counts,
        debounce=_AT_MOST,
        step=_QUIET,
        rust_timeout=_TICK,
        yield_on_timeout=True,
    ):
        now = _look(looked_at)
        if found or now != before:
            before = now
            yield


def _look(files: Sequence[str]) -> _Look:
    """Return what differs when one of `files` is another: an editor may put a new one in its place."""
    found: list[tuple[int, int, int] | None] = []
    for file in files:
        try:
            status = os.stat(file)
        except OSError:
            found.append(None)
        else:
            found.append((status.st_mtime_ns, status.st_size, status.st_ino))
    return tuple(found)
