"""What `feeder init` finds of sites of all kinds, and what it proposes: always a configuration that feeder takes."""

from __future__ import annotations

import json
import os
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from feeder.config.load import load
from feeder.config.scheme import Compat
from feeder.config.settings import Options, TaxonomySetting
from feeder.config.slices import Configuration
from feeder.errors import InputOutputError, UsageError
from feeder.model.characters import legal
from feeder.model.source import Source
from feeder.model.term import Person
from feeder.proposal import census as census_module
from feeder.proposal.census import Census, Count, script, spread, take
from feeder.proposal.facts import Facts, Kind
from feeder.proposal.propose import Proposal, keep, propose
from feeder.proposal.say import lines
from feeder.proposal.toml import string, strings

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, empty."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, text: str) -> None:
    """Make a file."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def post(name: str, *fields: str) -> None:
    """Make a post with these lines of front matter."""
    write(name, "\n".join(("---", *fields, "---", "Text.\n")))


def proposed(url: str = "", folder: str = "") -> Proposal:
    """Return what is proposed for `folder`."""
    return propose(folder, url, NOW)


def kept(proposal: Proposal) -> Configuration:
    """Keep the proposal, and return the configuration that it is."""
    keep(proposal)
    return load(Options(config=proposal.name), NOW)


def said(proposal: Proposal) -> str:
    """Return what is said of the proposal."""
    return "\n".join(lines(proposal))


class TestJekyll:
    """Sites with a `_config.yml`, or a `_posts`."""

    def test_with_jekyll_feed(self) -> None:
        """Its place is proposed in the open, and the rest is left to `_config.yml`."""
        write("_config.yml", "url: https://example.org\nbaseurl: /b\ntitle: T\nplugins: [jekyll-feed]\ndefaults: []")
        post("_posts/2025-01-01-a.md", "title: A", "tags: [x, y]")
        found = proposed()
        assert (found.facts.kind, found.facts.url, found.facts.compat) == (
            Kind.JEKYLL,
            "https://example.org/b",
            Compat.JEKYLL,
        )
        assert "title" not in tomllib.loads(found.text)["site"]
        assert 'compat = "jekyll" is proposed: feeds stay where Jekyll had them' in said(found)
        site = kept(found)
        assert (site.site.title, site.feeds.scheme.compat) == ("T", Compat.JEKYLL)

    def test_without_jekyll_feed(self) -> None:
        """All that `_config.yml` says is said again, since it is not read any more; its defaults cannot be."""
        write(
            "_config.yml",
            "url: https://example.org\ntitle: T\ndescription: D\nlang: en\ntimezone: Asia/Taipei\npermalink: pretty\n"
            "author: {name: A, email: a@example.org}\nexclude: [x, y]\nfeed: {posts_limit: 7}\n"
            "defaults: [{scope: {path: ''}, values: {lang: fr}}]",
        )
        post("_posts/2025-01-01-a.md", "title: A")
        found = proposed()
        assert found.facts.compat is Compat.NONE
        assert "`defaults`" in said(found)
        assert 'if it published this site, say compat = "jekyll"' in said(found)
        site = kept(found)
        assert (site.site.title, site.site.description, site.site.language) == ("T", "D", "en")
        assert site.site.authors == (Person("A", "a@example.org"),)
        assert (site.posts.page.pattern, site.walk.exclude, site.feeds.limit) == ("pretty", ("x", "y"), 7)
        assert site.posts.page.zone.key == "Asia/Taipei"
        assert site.feeds.scheme.compat is Compat.NONE

    @pytest.mark.parametrize(
        "config", ["a: &x 1", "- a", "\ttab", 'title: "', "plugins: jekyll-feed\nurl: localhost:4000"]
    )
    def test_a_configuration_that_says_little(self, config: str) -> None:
        """What cannot be read is told, and the address is left open: a build says what is missing."""
        write("_config.yml", config)
        post("_posts/2025-01-01-a.md", "title: A")
        found = proposed()
        assert found.facts.url == ""
        keep(found)
        with pytest.raises(UsageError):
            load(Options(config=found.name), NOW)
        assert 'url = ""' in found.text
        assert "note" in said(found)

    def test_without_any_configuration(self) -> None:
        """A `_posts` is Jekyll's."""
        post("_posts/2025-01-01-a.md", "title: A")
        found = proposed("https://example.org")
        assert (found.facts.kind, found.facts.file) == (Kind.JEKYLL, "")
        assert kept(found).walk.roots == ("_posts",)

    def test_posts_in_other_folders(self) -> None:
        """Folders with ten and more files that are named by a date are told, but for those that are read."""
        write("_config.yml", "url: https://example.org")
        for number in range(10):
            post(f"_posts/2025-01-{number + 1:02}-a.md", "title: A")
            post(f"archived/2020/2020-01-{number + 1:02}-a.md", "title: A")
            post(f"pages/page-{number}.md", "title: A")
        post("few/2020-01-01-a.md", "title: A")
        assert "more files that could be posts: archived (10); `posts.roots` takes all folders" in said(proposed())


