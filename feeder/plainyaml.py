"""YAML whose scalars are text: what stands in front matter and in `_config.yml` (the only user of PyYAML).

YAML 1.1 would turn `2049`, `yes`, `12:30` and `2020-01-01` into other things than were written, expand aliases until
memory is gone, and overflow the C stack on 100,000 brackets. So scalars stay text, and anchors, aliases and tags are
no YAML here: what holds them is refused, and the caller reads it line by line. Text that could hold such things is
parsed into events first, which takes no stack: nothing is composed before the events are known to be harmless.
"""

from __future__ import annotations

import re

import yaml

from feeder.model.characters import legal
from feeder.model.table import MAX_BYTES, MAX_DEPTH, Field, Table, Value

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
# Where an anchor, alias or tag could stand; the events decide, this only spares them for the other 99 %.
_SUSPECT = re.compile(r"(?:^|[\s\[{,:?-])[&*!]", re.MULTILINE)
# Each level of blocks takes a column, but for a list right under its key: 64 levels need a line that begins so.
_DEEP = re.compile(rf"^[ \t?:-]{{{MAX_DEPTH // 2 - 2}}}", re.MULTILINE)


class PlainYamlError(ValueError):
    """YAML that is refused: `str()` is a sentence fragment, `line` counts from 1."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class DuplicateKeys:
    """Collects the keys that a document gives twice (the last wins): name and line of the later one."""

    __slots__ = ("found",)

    def __init__(self) -> None:
        self.found: list[Field] = []


def load(text: str, duplicates: DuplicateKeys) -> Value:
    """Return the document in `text`: scalars as written, a plain `null` as None, lines counted from 1.

    Raises PlainYamlError for what YAML refuses and for what the guards refuse: over 64 KB, flow or block depth over
    64, anchors, aliases, tags, keys that are no scalars.
    """
    if len(text) > MAX_BYTES or len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        raise PlainYamlError(f"it is longer than {MAX_BYTES // 1024} KB", 1)
    try:
        if text.count("[") + text.count("{") > MAX_DEPTH or _DEEP.search(text) or _SUSPECT.search(text):
            _guard(text)
        node = yaml.compose(text, Loader=_LOADER)
    except PlainYamlError:
        raise
    except yaml.MarkedYAMLError as problem:
        raise _refused(problem, text) from None
    except (yaml.YAMLError, ValueError) as problem:
        raise PlainYamlError(f"it is no YAML ({type(problem).__name__})", 1) from None
    return None if node is None else _value(node, duplicates)


# What the parser says, as a person would: and whether the line is where it began, or where it could not go on.
_WORDS = {
    "mapping values are not allowed in this context": "a value holds `: `, so it needs quotes",
    "found a tab character that violates indentation": "a tab stands where only spaces may",
    "found unexpected end of stream": "a quote is opened here and never closed",
    "found unknown escape character": "a backslash within double quotes begins no escape that YAML knows",
    "did not find expected ',' or ']'": "a list is opened here and not closed, or lacks a comma",
    "did not find expected ',' or '}'": "a mapping is opened here and not closed, or lacks a comma",
    "could not find expected ':'": "this line, or the one before, is no `key: value`",
}
_WHERE_IT_BEGAN = (
    "found unexpected end of stream",
    "did not find expected ',' or ']'",
    "did not find expected ',' or '}'",
)


def _refused(problem: yaml.MarkedYAMLError, text: str) -> PlainYamlError:
    said = problem.problem or "it is no YAML"
    first, second = problem.context_mark, problem.problem_mark
    mark = (first or second) if said in _WHERE_IT_BEGAN else (second or first)
    if mark is None:
        return PlainYamlError(said, 1)
    char = text[mark.index : mark.index + 1]
    if said == "found character that cannot start any token":
        said = (
            "a tab stands where only spaces may"
            if char == "\t"
            else f"a value begins with {char!r}, so it needs quotes"
        )
    return PlainYamlError(_WORDS.get(said, said), mark.line + 1)


def _value(node: yaml.Node, duplicates: DuplicateKeys) -> Value:
    if isinstance(node, yaml.ScalarNode):
        return None if not node.style and node.value in _NULLS else legal(node.value)
    if isinstance(node, yaml.SequenceNode):
        return tuple(_value(item, duplicates) for item in node.value)
    fields: dict[str, Field] = {}
    for key, value in node.value:
        line = _line(key)
        if not isinstance(key, yaml.ScalarNode):
            raise PlainYamlError("a key is no plain text", line)
        name = legal(key.value)
        field = Field(name, _value(value, duplicates), line)
        if name in fields:
            duplicates.found.append(field)
        fields[name] = field
    return Table(tuple(fields.values()))


def _guard(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.NodeEvent):
            if event.anchor is not None or getattr(event, "tag", None) is not None:
                raise PlainYamlError("it has an anchor, alias or tag, which are text here", _line(event))
            depth += isinstance(event, yaml.CollectionStartEvent)
            if depth > MAX_DEPTH:
                raise PlainYamlError(f"it is nested deeper than {MAX_DEPTH}", _line(event))


def _line(node: yaml.Node | yaml.Event) -> int:
    return node.start_mark.line + 1 if node.start_mark else 1
