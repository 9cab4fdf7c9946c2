"""Titles and names: from what authors wrote to text that no reader can take for markup (SPEC §5.11)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from html.entities import html5

from feeder.model.characters import fold, legal
from feeder.normalise.sanitise import POLICY, strip_tags
from feeder.normalise.text import cut

MAX_LENGTH = 500
"""The longest title, in characters."""

# What HTML knows, today or ever: a browser makes an element of it.
_KNOWN = (
    POLICY.elements
    | POLICY.dropped
    | frozenset(
        """
    area base basefont bdo bgsound blink body button canvas data datagrid dialog dir embed eventsource fieldset font
    form frame head html image input isindex keygen label legend link listing map marquee menu menuitem meta meter
    multicol nextid nobr optgroup option output param portal progress rb rtc search shadow slot spacer
    """.split()
    )
)
# The W3C validator looks for the end tags of these as well (ContainsHTML); `<m>` itself is a type parameter sooner.
_KNOWN_ENDS = _KNOWN | {"m", "comment", "command"}

# A tag ends before the next tag too: that is then looked at for itself, and nothing is ever read twice.
_MARKUP = re.compile(
    r"""<(?:
        (?P<comment>!--)
      | (?P<close>/?)(?P<name>[a-zA-Z][^ \t\n\f\r/<>]*+)
        (?P<rest>(?:[^<>=]++|<(?!/?[a-zA-Z]|!--)|=[ \t\n\f\r]*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))?+)*+)
        (?P<end>>|(?=<)|\Z)
      | (?P<declaration>[!?])[^<>=]*+=[^<>]*+(?:>|(?=<)|\Z)
    )""",
    re.VERBOSE,
)
_VALUE_OR_HANDLER = re.compile(r"""=|[\s/"']on[a-z]""", re.IGNORECASE)
_COMMENT_END = re.compile("--!?>")
_ENTITY = re.compile(r"&(?:#[0-9]{1,12}|#[xX][0-9a-fA-F]{1,12}|(?P<name>[a-zA-Z][a-zA-Z0-9]{0,40}));")
_OPENING = re.compile("<(?=[a-zA-Z/!?])")

# Taking markup away can make markup of what stood around it; whoever builds a title like that gets no tag at all.
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class _Markup:
    """Something between `<` and `>` at `start:end`: a tag, a comment or a declaration ("!").

    `ended` says that it ends with `>`, `valued` that it has an attribute with a value, or a handler.
    """

    start: int
    end: int
    name: str
    closing: bool
    ended: bool
    valued: bool


def plain(text: str) -> str:
    """Return `text`, which may hold markup, as text on one line.

    Tags that HTML knows or that carry attributes are removed, entities that end in ";" are unescaped exactly once, and
    what is then dangerous is removed again. `R&D`, `Vec<T>`, `<青年论坛>` and `a < b` stay as they are.
    """
    if "<" not in text and "&" not in text:
        return fold(text)
    found = fold(_ENTITY.sub(_unescape, _without_tags(legal(text))))
    for _ in range(_ROUNDS):
        # Folded before it is looked at: U+3000 after a tag's name is part of the name, a space is not.
        before, found = found, fold(_without_dangers(found))
        if found == before:
            return found
    return fold(_OPENING.sub("", found))


def title(text: str) -> str:
    """Return `text` as `plain` does, and cut where it is over 500 characters."""
    return cut(plain(text), MAX_LENGTH)


def _without_tags(text: str) -> str:
    """Let bleach take the markup out; all the rest goes through it escaped, and comes back as it was."""
    markup = [found for found in _scan(text) if _is_markup(found)]
    if not markup:
        return text
    pieces: list[str] = []
    position = 0
    for found in markup:
        pieces += _escape(text[position : found.start]), text[found.start : found.end]
        position = found.end
    stripped = strip_tags("".join(pieces) + _escape(text[position:]))
    return stripped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _is_markup(found: _Markup) -> bool:
    if found.name == "!":
        return found.ended
    known = _KNOWN_ENDS if found.closing else _KNOWN
    return found.valued or (found.ended and found.name in known)


def _without_dangers(text: str) -> str:
    """Take out what would do something, or be an element for sure, where a reader takes the text for HTML."""
    all_found = list(_scan(text))
    closed = {found.name for found in all_found if found.closing}
    pieces: list[str] = []
    position = 0
    for found in all_found:
        if _is_danger(found, closed):
            pieces.append(text[position : found.start])
            position = found.end
    return "".join(pieces) + text[position:]


def _is_danger(found: _Markup, closed: set[str]) -> bool:
    if found.name == "!" or found.valued:
        return True
    if found.closing:
        return found.name in _KNOWN_ENDS
    return found.name in _KNOWN and (found.name in closed or found.name not in POLICY.elements)


def _scan(text: str) -> Iterator[_Markup]:
    position = 0
    comments = True
    while match := _MARKUP.search(text, position):
        position = match.end()
        if match["comment"]:
            end = _COMMENT_END.search(text, match.end() - 2) if comments else None
            comments = end is not None  # or no later one has an end either
            position = end.end() if end else position
            yield _Markup(match.start(), position, "!", closing=False, ended=comments, valued=False)
        elif match["declaration"]:
            yield _Markup(match.start(), position, "!", closing=False, ended=True, valued=True)
        else:
            ended, valued = match["end"] == ">", bool(_VALUE_OR_HANDLER.search(match["rest"]))
            yield _Markup(match.start(), position, match["name"].lower(), match["close"] == "/", ended, valued)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _unescape(match: re.Match[str]) -> str:
    if match["name"]:
        return html5.get(f"{match['name']};", match[0])
    return unescape(match[0]).replace("\ufffd", "")
