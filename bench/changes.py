"""What little changes cost: builds after one, each program with posts and state of its own.

The first run of each is its cold build, and is not measured; before each further run the change is made once.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from bench.corpus import TITLE, Corpus
from bench.measure import Command

_DATED = re.compile(rb"^date:.*$", re.MULTILINE)
_FROM = re.compile(rb"^from:.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a program is measured: its posts, the folder that holds its dist and its cache, its configuration."""

    corpus: Corpus
    state: Path
    configuration: Path


Change = Callable[[Place, int], None]
"""Makes a change at a place for the so-manieth time, from 1 on."""


def after(change: Change, command: Command, place: Place) -> Command:
    """Return the command with the change before every run but the first, and without its own preparation there."""
    done = 0

    def prepare() -> None:
        nonlocal done
        if done == 0:
            command.prepare()
        else:
            change(place, done)
        done += 1

    return replace(command, prepare=prepare)


def no_change(_place: Place, _time: int) -> None:
    """Change nothing."""


def edit_newest(place: Place, time: int) -> None:
    """Put another word into the newest post: one that stands in the site's feed, its category's and its tag's."""
    _edit(_newest(place.corpus), time)


def edit_middle(place: Place, time: int) -> None:
    """Put another word into the post in the middle of all, by date: one that no feed's newest documents show."""
    named = sorted(_dated(place.corpus), key=_age)
    _edit(named[len(named) // 2], time)


def add_post(place: Place, time: int) -> None:
    """Write one more post, a day newer than all others, with the terms of the newest."""
    newest = place.corpus.posts[0] / "_posts" / f"added-{time}.md"
    pattern = _newest(place.corpus)
    day = date.fromisoformat(pattern.name[:10]) + timedelta(days=1)
    text = _DATED.sub(b"date: %b" % f"{day}T00:{time:02}:00.000Z".encode(), pattern.read_bytes(), count=1)
    text = _FROM.sub(b"from: https://www.example.com/added/%d" % time, text, count=1)
    newest.parent.mkdir(parents=True, exist_ok=True)
    newest.write_bytes(text)


def check_out(place: Place, _time: int) -> None:
    """Give every post a new modification time, and restore dist and cache as copies, as a job's first steps do."""
    saved = place.state.with_name(f"{place.state.name}-saved")
    if not saved.exists():
        shutil.copytree(place.state, saved, copy_function=shutil.copyfile)
    shutil.rmtree(place.state)
    shutil.copytree(saved, place.state, copy_function=shutil.copyfile)
    for path in place.corpus.files():
        os.utime(path)


def change_title(place: Place, time: int) -> None:
    """Give the site another title: every document changes, and no post."""
    text = place.configuration.read_text(encoding="utf-8")
    changed = re.sub(r'^title = ".*"$', f'title = "{TITLE} {time}"', text, flags=re.MULTILINE)
    _replace(place.configuration, changed.encode())


def _newest(corpus: Corpus) -> Path:
    """Return the post whose file's name has the latest date, of those that are named so."""
    return max(_dated(corpus), key=_age)


def _dated(corpus: Corpus) -> Iterator[Path]:
    return (path for path in corpus.posts[0].rglob("*.md") if path.name[:1].isdigit())


def _age(path: Path) -> tuple[str, str]:
    return path.name[:10], str(path)


def _edit(path: Path, time: int) -> None:
    head, tag, rest = path.read_bytes().rpartition(b"</")
    _replace(path, b"%b edited%d %b%b" % (head, time, tag, rest))


def _replace(path: Path, data: bytes) -> None:
    """Write a new file in the place of one that other folders may hold too (a hard link)."""
    staged = path.with_name(f".{len(data)}.tmp")
    staged.write_bytes(data)
    staged.replace(path)
