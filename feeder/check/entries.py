"""Rules that read the same in every format: links, persons, ids, order, titles, contents."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from feeder.check.document import Category, Enclosure, Kind, Link, Person, ReadEntry, ReadFeed, Text, TextType
from feeder.check.fault import Fault, shown
from feeder.check.instants import instant
from feeder.check.markup import markup_faults, text_wrong
from feeder.check.tree import Node
from feeder.check.values import Wrong, address_fault, id_fault, is_count, is_mail, language_fault, media_type_fault

_MEDIA = "http://search.yahoo.com/mrss/"
_TYPES = {Kind.ATOM: "application/atom+xml", Kind.RSS: "application/rss+xml"}
_TEXT_CODES = {Kind.ATOM: "ContainsUndeclaredHTML"}
_TWICE_CODES = {Kind.RSS: "DuplicateValue"}
# IANA's link relations that feeds use.
_RELATIONS = frozenset(
    """about alternate appendix archives author bookmark canonical chapter collection contents copyright current
    describedby edit edit-media enclosure first glossary help hub icon index last latest-version license monitor
    monitor-group next next-archive payment predecessor-version preview previous prev prev-archive privacy-policy
    profile related replies search section self service start stylesheet subsection successor-version tag
    terms-of-service up version-history via webmention working-copy working-copy-of""".split()
)
_HISTORY = frozenset("current first last next next-archive prev-archive previous".split())


def at(wrong: Wrong | None, line: int, where: str, section: str = "") -> Iterator[Fault]:
    """Yield `wrong`, if it is anything, as the fault of what stands `where`."""
    if wrong:
        yield Fault(wrong[0], line, f"{where}: {wrong[1]}", section)


def feed_faults(feed: ReadFeed) -> Iterator[Fault]:
    """Yield what is wrong with a feed of any format, its entries too."""
    yield from _self_faults(feed)
    yield from _alternate_faults(feed)
    for link in feed.links:
        yield from link_faults(link, feed.kind)
    for text, what in ((feed.title, "the feed's title"), (feed.description, "the feed's description")):
        yield from text_faults(text, what, feed.kind)
    yield from title_faults(feed.title, "the feed's title")
    if feed.language:
        yield from at(language_fault(feed.language), feed.line, "the feed's language")
    yield from _order_faults(feed)
    for entry in feed.entries:
        yield from _entry_faults(entry, feed.kind)


def link_faults(link: Link, kind: Kind) -> Iterator[Fault]:
    """Yield what is wrong with a link's address, rel, type, language and length."""
    where = f"the link rel={link.rel}" if kind is not Kind.JSON else f"the {link.rel} address"
    if link.rel not in _RELATIONS and ":" not in link.rel:
        yield Fault("UnregisteredAtomLinkRel", link.line, f"the rel {shown(link.rel)} is not registered")
    if not link.href and (link.type or link.rel != "alternate" or kind is not Kind.RSS):
        yield Fault("MissingHref", link.line, f"{where} has no address")
    elif not (link.rel == "self" and _is_relative(link.href)):  # which has a name of its own
        yield from at(address_fault(link.href), link.line, where)
    if link.type:
        yield from at(media_type_fault(link.type), link.line, f"the type of {where}")
    if link.hreflang:
        yield from at(language_fault(link.hreflang), link.line, f"the hreflang of {where}")
    if link.length and not is_count(link.length):
        yield Fault("InvalidNonNegativeInteger", link.line, f"the length of {where} is {shown(link.length)}")


def text_faults(text: Text | None, what: str, kind: Kind) -> Iterator[Fault]:
    """Yield what is wrong with a text: markup that it does not declare, or that is unsafe."""
    if text is None or text.type is TextType.OTHER:
        return
    if text.type is TextType.TEXT:
        if wrong := text_wrong(text.value):
            message = f"{what} holds {shown(wrong)}, which readers show as it stands"
            yield Fault(_TEXT_CODES.get(kind, "ContainsHTML"), text.line, message)
    else:
        yield from content_faults(text, what, "")


