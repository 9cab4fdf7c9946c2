"""The multiplied corpora: what has to be different in a copy is, and what must not be is not."""

from __future__ import annotations

from pathlib import Path

from bench.multiplied import Original, write_copies
from bench.tagged import retag

MIRRORED = """\
---
layout: post
title: "一"
date: 2020-09-24T03:56:17.000Z
author: A
from: https://www.example.com/watch?v=1
tags: [ A ]
categories: [ A ]
---
<!--1600919777000-->
[一](https://www.example.com/watch?v=1)
------

<div>
text
</div>
"""
EMPTY = MIRRORED.replace("\ntext\n", "\n\n")


def _written(folder: Path, text: str, copies: int) -> dict[str, str]:
    original = Original(Path("mirror", "_posts", "2020-09-24-one.md"), text.encode())
    write_copies([original], range(copies), folder)
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.md"))
    }


def test_the_first_copy_is_the_original(tmp_path: Path) -> None:
    """Copy 0 has the original's path and bytes."""
    assert _written(tmp_path, MIRRORED, 1) == {"mirror/_posts/2020-09-24-one.md": MIRRORED}


def test_a_copy_is_a_post_of_its_own(tmp_path: Path) -> None:
    """A copy's origin, date, marker, title, text and file name are its own, and its terms are the original's."""
    files = _written(tmp_path, MIRRORED, 2)
    place = next(name for name in files if "copy" in name)
    copy = files[place].splitlines()
    assert place.endswith("-one-1.md")
    assert copy[2] == 'title: "一 1"'
    day = copy[3].removeprefix("date: ").removesuffix("T03:56:17.000Z")
    assert day < "2020-09-24"
    assert place.startswith(f"mirror/copy-001/_posts/{day}-")
    assert copy[5] == "from: https://www.example.com/watch?v=1&copy=1"
    assert copy[6:8] == ["tags: [ A ]", "categories: [ A ]"]
    assert copy[10] == "[一](https://www.example.com/watch?v=1&copy=1)"
    assert copy[14] != "text"
    assert copy[14].startswith("text ")


def test_an_empty_body_stays_empty(tmp_path: Path) -> None:
    """No word is put into a body that has none: such posts are a part of the archive's shape."""
    files = _written(tmp_path, EMPTY, 2)
    assert all(text.endswith("------\n\n<div>\n\n</div>\n") for text in files.values())


def test_equal_calls_write_equal_bytes(tmp_path: Path) -> None:
    """The same copies are written at every call."""
    assert _written(tmp_path / "a", MIRRORED, 4) == _written(tmp_path / "b", MIRRORED, 4)


def test_every_tag_is_given(tmp_path: Path) -> None:
    """Every tag is given to some post, two to each post, in the place of its own; nothing else changes."""
    files = [tmp_path / f"{number}.md" for number in range(40)]
    for path in files:
        path.write_text(MIRRORED, encoding="utf-8")
    retag(files, 50)
    tags: set[str] = set()
    for path in files:
        lines = path.read_text(encoding="utf-8").splitlines()
        tags.update(lines.pop(6).removeprefix("tags: [ ").removesuffix(" ]").split(", "))
        assert lines == [line for line in MIRRORED.splitlines() if not line.startswith("tags:")]
    assert len(tags) == 50
