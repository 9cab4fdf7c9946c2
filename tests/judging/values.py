"""What single values have to look like: URLs, ids, language tags, media types, instants, plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from html.entities import name2codepoint
from typing import Final

from tests.judging.finding import Finding, shown
from tests.judging.names import HTML_ELEMENTS, LIVE_ELEMENTS

_PCHAR: Final = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})"
# RFC 3986 appendix A, for http and https.
_URL: Final = re.compile(
    rf"""https?://
    (?:(?:[A-Za-z0-9\-._~!$&'()*+,;=:]|%[0-9A-Fa-f]{{2}})*@)?
    (?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{{2}})+)(?::[0-9]*)?
    (?:/{_PCHAR}*)*
    (?:\?(?:{_PCHAR}|[/?])*)?
    (?:\#(?:{_PCHAR}|[/?])*)?""",
    re.VERBOSE | re.IGNORECASE,
)
_HTTP: Final = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_IRI_CHARACTER: Final = re.compile(r"[^\s<>\"{}|\\^`\x00-\x20\x7f-\x9f]+")
_UUID: Final = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_URN: Final = re.compile(r"urn:[a-z0-9][a-z0-9-]{1,31}:.+", re.IGNORECASE)
_TAG: Final = re.compile(r"tag:[^,:/\s]+,[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?:.*")

# RFC 5646 §2.1; the irregular tags of its grandfathered list are spelt out, the regular ones fit the grammar.
_LANGUAGE: Final = re.compile(
    r"""(?:
        (?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})
        (?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?
        (?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)
        (?P<extensions>(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*)
        (?:-x(?:-[a-z0-9]{1,8})+)?
      | x(?:-[a-z0-9]{1,8})+
      | en-gb-oed|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)|sgn-(?:be-fr|be-nl|ch-de)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_MEDIA_TYPE: Final = re.compile(
    r"[A-Za-z0-9!#$&^_.+\-]+/[A-Za-z0-9!#$&^_.+\-]+(?:\s*;\s*[A-Za-z0-9!#$&^_.+\-]+=(?:\"[^\"]*\"|[^\s;\"]+))*"
)
_RFC_3339: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_RFC_822: Final = re.compile(
    rf"(?P<weekday>{'|'.join(_DAYS)}), (?P<day>[0-9]{{2}}) (?P<month>{'|'.join(_MONTHS)}) (?P<year>[0-9]{{4}}) "
    r"(?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2}) \+0000"
)
_END_TAG: Final = re.compile(r"</(\w+)>")
_ENTITY: Final = re.compile(r"&(#?\w+);")
_START_TAG: Final = re.compile(r"<(\w+)([^<>]*)>")
_ATTRIBUTE: Final = re.compile(r"""(?:^|[\s/])(?:on\w+|href|src|style)\s*=""", re.IGNORECASE)


def url_faults(rule: int, url: str, where: str) -> Iterator[Finding]:
    """Yield what keeps `url` from being an absolute http(s) URL in percent-encoded ASCII."""
    if not _HTTP.match(url):
        yield Finding(rule, "InvalidFullLink", f"{shown(url)} is no absolute http(s) URL", where)
    elif not url.isascii():
        yield Finding(rule, "UriNotIri", f"{shown(url)} is not percent-encoded", where)
    elif not _URL.fullmatch(url):
        yield Finding(rule, "InvalidUriChar", f"{shown(url)} holds a character that no URL may hold there", where)


def id_faults(rule: int, identifier: str, where: str) -> Iterator[Finding]:
    """Yield what keeps `identifier` from being an absolute http(s), urn or tag IRI (SPEC §3)."""
    scheme = identifier.partition(":")[0].lower()
    if not identifier:
        yield Finding(rule, "NotBlank", "the id is empty", where)
    elif not _IRI_CHARACTER.fullmatch(identifier):
        yield Finding(rule, "InvalidFullLink", f"the id {shown(identifier)} holds what no IRI may hold", where)
    elif scheme == "urn":
        well_formed = _UUID if identifier.lower().startswith("urn:uuid:") else _URN
        if not well_formed.fullmatch(identifier):
            yield Finding(rule, "InvalidURN", f"the id {shown(identifier)} is no URN", where)
    elif scheme == "tag":
        if not _TAG.fullmatch(identifier):
            yield Finding(rule, "InvalidTAG", f"the id {shown(identifier)} is no tag URI (RFC 4151)", where)
    elif not _HTTP.match(identifier):
        yield Finding(rule, "InvalidFullLink", f"the id {shown(identifier)} is not absolute", where)


def language_faults(rule: int, tag: str, where: str) -> Iterator[Finding]:
    """Yield what keeps `tag` from being a well-formed BCP 47 tag without repeated variants or extensions."""
    match = _LANGUAGE.fullmatch(tag)
    if not match:
        yield Finding(rule, "InvalidLanguage", f"{shown(tag)} is no language tag (BCP 47)", where)
        return
    variants = (match["variants"] or "").lower().split("-")[1:]
    singletons = re.findall(r"-([0-9a-wyz])(?=-)", (match["extensions"] or "").lower())
    if len(variants) != len(set(variants)) or len(singletons) != len(set(singletons)):
        yield Finding(rule, "InvalidLanguage", f"{shown(tag)} repeats a subtag (RFC 5646 §2.2)", where)


def media_type_faults(rule: int, media_type: str, where: str) -> Iterator[Finding]:
    """Yield what keeps `media_type` from being a MIME type (RFC 6838 §4.2)."""
    if not _MEDIA_TYPE.fullmatch(media_type):
        yield Finding(rule, "InvalidMIMEType", f"{shown(media_type)} is no media type", where)


def length_faults(rule: int, length: str, where: str) -> Iterator[Finding]:
    """Yield what keeps `length` from being a number of bytes."""
    if not (length.isascii() and length.isdigit()):
        yield Finding(rule, "InvalidNonNegativeInteger", f"the length {shown(length)} is no number of bytes", where)


def blank_faults(rule: int, text: str, what: str, where: str) -> Iterator[Finding]:
    """Yield a finding where `text`, which is `what`, is nothing but white space."""
    if not text.strip():
        yield Finding(rule, "NotBlank", f"the {what} is empty", where)


def plain_faults(rule: int, text: str, name: str, where: str) -> Iterator[Finding]:
    """Yield what keeps `text` from being plain text: white space, the validator's tests for HTML, live markup.

    As the validator has it, an end tag that HTML knows or a named or numeric entity is HTML; a start tag is taken for
    text (`Vec<T>`, `<青年论坛>`), but for one that would do something.
    """
    if text != " ".join(text.split()):
        yield Finding(rule, "UnexpectedWhitespace", f"{shown(text)} is not trimmed and folded", where)
    ends = [tag for tag in _END_TAG.findall(text) if tag.lower() in HTML_ELEMENTS]
    entities = [name for name in _ENTITY.findall(text) if name in name2codepoint or not name.isalpha()]
    if ends or entities:
        fault = f"</{ends[0]}>" if ends else f"&{entities[0]};"
        yield Finding(rule, name, f"{shown(text)} holds {fault}: it is HTML, or was escaped twice", where)
    for tag, attributes in _START_TAG.findall(text):
        if tag.lower() in LIVE_ELEMENTS or _ATTRIBUTE.search(attributes):
            yield Finding(rule, name, f"{shown(text)} holds <{tag}>, which is dangerous", where)


def rfc3339(text: str) -> datetime | None:
    """Return the instant that `text` writes in whole seconds UTC as RFC 3339, or None where it does not."""
    if not _RFC_3339.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def rfc822(text: str) -> datetime | None:
    """Return the instant that `text` writes as RFC 822 with four-digit year and `+0000`; the weekday is not looked at.

    None where it does not.
    """
    match = _RFC_822.fullmatch(text)
    if not match:
        return None
    month = _MONTHS.index(match["month"]) + 1
    return rfc3339(f"{match['year']}-{month:02}-{match['day']}T{match['time']}Z")


def rfc3339_faults(rule: int, text: str, what: str, where: str) -> Iterator[Finding]:
    """Yield a finding where `text`, which is `what`, is no RFC 3339 instant in UTC."""
    if rfc3339(text) is None:
        yield Finding(rule, "InvalidRFC3339Date", f"{what} {shown(text)} is no RFC 3339 instant in UTC", where)


def rfc822_faults(rule: int, text: str, what: str, where: str) -> Iterator[Finding]:
    """Yield a finding where `text`, which is `what`, is no RFC 822 instant in UTC, or names the wrong weekday."""
    instant = rfc822(text)
    if instant is None:
        yield Finding(rule, "InvalidRFC2822Date", f"{what} {shown(text)} is no RFC 822 instant with +0000", where)
    elif _DAYS[instant.weekday()] != text[:3]:
        yield Finding(rule, "IncorrectDOW", f"{what} {shown(text)} was a {_DAYS[instant.weekday()]}", where)
