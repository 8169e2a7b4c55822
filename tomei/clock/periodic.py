"""Periodic work: each name is a kind of job; when its time comes one job is scheduled, under one key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tomei.clock import actions, rules
from tomei.clock.models import Periodic


def plan(table: Mapping[str, str], zone: str, now: datetime) -> datetime | None:
    """Every name has its next run; a changed expression or zone is planned anew. Returns the earliest."""
    rows = {row.name: row for row in Periodic.objects.filter(name__in=table)}
    with transaction.atomic():
        for name, cron in table.items():
            row = rows.get(name)
            if row is None or (row.cron, row.zone) != (cron, zone):
                planned = {"cron": cron, "zone": zone, "next_at": rules.next_run(cron, zone, now)}
                rows[name] = Periodic.objects.update_or_create(name=name, defaults=planned)[0]
    return min((row.next_at for row in rows.values()), default=None)


def fire(table: Mapping[str, str], now: datetime) -> None:
    """Schedule what is due, once however often it was missed and however many engines look."""
    for row in Periodic.objects.filter(name__in=table, next_at__lte=now):
        with transaction.atomic():
            following = rules.next_run(row.cron, row.zone, now)
            same = Periodic.objects.filter(pk=row.pk, next_at=row.next_at)
            if same.update(next_at=following, ran_at=now):
                actions.schedule_unless_running(row.name, due_at=row.next_at, key=f"periodic:{row.name}", now=now)
