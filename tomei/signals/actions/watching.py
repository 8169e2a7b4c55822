"""Watches: an alert that must keep coming (Prometheus calls it Watchdog). When it stays away, that is the alarm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from tomei.clock import actions as clock
from tomei.clock import queries as ticking
from tomei.kernel.actor import CLOCK, Actor
from tomei.signals.actions.bundles import MIND, Arrival
from tomei.signals.models import Group, Watch
from tomei.signals.rules import CRITICAL, Event

SILENT = gettext_noop("Watchdog silent: %(name)s")


def key_of(watch_id: int) -> str:
    return f"watch:{watch_id}"


def beat(heard: Sequence[tuple[Group, Actor]], *, now: datetime) -> list[Arrival]:
    """Groups that fired just now, and who said so: whoever watches one of them is answered until the next time.

    Returns what is to be told: which silences are over.
    """
    if not heard:
        return []
    by_place = {(group.source_id, group.key): (group, by) for group, by in heard}
    sources = {group.source_id for group, _by in heard}
    back = []
    for row in Watch.objects.filter(source__in=sources):
        if (row.source_id, row.group_key) not in by_place:
            continue
        group, by = by_place[row.source_id, row.group_key]
        was_late = row.is_late
        row.last_at, row.due_at, row.is_late = now, now + timedelta(seconds=row.every_s), False
        row.save(update_fields=["last_at", "due_at", "is_late"])
        clock.schedule(MIND, due_at=row.due_at, key=key_of(row.pk), rank=1, now=now)
        if was_late:
            row.source = group.source
            back.append(said(row, "resolved", by))
    return back


def said(row: Watch, status: str, by: Actor) -> Arrival:
    """The watch as an alert of our own, in a group of its own."""
    key, name = key_of(row.pk), SILENT % {"name": row.name}
    return Arrival(
        None, row.source, by, {key: [Event(status, key, key, name, CRITICAL)]}, component_id=row.component_id
    )


def silent(*, now: datetime) -> list[Arrival]:
    """For the clock: who is past due is silent, once; while Tomei stood still nobody could be heard."""
    awake = ticking.awake_since(now)
    found = []
    for row in Watch.objects.select_related("source").filter(is_late=False, due_at__lte=now).order_by("pk"):
        spared = awake + timedelta(seconds=row.every_s) if awake else now
        if spared > now:
            Watch.objects.filter(pk=row.pk, due_at=row.due_at).update(due_at=spared)
            clock.schedule(MIND, due_at=spared, key=key_of(row.pk), rank=1, now=now)
        elif Watch.objects.filter(pk=row.pk, is_late=False).update(is_late=True):
            found.append(said(row, "firing", CLOCK))
    return found
