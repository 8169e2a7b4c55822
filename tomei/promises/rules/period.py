"""Stretches of time that a reader may ask the ledger for: whole days in the reader's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

PERIODS = ("7d", "30d", "12w", "26w", "year", "all")
DEFAULT = "12w"
_DAYS = {"7d": 7, "30d": 30, "12w": 84, "26w": 182}


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` (None: since ever) to before `end`, the end of today."""

    name: str
    start: datetime | None
    end: datetime


def period(name: str, now: datetime, zone: tzinfo) -> Period:
    """The period called `name`, ending with today in `zone`; anything unknown is the last twelve weeks."""
    today = now.astimezone(zone).date()
    end = datetime.combine(today + timedelta(days=1), time.min, tzinfo=zone)
    if name == "all":
        return Period("all", None, end)
    if name == "year":
        return Period("year", datetime.combine(today.replace(month=1, day=1), time.min, tzinfo=zone), end)
    chosen = name if name in _DAYS else DEFAULT
    first = today - timedelta(days=_DAYS[chosen] - 1)
    return Period(chosen, datetime.combine(first, time.min, tzinfo=zone), end)
