from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tomei.ui import moments

AT = datetime(2026, 11, 18, 5, 13, tzinfo=UTC)
NOW = datetime(2026, 11, 18, 5, 8, 48, tzinfo=UTC)

# The same table is run through time.js by test_scripts.py.
SPANS = [
    (0, "0秒", "0s"),
    (59.9, "59秒", "59s"),
    (60, "1分00秒", "1m 00s"),
    (252, "4分12秒", "4m 12s"),
    (-252, "4分12秒", "4m 12s"),
    (3599, "59分59秒", "59m 59s"),
    (3600, "1時間00分", "1h 00m"),
    (10260, "2時間51分", "2h 51m"),
    (86399, "23時間59分", "23h 59m"),
    (86400, "1日0時間", "1d 0h"),
    (525600, "6日2時間", "6d 2h"),
]


@pytest.mark.parametrize(("seconds", "ja", "en"), SPANS)
def test_span_says_two_units_at_most(seconds: float, ja: str, en: str) -> None:
    assert (moments.span(seconds, "ja"), moments.span(seconds, "en")) == (ja, en)


@pytest.mark.parametrize(
    ("seconds", "ja", "en"),
    [
        (900, "15分", "15 min"),
        (5400, "1時間30分", "1 h 30 min"),
        (86400, "1日", "1 d"),
        (0, "0秒", "0 s"),
        (45, "45秒", "45 s"),
    ],
)
def test_limit_leaves_out_what_is_nought(seconds: int, ja: str, en: str) -> None:
    assert (moments.limit(seconds, "ja"), moments.limit(seconds, "en")) == (ja, en)


def test_a_moment_is_said_in_the_zone_of_its_reader() -> None:
    assert moments.full(AT, "Asia/Tokyo", "ja") == "2026年11月18日(水) 14:13 JST"
    assert moments.full(AT, "Europe/Berlin", "en") == "Wed 18 Nov 2026, 06:13 CET"
    assert moments.full(AT, "UTC", "en") == "Wed 18 Nov 2026, 05:13 UTC"


def test_a_zone_without_letters_says_its_offset() -> None:
    assert moments.zone_name(AT, "America/Sao_Paulo") == "UTC-03"


def test_near_names_the_day_only_when_it_is_not_today() -> None:
    assert moments.near(AT, "Asia/Tokyo", "en", NOW) == "14:13 JST"
    tomorrow = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)  # midnight in Tokyo
    assert moments.near(tomorrow, "Asia/Tokyo", "ja", NOW) == "11月19日(木) 00:00 JST"
    assert moments.near(tomorrow, "UTC", "ja", NOW) == "15:00 UTC"
    next_year = datetime(2027, 1, 4, 1, 0, tzinfo=UTC)
    assert moments.near(next_year, "Asia/Tokyo", "en", NOW) == "Mon 4 Jan 2027 10:00 JST"


def test_a_date_needs_no_zone() -> None:
    assert moments.day(date(2026, 11, 18), "Asia/Tokyo", "ja") == "11月18日(水)"


def test_the_script_holds_the_same_units() -> None:
    source = (Path(moments.__file__).parent / "static" / "ui" / "time.js").read_text("utf-8")
    units = re.search(r"\[D, H, M, S, gap\] = .*\? (\[.*?\]) : (\[.*?\]);", source)
    assert units is not None
    assert units[1] == '["日", "時間", "分", "秒", ""]'
    assert units[2] == '["d", "h", "m", "s", " "]'
