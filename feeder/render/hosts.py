"""What a host must know to serve dist well, in the words of each: one function a host, one line in the table below.

Media types decide whether a browser or reader takes a document for a feed; a lifetime saves most requests; other sites'
pages may fetch feeds (CORS); and nothing is taken for what it is not (nosniff).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from feeder.config.slices import Coding, Host
from feeder.model.hosting import Headers

_ALWAYS = (("Access-Control-Allow-Origin", "*"), ("X-Content-Type-Options", "nosniff"))
_SUFFIXES = {Coding.GZIP: ".gz", Coding.BROTLI: ".br"}


@dataclass(frozen=True, slots=True)
class Served:
    """What is served: `base` is dist's address, `twins` the codings in which there are twins, `paths` all files."""

    base: str
    headers: tuple[Headers, ...]
    twins: tuple[Coding, ...]
    paths: tuple[str, ...]

    @property
    def root(self) -> str:
        """The path of `base`, without a slash at its end, as it is written in an address."""
        return urlsplit(self.base).path.rstrip("/")


def name(host: Host) -> str:
    """Return the path below dist of what `host` is told, "" where it is told nothing."""
    return _HOSTS[host][0] if host in _HOSTS else ""


def document(host: Host, served: Served) -> bytes:
    """Return what `host` is told of `served`: UTF-8, the same for the same site."""
    return _HOSTS[host][1](served).encode()


def _own(headers: Headers) -> list[tuple[str, str]]:
    # A dollar would begin a variable in nginx.
    link = [("Link", f'<{headers.hub.replace("$", "%24")}>; rel="hub"')] if headers.hub else []
    return [("Content-Type", f"{headers.type}; charset=utf-8"), ("Cache-Control", _lifetime(headers)), *link]


def _lifetime(headers: Headers) -> str:
    return f"public, max-age={headers.seconds}"


def _headers_file(served: Served) -> str:
    """Return `_headers` as Netlify and Cloudflare Pages have it: paths with placeholders, no header of a path twice."""
    blocks = [(f"{served.root}/*", list(_ALWAYS))]
    for one in served.headers:
        before, *others = quote(one.shape, safe="/*$&+,;=@~").split("*")
        path = before + "".join(f":p{number}{text}" for number, text in enumerate(others, 1))
        blocks.append((f"{served.root}/{path}", _own(one)))
    return "".join(f"{path}\n" + "".join(f"  {key}: {value}\n" for key, value in found) for path, found in blocks)


def _nginx(served: Served) -> str:
    lines = ["# Made by feeder: include it in the server block whose root is this folder.", "charset utf-8;"]
    types = sorted({one.type for one in served.headers})
    lines.append(f"charset_types {' '.join(types)};")
    if Coding.BROTLI in served.twins:
        lines.append("# brotli_static needs the module ngx_brotli (Debian: libnginx-mod-http-brotli-static).")
    for one in served.headers:
        lines.append(f"location ~ {_quoted(_regex(served, one))} {{")
        lines.append(f"    types {{ }}\n    default_type {one.type};")
        lines.extend(f"    add_header {key} {_quoted(value)} always;" for key, value in (*_own(one)[1:], *_ALWAYS))
        lines.append("    gzip_vary on;")
        if Coding.GZIP in served.twins:
            lines.append("    gzip_static on;")
        else:
            lines.append(f"    gzip on;\n    gzip_types {one.type};")
        if Coding.BROTLI in served.twins:
            lines.append("    brotli_static on;")
        lines.append("}")
    return "\n".join(lines) + "\n"


def _caddy(served: Served) -> str:
    lines = ["# Made by feeder: import it in the site block whose root is this folder."]
    lines.extend(f"header {key} {_verbatim(value)}" for key, value in _ALWAYS)
    for number, one in enumerate(served.headers, 1):
        lines.append(f"@feed{number} path_regexp {_verbatim(_regex(served, one))}")
        lines.extend(f"header @feed{number} {key} {_verbatim(value)}" for key, value in _own(one))
    twins = " ".join("gzip" if coding is Coding.GZIP else "br" for coding in served.twins)
    lines.append(f"file_server {{\n\tprecompressed {twins}\n}}" if twins else "encode gzip\nfile_server")
    return "\n".join(lines) + "\n"


