"""Dates as authors write them, and the instants they become (SPEC §2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeder.model.instant import rfc822, rfc3339
from feeder.normalise.timestamps import (
    Moment,
    UnreadableDateError,
    _read,
    _read_other,
    epoch,
    parse,
)
from feeder.normalise.zones import UnknownZoneError, part

TAIPEI = ZoneInfo("Asia/Taipei")  # UTC+8, no summer time since 1979
BERLIN = ZoneInfo("Europe/Berlin")

SEED = datetime(2020, 9, 24, 3, 56, 17, tzinfo=UTC)


def at(text: str) -> datetime:
    """Return the UTC instant `YYYY-MM-DD hh:mm[:ss]`, as the tests write it."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def naive_datetimes(first: str, last: str) -> st.SearchStrategy[datetime]:
    """Return dates and times without a zone from the day `first` to the day `last`."""
    return st.datetimes(datetime.fromisoformat(first), datetime.fromisoformat(last))


DIGITS = st.integers(0, 99).map("{:02}".format)
# What programs write, and days, times and zones that there are not.
PLAIN = st.one_of(
    st.builds(
        "{}-{}-{}{}{}:{}:{}{}{}".format,
        st.sampled_from(("1000", "1999", "2020", "9999")),
        st.integers(0, 13).map("{:02}".format),
        st.integers(0, 32).map("{:02}".format),
        st.sampled_from("T "),
        st.integers(0, 25).map("{:02}".format),
        st.sampled_from(("00", "30", "59", "60")),
        st.sampled_from(("00", "30", "59", "60", "61")),
        st.sampled_from(("", ".000", ".999")),
        st.sampled_from(("", "Z", "+00:00", "-0000", "+08:00", " +0800", " -03:30", "+15:59", "-15:59", " +16:00")),
    ),
    st.dates().map(str),
    st.builds("{}{}-{}-{}".format, DIGITS, DIGITS, DIGITS, DIGITS),
)


