"""Of a body its front is enough for the post's head, whatever the file is made of (SPEC §1, DESIGN §1)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.collect.frontmatter import parse, parse_front
from feeder.collect.read import read, read_front
from feeder.config.slices import Page, PostRules, Taxonomy
from feeder.model.head import Head
from feeder.model.source import Extent, LeftOut, RawPost, Source
from feeder.normalise.head import head

RULES = PostRules(
    page=Page("https://e.example", "/:year/:title/", ZoneInfo("UTC")),
    taxonomies=(Taxonomy("categories", ("category", "categories")), Taxonomy("tags", ("tag", "tags"))),
)
MARKER = "<!--1600919777000-->"
HEADING = "[T](https://o.example/a)\n----\n"
# What front matter and the heads of bodies are made of, whole and cut.
PIECES = (
    *("---\n", "--- \n", "...\n", "+++\n", "{", '{"title": "A"}\n', "title: X\n", "date: 2020-01-02\n", "title:\n"),
    *("tags:\n- a\n\n- b\n", "# c\n", "from: https://e.example/\n", 'title: "a\\"b"\n', "title: >\n  x\n", "a: b: c\n"),
    *(MARKER, MARKER[:12], "<!-- 5 -->", "<!--x-->", "<!-", "-->", HEADING, HEADING[:-5], HEADING[:-1], "[", "---"),
    *(
        " ",
        "\n",
        "\t",
        "\r\n",
        "\r",
        "\x00",
        "\x85",
        "\u2028",
        "\ufeff",
        "text\n",
        "智",
        " " * 500,
        "\n" * 511,
        "智" * 508,
    ),
)


def heads(text: str) -> tuple[Head | LeftOut, Head | LeftOut]:
    """Return the heads of the post whose file holds `text`, made of its whole body and of its front."""
    found = [
        head(
            RawPost(
                Source("posts", "2020-09-24-a.md", 1, 1),
                one.table,
                one.format,
                one.body,
                one.body_line,
                b"",
                one.problems,
            ),
            RULES,
        )
        for one in (parse(text, "posts/2020-09-24-a.md"), parse_front(text, "posts/2020-09-24-a.md"))
    ]
    return found[0], found[1]


def both(source: Source, encoding: str = "utf-8") -> tuple[RawPost | LeftOut, RawPost | LeftOut]:
    """Return `source` as read whole, and as read in front."""
    return read(source, encoding), read_front(source, encoding)


def agree(source: Source, encoding: str = "utf-8") -> None:
    """Hold that both ways of reading `source` tell the same."""
    whole, front = both(source, encoding)
    if isinstance(whole, LeftOut) or isinstance(front, LeftOut):
        assert whole == front
        return
    assert (whole.extent, front.extent) == (Extent.WHOLE, Extent.FRONT)
    assert whole.body.startswith(front.body)
    assert replace(whole, body=front.body, extent=Extent.FRONT) == front
    assert head(whole, RULES) == head(front, RULES)


@pytest.mark.parametrize("name", ["mirror", "magazine", "agency"])
def test_every_real_post(name: str, corpus: Callable[[str], Path]) -> None:
    """Every post of the corpora has the same head by the front of its body as by all of it."""
    folder = corpus(name)
    files = sorted(folder.rglob("*.md"))
    assert len(files) > 500
    for file in files:
        agree(Source(str(folder), str(file.relative_to(folder)), 0, 0))


@given(
    st.lists(st.sampled_from(PIECES), max_size=9).map("".join), st.sampled_from(("", "---\ntitle:\n---\n", "---\na: b"))
)
def test_whatever_a_file_is_made_of(text: str, opening: str) -> None:
    """Whatever stands in a file, its head is the same by the front of its body as by all of it."""
    text = (opening + text).lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    whole, front = heads(text + "智\n" * 600)
    assert whole == front
    whole, front = heads(text)
    assert whole == front


def at_the_border() -> Iterator[str]:
    """Yield bodies in which something that decides lies across the place where a front may end."""
    for start, body in product(
        range(440, 520), (f"{MARKER}\n{HEADING}", HEADING, f"<!--x-->{HEADING}", f"<!-- 5 -->\n\n{HEADING}", "智智智")
    ):
        yield " " * start + body
        yield f"{MARKER}\n[{'智' * (start - 60)}](https://o.example/a)\n------\n"


@pytest.mark.parametrize("front", ["", "---\ntitle:\n---\n", "---\ntitle: A\n---\n", "+++\n+++\n"])
def test_at_the_border_of_the_front(front: str) -> None:
    """Where marker or heading lies across the border of what is looked at first, more is taken."""
    for body in at_the_border():
        whole, head_of_front = heads(f"{front}{body}{'z' * 600}")
        assert whole == head_of_front, body


@pytest.mark.parametrize(
    "text",
    [
        " " * 100_000 + "---\ntitle: A\n---\n",
        "---\n---\n" + "\n" * 100_000 + MARKER,
        "\n" * 100_000 + MARKER + HEADING,
        "---\n" + " " * 100_000 + "\ntitle: A\n---\nText",
        "---\ntitle: A\n---\n" + "<!--" * 100_000,
        "---\ntitle: A\n---\n" + "<!---->" * 100_000,
        "---\ntitle:\n---\n[" + "]" * 100_000,
        "---\ntitle: A\n" + "---" * 100_000,
    ],
    ids=lambda text: repr(text[:20]),
)
def test_time_is_linear(text: str) -> None:
    """A file that is made to be slow is read in a moment, and its head is the same."""
    whole, front = heads(text)
    assert whole == front


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"\xef\xbb\xbf---\ntitle: A\n---\n" + "智".encode() * 600, "utf-8"),
        (f"---\r\ntitle: A\r\n---\r\n{MARKER}\r\n{HEADING}".replace("\n", "\r\n").encode() + b"z" * 600, "utf-8"),
        (b"---\rtitle:\r---\r" + b" " * 510 + b"\r" + HEADING.encode() + b"z" * 600, "utf-8"),
        (b"---\ntitle: A\n---\n" + b"a" * 511 + "智".encode() + b"z" * 600, "utf-8"),
        (b"---\ntitle: A\n---\n" + b"a" * 9_000 + b"\xff", "utf-8"),
        (b"---\ntitle: A\n---\n" + b"a" * 9_000 + "智".encode()[:2], "utf-8"),
        ("---\ntitle: A\n---\n".encode("utf-16") + "智".encode("utf-16-le") * 600, "utf-16"),
        ("---\ntitle: 智\n---\n".encode("gb18030") + "智".encode("gb18030") * 600, "gb18030"),
        (b"---\ntitle: A\n---\n" + b"a" * 9_000 + b"\x81", "gb18030"),
    ],
)
def test_bytes(tmp_path: Path, data: bytes, encoding: str) -> None:
    """Byte order marks, line ends and encodings change nothing, and what is in none is found behind the front."""
    (tmp_path / "2020-09-24-a.md").write_bytes(data)
    agree(Source(str(tmp_path), "2020-09-24-a.md", 0, 0), encoding)


def test_what_is_not_in_its_encoding_behind_the_front(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 leave the post out wherever they stand."""
    (tmp_path / "a.md").write_bytes(b"---\ntitle: A\n---\n" + b"a\n" * 9_000 + b"\xff")
    found = read_front(Source(str(tmp_path), "a.md", 0, 0), "utf-8")
    assert isinstance(found, LeftOut)
    assert (found.reason.code, found.reason.line) == ("encoding", 9_004)


