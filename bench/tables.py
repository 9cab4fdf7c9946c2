"""The tables of docs/benchmarks.md: which commands each compares, and what is asked of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from pathlib import Path

from bench import builds, changes
from bench.archives import growth_rows
from bench.corpus import HUNDRED, MILLION, ONCE, TAGGED, TEN, TWENTY_ONE, Corpora, Corpus, Recipe
from bench.measure import Command, Result, compare, nothing, once
from bench.peer import Peer, Peers
from bench.profile import profile_rows
from bench.rows import MEGABYTE, Asked, Measure, rows, spread

_HERE = Path(__file__).resolve().parent
_SIZES = (100, 500, 1_000, 2_000, 5_000, 15_000)
_SMALL = 30
_FEEDER = "`feeder build`"


class Length(Enum):
    """How long a table takes: minutes, or so long that it is measured only when it is asked for."""

    SHORT = "short"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Bench:
    """What a table is made with; `used` collects in words the posts that were."""

    corpora: Corpora
    peers: Peers
    scratch: Path
    runs: int
    used: dict[str, None] = field(default_factory=dict)

    def corpus(self, recipe: Recipe) -> Corpus:
        """Return the posts of a recipe, made where they are not there, and take note that they were used."""
        corpus = self.corpora.make(recipe)
        self.used[f"{corpus.count:,} posts, {corpus.size / MEGABYTE:.0f} MB: {corpus.words}"] = None
        return corpus


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `lines` measure it, and stand in the order in which it is read (Markdown)."""

    name: str
    title: str
    note: str
    lines: Callable[[Bench], Iterator[str]]
    length: Length = Length.SHORT


def _cold(bench: Bench) -> Iterator[str]:
    corpus = bench.corpus(TWENTY_ONE)
    commands = [
        *_hugo(bench, corpus),
        builds.feeder(corpus, bench.scratch / "default"),
        builds.feeder(corpus, bench.scratch / "serial", "--engine", "serial", name="`feeder build --engine serial`"),
        builds.feeder(corpus, bench.scratch / "uncached", "--no-cache", name="`feeder build --no-cache`"),
        builds.straightforward(corpus, bench.scratch / "script"),
    ]
    if peer := bench.peers.eleventy():
        commands.append(builds.eleventy(peer, corpus, bench.scratch / "eleventy"))
    if peer := bench.peers.pelican():
        commands.append(builds.pelican(peer, corpus, bench.scratch / "pelican"))
    asked = (
        Asked(_FEEDER, "Hugo", 0.40, aim=0.25),
        Asked(_FEEDER, "Hugo", 0.25, Measure.MEMORY),
        Asked(_FEEDER, "the straightforward script", 1 / 30),
    )
    yield from rows(compare(commands, bench.runs), asked)
    yield from _absent(bench.peers.hugo(), bench.peers.eleventy(), bench.peers.pelican())


def _cold_hundred(bench: Bench) -> Iterator[str]:
    corpus = bench.corpus(HUNDRED)
    commands = [*_hugo(bench, corpus), builds.feeder(corpus, bench.scratch / "default")]
    asked = (Asked(_FEEDER, "Hugo", 0.40), Asked(_FEEDER, "Hugo", 0.25, Measure.MEMORY))
    yield from rows(compare(commands, bench.runs), asked)
    yield from _absent(bench.peers.hugo())


def _tags(bench: Bench) -> Iterator[str]:
    corpus = bench.corpus(TAGGED)
    commands = [*_hugo(bench, corpus), builds.feeder(corpus, bench.scratch / "default")]
    yield from rows(compare(commands, bench.runs), (Asked(_FEEDER, "Hugo", 0.50),))
    yield from _absent(bench.peers.hugo())


def _changed(change: changes.Change, at_most: float, bench: Bench) -> Iterator[str]:
    """Measure builds after a change; `at_most` is the share of Hugo's time that is asked for, or 0."""
    corpus = bench.corpus(TWENTY_ONE)
    commands = []
    if peer := bench.peers.hugo():
        site = shutil.copytree(peer.folder, bench.scratch / "hugo" / "site")
        linked = corpus.linked(bench.scratch / "hugo" / "posts")
        place = changes.Place(linked, bench.scratch / "hugo" / "state", site / "hugo.toml")
        commands.append(changes.after(change, builds.hugo(peer, linked, place.state, site), place))
    linked = corpus.linked(bench.scratch / "feeder" / "posts")
    place = changes.Place(linked, bench.scratch / "feeder" / "state", linked.configuration)
    commands.append(changes.after(change, builds.feeder(linked, place.state), place))
    asked = (Asked(_FEEDER, "Hugo", at_most),) if at_most else ()
    yield from rows(compare(commands, bench.runs), asked)
    yield from _absent(bench.peers.hugo())


