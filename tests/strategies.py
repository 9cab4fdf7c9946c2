"""Values of the model for tests: plain ones to start from, and hypothesis strategies for hostile ones.

What the strategies draw is what `normalise` and `plan` promise of their results, and no more: legal characters, text on
one line in NFC, addresses in ASCII, clean HTML.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from html import escape

from hypothesis import strategies as st

from feeder.model.characters import fold
from feeder.model.entry import Content, Enclosure, Entry, SafeHtml
from feeder.model.feed import Address, Feed
from feeder.model.head import DateSource, Head
from feeder.model.source import Source
from feeder.model.term import Person, Term

SITE = "https://example.org"
INSTANT = datetime(2020, 9, 24, 3, 56, 17, tzinfo=UTC)

# What breaks generators of feeds: markup as text, XML's own characters, what no code page has, what changes direction.
HOSTILE = (
    *(
        "R&D",
        "a < b",
        "p<0.05",
        "Vec<T>",
        "<青年论坛>",
        "C++",
        "]]>",
        "<![CDATA[",
        "<?x?>",
        "100 %",
        "&",
        "<",
        ">",
        '"',
        "'",
    ),
    *(
        "{{ x }}",
        "\\",
        "\U0001f600",
        "👩‍👩‍👧",
        "e\u0301",
        "が",
        "עברית",
        "العربية",
        "(臺)中央社CNA",
        "﷽",
        "\u202eevil\u202c",
        "\ufe0f",
    ),
    *(
        "\u200b",
        "\ufeffBOM",
        "\U0010fffd",
        "\ufffd",
        "\ue000",
        "Ǆ",
        "İ",
        "ſ",
        "-->",
        "<!--",
        "%s",
        "{0}",
        "\\u0041",
        "@",
    ),
)

# Every character that XML takes, but for those that a feed never holds: C1 controls and separators that became spaces.
# And but for U+00A0 to U+00BF: feedparser takes text that would be UTF-8 if its characters were bytes for a mistake.
_LETTERS = st.characters(
    exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp"),
    exclude_characters="&<>\ufffe\uffff" + "".join(map(chr, range(0xA0, 0xC0))),
)
_PIECES = st.one_of(st.sampled_from(HOSTILE), st.text(_LETTERS, min_size=1, max_size=8))


def head(
    path: str = "2020-09-24-a.md",
    title: str = "A",
    published: datetime = INSTANT,
    origin: str = "",
    explicit_id: str = "",
    stem: str = "",
    **others: object,
) -> Head:
    """Return a head that differs from a plain one in what is named; its stem is the path's unless it is given."""
    fields = {
        "source": Source("posts", path, 1, 1),
        "digest": b"",
        "stem": stem or path.rpartition("/")[2].rpartition(".")[0],
        "title": title,
        "published": published,
        "updated": published,
        "date_source": DateSource.FRONT_MATTER,
        "has_time": False,
        "explicit_id": explicit_id,
        "origin": origin,
        "link": f"{SITE}/",
        "via": "",
        "page": "",
        "language": "",
        "authors": (),
        "terms": (),
        "body_digest": b"",
        **others,
    }
    return Head(**fields)  # type: ignore[arg-type]  # a test that names a wrong field fails at once


def term(taxonomy: str = "tags", key: str = "a", label: str = "A", slug: str = "") -> Term:
    """Return a term in the site at SITE; its slug is its key unless it is given."""
    return Term(taxonomy, key, label, slug or key, f"{SITE}/{taxonomy}/")


def entry(number: int = 1, **others: object) -> Entry:
    """Return the entry with the id `number`, its fields as in a plain entry but for what is named."""
    fields = {
        "id": f"urn:uuid:00000000-0000-5000-8000-{number:012}",
        "title": "A title",
        "link": f"{SITE}/{number}/",
        "via": "",
        "page": "",
        "published": INSTANT,
        "updated": INSTANT,
        "language": "",
        "authors": (),
        "terms": (),
        "source": Source("posts", f"{number}.md", 1, 1),
        "digest": b"",
        **others,
    }
    return Entry(**fields)  # type: ignore[arg-type]  # as above


def content(html: str = "<p>All of it.</p>", summary: str = "", **others: object) -> Content:
    """Return content, its HTML taken for clean."""
    return Content(SafeHtml(html), summary, **others)  # type: ignore[arg-type]  # as above


def feed(**others: object) -> Feed:
    """Return the feed of the site at SITE, its fields as in a plain one but for what is named."""
    fields = {
        "id": "urn:uuid:0f8c1b52-6f0c-5a3e-9d1e-2b7c4a5d6e7f",
        "taxonomy": "",
        "key": "",
        "label": "",
        "slug": "",
        "title": "A site",
        "description": "What it is about",
        "language": "",
        "authors": (Person("A site"),),
        "alternate": f"{SITE}/",
        "addresses": (Address("atom", "atom.xml", f"{SITE}/atom.xml"), Address("rss", "rss.xml", f"{SITE}/rss.xml")),
        **others,
    }
    return Feed(**fields)  # type: ignore[arg-type]  # as above


