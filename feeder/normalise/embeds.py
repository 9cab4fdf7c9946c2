"""What other sites' players show: a page to link to and, where there is one, a picture of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from urllib.parse import unquote, urlsplit

from feeder.normalise.links import web_address


@dataclass(frozen=True, slots=True)
class _Site:
    """A site that is embedded: `pattern` is matched with the URL without scheme, its groups fill the templates."""

    pattern: re.Pattern[str]
    page: str
    thumbnail: str = ""


_YOUTUBE = r"(?:(?:www|m|music)\.)?youtube(?:-nocookie)?\.com"
_ID = r"(?P<id>[A-Za-z0-9_-]{11})(?![A-Za-z0-9_-])"

# An address that no pattern fits is a link like any other.
_SITES = (
    _Site(
        re.compile(
            rf"(?:{_YOUTUBE}/(?:(?:embed|v|e|shorts|live)/|watch/?\?(?:[^#]*&)?v=)(?!videoseries)|youtu\.be/){_ID}"
        ),
        "https://www.youtube.com/watch?v={id}",
        "https://i.ytimg.com/vi/{id}/hqdefault.jpg",
    ),
    _Site(
        re.compile(rf"{_YOUTUBE}/embed/?(?:videoseries)?\?(?:[^#]*&)?list=(?P<id>[A-Za-z0-9_-]+)"),
        "https://www.youtube.com/playlist?list={id}",
    ),
    _Site(
        re.compile(r"player\.vimeo\.com/video/(?P<id>[0-9]+)\?(?:[^#]*&)?h=(?P<key>[0-9a-f]+)"),
        "https://vimeo.com/{id}/{key}",
    ),
    _Site(re.compile(r"(?:player\.)?vimeo\.com/(?:video/)?(?P<id>[0-9]+)(?![^/?#])"), "https://vimeo.com/{id}"),
    _Site(
        re.compile(r"(?:www\.)?dailymotion\.com/(?:embed/)?video/(?P<id>[A-Za-z0-9]+)"),
        "https://www.dailymotion.com/video/{id}",
        "https://www.dailymotion.com/thumbnail/video/{id}",
    ),
    _Site(
        re.compile(r"player\.bilibili\.com/player\.html\?(?:[^#]*&)?bvid=(?P<id>BV[A-Za-z0-9]+)"),
        "https://www.bilibili.com/video/{id}",
    ),
    _Site(
        re.compile(r"player\.bilibili\.com/player\.html\?(?:[^#]*&)?aid=(?P<id>[0-9]+)"),
        "https://www.bilibili.com/video/av{id}",
    ),
    _Site(
        re.compile(r"open\.spotify\.com/embed(?:-podcast)?/(?P<kind>[a-z]+)/(?P<id>[A-Za-z0-9]+)"),
        "https://open.spotify.com/{kind}/{id}",
    ),
    _Site(
        re.compile(
            r"w\.soundcloud\.com/player/?\?(?:[^#]*&)?url=https?(?::|%3A)(?:/|%2F){2}soundcloud\.com(?P<path>[^&#]+)",
            re.IGNORECASE,
        ),
        "https://soundcloud.com{path}",
    ),
)


def video_thumbnail(url: str) -> str:
    """Return the address of the picture of the video at `url` (its page or its player), "" where none is known."""
    return _known(web_address(url))[1]


def link_to(url: str, title: str) -> str:
    """Return HTML that stands for what is embedded from the web address `url`: a linked picture, else a link."""
    page, thumbnail = _known(url)
    text = escape(" ".join(title.split()) or urlsplit(page).netloc)
    shown = f'<img src="{escape(thumbnail)}" alt="{text}">' if thumbnail else text
    return f'<a href="{escape(page)}">{shown}</a>'


def _known(url: str) -> tuple[str, str]:
    """Return the page and the thumbnail of what `url` plays; `url` itself and "" where it is not known."""
    rest = url.partition("://")[2]
    for site in _SITES:
        if match := site.pattern.match(rest):
            parts = {name: unquote(value) for name, value in match.groupdict().items()}
            return web_address(site.page.format_map(parts)), web_address(site.thumbnail.format_map(parts))
    return url, ""
