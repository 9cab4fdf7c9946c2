"""Heads and problems as text, and back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from feeder.cache import codec
from feeder.model.head import DateSource, Head
from feeder.model.problem import Level, Problem
from feeder.model.source import LeftOut, Source
from feeder.model.term import Person, RawTerm
from tests.strategies import head

SOURCE = Source("posts", "a.md", 1, 1)
_TEXTS = st.text(st.characters(codec=None), max_size=12)
_INSTANTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)).map(  # noqa: DTZ001 - made aware here
    lambda found: found.replace(microsecond=0, tzinfo=UTC)
)
_PROBLEMS = st.builds(Problem, st.just(SOURCE.file), st.integers(0, 2**40), st.sampled_from(Level), _TEXTS, _TEXTS)
_LISTS = st.lists(_PROBLEMS, max_size=3).map(tuple)
_HEADS = st.builds(
    Head,
    source=st.just(SOURCE),
    digest=st.binary(min_size=16, max_size=16),
    stem=_TEXTS,
    title=_TEXTS,
    published=_INSTANTS,
    updated=_INSTANTS,
    date_source=st.sampled_from(DateSource),
    has_time=st.booleans(),
    explicit_id=_TEXTS,
    origin=_TEXTS,
    link=_TEXTS,
    via=_TEXTS,
    page=_TEXTS,
    language=_TEXTS,
    authors=st.lists(st.builds(Person, _TEXTS, _TEXTS, _TEXTS), max_size=2).map(tuple),
    terms=st.lists(st.builds(RawTerm, _TEXTS, _TEXTS), max_size=3).map(tuple),
    problems=_LISTS,
    titled=st.booleans(),
    files=st.lists(_TEXTS, max_size=2).map(tuple),
    body_digest=st.binary(max_size=16),
    known_id=_TEXTS,
)


@given(_HEADS)
@example(head(title="\ud800\0\u2028", published=datetime(1, 1, 1, tzinfo=UTC)))
@example(head(title="\U0010ffff", published=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)))
def test_heads_are_read_back(found: Head) -> None:
    """Any head comes back as it was, from text that is UTF-8: lone surrogates, instants of any year, files, terms."""
    text = codec.encode_head(found)
    assert text.encode()
    terms = codec.encode_terms(found.terms)
    source = replace(found.source, path="a.md")
    expected = replace(found, source=source)
    assert codec.decode_head(source, found.digest, terms, text, found.body_digest) == expected
    assert codec.decode_voice(text) == (expected.language, tuple(person.name for person in expected.authors))


def test_every_field_of_a_head_is_kept() -> None:
    """No field of a head is forgotten: one that is added to the model is missed here."""
    others = {
        "has_time": True,
        "titled": False,
        "files": ("a.mp3",),
        "authors": (Person("A", "a@example.org", "https://a.example"),),
        "problems": (Problem("posts/a.md", 3, Level.WARNING, "x", "y"),),
        "terms": (RawTerm("tags", "a"),),
        "date_source": DateSource.EPOCH_MARKER,
        "body_digest": b"b",
        "digest": b"d",
    }
    texts = {name: name for name in ("stem", "link", "via", "page", "language", "origin", "explicit_id", "title")}
    full = head("a.md", published=datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC), **others, **texts)  # type: ignore[arg-type]
    full = replace(full, updated=full.published + timedelta(days=1))
    text, terms = codec.encode_head(full), codec.encode_terms(full.terms)
    assert codec.decode_head(full.source, b"d", terms, text, b"b") == full


def test_before_1970() -> None:
    """An instant before 1970 is negative, and comes back."""
    assert codec.instant(-1) == datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert codec.instant(-62_135_596_800) == datetime(1, 1, 1, tzinfo=UTC)


@given(_PROBLEMS, _LISTS)
def test_posts_left_out_are_read_back(reason: Problem, problems: tuple[Problem, ...]) -> None:
    """Why a post is left out comes back, with what else is wrong with it."""
    left = LeftOut(SOURCE, reason, problems)
    assert codec.decode_left_out(SOURCE, codec.encode_left_out(left)) == left


@given(st.lists(st.builds(Problem, _TEXTS, st.integers(0, 9), st.sampled_from(Level), _TEXTS, _TEXTS), max_size=3))
def test_problems_of_any_files_are_read_back(problems: list[Problem]) -> None:
    """Problems that are kept with their files come back in their order."""
    text = codec.encode_located(problems)
    assert text.encode()
    assert codec.decode_located(text) == tuple(problems)


@given(_LISTS)
def test_problems_of_one_file_name_it_when_they_are_read(problems: tuple[Problem, ...]) -> None:
    """Problems of one file are kept without its name, and are about the file that is named then."""
    text = codec.encode_problems(problems)
    assert codec.decode_problems("moved.md", text) == tuple(replace(one, file="moved.md") for one in problems)


@given(st.lists(st.builds(RawTerm, _TEXTS, _TEXTS), max_size=3).map(tuple))
def test_terms_are_read_back(terms: tuple[RawTerm, ...]) -> None:
    """Terms come back in their order; equal terms are equal text."""
    text = codec.encode_terms(terms)
    assert codec.decode_terms(text) == terms
    assert json.loads(text) == [[term.taxonomy, term.label] for term in terms]
