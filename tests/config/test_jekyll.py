"""Jekyll's `_config.yml` and `_data/authors.yml` (SPEC §8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from feeder.config.jekyll import people, read_jekyll, read_people
from feeder.config.settings import Settings
from feeder.config.slices import Default
from feeder.errors import UsageError
from feeder.model.table import Field, Table
from feeder.model.term import Person


def read(text: str, folder: str = "") -> Settings:
    """Return what a `_config.yml` of `text` says."""
    return read_jekyll("_config.yml", folder, text)


EVERYTHING = """\
url: https://example.org/
baseurl: /blog/
title: Title
name: Name
description: >
  A site
  of mine
lang: zh-TW
author: {name: A, email: a@example.org, url: https://a.example/}
timezone: Asia/Taipei
permalink: pretty
excerpt_separator: <!--more-->
feed: {posts_limit: 7, path: x, tags: {path: /t/}, categories: [News]}
exclude: [old, "*.bak"]
future: Yes
show_drafts: on
plugins: [jekyll-feed]
defaults:
- scope: {path: /news/, type: posts}
  values: {author: B}
- scope: {path: "", type: pages}
  values: {author: C}
- values: {lang: en}
- scope: {path: x}
- text
"""


def test_everything() -> None:
    """What concerns feeds is read, and every other key is Jekyll's own."""
    assert read(EVERYTHING, "site") == Settings(
        name="_config.yml",
        folder="site",
        url="https://example.org/blog",
        title="Title",
        description="A site of mine",
        lang="zh-TW",
        authors=(Person("A", "a@example.org", "https://a.example/"),),
        timezone="Asia/Taipei",
        exclude=("old", "*.bak"),
        drafts=True,
        future=True,
        permalink="pretty",
        excerpt_separator="<!--more-->",
        limit=7,
        defaults=(
            Default("site/news", Table((Field("author", "B", 20),))),
            Default("", Table((Field("lang", "en", 23),))),
        ),
        feed_paths=(("", "x"), ("tags", "/t/*.xml")),
        feed_labels=("News",),
    )


@pytest.mark.parametrize("text", ["", "# nothing", "---\n"])
def test_nothing(text: str) -> None:
    """An empty file says that the site is Jekyll's, and its pages have Jekyll's addresses."""
    assert read(text) == Settings(name="_config.yml", permalink="date")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("url: https://example.org", "https://example.org"),
        ("url: https://example.org/\nbaseurl: ''", "https://example.org"),
        ("url: https://example.org\nbaseurl: /a/b", "https://example.org/a/b"),
        ("baseurl: /blog", ""),
        ("url: ''\nbaseurl: /blog", ""),
    ],
)
def test_address(text: str, url: str) -> None:
    """`baseurl` stands behind `url`, and is no address alone."""
    assert read(text).url == url


@pytest.mark.parametrize(
    ("limit", "read_as"), [("10", 10), ("0", None), ("x", None), ("-1", None), ("٣", None), ("9" * 6_000, 999_999_999)]
)
def test_limit(limit: str, read_as: int | None) -> None:
    """`feed.posts_limit` is a whole number from 1, or nothing."""
    assert read(f"feed: {{posts_limit: {limit}}}").limit == read_as


def test_odd_values() -> None:
    """Values of another kind than Jekyll's say nothing."""
    settings = read(
        "feed: x\nexclude: {a: b}\ndefaults: x\nexcerpt_separator: '  '\nfuture: maybe\ntitle: [a]\nname: N"
    )
    assert settings == Settings(name="_config.yml", permalink="date", title="N")
    assert read("exclude: old").exclude == ("old",)
    assert read("exclude: [old, [a], ~, '']").exclude == ("old",)


@pytest.mark.parametrize(
    ("folder", "path"),
    [("", "news"), ("site", "site/news"), ("./site", "site/news"), ("/srv/site", "/srv/site/news"), ("..", "../news")],
)
def test_scopes_are_relative_to_the_file(folder: str, path: str) -> None:
    """A default's path is told as the posts' files are named."""
    (default,) = read("defaults: [{scope: {path: news}, values: {a: b}}]", folder).defaults
    assert default.path == path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b: c", "_config.yml:1: this is no YAML that feeder reads: a value holds `: `, so it needs quotes"),
        ("a: 1\nb: &x 2", "_config.yml:2: this is no YAML that feeder reads: it has an anchor, alias or tag"),
        ("- a", "_config.yml:1: this is no list of `key: value` lines"),
        ("text", "_config.yml:1: this is no list of `key: value` lines"),
    ],
)
def test_mistakes(text: str, message: str) -> None:
    """What is no YAML is said with its line."""
    with pytest.raises(UsageError) as caught:
        read(text)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: Ada", (("a", Person("Ada")),)),
        (
            "a: {name: Ada, email: a@b.example, uri: 'https://a.example'}",
            (("a", Person("Ada", "a@b.example", "https://a.example")),),
        ),
        ("a: {full_name: Ada}\nb: {display_name: Bob, url: u}", (("a", Person("Ada")), ("b", Person("Bob", "", "u")))),
        ("a: [Ada, Bob]", (("a", Person("Ada")),)),
        ("a: {email: x}\nb: ''\nc: ~", ()),
        ("- name: Ada", ()),
        ("", ()),
    ],
)
def test_people(text: str, expected: tuple[tuple[str, Person], ...]) -> None:
    """`_data/authors.yml` maps keys to names or to mappings; what is something else is nobody's."""
    assert read_people("_data/authors.yml", text) == expected


def test_lists_of_people() -> None:
    """An author may be a list of authors."""
    assert people(("A", Table((Field("name", "B"),)), None, ())) == (Person("A"), Person("B"))


def test_the_hostile(hostile: Callable[[str], list[Any]]) -> None:
    """Whatever the file holds, it is read or refused with a sentence."""
    for item in hostile("yaml_hostile"):
        try:
            read(item["payload"])
            read_people("authors.yml", item["payload"])
        except UsageError as problem:
            assert str(problem).startswith("_config.yml:"), item["id"]  # noqa: PT017 - either is right