@given(PLAIN, st.sampled_from((UTC, TAIPEI, BERLIN)))
@example("9999-12-31T23:59:59-15:59", UTC)
@example("1000-01-01 00:00:00 +15:59", UTC)
@example("2020-03-29 02:30:00", BERLIN)
@example("2020-10-25 02:30:00", BERLIN)
@example("2020-09-24 24:00:00", UTC)
def test_what_programs_write_is_read_as_all_else_is(text: str, zone: tzinfo) -> None:
    """The short way to what programs write leads where the long one does, and to the same sentence where it fails."""

    def told(read: Callable[[str, tzinfo], object]) -> object:
        try:
            return read(text, zone)
        except UnreadableDateError as problem:
            return str(problem)

    assert told(_read) == told(_read_other)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        # ISO 8601 and RFC 3339 with a zone
        ("2020-09-24T03:56:17Z", "2020-09-24 03:56:17"),
        ("2020-09-24T03:56:17z", "2020-09-24 03:56:17"),
        ("2020-09-24t03:56:17Z", "2020-09-24 03:56:17"),
        ("2020-09-24 03:56:17 Z", "2020-09-24 03:56:17"),
        ("2020-09-24T03:56:17.999Z", "2020-09-24 03:56:17"),
        ("2020-09-24T03:56:17,999Z", "2020-09-24 03:56:17"),
        ("2020-09-24T03:56:17.123456789123456789Z", "2020-09-24 03:56:17"),
        ("2020-09-24T11:56:17+08:00", "2020-09-24 03:56:17"),
        ("2020-09-24T11:56:17+0800", "2020-09-24 03:56:17"),
        ("2020-09-24T11:56:17+08", "2020-09-24 03:56:17"),
        ("2020-09-24T11:56+08:00", "2020-09-24 03:56"),
        ("2020-09-24T11+08:00", "2020-09-24 03:00"),
        ("20200924T115617+0800", "2020-09-24 03:56:17"),
        ("2020-09-24 11:56:17 +08:00", "2020-09-24 03:56:17"),
        ("2020-09-24 11:56:17 +8", "2020-09-24 03:56:17"),
        ("2020-09-24 11:56:17 +8:00", "2020-09-24 03:56:17"),
        ("2015-03-17 14:00:00 -4", "2015-03-17 18:00"),
        ("2015-03-17 9:00:00 -4", "2015-03-17 13:00"),
        ("2015-03-17 14:00:00 -5", "2015-03-17 19:00"),
        ("2020-01-01T00:00:00+15:59", "2019-12-31 08:01"),
        ("2020-01-01T00:00:00-15:59", "2020-01-01 15:59"),
        ("2020-01-01T00:00:00-00:00", "2020-01-01 00:00"),
        ("  2020-09-24T03:56:17Z\n", "2020-09-24 03:56:17"),
        ("2020-09-24\u300003:56:17Z", "2020-09-24 03:56:17"),
        ("２０２０-０９-２４ ０３：５６：１７Z", "2020-09-24 03:56:17"),
        ("2020-09-24T24:00:00Z", "2020-09-25 00:00"),
        ("2016-12-31T23:59:60Z", "2016-12-31 23:59:59"),
        ("2016-12-31T23:59:60.5Z", "2016-12-31 23:59:59"),
        ("20161231T235960Z", "2016-12-31 23:59:59"),
        ("Sat, 31 Dec 2016 23:59:60 GMT", "2016-12-31 23:59:59"),
        # RFC 822
        ("Thu, 24 Sep 2020 03:56:17 +0000", "2020-09-24 03:56:17"),
        ("Thu, 24 Sep 2020 03:56:17 GMT", "2020-09-24 03:56:17"),
        ("Thu, 24 Sep 2020 03:56:17 UT", "2020-09-24 03:56:17"),
        ("Thu, 24 Sep 2020 03:56:17 UTC", "2020-09-24 03:56:17"),
        ("Thu, 24 Sep 2020 03:56:17 Z", "2020-09-24 03:56:17"),
        ("24 Sep 2020 03:56 EST", "2020-09-24 08:56"),
        ("24 Sep 2020 03:56 EDT", "2020-09-24 07:56"),
        ("24 Sep 2020 03:56 CST", "2020-09-24 09:56"),
        ("24 Sep 2020 03:56 CDT", "2020-09-24 08:56"),
        ("24 Sep 2020 03:56 MST", "2020-09-24 10:56"),
        ("24 Sep 2020 03:56 MDT", "2020-09-24 09:56"),
        ("24 Sep 2020 03:56 PST", "2020-09-24 11:56"),
        ("24 Sep 2020 03:56 PDT", "2020-09-24 10:56"),
        ("24 sep 2020 03:56 gmt", "2020-09-24 03:56"),
        ("Fri, 06 Nov 94 08:49:37 GMT", "1994-11-06 08:49:37"),
        ("06 Nov 49 08:49:37 GMT", "2049-11-06 08:49:37"),
        ("06 Nov 50 08:49:37 GMT", "1950-11-06 08:49:37"),
        ("Thu, 24 Sep 2020 03:56:17 -0400 (EDT)", "2020-09-24 07:56:17"),
        # what other programs print
        ("Thu Sep 24 03:56:17 UTC 2020", "2020-09-24 03:56:17"),
        ("Thu Sep 24 11:56:17 +0800 2020", "2020-09-24 03:56:17"),
        ("2020-09-24 11:56:17 +0800 CST", "2020-09-24 03:56:17"),
        ("2020-09-24T11:56:17+08:00[Asia/Taipei]", "2020-09-24 03:56:17"),
        ("2020-09-24 3:56 pm -0500", "2020-09-24 20:56"),
        # IANA names
        ("2020-09-24 11:56:17 Asia/Taipei", "2020-09-24 03:56:17"),
        ("2020-07-01 12:00 Europe/Berlin", "2020-07-01 10:00"),
        ("2020-01-01 12:00 America/Argentina/Buenos_Aires", "2020-01-01 15:00"),
        ("2020-01-01 12:00 Etc/GMT+3", "2020-01-01 15:00"),
        ("2020-01-01 12:00 Japan", "2020-01-01 03:00"),
        # no zone: the site's
        ("2020-09-24T11:56:17", "2020-09-24 03:56:17"),
        ("2020-09-24 11:56", "2020-09-24 03:56"),
        ("2020-09-24 9:05", "2020-09-24 01:05"),
        ("2020-9-4 11:56", "2020-09-04 03:56"),
        ("2020/09/24 11:56", "2020-09-24 03:56"),
        ("20200924115617", "2020-09-24 03:56:17"),
        ("Sep 24, 2020 11:56 AM", "2020-09-24 03:56"),
        ("24 September 2020 at 11:56", "2020-09-24 03:56"),
        ("11:56 2020-09-24", "2020-09-24 03:56"),
        ("11:56 2020-03-04", "2020-03-04 03:56"),
        ("13/02/2020 11:56", "2020-02-13 03:56"),
        ("2/13/2020 11:56", "2020-02-13 03:56"),
        ("20 Sep 2020 10h20m30s", "2020-09-20 02:20:30"),
        # epoch numbers
        ("1600919777", "2020-09-24 03:56:17"),
        ("1600919777000", "2020-09-24 03:56:17"),
        ("1600919777999", "2020-09-24 03:56:17"),
        ("1889-05-01T12:00:00Z", "1889-05-01 12:00"),
        ("9999-12-31T23:59:59Z", "9999-12-31 23:59:59"),
        ("1000-01-01T00:00:00Z", "1000-01-01 00:00"),
    ],
)
def test_dates_with_a_time(text: str, instant: str) -> None:
    """Every known way to write date and time is read as that instant, in the site's zone where it names none."""
    assert parse(text, TAIPEI) == Moment(at(instant), has_time=True)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2020-09-24", "2020-09-23 16:00"),
        ("20200924", "2020-09-23 16:00"),
        ("2020-9-4", "2020-09-03 16:00"),
        ("2020/09/04", "2020-09-03 16:00"),
        ("2020.09.04", "2020-09-03 16:00"),
        ("2020 09 04", "2020-09-03 16:00"),
        ("24 Sep 2020", "2020-09-23 16:00"),
        ("Sept 24, 2020", "2020-09-23 16:00"),
        ("September 24th, 2020", "2020-09-23 16:00"),
        ("Thursday, 24 September 2020", "2020-09-23 16:00"),
        ("24-Sep-2020", "2020-09-23 16:00"),
        ("24.09.2020", "2020-09-23 16:00"),
        ("05/05/2020", "2020-05-04 16:00"),
        ("2020-09-24 UTC", "2020-09-24 00:00"),
        ("2020-09-24Z", "2020-09-24 00:00"),
        ("2020-07-01 Europe/Berlin", "2020-06-30 22:00"),
    ],
)
def test_dates_alone(text: str, instant: str) -> None:
    """A date alone is midnight in the zone that it names, else in the site's, and is known to have no time."""
    assert parse(text, TAIPEI) == Moment(at(instant), has_time=False)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no date"),
        ("   ", "no date"),
        ("\0", "no date"),
        ("soon", "no date"),
        ("today", "no date"),
        ("2024", "lacks a year, a month or a day"),
        ("Jan", "lacks a year, a month or a day"),
        ("2024-01", "lacks a year, a month or a day"),
        ("Jan 2024", "lacks a year, a month or a day"),
        ("24 Jan", "lacks a year, a month or a day"),
        ("Monday", "lacks a year, a month or a day"),
        ("Monday, September 2020", "lacks a year, a month or a day"),
        ("10:20", "lacks a year, a month or a day"),
        ("01/02/2020", "'01/02/2020' could be 1 February or 2 January"),
        ("3.4.2020", "'3.4.2020' could be 3 April or 4 March"),
        ("03-04-2020 10:00 Z", "could be 3 April or 4 March"),
        ("5/6/7", "year of two digits"),
        ("13/02/20", "year of two digits"),
        ("24 Sep 20", "year of two digits"),
        ("2020-W01-1", "no date"),
        ("2020-001", "no date"),
        ("2020-13-01", "no date"),
        ("2020-02-30", "no date"),
        ("30 Feb 2020 10:00 GMT", "no date"),
        ("24 Foo 2020 10:00 GMT", "no date"),
        ("2020-09-24 25:00", "no date"),
        ("2020-09-24 10:61", "no date"),
        ("2020-01-01 10:00 GMT+3", "zone that is not known"),
        ("2020-01-01 10:00 UTC+3", "zone that is not known"),
        ("2020-01-01 10:00 UTC +3", "zone that is not known"),
        ("2020-01-01 10:00 XYZ", "zone that is not known"),
        ("2020-01-01 10:00 +0800 PM", "zone that is not known"),
        ("2020-01-01 10:00 EST EDT", "zone that is not known"),
        ("2020-01-01 10:00 +08:00 Asia/Taipei", "zone that is not known"),
        ("2020-01-01 10:00 asia/taipei", "no date"),
        ("2020-01-01 10:00 ../../etc/passwd", "no date"),
        ("2020-01-01 10:00 localtime", "no date"),
        ("2020-01-01T10:00+16:00", "the zone +16:00, which is none"),
        ("2020-01-01T10:00-24:00", "the zone -24:00, which is none"),
        ("2020-01-01T10:00+15:60", "the zone +15:60, which is none"),
        ("2020-01-01T10:00+05:30:15", "the zone +05:30:15, which is none"),
        ("2020-01-01 10:00 -430", "the zone -430, which is none"),
        ("2020-01-01-08:00", "could be a time or a zone"),
        ("2020-01-01+08:00", "could be a time or a zone"),
        ("2020年9月24日", "characters that no date has"),
        ("٢٠٢٠-٠١-٠١", "characters that no date has"),
        ("\ud800", "no date"),
        ("0001-01-01T00:00:00Z", "in no year between 1000 and 9999"),
        ("0999-12-31", "in no year between 1000 and 9999"),
        ("0000-01-01", "no date"),
        ("9999-12-31T23:59:59-01:00", "in no year between 1000 and 9999"),
        ("9999-12-31T24:00:00Z", "no date"),
        ("12345678", "no date"),
        ("94694400000000000000000", "no date"),
        ("1e400", "no date"),
        ("9" * 101, "too long for a date"),
        ("\ufdfa" * 50, "characters that no date has"),
    ],
)
def test_refused(text: str, why: str) -> None:
    """What is no date, lacks a part or could be another date is refused with the reason."""
    with pytest.raises(UnreadableDateError) as reason:
        parse(text, UTC)
    assert why in str(reason.value)


