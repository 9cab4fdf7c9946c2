"""Errors that end a command: each carries one sentence for a person and the exit code of SPEC §7."""

from __future__ import annotations

from typing import ClassVar


class FeederError(Exception):
    """Base of all errors that feeder raises on purpose; `str()` is a sentence for the user."""

    exit_code: ClassVar[int] = 1


class StrictError(FeederError):
    """Posts were left out for an error and `--strict` was given."""

    exit_code = 1


class UsageError(FeederError):
    """The command line or the configuration cannot be followed (EX_USAGE is 64, but 2 is what shells expect)."""

    exit_code = 2


class NothingToPublishError(FeederError):
    """Nothing to publish, or publishing would shrink the site (EX_DATAERR)."""

    exit_code = 65


class UnavailableError(FeederError):
    """What is outside of feeder cannot be had: a port to listen at, a hub (EX_UNAVAILABLE)."""

    exit_code = 69


class CannotWriteError(FeederError):
    """The output folder cannot be written (EX_CANTCREAT)."""

    exit_code = 73


class InputOutputError(FeederError):
    """The operating system failed to read or write (EX_IOERR)."""

    exit_code = 74


class LockedError(FeederError):
    """Another build holds the output folder (EX_TEMPFAIL)."""

    exit_code = 75
