"""The feeds that feeder makes, made by Pelican: the site's, every category's and every tag's, and no page.

A post has one category in Pelican: the first. Its Markdown reader knows no YAML, so the reader below reads the front
matter, and hands the body to Python-Markdown as Pelican's own does.
"""

# ruff: noqa: INP001 - Pelican loads this file by its path
# mypy: disable-error-code="import-not-found, import-untyped, misc"
# It runs in an environment of its own, with what requirements.txt pins.

from typing import Any

import yaml
from markdown import Markdown
from pelican import signals
from pelican.readers import BaseReader
from pelican.utils import get_date

SITEURL = FEED_DOMAIN = "https://example.org"
SITENAME = AUTHOR = "Benchmark"
TIMEZONE = "UTC"
ARTICLE_PATHS = ["mirror", "magazine"]
PAGE_PATHS: list[str] = []
STATIC_PATHS: list[str] = []
THEME_STATIC_PATHS: list[str] = []
DEFAULT_LANG = "zh"
FILENAME_METADATA = ""
SLUGIFY_SOURCE = "basename"
SLUGIFY_USE_UNICODE = True
READERS = {"html": None, "rst": None}

DIRECT_TEMPLATES: list[str] = []
ARTICLE_SAVE_AS = DRAFT_SAVE_AS = AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = ""
YEAR_ARCHIVE_SAVE_AS = MONTH_ARCHIVE_SAVE_AS = DAY_ARCHIVE_SAVE_AS = ""
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None
FEED_ALL_ATOM = "atom.xml"
FEED_ALL_RSS = "rss.xml"
CATEGORY_FEED_ATOM = "categories/{slug}/atom.xml"
CATEGORY_FEED_RSS = "categories/{slug}/rss.xml"
TAG_FEED_ATOM = "tags/{slug}/atom.xml"
TAG_FEED_RSS = "tags/{slug}/rss.xml"
FEED_MAX_ITEMS = 50
RSS_FEED_SUMMARY_ONLY = False


class _Reader(BaseReader):
    enabled = True
    file_extensions = ("md",)

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """Return a post's HTML and its front matter."""
        with open(source_path, encoding="utf-8") as file:
            _, head, body = file.read().split("---\n", 2)
        fields = yaml.load(head, yaml.CBaseLoader)  # noqa: S506 - the loader that makes nothing but text
        metadata = {"title": fields["title"], "date": get_date(fields["date"])}
        for key in ("category", "tags", "author"):
            if value := fields.get({"category": "categories"}.get(key, key)):
                text = value[0] if key == "category" else value
                metadata[key] = self.process_metadata(key, text)
        return Markdown().convert(body), metadata


def _register(readers: Any) -> None:  # noqa: ANN401 - Pelican says no types
    readers.reader_classes["md"] = _Reader


signals.readers_init.connect(_register)
