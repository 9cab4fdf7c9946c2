"""XML as a tree of frozen nodes that know their lines, by expat: no DTD, no entity, bounded depth and number.

The bytes may be anybody's. What cannot be read is a fault, never an exception.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn
from xml.parsers import expat

from feeder.check.fault import Fault, shown

XML = "http://www.w3.org/XML/1998/namespace"

_MAX_DEPTH = 256
_MAX_NODES = 500_000
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']""")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
# The names may be anybody's too, and some of Python's codecs (punycode, idna) take quadratic time.
_ENCODINGS = re.compile(
    r"utf-?(?:8|16|32)(?:-?[lb]e)?|us-ascii|ascii|iso-8859-\d{1,2}|windows-\d{3,4}|cp\d{3,4}|koi8-[ru]|macintosh"
    r"|gb2312|gbk|gb18030|big5|big5-hkscs|euc-(?:jp|kr|cn)|shift_jis|iso-2022-(?:jp|kr)|tis-620",
    re.IGNORECASE,
)
_UNDEFINED_ENTITY = 11


@dataclass(frozen=True, slots=True)
class Node:
    """An element: its namespace, its name, attributes by `{space}name` or `name`, and text and elements in order.

    `children` are the elements of `parts`, `text` its texts as one; `line` is that of its start tag.
    """

    space: str
    name: str
    attributes: tuple[tuple[str, str], ...]
    parts: tuple[str | Node, ...]
    children: tuple[Node, ...]
    text: str
    line: int

    def get(self, name: str) -> str | None:
        """Return an attribute, None where there is none."""
        return next((value for key, value in self.attributes if key == name), None)

    def all(self, space: str, name: str) -> tuple[Node, ...]:
        """Return the elements in it of that name."""
        return tuple([child for child in self.children if child.name == name and child.space == space])

    def first(self, space: str, name: str) -> Node | None:
        """Return the first element in it of that name, None where there is none."""
        for child in self.children:
            if child.name == name and child.space == space:
                return child
        return None

    def walk(self) -> Iterator[Node]:
        """Yield it and every element in it, in the order of the document."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))


@dataclass(frozen=True, slots=True)
class Tree:
    """A document's root, None where it has none to be read, and what was wrong with it as XML."""

    root: Node | None
    faults: tuple[Fault, ...] = ()


class _RefusedError(Exception):
    """The document is not read any further."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(slots=True)
class _Open:
    name: str
    attributes: tuple[tuple[str, str], ...]
    parts: list[str | Node]
    line: int


def parse_xml(data: bytes) -> Tree:
    """Return the tree of `data`."""
    text = _decoded(data)
    if isinstance(text, Fault):
        return Tree(None, (text,))
    builder = _Builder()
    try:
        builder.parser.Parse(text.encode(), True)  # noqa: FBT003 - expat's way to say that this is all
    except _RefusedError as problem:
        return Tree(None, (*builder.faults, problem.fault))
    except expat.ExpatError as problem:
        return Tree(None, (*builder.faults, _ill_formed(problem)))
    return Tree(builder.root, tuple(builder.faults))


def declared_encoding(data: bytes) -> str:
    """Return the encoding that an XML document says it is in, "" where it does not say so in ASCII."""
    match = _DECLARED.match(data.removeprefix(codecs.BOM_UTF8))
    return match[1].decode("ascii") if match else ""


def _decoded(data: bytes) -> str | Fault:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "") or declared_encoding(data) or "utf-8"
    if not _ENCODINGS.fullmatch(encoding):
        return Fault("UnknownEncoding", 1, f"the encoding {shown(encoding)} is not known")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        return Fault("UnicodeError", line, f"the byte at {problem.start} is not {encoding.upper()}: {problem.reason}")
    except (LookupError, UnicodeError):
        return Fault("UnknownEncoding", 1, f"the encoding {shown(encoding)} is not known")
    surrogate = re.search("[\ud800-\udfff]", text)
    if surrogate:  # utf-16 may hand them over, and no XML may hold them
        line = text.count("\n", 0, surrogate.start()) + 1
        return Fault("UnicodeError", line, "half of a surrogate pair stands in it")
    return text.removeprefix("\ufeff")


def _ill_formed(problem: expat.ExpatError) -> Fault:
    code = "UndefinedNamedEntity" if problem.code == _UNDEFINED_ENTITY else "SAXError"
    return Fault(code, problem.lineno, f"it is not well-formed: {expat.ErrorString(problem.code)}")


class _Builder:
    """Takes expat's events and makes nodes, from the leaves up."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.root: Node | None = None
        self._open: list[_Open] = []
        self._nodes = 0
        self.parser = parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._skipped

    def _start(self, name: str, attributes: list[str]) -> None:
        self._nodes += 1
        line = self.parser.CurrentLineNumber
        if len(self._open) >= _MAX_DEPTH:
            self._refuse("TooDeep", f"elements are nested more than {_MAX_DEPTH} deep")
        if self._nodes > _MAX_NODES:
            self._refuse("ValidatorLimit", f"it holds more than {_MAX_NODES:,} elements")
        pairs = zip(attributes[::2], attributes[1::2], strict=True)
        self._open.append(_Open(name, tuple((_bracketed(key), value) for key, value in pairs), [], line))

    def _end(self, name: str) -> None:
        del name
        done = self._open.pop()
        space, _, local = done.name.rpartition(" ")
        children = tuple([part for part in done.parts if isinstance(part, Node)])
        text = "".join([part for part in done.parts if isinstance(part, str)])
        node = Node(space, local, done.attributes, tuple(done.parts), children, text, done.line)
        if self._open:
            self._open[-1].parts.append(node)
        else:
            self.root = node

    def _text(self, text: str) -> None:
        self._open[-1].parts.append(text)

    def _doctype(self, name: str, system: str | None, public: str | None, internal: object) -> None:
        del name, system, public
        fault = Fault("InvalidDoctype", self.parser.CurrentLineNumber, "it has a document type declaration")
        if internal:  # whatever it declares, a feed has no need of it, and readers refuse it
            raise _RefusedError(fault)
        self.faults.append(fault)

    def _entity(self, *declared: object) -> NoReturn:
        del declared
        self._refuse("InvalidDoctype", "it declares an entity")

    def _skipped(self, name: str, parameter: object) -> None:
        del parameter
        line = self.parser.CurrentLineNumber
        self.faults.append(Fault("UndefinedNamedEntity", line, f"`&{name};` is no entity of XML"))

    def _refuse(self, code: str, message: str) -> NoReturn:
        raise _RefusedError(Fault(code, self.parser.CurrentLineNumber, message))


def _bracketed(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return f"{{{space}}}{local}" if space else local
