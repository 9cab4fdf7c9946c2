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

# Every `<` that a parser may take for markup. Captured is the name of a complete tag (an end tag's with its "/"), "!--"
# of a complete comment, and "" of everything else. No `<` stands in what is complete: so where raw text ends does not
# depend on what was seen in it. White space is HTML's, as in `tags`.
_TOKEN = re.compile(
    r"""<(
        /?[a-zA-Z][a-zA-Z0-9]{0,20}+(?=[ \t\n\f\r/>])
        (?=>|(?:[ \t\n\f\r]*+[^ \t\n\f\r<>=/]++
              (?:[ \t\n\f\r]*+=[ \t\n\f\r]*+(?:"[^"<>]*+"|'[^'<>]*+'|[^ \t\n\f\r"'<>=]++))?+){0,200}+
           [ \t\n\f\r]*+/?>)
      | !--(?!-?>)(?=[^<>]*?-->)
      | (?=[a-zA-Z/!?])
    )""",
    re.VERBOSE,
)
_RAW = frozenset({"noscript", "iframe", "style"})
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_GOES = _VOID | _RAW | {"!--"}  # what cleaning may take away: no other element is closed by it, or stands in it
_UNSURE = frozenset({"", "!--"})
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
    raw = ""  # the end of the raw text that is open
    for name in map(str.lower, _TOKEN.findall(html)):
        if raw:
            fine = name not in _UNSURE
            raw = "" if name == raw else raw
        elif name[:1] == "/":
            # An end tag </p> of nothing is an empty paragraph.
            fine = (name == "/p" and "p" not in stack) or (bool(stack) and stack.pop() == name[1:])
        elif name in kept:
            fine = name in _VOID or _opens(name, stack)
        else:
            # What goes from behind <pre> would leave a newline there, which the next parser takes away.
            fine = name in _GOES and "pre" not in stack
            raw = f"/{name}" if name in _RAW else ""
        if not fine:
            return False
    return not raw


def _opens(name: str, stack: list[str]) -> bool:
    """Put an element `name` into those of `stack`, less a paragraph that it ends; return whether it fits there."""
    if name in _WILD or len(stack) >= _MAX_DEPTH or (name in _ONCE and name in stack):
        return False
    if name not in _INLINE and "p" in stack and stack.pop() != "p":
        return False  # It ends the paragraph that it stands in, and what is still open there.
    above = stack[-1] if stack else ""
    if name == "li" and above not in _LISTS:
        return False
    if name in _HEADINGS and above in _HEADINGS and not _HEADINGS.isdisjoint(stack[:-1]):
        return False  # A heading right in a heading closes it, and its end tag is for nobody, unless there is a third.
    stack.append(name)
    return True
