"""Did we keep our word? Counts by SQL, every rate with its n and interval. Drills are outside every figure.

A promise counts by its due time. Open ones count from the first second after it: broken, though not ended.
Withdrawn ones are shown and not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractHour, TruncDate

from tomei.kernel.actor import Actor
from tomei.promises import queries, rules
from tomei.promises.models import Promise
from tomei.promises.queries import Filters
from tomei.promises.rules import Tally

GROUPS = {"kind": "kind", "customer": "owed_to_id", "team": "team_id"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the figures: `key` is a kind, an organisation's id or a team's id."""

    key: str | int | None
    tally: Tally
    target: float | None = None

    @property
    def verdict(self) -> str:
        """Of its target; a line without one says only whether there is enough to show a rate."""
        if self.target is None:
            return "" if self.tally.is_enough else "too_few"
        return rules.verdict(self.tally.kept, self.tally.n, self.target)


@dataclass(frozen=True, slots=True)
class Lateness:
    """Of those that ended late: seconds. `p90` is None under twenty."""

    n: int
    median_s: float | None
    p90_s: float | None
    worst_s: float | None
    worst_id: int | None


@dataclass(frozen=True, slots=True)
class Ledger:
    total: Tally
    by_kind: list[Line]
    by_customer: list[Line]
    by_team: list[Line]
    lateness: Lateness


def _counts(now: datetime) -> dict[str, Count]:
    ended = {name: Count("pk", filter=Q(state=name)) for name in ("kept", "late", "missed", "withdrawn")}
    alone = Count("pk", filter=Q(state="kept", automatic=True))
    return ended | {"overdue": Count("pk", filter=queries.overdue(now)), "automatic": alone}


def _tally(row: Any) -> Tally:
    return Tally(row["kept"], row["late"], row["missed"], row["overdue"], row["withdrawn"], row["automatic"])


def _counted(filters: Filters, by: Actor) -> QuerySet[Promise]:
    return queries.narrowed(filters, by=by).order_by()


def lines(group: str, filters: Filters, *, by: Actor, now: datetime) -> list[Line]:
    """Tallies by kind, customer or team; groups of which nothing has fallen due or been withdrawn are left out."""
    column = GROUPS[group]
    found = _counted(filters, by).values(column).annotate(**_counts(now))
    order = list(rules.KINDS)
    made = [
        Line(row[column], _tally(row), rules.kind(row[column]).target if group == "kind" else None) for row in found
    ]
    kept = [line for line in made if line.tally.n or line.tally.withdrawn]
    if group == "kind":
        return sorted(kept, key=lambda line: order.index(str(line.key)))
    return sorted(kept, key=lambda line: (-line.tally.n, str(line.key)))


def ledger(filters: Filters, *, by: Actor, now: datetime) -> Ledger:
    """All figures of the ledger for the reader; the total is the sum of the kinds."""
    by_kind = lines("kind", filters, by=by, now=now)
    return Ledger(
        total=sum((line.tally for line in by_kind), Tally()),
        by_kind=by_kind,
        by_customer=lines("customer", filters, by=by, now=now),
        by_team=lines("team", filters, by=by, now=now),
        lateness=lateness(filters, by=by),
    )


def lateness(filters: Filters, *, by: Actor) -> Lateness:
    """How late is late: type 7 percentiles, read at their places instead of loading every row."""
    found = _counted(filters, by).filter(state="late").order_by("late_s", "pk")
    n = found.count()
    if n == 0:
        return Lateness(0, None, None, None, None)
    worst_id, worst_s = found.values_list("pk", "late_s")[n - 1]
    p90 = _percentile(found, n, 0.9) if n >= rules.NEEDED_P90 else None
    return Lateness(n, _percentile(found, n, 0.5), p90, worst_s, worst_id)


def _percentile(found: QuerySet[Promise], n: int, share: float) -> float:
    low, weight = rules.place(n, share)
    near = [value or 0.0 for value in found.values_list("late_s", flat=True)[low : low + 2]]
    return near[0] + (near[-1] - near[0]) * weight


def days(filters: Filters, *, zone: tzinfo, by: Actor, now: datetime) -> dict[date, Tally]:
    """Tallies by the reader's day on which promises fell due."""
    found = _counted(filters, by).annotate(day=TruncDate("due_at", tzinfo=zone)).values("day")
    return {row["day"]: _tally(row) for row in found.annotate(**_counts(now))}


def day_and_night(filters: Filters, *, zone: tzinfo, by: Actor, now: datetime) -> tuple[Tally, Tally]:
    """What fell due from 08 to 20 in the reader's zone, and the rest."""
    found = _counted(filters, by).annotate(hour=ExtractHour("due_at", tzinfo=zone)).values("hour")
    day = night = Tally()
    for row in found.annotate(**_counts(now)):
        if 8 <= row["hour"] < 20:
            day += _tally(row)
        else:
            night += _tally(row)
    return day, night


def owed_now(filters: Filters, *, by: Actor, now: datetime) -> tuple[int, int]:
    """How many promises are open, and how many of them overdue, whatever the period."""
    row = (
        _counted(filters, by)
        .filter(state="open")
        .aggregate(open=Count("pk"), overdue=Count("pk", filter=queries.overdue(now)))
    )
    return row["open"], row["overdue"]
