"""What others may know of the clock: whether it beats, what is dead, what was slept through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Count, Max, Min

from tomei.clock import rules, schema
from tomei.clock.models import DEAD, LEASED, WAITING, Job, Pulse, Standstill


@dataclass(frozen=True, slots=True)
class PulseFacts:
    """`state`: beating, still (no beat for `rules.STILL_S`) or never. `age_s` is since the last beat of any engine."""

    state: Literal["beating", "still", "never"]
    beat_at: datetime | None
    age_s: float | None
    dead_jobs: int


@dataclass(frozen=True, slots=True)
class StandstillFacts:
    """A time without a tick, or a jump; `covers` tells whether work planned for a moment was delayed by it."""

    id: int
    kind: str
    began_at: datetime
    ended_at: datetime
    seconds: float
    caught_up_at: datetime | None

    def covers(self, moment: datetime) -> bool:
        return self.began_at < moment <= self.ended_at


@dataclass(frozen=True, slots=True)
class DeadFacts:
    """A dead letter: what it was, how often it was tried, how it failed last."""

    id: int
    kind: str
    key: str | None
    due_at: datetime
    attempts: int
    last_error: str


@dataclass(frozen=True, slots=True)
class BacklogFacts:
    """What is due and not yet done."""

    waiting: int
    oldest_due_at: datetime | None
    running: int


def pulse(now: datetime) -> PulseFacts:
    dead_jobs = Job.objects.filter(state=DEAD).count()
    beat_at = Pulse.objects.aggregate(last=Max("beat_at"))["last"]
    if beat_at is None:
        return PulseFacts("never", None, None, dead_jobs)
    age = max((now - beat_at).total_seconds(), 0.0)
    return PulseFacts("still" if age > rules.STILL_S else "beating", beat_at, age, dead_jobs)


def still_s(now: datetime) -> int | None:
    """Seconds since the last beat while the clock stands still; None while it beats or before its first beat."""
    beat_at: datetime | None = Pulse.objects.aggregate(last=Max("beat_at"))["last"]
    age = (now - beat_at).total_seconds() if beat_at is not None else 0.0
    return int(age) if age > rules.STILL_S else None


def catching_up(now: datetime) -> bool:
    """Whether a catch-up is running; it does not end before the caller's transaction does (another clock waits)."""
    running = Standstill.objects.select_for_update().filter(caught_up_at=None, ended_at__lte=now)
    return bool(running.order_by("pk").values_list("pk", flat=True))


def span_after(number: int) -> tuple[datetime, datetime | None]:
    """From the end of a stand-still to the end of the next one, None when there was none since."""
    ended_at = Standstill.objects.values_list("ended_at", flat=True).get(pk=number)
    later = Standstill.objects.filter(pk__gt=number).order_by("pk").values_list("ended_at", flat=True).first()
    return ended_at, later


def standstills(limit: int = 20) -> list[StandstillFacts]:
    """The newest first, for the health page."""
    return [_facts(row) for row in Standstill.objects.order_by("-pk")[:limit]]


def awake_since(now: datetime) -> datetime | None:
    """Since when a clock ticks without a gap, as far as is known: what should have come before may have been lost."""
    fresh = now - timedelta(seconds=2 * rules.BEAT_S)
    started: datetime | None = Pulse.objects.filter(beat_at__gte=fresh).aggregate(first=Min("started_at"))["first"]
    back: datetime | None = Standstill.objects.filter(ended_at__lte=now).aggregate(last=Max("ended_at"))["last"]
    return max((moment for moment in (started, back) if moment is not None), default=None)


def _facts(row: Standstill) -> StandstillFacts:
    return StandstillFacts(row.pk, row.kind, row.began_at, row.ended_at, row.seconds, row.caught_up_at)


def dead(limit: int = 200) -> list[DeadFacts]:
    """Dead letters, the newest first."""
    rows = Job.objects.filter(state=DEAD).order_by("-pk")[:limit]
    return [DeadFacts(row.pk, row.kind, row.key, row.due_at, row.attempts, row.last_error) for row in rows]


def backlog(now: datetime) -> BacklogFacts:
    due = Job.objects.filter(state=WAITING, due_at__lte=now).aggregate(count=Count("pk"), oldest=Min("due_at"))
    return BacklogFacts(due["count"], due["oldest"], Job.objects.filter(state=LEASED).count())


def next_due() -> datetime | None:
    """When the first waiting job falls (or fell) due; None when none waits."""
    first: datetime | None = Job.objects.filter(state=WAITING).aggregate(first=Min("due_at"))["first"]
    return first


def due_at(key: str) -> datetime | None:
    """When the waiting job called `key` falls due; None when there is none."""
    return Job.objects.filter(key=key, state=WAITING).values_list("due_at", flat=True).first()


def newer_schema() -> list[str]:
    """Migrations in the database that this code does not know: while there are any, the clock does not tick."""
    return schema.newer()
