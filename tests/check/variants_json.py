"""What is wrong with a JSON Feed, one fault each."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from tests.check.variants import Variant, in_file, swap


def _text(name: str, code: str, change: Callable[[str], str]) -> Variant:
    return in_file("feed.json", f"json-{name}", code, change)


def _feed(name: str, code: str, change: Callable[[dict[str, Any]], object]) -> Variant:
    """Return the variant in which `change` was made to the feed's object."""

    def changed(text: str) -> str:
        feed = json.loads(text)
        change(feed)
        return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"

    return _text(name, code, changed)


def _item(name: str, code: str, change: Callable[[dict[str, Any]], object]) -> Variant:
    """Return the variant in which `change` was made to the object of the newest item."""
    return _feed(name, code, lambda feed: change(feed["items"][0]))


JSON: Final = (
    _text("not-well-formed", "InvalidJSON", swap('"items": [', '"items": [,')),
    _text("not-utf-8", "UnicodeError", swap("gate", "gate\udcff")),
    _text("too-deep", "TooDeep", swap('"items": [', '"_deep": ' + "[" * 100_000 + "]" * 100_000 + ', "items": [')),
    _text("key-twice", "DuplicateElement", swap('"language"', '"language": "en", "language"')),
    _text("no-newline-at-the-end", "MissingFinalNewline", str.rstrip),
    _feed("no-version", "MissingElement", lambda feed: feed.pop("version")),
    _feed(
        "version-of-nobody",
        "InvalidJSONFeedVersion",
        lambda feed: feed.update(version="https://jsonfeed.org/version/9"),
    ),
    _feed("old-version", "ObsoleteVersion", lambda feed: feed.update(version="https://jsonfeed.org/version/1")),
    _feed("no-title", "MissingElement", lambda feed: feed.pop("title")),
    _feed("title-empty", "NotBlank", lambda feed: feed.update(title=" ")),
    _feed("title-with-html", "ContainsHTML", lambda feed: feed.update(title="Weir <i>notes</i>")),
    _feed("title-is-a-number", "InvalidValue", lambda feed: feed.update(description=5)),
    _feed("no-items", "EmptyFeed", lambda feed: feed.update(items=[])),
    _feed("no-self", "MissingSelf", lambda feed: feed.pop("feed_url")),
    _feed("no-page", "MissingAlternateLink", lambda feed: feed.pop("home_page_url")),
    _feed("page-is-the-feed", "AlternateIsFeed", lambda feed: feed.update(home_page_url=feed["feed_url"])),
    _feed("page-relative", "InvalidFullLink", lambda feed: feed.update(home_page_url="/notes/")),
    _feed("language", "InvalidLanguage", lambda feed: feed.update(language="english, mostly")),
    _feed("one-author", "Deprecated", lambda feed: feed.update(author=feed["authors"][0])),
    _feed("author-is-nobody", "NotBlank", lambda feed: feed.update(authors=[{"name": ""}])),
    _feed("hub-without-type", "MissingElement", lambda feed: feed["hubs"][0].pop("type")),
    _feed("item-is-no-object", "InvalidValue", lambda feed: feed["items"].append("x")),
    _item("no-id", "MissingElement", lambda item: item.pop("id")),
    _item("id-is-a-number", "NonStringId", lambda item: item.update(id=12345678901)),
    _item("id-no-tag", "InvalidTAG", lambda item: item.update(id="tag:weir.example:gate")),
    _feed("id-twice", "DuplicateEntries", lambda feed: feed["items"][0].update(id=feed["items"][1]["id"])),
    _item("url-not-encoded", "UriNotIri", lambda item: item.update(url="https://weir.example/門/")),
    _item("no-content", "MissingContent", lambda item: item.pop("content_html")),
    _item("content-empty", "NotBlank", lambda item: item.update(content_html="")),
    _item("script", "SecurityRisk", lambda item: item.update(content_html="<script>x</script>")),
    _item("relative-picture", "ContainsRelRef", lambda item: item.update(content_html='<img src="wheel.png">')),
    _item("picture-relative", "InvalidFullLink", lambda item: item.update(image="wheel.png")),
    _item("no-date", "MissingPubDate", lambda item: item.pop("date_published")),
    _item("date-of-rss", "InvalidRFC3339Date", lambda item: item.update(date_published="15 Mar 2024 08:00:00 GMT")),
    _item("tag-is-a-number", "InvalidValue", lambda item: item["tags"].append(5)),
    _item("control", "BadCharacters", lambda item: item.update(summary="the\u0092gate")),
    _item("attachment-without-type", "MissingElement", lambda item: item["attachments"][0].pop("mime_type")),
    _item("attachment-of-no-type", "InvalidMIMEType", lambda item: item["attachments"][0].update(mime_type="mp3")),
    _item("attachment-relative", "InvalidFullLink", lambda item: item["attachments"][0].update(url="gate.mp3")),
    _item("attachment-size", "InvalidNonNegativeInteger", lambda item: item["attachments"][0].update(size_in_bytes=-1)),
)
