"""One process, one item after the other: what is fastest for small sites."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Self, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class SerialEngine:
    """Runs everything here; use as a context manager, like every engine."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def map(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        batch: int,
        casualty: Callable[[Item], Result],
    ) -> Iterator[Result]:
        """Yield `function(item)` for every item; here a batch is nothing, and no worker can die alone."""
        del batch, casualty
        return map(function, items)
