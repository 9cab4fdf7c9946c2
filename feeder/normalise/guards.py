"""Limits of a body, checked before any parser sees it (SPEC §5.8), each in linear time.

Parsers of HTML take quadratic time for deep nesting and for many attributes, and open formatting elements that were
never closed again in every block that follows: 200 KB can become a tree of 100 MB. So the depth is that of the tree
that the HTML standard's construction (§13.2.6) would build, and elements that it repeats count like written ones.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from feeder.normalise.sanitise import POLICY
from feeder.normalise.tags import VOID, Tag, scan
from feeder.normalise.tame import is_tame

MAX_BYTES = 2_000_000
MAX_TAGS = 50_000
MAX_DEPTH = 256
MAX_ATTRIBUTES = 200

_LONGEST_CHARACTER = 4  # bytes in UTF-8
_ARK = 3  # So many equal formatting elements stay active (§13.2.4.3).
# In a body with foreign content a parser reads some text as markup, and some markup as text, that `scan` does not.
# So much of it is tolerated; every single one could hide MAX_DEPTH end tags from the parser.
_MAX_HIDDEN = 50

_START = re.compile("<[a-zA-Z]")
_FOREIGN = re.compile("<(?:svg|math)", re.IGNORECASE | re.ASCII)

_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_MARKERS = frozenset("applet caption marquee object td template th".split())
_FOREIGN_ROOTS = frozenset({"svg", "math"})
_INTEGRATION = frozenset("annotation-xml desc foreignobject mi mn mo ms mtext title".split())
_SCOPE = _MARKERS | _INTEGRATION | {"table"}
_SPECIAL = (
    _SCOPE
    | _HEADINGS
    | frozenset(
        """
    address article aside blockquote button center colgroup dd details dir div dl dt fieldset figcaption figure footer
    form frameset header hgroup iframe li listing main menu nav noembed noframes noscript ol p plaintext pre script
    search section select style summary tbody textarea tfoot thead tr ul xmp
    """.split()
    )
)
_CLOSES_P = _HEADINGS | frozenset(
    """
    address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure footer form
    header hgroup hr li listing main menu nav ol p plaintext pre search section summary table ul xmp
    """.split()
)
_ROWS = frozenset("tbody thead tfoot caption colgroup".split())
_BODIES = frozenset("tbody thead tfoot".split())
_CELLS = frozenset({"td", "th"})
_TABLE_PARTS = _ROWS | _CELLS | {"tr"}
_IN_TABLE = frozenset("table tbody thead tfoot tr colgroup".split())
_NO_END_TAG = VOID | frozenset("basefont bgsound frame image keygen".split())
_ENDS_IN_SELECT = _TABLE_PARTS | frozenset("select option optgroup table".split())
_ITEM_BARRIER = _SPECIAL - {"address", "div", "p"}
_TABLE_BARRIER = frozenset({"table", "template"})
# A start tag's name → (which elements it ends, which elements hide those from it).
_ENDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), _ITEM_BARRIER),
    **dict.fromkeys(("dd", "dt"), (frozenset({"dd", "dt"}), _ITEM_BARRIER)),
    **dict.fromkeys(_CELLS, (_CELLS | {"caption", "colgroup"}, _TABLE_BARRIER)),
    "tr": (_CELLS | {"tr", "caption", "colgroup"}, _TABLE_BARRIER),
    **dict.fromkeys(_ROWS, (_CELLS | _ROWS | {"tr"}, _TABLE_BARRIER)),
    "button": (frozenset({"button"}), _SCOPE),
    "table": (frozenset({"table"}), _CELLS | {"caption", "template"}),  # A table that was begun in vain.
}
# An end tag's name → which elements it does not reach through, where these are not all of _SPECIAL.
_HIDES: dict[str, frozenset[str]] = {
    **dict.fromkeys(_SPECIAL - _INTEGRATION, _SCOPE),
    "li": _SCOPE | {"ol", "ul"},
    "p": _SCOPE | {"button"},
    **dict.fromkeys(_TABLE_PARTS | {"table"}, _TABLE_BARRIER),
}
# Start tags that end foreign content (§13.2.6.5), and the attributes with which `font` does.
_FONT = frozenset({"color", "face", "size"})
_BREAKOUT = frozenset(
    """
    b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta
    nobr ol p pre ruby s small span strong strike sub sup table tt u ul var
    """.split()
)


def too_long(text: str) -> str:
    """Say that `text` is over 2 MB in UTF-8, in words that follow "the body"; "" where it is not."""
    if len(text) * _LONGEST_CHARACTER <= MAX_BYTES:
        return ""
    return "is over 2 MB long" if len(text.encode(errors="surrogatepass")) > MAX_BYTES else ""


def too_much(html: str) -> str:
    """Say which limit `html` exceeds: "" for none, else words that follow "the body", such as "is over 2 MB long"."""
    if is_tame(html, POLICY.elements):
        return ""
    if reason := too_long(html):
        return reason
    # Wherever they stand: no parser finds more tags than these.
    starts = [match.start() for match in _START.finditer(html)]
    if len(starts) > MAX_TAGS:
        return "has more than 50,000 tags"
    tree = _Tree(len(starts), len(html.encode(errors="surrogatepass")))
    seen: set[int] = set()
    position = 0
    for tag in scan(html):
        if tag.has_more_attributes(MAX_ATTRIBUTES):
            return "has a tag with more than 200 attributes"
        tree.text(html[position : tag.start])
        position = tag.end
        if tag.closing:
            tree.close(tag.name)
        elif tag.name != "!":
            seen.add(tag.start)
            tree.open(tag, html[tag.start : tag.end])
        if reason := tree.too_much():
            return reason
    return _hidden(html, [start for start in starts if start not in seen]) if _FOREIGN.search(html) else ""


def _hidden(html: str, starts: list[int]) -> str:
    """Check what a parser may find in foreign content where `scan` saw text."""
    if len(starts) + html.count("<![CDATA[") > _MAX_HIDDEN:
        return "hides too much markup in a drawing or formula"
    if any(next(scan(html[start:])).has_more_attributes(MAX_ATTRIBUTES) for start in starts):
        return "has a tag with more than 200 attributes"
    return ""


class _Element(NamedTuple):
    """An open element; `source` is its start tag where it is a formatting element, else "".

    What no HTML tag looks for has a name of its own: a foreign element `:name`, a form that was ended around open
    elements and a `desc` outside of foreign content `!name`.
    """

    name: str
    source: str


class _Tree:
    """The stack of open elements (§13.2.4.2) and the list of active formatting elements (§13.2.4.3).

    Where the standard depends on more than these this is pessimistic: it may take an element for open that is not. The
    list is kept as what of it is not on the stack, one list for every marker.
    """

    def __init__(self, tags: int, size: int) -> None:
        self._stack: list[_Element] = []
        self._open: dict[str, int] = {}  # how many of a name are on the stack, where any are
        self._pending: list[list[_Element]] = [[]]
        self._tags = tags
        self._size = size

    def too_much(self) -> str:
        if len(self._stack) > MAX_DEPTH:
            return "is nested more than 256 elements deep"
        if self._tags > MAX_TAGS or self._size > MAX_BYTES:
            return "never closes elements that a parser would then repeat more often than 50,000 times, or over 2 MB"
        return ""

    def text(self, text: str) -> None:
        if text and not (text.isspace() and self._stack and self._stack[-1].name in _IN_TABLE):
            self._reconstruct()

    def open(self, tag: Tag, source: str) -> None:
        name = tag.name
        if self._in_foreign():
            if not _breaks_out(tag):
                if not source.endswith("/>"):
                    self._push(_Element(name if name in _FOREIGN_ROOTS | _INTEGRATION else f":{name}", ""))
                return
            self._break_out()
        if name in _TABLE_PARTS and "table" not in self._open:
            return
        if name == "select" and "select" in self._open:
            self.close("select")
            return
        self._end_others(name)
        if name in _CELLS or name == "tr":
            self._imply("tbody", _BODIES)
        if name in _CELLS:
            self._imply("tr", frozenset({"tr"}))
        if name not in _CLOSES_P and name not in _TABLE_PARTS:
            self._reconstruct()
        if name not in _NO_END_TAG and not (name in _FOREIGN_ROOTS and source.endswith("/>")):
            self._push(_Element(f"!{name}" if name in _INTEGRATION else name, source if name in _FORMATTING else ""))

    def close(self, name: str) -> None:
        if self._in_foreign():
            if name in ("p", "br"):
                self._break_out()
            if self._end_foreign(name):
                return
        if name == "br" or (name == "p" and "p" not in self._open):
            self._tags += 1  # These end tags make an element.
        if "select" in self._open and name not in _ENDS_IN_SELECT:
            return
        if name in _FORMATTING:
            self._end_formatting(name)
        elif name == "form":
            self._end_form()
        elif name in _HEADINGS:
            self._pop_to(self._find(_HEADINGS, _SCOPE))
        else:
            self._pop_to(self._find(frozenset({name}), _HIDES.get(name, _SPECIAL)))

    def _in_foreign(self) -> bool:
        # Only in an integration point does foreign content hold HTML.
        if _FOREIGN_ROOTS.isdisjoint(self._open):
            return False
        at = self._find(_FOREIGN_ROOTS | _INTEGRATION, frozenset())
        return at is not None and self._stack[at].name in _FOREIGN_ROOTS

    def _break_out(self) -> None:
        while (root := self._find(_FOREIGN_ROOTS, _INTEGRATION)) is not None:
            self._pop_to(root)

    def _end_foreign(self, name: str) -> bool:
        """Close a foreign element if an end tag means one (§13.2.6.5); return whether it does."""
        for at in range(len(self._stack) - 1, -1, -1):
            element = self._stack[at].name
            if not element.startswith(":") and element not in _FOREIGN_ROOTS:
                return False
            if element in (name, f":{name}"):
                self._pop_to(at)
                return True
        return False

    def _end_others(self, name: str) -> None:
        """Close what the start tag `name` closes (§13.2.6.4.7)."""
        if name in _CLOSES_P:
            self._pop_to(self._find(frozenset({"p"}), _HIDES["p"]))
        top = self._stack[-1].name if self._stack else ""
        if (name in _HEADINGS and top in _HEADINGS) or (name in ("option", "optgroup") and top == "option"):
            self._pop_to(len(self._stack) - 1)
        if name in _ENDS:
            while (at := self._find(*_ENDS[name])) is not None:
                self._pop_to(at)
        if name in ("a", "nobr"):
            self._end_formatting(name)

    def _end_formatting(self, name: str) -> None:
        """Close as the adoption agency does (§13.2.6.4.7): blocks inside of what ends stay open."""
        pending = self._pending[-1]
        for at in range(len(pending) - 1, -1, -1):
            if pending[at].name == name:
                del pending[at]
                return
        found = self._find(frozenset({name}), _MARKERS)
        if found is None:
            return
        above = self._stack[found + 1 :]
        if not any(element.name in _SPECIAL for element in above):
            self._pop_to(found)
            return
        # It runs at most eight times, and copies at most three formatting elements besides each time.
        repeated = [element for element in above if element.source][:24]
        self._repeat([*repeated, *[self._stack[found]] * 8])
        self._took_off(name)
        del self._stack[found]

    def _find(self, names: frozenset[str], barrier: frozenset[str]) -> int | None:
        """Return the place of the innermost of `names`, None where there is none or one of `barrier` is above it."""
        top = -1 if names.isdisjoint(self._open) else len(self._stack) - 1
        for at in range(top, -1, -1):
            name = self._stack[at].name
            if name in names:
                return at
            if name in barrier:
                break
        return None

    def _push(self, element: _Element) -> None:
        self._stack.append(element)
        self._open[element.name] = self._open.get(element.name, 0) + 1
        if element.name in _MARKERS:
            self._pending.append([])

    def _imply(self, name: str, found: frozenset[str]) -> None:
        if self._find(found, _TABLE_BARRIER) is None:
            self._push(_Element(name, ""))

    def _end_form(self) -> None:
        # A form leaves the stack and stays in the tree, around what is still open: a name that nothing looks for.
        at = self._find(frozenset({"form"}), frozenset())
        if at == len(self._stack) - 1:
            self._pop_to(at)
        elif at is not None:
            self._took_off("form")
            self._stack[at] = _Element("!form", "")
            self._open["!form"] = self._open.get("!form", 0) + 1

    def _took_off(self, name: str) -> None:
        self._open[name] -= 1
        if not self._open[name]:
            del self._open[name]

    def _pop_to(self, at: int | None) -> None:
        """Close the element at `at` and all above it; formatting elements above it stay in the list."""
        if at is None:
            return
        kept: list[_Element] = []
        while len(self._stack) > at:
            element = self._stack.pop()
            self._took_off(element.name)
            if element.name in _MARKERS:
                self._pending.pop()
                kept.clear()
            elif element.source and len(self._stack) > at and kept.count(element) < _ARK:
                kept.append(element)
        self._pending[-1].extend(reversed(kept))

    def _reconstruct(self) -> None:
        pending = self._pending[-1]
        if pending:
            self._repeat(pending)
            for element in pending:
                self._push(element)
            pending.clear()

    def _repeat(self, elements: list[_Element]) -> None:
        self._tags += len(elements)
        self._size += sum(len(element.source) for element in elements)


def _breaks_out(tag: Tag) -> bool:
    return tag.name in _BREAKOUT or (tag.name == "font" and any(name in _FONT for name, _ in tag.attributes))