HUGO = {
    "baseURL": "https://example.org/blog/",
    "title": "T",
    "languageCode": "en-us",
    "timeZone": "Europe/Paris",
    "params": {"description": "D", "author": {"name": "A", "email": "a@example.org"}},
    "services": {"rss": {"limit": 12}},
    "taxonomies": {"tag": "tags", "series": "series", "odd": "No Name"},
    "permalinks": {"posts": "/:year/:slug/"},
}


class TestHugo:
    """Sites with Hugo's configuration, in any of its three languages."""

    @pytest.mark.parametrize("name", ["hugo.json", "hugo.yaml", "config/_default/hugo.yml"])
    def test_the_configuration(self, name: str) -> None:
        """What it says becomes what feeder says, whatever its keys' case."""
        write(name, json.dumps({key.upper(): value for key, value in HUGO.items()}))
        post("content/posts/a.md", "title: A", "date: 2025-01-01", "series: [x]")
        found = proposed()
        assert (found.facts.kind, found.facts.compat, found.facts.file) == (Kind.HUGO, Compat.HUGO, name)
        assert found.facts.taxonomies == (TaxonomySetting("series"),)
        site = kept(found)
        assert (site.site.url, site.site.title, site.site.description) == ("https://example.org/blog", "T", "D")
        assert (site.site.language, site.posts.page.zone.key, site.feeds.limit) == ("en-us", "Europe/Paris", 12)
        assert site.site.authors == (Person("A", "a@example.org"),)
        assert (site.posts.page.pattern, site.feeds.formats) == ("/:year/:slug/", ("rss",))
        assert [one.name for one in site.feeds.taxonomies] == ["categories", "tags", "series"]
        assert site.walk.roots == ("content",)

    def test_toml(self) -> None:
        """Its own language is TOML; nothing has to be said for a proposal."""
        write("hugo.toml", 'baseURL = "https://example.org"\nauthor = "B"\ncontentDir = "texts"\nrssLimit = -1')
        post("texts/a.md", "title: A", "date: 2025-01-01")
        found = proposed()
        assert (found.facts.authors, found.facts.limit, found.facts.roots) == ((Person("B"),), None, ("texts",))
        assert kept(found).walk.roots == ("texts",)

    @pytest.mark.parametrize("text", ["", "= nothing", '[params]\nauthor = 1\ndescription = ["x"]', "permalinks = 1"])
    def test_a_configuration_that_says_nothing(self, text: str) -> None:
        """What cannot be understood is not there."""
        write("hugo.toml", text)
        assert proposed().facts.url == ""

    def test_a_configuration_of_others(self) -> None:
        """A `config.toml` without `content` beside it is not Hugo's."""
        write("config.toml", 'title = "Some program"')
        assert proposed().facts.kind is Kind.PLAIN
        Path("content").mkdir()
        assert proposed().facts.kind is Kind.HUGO

    def test_deep_nesting(self) -> None:
        """A configuration nested a thousand times deep costs nothing but itself."""
        write("hugo.json", '{"a":' * 1000 + "1" + "}" * 1000)
        assert proposed().facts.kind is Kind.HUGO
        write("hugo.json", '{"a":' * 100_000)
        assert proposed().facts.kind is Kind.HUGO

    @pytest.mark.parametrize(
        ("permalinks", "pattern", "note"),
        [
            ({"page": {"posts": "/:year/:slugorfilename/"}}, "/:year/:slugorfilename/", ""),
            ({"posts": "/:year/", "term": "/t/:slug/"}, "/:year/", ""),
            ({"posts": "/a/:slug/", "log": "/a/:slug/"}, "/a/:slug/", ""),
            ({"posts": "/a/:slug/", "log": "/b/:slug/"}, "/a/:slug/", "differ by section"),
            ({"posts": "/:sections[1:]/:slug/"}, "", "words that feeder does not know"),
            ({"posts": "/:nonsense/"}, "", "words that feeder does not know"),
        ],
    )
    def test_permalinks(self, permalinks: object, pattern: str, note: str) -> None:
        """One pattern for all posts is taken; what cannot be said in one is told."""
        write("hugo.json", json.dumps({"permalinks": permalinks, "languages": {"en": {}, "fr": {}}}))
        facts = proposed().facts
        assert facts.permalink == pattern
        assert any(note in one for one in facts.notes)
        assert any("several languages" in one for one in facts.notes)


