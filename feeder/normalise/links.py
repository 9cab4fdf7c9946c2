"""Addresses: from what authors wrote to absolute URLs in percent-encoded ASCII (RFC 3986, RFC 3987, WHATWG URL)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address
from itertools import islice
from typing import NamedTuple, cast

_LONGEST = 8192  # What servers take in a request line (Apache, nginx); nothing real is longer.

# RFC 3986 appendix B. The parts can hold anything, so it always matches, and it reads every character once.
_PARTS = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*):)?(?P<slashes>//(?P<authority>[^/?#]*))?(?P<path>[^?#]*)"
    r"(?P<query>\?[^#]*)?(?P<fragment>#.*)?",
    re.DOTALL,
)
# Browsers strip controls and spaces at the ends and drop tabs and newlines (WHATWG URL §4.4). All controls go here, and
# the invisible characters that copying from web pages leaves: what cannot be seen must not decide about a scheme.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ud800-\udfff]+"
)
# Everything but RFC 3986 unreserved, sub-delims, ":", "@", "/" and "?"; and the percent sign that encodes nothing.
_UNSAFE = re.compile(r"[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%]+|%(?![0-9A-Fa-f]{2})")
_ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_LABEL = re.compile(r"[a-z0-9_\-]{1,63}")
_PORT = re.compile(r"[0-9]{1,5}")
_LAST_PORT = 65535
_LONGEST_NAME = 253  # RFC 1035 §2.3.4, of ASCII characters
_LONGEST_LABEL = 63
_WEB = ("http", "https")
_OPAQUE = ("mailto", "tel")

_MOST_CANDIDATES = 100  # Nothing real has a quarter of it, and 2 MB of them take seconds.
_CANDIDATE = re.compile(r"[ \t\n\f\r,]*(?P<url>[^ \t\n\f\r]+)")
_DESCRIPTORS = re.compile(r"(?:[^,(]++|\([^)]*+(?:\)|\Z))*+(?:,|\Z)")
_WIDTH_OR_DENSITY = re.compile(r"[0-9]+w|[0-9]+(?:\.[0-9]+)?x", re.ASCII)


# What nearly every address in a post is, and needs nothing done: a test holds that both ways agree on it.
_PLAIN = re.compile(
    r"https?://(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?\.){1,4}[a-z]{2,20}"
    r"(?:[/?](?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]++|%[0-9A-Fa-f]{2})*+)?"
    r"(?:#(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]++|%[0-9A-Fa-f]{2})*+)?"
)


class _Url(NamedTuple):
    """The components of a web address, encoded; `query` and `fragment` keep their delimiter, "" where there is none."""

    scheme: str
    authority: str
    path: str
    query: str
    fragment: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}{self.query}{self.fragment}"


def web_address(text: str) -> str:
    """Return `text` as an absolute http(s) URL in percent-encoded ASCII, "" where it is none.

    An IRI becomes a URI (RFC 3987 §3.1), its host Punycode; what is encoded already stays, so the result is a fixed
    point. Scheme and host are in lower case. Relative references, other schemes and URLs over 8 KB are none.
    """
    if len(text) <= _LONGEST and _PLAIN.fullmatch(text):
        return text
    url = _parse(_tidy(text))
    return str(url) if url else ""


def resolve(reference: str, base: str) -> str | None:
    """Return the absolute URL that an attribute's `reference` means at `base`, None where it must not stand.

    Only http, https, mailto and tel may stand. A relative reference is resolved by RFC 3986 §5.2, a backslash is a
    slash as in browsers; an empty reference, and a relative one where `base` is no web address, give None.
    """
    return (_resolved_again if len(reference) <= _LONGEST else _resolved)(reference, base)


def _resolved(reference: str, base: str) -> str | None:
    if len(reference) <= _LONGEST and _PLAIN.fullmatch(reference):
        return reference
    text = _tidy(reference)
    if not text or len(text) > _LONGEST:
        return None
    parts = _split(text)
    scheme = (parts["scheme"] or "").lower()
    if scheme in _OPAQUE:
        return _opaque(scheme, text[len(scheme) + 1 :])
    if scheme in _WEB:
        found = _parse(text)
    elif scheme:
        return None
    else:
        found = _relative(_slashed(text), base)
    return _short(str(found)) if found else None


# Bodies name the same address again and again; each is resolved by repairing and by cleaning.
_resolved_again = lru_cache(maxsize=256)(_resolved)


def resolve_srcset(value: str, base: str) -> str | None:
    """Return a `srcset` whose every candidate is an absolute URL that may stand, None where no candidate is left.

    Candidates are split as the HTML standard says (§4.8.4.2, parse a srcset attribute): at a comma after white space or
    descriptors, never inside a URL. What follows a `data:` URL that was cut at a space is not taken for a candidate.
    """
    kept = []
    for url, descriptor in islice(_candidates(value), _MOST_CANDIDATES):
        resolved = resolve(url, base)
        if resolved and resolved.startswith("http") and (not descriptor or _WIDTH_OR_DENSITY.fullmatch(descriptor)):
            kept.append(f"{resolved} {descriptor}".rstrip())
        elif descriptor and not _WIDTH_OR_DENSITY.fullmatch(descriptor) and url.lower().startswith("data:"):
            break
    return ", ".join(kept) or None


def _candidates(value: str) -> Iterator[tuple[str, str]]:
    position = 0
    while match := _CANDIDATE.match(value, position):
        position = match.end()
        url = match["url"]
        if url.endswith(","):
            yield url.rstrip(","), ""
            continue
        descriptors = cast("re.Match[str]", _DESCRIPTORS.match(value, position))  # It matches the empty text, too.
        position = descriptors.end()
        yield url, " ".join(descriptors[0].removesuffix(",").split())


def _tidy(text: str) -> str:
    return _INVISIBLE.sub("", text).strip()


def _short(url: str) -> str | None:
    return url if len(url) <= _LONGEST else None


def _split(text: str) -> re.Match[str]:
    return cast("re.Match[str]", _PARTS.fullmatch(text))  # Every part may be empty, and the last ones hold anything.


def _slashed(text: str) -> str:
    """Turn the backslashes before the query into slashes: what browsers do for http and https."""
    end = min((at for at in (text.find("?"), text.find("#")) if at >= 0), default=len(text))
    return text[:end].replace("\\", "/") + text[end:]


def _parse(text: str) -> _Url | None:
    """Parse an absolute web address; None where it is none."""
    if len(text) > _LONGEST:
        return None
    parts = _split(_slashed(text))
    scheme = (parts["scheme"] or "").lower()
    authority = _authority(parts["authority"] or "") if scheme in _WEB else ""
    if not authority:
        return None
    url = _Url(
        scheme, authority, _encode(parts["path"]), _encode_query(parts["query"]), _encode_query(parts["fragment"])
    )
    return url if _short(str(url)) else None


@lru_cache(maxsize=64)
def _base(text: str) -> _Url | None:
    return _parse(_tidy(text))


def _relative(text: str, base: str) -> _Url | None:
    """RFC 3986 §5.2.2 for a reference without scheme."""
    root = _base(base)
    if root is None:
        return None
    parts = _split(text)
    fragment = _encode_query(parts["fragment"])
    if parts["slashes"]:
        return _parse(f"{root.scheme}:{text}")
    if not parts["path"]:
        query = _encode_query(parts["query"]) if parts["query"] is not None else root.query
        return root._replace(query=query, fragment=fragment)
    path = parts["path"] if parts["path"].startswith("/") else root.path.rpartition("/")[0] + "/" + parts["path"]
    return root._replace(path=_encode(_without_dots(path)), query=_encode_query(parts["query"]), fragment=fragment)


def _without_dots(path: str) -> str:
    """RFC 3986 §5.2.4 for a path that begins with a slash."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _opaque(scheme: str, rest: str) -> str | None:
    encoded = _encode(rest.strip())
    return _short(f"{scheme}:{encoded}") if encoded else None


