"""A blog in a git repository, whose posts carry a number that nothing which happens to them takes away."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

CONFIG = """[site]
url = "{url}"
id = "https://blog.example.org"
title = "A blog"
[posts]
permalink = "/:year/:month/:day/:title/"
updated = "content"
[feeds]
limit = 1000
"""
_NAMED = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


@dataclass(frozen=True)
class Commit:
    """A commit, and what subscribers ought to see of it: the numbers of posts that are new, edited and gone."""

    name: str
    message: str
    new: frozenset[int] = frozenset()
    edited: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()


@dataclass
class Repository:
    """The repository in `folder`: `paths` are the posts that are there, by their numbers."""

    folder: Path
    paths: dict[int, str] = field(default_factory=dict)
    commits: list[Commit] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "posts").mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("config", "core.autocrlf", "false")
        self.configure("https://blog.example.org")

    def git(self, *words: str) -> str:
        """Run git, and return what it says."""
        done = subprocess.run(
            ("git", *words), cwd=self.folder, env={**os.environ, **_NAMED}, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(
        self, message: str, *, new: Iterable[int] = (), edited: Iterable[int] = (), gone: Iterable[int] = ()
    ) -> None:
        """Commit all that happened, with what subscribers ought to see of it."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        self.note(message, new=new, edited=edited, gone=gone)

    def note(
        self, message: str, *, new: Iterable[int] = (), edited: Iterable[int] = (), gone: Iterable[int] = ()
    ) -> None:
        """Take the last commit for one of the history."""
        name = self.git("rev-parse", "HEAD")
        self.commits.append(Commit(name, message, frozenset(new), frozenset(edited), frozenset(gone)))

    def configure(self, url: str) -> None:
        """Let the site have the address `url`."""
        (self.folder / "feeder.toml").write_text(CONFIG.format(url=url), encoding="utf-8")

    # -- what happens to posts

    def write(self, number: int, path: str, text: str) -> None:
        """Write a post, with its number at the end of its body."""
        place = self._place(path)
        place.write_text(f"{text.rstrip()}\n\nReference {number}.\n", encoding="utf-8")
        self.paths[number] = path

    def post(self, number: int, path: str, body: str, **front: str) -> None:
        """Write a post with such front matter."""
        lines = "".join(f"{key}: {value}\n" for key, value in front.items())
        self.write(number, path, f"---\n{lines}---\n{body}")

    def rename(self, number: int, path: str) -> None:
        """Move a post to another name, or another folder."""
        os.rename(self.folder / self.paths[number], self._place(path))
        self.paths[number] = path

    def delete(self, number: int) -> None:
        """Remove a post."""
        (self.folder / self.paths.pop(number)).unlink()

    def change(self, number: int, pattern: str, new: str) -> None:
        """Put `new` in place of the first that `pattern` finds in a post's file."""
        place = self.folder / self.paths[number]
        text, count = re.subn(pattern, lambda _: new, place.read_bytes().decode(), count=1, flags=re.MULTILINE)
        assert count == 1, (place, pattern)
        place.write_bytes(text.encode())

    def retitle(self, number: int, title: str) -> None:
        """Give a post another title."""
        self.change(number, r"^title:.*$", f'title: "{title}"')

    def redate(self, number: int, date: str) -> None:
        """Give a post another date."""
        self.change(number, r"^date:.*$", f"date: {date}")

    def edit(self, number: int, sentence: str) -> None:
        """Put a sentence at the end of a post's body."""
        self.change(number, rf"^Reference {number}\.$", f"{sentence}\n\nReference {number}.")

    def _place(self, path: str) -> Path:
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        assert not place.exists()
        return place


def begun(folder: Path, posts: Mapping[str, str]) -> Repository:
    """Return a repository in `folder` whose first commit holds `posts`, by their names."""
    repository = Repository(folder)
    for number, (name, text) in enumerate(posts.items()):
        repository.write(number, f"posts/{name}", text)
    repository.commit("Begin", new=range(len(posts)))
    return repository
