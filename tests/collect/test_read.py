"""One post: bytes to text, front matter and body apart (SPEC §1)."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

from feeder.collect.read import digest_of, local_size, read
from feeder.collect.walk import MAX_BYTES
from feeder.model.characters import legal
from feeder.model.problem import Level
from feeder.model.source import LeftOut, RawPost, Source
from tests.lacking import lacking

HEAD = b"---\ntitle: A\n---\n"


def attempt(folder: Path, encoding: str = "utf-8") -> RawPost | LeftOut:
    """Return what reading `post.md` in `folder` gives."""
    return read(Source(str(folder), "post.md", 0, 0), encoding)


def post(folder: Path, data: bytes, encoding: str = "utf-8") -> RawPost:
    """Return the post whose file holds `data`."""
    (folder / "post.md").write_bytes(data)
    found = attempt(folder, encoding)
    assert isinstance(found, RawPost), found
    return found


def refusal(folder: Path, encoding: str = "utf-8") -> tuple[str, int, str]:
    """Return code, line and sentence of the error that leaves the post out."""
    found = attempt(folder, encoding)
    assert isinstance(found, LeftOut)
    assert found.is_post
    assert found.reason.level is Level.ERROR
    assert found.reason.file == str(folder / "post.md")
    return found.reason.code, found.reason.line, found.reason.message


def test_a_post(tmp_path: Path) -> None:
    """A post is its front matter, its body, where that begins, and the digest of the file's bytes."""
    data = HEAD + "Größe 臺\n".encode()
    found = post(tmp_path, data)
    assert found.front_matter.text("title") == "A"
    assert (found.front_matter_format, found.body, found.body_line) == ("YAML", "Größe 臺\n", 4)
    assert found.digest == blake2b(data, digest_size=16).digest()
    assert found.problems == ()


def test_problems_of_the_front_matter(tmp_path: Path) -> None:
    """What is wrong with the front matter comes with the post."""
    (problem,) = post(tmp_path, b"---\ntitle: &A\n---\n").problems
    assert (problem.file, problem.line) == (str(tmp_path / "post.md"), 2)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends(tmp_path: Path, end: bytes) -> None:
    """Any line ending ends lines, in the front matter and in the body."""
    found = post(tmp_path, b"---\ntitle: A\ntags:\n- x\n---\none\n\ntwo\n".replace(b"\n", end))
    assert (found.front_matter.text("title"), found.front_matter.get("tags")) == ("A", ("x",))
    assert (found.body, found.body_line) == ("one\n\ntwo\n", 6)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"\xef\xbb\xbf" + HEAD, "utf-8"),
        (b"\xef\xbb\xbf\xef\xbb\xbf" + HEAD, "utf-8"),
        (b"\xef\xbb\xbf" + HEAD, "latin-1"),
        (HEAD.decode().encode("utf-16"), "utf-16"),
        (b"\xff\xfe" + HEAD.decode().encode("utf-16-le"), "utf-16-le"),
    ],
)
def test_byte_order_marks(tmp_path: Path, data: bytes, encoding: str) -> None:
    """A byte order mark hides no front matter, and a UTF-8 one says that the file is UTF-8."""
    found = post(tmp_path, data, encoding)
    assert (found.front_matter.text("title"), found.body) == ("A", "")


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16", "euc-jp", "cp1252", "iso2022_jp"])
def test_other_encodings(tmp_path: Path, encoding: str) -> None:
    """`encoding` names the encoding of the files."""
    title = "café" if encoding == "cp1252" else "中文"
    found = post(tmp_path, f"---\ntitle: {title}\n---\n".encode(encoding), encoding)
    assert found.front_matter.text("title") == title


@pytest.mark.parametrize(
    ("data", "encoding", "line", "message"),
    [
        (HEAD + b"caf\xe9", "utf-8", 4, "byte 20 (0xe9) is no utf-8: "),
        (b"\xff", "utf-8", 1, "byte 0 (0xff) is no utf-8: "),
        (b"\xef\xbb\xbfa\r\n\x80", "latin-1", 2, "byte 6 (0x80) is no utf-8: "),
        (b"a\n\xed\xa0\x80", "utf-8", 2, "byte 2 (0xed) is no utf-8: "),
        (b"a\nb\n\xc3\xa9", "ascii", 3, "byte 4 (0xc3) is no ascii: "),
        (b"a\n\xff\xff", "big5", 2, "byte 2 (0xff) is no big5: "),
    ],
)
def test_not_in_its_encoding(tmp_path: Path, data: bytes, encoding: str, line: int, message: str) -> None:
    """Bytes that are not in the encoding are reported with offset and line, and what can be done."""
    (tmp_path / "post.md").write_bytes(data)
    code, where, sentence = refusal(tmp_path, encoding)
    assert (code, where) == ("encoding", line)
    assert sentence.startswith(message)
    assert "posts.encoding" in sentence


