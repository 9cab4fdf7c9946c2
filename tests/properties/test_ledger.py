"""With a ledger no entry is ever re-posted, every edit is an update, every deletion is reported, whatever happens."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

from hypothesis import settings as profile
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from feeder.pipeline import Shrinking
from tests.cache.blog import Blog

ATOM = "{http://www.w3.org/2005/Atom}"
NAMES = tuple(f"{folder}{name}.md" for folder in ("", "old/", "2020/") for name in "abcdefgh")
BEGIN = datetime(2024, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Post:
    """A post: `version` numbers are of what it says; `changed` is what changed since the last build."""

    number: int
    path: str
    title: int = 0
    body: int = 0
    day: int = 0
    origin: int = 0
    changed: frozenset[str] = frozenset()

    @property
    def published(self) -> datetime:
        """When it was published: no two posts ever at once."""
        return BEGIN + timedelta(days=self.day, minutes=self.number)


def _stem(path: str) -> str:
    return path.rpartition("/")[2]


class Remembered(RuleBasedStateMachine):
    """A blog whose posts are renamed, moved, edited, dated anew, deleted and restored, with builds in between."""

    def __init__(self) -> None:
        super().__init__()
        self.blog = Blog(Path(tempfile.mkdtemp(prefix="feeder-ledger-")))
        self.blog.settings = 'id = "blog"\n[posts]\nupdated = "content"\n[feeds]\nlimit = 1000\n'
        self.posts: dict[int, Post] = {}
        self.deleted: dict[int, Post] = {}
        self.names: set[str] = set()  # those that posts had in the last build and gave up by being deleted
        self.ids: dict[int, str] = {}
        self.seen: dict[int, datetime] = {}
        self.hours = 0
        for number in range(3):
            self._put(Post(number, NAMES[number]))
        self._build(cached=True)

    def teardown(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.blog.folder)

    # -- what happens to posts

    @rule(path=st.sampled_from(NAMES), day=st.integers(0, 30))
    def add(self, path: str, day: int) -> None:
        """A post is written, maybe under a name that another one had."""
        if self._is_free(path):
            self._put(Post(len(self.posts) + len(self.deleted), path, day=day))

    @rule(data=st.data(), path=st.sampled_from(NAMES))
    @precondition(lambda self: self.posts)
    def rename(self, data: st.DataObject, path: str) -> None:
        """A post gets another name or another folder, and with it at most one thing about it changes."""
        post = self._one(data)
        told = post.changed - {"name"}
        if (self._is_free(path) or _stem(path) == _stem(post.path)) and len(told) < 2 and not self._stands(path):
            (self.blog.folder / "posts" / post.path).unlink()
            self._put(replace(post, path=path, changed=post.changed | {"name"}))

    @rule(data=st.data(), what=st.sampled_from(("title", "body", "day", "origin")))
    @precondition(lambda self: self.posts)
    def change(self, data: st.DataObject, what: str) -> None:
        """A title, a body, a date or an origin becomes another: all of them together only under its own name."""
        post = self._one(data)
        changed = post.changed | {what}
        named_anew = bool(changed & {"name", "origin"})
        if not named_anew or len(changed - {"name", "origin"}) < 2:
            self._put(replace(post, changed=changed, **{what: getattr(post, what) + 1}))

    @rule(data=st.data())
    @precondition(lambda self: len(self.posts) > 1)
    def delete(self, data: st.DataObject) -> None:
        """A post goes, as it was when it was last published."""
        post = self._one(data)
        if not post.changed and post.number in self.ids:
            (self.blog.folder / "posts" / post.path).unlink()
            self.deleted[post.number] = self.posts.pop(post.number)
            self.names.add(_stem(post.path))

    @rule(data=st.data(), path=st.sampled_from(NAMES))
    @precondition(lambda self: self.deleted)
    def restore(self, data: st.DataObject, path: str) -> None:
        """A post that was deleted is there again, under its name or another one."""
        number = data.draw(st.sampled_from(sorted(self.deleted)))
        if self._is_free(path) or (_stem(path) == _stem(self.deleted[number].path) and not self._has(path)):
            self._put(self.deleted.pop(number), path)

    # -- builds

    @rule(cached=st.booleans(), lost=st.sampled_from(("", "", "", ".feeder", "dist")), touched=st.booleans())
    def build(self, *, cached: bool, lost: str, touched: bool) -> None:
        """A build, with or without what the one before it knew; the ledger is all that must not be lost."""
        if lost:
            shutil.rmtree(self.blog.folder / lost, ignore_errors=True)
        if touched:
            self.blog.touch()
        self._build(cached=cached)

    @rule(url=st.sampled_from(("", "https://other.example")))
    def move(self, url: str) -> None:
        """The site gets another id: what ids grow from where no ledger says what they are."""
        rest = self.blog.settings.partition("\n")[2]
        self.blog.settings = f'id = "blog{url}"\n{rest}'

    def _build(self, *, cached: bool) -> None:
        self.hours += 1
        now = self.blog.now + timedelta(hours=self.hours)
        report = self.blog.build(cached=cached, now=now, shrinking=Shrinking.ALLOWED)
        found = self._published()
        assert found.keys() == self.posts.keys()
        for number, (name, updated) in found.items():
            post = self.posts[number]
            assert self.ids.setdefault(number, name) == name, f"post {number} came back under another id"
            edited = number in self.seen and post.changed & {"title", "body"}
            expected = now if edited else max(self.seen.get(number, post.published), post.published)
            assert updated == expected, f"post {number} was updated at {updated}, and not at {expected}"
            self.seen[number] = updated
        assert len(set(self.ids.values())) == len(self.ids), "an id was used again"
        assert report.ledger is not None
        gone = {self.ids[number] for number, post in self.deleted.items() if "gone" not in post.changed}
        assert {line.id for line in report.ledger.gone} == gone
        self.posts = {number: replace(post, changed=frozenset()) for number, post in self.posts.items()}
        self.deleted = {number: replace(post, changed=frozenset(("gone",))) for number, post in self.deleted.items()}
        self.names.clear()
        ledger = self.blog.folder / "feeder.ledger"
        before = ledger.read_bytes()
        again = self.blog.build(cached=False, now=now + timedelta(minutes=1), shrinking=Shrinking.ALLOWED)
        assert (again.written, ledger.read_bytes()) == ((), before), "the same posts and ledger are other bytes"

    def _published(self) -> dict[int, tuple[str, datetime]]:
        found = {}
        for entry in ET.parse(self.blog.dist / "atom.xml").getroot().iter(f"{ATOM}entry"):
            texts = {name: entry.findtext(f"{ATOM}{name}") or "" for name in ("id", "updated", "content")}
            number = re.search(r"Reference (\d+)\.", texts["content"])
            assert number
            found[int(number[1])] = texts["id"], datetime.fromisoformat(texts["updated"])
        return found

    def _one(self, data: st.DataObject) -> Post:
        return self.posts[data.draw(st.sampled_from(sorted(self.posts)))]

    def _stems(self) -> Iterable[str]:
        return (_stem(post.path) for post in self.posts.values())

    def _has(self, path: str) -> bool:
        return _stem(path) in self._stems()

    def _stands(self, path: str) -> bool:
        return any(post.path == path for post in self.posts.values())

    def _is_free(self, path: str) -> bool:
        # Where a post was deleted and another one written before the next build, nobody can tell that from an edit.
        return not self._has(path) and _stem(path) not in self.names

    def _put(self, post: Post, path: str = "") -> None:
        post = replace(post, path=path or post.path)
        front = {"title": f"Title {post.number} {post.title}", "date": f"{post.published:%Y-%m-%d %H:%M:%S}"}
        if post.origin:
            front["from"] = f"https://origin.example/{post.number}/{post.origin}"
        self.blog.post(post.path, f"Body {post.body}.\n\nReference {post.number}.", **front)
        self.posts[post.number] = post


def test_nothing_surprises_a_subscriber() -> None:
    """After any sequence of changes, and whatever is lost but the ledger."""
    run_state_machine_as_test(
        Remembered, settings=profile(max_examples=max(profile().max_examples // 5, 1), stateful_step_count=20)
    )
