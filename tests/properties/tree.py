"""What stands in a folder, and whether what stands in dist is what has to."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from feeder.write.manifest import NAME, DamagedManifestError, digest, parse

STAGED = ".feeder-new"
UNFINISHED = ".feeder-unfinished"

Tree = dict[str, tuple[str, bytes]]
"""What stands in a folder, by path: its kind (file, link, folder, other), and its bytes or where it leads."""


def tree_of(folder: Path) -> Tree:
    """Return what stands below `folder`."""
    found: Tree = {}
    for place in _places(folder):
        mode = place.lstat().st_mode
        path = str(place.relative_to(folder))
        if stat.S_ISREG(mode):
            found[path] = ("file", place.read_bytes())
        elif stat.S_ISLNK(mode):
            found[path] = ("link", os.fsencode(os.readlink(place)))
        else:
            found[path] = ("folder" if stat.S_ISDIR(mode) else "other", b"")
    return found


def looks(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Return inode, size and time of change of everything in `folder`."""
    found = {}
    for place in _places(folder):
        status = place.lstat()
        found[str(place.relative_to(folder))] = (status.st_ino, status.st_size, status.st_mtime_ns)
    return found


def _places(folder: Path) -> Iterator[Path]:
    for path, folders, files in os.walk(folder):
        yield from (Path(path, name) for name in (*folders, *files))


def remove(place: Path) -> None:
    """Remove whatever stands at `place`, if anything does."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    elif os.path.lexists(place):
        place.unlink()


def visible(tree: Tree) -> Tree:
    """Return `tree` without folders and what only a killed build leaves."""
    return {
        path: found
        for path, found in tree.items()
        if found[0] != "folder" and not path.endswith(STAGED) and path != UNFINISHED
    }


def obstacles(before: Tree, wanted: Tree) -> list[str]:
    """Return what stands in dist where something else has to."""
    found = []
    for path in wanted:
        parts = path.split("/")
        above = ["/".join(parts[:count]) for count in range(1, len(parts))]
        found += [place for place in above if before.get(place, ("folder",))[0] in ("file", "other")]
        if wanted[path][0] == "file" and before.get(path, ("",))[0] == "folder":
            found.append(path)
    return list(dict.fromkeys(found))


def digests(tree: Tree) -> dict[str, tuple[str, ...]]:
    """Return the digests by which the manifest in a dist knows its files."""
    kind, data = tree.get(NAME, ("", b""))
    if kind != "file":
        return {}
    try:
        return {file.path: file.digests for file in parse(data).files}
    except DamagedManifestError:
        return {}


def given_slugs(tree: Tree) -> dict[str, dict[str, str]]:
    """Return the slugs that the manifest in a dist remembers, by taxonomy and key."""
    kind, data = tree.get(NAME, ("", b""))
    if kind != "file":
        return {}
    try:
        given = parse(data).slugs
    except DamagedManifestError:
        return {}
    found: dict[str, dict[str, str]] = {}
    for one in given:
        found.setdefault(one.taxonomy, {})[one.key] = one.slug
    return found


def compare_trees(before: Tree, after: Tree, wanted: Tree, known: Mapping[str, tuple[str, ...]]) -> None:
    """Fail unless dist is what it is from nothing, but for what is not feeder's: that is as it was."""
    unfinished = UNFINISHED in before
    for path, (kind, data) in wanted.items():
        assert path in after, f"{path} is missing"
        found = after[path]
        assert found == (kind, data), f"{path} is another than from nothing:\n{found[1].decode()}\n{data.decode()}"
    for path, found in after.items():
        if path in wanted:
            continue
        assert path in before, f"{path} is new, and from nothing there is none"
        assert found == before[path], f"the stranger {path} was changed"
        assert not (unfinished and path.endswith(STAGED)), f"{path} was left behind by a build that was killed"
        assert found[0] != "file" or digest(found[1]) not in known.get(path, ()), f"{path} is obsolete"
    for path, (kind, data) in before.items():
        if path in after or kind == "folder":
            continue
        mine = kind == "file" and digest(data) in known.get(path, ())
        passing = path == UNFINISHED or path.endswith(STAGED)
        replaced = any(other.startswith(f"{path}/") for other in wanted)
        assert mine or passing or replaced, f"the stranger {path} was removed"
