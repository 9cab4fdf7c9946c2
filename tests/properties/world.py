"""A small site whose files, settings, cache and dist can be changed at will, and what has to be true of its next build.

The judge is a build from nothing: without cache, into an empty folder that knows nothing but the slugs once given.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from feeder.cache import posts as cached_posts
from feeder.config.load import load
from feeder.config.settings import Options
from feeder.config.slices import Configuration
from feeder.errors import FeederError
from feeder.explain import ExplainedPost, ListedFeed, Look, explain_post, list_feeds
from feeder.model.ledger import Movement
from feeder.model.page import FOR_PEOPLE
from feeder.model.problem import Problem
from feeder.pipeline import Publication, Reposting, Shrinking, Silent, build
from feeder.report import Report
from feeder.write.manifest import NAME, parse
from tests.properties.configuration import toml, yaml
from tests.properties.ending import End, end_early
from tests.properties.ledger import Edit, edited
from tests.properties.tree import Tree, compare_trees, digests, given_slugs, looks, obstacles, remove, tree_of, visible
from tests.properties.verdict import Outcome, about_posts, compare_changes, compare_reports, judge_feeds

Answer = TypeVar("Answer")

NOW = datetime(2024, 6, 1, tzinfo=UTC)
FOUND = "_posts"
BELOW = "news/_posts"
OTHER = "one"
ROOTS = (FOUND, BELOW, OTHER)
NAMED: Mapping[str, object] = {"posts.roots": list(ROOTS)}
LONG = "Long. "
"""A body that is written many times over."""

_LONG = 400
_FIRST_TIME = 1_700_000_000 * 10**9


@dataclass(frozen=True)
class Post:
    """A post as it is written; `other` are further lines of front matter, `raw` stands for all of it."""

    date: str = "2024-01-01 10:00:00 +0000"
    title: str = ""
    body: str = "A body.\n"
    id: str = ""
    origin: str = ""
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    enclosure: str = ""
    other: str = ""
    raw: bytes | None = None

    def data(self) -> bytes:
        """Return its file's bytes."""
        if self.raw is not None:
            return self.raw
        pairs = {"date": self.date, "title": self.title, "id": self.id, "from": self.origin}
        lists = {"tags": self.tags, "categories": self.categories, "authors": self.authors}
        lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in pairs.items() if value]
        lines += [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in lists.items() if value]
        lines += [f"enclosure: {self.enclosure}"] if self.enclosure else []
        lines += [self.other] if self.other else []
        body = self.body * _LONG if self.body == LONG else self.body
        return "\n".join(("---", *lines, "---", body)).encode()


class Memory(Silent):
    """An observer that remembers the problems it was told of."""

    def __init__(self) -> None:
        self.told: list[Problem] = []

    def problem(self, problem: Problem) -> None:
        """Remember."""
        self.told.append(problem)