class TestPelican:
    """Sites with a `pelicanconf.py`, of which nothing is run."""

    def test_the_configuration(self) -> None:
        """What is assigned as a plain value is known; `publishconf.py` says the address."""
        write(
            "pelicanconf.py",
            "import os\nSITENAME = 'T'\nSITEURL = ''\nSITESUBTITLE = 'D'\nAUTHOR = 'A'\nTIMEZONE = 'Europe/Paris'\n"
            "DEFAULT_LANG = 'fr'\nFEED_MAX_ITEMS = 9\nPATH = 'content'\nARTICLE_PATHS = ['blog', 'log']\n"
            "ARTICLE_URL = '{date:%Y}/{date:%b}/{slug}/'\nX: str = 'x'\nA, B = 1, 2\nC.d = 3\n"
            "LOAD = open('ran', 'w')\nos.mkdir('ran')",
        )
        write("publishconf.py", "from pelicanconf import *\nSITEURL = 'https://example.org'\nSITENAME = ''")
        post("content/blog/a.md", "title: A", "date: 2025-01-01", "authors: [A, B]")
        post("content/log/b.md", "title: B", "date: 2025-01-01")
        found = proposed()
        assert (found.facts.kind, found.facts.compat, found.census.posts) == (Kind.PELICAN, Compat.PELICAN, 2)
        assert not Path("ran").exists()
        site = kept(found)
        assert (site.site.url, site.site.title, site.site.description) == ("https://example.org", "T", "D")
        assert (site.site.language, site.posts.page.zone.key, site.feeds.limit) == ("fr", "Europe/Paris", 9)
        assert site.posts.page.pattern == "/:year/:short_month/:slug/"
        assert site.walk.roots == ("content/blog", "content/log")
        assert [one.name for one in site.feeds.taxonomies] == ["categories", "tags", "authors"]

    @pytest.mark.parametrize(
        ("url", "pattern"),
        [
            ("{slug}.html", ""),
            ("blog/{category}/{slug}.html", "/blog/:category/:slug.html"),
            ("{date:%Y-%m-%d}", "/:year-:month-:day"),
        ],
    )
    def test_addresses(self, url: str, pattern: str) -> None:
        """ARTICLE_URL is said in feeder's words; where it is what feeder takes anyway nothing is said."""
        write("pelicanconf.py", f"ARTICLE_URL = {url!r}")
        assert proposed().facts.permalink == pattern

    @pytest.mark.parametrize("url", ["{lang}/{slug}.html", "{date:%G}/{slug}", "{slug"])
    def test_addresses_that_feeder_cannot_say(self, url: str) -> None:
        """Words that feeder does not have are told."""
        write("pelicanconf.py", f"ARTICLE_URL = {url!r}")
        assert "ARTICLE_URL" in said(proposed())

    @pytest.mark.parametrize(
        "text",
        [
            "", "\0", "(" * 10_000, "SITEURL = " + "[" * 5_000, "x = 1 +", "SITEURL = 5", "SITEURL = {[]: 1}",
            "SITEURL = '\\d'", "SITEURL = -" + "-" * 20_000 + "1", "PATH = '../..'", "FEED_MAX_ITEMS = True",
            "ARTICLE_PATHS = [1, '']", "SITEURL = __import__('os').getcwd()", "SITENAME = 'T'\nSITENAME = f()",
        ],
    )  # fmt: skip
    def test_hostile_configurations(self, text: str) -> None:
        """What is no plain value is not there, and nothing of it is ever run."""
        write("pelicanconf.py", text)
        facts = proposed().facts
        assert (facts.kind, facts.url, facts.title, facts.limit) == (Kind.PELICAN, "", "", None)

    def test_its_own_metadata(self) -> None:
        """Posts with Pelican's metadata are posts."""
        write("pelicanconf.py", "SITENAME = 'T'")
        write("content/news/a.md", "Title: A\nDate: 2025-01-01\nTags: x, y\n\nText.\n")
        census = proposed("https://example.org").census
        assert (census.posts, census.formats) == (1, (Count("metadata", 1),))
        assert census.terms[:2] == (Count("categories", 1), Count("tags", 2))

    def test_posts_beside_the_configuration(self) -> None:
        """Without PATH and without `content` the posts are here."""
        write("pelicanconf.py", "SITENAME = 'T'")
        assert proposed().facts.roots == (".",)


