"""What other programs call posts and terms; tests/clients asks Jekyll itself, docs/moving.md says what was compared."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.config.scheme import Compat, scheme_of
from feeder.model.characters import is_file_name
from feeder.normalise.foreign import entry_id, hugo_path, pelican_slug, term_slug
from tests.strategies import HOSTILE

DAY = datetime(2020, 1, 2, tzinfo=UTC)
SITE = "https://example.org/b"


@pytest.mark.parametrize(
    ("path", "slug", "expected"),
    [
        ("/2020/01/02/hello.html", "hello", "/2020/01/02/hello"),
        ("/2020/01/02/hello/", "hello", "/2020/01/02/hello"),
        ("/special/place/", "page", "/special/page"),
        ("/top.html", "page", "/page"),
        ("/2020/page", "page", "/2020/page"),
        ("/2020/hello-world/", "Hello World? #1 [x]#", "/2020/Hello%20World?%20#1%20%5Bx%5D%23"),
        ("/a/100.html", "100%", "/a/100%25"),
        ("/a/b.html", "a%20b", "/a/a%20b"),
        ("/a/b.html", "/slashed", "/a/slashed"),
        ("/%E8%87%BA/x.html", "臺", "/%E8%87%BA/%E8%87%BA"),
        ("/%EF%BC%88a%EF%BC%89%23/b.html", "Ｂ，é？", "/(a)%23/B,%C3%A9%3F"),
        ("/a/b.html", " two  spaces ", "/a/%20two%20%20spaces"),
        ("/a/b.html", "late #tag ", "/a/late#tag%20"),
        ("/a/b.html", "why ?", "/a/why"),
        ("/a/b.html", "why?#", "/a/why"),
        ("/a/b.html", "a%2Fb%FF", "/a/a%2Fb%FF"),
    ],
)
def test_what_jekyll_calls_a_post(path: str, slug: str, expected: str) -> None:
    """Jekyll's `post.id` is the folder of the post's address and its slug, as an address is normalised."""
    assert entry_id(Compat.JEKYLL, SITE, path, slug, DAY) == SITE + expected


def test_what_hugo_and_pelican_call_a_post() -> None:
    """Hugo's guid is the page's address, Pelican's id a tag URI of host, day and path; without page there is none."""
    assert entry_id(Compat.HUGO, SITE, "/posts/a/", "a", DAY) == f"{SITE}/posts/a/"
    assert entry_id(Compat.PELICAN, SITE, "/a.html", "a", DAY) == "tag:example.org,2020-01-02:/b/a.html"
    assert {entry_id(compat, SITE, "", "a", DAY) for compat in Compat} == {""}
    assert entry_id(Compat.NONE, SITE, "/a.html", "a", DAY) == ""


@pytest.mark.parametrize(
    ("compat", "taxonomy", "label", "slug"),
    [
        (Compat.JEKYLL, "tags", "Foo_1", "Foo_1"),
        (Compat.JEKYLL, "tags", "open data", ""),
        (Compat.JEKYLL, "tags", "臺灣", ""),
        (Compat.JEKYLL, "categories", "Open Data", "Open Data"),
        (Compat.JEKYLL, "categories", "R&D: C#?", "R&D: C#?"),
        (Compat.JEKYLL, "categories", "a/b", ""),
        (Compat.JEKYLL, "categories", "..", ""),
        (Compat.JEKYLL, "categories", "a\u202eb", ""),
        (Compat.JEKYLL, "categories", "x" * 101, ""),
        (Compat.JEKYLL, "authors", "Ann", ""),
        (Compat.NONE, "categories", "News", ""),
        (Compat.HUGO, "tags", "Open Data", "open-data"),
        (Compat.HUGO, "tags", "A - B", "a---b"),
        (Compat.HUGO, "tags", "C# & it's (x) 100% x.y a_b ~t @u c++", "c#--its-x-100-x.y-a_b-~t-@u-c++"),
        (Compat.HUGO, "tags", "Café 臺灣", "café-臺灣"),
        (Compat.HUGO, "tags", "İ", "i"),
        (Compat.HUGO, "tags", ".NET", ".net"),
        (Compat.HUGO, "tags", "a/b", ""),
        (Compat.HUGO, "tags", "…", ""),
        (Compat.PELICAN, "tags", "Foo  bar", "foo-bar"),
        (Compat.PELICAN, "tags", "A_b", "a_b"),
        (Compat.PELICAN, "categories", "C++", "c"),
        (Compat.PELICAN, "categories", "Über Straße – x/y", "uber-strasse-xy"),
        (Compat.PELICAN, "categories", "臺灣", ""),
        (Compat.PELICAN, "years", "2020", ""),
    ],
)
def test_what_a_program_calls_a_term(compat: Compat, taxonomy: str, label: str, slug: str) -> None:
    """A term's feed has the name that the program gave it, "" where it gave none or no file could be called so."""
    assert term_slug(scheme_of(compat, ("categories", "tags", "authors")), taxonomy, label) == slug


@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=120)))
def test_no_term_leaves_its_folder(label: str) -> None:
    """Whatever a term is called, its name is none or one that a file may have."""
    for compat in Compat:
        scheme = scheme_of(compat, ("categories", "tags"))
        for taxonomy in ("categories", "tags"):
            slug = term_slug(scheme, taxonomy, label)
            assert not slug or (is_file_name(slug) and "/" not in slug)


@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=120)))
def test_slugs_of_other_programs_are_stable(text: str) -> None:
    """A slug made of a slug is the same one."""
    assert hugo_path(hugo_path(text)) == hugo_path(text)
    assert pelican_slug(pelican_slug(text)) == pelican_slug(text)
