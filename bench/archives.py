"""What archives cost: builds of archives of growing size, with and without archive documents (RFC 5005)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import builds, changes
from bench.corpus import Corpus
from bench.measure import Command, Result, compare, run
from bench.rows import spread

SIZES = (2_500, 5_000, 10_000)

_FEEDS = '\n[feeds]\narchive = ["site", "categories"]\n'
_CHANGES = (("no change", changes.no_change), ("new", changes.add_post), ("old", changes.edit_middle))


@dataclass(frozen=True, slots=True)
class _Measured:
    """An archive of one size: how many posts and documents, and what was measured of each change, with and without.

    `written` are how many documents a new post changed, and another word in an old one, where there are archives.
    """

    posts: int
    documents: int
    plain: dict[str, Result]
    archived: dict[str, Result]
    written: tuple[int, int]


def growth_rows(corpus: Corpus, scratch: Path, runs: int) -> Iterator[str]:
    """Yield a row for each size of an archive, and how the largest compares with the smallest."""
    yield (
        "| posts | documents | no change, without archives | with | a new post, without | with | documents written "
        "| an old post edited, without | with | documents written |"
    )
    yield "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    found = []
    for size in SIZES:
        one = _measured(corpus.sample(size), scratch / str(size), runs)
        found.append(one)
        builds.empty(scratch / str(size))
        cells = [f"{one.posts:,}", f"{one.documents:,}"]
        for name, _ in _CHANGES:
            cells += [spread(one.plain[name]), spread(one.archived[name])]
            cells += [str(one.written[name == "old"])] if name != "no change" else []
        yield f"| {' | '.join(cells)} |"
    first, last = found[0], found[-1]
    yield ""
    for name, words in (("new", "A new post"), ("old", "An old post edited")):
        more = [one.archived[name].seconds - one.plain[name].seconds for one in (first, last)]
        yield (
            f"- {words}: archives add {more[0]:.2f} s to a build of {first.posts:,} posts, and {more[1]:.2f} s to one "
            f"of {last.posts:,}, where there are {last.documents / first.documents:.1f} times as many documents."
        )


def _measured(corpus: Corpus, scratch: Path, runs: int) -> _Measured:
    commands: list[Command] = []
    places: dict[str, changes.Place] = {}
    for kind in ("plain", "archived"):
        for name, change in _CHANGES:
            folder = scratch / kind / name
            linked = corpus.linked(folder / "posts")
            if kind == "archived":
                with linked.configuration.open("a", encoding="utf-8") as configuration:
                    configuration.write(_FEEDS)
            place = places[f"{kind} {name}"] = changes.Place(linked, folder / "state", linked.configuration)
            build = builds.feeder(linked, place.state, name=f"{corpus.count} posts, {kind}, {name}")
            commands.append(changes.after(change, build, place))
    results = dict(zip(places, compare(commands, runs), strict=True))
    changed = {name: _written(places[f"archived {name}"], change) for name, change in _CHANGES[1:]}
    plain, archived = ({name: results[f"{kind} {name}"] for name, _ in _CHANGES} for kind in ("plain", "archived"))
    written = changed["new"], changed["old"]
    return _Measured(corpus.count, len(_documents(places["archived old"])), plain, archived, written)


def _written(place: changes.Place, change: changes.Change) -> int:
    """Make the change once more; return how many documents that changes."""
    before = _documents(place)
    change(place, 99)
    run(builds.feeder(place.corpus, place.state).argv)
    after = _documents(place)
    return sum(before.get(path) != look for path, look in after.items())


def _documents(place: changes.Place) -> dict[str, tuple[int, int]]:
    found = {}
    for path in (place.state / "dist").rglob("*.xml"):
        status = path.stat()
        found[str(path)] = (status.st_ino, status.st_mtime_ns)
    return found
