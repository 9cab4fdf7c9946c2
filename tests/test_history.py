"""A history of 40 commits, built commit by commit with a ledger: nothing ever surprises a subscriber (issue 4)."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import feeder
from feeder.report import Report
from tests.history.repository import Commit, Repository, begun
from tests.history.story import tell
from tests.lacking import lacking

ATOM = "{http://www.w3.org/2005/Atom}"
BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
POSTS = 24


def _made_up() -> dict[str, str]:
    return {
        f"2014-03-{number + 1:02}-post-number-{number}.md": (
            f"---\ntitle: Post number {number}\ndate: 2014-03-{number + 1:02}T12:00:00-04:00\n---\nWords of {number}."
        )
        for number in range(POSTS)
    }


def _of_the_agency(folder: Path) -> dict[str, str]:
    files = sorted((folder / "_posts").glob("*.md"))
    texts = {file.name: file.read_text(encoding="utf-8").replace("\r\n", "\n") for file in files}
    needed = [re.compile(rf"^{key}:.*\S", re.MULTILINE) for key in ("title", "date")]
    fit = [name for name, text in texts.items() if all(pattern.search(text) for pattern in needed)]
    return {name: texts[name] for name in fit[:: len(fit) // POSTS][:POSTS]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for repositories; without git there is no history."""
    if not shutil.which("git"):
        lacking("there is no git here")
    return tmp_path_factory.mktemp("history")


def _seen(dist: Path) -> dict[int, tuple[str, str]]:
    """Return the id and the time of change of every entry in the site's feed, by the number of its post."""
    found = {}
    for entry in ET.parse(dist / "atom.xml").getroot().iter(f"{ATOM}entry"):
        texts = {name: entry.findtext(f"{ATOM}{name}") or "" for name in ("id", "updated", "content")}
        (number,) = re.findall(r"Reference (\d+)\.", texts["content"])
        assert int(number) not in found, f"post {number} is there twice"
        found[int(number)] = texts["id"], texts["updated"]
    return found


def _replayed(blog: Repository, folder: Path, cache: str) -> Iterator[tuple[Commit, datetime, Report, Path]]:
    """Build every commit, an hour after the one before, and yield what came of it; the ledger goes with the dist."""
    dist = folder / "dist"
    for hours, commit in enumerate(blog.commits):
        blog.git("checkout", "--quiet", "--force", commit.name)
        now = BEGIN + timedelta(hours=hours)
        options = feeder.Options((str(blog.folder / "posts"),), str(blog.folder / "feeder.toml"), str(dist))
        publication = feeder.Publication(str(dist), engine="serial", cache=cache)
        report = feeder.build(feeder.load_site(options, now), publication, feeder.Silent())
        yield commit, now, report, dist
        again = feeder.build(feeder.load_site(options, now + timedelta(minutes=1)), publication, feeder.Silent())
        assert (again.written, again.removed) == ((), ()), f"{commit.message}: the next build wrote something"


def _check(blog: Repository, folder: Path, cache: str) -> None:
    ids: dict[int, str] = {}
    before: Mapping[int, tuple[str, str]] = {}
    for commit, now, report, dist in _replayed(blog, folder, cache):
        seen = _seen(dist)
        said = commit.message
        for number, (name, _) in seen.items():
            assert ids.setdefault(number, name) == name, f"{said}: post {number} came back under another id"
        assert len(set(ids.values())) == len(ids), f"{said}: an id was used again"
        back = seen.keys() - before.keys() - commit.new
        assert all(number in ids for number in back), f"{said}: {back} should not be new"
        assert commit.new <= seen.keys() - before.keys(), f"{said}: not all that is new is there"
        assert before.keys() - seen.keys() == commit.gone, f"{said}: something else is gone"
        moved = {number for number, (_, updated) in seen.items() if updated == now.strftime("%Y-%m-%dT%H:%M:%SZ")}
        assert moved == commit.edited, f"{said}: other entries were updated"
        kept = (seen.keys() & before.keys()) - commit.edited - _DATED.get(said, frozenset())
        assert {seen[number] for number in kept} == {before[number] for number in kept}, f"{said}: an entry changed"
        assert report.ledger is not None
        assert {line.id for line in report.ledger.gone} == {ids[number] for number in commit.gone}, said
        text = "\n".join(report.lines())
        assert all(ids[number] in text for number in commit.gone), f"{said}: a deletion was not reported"
        before = seen


# Where a date alone is mended, `updated` follows: it is never before `published`.
_DATED = {"Mend a date": frozenset({16}), "Rename a post and mend its date": frozenset({17})}


@pytest.fixture(scope="module")
def blog(folder: Path) -> Repository:
    """The history over posts that are made up."""
    repository = begun(folder / "made-up", _made_up())
    tell(repository)
    return repository


def test_the_history_has_forty_commits(blog: Repository) -> None:
    """All of them are told, and git has them."""
    assert len(blog.commits) == 40
    assert blog.git("rev-list", "--count", "main") == "40"


@pytest.mark.parametrize("cached", [True, False])
def test_nothing_surprises_a_subscriber(blog: Repository, tmp_path: Path, cached: bool) -> None:
    """Nothing is re-posted, every edit is an update, every deletion is reported; with a cache as without."""
    (blog.folder / "feeder.ledger").unlink(missing_ok=True)
    _check(blog, tmp_path, str(tmp_path / "cache") if cached else "")


def test_nothing_surprises_a_subscriber_of_the_agency(
    folder: Path, corpus: Callable[[str], Path], tmp_path: Path
) -> None:
    """The same over posts of a real archive."""
    repository = begun(folder / "agency", _of_the_agency(corpus("agency")))
    tell(repository)
    _check(repository, tmp_path, str(tmp_path / "cache"))


def test_without_a_ledger_it_would_have(blog: Repository, tmp_path: Path) -> None:
    """The history is none that any site would survive: without a ledger its brake is on at the first rename."""
    (blog.folder / "feeder.ledger").unlink(missing_ok=True)
    for commit in blog.commits[:2]:
        blog.git("checkout", "--quiet", "--force", commit.name)
        config = blog.folder / "feeder.toml"
        config.write_text(config.read_text(encoding="utf-8").replace('updated = "content"\n', ""), encoding="utf-8")
        options = feeder.Options((str(blog.folder / "posts"),), str(config), str(tmp_path))
        site = feeder.load_site(options, BEGIN)
        if commit is blog.commits[0]:
            feeder.build(site, feeder.Publication(str(tmp_path)), feeder.Silent())
        else:
            with pytest.raises(feeder.FeederError, match=r"^1 entry that subscribers know"):
                feeder.build(site, feeder.Publication(str(tmp_path)), feeder.Silent())