def test_long_text_is_shown_short() -> None:
    """A refusal names the text, and of a long one only its start."""
    with pytest.raises(UnreadableDateError) as reason:
        parse("x" * 10_000_000, UTC)
    assert str(reason.value) == f"'{'x' * 40}…' is too long for a date"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2020-10-25 02:30", "2020-10-25 00:30"),  # twice: the first time, still in summer time (UTC+2)
        ("2020-03-29 02:30", "2020-03-29 01:30"),  # never: with winter's offset (UTC+1), 03:30 by the clock
        ("2020-03-29 03:30", "2020-03-29 01:30"),
        ("2020-03-29 01:59:59", "2020-03-29 00:59:59"),
    ],
)
def test_summer_time(text: str, instant: str) -> None:
    """A local time that comes twice is the first, one that never comes has the offset before the change."""
    assert parse(text, BERLIN).instant == at(instant)


def test_incomplete_dates_do_not_depend_on_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's zone gives no name a meaning: EST is RFC 822's wherever the program runs."""
    monkeypatch.setattr("time.tzname", ("CET", "XYZ"))
    assert parse("24 Sep 2020 03:56 EST", UTC).instant == at("2020-09-24 08:56")
    with pytest.raises(UnreadableDateError):
        parse("24 Sep 2020 03:56 XYZ", UTC)


@given(st.text(st.sampled_from("0123456789-/:.+TZ ,JanSepMonAMpmGMTUTh\0\u0660"), max_size=40) | st.text(max_size=120))
@example("1 1 1 1 1 1")
@example("10 am 10 pm")
@example("2020-01-01 10:00:00.")
@example("Jan-")
@example("20200924 99999999")
@example("999999999 Jan 2020")
@example("1.7976931348623157e309")
@example("2020-01-01 10:00 NaN")
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever the text, the result is an instant that can be printed, or a refusal."""
    try:
        moment = parse(text, TAIPEI)
    except UnreadableDateError:
        return
    assert moment.instant.tzinfo is UTC
    assert moment.instant.microsecond == 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", rfc3339(moment.instant))


