"""What the clock minds: alerts and pings that must come, probes that got lost, groups that flap. And who binds a watch.

Every row is looked at and not the jobs: the job at a due time and the one of every minute do the same, so that a job
that met a row in other hands costs a minute and not the alarm.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from tomei.accounts import audit
from tomei.clock import actions as clock
from tomei.clock.handlers import JobFacts
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.signals.actions import beating, flapping, probing, watching
from tomei.signals.actions.bundles import MIND
from tomei.signals.actions.digesting import tell
from tomei.signals.models import Group, Watch

LEAST_S, MOST_S = 30, 7 * 86400


def run_watches(jobs: Sequence[JobFacts], now: datetime) -> None:
    """For the clock: who is past due is silent, and its silence is a critical group of our own."""
    tell([*watching.silent(now=now), *beating.silent(now=now)], now=now)
    flapping.calm(now=now)
    probing.revive(now=now)


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
    clock.schedule(MIND, due_at=due_at, key=watching.key_of(row.pk), rank=1, now=now)
    audit.record("watch.bound", by=by, now=now, watch_id=row.pk, group_id=group_id, every_s=every_s)
    return row.pk


@transaction.atomic
def loosen_watch(watch_id: int, *, by: Actor, now: datetime) -> None:
    """Not watched any more; a silence that is being shown ends with it."""
    by.require("house.configure")
    row = Watch.objects.select_related("source").filter(pk=watch_id).first()
    if row is None:
        raise Missing(f"watch {watch_id}")
    clock.cancel(watching.key_of(watch_id))
    if row.is_late:
        tell([watching.said(row, "resolved", by)], now=now)
    row.delete()
    audit.record("watch.loosened", by=by, now=now, watch_id=watch_id)
