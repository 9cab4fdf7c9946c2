"""Heads and problems as text, and back: JSON, never pickle. What is read back was sealed, or is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

from feeder.model.head import DateSource, Head
from feeder.model.problem import Level, Problem
from feeder.model.source import LeftOut, Source
from feeder.model.term import Person, RawTerm

_READABLY = json.JSONEncoder(separators=(",", ":"), check_circular=False, ensure_ascii=False).encode
_SAFELY = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_HALVES = re.compile("[\ud800-\udfff]")
_LANGUAGE = 11  # where a head has its language; its authors come next
_DECODE = json.JSONDecoder().decode


def _encode(value: object) -> str:
    """Return `value` as JSON; half a surrogate pair, as in the name of a file that is no UTF-8, is escaped."""
    text = _READABLY(value)
    return _SAFELY(value) if _HALVES.search(text) else text


def encode_head(head: Head) -> str:
    """Return `head` without what its row says anyway: source, digest, terms, body digest."""
    return _encode(
        (
            head.stem,
            head.title,
            int(head.published.timestamp()),
            int(head.updated.timestamp()),
            head.date_source,
            head.has_time,
            head.explicit_id,
            head.origin,
            head.link,
            head.via,
            head.page,
            head.language,
            [(person.name, person.email, person.uri) for person in head.authors],
            [_problem(problem) for problem in head.problems],
            head.titled,
            head.files,
            head.known_id,
        )
    )


def decode_head(source: Source, digest: bytes, terms: str, text: str, body: bytes) -> Head:
    """Return the head of the post in `source`, whose row holds `terms` and `text`."""
    (
        stem, title, published, updated, date_source, has_time, explicit_id, origin, link, via, page, language,
        authors, problems, titled, files, known_id,
    ) = _DECODE(text)  # fmt: skip
    return Head(
        source=source,
        digest=digest,
        stem=stem,
        title=title,
        published=instant(published),
        updated=instant(updated),
        date_source=DateSource(date_source),
        has_time=has_time,
        explicit_id=explicit_id,
        origin=origin,
        link=link,
        via=via,
        page=page,
        language=language,
        authors=tuple(Person(*person) for person in authors),
        terms=decode_terms(terms),
        problems=tuple(_located(source.file, problem) for problem in problems),
        titled=titled,
        files=tuple(files),
        body_digest=body,
        known_id=known_id,
    )


def decode_voice(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the language and the authors' names of the head in `text`."""
    head = _DECODE(text)
    return head[_LANGUAGE], tuple(name for name, *_ in head[_LANGUAGE + 1])


def encode_left_out(left: LeftOut) -> str:
    """Return why a file gives no entry, and what else is wrong with it."""
    return encode_problems((left.reason, *left.problems))


def decode_left_out(source: Source, text: str) -> LeftOut:
    """Return what `encode_left_out` was given, but for its digest and whether it is a post."""
    reason, *others = decode_problems(source.file, text)
    return LeftOut(source, reason, tuple(others))


def encode_problems(problems: Iterable[Problem]) -> str:
    """Return `problems` of one file, without its name."""
    return _encode([_problem(problem) for problem in problems])


def decode_problems(file: str, text: str) -> tuple[Problem, ...]:
    """Return the problems in `text`, of the post in `file`."""
    return tuple(_located(file, problem) for problem in _DECODE(text))


@lru_cache(maxsize=4096)
def encode_terms(terms: tuple[RawTerm, ...]) -> str:
    """Return a post's terms as text: most posts have the same few."""
    return _encode([(term.taxonomy, term.label) for term in terms])


def decode_terms(text: str) -> tuple[RawTerm, ...]:
    """Return the terms in `text`."""
    return tuple(RawTerm(taxonomy, label) for taxonomy, label in _DECODE(text))


def instant(seconds: int) -> datetime:
    """Return the instant so many `seconds` after 1970 began, in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def _problem(problem: Problem) -> tuple[int, str, str, str]:
    return problem.line, problem.level, problem.code, problem.message


def _located(file: str, problem: tuple[int, str, str, str]) -> Problem:
    line, level, code, message = problem
    return Problem(file, line, Level(level), code, message)


def encode_located(problems: Iterable[Problem]) -> str:
    """Return `problems` of any files."""
    return _encode([(problem.file, *_problem(problem)) for problem in problems])


def decode_located(text: str) -> tuple[Problem, ...]:
    """Return what `encode_located` was given."""
    return tuple(_located(file, (line, level, code, message)) for file, line, level, code, message in _DECODE(text))
