"""Two tags for every post, out of thousands of made-up ones, drawn by Zipf's law: what a tag cloud does to a build."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from random import Random

SEED = 5_000
_TAGS = re.compile(rb"^tags:.*$", re.MULTILINE)
_CONSONANTS = "bcdfghjklmnpqrstvwxz"
_VOWELS = "aeiou"


def retag(files: Sequence[Path], count: int) -> None:
    """Give every post two tags of `count`, in the place of its own; every tag is given to one post at least."""
    random = Random(SEED)
    names = _names(random, count)
    drawn = random.choices(
        names, cum_weights=list(accumulate(1 / (rank + 1) for rank in range(count))), k=2 * len(files)
    )
    given = Counter(drawn)
    places = iter(random.sample(range(len(drawn)), len(drawn)))
    for name in names:
        if given[name]:
            continue
        place = next((place for place in places if given[drawn[place]] > 1), None)
        if place is None:
            break  # fewer posts than tags
        given[drawn[place]] -= 1
        drawn[place] = name
        given[name] = 1
    for path, first, second in zip(files, drawn[::2], drawn[1::2], strict=True):
        line = f"tags: [ {first}, {second} ]".encode()
        path.write_bytes(_TAGS.sub(line, path.read_bytes(), count=1))


def _names(random: Random, count: int) -> list[str]:
    """Return distinct names: every other one of Latin syllables, the rest of three Chinese characters."""
    names: dict[str, None] = {}
    while len(names) < count:
        if len(names) % 2:
            names["".join(chr(random.randrange(0x4E00, 0x9FA6)) for _ in range(3))] = None
        else:
            names["".join(random.choice(_CONSONANTS) + random.choice(_VOWELS) for _ in range(4))] = None
    return list(names)
