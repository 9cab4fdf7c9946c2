r"""A ledger as text (docs/ledger.md): a line that says what it is, then a line an entry and a line a slug, sorted.

Fields are parted by tabs; what cannot stand in a field is written as JSON would write it (`\\`, `\t`, `\u2028`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

from feeder.errors import UsageError
from feeder.model.characters import legal
from feeder.model.instant import rfc3339
from feeder.model.ledger import Line
from feeder.model.problem import printable
from feeder.model.term import GivenSlug

VERSION = 1
HEADER = f"feeder.ledger {VERSION}"

_ID = r"(?i:https?|urn|tag):[^\t]+"
_KEY = r"(?:origin|stem) [^\t]+"
_DIGEST = "[0-9a-f]{32}"
_INSTANT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
_ENTRY = re.compile(rf"entry\t({_ID})\t({_KEY})\t({_DIGEST})\t({_INSTANT})\t({_INSTANT})(\tgone)?")
_FIELDS = (
    (_ID, "an id, an http(s):, urn: or tag: IRI"),
    (_KEY, "what the post is known by, `origin URL` or `stem NAME`"),
    (_DIGEST, "a digest of 32 hexadecimal digits"),
    (_INSTANT, "an instant like 2024-05-01T10:00:00Z"),
    (_INSTANT, "an instant like 2024-05-01T10:00:00Z"),
    ("gone", "`gone`"),
)
_SLUG = re.compile(r"slug\t([^\t]+)\t([^\t]+)\t([^\t]+)")
_CONFLICT = re.compile(r"<{7}|={7}|>{7}|\|{7}")
_HEADER = re.compile(r"feeder\.ledger ([0-9]{1,9})")
_UNSAFE = re.compile("[\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_SHORT = {"\\": "\\\\", "\t": "\\t", "\n": "\\n"}
_ESCAPE = re.compile(r"\\(?:(?P<char>[\\tn])|u(?P<code>[0-9a-f]{4}))")
_ESCAPED = re.compile(r"(?:[^\\]|\\[\\tn]|\\u[0-9a-f]{4})*")
_SHOWN = 80  # how much of a wrong line a message quotes, in characters


def entry_text(line: Line) -> str:
    """Return `line` as it stands in a ledger."""
    instants = (rfc3339(datetime.fromtimestamp(seconds, UTC)) for seconds in (line.published, line.updated))
    fields = ("entry", _escaped(line.id), _escaped(line.key), (line.title + line.body).hex(), *instants)
    return "\t".join((*fields, "gone") if line.gone else fields)


def slug_text(given: GivenSlug) -> str:
    """Return `given` as it stands in a ledger."""
    return "\t".join(("slug", *map(_escaped, (given.taxonomy, given.key, given.slug))))


def entry(text: str) -> Line | None:
    """Return the entry that `text` is, or None; raises ValueError for what only looks like a day or a character."""
    match = _ENTRY.fullmatch(text)
    if match is None:
        return None
    name, key, content, published, updated, gone = match.groups()
    return Line(
        id=_legal(_unescaped(name)) if "\\" in name else name,
        key=_unescaped(key) if "\\" in key else key,
        title=bytes.fromhex(content[:16]),
        body=bytes.fromhex(content[16:]),
        published=_seconds(published),
        updated=_seconds(updated),
        gone=gone is not None,
    )


def parse(data: bytes, name: str) -> Iterator[Line | GivenSlug]:
    """Yield what stands in the ledger `data`, called `name`; one without a byte is a new one, and empty.

    Raises UsageError, which names the line and says what to do. The order of lines and how they end is no matter.
    """
    lines = _decoded(data, name).split("\n")
    if lines == [""]:
        return
    _check_header(lines[0], name)
    # Of lines in order equal ids are next to each other, so a million of them need not be remembered.
    in_order = all(one < other for one, other in pairwise(lines[1:-1]))
    seen: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(lines[1:], 2):
        if not line:
            continue
        try:
            found = entry(line) or _slug(line)
        except ValueError:
            raise _wrong(name, number, "a day, a time or a character in it does not exist") from None
        if found is None:
            raise _wrong(name, number, _reason(line))
        if in_order and isinstance(found, Line):
            seen = {key: line for key, line in seen.items() if line == number - 1}
        for key in _keys(found):
            if key in seen:
                raise _wrong(name, number, f"line {seen[key]} has the same {key[0]}, and only one of the two can stay")
            seen[key] = number
        yield found


def _decoded(data: bytes, name: str) -> str:
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as problem:
        raise _wrong(name, data.count(b"\n", 0, problem.start) + 1, "this is no UTF-8") from None
    if raw := _RAW.search(text):
        raise _wrong(name, text.count("\n", 0, raw.start()) + 1, "it holds a control character")
    return text


def _keys(found: Line | GivenSlug) -> tuple[tuple[str, ...], ...]:
    if isinstance(found, Line):
        return (("id", found.id),)
    return ("term", found.taxonomy, found.key), ("slug", found.taxonomy, found.slug)


def _check_header(line: str, name: str) -> None:
    match = _HEADER.fullmatch(line)
    if match is None:
        reason = "this is a mark of a merge" if _CONFLICT.match(line) else f"a ledger begins with the line `{HEADER}`"
        raise _wrong(name, 1, reason)
    if int(match[1]) != VERSION:
        message = f"{name}:1: this ledger is of version {match[1]}, and this feeder knows version {VERSION}"
        raise UsageError(printable(f"{message}: use the feeder that wrote it"))


def _slug(line: str) -> GivenSlug | None:
    match = _SLUG.fullmatch(line)
    if match is None:
        return None
    taxonomy, key, slug = (_unescaped(field) for field in match.groups())
    found = GivenSlug(taxonomy, key, slug)
    return found if found.fits else None


def _reason(line: str) -> str:
    """Return what is wrong with a line that is neither an entry nor a slug."""
    if _CONFLICT.match(line):
        return "this is a mark of a merge"
    kind, *fields = line.split("\t")
    if kind == "slug":
        return "a slug is `slug`, the taxonomy, the term and its slug, parted by tabs"
    if kind != "entry":
        return f"{line[:_SHOWN]!r} is neither an entry nor a slug"
    for field, (pattern, what) in zip(fields, _FIELDS, strict=False):
        if not re.fullmatch(pattern, field):
            return f"{field[:_SHOWN]!r} stands where {what} must"
    return f"an entry has 5 fields, or 6 where it is gone, and this has {len(fields)}"


def _wrong(name: str, number: int, reason: str) -> UsageError:
    advice = "put the ledger in order by hand, or take the last good one out of your repository"
    return UsageError(printable(f"{name}:{number}: {reason}: {advice}"))


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _escaped(text: str) -> str:
    return _UNSAFE.sub(lambda match: _SHORT.get(match[0]) or f"\\u{ord(match[0]):04x}", text)


def _legal(text: str) -> str:
    if legal(text) != text:
        raise ValueError("no character of a feed")
    return text


def _unescaped(text: str) -> str:
    if not _ESCAPED.fullmatch(text):
        raise ValueError("no such escape")
    plain = {"\\": "\\", "t": "\t", "n": "\n"}
    return _ESCAPE.sub(lambda match: plain[match["char"]] if match["char"] else chr(int(match["code"], 16)), text)
