"""Starts workers: forks of this process where that is safe, else processes of their own."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from multiprocessing.process import BaseProcess
from typing import Protocol

from feeder.engine.limits import Limits
from feeder.engine.worker import serve

_PATIENCE = 600.0  # seconds


class Hand(Protocol):
    """A worker's process, and the pipe to it."""

    @property
    def connection(self) -> Connection:
        """The pipe, for whole messages."""

    def kill(self) -> None:
        """Have the process end at once."""

    def end(self) -> int:
        """Close the pipe, wait until the process has ended, and return its status: a signal's number is negative."""


@dataclass(frozen=True, slots=True)
class Forked:
    """A fork of this process: there in milliseconds, with every module that is imported here."""

    connection: Connection
    process: BaseProcess

    def kill(self) -> None:
        """Have the process end at once."""
        self.process.kill()

    def end(self) -> int:
        """Close the pipe, wait until the process has ended, and return its status."""
        self.connection.close()
        self.process.join()
        status = self.process.exitcode or 0
        self.process.close()
        return status


@dataclass(frozen=True, slots=True)
class Started:
    """A process of its own: there in tenths of a second, from any process, whatever threads run in it."""

    connection: Connection
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """Have the process end at once."""
        self.process.kill()

    def end(self) -> int:
        """Close the pipe, wait until the process has ended, and return its status."""
        self.connection.close()
        return self.process.wait()


def fork(limits: Limits, others: Iterable[Connection], spare: Iterable[str] = ()) -> Hand:
    """Return a fork of this process; `others` are the pipes to earlier forks, which it must not hold open.

    `spare` are the modules that it imports when it has nothing to do.
    """
    here, there = Pipe()
    context = multiprocessing.get_context("fork")
    process = context.Process(target=_forked, args=(there, limits, (here, *others), tuple(spare)), daemon=True)
    process.start()
    there.close()
    return Forked(here, process)


def start(limits: Limits, folder: str) -> Hand:
    """Return a new process that works in `folder`, or in the root folder where there is none of that name."""
    here, there = Pipe()
    command = [sys.executable, "-P", "-m", "feeder.engine.worker"]
    arguments = [there.fileno(), limits.seconds, limits.size, _PATIENCE]
    process = subprocess.Popen(  # noqa: S603 - this Python, and this program
        [*command, *(str(argument) for argument in arguments)],
        cwd=folder if os.path.isdir(folder) else "/",
        # What can be imported here can be there, whatever its folder.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(os.path.abspath(entry) for entry in sys.path)},
        pass_fds=(there.fileno(),),
        stdin=subprocess.DEVNULL,
    )
    there.close()
    return Started(here, process)


def _forked(connection: Connection, limits: Limits, others: Iterable[Connection], spare: Iterable[str]) -> None:
    for other in others:  # a worker that held the pipe to another would keep it from seeing its parent's end
        other.close()
    serve(connection, limits, spare=spare)
