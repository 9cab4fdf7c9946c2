"""From a post's body to an entry's content (SPEC §5): every step by its own module, the cleaner last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from pathlib import PurePosixPath

from feeder.config.slices import ContentRules, Sanitizer
from feeder.model.entry import Content, Entry, SafeHtml
from feeder.model.problem import Remark, warning
from feeder.model.source import RawPost
from feeder.model.table import Table
from feeder.normalise.enclosures import enclosures, thumbnail
from feeder.normalise.guards import too_long, too_much
from feeder.normalise.head import origin_of, table_of
from feeder.normalise.links import web_address
from feeder.normalise.liquid import Resolved, resolve
from feeder.normalise.markup import Kind, MarkupError, kind, markdown
from feeder.normalise.plaintext import to_html
from feeder.normalise.repair import first_image, repair, video_thumbnail
from feeder.normalise.sanitise import clean
from feeder.normalise.shape import Shape, undress
from feeder.normalise.text import SUMMARY_LENGTH, before_more, cut, summary, to_text
from feeder.normalise.titles import plain

SUMMARY_KEYS = ("excerpt", "summary", "description")
_MEDIA = ("<img", "<video", "<audio", "<picture")


@dataclass(frozen=True, slots=True)
class _Marked:
    """A body as HTML, not cleaned yet; `too_much` says why it must not be parsed, or ""."""

    html: str
    too_much: str = ""
    remarks: tuple[Remark, ...] = ()


def compose(raw: RawPost, entry: Entry, rules: ContentRules) -> tuple[Content, tuple[Remark, ...]]:
    """Return the content of `entry`, whose post is `raw`, and what is to be said about it; no content is ever empty."""
    table = table_of(raw, rules.defaults)
    origin = web_address(origin_of(table))
    shape = undress(raw.body, origin_of(table))
    base = base_of(shape, origin, entry.page, rules)
    suffix = PurePosixPath(raw.source.path).suffix.lower()
    attached = Content(
        html=SafeHtml(""),
        summary="",
        enclosures=enclosures(table, base, entry.files),
        thumbnail=thumbnail(table, base),
    )
    marked = _marked(shape, suffix, rules)
    if marked.too_much:
        message = f"the body {marked.too_much}, so the entry is an excerpt of its text and the link"
        html = _excerpt_html(entry, to_text(marked.html, SUMMARY_LENGTH * 2))
        content = replace(attached, html=clean(html, base, rules.sanitizer))
        return content, (*marked.remarks, warning("too-much", message))
    html = clean(repair(marked.html, base), base, rules.sanitizer)
    explicit, about_summary = _explicit(table, shape, rules)
    remarks = (*marked.remarks, *about_summary)
    before = _before(shape, suffix, base, rules)
    text = to_text(html, max(SUMMARY_LENGTH, len(explicit), len(before)) + 1)
    if not text and not any(media in html for media in _MEDIA):
        picture = video_thumbnail(origin)
        html = clean(_link_html(entry, origin or entry.link, picture), base, rules.sanitizer)
        content = replace(attached, html=html, summary=explicit, thumbnail=attached.thumbnail or picture)
        return content, remarks
    content = replace(
        attached,
        html=html,
        summary=summary(explicit, before, text),
        thumbnail=attached.thumbnail or first_image(html),
    )
    return content, remarks


def excerpt(entry: Entry, content: Content, sanitizer: Sanitizer) -> Content:
    """Return what stands for a `content` that is too big for any feed: the beginning of its text, and the link."""
    text = content.summary or to_text(content.html, SUMMARY_LENGTH * 2)
    # Its one link is absolute, so it stands against itself.
    return replace(content, html=clean(_excerpt_html(entry, text), entry.link, sanitizer), summary="")


def base_of(shape: Shape, origin: str, page: str, rules: ContentRules) -> str:
    """Return the URL that relative references of the body stand against (SPEC §5.6)."""
    return rules.base or (origin if shape.is_mirror else "") or page or f"{rules.page.url}/"


def _marked(shape: Shape, suffix: str, rules: ContentRules) -> _Marked:
    body = shape.body
    if reason := too_long(body):
        return _Marked(body, reason)
    written_in = kind(body, shape.is_mirror, suffix)
    if written_in is Kind.TEXT:
        return _Marked(to_html(body))
    remarks: tuple[Remark, ...] = ()
    if not shape.is_mirror:
        resolved = resolve(body, rules.page)
        body = resolved.text
        remarks = _dropped(resolved, "", shape.line)
    if written_in is Kind.MARKDOWN:
        try:
            body = markdown(body)
        except MarkupError as problem:
            return _Marked(body, str(problem), remarks)
    return _Marked(body, too_much(body), remarks)


def _dropped(resolved: Resolved, key: str, line: int) -> tuple[Remark, ...]:
    """Return what is to be said of `resolved`, which stood under `key`, or in the body from its `line` on."""
    if not resolved.dropped:
        return ()
    named = ", ".join(f"{name} ({count})" for name, count in resolved.dropped[:10])
    message = f"these Liquid tags mean nothing outside of Jekyll and were dropped: {named}"
    return (warning("liquid", message, key, line + resolved.line),)


def _explicit(table: Table, shape: Shape, rules: ContentRules) -> tuple[str, tuple[Remark, ...]]:
    """Return the summary that the post's author wrote, or "", and what is to be said about it."""
    key = next((key for key in SUMMARY_KEYS if table.text(key)), "")
    text = table.text(key)
    if shape.is_mirror:
        return plain(text), ()
    resolved = resolve(text, rules.page)
    return plain(resolved.text), _dropped(resolved, key, 0)


def _before(shape: Shape, suffix: str, base: str, rules: ContentRules) -> str:
    """Return the text before `<!--more-->` or the excerpt separator, or ""."""
    before = before_more(shape.body, rules.excerpt_separator)
    if not before:
        return ""
    marked = _marked(replace(shape, body=before), suffix, rules)
    return "" if marked.too_much else to_text(clean(marked.html, base, rules.sanitizer))


def _excerpt_html(entry: Entry, text: str) -> str:
    shown = f"<p>{escape(cut(text, SUMMARY_LENGTH))}</p>" if text else ""
    return shown + _link_html(entry, entry.link, "")


def _link_html(entry: Entry, url: str, picture: str) -> str:
    href = escape(url)
    shown = f'<p><a href="{href}"><img src="{escape(picture)}" alt=""></a></p>' if picture else ""
    return f'{shown}<p><a href="{href}">{escape(entry.title)}</a></p>'
