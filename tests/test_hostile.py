"""Other people's attack strings in every place where a post holds text: nothing gets through, nothing is lost."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import html5lib
import pytest

from tests import judge

TOP = Path(__file__).parent.parent
XHTML = "{http://www.w3.org/1999/xhtml}"
FORBIDDEN = frozenset(
    """
    script style svg math form object embed iframe frame frameset meta link base template noscript applet input button
    textarea select option title head plaintext xmp noembed noframes marquee bgsound layer ilayer
    """.split()
)
LINKS = ("href", "src", "poster", "cite", "action", "formaction", "background", "longdesc", "data", "srcdoc")
Hostile = Callable[[str], list[Any]]


def _dangers(html: str) -> Iterator[str]:
    """Yield what an independent parser finds that must not be there."""
    fragment = html5lib.parseFragment(html, namespaceHTMLElements=True)
    for element in fragment.iter():
        if not isinstance(element.tag, str):
            yield f"comment {element.text!r}"
            continue
        if element is fragment:
            continue
        name = element.tag.removeprefix(XHTML)
        if name in FORBIDDEN or name.startswith("{"):
            yield f"<{name}>"
        for attribute, value in element.attrib.items():
            if str(attribute).lower().startswith("on") or attribute in ("style", "srcdoc", "formaction", "id", "class"):
                yield f"{name} {attribute}={value!r}"
            if attribute in LINKS and urlsplit(value).scheme not in ("http", "https", "mailto", "tel"):
                yield f"{name} {attribute}={value!r}"
            if attribute == "srcset":
                yield from (
                    f"srcset {one!r}"
                    for one in value.split(", ")
                    if not one.strip().startswith(("http://", "https://"))
                )


def _site(folder: Path, posts: dict[str, str], **content: str) -> dict[str, Any]:
    (folder / "posts").mkdir(parents=True)
    extra = "".join(f'{key} = "{value}"\n' for key, value in content.items())
    (folder / "feeder.toml").write_text(
        f'[site]\nurl = "https://example.org"\ntitle = "Example"\n[content]\n{extra}'
        '[feeds]\nlimit = 1000\nmax_bytes = 50000000\nformats = ["atom", "rss", "json"]\n'
        "[taxonomies.authors]\n"
    )
    for name, text in posts.items():
        (folder / "posts" / name).write_text(text, encoding="utf-8", errors="surrogatepass")
    done = subprocess.run(
        [sys.executable, "-m", "feeder", "build", "--json"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(TOP), "SOURCE_DATE_EPOCH": "1793491200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _yaml(text: str) -> str:
    """Return `text` as YAML's double-quoted scalar, every character escaped that could matter."""
    return json.dumps(text).replace("\x7f", "\\u007f")


def _texts(dist: Path) -> Iterator[tuple[str, str]]:
    """Yield every text of every document in which a reader may see HTML, with where it stands."""
    for file in sorted(dist.rglob("*.xml")):
        assert file.resolve().is_relative_to(dist.resolve())
        parsed = feedparser.parse(file.read_bytes(), sanitize_html=False, resolve_relative_uris=False)
        assert parsed.bozo == 0, (file, parsed.get("bozo_exception"))
        yield f"{file} title", parsed.feed.title
        for entry in parsed.entries:
            where = f"{file} {entry.get('title', '')[:60]!r}"
            yield f"{where} title", entry.title
            yield f"{where} author", entry.get("author", "")
            yield f"{where} summary", entry.get("summary", "") if file.name == "rss.xml" else ""
            for part in entry.get("content", ()):
                yield f"{where} content", part.value
            for tag in entry.get("tags", ()):
                yield f"{where} tag", tag.label or tag.term or ""
            for link in entry.get("links", ()):
                assert urlsplit(link.href).scheme in ("http", "https"), where


def _assert_safe(dist: Path) -> None:
    seen: set[str] = set()
    for where, text in _texts(dist):
        if text not in seen:
            seen.add(text)
            # A comment does nothing, and `</3` is one; content has none at all, text may look like one.
            found = [one for one in _dangers(text) if where.endswith("content") or not one.startswith("comment")]
            assert found == [], (where, text)
    for file in sorted(dist.rglob("feed.json")):
        for item in json.loads(file.read_bytes())["items"]:
            # What stands there is what was looked at above: a reader of XML takes white space off the ends of texts.
            names = [author["name"] for author in item.get("authors", ())]
            for text in (item["title"], item["content_html"], *names, *item.get("tags", ())):
                assert text.strip() in seen, (file, text)
            pictures = [item["image"]] if "image" in item else []
            for url in (item["url"], item.get("external_url", "https:"), *pictures):
                assert urlsplit(url).scheme in ("http", "https"), (file, url)
        assert judge.check_json_pair(file.with_name("atom.xml").read_bytes(), file.read_bytes()) == []


