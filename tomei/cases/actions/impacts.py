"""How much each component is hurt, from when until when: set by a change, corrected by a new version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.cases.actions import rows
from tomei.cases.facts import ImpactFacts
from tomei.cases.models import WORKING, Incident, IncidentComponent
from tomei.cases.queries import about_incidents as incident_queries
from tomei.cases.rules import impacts as rules
from tomei.cases.rules import words as word_rules
from tomei.cases.rules.impacts import Change, Ground, Interval, Step
from tomei.customers import queries as customers
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused


@transaction.atomic
def set_impacts(
    incident_id: int, changes: Sequence[Change], *, ending: bool = False, by: Actor, now: datetime
) -> list[ImpactFacts]:
    """Each change closes the interval that runs and opens the next; one entry tells all of them.

    `ending`: what is told with it ends the incident, so that no harm is left open; reopening brings back what ran
    before. Changes that say what stands write nothing. Refuses as `rules.impacts` does, a component named twice, not in
    the catalogue, of another product unless it is part of the incident, and incidents declared in error.
    """
    row = rows.subject(incident_id, by)
    if not changes:
        return incident_queries.components_of(row.pk)
    by.require("incident.work")
    _check(row, changes)
    ground, standing = _ground(row, now, ending=ending), _standing(row)
    planned = [rules.decide(one, standing.get(one.component_id, ()), ground) for one in changes]
    steps = [step for step in planned if step is not None]
    if steps:
        told = [_take(row, step, now) for step in steps]
        more: dict[str, Any] = {"ending": True} if ending else {}
        rows.write(row, "impact.set", by=by, now=now, changes=told, components=_running(row), **more)
        changed(row, now)
    return incident_queries.components_of(row.pk)


def _check(row: Incident, changes: Sequence[Change]) -> None:
    if row.state == "dismissed":
        raise Refused("impact.dismissed")
    if len(changes) > rules.MOST:
        raise Refused("field.too_many", count=len(changes), limit=rules.MOST)
    wanted = {one.component_id for one in changes}
    if len(wanted) < len(changes):
        raise Refused("impact.twice")
    known = customers.components(wanted)
    if len(known) < len(wanted):
        raise Refused("incident.unknown_component")
    there = set(IncidentComponent.versions.filter(incident=row).values_list("component_id", flat=True))
    strange = [one for pk, one in known.items() if pk not in there and row.product_id not in (None, one.product_id)]
    if strange:
        raise Refused("impact.not_of_product", name=strange[0].name.ja or strange[0].name.en)


def _ground(row: Incident, now: datetime, *, ending: bool = False) -> Ground:
    began = row.began_at or row.detected_at or row.declared_at
    return Ground(began, now, over=ending or row.state not in WORKING)


def _standing(row: Incident) -> Mapping[int, list[Interval]]:
    found: dict[int, list[Interval]] = {}
    for one in IncidentComponent.objects.filter(incident=row).order_by("since_at", "id"):
        found.setdefault(one.component_id, []).append(_interval(one))
    return found


def _interval(one: IncidentComponent) -> Interval:
    return Interval(one.pk, one.component_id, one.impact, one.since_at, one.until_at)


def _take(row: Incident, step: Step, now: datetime) -> dict[str, Any]:
    """Write one step; returns what the entry says of it."""
    made = _open(row, step.opens) if step.opens is not None else None
    if step.closes is not None:
        IncidentComponent.objects.filter(pk=step.closes).update(until_at=step.closes_at)
    if step.replaces is not None:
        IncidentComponent.objects.filter(pk=step.replaces).update(void_at=now, replaced_by=made)
    if made is None:
        return {"id": step.component_id, "impact": rules.NONE, "since_at": step.closes_at, "interval_id": step.closes}
    return _said(made)


def _open(row: Incident, one: Interval) -> IncidentComponent:
    return IncidentComponent.objects.create(
        incident=row, component_id=one.component_id, impact=one.impact, since_at=one.since_at, until_at=one.until_at
    )


def _said(one: IncidentComponent) -> dict[str, Any]:
    return {
        "id": one.component_id, "impact": one.impact, "since_at": one.since_at, "until_at": one.until_at,
        "interval_id": one.pk,
    }  # fmt: skip


def _running(row: Incident) -> list[dict[str, Any]]:
    """What the fold keeps: each component that is hurt now."""
    hurt = IncidentComponent.objects.filter(incident=row, until_at=None).order_by("component_id", "id")
    return [{"id": pk, "impact": impact} for pk, impact in hurt.values_list("component_id", "impact")]


@transaction.atomic
def correct_impact(
    incident_id: int,
    interval_id: int,
    *,
    impact: str,
    since_at: datetime | None = None,
    until_at: datetime | None = None,
    reason: str,
    by: Actor,
    now: datetime,
) -> list[ImpactFacts]:
    """An interval that was wrong gives way to a new version; the old one is kept and marked, never changed.

    `impact` none: it was no harm. Without `since_at` the start stays; without `until_at` the harm lasts. Refuses a
    missing reason, what was corrected before (`impact.corrected_already`), what changes nothing, wrong times.
    """
    by.require("incident.work")
    row = rows.subject(incident_id, by)
    reason = word_rules.line(reason, field="reason", limit=1000, needed=True)
    old = IncidentComponent.versions.filter(pk=interval_id, incident=row).first()
    if old is None:
        raise Missing(f"interval {interval_id}")
    if old.void_at is not None:
        raise Refused("impact.corrected_already")
    others = [one for one in _standing(row).get(old.component_id, ()) if one.id != old.pk]
    new = rules.corrected(_interval(old), impact, since_at, until_at, others, _ground(row, now))
    made = _open(row, new) if new is not None else None
    IncidentComponent.objects.filter(pk=old.pk).update(void_at=now, replaced_by=made)
    told = _said(made) if made is not None else {"id": old.component_id, "impact": rules.NONE}
    rows.write(row, "impact.corrected", by=by, now=now, body=reason, changes=[told], was=_said(old),
               components=_running(row))  # fmt: skip
    changed(row, now)
    return incident_queries.components_of(row.pk)


def changed(row: Incident, now: datetime) -> None:
    events.emit("impact.changed", now=now, incident_id=row.pk, drill=row.drill, restricted=row.restricted)


def last_running(entries: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """What the newest of these entries says is hurt, but for those that told the end; for a reopening."""
    told = next((data for data in entries if not data.get("ending")), {})
    return {part["id"]: part["impact"] for part in told.get("components", ())}