def _pages(bench: Bench) -> Iterator[str]:
    """Measure first builds, and builds of nothing new, with pages and without."""
    corpus = bench.corpus(TWENTY_ONE)
    found: list[Command] = []
    for kind, setting in (("without pages", "false"), ("with pages", "true")):
        for name in ("first build", "no change"):
            folder = bench.scratch / f"{kind} {name}"
            linked = corpus.linked(folder / "posts")
            with linked.configuration.open("a", encoding="utf-8") as configuration:
                configuration.write(f"\n[feeds]\npages = {setting}\n")
            build = builds.feeder(linked, folder / "state", name=f"{name}, {kind}")
            place = changes.Place(linked, folder / "state", linked.configuration)
            found.append(build if name == "first build" else changes.after(changes.no_change, build, place))
    asked = (
        Asked("first build, with pages", "first build, without pages", 1.3),
        Asked("no change, with pages", "no change, without pages", 1.05),
    )
    yield from rows(compare(found, bench.runs), asked)


def _growth(bench: Bench) -> Iterator[str]:
    yield "| | posts | seconds | microseconds a post | MB, largest process | MB, all processes | documents | entries |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    found: dict[str, Result] = {}
    counts: dict[str, int] = {}
    for recipe in (TEN, HUNDRED, MILLION):
        corpus = bench.corpus(recipe)
        corpus.warm()
        cold = builds.feeder(corpus, bench.scratch / recipe.name, name="cold")
        for command in (cold, Command("no change", cold.argv, nothing, cold.output)):
            result = once(command) if recipe is MILLION else compare([command], bench.runs)[0]
            yield _growth_row(corpus.count, result)
            found[f"{recipe.name} {command.name}"] = result
        counts[recipe.name] = corpus.count
        builds.empty(bench.scratch / recipe.name)
    costs = [found[f"{recipe.name} cold"].seconds / counts[recipe.name] for recipe in (TEN, HUNDRED, MILLION)]
    million, unchanged = found[f"{MILLION.name} cold"], found[f"{MILLION.name} no change"]
    yield ""
    yield f"- Time a post, cold, at the second size: **{costs[1] / costs[0]:.2f}** of the first; asked: at most 1.3."
    yield f"- At the third: **{costs[2] / costs[0]:.2f}** of the first, {costs[2] / costs[1]:.2f} of the second."
    yield f"- Memory at the third: **{million.memory / MEGABYTE:.0f}** MB; asked: under 1,000."
    yield f"- No change at the third: **{unchanged.seconds:.1f}** s; asked: at most 12."


def _growth_row(count: int, result: Result) -> str:
    output = result.output
    cells = (
        result.name,
        f"{count:,}",
        f"{result.seconds:.2f}",
        f"{result.seconds / count * 1e6:.1f}",
        f"{result.peak / MEGABYTE:.0f}",
        f"{result.memory / MEGABYTE:.0f}",
        "" if output is None else str(output.files),
        "" if output is None else str(output.entries),
    )
    return f"| {' | '.join(cells)} |"


def _start(bench: Bench) -> Iterator[str]:
    small = bench.corpus(ONCE).sample(_SMALL)
    build = builds.feeder(small, bench.scratch / "small", name=f"`feeder build`, {_SMALL} posts, no change")
    place = changes.Place(small, bench.scratch / "small", small.configuration)
    commands = (
        Command("an empty typer program, `--help`", (builds.PYTHON, str(_HERE / "empty_typer.py"), "--help")),
        Command("`feeder --help`", (*builds.FEEDER, "--help")),
        changes.after(changes.no_change, build, place),
        Command("Python alone, `-c pass`", (builds.PYTHON, "-c", "pass")),
    )
    asked = (
        Asked("`feeder --help`", "an empty typer", 1.3),
        Asked("`feeder build`", "an empty typer", 1.6),
    )
    return rows(compare(commands, bench.runs), asked)


