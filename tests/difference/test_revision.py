"""What git is asked, and what it cannot be made to do (issue 4, `feeder diff --against git:REV[:DIR]`)."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from feeder.difference.revision import Revision
from feeder.errors import InputOutputError, UsageError


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a repository with one commit."""
    folder = tmp_path / "repository"
    (folder / "dist" / "tags").mkdir(parents=True)
    (folder / "dist" / "atom.xml").write_bytes(b"<feed/>\n\n")
    (folder / "dist" / "tags" / "\u96fe\t\n.xml").write_bytes(b"")
    (folder / "dist" / "linked.xml").symlink_to("atom.xml")
    (folder / "distant.xml").write_bytes(b"elsewhere")
    monkeypatch.chdir(folder)
    _git("init", "--quiet")
    _git("add", ".")
    _git("commit", "--quiet", "--message", "one")
    return folder


def _git(*arguments: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("place", [None, "dist", "dist/", "./dist", "dist/tags/.."])
def test_the_files_of_a_folder(place: str | None) -> None:
    """Regular files alone are there, whatever their names, each with its own bytes; what is not there is None."""
    with Revision("HEAD", place, "dist") as tree:
        assert sorted(tree.paths()) == ["atom.xml", "tags/\u96fe\t\n.xml"]
        assert tree.read("tags/\u96fe\t\n.xml") == b""
        assert tree.read("atom.xml") == b"<feed/>\n\n"
        assert tree.read("linked.xml") is None
        assert tree.read("../distant.xml") is None


def test_it_is_read_from_anywhere_in_the_repository(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the top, dist is where it stands from the current folder, and a folder that is named is the top's."""
    monkeypatch.chdir(repository / "dist")
    for place, dist in ((None, "."), ("dist", "x")):
        with Revision("HEAD", place, dist) as tree:
            assert "atom.xml" in tree.paths()
    with Revision("HEAD", ".", "x") as tree:
        assert "distant.xml" in tree.paths()


@pytest.mark.parametrize(
    ("revision", "place"),
    [
        ("--output=owned", None),
        ("-x", None),
        ("--all", None),
        ("HEAD;touch owned", None),
        ("$(touch owned)", None),
        ("`touch owned`", None),
        ("HEAD\ntouch owned", None),
        ("HEAD..HEAD", None),
        ("^HEAD", None),
        ("HEAD^{tree}", None),
        ("", None),
        ("@{-1}", None),
        ("nowhere", None),
        ("\x1b[31m", None),
        ("\0", None),
        ("\udcff", None),
        ("x" * 5000, None),
        ("HEAD", "nowhere"),
        ("HEAD", "dist/atom.xml"),
        ("HEAD", "dis"),
        ("HEAD", "../repository/dist"),
        ("HEAD", ":(glob)dist"),
        ("HEAD", "--output=owned"),
        ("HEAD", "di*"),
        ("HEAD", "dist\0"),
    ],
)
def test_what_names_nothing(repository: Path, revision: str, place: str | None) -> None:
    """What is no commit, or no folder in one, is a sentence that can be printed, and nothing else happens."""
    before = sorted(path.name for path in repository.iterdir())
    with pytest.raises(UsageError) as found, Revision(revision, place, "dist"):
        pass
    assert "\n" not in str(found.value)
    assert "\x1b" not in str(found.value)
    assert sorted(path.name for path in repository.iterdir()) == before


def test_a_repository_without_a_work_tree(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There the folder has to be named."""
    _git("clone", "--quiet", "--bare", str(repository), str(tmp_path / "bare"))
    monkeypatch.chdir(tmp_path / "bare")
    with pytest.raises(UsageError, match="no work tree"), Revision("HEAD", None, "dist"):
        pass
    with Revision("HEAD", "dist", "dist") as tree:
        assert tree.read("atom.xml") == b"<feed/>\n\n"


def test_a_clone_that_is_not_whole(repository: Path) -> None:
    """An object that is missing is an error of reading, in a sentence."""
    for file in (repository / ".git" / "objects").rglob("*"):
        if file.is_file():
            kind = subprocess.run(
                ["git", "cat-file", "-t", f"{file.parent.name}{file.name}"], check=False, capture_output=True
            )
            if kind.stdout == b"blob\n":
                file.unlink()
    with Revision("HEAD", None, "dist") as tree, pytest.raises(InputOutputError, match="is the clone whole"):
        tree.read("atom.xml")
