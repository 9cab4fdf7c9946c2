"""Nothing is lost, and every reader takes it: three real corpora, judged by code that is not feeder's."""

from __future__ import annotations

import calendar
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import feedparser
import pytest
import yaml
from lxml import etree

from feeder.check.checking import check
from feeder.config.load import load
from feeder.config.settings import Options
from feeder.explain import ListedFeed, Look, list_feeds
from feeder.observer import Silent
from tests import judge, readback

AGENCY = (
    '[site]\nurl = "https://18f.example.gov"\ntitle = "Agency"\n[posts]\npermalink = "/:year/:month/:day/:title/"\n'
    '[feeds]\nformats = ["atom", "rss", "json"]\n'
)
ATOM = "{http://www.w3.org/2005/Atom}"
NOW = "1793491200"


@dataclass(frozen=True)
class Site:
    """A corpus as it is built, and what its front matter says by a reading of our own."""

    name: str
    roots: tuple[str, ...]
    url: str
    title: str
    limit: int
    posts: int
    terms: int | None


SITES = (
    Site("mirror", ("_posts", "archived"), "https://nodebe4.github.io/society", "社会", 100, 15_271, 27),
    Site("magazine", ("_posts",), "https://nodebe4.github.io/oped2", "觀點2", 100, 568, None),
    Site("agency", ("_posts",), "https://18f.example.gov", "Agency", 50, 509, None),
)


@dataclass(frozen=True)
class Post:
    """One file, read with nothing but YAML and regular expressions."""

    file: Path
    title: str
    origin: str
    date: datetime
    terms: frozenset[tuple[str, str]]
    dated_by_name: bool


@dataclass(frozen=True)
class Built:
    """A corpus, its feeds, and what the build said."""

    site: Site
    dist: Path
    report: dict[str, object]
    posts: tuple[Post, ...]


