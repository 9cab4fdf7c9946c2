"""What dist remembers (SPEC §7)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.model.term import GivenSlug
from feeder.write.manifest import DamagedManifestError, Manifest, WrittenFile, digest, dump, mark, parse

HASH = digest(b"x")
WHOLE = Manifest(
    (WrittenFile("atom.xml", (HASH,)), WrittenFile("tags/臺/atom.xml", (HASH, digest(b"y")))),
    (GivenSlug("categories", "臺", "臺"), GivenSlug("tags", "c++", "c-plus-plus"), GivenSlug("tags", "臺", "臺-1")),
    frozenset((mark("urn:uuid:1"), mark("urn:uuid:2"))),
)


def state(**changes: object) -> bytes:
    """Return a good manifest with `changes`."""
    good = {"feeder": 1, "files": {"atom.xml": [HASH]}, "slugs": {"tags": {"a": "a"}}, "entries": mark("x")}
    return json.dumps({**good, **changes}).encode()


def test_it_is_read_back() -> None:
    """What is written is read back, and stands in the file as people would write it."""
    assert parse(dump(WHOLE)) == WHOLE
    assert "臺".encode() in dump(WHOLE)
    assert dump(WHOLE).endswith(b"}\n")
    assert parse(dump(Manifest())) == Manifest()


@pytest.mark.parametrize(
    ("slug", "known"), [("R&D", True), (".net", True), ("../x", False), ("a\\b", False), ("", False)]
)
def test_slugs_of_another_program(slug: str, known: bool) -> None:
    """Under another program's name slugs are any names of files; under feeder's own they are its own."""
    if known:
        assert parse(state(slugs={"tags@jekyll": {"a": slug}})).slugs == (GivenSlug("tags@jekyll", "a", slug),)
    with pytest.raises(DamagedManifestError):
        parse(state(slugs={"tags" if known else "tags@jekyll": {"a": slug}}))


def test_equal_states_are_equal_bytes() -> None:
    """The order in which files and slugs came is nothing."""
    assert dump(Manifest(WHOLE.files[::-1], WHOLE.slugs[::-1], WHOLE.marks)) == dump(WHOLE)


def test_digests() -> None:
    """A file is known by its SHA-256, an entry by 64 bits of its id."""
    assert HASH == "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    assert len(mark("urn:uuid:1")) == 16
    assert mark("urn:uuid:1") != mark("urn:uuid:2")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"null",
        b"{}",
        b"[" * 100_000,
        b'{"feeder": ' + b"9" * 5_000 + b"}",
        state(feeder=2),
        state(files=[]),
        state(files=None),
        state(slugs=[]),
        state(entries=[]),
        state(entries="xyz"),
        state(entries="0123456789abcde"),
        state(entries="0123456789abcdef0"),
        state(entries="0123456789ABCDEF"),
        state(entries="0123456789abcdef\n"),
        state(files={"atom.xml": HASH}),
        state(files={"atom.xml": ["x"]}),
        state(files={"atom.xml": [HASH.upper()]}),
        state(files={"atom.xml": [HASH + "\n"]}),
        state(files={"atom.xml": [1]}),
        state(files={"": []}),
        state(files={"/etc/passwd": []}),
        state(files={"../x": []}),
        state(files={"a/../../x": []}),
        state(files={"a/..": []}),
        state(files={"a//b": []}),
        state(files={"./a": []}),
        state(files={"a/": []}),
        state(files={"a\0b": []}),
        state(files={"a\ud800b": []}),
        state(slugs={"tags": []}),
        state(slugs={"tags": {"a": 1}}),
        state(slugs={"tags": {"a": ""}}),
        state(slugs={"tags": {"a": "../x"}}),
        state(slugs={"tags": {"a": "x/y"}}),
        state(slugs={"tags": {"a": "x\\y"}}),
        state(slugs={"tags": {"a": "."}}),
        state(slugs={"tags": {"a": ".htaccess"}}),
        state(slugs={"tags": {"a": "-rf"}}),
        state(slugs={"tags": {"a": "a b"}}),
        state(slugs={"tags": {"a": "a\n"}}),
        state(slugs={"tags": {"a": "a\u202eb"}}),
        state(slugs={"tags": {"a": "a\0"}}),
        state(slugs={"tags": {"a": "a\ud800"}}),
        state(slugs={"tags": {"\ud800": "a"}}),
        state(slugs={"\ud800": {"a": "a"}}),
        state(slugs={"tags": {"a": "a" * 101}}),
        state(slugs={"tags": {"a": "臺" * 34}}),
    ],
    ids=lambda data: repr(data[:60]),
)
def test_damaged(data: bytes) -> None:
    """What no build of feeder can have written is not believed: no path leaves dist, and no slug its folder."""
    with pytest.raises(DamagedManifestError, match=r"^its? "):
        parse(data)


def test_escapes_that_are_no_surrogates() -> None:
    """Characters may be written as escapes."""
    text = state(slugs={"tags": {"\\ud800": "a", "臺": "臺"}})
    assert b"\\u" in text
    assert parse(text).slugs == (GivenSlug("tags", "\\ud800", "a"), GivenSlug("tags", "臺", "臺"))


def test_hostile_names(hostile: Callable[[str], list[Any]]) -> None:
    """No hostile name comes out of a manifest as a slug or as a path that could leave its folder."""
    for name in hostile("hostile_names"):
        try:
            found = parse(state(slugs={"tags": {"a": name}}, files={name: [HASH]}))
        except DamagedManifestError:
            continue
        assert found.files[0].path == name
        assert found.slugs[0].slug == name
        assert not set(name) & set("/\\.\0 ")
        name.encode()


@given(st.binary(max_size=50) | st.text(max_size=50).map(lambda text: json.dumps(text).encode()))
def test_anything(data: bytes) -> None:
    """Whatever the bytes, they are a manifest or damaged."""
    with pytest.raises(DamagedManifestError):
        parse(data)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters(codec=None), max_size=5) | st.just(HASH),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    ),
    st.sampled_from(["feeder", "files", "slugs", "entries", "plans"]),
)
def test_any_state(value: object, key: str) -> None:
    """Whatever one part holds, what is believed can be written again."""
    try:
        found = parse(state(**{key: value}))
    except DamagedManifestError:
        return
    assert parse(dump(found)) == found


PLAN = "0123456789abcdef" * 2


def test_plans_are_read_back() -> None:
    """The fingerprint of the plan that a file was made by is kept; where there is none it is not known."""
    known = Manifest((WrittenFile("atom.xml", (HASH,), PLAN), WrittenFile("rss.xml", (HASH,))))
    assert parse(dump(known)) == known
    assert json.loads(dump(known))["plans"] == {"atom.xml": PLAN}
    assert [file.fingerprint for file in parse(state()).files] == [""]


@pytest.mark.parametrize(
    "plans",
    [
        None,
        [],
        "x",
        {"atom.xml": 1},
        {"atom.xml": None},
        {"atom.xml": PLAN + "0"},
        {"atom.xml": PLAN.upper()},
        {"atom.xml": PLAN + "\n"},
        {"atom.xml": ""},
        {"other": PLAN},
        {"../x": PLAN},
    ],
    ids=repr,
)
def test_plans_that_are_none(plans: object) -> None:
    """What cannot be a plan's fingerprint is none: the file is still known, and is made anew."""
    assert parse(state(plans=plans)).files == (WrittenFile("atom.xml", (HASH,)),)
