"""What is owed and how it ended: facts for other features, doors and lists for people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing
from tomei.promises import hooks, rows, rules
from tomei.promises.facts import New, PromiseFacts
from tomei.promises.models import Promise, Reach, Step
from tomei.promises.rows import facts_of

__all__ = ["Filters", "New", "Page", "PromiseFacts", "StepFacts", "facts_of"]
MOST = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asked for; None asks for all. `start` (inclusive) and `end` (exclusive) bound the due time."""

    kind: str | None = None
    customer_id: int | None = None  # owed to
    team_id: int | None = None
    owner_id: int | None = None
    incident_id: int | None = None
    states: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    drill: bool | None = False  # None: rehearsed ones as well


@dataclass(frozen=True, slots=True)
class Page:
    """`next` is the cursor of what follows, empty at the end."""

    items: list[PromiseFacts]
    next: str = ""


@dataclass(frozen=True, slots=True)
class StepFacts:
    code: str
    rung: str
    planned_at: datetime
    at: datetime
    user_ids: tuple[int, ...] = field(default=())

    @property
    def late_s(self) -> float:
        return max(0.0, (self.at - self.planned_at).total_seconds())


def _facts(found: Iterable[Promise]) -> list[PromiseFacts]:
    return [rows.facts_of(row) for row in found]


def open_of(incident_id: int) -> list[PromiseFacts]:
    """What is still owed in this incident, soonest first."""
    return _facts(Promise.objects.filter(incident_id=incident_id, state="open").order_by("due_at", "pk"))


def of_incident(incident_id: int) -> list[PromiseFacts]:
    """Every promise of this incident, as they fall or fell due."""
    return _facts(Promise.objects.filter(incident_id=incident_id).order_by("due_at", "pk"))


def open_of_case(case_id: int) -> list[PromiseFacts]:
    return _facts(Promise.objects.filter(case_id=case_id, state="open").order_by("due_at", "pk"))


def due_of_cases(case_ids: Iterable[int], kind: str) -> dict[int, datetime]:
    """When the first promise of this kind at each of these cases falls, or fell, due."""
    rows = Promise.objects.filter(case_id__in=list(case_ids), kind=kind).order_by("-pk")
    return {pk: at for pk, at in rows.values_list("case_id", "due_at") if pk is not None}


def open_of_group(signal_group_id: int) -> list[PromiseFacts]:
    found = Promise.objects.filter(signal_group_id=signal_group_id, state="open")
    return _facts(found.order_by("due_at", "pk"))


def of_maintenance(maintenance_id: int) -> list[PromiseFacts]:
    """Every promise of this maintenance, as they fall or fell due."""
    return _facts(Promise.objects.filter(maintenance_id=maintenance_id).order_by("due_at", "pk"))


def by_ids(promise_ids: Iterable[int]) -> dict[int, PromiseFacts]:
    return {row.pk: rows.facts_of(row) for row in Promise.objects.filter(pk__in=list(promise_ids))}


@dataclass(frozen=True, slots=True)
class Shown:
    """What an incident's row shows: its next due time and how many promises are overdue."""

    next_due_at: datetime | None
    overdue: int


def shown(incident_ids: Iterable[int], now: datetime) -> dict[int, Shown]:
    """For `hooks.changed`: what the rows of these incidents show at `now`, also for those that owe nothing more."""
    wanted = list(incident_ids)
    dues: dict[int, list[datetime]] = {incident_id: [] for incident_id in wanted}
    found = Promise.objects.filter(state="open", incident_id__in=wanted)
    for incident_id, due_at in found.values_list("incident_id", "due_at"):
        if incident_id is not None:
            dues[incident_id].append(due_at)
    return {
        incident_id: Shown(min(mine, default=None), sum(rules.is_overdue(due_at, now) for due_at in mine))
        for incident_id, mine in dues.items()
    }


def visible(found: QuerySet[Promise], by: Actor | None) -> QuerySet[Promise]:
    """Without what is restricted, unless the reader is an administrator, holds a role in it or owns the promise.

    Without a reader (a board that everybody sees) nothing restricted is shown.
    """
    if by is not None and by.may("restricted.read"):
        return found
    if by is None or by.user_id is None:
        return found.filter(restricted=False)
    mine = Q(owner_id=by.user_id) | Q(incident_id__in=hooks.holds(by.user_id))
    return found.filter(Q(restricted=False) | mine)


def one(promise_id: int, *, by: Actor) -> PromiseFacts:
    """The promise, for a person: `Missing` when there is none or it is hidden from them."""
    by.require("read")
    row = visible(Promise.objects.filter(pk=promise_id), by).first()
    if row is None:
        raise Missing(f"promise {promise_id}")
    return rows.facts_of(row)


