"""A post's head: what is a post, when it was published, what its id, link, language and terms are (SPEC §1 to §4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.config.scheme import PERMALINKS, Compat
from feeder.config.slices import Default, LinkChoice, Page, PostRules, Taxonomy
from feeder.model.head import DateSource, Head
from feeder.model.problem import Level, Problem
from feeder.model.source import Extent, LeftOut, RawPost, Source
from feeder.model.table import Field, Table, Value
from feeder.model.term import Person, RawTerm
from feeder.normalise import enclosures
from feeder.normalise.head import _SELDOM, body_digest, head, stem_of, table_of, with_defaults
from tests.strategies import HOSTILE, SITE

SEED = "https://www.cna.com.tw/news/firstnews/202009240039.aspx"
SEED_BODY = (
    f"<!--1600919777000-->\n[吳釗燮：目前不尋求與美建立全面外交關係]({SEED})\n------\n\n<div>\n<p>本文</p>\n</div>\n"
)
RULES = PostRules(
    page=Page(SITE, "", ZoneInfo("UTC")),
    taxonomies=(Taxonomy("categories", ("category", "categories")), Taxonomy("tags", ("tag", "tags"))),
)
PAGES = replace(RULES, page=Page(SITE, "/:year/:title/", ZoneInfo("UTC")))


def table(**fields: Value) -> Table:
    """Return front matter that begins on line 2, a field a line; `from_` is `from`."""
    return Table(tuple(Field(key.rstrip("_"), value, line) for line, (key, value) in enumerate(fields.items(), 2)))


def raw(path: str = "2020-09-24-a.md", body: str = "Text.\n", **fields: Value) -> RawPost:
    """Return a post with these fields as its front matter, or without any."""
    return RawPost(Source("posts", path, 1, 1), table(**fields), "YAML" if fields else "", body, 9, b"digest")


def made(post: RawPost, rules: PostRules = RULES) -> Head:
    """Return the head of `post`, which must be one."""
    found = head(post, rules)
    assert isinstance(found, Head), found
    return found


def left(post: RawPost, rules: PostRules = RULES) -> LeftOut:
    """Return why `post` is left out, which it must be."""
    found = head(post, rules)
    assert isinstance(found, LeftOut), found
    return found


def codes(found: Head) -> list[tuple[str, int]]:
    """Return the codes and lines of a head's problems."""
    return [(problem.code, problem.line) for problem in found.problems]


