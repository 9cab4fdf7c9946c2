"""HTML inside a feed: what a browser would do with it, tags read by its own rules (HTML §13.2.5), in linear time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from feeder.check.fault import Fault, shown
from feeder.check.raw import character_faults
from feeder.check.vocabulary import (
    OPTIONAL_ENDS,
    OTHER_ELEMENTS,
    RAW_ELEMENTS,
    SAFE_ATTRIBUTES,
    SAFE_ELEMENTS,
    SAFE_SCHEMES,
    SAFE_STYLES,
    TEXT_ENTITIES,
    URL_ATTRIBUTES,
    VOID_ELEMENTS,
)

_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|(?!["'])([^\s>]*)))?""")
_TAG_END = re.compile(r"[\s/]*>")
_QUOTE_OPEN = re.compile(r"""\s*=\s*["']""")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*):")
# What a browser drops from an address before it looks for the scheme (URL Standard §4.4).
_IGNORED = re.compile("^[\x00-\x20]+|[\t\n\r]+|[\x00-\x20]+$")
_IMAGE_DATA = re.compile(r"data:image/(?:avif|bmp|gif|jpe?g|png|webp)[;,]", re.IGNORECASE)
_MOST_FAULTS = 50
_MOST_CANDIDATES = 1000
_CANDIDATE = re.compile(r"[\s,]*(\S+)([^,]*)")
# A million digits are no character, and an error to Python.
_LONG_NUMBER = re.compile(r"&#(?:x[0-9a-f]{7,}|[0-9]{8,});?", re.IGNORECASE)
_NUMBER = re.compile(r"&#(?:(?P<hex>x[0-9a-f]{1,6})|(?P<decimal>[0-9]{1,7}));?", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*([-a-z]+)\s*:\s*([^:;]*?)\s*")
_UNSAFE_VALUE = re.compile(r"[\\(<>@&]|/\*|expression|import|url", re.IGNORECASE)
_SAFE_FUNCTION = re.compile(r"rgba?\([\d\s.,%]*\)")
_END_TAG = re.compile(r"</([a-zA-Z][a-zA-Z0-9]*)\s*>")
_START_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)(\s[^<>]*)?/?>")
_ENTITY = re.compile(r"&(?:#x?[0-9a-fA-F]+|([a-zA-Z]+));")
_MARKS_UP = re.compile(r"(?:^|\s)(?:on\w+|href|src|style)\s*=", re.IGNORECASE)
_LIVE = frozenset("applet base embed form frame frameset iframe link math meta object script style svg".split())

_ODD = {
    "": Fault("NotHtml", 0, "a tag is never finished"),
    "<": Fault("NotHtml", 0, "a `<` stands in it that is not escaped"),
    "!": Fault("ContainsComment", 0, "a comment stands in it"),
}


@dataclass(frozen=True, slots=True)
class _Tag:
    """A piece of markup that is no text: a start tag, or one of the others by its first characters."""

    start: int
    end: int
    name: str
    closing: bool = False
    attributes: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=8192)  # an entry stands in many feeds, in several formats, and its content is the same in all
def markup_faults(html: str) -> tuple[Fault, ...]:
    """Return what is wrong with `html`, which a feed hands to readers; lines count from 0."""
    found = dict.fromkeys((*character_faults(html, 0, "the markup"), *_number_faults(html)))
    balance = _Balance()
    line, seen = 0, 0
    for tag in _tags(html):
        line += html.count("\n", seen, tag.start)
        seen = tag.start
        for fault in (*_tag_faults(tag), *balance.follow(tag)):
            found[Fault(fault.code, line, fault.message)] = None
        if len(found) > _MOST_FAULTS:  # it is beyond hope, and so would be who had to read them all
            return tuple(found)
    line += html.count("\n", seen)
    found.update((Fault(fault.code, line, fault.message), None) for fault in balance.left())
    return tuple(found)


