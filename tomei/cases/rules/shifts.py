"""Hours on duty as intervals: union, runs, rest, nights, days in a row. Pure arithmetic on moments with a zone.

A stretch is a pair (from, to) of moments. Lengths are true seconds, so a night in which the clock is changed is as long
as it was; nights and days are counted by the wall clock of the person's own zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from tomei.kernel.errors import Refused

Stretch = tuple[datetime, datetime]
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """Settings of the house, in hours. Rest by default as Directive 2003/88/EC, Article 3: 11 hours in each 24."""

    offer: float = 4
    insist: float = 8
    rest: float = 11
    pause: float = 0.5  # a shorter break between two roles is no break
    rank: int = 2  # down to this severity (SEV2) holding a role is being on duty
    page: float = 0.25  # how long a page keeps somebody up who holds no role
    night_from: int = 22
    night_to: int = 5

    @property
    def offer_after(self) -> timedelta:
        return self.offer * HOUR

    @property
    def insist_after(self) -> timedelta:
        return self.insist * HOUR

    @property
    def rest_needed(self) -> timedelta:
        return self.rest * HOUR


def check(limits: Limits) -> Limits:
    """Return them, or refuse `shift.limits`: an offer before the insistence, and none that could never come."""
    in_order = 0.25 <= limits.offer < limits.insist <= 24
    hours = 0 <= limits.rest <= 48 and 0 <= limits.night_from < 24 and 0 <= limits.night_to < 24
    if not (in_order and hours and 0 <= limits.rank <= 4):
        raise Refused("shift.limits")
    return limits


def union(stretches: Iterable[Stretch], pause: timedelta = timedelta(0)) -> list[Stretch]:
    """The same time without overlaps, in order; breaks of at most `pause` are filled, empty stretches left out."""
    joined: list[Stretch] = []
    for start, end in sorted((start.astimezone(UTC), end.astimezone(UTC)) for start, end in stretches):
        if end <= start:
            continue
        if joined and start - joined[-1][1] <= pause:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def clip(stretches: Iterable[Stretch], start: datetime, end: datetime) -> list[Stretch]:
    """What of them lies between `start` and `end`."""
    cut = ((max(one, start), min(other, end)) for one, other in stretches)
    return [(one, other) for one, other in cut if one < other]


def length(stretches: Iterable[Stretch]) -> timedelta:
    """How long they are together; overlaps count once."""
    return sum((end - start for start, end in union(stretches)), timedelta(0))


def since(stretches: Iterable[Stretch], now: datetime, pause: timedelta) -> datetime | None:
    """When the duty began that still lasts at `now`; None for who is off duty."""
    return next((start for start, end in union(stretches, pause) if start <= now <= end), None)


def rest_before(stretches: Iterable[Stretch], at: datetime) -> timedelta | None:
    """How long this person had rested at `at`: nothing while on duty, None when no duty is known before."""
    before = [(start, end) for start, end in union(stretches) if start <= at]
    return max(at - before[-1][1], timedelta(0)) if before else None


def rested(stretches: Iterable[Stretch], at: datetime, limits: Limits, zone: tzinfo) -> timedelta | None:
    """The rest before `at` that was too short, else None.

    Asked only after a duty that tires: as long as the one at which a hand-over is offered, or reaching into the night.
    Who is on duty, or was a moment ago, begins nothing new.
    """
    runs = [run for run in union(stretches, limits.pause * HOUR) if run[0] <= at]
    if not runs:
        return None
    last, rest = runs[-1], at - runs[-1][1]
    tiring = last[1] - last[0] >= limits.offer_after or bool(nights([last], limits, zone))
    return rest if tiring and limits.pause * HOUR < rest < limits.rest_needed else None


def _night(on: date, limits: Limits, zone: tzinfo) -> Stretch:
    """The night that begins on the evening of `on`, by the clock on the wall."""
    start = datetime.combine(on, time(limits.night_from), zone)
    next_day = on + timedelta(days=1) if limits.night_to <= limits.night_from else on
    return start.astimezone(UTC), datetime.combine(next_day, time(limits.night_to), zone).astimezone(UTC)


def nights(stretches: Sequence[Stretch], limits: Limits, zone: tzinfo) -> list[date]:
    """The evenings of those nights in which there was any duty."""
    found: set[date] = set()
    for start, end in union(stretches):
        on = start.astimezone(zone).date() - timedelta(days=1)
        while on <= end.astimezone(zone).date():
            if clip([(start, end)], *_night(on, limits, zone)):
                found.add(on)
            on += timedelta(days=1)
    return sorted(found)


def days_in_a_row(stretches: Iterable[Stretch], now: datetime, zone: tzinfo) -> int:
    """Days with duty, one after the other, up to today (or yesterday, when today had none yet)."""
    worked: set[date] = set()
    for start, end in union(stretches):
        on, last = start.astimezone(zone).date(), (end - timedelta(microseconds=1)).astimezone(zone).date()
        worked.update(on + timedelta(days=number) for number in range((last - on).days + 1))
    day = now.astimezone(zone).date()
    if day not in worked:
        day -= timedelta(days=1)
    count = 0
    while day in worked:
        count, day = count + 1, day - timedelta(days=1)
    return count


def stage(began: datetime | None, now: datetime, limits: Limits) -> str:
    """Where a duty stands: empty, `offer` (a hand-over is offered), `insist` (it is insisted on)."""
    if began is None or now - began < limits.offer_after:
        return ""
    return "insist" if now - began >= limits.insist_after else "offer"
