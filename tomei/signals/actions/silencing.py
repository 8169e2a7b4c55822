"""Silences: what they match is received, grouped and shown, and calls nobody until they end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tomei.accounts import audit
from tomei.clock import actions as clock
from tomei.customers.rules import words
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused, Stale
from tomei.signals import silences
from tomei.signals.actions.bundles import LOOK
from tomei.signals.models import Group, Silence
from tomei.signals.rules import silencing


@transaction.atomic
def add_silence(matchers: str, until: datetime, reason: str, *, by: Actor, now: datetime) -> int:
    """From now until `until`, at most 30 days, what every matcher holds for is put to nobody.

    What was proposed before stays so. When it ends, whatever still fires is put to a person then.
    """
    by.require("signal.triage")
    read = silencing.parse(matchers)
    clean = words.line(reason, "reason", limit=300)
    if not clean:
        raise Refused("silence.no_reason", field="reason")
    row = Silence.objects.create(
        matchers=[[one.name, one.is_equal, one.value] for one in read], until=silencing.checked_until(until, now),
        reason=clean, created_at=now, created_by_id=by.user_id, created_by=by.name,
    )  # fmt: skip
    clock.schedule(LOOK, due_at=until, key=f"silence:{row.pk}", payload={"source_id": None}, now=now)
    audit.record("silence.added", by=by, now=now, silence_id=row.pk, matchers=[str(one) for one in read], reason=clean)
    events.emit("signal.received", now=now, source_id=None, received_id=None, group_ids=[])
    return row.pk


@transaction.atomic
def end_silence(silence_id: int, *, by: Actor, now: datetime) -> None:
    """It ends now; what still fires is put to a person. Refuses `silence.over` when it has ended."""
    by.require("signal.triage")
    row = Silence.objects.filter(pk=silence_id).first()
    if row is None:
        raise Missing(f"silence {silence_id}")
    open_still = Silence.objects.filter(pk=silence_id, ended_at=None, until__gt=now)
    if not open_still.update(ended_at=now, ended_by_id=by.user_id, ended_by=by.name):
        raise Stale("silence.over", who=row.ended_by or "–")
    clock.schedule(LOOK, due_at=now, key=f"silence:{silence_id}", payload={"source_id": None}, now=now)
    audit.record("silence.ended", by=by, now=now, silence_id=silence_id)
    events.emit("signal.received", now=now, source_id=None, received_id=None, group_ids=[])


def loud(groups: Sequence[Group], now: datetime) -> list[Group]:
    """Those that no silence holds back."""
    held = silences.held([(g.pk, g.source.name, g.component_id, g.labels) for g in groups], now)
    return [group for group in groups if group.pk not in held]
