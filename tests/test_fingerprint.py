"""May what was made before be used again? Fingerprints and keys."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import feeder
from feeder.config.scheme import Compat, scheme_of
from feeder.config.slices import (
    Alias,
    Configuration,
    ContentRules,
    Default,
    FeedRules,
    LinkChoice,
    PostRules,
    Query,
    Sanitizer,
)
from feeder.fingerprint import entry_key, fingerprint, libraries
from feeder.model.digest import digest
from feeder.model.entry import Entry, LocalFile
from feeder.model.source import Source
from feeder.model.table import Field, Table
from feeder.model.term import Person
from tests.strategies import INSTANT, entry, term

TOP = Path(__file__).parent.parent


@dataclass(frozen=True)
class _Point:
    x: object
    y: object = None
    note: str = field(default="", compare=False)


@dataclass(frozen=True)
class _Other:
    x: object
    y: object = None


class _Colour(Enum):
    RED = "red"
    BLUE = "blue"


def test_equal_values_have_equal_fingerprints() -> None:
    """A fingerprint is 16 bytes, and equal for equal values, whatever does not count for their equality."""
    assert len(fingerprint()) == len(digest(b"")) == 16
    assert fingerprint(_Point(1), "a") == fingerprint(_Point(1, note="x"), "a")
    assert digest(b"a") != digest(b"b")


_VALUES: list[object] = [
    None,
    "",
    "None",
    "a",
    "\ud800",
    0,
    1,
    True,
    1.5,
    b"a",
    (),
    ("a",),
    (("a",),),
    ("a", "b"),
    ("ab",),
    _Point(1),
    _Point("1"),
    _Point(1, 2),
    _Point(2, 1),
    _Point(_Point(1)),
    _Other(1),
    _Colour.RED,
    _Colour.BLUE,
    INSTANT,
    INSTANT + timedelta(seconds=1),
    ZoneInfo("UTC"),
    ZoneInfo("Asia/Taipei"),
    Table((Field("a", "b"),)),
    Table((Field("a", "c"),)),
    Table((Field("a", ("b",)),)),
]


def test_different_values_have_different_fingerprints() -> None:
    """Whatever differs in a value, its kind among it, differs in the fingerprint; the order of values counts."""
    found = [fingerprint(value) for value in _VALUES]
    assert len(set(found)) == len(_VALUES)
    assert fingerprint(1, 2) != fingerprint(2, 1)
    assert fingerprint((1, 2)) != fingerprint(1, 2)
    assert fingerprint() != fingerprint(None)


@pytest.mark.parametrize("value", [{}, [], {1}, 1j, (1, [])], ids=repr)
def test_what_has_no_fingerprint(value: object) -> None:
    """A value of a kind whose order or equality is not sure has no fingerprint: that is an error, not a guess."""
    with pytest.raises(TypeError, match="has no fingerprint"):
        fingerprint(value)


def _configuration() -> Configuration:
    return feeder.load_site(
        feeder.Options(("posts",), site_url="https://example.org"), datetime(2026, 1, 1, tzinfo=UTC)
    )


def test_every_setting_is_in_its_slices_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any other value of any field of the slices that stages are given changes the slice's fingerprint."""
    monkeypatch.chdir(tmp_path)
    site = _configuration()
    others: dict[str, object] = {
        "sanitizer": Sanitizer.BLEACH,
        "link": LinkChoice.PERMALINK,
        "now": datetime(2027, 1, 1, tzinfo=UTC),
        "page": replace(site.posts.page, zone=ZoneInfo("Asia/Taipei")),
        "site": replace(site.site, description="x"),
        "people": (("a", Person("A")),),
        "defaults": (),
        "archive": ("site",),
        "compat": Compat.HUGO,
        "scheme": scheme_of(Compat.HUGO, ("tags",)),
        "queries": (Query("a", "A"),),
        "aliases": (Alias("a", "b", 1),),
    }
    slices: list[PostRules | ContentRules | FeedRules] = [site.posts, site.content, site.feeds]
    for one in slices:
        assert fingerprint(one) == fingerprint(replace(one))
        for setting in fields(one):
            value = getattr(one, setting.name)
            other = others.get(setting.name)
            if setting.name == "defaults":
                other = (Default("", Table((Field("a", "b"),))),)
            elif other is None:
                other = {str: "other", int: 7, bool: not value, tuple: ()}[type(value)]
            assert other != value, setting.name
            changed: object = replace(one, **{setting.name: other})  # type: ignore[arg-type]  # any of them
            assert fingerprint(changed) != fingerprint(one), setting.name


