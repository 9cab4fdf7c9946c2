"""What RFC 4287 asks of an Atom feed document besides what every format asks: which elements, how often, with what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from feeder.check.document import ReadFeed
from feeder.check.entries import at, category_faults, person_faults
from feeder.check.fault import Fault, shown
from feeder.check.history import history_faults
from feeder.check.instants import rfc3339_fault
from feeder.check.readatom import ATOM, HISTORY, XHTML
from feeder.check.tree import XML, Node
from feeder.check.values import address_fault, id_fault, language_fault, media_type_fault

_PERSON = "name email uri"
_FEED = frozenset("author category contributor generator icon id link logo rights subtitle title updated entry".split())
_SOURCE = _FEED - {"entry"}
_ENTRY = frozenset("author category content contributor id link published rights source summary title updated".split())
_ALLOWED = {
    "feed": _FEED,
    "entry": _ENTRY,
    "source": _SOURCE,
    "author": frozenset(_PERSON.split()),
    "contributor": frozenset(_PERSON.split()),
}
_ONCE = {
    "feed": ("id", "title", "updated", "generator", "icon", "logo", "rights", "subtitle"),
    "entry": ("id", "title", "updated", "content", "published", "rights", "source", "summary"),
    "author": ("name", "email", "uri"),
    "contributor": ("name", "email", "uri"),
}
_NEEDED = {
    "feed": ("id", "title", "updated"),
    "entry": ("id", "title", "updated"),
    "author": ("name",),
    "contributor": ("name",),
}
_SECTIONS = {
    "feed": "RFC 4287 §4.1.1",
    "entry": "RFC 4287 §4.1.2",
    "author": "RFC 4287 §3.2",
    "contributor": "RFC 4287 §3.2",
}
_TEXTS = frozenset("title subtitle summary rights".split())
_TEXT_TYPES = ("text", "html", "xhtml")
_LANG = f"{{{XML}}}lang"


def atom_faults(root: Node, feed: ReadFeed) -> Iterator[Fault]:
    """Yield what is wrong with the elements of a feed document; `feed` is what was read of `root`."""
    for node in _atom_elements(root):
        yield from _element_faults(node)
    for node in root.walk():
        if (tag := node.get(_LANG)) is not None and tag:
            yield from at(language_fault(tag), node.line, f"xml:lang of <{node.name}>")
    yield from _author_faults(root)
    yield from _place_faults(root)
    yield from at(id_fault(feed.id), feed.line, "the feed's id") if feed.id else ()
    for entry in (root, *root.all(ATOM, "entry")):
        yield from _alternate_faults(entry)
    for person in feed.authors:
        yield from person_faults(person, "an author of the feed")
    for category in feed.categories:
        yield from category_faults(category, "the feed")
    yield from history_faults(feed)


def link_element_faults(node: Node) -> Iterator[Fault]:
    """Yield what is wrong with a link element of Atom's, in Atom or in RSS, besides its values."""
    if node.get("rel") == "":
        yield Fault("AttrNotBlank", node.line, "the rel of a link is empty")
    if node.text.strip() or node.children:
        yield Fault("AtomLinkNotEmpty", node.line, f"the link to {shown(node.get('href') or '')} is not empty")


