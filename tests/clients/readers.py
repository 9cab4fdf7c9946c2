"""Other people's readers, each run as a program of its own over URLs: what it says that it found there."""

from __future__ import annotations

import calendar
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import feedparser

from tests.clients.written import Entry, Written, instant

_HERE = Path(__file__).parent
INSTALLED = _HERE.parent.parent / "build" / "clients"
_PYTHON = INSTALLED / "venv" / "bin" / "python"
_NODE = INSTALLED / "node"
_SECONDS = 120

Found = Mapping[str, list[Entry]]
"""The entries that a reader found, by URL, in whatever order it has them."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader: the formats that it reads, what shows that it is installed, and how it reads the documents at URLs.

    `read` is given the documents by their URLs, and a folder to work in.
    """

    name: str
    formats: frozenset[str]
    needs: Path | str
    read: Callable[[Mapping[str, Written], Path], Found]

    @property
    def is_there(self) -> bool:
        """Whether the reader is installed."""
        return self.needs.exists() if isinstance(self.needs, Path) else shutil.which(self.needs) is not None


def _run(command: Iterable[str | Path], urls: Iterable[str], home: Path) -> str:
    """Return what `command` printed, given `urls` on its stdin, at a home of its own and without any proxy."""
    done = subprocess.run(
        [str(word) for word in command],
        input="\n".join(urls),
        env={"PATH": os.environ.get("PATH", ""), "HOME": str(home), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        cwd=home,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _program(*command: str | Path) -> Callable[[Mapping[str, Written], Path], Found]:
    """Return the reader that is `command`: URLs on its stdin, JSON on its stdout."""

    def read(documents: Mapping[str, Written], home: Path) -> Found:
        said = json.loads(_run(command, documents, home))
        return {
            url: [Entry(one["id"], one["title"], one["link"], instant(one["published"])) for one in entries]
            for url, entries in said.items()
        }

    return read


def news(urls: Iterable[str], memory: Path) -> dict[str, list[int]]:
    """Return, by URL, how many entries are new and how many modified to lemon24's reader, who remembers in `memory`."""
    found: dict[str, list[int]] = json.loads(_run((_PYTHON, _HERE / "with_reader.py", memory), urls, memory.parent))
    return found


def _feedparser(documents: Mapping[str, Written], _: Path) -> Found:
    return {url: list(_parsed(url)) for url in documents}


def _parsed(url: str) -> Iterator[Entry]:
    parsed = feedparser.parse(url)
    assert not parsed.bozo, (url, parsed.get("bozo_exception"))
    for entry in parsed.entries:
        published = datetime.fromtimestamp(calendar.timegm(entry.published_parsed), UTC)
        yield Entry(entry.id, entry.title, entry.link, published)


def _newsboat(documents: Mapping[str, Written], home: Path) -> Found:
    """Read with newsboat.

    It keeps one entry an id, however many of its feeds have it: so each run is given documents that share none.
    """
    found: dict[str, list[Entry]] = {}
    for number, urls in enumerate(_apart(documents)):
        found.update({url: [] for url in urls})
        for url, entry in newsboat(urls, home / str(number)):
            found[url].append(entry)
    return found


def newsboat(urls: Iterable[str], home: Path) -> list[tuple[str, Entry]]:
    """Return the entries in the cache of a newsboat that begins with nothing but `urls`, each with its feed's URL."""
    home.mkdir(parents=True)
    (home / "urls").write_text("\n".join(urls) + "\n")
    (home / "config").write_text("max-items 0\n")
    files = ("-u", home / "urls", "-c", home / "cache.db", "-C", home / "config")
    _run(("newsboat", *files, "-x", "reload"), (), home)
    with closing(sqlite3.connect(home / "cache.db")) as cache:
        rows = cache.execute("SELECT feedurl, guid, title, url, pubDate FROM rss_item WHERE deleted = 0").fetchall()
    unread = _run(("newsboat", *files, "-x", "print-unread"), (), home)
    assert unread.split()[0] == str(len(rows)), unread
    return [(url, Entry(guid, title, link, datetime.fromtimestamp(date, UTC))) for url, guid, title, link, date in rows]


def _apart(documents: Mapping[str, Written]) -> list[list[str]]:
    groups: list[tuple[set[str], list[str]]] = []
    for url, document in documents.items():
        ids = {entry.id for entry in document.entries}
        for known, urls in groups:
            if known.isdisjoint(ids):
                known.update(ids)
                urls.append(url)
                break
        else:
            groups.append((ids, [url]))
    return [urls for _, urls in groups]


_XML = frozenset({"atom", "rss"})
READERS = (
    Reader("feedparser", _XML, INSTALLED.parent, _feedparser),
    Reader("newsboat", _XML, "newsboat", _newsboat),
    Reader("fastfeedparser", _XML | {"json"}, _PYTHON, _program(_PYTHON, _HERE / "with_fastfeedparser.py")),
    Reader("reader", _XML | {"json"}, _PYTHON, _program(_PYTHON, _HERE / "with_reader.py")),
    Reader("rss-parser", _XML, _NODE / "installed", _program("node", _HERE / "with_node.cjs", "rss-parser", _NODE)),
    Reader(
        "feedsmith",
        _XML | {"json"},
        _NODE / "installed",
        _program("node", _HERE / "with_node.cjs", "feedsmith", _NODE),
    ),
)