class TestPlain:
    """Folders of posts alone."""

    @pytest.mark.parametrize(
        ("files", "roots"),
        [
            (("posts/a.md", "other/b.md", "other/c.md"), ("posts",)),
            (("a.md", "b.md", "texts/c.md"), (".",)),
            (("README.md", "texts/2025/c.md", "texts/d.html"), ("texts",)),
            (("README.md",), ("posts",)),
            (("notes.txt",), ("posts",)),
            (("blog/_posts/a.md",), ("blog/_posts",)),
            ((".git/a.md", ".git/b.md", "node_modules/x/c.md", "node_modules/x/d.md", "texts/e.md"), ("texts",)),
        ],
    )
    def test_where_the_posts_are(self, files: tuple[str, ...], roots: tuple[str, ...]) -> None:
        """In `posts`, else in the folder with most files that could be posts; nowhere where there is only a README."""
        for name in files:
            post(name, "title: A", "date: 2025-01-01")
        assert kept(proposed("https://example.org")).walk.roots == roots

    def test_the_address_that_a_host_knows(self) -> None:
        """A `CNAME` says the address; nothing else is guessed."""
        write("CNAME", "blog.example.org\n")
        assert proposed().facts.url == "https://blog.example.org"
        write("CNAME", "no host")
        assert proposed().facts.url == ""
        Path("CNAME").write_bytes(b"\xff")
        assert proposed().facts.url == ""

    def test_another_folder(self) -> None:
        """The proposal stands beside the posts, and its paths are below it."""
        post("site/texts/a.md", "title: A", "date: 2025-01-01")
        found = proposed("https://example.org/", "site")
        assert found.name == "site/feeder.toml"
        assert kept(found).walk.roots == ("site/texts",)
        with pytest.raises(UsageError, match="'nowhere' is no folder"):
            proposed("", "nowhere")
        with pytest.raises(UsageError, match="must be an http"):
            proposed("nothing")


