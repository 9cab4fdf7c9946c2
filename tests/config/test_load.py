"""Files and options become the configuration (SPEC §8)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeder.config.load import load
from feeder.config.scheme import OWN, Compat, Place
from feeder.config.settings import Options
from feeder.config.slices import Configuration, LinkChoice, Sanitizer, Taxonomy
from feeder.errors import UsageError
from feeder.model.term import Person

NOW = datetime(2020, 9, 24, tzinfo=UTC)
URL = "https://example.org"


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


def toml(text: str, options: Options | None = None) -> Configuration:
    """Return what a `feeder.toml` of `text` makes, below its address."""
    write("feeder.toml", f'site.url = "{URL}"\n{text}')
    return load(options or Options(), NOW)


def wrong(options: Options | None = None) -> str:
    """Return what is said against the configuration here."""
    with pytest.raises(UsageError) as caught:
        load(options or Options(), NOW)
    return str(caught.value)


def test_options_alone() -> None:
    """An address is enough: everything else has its default."""
    site = load(Options(site_url=URL + "/"), NOW)
    assert site.name == ""
    assert (site.site.id, site.site.url, site.site.title) == (URL, URL, "example.org")
    assert (site.site.description, site.site.language, site.site.authors) == ("", "", ())
    assert (site.walk.folder, site.walk.roots, site.walk.named, site.walk.output) == ("", ("posts",), False, "dist")
    assert (site.walk.exclude, site.walk.drafts, site.posts.drafts) == ((), False, False)
    assert (site.posts.encoding, site.content.encoding) == ("utf-8", "utf-8")
    assert (site.posts.link, site.content.base, site.posts.defaults, site.posts.people) == (
        LinkChoice.ORIGIN,
        "",
        (),
        (),
    )
    assert (site.posts.page.url, site.posts.page.pattern, site.posts.page.zone.key) == (URL, "", "UTC")
    assert site.content.page == site.posts.page
    assert (site.content.sanitizer, site.content.excerpt_separator) == (Sanitizer.NH3, "")
    assert (site.content.formats, site.feeds.formats) == (("atom", "rss"), ("atom", "rss"))
    assert (site.feeds.url, site.feeds.limit, site.feeds.max_bytes, site.feeds.now) == (URL, 50, 4_000_000, NOW)
    assert site.content.max_bytes == 4_000_000
    assert site.feeds.site == site.site
    expected = (Taxonomy("categories", ("category", "categories")), Taxonomy("tags", ("tag", "tags")))
    assert (site.posts.taxonomies, site.feeds.taxonomies) == (expected, expected)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://hub.example", "https://hub.example/"),
        ("https://hub.example/", "https://hub.example/"),
        ("https://hub.example/a", "https://hub.example/a"),
        ("https://hub.example/a/", "https://hub.example/a/"),
        (" HTTPS://bücher.example/中 ", "https://xn--bcher-kva.example/%E4%B8%AD"),
    ],
)
def test_a_hub(written: str, url: str) -> None:
    """A hub is taken at its word, percent-encoded: a slash at its end stays, and is not added but to a bare host."""
    assert toml(f"site.hub = '{written}'").site.hub == url


@pytest.mark.parametrize("written", ["http://hub.example/", "hub.example", "https://hub.example/?x", "ftp://h.example"])
def test_no_hub(written: str) -> None:
    """A hub is an https address."""
    write("feeder.toml", f'site.url = "{URL}"\nsite.hub = "{written}"')
    assert wrong().startswith("feeder.toml: `site.hub` is ")


def test_the_file() -> None:
    """What the file says stands in the slice of the stage that needs it."""
    write(
        "feeder.toml",
        """
        [site]
        url = "https://example.org"
        id = "x"
        title = " The\\n title "
        description = "D"
        lang = "zh_tw"
        author = "A"
        timezone = "Asia/Taipei"
        [posts]
        roots = "p"
        exclude = ["old"]
        encoding = "BIG5"
        link = "permalink"
        permalink = "pretty"
        base = "https://base.example/x/"
        [content]
        sanitizer = "bleach"
        excerpt_separator = "<!--x-->"
        [feeds]
        url = "https://feeds.example.org/f/"
        formats = ["rss", "rss"]
        limit = 7
        hours = 48
        per_source = 5
        max_bytes = 1000
        [taxonomies.authors]
        page = "/a/:slug"
        [taxonomies.tags]
        keys = []
        [taxonomies.series]
        """,
    )
    site = load(Options(), NOW)
    assert site.name == "feeder.toml"
    assert (site.site.id, site.site.title, site.site.description, site.site.language) == (
        "x",
        "The title",
        "D",
        "zh-tw",
    )
    assert site.site.authors == (Person("A"),)
    assert (site.walk.roots, site.walk.named, site.walk.exclude) == (("p",), True, ("old",))
    assert (site.posts.encoding, site.content.encoding) == ("big5", "big5")
    assert (site.posts.link, site.content.base) == (LinkChoice.PERMALINK, "https://base.example/x")
    assert (site.posts.page.pattern, site.posts.page.zone.key) == ("pretty", "Asia/Taipei")
    assert (site.content.sanitizer, site.content.excerpt_separator) == (Sanitizer.BLEACH, "<!--x-->")
    assert (site.feeds.url, site.feeds.formats) == ("https://feeds.example.org/f", ("rss",))
    assert (site.feeds.limit, site.feeds.max_bytes, site.content.max_bytes) == (7, 1_000, 1_000)
    assert (site.feeds.hours, site.feeds.per_source) == (48, 5)
    assert site.feeds.taxonomies == (
        Taxonomy("categories", ("category", "categories")),
        Taxonomy("authors", ("author", "authors"), "/a/:slug"),
        Taxonomy("series", ("series",)),
    )


def test_options_win() -> None:
    """Options win over the file."""
    site = toml(
        'site.title = "T"\n[posts]\nroots = "p"',
        Options(posts=("a", "b"), dist="out", site_url="https://o.example", title="O", drafts=True, future=True),
    )
    assert (site.site.url, site.site.title, site.walk.roots, site.walk.output) == (
        "https://o.example",
        "O",
        ("a", "b"),
        "out",
    )
    assert (site.walk.drafts, site.posts.drafts, site.feeds.now) == (True, True, None)


def test_the_file_asks_for_drafts_and_the_future() -> None:
    """Drafts and the future may be asked for in the file."""
    site = toml("[posts]\ndrafts = true\nfuture = true")
    assert (site.walk.drafts, site.posts.drafts, site.feeds.now) == (True, True, None)


def test_which_file() -> None:
    """`--config` wins over `feeder.toml`, and that over `_config.yml`."""
    write("_config.yml", "url: https://jekyll.example")
    assert load(Options(), NOW).name == "_config.yml"
    write("feeder.toml", "site.url = 'https://toml.example'")
    assert load(Options(), NOW).site.url == "https://toml.example"
    write("other.yaml", "url: https://other.example")
    assert load(Options(config="other.yaml"), NOW).site.url == "https://other.example"


def test_jekyll() -> None:
    """A Jekyll site's posts have Jekyll's addresses, its roots are every `_posts`."""
    write("_config.yml", "url: https://example.org\nbaseurl: /b\nexclude: [x]\nfeed: {posts_limit: 3}")
    for name in (
        "_posts",
        "news/_posts",
        "a/b/_posts",
        "_site/_posts",
        ".git/_posts",
        "vendor/bundle/g/_posts",
        "_posts/_posts",
    ):
        Path(name).mkdir(parents=True)
    site = load(Options(), NOW)
    assert (site.posts.page.pattern, site.posts.page.url, site.feeds.limit) == ("date", "https://example.org/b", 3)
    assert (site.walk.roots, site.walk.named) == (("_posts", "a/b/_posts", "news/_posts"), False)


def test_in_jekylls_place() -> None:
    """With `compat` Jekyll's configuration holds where `feeder.toml` says nothing, jekyll-feed's paths too."""
    write(
        "_config.yml",
        "url: https://jekyll.example\nbaseurl: /b\ntitle: J\nfuture: true\npermalink: pretty\nexclude: [x]\n"
        "defaults: [{scope: {path: ''}, values: {lang: en}}]\nfeed: {path: atom.xml, categories: [News]}",
    )
    write("feeder.toml", 'site.title = "F"\nfeeds.compat = "jekyll"')
    site = load(Options(), NOW)
    assert (site.name, site.site.url, site.site.title) == ("feeder.toml", "https://jekyll.example/b", "F")
    assert (site.posts.page.pattern, site.walk.exclude, site.feeds.now) == ("pretty", ("x",), None)
    assert len(site.posts.defaults) == 1
    assert (site.posts.compat, site.feeds.scheme.compat) == (Compat.JEKYLL, Compat.JEKYLL)
    assert site.feeds.scheme.places[0] == Place("", "atom", "atom.xml")
    assert site.feeds.scheme.labels == ("News",)
    assert site.posts.link is LinkChoice.PERMALINK
    write("feeder.toml", 'site.url = "https://example.org"')
    assert load(Options(), NOW).feeds.scheme == OWN
    write("feeder.toml", 'site.url = "https://example.org"\n[feeds]\ncompat = "hugo"')
    site = load(Options(), NOW)
    assert (site.site.title, site.posts.page.pattern) == ("example.org", "/:sections/:slugorcontentbasename/")


def test_in_the_place_of_others() -> None:
    """Posts are in `content`, and their pages where Hugo and Pelican have them if nothing else is said."""
    Path("content").mkdir()
    site = toml('feeds.compat = "pelican"\nposts.link = "origin"')
    assert (site.walk.roots, site.posts.page.pattern) == (("content",), "/:slug.html")
    assert site.posts.link is LinkChoice.ORIGIN
    assert toml("").walk.roots == ("posts",)
    site = toml('feeds.compat = "hugo"\nposts.permalink = "/:slug/"')
    assert site.posts.page.pattern == "/:slug/"
    Path("_config.yml").unlink(missing_ok=True)
    assert toml('feeds.compat = "jekyll"').posts.page.pattern == "date"


@pytest.mark.parametrize(
    ("site_id", "url", "known_as"),
    [
        ("", "https://example.org/b/", "https://example.org/b"),
        ("", "https://example.org:443/b", "https://example.org/b"),
        ("", "http://example.org:80", "http://example.org"),
        ("", "https://example.org:4430/b", "https://example.org:4430/b"),
        ("https://old.example/", URL, "https://old.example"),
        ("my blog", URL, URL),
    ],
)
def test_what_known_ids_grow_from(site_id: str, url: str, known_as: str) -> None:
    """The ids of another program's entries grow from `site.id` where it is an address, so that a site may move."""
    write("feeder.toml", f'site.url = "{url}"\nsite.id = "{site_id}"\nfeeds.compat = "jekyll"')
    site = load(Options(), NOW)
    assert (site.posts.known_as, site.feeds.known_as) == (known_as, known_as)


