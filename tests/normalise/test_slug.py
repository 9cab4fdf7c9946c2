"""Slugs: the place of a term in addresses (SPEC §4)."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable
from hashlib import sha256
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeder.normalise.slug import MAX_BYTES, RESERVED, candidate, key, name, suffixed

# Every kind of character that slugs treat apart, often enough to meet each other.
LABELS = st.text(
    st.one_of(
        st.characters(codec=None),
        st.sampled_from("aZß1٣ -+#&@%._/中臺ガが\u0301\u0345\u3099\u034f\u200d\u202e\ufe0f\u1160ﬁⅨ①²ſKΩİıςΣ\ud800\0"),
    ),
    max_size=60,
)


def digits(term_key: str) -> str:
    """Return the 8 hex digits that SPEC §4 asks for, worked out apart from the code."""
    return sha256(term_key.encode()).hexdigest()[:8]


def free(_slug: str) -> bool:
    """Say of every slug that no term has it."""
    return False


def assert_safe(slug: str) -> None:
    """Assert what holds of every slug, by the categories of Unicode and the rules of file systems."""
    assert slug
    assert len(slug.encode()) <= 100
    assert slug[0] not in "-."
    assert not slug.endswith("-")
    assert "--" not in slug
    assert {unicodedata.category(character)[0] for character in slug.replace("-", "")} <= set("LMN")
    assert unicodedata.category(slug[0])[0] != "M"
    assert slug == unicodedata.normalize("NFC", slug) == slug.casefold()
    assert slug not in RESERVED


@pytest.mark.parametrize(
    ("label", "slug"),
    [
        ("(臺)中央社CNA", "臺-中央社cna"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("C", "c"),
        (".NET", "net"),
        ("R&D", "r-and-d"),
        ("100 %", "100-percent"),
        ("me@home", "me-at-home"),
        ("Ｃ＃", "c-sharp"),
        ("how we work", "how-we-work"),
        ("LyLy TV越南生活", "lyly-tv越南生活"),
        ("Nei.st", "nei-st"),
        ("Straße", "strasse"),
        ("ÉCOLE", "école"),
        ("e\u0301cole", "école"),
        ("हिन्दी", "हिन्दी"),
        ("ภาษาไทย", "ภาษาไทย"),
        ("العربية", "العربية"),
        ("نیم\u200cفاصله", "نیم-فاصله"),
        ("ﬁne", "fine"),
        ("１２３", "123"),
        ("a/b", "a-b"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\x", "c-x"),
        ("a\u202eb", "a-b"),
        ("a\u200bb", "a-b"),
        ("a\0b", "a-b"),
        ("葛\U000e0100城", "葛城"),
        ("NUL.xml", "nul-xml"),
        ("2049", "2049"),
        ("snake_case", "snake-case"),
        ("-rf", "rf"),
    ],
)
def test_plain_names(label: str, slug: str) -> None:
    """Letters, marks and digits of every script stay, five signs become words, the rest becomes one `-`."""
    assert candidate(label).slug == slug
    assert candidate(label).exact
    assert name(label, free) == slug


@pytest.mark.parametrize(
    "label", ["", "   ", "...", "/", "\0", "\u202e", "!?", "😀", "\ud800", "\u0301", "❤\ufe0f", "\u3164"]
)
def test_nothing_left(label: str) -> None:
    """A label without a letter or digit has the digits of its hash as its name, and different ones different names."""
    assert candidate(label).slug == ""
    assert not candidate(label).exact
    assert name(label, free) == suffixed("", key(label))
    assert_safe(name(label, free))
    assert name(label, free) != name(f"{label}\N{BULLET}", free)


def test_empty_label_is_its_hash() -> None:
    """The empty label's name is the start of the SHA-256 of nothing: no dash or dot stands first."""
    assert name("", free) == "e3b0c442"


@pytest.mark.parametrize(
    "label",
    [
        *(
            "CON",
            "con",
            "Prn",
            "AUX",
            "nul",
            "COM1",
            "com0",
            "COM\u00b9",
            "LPT9",
            "lpt\u00b3",
            "CONIN$",
            "conout$",
            "ＣＯＮ",
        ),
        *("index", "Archive", "feed", "Feeds", "atom", "RSS", "json", "opml", "page", "site", ".index", "(feed)"),
    ],
)
def test_reserved(label: str) -> None:
    """A name that Windows keeps for devices or feeder for its own files carries the hash."""
    slug = candidate(label).slug
    assert not candidate(label).exact
    assert name(label, free) == f"{slug}-{digits(key(label))}"
    assert_safe(name(label, free))


def test_not_reserved() -> None:
    """Only whole names are reserved, in no way what contains them."""
    assert [name(label, free) for label in ("com10", "console", "index 2", "news feed")] == [
        "com10",
        "console",
        "index-2",
        "news-feed",
    ]