def _apache(served: Served) -> str:
    lines = [
        "# Made by feeder. It needs AllowOverride FileInfo, and the modules headers, mime and (for twins) rewrite."
    ]
    lines.append("<IfModule mod_headers.c>")
    lines.extend(f"Header always set {key} {_quoted(value)}" for key, value in _ALWAYS)
    lines.append("</IfModule>")
    for coding in served.twins:
        # A name that ends in .gz is known under its own type and coding: the twin of a feed is a feed.
        suffix, token = _SUFFIXES[coding], "gzip" if coding is Coding.GZIP else "br"
        lines.append(
            f"<IfModule mod_rewrite.c>\nRewriteEngine On\nRewriteCond %{{HTTP:Accept-Encoding}} {token}\n"
            f"RewriteCond %{{REQUEST_FILENAME}}{suffix} -f\n"
            f"RewriteRule ^(.+)$ $1{suffix} [L,E=no-gzip:1]\n</IfModule>\n"
            f'<FilesMatch "\\{suffix}$">\nRemoveType {suffix}\nAddEncoding {token} {suffix}\n'
            "<IfModule mod_headers.c>\nHeader append Vary Accept-Encoding\n</IfModule>\n</FilesMatch>"
        )
    ends = "".join(re.escape(_SUFFIXES[coding]) + "|" for coding in served.twins)
    for one in served.headers:
        expression = _regex(served, one).removesuffix("$") + (f"(?:{ends[:-1]})?$" if ends else "$")
        lines.append(f'<If "%{{REQUEST_URI}} =~ m#{expression}#">')
        lines.append(f"ForceType {_quoted(one.type + '; charset=utf-8')}")
        lines.append("<IfModule mod_headers.c>")
        lines.extend(f"Header always set {key} {_quoted(value)}" for key, value in _own(one)[1:])
        lines.append("</IfModule>\n</If>")
    return "\n".join(lines) + "\n"


def _s3(served: Served) -> str:
    patterns = [(re.compile(_below(one)), one) for one in served.headers]
    objects = []
    for path in sorted(served.paths):
        coding = next((coding for coding in served.twins if path.endswith(_SUFFIXES[coding])), None)
        base = path.removesuffix(_SUFFIXES[coding]) if coding else path
        own = next((one for like, one in patterns if like.fullmatch(base)), None)
        if own is None:
            continue
        about = {"Key": path, "ContentType": f"{own.type}; charset=utf-8", "CacheControl": _lifetime(own)}
        objects.append({**about, "ContentEncoding": coding.value} if coding else about)
    cors = [{"AllowedOrigins": ["*"], "AllowedMethods": ["GET", "HEAD"], "AllowedHeaders": ["*"]}]
    return json.dumps({"Objects": objects, "CORSRules": cors}, ensure_ascii=False, indent=1) + "\n"


def _below(one: Headers) -> str:
    return "[^/]+".join(map(_escaped, one.shape.split("*")))


def _regex(served: Served, one: Headers) -> str:
    return f"^{_escaped(served.root)}/{_below(one)}$"


def _escaped(text: str) -> str:
    """Return `text` as every dialect of regular expressions has it: only what means something is escaped."""
    return re.sub(r"([.^$*+?()\[\]{}|\\])", r"\\\1", text)


def _quoted(text: str) -> str:
    """Return `text` as one word of nginx and Apache."""
    escaped = re.sub(r'(["\\])', r"\\\1", text)
    return f'"{escaped}"'


def _verbatim(text: str) -> str:
    """Return `text` as one word of Caddy, in which nothing is escaped."""
    return f"`{text.replace('`', '%60')}`"


_HOSTS: dict[Host, tuple[str, Callable[[Served], str]]] = {
    Host.NETLIFY: ("_headers", _headers_file),
    Host.CLOUDFLARE: ("_headers", _headers_file),
    Host.NGINX: ("feeder.nginx.conf", _nginx),
    Host.CADDY: ("feeder.caddy", _caddy),
    Host.APACHE: (".htaccess", _apache),
    Host.S3: ("feeder-s3.json", _s3),
}
