"""Jekyll's `_config.yml` and `_data/authors.yml`: what of them concerns feeds; every other key is Jekyll's own."""

from __future__ import annotations

from feeder.config.settings import Settings
from feeder.config.slices import Default
from feeder.errors import UsageError
from feeder.model.characters import fold, legal
from feeder.model.problem import printable
from feeder.model.table import Table, Value
from feeder.model.term import Person
from feeder.plainyaml import DuplicateKeys, PlainYamlError, load

_TRUE = frozenset("y yes true on".split())


def read_jekyll(name: str, folder: str, text: str) -> Settings:
    """Return what the `_config.yml` called `name` says; raises UsageError with file and line where it is no YAML."""
    table = _value(name, text) or Table()
    if not isinstance(table, Table):
        raise UsageError(printable(f"{name}:1: this is no list of `key: value` lines"))
    feed = table.get("feed")
    limit = feed.text("posts_limit")[:9] if isinstance(feed, Table) else ""
    url = table.text("url").rstrip("/")
    return Settings(
        name=name,
        folder=folder,
        url=f"{url}/{table.text('baseurl').strip('/')}".rstrip("/") if url else "",
        title=table.text("title") or table.text("name"),
        description=fold(table.text("description")),
        lang=table.text("lang"),
        authors=people(table.get("author")),
        timezone=table.text("timezone"),
        exclude=_texts(table.get("exclude")),
        drafts=table.text("show_drafts").lower() in _TRUE,
        future=table.text("future").lower() in _TRUE,
        permalink=table.text("permalink") or "date",
        excerpt_separator=_separator(table.get("excerpt_separator")),
        limit=int(limit) if limit.isascii() and limit.isdigit() and int(limit) else None,
        defaults=_defaults(table.get("defaults"), folder),
        feed_paths=_feed_paths(feed) if isinstance(feed, Table) else (),
        feed_labels=_texts(feed.get("categories")) if isinstance(feed, Table) else (),
    )


def plugins(name: str, text: str) -> tuple[str, ...]:
    """Return the plug-ins that the `_config.yml` called `name` asks for; raises UsageError as `read_jekyll` does."""
    table = _value(name, text)
    return (*_texts(table.get("plugins")), *_texts(table.get("gems"))) if isinstance(table, Table) else ()


def read_people(name: str, text: str) -> tuple[tuple[str, Person], ...]:
    """Return the authors that `_data/authors.yml` knows, by their keys; none where it holds something else."""
    table = _value(name, text)
    if not isinstance(table, Table):
        return ()
    return tuple((field.key, found[0]) for field in table if (found := people(field.value)))


def people(value: Value) -> tuple[Person, ...]:
    """Return the persons that a configuration's `author` names: text, a mapping, or a list of them."""
    if isinstance(value, str):
        return (Person(fold(value)),) if fold(value) else ()
    if isinstance(value, Table):
        name = fold(value.first_text(("name", "full_name", "display_name")))
        return (Person(name, value.text("email"), value.first_text(("uri", "url"))),) if name else ()
    return tuple(person for item in value or () for person in people(item))


def _value(name: str, text: str) -> Value:
    try:
        return load(legal(text), DuplicateKeys())
    except PlainYamlError as problem:
        raise UsageError(
            printable(f"{name}:{problem.line}: this is no YAML that feeder reads: {problem.reason}")
        ) from None


def _separator(value: Value) -> str:
    # Jekyll's own default, an empty line, says nothing about where an excerpt ends.
    return value if isinstance(value, str) and value.strip() else ""


def _texts(value: Value) -> tuple[str, ...]:
    items = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
    return tuple(item for item in items if isinstance(item, str) and item)


def _feed_paths(feed: Table) -> tuple[tuple[str, str], ...]:
    """Return where jekyll-feed was told to put the site's feed, and those of tags."""
    tags = feed.get("tags")
    below = tags.text("path") if isinstance(tags, Table) else ""
    paths = {"": feed.text("path"), "tags": f"{below}*.xml" if below else ""}
    return tuple((taxonomy, path) for taxonomy, path in paths.items() if path)


def _defaults(value: Value, folder: str) -> tuple[Default, ...]:
    found: list[Default] = []
    for item in value if isinstance(value, tuple) else ():
        if not isinstance(item, Table):
            continue
        scope, values = item.get("scope"), item.get("values")
        path = scope.text("path").strip("/") if isinstance(scope, Table) else ""
        kind = scope.text("type") if isinstance(scope, Table) else ""
        if isinstance(values, Table) and kind in ("", "posts", "drafts"):
            found.append(Default(f"{folder}/{path}".removeprefix("./") if folder and path else path, values))
    return tuple(found)
