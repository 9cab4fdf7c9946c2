"""Finding the posts (SPEC §1)."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.collect.walk import MAX_BYTES, Walked, fingerprint, runs, walk
from feeder.config.slices import WalkRules
from feeder.errors import InputOutputError
from feeder.model.problem import Level
from feeder.model.source import Run, Source
from tests.lacking import lacking

NOBODY = 65_534


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, empty."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@contextmanager
def unprivileged() -> Iterator[None]:
    """Be nobody for a while, where the tests run as root, whom no permission stops."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def write(*names: str) -> None:
    """Make files of these names."""
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")


def named(*roots: str, drafts: bool = False, exclude: tuple[str, ...] = (), output: str = "dist") -> Walked:
    """Walk roots that the user named."""
    return walk(WalkRules("", roots, True, exclude, drafts, output))


def found(*roots: str, exclude: tuple[str, ...] = (), folder: str = "") -> Walked:
    """Walk roots that nobody named."""
    return walk(WalkRules(folder, roots, False, exclude))


def paths(walked: Walked) -> list[str]:
    """Return the files that were found."""
    return [source.file for source in walked.sources]


@pytest.mark.usefixtures("site")
def test_posts() -> None:
    """Files with a post's suffix are found at any depth, ordered by path, whatever the listing's order."""
    write(
        *(
            f"posts/{name}"
            for name in ("b.md", "a/z.markdown", "a/b/c/d.mkd", "E.HTML", "f.htm", "g.txt", "h.md.bak", "md")
        )
    )
    walked = named("posts")
    assert paths(walked) == ["posts/E.HTML", "posts/a/b/c/d.mkd", "posts/a/z.markdown", "posts/b.md", "posts/f.htm"]
    assert (walked.left_out, walked.problems, walked.barren) == ((), (), ())


@pytest.mark.usefixtures("site")
def test_the_order_of_paths() -> None:
    """The order is that of the whole paths, whatever characters folders' names end in or go on with."""
    names = [f"a{end}/{name}.md" for end in ("", "-", ".", "0", " ", "é", ".html") for name in ("a", "b", "a/b", "~")]
    names += [f"a{end}.md" for end in ("", "-", ".", "0", " ", "é", "/../b")]
    write(*(f"posts/{name}" for name in names), *(f"archived/{name}" for name in names))
    for roots in (("posts",), ("posts", "archived")):
        sources = named(*roots).sources
        assert len(sources) == len(names) * len(roots)
        assert list(sources) == sorted(sources, key=lambda source: (source.path, source.root))


@pytest.mark.usefixtures("site")
def test_the_output_below_a_folder() -> None:
    """The output is passed over wherever it lies below a root, and nothing else of its name."""
    write("posts/a/dist/b.md", "posts/dist/c.md", "posts/a/d.md")
    Path("here").symlink_to("posts")
    assert paths(named("posts", output="posts/a/dist")) == ["posts/a/d.md", "posts/dist/c.md"]
    assert paths(named("here", output="posts/a/dist")) == ["here/a/d.md", "here/dist/c.md"]


def test_fingerprints() -> None:
    """Equal sources in equal order have one fingerprint, and whatever differs gives another."""
    one = Source("posts", "a.md", 1, 2, (), False)
    others = [
        Source("post", "sa.md", 1, 2, (), False),
        Source("posts", "b.md", 1, 2, (), False),
        Source("posts", "a.md", 2, 2, (), False),
        Source("posts", "a.md", 1, 2**64 - 1, (), False),
        Source("posts", "a.md", 1, -2, (), False),
        Source("posts", "a.md", 1, 2, ("x",), False),
        Source("posts", "a.md", 1, 2, (), True),
        Source("posts", os.fsdecode(b"\xff.md"), 1, 2, (), False),
    ]
    sequences = [(), (one,), *((one, other) for other in others), *((other, one) for other in others)]
    sequences += [(one,) * 4_096, (one,) * 4_097, (one,) * 8_192, (*others, one), (one, *others)]
    found = [fingerprint(sources) for sources in sequences]
    assert len(set(found)) == len(found)
    assert found == [fingerprint(iter(sources)) for sources in sequences]
    assert {len(digest) for digest in found} == {16}


def _sources(names: Iterable[str], root: str = "posts") -> list[Source]:
    return [Source(root, name, 1, 2) for name in sorted(names)]