@pytest.mark.parametrize("sanitizer", ["nh3", "bleach"])
@pytest.mark.parametrize("corpus_name", ["dompurify_expect", "owasp_filter_evasion"])
def test_attack_strings_do_nothing_anywhere(corpus_name: str, sanitizer: str, hostile: Hostile, tmp_path: Path) -> None:
    """As bodies (HTML, Markdown, the mirror's), titles, tags, authors and origins they leave nothing that acts."""
    posts = {}
    for number, item in enumerate(hostile(corpus_name)):
        payload = item["payload"].replace("\0", "")
        front = (
            f"---\ntitle: {_yaml(payload)}\ndate: 2024-05-01\nauthor: {_yaml(payload)}\nfrom: {_yaml(payload)}\n"
            f"tags: [{_yaml(payload)}]\nexcerpt: {_yaml(payload)}\nimage: {_yaml(payload)}\n---\n"
        )
        posts[f"a{number}.html"] = f"{front}<p>before</p>{payload}<p>after</p>"
        posts[f"b{number}.md"] = f"{front}before\n\n{payload}\n\nafter"
        posts[f"c{number}.md"] = f"{front}<!--1714521600000-->\n\n<div>\n{payload}\n</div>\n"
    report = _site(tmp_path, posts, sanitizer=sanitizer)
    assert report["left_out"] == []
    assert report["entries"] == len(posts)
    _assert_safe(tmp_path / "dist")


def test_hostile_names_as_tags_and_categories(hostile: Hostile, tmp_path: Path) -> None:
    """Every name becomes a feed inside dist; equal ones share it; what is no text at all makes none."""
    names = [name for name in hostile("hostile_names") if not re.search("[\ud800-\udfff]", name)]
    posts = {
        f"p{number}.md": f"---\ntitle: T{number}\ndate: 2024-05-01\n"
        f"tags: [{_yaml(name)}]\ncategory: {_yaml(name)}\n---\n{number}\n"
        for number, name in enumerate(names)
    }
    report = _site(tmp_path / "site", posts)
    assert report["left_out"] == []
    assert report["entries"] == len(names)
    dist = tmp_path / "site" / "dist"
    _assert_safe(dist)
    assert {path.name for path in (tmp_path / "site").iterdir()} == {"posts", "feeder.toml", "dist", ".feeder"}
    labels = {unicodedata.normalize("NFKC", " ".join(_legal(name).split())).casefold() for name in names} - {""}
    entities = {"&amp;": "&", "<b>": "<b>"}
    labels = {entities.get(label, label) for label in labels}
    for taxonomy in ("tags", "categories"):
        folders = {path.name for path in (dist / taxonomy).iterdir()}
        # Names that hold markup or entities are read as the text they show, so they may be one with another.
        assert len(labels) - 4 <= len(folders) <= len(labels)
        for folder in folders:
            assert len(folder.encode()) <= 110
            assert folder == unicodedata.normalize("NFC", folder)
            assert not re.search("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff/\\\\]", folder)
            assert not folder.startswith((".", "-"))


def _legal(text: str) -> str:
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x80-\x84\x86-\x9f\ufffe\uffff]", "", text)


def test_hostile_yaml_never_costs_the_other_posts(hostile: Hostile, tmp_path: Path) -> None:
    """Every hostile front matter ends as an entry or as a post left out by name."""
    posts = {"good.md": "---\ntitle: Good\ndate: 2024-05-01\ntags: [good]\n---\nbody\n"}
    for number, item in enumerate(hostile("yaml_hostile")):
        payload = item["payload"]
        posts[f"bare-{number}.md"] = f"---\n{payload}\n---\nbody\n"
        if "date" not in payload[:5]:
            posts[f"dated-{number}.md"] = f"---\ndate: 2024-05-02\n{payload}\n---\nbody {number}\n"
    report = _site(tmp_path, posts)
    left_out = {left["file"].removeprefix("posts/") for left in report["left_out"]}
    assert report["posts"] == len(posts)
    assert report["entries"] + report["merged"] + len(left_out) == len(posts)
    assert "good.md" not in left_out
    assert not {name for name in left_out if name.startswith("dated-")}
    assert all(problem["line"] >= 0 and problem["file"] for problem in report["problems"])
    assert not (tmp_path / "PWNED").exists()
    _assert_safe(tmp_path / "dist")


def test_illegal_characters_in_every_field_never_reach_a_feed(hostile: Hostile, tmp_path: Path) -> None:
    """Every character of xml_chars.json in every field, raw and as a reference, gives well-formed feeds without it."""
    posts = {}
    for number, item in enumerate(hostile("xml_chars")):
        char = item["payload"]
        point = ord(char) if len(char) == 1 else 0
        for form, text in (("raw", f"x{char}y"), ("ref", f"x&#{point};y"), ("hex", f"x&#x{point:x};y")):
            value = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if form == "raw" else text
            posts[f"{form}{number}.md"] = (
                f"---\ntitle: T {value}\ndate: 2024-05-01\nauthor: A {value}\ntags: ['t {value}']\nexcerpt: e {value}\n"
                f"from: 'https://e.example/{form}{number}?{value if form == 'raw' else number}'\n---\nbody {value}"
                f" <b title='{value}'>b</b>\n"
            )
    report = _site(tmp_path, posts)
    assert report["left_out"] == []
    assert report["entries"] == len(posts)
    illegal = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x80-\x9f\ufffe\uffff]|&amp;#(?:x[0-9a-f]+|[0-9]+);")
    files = [*(tmp_path / "dist").rglob("*.xml"), *(tmp_path / "dist").rglob("feed*.json")]
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert "\\u" not in text
        found = [text[max(0, match.start() - 200) : match.end() + 100] for match in illegal.finditer(text)]
        assert found == [], file
    _assert_safe(tmp_path / "dist")
