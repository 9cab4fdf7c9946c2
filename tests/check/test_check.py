"""`feeder check` as a person and a program meet it: exit codes, text, JSON, and whatever a folder may hold."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.check.checking import check, check_documents
from feeder.errors import UsageError
from feeder.model.problem import Level

TOP = Path(__file__).parent.parent.parent
GOOD = (TOP / "tests" / "judging" / "good.atom").read_bytes()
SELF = b"https://vane.example/tags/r-and-d/atom.xml"


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `feeder check` in `folder`."""
    return subprocess.run(
        [sys.executable, "-m", "feeder", "check", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(TOP)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A folder with one good feed, as anybody may have written it."""
    folder = tmp_path / "dist" / "tags" / "r-and-d"
    folder.mkdir(parents=True)
    (folder / "atom.xml").write_bytes(GOOD)
    return tmp_path / "dist"


def test_good_feeds_exit_with_0_and_one_line(dist: Path) -> None:
    """Without an argument dist is checked, without any configuration; nothing wrong is nothing on stdout."""
    done = run(folder=dist.parent)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "1 document: no errors, no warnings\n")


def test_an_error_exits_with_1_and_says_where_what_and_why(dist: Path) -> None:
    """A finding is `file:line: level[Name]: sentence: advice (section)` on stdout; `--quiet` says no more."""
    feed = dist / "tags" / "r-and-d" / "atom.xml"
    feed.write_bytes(GOOD.replace(b"</title>", b"</title>\n  <title>x</title>", 1))
    done = run("dist", "--quiet", folder=dist.parent)
    assert done.returncode == 1
    assert done.stdout == (
        "dist/tags/r-and-d/atom.xml:5: error[DuplicateElement]: <feed> has 2 <title>: leave one (RFC 4287 §4.1.1)\n"
    )
    assert done.stderr == ""


def test_warnings_alone_exit_with_0(dist: Path) -> None:
    """A warning is said, and is no error."""
    feed = dist / "tags" / "r-and-d" / "atom.xml"
    feed.write_bytes(GOOD.rstrip())
    done = run(folder=dist.parent)
    assert done.returncode == 0
    assert "warning[MissingFinalNewline]" in done.stdout
    assert done.stderr == "1 document: no errors, 1 warning\n"


def test_json_is_a_list_of_findings(dist: Path) -> None:
    """`--json` prints every finding with all that is known of it, and the exit code is the same."""
    feed = dist / "tags" / "r-and-d" / "atom.xml"
    feed.write_bytes(GOOD.replace(SELF, b"https://vane.example/feed"))
    done = run("--json", folder=dist.parent)
    assert done.returncode == 1
    (found,) = json.loads(done.stdout)
    assert (found["file"], found["level"], found["code"]) == (
        "dist/tags/r-and-d/atom.xml",
        "error",
        "SelfDoesntMatchLocation",
    )
    assert set(found) == {"file", "line", "level", "code", "message", "advice", "section"}


def test_a_file_is_checked_by_itself(dist: Path) -> None:
    """A file alone is not asked where it stands."""
    file = dist.parent / "saved.xml"
    file.write_bytes(GOOD)
    assert run("saved.xml", folder=dist.parent).returncode == 0


def test_what_is_not_there_is_a_mistake_of_the_command_line(tmp_path: Path) -> None:
    """A folder that is not there exits with 2 and a sentence; one without feeds is an error of its own."""
    done = run("nowhere", folder=tmp_path)
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    with pytest.raises(UsageError):
        check(str(tmp_path / "nowhere"))
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "feeder-manifest.json").write_text("{}")
    assert [finding.code for finding in check(str(tmp_path / "dist")).findings] == ["NoFeeds"]


def test_files_that_are_no_feeds_are_passed_over(dist: Path) -> None:
    """Other JSON, other XML, other names and hidden files are nothing that is looked at."""
    (dist / "package.json").write_text('{"name": "x", "version": "1.0"}')
    (dist / "broken.json").write_text("{")
    (dist / "sitemap.xml").write_text('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>')
    (dist / "page.html").write_text("<rss>")
    (dist / ".atom.xml.feeder-new").write_text("<rss>")
    (dist / ".git").mkdir()
    (dist / ".git" / "atom.xml").write_text("<rss>")
    checked = check(str(dist))
    assert (checked.documents, checked.findings) == (1, ())


def test_a_tag_may_begin_with_a_dot(dist: Path) -> None:
    """The feeds of a tag like `.net` stand in a folder that is hidden, and are checked."""
    (dist / "tags" / ".net").mkdir()
    (dist / "tags" / ".net" / "atom.xml").write_bytes(GOOD.replace(b"r-and-d", b".net").replace(b"<id>", b"<id>x", 1))
    assert check(str(dist)).documents == 2


def test_what_cannot_be_read_is_a_finding_and_does_not_block(dist: Path) -> None:
    """A pipe, a dangling link, a folder's name and a file that is too large are errors, each with its file."""
    os.mkfifo(dist / "pipe.xml")
    (dist / "dangling.rss").symlink_to("nowhere")
    (dist / "folder.atom").mkdir()
    with (dist / "huge.xml").open("wb") as file:
        file.truncate(65_000_000)
    found = check(str(dist)).findings
    assert {(Path(finding.file).name, finding.code) for finding in found} == {
        ("pipe.xml", "IOError"),
        ("dangling.rss", "IOError"),
        ("huge.xml", "IOError"),
    }


def test_findings_print_no_raw_control(dist: Path) -> None:
    """Whatever stands in a feed, no control and no bidi character reaches the terminal."""
    feed = dist / "tags" / "r-and-d" / "atom.xml"
    feed.write_bytes(GOOD.replace(SELF, "https://vane.example/\u202e\u0085\u200f".encode()))
    lines = [str(finding) for finding in check(str(dist)).findings]
    assert lines
    assert all(line.isprintable() for line in lines)


def test_a_million_faults_are_not_a_million_lines() -> None:
    """Of one kind of fault a few are named, and the others are counted."""
    entries = b"".join(b"<entry><id>%d</id></entry>" % number for number in range(5_000))
    found = check_documents({"atom.xml": b'<feed xmlns="http://www.w3.org/2005/Atom">' + entries + b"</feed>\n"})
    assert len(found) < 200
    assert any("more like the 20 above" in finding.message for finding in found)


def test_feeds_of_several_sites_are_not_held_against_each_other() -> None:
    """Two sites may use the same ids for other entries: only what one host says is compared."""
    other = GOOD.replace(b"vane.example", b"vane.example.net").replace(b"<title>", b"<title>Not ")
    found = check_documents({"tags/r-and-d/atom.xml": GOOD, "other/tags/r-and-d/atom.xml": other})
    assert "EntriesDisagree" not in {finding.code for finding in found}


@pytest.mark.parametrize("address", [b"http://[", b"http://[::1", b"https://a]b/", b"//", b"https://", b"%", b"x:"])
def test_an_address_that_is_none_is_a_finding_wherever_it_stands(address: bytes) -> None:
    """What cannot be taken apart as an address is named, and held against nothing."""
    documents = {"tags/r-and-d/atom.xml": GOOD, "atom.xml": GOOD.replace(SELF, address)}
    assert any(finding.file == "atom.xml" for finding in check_documents(documents))
    page = GOOD.replace(b"https://vane.example/tags/r-and-d/", address).replace(b"https://vane.example/tags/", address)
    assert check_documents({"atom.xml": page})


def test_a_feed_at_an_address_that_was_given_up_says_where_it_went() -> None:
    """An alias, whose own address is the new one and which shows the same, is no fault; another feed's address is."""
    documents = {"tags/r-and-d/atom.xml": GOOD, "tag/rd.xml": GOOD}
    assert check_documents(documents) == ()
    documents["tag/rd.xml"] = GOOD.replace(b"<title>The Weathervane", b"<title>Another")
    assert "SelfDoesntMatchLocation" in {finding.code for finding in check_documents(documents)}


@given(st.data())
def test_nothing_that_a_folder_holds_is_an_exception(data: st.DataObject) -> None:
    """Feeds in which anything was replaced by anything are checked, alone and together."""
    names = data.draw(
        st.lists(st.sampled_from(["atom.xml", "a/rss.xml", "feed.json", "x.opml"]), min_size=1, unique=True)
    )
    pieces = st.one_of(
        st.binary(max_size=12),
        st.sampled_from(
            [b"&#8;", b"<entry/>", b"http://[", b"//", b' rel="prev-archive"', b"xn--", b"%ff", b"\xc2\x85"]
        ),
    )
    documents = {}
    for name in names:
        start = data.draw(st.integers(0, len(GOOD)))
        end = data.draw(st.integers(start, min(len(GOOD), start + 30)))
        documents[name] = GOOD[:start] + data.draw(pieces) + GOOD[end:]
    for finding in check_documents(documents):
        assert finding.level in (Level.ERROR, Level.WARNING)
        assert str(finding)