def text_wrong(text: str) -> str:
    """Return what in `text` a reader shows as markup or as an entity, so that it is HTML or was escaped twice, or "".

    `Vec<T>`, `<青年论坛>`, `a < b` and `R&D` are text.
    """
    for match in _END_TAG.finditer(text):
        if match[1].lower() in SAFE_ELEMENTS or match[1].lower() in OTHER_ELEMENTS:
            return match[0]
    for match in _ENTITY.finditer(text):
        if match[1] is None or match[1] in TEXT_ENTITIES:
            return match[0]
    for match in _START_TAG.finditer(text):
        if match[1].lower() in _LIVE or (match[2] and _MARKS_UP.search(match[2])):
            return match[0]
    return ""


def _tags(html: str) -> Iterator[_Tag]:
    """Yield the tags of `html`, and as one named "!", "<" or "" what is a comment, text, or never finished."""
    at = html.find("<")
    while at >= 0:
        tag = _tag(html, at)
        yield tag
        end = tag.end
        if not tag.closing and tag.name in RAW_ELEMENTS:
            match = re.compile(rf"</{tag.name}(?=[\s/>])", re.IGNORECASE).search(html, end)
            if not match:
                return
            end = match.start()
        at = html.find("<", end)


def _tag(html: str, at: int) -> _Tag:
    closing = html.startswith("/", at + 1)
    name = _NAME.match(html, at + 1 + closing)
    if name:
        return _element(html, at, name)
    if html.startswith("<!--", at):
        end = html.find("-->", at + 2)
        return _Tag(at, end + 3 if end >= 0 else len(html), "!" if end >= 0 else "")
    if html.startswith(("<!", "<?", "</"), at):
        end = html.find(">", at)
        return _Tag(at, end + 1 if end >= 0 else len(html), html[at : at + 9].lower() if end >= 0 else "")
    return _Tag(at, at + 1, "<")


def _element(html: str, at: int, name: re.Match[str]) -> _Tag:
    attributes: list[tuple[str, str]] = []
    place = name.end()
    while not (end := _TAG_END.match(html, place)):
        match = _ATTRIBUTE.match(html, place)
        if not match or (match.lastindex == 1 and _QUOTE_OPEN.match(html, match.end())):
            return _Tag(at, len(html), "")
        value = next((group for group in match.groups()[1:] if group is not None), "")
        attributes.append((match[1].lower(), unescape(_LONG_NUMBER.sub("", value))))
        place = match.end()
    return _Tag(at, end.end(), name[0].lower(), name.start() - at > 1, tuple(attributes))


def _tag_faults(tag: _Tag) -> Iterator[Fault]:
    if tag.name in SAFE_ELEMENTS:
        if not tag.closing:
            yield from _attribute_faults(tag)
    elif tag.name in OTHER_ELEMENTS:
        if not tag.closing:
            yield Fault("SecurityRisk", 0, f"<{tag.name}> stands in it")
    elif tag.name[:1].isalpha():
        if not tag.closing:
            yield Fault("NotHtml", 0, f"<{tag.name[:40]}> is no element of HTML")
            yield from _attribute_faults(tag)
    elif tag.name in _ODD:
        yield _ODD[tag.name]
    elif tag.name.startswith("<?import"):
        yield Fault("SecurityRisk", 0, "an import of Internet Explorer stands in it")
    else:
        yield Fault("NotHtml", 0, f"{shown(tag.name)} begins nothing that HTML has")


def _attribute_faults(tag: _Tag) -> Iterator[Fault]:
    where = f"of <{tag.name[:40]}>"
    seen: set[str] = set()
    for name, value in tag.attributes:
        if name in seen:
            yield Fault("NotHtml", 0, f"the attribute {name[:40]} {where} stands twice")
        seen.add(name)
        if name == "style":
            if not _is_safe_style(value):
                yield Fault("DangerousStyleAttr", 0, f"the style {where} is {shown(value)}")
        elif name not in SAFE_ATTRIBUTES and not name.startswith(("data-", "aria-")):
            yield Fault("SecurityRiskAttr", 0, f"the attribute {shown(name)} {where}")
        elif name in URL_ATTRIBUTES:
            if not (tag.name == "img" and name == "src" and _IMAGE_DATA.match(_IGNORED.sub("", value))):
                yield from _reference_faults(value, f"the {name} {where}")
        elif name == "srcset":
            yield from _srcset_faults(value, where)