class TestWhatIsAPost:
    """What is a post, and which posts are left out."""

    def test_the_seed(self) -> None:
        """A mirrored post without front matter has its title and origin from the heading, its date from the marker."""
        found = made(raw("2020-09-24-x.md", SEED_BODY))
        assert found.title == "吳釗燮：目前不尋求與美建立全面外交關係"
        assert (found.origin, found.link, found.via, found.page) == (SEED, SEED, "", "")
        assert (found.published, found.updated) == (datetime(2020, 9, 24, 3, 56, 17, tzinfo=UTC),) * 2
        assert (found.date_source, found.has_time) == (DateSource.EPOCH_MARKER, True)
        assert (found.digest, found.stem, found.problems) == (b"digest", "2020-09-24-x", ())

    @pytest.mark.parametrize("body", ["<!--1600919777000-->\nText", "[a](https://e.org/)\n---\n<!--1600919777000-->"])
    def test_a_marker_or_a_heading_makes_a_post(self, body: str) -> None:
        """A file without front matter is a post by its marker, by its heading or by the date in its name."""
        assert head(raw("note.md", body), RULES) != left(raw("note.md", "Text"))
        assert not left(raw("note.md", "Text")).is_post
        assert getattr(head(raw("note.md", body), RULES), "is_post", True)
        assert made(raw("2020-1-2-note.md", "Text")).date_source is DateSource.FILE_NAME

    def test_what_is_no_post_is_only_noted(self) -> None:
        """A file without front matter, heading, marker and dated name is no post, which is a note and no error."""
        found = left(raw("README.md", "# Read me"))
        assert (found.is_post, found.reason.level, found.reason.code) == (False, Level.NOTE, "no-post")
        assert str(found.reason).startswith("posts/README.md: note[no-post]: ")

    def test_a_post_without_a_date_is_left_out(self) -> None:
        """A post whose date nobody says is left out with an error, with what else was wrong with it."""
        before = Problem("posts/note.md", 3, Level.WARNING, "duplicate-key", "x")
        found = left(replace(raw("note.md", title="A"), problems=(before,)))
        assert (found.is_post, found.reason.level, found.reason.code) == (True, Level.ERROR, "no-date")
        assert found.problems == (before,)
        assert left(raw("note.md", title="A", date="soon")).reason.line == 3

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("published", "false"),
            ("published", "No"),
            ("feed", "OFF"),
            ("feed", "n"),
            ("draft", "yes"),
            ("draft", "True"),
        ],
    )
    def test_what_its_author_does_not_publish_is_left_out(self, key: str, value: str) -> None:
        """`published: false`, `feed: false`, `draft: true` in any spelling of YAML 1.1 leave a post out, as a note."""
        found = left(raw(title="A", **{key: value}))
        assert (found.reason.level, found.reason.code, found.reason.line) == (Level.NOTE, "unpublished", 3)
        assert f"`{key}`" in found.reason.message
        assert found.is_post

    @pytest.mark.parametrize(
        ("key", "value"),
        [("published", "true"), ("feed", "on"), ("draft", "false"), ("draft", ""), ("feed", "falsely")],
    )
    def test_other_values_publish(self, key: str, value: str) -> None:
        """Any other value of these keys leaves the post in."""
        assert made(raw(title="A", **{key: value})).title == "A"

    def test_drafts_are_in_where_they_are_asked_for(self) -> None:
        """With drafts asked for, `draft: true` is in; `published: false` is out all the same."""
        rules = replace(RULES, drafts=True)
        assert made(raw(draft="true"), rules).stem == "2020-09-24-a"
        assert left(raw(draft="true", published="false"), rules).reason.code == "unpublished"

    def test_problems_are_located(self) -> None:
        """Problems stand at their key's line, those of the body at its first line, behind those of reading."""
        before = Problem("posts/a.md", 1, Level.WARNING, "duplicate-key", "x")
        post = replace(raw("a.md", id="42", lang="?", date="2020-01-01", permalink="https://"), problems=(before,))
        found = made(post)
        assert codes(found) == [("duplicate-key", 1), ("bad-id", 2), ("bad-language", 3), ("bad-permalink", 5)]
        assert {problem.file for problem in found.problems} == {"posts/a.md"}


class TestInstants:
    """Which date counts, and what the head says of it."""

    def test_the_front_matter_comes_first(self) -> None:
        """Front matter comes before the marker; a disagreement is a warning at the date's line."""
        found = made(raw(body=SEED_BODY, title="A", date="2020-09-25T00:00:00Z", lastmod="2020-10-01"))
        assert (found.published, found.has_time) == (datetime(2020, 9, 25, tzinfo=UTC), True)
        assert found.updated == datetime(2020, 10, 1, tzinfo=UTC)
        assert (found.date_source, codes(found)) == (DateSource.FRONT_MATTER, [("date-marker", 3)])

    @pytest.mark.parametrize("key", ["date", "published", "pubDate"])
    def test_the_keys_of_published(self, key: str) -> None:
        """`date`, `published` and `pubDate` say when a post was published."""
        assert made(raw("note.md", **{key: "2019-02-03"})).published == datetime(2019, 2, 3, tzinfo=UTC)

    @pytest.mark.parametrize("key", ["updated", "last_modified_at", "lastmod", "modified"])
    def test_the_keys_of_updated(self, key: str) -> None:
        """Each of four keys says when a post was updated, never before it was published."""
        assert made(raw(**{key: "2021-02-03"})).updated == datetime(2021, 2, 3, tzinfo=UTC)
        assert made(raw(**{key: "2001-02-03"})).updated == datetime(2020, 9, 24, tzinfo=UTC)

    def test_dates_stand_in_the_sites_zone(self) -> None:
        """A date without zone is one of the site's zone."""
        rules = replace(RULES, page=Page(SITE, "", ZoneInfo("Asia/Taipei")))
        assert (
            made(raw("note.md", date="2020-01-02 03:04:05"), rules).published.isoformat() == "2020-01-01T19:04:05+00:00"
        )