def test_every_field_of_an_entry_is_in_its_key() -> None:
    """Whatever an entry's fragments are made of changes their key; where its file was found, and when, does not."""
    plain = entry(1)
    others: dict[str, object] = {
        "id": "urn:example:2",
        "title": "Another",
        "link": "https://example.org/other",
        "via": "https://example.org/via",
        "page": "https://example.org/page",
        "published": INSTANT - timedelta(seconds=1),
        "updated": INSTANT + timedelta(seconds=1),
        "language": "en",
        "authors": (Person("A"),),
        "terms": (term(),),
        "source": replace(plain.source, path="other.md"),
        "digest": b"other",
        "files": (LocalFile("a.mp3", 1),),
    }
    assert set(others) == {one.name for one in fields(Entry)}
    keys = {entry_key(replace(plain, **{name: value}), b"r") for name, value in others.items()}  # type: ignore[arg-type]
    keys |= {entry_key(replace(plain, files=(LocalFile("a.mp3", 2),)), b"r")}
    keys |= {entry_key(replace(plain, authors=(one,)), b"r") for one in (Person("", "A"), Person("", "", "A"))}
    for change in ({"label": "B"}, {"slug": "b"}, {"key": "b"}, {"taxonomy": "b"}, {"scheme": "b"}):
        keys.add(entry_key(replace(plain, terms=(replace(term(), **change),)), b"r"))
    keys.add(entry_key(plain, b"other rules"))
    keys.add(entry_key(plain, b"r"))
    assert len(keys) == len(others) + 1 + 2 + 5 + 2
    moved = replace(plain, source=Source(plain.source.root, plain.source.path, 99, 99, ("a",)))
    assert entry_key(moved, b"r") == entry_key(plain, b"r")


def test_fingerprints_are_the_same_everywhere() -> None:
    """Another process with another hash seed, zone and locale makes the same fingerprints and keys."""
    script = (
        "from tests.strategies import entry, term\n"
        "from tests.test_fingerprint import _VALUES\n"
        "from feeder.fingerprint import entry_key, fingerprint\n"
        "print(*(fingerprint(value).hex() for value in _VALUES), entry_key(entry(1, terms=(term(),)), b'r').hex())"
    )
    expected = [fingerprint(value).hex() for value in _VALUES]
    expected.append(entry_key(entry(1, terms=(term(),)), b"r").hex())
    for seed, zone in (("1", "UTC"), ("2", "Asia/Kathmandu")):
        environment = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=TOP, env=environment, capture_output=True, text=True, check=True
        )
        assert done.stdout.split() == expected


def test_libraries_are_read_off_folders(tmp_path: Path) -> None:
    """The versions of Python, Unicode and what the output depends on are found by names of folders, sorted."""
    names = ("bleach-6.4.0.dist-info", "PyYAML-6.0.2.dist-info", "python_dateutil-2.9.0.post0.dist-info")
    for name in (*names, "typer-0.27.dist-info", "nh3-x", "lxml.dist-info", "nh3-1-2.dist-info"):
        (tmp_path / "one" / name).mkdir(parents=True)
    (tmp_path / "two" / "ruamel.yaml-1.dist-info").mkdir(parents=True)
    (tmp_path / "two" / "markdown.it.py-4.0.0.dist-info").mkdir(parents=True)
    found = libraries([str(tmp_path / "one"), str(tmp_path / "none"), str(tmp_path / "two")])
    assert list(found) == sorted(found)
    assert [name for name in found if not name.startswith(("python ", "unicode "))] == [
        "bleach 6.4.0",
        "markdown.it.py 4.0.0",
        "python_dateutil 2.9.0.post0",
        "pyyaml 6.0.2",
    ]
    assert f"python {sys.version_info[0]}.{sys.version_info[1]}" in found


def test_the_libraries_of_this_program_are_known() -> None:
    """All libraries that the output depends on are found here, among them those that nothing imports directly."""
    names = {name.partition(" ")[0].replace(".", "_") for name in libraries()}
    assert names >= {"python", "unicode", "bleach", "feedgen", "lxml", "markdown_it_py", "mdit_py_plugins", "nh3"}
    assert names >= {"python_dateutil", "python_frontmatter", "pyyaml", "regex", "tzdata"}


def test_an_empty_entry_of_the_path_is_this_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty name among the folders means the current one, as it does to Python."""
    (tmp_path / "nh3-9.dist-info").mkdir()
    monkeypatch.chdir(tmp_path)
    assert "nh3 9" in libraries([""])