def test_the_front_of_a_long_body_is_short() -> None:
    """Of a long body only the front is taken, so that nothing is done to the rest."""
    for body in (f"{MARKER}\n{HEADING}", "Text.\n", "<p>"):
        front = parse_front(f"---\ntitle: A\n---\n{body}{'智' * 9_000}", "a.md").body
        assert front.startswith(body)
        assert len(front) < 1_000


def test_a_build_that_reads_no_post_waits_for_no_parser() -> None:
    """What parses front matter and dates is imported when a post asks for it."""
    code = (
        "import sys; before = set(sys.modules); "
        "import feeder.collect.read, feeder.collect.walk, feeder.normalise.head; "
        "print({'frontmatter', 'yaml', 'tomllib', 'json', 'dateutil', 'regex'} & (set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_post_of_the_plain_shape_waits_for_no_library() -> None:
    """Front matter as programs write it needs none of the parsers; anything else goes through python-frontmatter."""
    code = (
        "import sys; from feeder.collect.frontmatter import parse_front; "
        "plain = parse_front('---\\ntitle: A\\ntags: [a, b]\\n---\\nText.', 'a.md'); "
        "before = {'frontmatter', 'yaml', 'tomllib'} & set(sys.modules); "
        "other = parse_front('---\\ntitle: {a: b}\\n---\\nText.', 'a.md'); "
        "print(before, 'frontmatter' in sys.modules, plain.table.text('title'), other.format)"
    )
    # Where it measures processes, coverage reads its own configuration with one of them.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "set() True A YAML\n"
