"""What a web server has to say of a site's documents, by the shapes of their paths."""

from __future__ import annotations

import re
from dataclasses import replace

from feeder.config.scheme import Compat, scheme_of
from feeder.config.slices import Alias, FeedRules, Site, Taxonomy
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


def test_old_places_have_the_headers_of_the_new() -> None:
    """Where an alias keeps a file or a folder, what stands there is served as what it is."""
    rules = replace(RULES, aliases=(Alias("old.xml", "atom.xml"), Alias("t/ki/", "tags/ai/"), Alias("x/", "")))
    hub = RULES.site.hub
    added = [one for one in headers(rules) if one not in headers(RULES)]
    assert added == [
        Headers("old.xml", "application/atom+xml", FRESH, hub),
        Headers("t/ki/atom.xml", "application/atom+xml", FRESH, hub),
        Headers("t/ki/feed.json", "application/feed+json", FRESH, hub),
        Headers("x/atom.xml", "application/atom+xml", FRESH, hub),
        Headers("x/feed.json", "application/feed+json", FRESH, hub),
        Headers("x/feeds.opml", "text/x-opml", FRESH),
        Headers("x/feeds.json", "application/json", FRESH),
    ]