class TestIdentity:
    """Stem, origin, explicit id."""

    @pytest.mark.parametrize(
        ("path", "stem"),
        [
            ("2020-09-24-a.md", "2020-09-24-a"),
            ("x/y/a.b.markdown", "a.b"),
            ("x/e\u0301.md", "é"),
            ("x/index.md", "x"),
            ("x/y/index.html", "y"),
            ("x/e\u0301/index.md", "é"),
            ("index.md", "index"),
            ("x/Index.md", "Index"),
            ("x/index.en.md", "index.en"),
            ("x/a\n b.md", "a b"),
            ("x/a\udcff.md", "a"),
            ("x/\udcff.md", ""),
        ],
    )
    def test_the_stem(self, path: str, stem: str) -> None:
        """The stem is the file's name without suffix, legal, in NFC; `index` takes its folder's name."""
        assert stem_of(Source("posts", path, 1, 1)) == stem

    @pytest.mark.parametrize("key", ["from", "source", "original_url", "canonical_url"])
    def test_the_keys_of_the_origin(self, key: str) -> None:
        """Each of four keys gives the origin, as it is written; the link is its percent-encoded form."""
        found = made(raw(**{key: "HTTPS://e.example/新聞?a b"}))
        assert (found.origin, found.link) == (
            "HTTPS://e.example/新聞?a b",
            "https://e.example/%E6%96%B0%E8%81%9E?a%20b",
        )

    @pytest.mark.parametrize(
        "value", ["the harbour master", "ftp://e.example/x", "//e.example/x", "/x", "https://", ""]
    )
    def test_what_is_no_absolute_address_is_no_origin(self, value: str) -> None:
        """Other values are no origin, and the next key is asked."""
        assert made(raw(from_=value)).origin == ""
        assert made(raw(from_=value, source="https://e.example/x")).origin == "https://e.example/x"

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("https://e.example/ids/3?a=1#f", "https://e.example/ids/3?a=1#f"),
            ("http://台.example/新聞", "http://台.example/新聞"),
            ("urn:isbn:0451450523", "urn:isbn:0451450523"),
            ("URN:UUID:5E0C1F6E-3A51-4B7A-9F0B-6D1F0A7C2B90", "URN:UUID:5E0C1F6E-3A51-4B7A-9F0B-6D1F0A7C2B90"),
            ("tag:example.org,2024-01-31:一", "tag:example.org,2024-01-31:一"),
            ("tag:a@example.org,2024:", "tag:a@example.org,2024:"),
            ("5E0C1F6E-3A51-4B7A-9F0B-6D1F0A7C2B90", "urn:uuid:5e0c1f6e-3a51-4b7a-9f0b-6d1f0a7c2b90"),
        ],
    )
    def test_an_id_that_can_be_one(self, text: str, expected: str) -> None:
        """An absolute http(s), urn: or tag: IRI is the id as it is, a bare UUID as a URN."""
        for key in ("id", "guid", "uuid"):
            found = made(raw(**{key: text}))
            assert (found.explicit_id, found.problems) == (expected, ())

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "42",
                "/relative",
                "http:",
                "http:///x",
                "https://e.example/a b",
                'https://e.example/"a"',
                "mailto:a@e.org",
            ),
            *(
                "urn:x",
                "urn:x:1",
                "urn:isbn:",
                "urn:uuid:42",
                "urn:isbn:a b",
                "urn:isbn:<b>",
                "tag:e.org:x",
                "tag:e.org,24:x",
                "tag:,2024:x",
            ),
            *("tag:e.org,２０２４:x", "----5e0c1f6e3a514b7a9f0b6d1f0a7c2b90", "{5e0c1f6e-3a51-4b7a-9f0b-6d1f0a7c2b90}"),
            *("javascript:1", "https://e.example/\u202eevil", "urn:isbn:" + "1" * 2_000, "httpx://e.example/"),
        ],
    )
    def test_an_id_that_cannot_be_one(self, text: str) -> None:
        """Anything else is a warning at its line, and no id."""
        found = made(raw(title="A", guid=text))
        assert (found.explicit_id, codes(found)) == ("", [("bad-id", 3)])
        assert found.problems[0].level is Level.WARNING
        assert len(str(found.problems[0])) < 400

    def test_the_next_key_is_asked(self) -> None:
        """Where `id` cannot be one, `guid` still can."""
        found = made(raw(id="42", guid="https://e.example/?p=42", uuid="x"))
        assert (found.explicit_id, codes(found)) == ("https://e.example/?p=42", [("bad-id", 2)])

    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ("Text.", "\n\nText.\n", True),
            ("<!--1600919777000-->\nText.", "<!--1600919778000-->\nText.", True),
            ("<div>Text.</div>", "Text.", True),
            ("Text.", "Text!", False),
        ],
    )
    def test_bodies_are_compared_without_what_the_mirror_put_around(self, one: str, other: str, same: bool) -> None:
        """The body's digest is of the body without marker, heading and outer `<div>`."""
        assert (body_digest(raw(body=one), ()) == body_digest(raw(body=other), ())) is same

    def test_the_front_of_a_body_is_not_compared(self) -> None:
        """Whoever compares bodies has to read them whole."""
        with pytest.raises(ValueError, match="front of a body"):
            body_digest(replace(raw(), extent=Extent.FRONT), ())

    def test_what_is_compared(self) -> None:
        """Of the seed that is what stands in its outer `<div>`: the heading goes, since it names the post's origin."""
        assert body_digest(raw(body=SEED_BODY), ()) == blake2b("<p>本文</p>".encode(), digest_size=16).digest()
        assert made(raw("2020-09-24-x.md", SEED_BODY)).body_digest == b""

    @pytest.mark.parametrize("body", ["", " \n", "<!--1600919777000-->\n", "<div>\n</div>", "<div>null</div>"])
    def test_an_empty_body_has_no_digest(self, body: str) -> None:
        """An empty body is equal to no other."""
        assert body_digest(raw(body=body, title="A"), ()) == b""