def title_faults(text: Text | None, what: str) -> Iterator[Fault]:
    """Yield what is wrong with a text of one line."""
    if text is not None and not text.value.strip():
        yield Fault("NotBlank", text.line, f"{what} is empty")
    elif text is not None and text.value != text.value.strip():
        yield Fault("UnexpectedWhitespace", text.line, f"{what} is not trimmed")


def content_faults(text: Text, what: str, base: str) -> Iterator[Fault]:
    """Yield what is wrong with markup; relative references may stand against a `base` that the document names."""
    for fault in markup_faults(text.value):
        if fault.code != "ContainsRelRef" or not base:
            yield Fault(fault.code, text.line + fault.line, f"{what}: {fault.message}")


def person_faults(person: Person, where: str) -> Iterator[Fault]:
    """Yield what is wrong with a person's name, mail address and page."""
    if not person.name.strip() and not person.email and not person.uri:
        yield Fault("NotBlank", person.line, f"{where} has no name", "RFC 4287 §3.2.1")
    elif wrong := text_wrong(person.name):
        yield Fault("ContainsHTML", person.line, f"{where} is called {shown(person.name)}, with {shown(wrong)} in it")
    if person.email and not is_mail(person.email):
        yield Fault("InvalidAddrSpec", person.line, f"{where} has the mail address {shown(person.email)}")
    if person.uri:
        yield from at(address_fault(person.uri), person.line, f"the page of {where}")


def category_faults(category: Category, where: str) -> Iterator[Fault]:
    """Yield what is wrong with a category's scheme and label."""
    if category.scheme:
        yield from at(address_fault(category.scheme), category.line, f"the scheme of a category of {where}")
    if wrong := text_wrong(category.label):
        message = f"a category of {where} is {shown(category.label)}, with {shown(wrong)} in it"
        yield Fault("ContainsHTML", category.line, message)


def enclosure_faults(enclosure: Enclosure, where: str) -> Iterator[Fault]:
    """Yield what is wrong with an attachment of JSON Feed; Atom's is a link, and RSS's has names of its own."""
    if enclosure.url:  # what is missing has another name
        yield from at(address_fault(enclosure.url), enclosure.line, f"an attachment of {where}")
    if enclosure.type:
        yield from at(media_type_fault(enclosure.type), enclosure.line, f"an attachment of {where}")
    if enclosure.length and not is_count(enclosure.length):
        message = f"an attachment of {where} has the length {shown(enclosure.length)}"
        yield Fault("InvalidNonNegativeInteger", enclosure.line, message)


def media_faults(root: Node) -> Iterator[Fault]:
    """Yield addresses of pictures and other media (Media RSS) that nobody can follow."""
    for node in root.walk():
        if node.space == _MEDIA and (url := node.get("url")) is not None:
            yield from at(address_fault(url), node.line, f"<media:{node.name}>", "Media RSS")


def name_of(entry: ReadEntry) -> str:
    """Return how a sentence names `entry`: by its id, else by its link, else not."""
    return f"the entry {shown(entry.id or entry.link)}" if entry.id or entry.link else "an entry without id"


def _self_faults(feed: ReadFeed) -> Iterator[Fault]:
    links = feed.linked("self")
    if not links:
        code = "MissingAtomSelfLink" if feed.kind is Kind.RSS else "MissingSelf"
        yield Fault(code, feed.line, "the feed does not say at which address it stands")
    if len(links) > 1:
        yield Fault("DuplicateAtomLink", links[1].line, f"there are {len(links)} links rel=self")
    for link in links:
        wanted = _TYPES.get(feed.kind, link.type)
        if link.href and _is_relative(link.href):
            yield Fault("RelativeSelf", link.line, f"the feed stands at {shown(link.href)}, which is relative")
        if not link.type and wanted:
            yield Fault("MissingTypeAttr", link.line, "the link rel=self has no type")
        elif link.type.partition(";")[0].strip().lower() != wanted and "/" in link.type:
            yield Fault("SelfNotAtom", link.line, f"the link rel=self is of type {shown(link.type)}, not {wanted}")