def test_posts_before_every_posts() -> None:
    """A folder `posts` is the root where there is one."""
    Path("posts").mkdir()
    Path("_posts").mkdir()
    assert load(Options(site_url=URL), NOW).walk.roots == ("posts",)


def test_a_configuration_elsewhere() -> None:
    """Paths in a configuration are relative to its file, those of options to the current folder."""
    write("site/feeder.toml", "site.url = 'https://example.org'\nposts.exclude = ['x']")
    write("site/_data/authors.yml", "a: Ada")
    Path("site/_posts").mkdir()
    site = load(Options(config="site/feeder.toml"), NOW)
    assert (site.walk.folder, site.walk.roots) == ("site", ("site/_posts",))
    assert site.posts.people == (("a", Person("Ada")),)
    write("site/feeder.toml", "site.url = 'https://example.org'\nposts.roots = ['p', '/q']")
    assert load(Options(config="site/feeder.toml"), NOW).walk.roots == ("site/p", "/q")
    assert load(Options(config="site/feeder.toml", posts=("p",)), NOW).walk.roots == ("p",)


def test_people_without_a_configuration() -> None:
    """`_data/authors.yml` is read beside the configuration, or here."""
    write("_data/authors.yml", "a: Ada")
    assert load(Options(site_url=URL), NOW).posts.people == (("a", Person("Ada")),)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("http://Example.ORG", "http://example.org"),
        ("https://example.org:8443/a/", "https://example.org:8443/a"),
        ("https://例え.example/ブログ/", "https://xn--r8jz45g.example/%E3%83%96%E3%83%AD%E3%82%B0"),
        ("https://example.org/a b/%41", "https://example.org/a%20b/%41"),
        (" https://example.org ", "https://example.org"),
        ("https://[2001:db8::1]:80/", "https://[2001:db8::1]:80"),
        ("https://a_b.example", "https://a_b.example"),
    ],
)
def test_addresses(written: str, url: str) -> None:
    """The site's address is percent-encoded, without trailing slash."""
    assert load(Options(site_url=written), NOW).site.url == url


