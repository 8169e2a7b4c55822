"""Watches: an alert that must keep coming (Prometheus calls it Watchdog). When it stays away, that is the alarm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from tomei.accounts import audit
from tomei.clock import actions as clock
from tomei.clock.handlers import JobFacts
from tomei.kernel import events
from tomei.kernel.actor import CLOCK, Actor
from tomei.kernel.errors import Missing, Refused
from tomei.signals.actions import silencing, triage
from tomei.signals.models import Group, Signal, Watch

JOB = "signals.watch"
LEAST_S, MOST_S = 30, 7 * 86400
SILENT = gettext_noop("Watchdog silent: %(name)s")


@transaction.atomic
def bind_watch(group_id: int, every_s: int, *, by: Actor, now: datetime) -> int:
    """From now on this group must be heard at least every `every_s` seconds; it is proposed to nobody any more."""
    by.require("house.configure")
    if not LEAST_S <= every_s <= MOST_S:
        raise Refused("watch.interval", field="every")
    group = Group.objects.select_related("source").filter(pk=group_id).first()
    if group is None:
        raise Missing(f"group {group_id}")
    if Watch.objects.filter(source=group.source_id, group_key=group.key).exists():
        raise Refused("watch.twice")
    due_at = now + timedelta(seconds=every_s)
    row = Watch.objects.create(
        name=group.title, source_id=group.source_id, group_key=group.key, every_s=every_s, due_at=due_at,
        created_at=now, component_id=group.component_id,
    )  # fmt: skip
    clock.schedule(JOB, due_at=due_at, key=_key(row.pk), rank=1, payload={"watch_id": row.pk}, now=now)
    audit.record("watch.bound", by=by, now=now, watch_id=row.pk, group_id=group_id, every_s=every_s)
    return row.pk


@transaction.atomic
def loosen_watch(watch_id: int, *, by: Actor, now: datetime) -> None:
    """Not watched any more; a silence that is being shown ends with it."""
    by.require("house.configure")
    row = Watch.objects.select_related("source").filter(pk=watch_id).first()
    if row is None:
        raise Missing(f"watch {watch_id}")
    clock.cancel(_key(watch_id))
    if row.is_late:
        _heard_again(row, by=by, now=now)
    row.delete()
    audit.record("watch.loosened", by=by, now=now, watch_id=watch_id)


def _key(watch_id: int) -> str:
    return f"watch:{watch_id}"


def beat(heard: Sequence[tuple[Group, Actor]], *, now: datetime) -> None:
    """Groups that fired just now, and who said so: whoever watches one of them is answered until the next time."""
    if not heard:
        return
    by_place = {(group.source_id, group.key): (group, by) for group, by in heard}
    sources = {group.source_id for group, _by in heard}
    for row in Watch.objects.filter(source__in=sources):
        if (row.source_id, row.group_key) not in by_place:
            continue
        group, by = by_place[row.source_id, row.group_key]
        was_late = row.is_late
        row.last_at, row.due_at, row.is_late = now, now + timedelta(seconds=row.every_s), False
        row.save(update_fields=["last_at", "due_at", "is_late"])
        clock.schedule(JOB, due_at=row.due_at, key=_key(row.pk), rank=1, payload={"watch_id": row.pk}, now=now)
        if was_late:
            row.source = group.source
            _heard_again(row, by=by, now=now)


def run_watches(jobs: Sequence[JobFacts], now: datetime) -> None:
    """For the clock: who is past due is silent, and its silence is a critical group of our own.

    Looks at every watch and not at the jobs: the one at its due time and the one of every minute do the same.
    """
    for row in Watch.objects.select_related("source").filter(is_late=False, due_at__lte=now).order_by("pk"):
        _silent(row, now=now)


def _silent(row: Watch, *, now: datetime) -> None:
    if not Watch.objects.filter(pk=row.pk, is_late=False).update(is_late=True):
        return
    title = SILENT % {"name": row.name}
    group, _made = Group.objects.get_or_create(
        source=row.source, key=_key(row.pk), defaults={"title": title, "first_at": now, "last_at": now}
    )
    triage.decide_anew(group)
    group.title, group.severity, group.component_id = title, "critical", row.component_id
    group.state, group.fired_at, group.last_at, group.resolved_at = "firing", now, now, None
    group.events += 1
    Signal.objects.create(
        group=group, at=row.due_at or now, known_at=now, status="firing", title=title, fingerprint=_key(row.pk)
    )
    if group.triage == "none" and silencing.loud([group], now):
        triage.propose([group], by=CLOCK, now=now)
    group.save()
    events.emit("signal.received", now=now, source_id=row.source_id, received_id=None, group_ids=[group.pk])


def _heard_again(row: Watch, *, by: Actor, now: datetime) -> None:
    group = Group.objects.filter(source=row.source_id, key=_key(row.pk)).first()
    if group is None or group.state != "firing":
        return
    group.state, group.resolved_at, group.last_at = "resolved", now, now
    group.events += 1
    Signal.objects.create(
        group=group, at=now, known_at=now, status="resolved", title=group.title, fingerprint=_key(row.pk)
    )
    triage.resolved(group, by=by, now=now)
    group.save()