def _atom_elements(root: Node) -> Iterator[Node]:
    """Yield the elements of Atom's, those inside other languages' and inside of texts left out."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        if node.name in _ALLOWED:
            waiting.extend(child for child in reversed(node.children) if child.space == ATOM)


def _element_faults(node: Node) -> Iterator[Fault]:
    if node.name in _ALLOWED:
        yield from _content_model_faults(node)
    if node.name in _TEXTS or node.name == "content":
        yield from _text_faults(node)
    elif node.name in ("id", "name", "updated", "published"):
        yield from _value_faults(node)
    elif node.name == "category":
        if not node.get("term"):
            code = "MissingAttribute" if node.get("term") is None else "AttrNotBlank"
            yield Fault(code, node.line, "a category has no term", "RFC 4287 §4.2.2.1")
    elif node.name == "link":
        yield from link_element_faults(node)
    elif node.name == "generator" and (uri := node.get("uri")):
        yield from at(address_fault(uri), node.line, "the generator's uri")
    elif node.name in ("icon", "logo"):
        yield from at(address_fault(node.text.strip()), node.line, f"<{node.name}>")


def _value_faults(node: Node) -> Iterator[Fault]:
    text = node.text.strip()
    if node.name not in ("id", "name"):
        yield from at(rfc3339_fault(text), node.line, f"<{node.name}>")
    elif not text:
        yield Fault("NotBlank", node.line, f"<{node.name}> is empty", "RFC 4287")
    if text and text != node.text:
        yield Fault("UnexpectedWhitespace", node.line, f"<{node.name}> is not trimmed")


def _content_model_faults(node: Node) -> Iterator[Fault]:
    """Yield elements that are unknown there, missing, or there too often, and text between them."""
    section = _SECTIONS.get(node.name, "")
    for child in node.children:
        if child.space in ("", ATOM) and (child.space == "" or child.name not in _ALLOWED[node.name]):
            where = "" if child.space else ", which has no namespace,"
            yield Fault("UndefinedElement", child.line, f"<{child.name}>{where} is no element of Atom's <{node.name}>")
    if node.text.strip():
        yield Fault("UnexpectedText", node.line, f"<{node.name}> holds the text {shown(node.text.strip())}")
    names = Counter(child.name for child in node.children if child.space == ATOM)
    for name in _NEEDED.get(node.name, ()):
        if not names[name]:
            yield Fault("MissingElement", node.line, f"<{node.name}> has no <{name}>", section)
    for name in _ONCE.get(node.name, ()):
        if names[name] > 1:
            second = node.all(ATOM, name)[1]
            yield Fault("DuplicateElement", second.line, f"<{node.name}> has {names[name]} <{name}>", section)


def _text_faults(node: Node) -> Iterator[Fault]:
    kind = node.get("type")
    is_content = node.name == "content"
    if is_content and node.get("src") is not None:
        yield from at(address_fault(node.get("src") or ""), node.line, "the content's src")
        if kind:
            yield from at(media_type_fault(kind), node.line, "the content's type", "RFC 4287 §4.1.3.1")
        return
    if kind is not None and kind not in _TEXT_TYPES:
        if not is_content:
            yield Fault("InvalidTextType", node.line, f"the type of <{node.name}> is {shown(kind)}")
        else:
            yield from at(media_type_fault(kind), node.line, "the content's type", "RFC 4287 §4.1.3.1")
    elif kind == "xhtml":
        divs = node.all(XHTML, "div")
        if len(divs) != 1 or len(node.children) != 1 or node.text.strip():
            yield Fault("MissingXhtmlDiv", node.line, f"<{node.name}> is not one div of XHTML")
    elif node.children:
        child = node.children[0]
        message = f"<{child.name}> stands in <{node.name}>, whose type is {kind or 'text'}"
        yield Fault("UndefinedElement", child.line, message, "RFC 4287 §3.1.1")


def _author_faults(root: Node) -> Iterator[Fault]:
    if root.first(ATOM, "author"):
        return
    for entry in root.all(ATOM, "entry") or (root,):
        source = entry.first(ATOM, "source")
        if not entry.first(ATOM, "author") and not (source and source.first(ATOM, "author")):
            message = f"neither the feed nor <{entry.name}> has an <author>"
            yield Fault("MissingElement", entry.line, message, "RFC 4287 §4.1.1")
            return


def _place_faults(root: Node) -> Iterator[Fault]:
    begun = False
    for child in root.children:
        is_entry = (child.space, child.name) == (ATOM, "entry")
        if begun and not is_entry and child.space in (ATOM, HISTORY):
            yield Fault("MisplacedMetadata", child.line, f"<{child.name}> stands after an entry")
        begun = begun or is_entry


def _alternate_faults(parent: Node) -> Iterator[Fault]:
    alternates: Counter[tuple[str, str]] = Counter()
    for node in parent.all(ATOM, "link"):
        if node.get("rel") in (None, "alternate"):
            kind = (node.get("type") or "", node.get("hreflang") or "")
            alternates[kind] += 1
            if alternates[kind] > 1:
                message = f"<{parent.name}> has several alternate links of the type {shown(kind[0])}"
                yield Fault("DuplicateAtomLink", node.line, message)
    if parent.name != "entry":
        return
    content = parent.first(ATOM, "content")
    if not content and not alternates:
        yield Fault("MissingContentOrAlternate", parent.line, "an entry has neither content nor an alternate link")
    kind_of = (content.get("type") or "text").lower() if content else "text"
    is_text = "/" not in kind_of or kind_of.startswith("text/") or kind_of.endswith(("+xml", "/xml"))
    if content and (content.get("src") is not None or not is_text) and not parent.first(ATOM, "summary"):
        yield Fault("MissingSummary", content.line, "an entry's content is not text in place, and it has no summary")
