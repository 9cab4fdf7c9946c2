"""What is wrong with an Atom or an RSS document, one fault each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.check.variants import Variant, before, drop, in_file, sub, swap

_GUEST: Final = "https://weir.example/notes/2024/03/guest/"
_BODY: Final = "&lt;p&gt;We came by boat.&lt;/p&gt;"
_SELF: Final = '<link href="https://weir.example/notes/atom.xml" rel="self" type="application/atom+xml"/>'
_RSS_SELF: Final = '<atom:link href="https://weir.example/notes/rss.xml" rel="self" type="application/rss+xml"/>'
_PAGE: Final = '<link href="https://weir.example/notes/" rel="alternate" type="text/html"/>'
_ENCLOSURE: Final = '<enclosure url="https://weir.example/audio/gate.mp3" length="51200" type="audio/mpeg"/>'
_GUEST_ID: Final = "urn:uuid:d9f97e05-8393-51fd-a97b-5e32024aeb5f"
_LEVEL_ID: Final = "urn:uuid:d8525a35-e6a8-5a4a-a017-1f9f5e7510b6"
_ARCHIVE: Final = "archive/2024-01/atom.xml"


def _atom(name: str, code: str, change: Callable[[str], str]) -> Variant:
    return in_file("atom.xml", f"atom-{name}", code, change)


def _rss(name: str, code: str, change: Callable[[str], str]) -> Variant:
    return in_file("rss.xml", f"rss-{name}", code, change)


def _ascii(text: str) -> str:
    """Return `text` with what is not ASCII as references, which is the same text in most encodings."""
    return text.encode("ascii", "xmlcharrefreplace").decode()


def _body(name: str, code: str, markup: str) -> Variant:
    """Return the variant in which `markup` stands in the body of an Atom entry."""
    escaped = markup.replace("&", "&amp;").replace("<", "&lt;")
    return _atom(f"body-{name}", code, swap(_BODY, _BODY + escaped))


BYTES: Final = (
    _atom("byte-order-mark", "ByteOrderMark", swap("<?xml", "\ufeff<?xml")),
    _atom("no-encoding", "MissingEncoding", drop(" encoding='UTF-8'")),
    _atom("utf-16", "NotUTF8", lambda text: text.encode("utf-16").decode("utf-8", "surrogateescape")),
    _atom("latin-1", "NotUTF8", lambda text: _ascii(text.replace("'UTF-8'", "'ISO-8859-1'"))),
    _atom("not-utf-8", "UnicodeError", swap("boat", "boat\udcff")),
    _atom("encoding-of-nobody", "UnknownEncoding", swap("'UTF-8'", "'x-mac-klingon'")),
    _atom("no-newline-at-the-end", "MissingFinalNewline", drop(r"\n$")),
    _atom("doctype", "InvalidDoctype", before("<feed", "<!DOCTYPE feed>\n")),
    _atom("named-entity", "UndefinedNamedEntity", swap("by boat", "by&nbsp;boat")),
    _atom("not-well-formed", "SAXError", drop("</entry>")),
    _atom("backspace", "SAXError", swap("boat", "boat&#8;")),
    _atom("c1-control", "BadCharacters", swap("A guest", "A\u0092guest")),
    _atom("too-deep", "TooDeep", swap("<subtitle>", "<x>" * 300 + "<subtitle>")),
    _atom("six-megabytes", "ValidatorLimit", before("</feed>", f"<!--{'x' * 6_000_000}-->")),
)

ATOM: Final = (
    _atom("of-another-time", "ObsoleteNamespace", swap("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#")),
    _atom("no-id", "MissingElement", drop("<id>.*?</id>")),
    _atom("no-updated", "MissingElement", drop("<updated>.*?</updated>")),
    _atom("no-author", "MissingElement", drop("<author>.*?</author>")),
    _atom("two-titles", "DuplicateElement", before("<subtitle>", "<title>Weir</title>")),
    _atom("unknown-element", "UndefinedElement", before("<subtitle>", "<tagline>Weir</tagline>")),
    _atom("text-between", "UnexpectedText", before("<subtitle>", "Weir")),
    _atom("metadata-last", "MisplacedMetadata", before("</feed>", "<rights>all</rights>")),
    _atom("no-self", "MissingSelf", swap(_SELF, "")),
    _atom("relative-self", "RelativeSelf", swap("https://weir.example/notes/atom.xml", "atom.xml")),
    _atom("self-of-rss", "SelfNotAtom", swap("application/atom+xml", "application/rss+xml")),
    _atom("self-without-type", "MissingTypeAttr", swap(' type="application/atom+xml"', "")),
    _atom("two-selves", "DuplicateAtomLink", before(_SELF, _SELF)),
    _atom("no-alternate", "MissingAlternateLink", swap(_PAGE, "")),
    _atom("two-alternates", "DuplicateAtomLink", before(_PAGE, _PAGE.replace("notes/", "notes/2"))),
    _atom("alternate-is-the-feed", "AlternateIsFeed", swap('notes/" rel="alt', 'notes/atom.xml" rel="alt')),
    _atom("hub-without-address", "MissingHref", swap('href="https://hub.weir.example/" ', "")),
    _atom("rel-of-nobody", "UnregisteredAtomLinkRel", swap('rel="hub"', 'rel="hubbub"')),
    _atom("rel-empty", "AttrNotBlank", swap('rel="alternate" type="text/html"/><published', 'rel=""/><published')),
    _atom("link-with-text", "AtomLinkNotEmpty", swap('rel="hub"/>', 'rel="hub">hub</link>')),
    _atom("link-not-encoded", "UriNotIri", swap("2024/03/eels/", "2024/03/鰻/")),
    _atom("link-with-a-space", "InvalidUriChar", swap("2024/03/eels/", "2024/03/the eels/")),
    _atom("link-relative", "InvalidFullLink", swap(_GUEST, "/2024/03/guest/")),
    _atom("link-hreflang", "InvalidLanguage", swap('rel="hub"', 'rel="hub" hreflang="e"')),
    _atom("language", "InvalidLanguage", swap('xml:lang="ja"', 'xml:lang="jp_JP"')),
    _atom("enclosure-type", "InvalidMIMEType", swap("audio/mpeg", "mp3")),
    _atom("enclosure-length", "InvalidNonNegativeInteger", swap('"51200"', '"50 kB"')),
    _atom("id-relative", "InvalidFullLink", swap(_GUEST_ID, "guest")),
    _atom("id-with-a-space", "InvalidIRI", swap(_GUEST_ID, "https://weir.example/a guest")),
    _atom("id-no-uuid", "InvalidUUID", swap(_GUEST_ID, _GUEST_ID[:-1])),
    _atom("id-no-urn", "InvalidURN", swap(_GUEST_ID, "urn:guest")),
    _atom("id-no-tag", "InvalidTAG", swap(_GUEST_ID, "tag:weir.example:guest")),
    _atom("id-not-trimmed", "UnexpectedWhitespace", swap(_GUEST_ID, f" {_GUEST_ID}")),
    _atom("id-twice", "DuplicateEntries", swap(_GUEST_ID, _LEVEL_ID)),
    _atom("title-empty", "NotBlank", swap("<title>A guest writes</title>", "<title/>")),
    _atom("title-with-html", "ContainsUndeclaredHTML", swap("A guest", "A &lt;b&gt;guest&lt;/b&gt;")),
    _atom("title-escaped-twice", "ContainsUndeclaredHTML", swap('"wheel"', "&amp;quot;wheel&amp;quot;")),
    _atom("title-type", "InvalidTextType", swap("<title>A guest", '<title type="text/markdown">A guest')),
    _atom("title-with-element", "UndefinedElement", swap("A guest", "A <b>guest</b>")),
    _atom("xhtml-without-div", "MissingXhtmlDiv", sub("<summary>.*?</summary>", '<summary type="xhtml">x</summary>')),
    _atom("instant-without-zone", "InvalidRFC3339Date", swap("2024-03-08T06:00:00Z</pub", "2024-03-08T06:00:00</pub")),
    _atom("instant-of-no-day", "InvalidRFC3339Date", swap("2024-03-08T06:00:00Z</pub", "2024-02-30T06:00:00Z</pub")),
    _atom("updated-before-published", "PublishedAfterUpdated", swap("2024-03-10T12:00:00Z", "2024-03-01T12:00:00Z")),
    _atom("feed-updated-too-old", "UpdatedTooOld", sub("<updated>.*?<", "<updated>2024-01-01T00:00:00Z<")),
    _atom(
        "oldest-first",
        "NotNewestFirst",
        sub("2024-03-08T06:00:00Z(</published><updated>)2024-03-08", r"2024-03-10T06:00:00Z\g<1>2024-03-10"),
    ),
    _atom("mail-that-is-none", "InvalidAddrSpec", swap("hana@weir.example", "hana at weir.example")),
    _atom("category-without-term", "MissingAttribute", swap('<category term="works" ', "<category ")),
    _atom("category-scheme-relative", "InvalidFullLink", swap('"https://weir.example/notes/tags/"', '"/tags/"')),
    _atom("category-escaped-twice", "ContainsHTML", swap('"R&amp;D"', '"R&amp;amp;D"')),
    _atom(
        "neither-content-nor-link",
        "MissingContentOrAlternate",
        sub(rf'<link href="{_GUEST}"[^>]*>(.*?)<content.*?</content>', r"\1"),
    ),
    _atom(
        "content-elsewhere",
        "MissingSummary",
        sub("<content[^>]*>&lt;p&gt;We.*?</content>", '<content type="text/html" src="https://weir.example/g"/>'),
    ),
    _atom(
        "content-of-no-type",
        "InvalidMIMEType",
        sub('<content type="html">&lt;p&gt;We', '<content type="CDATA">&lt;p&gt;We'),
    ),
    _atom("content-empty", "NotBlank", swap(_BODY, "")),
    _atom("thumbnail-relative", "InvalidFullLink", sub('thumbnail url="[^"]*"', 'thumbnail url="wheel.png"')),
    _atom("no-entries", "EmptyFeed", drop("<entry.*</entry>\n")),
    in_file(_ARCHIVE, "archive-without-current", "MissingCurrentInArchive", drop('<link [^>]*rel="current"[^>]*>')),
    _atom(
        "complete-with-more",
        "FeedRelInCompleteFeed",
        before("<subtitle>", '<fh:complete xmlns:fh="http://purl.org/syndication/history/1.0"/>'),
    ),
    in_file(
        "tags/r-and-d/atom.xml",
        "complete-and-not-current",
        "CurrentNotSelfInCompleteFeed",
        before("<subtitle>", '<link rel="current" href="https://weir.example/notes/1.xml"/>'),
    ),
    _atom(
        "first-with-previous",
        "LinkPastEnd",
        before(
            "<subtitle>",
            '<link rel="first" href="https://weir.example/notes/atom.xml"/>'
            '<link rel="previous" href="https://weir.example/notes/0.xml"/>',
        ),
    ),
    _atom(
        "history-in-an-entry",
        "FeedHistoryRelInEntry",
        swap("<published>", '<link rel="prev-archive" href="https://weir.example/notes/1.xml"/><published>'),
    ),
)

MARKUP: Final = (
    _body("script", "SecurityRisk", "<script>alert(1)</script>"),
    _body("frame", "SecurityRisk", '<iframe src="https://a.example/"></iframe>'),
    _body("form", "SecurityRisk", '<form><input type="text"></form>'),
    _body("svg", "SecurityRisk", '<svg onload="alert(1)"><circle/></svg>'),
    _body("handler", "SecurityRiskAttr", '<p OnClick="alert(1)">x</p>'),
    _body("javascript", "SecurityRiskAttr", '<a href=" java&#9;script:alert(1)">x</a>'),
    _body("javascript-in-srcset", "SecurityRiskAttr", '<img srcset="https://a.example/x 1x, javascript:x 2x">'),
    _body("style", "DangerousStyleAttr", '<p style="position: fixed; top: 0">x</p>'),
    _body("style-that-loads", "DangerousStyleAttr", '<p style="color: url(https://a.example/)">x</p>'),
    _body("relative-link", "ContainsRelRef", '<a href="/x">x</a>'),
    _body("relative-picture", "ContainsRelRef", '<img src="//a.example/x.png">'),
    _body("relative-candidate", "ContainsRelRef", '<img srcset="https://a.example/x, y.png 2x">'),
    _body("space-in-an-address", "InvalidUriChar", '<a href="https://a.example/a b">x</a>'),
    _body("never-closed", "NotHtml", "<b>x"),
    _body("closes-nothing", "NotHtml", "x</b>"),
    _body("crossed", "NotHtml", "<b><i>x</b>"),
    _body("unknown-element", "NotHtml", "<x-widget>x</x-widget>"),
    _body("never-finished", "NotHtml", '<img src="https://a.example/'),
    _body("attribute-twice", "NotHtml", '<p title="x" title="y">x</p>'),
    _body("less-than", "NotHtml", "1 < 2"),
    _body("comment", "ContainsComment", "<!-- x -->"),
    _body("control", "BadCharacters", "x&#150;y"),
)

RSS: Final = (
    _rss("no-version", "MissingAttribute", swap(' version="2.0"', "")),
    _rss("version-of-nobody", "InvalidRSSVersion", swap(' version="2.0"', ' version="3.0"')),
    _rss("old-version", "ObsoleteVersion", swap(' version="2.0"', ' version="0.91"')),
    _rss("no-channel", "MissingElement", drop("<channel>.*</channel>")),
    _rss("two-channels", "DuplicateElement", before("</rss>", "<channel/>")),
    _rss("text-between", "UnexpectedText", before("<docs>", "Weir")),
    _rss("docs-relative", "InvalidFullLink", sub("<docs>.*?</docs>", "<docs>/rss</docs>")),
    _rss("xml-lang", "InvalidLanguage", swap("<item>", '<item xml:lang="e">')),
    _rss(
        "image-without-link",
        "MissingElement",
        before("<docs>", "<image><url>https://a.b/c</url><title>x</title></image>"),
    ),
    _rss("guid-not-trimmed", "UnexpectedWhitespace", swap(f">{_GUEST_ID}", f"> {_GUEST_ID}")),
    _rss("date-of-dublin-core", "InvalidRFC3339Date", sub("<pubDate>.*?</pubDate>", "<dc:date>March</dc:date>")),
    _rss("two-dates", "DuplicateItemSemantics", before("<pubDate>", "<dc:date>2024-03-15T08:00:00Z</dc:date>")),
    _rss("two-ids", "DuplicateItemSemantics", before("<pubDate>", "<atom:id>urn:x-weir:1</atom:id>")),
    _rss("two-contents", "DuplicateElement", before("<content:encoded>", "<content:encoded>x</content:encoded>")),
    _rss("no-title", "MissingTitle", drop("<title>.*?</title>")),
    _rss("no-link", "MissingLink", drop("<link>.*?</link>")),
    _rss("no-description", "MissingDescription", drop("<description>.*?</description>")),
    _rss("no-self", "MissingAtomSelfLink", swap(_RSS_SELF, "")),
    _rss("self-of-atom", "SelfNotAtom", swap('"application/rss+xml"', '"application/atom+xml"')),
    _rss("link-is-the-feed", "AlternateIsFeed", swap("notes/</link>", "notes/rss.xml</link>")),
    _rss("link-relative", "InvalidFullLink", swap("<link>https://weir.example/notes/</link>", "<link>/notes/</link>")),
    _rss("two-links", "DuplicateElement", before("<docs>", "<link>https://weir.example/notes/</link>")),
    _rss("unknown-element", "UndefinedElement", before("<docs>", "<subtitle>Weir</subtitle>")),
    _rss("metadata-last", "MisplacedItem", before("</channel>", "<copyright>all</copyright>")),
    _rss("language", "InvalidLanguage", swap("<language>en</language>", "<language>en_US.UTF-8</language>")),
    _rss("ttl", "InvalidPositiveInteger", sub("<ttl>.*?</ttl>", "<ttl>a day</ttl>")),
    _rss("period", "InvalidUpdatePeriod", sub("Period>[a-z]*<", "Period>sometimes<")),
    _rss("editor-without-mail", "InvalidContact", swap("keeper@weir.example (Keeper)", "Keeper")),
    _rss("author-without-name", "MissingRealName", swap(" (佐藤 花)", "")),
    _rss("author-as-creator-too", "DuplicateItemSemantics", before("<author>", "<dc:creator>花</dc:creator>")),
    _rss("editor-as-creator-too", "DuplicateSemantics", before("<docs>", "<dc:creator>Keeper</dc:creator>")),
    _rss(
        "neither-title-nor-description",
        "ItemMustContainTitleOrDescription",
        sub("<title>A guest writes</title>(.*?)<description>.*?</description>", r"\1"),
    ),
    _rss("no-guid", "MissingGuid", drop(f'<guid isPermaLink="false">{_GUEST_ID}</guid>')),
    _rss("guid-is-no-address", "InvalidHttpGUID", swap(f'isPermaLink="false">{_GUEST_ID}', ">guest")),
    _rss("guid-passes-for-an-address", "InvalidPermalink", swap('<guid isPermaLink="false">', "<guid>")),
    _rss("guid-says-yes", "InvalidBooleanAttribute", swap('isPermaLink="false"', 'isPermaLink="no"')),
    _rss("guid-is-a-number", "NotSufficientlyUnique", swap(_GUEST_ID, "17")),
    _rss("guid-empty", "NotBlank", swap(_GUEST_ID, "")),
    _rss("guid-twice", "DuplicateValue", swap(_GUEST_ID, _LEVEL_ID)),
    _rss("title-with-html", "ContainsHTML", swap("A guest", "A &lt;b&gt;guest&lt;/b&gt;")),
    _rss("title-dangerous", "ContainsHTML", swap("A guest", "A &lt;img src=x onerror=alert(1)&gt;")),
    _rss("category-empty", "NotBlank", swap(">works<", "><")),
    _rss("no-date", "MissingPubDate", drop("<pubDate>.*?</pubDate>")),
    _rss(
        "wrong-day",
        "IncorrectDOW",
        sub("Fri(, 15 Mar 2024 08:00:00 .0000</pub)", r"Sat\1"),
    ),
    _rss("date-of-atom", "InvalidRFC2822Date", sub("<pubDate>.*?<", "<pubDate>2024-03-15T08:00:00Z<")),
    _rss("date-without-zone", "ProblematicalRFC822Date", swap("08:00:00 +0000</pub", "08:00:00</pub")),
    _rss("two-enclosures", "DuplicateEnclosure", before(_ENCLOSURE, _ENCLOSURE)),
    _rss("enclosure-without-length", "MissingAttribute", swap(' length="51200"', "")),
    _rss("enclosure-of-unknown-length", "UseZeroForUnknown", swap('"51200"', '"-1"')),
    _rss("enclosure-of-no-length", "InvalidIntegerAttribute", swap('"51200"', '"None"')),
    _rss("enclosure-of-no-type", "InvalidMIMEAttribute", swap('"audio/mpeg"', '"mp3"')),
    _rss("enclosure-relative", "InvalidURLAttribute", swap('url="https://weir.example/audio', 'url="/audio')),
    _rss(
        "content-first",
        "NeedDescriptionBeforeContent",
        sub("(<description>The gate.*?</description>)(<content:encoded>.*?</content:encoded>)", r"\2\1"),
    ),
    _rss("content-alone", "NeedDescriptionBeforeContent", drop("<description>The gate.*?</description>")),
    _rss("description-not-escaped", "UndefinedElement", swap(_BODY, "<p>We came by boat.</p>")),
    _rss("description-with-script", "SecurityRisk", swap("We came", "&lt;script&gt;x&lt;/script&gt;We came")),
    _rss("summary-empty", "NotBlank", sub("<description>The gate.*?</description>", "<description/>")),
)
