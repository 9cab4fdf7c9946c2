"""Old addresses of feeds, and labels that go up in others, as `feeder.toml` says them."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeder.config.aliases import excludes, proposal
from feeder.config.load import load
from feeder.config.settings import Options
from feeder.config.slices import Alias, Configuration
from feeder.errors import UsageError

NOW = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
HEAD = 'site.url = "https://example.org"\nsite.timezone = "Asia/Taipei"\n'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The current folder, empty."""
    monkeypatch.chdir(tmp_path)


def configured(text: str, now: datetime = NOW) -> Configuration:
    """Return what a `feeder.toml` of `text` makes."""
    Path("feeder.toml").write_text(HEAD + text, encoding="utf-8")
    return load(Options(), now)


def wrong(text: str) -> str:
    """Return what is said against it."""
    with pytest.raises(UsageError) as caught:
        configured(text)
    assert caught.value.exit_code == 2
    return str(caught.value)


def alias(old: str, new: str = "atom.xml", until: str = "") -> str:
    """Return the lines of an alias."""
    last = f"until = {until}\n" if until else ""
    return f"[[feeds.alias]]\nold = {old!r}\nnew = {new!r}\n{last}"


def test_aliases_stand_in_the_slice_of_feeds() -> None:
    """Files and folders are taken as they are written, with the lines of their tables; the top is the folder `./`."""
    text = alias("a b/ü.xml") + "\n" + alias("old/", "tags/new/") + alias("feed/", "./") + alias(".well-known/x/", ".")
    found = configured(text).feeds.aliases
    assert [(one.old, one.new, one.line) for one in found] == [
        ("a b/ü.xml", "atom.xml", 3),
        ("old/", "tags/new/", 7),
        ("feed/", "", 10),
        (".well-known/x/", "", 13),
    ]
    assert configured("").feeds.aliases == ()


def test_paths_may_be_percent_encoded() -> None:
    """A path may be copied from an address, where it is percent-encoded."""
    (found,) = configured(alias("tags/%E4%BA%BA/", "tags/100%/")).feeds.aliases
    assert (found.old, found.new) == ("tags/人/", "tags/100%/")


@pytest.mark.parametrize(
    ("until", "lasts"),
    [
        ("2027-01-01", False),  # it is midnight in Taipei
        ("2027-01-02", True),
        ("2027-01-01T00:00:01", True),
        ("2026-12-31T16:00:00Z", False),
        ("2026-12-31T16:00:01Z", True),
        ("2026-12-31T08:00:01-08:00", True),
    ],
)
def test_an_alias_lasts_until_its_day_begins(until: str, lasts: bool) -> None:
    """A day begins in the site's zone, an instant without a zone stands in it, and then the alias is no more."""
    assert bool(configured(alias("a.xml", until=until)).feeds.aliases) is lasts


def test_an_alias_that_is_over_is_still_looked_at() -> None:
    """A mistake in an alias is a mistake, whether it still counts or not."""
    assert wrong(alias("../a.xml", until="2020-01-01")).startswith("feeder.toml:3: `old` is '../a.xml'")


