"""The windows of feeds, judged by feeds that show everything: nothing here is feeder's."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from tests.properties.posts import paths, posts
from tests.properties.seen import Seen, seen
from tests.properties.world import Post, World


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
