"""Where a post's page stands: Jekyll's permalinks (SPEC §3 "Link"; jekyllrb.com/docs/permalinks)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from feeder.config.scheme import Compat
from feeder.config.slices import Page
from feeder.normalise.foreign import hugo_path, pelican_slug
from feeder.normalise.links import web_address

_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_DATED = re.compile(r"\d{2,4}-\d{1,2}-\d{1,2}-", re.ASCII)
_PLACEHOLDER = re.compile(r":([a-z][a-z_]*)")
_SLASHES = re.compile("//+")
_ABSOLUTE = re.compile("https?://", re.ASCII | re.IGNORECASE)
# Jekyll's "pretty" slug keeps what may stand in a path; its default slug keeps letters, marks and digits alone.
_PRETTY = frozenset("._~!$&'()+,;=@")
_PATH_SAFE = "/~!$&'()*+,;=:@"
# English whatever the locale: strftime would ask it.
_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


@dataclass(frozen=True, slots=True)
class PageParts:
    """What an address is made of.

    `date` is the published instant in UTC, `stem` the file's stem, `slug` the front matter's slug or "", `title` the
    post's title (for a file that is named by nothing but its date), `categories` as written, folders' ones first,
    `folders` those that the file is in, below the root.
    """

    date: datetime
    stem: str
    slug: str = ""
    title: str = ""
    categories: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


_FILL: dict[str, Callable[[PageParts, datetime], str]] = {
    "year": lambda _, day: f"{day.year:04}",
    "short_year": lambda _, day: f"{day.year % 100:02}",
    "month": lambda _, day: f"{day.month:02}",
    "i_month": lambda _, day: str(day.month),
    "short_month": lambda _, day: _MONTHS[day.month - 1][:3],
    "long_month": lambda _, day: _MONTHS[day.month - 1],
    "day": lambda _, day: f"{day.day:02}",
    "i_day": lambda _, day: str(day.day),
    "y_day": lambda _, day: f"{day.timetuple().tm_yday:03}",
    "week": lambda _, day: f"{day.isocalendar().week:02}",
    "w_year": lambda _, day: f"{day.isocalendar().year:04}",
    "w_day": lambda _, day: str(day.isoweekday()),
    "short_day": lambda _, day: _DAYS[day.weekday()][:3],
    "long_day": lambda _, day: _DAYS[day.weekday()],
    "hour": lambda _, day: f"{day.hour:02}",
    "minute": lambda _, day: f"{day.minute:02}",
    "second": lambda _, day: f"{day.second:02}",
    "title": lambda parts, _: _slug(_name(parts), _PRETTY),
    "slug": lambda parts, _: _slug(_name(parts), frozenset()).lower(),
    "name": lambda parts, _: _slug(parts.stem, frozenset()).lower(),
    "categories": lambda parts, _: "/".join(dict.fromkeys(label.lower() for label in parts.categories)),
    "slugified_categories": lambda parts, _: "/".join(
        dict.fromkeys(_slug(label, frozenset()).lower() for label in parts.categories)
    ),
    "collection": lambda _, __: "posts",
    "output_ext": lambda _, __: ".html",
}

# gohugo.io/configuration/permalinks/#tokens
_HUGO_FILL: dict[str, Callable[[PageParts, datetime], str]] = {
    **_FILL,
    "monthname": lambda _, day: _MONTHS[day.month - 1],
    "yearday": lambda _, day: str(day.timetuple().tm_yday),
    "weekday": lambda _, day: str(day.isoweekday() % 7),
    "weekdayname": lambda _, day: _DAYS[day.weekday()],
    "section": lambda parts, _: hugo_path(parts.folders[0]) if parts.folders else "",
    "sections": lambda parts, _: "/".join(map(hugo_path, parts.folders)),
    "title": lambda parts, _: hugo_path(parts.title),
    "slug": lambda parts, _: hugo_path(parts.slug or parts.title),
    "contentbasename": lambda parts, _: hugo_path(parts.stem),
    "slugorcontentbasename": lambda parts, _: hugo_path(parts.slug or parts.stem),
    "filename": lambda parts, _: hugo_path(parts.stem),
    "slugorfilename": lambda parts, _: hugo_path(parts.slug or parts.stem),
}
# docs.getpelican.com/en/stable/settings.html#url-settings; a slug that the author wrote is taken as it is.
_PELICAN_FILL: dict[str, Callable[[PageParts, datetime], str]] = {
    **_FILL,
    "slug": lambda parts, _: parts.slug or pelican_slug(parts.title),
    "category": lambda parts, _: pelican_slug(parts.categories[0]) if parts.categories else "",
}
_FILLS = {Compat.NONE: _FILL, Compat.JEKYLL: _FILL, Compat.HUGO: _HUGO_FILL, Compat.PELICAN: _PELICAN_FILL}


def style(text: str) -> str:
    """Return the template of the style that `text` names, or `text`, which is a template then."""
    return _STYLES.get(text, text)


def strip_date(stem: str) -> str:
    """Return what stands behind `YYYY-MM-DD-` in `stem`: the file name's slug."""
    match = _DATED.match(stem)
    return stem[match.end() :] if match else stem


def address(parts: PageParts, page: Page, compat: Compat = Compat.NONE) -> str:
    """Return the absolute URL of the post's page, percent-encoded, or "" where posts have no pages."""
    return expand(page.pattern, parts, page, compat) if page.pattern else ""


def expand(template: str, parts: PageParts, page: Page, compat: Compat = Compat.NONE) -> str:
    """Return the absolute URL that `template` (or the style it names) gives the post; "" for what is no address.

    The placeholders are those of `compat`, by itself Jekyll's; what it does not know is dropped.
    """
    if _ABSOLUTE.match(template):
        return web_address(template)
    local = parts.date.astimezone(page.zone)
    fill = _FILLS[compat]
    path = "/" + _PLACEHOLDER.sub(lambda match: _fill(match[1], fill, parts, local), style(template))
    # What Jekyll does to a URL: no way up, no empty segment.
    path = _SLASHES.sub("/", path.replace("..", "/").replace("./", ""))
    return page.url + quote(path, safe=_PATH_SAFE, errors="replace")


def _fill(name: str, fill: Mapping[str, Callable[[PageParts, datetime], str]], parts: PageParts, day: datetime) -> str:
    """Return what stands for `:name`; of `:year_` only `:year` is a placeholder, and the rest is text."""
    known = name
    while known not in fill and "_" in known:
        known = known.rpartition("_")[0]
    return fill[known](parts, day) + name[len(known) :] if known in fill else ""


def _name(parts: PageParts) -> str:
    return parts.slug or strip_date(parts.stem).rstrip(".") or parts.title or parts.stem


def _slug(text: str, kept: frozenset[str]) -> str:
    """Return `text` with every run that is no letter, mark, digit or `kept` one hyphen, and none at the ends."""
    allowed = (char if char in kept or _is_word(char) else " " for char in text)
    return "-".join("".join(allowed).split()).strip("-")


def _is_word(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] in "LM" or category == "Nd"
