"""The allow-list and the two libraries that apply it: the only module that may import nh3 and bleach.

The policy is data; to allow a tag or an attribute is to change a table here and `POLICY_VERSION`. Elements and
attributes are those that the W3C feed validator accepts (SecurityRisk, SecurityRiskAttr, NotHtml), less what SPEC §5.7
forbids: so no `controls`, no `bdo`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from feeder.config.slices import Sanitizer
from feeder.model.characters import legal
from feeder.model.entry import SafeHtml
from feeder.normalise.links import resolve, resolve_srcset
from feeder.normalise.tags import scan
from feeder.normalise.tame import is_tame

if TYPE_CHECKING:
    from nh3 import Cleaner

POLICY_VERSION = 1
"""Raised whenever cleaning the same body may give other bytes: fragments made under another version are not reused."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What may stand in a body.

    `attributes` names for every allowed element its own attributes, `everywhere` those of all; `dropped` are elements
    that go with all that is in them (other unknown elements leave their content); `urls` are attributes that hold one
    URL, `schemes` what those may have.
    """

    attributes: Mapping[str, frozenset[str]]
    everywhere: frozenset[str]
    dropped: frozenset[str]
    urls: frozenset[str]
    schemes: frozenset[str]

    @property
    def elements(self) -> frozenset[str]:
        """The allowed elements."""
        return frozenset(self.attributes)


_PLAIN = """
    abbr acronym address article aside b bdi big br caption center cite code dd details dfn div dl dt em figcaption
    figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i kbd main mark nav p picture pre rp rt ruby s samp section small
    span strike strong sub summary sup table tbody tfoot thead tr tt u ul var wbr
