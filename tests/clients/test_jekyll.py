"""`compat = "jekyll"` beside the real thing: a site's subscribers find their feeds and entries where they were."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from unicodedata import normalize
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from tests.lacking import lacking

TOP = Path(__file__).parent.parent.parent
ATOM = "{http://www.w3.org/2005/Atom}"
# Posts that Jekyll reads as feeder does: YAML, dates that both understand, tags that are no numbers, no ids.
TWENTY = """
bulletins/2020-09-24-燈塔協會修復北堤霧鐘.md bulletins/2021-04-02-港の望遠鏡に新しい鏡.md
bulletins/2021-06-18-등대-도서관-여름-시간표.md bulletins/2021-10-07-نشرة-المرصد.md bulletins/2022-01-20-יומן-הגאות.md
bulletins/2022-07-05-ज्वार-समाचार.md bulletins/2022-11-08-Ο-φάρος-και-η-έκλειψη.md
bulletins/2023-03-21-Rundbrief-Nebelhorn.md
bulletins/2023-08-19-posto-de-leitura-fechado.md bulletins/2024-09-17-update-harvest-moon-ferry.md
bulletins/2026-05-22-ночь-открытых-куполов.md notebook/2019-11-11-opening-the-notebook.md
notebook/2020-02-29-leap-day-inventory.html notebook/2020-08-12-perseids-from-the-breakwater.md
notebook/2023-07-15-the-lamp-room.md notebook/2024-06-06-غرفة-القراءة.md notebook/2024-08-01-gallery-of-ropes.md
notebook/2025-08-12-Ημερολόγιο-λιμανιού.md notebook/2026-04-18-caderno-da-maré.md
notebook/2026-10-02-the-notebook-at-seven.md
""".split()
CATEGORIES = "Notebook, Night sky, Harbour, (港)燈塔通訊社LQN, 港の天文台だより, Folha da Maré, مكتبة, Λιμάνι"
CONFIG = f"""
url: https://feeds.example.org
title: Lantern Quay Notebook
timezone: Europe/Lisbon
plugins: [jekyll-feed]
feed: {{posts_limit: 100, tags: true, categories: [{CATEGORIES}]}}
"""
ODD_NAMES = (
    "Hello World? #1 [x]",
    "100%",
    "a%20b",
    "dots...",
    "--dash--",
    "é'é",
    "a:b;c=d@e,f+g&h!i$j*k~l",
    'w"q<x>|{y}^`',
    "UPPER_case.Name",
    "🌫️",
    " two  spaces ",
    "late #tag ",
    "why?",
    "Ｂ，（é）？",
    "a%2Fb",
)
ODD = """
url: https://Example.org
baseurl: /blog
title: T
timezone: Asia/Taipei
permalink: pretty
plugins: [jekyll-feed]
defaults: [{scope: {path: news}, values: {permalink: "/:categories/:title:output_ext"}}]
feed:
  path: atom.xml
  posts_limit: 100
  categories: ["（臺）", "R&D", "C#", "x.y", "100%", "a:b", "c++", "it's", "news"]
  tags: {path: by/tag/}
