from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest

from tomei.ui import charts
from tomei.ui.charts import Owed, Stamp, UptimeDay, Word
from tomei.ui.charts.axis import Axis, Lane
from tomei.ui.charts.uptime import percent

NOW = datetime(2026, 11, 18, 5, 8, 48, tzinfo=UTC)
BEGAN = datetime(2026, 11, 18, 4, 22, tzinfo=UTC)


def ago(minutes: int) -> datetime:
    return NOW - timedelta(minutes=minutes)


def drawn(stamps: list[Stamp], words: list[Word], promises: list[Owed], language: str = "en") -> str:
    return str(charts.strip(stamps, words, promises, now=NOW, zone="Asia/Tokyo", language=language))


@pytest.mark.parametrize(
    ("share", "text"), [(1, "100"), (0.99999, "99.99"), (0.9997, "99.97"), (0.5, "50"), (0, "0"), (0.999, "99.9")]
)
def test_an_outage_never_reads_as_whole(share: float, text: str) -> None:
    assert percent(share) == text


def test_uptime_bars() -> None:
    days = [
        UptimeDay(date(2026, 11, 16), "none", None),
        UptimeDay(date(2026, 11, 17), "up"),
        UptimeDay(date(2026, 11, 18), "down", 0.5, note="<INC-12>"),
    ]
    html = str(charts.uptime_bars(days, "在庫", "ja"))
    ElementTree.fromstring(html)
    assert 'aria-label="在庫 2日間の稼働率 75 %"' in html
    assert '<path class="up" d="M4 10h2v22h-2z"/>' in html
    assert (
        '<rect class="d" x="7.5" y="0" width="3" height="32"><title>11月18日(水) 停止 50 % &lt;INC-12&gt;</title>'
        in html
    )
    assert "11月17日" not in str(charts.uptime_table(days, "ja"))
    assert "Wed 18 Nov 2026" in str(charts.uptime_table(days, "en"))
    assert "no record yet" in str(charts.uptime_bars([], "Stock", "en"))


def test_the_strip_says_in_words_what_it_draws() -> None:
    stamps = [Stamp("began", BEGAN), Stamp("detected", ago(44)), Stamp("restored", None)]
    words = [Word("First notice", ago(40)), Word("Update 2", ago(10), late_s=125)]
    owed = [Owed("Update 3", NOW + timedelta(minutes=4), "soon")]
    html = drawn(stamps, words, owed)
    svg = html[: html.index("</svg>") + 6]
    ElementTree.fromstring(svg)
    assert 'aria-label="2 stamps, 2 words to customers, 1 of them late, 1 promises ahead"' in svg
    assert "2 min late" in svg
    assert "30 min" in svg  # the silence between the two words
    assert '<li class="ahead"><b>restored</b><span>ahead</span></li>' in html
    assert "<td>Update 2 <b>2m 05s late</b></td>" in html
    assert "<td>Update 3 <b>due soon</b></td>" in html


def test_the_strip_of_nothing_is_still_a_picture() -> None:
    html = drawn([], [], [], "ja")
    assert "いま 14:08" in html


def test_the_strip_of_weeks_names_days() -> None:
    html = drawn([Stamp("began", NOW - timedelta(days=17))], [], [Owed("Daily", NOW + timedelta(hours=3))])
    assert ">11/" in html
    assert html.count('class="t3 mid"') <= 9


def test_what_was_typed_cannot_break_the_picture() -> None:
    html = drawn([Stamp("<script>x</script>", ago(5))], [Word("<b>", ago(4))], [Owed("&", ago(-4), "open")])
    assert "<script>" not in html


def test_labels_that_would_touch_find_no_room() -> None:
    lane = Lane()
    assert [lane.fits(0, 50), lane.fits(55, 80), lane.fits(60, 90)] == [True, False, True]


def test_ticks_survive_a_change_of_the_clock() -> None:
    zone = __import__("zoneinfo").ZoneInfo("Europe/Berlin")
    start = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
    ticks = Axis(start, start + timedelta(hours=12)).ticks(zone)
    assert [tick.astimezone(zone).hour % 2 for tick in ticks] == [0] * len(ticks)
    assert len(ticks) >= 5