@pytest.mark.parametrize(
    "written",
    [
        "example.org",
        "ftp://example.org",
        "//example.org",
        "https://",
        "https:///x",
        "https://a b",
        "https://example.org/?q",
        "https://example.org/#f",
        "https://[::1",
        "https://example.org:x",
        "https://example.org:99999",
        f"https://{'a' * 64}.example",
        "javascript:1",
        "/",
        "\x1b",
    ],
)
def test_no_addresses(written: str) -> None:
    """What is no http or https address is refused, in the file as well as on the command line."""
    message = wrong(Options(site_url=written))
    assert message.startswith("`site.url` is ")
    assert "must be an http:// or https:// address" in message
    assert "\x1b" not in message
    for table, key in (("feeds", "url"), ("posts", "base")):
        if written != "\x1b":
            write("feeder.toml", f"site.url = '{URL}'\n{table}.{key} = '{written}'")
            assert wrong().startswith(f"feeder.toml: `{table}.{key}` is ")


def test_no_address_at_all() -> None:
    """Without an address it is said where to set it."""
    assert (
        wrong() == "the site's address is missing: set `url` under [site] in feeder.toml, or give --site-url https://…"
    )
    write("_config.yml", "baseurl: /x")
    assert "in _config.yml" in wrong()


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost.",
        "LOCALHOST:4000",
        "a.localhost",
        "127.0.0.1",
        "127.1.2.3:80",
        "0.0.0.0",
        "[::1]",
        "[::]",
    ],
)
def test_local_addresses(host: str) -> None:
    """This machine's own address is refused, unless it is allowed."""
    assert wrong(Options(site_url=f"http://{host}/")).endswith("give the public one, or --allow-local")
    assert load(Options(site_url=f"http://{host}/", allow_local=True), NOW).site.url == f"http://{host.lower()}"