def _encode(text: str) -> str:
    return _UNSAFE.sub(_percent, text)


def _encode_query(text: str | None) -> str:
    """Encode a query or fragment but for the delimiter that it begins with."""
    return text[0] + _encode(text[1:]) if text else ""


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode())


def _authority(text: str) -> str:
    """Return userinfo, host and port encoded, "" where there is no host or it cannot be one."""
    user, at, place = text.rpartition("@")
    if place.startswith("["):
        inside, end, port = place[1:].partition("]")
        host = _ipv6(inside) if end else ""
        if port and not port.startswith(":"):
            return ""
        port = port[1:]
    else:
        name, _, port = place.partition(":")
        host = _host(name)
    if not host or (port and not (_PORT.fullmatch(port) and int(port) <= _LAST_PORT)):
        return ""
    return f"{_encode(user)}{at}{host}{':' if port else ''}{port}"


def _ipv6(text: str) -> str:
    try:
        return f"[{IPv6Address(text)}]" if "%" not in text else ""
    except AddressValueError:
        return ""


def _host(name: str) -> str:
    """Return a host name in lower-case ASCII, its labels by IDNA; "" where it is no host name."""
    if len(name) > _LONGEST_NAME * 4:
        return ""
    decoded = _ESCAPED.sub(lambda match: bytes.fromhex(match[0].replace("%", "")).decode(errors="replace"), name)
    labels = [_label(label) for label in _DOTS.split(decoded)]
    if labels[-1] == "" and len(labels) > 1:
        del labels[-1]  # The root's dot: `example.org.` is `example.org`.
    if not all(_LABEL.fullmatch(label) for label in labels):
        return ""
    host = ".".join(labels)
    return host if len(host) <= _LONGEST_NAME else ""


def _label(label: str) -> str:
    lower = label.lower()
    if lower.isascii():
        return lower
    if len(label) > _LONGEST_LABEL:  # Punycode is longer than what it encodes, and the codec takes quadratic time.
        return ""
    # The codec knows IDNA 2003 only, which makes `ss` of it: another host (UTS #46 §1.3.2).
    if "ß" in lower or "ς" in lower:
        return "xn--" + unicodedata.normalize("NFKC", lower).encode("punycode").decode("ascii").lower()
    try:
        return lower.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
