"""A corpus made from nothing, of the same shape as the real one: for those who do not have that.

The text is drawn by chance; what is like the real archives is what costs time: how many posts there are, how long their
bodies are, how many are empty or fetched twice, how unevenly tags are spread, and what the markup looks like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

SEED = 4287
MIRRORED = 15_271
LONG = 568

_FIRST_DAY = datetime(2019, 1, 1, tzinfo=UTC)
_DAYS = 2_200
# The twentieths of the bodies' lengths, in characters: between two of them a length is as likely as any other.
_PLAIN_LENGTHS = (1, 14, 19, 27, 41, 62, 70, 110, 110, 110, 110, 110, 110, 180, 216, 316, 728, 946, 1146, 1200, 3000)
_LONG_LENGTHS = (
    *(900, 2700, 5000, 6100, 7400, 8500, 9700, 11_000, 12_000, 13_500, 14_800, 16_000, 18_000),
    *(20_000, 23_000, 25_000, 28_500, 33_500, 40_000, 61_000, 100_000),
)
_EMPTY = 0.09
_FETCHED_TWICE = 0.024
_MIRROR_TAGS = (30, 11, 10, 7, 6, 6, 5, 4, 3, 2.5, 2.3, 2.2, 2, 2, 1.4, 1, 1, 0.8, 0.7, 0.7, 0.5, *(0.2,) * 6)
_LONG_TAGS = (44, 33, 9, 6, 5, 1.5, 1.3, 0.2)


@dataclass(frozen=True, slots=True)
class _Post:
    title: str
    date: datetime
    tag: str
    origin: str
    body: str

    @property
    def name(self) -> str:
        return f"{self.date:%Y-%m-%d}-{self.title}.md"

    def text(self) -> str:
        head = (
            f'---\nlayout: post\ntitle: "{self.title}"\ndate: {self.date:%Y-%m-%dT%H:%M:%S}.000Z\nauthor: {self.tag}\n'
            f"from: {self.origin}\ntags: [ {self.tag} ]\ncategories: [ {self.tag} ]\n---\n"
        )
        return head + self.body


class _Author:
    """Writes posts: everything that it draws comes from one seeded generator."""

    def __init__(self, random: Random) -> None:
        self.random = random
        # Characters of one script are not equally common: few of them make most of a text.
        self.characters = [chr(code) for code in random.sample(range(0x4E00, 0x9FA6), 3_000)]
        self.weights = list(accumulate(1 / (rank + 10) for rank in range(3_000)))

    def prose(self, length: int) -> str:
        drawn = self.random.choices(self.characters, cum_weights=self.weights, k=length)
        for mark in range(self.random.randint(8, 20), length, self.random.randint(9, 24)):
            drawn[mark] = self.random.choice("，，，。、：")
        return "".join(drawn)

    def name(self) -> str:
        return self.prose(self.random.randint(3, 6)).rstrip("，。、：")

    def length(self, twentieths: Sequence[int]) -> int:
        place = self.random.randrange(len(twentieths) - 1)
        return self.random.randint(*twentieths[place : place + 2])

    def instant(self) -> datetime:
        return _FIRST_DAY + timedelta(seconds=self.random.randrange(_DAYS * 86_400))

    def mirrored(self, number: int, tag: str) -> _Post:
        """Return a short post of the mirror's shape: marker, heading, dashes, one `<div>` of plain text."""
        date = self.instant()
        title = f"{self.prose(self.random.randint(8, 30))}{number}"
        origin = f"https://video.example.com/watch?v={self.random.getrandbits(60):011x}"
        inner = "" if self.random.random() < _EMPTY else self.lines(self.length(_PLAIN_LENGTHS))
        head = f"<!--{int(date.timestamp()) * 1000}-->\n[{title}]({origin})\n------\n\n"
        return _Post(title, date, tag, origin, f"{head}<div>\n{inner}\n</div>\n")

    def lines(self, length: int) -> str:
        """Return so many characters of text in lines: the long ones of such archives are Latin, and full of URLs."""
        if length > 600:
            return "\n".join(self.latin() for _ in range(length // 60))
        written = self.prose(length)
        step = self.random.randint(30, 160)
        return "\n".join(written[start : start + step] for start in range(0, length, step))

    def latin(self) -> str:
        words = (f"{self.random.getrandbits(28):x}" for _ in range(3))
        return f"{' '.join(words)}: https://channel.example.com/{self.random.getrandbits(28):x}"

    def article(self, number: int, tag: str) -> _Post:
        """Return a long post: an indented article of another site, lazy images, iframes and all."""
        date = self.instant()
        title = f"{self.prose(self.random.randint(8, 30))}{number}"
        length = self.length(_LONG_LENGTHS)
        blocks = [f'<article class="post-{number} post hentry" id="post-{number}">', f" <h1>{title}</h1>"]
        written = 0
        while written < length:
            block = self.block()
            written += len(block)
            blocks.append(block)
        body = "\n".join([*blocks, "</article>"])
        return _Post(title, date, tag, f"https://magazine.example.com/{date:%Y/%m}/{number}/", f"\n{body}\n")

    def block(self) -> str:
        kind = self.random.random()
        number = self.random.getrandbits(24)
        if kind < 0.12:  # a lazy image and its twin
            return (
                f' <figure class="wp-block-image">\n  <img alt="" class="lazy" data-src="/uploads/{number:x}.jpg" '
                f'height="600" sizes="(max-width: 900px) 100vw, 900px" src="data:image/gif;base64,R0lGODlhAQABAAAAAA" '
                f'srcset="/uploads/{number:x}-300.jpg 300w, /uploads/{number:x}-900.jpg 900w" width="900"/>\n'
                f'  <noscript>\n   <img alt="" src="/uploads/{number:x}.jpg"/>\n  </noscript>\n </figure>'
            )
        if kind < 0.14:  # a frame
            return f' <iframe allowfullscreen="" src="https://www.youtube.com/embed/{number:011x}"></iframe>'
        if kind < 0.2:  # a list of links
            items = "".join(
                f'\n  <li style="font-weight: 400;">\n   <a href="../{number + item:x}" onclick="return true">\n'
                f"    {self.prose(12)}\n   </a>\n  </li>"
                for item in range(self.random.randint(2, 8))
            )
            return f' <ul class="related">{items}\n </ul>'
        words = self.prose(self.random.randint(20, 160))
        half = len(words) // 2
        return (
            f' <p style="text-align: justify;">\n  <span style="color: #333333;">\n   {words[:half]}\n  </span>\n'
            f'  <br/>\n  <strong class="x">\n   {words[half:]}\n  </strong>\n </p>'
        )


def generate(folder: Path) -> None:
    """Write the roots `mirror` and `magazine` into `folder`: the same files, byte for byte, at every call."""
    author = _Author(Random(SEED))
    posts: list[_Post] = []
    for number, tag in enumerate(_tags(author, _MIRROR_TAGS, MIRRORED)):
        if posts and author.random.random() < _FETCHED_TWICE:
            posts.append(author.random.choice(posts))
        else:
            posts.append(author.mirrored(number, tag))
    for number, post in enumerate(posts):
        # As the archives of such mirrors are: the newest in one folder, the others in folders by the day of their move.
        place = "_posts" if number % 5 == 0 else f"archived/{_FIRST_DAY + timedelta(days=30 * (number % 70)):%Y-%m-%d}"
        _write(folder / "mirror" / place, post)
    for number, tag in enumerate(_tags(author, _LONG_TAGS, LONG)):
        _write(folder / "magazine" / "_posts", author.article(number, tag))


def _tags(author: _Author, weights: Sequence[float], count: int) -> list[str]:
    names = [author.name() for _ in weights]
    return author.random.choices(names, weights, k=count)


def _write(folder: Path, post: _Post) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / post.name).write_text(post.text(), encoding="utf-8")
