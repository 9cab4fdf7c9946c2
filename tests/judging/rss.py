"""The rules of SPEC §6 for an RSS 2.0 document (RSS Advisory Board's specification and profile)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from tests.judging.finding import Finding, shown
from tests.judging.history import document_faults
from tests.judging.markup import markup_faults, text_of
from tests.judging.names import ATOM, CONTENT, DC, MEDIA, RSS_TYPE, SY, XML
from tests.judging.shared_rules import feed_faults
from tests.judging.values import (
    blank_faults,
    language_faults,
    length_faults,
    media_type_faults,
    plain_faults,
    rfc822,
    rfc822_faults,
    url_faults,
)
from tests.judging.view import (
    Category,
    Enclosure,
    EntryView,
    FeedView,
    attribute,
    child_text,
    count_fault,
    texts,
)

_MAILBOX = re.compile(r"[^\s@<>()]+@[^\s@<>()]+ \((?P<name>[^\s()].*)\)")
_TIME = re.compile(r"\d{4}-\d\d|\d\d:\d\d|\d{8,}")
_URL = re.compile(r"https?://[^\s()<>]+")
# The periods of RSS 1.0's module `syndication`, in minutes.
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}


def view(root: etree._Element) -> FeedView:
    """Return what an RSS document says; `root` is its `rss` element."""
    channel = root.find("channel")
    if channel is None:
        channel = etree.Element("channel")
    self_links = _self_links(channel)
    language = child_text(channel, "language")
    return FeedView(
        id="",
        title=child_text(channel, "title"),
        description=child_text(channel, "description"),
        link=child_text(channel, "link"),
        self_link=attribute(self_links[0], "href") if self_links else "",
        language=language,
        updated=rfc822(child_text(channel, "lastBuildDate")),
        authors=_names(channel, "managingEditor"),
        entries=tuple(_entry(item, number, language) for number, item in enumerate(channel.findall("item"), 1)),
    )


def rss_faults(root: etree._Element, url: str) -> Iterator[Finding]:
    """Yield what is wrong with an RSS document that is served at `url`."""
    channels = root.findall("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or len(channels) != 1:
        yield Finding(1, "UndefinedElement", f"<{root.tag}> is no RSS 2.0 with one channel", "document")
        return
    channel, feed = channels[0], view(root)
    yield from _self_faults(channel, url)
    for rule, name in ((5, "title"), (3, "link"), (5, "description"), (0, "lastBuildDate")):
        yield from count_fault(rule, channel, name, "channel")
    yield from blank_faults(5, feed.link, "link", "channel")
    yield from blank_faults(5, feed.description, "description", "channel")
    # An item's description is HTML; the channel's is text to the validator.
    yield from plain_faults(9, feed.description, "ContainsHTML", "channel description")
    yield from _language_faults(channel)
    yield from _generator_faults(channel)
    for name in ("pubDate", "lastBuildDate"):
        for date in texts(channel, name):
            yield from rfc822_faults(11, date, name, "channel")
    newest = max((entry.published for entry in feed.entries if entry.published), default=None)
    if feed.updated and newest and feed.updated < newest:
        yield Finding(0, "", f"lastBuildDate is {feed.updated}, its newest entry {newest}", "channel")
    yield from _rhythm_faults(channel)
    yield from _mail_faults(channel, ("managingEditor", "webMaster"), "channel")
    yield from document_faults(channel, RSS_TYPE)
    yield from feed_faults(feed, url, "ContainsHTML")
    for item, entry in zip(channel.findall("item"), feed.entries, strict=True):
        yield from _item_faults(item, entry)


def _entry(item: etree._Element, number: int, language: str) -> EntryView:
    identifier = child_text(item, "guid")
    description, encoded = child_text(item, "description"), child_text(item, f"{CONTENT}encoded")
    thumbnail = item.find(f"{MEDIA}thumbnail")
    return EntryView(
        where=f"item {number} ({identifier})",
        id=identifier,
        title=child_text(item, "title"),
        link=child_text(item, "link"),
        via=child_text(item, f"{DC}source"),
        published=rfc822(child_text(item, "pubDate")),
        updated=None,
        authors=_names(item, "author"),
        categories=tuple(
            Category(attribute(category, "domain"), category.text or "") for category in item.findall("category")
        ),
        summary=text_of(description) if encoded else "",
        content=encoded or description,
        enclosures=tuple(
            Enclosure(attribute(element, "url"), attribute(element, "type"), attribute(element, "length"))
            for element in item.findall("enclosure")
        ),
        thumbnail=attribute(thumbnail, "url") if thumbnail is not None else "",
        language=child_text(item, f"{DC}language") or item.get(f"{XML}lang") or language,
    )


def _names(parent: etree._Element, mailbox: str) -> tuple[str, ...]:
    """Return the authors' names: of mailboxes `mail (Name)`, and as dc:creator has them."""
    mailboxes = [_MAILBOX.fullmatch(text) for text in texts(parent, mailbox)]
    return (*(match["name"] for match in mailboxes if match), *texts(parent, f"{DC}creator"))