def test_runs_cover_all_files_once() -> None:
    """The runs are the walk's files in their order, none is long, and each holds all between its bounds."""
    sources = sorted(
        _sources(f"{number:05}.md" for number in range(3_000))
        + _sources((f"{number:05}.md" for number in range(0, 3_000, 7)), "other"),
        key=lambda source: (source.path, source.root),
    )
    found = runs(sources, ())
    assert [source for run in found for source in run.sources] == sources
    assert max(len(run.sources) for run in found) <= 1_200
    assert [run.low for run in found] == ["", *(run.high for run in found[:-1])]
    assert found[-1].high == ""
    for run in found:
        assert all(run.low <= source.path and (source.path < run.high or not run.high) for source in run.sources)


@given(
    st.sets(st.text("ab", max_size=4), max_size=30),
    st.sets(st.text("ab", max_size=4), max_size=5),
    st.text("ab", min_size=1, max_size=4),
)
def test_a_new_file_changes_one_run(names: set[str], bounds: set[str], new: str) -> None:
    """With the bounds of the time before, a file that comes or goes changes the run it is in, and no other."""
    before = runs(_sources(names - {new}), bounds)
    after = runs(_sources(names | {new}), [run.low for run in before])
    assert [run.low for run in after] == [run.low for run in before] == sorted({"", *bounds})
    changed = [two.low for one, two in zip(before, after, strict=True) if one.sources != two.sources]
    assert changed == [max(run.low for run in after if run.low <= new)]


def test_names_that_are_no_text_are_one_run() -> None:
    """Where a name is not UTF-8 its place among the others is not the same for everybody: so nothing is parted."""
    sources = _sources(["a.md", os.fsdecode(b"\xff.md"), "\U0001f600.md"])
    assert runs(sources, ("b", "c")) == [Run("", "", sources)]


@pytest.mark.usefixtures("site")
def test_what_is_known_of_a_post() -> None:
    """A source holds the root as it was named, the path below it, size and time."""
    write("posts/a/b.md")
    os.utime("posts/a/b.md", ns=(1, 1_600_000_000_123_456_789))
    (source,) = named("posts/").sources
    assert (source.root, source.path, source.file) == ("posts/", "a/b.md", "posts/a/b.md")
    assert (source.size, source.mtime) == (1, 1_600_000_000_123_456_789)
    assert (source.folders, source.excluded) == ((), False)


@pytest.mark.usefixtures("site")
def test_hidden() -> None:
    """Hidden files and folders are skipped."""
    write("posts/.a.md", "posts/.git/b.md", "posts/c.md")
    assert paths(named("posts")) == ["posts/c.md"]


@pytest.mark.usefixtures("site")
def test_drafts() -> None:
    """`_drafts` is skipped unless drafts are asked for."""
    write("posts/_drafts/a.md", "posts/b.md")
    assert paths(named("posts")) == ["posts/b.md"]
    assert paths(named("posts", drafts=True)) == ["posts/_drafts/a.md", "posts/b.md"]


@pytest.mark.usefixtures("site")
def test_several_roots() -> None:
    """A post is found once, however many roots lead to it, and no root is barren for that."""
    write("posts/a.md", "posts/b/c.md", "archived/a.md")
    walked = named("posts", "archived", "posts", "posts/b", "./posts/")
    assert paths(walked) == ["archived/a.md", "posts/a.md", "posts/b/c.md"]
    assert walked.barren == ()


@pytest.mark.usefixtures("site")
def test_the_current_folder_as_root() -> None:
    """The current folder may be a root; the output below it is no post."""
    write("a.md", "dist/index.html", "out/index.html")
    assert paths(named(".")) == ["a.md", "out/index.html"]
    assert paths(named(".", output="out")) == ["a.md", "dist/index.html"]


@pytest.mark.usefixtures("site")
def test_roots_that_give_nothing() -> None:
    """Of every named root that gives no post it is said why."""
    write("posts/a.md", "file", "other/a.txt")
    Path("empty").mkdir()
    walked = named("posts", "none", "file", "empty", "other", "\x1b[1m")
    assert [message.partition("' ")[2].split(" (")[0] for message in walked.barren] == [
        "does not exist",
        "is no folder",
        "holds no posts",
        "holds no posts",
        "does not exist",
    ]
    assert "\x1b" not in "".join(walked.barren)


