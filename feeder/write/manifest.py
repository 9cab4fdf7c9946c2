"""What dist remembers: the files that feeder wrote, the slugs once given, the entries once published."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b, sha256

from feeder.model.term import GivenSlug

NAME = "feeder-manifest.json"
_VERSION = 1
_MARK_HEX = 16
_HASH = re.compile(r"[0-9a-f]{64}")
_PLAN = re.compile(r"[0-9a-f]{32}")
_MARKS = re.compile(r"(?:[0-9a-f]{16})*")
_TITLES = 2**32
# An odd number, so that no two instants of a title look alike (Knuth, TAOCP 3, §6.4).
_SPREAD = 0x9E3779B1


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of ours: its path below dist, and the SHA-256 digests (hex) that mark it as still ours.

    While a build is publishing there are two, the old one's and the new one's. `fingerprint` is that of the plan which
    the file was made by, "" where it is not known, or may come out otherwise.
    """

    path: str
    digests: tuple[str, ...]
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The state that dist carries from build to build; `marks` are short digests of the published entries' ids.

    `sightings` are these marks, each with the sign of what else subscribers know the entry by; none where it was not
    kept.
    """

    files: tuple[WrittenFile, ...] = ()
    slugs: tuple[GivenSlug, ...] = ()
    marks: frozenset[str] = frozenset()
    sightings: frozenset[str] = frozenset()


class DamagedManifestError(ValueError):
    """The manifest cannot be read: `str()` is a sentence fragment."""


def digest(data: bytes) -> str:
    """Return the SHA-256 of `data` in hex: how a manifest knows a file as its own."""
    return sha256(data).hexdigest()


def mark(entry_id: str) -> str:
    """Return the short digest under which a manifest remembers an entry (64 bits in hex)."""
    return blake2b(entry_id.encode(), digest_size=_MARK_HEX // 2).hexdigest()


def sighting(entry_id: str, published: int, signs: bytes) -> str:
    """Return the mark of an entry and behind it, in as many digits, its link, and its title and instant (seconds).

    `signs` are digests of link and title, of 4 bytes each: enough to tell the few entries that come from those that go.
    """
    link, title = signs[:4].hex(), int.from_bytes(signs[4:], "big")
    return f"{mark(entry_id)}{link}{(title + published * _SPREAD) % _TITLES:08x}"


def known_by(sighting: str) -> tuple[str, str, str]:
    """Return the mark of an entry, the sign of its link, and that of its title and instant."""
    return sighting[:_MARK_HEX], sighting[_MARK_HEX:-8], sighting[-8:]


def dump(manifest: Manifest) -> bytes:
    """Return `manifest` as JSON: sorted, so that equal states are equal bytes."""
    slugs: dict[str, dict[str, str]] = {}
    for given in sorted(manifest.slugs, key=lambda given: (given.taxonomy, given.key)):
        slugs.setdefault(given.taxonomy, {})[given.key] = given.slug
    files = sorted(manifest.files, key=lambda file: file.path)
    state = {
        "feeder": _VERSION,
        "files": {file.path: list(file.digests) for file in files},
        "plans": {file.path: file.fingerprint for file in files if file.fingerprint},
        "slugs": slugs,
        "entries": "".join(sorted(manifest.marks)),
    }
    if manifest.sightings:
        state["signs"] = "".join(one[_MARK_HEX:] for one in sorted(manifest.sightings))
    return json.dumps(state, ensure_ascii=False, indent=1).encode() + b"\n"


def parse(data: bytes) -> Manifest:
    """Return the manifest in `data`; raises DamagedManifestError. What it says is checked: it may be anybody's."""
    try:
        state = json.loads(data)
        if b"\\u" in data:  # feeder writes every character as it is, but controls; half a surrogate pair is none
            json.dumps(state, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise DamagedManifestError("it is no JSON") from None
    if not isinstance(state, dict) or state.get("feeder") != _VERSION:
        raise DamagedManifestError("it is of another version or another program")
    files, slugs, marks = state.get("files"), state.get("slugs"), state.get("entries")
    plans = state.get("plans", {})
    if not (isinstance(files, dict) and isinstance(slugs, dict) and isinstance(marks, str) and _MARKS.fullmatch(marks)):
        raise DamagedManifestError("it lacks what a manifest holds")
    found, signs = _parted(marks), state.get("signs")
    # A manifest without them is of an older feeder: nothing is lost but what it would have said of re-posts.
    signed = isinstance(signs, str) and len(signs) == len(marks) and _MARKS.fullmatch(signs)
    return Manifest(
        tuple(_files(files, plans if isinstance(plans, dict) else {})),
        tuple(_slugs(slugs)),
        frozenset(found),
        frozenset(map("".join, zip(found, _parted(str(signs)), strict=True))) if signed else frozenset(),
    )


def _parted(text: str) -> list[str]:
    return [text[index : index + _MARK_HEX] for index in range(0, len(text), _MARK_HEX)]


def _files(files: Mapping[object, object], plans: Mapping[object, object]) -> Iterable[WrittenFile]:
    for path, digests in files.items():
        if not (isinstance(path, str) and isinstance(digests, list) and _inside(path)):
            raise DamagedManifestError("it names a file that cannot be one of feeder's")
        if not all(isinstance(item, str) and _HASH.fullmatch(item) for item in digests):
            raise DamagedManifestError("it holds a digest that is none")
        plan = plans.get(path)
        yield WrittenFile(path, tuple(digests), plan if isinstance(plan, str) and _PLAN.fullmatch(plan) else "")


def _slugs(slugs: Mapping[object, object]) -> Iterable[GivenSlug]:
    for taxonomy, names in slugs.items():
        if not (isinstance(taxonomy, str) and isinstance(names, dict)):
            raise DamagedManifestError("its slugs are none")
        for key, slug in names.items():
            given = GivenSlug(taxonomy, str(key), slug) if isinstance(slug, str) else None
            if not (given and given.fits):
                raise DamagedManifestError("it holds a slug that cannot be one of feeder's")
            yield given


def _inside(path: str) -> bool:
    return "\0" not in path and all(part not in ("", ".", "..") for part in path.split("/"))
