"""Uptime by examples counted by hand where clocks and days are awkward: overlaps, midnights, daylight saving."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tomei.comms.statuspage.uptime import WEIGHTS, Interval, days, down_seconds, percent, window, worst_open

BERLIN, NEW_YORK, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")
HOUR = timedelta(hours=1)


def utc(day: int, hour: int = 0, minute: int = 0, *, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_three_incidents_over_each_other_count_each_moment_once_at_its_worst() -> None:
    harm = [
        Interval("degraded", utc(5, 8), utc(5, 14)),
        Interval("partial", utc(5, 9), utc(5, 12)),
        Interval("major", utc(5, 10), utc(5, 11)),
        Interval("major", utc(5, 10, 30), utc(5, 11, 30)),
    ]
    # 08-09 degraded 0; 09-10 partial; 10-11:30 major; 11:30-12 partial; 12-14 degraded 0
    assert down_seconds(harm, utc(5), utc(6)) == 1.5 * 3600 + 0.3 * 1.5 * 3600
    assert percent(harm, utc(5), utc(6)) == 91.87  # 1 - 7020 / 86400 = 0.91875, never rounded up


def test_a_night_over_midnight_is_split_where_the_page_stands() -> None:
    night = [Interval("major", utc(18, 14, 40), utc(18, 15, 10))]  # 23:40 to 00:10 in Tokyo
    found = days(night, now=utc(19, 3), zone=TOKYO, count=3)
    assert [(one.on, one.seconds) for one in found] == [
        (date(2026, 10, 17), 0), (date(2026, 10, 18), 1200), (date(2026, 10, 19), 600),
    ]  # fmt: skip
    there = days(night, now=utc(19, 3), zone=NEW_YORK, count=2)  # 10:40 in New York, one day
    assert [(one.on.day, one.seconds) for one in there] == [(17, 0), (18, 1800)]


def test_the_day_of_twenty_five_hours() -> None:
    whole = [Interval("major", utc(20), utc(30))]
    found = {one.on.day: one.seconds for one in days(whole, now=utc(28), zone=BERLIN, count=7)}
    assert (found[24], found[25], found[26]) == (24 * 3600, 25 * 3600, 24 * 3600)


def test_the_day_of_twenty_three_hours() -> None:
    whole = [Interval("major", utc(20, month=3), utc(31, month=3))]
    found = {one.on.day: one.seconds for one in days(whole, now=utc(30, month=3), zone=BERLIN, count=7)}
    assert (found[28], found[29]) == (24 * 3600, 23 * 3600)


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    # 02:30 CEST to 02:30 CET on 25 October in Berlin: the wall clock shows the same, an hour has passed
    harm = [Interval("partial", utc(25, 0, 30), utc(25, 1, 30))]
    assert [one.seconds for one in days(harm, now=utc(25, 20), zone=BERLIN, count=1)] == [3600]


def test_the_window_of_ninety_days_begins_at_a_midnight_of_the_page_or_with_the_component() -> None:
    now = datetime(2026, 11, 18, 5, tzinfo=UTC)
    begin, end = window(now, BERLIN, None)
    assert (begin.astimezone(UTC), end) == (datetime(2026, 8, 20, 22, tzinfo=UTC), now)  # midnight in summer time
    assert window(now, BERLIN, now - HOUR) == (now - HOUR, now)


def test_harm_before_the_component_stood_counts_nothing() -> None:
    now = utc(10)
    begin, end = window(now, TOKYO, now - 10 * HOUR)
    assert percent([Interval("major", utc(1), now - 5 * HOUR)], begin, end) == 50.0


def test_what_lasts_is_counted_up_to_now_and_is_what_the_component_suffers() -> None:
    harm = [Interval("partial", utc(9, 20)), Interval("major", utc(9, 20), utc(9, 21)), Interval("degraded", utc(9))]
    assert worst_open(harm) == "partial"
    today = days(harm, now=utc(9, 22), zone=ZoneInfo("UTC"), count=1)[0]
    assert (today.worst, today.seconds, today.running) == ("major", 22 * 3600, True)


_MOMENT = st.integers(0, 200).map(lambda minutes: utc(5) + timedelta(minutes=minutes))
_HARM = st.lists(
    st.builds(Interval, st.sampled_from(sorted(WEIGHTS)), _MOMENT, st.one_of(st.none(), _MOMENT)), max_size=8
)


@given(_HARM)
def test_it_equals_counting_minute_by_minute(harm: list[Interval]) -> None:
    start, end = utc(5, 0, 20), utc(5, 3)
    counted, at = 0.0, start
    while at < end:
        counted += max(
            (WEIGHTS[one.impact] for one in harm if one.since <= at and (one.until is None or one.until > at)),
            default=0,
        )
        at += timedelta(minutes=1)
    assert down_seconds(harm, start, end) == pytest.approx(counted * 60)
