"""`feeder.toml` (SPEC §8)."""

from __future__ import annotations

import pytest

from feeder.config.settings import Settings, TaxonomySetting
from feeder.config.toml import read_toml
from feeder.errors import UsageError
from feeder.model.term import Person


def read(text: str, folder: str = "") -> Settings:
    """Return what a `feeder.toml` of `text` says."""
    return read_toml("feeder.toml", folder, text)


def wrong(text: str) -> str:
    """Return what is said about `text`."""
    with pytest.raises(UsageError) as caught:
        read(text)
    assert caught.value.exit_code == 2
    return str(caught.value)


EVERYTHING = """
[site]
url = " https://example.org/ "
id = "x"
title = "T\\u0001itle"
description = "D"
lang = "en"
author = ["A", { name = "B", email = "b@example.org", uri = "https://b.example/" }]
timezone = "Asia/Taipei"
hub = " https://hub.example/ "

[posts]
roots = ["posts", "/srv/archive"]
exclude = "old"
drafts = true
future = true
encoding = "big5"
link = "permalink"
permalink = "pretty"
base = "https://base.example/"

[content]
sanitizer = "bleach"
excerpt_separator = "\\n\\n"

[feeds]
url = "https://feeds.example.org/"
formats = ["rss"]
limit = 7
hours = 48
per_source = 5
max_bytes = 1

[taxonomies.authors]

[taxonomies.series]
keys = "serial"
page = "/series/:slug/"

[taxonomies.tags]
keys = []
"""


def test_everything() -> None:
    """Every key is read, as text without the characters that no feed may hold, and relative roots from the file."""
    assert read(EVERYTHING, "site") == Settings(
        name="feeder.toml",
        folder="site",
        url="https://example.org/",
        id="x",
        title="Title",
        description="D",
        lang="en",
        authors=(Person("A"), Person("B", "b@example.org", "https://b.example/")),
        timezone="Asia/Taipei",
        hub="https://hub.example/",
        roots=("site/posts", "/srv/archive"),
        exclude=("old",),
        drafts=True,
        future=True,
        encoding="big5",
        link="permalink",
        permalink="pretty",
        base="https://base.example/",
        sanitizer="bleach",
        excerpt_separator="\n\n",
        feeds_url="https://feeds.example.org/",
        formats=("rss",),
        limit=7,
        hours=48,
        per_source=5,
        max_bytes=1,
        taxonomies=(
            TaxonomySetting("authors"),
            TaxonomySetting("series", ("serial",), "/series/:slug/"),
            TaxonomySetting("tags", ()),
        ),
    )


def test_nothing() -> None:
    """An empty file says nothing."""
    assert read("") == Settings(name="feeder.toml")


@pytest.mark.parametrize(
    ("author", "people"),
    [
        ('"A  B"', (Person("A B"),)),
        ('""', ()),
        ("[]", ()),
        ('{ name = " A\\n", uri = "u" }', (Person("A", "", "u"),)),
        ('[{ name = "A" }, "B"]', (Person("A"), Person("B"))),
    ],
)
def test_authors(author: str, people: tuple[Person, ...]) -> None:
    """An author is text, a table, or a list of them."""
    assert read(f"[site]\nauthor = {author}").authors == people


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[site]\n\nurll = 'x'", "feeder.toml:3: `urll` is no known key of [site]: did you mean `url`?"),
        ("[sites]\n", "feeder.toml:1: `sites` is no known table: did you mean `site`?"),
        ("\n[sites]\nx = 1", "feeder.toml:2: `sites` is no known table: did you mean `site`?"),
        ("title = 'x'", "feeder.toml:1: `title` is no known table: did you mean `site`?"),
        (
            "[site]\n\nzzz = 1",
            (
                "feeder.toml:3: `zzz` is no known key of [site]: "
                "known are url, id, title, description, lang, author, timezone, hub, ledger, host"
            ),
        ),
        ("qqq = 1", "feeder.toml:1: `qqq` is no known table: known are site, posts, content, feeds, taxonomies"),
        ("\nsite = 'x'", "feeder.toml:2: `site` is a table: write [site] on a line of its own"),
        ("[[posts]]", "feeder.toml:1: `posts` is a table: write [posts] on a line of its own"),
        ("[site]\nurl = 1", "feeder.toml:2: `url` takes text"),
        ("[posts]\nroots = [1]", "feeder.toml:2: `roots` takes text or a list of texts"),
        ("[posts]\nroots = 1", "feeder.toml:2: `roots` takes text or a list of texts"),
        ("[posts]\ndrafts = 'yes'", "feeder.toml:2: `drafts` takes true or false"),
        ("[feeds]\nlimit = 0", "feeder.toml:2: `limit` takes a whole number from 1"),
        ("[feeds]\nhours = 0", "feeder.toml:2: `hours` takes a whole number from 1"),
        ("[feeds]\nper_sorce = 1", "feeder.toml:2: `per_sorce` is no known key of [feeds]: did you mean `per_source`?"),
        ("[feeds]\nlimit = true", "feeder.toml:2: `limit` takes a whole number from 1"),
        ("[feeds]\nlimit = 1.5", "feeder.toml:2: `limit` takes a whole number from 1"),
        ("[site]\nauthor = 1", "feeder.toml:2: `author` takes text, a table { name, email, uri } or a list of them"),
        ("[site]\nauthor = [1]", "feeder.toml:2: `author` takes text, a table { name, email, uri } or a list of them"),
        (
            "[site]\nauthor = { name = 1 }",
            "feeder.toml:2: `author` takes text, a table { name, email, uri } or a list of them",
        ),
        ("[site]\nauthor = { nam = 'x' }", "feeder.toml:2: `nam` is no known key: did you mean `name`?"),
        ("[site]\nauthor = { email = 'x' }", "feeder.toml:2: `author` has no `name`"),
        ("[site]\nauthor = ['']", "feeder.toml:2: `author` has no `name`"),
        ("[site]\nauthor.email = 'x'", "feeder.toml:2: `author` has no `name`"),
        (
            "[taxonomies]\ntags = 1",
            "feeder.toml:2: `taxonomies.tags` is a table: write [taxonomies.tags] on a line of its own",
        ),
        (
            "[site]\nurl = 'x'\n\n\n[taxonomies.'../x']\n",
            "feeder.toml:5: '../x' cannot be a taxonomy's name: it becomes a folder, so take a-z, 0-9, - and _",
        ),
        (
            "[taxonomies.tags]\nkey = 'x'",
            "feeder.toml:2: `key` is no known key of [taxonomies.tags]: did you mean `keys`?",
        ),
        ("[site]\nurl = ", "feeder.toml:2: this is no TOML: Invalid value"),
        ("[site]\nurl = '", 'feeder.toml:2: this is no TOML: Expected "\'"'),
        ("[site]\nid = 'x'\nid = 'y'", "feeder.toml:3: this is no TOML: Cannot overwrite a value"),
        ("x = " + "[" * 5_000, "feeder.toml:1: this is nested too deeply"),
    ],
)
def test_mistakes(text: str, message: str) -> None:
    """Every mistake is said with its line, what is wrong and what to write instead."""
    assert wrong(text) == message


def test_a_number_without_end() -> None:
    """A number of thousands of digits is an error like any other."""
    assert "this is no TOML" in wrong(f"[feeds]\nlimit = {'9' * 5_000}")


def test_nothing_reaches_the_terminal() -> None:
    """What the file holds is said with its controls escaped."""
    assert "\x1b" not in wrong('[site]\n"\\u001b[1m" = 1')
