"""Liquid in posts: what a reader needs of it is resolved, the rest is dropped and counted (SPEC §5.4).

The text is read once from left to right: whatever was looked at is consumed, and what was not found once is not looked
for again, so hostile text costs no more than its length.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from urllib.parse import quote, urlsplit

from feeder.config.slices import Page
from feeder.model.characters import unescaped
from feeder.normalise.permalinks import PageParts, address

_TOKEN = re.compile(
    r"""
      ^[ \t>]*+ (?:(?:[-*+]|\d{1,9}[.)])[ \t]++)*+ (?P<fence> `{3,}+(?=[^`\n]*+$) | ~{3,}+ )
    | \\[`\\]
    | (?P<ticks> `++ )
    | <(?P<element> pre | code | script | style )(?=[\s/>])
    | \{(?P<braces> [{%] )
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE | re.ASCII,  # or "ſ" would be an "s"
)
_FENCE_END = re.compile(r"^[ \t>]*+(`{3,}+|~{3,}+)[ \t]*+$", re.MULTILINE)
_TICKS_OR_BLANK = re.compile(r"(`++)|\n[ \t]*+\n")
_BLANK_LINE = re.compile(r"\n[ \t]*+\n")
_TAG = re.compile(r"-?\s*+([A-Za-z_]\w*+)(?=[\s-]|\Z)\s*+")
_RAW = re.compile(r"\{%-?\s*+raw\s*+-?%\}")
_ENDS = {name: re.compile(rf"\{{%-?\s*+end{name}\s*+-?%\}}") for name in ("raw", "comment", "capture", "highlight")}
_ELEMENT_ENDS = {name: re.compile(rf"(?ai)</{name}(?=[\s/>])") for name in ("pre", "code", "script", "style")}
_VALUE = re.compile(r"""-?\s*+(?:"([^"]*+)"|'([^']*+)'|([A-Za-z_][\w.\[\]-]*+))\s*+""")
_FILTER = re.compile(
    r"""\|\s*+([A-Za-z_]\w*+)\s*+(?::\s*+((?:"[^"]*+"|'[^']*+'|[^|"']++)*+))?\s*+""",
)
_QUOTED = re.compile(r"""\s*+(?:"([^"]*+)"|'([^']*+)')""")
_BETWEEN_QUOTED = re.compile(r"""["']\s*+,?\s*+["']""")
_INDENTATION = re.compile(r"(?:\A|\n)([ \t]*+)\Z")
_DEEPEST = 100
_POST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})-", re.ASCII)
_SUFFIX = re.compile(r"\.(?:md|markdown|mkd|html?)\Z", re.IGNORECASE)
# What `link` cannot lead to: Jekyll's own files, and posts whose name does not tell their date.
_NO_PAGE = re.compile(r"\A_(?:(?:posts|drafts|includes|layouts|data)/|[^/]*+\Z)|/_")
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)
# A tag or an output is short and stands in one paragraph: "{{" that is closed pages later is no Liquid.
_LONGEST = 3_000
_URL_SAFE = "/%:?#[]@!$&'()*+,;=~"
# An empty comment keeps Markdown from taking a line with one tag for the beginning of a block of HTML (behind the tag),
# or makes it a block of just this line (before it). The cleaner removes comments.
_COMMENT = "<!---->"
# Where something was dropped, until all is read: no body holds this character. A line that is left with nothing else
# goes too, or it would be a blank line, which ends a block of HTML and parts tables and lists; but not where the line
# behind it would then underline the line before it.
_GONE = "\0"
_GONE_LINE = re.compile(rf"^(?=[ \t]*+{_GONE})[ \t{_GONE}]*+(?:\n(?![ ]{{0,3}}(?:-++|=++)[ \t]*+$)|\Z)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Resolved:
    """Text without Liquid; `dropped` says of each tag or output that was dropped how often, ordered by name.

    `line` is the line (from 0) of the first of them.
    """

    text: str
    dropped: tuple[tuple[str, int], ...] = ()
    line: int = 0


def resolve(text: str, page: Page) -> Resolved:
    """Return `text` (Markdown or HTML) with its Liquid resolved for the site of `page`.

    Code (fences, code spans, `<pre>`, `<code>`) keeps its braces, and so does what is not well-formed Liquid. A line
    on which nothing but white space is left beside what was dropped goes whole.
    """
    if "{" not in text or ("{{" not in text and "{%" not in text):  # one character is found faster than two
        return Resolved(text)
    reader = _Reader(text, _Addresses(page))
    kept = _GONE_LINE.sub("", reader.read()).replace(_GONE, "")
    return Resolved(kept, tuple(sorted(reader.dropped.items())), text.count("\n", 0, reader.first_drop))


@dataclass(frozen=True, slots=True)
class _Addresses:
    """The site's addresses as Liquid's tags and filters write them."""

    page: Page

    @property
    def url(self) -> str:
        parts = urlsplit(self.page.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def baseurl(self) -> str:
        return urlsplit(self.page.url).path

    def relative(self, path: str) -> str:
        """Return `path` (from the site's root) below the base path; an absolute address as it is."""
        path = path.strip()
        return _quoted(path) if _ABSOLUTE.match(path) else f"{self.baseurl}/{_quoted(path.lstrip('/'))}"

    def absolute(self, path: str) -> str:
        """Return the URL of `path`; an absolute address as it is."""
        path = self.relative(path)
        return path if _ABSOLUTE.match(path) else self.url + path

    def file(self, path: str) -> str | None:
        """Return the path of what `{% link %}` names: a post's page, a page or collection, or the file itself."""
        if _SUFFIX.search(path) and _POST.match(path.rpartition("/")[2]):
            return self.post(path)
        path = path.removeprefix("/")
        if _NO_PAGE.search(path):
            return None
        return self.relative(_SUFFIX.sub(".html", path.removeprefix("_")).removesuffix("index.html"))

    def post(self, name: str) -> str | None:
        """Return the path of the page of the post called `name`, the site's where posts have none; None for no post."""
        stem = _SUFFIX.sub("", name).rpartition("/")[2]
        match = _POST.match(stem)
        if match is None:
            return None
        year, month, day = (int(part) for part in match.groups())
        with suppress(ValueError):  # no such day
            url = address(PageParts(datetime(year, month, day, tzinfo=self.page.zone), stem), self.page)
            return url.removeprefix(self.url) or f"{self.baseurl}/"
        return None


@dataclass(slots=True)
class _Reader:
    """One walk over a text; `position` is where it stands, `out` what came out so far."""

    text: str
    site: _Addresses
    position: int = 0
    out: list[str] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    first_drop: int = 0
    missing: set[str] = field(default_factory=set)
    after_base: int = -1
    blank: int = -1
    ahead: dict[str, int] = field(default_factory=dict)
    closers: dict[int, int] | None = None

    def read(self) -> str:
        while match := _TOKEN.search(self.text, self.position):
            self.out.append(self.text[self.position : match.start()])
            self.position = match.start()
            if match["fence"]:
                self.code(self.fence_end(match))
            elif match["ticks"]:
                self.code(self.span_end(match))
            elif match["element"]:
                self.code(self.search(_ELEMENT_ENDS[match["element"].lower()], match.end())[1] or match.end())
            elif match["braces"]:
                self.liquid(match["braces"])
            else:
                self.copy(match.end())
        return "".join((*self.out, self.text[self.position :]))

    def copy(self, end: int) -> None:
        self.out.append(self.text[self.position : end])
        self.position = end

    def search(self, pattern: re.Pattern[str], start: int) -> tuple[int, int]:
        """Return where `pattern` is found next, (0, 0) where it is not: then it is not looked for again."""
        match = None if pattern.pattern in self.missing else pattern.search(self.text, start)
        if match is None:
            self.missing.add(pattern.pattern)
            return 0, 0
        return match.span()

    # --- code ---------------------------------------------------------------------------------------------------------

    def code(self, end: int) -> None:
        """Copy code up to `end`: braces and all, but for the `raw` that Jekyll's authors put around them."""
        code = _without_raw(self.text[self.position : end])
        self.position = end
        begin = _RAW.search(code)
        closed = self.search(_ENDS["raw"], end) if begin else (0, 0)
        if begin and closed[1]:  # it begins in the code and ends behind it
            code = code[: begin.start()] + code[begin.end() :] + self.text[end : closed[0]]
            self.position = closed[1]
        self.out.append(code)

    def fence_end(self, match: re.Match[str]) -> int:
        marks = match["fence"]
        for end in _FENCE_END.finditer(self.text, match.end()):
            if end[1][0] == marks[0] and len(end[1]) >= len(marks):
                return end.end()
        return len(self.text)

    def span_end(self, match: re.Match[str]) -> int:
        """Return the end of the code span that begins here, or of its backticks where nothing closes them."""
        if self.closers is None:
            self.closers = _closers(self.text)
        return self.closers.get(match.start(), match.end())

    # --- Liquid -------------------------------------------------------------------------------------------------------

    def liquid(self, kind: str) -> None:
        start = self.position
        closing = "}}" if kind == "{" else "%}"
        end = self.next(closing, start + 2)
        if end > min(start + _LONGEST, self.paragraph_end()):
            self.copy(start + 2)
            return
        inner = self.text[start + 2 : end]
        done = self.output(inner, end + 2) if kind == "{" else self.tag(inner, end + 2)
        if done is None:
            self.copy(start + 2)
        else:
            self.out.append(done)

    def next(self, closing: str, start: int) -> int:
        """Return where `closing` stands next, or a place far behind the text; it is looked for once."""
        if self.ahead.get(closing, -1) < start:
            found = self.text.find(closing, start)
            self.ahead[closing] = found if found >= 0 else len(self.text) + _LONGEST
        return self.ahead[closing]

    def paragraph_end(self) -> int:
        """Return where the next blank line is, which no tag crosses."""
        if self.blank < self.position:
            match = _BLANK_LINE.search(self.text, self.position)
            self.blank = match.start() if match else len(self.text)
        return self.blank

    def output(self, inner: str, end: int) -> str | None:
        """Return what `{{ inner }}` stands for, or None where it is no Liquid; go on at `end`."""
        match = _VALUE.match(inner)
        rest = inner[match.end() :].removesuffix("-").rstrip() if match else ""
        if match is None or (rest and not rest.startswith("|")):
            return None
        value = self.value(match)
        name = match[3] or "output"
        for applied in _FILTER.finditer(rest):
            if value is not None:
                name = applied[1]
                value = self.filtered(value, applied[1], (applied[2] or "").strip())
        value = self.resolved(name, value, end)
        if match[3] == "site.baseurl":
            self.after_base = end
        return value

    def resolved(self, name: str, value: str | None, end: int) -> str:
        """Go on at `end` with `value`, or with a mark and one more `name` that is dropped where there is none."""
        start, self.position = self.position, end
        if value is None:
            self.first_drop = self.first_drop if self.dropped else start
            self.dropped[name[:40]] += 1
            return _GONE
        # `site.baseurl` before it has said the base path already.
        return value.removeprefix(self.site.baseurl) if self.after_base == start else value

    def value(self, match: re.Match[str]) -> str | None:
        if match[3]:
            return {"site.url": self.site.url, "site.baseurl": self.site.baseurl}.get(match[3])
        return match[1] or match[2] or ""

    def filtered(self, value: str, name: str, argument: str) -> str | None:
        """Return `value` after the filter, None where the filter is not known."""
        match name:
            case "relative_url" | "url":
                return self.site.relative(value)
            case "absolute_url":
                return self.site.absolute(value)
            case "append" | "prepend":
                operand = _VALUE.match(argument)
                other = self.value(operand) if operand else None
                return None if other is None else value + other if name == "append" else other + value
            case "escape" | "xml_escape" | "strip" | "uri_escape":
                return value.strip()
            case "embed" if value.startswith(("https://", "http://")):
                return _embed(value, argument)
        # A site's own filter that makes a link of a name: where it leads is not known, but the name is.
        return value if name.endswith("_link") else None

    def tag(self, inner: str, end: int) -> str | None:
        """Return what `{% inner %}` stands for, or None where it is no Liquid; go on at `end` or behind its end tag."""
        match = _TAG.match(inner)
        if match is None:
            return None
        name, arguments = match[1], inner[match.end() :].removesuffix("-").rstrip()
        closed = self.search(_ENDS[name], end) if name in _ENDS else (0, 0)
        body = self.text[end : closed[0]]
        if closed[1] and name in ("raw", "highlight"):
            shown = body if name == "raw" else _highlighted(body, self.indentation())
            self.position = closed[1]
            return shown
        if closed[1] and name == "comment":
            self.position = closed[1]
            return _GONE
        return self.resolved(name, self.shown(name, arguments), closed[1] or end)

    def shown(self, name: str, arguments: str) -> str | None:
        """Return the address or the image that a tag stands for, None where it is neither."""
        match name:
            case "post_url" if arguments:
                return self.site.post(arguments.strip("\"'"))
            case "link" if arguments:
                return self.site.file(arguments.strip("\"'"))
            case "image" | "image_with_class":
                path, alt = _path_and_alt(arguments)
                return _image(self.site.absolute(path), alt) + _COMMENT if path else None
        return None

    def indentation(self) -> str | None:
        """Return what stands before this tag on its line if it is white space, else None."""
        match = _INDENTATION.search(self.text, max(0, self.position - _DEEPEST), self.position)
        return match[1] if match else None


def _closers(text: str) -> dict[int, int]:
    """Return where the code span ends that each run of backticks begins (CommonMark §6.1), read from the end."""
    found: dict[int, int] = {}
    next_end: dict[int, int] = {}
    for match in reversed(list(_TICKS_OR_BLANK.finditer(text))):
        if not match[1]:
            next_end = {}  # a code span ends with its paragraph
            continue
        length = len(match[1])
        if length in next_end:
            found[match.start()] = next_end[length]
        next_end[length] = match.end()
    return found


def _without_raw(code: str) -> str:
    kept: list[str] = []
    position = 0
    while (begin := _RAW.search(code, position)) and (end := _ENDS["raw"].search(code, begin.end())):
        kept += code[position : begin.start()], code[begin.end() : end.start()]
        position = end.end()
    return "".join((*kept, code[position:]))


def _highlighted(text: str, indent: str | None) -> str:
    """Return a block of code on one line, so that nothing in it ends the list item, quotation or block around it."""
    lines = _without_raw(text).strip("\n").rstrip().split("\n")
    if indent:
        lines = [line.removeprefix(indent) for line in lines]
    code = escape("\n".join(lines), quote=False).replace("\n", "&#10;")
    return f"{'' if indent is not None else chr(10)}<pre><code>{code}</code></pre>\n"


def _path_and_alt(arguments: str) -> tuple[str, str]:
    """Return the first and the last (the alternative text) of quoted arguments; quotes in the last one are its own."""
    path = _QUOTED.match(arguments)
    if path is None:
        return "", ""
    rest = arguments[path.end() :].strip(" ,\n\t")
    last = _BETWEEN_QUOTED.split(rest)[-1].strip()
    return path[1] or path[2] or "", last.removeprefix(rest[:1]).removesuffix(rest[-1:]) if rest else ""


def _image(url: str, alt: str) -> str:
    return f'<img src="{escape(url)}" alt="{_attribute(alt)}">'


def _embed(url: str, argument: str) -> str:
    title = _QUOTED.match(argument)
    named = f' title="{_attribute(title[1] or title[2] or "")}"' if title else ""
    return f'{_COMMENT}<iframe src="{escape(_quoted(url))}"{named}></iframe>'


def _attribute(text: str) -> str:
    """Return `text` on one line as an attribute's value; a bar is escaped too, which would end a table's cell."""
    return escape(" ".join(unescaped(text).split())).replace("|", "&#124;")


def _quoted(path: str) -> str:
    return quote(path, safe=_URL_SAFE, errors="replace")