def test_what_is_looked_for_seldom() -> None:
    """Every key of an enclosure is among those of which one look says that none is there."""
    assert _SELDOM.issuperset(enclosures.KEYS)
    assert made(raw(title="A", audio="/a.mp3")).files == ("/a.mp3",)


class TestLink:
    """Which address an entry links to."""

    @pytest.mark.parametrize(
        ("rules", "fields", "link", "via"),
        [
            (RULES, {}, f"{SITE}/", ""),
            (PAGES, {}, f"{SITE}/2020/a/", ""),
            (RULES, {"from_": SEED}, SEED, ""),
            (PAGES, {"from_": SEED}, SEED, ""),
            (replace(PAGES, link=LinkChoice.PERMALINK), {"from_": SEED}, f"{SITE}/2020/a/", SEED),
            (replace(RULES, link=LinkChoice.PERMALINK), {"from_": SEED}, SEED, ""),
            (RULES, {"permalink": "/x/"}, f"{SITE}/x/", ""),
            (RULES, {"permalink": "/:year/:title"}, f"{SITE}/2020/a", ""),
            (PAGES, {"permalink": "/x/", "from_": SEED}, f"{SITE}/x/", SEED),
            (PAGES, {"permalink": "https://e.example/新"}, "https://e.example/%E6%96%B0", ""),
            (PAGES, {"permalink": SEED, "from_": SEED}, SEED, ""),
            (PAGES, {"permalink": "https://"}, f"{SITE}/2020/a/", ""),
            (PAGES, {"permalink": "https://", "from_": SEED}, SEED, ""),
            (RULES, {"permalink": "https://"}, f"{SITE}/", ""),
        ],
    )
    def test_the_order_of_links(self, rules: PostRules, fields: dict[str, str], link: str, via: str) -> None:
        """`permalink`, else the origin (or the page, where that is preferred), else the page, else the site."""
        found = made(raw(title="T", **fields), rules)
        assert (found.link, found.via) == (link, via)

    @pytest.mark.parametrize(
        ("rules", "fields", "page"),
        [
            (RULES, {"from_": SEED}, ""),
            (PAGES, {"from_": SEED}, f"{SITE}/2020/a/"),
            (PAGES, {"permalink": "/x/"}, f"{SITE}/x/"),
            (RULES, {"permalink": "/x/"}, f"{SITE}/x/"),
            (RULES, {"permalink": "https://"}, ""),
        ],
    )
    def test_the_own_page(self, rules: PostRules, fields: dict[str, str], page: str) -> None:
        """The post's own page is known also where the entry links to the origin; "" where it has none."""
        assert made(raw(title="T", **fields), rules).page == page

    def test_an_excluded_post_has_no_page(self) -> None:
        """A post that the site's configuration excludes has no page, but for one that it names itself."""
        post = raw(title="T")
        excluded = replace(post, source=replace(post.source, excluded=True))
        assert made(excluded, PAGES).link == f"{SITE}/"
        own = replace(excluded, front_matter=table(permalink="/x/"))
        assert made(own, PAGES).link == f"{SITE}/x/"

    def test_the_page_is_made_of_the_post(self) -> None:
        """Slug, categories and the site's zone are in a page's address."""
        rules = replace(RULES, page=Page(SITE, "/:categories/:day/:slug/", ZoneInfo("Asia/Taipei")))
        post = raw(date="2020-09-24T23:00:00Z", category="News", slug="The Slug")
        assert made(post, rules).link == f"{SITE}/news/25/the-slug/"


