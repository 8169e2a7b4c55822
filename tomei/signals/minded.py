"""What is asked of heartbeats and probes: how they stand, and what came last."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, Sum

from tomei.accounts import vault
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing
from tomei.kernel.text import Text
from tomei.signals.facts import HeartbeatFacts, PingFacts, ProbeFacts, ResultFacts
from tomei.signals.models import Heartbeat, Probe, ProbeHour, ProbeResult, Received
from tomei.signals.rules import probing
from tomei.signals.rules.beating import HEARTBEAT, is_good

MOST = 500
TEXT = 500  # of what a ping said


def heartbeats(now: datetime) -> list[HeartbeatFacts]:
    """All of them: those that are down lead."""
    rows = Heartbeat.objects.select_related("source").order_by("pk")[:MOST]
    return sorted((_heartbeat(row, now) for row in rows), key=lambda one: one.stands != "down")


def heartbeat(heartbeat_id: int, now: datetime, by: Actor | None = None) -> HeartbeatFacts:
    """`Missing` when there is none; with its address when `by` may configure the house."""
    row = Heartbeat.objects.select_related("source").filter(pk=heartbeat_id).first()
    if row is None:
        raise Missing(f"heartbeat {heartbeat_id}")
    return _heartbeat(row, now, shown=by is not None and by.may("house.configure"))


def _heartbeat(row: Heartbeat, now: datetime, *, shown: bool = False) -> HeartbeatFacts:
    return HeartbeatFacts(
        row.pk, Text.of(row.name), row.source.component_id, row.period_s, row.cron, row.zone, row.grace_s,
        _stands(row, now), row.reason, row.last_at, row.started_at, row.expected_at, row.due_at, row.paused_at,
        row.paused_by, row.version,
        f"{settings.TOMEI_URL}/in/{HEARTBEAT}/{vault.open(row.source.key_secret)}" if shown else "",
    )  # fmt: skip


def _stands(row: Heartbeat, now: datetime) -> str:
    if row.paused_at is not None:
        return "paused"
    if row.state != "up":
        return row.state
    if row.started_at is not None:
        return "running"
    return "late" if row.expected_at is not None and row.expected_at < now else "up"


def pings(heartbeat_id: int, *, before: int | None = None, limit: int = 50) -> list[PingFacts]:
    """What came to its address, newest first."""
    rows = Received.objects.filter(source=heartbeat_id, verdict__in=("understood", "repeated")).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [PingFacts(row.pk, row.at, row.word, _text(row), is_good(row.word)) for row in rows[:limit]]


def _text(row: Received) -> str:
    if not row.body:
        return ""
    body = zlib.decompressobj().decompress(bytes(row.body), TEXT * 4)
    return body.decode("utf-8", "replace").replace("\x00", "")[:TEXT]


def probes() -> list[ProbeFacts]:
    """All of them: those that are down lead."""
    rows = Probe.objects.select_related("source").order_by("pk")[:MOST]
    return sorted((_probe(row) for row in rows), key=lambda one: one.stands != "down")


def probe(probe_id: int, now: datetime) -> ProbeFacts:
    """With its shares of a day and a week; `Missing` when there is none."""
    row = Probe.objects.select_related("source").filter(pk=probe_id).first()
    if row is None:
        raise Missing(f"probe {probe_id}")
    day, week = now - timedelta(days=1), now - timedelta(days=7)
    last_day = Q(hour__gt=day)
    told = ProbeHour.objects.filter(probe=row, hour__gt=week).aggregate(
        week_good=Sum("good"),
        week=Sum("total"),
        day_good=Sum("good", filter=last_day),
        day=Sum("total", filter=last_day),
    )
    return _probe(row, day=_share(told["day_good"], told["day"]), week=_share(told["week_good"], told["week"]))


def _share(good: int | None, total: int | None) -> float | None:
    return (good or 0) / total if total else None


def _probe(row: Probe, **shares: Any) -> ProbeFacts:
    setting = probing.Setting(*(getattr(row, name) for name in probing.ROW), **row.options)
    stands = "paused" if row.paused_at is not None else "failing" if row.state != "down" and row.bad else row.state
    return ProbeFacts(
        row.pk, Text.of(row.name), row.source.component_id, setting, stands, row.severity, row.outcome, row.last_at,
        row.next_at, row.paused_at, row.paused_by, row.version, **shares,
    )  # fmt: skip


def results(probe_id: int, limit: int = probing.KEPT) -> list[ResultFacts]:
    """The newest looks, newest first."""
    rows = ProbeResult.objects.filter(probe=probe_id).order_by("-pk")[:limit]
    return [ResultFacts(row.pk, row.at, row.is_good, row.outcome, row.detail, row.ms) for row in rows]


def down() -> tuple[list[tuple[str, Text]], list[tuple[str, Text]]]:
    """Heartbeats and probes that are down, each as the address of its page and its name."""
    beats = Heartbeat.objects.filter(state="down", paused_at=None).order_by("pk").values_list("pk", "name")[:20]
    looks = Probe.objects.filter(state="down", paused_at=None).order_by("pk").values_list("pk", "name")[:20]
    return (
        [(f"/signals/heartbeats/{pk}/", Text.of(name)) for pk, name in beats],
        [(f"/signals/probes/{pk}/", Text.of(name)) for pk, name in looks],
    )