@pytest.mark.parametrize("host", ["localhost.example", "128.0.0.1", "127.example", "[::2]"])
def test_addresses_that_look_local(host: str) -> None:
    """Other addresses are not taken for this machine's."""
    assert load(Options(site_url=f"http://{host}"), NOW).site.url == f"http://{host}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "site.timezone = 'GMT+3x'",
            "feeder.toml: `timezone` is 'GMT+3x', and must be an IANA zone such as Asia/Taipei",
        ),
        ("site.timezone = '../etc/passwd'", "feeder.toml: `timezone` is "),
        ("site.timezone = 'Asia'", "feeder.toml: `timezone` is "),
        (f"site.timezone = '{'x' * 300}'", "feeder.toml: `timezone` is "),
        (
            "site.lang = 'english!'",
            "feeder.toml: `lang` is 'english!', and must be a language tag such as en or zh-Hant",
        ),
        ("site.lang = 'a'", "feeder.toml: `lang` is 'a'"),
        ("posts.encoding = 'klingon'", "feeder.toml: `encoding` is 'klingon', which is no encoding that Python knows"),
        ("posts.encoding = 'hex'", "feeder.toml: `encoding` is 'hex'"),
        ("posts.encoding = 'undefined'", "feeder.toml: `encoding` is 'undefined'"),
        ("posts.link = 'page'", "feeder.toml: `posts.link` is 'page', and must be one of origin, permalink"),
        ("content.sanitizer = 'x'", "feeder.toml: `content.sanitizer` is 'x', and must be one of nh3, bleach"),
        ("feeds.formats = ['pdf']", "feeder.toml: `feeds.formats` is 'pdf', and must be one of atom, rss, json"),
        (
            "feeds.per_source = 5\ntaxonomies.categories.keys = []",
            "feeder.toml: `per_source` counts categories, and `keys = []` has turned them off",
        ),
    ],
)
def test_values_that_mean_nothing(text: str, message: str) -> None:
    """A value that means nothing is refused, with what it must be."""
    write("feeder.toml", f"site.url = '{URL}'\n{text}")
    assert wrong().startswith(message)


def test_files_that_cannot_be_read() -> None:
    """A configuration that is missing, a folder, or no UTF-8 is an error that says so."""
    assert (
        wrong(Options(config="none.toml")) == "none.toml: this configuration cannot be read: no such file or directory"
    )
    Path("_config.yml").mkdir()
    assert wrong() == "_config.yml: this configuration cannot be read: is a directory"
    Path("feeder.toml").write_bytes(b"a = '\xe9'")
    assert wrong() == "feeder.toml: byte 5 is no UTF-8: save the file as UTF-8"


def test_byte_order_mark_and_line_ends() -> None:
    """A byte order mark and other line ends change nothing."""
    Path("feeder.toml").write_bytes(b"\xef\xbb\xbf[site]\r\nurl = 'https://example.org'\r\n")
    assert load(Options(), NOW).site.url == URL


def test_archives() -> None:
    """Which feeds have archives is said by the site's own word and taxonomies' names, in their order, each once."""
    assert load(Options(site_url=URL), NOW).feeds.archive == ()
    write("feeder.toml", '[feeds]\narchive = "tags"\n')
    assert load(Options(site_url=URL), NOW).feeds.archive == ("tags",)
    write("feeder.toml", '[feeds]\narchive = ["authors", "site", "tags", "site"]\n[taxonomies.authors]\n')
    assert load(Options(site_url=URL), NOW).feeds.archive == ("site", "tags", "authors")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[feeds]\narchive = ["authors"]\n', "`feeds.archive` is 'authors', and must be one of site, categories, tags"),
        ('[feeds]\narchive = ["site"]\n[taxonomies.archive]\n', "the archives of the site's feed stand in `archive/`"),
    ],
)
def test_archives_that_cannot_be(text: str, message: str) -> None:
    """Archives of what is no feed are refused, and so are those that would stand where a taxonomy's feeds do."""
    write("feeder.toml", text)
    with pytest.raises(UsageError) as caught:
        load(Options(site_url=URL), NOW)
    assert message in str(caught.value)
