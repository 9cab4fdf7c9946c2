"""What other programs call posts and terms: their slugs, and the ids that their feeds gave (docs/moving.md)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote, unquote, urlsplit

from feeder.config.scheme import Compat, Scheme
from feeder.model.characters import is_file_name

_JEKYLL_TAG = re.compile("[A-Za-z0-9_]+")
# RFC 3986 §3.3, without what `quote` keeps anyway.
_PCHAR = "~!$&'()*+,;=:@"
_RUBY_SPACE = " \t\n\v\f\r\0"
_HUGO_KEPT = frozenset("./\\_#+~-@")
_PELICAN_DROPPED = re.compile(r"[^\w\s-]")
_PELICAN_SPACES = re.compile(r"[-\s]+")
# Letters that Unidecode, which Pelican asks, has an answer for and Unicode no decomposition.
_LATIN = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
    | {"đ": "d", "Đ": "D", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D", "ı": "i", "ħ": "h", "Ħ": "H"}
    | {"‐": "-", "‑": "-", "–": "-", "—": "--", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "..."}
)


def entry_id(compat: Compat, known_as: str, path: str, slug: str, day: datetime) -> str:
    """Return the id that the program's feed gave the post, or "" where it gave none.

    `path` is that of the post's page below the site, as it stands in an address, with a slash before it; `slug` is
    the post's as Jekyll has it, `day` when it was published, in the site's zone.
    """
    return _IDS[compat](known_as, path, slug, day) if path else ""


def _jekyll_id(known_as: str, path: str, slug: str, __: datetime) -> str:
    """Jekyll's `post.id | absolute_url`: the folder of the page's path, and the slug (lib/jekyll/document.rb).

    A `?` or `#` in the slug makes what stands behind it a query or fragment, of which an empty one is none, and white
    space before them is gone.
    """
    folder = path.rstrip("/").rpartition("/")[0]
    name, mark, fragment = slug.lstrip("/").partition("#")
    name, _, query = name.partition("?")
    found = "/".join(map(_normalised, f"{folder}/{name}".rstrip(_RUBY_SPACE).split("/")))
    found += f"?{_normalised(query, '/?')}" if query else ""
    return f"{known_as}{found}{mark}{_normalised(fragment, '/?')}" if fragment else f"{known_as}{found}"


def _normalised(text: str, safe: str = "") -> str:
    """Return a component of an address as Addressable normalises it: escapes undone, NFKC, and escaped again."""
    plain = unicodedata.normalize("NFKC", unquote(text, errors="surrogateescape"))
    return quote(plain, safe=_PCHAR + safe, errors="surrogateescape")


def _hugo_id(known_as: str, path: str, _: str, __: datetime) -> str:
    """Hugo's `.Permalink`."""
    return f"{known_as}{path}"


def _pelican_id(known_as: str, path: str, _: str, day: datetime) -> str:
    """Pelican's tag URI (RFC 4151) of host, day and path (feedgenerator's `get_tag_uri`)."""
    parts = urlsplit(f"{known_as}{path}")
    return f"tag:{parts.hostname},{day.year:04}-{day.month:02}-{day.day:02}:{parts.path}"


_IDS: dict[Compat, Callable[[str, str, str, datetime], str]] = {
    Compat.NONE: lambda *_: "",
    Compat.JEKYLL: _jekyll_id,
    Compat.HUGO: _hugo_id,
    Compat.PELICAN: _pelican_id,
}


def term_slug(scheme: Scheme, taxonomy: str, label: str) -> str:
    """Return the name under which the program had the feed of the term `label`, or "" where it had none."""
    if not any(place.taxonomy == taxonomy for place in scheme.places):
        return ""
    found = _SLUGS[scheme.compat](taxonomy, label)
    return found if is_file_name(found) else ""


def hugo_path(text: str) -> str:
    """Return `text` as Hugo has it in addresses: in lower case, spaces as `-`, and little but letters and digits."""
    lower = "".join(char.lower()[:1] if len(char.lower()) > 1 else char.lower() for char in text)
    kept = (char for char in lower.replace(" ", "-") if char in _HUGO_KEPT or unicodedata.category(char)[0] in "LMN")
    return "".join(kept)


def pelican_slug(text: str) -> str:
    """Return `text` as Pelican has it in addresses; "" where only its transliteration would know.

    Accents are taken off and Latin letters written out; every other script is Unidecode's to transliterate.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_LATIN)
    plain = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    if any(ord(char) > _ASCII and char.isalnum() for char in plain):
        return ""
    kept = _PELICAN_DROPPED.sub("", plain.encode("ascii", "ignore").decode()).strip()
    return _PELICAN_SPACES.sub("-", kept).lower()


_ASCII = 127
_SLUGS: dict[Compat, Callable[[str, str], str]] = {
    Compat.JEKYLL: lambda taxonomy, label: label if taxonomy != "tags" or _JEKYLL_TAG.fullmatch(label) else "",
    Compat.HUGO: lambda _, label: hugo_path(label),
    Compat.PELICAN: lambda _, label: pelican_slug(label),
}
