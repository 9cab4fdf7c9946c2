"""What a web server has to say of a site's documents, by the shapes of their paths."""

from __future__ import annotations

import re
from dataclasses import replace

from feeder.config.scheme import Compat, scheme_of
from feeder.config.slices import FeedRules, Site, Taxonomy
from feeder.model.hosting import Headers
from feeder.plan.hosting import FRESH, SETTLED, headers, pattern

RULES = FeedRules(
    site=Site("id", "https://example.org", "A", "", "", (), hub="https://hub.example/"),
    url="https://example.org",
    formats=("atom", "json"),
    limit=50,
    max_bytes=1,
    taxonomies=(Taxonomy("tags", ("tags",)),),
    archive=("site",),
)


def test_every_document_has_its_headers() -> None:
    """Feeds, their archives and the lists of feeds have their types; what changes is fresh for a short time."""
    hub = RULES.site.hub
    assert headers(RULES) == (
        Headers("atom.xml", "application/atom+xml", FRESH, hub),
        Headers("archive/*/atom.xml", "application/atom+xml", SETTLED),
        Headers("feed.json", "application/feed+json", FRESH, hub),
        Headers("archive/*/feed.json", "application/feed+json", SETTLED),
        Headers("tags/*/atom.xml", "application/atom+xml", FRESH, hub),
        Headers("tags/*/feed.json", "application/feed+json", FRESH, hub),
        Headers("feeds.opml", "text/x-opml", FRESH),
        Headers("feeds.json", "application/json", FRESH),
    )


def test_no_document_has_two() -> None:
    """Where the site's own feed stands among those of its terms, theirs are its headers too."""
    names = ["categories", "tags"]
    rules = replace(
        RULES,
        formats=("atom", "rss"),
        scheme=scheme_of(Compat.PELICAN, names),
        taxonomies=tuple(Taxonomy(name, (name,)) for name in names),
    )
    paths = ("feeds/all.atom.xml", "feeds/tag/a.rss.xml", "feeds/archive/2024-01/all.atom.xml", "feeds.opml")
    for path in paths:
        assert len([one for one in headers(rules) if re.fullmatch(pattern(one.shape), path)]) == 1, path


def test_a_shape_is_taken_at_its_word() -> None:
    """Only the star stands for something, and for no slash."""
    assert re.fullmatch(pattern("a.b/*.xml"), "a.b/x.y.xml")
    assert not re.fullmatch(pattern("a.b/*.xml"), "aXb/x.xml")
    assert not re.fullmatch(pattern("a/*.xml"), "a/b/c.xml")
    assert not re.fullmatch(pattern("a/*.xml"), "a/.xml")