def _self_links(channel: etree._Element) -> list[etree._Element]:
    return [link for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]


def _self_faults(channel: etree._Element, url: str) -> Iterator[Finding]:
    links = _self_links(channel)
    if len(links) != 1:
        name = "DuplicateAtomLink" if links else "MissingAtomSelfLink"
        yield Finding(2, name, f"there are {len(links)} self links, not one", "channel")
    for link in links:
        if link.get("href") != url:
            message = f"the self link {shown(attribute(link, 'href'))} is not {shown(url)}"
            yield Finding(2, "SelfDoesntMatchLocation", message, "channel")
        if link.get("type") != RSS_TYPE:
            message = f"the self link's type is {shown(attribute(link, 'type'))}, not {RSS_TYPE}"
            yield Finding(2, "", message, "channel")
    for link in channel.iter(f"{ATOM}link"):
        rel = link.get("rel")
        if not rel:
            yield Finding(10, "", f"the link {shown(attribute(link, 'href'))} does not say its rel", "channel")
        yield from url_faults(10, attribute(link, "href"), f"atom:link {rel}")
        if (media_type := link.get("type")) is not None:
            yield from media_type_faults(10, media_type, f"atom:link {rel}")
        if (length := link.get("length")) is not None:
            yield from length_faults(10, length, f"atom:link {rel}")
        if (tag := link.get("hreflang")) is not None:
            yield from language_faults(10, tag, f"atom:link {rel}")


def _language_faults(channel: etree._Element) -> Iterator[Finding]:
    for element in channel.iter("language", f"{DC}language"):
        yield from language_faults(5, element.text or "", f"<{etree.QName(element).localname}>")
    for element in channel.iter():
        if (tag := element.get(f"{XML}lang")) is not None:
            yield from language_faults(5, tag, f"xml:lang of <{etree.QName(element).localname}>")


def _generator_faults(channel: etree._Element) -> Iterator[Finding]:
    """RSS has one text for it all: a name, a version and the address."""
    yield from count_fault(7, channel, "generator", "channel")
    for text in texts(channel, "generator"):
        address, rest = _URL.search(text), _URL.sub(" ", text)
        if not address:
            yield Finding(7, "", f"the generator {shown(text)} has no URI", "channel")
        else:
            yield from url_faults(7, address.group(), "channel generator")
        if not re.search(r"[^\W\d_]", re.sub(r"\bv?\d[\w.]*", " ", rest)):
            yield Finding(7, "", f"the generator {shown(text)} has no name", "channel")
        if not re.search(r"\d", rest):
            yield Finding(7, "", f"the generator {shown(text)} has no version", "channel")
        if _TIME.search(rest):
            yield Finding(7, "", f"the generator {shown(text)} names a time", "channel")


