"""A Pelican site, by its `pelicanconf.py` and `publishconf.py`: read as text for what they assign, never run."""

from __future__ import annotations

import ast
import os
import re
import warnings
from collections.abc import Mapping

from feeder.config.scheme import PERMALINKS, Compat
from feeder.model.term import Person
from feeder.proposal.facts import Facts, Kind, text_of

_NAMES = ("pelicanconf.py", "publishconf.py")
_PATTERN = re.compile(r"\{(slug|category|date:[^{}]*)\}")
_DIRECTIVE = re.compile(r"%-?([A-Za-z%])")
_DATES = {"Y": ":year", "y": ":short_year", "m": ":month", "d": ":day", "b": ":short_month", "B": ":long_month"}
_DATES |= {"j": ":y_day", "H": ":hour", "M": ":minute", "S": ":second", "a": ":short_day", "A": ":long_day"}


def pelican(folder: str) -> Facts | None:
    """Return what is known of the Pelican site in `folder`, None where there is none."""
    if not os.path.isfile(os.path.join(folder, _NAMES[0])):
        return None
    values: dict[str, object] = {}
    for name in _NAMES:
        # What is published is said last.
        values |= {key: value for key, value in _assigned(text_of(folder, name)).items() if value != ""}
    path = _text(values, "PATH") or ("content" if os.path.isdir(os.path.join(folder, "content")) else ".")
    permalink, notes = _permalink(_text(values, "ARTICLE_URL"))
    limit = values.get("FEED_MAX_ITEMS")
    author = _text(values, "AUTHOR")
    return Facts(
        kind=Kind.PELICAN,
        file=_NAMES[0],
        url=_text(values, "SITEURL"),
        title=_text(values, "SITENAME"),
        description=_text(values, "SITESUBTITLE"),
        lang=_text(values, "DEFAULT_LANG"),
        authors=(Person(author),) if author else (),
        timezone=_text(values, "TIMEZONE"),
        roots=_roots(path, values.get("ARTICLE_PATHS")),
        permalink=permalink,
        limit=limit if isinstance(limit, int) and not isinstance(limit, bool) and 0 < limit < 10**9 else None,
        compat=Compat.PELICAN,
        notes=notes,
    )


def _assigned(text: str) -> dict[str, object]:
    """Return what `text`, a Python module, assigns to names as plain values, the last of each; {} for what is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes that Python does not know
            body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[str, object] = {}
    for statement in body:
        targets = statement.targets if isinstance(statement, ast.Assign) else ()
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(statement, ast.Assign):
                try:
                    found[target.id] = ast.literal_eval(statement.value)
                except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                    found.pop(target.id, None)
    return found


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""


def _roots(path: str, below: object) -> tuple[str, ...]:
    """Return the folders of articles: those of ARTICLE_PATHS below PATH, or PATH; () for what feeder takes anyway."""
    top = os.path.normpath(path)
    names = (
        [name for name in below if isinstance(name, str) and name.strip()] if isinstance(below, list | tuple) else []
    )
    roots = tuple(os.path.normpath(os.path.join(top, name)) for name in names) or (top,)
    return () if roots == ("content",) else tuple(root for root in roots if not root.startswith(("..", "/")))


def _permalink(pattern: str) -> tuple[str, tuple[str, ...]]:
    """Return ARTICLE_URL in feeder's words, "" where it is what feeder takes anyway or has words that it has not."""
    translated = _PATTERN.sub(_word, pattern)
    if "{" in translated or "%" in translated:
        return "", (
            f"its ARTICLE_URL ({pattern!r}) holds words that feeder does not know: say `posts.permalink` yourself",
        )
    translated = f"/{translated.lstrip('/')}" if translated else ""
    return ("" if translated == PERMALINKS[Compat.PELICAN] else translated), ()


def _word(match: re.Match[str]) -> str:
    name, _, directives = match[1].partition(":")
    return _DIRECTIVE.sub(lambda found: _DATES.get(found[1], found[0]), directives) if directives else f":{name}"
