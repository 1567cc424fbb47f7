"""Vietnam's day begins at 17:00 UTC, whatever the machine's zone says."""

import json
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.vietnam_day import clock_time, day_bounds_ms, day_of, day_text, local_time, yymmdd

VECTORS = json.loads((Path(__file__).parent / "data" / "zalopay-vectors.json").read_text(encoding="utf-8"))
INSTANTS = st.integers(0, 4_102_444_800_000)


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize("case", VECTORS["app_trans_id"]["gmt7_cases"], ids=lambda case: case["why"])
def test_published_midnight_cases(case: dict[str, str]) -> None:
    assert yymmdd(ms(case["utc"].replace("Z", "+00:00"))) == case["prefix"]


def test_the_last_millisecond_belongs_to_the_old_day() -> None:
    midnight = ms("2025-11-21T17:00:00+00:00")
    assert [yymmdd(midnight - 1), yymmdd(midnight)] == ["251121", "251122"]
    assert [clock_time(midnight - 1), clock_time(midnight)] == ["23:59:59", "00:00:00"]


def test_how_times_are_written() -> None:
    instant = ms("2026-06-28T07:30:05+00:00")
    assert day_text(instant) == "28/06/2026"
    assert clock_time(instant) == "14:30:05"
    assert clock_time(instant, seconds=False) == "14:30"
    assert local_time(instant).utcoffset() == datetime(2026, 6, 28, 7, tzinfo=UTC) - datetime(2026, 6, 28, tzinfo=UTC)


def test_the_machines_zone_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    instant = ms("2026-01-01T16:59:59+00:00")
    for zone in ("UTC", "America/New_York", "Pacific/Auckland"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert (yymmdd(instant), clock_time(instant)) == ("260101", "23:59:59")
    monkeypatch.undo()
    time.tzset()


@given(INSTANTS)
def test_an_instant_lies_within_its_day(instant: int) -> None:
    start, end = day_bounds_ms(day_of(instant))
    assert start <= instant < end
    assert end - start == 24 * 60 * 60 * 1000
    assert clock_time(start) == "00:00:00"
    assert yymmdd(instant) == day_of(instant).strftime("%y%m%d")


@given(st.dates(date(1971, 1, 1), date(2100, 1, 1)))
def test_days_follow_each_other_without_gap(day: date) -> None:
    start, end = day_bounds_ms(day)
    assert day_of(start) == day
    assert day_of(start - 1) < day < day_of(end)
