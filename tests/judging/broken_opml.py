"""What is wrong with a subscription list, one fault each; and with the lists of a site."""

from __future__ import annotations

from typing import Final

from tests.judging.broken import Broken, add, drop, swap, swap_all

_FEED: Final = 'xmlUrl="https://vane.example/tags/r-and-d/atom.xml"'
_PAGE: Final = 'htmlUrl="https://vane.example/tags/r-and-d/"'

OPML_FAULTS: Final = (
    Broken(1, "byte-order-mark", swap("<?xml", "\ufeff<?xml")),
    Broken(1, "no-newline-at-the-end", swap("</opml>\n", "</opml>")),
    Broken(1, "not-well-formed", drop("</body>")),
    Broken(1, "control", swap("観測", "観\x9f測")),
    Broken(19, "another-root", swap_all("opml(?=>| v)", "list")),
    Broken(19, "version-1", swap('version="2.0"', 'version="1.0"')),
    Broken(19, "no-head", swap_all("<head>.*</head>", "")),
    Broken(19, "no-title", drop("<title>The Weathervane</title>")),
    Broken(19, "clock", add("</head>", "<dateCreated>Sat, 02 Mar 2024 08:00:00 +0000</dateCreated>")),
    Broken(19, "clock-again", add("</head>", "<dateModified>Sat, 02 Mar 2024 08:00:00 +0000</dateModified>")),
    Broken(19, "no-feeds", swap_all("<body>.*</body>", "<body/>")),
    Broken(19, "feed-twice", swap(_FEED, 'xmlUrl="https://vane.example/atom.xml"')),
    Broken(19, "group-without-text", swap('<outline text="tags">', "<outline>")),
    Broken(19, "group-empty", add("</body>", '<outline text="categories"/>')),
    Broken(19, "group-with-address", swap('text="tags"', f'text="tags" {_PAGE}')),
    Broken(
        19,
        "group-in-a-group",
        swap_all('(<outline text="tags">)(.*)(</outline>)', r'\1<outline text="x">\2</outline>\3'),
    ),
    Broken(19, "feed-in-a-feed", swap_all(r'(language="en-GB")/>', r'\1><outline text="x" type="rss"/></outline>')),
    Broken(19, "type-of-its-format", swap(f'type="rss" {_FEED}', f'type="atom" {_FEED}')),
    Broken(19, "text-empty", swap('text="The Weathervane: R&amp;D"', 'text=""')),
    Broken(19, "text-markup", swap('text="The Weathervane: R&amp;D"', 'text="R&amp;amp;D &lt;/b&gt;"')),
    Broken(19, "no-address", drop(_FEED)),
    Broken(19, "address-relative", swap(_FEED, 'xmlUrl="/tags/r-and-d/atom.xml"')),
    Broken(19, "address-not-encoded", swap("%E8%A6%B3%E6%B8%AC", "観測")),
    Broken(19, "page-missing", drop(_PAGE)),
    Broken(19, "page-relative", swap(_PAGE, 'htmlUrl="tags/"')),
    Broken(19, "unknown-attribute", swap(_PAGE, f'{_PAGE} url="x"')),
)
