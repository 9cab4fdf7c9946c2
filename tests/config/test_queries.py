"""`[[feeds.query]]`: what it may say, and every mistake with its line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeder.config.load import load
from feeder.config.settings import Options
from feeder.config.slices import Configuration, Query, Taxonomy
from feeder.errors import UsageError
from feeder.model.term import RawTerm

SITE = '[site]\nurl = "https://example.org"\n'


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(text: str, site: str = SITE) -> Configuration:
    """Return the configuration that `feeder.toml` makes of `text`, which begins on its third line."""
    Path("feeder.toml").write_text(site + text, encoding="utf-8")
    return load(Options(), datetime(2024, 1, 1, tzinfo=UTC))


def wrong(text: str) -> str:
    """Return the error that `text` ends with."""
    with pytest.raises(UsageError) as caught:
        read(text)
    return str(caught.value)


def seconds(*when: int) -> int:
    """Return an instant in UTC as seconds."""
    return int(datetime(*when, tzinfo=UTC).timestamp())  # type: ignore[arg-type,misc]


def test_everything() -> None:
    """Every key is read; a text is a list of one, and white space is nothing."""
    site = read(
        """
        [[feeds.query]]
        name = "policy"
        title = "Policy & data"
        any = ["tags:open  data", "categories : policy: the rest"]
        all = "tags:x"
        none = ["tags:events"]
        since = 2024-01-01
        until = 2024-02-29
        lang = "en_GB"
        author = ["Ann  Bee", ""]
        [[feeds.query]]
        name = "new"
        since = 2024-06-01T12:00:00+02:00
        """
    )
    assert site.feeds.queries == (
        Query(
            "policy",
            "Policy & data",
            (RawTerm("tags", "open data"), RawTerm("categories", "policy: the rest")),
            (RawTerm("tags", "x"),),
            (RawTerm("tags", "events"),),
            seconds(2024, 1, 1),
            seconds(2024, 3, 1),
            ("en-GB",),
            ("Ann Bee",),
        ),
        Query("new", since=seconds(2024, 6, 1, 10)),
    )
    assert [one.line for one in site.feeds.queries] == [4, 14]
    assert [one.is_empty for one in site.feeds.queries] == [False, False]


def test_queries_are_a_taxonomy_of_the_feeds_alone() -> None:
    """Feeds have the taxonomy `queries`, the last one, where there are queries; posts never have it."""
    site = read("[[feeds.query]]\nname = 'x'")
    assert site.feeds.taxonomies == (*site.posts.taxonomies, Taxonomy("queries", ()))
    assert site.feeds.queries[0].is_empty
    assert read("").feeds.taxonomies == read("").posts.taxonomies


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 2024-03-31 has 23 hours in Lisbon.
        ("since = 2024-03-31", (seconds(2024, 3, 31), None)),
        ("since = 2024-03-31T12:00:00", (seconds(2024, 3, 31, 11), None)),
        ("since = 2024-03-31T12:00:00.9", (seconds(2024, 3, 31, 11), None)),
        ("since = 2024-03-31T12:00:00Z", (seconds(2024, 3, 31, 12), None)),
        ("until = 2024-03-31", (None, seconds(2024, 3, 31, 23))),
        ("until = 2024-03-31T12:00:00", (None, seconds(2024, 3, 31, 11, 0, 1))),
        ("until = 9999-12-31", (None, seconds(9999, 12, 31) + 86_400)),
        ("since = 0001-01-01", (seconds(1, 1, 1) + 2205, None)),
    ],
)
def test_dates(text: str, expected: tuple[int | None, int | None]) -> None:
    """A date is its whole day in the site's zone, a time without a zone stands there too; `until` is inclusive."""
    site = SITE + 'timezone = "Europe/Lisbon"\n'
    found = read(f"[[feeds.query]]\nname = 'x'\n{text}", site).feeds.queries[0]
    assert (found.since, found.until) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("any = 'tags:a'", "3: a query needs a `name`, which its address and id grow from"),
        ("name = ' '", "3: a query needs a `name`"),
        ("name = 'x'\nany = 'open data'", "3: 'open data' is no term: write its taxonomy before it, as in `tags:open"),
        ("name = 'x'\nany = ':a'", "3: ':a' is no term"),
        ("name = 'x'\nnone = 'tags: '", "3: 'tags: ' names no term"),
        ("name = 'x'\nall = ['tag:a']", "3: 'tag:a' is of no taxonomy of this site: known are categories, tags"),
        ("name = 'x'\nlang = 'e n'", "3: `lang` is 'e n', and must be a language such as en, zh-Hant or *"),
        ("name = 'x'\nlang = ''", "3: `lang` is ''"),
        ("name = 'x'\nsince = '2024'", "5: `since` takes a date, or a date and a time, without quotes"),
        ("name = 'x'\nuntil = 12:00:00", "5: `until` takes a date, or a date and a time, without quotes"),
        ("name = 'x'\nany = 1", "5: `any` takes text or a list of texts"),
        ("name = 'x'\nzzz = 'a'", "5: `zzz` is no known key of [[feeds.query]]: known are name, title, any, all"),
        ("name = 'x'\nauthors = 'a'", "5: `authors` is no known key of [[feeds.query]]: did you mean `author`?"),
        ("name = 'A'\n[[feeds.query]]\nname = '\uff21 '", "5: there are two queries called '\uff21"),
        ("name = 'A'\n[[feeds.query]]\nname = 'B'\nany = 2", "7: `any` takes text or a list of texts"),
        ("name = 'A'\n[taxonomies.queries]", "3: the feeds of queries stand in `queries/`, and so would those of"),
    ],
)
def test_mistakes(text: str, message: str) -> None:
    """A query that cannot be asked is an error that says where it stands, and what to write."""
    assert wrong(f"[[feeds.query]]\n{text}").startswith(f"feeder.toml:{message}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[feeds]\nquery = 'x'",
            "feeder.toml:4: `query` is a list of tables: write [[feeds.query]] on a line of its own",
        ),
        ("[feeds.query]\nname = 'x'", "feeder.toml:3: `query` is a list of tables"),
        ("[feeds]\nquery = [1]", "feeder.toml:4: `query` is a list of tables"),
        ("[[feeds.queries]]\nname = 'x'", "feeder.toml:3: `queries` is no known key of [feeds]: did you mean `query`?"),
        ("[feeds]\nquery = [{ nme = 'x' }]", "feeder.toml:4: `nme` is no known key of [[feeds.query]]"),
    ],
)
def test_other_shapes(text: str, message: str) -> None:
    """What is no list of tables is an error, and so is another word for it."""
    assert wrong(text).startswith(message)


def test_a_taxonomy_may_be_called_queries() -> None:
    """Without queries a taxonomy of that name is one like any other."""
    assert read("[taxonomies.queries]").feeds.taxonomies[-1] == Taxonomy("queries", ("queries",))


def test_lines_are_no_rules() -> None:
    """Where a query stands says nothing about its feed."""
    first, second = (read(f"{space}[[feeds.query]]\nname = 'x'").feeds for space in ("", "\n\n"))
    assert first == second
    assert first.queries[0].line != second.queries[0].line
