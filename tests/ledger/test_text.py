"""A ledger's text: what is written is read back, and whatever else is there is an error that names the line."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.errors import UsageError
from feeder.ledger.text import HEADER, entry_text, parse, slug_text
from feeder.model.ledger import Line
from feeder.model.term import GivenSlug

LINE = Line("urn:example:1", "stem a", bytes(range(8)), bytes(range(8, 16)), 1_704_103_200, 1_704_103_201)
TEXT = "entry\turn:example:1\tstem a\t000102030405060708090a0b0c0d0e0f\t2024-01-01T10:00:00Z\t2024-01-01T10:00:01Z"
OTHER = TEXT.replace("example:1", "example:2")
SLUG = "slug\ttags\tc++\tc-plus-plus"


def read(*lines: str) -> list[Line | GivenSlug]:
    """Return what stands in a ledger of these lines below the first."""
    return list(parse("\n".join((HEADER, *lines, "")).encode(), "feeder.ledger"))


def test_lines_are_as_documented() -> None:
    """An entry and a slug stand there as docs/ledger.md says."""
    assert entry_text(LINE) == TEXT
    assert entry_text(replace(LINE, gone=True)) == f"{TEXT}\tgone"
    assert slug_text(GivenSlug("tags", "c++", "c-plus-plus")) == SLUG
    assert read(TEXT, SLUG) == [LINE, GivenSlug("tags", "c++", "c-plus-plus")]


@given(
    st.text(min_size=1).filter(lambda text: text.isprintable() or not re.search("[\ud800-\udfff]", text)),
    st.binary(min_size=16, max_size=16),
    st.integers(-60_000_000_000, 250_000_000_000),
    st.booleans(),
)
def test_what_is_written_is_read_back(key: str, content: bytes, seconds: int, gone: bool) -> None:
    """Whatever an origin or a term is made of."""
    line = Line("urn:example:1", f"origin {key}", content[:8], content[8:], seconds, seconds + 1, gone)
    slug = GivenSlug("tags", key, "a")
    assert read(entry_text(line), slug_text(slug)) == [line, slug]
    assert len(entry_text(line).splitlines()) == 1


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing at all"),
        pytest.param(f"{HEADER}".encode(), id="no end of line"),
        pytest.param(f"\ufeff{HEADER}\r\n\r\n".encode(), id="as another system has it"),
    ],
)
def test_an_empty_ledger(data: bytes) -> None:
    """Who wants to keep a ledger makes an empty file."""
    assert list(parse(data, "feeder.ledger")) == []


def test_order_and_ends_of_lines_are_no_matter() -> None:
    """A ledger that was merged by hand is put in order by the next build."""
    assert read(SLUG, f"{OTHER}\r", "", TEXT) == [*read(SLUG), *read(OTHER), LINE]


@pytest.mark.parametrize(
    ("lines", "number", "said"),
    [
        (["<<<<<<< HEAD", TEXT], 2, "a mark of a merge"),
        ([TEXT, "======="], 3, "a mark of a merge"),
        ([TEXT, OTHER, ">>>>>>> other"], 4, "a mark of a merge"),
        ([TEXT, "||||||| base"], 3, "a mark of a merge"),
        ([TEXT, TEXT], 3, "line 2 has the same id"),
        ([TEXT, TEXT + "\tgone"], 3, "line 2 has the same id"),
        ([OTHER, SLUG, TEXT, "", OTHER], 6, "line 2 has the same id"),
        ([SLUG, SLUG], 3, "line 2 has the same term"),
        ([SLUG, SLUG.replace("c++", "c plus plus")], 3, "line 2 has the same slug"),
        ([SLUG, SLUG.replace("\tc-plus-plus", "\tc")], 3, "line 2 has the same term"),
        (["nonsense"], 2, "'nonsense' is neither an entry nor a slug"),
        (["entry"], 2, "an entry has 5 fields"),
        ([TEXT + "\tgone\tx"], 2, "this has 7"),
        ([TEXT.replace("\t", " ")], 2, "neither an entry nor a slug"),
        ([TEXT.replace("urn:example:1", "example")], 2, "'example' stands where an id"),
        ([TEXT.replace("urn:example:1", "urn:")], 2, "where an id"),
        ([TEXT.replace("urn:example:1", "urn:\\ud800")], 2, "does not exist"),
        ([TEXT.replace("stem a", "a")], 2, "'a' stands where what the post is known by"),
        ([TEXT.replace("0f\t", "0F\t")], 2, "where a digest"),
        ([TEXT.replace("0f\t", "\t")], 2, "where a digest"),
        ([TEXT.replace("01-01T10:00:00Z", "01-01")], 2, "where an instant"),
        ([TEXT.replace("2024-01-01T10:00:01Z", "2024-01-01T10:00:01+01:00")], 2, "where an instant"),
        ([TEXT.replace("2024-01-01T10:00:01Z", "2024-02-30T10:00:01Z")], 2, "does not exist"),
        ([TEXT.replace("2024-01-01T10:00:01Z", "0000-01-01T10:00:01Z")], 2, "does not exist"),
        ([TEXT + "\tlost"], 2, "'lost' stands where `gone`"),
        ([TEXT.replace("urn:example:1", "urn:a\x07")], 2, "a control character"),
        ([TEXT, OTHER.replace("stem a", "stem \u2028a")], 3, "a control character"),
        ([TEXT.replace("stem a", "stem a\\x")], 2, "does not exist"),
        ([SLUG.replace("c-plus-plus", "../x")], 2, "a slug is"),
        ([SLUG.replace("c-plus-plus", "")], 2, "a slug is"),
        ([SLUG + "\tx"], 2, "a slug is"),
    ],
)
def test_a_ledger_that_does_not_fit(lines: list[str], number: int, said: str) -> None:
    """The sentence names the file and the line, says what is wrong there, and what to do."""
    with pytest.raises(UsageError) as caught:
        read(*lines)
    assert str(caught.value).startswith(f"feeder.ledger:{number}: ")
    assert said in str(caught.value)
    assert str(caught.value).endswith("take the last good one out of your repository")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"entry\n", "feeder.ledger:1: a ledger begins with the line `feeder.ledger 1`"),
        (b"\n", "feeder.ledger:1: a ledger begins with"),
        (b"<<<<<<< HEAD\n", "feeder.ledger:1: this is a mark of a merge"),
        (b"feeder.ledger 2\n", "feeder.ledger:1: this ledger is of version 2, and this feeder knows version 1"),
        (b"feeder.ledger 1\nx\ny\xff\n", "feeder.ledger:3: this is no UTF-8"),
    ],
)
def test_what_is_no_ledger(data: bytes, said: str) -> None:
    """Nor one of another version."""
    with pytest.raises(UsageError, match=f"^{re.escape(said)}"):
        list(parse(data, "feeder.ledger"))


@given(st.binary(), st.booleans())
def test_no_bytes_crash_it(data: bytes, headed: bool) -> None:
    """Whatever somebody put there, it is read or refused with a sentence of one printable line."""
    said = ""
    try:
        list(parse(HEADER.encode() + b"\n" + data if headed else data, "feeder.ledger"))
    except UsageError as problem:
        said = str(problem)
    assert len(said.splitlines()) < 2