@dataclass
class World:
    """A site in `folder`, its settings (by table and key), the time, and where it is published."""

    folder: Path
    settings: dict[str, object] = field(default_factory=lambda: {"feeds.limit": 4, **NAMED})
    now: datetime = NOW
    dist_name: str = "dist"
    builds: int = 0

    def __post_init__(self) -> None:
        self._time = _FIRST_TIME
        self._ledgers: list[bytes] = []
        self._left: dict[str, tuple[int, int, int]] = {}
        self._old: list[tuple[str, Tree]] = []
        for root in ROOTS:
            (self.folder / root).mkdir(parents=True, exist_ok=True)
        self.write(f"{OTHER}/first.md", Post(title="First"))

    @property
    def dist(self) -> Path:
        """Where it is published now."""
        return self.folder / self.dist_name

    @property
    def ledger(self) -> Path:
        """The ledger, if there is one: the same whatever dist is."""
        return self.folder / "feeder.ledger"

    @property
    def cache(self) -> Path:
        """The cache, which is the same whatever dist is."""
        return self.folder / ".feeder" / "cache.sqlite3"

    # -- what happens to the posts

    def write(self, path: str, post: Post | bytes) -> None:
        """Put a post's file in place of whatever is there, with a time that no file had before."""
        place = self._cleared(path)
        place.write_bytes(post.data() if isinstance(post, Post) else post)
        self.touch(path)

    def touch(self, path: str) -> None:
        """Give a file a time that no file had before."""
        self._time += 1_000
        place = self.folder / path
        if place.exists():
            os.utime(place, ns=(self._time, self._time), follow_symlinks=False)

    def delete(self, path: str) -> None:
        """Remove whatever is at `path`."""
        remove(self.folder / path)

    def rename(self, path: str, new: str) -> None:
        """Move a file, as it is, to where another one may be."""
        if path != new and os.path.lexists(self.folder / path) and not new.startswith(f"{path}/"):
            held = self.folder / "held"
            os.rename(self.folder / path, held)
            os.rename(held, self._cleared(new))

    def swap(self, path: str, other: str) -> None:
        """Let two files change places."""
        first, second, between = self.folder / path, self.folder / other, self.folder / "between"
        if path != other and first.is_file() and second.is_file() and not path.startswith(f"{other}/"):
            os.rename(first, between)
            os.rename(second, first)
            os.rename(between, second)

    def copy(self, path: str, new: str) -> None:
        """Copy a file with its time, where nothing else is."""
        source, target = self.folder / path, self.folder / new
        if source.is_file() and not os.path.lexists(target):
            shutil.copy2(source, self._cleared(new))

    def strange(self, path: str, kind: str) -> None:
        """Put something there that is no regular file."""
        place = self._cleared(path)
        match kind:
            case "link":
                place.symlink_to(self.folder / OTHER / "first.md")
            case "dangling":
                place.symlink_to("nowhere.md")
            case "fifo":
                os.mkfifo(place)
            case _:
                place.mkdir()
                (place / "inside.md").write_bytes(Post(title="Inside").data())

    def _cleared(self, path: str) -> Path:
        place = self.folder / path
        for parent in reversed(place.relative_to(self.folder).parents):
            if os.path.lexists(self.folder / parent) and not (self.folder / parent).is_dir():
                remove(self.folder / parent)
        remove(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    # -- what happens to what a build left

    def damage(self, path: str, how: str, where: int, data: bytes) -> None:
        """Damage a file below the site's folder: `where` is a place in it, in thousandths."""
        place = self.folder / path
        if how == "delete":
            remove(place)
            return
        if how in ("folder", "link"):
            self._cleared(path)
            if how == "folder":
                place.mkdir()
            else:
                place.symlink_to(self.folder / "feeder.toml")
            return
        if how == "replace":
            self._cleared(path).write_bytes(data)
        if not place.is_file() or place.is_symlink():
            return
        self._let_time_pass(place)
        status = place.stat()
        at = status.st_size * where // 1000
        with place.open("r+b") as stream:
            if how == "cut":
                stream.truncate(at)
            elif how == "append":
                stream.seek(0, os.SEEK_END)
                stream.write(data)
            elif how == "overwrite":
                stream.seek(at)
                stream.write(data[: max(status.st_size - at, 0)])
        if where % 2:
            os.utime(place, ns=(status.st_atime_ns, status.st_mtime_ns))

    def save(self) -> None:
        """Keep a copy of cache and dist for later."""
        self._old = [*self._old[-2:], (self.dist_name, tree_of(self.dist))]
        saved = self.folder / "saved"
        remove(saved)
        if self.cache.parent.is_dir():
            shutil.copytree(self.cache.parent, saved, symlinks=True)

    def restore_cache(self, how: str) -> None:
        """Put the cache that was saved back: copied with or without its times, or moved there."""
        saved = self.folder / "saved"
        if not saved.is_dir():
            return
        remove(self.cache.parent)
        if how == "move":
            os.rename(saved, self.cache.parent)
        else:
            copier = shutil.copy2 if how == "times" else shutil.copyfile
            shutil.copytree(saved, self.cache.parent, copy_function=copier)

    def restore_dist(self) -> None:
        """Put all of a dist back as it was once."""
        if self._old:
            _, tree = self._old[0]
            remove(self.dist)
            self.dist.mkdir()
            for path, (kind, data) in tree.items():
                place = self.dist / path
                if kind == "folder":
                    place.mkdir(parents=True, exist_ok=True)
                else:
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_bytes(data)

    def documents(self) -> list[str]:
        """Return what stands in dist, as it is named below the site's folder, but for pages.

        What somebody made of a page without our mark is theirs and stays (tests/test_pages.py), and so is no part of
        what a build from nothing would give.
        """
        paths = (path for path in sorted(tree_of(self.dist)) if path.rpartition("/")[2] not in FOR_PEOPLE)
        return [f"{self.dist_name}/{path}" for path in paths]

    def _let_time_pass(self, place: Path) -> None:
        """Wait until the file system's clock has gone on since `place` was written: nobody is quicker than that."""
        clock = self.folder / "clock"
        while True:
            clock.write_bytes(b"")
            if clock.stat().st_ctime_ns > place.stat().st_ctime_ns:
                return

    def edit_ledger(self, how: Edit, where: int) -> None:
        """Do to the ledger what people do; `where` is a place in it, in thousandths."""
        now = _bytes(self.ledger)
        if how is Edit.BEGUN:
            self.ledger.touch()
        elif how is Edit.LOST:
            remove(self.ledger)
        elif how is Edit.OLD:
            old = next((one for one in self._ledgers if one != now), None)
            if old is not None:
                self._keep_ledger(old)
        elif now:
            self._ledgers = [*self._ledgers[-3:], now]
            self._keep_ledger(edited(now, how, where))

    def _keep_ledger(self, data: bytes) -> None:
        if self.ledger.exists():
            self._let_time_pass(self.ledger)
        self.ledger.write_bytes(data)

    # -- builds

    def configuration(self) -> Configuration:
        """Return the site as `settings` make it."""
        name = self.folder / ("_config.yml" if self.settings.get("jekyll") else "feeder.toml")
        text = (yaml if self.settings.get("jekyll") else toml)(self.settings)
        if not name.exists() or name.read_text() != text:
            name.write_text(text)
        return load(Options(config=str(name), dist=str(self.dist), site_url="https://example.org"), self.now)

    def build(
        self, dist: Path | None = None, cache: str | None = None, ledger: Path | None = None, **conditions: Any
    ) -> Outcome:
        """Build into `dist`, by default into its own with its own cache, and with its own ledger if it keeps one."""
        ledger = ledger or self.ledger
        place = Publication(
            dist=str(dist or self.dist),
            engine="serial",
            cache=str(self.cache) if cache is None else cache,
            **{"shrinking": Shrinking.ALLOWED, "reposting": Reposting.ALLOWED, **conditions},
        )
        memory = Memory()
        self.builds += 1
        try:
            site = self.configuration()
            if site.ledger.path:
                site = replace(site, ledger=replace(site.ledger, path=str(ledger)))
            report = build(site, place, memory)
        except FeederError as error:
            text = f"{type(error).__name__}: {error}".replace(str(ledger), "LEDGER").replace(str(place.dist), "DIST")
            return Outcome(None, text, tuple(memory.told))
        return Outcome(report, "", tuple(memory.told))

    def check(self) -> None:
        """Build with what is there, and from nothing; fail unless all that can be seen is the same."""
        before = tree_of(self.dist)
        slugs = given_slugs(before)
        scratch = self.folder.parent / "scratch"
        expected = self._from_nothing(scratch, slugs)
        wanted, remembered = tree_of(scratch), _bytes(self.folder.parent / "scratch.ledger")
        in_the_way = obstacles(before, wanted)
        if in_the_way and expected.report:
            refused = self.build()
            assert refused.error, f"a build that {in_the_way} stand in the way of went through"
            assert visible(tree_of(self.dist)) == visible(before)
            for path in in_the_way:
                remove(self.dist / path)
            before = tree_of(self.dist)
        found = self.build()
        assert found.error == expected.error, f"it ends with {found.error!r}, and from nothing with {expected.error!r}"
        after = tree_of(self.dist)
        mine = _bytes(self.ledger)
        texts = [(data or b"").decode() for data in (mine, remembered)]
        assert mine == remembered, f"the ledger is another than from nothing:\n{texts[0]}\n{texts[1]}"
        if found.report is None or expected.report is None:
            assert visible(after) == visible(before), "a build that was refused changed something"
            return
        compare_trees(before, after, wanted, digests(before))
        compare_reports(found, expected)
        compare_changes(found.report, before, after)
        judge_feeds(found.report, self.dist)
        self._check_again(found.report)

    def _from_nothing(self, scratch: Path, slugs: object) -> Outcome:
        remove(scratch)
        scratch.mkdir()
        if slugs:
            state = {"feeder": 1, "files": {}, "plans": {}, "slugs": slugs, "entries": ""}
            (scratch / NAME).write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
        copy = self.folder.parent / "scratch.ledger"
        remove(copy)
        if self.ledger.exists():
            shutil.copyfile(self.ledger, copy)
        return self.build(scratch, "", copy)

    def _check_again(self, report: Report) -> None:
        """Fail unless a build with nothing changed does nothing and says the same."""
        before, documents = tree_of(self.dist), looks(self.dist)
        cache = looks(self.cache.parent)
        ledger = _bytes(self.ledger)
        again = self.build()
        assert again.report is not None, again.error
        assert _bytes(self.ledger) == ledger, "with nothing changed, the ledger was"
        assert again.report.ledger in (None, Movement()), "with nothing changed, entries were"
        usable = all(problem.code != "cache" for problem in again.report.problems)
        did = (again.report.rendered if usable else 0, again.report.written, again.report.removed)
        assert did == (0, (), ()), f"with nothing changed, {did} were rendered, written, removed"
        assert tree_of(self.dist) == before
        assert looks(self.dist) == documents, "a file of dist was touched"
        assert not usable or looks(self.cache.parent) == cache, "the cache was touched"
        assert set(again.report.unchanged) == {*report.unchanged, *report.written}
        assert about_posts(again.report) == about_posts(report)
        self._left = cache if usable else {}

    def look(self, path: str = "") -> None:
        """Let `feeder list` and `feeder explain` look: they find what they find without a cache, and change nothing."""
        site = self.configuration()
        before, cache = looks(self.folder), looks(self.cache.parent)
        seen, unseen = (Look(str(self.dist), "serial", cache) for cache in (str(self.cache), ""))
        assert _listed(site, seen) == _listed(site, unseen)
        if path:
            file = str(self.folder / path)
            assert _explained(site, seen, file) == _explained(site, unseen, file)
        # A cache that is damaged may be thrown away; one that a build left behind is as it was.
        assert cache != self._left or looks(self.cache.parent) == cache, "looking changed the cache"
        mine, other = (
            {place: found for place, found in one.items() if not place.startswith(".feeder")}
            for one in (looks(self.folder), before)
        )
        assert mine == other, "looking changed something"

    def end_early(self, end: End, calls: frozenset[str], nth: int) -> None:
        """Have a build end early, as `tests.properties.ending` says."""
        self.dies(lambda: end_early(self.build, end, calls, nth))

    def dies(self, work: Callable[[], object]) -> None:
        """Let `work` begin a build that may not come to its end; fail unless every document in dist is whole.

        It is the one that was there before, or the new one.
        """
        before = tree_of(self.dist)
        scratch = self.folder.parent / "scratch"
        self._from_nothing(scratch, given_slugs(before))
        new = tree_of(scratch)
        work()
        for path, found in visible(tree_of(self.dist)).items():
            assert path == NAME or found in (before.get(path), new.get(path)), f"{path} is neither old nor new"
            if path == NAME and found[0] == "file" and found != before.get(path):
                parse(found[1])


def _bytes(place: Path) -> bytes | None:
    return place.read_bytes() if place.exists() else None


def _listed(site: Configuration, look: Look) -> list[ListedFeed] | str:
    return _said(lambda: list_feeds(site, look, Silent()))


def _explained(site: Configuration, look: Look, path: str) -> ExplainedPost | str:
    return _said(lambda: explain_post(site, look, path, Silent()))


def _said(ask: Callable[[], Answer]) -> Answer | str:
    try:
        return ask()
    except FeederError as error:
        return f"{type(error).__name__}: {error}"


@contextmanager
def everything_anew() -> Iterator[None]:
    """Let every change be so large a share of the posts that all that is derived of them is made anew."""
    kept = cached_posts._MENDED, cached_posts._MENDED_SHARE
    cached_posts._MENDED, cached_posts._MENDED_SHARE = 0, 0.0
    try:
        yield
    finally:
        cached_posts._MENDED, cached_posts._MENDED_SHARE = kept
