"""Who sets heartbeats up: each is a source of its own, whose key is its address."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from tomei.accounts import audit
from tomei.clock import actions as clock
from tomei.customers.rules import words
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Stale
from tomei.kernel.text import Text
from tomei.signals.actions import beating, sources
from tomei.signals.actions.digesting import tell
from tomei.signals.models import Heartbeat, Source
from tomei.signals.rules import beating as rules
from tomei.signals.rules.beating import HEARTBEAT, Schedule

NAME_OF_ITS_SOURCE = "en"  # senders have one name


@transaction.atomic
def add_heartbeat(
    name: Text, schedule: Schedule, component_id: int | None = None, *, by: Actor, now: datetime
) -> tuple[int, str]:
    """A new heartbeat and the key of its address. It waits for its first ping and fires for nothing before."""
    by.require("house.configure")
    clean, kept = words.said(name, "name"), _checked(schedule)
    source, key = sources.add_own(HEARTBEAT, clean.said_in(NAME_OF_ITS_SOURCE), component_id, now=now)
    Heartbeat.objects.create(
        source=source, name=clean.as_json(), period_s=kept.period_s, cron=kept.cron, zone=kept.zone,
        grace_s=kept.grace_s,
    )  # fmt: skip
    audit.record("heartbeat.added", by=by, now=now, heartbeat_id=source.pk, name=source.name)
    return source.pk, key


def _checked(given: Schedule) -> Schedule:
    return rules.checked(given.period_s, given.cron, given.zone, given.grace_s)


@transaction.atomic
def edit_heartbeat(
    heartbeat_id: int, *, name: Text, schedule: Schedule, component_id: int | None, seen: int, by: Actor, now: datetime
) -> None:
    """Its words and schedule; a new one begins with at least its grace from now. Stale if changed since `seen`."""
    by.require("house.configure")
    row, clean, kept = _locked(heartbeat_id), words.said(name, "name"), _checked(schedule)
    if row.version != seen:
        raise Stale("heartbeat.already")
    is_new = kept != beating.schedule_of(row)
    row.name, row.version = clean.as_json(), row.version + 1
    row.period_s, row.cron, row.zone, row.grace_s = kept.period_s, kept.cron, kept.zone, kept.grace_s
    if is_new and row.paused_at is None and row.state != "down":
        beating.keep(row, rules.resumed(beating.beat_of(row), kept, now))
    row.save()
    beating.set_clock([row], now=now)
    sources.edit_own(row.source, clean.said_in(NAME_OF_ITS_SOURCE), component_id)
    audit.record("heartbeat.edited", by=by, now=now, heartbeat_id=heartbeat_id, name=row.source.name)


@transaction.atomic
def pause_heartbeat(heartbeat_id: int, *, by: Actor, now: datetime) -> None:
    """Its pings are kept and its silence says nothing until it is resumed; what it fires is over."""
    by.require("signal.triage")
    row = _locked(heartbeat_id)
    if row.paused_at is not None:
        raise Stale("heartbeat.already")
    was, why = row.state, row.reason
    row.paused_at, row.paused_by, row.version = now, by.name, row.version + 1
    beating.keep(row, replace(beating.beat_of(row), state="up" if row.last_at else "new", reason="", started_at=None,
                              due_at=None))  # fmt: skip
    row.save()
    beating.set_clock([row], now=now)
    _over(row, was, why, by, now)
    audit.record("heartbeat.paused", by=by, now=now, heartbeat_id=heartbeat_id)


def _over(row: Heartbeat, was: str, why: str, by: Actor, now: datetime) -> None:
    if was == "down":
        tell([beating.arrival_of(row, "resolved", why, by)], now=now)
    else:
        events.emit("signal.received", now=now, source_id=row.pk, received_id=None, group_ids=[])


@transaction.atomic
def resume_heartbeat(heartbeat_id: int, *, by: Actor, now: datetime) -> None:
    """Watched again, with at least its grace from now."""
    by.require("signal.triage")
    row = _locked(heartbeat_id)
    if row.paused_at is None:
        raise Stale("heartbeat.already")
    row.paused_at, row.paused_by, row.version = None, "", row.version + 1
    beating.keep(row, rules.resumed(beating.beat_of(row), beating.schedule_of(row), now))
    row.save()
    beating.set_clock([row], now=now)
    _over(row, "", "", by, now)
    audit.record("heartbeat.resumed", by=by, now=now, heartbeat_id=heartbeat_id)


@transaction.atomic
def delete_heartbeat(heartbeat_id: int, *, by: Actor, now: datetime) -> None:
    """Its address opens nothing any more and what it fires is over; what it said stays readable."""
    by.require("house.configure")
    row = _locked(heartbeat_id)
    clock.cancel(beating.key_of(heartbeat_id))
    Source.objects.filter(pk=heartbeat_id).update(archived_at=now)
    _over(row, row.state, row.reason, by, now)
    audit.record("heartbeat.deleted", by=by, now=now, heartbeat_id=heartbeat_id, name=row.source.name)
    row.delete()


def _locked(heartbeat_id: int) -> Heartbeat:
    rows = Heartbeat.objects.select_for_update(of=("self",)).select_related("source")
    row = rows.filter(pk=heartbeat_id).first()
    if row is None:
        raise Missing(f"heartbeat {heartbeat_id}")
    return row
