"""What is wrong with a JSON Feed, one fault each."""

from __future__ import annotations

from typing import Final

from tests.judging.broken import SELF_JSON, Broken, add, drop, swap, swap_all

_PAGE: Final = '"home_page_url": "https://vane.example/tags/r-and-d/"'
_VERSION: Final = '"version": "https://jsonfeed.org/version/1.1"'
_TITLE: Final = '"title": "The Weathervane: R&D"'
_URN: Final = "urn:uuid:e2b7a1de-0c4f-5f60-8d1b-2f6f0c9b7a10"
_CALM: Final = '"content_html": "<p>No wind at all.</p>"'
_TAGS: Final = '"tags": ["R&D", "観測"]'
_SIZE: Final = '"size_in_bytes": 48213'
_ABOUT: Final = '{"about": "https://feeder.example/", "version": "1"'

JSON_FAULTS: Final = (
    Broken(0, "no-items", swap_all(r'"items": \[.*\]', '"items": []')),
    Broken(0, "over-four-million-bytes", swap("No wind", "No wind " * 500_000)),
    Broken(0, "oldest-first", swap("2024-03-01T23:15:07Z", "2024-02-01T23:15:07Z")),
    Broken(0, "ties-not-by-id", swap(f'"{_URN}', '"https://vane.example/2024/01')),
    Broken(1, "byte-order-mark", swap('{\n "version', '\ufeff{\n "version')),
    Broken(1, "no-newline-at-the-end", swap(" ]\n}\n", " ]\n}")),
    Broken(1, "escaped-for-ascii", swap("観測", "\\u89b3\\u6e2c")),
    Broken(1, "control", swap("calm day", "calm\x9fday")),
    Broken(2, "self-is-elsewhere", swap(SELF_JSON, SELF_JSON + "/")),
    Broken(2, "self-of-another-format", swap(SELF_JSON, SELF_JSON.replace("feed.json", "atom.xml"))),
    Broken(3, "page-is-the-feed", swap(_PAGE, f'"home_page_url": "{SELF_JSON}"')),
    Broken(3, "page-is-relative", swap(_PAGE, '"home_page_url": "/tags/r-and-d/"')),
    Broken(4, "no-feed-id", swap(', "id": "urn:uuid:0f8c1b52-6f3e-5c55-8a51-9b1a4a0d7c11"', "")),
    Broken(5, "language-no-tag", swap('"language": "en-GB"', '"language": "English (GB)"')),
    Broken(5, "language-of-an-item", swap('"language": "ar"', '"language": "ar_EG"')),
    Broken(5, "title-empty", swap(_TITLE, '"title": ""')),
    Broken(5, "description-blank", swap("Wind, weather & what we measured", " ")),
    Broken(6, "author-without-name", swap('"name": "佐藤 花"', '"name": " "')),
    Broken(6, "author-twice", swap("Ἀριστοτέλης", "佐藤 花")),
    Broken(6, "author-markup", swap("佐藤 花", "佐藤</i> 花")),
    Broken(6, "author-no-address", swap("mailto:noor@vane.example.org", "noor@vane.example.org")),
    Broken(6, "no-author", swap_all(r'"authors": \[\{"name": "The Wea[^]]*\]', '"authors": []')),
    Broken(7, "no-generator", swap(_ABOUT, '{"x": ""')),
    Broken(7, "generator-without-version", swap(_ABOUT, _ABOUT.replace('"1"', '""'))),
    Broken(7, "generator-with-time", swap(_ABOUT, _ABOUT.replace('"1"', '"1 at 08:00"'))),
    Broken(8, "id-relative", swap(_URN, "e2b7")),
    Broken(8, "id-twice", swap(_URN, "urn:uuid:5d0a8c1e-33f4-5b0e-9d7c-6a1f2b3c4d5e")),
    Broken(9, "title-with-html", swap("A calm day", "A <em>calm</em> day")),
    Broken(9, "title-escaped-twice", swap("A calm day", "Calm &quot;day&quot;")),
    Broken(9, "title-untrimmed", swap("A calm day", " A calm day")),
    Broken(9, "title-of-item-blank", swap("A calm day", " ")),
    Broken(10, "link-not-encoded", swap("%E9%A2%A8", "風")),
    Broken(10, "link-relative", swap("https://vane.example/2024/02/29/calm/", "/calm/")),
    Broken(10, "image-relative", swap('"image": "https://vane.example/i.png"', '"image": "/i.png"')),
    Broken(10, "hub-relative", swap("https://hub.example/", "//hub.example/")),
    Broken(11, "published-with-offset", swap("2024-03-01T23:15:07Z", "2024-03-01T23:15:07+00:00")),
    Broken(11, "modified-before-published", swap("2024-02-29T06:00:00Z", "2024-02-28T06:00:00Z")),
    Broken(12, "tag-markup", swap(_TAGS, _TAGS.replace("観測", "<b>x</b>"))),
    Broken(12, "tag-empty", swap(_TAGS, _TAGS.replace("観測", ""))),
    Broken(12, "tag-twice", swap(_TAGS, _TAGS.replace("観測", "R&D"))),
    Broken(13, "content-blank", swap(_CALM, '"content_html": " "')),
    Broken(13, "summary-blank", swap("Anemometers drift: p<0.05 & rising.", " ")),
    Broken(14, "escaped-twice", swap("<p>No wind at all.</p>", "&lt;p&gt;No wind at all.&lt;/p&gt;")),
    Broken(15, "attachment-relative", swap("https://vane.example/files/gust.mp3", "files/gust.mp3")),
    Broken(15, "attachment-type", swap('"mime_type": "audio/mpeg"', '"mime_type": "audio"')),
    Broken(15, "attachment-size-negative", swap(_SIZE, '"size_in_bytes": -1')),
    Broken(15, "attachment-size-nothing", swap(_SIZE, '"size_in_bytes": 0')),
    Broken(16, "script", swap("No wind at all.", "No wind<script>x()</script>")),
    Broken(17, "origin-relative", swap("https://origin.example/notes/17", "/notes/17")),
    Broken(
        17,
        "origin-is-the-link",
        swap("https://origin.example/notes/17", "https://vane.example/2024/%E9%A2%A8/?a=1&b=2"),
    ),
    Broken(18, "no-json", drop('"items": [')),
    Broken(18, "no-object", swap_all(r"^.*$", "[]\n")),
    Broken(18, "key-twice", add(_TITLE, f"{_TITLE}, ")),
    Broken(18, "number-that-is-none", swap(_SIZE, '"size_in_bytes": NaN')),
    Broken(18, "version-1", swap(_VERSION, _VERSION.replace("/1.1", "/1"))),
    Broken(18, "no-version", drop(f"{_VERSION},")),
    Broken(18, "no-title", drop(f"{_TITLE},")),
    Broken(18, "no-home-page", drop(f"{_PAGE},")),
    Broken(18, "no-feed-url", drop(f'"feed_url": "{SELF_JSON}",')),
    Broken(18, "author-of-version-1", swap('"authors": [{"name": "Noor Q."', '"author": [{"name": "Noor Q."')),
    Broken(18, "id-number", swap(f'"{_URN}"', "17")),
    Broken(18, "no-id", drop(f'"id": "{_URN}",')),
    Broken(18, "no-content", drop(f"{_CALM},")),
    Broken(18, "content-no-text", swap(_CALM, '"content_html": null')),
    Broken(18, "no-date-published", drop('"date_published": "2024-03-01T23:15:07Z",')),
    Broken(18, "tags-text", swap(_TAGS, '"tags": "R&D, 観測"')),
    Broken(18, "tag-number", swap(_TAGS, '"tags": ["R&D", 2049]')),
    Broken(18, "authors-text", swap('[{"name": "佐藤 花"}, {"name": "Ἀριστοτέλης"}]', '["佐藤 花"]')),
    Broken(18, "author-nobody", swap('{"name": "佐藤 花"}', "{}")),
    Broken(18, "unknown-key", swap('"language": "ar"', '"lang": "ar"')),
    Broken(18, "extension-without-letter", swap('"language": "ar"', '"_1": "ar"')),
    Broken(18, "attachment-without-type", drop(', "mime_type": "application/pdf"')),
    Broken(18, "attachment-size-text", swap(_SIZE, '"size_in_bytes": "48213"')),
    Broken(18, "hub-without-type", drop('"type": "WebSub", ')),
    Broken(18, "next-is-itself", swap("https://vane.example/tags/r-and-d/2024-02.json", SELF_JSON)),
    Broken(18, "says-nothing", swap('"language": "ar"', '"image": ""')),
    Broken(18, "another-order", swap(f"{_VERSION},\n {_TITLE}", f"{_TITLE},\n {_VERSION}")),
    Broken(
        18,
        "another-order-in-an-item",
        swap('"tags": ["R&D"],\n   "language": "ar"', '"language": "ar", "tags": ["R&D"]'),
    ),
)
