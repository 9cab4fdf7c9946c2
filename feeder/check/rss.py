"""What RSS 2.0 and the RSS Advisory Board's profile ask of a document besides what every format asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from feeder.check.atom import link_element_faults
from feeder.check.document import ReadFeed
from feeder.check.entries import at, category_faults
from feeder.check.fault import Fault, shown
from feeder.check.history import history_faults
from feeder.check.instants import rfc822_fault, rfc3339_fault
from feeder.check.readatom import ATOM, HISTORY
from feeder.check.readrss import CONTENT, DC
from feeder.check.tree import XML, Node
from feeder.check.values import address_fault, is_count, is_mail, language_fault, media_type_fault

_SY = "http://purl.org/rss/1.0/modules/syndication/"
_CHANNEL = frozenset(
    """title link description language copyright managingEditor webMaster pubDate lastBuildDate category generator docs
    cloud ttl image rating textInput skipHours skipDays item""".split()
)
_ITEM = frozenset(
    "title link description author category comments enclosure guid pubDate source expirationDate".split()
)
_REPEATED = ("category", "item", "enclosure")
_CHANNEL_NEEDS = (("title", "MissingTitle"), ("link", "MissingLink"), ("description", "MissingDescription"))
_OBSOLETE = ("0.90", "0.91", "0.92", "0.93", "0.94")
_PERIODS = ("hourly", "daily", "weekly", "monthly", "yearly")
_NAMES = ("tag:", "urn:")
_SMALL = 9  # a guid of fewer digits is somebody else's too
_DATES = ("pubDate", "lastBuildDate", "expirationDate")


def rss_faults(root: Node, feed: ReadFeed | None) -> Iterator[Fault]:
    """Yield what is wrong with the elements of a document; `feed` is what was read of its channel."""
    yield from _version_faults(root)
    channels = root.all("", "channel")
    if len(channels) > 1:
        yield Fault("DuplicateElement", channels[1].line, f"there are {len(channels)} <channel>", "RSS 2.0, channel")
    yield from _unknown(root, frozenset(("channel",)))
    if not channels or feed is None:
        return
    channel = channels[0]
    yield from _channel_faults(channel)
    for category in feed.categories:
        yield from category_faults(category, "the channel")
    yield from history_faults(feed)
    for node in channel.walk():
        if tag := node.get(f"{{{XML}}}lang"):
            yield from at(language_fault(tag), node.line, f"xml:lang of <{node.name}>")
    for item in channel.all("", "item"):
        yield from _item_faults(item)


def _version_faults(root: Node) -> Iterator[Fault]:
    version = root.get("version")
    if version is None:
        yield Fault("MissingAttribute", root.line, "<rss> does not say its version", "RSS 2.0, rss")
    elif version in _OBSOLETE:
        yield Fault("ObsoleteVersion", root.line, f"it is RSS {version}")
    elif version != "2.0":
        yield Fault("InvalidRSSVersion", root.line, f"the version is {shown(version)}")


def _channel_faults(channel: Node) -> Iterator[Fault]:
    yield from _unknown(channel, _CHANNEL)
    yield from _twice(channel)
    for name, code in _CHANNEL_NEEDS:
        node = channel.first("", name)
        if node is None:
            yield Fault(code, channel.line, f"the channel has no <{name}>")
        elif not node.text.strip() and name == "description":
            yield Fault("NotBlank", node.line, f"<{name}> is empty", "RSS 2.0, channel")
    yield from _common_faults(channel)
    yield from _place_faults(channel)
    yield from _rhythm_faults(channel)
    for name in ("managingEditor", "webMaster"):
        yield from _mailbox_faults(channel, name)
    if (editor := channel.first("", "managingEditor")) and channel.first(DC, "creator"):
        yield Fault("DuplicateSemantics", editor.line, "the channel has <managingEditor> and <dc:creator>")
    for image in channel.all("", "image"):
        for name in ("url", "title", "link"):
            if image.first("", name) is None:
                yield Fault("MissingElement", image.line, f"<image> has no <{name}>", "RSS 2.0, image")


def _rhythm_faults(channel: Node) -> Iterator[Fault]:
    if ttl := channel.first("", "ttl"):
        yield from _positive(ttl)
    if frequency := channel.first(_SY, "updateFrequency"):
        yield from _positive(frequency)
    period = channel.first(_SY, "updatePeriod")
    if period and period.text.strip() not in _PERIODS:
        yield Fault("InvalidUpdatePeriod", period.line, f"the period is {shown(period.text)}")


def _item_faults(item: Node) -> Iterator[Fault]:
    yield from _unknown(item, _ITEM)
    yield from _twice(item)
    yield from _common_faults(item)
    if not item.first("", "title") and not item.first("", "description"):
        yield Fault("ItemMustContainTitleOrDescription", item.line, "an item has neither title nor description")
    if not item.first("", "pubDate") and not item.first(DC, "date"):
        yield Fault("MissingPubDate", item.line, "an item has no date")
    yield from _guid_faults(item)
    yield from _enclosure_faults(item)
    yield from _mailbox_faults(item, "author")
    yield from _order_faults(item)
    for own, space, other in (("author", DC, "creator"), ("pubDate", DC, "date"), ("category", DC, "subject")):
        if item.first("", own) and (node := item.first(space, other)):
            yield Fault("DuplicateItemSemantics", node.line, f"an item has <{own}> and <dc:{other}>")
    if item.first("", "guid") and (node := item.first(ATOM, "id")):
        yield Fault("DuplicateItemSemantics", node.line, "an item has <guid> and <atom:id>")


def _common_faults(parent: Node) -> Iterator[Fault]:
    """Yield what is wrong with what a channel and an item have in common."""
    if parent.text.strip():
        yield Fault("UnexpectedText", parent.line, f"<{parent.name}> holds the text {shown(parent.text.strip())}")
    for node in parent.children:
        if node.space == "" and node.name in _DATES:
            yield from at(rfc822_fault(node.text.strip()), node.line, f"<{node.name}>")
        elif (node.space, node.name) == (DC, "date"):
            yield from at(rfc3339_fault(node.text.strip()), node.line, "<dc:date>")
        elif node.space == "" and node.name in ("comments", "docs"):
            yield from at(address_fault(node.text.strip()), node.line, f"<{node.name}>")
        elif node.space == "" and node.name == "category" and not node.text.strip():
            yield Fault("NotBlank", node.line, "<category> is empty", "RSS 2.0, category")
        elif (node.space, node.name) == (ATOM, "link"):
            yield from link_element_faults(node)
        if node.children and ((node.space, node.name) == (CONTENT, "encoded") or _is_leaf(node)):
            child = node.children[0]
            message = f"<{child.name}> stands in <{node.name}>, whose content is not escaped"
            yield Fault("UndefinedElement", child.line, message, "RSS 2.0, item")


def _is_leaf(node: Node) -> bool:
    return node.space == "" and node.name not in ("item", "image", "textInput", "skipHours", "skipDays", "channel")


def _guid_faults(item: Node) -> Iterator[Fault]:
    guid = item.first("", "guid")
    if guid is None:
        yield Fault("MissingGuid", item.line, "an item has no guid")
        return
    text, permalink = guid.text.strip(), guid.get("isPermaLink")
    if text and text != guid.text:
        yield Fault("UnexpectedWhitespace", guid.line, "<guid> is not trimmed", "RSS 2.0, guid")
    if not text:
        yield Fault("NotBlank", guid.line, "<guid> is empty", "RSS 2.0, guid")
    elif permalink not in (None, "true", "false"):
        yield Fault("InvalidBooleanAttribute", guid.line, f"isPermaLink is {shown(permalink or '')}")
    elif permalink != "false":
        if text.lower().startswith(_NAMES):
            yield Fault("InvalidPermalink", guid.line, f"the guid {shown(text)} is a name, and no address")
        elif not text.lower().startswith(("http://", "https://")) or address_fault(text):
            yield Fault("InvalidHttpGUID", guid.line, f"the guid {shown(text)} is no address")
    elif text.isdigit() and len(text) < _SMALL:
        yield Fault("NotSufficientlyUnique", guid.line, f"the guid is {shown(text)}")


def _enclosure_faults(item: Node) -> Iterator[Fault]:
    enclosures = item.all("", "enclosure")
    if len(enclosures) > 1:
        yield Fault("DuplicateEnclosure", enclosures[1].line, f"an item has {len(enclosures)} enclosures")
    for node in enclosures:
        for name in ("url", "type", "length"):
            if node.get(name) is None:
                yield Fault("MissingAttribute", node.line, f"an enclosure has no {name}", "RSS 2.0, enclosure")
        url, kind, length = node.get("url"), node.get("type"), node.get("length")
        if url is not None and (address_fault(url) or not url.lower().startswith(("http://", "https://"))):
            yield Fault("InvalidURLAttribute", node.line, f"an enclosure's url is {shown(url)}")
        if kind is not None and media_type_fault(kind):
            yield Fault("InvalidMIMEAttribute", node.line, f"an enclosure's type is {shown(kind)}")
        if length == "-1":
            yield Fault("UseZeroForUnknown", node.line, "an enclosure's length is -1")
        elif length is not None and not is_count(length):
            yield Fault("InvalidIntegerAttribute", node.line, f"an enclosure's length is {shown(length)}")


def _mailbox_faults(parent: Node, name: str) -> Iterator[Fault]:
    for node in parent.all("", name):
        text = node.text.strip()
        mail, _, rest = text.partition(" ")
        if not is_mail(mail):
            yield Fault("InvalidContact", node.line, f"<{name}> is {shown(text)}")
        elif not (rest.startswith("(") and rest.endswith(")") and rest[1:-1].strip()):
            yield Fault("MissingRealName", node.line, f"<{name}> is {shown(text)}")


def _order_faults(item: Node) -> Iterator[Fault]:
    encoded, description = item.first(CONTENT, "encoded"), item.first("", "description")
    if encoded and description is None:
        yield Fault("NeedDescriptionBeforeContent", encoded.line, "an item has content:encoded and no description")
    elif encoded and description and item.children.index(encoded) < item.children.index(description):
        yield Fault("NeedDescriptionBeforeContent", encoded.line, "content:encoded stands before description")


def _place_faults(channel: Node) -> Iterator[Fault]:
    begun = False
    for child in channel.children:
        is_item = (child.space, child.name) == ("", "item")
        if begun and not is_item and child.space in ("", ATOM, HISTORY):
            yield Fault("MisplacedItem", child.line, f"<{child.name}> stands after an item")
        begun = begun or is_item


def _unknown(parent: Node, known: frozenset[str]) -> Iterator[Fault]:
    for child in parent.children:
        if child.space == "" and child.name not in known:
            yield Fault("UndefinedElement", child.line, f"<{child.name}> is no element of RSS's <{parent.name}>")


def _twice(parent: Node) -> Iterator[Fault]:
    names = Counter(child.name for child in parent.children if child.space == "")
    for name, number in names.items():
        if number > 1 and name not in _REPEATED:
            second = parent.all("", name)[1]
            yield Fault(
                "DuplicateElement", second.line, f"<{parent.name}> has {number} <{name}>", f"RSS 2.0, {parent.name}"
            )
    encoded = parent.all(CONTENT, "encoded")
    if len(encoded) > 1:
        yield Fault("DuplicateElement", encoded[1].line, "an item has several <content:encoded>", "RSS profile, item")


def _positive(node: Node) -> Iterator[Fault]:
    text = node.text.strip()
    if not is_count(text) or not text.strip("0"):
        yield Fault("InvalidPositiveInteger", node.line, f"<{node.name}> is {shown(text)}")
