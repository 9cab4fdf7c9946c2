"""Which of its dates a post goes by (SPEC §2.1, §2.4, §2.5)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feeder.model.head import DateSource
from feeder.model.instant import rfc3339
from feeder.model.problem import Level, Remark
from feeder.normalise.timestamps import Dating, Moment, date_post, file_date, marker

TAIPEI = ZoneInfo("Asia/Taipei")  # UTC+8, no summer time since 1979

SEED = datetime(2020, 9, 24, 3, 56, 17, tzinfo=UTC)


def at(text: str) -> datetime:
    """Return the UTC instant `YYYY-MM-DD hh:mm[:ss]`, as the tests write it."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [
        "<!--1600919777000-->",
        "<!--1600919777000-->\ntext",
        "\n \t<!--1600919777-->text",
        "\u3000<!--1600919777-->",
    ],
)
def test_marker(body: str) -> None:
    """An epoch marker counts at the head of the body, after white space."""
    assert marker(body) == SEED


@pytest.mark.parametrize(
    "body",
    [
        *(
            "",
            "text",
            "text <!--1600919777000-->",
            "<!--NaN-->",
            "<!--0-->",
            "<!---->",
            "<!--1600919777000",
            "<!--more-->",
        ),
        *("<!--1600919777000 by me-->", "<!--12345678-->", "<!--99999999999-->", f"<!--{'9' * 5000}-->", " " * 100_000),
    ],
)
def test_no_marker(body: str) -> None:
    """Elsewhere, or with anything but a plausible epoch number in it, a comment is no marker."""
    assert marker(body) is None


@pytest.mark.parametrize(
    ("stem", "day"),
    [
        ("2020-09-24-title", date(2020, 9, 24)),
        ("2020-9-4-title", date(2020, 9, 4)),
        ("2020-09-24-", date(2020, 9, 24)),
        ("2020-09-24-2019-01-01-x", date(2020, 9, 24)),
    ],
)
def test_file_date(stem: str, day: date) -> None:
    """A date at the start of the stem is midnight of that day in the site's zone."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=TAIPEI)
    assert file_date(stem, TAIPEI) == Moment(midnight.astimezone(UTC), has_time=False)


@pytest.mark.parametrize(
    "stem",
    [
        *("", "title", "2020-09-24", "x2020-09-24-title", "2020-13-01-x", "2020-02-30-x", "20-01-01-x", "0001-01-01-x"),
        *("２０２０-０９-２４-x", "2020-9-x"),
    ],
)
def test_no_file_date(stem: str) -> None:
    """A stem that does not begin with a real date and a dash has no date."""
    assert file_date(stem, TAIPEI) is None


def dated(
    *published: tuple[str, str],
    updated: tuple[tuple[str, str], ...] = (),
    epoch_marker: datetime | None = None,
    stem: str = "post",
) -> Dating:
    """Return the dating of a post in a site of Taipei, which must have one."""
    dating = date_post(published, updated, epoch_marker, stem, TAIPEI)
    assert isinstance(dating, Dating)
    return dating


def test_front_matter_comes_first() -> None:
    """The date in the front matter wins over marker and file name, the first key over the others."""
    dating = dated(
        ("date", "2020-09-24T03:56:17Z"), ("pubDate", "2019-01-01"), epoch_marker=SEED, stem="2018-01-01-post"
    )
    assert dating == Dating(SEED, SEED, DateSource.FRONT_MATTER, "date", has_time=True, remarks=())


def test_marker_comes_second() -> None:
    """Without a date in the front matter the marker dates the post."""
    dating = dated(("date", ""), epoch_marker=SEED, stem="2018-01-01-post")
    assert dating == Dating(SEED, SEED, DateSource.EPOCH_MARKER, "", has_time=True, remarks=())


def test_file_name_comes_third() -> None:
    """With neither date nor marker the file's name dates the post, at midnight."""
    midnight = at("2017-12-31 16:00")
    dating = dated(stem="2018-01-01-post")
    assert dating == Dating(midnight, midnight, DateSource.FILE_NAME, "", has_time=False, remarks=())


@pytest.mark.parametrize("boolean", ["true", "True", "FALSE", "yes", "No", "on", "OFF", "y", "N", " true "])
def test_published_may_be_a_boolean(boolean: str) -> None:
    """A boolean under `published` is no date and no mistake."""
    dating = dated(("published", boolean), ("pubDate", "2020-09-24T03:56:17Z"))
    assert (dating.key, dating.remarks) == ("pubDate", ())


def test_published_may_be_a_date() -> None:
    """A date under `published` counts, and a boolean elsewhere does not pass in silence."""
    dating = dated(("date", "true"), ("published", "2020-09-24T03:56:17Z"))
    assert dating.key == "published"
    assert [(remark.code, remark.key) for remark in dating.remarks] == [("bad-date", "date")]


def test_bad_date_is_passed_over_with_a_warning() -> None:
    """A date that cannot be read is named with the reason and the next source is used."""
    dating = dated(("date", "01/02/2020"), stem="2020-02-01-post")
    assert dating.source is DateSource.FILE_NAME
    (remark,) = dating.remarks
    assert (remark.level, remark.code, remark.key) == (Level.WARNING, "bad-date", "date")
    assert "'01/02/2020' could be 1 February or 2 January" in remark.message


