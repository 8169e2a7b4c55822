"""The clock looks how long people have been on duty: a hand-over is offered, later insisted on. Limits are settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from tomei.accounts import settings as house
from tomei.cases.actions import owing, rows
from tomei.cases.models import WORKING, Incident, RoleHolding
from tomei.cases.queries import load
from tomei.cases.rules import shifts as rules
from tomei.cases.rules.shifts import Limits
from tomei.clock.engine import JobFacts
from tomei.kernel import events
from tomei.kernel.actor import CLOCK, Actor

SHIFTS = "cases.shifts"  # the kind of the periodic job
_AT_LEAST = timedelta(minutes=15)  # after a stand-still nothing is owed in the past


@transaction.atomic
def set_shift_limits(limits: Limits, *, by: Actor, now: datetime) -> Limits:
    """From now on duty is judged by these; what was offered or insisted on already stands. Refuses `shift.limits`."""
    house.put(load.SETTING, asdict(rules.check(limits)), by=by, now=now)
    return limits


def run_shifts(jobs: Sequence[JobFacts], now: datetime) -> None:
    """For the clock, each minute: everybody on duty, not only who is in `jobs`."""
    limits = load.limits()
    held = RoleHolding.objects.filter(Q(offered_at=None) | Q(insisted_at=None), load.watched(limits), left_at=None)
    held = held.filter(incident__state__in=WORKING).exclude(role__in=load.UNCOUNTED).order_by("incident_id", "id")
    waiting = list(held)
    if not waiting:
        return
    known = load.stretches((one.user_id for one in waiting), now, limits)
    for one in waiting:
        began = rules.since(known[one.user_id], now, limits.pause * rules.HOUR)
        stage = rules.stage(began, now, limits)
        if began is not None and stage:
            _tell(one, stage, began, limits, now)


def _tell(one: RoleHolding, stage: str, began: datetime, limits: Limits, now: datetime) -> None:
    """Each stage once for a role: an entry, a page to those whom it concerns, and a promise at the offer."""
    if stage == "offer" and one.offered_at is not None:
        return
    row = rows.subject(one.incident_id, CLOCK)
    if one.offered_at is None:
        due_at = max(began + limits.insist_after, now + _AT_LEAST)
        owing.relief(row, one.role, one.user_id, due_at, now=now)
        _say(row, one, "offered", began, now)
    if stage == "insist":
        _say(row, one, "insisted", began, now)
    RoleHolding.objects.filter(pk=one.pk).update(
        offered_at=one.offered_at or now, **({"insisted_at": now} if stage == "insist" else {})
    )


def _say(row: Incident, one: RoleHolding, what: str, began: datetime, now: datetime) -> None:
    rows.write(row, f"shift.{what}", by=CLOCK, now=now, role=one.role, user_ids=[one.user_id], duty_since=began)
    about = {"incident_id": row.pk, "holding_id": one.pk, "role": one.role, "user_id": one.user_id,
             "duty_s": int((now - began).total_seconds()), "drill": row.drill}  # fmt: skip
    if what == "offered":
        events.emit("shift.offered", now=now, **about)
    else:
        events.emit("shift.insisted", now=now, **about)
