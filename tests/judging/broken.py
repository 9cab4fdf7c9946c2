"""Documents with one fault each, made of the good ones by small named changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

Change = Callable[[bytes], bytes]

GOOD_ATOM: Final = (Path(__file__).parent / "good.atom").read_bytes()
GOOD_RSS: Final = (Path(__file__).parent / "good.rss").read_bytes()
GOOD_OPML: Final = (Path(__file__).parent / "good.opml").read_bytes()
GOOD_JSON: Final = (Path(__file__).parent / "good.json").read_bytes()
SELF_ATOM: Final = "https://vane.example/tags/r-and-d/atom.xml"
SELF_RSS: Final = "https://vane.example/tags/r-and-d/rss.xml"
SELF_JSON: Final = "https://vane.example/tags/r-and-d/feed.json"


@dataclass(frozen=True, slots=True)
class Broken:
    """A fault that the judge must find under `rule`; `name` says the change."""

    rule: int
    name: str
    change: Change


def swap(old: str, new: str) -> Change:
    """Return the change that puts `new` for the first `old`, which must be there; U+DC80..DCFF stand for raw bytes."""

    def change(data: bytes) -> bytes:
        before, after = old.encode(), new.encode("utf-8", "surrogateescape")
        if before not in data:
            raise ValueError(f"the good document has no {old!r}")
        return data.replace(before, after, 1)

    return change


def swap_all(pattern: str, new: str) -> Change:
    """Return the change that puts `new` for every match of `pattern`, of which there must be one."""

    def change(data: bytes) -> bytes:
        changed, number = re.subn(pattern, new, data.decode(), flags=re.DOTALL)
        if not number:
            raise ValueError(f"the good document has no {pattern!r}")
        return changed.encode()

    return change


def drop(text: str) -> Change:
    """Return the change that takes the first `text` away."""
    return swap(text, "")


def add(before: str, new: str) -> Change:
    """Return the change that puts `new` before the first `before`."""
    return swap(before, new + before)
