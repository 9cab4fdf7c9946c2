"""The windows of feeds, judged by feeds that show everything: nothing here is feeder's."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from lxml import etree

from tests.properties.posts import paths, posts
from tests.properties.seen import ATOM, Seen, seen
from tests.properties.world import OTHER, Post, World


def documents(dist: Path) -> Iterator[str]:
    """Yield the Atom documents of feeds, as paths below dist."""
    yield from sorted(str(found.relative_to(dist)) for found in dist.rglob("atom.xml"))


def spread(entries: list[Seen], per_source: int | None) -> list[Seen]:
    """Return those of `entries` that leave every category its share and no more."""
    taken: Counter[str] = Counter()
    kept = []
    for one in entries:
        categories = {label for taxonomy, label in one.terms if taxonomy == "categories"}
        if per_source and any(taken[label] >= per_source for label in categories):
            continue
        taken.update(categories)
        kept.append(one)
    return kept


def window(entries: list[Seen], limit: int, hours: int | None) -> list[Seen]:
    """Return the newest of `entries`: so many, or of so many hours."""
    first = entries[0].published
    recent = [one for one in entries if hours and first - one.published <= timedelta(hours=hours)]
    return entries[: max(limit, len(recent))]


def chain(dist: Path) -> list[Path]:
    """Return the site's Atom document, and those that its prev-archive links lead to, one after the other."""
    found = [dist / "atom.xml"]
    while True:
        links = etree.fromstring(found[-1].read_bytes()).findall(f"{ATOM}link[@rel='prev-archive']")
        if not links:
            return found
        found.append(dist / (links[0].get("href") or "").removeprefix("https://example.org/"))


def _months(world: World, categories: tuple[str, ...]) -> None:
    for month in range(1, 7):
        for day in (1, 2):
            post = Post(date=f"2023-{month:02}-{day:02}", title=f"{month} {day}", categories=categories)
            world.write(f"{OTHER}/{month}-{day}.md", post)


@pytest.mark.parametrize(("hours", "shown"), [(None, 3), (24 * 244 + 10, 4)])
def test_what_a_window_leaves_out_is_in_the_archives(tmp_path: Path, hours: int | None, shown: int) -> None:
    """With archives every entry is reached, also those that were passed over, and that hours made room for."""
    world = World(tmp_path / "site")
    _months(world, ())
    world.settings = {**world.settings, "feeds.limit": 3, "feeds.hours": hours, "feeds.archive": ["site"]}
    for per_source, categories in ((None, ()), (1, ("Quay",))):
        world.settings = {**world.settings, "feeds.per_source": per_source}
        _months(world, categories)
        world.check()
        documents = chain(world.dist)
        assert len(seen(documents[0])) == (2 if per_source else shown)  # the post without a category is the newest
        assert len({one.id for document in documents for one in seen(document)}) == 13


@given(
    st.dictionaries(paths(), posts(), min_size=4, max_size=14),
    st.integers(1, 4),
    st.sampled_from((None, 1, 24, 48, 9_999)),
    st.sampled_from((None, 1, 2)),
)
@profile(max_examples=max(profile().max_examples // 4, 1))
def test_a_window_is_what_it_is_said_to_be(
    files: dict[str, Post], limit: int, hours: int | None, per_source: int | None
) -> None:
    """Whatever posts there are, each feed shows its newest entries, and the site's own none beyond a share."""
    with tempfile.TemporaryDirectory(prefix="feeder-windows-") as folder:
        world = World(Path(folder) / "site")
        for path, post in files.items():
            world.write(path, post)
        whole, dist = world.folder / "whole", world.dist
        world.settings = {**world.settings, "feeds.formats": ["atom"], "feeds.limit": 1_000}
        if not world.build(whole).report:
            return
        world.settings = {
            **world.settings,
            "feeds.limit": limit,
            "feeds.hours": hours,
            "feeds.per_source": per_source,
        }
        assert world.build().report
        assert list(documents(dist)) == list(documents(whole))
        for path in documents(dist):
            everything = seen(whole / path)
            if path == "atom.xml":
                everything = spread(everything, per_source)
            assert seen(dist / path) == window(everything, limit, hours), path
