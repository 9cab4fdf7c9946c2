"""The site's own title, description and authors, which stand at the head of every feed."""

from __future__ import annotations

from feeder.config.slices import Site
from feeder.model.term import Person
from feeder.normalise.site import as_text

SITE = Site("https://e.org", "https://e.org", "Title", "Words", "en", (Person("Ada", "ada@e.org"),))


def test_markup_in_a_configuration_is_not_shown() -> None:
    """Jekyll's titles and descriptions are written for pages: tags go, entities are read once, names stay names."""
    people = (Person("<b>Ada</b> &amp; Co", "ada@e.org"), Person("<img src=x onerror=y>"))
    site = as_text(Site("i", "https://e.org", "My <b>Site</b> &amp; Co", "A <i>d</i>", "en", people))
    assert (site.title, site.description) == ("My Site & Co", "A d")
    assert site.authors == (Person("Ada & Co", "ada@e.org"),)


def test_a_title_of_markup_alone_gives_way_to_the_address() -> None:
    """No feed is without a title."""
    assert as_text(Site("i", "https://e.org", "<img src=x>", "", "", ())).title == "https://e.org"


def test_plain_words_stay_as_they_are() -> None:
    """What holds no markup is not touched."""
    assert as_text(SITE) == SITE
