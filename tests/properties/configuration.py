"""The settings of a site, by table and key, as a configuration file says them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

_LISTS = ("feeds.query",)
_JEKYLL = {
    "site.title": "title",
    "site.timezone": "timezone",
    "posts.permalink": "permalink",
    "posts.exclude": "exclude",
    "posts.drafts": "show_drafts",
    "posts.future": "future",
    "content.excerpt_separator": "excerpt_separator",
    "jekyll.defaults": "defaults",
}


def toml(settings: Mapping[str, object]) -> str:
    """Return a `feeder.toml` of settings by `table.key`; None is what is not said."""
    tables: dict[str, list[str]] = {}
    below: list[str] = []
    for name, value in settings.items():
        table, _, key = name.rpartition(".")
        if name in _LISTS:
            for one in value if isinstance(value, list) else ():
                below += [f"[[{name}]]\n", *(f"{field} = {_value(of)}\n" for field, of in one.items())]
        elif table not in ("", "jekyll") and value is not None:
            tables.setdefault(table, []).append(f"{key} = {_value(value)}\n")
    return "".join([*(f"[{table}]\n" + "".join(lines) for table, lines in tables.items()), *below])


def _value(value: object) -> str:
    """Return a value as TOML, a table in one line."""
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {_value(one)}' for key, one in value.items())} }}"
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def yaml(settings: Mapping[str, object]) -> str:
    """Return a `_config.yml` of those settings that Jekyll has too."""
    found: dict[str, object] = {"feed": {"posts_limit": settings.get("feeds.limit", 4)}}
    for name, key in _JEKYLL.items():
        if settings.get(name) is not None:
            found[key] = settings[name]
    return json.dumps(found)
