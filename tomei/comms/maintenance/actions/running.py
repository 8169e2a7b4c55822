"""It begins, goes on, ends, or is called off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.clock import actions as clock
from tomei.clock.handlers import JobFacts
from tomei.comms.maintenance import deciding, hooks, owing, queries, rules
from tomei.comms.maintenance.actions import writing
from tomei.comms.maintenance.facts import MaintenanceFacts, NoticeFacts
from tomei.comms.maintenance.labels import BEGUN, DONE
from tomei.comms.models import Maintenance
from tomei.kernel.actor import CLOCK, Actor
from tomei.kernel.text import Text
from tomei.promises import actions as promises


@transaction.atomic
def start(
    maintenance_id: int,
    text: Text | None = None,
    *,
    next_at: datetime | None = None,
    overrules: writing.Reasons | None = None,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> NoticeFacts:
    """It has begun. Refuses to begin before the told start; the next time is the latest allowed unless named."""
    by.require("maintenance.run")
    row = deciding.subject(maintenance_id, "start", seen=seen)
    words = writing.said(row, text) if text else BEGUN
    overruled = deciding.judge(row.pk, words, overrules or {}, by=by, now=now) if text else []
    return _begin(row, words, overruled, next_at=next_at, by=by, now=now)


def _begin(
    row: Maintenance, text: Text, overruled: list[dict[str, Any]], *, next_at: datetime | None, by: Actor, now: datetime
) -> NoticeFacts:
    rules.check_start(row.starts_at, now)
    latest = deciding.latest_next(row, row.ends_at, now)
    row.state, row.started_at = "in_progress", now
    row.next_at = rules.check_next(next_at, latest, now) if next_at else latest
    clock.cancel(f"maintenance:{row.pk}")
    notice = writing.notice(row, "started", text, overruled, by=by, now=now)
    owing.keep(row, "maintenance_start", notice, by=by, now=now)
    if row.silence:
        writing.silence(row, by, now)
        row.save(update_fields=["silences"])
    return notice


def begin_due(jobs: Sequence[JobFacts], now: datetime) -> None:
    """Clock effect: what was to begin by itself begins, if nobody has moved, begun or called it off meanwhile."""
    for job in jobs:
        row = Maintenance.objects.select_for_update().filter(pk=int(job.payload["id"]), state="scheduled").first()
        if row is not None and row.starts_itself and row.starts_at <= now:
            _begin(row, BEGUN, [], next_at=None, by=CLOCK, now=now)


@transaction.atomic
def update(
    maintenance_id: int,
    text: Text,
    *,
    next_at: datetime | None,
    verifying: bool = False,
    ends_at: datetime | None = None,
    overrules: writing.Reasons | None = None,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> NoticeFacts:
    """How far it is, and when we speak next. With another `ends_at` the told end is withdrawn and this one told."""
    by.require("maintenance.run")
    row = deciding.subject(maintenance_id, "update", seen=seen)
    text = writing.said(row, text)
    end = rules.check_end(row.ends_at, ends_at, now)
    row.next_at = rules.check_next(next_at, deciding.latest_next(row, end or row.ends_at, now), now)
    overruled = deciding.judge(row.pk, text, overrules or {}, by=by, now=now)
    row.state = "verifying" if verifying else "in_progress"
    if end is None:
        return writing.notice(row, "verifying" if verifying else "update", text, overruled, by=by, now=now)
    return _extend(row, end, text, overruled, by=by, now=now)


def _extend(
    row: Maintenance, end: datetime, text: Text, overruled: list[dict[str, Any]], *, by: Actor, now: datetime
) -> NoticeFacts:
    by.require("maintenance.tell")
    was = [row.starts_at.isoformat(), row.ends_at.isoformat()]
    in_time = now <= row.ends_at
    owing.take_back(row, ["maintenance_end"], text.said_in("ja"), by=by, now=now)
    row.ends_at = end
    if row.silences:
        hooks.end_silences(row.silences, by, now)
        writing.silence(row, by, now)
    notice = writing.notice(row, "extended", text, overruled, was=was, in_time=in_time, by=by, now=now)
    owing.make(row, "maintenance_end", end, by=by, now=now)
    return notice


@transaction.atomic
def complete(
    maintenance_id: int,
    text: Text | None = None,
    *,
    overrules: writing.Reasons | None = None,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> NoticeFacts:
    """It is over, and checked to be."""
    by.require("maintenance.run")
    row = deciding.subject(maintenance_id, "complete", seen=seen)
    words = writing.said(row, text) if text else DONE
    overruled = deciding.judge(row.pk, words, overrules or {}, by=by, now=now) if text else []
    row.state, row.ended_at, row.next_at = "completed", now, None
    notice = writing.notice(row, "completed", words, overruled, by=by, now=now)
    owing.keep(row, "maintenance_end", notice, by=by, now=now)
    if row.silences:
        hooks.end_silences(row.silences, by, now)
    return notice


@transaction.atomic
def cancel(
    maintenance_id: int,
    text: Text,
    *,
    overrules: writing.Reasons | None = None,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> MaintenanceFacts:
    """It will not be. Where it was told, everybody is told so and the told times are withdrawn with these words."""
    by.require("maintenance.plan")
    row = deciding.subject(maintenance_id, "cancel", seen=seen)
    told = row.state != "planned"
    if told:
        by.require("maintenance.tell")
    text = writing.said(row, text)
    overruled = deciding.judge(row.pk, text, overrules or {}, by=by, now=now) if told else []
    row.state, row.ended_at = "cancelled", now
    clock.cancel(f"maintenance:{row.pk}")
    if not told:
        promises.supersede("maintenance_notice", maintenance_id=row.pk, reason=text.said_in("ja"), by=by, now=now)
        return writing.done(row, now)
    owing.take_back(row, owing.WINDOW, text.said_in("ja"), by=by, now=now)
    writing.notice(row, "cancelled", text, overruled, by=by, now=now)
    return queries.facts_of(row)
