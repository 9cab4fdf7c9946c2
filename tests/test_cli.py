"""The command line as a person meets it: exit codes, sentences, summaries, JSON."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
POST = (
    "---\ntitle: {title}\ndate: 2024-05-0{day} 10:00:00 +0000\ntags: [sea, C++]\n---\nHello *world*, this is a post.\n"
)
Feeder = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with three posts and a feeder.toml."""
    (tmp_path / "posts").mkdir()
    for day in (1, 2, 3):
        (tmp_path / "posts" / f"post-{day}.md").write_text(POST.format(title=f"Post {day}", day=day))
    (tmp_path / "feeder.toml").write_text(
        '[site]\nurl = "https://example.org"\ntitle = "Example"\n[feeds]\npages = false\n'
    )
    return tmp_path


@pytest.fixture
def feeder(site: Path) -> Feeder:
    """Run feeder in the site's folder."""

    def run(*arguments: str, measured: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
        # Where it measures worker processes, coverage says so on stderr.
        kept = {name: value for name, value in os.environ.items() if measured or not name.startswith("COVERAGE")}
        return subprocess.run(
            [sys.executable, "-m", "feeder", *arguments],
            cwd=site,
            env={**kept, "PYTHONPATH": str(TOP), "SOURCE_DATE_EPOCH": "1793491200", **environment},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    return run


def test_a_build_writes_the_feeds_and_says_so(site: Path, feeder: Feeder) -> None:
    """`feeder build` writes the site's and every term's feeds, and ends with a summary on stderr."""
    done = feeder("build")
    assert done.returncode == 0
    assert done.stdout == ""
    assert re.search(
        r"3 posts read, 3 entries, 0 merged, 0 left out\n"
        r"8 feed documents: 8 written, 0 unchanged, 0 removed; [\d.]+ s\n$",
        done.stderr,
    )
    assert sorted(str(file.relative_to(site / "dist")) for file in (site / "dist").rglob("*.xml")) == [
        "atom.xml",
        "rss.xml",
        "tags/c-plus-plus/atom.xml",
        "tags/c-plus-plus/rss.xml",
        "tags/sea/atom.xml",
        "tags/sea/rss.xml",
    ]


def test_a_second_build_touches_no_file(site: Path, feeder: Feeder) -> None:
    """Nothing changed: no file gets another time or inode, the manifest's neither."""
    feeder("build")
    before = {file: (file.stat().st_mtime_ns, file.stat().st_ino) for file in (site / "dist").rglob("*")}
    done = feeder("build")
    assert "8 feed documents: 0 written, 8 unchanged, 0 removed" in done.stderr
    assert {file: (file.stat().st_mtime_ns, file.stat().st_ino) for file in (site / "dist").rglob("*")} == before


def test_the_json_report_has_the_promised_shape(feeder: Feeder, site: Path) -> None:
    """`--json` prints one object whose posts are its entries, its merged and its left out."""
    (site / "posts" / "undated.md").write_text("---\ntitle: x\n---\nbody\n")
    (site / "posts" / "draft.md").write_text(
        POST.format(title="D", day=4).replace("---\nHello", "draft: on\n---\nHello")
    )
    (site / "posts" / "again").mkdir()
    (site / "posts" / "again" / "post-1.md").write_text(POST.format(title="Post 1", day=1))
    report = json.loads(feeder("build", "--json").stdout)
    assert set(report) == {"posts", "entries", "merged", "left_out", "problems", "feeds", "rendered", "seconds"}
    assert (report["posts"], report["entries"], report["merged"], report["rendered"]) == (6, 3, 1, 3)
    assert {(left["file"], left["code"]) for left in report["left_out"]} == {
        ("posts/draft.md", "unpublished"),
        ("posts/undated.md", "no-date"),
    }
    assert all(set(left) == {"file", "line", "code", "message"} for left in report["left_out"])
    assert {problem["level"] for problem in report["problems"]} == {"error"}
    assert report["feeds"]["written"] == [
        "atom.xml",
        "feeds.json",
        "feeds.opml",
        "rss.xml",
        "tags/c-plus-plus/atom.xml",
        "tags/c-plus-plus/rss.xml",
        "tags/sea/atom.xml",
        "tags/sea/rss.xml",
    ]


def test_strict_publishes_nothing_when_a_post_is_left_out_for_an_error(feeder: Feeder, site: Path) -> None:
    """With `--strict` an undated post ends the build with 1 and leaves dist as it was; a draft does not."""
    (site / "posts" / "draft.md").write_text("---\ntitle: x\ndate: 2024-01-01\ndraft: true\n---\nbody\n")
    assert feeder("build", "--strict").returncode == 0
    (site / "posts" / "undated.md").write_text("---\ntitle: x\n---\nbody\n")
    before = (site / "dist" / "atom.xml").stat().st_mtime_ns
    done = feeder("build", "--strict")
    assert done.returncode == 1
    assert "posts/undated.md" in done.stderr
    assert "nothing was published" in done.stderr
    assert (site / "dist" / "atom.xml").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["build", "--config", "none.toml"], 2, "none.toml"),
        (["build", "--site-url", "ftp://example.org"], 2, "site.url"),
        (["build", "--site-url", "http://localhost:4000"], 2, "--allow-local"),
        (["build", "--engine", "threads:4"], 2, "threads:4"),
        (["build", "nowhere"], 65, "nowhere"),
        (["explain", "nothing-like-it"], 2, "feeder list"),
        (["build", "--bogus"], 2, "--bogus"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_mistakes_get_a_sentence_and_their_exit_code(
    arguments: list[str], code: int, said: str, feeder: Feeder
) -> None:
    """What cannot be followed ends with its code and one sentence that names it, never with a traceback."""
    done = feeder(*arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_typing_error_in_the_configuration_names_line_and_nearest_key(site: Path, feeder: Feeder) -> None:
    """An unknown key of feeder.toml is an error with its line and the key that was meant."""
    (site / "feeder.toml").write_text('[site]\nurl = "https://example.org"\ntimezoen = "UTC"\n')
    done = feeder("build")
    assert done.returncode == 2
    assert done.stderr == "feeder: feeder.toml:3: `timezoen` is no known key of [site]: did you mean `timezone`?\n"


def test_a_site_that_shrinks_is_not_published_unless_told_so(site: Path, feeder: Feeder) -> None:
    """More than a fifth and more than ten entries gone: exit 65 and nothing changes, until --allow-shrink."""
    for number in range(20):
        (site / "posts" / f"more-{number}.md").write_text(POST.format(title=f"More {number}", day=4))
    assert feeder("build").returncode == 0
    before = (site / "dist" / "atom.xml").read_bytes()
    for number in range(11):
        (site / "posts" / f"more-{number}.md").unlink()
    refused = feeder("build")
    assert refused.returncode == 65
    assert "11 of the 23 entries" in refused.stderr
    assert (site / "dist" / "atom.xml").read_bytes() == before
    assert feeder("build", "--allow-shrink").returncode == 0
    assert (site / "dist" / "atom.xml").read_bytes() != before


def test_ten_entries_may_go(site: Path, feeder: Feeder) -> None:
    """Ten entries gone are no shrinking site, however small, and a feed whose last entry went is removed and told."""
    for number in range(8):
        (site / "posts" / f"more-{number}.md").write_text(
            POST.format(title=f"More {number}", day=4).replace("sea", f"t{number}")
        )
    assert feeder("build").returncode == 0
    for number in range(8):
        (site / "posts" / f"more-{number}.md").unlink()
    done = feeder("build")
    assert done.returncode == 0
    assert "16 removed" in done.stderr
    assert not (site / "dist" / "tags" / "t0").exists()


def test_an_empty_root_publishes_nothing(site: Path, feeder: Feeder) -> None:
    """A named root without posts is somebody's mistake: exit 65, unless --allow-shrink says it is meant."""
    (site / "archived").mkdir()
    done = feeder("build", "posts", "archived")
    assert done.returncode == 65
    assert "archived" in done.stderr
    assert not list((site / "dist").rglob("*.xml"))
    assert feeder("build", "posts", "archived", "--allow-shrink").returncode == 0


def test_list_names_every_feed(feeder: Feeder) -> None:
    """`feeder list --json` prints the feeds with what belongs to them and what they show; it writes nothing."""
    feeds = json.loads(feeder("list", "--json").stdout)
    assert [(feed["taxonomy"], feed["label"], feed["slug"], feed["entries"], feed["shown"]) for feed in feeds] == [
        ("", "", "", 3, 3),
        ("tags", "C++", "c-plus-plus", 3, 3),
        ("tags", "sea", "sea", 3, 3),
    ]
    assert feeds[1]["addresses"] == [
        "https://example.org/tags/c-plus-plus/atom.xml",
        "https://example.org/tags/c-plus-plus/rss.xml",
    ]
    assert feeds[1]["title"] == "Example: C++"
    assert feeds[0]["newest"] == "2024-05-03T10:00:00Z"
    text = feeder("list").stdout
    assert "https://example.org/tags/sea/atom.xml" in text
    assert "Example: sea" in text


def test_explain_says_everything_about_a_post(feeder: Feeder) -> None:
    """`feeder explain POST --json` gives front matter, id, link, instants, terms, problems and feeds."""
    post = json.loads(feeder("explain", "posts/post-2.md", "--json").stdout)
    assert post["file"] == "posts/post-2.md"
    assert post["front_matter"] == {"title": "Post 2", "date": "2024-05-02 10:00:00 +0000", "tags": ["sea", "C++"]}
    assert post["published"] == post["updated"] == "2024-05-02T10:00:00Z"
    assert post["date_source"] == "front matter"
    assert [term["slug"] for term in post["terms"]] == ["sea", "c-plus-plus"]
    assert post["problems"] == []
    assert post["feeds"] == [
        "atom.xml",
        "rss.xml",
        "tags/c-plus-plus/atom.xml",
        "tags/c-plus-plus/rss.xml",
        "tags/sea/atom.xml",
        "tags/sea/rss.xml",
    ]
    text = feeder("explain", "posts/post-2.md").stdout
    assert "2024-05-02T10:00:00Z, from the front matter" in text


def test_explain_says_why_a_post_is_left_out_or_merged(site: Path, feeder: Feeder) -> None:
    """A post without an entry is explained by its problem, a copy by the file that it was merged into."""
    (site / "posts" / "undated.md").write_text("---\ntitle: x\n---\nbody\n")
    post = json.loads(feeder("explain", "posts/undated.md", "--json").stdout)
    assert post["id"] is None
    assert [problem["code"] for problem in post["problems"]] == ["no-date"]
    (site / "posts" / "again").mkdir()
    (site / "posts" / "again" / "post-1.md").write_text(POST.format(title="Post 1", day=1))
    merged = json.loads(feeder("explain", "posts/post-1.md", "--json").stdout)
    assert merged["merged_into"] == "posts/again/post-1.md"
    assert "a copy of" in feeder("explain", "posts/post-1.md").stdout


def test_explain_knows_feeds_by_their_names(feeder: Feeder) -> None:
    """`feeder explain` takes a feed's address, its path, TAXONOMY:LABEL or its label."""
    for name in ("https://example.org/tags/sea/rss.xml", "tags/sea/atom.xml", "tags:sea", "sea"):
        feed = json.loads(feeder("explain", name, "--json").stdout)
        assert feed["slug"] == "sea"
        assert [entry["title"] for entry in feed["shows"]] == ["Post 3", "Post 2", "Post 1"]
    assert "Post 3" in feeder("explain", "site").stdout


def test_every_option_of_the_specification_is_accepted(site: Path, feeder: Feeder) -> None:
    """The options of `build` all work together, but for the two about the cache, which exclude each other."""
    options = [
        "build",
        "posts",
        "--dist",
        "out",
        "--config",
        "feeder.toml",
        "--site-url",
        "https://example.net/blog/",
        "--title",
        "Other",
        "--engine",
        "processes:2",
        "--drafts",
        "--future",
        "--strict",
        "--wait",
        "0.5",
        "--allow-shrink",
        "--quiet",
    ]
    for cache in (["--no-cache"], ["--cache", "c.sqlite3"], []):
        done = feeder(*options, *cache, measured=False)
        assert done.returncode == 0
        assert done.stderr == ""
        assert (site / "c.sqlite3").exists() == (cache[:1] != ["--no-cache"])
    assert (site / ".feeder" / "cache.sqlite3").exists()
    assert b'href="https://example.net/blog/atom.xml" rel="self"' in (site / "out" / "atom.xml").read_bytes()
    assert b"<title>Other</title>" in (site / "out" / "atom.xml").read_bytes()


def test_posts_of_the_future_wait_for_their_time(site: Path, feeder: Feeder) -> None:
    """A post dated after now is left out, is shown with --future, and falls due by itself."""
    (site / "posts" / "later.md").write_text("---\ntitle: Later\ndate: 2026-12-01\n---\nbody\n")
    report = json.loads(feeder("build", "--json").stdout)
    assert [left["code"] for left in report["left_out"]] == ["future"]
    assert json.loads(feeder("build", "--json", "--future").stdout)["entries"] == 4
    assert json.loads(feeder("build", "--json", SOURCE_DATE_EPOCH="1796083200").stdout)["entries"] == 4
    assert feeder("build", SOURCE_DATE_EPOCH="yesterday").returncode == 2


def test_problems_name_file_and_line_and_carry_no_control_characters(site: Path, feeder: Feeder) -> None:
    """A file name with escape sequences is printed escaped, in text and in JSON, and the post is published."""
    name = "evil\x1b[31m\u202egnp.md"
    (site / "posts" / name).write_text('---\ntitle: "bad \\q escape"\ndate: 2024-01-01\n---\nbody\n')
    done = feeder("build")
    assert "posts/evil\\x1b[31m\\u202egnp.md:2: warning[front-matter]: " in done.stderr
    assert "\x1b" not in done.stderr
    assert "\x1b" not in feeder("build", "--json").stdout
    assert "4 entries" in done.stderr


def test_help_and_errors_work_on_a_terminal_that_is_not_utf_8(site: Path, feeder: Feeder) -> None:
    """Under LC_ALL=C and PYTHONUTF8=0 a build with Chinese names neither fails nor prints a traceback."""
    (site / "posts" / "臺灣.md").write_text("---\ntitle: 臺灣\ndate: 01/02/2020\n---\nbody\n", encoding="utf-8")
    for command in (["build"], ["list"], ["explain", "posts/臺灣.md"], ["build", "--json"]):
        done = feeder(*command, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr


def _on_a_terminal(site: Path, *arguments: str, **environment: str) -> str:
    """Run feeder with a pseudo-terminal for its stderr, and return what stood on it."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "feeder", *arguments],
        cwd=site,
        env={**os.environ, "PYTHONPATH": str(TOP), "TERM": "xterm", "COLUMNS": "100", **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        said = b""
        # Linux says EIO where the other side has closed.
        with contextlib.suppress(OSError):
            while data := os.read(ours, 4096):
                said += data
        os.close(ours)
        assert process.wait() == 0
    return said.decode()


def test_a_terminal_shows_a_bar_for_every_stage(site: Path) -> None:
    """On a terminal a bar counts what is read and rendered; problems stand on lines of their own."""
    (site / "posts" / "bad.md").write_text('---\ntitle: "a \\q b"\ndate: 2024-01-01\n---\nbody\n')
    said = _on_a_terminal(site, "build")
    for stage in ("reading", "rendering"):
        assert stage in said
    assert re.search(r"^(?:\x1b\[[?0-9;]*[a-zA-Z]|\r)*posts/bad\.md:2: warning", said, re.MULTILINE)
    assert "4 posts read" in said


def test_colours_and_bars_can_be_done_without(site: Path) -> None:
    """NO_COLOR takes the colours away, a dumb terminal and --quiet the bar as well."""
    assert "\x1b[3" not in _on_a_terminal(site, "build", NO_COLOR="1")
    assert "reading" not in _on_a_terminal(site, "build", TERM="dumb")
    assert _on_a_terminal(site, "build", "--quiet") == ""


def test_the_version_is_told(feeder: Feeder) -> None:
    """`feeder --version` prints name and version."""
    assert re.fullmatch(r"feeder \d+\.\d+\.\d+\n", feeder("--version").stdout)


def test_a_reader_that_goes_away_is_no_error(site: Path) -> None:
    """`feeder list | head -0` ends quietly."""
    script = f"{sys.executable} -m feeder list --json | true"
    environment = {**os.environ, "PYTHONPATH": str(TOP)}
    done = subprocess.run(["sh", "-c", script], cwd=site, env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_a_failure_of_feeder_itself_is_a_sentence(site: Path, feeder: Feeder) -> None:
    """What nobody foresaw ends with 70 and a sentence; FEEDER_DEBUG=1 shows where it came from."""
    broken = site / "sitecustomize.py"
    broken.write_text("import os\nif os.environ.get('BREAK'):\n    os.scandir = None\n")
    done = feeder("build", PYTHONPATH=f"{TOP}:{site}", BREAK="1", measured=False)
    assert done.returncode == 70
    assert done.stderr.startswith("feeder: feeder failed (TypeError: ")
    assert (
        "Traceback" in feeder("build", PYTHONPATH=f"{TOP}:{site}", BREAK="1", FEEDER_DEBUG="1", measured=False).stderr
    )


def test_a_cache_is_kept_beside_the_configuration(site: Path, feeder: Feeder) -> None:
    """A build keeps its cache in .feeder beside the configuration, wherever it runs, and says nothing of it."""
    assert feeder("build", "--config", str(site / "feeder.toml")).stderr.count("\n") == 2
    assert (site / ".feeder" / "cache.sqlite3").is_file()
    feeder("build")
    assert (site / ".feeder" / ".gitignore").read_text() == "*\n"
    again = json.loads(feeder("build", "--json").stdout)
    assert (again["rendered"], len(again["feeds"]["unchanged"])) == (0, 8)
    (site / "posts" / "post-1.md").write_text(POST.format(title="Other", day=1))
    assert json.loads(feeder("build", "--json").stdout)["rendered"] == 1


def test_the_cache_is_asked_for_or_done_without(site: Path, feeder: Feeder) -> None:
    """`--cache FILE` keeps the cache there, `--no-cache` nowhere; both together are a mistake, in every command."""
    assert feeder("build", "--no-cache").returncode == 0
    assert not (site / ".feeder").exists()
    assert feeder("build", "--cache", "kept/here.db").returncode == 0
    assert (site / "kept" / "here.db").is_file()
    assert not (site / ".feeder").exists()
    for command in (["build"], ["list"], ["explain", "site"]):
        done = feeder(*command, "--cache", "c", "--no-cache")
        assert done.returncode == 2
        assert done.stderr == "feeder: --cache and --no-cache exclude each other: give one of them\n"
        assert not (site / "c").exists()


def test_list_and_explain_write_nothing(site: Path, feeder: Feeder) -> None:
    """Whoever lists or explains changes neither dist nor the cache, whether there is one or not."""
    for command in (["list"], ["explain", "site"], ["explain", "posts/post-1.md"]):
        assert feeder(*command).returncode == 0
    assert sorted(os.listdir(site)) == ["feeder.toml", "posts"]
    feeder("build")
    (site / "posts" / "post-1.md").write_text(POST.format(title="Other", day=1))

    def files() -> dict[Path, tuple[int, int]]:
        return {file: (file.stat().st_mtime_ns, file.stat().st_ino) for file in site.rglob("*") if file.is_file()}

    before = files()
    for command in (["list"], ["explain", "site"], ["explain", "posts/post-1.md"]):
        assert "Other" in feeder(*command, "--json").stdout or command == ["list"]
    assert files() == before


def test_a_cache_that_cannot_be_used_costs_a_warning(site: Path, feeder: Feeder) -> None:
    """A cache that is damaged is named on stderr with what becomes of it, and the build goes on."""
    feeder("build")
    (site / ".feeder" / "cache.sqlite3").write_bytes(b"no database at all")
    done = feeder("build")
    assert done.returncode == 0
    (said,) = [line for line in done.stderr.splitlines() if "cache" in line]
    assert re.fullmatch(
        r"\.feeder/cache\.sqlite3: warning\[cache\]: this cache cannot be used \(.+\), so it is .+", said
    )
    assert "0 written, 8 unchanged" in done.stderr
    assert "warning" not in feeder("build").stderr
