"""Jekyll's addresses: SPEC §3 "Link"; the expected values are what Jekyll's documentation says of each placeholder."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.config.scheme import Compat
from feeder.config.slices import Page
from feeder.normalise.permalinks import PageParts, address, expand, strip_date, style

_UTC = ZoneInfo("UTC")
# 6 January 2009 was a Tuesday, the sixth day of the year, in ISO week 2.
_DATE = datetime(2009, 1, 6, 3, 4, 5, tzinfo=UTC)
_PARTS = PageParts(_DATE, "2009-01-06-slap-chop", categories=("Life", "fun"))


def _page(pattern: str, url: str = "https://example.org/base") -> Page:
    return Page(url, pattern, _UTC)


_POST = PageParts(
    datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC),
    "My File.Name",
    title="Größe & It's (x)",
    categories=("Open Data",),
    folders=("Posts", "Sub Folder"),
)


@pytest.mark.parametrize(
    ("compat", "pattern", "path"),
    [
        (Compat.HUGO, "/:sections/:slugorcontentbasename/", "/posts/sub-folder/my-file.name/"),
        (Compat.HUGO, "/:section/:title/", "/posts/gr%C3%B6%C3%9Fe--its-x/"),
        (Compat.HUGO, "/:slug/:contentbasename", "/gr%C3%B6%C3%9Fe--its-x/my-file.name"),
        (Compat.HUGO, "/:filename/:slugorfilename/", "/my-file.name/my-file.name/"),
        (Compat.HUGO, "/:year/:month/:monthname/:day/", "/2020/02/February/03/"),
        (Compat.HUGO, "/:weekday/:weekdayname/:yearday", "/1/Monday/34"),
        (Compat.PELICAN, "/:slug.html", "/grosse-its-x.html"),
        (Compat.PELICAN, "/:category/:year/:slug/", "/open-data/2020/grosse-its-x/"),
        (Compat.JEKYLL, "/:slug/:title", "/my-file-name/My-File.Name"),
        (Compat.JEKYLL, "/:section/:title", "/My-File.Name"),
    ],
)
def test_the_placeholders_of_other_programs(compat: Compat, pattern: str, path: str) -> None:
    """Hugo's and Pelican's words mean what they mean there; others keep Jekyll's meaning."""
    assert address(_POST, _page(pattern, "https://e.org"), compat) == f"https://e.org{path}"


def test_posts_of_other_programs_without_folder_or_category() -> None:
    """What a post does not have is no part of its address; a slug that an author wrote is Pelican's as it is."""
    bare = PageParts(_DATE, "a", slug="My Slug")
    assert expand("/:section/:sections/:slug/", bare, _page(""), Compat.HUGO).endswith("/base/my-slug/")
    assert expand("/:category/:slug.html", bare, _page(""), Compat.PELICAN).endswith("/base/My%20Slug.html")


def test_dots_at_the_end_of_a_files_name() -> None:
    """Jekyll takes them off."""
    assert address(PageParts(_DATE, "2009-01-06-dots..."), _page("none", "https://e.org")) == "https://e.org/dots.html"


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("date", "/life/fun/2009/01/06/slap-chop.html"),
        ("pretty", "/life/fun/2009/01/06/slap-chop/"),
        ("ordinal", "/life/fun/2009/006/slap-chop.html"),
        ("weekdate", "/life/fun/2009/W02/Tue/slap-chop.html"),
        ("none", "/life/fun/slap-chop.html"),
        ("/:title/", "/slap-chop/"),
        (":title", "/slap-chop"),
        ("/:year-:short_year-:month-:i_month-:day-:i_day-:y_day/", "/2009-09-01-1-06-6-006/"),
        ("/:short_month-:long_month-:short_day-:long_day/", "/Jan-January-Tue-Tuesday/"),
        ("/:hour:minute:second/:week/:w_year/:w_day", "/030405/02/2009/2"),
        ("/:name/:slug", "/2009-01-06-slap-chop/slap-chop"),
        ("/:collection/:title:output_ext", "/posts/slap-chop.html"),
        ("/:slugified_categories/x", "/life/fun/x"),
        ("/:year_:month/:nosuch/:title_x", "/2009_01/slap-chop_x"),
        ("/:no_such/../a/./b//c", "/a/b/c"),
        ("/a b?#%/", "/a%20b%3F%23%25/"),
    ],
)
def test_styles_and_placeholders_are_filled(pattern: str, path: str) -> None:
    """Each style and placeholder means what it means in Jekyll; unknown ones and empty segments go."""
    assert address(_PARTS, _page(pattern)) == f"https://example.org/base{path}"


