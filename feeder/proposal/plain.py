"""A folder of posts that no program's configuration says anything of."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence

from feeder.collect.walk import SUFFIXES
from feeder.proposal.facts import Facts, Kind, folders_below

_DATED = re.compile("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}-")
_MANY = 10


def plain(folder: str) -> Facts:
    """Return where the posts of `folder` seem to be: in `posts`, else where most files are that could be some."""
    if os.path.isdir(os.path.join(folder, "posts")):
        return Facts(Kind.PLAIN)
    counts: Counter[str] = Counter()
    for path, folders, files in folders_below(folder or "."):
        if "_posts" in folders:
            return Facts(Kind.PLAIN)
        counts[_first(path, folder)] += sum(name.lower().endswith(SUFFIXES) for name in files)
    found = min(counts, key=lambda name: (-counts[name], name))
    # A README alone is no archive of posts.
    return Facts(Kind.PLAIN, roots=(found,) if counts[found] > (found == ".") else ())


def elsewhere(folder: str, roots: Sequence[str]) -> str:
    """Return a sentence on the folders outside of `roots` that hold files named by a date, "" where there are few."""
    places = {os.path.realpath(root) for root in roots}
    counts: Counter[str] = Counter()
    for path, folders, files in folders_below(folder or "."):
        if os.path.realpath(path) in places:
            folders.clear()
        else:
            counts[_first(path, folder)] += sum(_is_dated(name) for name in files)
    found = ", ".join(f"{name} ({counts[name]:,})" for name in sorted(counts) if counts[name] >= _MANY)
    return (
        f"there are more files that could be posts: {found}; `posts.roots` takes all folders of posts" if found else ""
    )


def _first(path: str, folder: str) -> str:
    """Return the first folder below `folder` on the way to `path`, "." for itself."""
    return os.path.relpath(path, folder or ".").split(os.sep)[0]


def _is_dated(name: str) -> bool:
    return bool(_DATED.match(name)) and name.lower().endswith(SUFFIXES)
