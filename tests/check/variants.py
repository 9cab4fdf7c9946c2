"""Variants of good documents with one fault each, made by small named changes of what feeder itself built."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

Dist = dict[str, bytes]
Change = Callable[[Dist], Dist]


@dataclass(frozen=True, slots=True)
class Variant:
    """A fault that is found as `code` and as nothing else; `name` says the change, `path` the document changed.

    A document's fault is looked for in the document alone: `path` is "" where it lies between documents.
    """

    name: str
    code: str
    change: Change
    path: str = ""


def in_file(path: str, name: str, code: str, change: Callable[[str], str]) -> Variant:
    """Return the variant in which `change` was made to the text of one document; U+DC80..DCFF are raw bytes."""

    def changed(dist: Dist) -> Dist:
        new = change(dist[path].decode()).encode("utf-8", "surrogateescape")
        assert new != dist[path], name
        return {**dist, path: new}

    return Variant(name, code, changed, path)


def between(name: str, code: str, *changes: Change) -> Variant:
    """Return the variant in which `changes` were made, whose fault lies between documents."""

    def changed(dist: Dist) -> Dist:
        new = dist
        for change in changes:
            new = change(new)
        assert new != dist, name
        return new

    return Variant(name, code, changed)


def edit(path: str, change: Callable[[str], str]) -> Change:
    """Return the change of one document of several."""
    return lambda dist: {**dist, path: change(dist[path].decode()).encode()}


def remove(path: str) -> Change:
    """Return the change that takes a document away."""

    def changed(dist: Dist) -> Dist:
        assert path in dist, path
        return {known: data for known, data in dist.items() if known != path}

    return changed


def swap(old: str, new: str) -> Callable[[str], str]:
    """Return the change that puts `new` for the first `old`, which has to be there."""

    def changed(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)

    return changed


def sub(pattern: str, new: str) -> Callable[[str], str]:
    """Return the change that puts `new` for the first match of `pattern`, of which there has to be one."""

    def changed(text: str) -> str:
        done, number = re.subn(pattern, new, text, count=1, flags=re.DOTALL)
        assert number, pattern
        return done

    return changed


def drop(pattern: str) -> Callable[[str], str]:
    """Return the change that takes the first match of `pattern` away."""
    return sub(pattern, "")


def before(mark: str, new: str) -> Callable[[str], str]:
    """Return the change that puts `new` before the first `mark`."""
    return swap(mark, new + mark)
