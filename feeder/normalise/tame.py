"""Whether a body is surely within every limit: the cheap look that spares nearly all of them the thorough one.

What is tame is written as a careful author or a program writes HTML: every tag complete, every element closed where it
was opened, nothing that makes a parser move, repeat or close elements by itself. Its tree is as deep as it is written,
so counting is enough. Everything else is looked at by `guards`, which knows what parsers do.
"""

from __future__ import annotations

import re

_MAX_LENGTH = 500_000  # characters, which are less than 2 MB in any encoding
_MAX_TAGS = 50_000
_MAX_DEPTH = 200
_MAX_ATTRIBUTES = 200

_TOKEN = re.compile(
    r"""<(?:
        (?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,20}+)
        (?P<attributes>(?:\s++(?:[^\s<>"'=/]++(?:\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>=]++))?+)?+)*+)\s*+/?>
      | !--(?!-?>)[^<>]*?-->
      | (?P<other>[a-zA-Z/!?])
    )""",
    re.VERBOSE,
)
_RAW = {name: re.compile(f"</{name}>", re.IGNORECASE | re.ASCII) for name in ("noscript", "iframe", "style")}
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
# A parser closes, moves or repeats by itself what stands around these, or reads what is in them in another way.
_WILD = frozenset(
    """
    applet body button caption colgroup dd dt form frame frameset head html keygen marquee math menuitem noembed
    noframes object optgroup option param plaintext rb rp rt rtc ruby script select svg table tbody td template
    textarea tfoot th thead title tr xmp
    """.split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_ONCE = frozenset({"a", "nobr"})
_LISTS = frozenset("dir menu ol ul".split())
# What may stand in a paragraph without closing it.
_INLINE = frozenset(
    """
    a abbr acronym audio b bdi bdo big cite code data del dfn em font i ins kbd label map mark nobr output picture q s
    samp small span strike strong sub sup time tt u var video
    """.split()
)


def is_tame(html: str, kept: frozenset[str]) -> bool:
    """Return whether `html` surely keeps within every limit of `guards`, and is clean once it was cleaned once.

    `kept` are the elements that cleaning keeps: what stands around any other would meet, and could close each other.
    False says nothing.
    """
    if len(html) > _MAX_LENGTH or html.count("<") > _MAX_TAGS:
        return False
    stack: list[str] = []
    position = 0
    while match := _TOKEN.search(html, position):
        position = match.end()
        attributes = match["attributes"] or ""
        if len(attributes) > _MAX_ATTRIBUTES and len(attributes.split()) > _MAX_ATTRIBUTES:
            return False
        name = (match["name"] or "").lower()
        if name in _RAW and not match["close"]:
            position = _raw_end(name, html, position, stack)
            if not position:
                return False
        elif match["other"] or not _follows(name, match["close"], stack, kept):
            return False
    return True


def _raw_end(name: str, html: str, position: int, stack: list[str]) -> int:
    """Return where the raw text of an element `name` that begins at `position` ends, 0 where that is not sure."""
    end = _RAW[name].search(html, position)
    # What goes from behind <pre> would leave a newline there, which the next parser takes away.
    sure = end is not None and "pre" not in stack and "<!--" not in html[position : end.start()]
    return end.end() if end is not None and sure else 0


def _follows(name: str, close: str | None, stack: list[str], kept: frozenset[str]) -> bool:
    """Return whether a tag (a comment has no name) may follow in the elements of `stack`, and put it there."""
    if not name:
        return "pre" not in stack
    if name not in kept:
        return False
    if name in _VOID:
        return True
    if close:
        return bool(stack) and stack.pop() == name
    if name in _WILD or not _fits(name, stack):
        return False
    stack.append(name)
    return True


def _fits(name: str, stack: list[str]) -> bool:
    """Return whether an element `name` may be opened in the elements of `stack` and closes none of them."""
    if len(stack) >= _MAX_DEPTH or (name in _ONCE and name in stack):
        return False
    if name == "li":
        return bool(stack) and stack[-1] in _LISTS
    if name in _HEADINGS and stack and stack[-1] in _HEADINGS and not _HEADINGS.isdisjoint(stack[:-1]):
        return False  # A heading right in a heading closes it, and its end tag is for nobody, unless there is a third.
    return name in _INLINE or "p" not in stack
