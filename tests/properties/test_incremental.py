"""Whatever happened since the last build, the next one gives what a build from nothing gives (but for slugs given)."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from hypothesis import settings as profile
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from feeder.pipeline import Reposting, Shrinking, Strictness
from tests.properties.ending import End
from tests.properties.ledger import Edit
from tests.properties.posts import FILES, changes, nows, paths, posts, settings
from tests.properties.world import Post, World, everything_anew

CACHE = tuple(
    f".feeder/cache.sqlite3{end}"
    for end in ("", "", "", "", "", ".seal", ".seal", "-wal", "-shm", "-journal", ".new", ".new-wal")
)
SOME_BYTES = st.one_of(
    st.binary(min_size=1, max_size=8), st.just(bytes(4096)), st.just(b"[]"), st.just(b"SQLite format 3\0")
)
DAMAGE = st.sampled_from(("overwrite", "overwrite", "cut", "append", "replace", "delete", "folder", "link"))
CALLS = st.sampled_from(
    (
        frozenset(("execute", "executemany", "close")),
        frozenset(("rename", "replace", "unlink", "rmdir", "mkdir", "ftruncate", "pwrite", "flock")),
        frozenset(("write", "fsync", "rename", "replace", "open", "close")),
    )
)


class Incremental(RuleBasedStateMachine):
    """A site whose files, settings, time, cache and dist change at will; every step ends with a build and its judge."""

    def __init__(self) -> None:
        super().__init__()
        self.top = Path(tempfile.mkdtemp(prefix="feeder-incremental-"))
        self.world = World(self.top / "site")
        self.posts: dict[str, Post] = {}
        self.stack = ExitStack()
        self.held = 0

    @initialize(
        anew=st.sampled_from((False, False, True)),
        jekyll=st.sampled_from((None, None, True)),
        max_bytes=st.sampled_from((None, 1_600, 2_200, 6_000)),
        archive=st.sampled_from((None, ["site"], ["site", "categories", "tags"])),
        ledger=st.booleans(),
        said=st.lists(settings(), max_size=3),
        first=st.dictionaries(paths(), posts(), min_size=4, max_size=12),
    )
    def begin(
        self,
        *,
        anew: bool,
        jekyll: bool | None,
        max_bytes: int | None,
        archive: list[str] | None,
        ledger: bool,
        said: list[tuple[str, object]],
        first: dict[str, Post],
    ) -> None:
        """Some posts are there at the beginning, and some settings."""
        given = {"jekyll": jekyll, "feeds.max_bytes": max_bytes, "feeds.archive": archive}
        self.world.settings.update(given, **dict(said))
        if ledger:
            self.world.edit_ledger(Edit.BEGUN, 0)
        if anew:
            self.stack.enter_context(everything_anew())
        for path, post in first.items():
            self._write(path, post)
        self.world.check()

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.stack.close()
        shutil.rmtree(self.top)

    # -- posts

    @rule(path=paths(), post=posts())
    def add(self, path: str, post: Post) -> None:
        """A post is written, or written anew."""
        self._write(path, post)
        self._check()

    @rule(data=st.data(), change=changes())
    @precondition(lambda self: self.posts)
    def edit(self, data: st.DataObject, change: dict[str, object]) -> None:
        """One thing about a post becomes another."""
        path = data.draw(st.sampled_from(sorted(self.posts)))
        post = replace(self.posts[path], raw=None, **change)  # type: ignore[arg-type]  # fields by name
        self._write(path, post)
        self._check()

    @rule(data=st.data(), several=st.lists(changes(), min_size=2, max_size=4))
    @precondition(lambda self: self.posts)
    def edit_several(self, data: st.DataObject, several: list[dict[str, object]]) -> None:
        """Several things about several posts become others at once."""
        for change in several:
            path = data.draw(st.sampled_from(sorted(self.posts)))
            self._write(path, replace(self.posts[path], raw=None, **change))  # type: ignore[arg-type]  # fields by name
        self._check()

    @rule(several=st.dictionaries(paths(), posts(), min_size=2, max_size=4))
    def add_several(self, several: dict[str, Post]) -> None:
        """Several posts are written."""
        for path, post in several.items():
            self._write(path, post)
        self._check()

    @rule(data=st.data())
    @precondition(lambda self: self.posts)
    def delete(self, data: st.DataObject) -> None:
        """A post goes."""
        path = data.draw(st.sampled_from(sorted(self.posts)))
        self.world.delete(path)
        del self.posts[path]
        self._check()

    @rule(data=st.data(), new=paths())
    @precondition(lambda self: self.posts)
    def rename(self, data: st.DataObject, new: str) -> None:
        """A post gets another name, or another root, maybe that of another post."""
        path = data.draw(st.sampled_from(sorted(self.posts)))
        self.world.rename(path, new)
        self.posts[new] = self.posts.pop(path)
        self._check()

    @rule(data=st.data())
    @precondition(lambda self: len(self.posts) > 1)
    def swap(self, data: st.DataObject) -> None:
        """Two posts change places."""
        path = data.draw(st.sampled_from(sorted(self.posts)))
        other = data.draw(st.sampled_from(sorted(self.posts)))
        self.world.swap(path, other)
        self.posts[path], self.posts[other] = self.posts[other], self.posts[path]
        self._check()

    @rule(data=st.data(), new=paths())
    @precondition(lambda self: self.posts)
    def copy(self, data: st.DataObject, new: str) -> None:
        """A post is there twice."""
        path = data.draw(st.sampled_from(sorted(self.posts)))
        self.world.copy(path, new)
        self.posts.setdefault(new, self.posts[path])
        self._check()

    @rule(everything=st.booleans(), path=paths())
    def touch(self, *, everything: bool, path: str) -> None:
        """Files have another time, as after a fresh checkout, and the bytes that they had."""
        for one in sorted(self.posts) if everything else [path]:
            self.world.touch(one)
        self._check()

    @rule(path=paths(), kind=st.sampled_from(("link", "dangling", "fifo", "folder")))
    def strange(self, path: str, kind: str) -> None:
        """Something that is no regular file stands where a post might."""
        self.world.strange(path, kind)
        self.posts.pop(path, None)
        self._check()

    @rule(path=st.sampled_from(FILES), size=st.sampled_from((None, 0, 1, 1000)))
    def enclosure(self, path: str, size: int | None) -> None:
        """A file that posts may enclose comes, grows, shrinks or goes."""
        if size is None:
            self.world.delete(path)
        else:
            self.world.write(path, bytes(size))
        self._check()

    @rule(
        text=st.sampled_from(("", "Ann: {name: Anna, email: a@example.org}\n", "Ann: {name: Anne}\nBob: {name: Ann}\n"))
    )
    def people(self, text: str) -> None:
        """The site's authors get other names."""
        self.world.write("_data/authors.yml", text.encode())
        self._check()

    # -- settings, and time

    @rule(change=settings())
    def reconfigure(self, change: tuple[str, object]) -> None:
        """A setting becomes another."""
        name, value = change
        self.world.settings = {**self.world.settings, name: value}
        self._check()

    @rule(change=settings())
    def reconfigure_and_back(self, change: tuple[str, object]) -> None:
        """A setting becomes another for one build."""
        name, value = change
        kept = self.world.settings
        self.world.settings = {**kept, name: value}
        self.world.check()
        self.world.settings = kept
        self._check()

    @rule(now=nows())
    def go_on(self, now: datetime) -> None:
        """Time passes, or goes back."""
        self.world.now = now
        self._check()

    @rule(name=st.sampled_from(("dist", "other")))
    def publish_elsewhere(self, name: str) -> None:
        """Another dist with the same cache."""
        self.world.dist_name = name
        self._check()

    # -- what people and disks do to cache and dist

    @rule(path=st.sampled_from(CACHE), how=DAMAGE, where=st.integers(0, 1000), some=SOME_BYTES)
    def damage_cache(self, path: str, how: str, where: int, some: bytes) -> None:
        """The cache, or what stands beside it, is damaged."""
        self.world.damage(path, how, where, some)
        self._check()

    @rule(how=st.sampled_from(("", "times", "move", "save", "checkout", "checkout", "nothing")))
    def old_cache(self, how: str) -> None:
        """A cache is saved, restored as it once was, or thrown away."""
        if how == "save":
            self.world.save()
        elif how == "checkout":
            self.world.save()
            self.world.restore_cache("times")
        elif how == "nothing":
            self.world.delete(".feeder")
        else:
            self.world.restore_cache(how)
        self._check()

    @rule(data=st.data(), how=DAMAGE, where=st.integers(0, 1000), some=SOME_BYTES)
    def damage_dist(self, data: st.DataObject, how: str, where: int, some: bytes) -> None:
        """Something in dist is damaged, or a stranger comes."""
        strangers = ["dist/CNAME", "dist/tags/stranger.xml", "dist/tags/new/atom.xml", "dist/categories"]
        path = data.draw(st.sampled_from([*self.world.documents(), *strangers]))
        self.world.damage(path, how, where, some)
        self._check()

    @rule(data=st.data())
    def swap_documents(self, data: st.DataObject) -> None:
        """Two documents change places."""
        documents = st.sampled_from([*self.world.documents(), "dist/nothing"])
        self.world.swap(data.draw(documents), data.draw(documents))
        self._check()

    @rule(how=st.sampled_from(("restore", "delete", "empty")))
    def old_dist(self, how: str) -> None:
        """All of dist is as it once was, or gone."""
        if how == "restore":
            self.world.restore_dist()
        else:
            self.world.delete(self.world.dist_name)
            if how == "empty":
                self.world.dist.mkdir()
        self._check()

    # -- what people do to the ledger

    @rule(how=st.sampled_from(Edit), where=st.integers(0, 1000))
    def edit_ledger(self, how: Edit, where: int) -> None:
        """The ledger is begun, lost, merged, put in another order, or as it once was."""
        self.world.edit_ledger(how, where)
        self._check()

    # -- builds that do not come to their end, and other commands

    @rule(calls=CALLS, nth=st.integers(1, 150), end=st.sampled_from(End))
    def end_early(self, end: End, calls: frozenset[str], nth: int) -> None:
        """A build is killed or interrupted."""
        self.world.end_early(end, calls, nth)
        self._check()

    @rule(path=paths())
    def look(self, path: str) -> None:
        """`feeder list` and `feeder explain` look, and change nothing."""
        self.world.look(path)
        self._check()

    @rule(strict=st.booleans())
    def refuse(self, *, strict: bool) -> None:
        """A build under harder conditions is refused, or is not."""
        if strict:
            self.world.build(strictness=Strictness.STRICT)
        else:
            self.world.build(shrinking=Shrinking.REFUSED, reposting=Reposting.REFUSED)
        self._check()

    @rule(steps=st.integers(1, 3))
    def wait(self, steps: int) -> None:
        """Several things happen before the next build."""
        self.held = steps + 1
        self._check()

    def _write(self, path: str, post: Post) -> None:
        self.world.write(path, post)
        self.posts[path] = post

    def _check(self) -> None:
        self.held = max(self.held - 1, 0)
        if not self.held:
            self.world.check()


def test_a_build_is_what_it_is_from_nothing() -> None:
    """After any sequence of changes, damage and kills, dist and report are those of a build from nothing."""
    # A step is three builds: fewer examples than elsewhere, of more steps.
    run_state_machine_as_test(
        Incremental, settings=profile(max_examples=max(profile().max_examples // 2, 1), stateful_step_count=25)
    )