@given(
    naive_datetimes("1000-01-02", "9999-12-30"),
    st.integers(-(15 * 60 + 59), 15 * 60 + 59),
    st.sampled_from(["T", " "]),
)
def test_iso_8601_survives(local: datetime, minutes: int, separator: str) -> None:
    """What ISO 8601 prints is read back to the second, in any offset up to 15:59."""
    written = local.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    moment = parse(written.isoformat(separator), TAIPEI)
    assert moment == Moment(written.astimezone(UTC).replace(microsecond=0), has_time=True)


@given(naive_datetimes("1000-01-01", "9999-12-31"))
def test_printed_instants_survive(local: datetime) -> None:
    """What RFC 3339 and RFC 822 print here is read back the same, here and by the standard library."""
    whole = local.replace(microsecond=0, tzinfo=UTC)
    assert parse(rfc3339(whole), TAIPEI).instant == whole
    assert parse(rfc822(whole), TAIPEI).instant == whole
    assert parsedate_to_datetime(rfc822(whole)) == whole


def test_printing() -> None:
    """Instants are printed as in RFC 3339 with `Z` and RFC 822 with `+0000`, years with four digits."""
    assert rfc3339(SEED) == "2020-09-24T03:56:17Z"
    assert rfc822(SEED) == "Thu, 24 Sep 2020 03:56:17 +0000"


