"""What is wrong with an RSS document, one fault each."""

from __future__ import annotations

from typing import Final

from tests.judging.broken import SELF_RSS, Broken, add, drop, swap, swap_all

_SELF: Final = f'<atom:link rel="self" type="application/rss+xml" href="{SELF_RSS}"/>'
_PAGE: Final = "<link>https://vane.example/tags/r-and-d/</link>"
_ENTRY_PAGE: Final = "<link>https://vane.example/2024/02/29/calm/</link>"
_EDITOR: Final = "<managingEditor>desk@vane.example.org (The Weathervane)</managingEditor>"
_AUTHOR: Final = "<author>noor@vane.example.org (Noor Q.)</author>"
_GENERATOR: Final = "<generator>feeder/1 https://feeder.example/</generator>"
_TERM: Final = '<category domain="https://vane.example/tags/">R&amp;D</category>'
_CALM: Final = "<description>&lt;p&gt;No wind at all.&lt;/p&gt;</description>"
_SUMMARY: Final = "<description>Anemometers drift: p&amp;lt;0.05 &amp;amp; rising.</description>"
_ENCLOSURE: Final = '<enclosure url="https://vane.example/files/gust.mp3" length="48213" type="audio/mpeg"/>'
_SOURCE: Final = "<dc:source>https://origin.example/notes/17</dc:source>"
_BUILT: Final = "<lastBuildDate>Sat, 02 Mar 2024 08:00:00 +0000</lastBuildDate>"
_URN: Final = "urn:uuid:e2b7a1de-0c4f-5f60-8d1b-2f6f0c9b7a10"

