"""Instants as the standards print them (SPEC §2.6)."""

from __future__ import annotations

import locale
import shutil
import subprocess
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeder.model.instant import rfc822, rfc3339
from tests.lacking import lacking

INSTANTS = st.datetimes(timezones=st.just(UTC)).map(lambda instant: instant.replace(microsecond=0))


def test_the_seed() -> None:
    """The instant of the seed's post, as Atom and RSS print it."""
    instant = datetime(2020, 9, 24, 3, 56, 17, tzinfo=UTC)
    assert rfc3339(instant) == "2020-09-24T03:56:17Z"
    assert rfc822(instant) == "Thu, 24 Sep 2020 03:56:17 +0000"


@given(INSTANTS)
def test_it_is_read_back(instant: datetime) -> None:
    """What is printed is read back as the same instant, and the weekday is right."""
    assert datetime.fromisoformat(rfc3339(instant)) == instant
    assert rfc822(instant) == format_datetime(instant)


@pytest.mark.parametrize("name", ["de_DE.UTF-8", "ja_JP.UTF-8", "ar_EG.UTF-8"])
def test_the_locale_is_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The names of days and months are English wherever the machine stands."""
    # Machines hardly have these, but the sources that they are made of.
    make = ["localedef", "-i", name.partition(".")[0], "-f", "UTF-8", str(tmp_path / name)]
    if shutil.which("localedef") is None or subprocess.run(make, capture_output=True, check=False).returncode > 1:
        lacking(f"the locale {name} cannot be made here")
    monkeypatch.setenv("LOCPATH", str(tmp_path))
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, name)
        assert f"{datetime(2021, 3, 2, tzinfo=UTC):%b}" != "Mar", "the locale says nothing of its own"
        assert rfc822(datetime(2021, 3, 2, tzinfo=UTC)) == "Tue, 02 Mar 2021 00:00:00 +0000"
    finally:
        locale.setlocale(locale.LC_ALL, before)
