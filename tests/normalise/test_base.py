"""What relative references of a body stand against (SPEC §5.6)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from feeder.config.slices import ContentRules, Page
from feeder.normalise.content import base_of
from feeder.normalise.shape import undress

ORIGIN = "https://origin.example/a"
PAGE = "https://e.example/2020/a/"
RULES = ContentRules(Page("https://e.example", "", ZoneInfo("UTC")), ("atom",))
OWN = ContentRules(Page("https://e.example", "", ZoneInfo("UTC")), ("atom",), base="https://b.example/")
MIRRORED = f"<!--1600919777000-->\n[A]({ORIGIN})\n---\n<p>x</p>"


@pytest.mark.parametrize(
    ("rules", "body", "origin", "page", "base"),
    [
        (RULES, MIRRORED, ORIGIN, PAGE, ORIGIN),
        (RULES, "<div>x</div>", ORIGIN, PAGE, ORIGIN),
        (RULES, "<div>x</div>", ORIGIN, "", ORIGIN),
        (RULES, "x", ORIGIN, PAGE, PAGE),
        (RULES, "<div>x</div>", "", PAGE, PAGE),
        (RULES, "x", ORIGIN, "", "https://e.example/"),
        (RULES, "<div>x</div>", "", "", "https://e.example/"),
        (OWN, MIRRORED, ORIGIN, PAGE, "https://b.example/"),
        (OWN, "x", "", "", "https://b.example/"),
    ],
)
def test_what_relative_references_stand_against(
    rules: ContentRules, body: str, origin: str, page: str, base: str
) -> None:
    """The origin for a body of the mirror's shape, else the post's page, else the site; `posts.base` overrides."""
    assert base_of(undress(body, origin), origin, page, rules) == base