def test_without_a_pattern_posts_have_no_pages() -> None:
    """An empty pattern gives no address."""
    assert address(_PARTS, _page("")) == ""


def test_the_front_matters_slug_wins_and_the_date_stands_in_the_sites_zone() -> None:
    """`:title` is the slug where there is one; 23:30 UTC is the next day in Shanghai."""
    parts = PageParts(datetime(2020, 12, 31, 23, 30, tzinfo=UTC), "2020-12-31-a", slug="My Slug", title="T")
    page = Page("https://example.org", "date", ZoneInfo("Asia/Shanghai"))
    assert address(parts, page) == "https://example.org/2021/01/01/My-Slug.html"
    assert expand("/:slug", parts, page) == "https://example.org/my-slug"


@pytest.mark.parametrize(
    ("stem", "title", "path"),
    [
        ("2020-01-01-中文 標題", "", "/%E4%B8%AD%E6%96%87-%E6%A8%99%E9%A1%8C"),
        ("2020-01-01-A_b.c~(d)", "", "/A_b.c~(d)"),
        ("2020-01-01-#a?", "", "/a"),
        ("20-1-1-a", "", "/a"),
        ("a-2020-01-01", "", "/a-2020-01-01"),
        ("2020-01-01-", "The Title", "/The-Title"),
        ("2020-01-01-", "", "/2020-01-01"),
    ],
)
def test_the_title_placeholder_is_the_file_names_slug(stem: str, title: str, path: str) -> None:
    """`:title` keeps case and what may stand in a path, percent-encoded; a file named by its date alone has a title."""
    assert address(PageParts(_DATE, stem, title=title), _page("/:title", "https://e.org")) == f"https://e.org{path}"


def test_categories_are_in_lower_case_and_never_repeated() -> None:
    """`:categories` joins them by slashes; no category leads out of the site's path."""
    parts = PageParts(_DATE, "a", categories=("(臺)中央社CNA", "A b", "a B", "..", "C&D"))
    assert address(parts, _page("/:categories/", "https://e.org")) == (
        "https://e.org/(%E8%87%BA)%E4%B8%AD%E5%A4%AE%E7%A4%BEcna/a%20b/c&d/"
    )
    assert expand("/:slugified_categories/", parts, _page("")).endswith("/a-b/c-d/")


def test_a_template_may_be_an_address_of_its_own() -> None:
    """A permalink that is absolute stays where it points, percent-encoded."""
    assert expand("https://other.example/中", _PARTS, _page("")) == "https://other.example/%E4%B8%AD"


def test_names_of_styles_and_dates_of_names() -> None:
    """A template that is no style's name is itself; a stem without a date stays."""
    assert style("none") == "/:categories/:title:output_ext"
    assert style("/:x/") == "/:x/"
    assert strip_date("2020-01-01-a-b") == "a-b"
    assert strip_date("a-b") == "a-b"


@given(st.text(max_size=30), st.text(max_size=20), st.lists(st.text(max_size=8), max_size=3))
def test_any_address_is_ascii_and_below_the_site(template: str, stem: str, categories: list[str]) -> None:
    """Whatever a template and a post hold, the address is printable ASCII below the site's URL, without a way up."""
    url = expand("/" + template, PageParts(_DATE, stem, categories=tuple(categories)), _page(""))
    assert url.isascii()
    assert url.isprintable()
    assert " " not in url
    assert url.startswith("https://example.org/base/")
    assert ".." not in url