class TestAnotherProgramsPlace:
    """What a post is known as where feeder takes the place of another program."""

    @staticmethod
    def rules(compat: Compat, pattern: str = "") -> PostRules:
        """Return the rules of such a site."""
        page = Page(SITE, pattern or PERMALINKS[compat], ZoneInfo("Asia/Taipei"))
        return replace(RULES, page=page, compat=compat, known_as="https://old.example")

    def test_in_jekylls_place(self) -> None:
        """The id grows from the address that the site is known by, and from the file's name as it is written."""
        rules = self.rules(Compat.JEKYLL)
        found = made(raw("2020-09-24-A b.md", date="2020-09-24T23:00:00Z", category="News"), rules)
        assert found.page == f"{SITE}/news/2020/09/25/A-b.html"
        assert found.known_id == "https://old.example/news/2020/09/25/A%20b"
        assert made(raw(slug="The Slug"), rules).known_id == "https://old.example/2020/09/24/The%20Slug"
        assert made(raw("2020-09-24-.md"), rules).known_id.endswith("/2020-09-24-")

    def test_what_was_never_known(self) -> None:
        """A post without a page, or with one elsewhere, had no id; neither had any where nobody's place is taken."""
        rules = self.rules(Compat.JEKYLL)
        post = raw(title="T")
        assert made(replace(post, source=replace(post.source, excluded=True)), rules).known_id == ""
        assert made(raw(permalink="https://elsewhere.example/x"), rules).known_id == ""
        assert made(raw(), PAGES).known_id == ""

    @pytest.mark.parametrize(
        ("root", "path", "fields", "page"),
        [
            ("content", "posts/A b.md", {}, "/posts/a-b/"),
            ("content", "posts/2020/a.md", {}, "/posts/2020/a/"),
            ("content", "posts/bundle/index.md", {}, "/posts/bundle/"),
            ("site/content/posts", "a.md", {}, "/posts/a/"),
            ("posts", "a.md", {}, "/a/"),
            (".", "blog/a.md", {}, "/blog/a/"),
            ("content", "a.md", {"slug": "My Slug"}, "/my-slug/"),
            ("content", "a.md", {"url": "/X/Y.html"}, "/X/Y.html"),
            ("content", "a.md", {"url": "x"}, "/x/"),
            ("content", "a.md", {"url": "/x/"}, "/x/"),
            ("content", "a.md", {"permalink": "/no/"}, "/a/"),
        ],
    )
    def test_in_hugos_place(self, root: str, path: str, fields: dict[str, str], page: str) -> None:
        """A page is where Hugo has it, below the folders under `content`, and its address is its id."""
        post = RawPost(Source(root, path, 1, 1), table(date="2020-09-24", **fields), "YAML", "Text.\n", 4, b"digest")
        found = made(post, self.rules(Compat.HUGO))
        assert (found.page, found.known_id) == (SITE + page, f"https://old.example{page}")

    def test_a_sections_own_page(self) -> None:
        """`_index.md` is no post of Hugo's."""
        found = left(raw("posts/_index.md", title="Posts", date="2020-09-24"), self.rules(Compat.HUGO))
        assert not found.is_post
        assert made(raw("posts/_index.md", title="Posts", date="2020-09-24"), PAGES).title == "Posts"

    def test_in_pelicans_place(self) -> None:
        """The page is named after the title, and the id says host, day and path."""
        found = made(raw(title="A & B: Ü", date="2020-09-24T23:00:00Z"), self.rules(Compat.PELICAN))
        assert found.page == f"{SITE}/a-b-u.html"
        assert found.known_id == "tag:old.example,2020-09-24:/a-b-u.html"
        assert made(raw(title="T", url="x/y.html"), self.rules(Compat.PELICAN)).page == f"{SITE}/x/y.html"

    @pytest.mark.parametrize(
        ("date", "day"),
        [
            ("2020-09-24 23:30 -0500", "2020-09-24"),
            ("2020-09-24T23:00:00Z", "2020-09-24"),
            ("Thu, 24 Sep 2020 23:00:00 +0000", "2020-09-25"),
        ],
    )
    def test_the_day_that_was_written(self, date: str, day: str) -> None:
        """Pelican's day is the one that the author wrote, whatever its zone; of other shapes it is that of the site."""
        assert made(raw(title="T", date=date), self.rules(Compat.PELICAN)).known_id == f"tag:old.example,{day}:/t.html"

    @pytest.mark.parametrize(
        ("root", "path", "fields", "categories"),
        [
            ("content", "a.md", {}, ["misc"]),
            ("content", "News Desk/a.md", {}, ["News Desk"]),
            ("content", "x/y/a.md", {}, ["y"]),
            ("content/blog", "a.md", {}, ["blog"]),
            ("content", "x/a.md", {"category": "C"}, ["C"]),
        ],
    )
    def test_pelicans_categories(self, root: str, path: str, fields: dict[str, str], categories: list[str]) -> None:
        """A post without a category has that of its folder, or `misc`."""
        rules = self.rules(Compat.PELICAN, "/:category/:slug.html")
        post = RawPost(Source(root, path, 1, 1), table(title="T", date="2020-09-24", **fields), "YAML", "x", 4, b"d")
        found = made(post, rules)
        assert [term.label for term in found.terms] == categories
        assert found.page == f"{SITE}/{categories[0].lower().replace(' ', '-')}/t.html"
        assert made(post, replace(rules, taxonomies=())).terms == ()

    def test_a_title_that_pelican_transliterates(self) -> None:
        """Nobody here knows what it made of it: the post has no page and feeder's id, and its author is told."""
        rules = self.rules(Compat.PELICAN)
        found = made(raw(title="渡船", date="2020-09-24"), rules)
        assert (found.page, found.known_id) == ("", "")
        assert [(problem.code, problem.line) for problem in found.problems] == [("unknown-slug", 2)]
        assert made(raw(title="渡船", slug="du-chuan"), rules).known_id == "tag:old.example,2020-09-24:/du-chuan.html"
        assert made(raw(title="渡船", url="/x.html"), rules).known_id == "tag:old.example,2020-09-24:/x.html"

    def test_every_spelling_counts_where_each_had_a_feed(self) -> None:
        """jekyll-feed has a feed for every spelling, also of those that one post has side by side."""
        spelled = tuple(replace(taxonomy, spelled=True) for taxonomy in RULES.taxonomies)
        post = raw(tags=("Straße", "STRASSE", "Straße"), category="News")
        post = replace(post, source=replace(post.source, folders=("news",)))
        expected = (RawTerm("tags", "Straße"), RawTerm("tags", "STRASSE"))
        assert made(post, replace(RULES, taxonomies=spelled)).terms[-2:] == expected
        assert [one.label for one in made(post, replace(RULES, taxonomies=spelled)).terms[:2]] == ["news", "News"]
        assert [one.label for one in made(post).terms] == ["news", "Straße"]