def _alternate_faults(feed: ReadFeed) -> Iterator[Fault]:
    links = feed.linked("alternate")
    if not links and feed.kind is not Kind.RSS:  # which has a name of its own for it
        yield Fault("MissingAlternateLink", feed.line, "the feed does not say which page it belongs to")
    for link in links:
        page = link.href.partition("#")[0]
        if page and page in (feed.self_link, feed.next_url):
            yield Fault("AlternateIsFeed", link.line, f"the page that the feed belongs to is the feed: {shown(page)}")


def _order_faults(feed: ReadFeed) -> Iterator[Fault]:
    if not feed.entries:
        yield Fault("EmptyFeed", feed.line, "the feed has no entries")
    seen: set[str] = set()
    for entry in feed.entries:
        if entry.id and entry.id in seen:
            code = _TWICE_CODES.get(feed.kind, "DuplicateEntries")
            yield Fault(code, entry.line, f"two entries have the id {shown(entry.id)}")
        seen.add(entry.id)
    for newer, older in pairwise(feed.entries):
        before, after = instant(newer.published), instant(older.published)
        if before and after and after > before:
            yield Fault("NotNewestFirst", older.line, f"{name_of(older)} is newer than the one before it")
            break
    updated = instant(feed.updated)
    for entry in feed.entries if updated else ():
        changed = instant(entry.updated) or instant(entry.published)
        if updated and changed and changed > updated:
            message = f"the feed was updated at {feed.updated}, and {name_of(entry)} after that"
            yield Fault("UpdatedTooOld", feed.line, message)
            break


def _entry_faults(entry: ReadEntry, kind: Kind) -> Iterator[Fault]:
    where = name_of(entry)
    if entry.id and kind is not Kind.RSS:
        # JSON Feed's id is any text; where it is written as an address or a name, it has to be one.
        wrong = id_fault(entry.id)
        if wrong and (kind is Kind.ATOM or wrong[0] not in ("InvalidFullLink", "InvalidIRI")):
            yield from at(wrong, entry.line, "an entry's id")
    for link in entry.links:
        yield from link_faults(link, kind)
        if link.rel in _HISTORY:
            yield Fault("FeedHistoryRelInEntry", link.line, f"{where} has a link rel={link.rel}")
    yield from text_faults(entry.title, f"the title of {where}", kind)
    yield from title_faults(entry.title, f"the title of {where}")
    yield from text_faults(entry.summary, f"the summary of {where}", kind)
    yield from _body_faults(entry, where, kind)
    for person in entry.authors:
        yield from person_faults(person, f"an author of {where}")
    for category in entry.categories:
        yield from category_faults(category, where)
    if entry.language:
        yield from at(language_fault(entry.language), entry.line, f"the language of {where}")
    published, updated = instant(entry.published), instant(entry.updated)
    if published and updated and updated < published:
        yield Fault("PublishedAfterUpdated", entry.line, f"{where} was updated before it was published")


def _body_faults(entry: ReadEntry, where: str, kind: Kind) -> Iterator[Fault]:
    if entry.summary and not entry.summary.value.strip():
        yield Fault("NotBlank", entry.summary.line, f"the summary of {where} is empty")
    if entry.content is None or entry.content.type is TextType.OTHER:
        return
    if not entry.content.value.strip():
        yield Fault("NotBlank", entry.content.line, f"the content of {where} is empty")
    if entry.content.type is not TextType.TEXT:
        yield from content_faults(entry.content, f"the content of {where}", entry.base)
    elif kind is Kind.ATOM:
        yield from text_faults(entry.content, f"the content of {where}", kind)


def _is_relative(url: str) -> bool:
    return "://" not in url