@pytest.mark.usefixtures("site")
def test_found_roots_that_give_nothing() -> None:
    """Of roots that nobody named one may be empty, but not all."""
    write("_posts/a.md")
    Path("b/_posts").mkdir(parents=True)
    assert found("_posts", "b/_posts").barren == ()
    assert found("b/_posts").barren == ("the posts folder 'b/_posts' holds no posts (.md .markdown .mkd .html .htm)",)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("folder", "root", "folders"),
    [
        ("", "_posts", ()),
        ("", "news/_posts", ("news",)),
        ("", "news/world/_posts", ("news", "world")),
        ("site", "site/news/_posts", ("news",)),
        ("site", "site/posts", ()),
    ],
)
def test_folders_are_categories(folder: str, root: str, folders: tuple[str, ...]) -> None:
    """A folder between the configuration's and a `_posts` that was found is a category; folders below it are none."""
    write(f"{root}/2020/a.md")
    assert [source.folders for source in found(root, folder=folder).sources] == [folders]
    assert [source.folders for source in named(root).sources] == [()]


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("pattern", "excluded"),
    [
        ("old", ["old/_posts/a.md"]),
        ("old/", ["old/_posts/a.md"]),
        ("/old/_posts", ["old/_posts/a.md"]),
        ("old/_posts/a.md", ["old/_posts/a.md"]),
        ("*/_posts/a.md", ["new/_posts/a.md", "old/_posts/a.md"]),
        ("ol", []),
        ("[", []),
    ],
)
def test_exclude(pattern: str, excluded: list[str]) -> None:
    """Paths and patterns of the configuration leave out of found roots; of named ones they say that it has no page."""
    write("old/_posts/a.md", "new/_posts/a.md", "new/_posts/b.md")
    everything = ["new/_posts/a.md", "new/_posts/b.md", "old/_posts/a.md"]
    roots = ("old/_posts", "new/_posts")
    walked = found(*roots, exclude=(pattern,))
    assert sorted(paths(walked)) == [path for path in everything if path not in excluded]
    kept = named(*roots, exclude=(pattern,))
    assert sorted(paths(kept)) == everything
    assert sorted(source.file for source in kept.sources if source.excluded) == excluded


@pytest.mark.usefixtures("site")
def test_nothing_but_excluded() -> None:
    """A site whose posts are all excluded has no posts, and that is said by who counts them."""
    write("old/_posts/a.md")
    assert found("old/_posts", exclude=("old",)).sources == ()


def fifo(path: Path) -> None:
    """Make a FIFO."""
    os.mkfifo(path)


def sock(path: Path) -> None:
    """Make a socket."""
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(path.parent)
        try:
            server.bind(path.name)
        finally:
            os.chdir(here)


def device_link(path: Path) -> None:
    """Make a link to a file without end."""
    path.symlink_to("/dev/zero")


def file_link(path: Path) -> None:
    """Make a link to a post."""
    write("real.md")
    path.symlink_to(Path("real.md").absolute())


def folder_link(path: Path) -> None:
    """Make a link to a folder of posts."""
    write("elsewhere/a.md")
    path.symlink_to(Path("elsewhere").absolute())


def loop(path: Path) -> None:
    """Make a link to its own folder."""
    path.symlink_to(".")


def dangling(path: Path) -> None:
    """Make a link to nothing."""
    path.symlink_to("nothing")


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (fifo, "a FIFO"),
        (sock, "a socket"),
        (device_link, "a symbolic link"),
        (file_link, "a symbolic link"),
        (folder_link, "a symbolic link"),
        (loop, "a symbolic link"),
        (dangling, "a symbolic link"),
    ],
)
def test_only_regular_files(make: Callable[[Path], None], kind: str) -> None:
    """A link, a FIFO or a socket is reported and skipped: as a post that is left out where it is called like one."""
    write("posts/a.md")
    make(Path("posts/b.md"))
    make(Path("posts/other"))
    walked = named("posts")
    assert paths(walked) == ["posts/a.md"]
    (left,) = walked.left_out
    assert (left.reason.file, left.reason.level, left.reason.code) == ("posts/b.md", Level.ERROR, "not-a-file")
    assert kind in left.reason.message
    (problem,) = walked.problems
    assert (problem.file, problem.level, problem.code) == ("posts/other", Level.WARNING, "not-a-file")
    assert kind in problem.message


@pytest.mark.usefixtures("site")
def test_a_device() -> None:
    """A device is reported and skipped."""
    Path("posts").mkdir()
    try:
        os.mknod("posts/zero.md", 0o20666, os.makedev(1, 5))
    except OSError:
        lacking("only root makes devices")
    (left,) = named("posts").left_out
    assert "a device" in left.reason.message


