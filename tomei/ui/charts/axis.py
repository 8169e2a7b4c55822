"""Where a moment stands on a line of time, which hours are named, and which labels have room."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

LEFT, RIGHT = 96.0, 894.0
STEPS_S = (60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000)


@dataclass(frozen=True, slots=True)
class Axis:
    """The stretch from `start` to `end`, drawn between LEFT and RIGHT."""

    start: datetime
    end: datetime

    def x(self, moment: datetime) -> float:
        part = (moment - self.start) / (self.end - self.start)
        return round(LEFT + (RIGHT - LEFT) * min(1.0, max(0.0, part)), 1)

    def step_s(self, most: int = 8) -> int:
        length = (self.end - self.start).total_seconds()
        return next((step for step in STEPS_S if length / step <= most), STEPS_S[-1])

    def ticks(self, zone: tzinfo) -> list[datetime]:
        """Round times on the wall of `zone`; a change of the clock moves them by what it changes."""
        step = timedelta(seconds=self.step_s())
        local = self.start.astimezone(zone)
        tick = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        found = []
        while (moment := tick.replace(tzinfo=zone).astimezone(UTC)) <= self.end:
            if moment >= self.start:
                found.append(moment)
            tick += step
        return found


def axis(moments: list[datetime], now: datetime) -> Axis:
    """From the first moment to a little past the last, with room for what is ahead of `now`."""
    start = min([*moments, now])
    last = max([*moments, now])
    length = max(last - start, timedelta(minutes=10))
    return Axis(start - length * 0.03, max(last, start + length) + length * 0.1)


def width(text: str) -> float:
    """About how wide a label of 12 px is, on the safe side: full-width letters 12.4, others 7.2."""
    return sum(12.4 if unicodedata.east_asian_width(letter) in "WF" else 7.2 for letter in text)


@dataclass(slots=True)
class Lane:
    """One line of labels; a label that would touch another finds no room."""

    taken: list[tuple[float, float]] = field(default_factory=list)

    def fits(self, left: float, right: float, gap: float = 8) -> bool:
        if any(left < end + gap and start < right + gap for start, end in self.taken):
            return False
        self.taken.append((left, right))
        return True
