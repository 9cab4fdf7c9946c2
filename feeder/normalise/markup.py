"""What a body is written in, and Markdown as HTML: the only user of the Markdown library (SPEC §5.2 to §5.4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from feeder.normalise.plaintext import has_tags, is_markup
from feeder.normalise.tags import Tag

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.ruler import RuleOptionsType
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

# The library is linear, but slow: up to 50 µs a line, 10 µs a character that may mean something, 50 µs a bracket. So
# the text that it is given is bounded in these; posts that people write have a hundredth of them.
_MAX_LINES = 25_000
_MAX_MARKS = 100_000
_BRACKET = 5
_MAX_NESTING = 20
# A link's address is read up to the 32nd open bracket, again for each link: the one thing that is not linear.
_MAX_READ = 4_000_000
# A reference repeats the address of its definition: 20,000 of `[a]` would make gigabytes of one long address.
_MAX_GROWTH = 8
_CONTAINERS = ("blockquote_open", "list_item_open", "footnote_open")  # what is in them below that depth is lost
_MARKS = re.compile(r"[\[\]*_`<&!\\~^{#]")
_LINK = re.compile(r"\]\(")
_CLOSED = re.compile(r"[^\s()]{0,2000}+(?:\([^\s()]{0,2000}+\)[^\s()]{0,2000}+){0,4}+[)\s]")
_UNCLOSED = re.compile(r"(?:[^\s(]*+\(){0,33}+[^\s(]*+")
_BLOCK_START = re.compile(r"</?([a-z][^\s/>]*+)([^>\n]*+)|<!--|<[!?][a-z]", re.ASCII | re.IGNORECASE)
# Where blocks begin (behind blank lines), and what holds blank lines that part none.
_BLOCKS = re.compile(
    r"\n[^\S\n]*+\n\s*+(?P<block>(?=\S))"
    r"|<(?:(?P<comment>!--(?!-?>))|(?P<close>/?)(?P<element>(?ai:pre|script|style|textarea))(?=[\s/>]))"
    r"|-->"
)
_BLANK = re.compile(r"\n[^\S\n]*+\n\s*+(?=\S)")
_IAL = re.compile(r"\{:[^{}\n]*+\}[ \t]*+\Z")
_SPAN_IAL = re.compile(r"\{:[^{}\n]*+\}")
# The same without a colon, as other programs write it: only where it ends a line.
_TRAILING = re.compile(r"\{\s*+[.#][\w-]++(?:\s++[.#][\w-]++)*+\s*+\}(?=[ \t]*+(?:\n|\Z))")


class Kind(StrEnum):
    """What a body is written in."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"


class MarkupError(ValueError):
    """Text that would take too long to read as Markdown; `str()` is the end of a sentence: "the body …"."""


def kind(body: str, is_mirror: bool, suffix: str) -> Kind:  # noqa: FBT001 -- it is a property of the body, no switch
    """Return what `body` (as it is after step 1 of SPEC §5) is written in; `suffix` is its file's, as in ".md"."""
    if is_mirror:
        return Kind.HTML if has_tags(body) else Kind.TEXT
    if suffix.lower() in (".html", ".htm") or _is_all_html(body):
        return Kind.HTML
    return Kind.MARKDOWN


def _is_all_html(body: str) -> bool:
    """Say whether every block between blank lines begins with a tag or a comment.

    The blank lines of `<pre>`, scripts, styles, `<textarea>` and comments part no blocks.
    """
    text = f"\n\n{body.strip()}"
    if all(_begins_with_tag(text, match.end()) for match in _BLANK.finditer(text)):
        return True
    verbatim = ""
    for match in _BLOCKS.finditer(text):
        if match["block"] is not None:
            if not verbatim and not _begins_with_tag(text, match.end()):
                return False
        elif match["element"] and not match["close"]:
            verbatim = verbatim or match["element"].lower()
        elif match["comment"]:
            verbatim = verbatim or "-->"
        elif verbatim == (match["element"].lower() if match["element"] else "-->"):
            verbatim = ""
    return True


def _begins_with_tag(text: str, position: int) -> bool:
    match = _BLOCK_START.match(text, position)
    if match is None or match[1] is None:
        return match is not None
    return is_markup(Tag(0, 0, match[1].lower(), closing=False, attribute_text=match[2]))


