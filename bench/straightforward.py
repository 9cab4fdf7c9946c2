"""What feeder is compared with: the script that someone who knows the four libraries would write in an afternoon.

`python straightforward.py URL OUT POSTS...` reads every post once, cleans it once as it reads it, and writes an Atom
and an RSS feed of the newest 50 posts of the site, of every category and of every tag. It is no straw man: nothing is
read or cleaned twice, and a post that does not parse is named and left out.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import bleach
import frontmatter
from dateutil import parser as dates
from feedgen.feed import FeedGenerator

LIMIT = 50
TITLE = "Benchmark"
TAGS = set(
    "a abbr audio b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q s samp small source span strong sub summary sup "
    "table tbody td tfoot th thead time tr tt u ul var video wbr".split()
)
ATTRIBUTES = {
    "*": ["lang", "dir", "title"],
    "a": ["href", "rel", "hreflang"],
    "img": ["src", "alt", "width", "height"],
    "td": ["colspan", "rowspan"],
    "th": ["colspan", "rowspan", "scope"],
    "audio": ["src", "controls"],
    "video": ["src", "controls", "poster", "width", "height"],
    "source": ["src", "type"],
    "time": ["datetime"],
}
PROTOCOLS = {"http", "https", "mailto", "tel"}
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Post:
    """A post as the feeds need it."""

    url: str
    title: str
    author: str
    date: datetime
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    html: str


def terms(value: object) -> tuple[str, ...]:
    """Return a front-matter value as labels: a list, or text between commas."""
    items = value if isinstance(value, list) else str(value or "").split(",")
    return tuple(dict.fromkeys(str(item).strip() for item in items if item and str(item).strip()))


def clean(html: str) -> str:
    """Return what bleach leaves of `html`, called as its documentation calls it."""
    return bleach.clean(html, tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, strip=True, strip_comments=True)


def load(path: Path, site: str) -> Post:
    """Read, parse and clean one post."""
    document = frontmatter.load(str(path))
    date = dates.parse(str(document["date"]))
    return Post(
        url=str(document.get("from") or f"{site}/{quote(path.stem)}/"),
        title=NOT_XML.sub("", str(document.get("title") or path.stem)),
        author=NOT_XML.sub("", str(document.get("author") or TITLE)),
        date=date if date.tzinfo else date.replace(tzinfo=UTC),
        categories=terms(document.get("categories")),
        tags=terms(document.get("tags")),
        html=NOT_XML.sub("", clean(document.content)),
    )


def load_all(roots: list[Path], site: str) -> Iterator[Post]:
    """Yield every post below `roots`; what cannot be read is named on stderr."""
    for root in roots:
        for path in sorted(root.rglob("*.md")):
            try:
                yield load(path, site)
            except Exception as problem:  # noqa: BLE001 - whatever is wrong with one post, the others go on
                print(f"{path.name}: {problem!r}", file=sys.stderr)


def write_feed(posts: list[Post], title: str, site: str, url: str, folder: Path) -> None:
    """Write the newest of `posts` as `atom.xml` and `rss.xml` into `folder`."""
    newest = sorted(posts, key=lambda post: post.date, reverse=True)[:LIMIT]
    feed = FeedGenerator()
    feed.id(url)
    feed.title(title)
    feed.description(title)
    feed.author(name=TITLE)
    feed.link(href=f"{url}atom.xml", rel="self")
    feed.link(href=site, rel="alternate")
    feed.updated(newest[0].date)
    for post in newest:
        entry = feed.add_entry(order="append")
        entry.id(post.url)
        entry.title(post.title)
        entry.link(href=post.url, rel="alternate")
        entry.author(name=post.author)
        entry.published(post.date)
        entry.updated(post.date)
        entry.category([{"term": term} for term in dict.fromkeys(post.categories + post.tags)])
        entry.content(post.html, type="html")
    folder.mkdir(parents=True, exist_ok=True)
    feed.atom_file(str(folder / "atom.xml"))
    feed.rss_file(str(folder / "rss.xml"))


def slug(label: str) -> str:
    """Return a folder's name for a term."""
    return re.sub(r"[^\w]+", "-", label.lower()).strip("-") or "term"


def main() -> None:
    """Read the posts, group them, write the feeds."""
    arguments = argparse.ArgumentParser(description="One pass over the posts, one feed after the other.")
    arguments.add_argument("url")
    arguments.add_argument("out", type=Path)
    arguments.add_argument("posts", type=Path, nargs="+")
    options = arguments.parse_args()
    site = options.url.rstrip("/")

    posts = list(load_all(options.posts, site))
    groups: dict[tuple[str, str], list[Post]] = defaultdict(list)
    for post in posts:
        for label in post.categories:
            groups["categories", label].append(post)
        for label in post.tags:
            groups["tags", label].append(post)

    write_feed(posts, TITLE, site, f"{site}/", options.out)
    for (taxonomy, label), members in groups.items():
        place = f"{taxonomy}/{slug(label)}"
        write_feed(members, f"{TITLE}: {label}", site, f"{site}/{quote(place)}/", options.out / place)
    print(f"{len(posts)} posts, {1 + len(groups)} feeds in 2 formats")


if __name__ == "__main__":
    main()