@pytest.mark.usefixtures("site")
def test_a_root_may_be_a_link() -> None:
    """The root itself may be a link: it was named."""
    write("real/a.md")
    Path("posts").symlink_to("real")
    assert paths(named("posts")) == ["posts/a.md"]


@pytest.mark.usefixtures("site")
def test_size() -> None:
    """A file of 10 MB is a post, and one of a byte more is reported and skipped."""
    write("posts/a.md", "posts/b.md")
    os.truncate("posts/a.md", MAX_BYTES)
    os.truncate("posts/b.md", MAX_BYTES + 1)
    walked = named("posts")
    assert paths(walked) == ["posts/a.md"]
    (left,) = walked.left_out
    assert (left.reason.code, left.reason.file) == ("too-big", "posts/b.md")
    assert "10,000,001" in left.reason.message


@pytest.mark.usefixtures("site")
def test_left_out_and_problems_are_in_order() -> None:
    """What is left out and what is reported is ordered by path."""
    write("posts/ok.md")
    for name in ("posts/z.md", "posts/b.md", "posts/y", "posts/c"):
        os.mkfifo(name)
    walked = named("posts")
    assert [left.source.path for left in walked.left_out] == ["b.md", "z.md"]
    assert [problem.file for problem in walked.problems] == ["posts/c", "posts/y"]


def test_a_folder_that_cannot_be_read(site: Path) -> None:
    """A folder that cannot be read is reported, and so is one whose files cannot be looked at; the others are read."""
    write("posts/a.md", "posts/closed/b.md", "posts/listed/c.md")
    site.chmod(0o755)
    Path("posts/closed").chmod(0o000)
    Path("posts/listed").chmod(0o744 if os.geteuid() == 0 else 0o444)
    try:
        with unprivileged():
            walked = named("posts")
    finally:
        Path("posts/closed").chmod(0o755)
        Path("posts/listed").chmod(0o755)
    assert paths(walked) == ["posts/a.md"]
    assert [(problem.file, problem.level, problem.code) for problem in walked.problems] == [
        ("posts/closed", Level.ERROR, "unreadable"),
        ("posts/listed/c.md", Level.ERROR, "unreadable"),
    ]


@pytest.mark.usefixtures("site")
def test_a_root_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A root that cannot be read ends the build: nothing would be known of its posts."""
    write("posts/a.md")

    def fails(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", fails)
    with pytest.raises(InputOutputError, match="'posts' cannot be read: Permission denied"):
        named("posts")


@pytest.mark.usefixtures("site")
def test_a_file_system_that_does_not_say_what_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a listing does not say what something is, and asking fails, that is reported as of a file."""
    write("posts/a.md", "posts/b")

    class Entry:
        def __init__(self, name: str) -> None:
            self.name = name

        def stat(self, *, follow_symlinks: bool) -> bool:
            raise PermissionError(13, "Permission denied", follow_symlinks)

        is_dir = is_file = stat

    class Listing:
        def __init__(self, path: str) -> None:
            self.path = path

        def __enter__(self) -> list[Entry]:
            return [Entry("b"), Entry("a.md")]

        def __exit__(self, *_: object) -> None:
            return

    monkeypatch.setattr(os, "scandir", Listing)
    walked = named("posts")
    assert walked.sources == ()
    assert [(problem.file, problem.code) for problem in walked.problems] == [
        ("posts/a.md", "unreadable"),
        ("posts/b", "unreadable"),
    ]


@pytest.mark.usefixtures("site")
def test_removed_while_walking(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is removed while its folder is walked is no post and no problem."""
    write("posts/a.md", "posts/b.md")
    scan = os.scandir

    class Listing:
        def __init__(self, path: str) -> None:
            with scan(path) as entries:
                self.entries = sorted(entries, key=lambda entry: entry.name)
            Path("posts/a.md").unlink(missing_ok=True)

        def __enter__(self) -> list[os.DirEntry[str]]:
            return self.entries

        def __exit__(self, *_: object) -> None:
            return

    monkeypatch.setattr(os, "scandir", Listing)
    walked = named("posts")
    assert (paths(walked), walked.problems) == (["posts/b.md"], ())


@pytest.mark.usefixtures("site")
def test_names_that_are_no_utf_8() -> None:
    """A file whose name is no UTF-8 is found."""
    name = os.fsdecode(b"posts/caf\xe9.md")
    try:
        write(name)
    except OSError:
        lacking("this file system takes UTF-8 names only")
    assert paths(named("posts")) == [name]