"""


_BARE = re.compile(r"&(?!#?\w+;)")


@dataclass(frozen=True)
class Seen:
    """What a subscriber knows of a feed: its id and address, and its entries with link and instant.

    Addresses are not percent-encoded and in NFKC: Jekyll writes them so, though its own files are called otherwise.
    """

    id: str
    address: str
    entries: dict[str, tuple[str, datetime]]


def seen(folder: Path) -> dict[str, Seen]:
    """Return the Atom feeds below `folder` by their paths."""
    found = {}
    for file in sorted(folder.rglob("*.xml")):
        # jekyll-feed does not escape addresses.
        root = ET.fromstring(_BARE.sub("&amp;", file.read_text(encoding="utf-8")))
        if root.tag != f"{ATOM}feed":
            continue
        links = {link.get("rel"): link.get("href", "") for link in root.iterfind(f"{ATOM}link")}
        entries = {}
        for entry in root.iterfind(f"{ATOM}entry"):
            alternate = entry.find(f"{ATOM}link[@rel='alternate']")
            assert alternate is not None
            instant = datetime.fromisoformat(entry.findtext(f"{ATOM}published", ""))
            entries[entry.findtext(f"{ATOM}id", "")] = (_plain(alternate.get("href", "")), instant)
        found[str(file.relative_to(folder))] = Seen(root.findtext(f"{ATOM}id", ""), _plain(links["self"]), entries)
    return found


def _plain(address: str) -> str:
    return normalize("NFKC", unquote(address))


def built(folder: Path) -> tuple[dict[str, Seen], dict[str, Seen]]:
    """Return the feeds that Jekyll makes of the site in `folder`, and those that feeder makes of it."""
    if not shutil.which("jekyll"):
        lacking("jekyll and jekyll-feed are not installed (`make clients` installs them)")
    commands = (
        ("jekyll", "build", "--quiet", "--future", "--disable-disk-cache", "--destination", "theirs"),
        (sys.executable, "-m", "feeder", "build", "--no-cache", "--future", "--dist", "ours"),
    )
    environment = {**os.environ, "PYTHONPATH": str(TOP), "LC_ALL": "C.UTF-8", "SOURCE_DATE_EPOCH": "1793491200"}
    for command in commands:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return seen(folder / "theirs"), seen(folder / "ours")


def test_twenty_posts_of_this_project(tmp_path: Path) -> None:
    """Every feed that jekyll-feed makes stands where it did, with its id and its entries' ids; all terms have one."""
    assert len(TWENTY) == 20
    for name in TWENTY:
        target = tmp_path / "_posts" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TOP / "posts" / name, target)
    (tmp_path / "_config.yml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "feeder.toml").write_text('[feeds]\ncompat = "jekyll"\n', encoding="utf-8")
    theirs, ours = built(tmp_path)
    assert len(theirs["feed.xml"].entries) == 20
    assert {path: ours.get(path) for path in theirs} == theirs
    # Tags that jekyll-feed makes no feed for, and categories that its configuration does not name.
    more = ours.keys() - theirs.keys()
    assert {path.rpartition("/")[0] for path in more} == {"feed", "feed/by_tag"}
    assert {"feed/Nebelhorn Rundbrief.xml", "feed/by_tag/folha-da-maré.xml"} <= more


def test_names_that_are_hard_to_put_into_addresses(tmp_path: Path) -> None:
    """Ids are Jekyll's whatever a post's file or slug is called, and feeds stand where its configuration has them."""
    categories = ["（臺）", "R&D", "C#", "x.y", "100%", "a:b", "c++", "it's"]
    (tmp_path / "_posts").mkdir()
    (tmp_path / "news" / "_posts").mkdir(parents=True)
    for number, name in enumerate(ODD_NAMES):
        own = f'categories: ["{categories[number]}"]\n' if number < len(categories) else "tags: [Foo, x_1, '2049']\n"
        text = f"---\ntitle: A{number}\n{own}---\nText.\n"
        (tmp_path / "_posts" / f"2020-01-{number + 1:02}-{name}.md").write_text(text, encoding="utf-8")
    others = {
        "_posts/2020-02-01-slugged.md": "slug: My Own Slug/x",
        "_posts/2020-02-02-page.md": "permalink: /special/place/",
        "_posts/2020-02-03-page.md": "permalink: /top.html",
        "_posts/2020-02-04-page.md": "permalink: /:year/:title",
        "_posts/2020-02-05-late.md": "date: 2020-02-05 20:00:00 -0800",
        "news/_posts/2020-02-06-in-a-folder.md": "category: Sub Cat",
    }
    for path, line in others.items():
        (tmp_path / path).write_text(f"---\ntitle: {path}\n{line}\n---\nText.\n", encoding="utf-8")
    (tmp_path / "_config.yml").write_text(ODD, encoding="utf-8")
    (tmp_path / "feeder.toml").write_text('[feeds]\ncompat = "jekyll"\nformats = "atom"\n', encoding="utf-8")
    theirs, ours = built(tmp_path)
    assert len(theirs["atom.xml"].entries) == len(ODD_NAMES) + len(others)
    assert {path: ours.get(path) for path in theirs} == theirs
    assert {"by/tag/Foo.xml", "by/tag/2049.xml", "feed/C#.xml"} < theirs.keys()