@pytest.mark.parametrize(
    ("label", "start"),
    [
        ("a" * 101, "a" * 91),
        ("中" * 34, "中" * 30),
        ("a" * 90 + " " + "b" * 20, "a" * 90),
        ("x" + "é" * 50, "x" + "é" * 45),
        ("क\u093f" * 17, "क\u093f" * 15),
        ("𠮷" * 26, "𠮷" * 22),
        ("a" * 90 + "b\u0301\u0302" + "c" * 20, "a" * 90),
    ],
)
def test_long_names_are_cut_at_a_character(label: str, start: str) -> None:
    """Over 100 bytes a name is cut before a character and its marks, and the hash makes it 100 at most."""
    assert not candidate(label).exact
    assert name(label, free) == f"{start}-{digits(key(label))}"


def test_hundred_bytes_are_not_cut() -> None:
    """A name of exactly 100 bytes is kept whole."""
    assert name("a" * 100, free) == "a" * 100
    assert name("中" * 33 + "a", free) == "中" * 33 + "a"


def test_one_letter_under_many_marks() -> None:
    """Where marks fill all 100 bytes there is no place to cut, so the name is the hash."""
    label = "q" + "\u0301" * 200
    assert name(label, free) == digits(key(label))


def test_taken_names_carry_the_hash() -> None:
    """A name that another term has gets the hash; if that is taken as well, another hash."""
    first = f"c-{digits('c!')}"
    assert name("C!", {"c"}.__contains__) == first
    second = name("C!", {"c", first}.__contains__)
    assert second.startswith("c-")
    assert second not in {"c", first}
    assert_safe(second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("é", "e\u0301"),
        ("Å", "\u212b"),
        ("ﬁ", "FI"),
        ("ß", "SS"),
        ("ẞ", "ss"),
        ("σ", "ς"),
        ("Ａ", "a"),
        ("ガ", "ｶﾞ"),
        ("\u0130", "i\u0307"),
        ("\u1fb3", "\u03b1\u0399"),
    ],
)
def test_equal_labels(one: str, other: str) -> None:
    """Labels that differ by normalisation, compatibility or case alone are one term with one slug."""
    assert key(one) == key(other)
    assert candidate(one) == candidate(other)


@pytest.mark.parametrize(("one", "other"), [("I", "ı"), ("台", "臺"), ("C", "C++"), ("a b", "a-b"), ("か", "が")])
def test_different_labels(one: str, other: str) -> None:
    """Labels that differ in any other way are different terms."""
    assert key(one) != key(other)


@given(LABELS)
@example("\u0345\u0301")
@example("a\u034f\u0301")
@example("\u1e9e\u0307")
@example("\u03d2\u0301")
def test_every_label_has_a_safe_name(label: str) -> None:
    """Whatever the label, its name is safe, and it is the name of itself, of the label's key and of its NFD."""
    slug = name(label, free)
    assert_safe(slug)
    assert name(slug, free) == slug
    assert candidate(key(label)) == candidate(label)
    assert key(key(label)) == key(label)
    if label.isprintable():
        assert key(unicodedata.normalize("NFD", label)) == key(label)


@given(st.lists(LABELS, max_size=12))
def test_names_are_distinct(labels: list[str]) -> None:
    """Terms that get their names one after another never share one."""
    terms = {key(label) for label in labels}
    given_names: set[str] = set()
    for term in terms:
        given_names.add(name(term, given_names.__contains__))
    assert len(given_names) == len(terms)


@given(st.text(max_size=200), st.text(max_size=20))
def test_suffixed_is_bounded(label: str, other: str) -> None:
    """A slug with its hash is within 100 bytes and ends in the digits of the key alone."""
    slug = suffixed(candidate(label).slug, other)
    assert_safe(slug)
    assert len(slug.encode()) <= MAX_BYTES
    assert slug.rpartition("-")[2] == digits(other)


def test_every_character_alone() -> None:
    """Every assigned character between two letters gives a stable name that keeps both."""
    for number in range(sys.maxunicode + 1):
        character = chr(number)
        category = unicodedata.category(character)
        if category in {"Cn", "Co"} or (category == "Lo" and key(character) == character):
            continue
        slug = candidate(f"中{character}中").slug
        assert candidate(slug).slug == slug
        assert slug.startswith("中")
        assert slug.endswith("中")


def test_hostile_names(hostile: Callable[[str], list[str]]) -> None:
    """The collection of hostile names gives safe, stable, distinct names, and none that leaves its folder."""
    labels = hostile("hostile_names")
    terms = dict.fromkeys(key(label) for label in labels)
    given_names: set[str] = set()
    for term in terms:
        slug = name(term, given_names.__contains__)
        assert_safe(slug)
        assert name(slug, free) == slug
        given_names.add(slug)
    assert len(given_names) == len(terms)


def test_tags_of_the_real_archive(corpus: Callable[[str], Path]) -> None:
    """Each of the 27 tags of the mirrored archive has a name of its own, and none needs a hash."""
    labels: set[str] = set()
    for post in corpus("mirror").rglob("*.md"):
        with post.open(encoding="utf-8") as lines:
            labels.update(line[5:].strip("[] \n") for line in islice(lines, 12) if line.startswith("tags: ["))
    assert len(labels) == 27
    assert all(candidate(label).exact for label in labels)
    assert len({candidate(label).slug for label in labels}) == 27