def test_every_odd_character(tmp_path: Path, hostile: Callable[[str], list[Any]]) -> None:
    """Characters that XML forbids are removed from front matter and body; what cannot be UTF-8 is reported."""
    for item in hostile("xml_chars"):
        text = f"---\ntitle: A{item['payload']}B\n---\n{item['payload']}Z"
        if "\ud800" <= item["payload"] <= "\udfff":
            (tmp_path / "post.md").write_bytes(text.encode(errors="surrogatepass"))
            assert refusal(tmp_path)[:2] == ("encoding", 2)
            continue
        found = post(tmp_path, text.encode())
        kept = legal(item["payload"])
        assert found.front_matter.text("title") == f"A{kept}B".replace("\n", " ")
        assert found.body == f"{kept}Z"


def fifo(path: Path) -> None:
    """Make a FIFO."""
    os.mkfifo(path)


def sock(path: Path) -> None:
    """Make a socket."""
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(path.parent)  # the name of a socket is short
        try:
            server.bind(path.name)
        finally:
            os.chdir(here)


def link_to_device(path: Path) -> None:
    """Make a link to a file without end."""
    path.symlink_to("/dev/zero")


def link_to_file(path: Path) -> None:
    """Make a link to a post."""
    path.with_name("real.md").write_bytes(HEAD)
    path.symlink_to("real.md")


def link_to_itself(path: Path) -> None:
    """Make a link that leads nowhere."""
    path.symlink_to(path.name)


def folder(path: Path) -> None:
    """Make a folder."""
    path.mkdir()


@pytest.mark.parametrize("make", [fifo, sock, link_to_device, link_to_file, link_to_itself, folder])
def test_no_regular_file(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """What has come in a file's place since the walk is neither followed nor waited for, and nothing stays open."""
    make(tmp_path / "post.md")
    before = len(os.listdir("/dev/fd"))
    assert refusal(tmp_path)[:2] == ("not-a-file", 0)
    assert len(os.listdir("/dev/fd")) == before


def test_removed(tmp_path: Path) -> None:
    """A file that is gone is reported, with what the system says."""
    code, line, message = refusal(tmp_path)
    assert (code, line) == ("unreadable", 0)
    assert "No such file or directory" in message


def test_the_digest_alone(tmp_path: Path) -> None:
    """A file's digest may be asked for alone; of what is not read there is none."""
    assert digest_of(Source(str(tmp_path), "post.md", 0, 0)) == b""
    assert digest_of(Source(str(tmp_path), "", 0, 0)) == b""
    assert post(tmp_path, HEAD).digest == digest_of(Source(str(tmp_path), "post.md", 0, 0))


def test_a_file_that_comes_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is read to its end, however little the system gives at a time."""
    once = os.read
    monkeypatch.setattr(os, "read", lambda descriptor, size: once(descriptor, min(size, 5)))
    assert post(tmp_path, HEAD + b"One.\n" * 9).body == "One.\n" * 9


@pytest.mark.parametrize("more", [0, 1, 1_000_000])
def test_size(tmp_path: Path, more: int) -> None:
    """10 MB are read, and a byte more is too much, however big the file has become since the walk."""
    with (tmp_path / "post.md").open("wb") as stream:
        stream.write(HEAD)
        stream.truncate(MAX_BYTES + more)
    if more:
        assert refusal(tmp_path)[:2] == ("too-big", 0)
    else:
        found = attempt(tmp_path)
        assert isinstance(found, RawPost)
        assert found.front_matter.text("title") == "A"


def test_names_that_are_no_utf_8(tmp_path: Path) -> None:
    """A file whose name is no UTF-8 is read all the same."""
    name = os.fsdecode(b"caf\xe9.md")
    try:
        (tmp_path / name).write_bytes(HEAD)
    except OSError:
        lacking("this file system takes UTF-8 names only")
    assert isinstance(read(Source(str(tmp_path), name, 0, 0), "utf-8"), RawPost)


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("a/b.mp3", 5),
        ("/a/b.mp3", 5),
        ("./a//b.mp3", 5),
        ("a", 0),
        ("link.mp3", 0),
        ("none.mp3", 0),
        ("", 0),
        ("/", 0),
        ("../secret", 0),
        ("a/../a/b.mp3", 0),
        ("a\0b", 0),
        ("\ud800", 0),
        ("x" * 5_000, 0),
    ],
)
def test_local_size(tmp_path: Path, path: str, size: int) -> None:
    """The size of a regular file below the folder is told, and of nothing else."""
    (tmp_path / "site" / "a").mkdir(parents=True)
    (tmp_path / "site" / "a" / "b.mp3").write_bytes(b"12345")
    (tmp_path / "site" / "link.mp3").symlink_to("a/b.mp3")
    (tmp_path / "secret").write_bytes(b"123")
    assert local_size(str(tmp_path / "site"), path) == size