RSS_FAULTS: Final = (
    Broken(0, "no-items", swap_all("<item>.*</item>", "")),
    Broken(0, "over-four-million-bytes", add("</channel>", f"<!--{'x' * 4_000_000}-->")),
    Broken(0, "oldest-first", swap("Fri, 01 Mar 2024", "Thu, 01 Feb 2024")),
    Broken(0, "ties-not-by-id", swap(f">{_URN}", ">https://vane.example/2024/01")),
    Broken(0, "no-last-build-date", drop(_BUILT)),
    Broken(0, "last-build-date-before-items", swap(_BUILT, _BUILT.replace("Sat, 02", "Fri, 01"))),
    Broken(0, "asked-every-minute", swap("<ttl>1440", "<ttl>1")),
    Broken(0, "asked-too-seldom", swap("<ttl>1440", "<ttl>1441")),
    Broken(0, "ttl-no-number", swap("<ttl>1440", "<ttl>a day")),
    Broken(0, "no-ttl", drop("<ttl>1440</ttl>")),
    Broken(0, "two-frequencies", add("<sy:updateF", "<sy:updateFrequency>1</sy:updateFrequency>")),
    Broken(0, "frequency-of-nothing", swap("<sy:updateFrequency>1", "<sy:updateFrequency>0")),
    Broken(0, "period-of-nobody", swap("<sy:updatePeriod>daily", "<sy:updatePeriod>nightly")),
    Broken(1, "byte-order-mark", swap("<?xml", "\ufeff<?xml")),
    Broken(1, "no-encoding-declared", drop(' encoding="UTF-8"')),
    Broken(1, "doctype", add("<rss", '<!DOCTYPE rss SYSTEM "rss.dtd">\n')),
    Broken(1, "no-newline-at-the-end", swap("</rss>\n", "</rss>")),
    Broken(1, "not-well-formed", drop("</item>")),
    Broken(1, "version-missing", drop(' version="2.0"')),
    Broken(1, "no-channel", swap_all("<channel>.*</channel>", "")),
    Broken(1, "c1-raw", swap("calm day", "calm\x9fday")),
    Broken(1, "c1-inside-html", swap("No wind", "No&amp;#150;wind")),
    Broken(2, "no-self", drop(_SELF)),
    Broken(2, "two-selves", add(_SELF, _SELF)),
    Broken(2, "self-is-elsewhere", swap(SELF_RSS, SELF_RSS + "/")),
    Broken(2, "self-of-the-other-format", swap('"application/rss+xml"', '"application/atom+xml"')),
    Broken(3, "no-link", drop(_PAGE)),
    Broken(3, "two-links", add(_PAGE, _PAGE)),
    Broken(3, "link-is-the-feed", swap(_PAGE, f"<link>{SELF_RSS}</link>")),
    Broken(3, "link-is-the-other-feed", swap(_PAGE, _PAGE.replace("r-and-d/", "r-and-d/atom.xml"))),
    Broken(3, "link-is-relative", swap(_PAGE, "<link>/tags/r-and-d/</link>")),
    Broken(5, "language-no-tag", swap("<language>en-GB", "<language>English (GB)")),
    Broken(5, "language-of-an-item", swap("<dc:language>ar", "<dc:language>ar_EG")),
    Broken(5, "xml-lang-no-tag", swap("<item>", '<item xml:lang="e">')),
    Broken(5, "title-empty", swap("<title>The Weathervane: R&amp;D</title>", "<title/>")),
    Broken(5, "link-empty", swap(_PAGE, "<link/>")),
    Broken(5, "description-empty", swap("Wind, weather &amp; what we measured", "")),
    Broken(5, "description-missing", drop("<description>Wind, weather &amp; what we measured</description>")),
    Broken(6, "no-author-at-the-channel", drop(_EDITOR)),
    Broken(6, "editor-without-name", swap(_EDITOR, "<managingEditor>desk@vane.example.org</managingEditor>")),
    Broken(6, "webmaster-without-mail", add("<language>", "<webMaster>The Weathervane</webMaster>")),
    Broken(6, "author-without-mail", swap(_AUTHOR, "<author>Noor Q.</author>")),
    Broken(6, "author-without-name", swap(_AUTHOR, "<author>noor@vane.example.org</author>")),
    Broken(6, "two-authors", add(_AUTHOR, _AUTHOR.replace("Noor", "Nour"))),
    Broken(6, "author-as-creator-too", add(_AUTHOR, "<dc:creator>Noor Q.</dc:creator>")),
    Broken(6, "creator-empty", swap("<dc:creator>佐藤 花</dc:creator>", "<dc:creator/>")),
    Broken(6, "creator-markup", swap("佐藤 花", "佐藤&lt;/i&gt; 花")),
    Broken(7, "no-generator", drop(_GENERATOR)),
    Broken(7, "generator-without-name", swap(_GENERATOR, "<generator>1 https://feeder.example/</generator>")),
    Broken(7, "generator-without-version", swap(_GENERATOR, _GENERATOR.replace("/1", ""))),
    Broken(7, "generator-without-uri", swap(_GENERATOR, "<generator>feeder/1</generator>")),
    Broken(7, "generator-with-time", swap(_GENERATOR, _GENERATOR.replace("/1", "/1 at 08:00"))),
    Broken(7, "generator-uri-not-encoded", swap(_GENERATOR, _GENERATOR.replace("example/", "example/風"))),
    Broken(8, "guid-missing", swap_all("<guid.{0,40}e2b7.*?</guid>", "")),
    Broken(8, "guid-relative", swap(_URN, "e2b7")),
    Broken(8, "guid-twice", swap(_URN, "urn:uuid:5d0a8c1e-33f4-5b0e-9d7c-6a1f2b3c4d5e")),
    Broken(8, "guid-passes-for-link", swap('<guid isPermaLink="false">', '<guid isPermaLink="true">')),
    Broken(8, "guid-does-not-say-that-it-is-no-link", swap('<guid isPermaLink="false">', "<guid>")),
    Broken(8, "guid-permalink-no-boolean", swap('isPermaLink="true"', 'isPermaLink="yes"')),
    Broken(9, "title-with-html", swap("A calm day", "A &lt;EM&gt;calm&lt;/EM&gt; day")),
    Broken(9, "title-escaped-twice", swap("A calm day", "Calm &amp;quot;day&amp;quot;")),
    Broken(9, "title-dangerous", swap("A calm day", "&lt;img src=x&gt;")),
    Broken(9, "title-untrimmed", swap("A calm day", " A calm day")),
    Broken(9, "title-of-item-empty", swap("A calm day", "")),
    Broken(9, "title-of-item-missing", drop("<title>A calm day</title>")),
    Broken(9, "channel-description-with-html", swap("Wind, weather &amp;", "Wind, weather &amp;amp;")),
    Broken(10, "link-of-item-missing", drop(_ENTRY_PAGE)),
    Broken(10, "link-of-item-twice", add(_ENTRY_PAGE, _ENTRY_PAGE)),
    Broken(10, "link-of-item-relative", swap(_ENTRY_PAGE, "<link>/2024/02/29/calm/</link>")),
    Broken(10, "link-not-encoded", swap("2024/%E9%A2%A8/", "2024/風/")),
    Broken(10, "link-with-brackets", swap("2024/%E9%A2%A8/", "2024/[a]/")),
    Broken(10, "hub-relative", swap("https://hub.example/", "/hub")),
    Broken(10, "hub-without-rel", drop('rel="hub" ')),
    Broken(10, "self-type-no-type", swap('type="application/rss+xml"', 'type="rss"')),
    Broken(10, "hub-hreflang-no-tag", swap('rel="hub"', 'rel="hub" hreflang="e"')),
    Broken(10, "hub-length-no-number", swap('rel="hub"', 'rel="hub" length="?"')),
    Broken(11, "no-pub-date", drop("<pubDate>Fri, 01 Mar 2024 23:15:07 +0000</pubDate>")),
    Broken(11, "wrong-weekday", swap("Fri, 01 Mar 2024", "Thu, 01 Mar 2024")),
    Broken(11, "wrong-weekday-of-channel", swap("Sat, 02 Mar", "Sun, 02 Mar")),
    Broken(11, "zone-by-name", swap("23:15:07 +0000", "23:15:07 GMT")),
    Broken(11, "zone-not-utc", swap("23:15:07 +0000", "23:15:07 -0000")),
    Broken(11, "month-of-a-locale", swap("01 Mar 2024", "01 Mär 2024")),
    Broken(11, "two-digit-year", swap("01 Mar 2024", "01 Mar 24")),
    Broken(11, "hour-24", swap("23:15:07", "25:15:07")),
    Broken(12, "domain-missing", swap(_TERM, "<category>R&amp;D</category>")),
    Broken(12, "domain-relative", swap(_TERM, '<category domain="tags/">R&amp;D</category>')),
    Broken(12, "category-empty", swap(_TERM, '<category domain="https://vane.example/tags/"/>')),
    Broken(12, "category-escaped-twice", swap(_TERM, _TERM.replace("&amp;", "&amp;amp;"))),
    Broken(12, "category-twice", add(_TERM, _TERM)),
    Broken(13, "cdata", swap(_CALM, "<description><![CDATA[<p>No wind at all.</p>]]></description>")),
    Broken(13, "description-of-item-missing", drop(_CALM)),
    Broken(13, "description-of-item-empty", swap(_CALM, "<description/>")),
    Broken(13, "summary-empty", swap(_SUMMARY, "<description> </description>")),
    Broken(13, "content-empty", swap_all("<content:encoded>.*</content:encoded>", "<content:encoded/>")),
    Broken(
        13,
        "summary-is-the-content",
        swap_all(
            r"<description>Anem.*?</description>(.*?<content:encoded>)(.*?)<", r"<description>\2</description>\1\2<"
        ),
    ),
    Broken(
        13,
        "content-before-description",
        swap_all(r"(<description>Anem.*?</description>)(.*?</content:encoded>)", r"\2\1"),
    ),
    Broken(13, "content-twice", add("<content:encoded>", "<content:encoded>wind</content:encoded>")),
    Broken(13, "content-not-escaped", swap(_CALM, "<description><p>No wind at all.</p></description>")),
    Broken(14, "summary-not-escaped", swap("0.05 &amp;amp; rising", "0.05 &amp; rising")),
    Broken(14, "nbsp-as-entity", swap("No wind", "No&nbsp;wind")),
    Broken(14, "content-escaped-twice", swap(_CALM, _CALM.replace("&", "&amp;"))),
    Broken(15, "two-enclosures", add(_ENCLOSURE, _ENCLOSURE.replace("gust", "gale"))),
    Broken(15, "enclosure-relative", swap(_ENCLOSURE, _ENCLOSURE.replace("https://vane.example", ""))),
    Broken(15, "enclosure-length-none", swap('length="48213"', 'length="None"')),
    Broken(15, "enclosure-length-missing", drop(' length="48213"')),
    Broken(15, "enclosure-type-missing", drop(' type="audio/mpeg"')),
    Broken(16, "summary-with-script", swap("rising.</d", "rising&lt;script&gt;&lt;/script&gt;.</d")),
    Broken(17, "origin-relative", swap(_SOURCE, "<dc:source>/notes/17</dc:source>")),
    Broken(
        17,
        "origin-is-the-link",
        swap(_SOURCE, "<dc:source>https://vane.example/2024/%E9%A2%A8/?a=1&amp;b=2</dc:source>"),
    ),
    Broken(17, "two-origins", add(_SOURCE, _SOURCE)),
)
