"""How items travel to machines that may not have this one's files: the file is seen there, sent along, or stays here.

So the result is the same in every case, and what is shared how decides only who works how much.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from feeder.model.source import Source

Item = TypeVar("Item")
Result = TypeVar("Result")

_SHIPMENT = 4_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Freight:
    """What a function's items read: `source` names an item's file, `load` returns its bytes, None where it cannot.

    The function is called as `function(item)` where it can open the file, and as `function(item, bytes)` elsewhere.
    """

    source: Callable[[Any], Source]
    load: Callable[[Source], bytes | None]


@dataclass(frozen=True, slots=True)
class Parcel(Generic[Item]):
    """An item, its file, and the file's bytes if they go along."""

    item: Item
    source: Source
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Returned(Generic[Item]):
    """An item whose file is only where it came from."""

    item: Item


def opened(function: Callable[..., Result], parcel: Parcel[Item]) -> Result | Returned[Item]:
    """Return what `function` makes of the item in `parcel`: what a worker on another machine runs."""
    if parcel.data is not None:
        return function(parcel.item, parcel.data)
    return function(parcel.item) if see((parcel.source,)) else Returned(parcel.item)


def see(sources: Iterable[Source], folder: str = "") -> bool:
    """Say whether this machine has the very files that the walk found (relative names are so to `folder`)."""
    try:
        for source in sources:
            status = os.lstat(os.path.join(folder, source.file))
            if (status.st_size, status.st_mtime_ns) != (source.size, source.mtime):
                return False
    except (OSError, ValueError):
        return False
    return True


def batches(items: Iterable[Parcel[Item]], size: int) -> Iterator[Sequence[Parcel[Item]]]:
    """Yield `items` in batches of at most `size`, cut short where the bytes that go along reach 4 MB."""
    batch: list[Parcel[Item]] = []
    weight = 0
    for item in items:
        batch.append(item)
        weight += len(item.data or b"")
        if len(batch) == size or weight >= _SHIPMENT:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch
