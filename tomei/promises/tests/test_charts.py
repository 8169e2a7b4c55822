"""Pictures say what the figures say."""

from __future__ import annotations

from datetime import date

from tomei.promises import charts
from tomei.promises.rules import Tally

FIRST, LAST = date(2026, 8, 27), date(2026, 11, 18)


def test_the_calendar_shows_each_kind_of_day_by_shape():
    days = {
        date(2026, 11, 16): Tally(kept=3),
        date(2026, 11, 17): Tally(late=2),
        LAST: Tally(late=1, missed=1, overdue=1),
    }
    drawn = charts.calendar(days, FIRST, LAST, "en")
    assert drawn.count('class="hm k"') == 1
    assert drawn.count('class="hm none"') == 1
    assert drawn.count("h18v18h-18z") == 84 - 2
    assert "Tue 17 Nov: 2 late</title>" in drawn
    assert "Wed 18 Nov: 1 late, 2 missed or overdue</title>" in drawn
    assert "2 days with late or missed ones" in drawn
    assert "11月17日(火): 遅延 2件" in charts.calendar(days, FIRST, LAST, "ja")


def test_a_long_period_shows_its_last_half_year_and_stays_small():
    drawn = charts.calendar({}, date(2020, 1, 1), LAST, "ja")
    assert drawn.count("h18v18h-18z") == 26 * 7
    assert len(drawn) < 8_000


def test_the_interval_is_drawn_and_said():
    drawn = charts.interval(Tally(kept=37, late=3, missed=1), 0.95, "en")
    assert 'aria-label="90.2 % kept, 95 % interval 77.5 % to 96.1 %, target 95.0 %"' in drawn
    assert '<circle class="pt" cx="120.1"' in drawn
    assert charts.interval(Tally(), 0.95, "en") == ""


def test_a_percentage_is_never_rounded_up_to_all():
    assert [charts.percent(share) for share in (1.0, 0.9999, 0.92, 0.0)] == ["100 %", "99.9 %", "92.0 %", "0.0 %"]
