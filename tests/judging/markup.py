"""Rule 16, and what of rules 1 and 14 is about HTML inside a feed: content, descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html.entities import html5
from html.parser import HTMLParser
from typing import Any, Final

import html5lib

from tests.judging.finding import Finding, shown
from tests.judging.names import (
    CODE_ELEMENTS,
    DANGEROUS_ATTRIBUTES,
    DANGEROUS_ELEMENTS,
    HTML_ELEMENTS,
    URL_ATTRIBUTES,
    VOID_ELEMENTS,
    XHTML,
)
from tests.judging.raw import character_faults

_SCHEME: Final = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*):")
_SAFE_SCHEMES: Final = frozenset(("http", "https", "mailto", "tel"))
# What a browser drops from a URL before it looks for the scheme (URL Standard §4.4).
_IGNORED_IN_URLS: Final = re.compile("^[\x00-\x20]+|[\t\n\r]+|[\x00-\x20]+$")
_CANDIDATE: Final = re.compile(r"[\s,]*(\S+)([^,]*)")
# html5lib and html.unescape() hand the digits of a reference to int(), which raises for more than 4,300 of them.
_LONG_REFERENCE: Final = re.compile(r"&#(x?)[0-9a-f]{9,}", re.IGNORECASE)
_AMPERSAND: Final = re.compile(r"&(?!#[0-9]+;|#[xX][0-9a-fA-F]+;)(?P<name>[A-Za-z][A-Za-z0-9]*;)?")
_ENTITY: Final = re.compile(r"&(?:lt|gt|amp|quot|apos|nbsp|#[0-9]+|#x[0-9a-fA-F]+);")
_END_TAG: Final = re.compile(r"</([a-zA-Z][a-zA-Z0-9]*)>")


@lru_cache(maxsize=4096)  # an entry stands in many feeds, in two formats, and is the same in all of them
def markup_faults(html: str, where: str) -> tuple[Finding, ...]:
    """Return what is wrong with a piece of HTML that a feed hands to readers."""
    found: list[Finding] = []
    found.extend(character_faults(html, where))
    html = _LONG_REFERENCE.sub(r"&#\g<1>110000", html)
    found.extend(_ampersand_faults(html, where))
    balance = _Balance(where)
    balance.feed(html)
    balance.close()
    found.extend(balance.findings())
    found.extend(_tree_faults(html, where))
    return tuple(dict.fromkeys(found))


def text_of(html: str) -> str:
    """Return the text that a browser shows of `html`, tags and entities resolved."""
    return "".join(_fragment(_LONG_REFERENCE.sub("", html)).itertext())


def escape_faults(html: str, where: str) -> Iterator[Finding]:
    """Yield where a reader would show `&lt;` or `</p>` outside of code: it looks as if it had been escaped twice."""
    waiting = [_fragment(_LONG_REFERENCE.sub("", html))]
    while waiting:
        node = waiting.pop()
        text = "".join([node.text or "", *(child.tail or "" for child in node)])
        if entity := _ENTITY.search(text):
            yield Finding(14, "ContainsHTML", f"a reader shows {entity.group()}: it was escaped twice", where)
        ends = [tag for tag in _END_TAG.findall(text) if tag.lower() in HTML_ELEMENTS]
        if ends:
            yield Finding(14, "ContainsHTML", f"a reader shows </{ends[0]}>: it was escaped twice", where)
        waiting.extend(
            child for child in node if isinstance(child.tag, str) and child.tag.removeprefix(XHTML) not in CODE_ELEMENTS
        )


def _ampersand_faults(html: str, where: str) -> Iterator[Finding]:
    """Yield the first `&` that begins no reference which HTML knows."""
    for match in _AMPERSAND.finditer(html):
        if match["name"] not in html5:
            text = html[match.start() : match.start() + 20]
            yield Finding(14, "NotHtml", f"{shown(text)} is text that was not escaped as HTML", where)
            return


def _fragment(html: str) -> Any:
    return html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=True)


class _Balance(HTMLParser):
    """A stack of tags: what is opened is closed, in order, and nothing stands between that is no element or text."""

    def __init__(self, where: str) -> None:
        super().__init__(convert_charrefs=False)
        self._where = where
        self._open: list[str] = []
        self._found: list[Finding] = []

    def _find(self, rule: int, name: str, message: str) -> None:
        self._found.append(Finding(rule, name, message, self._where))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID_ELEMENTS:
            self._open.append(tag)
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self._find(16, "NotHtml", f"<{tag}> has an attribute twice")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()
        elif tag in self._open:
            self._find(16, "NotHtml", f"</{tag}> closes <{tag}> before <{self._open[-1]}>")
            while self._open.pop() != tag:
                pass
        else:
            self._find(16, "NotHtml", f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if "<" in data:
            self._find(14, "NotHtml", f"{shown(data)} is text that was not escaped as HTML")

    def handle_comment(self, data: str) -> None:
        self._find(16, "NotHtml", f"it holds the comment {shown(data)}")

    def handle_decl(self, decl: str) -> None:
        self._find(16, "NotHtml", f"it holds the declaration {shown(decl)}")

    def unknown_decl(self, data: str) -> None:
        self._find(16, "NotHtml", f"it holds the section {shown(data)}")

    def handle_pi(self, data: str) -> None:
        self._find(16, "SecurityRisk", f"it holds the processing instruction {shown(data)}")

    def findings(self) -> list[Finding]:
        """Return what was found, once all was fed."""
        for tag in self._open:
            self._find(16, "NotHtml", f"<{tag}> is never closed")
        return self._found


def _tree_faults(html: str, where: str) -> Iterator[Finding]:
    """Yield what a browser would make of `html` and should not."""
    waiting = [*_fragment(html)]
    while waiting:
        node = waiting.pop()
        if isinstance(node.tag, str):
            yield from _element_faults(node.tag.removeprefix(XHTML), node.attrib, where)
            waiting.extend(node)
        else:
            yield Finding(16, "NotHtml", f"it holds the comment {shown(str(node.text))}", where)


def _element_faults(name: str, attributes: dict[str, str], where: str) -> Iterator[Finding]:
    if name in DANGEROUS_ELEMENTS or name.startswith("{"):
        yield Finding(16, "SecurityRisk", f"<{name}> is dangerous", where)
    elif name not in HTML_ELEMENTS:
        yield Finding(16, "NotHtml", f"<{name}> is no element of HTML", where)
    for attribute, value in attributes.items():
        if attribute == "style":
            yield Finding(16, "DangerousStyleAttr", f"<{name}> has style={shown(value)}", where)
        elif attribute in DANGEROUS_ATTRIBUTES or attribute.startswith(("on", "data-", "{")) or ":" in attribute:
            yield Finding(16, "SecurityRiskAttr", f"<{name}> has {attribute}={shown(value)}", where)
        if attribute in URL_ATTRIBUTES:
            yield from _reference_faults(value, f"<{name} {attribute}>", where)
        elif attribute in ("srcset", "imagesrcset"):
            for url in _candidates(value):
                yield from _reference_faults(url, f"<{name} {attribute}>", where)


def _reference_faults(value: str, what: str, where: str) -> Iterator[Finding]:
    url = _IGNORED_IN_URLS.sub("", value)
    scheme = _SCHEME.match(url)
    if not scheme or (scheme[1].lower() in ("http", "https") and not re.match(r"//[^/?#]", url[scheme.end() :])):
        yield Finding(16, "ContainsRelRef", f"{what} refers to {shown(value)}, which is relative", where)
    elif scheme[1].lower() not in _SAFE_SCHEMES:
        yield Finding(16, "SecurityRiskAttr", f"{what} refers to {shown(value)}", where)
    if re.search(r"\s", value):
        yield Finding(16, "InvalidUriChar", f"{what} refers to {shown(value)}, which holds white space", where)


def _candidates(srcset: str) -> Iterator[str]:
    """Yield the URLs of a `srcset` (HTML §4.8.4.2.1): a URL ends at white space or at commas before it."""
    position = 0
    while match := _CANDIDATE.match(srcset, position):
        url = match[1]
        position = match.end(1) if url.endswith(",") else match.end()
        yield url.rstrip(",")
    if not srcset.strip(" \t\n\r\f,"):
        yield ""
