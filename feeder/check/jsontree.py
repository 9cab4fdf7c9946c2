"""JSON as frozen objects that know the lines of their members: bounded, and what cannot be read is a fault."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from typing import TypeAlias

from feeder.check.fault import Fault

Value: TypeAlias = "str | int | float | bool | tuple[Value, ...] | Object | None"

# What structure there is outside of strings; a string is one token, so nothing in it passes for structure.
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}:\[\]]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Member:
    """A key, its value, and the line that the key stands in."""

    key: str
    value: Value
    line: int


@dataclass(frozen=True, slots=True)
class Object:
    """An object, its members in order, and the line that it begins in."""

    members: tuple[Member, ...]
    line: int

    def get(self, key: str) -> Value:
        """Return the value of `key`, the last where there are several, None where there is none."""
        return next((member.value for member in reversed(self.members) if member.key == key), None)

    def line_of(self, key: str) -> int:
        """Return the line that `key` stands in; the object's where there is no such key."""
        return next((member.line for member in reversed(self.members) if member.key == key), self.line)

    def text(self, key: str) -> str:
        """Return the value of `key` where it is text, else ""."""
        value = self.get(key)
        return value if isinstance(value, str) else ""

    def objects(self, key: str) -> tuple[Object, ...]:
        """Return the objects in the list `key`."""
        value = self.get(key)
        return tuple(item for item in value if isinstance(item, Object)) if isinstance(value, tuple) else ()


@dataclass(frozen=True, slots=True)
class _Place:
    line: int
    keys: tuple[int, ...]


@dataclass(slots=True)
class _Opened:
    line: int
    keys: list[int]


def parse_json(data: bytes) -> Value | Fault:
    """Return what `data` holds, or the fault that keeps it from being read (RFC 8259)."""
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        return Fault("UnicodeError", line, f"the byte at {problem.start} is not UTF-8: {problem.reason}")
    try:
        # Read twice: where the lines are is looked for only in what is known to be JSON, which takes linear time.
        json.loads(text, parse_constant=_refuse)
        places = iter(_places(text))

        def made(pairs: list[tuple[str, Value]]) -> Object:
            # The hook is called when an object closes: the n-th call is for the n-th that closes.
            place = next(places)
            members = (Member(key, _frozen(value), line) for (key, value), line in zip(pairs, place.keys, strict=True))
            return Object(tuple(members), place.line)

        return _frozen(json.loads(text, object_pairs_hook=made, parse_constant=_refuse))
    except json.JSONDecodeError as problem:
        return Fault("InvalidJSON", problem.lineno, f"it is no JSON: {problem.msg} at character {problem.colno}")
    except RecursionError:
        return Fault("TooDeep", 0, "lists and objects are nested too deep")
    except ValueError as problem:
        return Fault("InvalidJSON", 0, f"it is no JSON: {problem}")


def _refuse(constant: str) -> Value:
    raise ValueError(f"{constant} is no number of JSON")


def _frozen(value: Value | list[Value]) -> Value:
    """Return `value` with lists as tuples; objects were made from the leaves up, and hold none any more."""
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def _places(text: str) -> list[_Place]:
    """Return the lines of every object in `text` and of its keys, in the order in which the objects close."""
    opened: list[_Opened] = []
    closed: list[_Place] = []
    line, seen, last = 1, 0, 1
    for match in _TOKEN.finditer(text):
        line += text.count("\n", seen, match.start())
        seen = match.start()
        sign = match[0][0]
        if sign == '"':
            last = line
        elif sign == ":":
            opened[-1].keys.append(last)
        elif sign in "{[":
            opened.append(_Opened(line, []))
        else:
            done = opened.pop()
            if sign == "}":
                closed.append(_Place(done.line, tuple(done.keys)))
    return closed
