"""What decides a build's bytes besides its input: it must be the same on every machine that works on it."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version

from feeder.fingerprint import LIBRARIES

# The last two carry the work: other versions may not understand each other.
_LIBRARIES = (*LIBRARIES, "dask", "distributed")


@dataclass(frozen=True, slots=True)
class Version:
    """A program or library, and which one it is."""

    name: str
    version: str


def versions() -> tuple[Version, ...]:
    """Return the versions in this process, always of the same names in the same order."""
    return (Version("Python", platform.python_version()), Version("feeder", _feeder()), *_installed())


def differences(here: tuple[Version, ...], there: tuple[Version, ...]) -> list[str]:
    """Return what is not the same, as `NAME VERSION here, VERSION there`."""
    found = {one.name: one.version for one in there}
    return [
        f"{one.name} {one.version} here, {found.get(one.name, 'nothing')} there"
        for one in here
        if found.get(one.name) != one.version
    ]


def _installed() -> Iterator[Version]:
    for name in _LIBRARIES:
        try:
            yield Version(name, version(name))
        except PackageNotFoundError:
            yield Version(name, "nothing")


def _feeder() -> str:
    """Return feeder's version, with a digest of its code: two checkouts can call themselves the same."""
    folder = os.path.dirname(os.path.dirname(__file__))
    digest = blake2b(digest_size=4)
    for path, folders, files in os.walk(folder):
        folders.sort()
        for file in sorted(files):
            if file.endswith((".py", ".sql")):
                with open(os.path.join(path, file), "rb") as stream:
                    digest.update(file.encode() + b"\0" + blake2b(stream.read()).digest())
    try:
        name = version("feeder")
    except PackageNotFoundError:
        name = "of no version"
    return f"{name} ({digest.hexdigest()})"
