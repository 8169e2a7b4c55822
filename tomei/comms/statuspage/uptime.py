"""Uptime: the union of intervals of harm, each moment counted once at its worst. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import floor
from zoneinfo import ZoneInfo

WEIGHTS = {"major": 1.0, "partial": 0.3, "degraded": 0.0, "maintenance": 0.0}
WORST = ("major", "partial", "degraded", "maintenance")  # the order in which one hides another
DAYS = 90


@dataclass(frozen=True, slots=True)
class Interval:
    """Harm of one kind from `since` on; `until` is None while it lasts."""

    impact: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """One bar. `worst` is empty on a good day, `none` before the component stood; `seconds` is how long it was hurt."""

    on: date
    worst: str = ""
    seconds: float = 0.0
    running: bool = False


def _pieces(intervals: Sequence[Interval], start: datetime, end: datetime) -> list[tuple[float, str]]:
    """Seconds and worst impact of each piece between two changes, within the window: a sweep over all edges."""
    cut = [
        (max(one.since, start), min(one.until or end, end), one.impact) for one in intervals if one.impact in WEIGHTS
    ]
    cut = [piece for piece in cut if piece[0] < piece[1]]
    edges = sorted({moment for begin, finish, _ in cut for moment in (begin, finish)})
    found = []
    for begin, finish in pairwise(edges):
        here = {impact for since, until, impact in cut if since <= begin and until >= finish}
        if here:
            found.append(((finish - begin).total_seconds(), min(here, key=WORST.index)))
    return found


def down_seconds(intervals: Sequence[Interval], start: datetime, end: datetime) -> float:
    """Weighted seconds of harm in the window; overlapping harm counts once, at its worst."""
    return sum(seconds * WEIGHTS[impact] for seconds, impact in _pieces(intervals, start, end))


def percent(intervals: Sequence[Interval], start: datetime, end: datetime) -> float:
    """Uptime in percent, rounded down to two places: 100 is said only when it is true."""
    whole = (end - start).total_seconds()
    if whole <= 0:
        return 100.0
    return floor((1 - down_seconds(intervals, start, end) / whole) * 10_000 + 1e-9) / 100


def days(
    intervals: Sequence[Interval], *, now: datetime, zone: ZoneInfo, since: datetime | None = None, count: int = DAYS
) -> list[Day]:
    """The last `count` days in the page's zone, oldest first, today to this moment."""
    today = now.astimezone(zone).date()
    found = []
    for back in range(count - 1, -1, -1):
        on = today - timedelta(days=back)
        begin, finish = _midnight(on, zone), min(_midnight(on + timedelta(days=1), zone), now)
        if since is not None and since >= finish:
            found.append(Day(on, "none"))
            continue
        pieces = _pieces(intervals, begin, finish)
        worst = min((impact for _, impact in pieces), key=WORST.index, default="")
        running = back == 0 and any(one.until is None and one.since < finish for one in intervals)
        found.append(Day(on, worst, sum(seconds for seconds, _ in pieces), running))
    return found


def _midnight(on: date, zone: ZoneInfo) -> datetime:
    """In UTC: the difference of two moments of one zone is that of its wall clock, wrong by an hour twice a year."""
    return datetime(on.year, on.month, on.day, tzinfo=zone).astimezone(UTC)


def window(now: datetime, zone: ZoneInfo, since: datetime | None, count: int = DAYS) -> tuple[datetime, datetime]:
    """From the first of the days shown (or the component's first moment) until now."""
    begin = _midnight(now.astimezone(zone).date() - timedelta(days=count - 1), zone)
    return (max(begin, since) if since is not None else begin), now


def worst_open(intervals: Sequence[Interval]) -> str:
    """What a component suffers at this moment; empty when it works."""
    return min(
        (one.impact for one in intervals if one.until is None and one.impact in WEIGHTS), key=WORST.index, default=""
    )