def lines(max_pieces: int = 5) -> st.SearchStrategy[str]:
    """Text on one line, never blank: titles, names, labels, summaries."""
    pieces = st.lists(_PIECES, min_size=1, max_size=max_pieces)
    texts = pieces.map(lambda found: unicodedata.normalize("NFC", fold(" ".join(found))))
    return texts.filter(lambda text: bool(text.strip()))


def instants() -> st.SearchStrategy[datetime]:
    """Aware instants in UTC, in whole seconds, of the years that feeds and their readers know."""
    seconds = st.integers(0, 130 * 365 * 86_400)
    return seconds.map(lambda passed: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=passed))


def addresses() -> st.SearchStrategy[str]:
    """Absolute http(s) URLs in percent-encoded ASCII."""
    hosts = st.sampled_from(("example.org", "xn--fiqs8s.example:8443", "[::1]", "u:p@example.net"))
    paths = st.sampled_from(("", "/", "/a/%E5%8F%B0.html", "/'()*!$,;=:@~", "/a;b=c//d"))
    queries = st.sampled_from(("", "?", "?a=1&b=2&copy=3", "?u=https://x/y?z", "#f", "?q=%26#/x?y"))
    return st.builds("{}://{}{}{}".format, st.sampled_from(("http", "https")), hosts, paths, queries)


def people() -> st.SearchStrategy[Person]:
    """Persons with and without e-mail and address."""
    mails = st.sampled_from(("", "a@example.org", "o'b+c.d@sub.example.org"))
    return st.builds(Person, lines(3), mails, st.one_of(st.just(""), addresses()))


def terms() -> st.SearchStrategy[Term]:
    """Terms of three taxonomies: the slug is another for every label."""
    return st.builds(
        lambda taxonomy, label: term(taxonomy, label.casefold(), label, f"t-{label.encode().hex()[:60]}"),
        st.sampled_from(("categories", "tags", "authors")),
        lines(2),
    )


def bodies() -> st.SearchStrategy[str]:
    """Clean HTML as the sanitiser leaves it, whose text is hostile."""
    texts = lines(4).map(lambda text: escape(text, quote=False))
    blocks = st.one_of(
        texts.map("<p>{}</p>".format),
        texts.map("<pre><code>{}\n\n  &amp;lt;p&amp;gt; ]]&gt;&nbsp;</code></pre>".format),
        st.builds('<p><a href="{}">{}</a><br>x</p>'.format, addresses().map(escape), texts),
        addresses().map(lambda url: f'<img src="{escape(url)}" alt="">'),
    )
    return st.lists(blocks, min_size=1, max_size=4).map("\n".join)


def contents() -> st.SearchStrategy[Content]:
    """Content with and without summary, enclosures and thumbnail."""
    enclosures = st.builds(Enclosure, addresses(), st.sampled_from(("audio/mpeg", "video/mp4")), st.integers(0, 10**12))
    return st.builds(
        Content,
        bodies().map(SafeHtml),
        st.one_of(st.just(""), lines()),
        st.lists(enclosures, max_size=3, unique_by=lambda enclosure: enclosure.url).map(tuple),
        st.one_of(st.just(""), addresses()),
    )


def languages() -> st.SearchStrategy[str]:
    """Language tags, and none."""
    return st.sampled_from(("", "en", "zh-Hant-TW", "ar", "sr-Latn", "x-private"))


def ids() -> st.SearchStrategy[str]:
    """Ids of entries: derived ones, and what authors gave."""
    return st.one_of(
        st.uuids().map(lambda found: found.urn),
        st.sampled_from(("tag:example.org,2024:一", "https://example.org/ids/a?b=1&c='2'", "urn:isbn:0451450523")),
    )


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Entries with hostile text in every field."""
    published = draw(instants())
    link, via = draw(addresses()), draw(st.one_of(st.just(""), addresses()))
    authors = draw(st.lists(people(), max_size=3, unique_by=lambda person: person.name))
    found = draw(st.lists(terms(), max_size=4, unique_by=lambda term: (term.taxonomy, term.key)))
    return entry(
        id=draw(st.one_of(ids(), st.just(link))),
        title=draw(lines()),
        link=link,
        via=via if via != link else "",
        published=published,
        updated=published + timedelta(seconds=draw(st.sampled_from((0, 1, 86_400)))),
        language=draw(languages()),
        authors=tuple(authors),
        terms=tuple(found),
    )


@st.composite
def feeds(draw: st.DrawFn) -> Feed:
    """Feeds with hostile text in every field."""
    authors = draw(st.lists(people(), min_size=1, max_size=2, unique_by=lambda person: person.name))
    return feed(
        id=draw(st.uuids()).urn,
        title=draw(lines()),
        description=draw(lines()),
        language=draw(languages()),
        authors=tuple(authors),
        alternate=draw(addresses()),
    )