class TestTitle:
    """Where a title comes from."""

    @pytest.mark.parametrize(
        ("path", "body", "title", "expected"),
        [
            ("2020-09-24-a-b.md", "x", " R&D <b>x</b> ", "R&D x"),
            ("2020-09-24-a-b.md", SEED_BODY, "", "吳釗燮：目前不尋求與美建立全面外交關係"),
            ("2020-09-24-a-b.md", SEED_BODY, "<b></b>", "吳釗燮：目前不尋求與美建立全面外交關係"),
            ("2020-09-24-a-b.md", "x", "", "a-b"),
            ("2020-09-24-.md", "x", "", "2020-09-24-"),
            ("2020-09-24-<b>.md", "x", "", "2020-09-24-"),
            ("2020-09-24-\udcff.md", "x", "", "2020-09-24-"),
        ],
    )
    def test_the_order_of_titles(self, path: str, body: str, title: str, expected: str) -> None:
        """The title is the front matter's, else the heading's, else the file's slug, else its stem: plain text."""
        assert made(raw(path, body, title=title)).title == expected

    @pytest.mark.parametrize("path", ["\udcff.md", "<script>.md", "\x01.md"])
    def test_a_name_that_says_nothing(self, path: str) -> None:
        """A post that nothing gives a title has its date for one: no title is empty, or dangerous."""
        assert made(raw(path, date="2020-01-02T03:04:05Z")).title == "2020-01-02"


