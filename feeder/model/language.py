"""Language tags (RFC 5646, BCP 47): what `xml:lang` and RSS's `language` may hold."""

from __future__ import annotations

import re

# §2.1, without the grandfathered tags. ASCII, since `k` and `s` have other lower-case forms in Unicode.
_TAG = re.compile(
    r"""(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})          # language
        (?:-[a-z]{4})?                                      # script
        (?:-(?:[a-z]{2}|[0-9]{3}))?                         # region
        (?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)
        (?P<extensions>(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*)
        (?:-x(?:-[a-z0-9]{1,8})+)?                          # private use
      | x(?:-[a-z0-9]{1,8})+""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_SINGLETON = re.compile(r"-([0-9a-wyz])(?=-)")
_MAX_LENGTH = 100


def language_tag(text: str) -> str:
    """Return the well-formed language tag that `text` is, or "".

    `_` is read as `-`, and what follows a dot is dropped: `zh_TW.UTF-8` is `zh-TW`. A tag that repeats a variant or an
    extension is none (§2.2.5, §2.2.6).
    """
    tag = text.strip().replace("_", "-").partition(".")[0]
    match = _TAG.fullmatch(tag) if len(tag) <= _MAX_LENGTH else None
    if not match:
        return ""
    variants = (match["variants"] or "").lower().split("-")[1:]
    extensions = _SINGLETON.findall((match["extensions"] or "").lower())
    repeated = len(set(variants)) < len(variants) or len(set(extensions)) < len(extensions)
    return "" if repeated else tag
