"""Heartbeats: what their pings change, and what their silence says. Both are told as alerts of our own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from tomei.clock import actions as clock
from tomei.clock import queries as ticking
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text
from tomei.signals.actions.bundles import MIND, Arrival, Delivery
from tomei.signals.models import Heartbeat
from tomei.signals.rules import CRITICAL, Event, Parsed, beating, shapes
from tomei.signals.rules.beating import HEARTBEAT, Beat, Schedule

FIELDS = ("state", "reason", "last_at", "started_at", "expected_at", "due_at")


def key_of(source_id: int) -> str:
    return f"heartbeat:{source_id}"


def schedule_of(row: Heartbeat) -> Schedule:
    return Schedule(row.period_s, row.cron, row.zone, row.grace_s)


def beat_of(row: Heartbeat) -> Beat:
    return Beat(*(getattr(row, name) for name in FIELDS))


def keep(row: Heartbeat, beat: Beat) -> None:
    """Put what a heartbeat came to into its row; the caller saves it."""
    for name in FIELDS:
        setattr(row, name, getattr(beat, name))


def hear(deliveries: Sequence[Delivery], *, now: datetime) -> Sequence[Delivery]:
    """Pings change their heartbeats, in the order they came; each comes back with what it has to tell, if anything."""
    wanted = {one.source.pk for one in deliveries if one.source.kind == HEARTBEAT and one.parsed is not None}
    if not wanted:
        return deliveries
    locked = Heartbeat.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    rows = {row.pk: row for row in locked}
    found = [_heard(rows[one.source.pk], one) if one.source.pk in rows else one for one in deliveries]
    Heartbeat.objects.bulk_update(rows.values(), FIELDS)
    set_clock(rows.values(), now=now)
    return found


def _heard(row: Heartbeat, ping: Delivery) -> Delivery:
    """A paused heartbeat keeps what it heard, and is neither down nor due."""
    before = beat_of(row)
    after = beating.heard(before, schedule_of(row), ping.word, ping.at)
    if row.paused_at is not None:
        after = replace(after, state="up", reason="", due_at=None)
    keep(row, after)
    if (before.state == "down") == (after.state == "down"):
        return ping
    text = shapes.words(ping.body[: shapes.LONG * 4].decode("utf-8", "replace"), shapes.LONG)
    event = event_of(row, "firing" if after.state == "down" else "resolved", after.reason or before.reason, text)
    return replace(ping, parsed=Parsed((event,)))


def event_of(row: Heartbeat, status: str, reason: str, text: str = "") -> Event:
    """Without a moment: a heartbeat changes in one order only, whatever two machines' clocks say."""
    name, title = Text.of(row.name), beating.TITLES[reason]
    return Event(
        status, HEARTBEAT, HEARTBEAT, title.en.format(name=name.said_in("en")), CRITICAL, text=text,
        title_ja=title.ja.format(name=name.said_in("ja")), labels={"heartbeat": name.said_in("en")},
    )  # fmt: skip


def arrival_of(row: Heartbeat, status: str, reason: str, by: Actor | None = None) -> Arrival:
    source = row.source
    by = by or Actor("source", source.pk, source.name)
    return Arrival(None, source, by, {HEARTBEAT: [event_of(row, status, reason)]})


def set_clock(rows: Iterable[Heartbeat], *, now: datetime) -> None:
    """The clock looks when one of these falls due; not at all at those that have no due moment."""
    given = list(rows)
    due = [clock.Wanted(MIND, row.due_at, key_of(row.pk), 1) for row in given if row.due_at is not None]
    if due:
        clock.schedule_many(due, now=now)
    idle = [key_of(row.pk) for row in given if row.due_at is None]
    if idle:
        clock.cancel_many(idle)


def silent(*, now: datetime) -> list[Arrival]:
    """For the clock: who is past due is down, once.

    One that is being pinged at this moment is left alone: waiting for it while holding its job would be a deadlock.
    """
    awake = ticking.awake_since(now)
    rows = Heartbeat.objects.select_for_update(of=("self",), skip_locked=True).select_related("source")
    found, changed = [], []
    for row in rows.filter(due_at__lte=now, paused_at=None, source__archived_at=None).order_by("pk"):
        spared = beating.spared_until(schedule_of(row), awake)
        if spared is not None and spared > now:
            row.due_at = spared
        else:
            keep(row, beating.silent(beat_of(row)))
            found.append(arrival_of(row, "firing", row.reason))
        changed.append(row)
    if changed:
        Heartbeat.objects.bulk_update(changed, FIELDS)
        set_clock(changed, now=now)
    return found