def markdown(text: str) -> str:
    """Return `text` as HTML: CommonMark with tables, strikethrough and footnotes; HTML in it is kept as it is.

    kramdown's attribute lists `{: …}` and `{:toc}` are dropped. Raises MarkupError for text made to be slow.
    """
    if text.count("\n") > _MAX_LINES:
        raise MarkupError(f"has more than {_MAX_LINES:,} lines")
    if len(_MARKS.findall(text)) + (_BRACKET - 1) * (text.count("[") + text.count("![")) > _MAX_MARKS:
        raise MarkupError("has too many characters that mean something in Markdown")
    if _is_too_far_to_read(text):
        raise MarkupError("has too many links without an end")
    parser = _parser()
    env: dict[str, object] = {}
    tokens = parser.parse(text, env)
    if any(token.type in _CONTAINERS and token.level >= _MAX_NESTING - 1 for token in tokens):
        raise MarkupError("nests lists or quotations too deeply")
    if _size(tokens) > _MAX_GROWTH * len(text) + 100_000:
        raise MarkupError("repeats long addresses too often")
    rendered: str = parser.renderer.render(tokens, parser.options, env)
    return rendered


def _is_too_far_to_read(text: str) -> bool:
    read = 0
    for link in _LINK.finditer(text):
        if not _CLOSED.match(text, link.end()) and (match := _UNCLOSED.match(text, link.end())):
            read += match.end() - match.start()
            if read > _MAX_READ:
                return True
    return False


def _size(tokens: Sequence[Token]) -> int:
    """Return about how much text and addresses the tokens hold."""
    return sum(
        len(token.content) + sum(len(str(value)) for value in token.attrs.values()) + _size(token.children or ())
        for token in tokens
    )


@cache
def _parser() -> MarkdownIt:
    # Imported where it is needed: sites of plain text or HTML alone do not pay for it.
    from markdown_it import MarkdownIt  # noqa: PLC0415
    from mdit_py_plugins.footnote import footnote_plugin  # noqa: PLC0415

    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _MAX_NESTING, "xhtmlOut": False})
    parser.enable(["table", "strikethrough"]).use(footnote_plugin)
    interrupted: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("paragraph", "attribute_list", _attribute_block, interrupted)
    parser.inline.ruler.before("link", "attribute_list", _attribute_span)
    parser.core.ruler.after("block", "attribute_list", _join_lists)
    # Ids do not survive the cleaner and would not be unique in a feed: footnotes are read without them.
    for name, html in _FOOTNOTES.items():
        parser.add_render_rule(name, _constant(html))
    parser.add_render_rule("footnote_ref", _footnote_reference)
    return parser


# --- kramdown's attribute lists ---------------------------------------------------------------------------------------

_ATTRIBUTES = "attributes"
_TOC_PLACEHOLDER = ("list_item_open", "paragraph_open", "inline", "paragraph_close", "list_item_close")


def _attribute_block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: ARG001, FBT001
    """Take a line that is only `{: …}` or `{:toc}`; the one-item list before the latter goes too, as in kramdown."""
    start, end = state.bMarks[start_line] + state.tShift[start_line], state.eMarks[start_line]
    if state.is_code_block(start_line) or not _IAL.match(state.src, start, end):
        return False
    if not silent:
        state.line = start_line + 1
        if state.src.startswith("{:toc", start) and _ends_in_placeholder(state.tokens):
            del state.tokens[-7:]
        elif state.tokens and state.tokens[-1].type.endswith("_list_close"):
            state.tokens[-1].meta[_ATTRIBUTES] = True
    return True


def _join_lists(state: StateCore) -> None:
    """Make one list of two between which nothing but attributes stood: they are one item's, and end no list."""
    kept: list[Token] = []
    for token in state.tokens:
        before = kept[-1] if kept else token
        if token.type.endswith("_list_open") and _ATTRIBUTES in before.meta and before.markup == token.markup:
            kept.pop()
        else:
            kept.append(token)
    state.tokens = kept


def _ends_in_placeholder(tokens: Sequence[Token]) -> bool:
    types = [token.type for token in tokens[-7:]]
    return len(types) == 7 and types[0].endswith("_list_open") and tuple(types[1:6]) == _TOC_PLACEHOLDER  # noqa: PLR2004


def _attribute_span(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """Take `{: …}`, and `{.class}` or `{#id}` at the end of a line."""
    if state.src[state.pos] != "{":
        return False
    match = _SPAN_IAL.match(state.src, state.pos) or _TRAILING.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        state.pending = state.pending.rstrip(" ")
    state.pos = match.end()
    return True


# --- footnotes --------------------------------------------------------------------------------------------------------

_FOOTNOTES = {
    "footnote_block_open": "<hr>\n<ol>\n",
    "footnote_block_close": "</ol>\n",
    "footnote_open": "<li>",
    "footnote_close": "</li>\n",
    "footnote_anchor": "",
}


def _constant(html: str) -> Callable[..., str]:
    def render(*_: object) -> str:
        return html

    return render


def _footnote_reference(_: RendererHTML, tokens: Sequence[Token], index: int, __: OptionsDict, ___: EnvType) -> str:
    return f"<sup>[{tokens[index].meta['id'] + 1}]</sup>"
