"""One process, one item after the other: what is fastest for small sites."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Self, TypeVar

from feeder.engine.limits import Death

Item = TypeVar("Item")
Result = TypeVar("Result")


class SerialEngine:
    """Runs everything here; use as a context manager, like every engine.

    Nothing guards this process: an item that crashes it ends the build (with the old feeds whole), where
    `processes:1` would go on without the item.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def map(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        batch: int,
        casualty: Callable[[Item, Death], Result],
    ) -> Iterator[Result]:
        """Yield `function(item)` for every item, and `casualty(item, …)` for one that there is no memory for."""
        del batch  # what is not sent anywhere needs no batches
        for item in items:
            try:
                result = function(item)
            except MemoryError:
                result = casualty(item, Death.MEMORY)
            yield result