"""

POLICY = Policy(
    attributes=MappingProxyType(
        dict.fromkeys(_PLAIN.split(), frozenset[str]())
        | {
            "a": frozenset({"href", "hreflang", "rel", "type"}),
            "audio": frozenset({"src", "preload"}),
            "blockquote": frozenset({"cite"}),
            "col": frozenset({"span"}),
            "colgroup": frozenset({"span"}),
            "del": frozenset({"cite", "datetime"}),
            "details": frozenset({"open"}),
            "img": frozenset({"src", "srcset", "sizes", "alt", "width", "height"}),
            "ins": frozenset({"cite", "datetime"}),
            "li": frozenset({"value"}),
            "ol": frozenset({"start", "reversed", "type"}),
            "q": frozenset({"cite"}),
            "source": frozenset({"src", "srcset", "sizes", "type", "media"}),
            "td": frozenset({"colspan", "rowspan", "align"}),
            "th": frozenset({"colspan", "rowspan", "align", "scope", "abbr"}),
            "time": frozenset({"datetime"}),
            "track": frozenset({"src", "kind", "srclang", "label", "default"}),
            "video": frozenset({"src", "poster", "preload", "width", "height"}),
        }
    ),
    everywhere=frozenset({"dir", "lang", "title"}),
    dropped=frozenset(
        """
        applet datalist frameset iframe math noembed noframes noscript object plaintext script select style svg template
        textarea title xmp
        """.split()
    ),
    urls=frozenset({"href", "src", "poster", "cite"}),
    schemes=frozenset({"http", "https", "mailto", "tel"}),
)

# Cleaning is repeated until nothing changes: taking an element away can leave a `p` in a `p` or an `a` in an `a`,
# which the next parser would read as another tree (mutation XSS lives there). Real bodies are done after the first
# round.
_ROUNDS = 12
# A parser drops the newline after <pre> and no serialiser writes it back: unless it goes first, each round eats one.
_PRE_NEWLINE = re.compile(r"(<pre(?:[ \t\n\f\r/][^<>]*)?>)(?:\r|\n|&#10;|&#13;)+", re.IGNORECASE)

# html5ever's serialiser takes time by the length of a text times the number of `&` and of U+0080 to U+00BF in it: 45 s
# for 2 MB of them. So a long text is cleaned in pieces, and a long attribute, which nobody reads, goes.
_LONGEST_PIECE = 16_384
_TAG_START = re.compile("<(?=[a-zA-Z/!?])")
_LONGEST_REFERENCE = 64
_LONGEST_VALUE = 8_192
_LONGEST_SRCSET = 65_536

_ELEMENTS = POLICY.elements
_URLS = POLICY.urls

_Engine = Callable[[str, str], str]


def clean(html: str, base: str, sanitizer: Sanitizer) -> SafeHtml:
    """Return `html` with nothing in it but what `POLICY` allows, every URL absolute: the one maker of `SafeHtml`.

    `base` is what relative references are resolved against; "" takes them away. The result is balanced, holds no
    comment, and cleaning it again changes nothing. Either sanitizer gives safe output; where they differ is in how
    they repair broken markup.
    """
    engine = _ENGINES[sanitizer]
    found = legal(html)
    if is_tame(found, _ELEMENTS):
        # Nothing in it stands where a parser would move it, whatever is taken away around it.
        return SafeHtml(legal(engine(_PRE_NEWLINE.sub(r"\1", found), base)))
    for _ in range(_ROUNDS):
        before = found
        found = legal(engine(_PRE_NEWLINE.sub(r"\1", before), base))
        if found == before:
            return SafeHtml(found)
    # No input is known that gets here. Text cannot be read in two ways.
    return SafeHtml(legal(strip_tags(found)))


def strip_tags(text: str) -> str:
    """Return `text` without any tag or comment, and without what `script` and `style` hold, still escaped as HTML.

    Every `<` and `>` that is left is a character reference; an `&` that begins no reference is one as well.
    """
    return _bleach(frozenset(), frozenset({"script", "style"}))(text)


def _link(base: str, name: str, value: str) -> str | None:
    """Return the value that attribute `name` may have, None where it must go."""
    if name in _URLS:
        return resolve(value, base)
    if name == "srcset":
        found = resolve_srcset(value, base)
        return found if found and len(found) <= _LONGEST_SRCSET else None
    return value if len(value) <= _LONGEST_VALUE else None


def _clean_nh3(html: str, base: str) -> str:
    _BASE.set(base)
    return _nh3().clean(_in_pieces(html))


# Making a cleaner takes longer than cleaning a short body does: so there is one, and it is told of each body's base.
_BASE = ContextVar("_BASE", default="")


@cache
def _nh3() -> Cleaner:
    import nh3  # noqa: PLC0415 -- only what the command needs, when it needs it

    return nh3.Cleaner(
        tags=set(POLICY.elements),
        clean_content_tags=set(POLICY.dropped),
        attributes={"*": set(POLICY.everywhere)} | {name: set(own) for name, own in POLICY.attributes.items() if own},
        attribute_filter=lambda _element, name, value: _link(_BASE.get(), name, value),
        url_schemes=set(POLICY.schemes),
        strip_comments=True,
        link_rel=None,
    )


def _in_pieces(html: str) -> str:
    """Part long texts by comments, which are cleaned away, outside of tags and character references."""
    half = _LONGEST_PIECE // 2
    if all(_TAG_START.search(html, start, start + half) for start in range(0, len(html) - half, half)):
        return html
    pieces: list[str] = []
    position = start = 0
    for tag in scan(html):
        position = _cut_text(html, position, start, tag.start, pieces)
        start = tag.end
    position = _cut_text(html, position, start, len(html), pieces)
    return "<!---->".join((*pieces, html[position:]))


def _cut_text(html: str, position: int, start: int, end: int, pieces: list[str]) -> int:
    """Cut the text at `start:end` of `html`, whose last piece ended at `position`; return where the last piece ends."""
    while end - start > _LONGEST_PIECE:
        start += _LONGEST_PIECE
        reference = html.rfind("&", start - _LONGEST_REFERENCE, start)
        start = reference if reference >= 0 else start
        pieces.append(html[position:start])
        position = start
    return position


# --- bleach: its cleaner works on html5lib's token stream, {"type": …, "name": …, "data": …} --------------------------

_Token = dict[str, Any]
_Filter = Callable[..., Iterable[_Token]]


def _clean_bleach(html: str, base: str) -> str:
    return _bleach(POLICY.elements, POLICY.dropped, _absolute(base))(html)


def _bleach(elements: frozenset[str], dropped: frozenset[str], *filters: _Filter) -> Callable[[str], str]:
    """Return bleach's cleaner of `elements`, made to drop elements with their content.

    Its tokenizer takes unknown tags away before a tree is built, which leaves a script's text behind: so its parser is
    told of these elements, and they are cut out of the tree's tokens before the sanitizing filter, which allows none.
    The parser decodes character references, too: bleach's own way leaves `&#8;` and those without ";" as they are.
    """
    from bleach import html5lib_shim, sanitizer  # noqa: PLC0415 -- bleach takes 60 ms

    make: Any = sanitizer.Cleaner
    cleaner = make(
        tags=elements,
        attributes=lambda element, name, _value: name in POLICY.everywhere or name in POLICY.attributes[element],
        protocols=POLICY.schemes,
        strip=True,
        strip_comments=True,
        filters=filters,
    )
    cleaner.parser = html5lib_shim.BleachHTMLParser(
        tags=elements | dropped, strip=True, consume_entities=True, namespaceHTMLElements=False
    )
    walk = cleaner.walker
    cleaner.walker = lambda tree: _cut(walk(tree), dropped)
    clean: Callable[[str], str] = cleaner.clean
    return clean


def _cut(tokens: Iterable[_Token], dropped: frozenset[str]) -> Iterator[_Token]:
    depth = 0
    for token in tokens:
        kind = token["type"]
        if kind == "StartTag" and (depth or token["name"] in dropped):
            depth += 1
        elif kind == "EndTag" and depth:
            depth -= 1
        elif not depth:
            yield _text(token) if kind == "Characters" else token


def _text(token: _Token) -> _Token:
    # bleach undoes one level of escaping in text, since its parser normally leaves references alone; and it makes a
    # question mark of every control character.
    return {**token, "data": legal(token["data"]).replace("&", "&amp;")}


def _absolute(base: str) -> _Filter:
    """Return a filter that runs after bleach's own: it makes URLs absolute or drops them."""

    def rewrite(source: Iterable[_Token]) -> Iterator[_Token]:
        for token in source:
            if token["type"] in ("StartTag", "EmptyTag"):
                links = ((key, _link(base, key[1], value)) for key, value in token["data"].items())
                # bleach's serialiser undoes one level of escaping, unless it has to quote with an apostrophe.
                token["data"] = {
                    key: link.replace("&", "&amp;").replace('"', "&quot;") for key, link in links if link is not None
                }
            yield token

    return rewrite


_ENGINES: Mapping[Sanitizer, _Engine] = MappingProxyType({Sanitizer.NH3: _clean_nh3, Sanitizer.BLEACH: _clean_bleach})
