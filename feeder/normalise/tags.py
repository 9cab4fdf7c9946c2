"""A linear tokenizer of HTML tags: for what has to be known before any parser may see a body.

It follows the HTML standard's tokenizer (§13.2.5) for tags, comments and raw text, and builds no tree. Every token
consumes what it looked at, so a body of n characters costs O(n) whatever stands in it. What it does not know is foreign
content: inside `svg` and `math` a parser takes `title` and `style` for elements, and CDATA sections for text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape
from html.entities import html5
from itertools import islice
from typing import NamedTuple, cast

# The possessive quantifiers keep the tokenizer linear: nothing that was read is ever read again. White space is HTML's:
# to a parser U+3000 or a no-break space in a tag is part of a name.
_COMMENT = r"!--(?:-?>|.*?(?:--!?>|\Z))|[!?/][^>]*+(?:>|\Z)"
_ATTRIBUTES = r"""
    (?:[ \t\n\f\r/]++|[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+
        (?:[ \t\n\f\r]*+=[ \t\n\f\r]*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^ \t\n\f\r>"'][^ \t\n\f\r>]*+)?+)?+)*+
"""
_TOKEN = re.compile(
    rf"""<(?:
        (?P<close>/?)(?P<name>[a-zA-Z][^ \t\n\f\r/>]*+)(?P<attributes>{_ATTRIBUTES})(?P<end>>|\Z)
      | {_COMMENT}
    )""",
    re.VERBOSE | re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"""(?P<name>[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+)
        (?:[ \t\n\f\r]*+=[ \t\n\f\r]*+
            (?:"(?P<double>[^"]*+)"?|'(?P<single>[^']*+)'?|(?P<bare>[^ \t\n\f\r>"'][^ \t\n\f\r>]*+))?+)?+""",
    re.VERBOSE,
)
_REFERENCE = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|(?P<name>[A-Za-z][A-Za-z0-9]*+)(?P<end>[;=]?))")

_DIGITS = 8  # No code point has more, with the semicolon; `int` refuses thousands.

# `noscript` is raw text to every parser that counts here: nh3, bleach and browsers parse as if scripts could run.
_RAW_TEXT = ("style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript")
# IGNORECASE without ASCII would let U+017F and U+212A end a `style` or a `k`.
_RAW_END = {name: re.compile(rf"</{name}(?=[ \t\n\f\r/>])", re.IGNORECASE | re.ASCII) for name in _RAW_TEXT}
_HOLDS_TEXT = frozenset((*_RAW_TEXT, "script", "plaintext"))
_SCRIPT = re.compile(r"<!--(?:-*+(?P<empty>>))?|-->|<(?P<close>/?)script(?=[ \t\n\f\r/>])", re.IGNORECASE | re.ASCII)

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
"""Elements that have no end tag (HTML §13.1.2)."""


class Tag(NamedTuple):
    """A start or end tag, or a comment (`name` "!"), at `start:end` of its text; `name` is in lower case."""

    start: int
    end: int
    name: str
    closing: bool
    attribute_text: str

    @property
    def attributes(self) -> tuple[tuple[str, str], ...]:
        """The attributes in their order: names in lower case, values unescaped; of equal names the first counts."""
        found: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(self.attribute_text):
            value = match["double"] or match["single"] or match["bare"] or ""
            found.setdefault(_lower(match["name"]), _REFERENCE.sub(_decode, value) if "&" in value else value)
        return tuple(found.items())

    def has_more_attributes(self, limit: int) -> bool:
        """Whether more than `limit` attributes are written, repeated ones too: a parser compares each with each."""
        if len(self.attribute_text) <= 2 * limit:  # Each takes two characters at least.
            return False
        return next(islice(_ATTRIBUTE.finditer(self.attribute_text), limit, None), None) is not None


def scan(html: str) -> Iterator[Tag]:
    """Yield every tag and comment of `html` in order; what stands inside raw text (script, style …) is no tag."""
    position = 0
    while match := _TOKEN.search(html, position):
        tag = _tag(match)
        yield tag
        position = _text_end(html, tag)


def scan_for(html: str, *names: str) -> Iterator[Tag]:
    """Yield what `scan` yields of the elements `names`, at the cost of these: all others are passed over in one go."""
    before = _before(names)
    position = 0
    while match := _TOKEN.match(html, before(html, position).end()):
        tag = _tag(match)
        if tag.name in names:
            yield tag
        position = _text_end(html, tag)


@cache
def _before(names: tuple[str, ...]) -> Callable[[str, int], re.Match[str]]:
    """Return what matches up to the next tag of one of `names`, or of an element that holds raw text."""
    # Classes, since the engine sees at the first one that most names do not fit; `(?i:…)` takes twice the time.
    stops = "|".join("".join(f"[{one}{one.upper()}]" for one in name) for name in (*names, *sorted(_HOLDS_TEXT)))
    # Without "=" no attribute has a value in which ">" could stand.
    pattern = rf"""(?:
        [^<]*+<(?!/?(?:{stops})(?:[ \t\n\f\r/>]|\Z))
        (?:/?[a-zA-Z](?:[^>=]*+>|[^ \t\n\f\r/>]*+{_ATTRIBUTES}(?:>|\Z))|{_COMMENT}|(?![a-zA-Z!?/]))
    )*+[^<]*+"""
    return cast("Callable[[str, int], re.Match[str]]", re.compile(pattern, re.VERBOSE | re.DOTALL).match)


def _tag(match: re.Match[str]) -> Tag:
    close, name, attributes, _ = match.groups("")
    return Tag(match.start(), match.end(), _lower(name or "!"), close == "/", attributes)


def _text_end(html: str, tag: Tag) -> int:
    """Return where the next tag may begin: behind `tag`, and behind the raw text that it begins."""
    if tag.closing or tag.name not in _HOLDS_TEXT:
        return tag.end
    if tag.name == "script":
        return _script_end(html, tag.end)
    end = _RAW_END[tag.name].search(html, tag.end) if tag.name in _RAW_END else None
    return end.start() if end else len(html)


def _script_end(html: str, position: int) -> int:
    """Return where a script's end tag begins (§13.2.5.20): inside `<!--` a further `<script>` has one of its own."""
    escaped = nested = False
    for match in _SCRIPT.finditer(html, position):
        if match[0].startswith("<!--"):
            escaped = escaped or not match["empty"]
        elif match[0].startswith("--"):
            escaped = nested = False
        elif match["close"]:
            if not nested:
                return match.start()
            nested = False
        elif escaped:
            nested = True
    return len(html)


def _lower(name: str) -> str:
    # HTML folds ASCII letters only: `str.lower` would make a `k` of the Kelvin sign.
    return name.lower() if name.isascii() else re.sub("[A-Z]+", lambda match: match[0].lower(), name)


def _decode(match: re.Match[str]) -> str:
    """Decode a character reference as in an attribute (§13.2.5.73): `&copy=` and `&copying` are no references there."""
    name = match["name"]
    if name is None:
        return unescape(match[0]) if len(match[0].lstrip("&#xX0")) <= _DIGITS else "\ufffd"
    if match["end"] == ";":
        return html5.get(f"{name};", match[0])
    return match[0] if match["end"] else html5.get(name, match[0])
