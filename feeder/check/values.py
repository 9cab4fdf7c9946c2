"""What single values have to look like: addresses, ids, languages, media types, mail addresses.

A function whose name ends in `_fault` returns what is wrong, as the code and a sentence, or None.
"""

from __future__ import annotations

import re
from functools import lru_cache

from feeder.check.fault import shown
from feeder.model.language import language_tag

Wrong = tuple[str, str]
"""The code of a fault, and the sentence about it."""

_URI_CHARACTERS = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")
# A bracket stands around an IP literal alone (RFC 3986 §3.2.2): nowhere behind the host.
_AUTHORITY = re.compile(r"[^:/?#]*://[^/?#]*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
# RFC 3986 §3.2: what stands between the scheme and the path; no bracket but around an IP literal.
_HTTP = re.compile(
    r"https?://(?:[^/?#@\[\]]*@)?(?:\[[0-9A-Fa-f:.]+\]|[^/?#@\[\]:]+)(?::[0-9]*)?(?:[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_NOT_IN_IRIS = re.compile(r"[\x00-\x20<>\"{}|\\^`\x7f-\x9f]")
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{1,31}:(?:[a-z0-9()+,\-.:=@;$_!*'/?#~&]|%[0-9a-f]{2})+", re.IGNORECASE)
# RFC 4151 §2.1
_TAG = re.compile(
    r"tag:(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9.-]+,[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?:"
    r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*(?:#(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*)?"
)
_MIME = re.compile(
    r"[^\s()<>,;:\\\"/\[\]?=]+/[^\s()<>,;:\\\"/\[\]?=]+"
    r"(?:\s*;\s*[^\s()<>,;:\\\"/\[\]?=]+=(?:\"[^\"]*\"|[^\s()<>,;:\\\"/\[\]?=]+))*"
)
_MAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]+@[^\s@<>()\[\],;:\\\"]+")


@lru_cache(maxsize=65_536)  # an entry stands in many documents, and its addresses are the same in all
def address_fault(url: str) -> Wrong | None:
    """Return what keeps `url` from being an absolute URI that every reader can follow (RFC 3986 §4.3)."""
    if not _SCHEME.match(url):
        return "InvalidFullLink", f"{shown(url)} is not absolute"
    if not url.isascii():
        return "UriNotIri", f"{shown(url)} is not percent-encoded"
    if not _URI_CHARACTERS.fullmatch(url) or re.search(r"[\[\]]", _AUTHORITY.sub("", url, count=1)):
        return "InvalidUriChar", f"{shown(url)} holds a character that no URI may hold"
    if url[:4].lower() == "http" and not _HTTP.fullmatch(url):
        return "InvalidFullLink", f"{shown(url)} names no host as an http(s) address has to"
    return None


def id_fault(text: str) -> Wrong | None:
    """Return what keeps `text` from being an id of Atom: an absolute IRI (RFC 4287 §4.2.6), of the syntax it claims."""
    scheme = text.partition(":")[0].lower()
    if scheme == "tag" and not _TAG.fullmatch(text):
        return "InvalidTAG", f"{shown(text)} is no tag URI"
    if text[:9].lower() == "urn:uuid:":
        return None if _UUID.fullmatch(text) else ("InvalidUUID", f"{shown(text)} is no UUID")
    if scheme == "urn" and not _URN.fullmatch(text):
        return "InvalidURN", f"{shown(text)} is no URN"
    if not _SCHEME.match(text) or (scheme in ("http", "https") and not _HTTP.fullmatch(text)):
        return "InvalidFullLink", f"{shown(text)} is not absolute"
    if _NOT_IN_IRIS.search(text):
        return "InvalidIRI", f"{shown(text)} holds a character that no IRI may hold"
    return None


def language_fault(tag: str) -> Wrong | None:
    """Return what keeps `tag` from being a language tag (BCP 47)."""
    if language_tag(tag) != tag:
        return "InvalidLanguage", f"{shown(tag)} is no language tag"
    return None


def media_type_fault(text: str) -> Wrong | None:
    """Return what keeps `text` from being a media type (RFC 6838 §4.2)."""
    return None if _MIME.fullmatch(text) else ("InvalidMIMEType", f"{shown(text)} is no media type")


def is_mail(text: str) -> bool:
    """Say whether `text` is a mail address (RFC 5322 §3.4.1, without its comments and quotes)."""
    return bool(_MAIL.fullmatch(text))


def is_count(text: str) -> bool:
    """Say whether `text` is a number of bytes or of minutes: digits alone."""
    return text.isascii() and text.isdigit()
