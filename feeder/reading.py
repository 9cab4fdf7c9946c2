"""The first map, over files: what a worker makes of one, and how the rows of the cache follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from feeder.cache.posts import Posts
from feeder.cache.rows import Candidate, Reader, Row, content_of, make_left_out, make_row
from feeder.collect.read import digest_of, read, read_front
from feeder.engine.choice import Engines
from feeder.engine.limits import Death
from feeder.model.problem import Level, Problem
from feeder.model.source import Extent, LeftOut, Run, Source
from feeder.normalise.head import body_digest, head
from feeder.normalise.identity import alone
from feeder.observer import Observer, counted

FILES_A_TASK = 200


def read_posts(posts: Posts, runs: Sequence[Run], reader: Reader, engines: Engines, observer: Observer) -> None:
    """Bring `posts` up to date with the files of `runs`: what is new or changed is read, what is gone is forgotten."""
    changes = posts.changes(runs)
    for n in changes.gone:
        posts.drop(n)
    todo = changes.count
    work = partial(read_row, reader=reader)
    results = engines.engine(todo).map(work, changes.candidates, FILES_A_TASK, _unread)
    for result in counted(results, "reading", todo, observer):
        if isinstance(result, Row):
            posts.put(result)
        else:
            posts.confirm(result)


def read_bodies(sources: Sequence[Source], reader: Reader, engines: Engines) -> dict[tuple[str, str], bytes]:
    """Return the digests of the bodies of `sources`, by root and path, as duplicates are compared."""
    found = engines.engine(len(sources)).map(partial(read_body, reader=reader), sources, FILES_A_TASK, _without_body)
    return {(source.root, source.path): body for source, body in found}


def read_row(candidate: Candidate, data: bytes | None = None, *, reader: Reader) -> Row | Candidate:
    """Return what was read of the file, or the candidate itself where its bytes are known: a worker's first task.

    `data` are the file's bytes where it is on another machine, as in every task.
    """
    source, rules = candidate.source, reader.rules
    try:
        if candidate.digest and digest_of(source, data) == candidate.digest:
            return candidate
        whole = reader.extent is Extent.WHOLE
        raw = (read if whole else read_front)(source, rules.encoding, data, rules.compat)
        found = raw if isinstance(raw, LeftOut) else head(raw, rules)
        if isinstance(found, LeftOut):
            seen = found if isinstance(raw, LeftOut) else replace(found, digest=raw.digest)
            return make_left_out(candidate, seen)
        own = alone(found, reader.site_id)
        content = b"" if isinstance(raw, LeftOut) or not whole else content_of(found, body_digest(raw, rules.defaults))
        return make_row(candidate, found, own.group, own.id, reader.now, content)
    except MemoryError:
        raise
    except Exception as problem:  # noqa: BLE001 - one post never stops the others, whatever it found in us
        return make_left_out(candidate, LeftOut(source, internal(source, problem)))


def read_body(source: Source, data: bytes | None = None, *, reader: Reader) -> tuple[Source, bytes]:
    """Return the digest of the body of the post in `source`, b"" where there is none: a worker's task."""
    try:
        raw = read(source, reader.rules.encoding, data, reader.rules.compat)
        return source, b"" if isinstance(raw, LeftOut) else body_digest(raw, reader.rules.defaults)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - the body is rendered later, and what is wrong is said then
        return source, b""


def internal(source: Source, problem: BaseException) -> Problem:
    """Return what is said of a post over which feeder itself failed."""
    message = (
        f"feeder failed on this post ({type(problem).__name__}: {str(problem)[:200]}); the others go on: "
        "please report it with the file"
    )
    return Problem(source.file, 0, Level.ERROR, "internal", message)


def died(source: Source, death: Death) -> Problem:
    """Return what is said of a post that killed the process that worked on it."""
    message = f"the process that worked on this post {death.value}; the others go on: please report it with the file"
    return Problem(source.file, 0, Level.ERROR, "died", message)


def _unread(candidate: Candidate, death: Death) -> Row:
    return make_left_out(candidate, LeftOut(candidate.source, died(candidate.source, death)))


def _without_body(source: Source, death: Death) -> tuple[Source, bytes]:
    del death
    return source, b""