def _engines(bench: Bench) -> Iterator[str]:
    yield "| posts | serial, seconds | processes:2, seconds | share | serial, MB | processes:2, MB together |"
    yield "|---:|---:|---:|---:|---:|---:|"
    whole = bench.corpus(ONCE)
    for size in _SIZES:
        corpus = whole.sample(size)
        commands = [
            builds.feeder(corpus, bench.scratch / engine, "--engine", engine, name=f"{size} posts, {engine}")
            for engine in ("serial", "processes:2")
        ]
        serial, processes = compare(commands, bench.runs)
        yield (
            f"| {corpus.count} | {spread(serial)} | {spread(processes)} | {processes.share(serial):.2f} "
            f"| {serial.peak / MEGABYTE:.0f} | {processes.memory / MEGABYTE:.0f} |"
        )


def _archives(bench: Bench) -> Iterator[str]:
    return growth_rows(bench.corpus(TWENTY_ONE), bench.scratch, bench.runs)


def _profile(bench: Bench) -> Iterator[str]:
    return profile_rows([("21k posts", bench.corpus(TWENTY_ONE)), ("5,000 tags", bench.corpus(TAGGED))], bench.scratch)


def _hugo(bench: Bench, corpus: Corpus) -> list[Command]:
    peer = bench.peers.hugo()
    return [] if peer is None else [builds.hugo(peer, corpus, bench.scratch / "hugo")]


def _absent(*peers: Peer | None) -> Sequence[str]:
    if None not in peers:
        return ()
    return ("", "A peer of this table could not be installed on this machine, and was not measured.")


_ONE = "Every program has had its first build, with its own cache and output; before each run, "
TABLES = (
    Table(
        "cold",
        "A first build",
        "No cache, no output: the site's feed and one for every category and tag, the newest 50 entries in each, "
        "whole, as Atom and RSS. Hugo and Eleventy (bench/peers) write the same feeds with the same entries, but for "
        "the posts that feeder finds twice and shows once; they clean nothing. The script is "
        "bench/straightforward.py: one pass with python-frontmatter, bleach, python-dateutil and feedgen, every post "
        "read and cleaned once. It joins no duplicates, resolves no links, repairs no images and checks nothing that "
        "it writes.",
        _cold,
    ),
    Table(
        "cold100k",
        "A first build of a larger archive",
        "The same with five times as many posts.",
        _cold_hundred,
        Length.LONG,
    ),
    Table("nochange", "No change", f"{_ONE}nothing.", partial(_changed, changes.no_change, 0.07)),
    Table(
        "onepost",
        "One post changed",
        f"{_ONE}another word comes into the newest post.",
        partial(_changed, changes.edit_newest, 0.08),
    ),
    Table("newpost", "One new post", f"{_ONE}one more post is written.", partial(_changed, changes.add_post, 0)),
    Table(
        "checkout",
        "A fresh checkout",
        f"{_ONE}all posts get new modification times, and cache and output are restored as copies.",
        partial(_changed, changes.check_out, 0.20),
    ),
    Table(
        "setting",
        "A setting changed",
        f"{_ONE}the site gets another title.",
        partial(_changed, changes.change_title, 0),
    ),
    Table("tags", "5,000 tags", "No cache, no output: some 10,000 documents.", _tags),
    Table(
        "archives",
        "Archives",
        "Every post in archive documents of the site and of its category (RFC 5005), and without: seconds (median, "
        "fastest to slowest) of a build after a first one, for archives of growing size. What was written are the "
        "documents that differ, in both formats: a new post stands in the site's, its category's and its tag's own "
        "documents; the old one is the one in the middle of all by date, and stands in two archive documents.",
        _archives,
    ),
    Table(
        "pages",
        "Pages",
        "A page of all feeds and one of each beside the feeds, and without (`pages = false`).",
        _pages,
    ),
    Table("start", "Starting", "What is waited for before anything is done.", _start),
    Table(
        "engines",
        "Serial or processes",
        "First builds of that many posts, spread evenly over the corpus: from where on are two processes worth their "
        "start?",
        _engines,
    ),
    Table(
        "profile",
        "Where the time goes",
        "One first build each in one process (`--engine serial`), its stack looked at every millisecond: the time "
        "since the last look goes to the innermost step of it. Wall-clock time: waiting for the disk counts.",
        _profile,
    ),
    Table(
        "growth",
        "Growth",
        "What a post costs as the archive grows; one run each of the largest, after every file was read once.",
        _growth,
        Length.LONG,
    ),
)
