"""Working time: known dates by hand, and laws that hold for every calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tomei.customers import rules
from tomei.customers.rules import calendars
from tomei.kernel.errors import Refused

TOKYO = ZoneInfo("Asia/Tokyo")
JAPAN = rules.default_calendar()
WEEK = {str(day): [["09:00", "18:00"]] for day in range(5)}


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("start", "seconds", "end"),
    [
        ("2026-11-18T14:00", 3600, "2026-11-18T15:00"),
        ("2026-11-18T17:30", 3600, "2026-11-19T09:30"),
        ("2026-11-20T17:30", 3600, "2026-11-24T09:30"),  # Friday; Monday 23 November is Labour Thanksgiving Day
        ("2026-11-21T03:00", 60, "2026-11-24T09:01"),
        ("2026-05-01T17:30", 3600, "2026-05-07T09:30"),  # Golden Week; 6 May stands in for Sunday 3 May
        ("2026-12-28T17:00", 2 * 3600, "2027-01-04T10:00"),  # the house closes 29 December to 3 January
        ("2026-11-18T09:00", 9 * 3600, "2026-11-18T18:00"),
        ("2026-11-18T09:00", 9 * 3600 + 1, "2026-11-19T09:00:01"),
    ],
)
def test_working_time_in_japan(start: str, seconds: int, end: str) -> None:
    assert rules.add_working_time(tokyo(start), seconds, JAPAN) == tokyo(end)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-18T14:00", 5, "2026-11-26T18:00"),  # over Labour Thanksgiving Day
        ("2026-05-01T17:30", 5, "2026-05-13T18:00"),
        ("2026-11-21T12:00", 1, "2026-11-24T18:00"),
        ("2026-11-18T14:00", 0, "2026-11-18T18:00"),
        ("2026-11-18T19:00", 0, "2026-11-19T18:00"),
    ],
)
def test_working_days_in_japan(start: str, days: int, end: str) -> None:
    assert rules.add_working_days(tokyo(start), days, JAPAN) == tokyo(end)


def test_working_days_without_a_calendar_count_on_the_default_one() -> None:
    assert rules.add_working_days(tokyo("2026-11-18T14:00"), 5, None) == tokyo("2026-11-26T18:00")


@pytest.mark.parametrize(
    ("country", "zone", "closed"),
    [
        ("DE", "Europe/Berlin", date(2026, 10, 3)),
        ("DE-BY", "Europe/Berlin", date(2026, 1, 6)),
        ("US", "America/New_York", date(2026, 7, 3)),  # the Fourth is a Saturday
        ("US", "America/New_York", date(2026, 11, 26)),
        ("JP", "Asia/Tokyo", date(2026, 9, 22)),  # a day between two holidays
    ],
)
def test_holidays_of_other_countries(country: str, zone: str, closed: date) -> None:
    every_day = {str(day): [["09:00", "17:00"]] for day in range(7)}
    calendar = rules.CalendarFacts.of(zone, country, every_day)
    assert not calendars.is_working_day(closed, calendar)
    assert calendars.is_working_day(closed, rules.CalendarFacts.of(zone, "", every_day))


def test_a_holiday_of_one_german_land_is_none_in_another() -> None:
    assert calendars.is_working_day(date(2026, 1, 6), rules.CalendarFacts.of("Europe/Berlin", "DE", WEEK))


def test_summer_time_makes_a_night_shorter_and_a_night_longer() -> None:
    always = {str(day): [["00:00", "24:00"]] for day in range(7)}
    berlin = rules.CalendarFacts.of("Europe/Berlin", "", always)
    nights = {str(day): [["22:00", "06:00"]] for day in range(7)}
    night = rules.CalendarFacts.of("Europe/Berlin", "", nights)
    zone = ZoneInfo("Europe/Berlin")
    for day, hours in ((date(2026, 3, 28), 7), (date(2026, 10, 24), 9), (date(2026, 6, 1), 8)):
        evening = datetime(day.year, day.month, day.day, 22, tzinfo=zone)
        morning = (evening.replace(tzinfo=None) + timedelta(hours=8)).replace(tzinfo=zone)
        assert rules.working_seconds(evening, morning, night) == hours * 3600
        assert rules.add_working_time(evening, hours * 3600, night) == morning
    start = datetime(2026, 3, 29, 1, 30, tzinfo=zone)
    assert rules.add_working_time(start, 3600, berlin) == start.astimezone(UTC) + timedelta(hours=1)


def test_an_opening_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    friday = rules.CalendarFacts.of("Asia/Tokyo", "", {"4": [["22:00", "06:00"]]})
    assert rules.add_working_time(tokyo("2026-11-20T23:00"), 2 * 3600, friday) == tokyo("2026-11-21T01:00")
    assert rules.add_working_time(tokyo("2026-11-21T02:00"), 5 * 3600, friday) == tokyo("2026-11-27T23:00")
    assert rules.is_working(tokyo("2026-11-21T05:59"), friday)
    assert not rules.is_working(tokyo("2026-11-21T06:00"), friday)


def test_an_hour_that_is_skipped_never_counts_twice() -> None:
    split = {str(day): [["01:00", "02:45"], ["03:00", "05:00"]] for day in range(7)}
    calendar = rules.CalendarFacts.of("Europe/Berlin", "", split)
    spans = calendars._spans(calendar, date(2026, 3, 29))
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize(
    ("hours", "code"),
    [
        ({}, "calendar.never_open"),
        ({"0": []}, "calendar.never_open"),
        ("09:00-18:00", "calendar.unreadable_hours"),
        ({"0": "09:00-18:00"}, "calendar.unreadable_hours"),
        ({"0": [["9:00", "18:00"]]}, "calendar.unreadable_hours"),
        ({"0": [["09:00", "25:00"]]}, "calendar.unreadable_hours"),
        ({"0": [["09:00", "09:00"]]}, "calendar.unreadable_hours"),
        ({"0": [["24:00", "09:00"]]}, "calendar.unreadable_hours"),
        ({"0": [["09:00"]]}, "calendar.unreadable_hours"),
        ({"0": [["09:00", "13:00"], ["12:00", "18:00"]]}, "calendar.overlapping_hours"),
    ],
)
def test_hours_that_make_no_sense_are_refused(hours: object, code: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.CalendarFacts.of("Asia/Tokyo", "JP", hours)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("zone", "country", "closed", "code"),
    [
        ("Asia/Edo", "JP", [], "time.unknown_zone"),
        ("Asia/Tokyo", "XX", [], "calendar.unknown_country"),
        ("Asia/Tokyo", "jp", [], "calendar.unknown_country"),
        ("Asia/Tokyo", "JP-ZZ", [], "calendar.unknown_country"),
        ("Asia/Tokyo", "JP", ["29 December"], "calendar.unreadable_day"),
        ("Asia/Tokyo", "JP", ["2026-02-30"], "calendar.unreadable_day"),
        ("Asia/Tokyo", "JP", "12-29", "calendar.unreadable_day"),
    ],
)
def test_places_and_days_that_nobody_knows_are_refused(zone: str, country: str, closed: object, code: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.CalendarFacts.of(zone, country, WEEK, closed)
    assert refused.value.code == code


def test_a_house_closed_on_every_day_of_its_week_is_refused_when_asked() -> None:
    every_day = [f"{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 32)]
    shut = rules.CalendarFacts.of("Asia/Tokyo", "", WEEK, every_day)
    for ask in (
        lambda: rules.add_working_time(tokyo("2026-11-18T09:00"), 1, shut),
        lambda: rules.add_working_days(tokyo("2026-11-18T09:00"), 1, shut),
    ):
        with pytest.raises(Refused) as refused:
            ask()
        assert refused.value.code == "calendar.never_open"


def test_ten_thousand_due_times_take_well_under_a_second_once_the_year_is_known() -> None:
    start = tokyo("2026-01-05T08:00")
    rules.add_working_time(start, 400 * 3600, JAPAN)
    began = perf_counter()
    for minute in range(10_000):
        rules.add_working_time(start + timedelta(minutes=minute), 9 * 3600, JAPAN)
    assert perf_counter() - began < 5  # a tenth of a second here; generous, because two cores are shared


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
SPANS = st.integers(0, 60 * 86400)
ZONES = st.sampled_from(["Asia/Tokyo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])


@st.composite
def some_calendar(draw: st.DrawFn) -> rules.CalendarFacts:
    week: dict[str, list[list[str]]] = {}
    for day in draw(st.sets(st.integers(0, 6), min_size=1)):
        points = sorted(draw(st.sets(st.integers(0, 95), min_size=2, max_size=6)))
        pairs = zip(points[::2], points[1::2], strict=False)
        week[str(day)] = [[f"{p // 4:02}:{p % 4 * 15:02}" for p in pair] for pair in pairs]
    return rules.CalendarFacts.of(draw(ZONES), draw(st.sampled_from(["", "JP", "DE", "US"])), week)


@given(some_calendar(), MOMENTS, SPANS, SPANS)
@settings(max_examples=80, deadline=None)
def test_laws_of_working_time(calendar: rules.CalendarFacts, start: datetime, some: int, more: int) -> None:
    assert rules.add_working_time(start, 0, calendar) == start
    less, most = sorted((some, more))
    earlier, later = (rules.add_working_time(start, span, calendar) for span in (less, most))
    assert start <= earlier <= later
    assert (later - start).total_seconds() >= most
    if most:
        assert rules.is_working(later - timedelta(microseconds=1), calendar)
        assert rules.working_seconds(start, later, calendar) == most
    in_two_steps = rules.add_working_time(earlier, most - less, calendar)
    assert rules.working_seconds(start, in_two_steps, calendar) == most


@given(some_calendar(), MOMENTS, st.timedeltas(timedelta(0), timedelta(days=40)))
@settings(max_examples=80, deadline=None)
def test_who_starts_later_is_never_done_earlier(
    calendar: rules.CalendarFacts, start: datetime, wait: timedelta
) -> None:
    assert rules.add_working_time(start, 7200, calendar) <= rules.add_working_time(start + wait, 7200, calendar)
    assert rules.next_open(start, calendar) <= rules.next_open(start + wait, calendar)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-20T22:00", 5, "2026-11-13T18:00"),  # Friday night: told on the Friday before
        ("2026-11-20T10:00", 5, "2026-11-12T18:00"),  # before closing, its own day does not count
        ("2026-11-24T02:00", 1, "2026-11-19T18:00"),  # Monday 23 November is a holiday
        ("2026-11-20T22:00", 0, "2026-11-20T22:00"),
    ],
)
def test_working_days_before_are_the_mirror_of_those_after(start: str, days: int, due: str) -> None:
    at = tokyo(start)
    found = rules.working_days_before(at, days, JAPAN)
    assert found == tokyo(due)
    if days:
        assert rules.add_working_days(found, days, JAPAN) <= at
        later = rules.add_working_days(rules.next_open(found, JAPAN), days, JAPAN)
        assert later > at
