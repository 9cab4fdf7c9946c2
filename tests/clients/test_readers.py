"""Real readers, run on feeds as a web server has them (docs/readers.md): they find every entry as it was written."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest

from feeder.render.formats import FORMATS
from tests.clients.readers import READERS, Reader, newsboat
from tests.clients.served import serving
from tests.clients.written import documents

TOP = Path(__file__).parent.parent.parent


def _url(address: str, path: str) -> str:
    return f"{address}/{quote(path)}"


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_a_reader_finds_every_entry_as_it_was_written(reader: Reader, dist: Path, tmp_path: Path) -> None:
    """In every format that it reads, of every feed: as many entries, with their ids, titles, links and instants."""
    there = tuple(documents(dist))
    assert {one.format for one in there} == set(FORMATS)
    with serving(dist, there) as address:
        wanted = {_url(address, one.path): one for one in there if one.format in reader.formats}
        found = reader.read(wanted, tmp_path)
    assert {url: len(found[url]) for url in wanted} == {url: len(one.entries) for url, one in wanted.items()}
    for url, document in wanted.items():
        assert sorted(found[url]) == sorted(document.entries), url


@pytest.mark.usefixtures("installed")
def test_who_subscribes_to_every_feed_sees_each_entry_once(dist: Path, tmp_path: Path) -> None:
    """Newsboat, which knows entries by their ids, has each one once after it read all documents of a site."""
    there = tuple(one for one in documents(dist) if one.format in ("atom", "rss"))
    with serving(dist, there) as address:
        found = newsboat([_url(address, one.path) for one in there], tmp_path / "newsboat")
    assert sorted(entry.id for _, entry in found) == sorted({entry.id for one in there for entry in one.entries})


def test_the_page_of_readers_names_the_versions_that_are_pinned() -> None:
    """docs/readers.md says of each reader which version is run, as requirements/ and package-lock.json pin it."""
    page = (TOP / "docs" / "readers.md").read_text()
    pins = dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", (TOP / "requirements" / "clients.txt").read_text(), re.MULTILINE))
    packages = json.loads((TOP / "tests" / "clients" / "package-lock.json").read_text())["packages"]
    pins |= {name: packages[f"node_modules/{name}"]["version"] for name in ("rss-parser", "feedsmith")}
    for one in READERS:
        assert f"| {one.name} | {pins.get(one.name, 'Debian’s')} |" in page
