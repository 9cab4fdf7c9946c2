"""Plain text as HTML: paragraphs, line breaks and links (SPEC §5.2)."""

from __future__ import annotations

import re
from html import escape

from feeder.model.characters import unescaped
from feeder.normalise.tags import Tag, scan

_HTML_NAMES = frozenset(
    """
    a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body br
    button canvas caption center cite code col colgroup command content data datalist dd del details dfn dialog dir div
    dl dt element em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header
    hgroup hr html i iframe image img input ins isindex kbd keygen label legend li link listing main map mark marquee
    math menu menuitem meta meter multicol nav nextid nobr noembed noframes noscript object ol optgroup option output p
    param picture plaintext pre progress q rb rbc rp rt rtc ruby s samp script search section select shadow slot small
    source spacer span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time
    title tr track tt u ul var video wbr xmp
    """.split()
)
# An address ends at the first character that no URL holds (RFC 3986 §2: ASCII only); the next address ends it too.
# ASCII, or "ſ" would be an "s".
_URL = re.compile(
    r"""https?://(?:[^hH<>"\x00-\x20\x7f-\U0010ffff]++|(?<=[/=:?&])[hH]|[hH](?!ttps?://))++""", re.IGNORECASE | re.ASCII
)
_HOST = re.compile(r"https?://(?:[^/?#]*@)?[a-z0-9\[]", re.IGNORECASE | re.ASCII)
_PARAGRAPHS = re.compile(r"\n(?:[^\S\n]*+\n)++")
# Rows of these are rules drawn under a line of text, glued to the address that ended it.
_ORNAMENT = "=-_*~#+"
_RULE = 3
_PUNCTUATION = ".,;:!?'\"*_~|`"
_CLOSING = {")": "(", "]": "[", "}": "{"}


def is_markup(tag: Tag) -> bool:
    """Return whether HTML knows `tag` or it carries attributes: `<T>`, `<https://…>` and comments are no markup."""
    return tag.name in _HTML_NAMES or (tag.attribute_text[:1].isspace() and not tag.attribute_text.isspace())


def has_tags(body: str) -> bool:
    """Return whether a tag stands in `body`: `<罪与罚>`, `p<0.05`, `Vec<T>`, an unfinished tag, a comment are none."""
    return any(is_markup(tag) and body[tag.end - 1] == ">" for tag in scan(body))


def to_html(text: str) -> str:
    """Return `text` as HTML: paragraphs and line breaks kept, escaped, http(s) URLs linked.

    The text came out of HTML, so a well-formed entity that is left in it is what it stands for.
    """
    text = unescaped(_without_comments(text))
    paragraphs = (_paragraph(part) for part in _PARAGRAPHS.split(text.replace("\r\n", "\n")) if part.strip())
    return "\n".join(paragraphs)


def _without_comments(text: str) -> str:
    kept: list[str] = []
    position = 0
    for tag in scan(text):
        if text.startswith("<!--", tag.start) and text.endswith("-->", tag.start, tag.end):
            kept.append(text[position : tag.start])
            position = tag.end
    return "".join((*kept, text[position:]))


def _paragraph(text: str) -> str:
    return "<p>" + "<br>\n".join(_linked(line.strip()) for line in text.strip().split("\n")) + "</p>"


def _linked(line: str) -> str:
    """Return one line, escaped, its addresses linked."""
    done: list[str] = []
    position = 0
    while match := _URL.search(line, position):
        address = _trimmed(match.group())
        end = match.start() + len(address)
        done.append(escape(line[position : match.start()], quote=False))
        shown = escape(address, quote=False)
        done.append(f'<a href="{escape(address)}">{shown}</a>' if _HOST.match(address) else shown)
        position = end
    return "".join((*done, escape(line[position:], quote=False)))


def _trimmed(address: str) -> str:
    """Return `address` without what belongs to the sentence around it: punctuation, a closing bracket of its own."""
    ornament = len(address) - len(address.rstrip(_ORNAMENT))
    if ornament >= _RULE:
        address = address[:-ornament]
    balance = {bracket: address.count(opening) - address.count(bracket) for bracket, opening in _CLOSING.items()}
    end = len(address)
    while (last := address[end - 1]) in _PUNCTUATION or balance.get(last, 0) < 0:  # it ends at "http" at the latest
        end -= 1
        if last in balance:
            balance[last] += 1
    return address[:end]
