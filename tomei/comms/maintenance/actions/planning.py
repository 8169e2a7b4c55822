"""Before it runs: planned, told, moved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.clock import actions as clock
from tomei.comms.maintenance import deciding, owing, rules
from tomei.comms.maintenance.actions import writing
from tomei.comms.maintenance.facts import MaintenanceFacts, NoticeFacts, PlanInput
from tomei.comms.models import Maintenance
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text
from tomei.promises import actions as promises


@transaction.atomic
def plan(wanted: PlanInput, *, by: Actor, now: datetime) -> MaintenanceFacts:
    """Planned, told to nobody yet: from now on it is owed to tell it ahead."""
    by.require("maintenance.plan")
    ready = deciding.plan(wanted, now)
    row = Maintenance(owner_id=by.user_id, created_at=now, created_by=by.name, state="planned")
    _fill(row, ready)
    row.save(force_insert=True)
    owing.make(row, "maintenance_notice", row.notice_due_at, by=by, now=now)
    return writing.done(row, now)


@transaction.atomic
def edit(maintenance_id: int, wanted: PlanInput, *, seen: int | None, by: Actor, now: datetime) -> MaintenanceFacts:
    """Plan it otherwise, while nobody outside knows of it."""
    by.require("maintenance.plan")
    row = deciding.subject(maintenance_id, "edit", seen=seen)
    due_at = row.notice_due_at
    _fill(row, deciding.plan(wanted, now))
    if row.notice_due_at != due_at:
        promises.supersede("maintenance_notice", maintenance_id=row.pk, by=by, now=now)
        owing.make(row, "maintenance_notice", row.notice_due_at, by=by, now=now)
    return writing.done(row, now)


def _fill(row: Maintenance, ready: PlanInput) -> None:
    organisations = ready.organisation_ids or ()
    row.title, row.text = ready.title.as_json(), ready.text.as_json()
    row.components = [list(one) for one in ready.components]
    row.audiences, row.organisations = list(ready.audiences), list(organisations)
    row.starts_at, row.ends_at = ready.starts_at, ready.ends_at
    row.notice_due_at = deciding.notice_due(ready.components, organisations, ready.starts_at)
    row.starts_itself, row.silence = ready.starts_itself, ready.silence


@transaction.atomic
def tell(
    maintenance_id: int, *, overrules: writing.Reasons | None = None, seen: int | None = None, by: Actor, now: datetime
) -> NoticeFacts:
    """Everybody it concerns is told the window. Later than owed it goes out all the same, and is recorded as late."""
    by.require("maintenance.tell")
    row = deciding.subject(maintenance_id, "tell", seen=seen)
    rules.check_window(row.starts_at, row.ends_at, now)
    text = Text.of(row.text)
    overruled = deciding.judge(row.pk, text, overrules or {}, by=by, now=now)
    row.state, row.told_at = "scheduled", now
    return _told_window(row, "scheduled", text, overruled, by=by, now=now)


@transaction.atomic
def move(
    maintenance_id: int,
    starts_at: datetime,
    ends_at: datetime,
    text: Text,
    *,
    overrules: writing.Reasons | None = None,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> NoticeFacts:
    """Another window: the told times are withdrawn with this notice; the new ones are told ahead, or late, anew."""
    by.require("maintenance.tell")
    row = deciding.subject(maintenance_id, "move", seen=seen)
    text = writing.said(row, text)
    overruled = deciding.judge(row.pk, text, overrules or {}, by=by, now=now)
    start, end = rules.check_window(starts_at, ends_at, now)
    if (start, end) == (row.starts_at, row.ends_at):
        raise Refused("maintenance.same_window")
    owing.take_back(row, owing.WINDOW, text.said_in("ja"), by=by, now=now)
    was = [row.starts_at.isoformat(), row.ends_at.isoformat()]
    row.starts_at, row.ends_at = start, end
    components = tuple((pk, impact) for pk, impact in row.components)
    row.notice_due_at = deciding.notice_due(components, tuple(row.organisations), start)
    owing.make(row, "maintenance_notice", row.notice_due_at, by=by, now=now)
    return _told_window(row, "moved", text, overruled, was=was, by=by, now=now)


def _told_window(
    row: Maintenance, kind: str, text: Text, overruled: list[dict[str, Any]], *, by: Actor, now: datetime, **more: Any
) -> NoticeFacts:
    row.window_told_at = now
    in_time = rules.told_in_time(now, row.notice_due_at)
    row.covered_until = row.ends_at if in_time else None
    notice = writing.notice(row, kind, text, overruled, in_time=in_time, by=by, now=now, **more)
    owing.keep(row, "maintenance_notice", notice, by=by, now=now)
    owing.window(row, by=by, now=now)
    if row.starts_itself:
        clock.schedule(
            writing.BEGIN, due_at=row.starts_at, key=f"maintenance:{row.pk}", payload={"id": row.pk}, now=now
        )
    return notice
