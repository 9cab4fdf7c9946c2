"""docs/configuration.md says what `feeder.toml` may hold, and nothing else."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeder.config import load
from feeder.config.jekyll import read_jekyll
from feeder.config.keys import KEYS
from feeder.config.settings import Options, Settings
from feeder.config.toml import read_toml

TEXT = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table under `heading`, without its head."""
    section = TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.split("\n") if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


@pytest.mark.parametrize("table", dict.fromkeys(key.table for key in KEYS))
def test_every_key(table: str) -> None:
    """The tables hold exactly the keys there are, with kind, default and meaning."""
    assert rows(f"`[{table}]`") == [
        [f"`{key.name}`", key.kind.value, f"`{key.default}`" if key.default else "–", key.meaning]
        for key in KEYS
        if key.table == table
    ]


def test_every_table() -> None:
    """Every table has its heading, and no other table has one."""
    assert re.findall(r"^## `\[(.*)\]`$", TEXT, re.MULTILINE) == list(dict.fromkeys(key.table for key in KEYS))


def test_the_example() -> None:
    """The example is a configuration that feeder takes."""
    example = TEXT.partition("```toml\n")[2].partition("```")[0]
    assert read_toml("feeder.toml", "", example).title == tomllib.loads(example)["site"]["title"]


def test_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The defaults that are written are those that apply."""
    monkeypatch.chdir(tmp_path)
    site = load.load(Options(site_url="https://example.org"), datetime(2020, 1, 1, tzinfo=UTC))
    written = {(key.table, key.name): key.default for key in KEYS}
    assert written["feeds", "limit"] == str(site.feeds.limit)
    assert written["feeds", "max_bytes"] == str(site.feeds.max_bytes)
    assert written["feeds", "formats"] == str(list(site.feeds.formats)).replace("'", '"')
    assert written["posts", "encoding"] == f'"{site.posts.encoding}"'
    assert written["posts", "link"] == f'"{site.posts.link.value}"'
    assert written["content", "sanitizer"] == f'"{site.content.sanitizer.value}"'
    assert written["site", "timezone"] == f'"{site.posts.page.zone.key}"'


def test_jekyll() -> None:
    """Every key of `_config.yml` that the table names changes something."""
    values = {
        "url": "https://example.org",
        "title": "A",
        "description": "A",
        "lang": "en",
        "author": "A",
        "timezone": "Asia/Taipei",
        "permalink": "pretty",
        "defaults": "[{scope: {path: a}, values: {b: c}}]",
        "excerpt_separator": "<!--x-->",
        "feed.posts_limit": "7",
        "exclude": "[a]",
        "future": "true",
    }
    named = [re.findall(r"`([\w.]+)`", cells[0]) for cells in rows("Jekyll")]
    assert [names[0] for names in named] == list(values)
    empty = read_jekyll("_config.yml", "", "")
    assert isinstance(empty, Settings)
    for key, value in values.items():
        outer, _, inner = key.partition(".")
        assert read_jekyll("_config.yml", "", f"{outer}: {{{inner}: {value}}}" if inner else f"{key}: {value}") != empty