@pytest.fixture(scope="session", params=SITES, ids=lambda site: site.name)
def built(
    request: pytest.FixtureRequest, corpus: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Built:
    """A corpus built by the command that its keeper would give, in its own folder with its own configuration."""
    site: Site = request.param
    folder = corpus(site.name)
    dist = tmp_path_factory.mktemp(site.name) / "dist"
    arguments = ["build", *site.roots, "--dist", str(dist), "--json"]
    if site.name == "agency":
        config = dist.parent / "feeder.toml"
        config.write_text(AGENCY)
        arguments += ["--config", str(config)]
    done = subprocess.run(
        [sys.executable, "-m", "feeder", *arguments],
        cwd=folder,
        env={"PATH": "", "PYTHONPATH": str(Path(__file__).parent.parent), "SOURCE_DATE_EPOCH": NOW},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return Built(site, dist, json.loads(done.stdout), tuple(_posts(folder, site)))


def _posts(folder: Path, site: Site) -> Iterator[Post]:
    for root in site.roots:
        for file in sorted((folder / root).rglob("*.md")):
            _, front, body = re.split(r"^---[ \t]*$", file.read_text(encoding="utf-8"), maxsplit=2, flags=re.MULTILINE)
            fields = yaml.load(front, Loader=yaml.CBaseLoader)
            marker = re.match(r"\s*<!--(\d{9,})-->", body)
            date = fields.get("date", "").strip()
            by_name = not date
            yield Post(
                file=file,
                title=unicodedata.normalize("NFC", " ".join(fields["title"].split())),
                origin=fields.get("from", ""),
                date=_date(date or file.name[:10], int(marker[1]) // 1000 if marker else None),
                terms=frozenset(
                    (taxonomy, unicodedata.normalize("NFKC", " ".join(label.split())).casefold())
                    for taxonomy in ("tags", "categories")
                    for label in fields.get(taxonomy) or ()
                ),
                dated_by_name=by_name,
            )


def _date(text: str, marker: int | None) -> datetime:
    text = re.sub(r" ([+-])(\d)$", r"\g<1>0\2:00", re.sub(r"(?<= )(\d):", r"0\1:", text)).replace(" -", "-")
    found = datetime.fromisoformat(text)
    found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    if len(text) == 10 and marker is not None and datetime.fromtimestamp(marker, UTC).date() == found.date():
        return datetime.fromtimestamp(marker, UTC)
    return found


def _documents(built: Built) -> Iterator[tuple[str, bytes]]:
    for file in sorted(built.dist.rglob("*.xml")):
        yield str(file.relative_to(built.dist)), file.read_bytes()


def test_every_file_is_accounted_for(built: Built) -> None:
    """Posts read = entries + merged + left out, and no post of the corpora is left out."""
    report = built.report
    assert len(built.posts) == built.site.posts
    assert report["posts"] == built.site.posts
    left_out = report["left_out"]
    assert isinstance(left_out, list)
    assert report["entries"] + report["merged"] + len(left_out) == report["posts"]  # type: ignore[operator]
    assert left_out == []


def test_the_entries_are_as_many_as_there_are_different_posts(built: Built) -> None:
    """Merged are only posts of one origin (or stem) that share a title, an instant or a body."""
    origins = {post.origin or post.file.stem for post in built.posts}
    entries, merged = built.report["entries"], built.report["merged"]
    assert isinstance(entries, int)
    assert isinstance(merged, int)
    assert len(origins) <= entries <= len(built.posts)
    alone = len({(post.origin or post.file.stem, post.title) for post in built.posts})
    assert entries <= alone


def test_every_term_has_its_feeds_and_every_entry_stands_in_them(built: Built) -> None:
    """Each term has an Atom and an RSS feed, and each of its posts stands in both or is older than the window."""
    namespace = uuid5(NAMESPACE_URL, built.site.url)
    feeds: dict[tuple[str, str], list[feedparser.FeedParserDict]] = {}
    for path, data in _documents(built):
        parsed = feedparser.parse(data)
        taxonomy = path.split("/")[0] if "/" in path else ""
        label = parsed.feed.title.removeprefix(f"{built.site.title}: ") if taxonomy else ""
        feeds.setdefault((taxonomy, unicodedata.normalize("NFKC", label).casefold()), []).append(parsed)
    wanted = {term for post in built.posts for term in post.terms} | {("", "")}
    assert set(feeds) == wanted
    assert {len(pair) for pair in feeds.values()} == {2}
    if built.site.terms:
        assert sum(taxonomy == "tags" for taxonomy, _ in wanted) == built.site.terms
        assert sum(taxonomy == "categories" for taxonomy, _ in wanted) == built.site.terms
    shown = {
        (term, which): (
            {entry.id for entry in parsed.entries} | {entry.title for entry in parsed.entries},
            datetime.fromtimestamp(calendar.timegm(parsed.entries[-1].published_parsed), UTC),
            len(parsed.entries),
        )
        for term, pair in feeds.items()
        for which, parsed in enumerate(pair)
    }
    for post in built.posts:
        name = uuid5(NAMESPACE_URL, post.origin) if post.origin else uuid5(namespace, post.file.stem)
        for term in (*post.terms, ("", "")):
            for which in (0, 1):
                known, oldest, count = shown[term, which]
                older = count == built.site.limit and post.date <= oldest
                assert older or name.urn in known or post.title in known, (post.file.name, term)


def test_agency_is_what_it_is_known_for(built: Built) -> None:
    """Agency has 87 posts dated by nothing but their names, tags with spaces and braces in its text."""
    if built.site.name != "agency":
        return
    assert sum(post.dated_by_name for post in built.posts) == 87
    assert any(" " in label for post in built.posts for _, label in post.terms)
    contents = "".join(
        entry.content[0].value
        for _, data in _documents(built)
        for entry in feedparser.parse(data).entries
        if "content" in entry
    )
    assert "{%" not in re.sub(r"<(code|pre)\b.*?</\1>", "", contents, flags=re.DOTALL)
    without_code = re.sub(r"<(code|pre)\b.*?</\1>", "", contents, flags=re.DOTALL)
    assert not re.search(r"""(?:href|src)="[^"]*(?:\{\{|%7B%7B)""", without_code)


def test_feedparser_finds_nothing_to_complain_of(built: Built) -> None:
    """Feedparser reads every feed with `bozo` 0."""
    for path, data in _documents(built):
        parsed = feedparser.parse(data)
        assert parsed.bozo == 0, (path, parsed.get("bozo_exception"))
        assert 0 < len(parsed.entries) <= built.site.limit


def test_what_feedparser_reads_back_equals_the_model(built: Built, corpus: Callable[[str], Path]) -> None:
    """Ids, titles, links, instants and categories of every entry come back from both formats as they were meant."""
    for listed in _listed(built, corpus):
        for address in listed.feed.addresses:
            if address.format == "json":  # which feedparser does not read
                continue
            back = readback.read((built.dist / address.path).read_bytes())
            assert back.title == listed.feed.title
            assert back.self_link == address.url
            assert [entry.id for entry in back.entries] == [entry.id for entry in listed.entries]
            for entry, meant in zip(back.entries, listed.entries, strict=True):
                assert (entry.title, entry.link, entry.via) == (meant.title, meant.link, meant.via)
                assert entry.published == meant.published
                assert entry.updated == meant.updated or (address.format == "rss" and entry.updated is None)
                assert [one.label for one in entry.categories] == [term.label for term in meant.terms]
                assert [one.scheme for one in entry.categories] == [term.scheme for term in meant.terms]
                assert entry.content


def _listed(built: Built, corpus: Callable[[str], Path]) -> list[ListedFeed]:
    folder = corpus(built.site.name)
    config = built.dist.parent / "feeder.toml" if built.site.name == "agency" else folder / "_config.yml"
    roots = tuple(str(folder / root) for root in built.site.roots)
    options = Options(posts=roots, config=str(config), dist=str(built.dist))
    site = load(options, datetime.fromtimestamp(int(NOW), UTC))
    return list_feeds(site, Look(str(built.dist), "serial"), Silent())


def test_every_atom_document_passes_the_grammar_of_rfc_4287(built: Built) -> None:
    """Every Atom document is valid against RFC 4287, Appendix B."""
    grammar = etree.RelaxNG(etree.parse(str(Path(__file__).parent / "rfc4287.rng")))
    for path, data in _documents(built):
        if path.endswith("atom.xml"):
            grammar.assertValid(etree.fromstring(data))


def test_the_judge_finds_nothing(built: Built) -> None:
    """No document breaks a rule of SPEC §6, alone, beside its other format, or beside the others of the site."""
    documents = dict(_documents(built))
    for path, data in documents.items():
        url = f"{built.site.url}/{_quoted(path)}"
        check = judge.check_atom if path.endswith("atom.xml") else judge.check_rss
        assert check(data, url) == [], path
        if path.endswith("atom.xml"):
            assert judge.check_pair(data, documents[path.replace("atom.xml", "rss.xml")]) == [], path
    assert judge.check_site(documents) == []


def test_the_judge_finds_nothing_in_the_lists(built: Built) -> None:
    """Every feed stands once in the subscription list, and the catalogue says of each what its documents say."""
    files = [file for pattern in ("*.xml", "*.json", "*.opml") for file in built.dist.rglob(pattern)]
    documents = {str(file.relative_to(built.dist)): file.read_bytes() for file in files}
    assert judge.check_opml(documents["feeds.opml"]) == []
    assert judge.check_lists(documents) == []
    feeds = json.loads(documents["feeds.json"])["feeds"]
    assert feeds[0]["entries"] == built.report["entries"]


def test_the_judge_finds_nothing_in_json(built: Built) -> None:
    """No JSON Feed breaks a rule of SPEC §6, each stands beside an Atom document, and both say the same."""
    files = sorted(built.dist.rglob("feed.json"))
    assert len(files) == (len(list(built.dist.rglob("atom.xml"))) if built.site.name == "agency" else 0)
    for file in files:
        path, data = str(file.relative_to(built.dist)), file.read_bytes()
        assert judge.check_json(data, f"{built.site.url}/{_quoted(path)}") == [], path
        assert judge.check_json_pair(file.with_name("atom.xml").read_bytes(), data) == [], path
    documents = {str(file.relative_to(built.dist)): file.read_bytes() for file in files}
    assert judge.check_site({**dict(_documents(built)), **documents}) == []


def test_a_check_finds_nothing(built: Built) -> None:
    """`feeder check` has nothing to say of what feeder builds."""
    assert check(str(built.dist)).findings == ()


def _quoted(path: str) -> str:
    return "".join(
        char if re.fullmatch(r"[A-Za-z0-9._~/-]", char) else "".join(f"%{byte:02X}" for byte in char.encode())
        for char in path
    )