class TestTermsAndAuthors:
    """Terms and authors of one post."""

    def test_terms_come_as_configured_and_written(self) -> None:
        """Terms come by taxonomy, then by key, then as written; equal ones once, as first written."""
        found = made(raw(tags=("b", "A", "B"), category="News", categories="news x"))
        assert [(term.taxonomy, term.label) for term in found.terms] == [
            ("categories", "News"),
            ("categories", "x"),
            ("tags", "b"),
            ("tags", "A"),
        ]

    def test_folders_are_categories(self) -> None:
        """The folders above a `_posts` that was found are the first categories, as labels in NFC."""
        post = raw(categories=("x", "NEWS", "é"))
        placed = replace(post, source=replace(post.source, folders=("news", "e\u0301", "\udcff", "<b>")))
        assert [term.label for term in made(placed).terms] == ["news", "é", "b", "x"]
        assert made(placed, replace(RULES, taxonomies=(Taxonomy("tags", ("tags",)),))).terms == ()

    def test_authors_are_terms_where_that_is_configured(self) -> None:
        """Authors are persons always, and terms where `authors` is a taxonomy."""
        authors = Taxonomy("authors", ("author", "authors"))
        post = raw(author=Table((Field("name", "Anna"), Field("email", "a@example.org"))), tags="x")
        assert made(post).authors == (Person("Anna", "a@example.org"),)
        assert made(post).terms == (RawTerm("tags", "x"),)
        assert made(post, replace(RULES, taxonomies=(*RULES.taxonomies, authors))).terms[1:] == (
            RawTerm("authors", "Anna"),
        )

    def test_authors_are_looked_up(self) -> None:
        """An author that the site knows is the person whom it knows."""
        anna = Person("Anna B.", "a@example.org", "https://example.org/anna")
        assert made(raw(author="anna"), replace(RULES, people=(("anna", anna),))).authors == (anna,)

    @pytest.mark.parametrize(
        ("uri", "encoded"), [("https://e.org/安?a|b", "https://e.org/%E5%AE%89?a%7Cb"), ("/anna", "")]
    )
    def test_authors_addresses_are_encoded(self, uri: str, encoded: str) -> None:
        """An author's address is absolute and percent-encoded, wherever it comes from; what is none is dropped."""
        written = raw(author=Table((Field("name", "Anna"), Field("uri", uri))))
        assert made(written).authors == (Person("Anna", "", encoded),)
        known = replace(RULES, people=(("anna", Person("Anna", "", uri)),))
        assert made(raw(author="anna"), known).authors == (Person("Anna", "", encoded),)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        *[
            (text, text)
            for text in ("en", "zh-Hant-TW", "de-CH-1996", "es-419", "x-private", "EN-gb", "tlh", "en-a-bbb")
        ],
        *[("zh_Hant_TW", "zh-Hant-TW"), (" de_DE.UTF-8 ", "de-DE"), ("sl-rozaj-biske", "sl-rozaj-biske")],
        *[(text, "") for text in ("e", "en-", "en--GB", "日本語", "english please", "en-US-US", "en-a", "12", "en,de")],
        *[(text, "") for text in ("de-1996-1996", "en-a-bb-a-cc", "C", "ſl", "en-x", "en" + "-abcde" * 99, "de@euro")],
    ],
)
def test_a_language_is_a_tag_or_nothing(text: str, tag: str) -> None:
    """A post's language is a well-formed tag of RFC 5646, never guessed; anything else is a warning."""
    for key in ("lang", "language", "locale"):
        found = made(raw(title="日本語", **{key: text}))
        assert (found.language, codes(found)) == (tag, [] if tag else [("bad-language", 3)])


def test_without_a_language_none_is_guessed() -> None:
    """A post that does not say its language has none."""
    assert made(raw(title="日本語ですが")).language == ""


