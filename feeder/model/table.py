"""Front matter as a value: keys in their order, scalars as the text that was written, lines to point at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

Value: TypeAlias = "str | tuple[Value, ...] | Table | None"


MAX_BYTES = 65_536
"""The most bytes that front matter may have (SPEC §1)."""
MAX_DEPTH = 64
"""How deep it may be nested."""


@dataclass(frozen=True, slots=True)
class Field:
    """One `key: value`; `line` counts from 1 in its file, 0 where it is not known."""

    key: str
    value: Value
    line: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping whose scalars are text, read by the field that uses them; a plain YAML `null` is None."""

    fields: tuple[Field, ...] = ()
    _by_key: dict[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Of equal keys the first counts, as it does in a list that is read from its beginning.
        object.__setattr__(self, "_by_key", {one.key: one for one in reversed(self.fields)})

    def __contains__(self, key: str) -> bool:
        return key in self._by_key

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def get(self, key: str) -> Value:
        """Return the value under `key`, or None."""
        found = self._by_key.get(key)
        return found.value if found else None

    def values(self, keys: Iterable[str]) -> tuple[Value, ...]:
        """Return the value under each of `keys`, or None."""
        present = self._by_key
        return tuple([present[key].value if key in present else None for key in keys])

    def has_any(self, keys: frozenset[str]) -> bool:
        """Say whether there is one of `keys`."""
        return not keys.isdisjoint(self._by_key)

    def text(self, key: str) -> str:
        """Return the text under `key`, trimmed; "" where there is none or it is no text."""
        found = self._by_key.get(key)
        return found.value.strip() if found and isinstance(found.value, str) else ""

    def texts(self, keys: Iterable[str]) -> list[tuple[str, str]]:
        """Return those of `keys`, in their order, that hold text that is not empty, with the text, trimmed."""
        present = self._by_key
        return [(key, text) for key in keys if key in present and (text := self.text(key))]

    def first_text(self, keys: Iterable[str]) -> str:
        """Return the first text that is not empty under one of `keys`, or ""."""
        found = self.texts(keys)
        return found[0][1] if found else ""

    def line(self, key: str) -> int:
        """Return the line (from 1) of `key`, or 0."""
        found = self._by_key.get(key)
        return found.line if found else 0