@pytest.mark.parametrize(
    ("digits", "instant"),
    [
        ("1600919777", "2020-09-24 03:56:17"),
        ("1600919777000", "2020-09-24 03:56:17"),
        ("1600919777000000", "2020-09-24 03:56:17"),
        ("1600919777000000000", "2020-09-24 03:56:17"),
        ("999999999999", "2001-09-09 01:46:39"),  # 12 digits, milliseconds
        ("978307200000", "2001-01-01 00:00"),
        ("100000000", "1973-03-03 09:46:40"),
        ("4133980799", "2100-12-31 23:59:59"),
        ("0001600919777", "2020-09-24 03:56:17"),
    ],
)
def test_epoch(digits: str, instant: str) -> None:
    """The unit of an epoch number follows from its magnitude: seconds, milli-, micro- or nanoseconds."""
    assert epoch(digits) == at(instant)


@pytest.mark.parametrize(
    "digits",
    [
        *(
            "",
            "0",
            "NaN",
            "99999999",
            "000000001",
            "094694399",
            "4133980800",
            "99999999999",
            "1600919777.5",
            "-1600919777",
        ),
        *("1600919777 ", "1e9", "９９９９９９９９９９", "1" * 5000, "99999999999999999999", "+1600919777"),
    ],
)
def test_no_epoch(digits: str) -> None:
    """Fewer than 9 digits, anything but digits, or an instant outside 1973 to 2100 is no epoch number."""
    assert epoch(digits) is None


@pytest.mark.parametrize("offset", ["+1234567", "-1:2:3", "+:", "+16", "-1560"])
def test_offsets_that_are_none(offset: str) -> None:
    """Digits that are no offset of up to 15:59 are said as they were written."""
    with pytest.raises(UnknownZoneError) as reason:
        part(f"2020-01-01T10:00{offset}")
    assert str(reason.value) == offset


@pytest.mark.parametrize(("archive", "count"), [("agency", 422), ("magazine", 568)])
def test_dates_of_real_archives(corpus: Callable[[str], Path], archive: str, count: int) -> None:
    """Every date in the front matter of the real archives is read, offsets of one digit included."""
    read = 0
    for post in corpus(archive).rglob("*.md"):
        if match := re.search(r"^date:\s*(\S.*)$", post.read_text("utf-8", "replace"), re.MULTILINE):
            assert parse(match[1].strip().strip("'\""), UTC).instant.year in range(2000, 2030)
            read += 1
    assert read == count