def test_no_date_is_an_error() -> None:
    """A post without any date is left out with an error that says what to write; the clock fills no gap."""
    remark = date_post([("date", "")], [("updated", "2020-01-01")], None, "post", UTC)
    assert isinstance(remark, Remark)
    assert (remark.level, remark.code, remark.key) == (Level.ERROR, "no-date", "")
    assert "`date: 2020-09-24`" in remark.message


def test_no_readable_date_is_an_error_with_the_reason() -> None:
    """Where the only date cannot be read the error says why, and points at its key."""
    remark = date_post([("date", "2024")], [], None, "post", UTC)
    assert isinstance(remark, Remark)
    assert (remark.level, remark.code, remark.key) == (Level.ERROR, "no-date", "date")
    assert "'2024' lacks a year, a month or a day" in remark.message


def test_marker_gives_the_time_of_its_day() -> None:
    """A date alone takes the time of a marker that falls on that day in the site's zone."""
    late = at("2020-09-24 15:59:59")  # 23:59:59 in Taipei
    dating = dated(("date", "2020-09-24"), epoch_marker=late)
    assert dating == Dating(late, late, DateSource.FRONT_MATTER, "date", has_time=True, remarks=())


def test_marker_of_another_day_is_a_warning() -> None:
    """A marker on another day in the site's zone leaves a date alone at midnight, with a warning."""
    next_day = at("2020-09-24 16:00")  # 00:00 of the 25th in Taipei
    dating = dated(("date", "2020-09-24"), epoch_marker=next_day)
    assert (dating.published, dating.has_time) == (at("2020-09-23 16:00"), False)
    (remark,) = dating.remarks
    assert (remark.level, remark.code, remark.key) == (Level.WARNING, "date-marker", "date")
    assert "1 day after the date in `date`" in remark.message


def test_day_of_a_date_with_its_own_zone() -> None:
    """Whether the marker falls on the day is asked in the zone that the date names."""
    late = at("2020-09-24 23:00")  # the 25th in Taipei
    dating = dated(("date", "2020-09-24 UTC"), epoch_marker=late)
    assert (dating.published, dating.remarks) == (late, ())


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_a_second_apart_is_the_same(seconds: int) -> None:
    """Date and marker within a second of each other agree, and the date is used."""
    dating = dated(("date", rfc3339(SEED)), epoch_marker=SEED + timedelta(seconds=seconds))
    assert (dating.published, dating.remarks) == (SEED, ())


@pytest.mark.parametrize(
    ("apart", "words"),
    [
        (timedelta(seconds=2), "2 seconds after"),
        (timedelta(seconds=-2), "2 seconds before"),
        (timedelta(minutes=1, seconds=1), "1 minute and 1 second after"),
        (timedelta(hours=-8), "8 hours before"),
        (timedelta(hours=1, seconds=5), "1 hour after"),
        (timedelta(days=2, hours=3, minutes=4), "2 days and 3 hours after"),
        (timedelta(days=-1500), "1,500 days before"),
    ],
)
def test_date_wins_over_the_marker(apart: timedelta, words: str) -> None:
    """More than a second apart the date wins, with a warning that says by how much in units that people use."""
    dating = dated(("date", rfc3339(SEED)), epoch_marker=SEED + apart)
    assert dating.published == SEED
    (remark,) = dating.remarks
    assert (remark.level, remark.code, remark.key) == (Level.WARNING, "date-marker", "date")
    assert f"is {words} the date in `date`, which is used" in remark.message


def test_updated() -> None:
    """The first key that holds a date says when the post was updated."""
    dating = dated(
        ("date", rfc3339(SEED)),
        updated=(("updated", ""), ("last_modified_at", "2021-01-01T00:00:00Z"), ("modified", "2022-01-01")),
    )
    assert (dating.updated, dating.remarks) == (at("2021-01-01 00:00"), ())


def test_never_updated_before_published() -> None:
    """An update before the publication is the publication, without a word."""
    dating = dated(("date", rfc3339(SEED)), updated=(("updated", "2020-09-24"),))
    assert (dating.updated, dating.remarks) == (SEED, ())


def test_bad_update_is_a_warning() -> None:
    """An update that cannot be read is named, and the post counts as never updated."""
    dating = dated(("date", rfc3339(SEED)), updated=(("updated", "soon"),))
    assert dating.updated == SEED
    assert [(remark.code, remark.key) for remark in dating.remarks] == [("bad-date", "updated")]


def test_dates_and_markers_of_the_mirror(corpus: Callable[[str], Path]) -> None:
    """In the mirrored archive every date agrees with its marker, so there is nothing to warn of."""
    agreed = 0
    for post in corpus("mirror").rglob("*.md"):
        _, front_matter, body = post.read_text("utf-8", "replace").split("---\n", 2)
        match = re.search(r"^date: (.*)$", front_matter, re.MULTILINE)
        found = marker(body)
        dating = dated(("date", match[1] if match else ""), epoch_marker=found)
        assert (dating.source, dating.remarks) == (DateSource.FRONT_MATTER, ())
        agreed += found == dating.published
    assert agreed == 15_271
