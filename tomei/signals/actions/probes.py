"""Who sets probes up: each is a source of its own, through whose door nobody comes in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from tomei.accounts import audit
from tomei.clock import actions as clock
from tomei.customers.rules import words
from tomei.delivery import net
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused, Stale
from tomei.kernel.text import Text
from tomei.signals.actions import probing, sources
from tomei.signals.actions.digesting import tell
from tomei.signals.models import Probe, Source
from tomei.signals.rules import probing as rules
from tomei.signals.rules.probing import PROBE, Found, Setting

TEXT = 200  # of what must or must not be in an answer


@transaction.atomic
def add_probe(name: Text, setting: Setting, component_id: int | None = None, *, by: Actor, now: datetime) -> int:
    """A new probe, which looks for the first time at once."""
    by.require("house.configure")
    clean, kept = words.said(name, "name"), _checked(setting)
    source, _key = sources.add_own(PROBE, clean.said_in("en"), component_id, now=now)
    row = Probe(source=source, name=clean.as_json())
    _put(row, kept)
    probing.plan(row, now, now=now)
    row.save(force_insert=True)
    audit.record("probe.added", by=by, now=now, probe_id=source.pk, name=source.name, target=row.target)
    return source.pk


def _checked(given: Setting) -> Setting:
    clean = replace(
        given, target=words.line(given.target, "target", limit=2000, required=True),
        must=words.line(given.must, "must", limit=TEXT), must_not=words.line(given.must_not, "must_not", limit=TEXT),
    )  # fmt: skip
    kept = rules.checked(clean)
    if kept.kind == "http":
        try:
            net.check_url(kept.target)
        except Refused as error:
            raise Refused("probe.url", field="target") from error
    return kept


def _put(row: Probe, kept: Setting) -> None:
    for name in rules.ROW:
        setattr(row, name, getattr(kept, name))
    row.options = {name: getattr(kept, name) for name in rules.OPTIONS}


@transaction.atomic
def edit_probe(
    probe_id: int, *, name: Text, setting: Setting, component_id: int | None, seen: int, by: Actor, now: datetime
) -> None:
    """Its words and what it asks; with another question it begins anew, at once. Stale if changed since `seen`."""
    by.require("house.configure")
    row, clean, kept = _locked(probe_id), words.said(name, "name"), _checked(setting)
    if row.version != seen:
        raise Stale("heartbeat.already")
    is_new = kept != probing.setting_of(row)
    row.name, row.version = clean.as_json(), row.version + 1
    if is_new:
        _over(row, by, now)
        _put(row, kept)
        probing.plan(row, now, now=now)
    row.save()
    sources.edit_own(row.source, clean.said_in("en"), component_id)
    audit.record("probe.edited", by=by, now=now, probe_id=probe_id, name=clean.said_in("en"), target=row.target)


@transaction.atomic
def pause_probe(probe_id: int, *, by: Actor, now: datetime) -> None:
    """It looks no more until it is resumed; what it fires is over."""
    by.require("signal.triage")
    row = _locked(probe_id)
    if row.paused_at is not None:
        raise Stale("heartbeat.already")
    _over(row, by, now)
    row.paused_at, row.paused_by, row.next_at, row.version = now, by.name, None, row.version + 1
    row.save()
    clock.cancel(probing.key_of(probe_id))
    audit.record("probe.paused", by=by, now=now, probe_id=probe_id)


@transaction.atomic
def resume_probe(probe_id: int, *, by: Actor, now: datetime) -> None:
    """It looks again, at once."""
    by.require("signal.triage")
    row = _locked(probe_id)
    if row.paused_at is None:
        raise Stale("heartbeat.already")
    row.paused_at, row.paused_by, row.version = None, "", row.version + 1
    probing.plan(row, now, now=now)
    row.save()
    audit.record("probe.resumed", by=by, now=now, probe_id=probe_id)


@transaction.atomic
def try_probe(probe_id: int, *, by: Actor, now: datetime) -> None:
    """Look once, now; of a paused one the result is kept and changes nothing."""
    by.require("signal.triage")
    row = _locked(probe_id)
    probing.plan(row, now, now=now, asked=True)
    row.save(update_fields=["next_at"])


@transaction.atomic
def delete_probe(probe_id: int, *, by: Actor, now: datetime) -> None:
    """It and its results are gone and what it fires is over; the alerts it raised stay readable."""
    by.require("house.configure")
    row = _locked(probe_id)
    _over(row, by, now)
    clock.cancel(probing.key_of(probe_id))
    Source.objects.filter(pk=probe_id).update(archived_at=now)
    audit.record("probe.deleted", by=by, now=now, probe_id=probe_id, name=row.source.name)
    row.delete()


def _over(row: Probe, by: Actor, now: datetime) -> None:
    """What it fires is over by a person's act, and it stands as if it had never looked."""
    if row.state == "down":
        tell([probing.arrival_of(row, "resolved", Found("ok", severity=row.severity), by)], now=now)
    else:
        events.emit("signal.received", now=now, source_id=row.pk, received_id=None, group_ids=[])
    probing.standing_over(row)


def _locked(probe_id: int) -> Probe:
    rows = Probe.objects.select_for_update(of=("self",)).select_related("source")
    row = rows.filter(pk=probe_id).first()
    if row is None:
        raise Missing(f"probe {probe_id}")
    return row
