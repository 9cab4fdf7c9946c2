"""What only a document's bytes and its characters tell: size, encoding, marks, controls."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from feeder.check.fault import Fault
from feeder.check.jsontree import Object, Value
from feeder.check.tree import Node, declared_encoding

MAX_BYTES = 5_000_000
"""Above this, validators and many readers stop."""

# XML lets C1 controls stand (§2.2), and nobody means one: they are windows-1252 that was taken for ISO 8859-1.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def raw_faults(data: bytes) -> Iterator[Fault]:
    """Yield what is wrong with the bytes of any document."""
    if len(data) > MAX_BYTES:
        yield Fault("ValidatorLimit", 0, f"its {len(data):,} bytes are more than {MAX_BYTES:,}")
    if data.startswith(codecs.BOM_UTF8):
        yield Fault("ByteOrderMark", 1, "it begins with a byte order mark")
    if not data.endswith((b"\n", b"\n\0", b"\0\n")):
        yield Fault("MissingFinalNewline", data.count(b"\n") + 1, "its last line does not end")


def xml_faults(data: bytes, root: Node) -> Iterator[Fault]:
    """Yield what is wrong with the bytes and the characters of an XML document that was read."""
    encoding = declared_encoding(data)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\0", b"\0<")):
        yield Fault("NotUTF8", 1, "it is in UTF-16")
    elif not encoding:
        yield Fault("MissingEncoding", 1, "it does not say which encoding it is in")
    elif encoding.lower() not in ("utf-8", "us-ascii", "ascii"):
        yield Fault("NotUTF8", 1, f"it is in {encoding}")
    for node in root.walk():
        for name, value in node.attributes:
            yield from character_faults(value, node.line, f"the attribute {name.rpartition('}')[2]} of <{node.name}>")
        yield from character_faults(node.text, node.line, f"<{node.name}>")


def json_faults(root: Object) -> Iterator[Fault]:
    """Yield what is wrong with the characters of a JSON document, and with keys that stand twice."""
    waiting: list[tuple[Value, int, str]] = [(root, root.line, "the document")]
    while waiting:
        value, line, key = waiting.pop()
        if isinstance(value, str):
            yield from character_faults(value, line, key)
        elif isinstance(value, tuple):
            waiting.extend((item, line, key) for item in reversed(value))
        elif isinstance(value, Object):
            yield from _doubled(value)
            waiting.extend((member.value, member.line, f"`{member.key}`") for member in reversed(value.members))


def character_faults(text: str, line: int, where: str) -> Iterator[Fault]:
    """Yield the first control character in `text`, which begins in `line` and stands in `where`."""
    if not text.isprintable() and (bad := _CONTROL.search(text)):
        at = line + text.count("\n", 0, bad.start())
        yield Fault("BadCharacters", at, f"U+{ord(bad.group()):04X} stands in {where}")


def _doubled(value: Object) -> Iterator[Fault]:
    seen: set[str] = set()
    for member in value.members:
        if member.key in seen:
            message = f"the key `{member.key}` stands twice"
            yield Fault("DuplicateElement", member.line, message, "RFC 8259 §4")
        seen.add(member.key)
