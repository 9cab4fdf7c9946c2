"""What runs inside a dask worker: it hands tasks to a worker of ours beside it, so that no post can kill it.

A dask worker that dies takes seconds to come back, or never does, and cannot say of what it died; and its threads must
not share a process, since feedgen flips the locale. So every thread of it has a process of ours to work in.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from feeder.engine.launch import Hand, start
from feeder.engine.limits import Death, Limits, death
from feeder.engine.versions import Version, differences, versions


@dataclass(frozen=True, slots=True)
class Terms:
    """How to work for a client: its name, the versions that it works with, the limits, and the folder to be in."""

    client: str
    versions: tuple[Version, ...]
    limits: Limits
    folder: str


class NoWorkerError(Exception):
    """A process to work in ended before it began, or would give other bytes."""


_idle: defaultdict[str, list[Hand]] = defaultdict(list)  # by client; list.append and list.pop are atomic


def work(task: bytes, terms: Terms) -> bytes | Death:
    """Return the answer to `task`, or what its worker died of; raises NoWorkerError where none can be started."""
    try:
        hand = _idle[terms.client].pop()
    except IndexError:
        hand = _hire(terms)
    try:
        hand.connection.send_bytes(task)
        answer = hand.connection.recv_bytes()
    except (EOFError, OSError):
        return death(hand.end())
    _idle[terms.client].append(hand)
    return answer


def dismiss(client: str) -> None:
    """End the workers that wait for tasks of `client`."""
    for hand in _idle.pop(client, ()):
        hand.end()


def _hire(terms: Terms) -> Hand:
    # Asked of every worker when the build began, but this one may have come since.
    if different := differences(terms.versions, versions()):
        raise NoWorkerError(f"it would not give the same bytes: {', '.join(different)}")
    hand = start(terms.limits, terms.folder)
    try:
        hand.connection.recv_bytes()
    except (EOFError, OSError):
        raise NoWorkerError(f"a process to work in {death(hand.end()).value} before it began") from None
    return hand