def _rhythm_faults(channel: etree._Element) -> Iterator[Finding]:
    """How often the feed is to be asked for: said in both ways, which agree, or not at all."""
    names = ("ttl", f"{SY}updatePeriod", f"{SY}updateFrequency")
    found = [texts(channel, name) for name in names]
    if not any(found):
        return
    for name, said in zip(names, found, strict=True):
        if len(said) != 1:
            yield Finding(0, "", f"there are {len(said)} <{etree.QName(name).localname}>, not one", "channel")
    ttl, period, frequency = (said[0] if said else "" for said in found)
    if period not in _PERIODS:
        yield Finding(0, "InvalidUpdatePeriod", f"sy:updatePeriod is {shown(period)}", "channel")
    if not re.fullmatch("[1-9][0-9]?", frequency):
        yield Finding(0, "InvalidUpdateFrequency", f"sy:updateFrequency is {shown(frequency)}", "channel")
    elif not (re.fullmatch("[0-9]+", ttl) and 60 <= int(ttl) <= _PERIODS.get(period, 0) / int(frequency)):
        yield Finding(0, "", f"ttl is {shown(ttl)}: less than an hour, or more than an update takes", "channel")


def _mail_faults(parent: etree._Element, names: tuple[str, ...], where: str) -> Iterator[Finding]:
    for name in names:
        for text in texts(parent, name):
            if not _MAILBOX.fullmatch(text):
                yield Finding(6, "InvalidContact", f"<{name}> is {shown(text)}, not `mail (Name)`", where)


def _item_faults(item: etree._Element, entry: EntryView) -> Iterator[Finding]:
    where = entry.where
    for rule, name in ((8, "guid"), (9, "title"), (10, "link"), (11, "pubDate"), (13, "description")):
        yield from count_fault(rule, item, name, where)
    for rule, name in ((6, "author"), (15, "enclosure"), (17, f"{DC}source"), (13, f"{CONTENT}encoded")):
        if item.find(name) is not None:
            yield from count_fault(rule, item, name, where)
    yield from _guid_faults(item, entry)
    yield from _mail_faults(item, ("author",), where)
    yield from rfc822_faults(11, child_text(item, "pubDate"), "pubDate", where)
    for category in entry.categories:
        yield from url_faults(12, category.scheme, where)
    yield from _content_faults(item, entry)


def _guid_faults(item: etree._Element, entry: EntryView) -> Iterator[Finding]:
    for guid in item.findall("guid"):
        permalink = guid.get("isPermaLink")
        if permalink not in (None, "true", "false"):
            yield Finding(8, "InvalidBooleanAttribute", f"isPermaLink is {shown(permalink)}", entry.where)
        # Where the guid is the link, all three are true or harmless: RSS 2.0 takes an absent one for "true".
        elif permalink != "false" and entry.id != entry.link:
            yield Finding(8, "InvalidPermalink", 'the guid is not the link, and not isPermaLink="false"', entry.where)


def _content_faults(item: etree._Element, entry: EntryView) -> Iterator[Finding]:
    where = entry.where
    order = [child.tag for child in item if child.tag in ("description", f"{CONTENT}encoded")]
    if order == [f"{CONTENT}encoded", "description"]:
        yield Finding(13, "", "content:encoded stands before description", where)
    if len(order) > 1:
        description = child_text(item, "description")
        yield from blank_faults(13, description, "description", where)
        yield from blank_faults(13, child_text(item, f"{CONTENT}encoded"), "content:encoded", where)
        if description == entry.content:
            yield Finding(13, "", "description and content:encoded are the same", where)
        for finding in markup_faults(description, "description"):
            yield Finding(finding.rule, finding.name, finding.message, f"{where} description")
    for element in item.iter("description", f"{CONTENT}encoded"):
        if len(element):
            yield Finding(13, "UndefinedElement", "the content is not escaped", where)
