"""Rules about bytes, before anything is parsed: 1, and what of 0, 13 and 14 only the bytes tell."""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Iterator
from typing import Final

from lxml import etree

from tests.judging.finding import Finding, shown

MAX_BYTES: Final = 4_000_000
"""SPEC §6, `max_bytes`."""

_DECLARATION: Final = re.compile(
    r"""<\?xml\s+version=(["'])1\.0\1\s+encoding=(["'])(?P<encoding>[A-Za-z0-9._-]+)\2(?:\s+standalone=["']\w+["'])?\s*\?>"""
)
_REFERENCE: Final = re.compile(r"&#(?:x(?P<hex>[0-9A-Fa-f]+)|(?P<decimal>[0-9]+))(?P<end>;?)", re.IGNORECASE)
_NAMED_REFERENCE: Final = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)(?P<name>[A-Za-z][A-Za-z0-9]*);?")
# XML 1.0 §2.2, and besides C1 controls and the separators that became white space (SPEC §1).
_BAD: Final = re.compile("[^\t\n\r\x20-\x7f\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def raw_faults(data: bytes) -> Iterator[Finding]:
    """Yield what is wrong with the bytes of a document."""
    if len(data) > MAX_BYTES:
        yield Finding(0, "ValidatorLimit", f"{len(data)} bytes are more than {MAX_BYTES}", "document")
    if data.startswith(codecs.BOM_UTF8):
        yield Finding(1, "", "it begins with a byte order mark", "document")
    if not data.endswith(b"\n"):
        yield Finding(1, "", "it does not end in a newline", "document")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield Finding(1, "UnicodeError", f"it is not UTF-8: {error.reason} at byte {error.start}", "document")
        return
    yield from _declaration_faults(text)
    yield from character_faults(text, "document")
    if "<![CDATA[" in text:
        yield Finding(13, "", "it holds a CDATA section", f"character {text.index('<![CDATA[')}")
    elif "]]>" in text:
        yield Finding(14, "SAXError", "`]]>` stands in it raw", f"character {text.index(']]>')}")
    if named := _NAMED_REFERENCE.search(text):
        yield Finding(14, "SAXError", f"{shown(named.group())} is no entity of XML", f"character {named.start()}")


def parse(data: bytes) -> etree._Element | Finding:
    """Return the root of the document, or why it is not well-formed; no DTD is read, no entity resolved."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        return Finding(1, "SAXError", f"it is not well-formed: {error.msg}", "document")


def character_faults(text: str, where: str) -> Iterator[Finding]:
    """Yield the first character, and the first reference to one, that may not stand in a feed."""
    if bad := _BAD.search(text):
        message = f"U+{ord(bad.group()):04X} stands in it at character {bad.start()}"
        yield Finding(1, "BadCharacters", message, where)
    for match in _REFERENCE.finditer(text):
        digits = match["hex"] or match["decimal"]
        # Twelve digits are beyond Unicode already, and int() refuses thousands of them.
        code = int(digits, 16 if match["hex"] else 10) if len(digits) <= 12 else sys.maxunicode + 1
        if 0xD800 <= code <= 0xDFFF:
            yield Finding(14, "BadCharacters", f"{match.group()} is half of a character", where)
        if code > sys.maxunicode or _BAD.match(chr(code)):
            yield Finding(1, "BadCharacters", f"{match.group()} refers to what may not stand in a feed", where)
            return


def _declaration_faults(text: str) -> Iterator[Finding]:
    declaration = _DECLARATION.match(text)
    if not declaration:
        yield Finding(1, "MissingEncoding", "it does not begin by declaring XML 1.0 and its encoding", "document")
    elif declaration["encoding"].upper() != "UTF-8":
        yield Finding(1, "NonstdEncoding", f"it declares {declaration['encoding']}, not UTF-8", "document")
    if "<!DOCTYPE" in text.upper():
        yield Finding(1, "InvalidDoctype", "it has a DOCTYPE", "document")
