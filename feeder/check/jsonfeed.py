"""What JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/) asks of a document besides what every format asks."""

from __future__ import annotations

from collections.abc import Iterator

from feeder.check.document import ReadFeed
from feeder.check.entries import at, enclosure_faults, name_of, person_faults
from feeder.check.fault import Fault, shown
from feeder.check.instants import rfc3339_fault
from feeder.check.jsontree import Member, Object
from feeder.check.values import address_fault

_VERSION = "https://jsonfeed.org/version/1.1"
_OLD = "https://jsonfeed.org/version/1"
_TYPES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(
        """title home_page_url feed_url description user_comment next_url icon favicon language url external_url
        content_html content_text summary image banner_image date_published date_modified name avatar mime_type type
        version""".split(),
        (str,),
    ),
    **dict.fromkeys("authors items hubs tags attachments".split(), (tuple,)),
    **dict.fromkeys("size_in_bytes duration_in_seconds".split(), (int, float)),
    "author": (Object,),
    "expired": (bool,),
}
_PICTURES = ("image", "banner_image", "icon", "favicon", "avatar")
_NAMES = {str: "text", tuple: "a list", int: "a number", Object: "an object", bool: "true or false"}


def json_feed_faults(root: Object, feed: ReadFeed) -> Iterator[Fault]:
    """Yield what is wrong with the members of a document; `feed` is what was read of `root`."""
    yield from _version_faults(root)
    yield from _members(root, "the feed", ("title", "items"))
    for person in feed.authors:
        yield from person_faults(person, "an author of the feed")
    for hub in root.objects("hubs"):
        yield from _members(hub, "a hub", ("type", "url"))
    yield from _strangers(root, "items")
    for item, entry in zip(root.objects("items"), feed.entries, strict=True):
        yield from _item_faults(item, name_of(entry))
        for enclosure in entry.enclosures:
            yield from enclosure_faults(enclosure, name_of(entry))


def _version_faults(root: Object) -> Iterator[Fault]:
    version = root.get("version")
    if version is None:
        yield Fault("MissingElement", root.line, "the feed has no `version`", "JSON Feed 1.1, version")
    elif version == _OLD:
        yield Fault("ObsoleteVersion", root.line_of("version"), "it is JSON Feed 1", "JSON Feed 1.1, version")
    elif version != _VERSION:
        yield Fault("InvalidJSONFeedVersion", root.line_of("version"), f"the version is {shown(str(version))}")


def _item_faults(item: Object, where: str) -> Iterator[Fault]:
    yield from _members(item, where, ())
    identity = item.get("id")
    if identity is None or identity == "":
        yield Fault("MissingElement", item.line, "an item has no `id`", "JSON Feed 1.1, items")
    elif not isinstance(identity, str):
        yield Fault("NonStringId", item.line_of("id"), f"the id of {where} is no string")
    if item.get("content_html") is None and item.get("content_text") is None:
        yield Fault("MissingContent", item.line, f"{where} has neither content_html nor content_text")
    if not item.text("date_published"):
        yield Fault("MissingPubDate", item.line, f"{where} has no date_published", "JSON Feed 1.1, items")
    for key in ("date_published", "date_modified"):
        if value := item.text(key):
            yield from at(rfc3339_fault(value), item.line_of(key), f"{key} of {where}", "JSON Feed 1.1, items")
    for attachment in item.objects("attachments"):
        yield from _members(attachment, f"an attachment of {where}", ("url", "mime_type"))
    yield from _strangers(item, "attachments")
    tags = item.get("tags")
    if isinstance(tags, tuple) and not all(isinstance(tag, str) for tag in tags):
        yield Fault("InvalidValue", item.line_of("tags"), f"a tag of {where} is no text", "JSON Feed 1.1, items")


def _members(value: Object, where: str, needed: tuple[str, ...]) -> Iterator[Fault]:
    """Yield members of `value` that are missing, or of a type that the format does not have there."""
    for key in needed:
        if value.get(key) is None:
            yield Fault("MissingElement", value.line, f"{where} has no `{key}`", "JSON Feed 1.1")
    for member in value.members:
        if member.key == "author":
            yield Fault("Deprecated", member.line, f"{where} has `author`")
        yield from _type_faults(member, where)


def _type_faults(member: Member, where: str) -> Iterator[Fault]:
    types = _TYPES.get(member.key)
    if types is None or member.value is None:
        return
    if not isinstance(member.value, types) or (isinstance(member.value, bool) and bool not in types):
        message = f"`{member.key}` of {where} is not {_NAMES[types[0]]}"
        yield Fault("InvalidValue", member.line, message)
    elif member.key in _PICTURES and isinstance(member.value, str):
        yield from at(address_fault(member.value), member.line, f"`{member.key}` of {where}", "JSON Feed 1.1")


def _strangers(value: Object, key: str) -> Iterator[Fault]:
    listed = value.get(key)
    if isinstance(listed, tuple) and not all(isinstance(one, Object) for one in listed):
        yield Fault("InvalidValue", value.line_of(key), f"something in `{key}` is no object")
