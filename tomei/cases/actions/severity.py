"""Severity: up at once, down with a reason, never below the worst of the open cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.cases.actions import owing, rows
from tomei.cases.facts import IncidentFacts
from tomei.cases.models import WORKING, Case, Incident
from tomei.cases.queries import about_cases as case_queries
from tomei.cases.queries import about_incidents as incident_queries
from tomei.cases.rules import severity as rules
from tomei.cases.rules import words as word_rules
from tomei.customers import queries as customers
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.severity import Severity
from tomei.promises import queries as promises


@transaction.atomic
def set_severity(
    incident_id: int, severity: Severity | str, *, seen: int | None = None, reason: str = "", by: Actor, now: datetime
) -> IncidentFacts:
    """The incident has this severity; risen, what is owed from now on falls due sooner. Told times stand.

    Refuses `incident.lowered_without_reason`, `incident.below_case`, `incident.same_severity`; `Stale` for a lost race.
    """
    by.require("incident.severity")
    row = rows.subject(incident_id, by)
    wanted = rules.read(str(severity))
    reason = word_rules.body(reason, field="reason", limit=2000)
    if seen is not None and seen != row.severity_v:
        raise rows.stale(row, "severity")
    level = rules.change(Severity(row.severity), wanted, reason=reason, cases=open_severities(row))
    _write(row, level, seen=seen, body=reason, by=by, now=now)
    row.refresh_from_db(fields=["next_due_at", "overdue"])
    return incident_queries.facts_of(row)


def open_severities(row: Incident) -> list[Severity]:
    levels = Case.objects.filter(incident=row, state__in=case_queries.OPEN).values_list("severity", flat=True)
    return [Severity(level) for level in levels]


def raise_to_cases(row: Incident, *, case: Case, by: Actor, now: datetime) -> None:
    """A case weighs more than its incident: the incident follows, whoever may or may not change severity by hand."""
    level = rules.at_least(Severity(row.severity), [Severity(case.severity)])
    if level.is_worse_than(Severity(row.severity)):
        _write(row, level, seen=None, body="", by=by, now=now, case_id=case.pk)


def _write(
    row: Incident, level: Severity, *, seen: int | None, body: str, by: Actor, now: datetime, **data: Any
) -> None:
    old = Severity(row.severity)
    rows.replace(row, "severity", seen=seen, now=now, severity=str(level), rank=level.rank)
    made: list[int] = []
    due = {str(one.id): one.due_at for one in promises.open_of(row.pk)}
    if level.is_worse_than(old) and row.state in WORKING:
        made = owing.raised(row, customers.policy_version(row.policy_version_id), by=by, now=now)
    was = {"severity": str(old), "made": made, "due": due}  # enough to take it back within ten seconds
    code = "severity.raised" if level.is_worse_than(old) else "severity.lowered"
    rows.write(row, code, by=by, now=now, body=body, severity=str(level), was=was, **data)
    events.emit("incident.severity_changed", now=now, incident_id=row.pk, number=row.number, old=str(old),
                new=str(level), rank=level.rank, drill=row.drill, restricted=row.restricted)  # fmt: skip
