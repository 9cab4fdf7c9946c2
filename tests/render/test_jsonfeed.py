"""JSON Feed 1.1: what the documents say, key by key, and what of hostile text comes back out of them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeder.model.entry import Content, Enclosure, Entry
from feeder.model.feed import Feed, History
from feeder.model.term import Person
from feeder.render.formats import FORMATS, RULES_VERSION, InvalidDocumentError
from feeder.render.jsonfeed import check, check_fragment, envelope, item
from tests.judge import check_json, check_json_pair
from tests.strategies import INSTANT, SITE, content, contents, entries, entry, feed, feeds, term

URL = f"{SITE}/feed.json"
FULL = entry(
    link=f"{SITE}/full/",
    via="https://origin.example/full",
    title='風 <b> & \\ "x"',
    updated=INSTANT + timedelta(days=1),
    language="zh-Hant",
    authors=(Person("Anna", "anna@example.org", f"{SITE}/anna"), Person("Bert", "b%c@example.org"), Person("C")),
    terms=(
        term("categories", "news", "News"),
        term("tags", "c++", "C++", "c-plus-plus"),
        term("tags", "news", "news"),
        term("authors", "anna", "Anna"),
    ),
)
FULL_CONTENT = content(
    "<p>All of it,\n&amp; more.</p>",
    "It & more",
    enclosures=(Enclosure(f"{SITE}/a.mp3", "audio/mpeg", 48213), Enclosure(f"{SITE}/b.mp4", "video/mp4", 0)),
    thumbnail=f"{SITE}/i.png",
)


def test_an_item_with_everything() -> None:
    """Every key that an item may have, in the order of the specification; of equal terms the first."""
    expected = {
        "id": FULL.id,
        "url": f"{SITE}/full/",
        "external_url": "https://origin.example/full",
        "title": '風 <b> & \\ "x"',
        "content_html": "<p>All of it,\n&amp; more.</p>",
        "summary": "It & more",
        "image": f"{SITE}/i.png",
        "date_published": "2020-09-24T03:56:17Z",
        "date_modified": "2020-09-25T03:56:17Z",
        "authors": [
            {"name": "Anna", "url": f"{SITE}/anna"},
            {"name": "Bert", "url": "mailto:b%25c@example.org"},
            {"name": "C"},
        ],
        "tags": ["News", "C++"],
        "language": "zh-Hant",
        "attachments": [
            {"url": f"{SITE}/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 48213},
            {"url": f"{SITE}/b.mp4", "mime_type": "video/mp4"},
        ],
    }
    found = item(FULL, FULL_CONTENT)
    assert list(json.loads(found).items()) == list(expected.items())
    assert "風".encode() in found
    assert b"\n" not in found


def test_an_item_with_nothing() -> None:
    """What is not known is not said: no empty text, no empty list, no null."""
    expected = {
        "id": entry().id,
        "url": f"{SITE}/1/",
        "title": "A title",
        "content_html": "<p>All of it.</p>",
        "date_published": "2020-09-24T03:56:17Z",
        "date_modified": "2020-09-24T03:56:17Z",
    }
    assert list(json.loads(item(entry(), content())).items()) == list(expected.items())


def test_a_document() -> None:
    """The head says whose feed it is, in the order of the specification; items follow, one a line."""
    meant = feed(language="en", hub="https://hub.example/", authors=(Person("A site", uri=f"{SITE}/about"),))
    document = envelope(meant, URL).around([item(entry(number), content()) for number in (1, 2)])
    found = json.loads(document)
    assert list(found.items())[:-1] == [
        ("version", "https://jsonfeed.org/version/1.1"),
        ("title", "A site"),
        ("home_page_url", f"{SITE}/"),
        ("feed_url", URL),
        ("description", "What it is about"),
        ("authors", [{"name": "A site", "url": f"{SITE}/about"}]),
        ("language", "en"),
        ("hubs", [{"type": "WebSub", "url": "https://hub.example/"}]),
        ("_feeder", {"about": "https://feeder.example/", "version": RULES_VERSION, "id": meant.id}),
    ]
    assert [one["id"] for one in found["items"]] == [entry(1).id, entry(2).id]
    lines = document.split(b"\n")
    assert [len(lines), lines[1][:8], lines[2][:8], lines[3:]] == [5, b'{"id": "', b'{"id": "', [b"]}", b""]]
    assert json.loads(envelope(meant, URL).around(()))["items"] == []


def test_what_came_before() -> None:
    """The next page of items is the archive document before this one, and stands where the specification has it."""
    found = json.loads(envelope(feed(), URL, History(previous=f"{SITE}/2020-08.json", next="x")).around(()))
    assert (found["next_url"], list(found)[4:6]) == (f"{SITE}/2020-08.json", ["description", "next_url"])


def test_a_document_without_hub_and_language() -> None:
    """A site without hub and language names neither."""
    found = json.loads(envelope(feed(), URL).around(()))
    assert not {"hubs", "language", "next_url"} & set(found)


@pytest.mark.parametrize("data", [b"", b"[]", b'{"id": 1}', b"{}", b'{"id": "\xff"}', b"[" * 100_000])
def test_what_is_no_item_is_refused(data: bytes) -> None:
    """A fragment is one object in UTF-8 with an id."""
    with pytest.raises(InvalidDocumentError):
        check_fragment(data)


@pytest.mark.parametrize("data", [b"", b"[]", b'{"version": "https://jsonfeed.org/version/1"}', b"\xff"])
def test_what_is_no_feed_is_refused(data: bytes) -> None:
    """A document is one object in UTF-8 of version 1.1."""
    with pytest.raises(InvalidDocumentError):
        check(data)


@given(feeds(), st.lists(st.tuples(entries(), contents()), min_size=1, max_size=3))
@settings(max_examples=40)
def test_hostile_text_comes_back(meant: Feed, posts: list[tuple[Entry, Content]]) -> None:
    """Whatever a feed holds comes back as it was meant, and the judge finds nothing."""
    posts = list({one.id: (one, body) for one, body in posts}.values())
    posts.sort(key=lambda post: (-post[0].published.timestamp(), post[0].id))
    document = envelope(meant, URL).around(item(one, body) for one, body in posts)
    check(document)
    found = json.loads(document)
    assert (found["title"], found["home_page_url"]) == (meant.title, meant.alternate)
    for said, (one, body) in zip(found["items"], posts, strict=True):
        assert (said["id"], said["title"], said["content_html"]) == (one.id, one.title, body.html)
        assert said.get("summary", "") == body.summary
        assert said.get("external_url", "") == one.via
    atom = FORMATS["atom"]
    newest = max(one.updated for one, _ in posts)
    other = atom.envelope(meant, f"{SITE}/atom.xml", newest).around(atom.entry(one, body) for one, body in posts)
    assert check_json_pair(other, document) == []
    assert check_json(document, URL) == []