class TestDefaults:
    """Jekyll's front-matter defaults."""

    SOURCE = Source("blog/_posts", "news/2020-01-01-a.md", 1, 1)

    @pytest.mark.parametrize(
        ("path", "applies"),
        [
            ("", True),
            ("blog", True),
            ("blog/_posts", True),
            ("blog/_posts/news", True),
            ("blog/_posts/news/2020-01-01-a.md", True),
            ("blog/*/news", True),
            ("*/2020-*.md", True),
            ("blo", False),
            ("_posts", False),
            ("blog/_posts/old", False),
        ],
    )
    def test_a_path_is_a_prefix_or_a_pattern(self, path: str, applies: bool) -> None:
        """Defaults are for a folder, a file, or what a pattern matches, relative to the configuration's folder."""
        found = with_defaults(table(), self.SOURCE, (Default(path, table(lang="en")),))
        assert found.text("lang") == ("en" if applies else "")

    def test_what_wins(self) -> None:
        """The post's own fields win, then the longest path's, then those given last; defaults have no line."""
        defaults = (
            Default("", table(a="site", b="site", c="site", d="site")),
            Default("blog/_posts", table(b="long", c="long")),
            Default("blog", table(b="short", d="short")),
            Default("blog", table(d="later")),
        )
        found = with_defaults(table(c="own"), self.SOURCE, defaults)
        assert {field.key: (field.value, field.line) for field in found} == {
            "a": ("site", 0),
            "b": ("long", 0),
            "c": ("own", 2),
            "d": ("later", 0),
        }

    def test_defaults_are_front_matter(self) -> None:
        """What defaults say counts like front matter, for a post without any too."""
        rules = replace(RULES, defaults=(Default("posts", table(lang="ar", permalink="/p/:title/")),))
        for post in (raw(title="T"), raw(body=SEED_BODY)):
            assert (made(post, rules).language, made(post, rules).link) == ("ar", f"{SITE}/p/a/")
        assert table_of(raw(body=SEED_BODY), rules.defaults).text("from") == SEED


# -- properties

_VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(), st.text(max_size=20), st.sampled_from(HOSTILE), st.lists(st.sampled_from(HOSTILE), max_size=3).map(tuple)
)
_KEYS = (
    *("title", "from", "source", "id", "guid", "lang", "permalink", "slug", "tags", "category", "author", "published"),
    *("feed", "draft", "updated"),
)


@given(
    st.dictionaries(st.sampled_from(_KEYS), _VALUES),
    st.one_of(st.text(max_size=60), st.sampled_from((SEED_BODY, "<div>", "[a](b)\n---\n"))),
    st.text(st.characters(codec="utf-8", exclude_characters="/\0"), max_size=10),
)
def test_any_front_matter_gives_a_head_or_a_reason(fields: dict[str, Value], body: str, name: str) -> None:
    """Whatever stands in a post, it has a head that keeps its promises, or is left out for a reason."""
    found = head(raw(f"2020-01-01-{name}.md", body, date="2020-01-02T03:04:05Z", **fields), PAGES)
    if isinstance(found, LeftOut):
        assert found.reason.code == "unpublished"
        return
    assert found.title == " ".join(found.title.split()) != ""
    assert found.link.isascii()
    assert found.link.startswith(("http://", "https://"))
    assert found.via != found.link
    assert found.updated >= found.published
    assert found.explicit_id == "" or found.explicit_id.split(":")[0].lower() in ("http", "https", "urn", "tag")


def test_hostile_names_are_files_too(hostile: Callable[[str], list[Any]]) -> None:
    """A file may be called anything: its stem is one name, its title is not empty, its link is ASCII."""
    for name in hostile("hostile_names"):
        for path in (f"2020-01-01-{name}.md", f"{name}/index.md"):
            found = made(raw(path, title="", date="2020-01-01"), PAGES)
            assert "/" not in found.stem
            assert found.title.strip()
            assert found.link.isascii()


@pytest.mark.parametrize(
    ("fields", "code", "said"),
    [
        ({"draft": "maybe"}, "bad-flag", "neither true nor false"),
        ({"feed": "0"}, "bad-flag", "`feed: true` or `false`"),
        ({"from_": "www.example.net/x"}, "bad-origin", "https://"),
        ({"from_": "example.net/x"}, "bad-origin", "https://"),
    ],
)
def test_what_nobody_can_follow_is_said(fields: dict[str, str], code: str, said: str) -> None:
    """A switch that is no boolean and an origin without its scheme are ignored with a warning, and the post is in."""
    found = made(raw(date="2024-01-01", **fields))
    assert codes(found) == [(code, 3)]
    assert said in found.problems[0].message


def test_a_date_under_a_capital_is_named() -> None:
    """`Date:` is no key: the post is left out, and told which word to write."""
    found = left(raw("post.md", title="T", Date="2024-01-01"))
    assert (found.reason.code, found.reason.line) == ("no-date", 3)
    assert "`Date` is no key: write `date`" in found.reason.message


def test_a_title_made_of_the_file_name_is_not_the_posts_own() -> None:
    """What the post is called is its own title, or its heading's; a file's name is not."""
    assert made(raw(date="2024-01-01", title="T")).titled
    assert made(raw("x.md", SEED_BODY)).titled
    assert not made(raw(date="2024-01-01")).titled
