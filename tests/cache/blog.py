"""A small site for tests of builds that follow each other: posts that come, change and go, and what each build did."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import feeder
from feeder.config.slices import Configuration
from feeder.model.problem import Problem
from feeder.pipeline import Publication, build
from feeder.report import Report

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(slots=True)
class Witness:
    """An observer that keeps what it is told: the totals of each stage, and every problem."""

    stages: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def progress(self, stage: str, done: int, total: int) -> None:
        """Keep how many there are of a stage."""
        assert 1 <= done <= total
        self.stages[stage] = total

    def problem(self, problem: Problem) -> None:
        """Keep a problem."""
        self.problems.append(problem)


@dataclass(slots=True)
class Blog:
    """A site in `folder`: `posts/`, `feeder.toml`, `dist/` and the cache, which are made as they are needed.

    It has `pages` where a test is about them: all others say what feeds there are.
    """

    folder: Path
    now: datetime = NOW
    settings: str = ""
    title: str = "A blog"
    witness: Witness = field(default_factory=Witness)
    pages: bool = False

    @property
    def cache(self) -> Path:
        """The cache's file."""
        return self.folder / ".feeder" / "cache.sqlite3"

    @property
    def dist(self) -> Path:
        """The folder that is published into."""
        return self.folder / "dist"

    def post(self, path: str, body: str = "A body.", **front: str) -> Path:
        """Write the post `path`; without `date` it is of May 1st, 2024, and its title is its path."""
        file = self.folder / "posts" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = {"title": path, "date": "2024-05-01 10:00:00", **front}
        text = "".join(f"{key}: {value}\n" for key, value in lines.items())
        file.write_text(f"---\n{text}---\n{body}\n", encoding="utf-8")
        return file

    def delete(self, path: str) -> None:
        """Delete the post `path`."""
        (self.folder / "posts" / path).unlink()

    def touch(self) -> None:
        """Give every post another time of change, as a checkout does."""
        for file in (self.folder / "posts").rglob("*.md"):
            os.utime(file, ns=(1, file.stat().st_mtime_ns + 1_000_000_000))

    def disturb(self) -> None:
        """Give the cache another time of change, as whoever copies or restores it does: its rows are looked at then."""
        os.utime(self.cache, ns=(1, 1))

    def load(self, now: datetime | None = None, **options: object) -> Configuration:
        """Return the site's configuration."""
        config = self.folder / "feeder.toml"
        config.write_text(f'[site]\nurl = "https://example.org"\ntitle = "{self.title}"\n{self.settings}')
        roots = (str(self.folder / "posts"),)
        given = feeder.Options(roots, str(config), str(self.dist), **options)  # type: ignore[arg-type]
        site = feeder.load_site(given, now or self.now)
        feeds, content = replace(site.feeds, pages=self.pages), replace(site.content, pages=self.pages)
        return replace(site, feeds=feeds, content=content)

    def build(self, *, cached: bool = True, dist: str = "", now: datetime | None = None, **options: object) -> Report:
        """Build the site; what the observer was told is in `witness`."""
        self.witness = Witness()
        publication = Publication(
            dist or str(self.dist),
            cache=str(self.cache) if cached else "",
            **options,  # type: ignore[arg-type]
        )
        return build(self.load(now), publication, self.witness)

    def documents(self, dist: str = "") -> dict[str, bytes]:
        """Return the documents in `dist` by their paths."""
        top = Path(dist) if dist else self.dist
        files = [*top.rglob("*.xml"), *top.rglob("feed.json"), *top.rglob("index.html"), *top.glob("feeds.*")]
        return {str(file.relative_to(top)): file.read_bytes() for file in sorted(files)}

    def fresh(self, now: datetime | None = None) -> tuple[Report, dict[str, bytes]]:
        """Return what a build gives that knows nothing of any before it, in a folder of its own: with what it wrote."""
        number = sum(1 for _ in self.folder.glob("fresh-*"))
        dist = str(self.folder / f"fresh-{number}")
        report = self.build(cached=False, dist=dist, now=now)
        return report, self.documents(dist)

    def looks(self) -> dict[str, tuple[int, int, int]]:
        """Return how every file of dist and the cache looks from outside: it differs where one was written."""
        files = [file for top in (self.dist, self.cache.parent) for file in top.rglob("*") if file.is_file()]
        status = {str(file.relative_to(self.folder)): file.stat() for file in files}
        return {name: (one.st_ino, one.st_mtime_ns, one.st_size) for name, one in status.items()}


def said(report: Report) -> dict[str, object]:
    """Return what `report` says of the site, whatever was done for it: equal for equal posts.

    What it says of the cache, and of files that somebody else left in dist, is no part of that.
    """
    return {
        "posts": report.posts,
        "entries": report.entries,
        "merged": report.merged,
        "left_out": report.left_out,
        "problems": tuple(
            problem for problem in report.problems if problem.code not in {"cache", "manifest", "not-ours"}
        ),
        "other_files": report.other_files,
        "cut": report.cut,
    }