@pytest.mark.parametrize(
    "path",
    [
        "/a.xml",
        "../a.xml",
        "a/../b.xml",
        "a//b.xml",
        ".git/config",
        "a/.feeder-new",
        "a\\b.xml",
        "/",
        "a/./b",
        "x" * 241,
        "a\u202eb.xml",
        "a\u2028b",
        "a/%2e%2e/b",
        "a%00b",
        "%ff.xml",
        "a%2F%2Fb",
    ],
)
def test_a_path_that_is_no_place_for_a_feed(path: str) -> None:
    """A path that leaves dist, hides, or could not be read in a log is refused, with its line and what to write."""
    said = wrong(f"[[feeds.alias]]\nold = '{path}'\nnew = 'atom.xml'\n")
    assert said.startswith("feeder.toml:3: `old` is ")
    assert "write it as it stands below dist" in said
    assert "\u202e" not in said
    assert wrong(f"[[feeds.alias]]\nold = 'x/'\nnew = '{path}'\n").startswith("feeder.toml:3: `new` is ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (alias("a/", "atom.xml"), "3: 'a/' and 'atom.xml' are a folder (`/` at the end) and a file"),
        (alias("atom.xml"), "3: 'atom.xml' is where it stands already"),
        (alias("feeds.opml"), "3: 'feeds.opml' is feeder's own: choose another place"),
        *(
            (alias(own), f"3: {own!r} is feeder's own: choose another place")
            for own in (
                "feeder-manifest.json",
                "feeder.css",
                "FEEDER.js",
                "index.html",
                "tags/a/index.html",
                "_headers",
                "feeder.nginx.conf",
                "atom.xml.gz",
                "tags/a/rss.xml.br",
            )
        ),
        (alias("a/" * 33 + "x.xml"), "3: `old` is too long: 32 folders and 1,000 bytes are the most that it may have"),
        (
            alias(("a" * 200 + "/") * 5),
            "3: `old` is too long: 32 folders and 1,000 bytes are the most that it may have",
        ),
        (alias("a.xml") + alias("a.xml", "rss.xml"), "6: 'a.xml' is taken by the alias in line 3"),
        (alias("a/", "./") + alias("a/atom.xml"), "6: 'a/atom.xml' is taken by the alias in line 3"),
        (alias("a/b") + "\n" + alias("a"), "7: 'a' is taken by the alias in line 3"),
        ("[[feeds.alias]]\nold = 'a'\n", "3: this alias has no `new`: give the path below dist"),
        (alias("a") + "[[feeds.alias]]\nold = ' '\nnew = 'b'", "6: this alias has no `old`: give the path below dist"),
        (alias("a", until="'2027-01-01'"), "6: `until` takes a date, or a date and a time, without quotes"),
        (alias("a") + "[[feeds.alias]]\nole = 'b'", "7: `ole` is no known key of [[feeds.alias]]: did you mean `old`?"),
        ("[feeds]\nalias = 'a'", "4: `alias` is a list of tables: write [[feeds.alias]] on a line of its own"),
        ("[feeds.alias]\nold = 'a'", "3: `alias` is a list of tables: write [[feeds.alias]] on a line of its own"),
    ],
)
def test_mistakes(text: str, message: str) -> None:
    """Every mistake is said with its line."""
    assert wrong(text) == f"feeder.toml:{message}"


@pytest.mark.parametrize(
    ("one", "other", "excluded"),
    [
        ("a.xml", "a.xml", True),
        ("a.xml", "b.xml", False),
        ("tags", "tags/a/atom.xml", True),
        ("tag", "tags/a/atom.xml", False),
        ("tags/a/", "tags/a/atom.xml", True),
        ("tags/", "tags/a/atom.xml", False),
        ("tags/a/", "tags/a/", True),
        ("tags/", "tags/a/", False),
        ("tags/", "tags", True),
        ("tags/a/", "tags", True),
        ("tags/ab/", "tags/a", False),
    ],
)
def test_places_that_exclude_each_other(one: str, other: str, excluded: bool) -> None:
    """One file cannot stand where another, or a folder, stands; a folder's documents stand in it and not below."""
    assert excludes(one, other) is excludes(other, one) is excluded


def test_a_line_does_not_count() -> None:
    """An alias that moves in its file is the same: nothing is planned anew for it."""
    assert Alias("a", "b", 3) == Alias("a", "b", 4)


def test_a_proposal_is_an_alias() -> None:
    """The lines that are proposed are such as `feeder.toml` takes, whatever the paths hold."""
    for path in ("tags/ai/", 'a "b" \\ ü/x.xml', "𝛼/"):
        assert tomllib.loads(proposal(path, "x/")) == {"feeds": {"alias": [{"old": path, "new": "x/"}]}}


# -- labels that go up in others


def merged(text: str) -> dict[str, str]:
    """Return which label of the tags is put under which."""
    return dict(configured(f"[taxonomies.tags.merge]\n{text}").posts.taxonomies[1].merge)


def test_chains_are_followed() -> None:
    """What is merged into a label that is itself merged goes where that goes, as labels are compared."""
    assert merged('"AI" = "Artificial  intelligence"\n') == {"AI": "Artificial intelligence"}
    assert merged("c = 'd'\na = 'b'\n'Ｂ' = 'C'") == {"c": "d", "a": "d", "Ｂ": "d"}
    assert configured("[taxonomies.tags]\nmerge = { AI = 'x' }").feeds.taxonomies[1].merge == (("AI", "x"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("AI = 'ai'", "4: 'AI' leads back to itself: a term cannot be merged into itself"),
        ("a = 'b'\nb = 'c'\nc = 'A'", "4: 'a' leads back to itself: a term cannot be merged into itself"),
        ("x = 'a'\na = 'b'\nb = 'a'", "4: 'x' leads back to itself: a term cannot be merged into itself"),
        ("AI = 'x'\nai = 'y'", "5: 'ai' stands here twice, as labels are compared: leave one of them out"),
        ("AI = ' '", "4: a label is empty here, and an empty label is no term"),
        ("AI = 1", "3: `merge` takes a table of labels"),
    ],
)
def test_mistakes_of_merging(text: str, message: str) -> None:
    """A circle, a label twice, an empty one: each is said with its line."""
    assert wrong(f"[taxonomies.tags.merge]\n{text}") == f"feeder.toml:{message}"