def steps_of(promise_id: int) -> list[StepFacts]:
    """Who was told what, with the planned and the true moment; several people of one step are one entry."""
    steps: dict[tuple[str, str, datetime], StepFacts] = {}
    for row in Step.objects.filter(promise_id=promise_id).order_by("planned_at", "pk"):
        known = steps.get((row.code, row.rung, row.planned_at))
        users = (*(known.user_ids if known else ()), *((row.user_id,) if row.user_id else ()))
        steps[(row.code, row.rung, row.planned_at)] = StepFacts(row.code, row.rung, row.planned_at, row.at, users)
    return list(steps.values())


def reached_of(promise_id: int) -> list[tuple[int | None, datetime]]:
    """First acceptance by a channel, per organisation (None: a public channel)."""
    found = Reach.objects.filter(promise_id=promise_id).order_by("at", "pk")
    return list(found.values_list("organisation_id", "at"))


def narrowed(filters: Filters, *, by: Actor | None) -> QuerySet[Promise]:
    """The promises that `filters` ask for and the reader may see; without drills unless asked for."""
    if by is not None:
        by.require("read")
    exact = {
        "kind": filters.kind, "owed_to_id": filters.customer_id, "team_id": filters.team_id,
        "owner_id": filters.owner_id, "incident_id": filters.incident_id,
    }  # fmt: skip
    found = Promise.objects.filter(**{name: value for name, value in exact.items() if value})
    if filters.drill is not None:
        found = found.filter(drill=filters.drill)
    if filters.start:
        found = found.filter(due_at__gte=filters.start)
    if filters.end:
        found = found.filter(due_at__lt=filters.end)
    return visible(found, by)


def overdue(now: datetime) -> Q:
    """Open and broken: the SQL twin of `rules.is_overdue`."""
    return Q(state="open", due_at__lt=rules.due_second(now))


def owed(filters: Filters, *, by: Actor, after: str = "", limit: int = 50, overdue_at: datetime | None = None) -> Page:
    """What is owed, soonest due first; with `overdue_at` only what is overdue then."""
    found = narrowed(filters, by=by).filter(overdue(overdue_at) if overdue_at else Q(state="open"))
    if after:
        at, pk = _cursor(after)
        found = found.filter(due_at__gte=at).filter(Q(due_at__gt=at) | Q(pk__gt=pk))
    return _page(found.order_by("due_at", "pk"), "due_at", limit)


def ended(filters: Filters, *, by: Actor, after: str = "", limit: int = 50) -> Page:
    """What has ended, newest first; `filters.states` narrow it."""
    found = narrowed(filters, by=by)
    found = found.filter(state__in=filters.states) if filters.states else found.exclude(state="open")
    if after:
        at, pk = _cursor(after)
        found = found.filter(ended_at__lte=at).filter(Q(ended_at__lt=at) | Q(pk__lt=pk))
    return _page(found.exclude(ended_at=None).order_by("-ended_at", "-pk"), "ended_at", limit)


def _page(found: QuerySet[Promise], field_name: str, limit: int) -> Page:
    size = max(1, min(limit, MOST))
    items = list(found[: size + 1])
    if len(items) <= size:
        return Page(_facts(items))
    last = items[size - 1]
    return Page(_facts(items[:size]), f"{getattr(last, field_name).isoformat()}~{last.pk}")


def _cursor(text: str) -> tuple[datetime, int]:
    """Read `<moment>~<id>`; `Missing` for anything else, as for an address that is not there."""
    moment, _, number = text.partition("~")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise Missing("cursor")
    return time.parse_moment(moment.replace(" ", "+")), int(number)


def next_due(
    limit: int = 10, *, by: Actor | None = None, owner_id: int | None = None, incident_id: int | None = None
) -> list[PromiseFacts]:
    """The next promises to fall due that the reader may see, drills included: those are rehearsed with true clocks."""
    found = narrowed(Filters(owner_id=owner_id, incident_id=incident_id, drill=None), by=by)
    return _facts(found.filter(state="open").order_by("due_at", "pk")[:limit])


def taken_late(since: datetime, until: datetime | None) -> list[tuple[int, dict[str, Any]]]:
    """Who was to be told of each step that was taken since then more than 60 s late, with what `promise.steps` says.

    The worst first, then by due time. `rung` names the rung or the warning.
    """
    taken = Step.objects.filter(at__gte=since, user__isnull=False).exclude(code="missed")
    if until is not None:
        taken = taken.filter(at__lt=until)
    rows_of = {row.pk: row for row in Promise.objects.filter(pk__in=taken.values("promise_id"))}
    found = [
        (user_id, rows.step_payload(rows_of[promise_id], code, rung, (user_id,), planned_at, at))
        for promise_id, code, rung, user_id, planned_at, at in taken.values_list(
            "promise_id", "code", "rung", "user_id", "planned_at", "at"
        )
        if rules.is_catch_up(planned_at, at)
    ]
    return sorted(found, key=lambda one: (one[1]["rank"], one[1]["due_at"], one[1]["planned_at"]))