class TestCensus:
    """What is counted of the posts."""

    def test_everything(self) -> None:
        """Keys, formats, dates, terms, authors, origins, languages, scripts, what is left out and why."""
        post(
            "posts/a.md",
            "title: Hello",
            "date: 2025-01-01",
            "tags: [x, X, y]",
            "author: A",
            "series: [s, t]",
            "lang: en",
        )
        post(
            "posts/2025-01-02-b.md", "title: 你好", "from: https://partner.example/b", "authors: [B, a]", "series: [u]"
        )
        write("posts/2025-01-03-c.md", '+++\ntitle = "Привет"\nredirect_from = ["/x"]\n+++\nText.\n')
        write("posts/d.md", "[你好](https://partner.example/d)\n---\n<!--1600919777000-->\n")
        write("posts/e.md", "<!--1600919777000-->\nA marker.\n")
        post("posts/f.md", "title: No date")
        post("posts/g.md", "title: Draft", "date: 2025-01-01", "draft: true")
        write("posts/h.md", "Nothing.\n")
        post("posts/i.md", "title: I", "date: 2025-01-01", "id: no id")
        os.mkfifo("posts/j.md")
        Path("posts/k.md").write_bytes(b"---\ntitle: \xff\n---\n")
        census = proposed("https://example.org").census
        assert (census.files, census.looked_at, census.posts, census.origins) == (11, 10, 5, 1)
        assert census.dates == (Count("file name", 2), Count("front matter", 2), Count("epoch marker", 1))
        assert census.formats == (Count("YAML", 5), Count("none", 2), Count("TOML", 1))
        assert census.terms == (Count("categories", 0), Count("tags", 2))
        assert (census.authors, census.languages) == (2, (Count("en", 1),))
        assert census.scripts == (Count("latin", 3), Count("cjk", 1), Count("cyrillic", 1))
        assert census.keys[:2] == (Count("title", 7), Count("date", 3))
        assert census.lists == (Count("series", 2),)
        assert census.warnings == (Count("bad-id", 1),)
        assert {one.name for one, _ in census.left_out} == {
            "no-date",
            "unpublished",
            "no-post",
            "not-a-file",
            "encoding",
        }

    def test_what_is_proposed_for_it(self) -> None:
        """Authors and lists that many posts have are proposed as taxonomies, in comments."""
        for number in range(3):
            post(
                f"posts/{number}.md",
                "title: A",
                "date: 2025-01-01",
                f"author: A{number}",
                "series: [x]",
                "Bad Key: [x]",
            )
        text = proposed("https://example.org").text
        assert "# A feed for every author, of whom there are 3:\n# [taxonomies.authors]\n" in text
        assert "# 3 posts have a list of `series`; a feed for every term of it:\n# [taxonomies.series]\n" in text
        assert "Bad Key" not in text

    def test_a_sample(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Of many posts a sample is read, at equal distances, and that is said."""
        monkeypatch.setattr(census_module, "SAMPLE", 3)
        for number in range(10):
            post(f"posts/{number}.md", "title: A", "date: 2025-01-01", f"author: A{number}")
        found = proposed("https://example.org")
        assert (found.census.files, found.census.looked_at, found.census.posts) == (10, 3, 3)
        assert "10 files that could be posts, of which 3 were read" in said(found)
        assert "at least 3" in found.text
        assert [source.path for source in spread(_sources(), 3)] == ["0", "3", "6"]
        assert spread(_sources(), 10) == _sources()

    def test_a_post_that_feeder_fails_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """One post never stops the others."""
        post("posts/a.md", "title: A", "date: 2025-01-01")

        def fail(*_: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(census_module, "head", fail)
        assert [one.name for one, _ in proposed("https://example.org").census.left_out] == ["internal"]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [("Hello 你", "latin"), ("你好 a", "cjk"), ("مرحبا", "arabic"), ("1 + 1", "none"), ("", "none")],
    )
    def test_scripts(self, text: str, expected: str) -> None:
        """A title's script is that of most of its letters."""
        assert script(text) == expected


def _sources() -> tuple[Source, ...]:
    return tuple(Source("posts", str(number), 1, 1) for number in range(10))


class TestText:
    """What is written."""

    @given(st.text(max_size=60))
    def test_strings(self, text: str) -> None:
        """Any text is read back from what is written, but for what no feed may hold; and it stays on its line."""
        written = string(text)
        assert "\n" not in written
        assert tomllib.loads(f"a = {written}")["a"] == legal(text)

    def test_arrays(self) -> None:
        """One text stands alone, several in an array."""
        assert strings(["a"]) == '"a"'
        assert tomllib.loads(f"a = {strings(['a', 'b'])}") == {"a": ["a", "b"]}

    @given(
        title=st.text(max_size=40),
        description=st.text(max_size=40),
        lang=st.text(max_size=10),
        timezone=st.text(max_size=10),
        name=st.text(max_size=20),
        pattern=st.text(max_size=20),
    )
    @profile(suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_any_configuration_gives_one_that_feeder_takes(
        self, title: str, description: str, lang: str, timezone: str, name: str, pattern: str
    ) -> None:
        """Whatever a site's configuration says, the proposal is one that feeder reads."""
        values = {
            "baseURL": "https://example.org",
            "title": title,
            "languageCode": lang,
            "timeZone": timezone,
            "params": {"description": description, "author": {"name": name, "email": name}},
            "permalinks": {"posts": pattern},
        }
        write("hugo.json", json.dumps(values))
        Path("content").mkdir(exist_ok=True)
        Path("feeder.toml").unlink(missing_ok=True)
        assert kept(proposed()).site.url == "https://example.org"

    def test_what_was_refused_is_told(self) -> None:
        """What a configuration says and feeder would not take is left out of the proposal, with the reason."""
        values = {"baseURL": "https://example.org", "title": "T", "params": {"author": {"name": "A", "email": "no"}}}
        write("hugo.json", json.dumps({**values, "languageCode": "!", "timeZone": "Nowhere"}))
        found = proposed()
        notes = said(found)
        assert "no language tag" in notes
        assert "no IANA zone" in notes
        assert "no e-mail address" in notes
        assert kept(found).site.title == "example.org"
        write("_config.yml", "url: https://example.org\nplugins: [jekyll-feed]\nauthor: {name: A, email: no}")
        Path("feeder.toml").unlink()
        found = proposed()
        assert found.facts.compat is Compat.NONE
        assert kept(found).site.authors == ()


class TestKeeping:
    """Where the proposal goes."""

    def test_nothing_is_overwritten(self) -> None:
        """Whatever is there is left as it is: a file, a folder, a link to nowhere."""
        found = proposed("https://example.org")
        for number in range(2):
            if number:
                Path("feeder.toml").symlink_to("nowhere")
            else:
                write("feeder.toml", "mine")
            with pytest.raises(UsageError, match=r"feeder\.toml is there already, and was left as it is"):
                keep(found)
            Path("feeder.toml").unlink()
        assert not Path("nowhere").exists()

    def test_what_cannot_be_written_is_told(self) -> None:
        """A folder that is gone is a sentence."""
        found = proposed("https://example.org")
        missing = Proposal("gone/feeder.toml", found.facts, found.census, found.text)
        with pytest.raises(InputOutputError, match="cannot be written: no such file or directory"):
            keep(missing)


def test_a_site_without_posts() -> None:
    """That there is nothing is said, not more."""
    found = proposed()
    assert "does not exist" in said(found)
    assert found.census == take(load(Options(site_url="https://example.org"), NOW))
    assert isinstance(found.census, Census)


def test_names_cannot_forge_lines() -> None:
    """What stands in configurations and posts is escaped where it is shown."""
    write("hugo.json", json.dumps({"title": "T\u202e\x1b[31m", "baseURL": "x\ny"}))
    post("content/a.md", "title: A", '"bad\\u001bkey": x')
    for line in lines(proposed()):
        assert line.isprintable()
    assert Facts(Kind.PLAIN).notes == ()