def _reference_faults(value: str, where: str) -> Iterator[Fault]:
    url = _IGNORED.sub("", value)
    scheme = _SCHEME.match(url)
    if not scheme or (scheme[1].lower() in ("http", "https") and not url.startswith("//", scheme.end())):
        yield Fault("ContainsRelRef", 0, f"{where} is {shown(value)}")
    elif scheme[1].lower() not in SAFE_SCHEMES:
        yield Fault("SecurityRiskAttr", 0, f"{where} is {shown(value)}")
    elif re.search(r"\s", url):
        yield Fault("InvalidUriChar", 0, f"{where} is {shown(value)}, with white space in it")


def _srcset_faults(value: str, where: str) -> Iterator[Fault]:
    """Yield what is wrong with the candidates of a srcset, told apart as a browser does (HTML §4.8.4.2.2)."""
    place, candidates = 0, 0
    while (match := _CANDIDATE.match(value, place)) and candidates < _MOST_CANDIDATES:
        candidates += 1
        # An address that ends in commas has no descriptor: what follows is the next candidate.
        place = match.end(1) if match[1].endswith(",") else match.end()
        yield from _reference_faults(match[1].rstrip(","), f"the srcset {where}")
    if not candidates:
        yield from _reference_faults(value, f"the srcset {where}")


def _is_safe_style(style: str) -> bool:
    for declaration in style.lower().split(";"):
        match = _DECLARATION.fullmatch(declaration)
        if not declaration.strip():
            continue
        if not match or match[1] not in SAFE_STYLES or _UNSAFE_VALUE.search(_SAFE_FUNCTION.sub("", match[2])):
            return False
    return True


def _number_faults(html: str) -> Iterator[Fault]:
    """Yield references by number to what is no character, or a control."""
    for match in _LONG_NUMBER.finditer(html):
        yield Fault("BadCharacters", html.count("\n", 0, match.start()), f"{shown(match[0])} is no character")
        break
    for match in _NUMBER.finditer(html):
        code = int(match["hex"][1:], 16) if match["hex"] else int(match["decimal"])
        legal = code in (9, 10, 13) or 0x20 <= code < 0x7F or 0xA0 <= code < 0xD800 or 0xE000 <= code < 0x110000  # noqa: PLR2004
        if not legal:
            yield Fault("BadCharacters", html.count("\n", 0, match.start()), f"{shown(match[0])} is no character")
            break


class _Balance:
    """What is open: that which is opened is closed, in order."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._numbers: Counter[str] = Counter()

    def follow(self, tag: _Tag) -> Iterator[Fault]:
        """Yield what `tag` crosses, or that it closes nothing."""
        if not tag.name[:1].isalpha() or (tag.name in VOID_ELEMENTS and not tag.closing):
            return
        if not tag.closing:
            self._open.append(tag.name)
            self._numbers[tag.name] += 1
        elif not self._numbers[tag.name]:
            yield Fault("NotHtml", 0, f"</{tag.name[:40]}> closes nothing")
        else:
            while (name := self._pop()) != tag.name:
                if name not in OPTIONAL_ENDS:
                    yield Fault("NotHtml", 0, f"</{tag.name[:40]}> closes across <{name[:40]}>")

    def left(self) -> Iterator[Fault]:
        """Yield what is still open at the end."""
        for name in self._open:
            if name not in OPTIONAL_ENDS and name not in RAW_ELEMENTS:
                yield Fault("NotHtml", 0, f"<{name[:40]}> is never closed")

    def _pop(self) -> str:
        name = self._open.pop()
        self._numbers[name] -= 1
        return name
