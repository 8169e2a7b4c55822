"""Own probes: the clock's outside half asks, its other half writes what came of it and tells what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from tomei.clock import actions as clock
from tomei.clock.handlers import JobFacts
from tomei.delivery import net
from tomei.kernel import events, time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text
from tomei.signals.actions.bundles import Arrival
from tomei.signals.actions.digesting import tell
from tomei.signals.models import Probe, ProbeHour, ProbeResult
from tomei.signals.rules import Event, probing
from tomei.signals.rules.probing import PROBE, Found, Setting, Standing

JOB = "signals.probe"
TIMEOUT_S = 60.0  # each look ends after its own time; a resolver may take longer
PLACES = 6
LOST = timedelta(minutes=3)
WEEK = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look came to, of the setting with this version."""

    found: Found
    ms: int
    version: int


def key_of(probe_id: int) -> str:
    return f"probe:{probe_id}"


def setting_of(row: Probe) -> Setting:
    return Setting(*(getattr(row, name) for name in probing.ROW), **row.options)


def look(job: JobFacts) -> Looked | None:
    """For the clock, outside of any transaction: ask once. Nothing where the probe is gone, or paused and not asked."""
    row = Probe.objects.filter(pk=job.payload["probe_id"]).first()
    if row is None or (row.paused_at is not None and not job.payload.get("asked")):
        return None
    setting = setting_of(row)
    began = time.monotonic()
    try:
        found = _ASK[setting.kind](setting)
    except Refused as error:
        found = Found("not_allowed", str(error.facts.get("address", error.code)))
    except net.Unreachable as error:
        found = Found(error.reason)
    took = time.monotonic() - began
    if took > setting.timeout_s and found.outcome != "not_allowed":
        found = Found("timeout")
    return Looked(found, int(took * 1000), row.version)


def _http(setting: Setting) -> Found:
    answer = net.request(
        setting.method, setting.target, headers={}, seconds=setting.timeout_s, most=probing.MOST_BODY
    )  # fmt: skip
    return probing.of_answer(setting, answer.status, answer.body)


def _tcp(setting: Setting) -> Found:
    host, port = probing.host_port(setting.target)
    net.reach(host, port, seconds=setting.timeout_s)
    return Found("ok")


def _tls(setting: Setting) -> Found:
    host, port = probing.host_port(setting.target, "tls")
    shown = net.certificate(host, port, seconds=setting.timeout_s)
    return probing.of_certificate(setting, shown.ends_at, time.now())


_ASK = {"http": _http, "tcp": _tcp, "tls": _tls}


def settle(job: JobFacts, looked: Looked | None, now: datetime) -> None:
    """Keep the result, tell what it changes, and plan the next look. Of an older setting nothing is believed."""
    row = (
        Probe.objects.select_for_update(of=("self",))
        .select_related("source")
        .filter(pk=job.payload["probe_id"])
        .first()
    )
    if row is None:
        return
    if looked is not None and looked.version == row.version:
        _keep(row, looked, now)
        if row.paused_at is None:
            _count(row, looked.found.is_good, now)
            _step(row, looked.found, now)
        if job.payload.get("asked"):
            events.emit("signal.received", now=now, source_id=row.pk, received_id=None, group_ids=[])
    plan(row, max(job.due_at + timedelta(seconds=row.every_s), now + timedelta(seconds=1)), now=now)
    row.save()


def _step(row: Probe, found: Found, now: datetime) -> None:
    before = Standing(row.state, row.severity, row.bad, row.good)
    after, told = probing.step(before, found, setting_of(row))
    row.state, row.severity, row.bad, row.good = after.state, after.severity, after.bad, after.good
    if told is not None:
        tell([arrival_of(row, told, found, at=now)], now=now)


def _keep(row: Probe, looked: Looked, now: datetime) -> None:
    found = looked.found
    row.last_at, row.outcome = now, found.outcome
    ProbeResult.objects.create(
        probe=row, at=now, is_good=found.is_good, outcome=found.outcome, detail=found.detail[:200], ms=looked.ms
    )
    old = ProbeResult.objects.filter(probe=row).order_by("-pk").values_list("pk", flat=True)[probing.KEPT :]
    ProbeResult.objects.filter(pk__in=list(old)).delete()


def _count(row: Probe, is_good: bool, now: datetime) -> None:
    hour = now.replace(minute=0, second=0, microsecond=0)
    mine = ProbeHour.objects.filter(probe=row, hour=hour)
    if not mine.update(total=F("total") + 1, good=F("good") + int(is_good)):
        ProbeHour.objects.create(probe=row, hour=hour, total=1, good=int(is_good))
        ProbeHour.objects.filter(probe=row, hour__lt=now - WEEK).delete()


def arrival_of(row: Probe, status: str, found: Found, by: Actor | None = None, at: datetime | None = None) -> Arrival:
    """The probe as an alert of our own. Without a moment it is a person's act, which counts at any rate."""
    name, said = Text.of(row.name), probing.OUTCOMES[found.outcome]
    detail = f" ({found.detail})" if found.detail else ""
    event = Event(
        status, PROBE, PROBE, probing.TITLE.en.format(name=name.said_in("en")), found.severity, at=at,
        text=f"{said.en}{detail} / {said.ja}{detail}", title_ja=probing.TITLE.ja.format(name=name.said_in("ja")),
        url=row.target if row.kind == "http" else "",
        labels={"probe": name.said_in("en"), "kind": row.kind, "target": row.target},
    )  # fmt: skip
    source = row.source
    return Arrival(None, source, by or Actor("source", source.pk, source.name), {PROBE: [event]})


def plan(row: Probe, at: datetime, *, now: datetime, asked: bool = False) -> None:
    """The next look of a probe whose row is in hand; none while it is paused, but for one that was asked for."""
    row.next_at = at if row.paused_at is None else None
    if row.paused_at is None or asked:
        payload: dict[str, Any] = {"probe_id": row.pk, **({"asked": True} if asked else {})}
        clock.schedule(JOB, due_at=at, key=key_of(row.pk), rank=6, payload=payload, now=now)


def revive(*, now: datetime) -> None:
    """For the clock: a look that was lost (its job is dead, or gone) is planned anew."""
    for row in Probe.objects.filter(next_at__lte=now - LOST, paused_at=None):
        Probe.objects.filter(pk=row.pk, next_at=row.next_at).update(next_at=now)
        plan(row, now, now=now)


def standing_over(row: Probe) -> Probe:
    """As if it had never looked: after a pause, or under a new setting."""
    fresh = Standing()
    row.state, row.severity, row.bad, row.good = fresh.state, fresh.severity, fresh.bad, fresh.good
    return row
