"""Posts that have much in common: few places, dates, titles, ids, origins and terms, so that they meet all the time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from hypothesis import strategies as st

from tests.properties.world import BELOW, FOUND, LONG, NOW, OTHER, Post

NAMES = (
    "a.md",
    "b.md",
    "2024-01-02-c.md",
    "sub/a.md",
    "sub/index.md",
    "sub.md",
    "x.html",
    "caf\u00e9.md",
    "cafe\u0301.md",
    "_drafts/d.md",
    ".hidden.md",
)
PATHS = tuple(f"{root}/{name}" for root in (OTHER, BELOW, FOUND) for name in NAMES)
FILES = ("media/1.mp3", "media/2.mp3")
SITE_ID = "https://example.org"
ORIGINS = ("https://o.example/1", "https://o.example/2")

_SITE = uuid5(NAMESPACE_URL, SITE_ID)
_DERIVED = (
    uuid5(_SITE, "a"),
    uuid5(_SITE, "b"),
    uuid5(uuid5(_SITE, "a"), "sub/a.md"),
    uuid5(uuid5(_SITE, "a"), "a.md"),
    uuid5(NAMESPACE_URL, ORIGINS[0]),
    uuid5(uuid5(NAMESPACE_URL, ORIGINS[0]), "b"),
)
# What authors give: ids of their own, and those that other posts are given.
IDS = ("tag:example.org,2024:1", "tag:example.org,2024:2", *(one.urn for one in _DERIVED), "no id")
# The windows are small, so that some of these are always beyond them; the last ones are still to come at times.
DATES = (
    "2024-01-01 10:00:00 +0000",
    "2024-01-02 10:00:00 +0000",
    "2024-01-03 10:00:00 +0000",
    "2024-01-02 10:00:01 +0000",
    "2024-01-02 10:59:59 +0000",
    "2024-01-03",
    "2024-01-04",
    "2023-12-31 23:30:00",
    "2024-05-31 22:00:00",
    "2024-06-01 00:00:00 +0000",
    "2024-06-02 12:00:00 +0000",
    "2024-07-01",
)
NOWS = tuple(NOW + timedelta(days=days) for days in (-200, -151, -1, 0, 1, 2, 40))
TITLES = ("", "One", "Two", "R&D <b>x</b>")
BODIES = (
    "A body.\n",
    "",
    "Another *body*, [there](b.html).\n",
    "![x](pic.png) {% post_url 2024-01-02-c %} and <!--more--> the rest.\n",
    "<p>Some <b>HTML</b> <script>x</script></p>\n",
    "Text\n\nCUT\n\nmore text {% nonsense %}\n",
    LONG,
    LONG,
    LONG,
    "<div>" * 20 + "deep",
    "<!--1704276000000-->\n\n# [One](https://o.example/1)\n\n---\n\nplain text p<0.05\n",
)
TERMS = ("AI", "ai", "Ai", "C++", "c plus plus", "c-plus-plus", "con", "\u65e5\u672c", "x" * 101, "A &#38; B", "!!!")
PEOPLE = ("Ann", "ann", "Bob")
OTHERS = (
    "",
    "",
    "draft: true",
    "published: false",
    "updated: 2024-05-01 00:00:00 +0000",
    "updated: 2020-05-01",
    "permalink: /p/",
    "lang: de",
    "nonsense: [",
    "title: again",
    "summary: short",
    "series: Ai",
    "date: 01/02/2020",
    "category: AI",
)
# Whole files that are no usual posts.
ODD = (
    b"just text\n",
    b"",
    b"---\ntitle: no date\n---\nx\n",
    b"---\ntitle: bad \xff bytes\ndate: 2024-01-03\n---\nx\n",
    b"<!--1704276000000-->\n\n[One](https://o.example/1)\n---\n\ntext\n",
    b"---\ndate: 2024-01-03\n",
    b"\xef\xbb\xbf---\r\ndate: 2024-01-03\r\ntitle: One\r\n---\r\nA body.\r\n",
    b'{"date": "2024-01-03", "tags": ["ai"]}\n\nA body.\n',
    b"Title: One\nDate: 2024-01-03\nTags: ai, two words\n\nA body.\n",
)


def paths() -> st.SearchStrategy[str]:
    """Places of posts."""
    return st.sampled_from(PATHS)


def posts() -> st.SearchStrategy[Post]:
    """Posts, most of them plain."""
    return st.one_of(_plain(), _any(), _claiming(), _any(), st.builds(Post, raw=st.sampled_from(ODD)))


def changes() -> st.SearchStrategy[dict[str, object]]:
    """One thing about a post that becomes another."""
    return st.one_of(
        st.fixed_dictionaries({"date": _dates()}),
        st.fixed_dictionaries({"title": st.sampled_from(TITLES)}),
        st.fixed_dictionaries({"body": st.sampled_from(BODIES)}),
        st.fixed_dictionaries({"id": _ids()}),
        st.fixed_dictionaries({"origin": _origins()}),
        st.fixed_dictionaries({"tags": _terms()}),
        st.fixed_dictionaries({"categories": _terms()}),
        st.fixed_dictionaries({"authors": _people()}),
        st.fixed_dictionaries({"enclosure": st.sampled_from(("", *FILES))}),
        st.fixed_dictionaries({"other": st.sampled_from(OTHERS)}),
    )


def settings() -> st.SearchStrategy[tuple[str, object]]:
    """One setting and what it becomes; None is what is not said."""
    return st.one_of([st.tuples(st.just(name), st.sampled_from(values)) for name, values in SETTINGS.items()])


SETTINGS: dict[str, tuple[object, ...]] = {
    "feeds.limit": (4, 1, 3, 5),
    "feeds.query": (
        None,
        [{"name": "x", "any": ["tags:ai", "categories:Ai"], "none": ["tags:c++"]}],
        [{"name": "x", "title": "Y", "none": ["tags:AI"]}, {"name": "z", "lang": "de"}, {"name": "no"}],
        [{"name": "con", "author": "ANN"}, {"name": "old", "until": date(2024, 1, 2)}, {"name": "x", "all": "tags:aj"}],
        [
            {"name": "!!!", "lang": "en", "since": date(2024, 1, 2)},
            {"name": "???", "all": ["categories:ai", "tags:ai"]},
        ],
    ),
    "feeds.hours": (None, 1, 24),
    "feeds.per_source": (None, 1, 2),
    "feeds.max_bytes": (None, 1_600, 2_200, 6_000),
    "feeds.archive": (None, ["site"], ["site", "categories", "tags"], ["tags"]),
    "feeds.compat": (None, "jekyll", "hugo", "pelican"),
    "feeds.pages": (None, False),
    "feeds.formats": (None, ["atom"], ["rss", "atom"], ["json"], ["atom", "rss", "json"]),
    "feeds.url": (None, "https://feeds.example.org/x"),
    "site.title": (None, "Another"),
    "site.id": (None, SITE_ID, "another"),
    "site.description": (None, "What it is"),
    "site.lang": (None, "en"),
    "site.author": (None, "Ann"),
    "site.hub": (None, "https://hub.example.org/"),
    "site.timezone": (None, "Asia/Taipei", "America/New_York"),
    "posts.roots": (
        [FOUND, BELOW, OTHER],
        None,
        [OTHER],
        [BELOW, FOUND],
        [OTHER, f"{OTHER}/sub"],
    ),
    "posts.permalink": (None, "/:categories/:year/:month/:day/:title/", "pretty"),
    "posts.link": (None, "permalink"),
    "posts.drafts": (None, True),
    "posts.future": (None, True),
    "posts.encoding": (None, "latin-1"),
    "posts.base": (None, "https://base.example.org/"),
    "posts.updated": (None, "content", "front-matter"),
    "posts.exclude": (None, ["a.md"], ["sub", "_posts/b.md"]),
    "content.sanitizer": (None, "bleach"),
    "content.excerpt_separator": (None, "CUT"),
    "taxonomies.authors.keys": (None, ["author", "authors"]),
    "taxonomies.series.keys": (None, ["series", "tags"]),
    "taxonomies.tags.keys": (None, [], ["categories", "tags"]),
    "taxonomies.tags.merge.AI": (None, "C++", "new"),
    "feeds.alias": (
        None,
        [{"old": "feed.xml", "new": "rss.xml"}],
        [{"old": "old/", "new": "tags/ai/"}, {"old": "all/", "new": "./"}],
        [{"old": "tags/ai/", "new": "tags/c-plus-plus/"}],
        [{"old": "tags/new/", "new": "tags/con-7b0d5b4e/"}],
    ),
    "taxonomies.tags.page": (None, "https://example.org/t/:slug/"),
    "jekyll": (None, True),
    "jekyll.defaults": (
        None,
        [{"scope": {"path": "_posts"}, "values": {"tags": "AI", "lang": "fr"}}],
        [{"scope": {"path": ""}, "values": {"from": ORIGINS[0], "title": "Default"}}],
    ),
}


def _plain() -> st.SearchStrategy[Post]:
    return st.builds(Post, date=_dates(), title=st.sampled_from(TITLES), tags=_terms())


def _any() -> st.SearchStrategy[Post]:
    return st.builds(
        Post,
        date=_dates(),
        title=st.sampled_from(TITLES),
        body=st.sampled_from(BODIES),
        id=_ids(),
        origin=_origins(),
        tags=_terms(),
        categories=_terms(),
        authors=_people(),
        enclosure=st.sampled_from(("", "", *FILES)),
        other=st.sampled_from(OTHERS),
    )


def _claiming() -> st.SearchStrategy[Post]:
    return st.builds(
        Post, date=_dates(), title=st.sampled_from(TITLES), id=st.sampled_from(IDS), origin=_origins(), tags=_terms()
    )


def _dates() -> st.SearchStrategy[str]:
    return st.sampled_from(DATES)


def _ids() -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), st.sampled_from(IDS))


def _origins() -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), st.sampled_from(ORIGINS))


def _terms() -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(TERMS), max_size=3).map(tuple)


def _people() -> st.SearchStrategy[tuple[str, ...]]:
    return st.one_of(st.just(()), st.lists(st.sampled_from(PEOPLE), max_size=2).map(tuple))


def nows() -> st.SearchStrategy[datetime]:
    """Instants at which builds happen: some before and some after what posts are dated."""
    return st.sampled_from(NOWS)
