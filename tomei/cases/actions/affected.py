"""Who is affected: cases are added, stand alone, are linked; which components are hurt, and how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.cases import timeline
from tomei.cases.actions import cases as case_actions
from tomei.cases.actions import impacts as impact_actions
from tomei.cases.actions import owing, rows, severity, stakes
from tomei.cases.actions.declare import case_data
from tomei.cases.declared import queries as declared
from tomei.cases.facts import CaseFacts, IncidentFacts
from tomei.cases.models import Case, Incident, IncidentComponent
from tomei.cases.queries import about_cases as case_queries
from tomei.cases.queries import about_incidents as incident_queries
from tomei.cases.rules import impacts
from tomei.cases.rules import owed as owed_rules
from tomei.cases.rules import severity as severity_rules
from tomei.cases.rules import words as word_rules
from tomei.customers import queries as customers
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity
from tomei.promises import actions as promises

_ACCEPTS_CASES = ("investigating", "identified", "mitigating", "monitoring", "restored")


@transaction.atomic
def add_case(
    incident_id: int | None,
    organisation_id: int,
    *,
    severity: Severity | str = "",
    words: str = "",
    stop: str = "",
    deadline_at: datetime | None = None,
    reported: bool = False,
    by: Actor,
    now: datetime,
) -> CaseFacts:
    """A customer's part in the incident, or a case that stands alone when `incident_id` is None.

    `reported` means the customer came to us: an acknowledgement is promised. The incident's severity rises to the
    case's. Refuses unknown organisations, a second case of the same customer, and incidents that are over.
    """
    by.require("incident.work")
    row = rows.subject(incident_id, by) if incident_id is not None else None
    level = severity_rules.read(str(severity)) if severity else Severity(row.severity if row else "SEV3")
    case = _case(row, organisation_id, level, by, now)
    case.words = word_rules.body(words, field="words", limit=4000)
    case.stop = word_rules.line(stop, field="stop", limit=500)
    case.save(force_insert=True)
    _write_opened(case, row, by, now)
    stakes.described(case, row, deadline_at, by=by, now=now)
    _owe(case, row, reported=reported or row is None, by=by, now=now)
    if row is not None:
        _follow(row, case, by, now)
    case_actions.emit("case.opened", case, row, now)
    return case_queries.facts_of(case)


def alone(
    organisation_id: int,
    level: Severity,
    *,
    words: str,
    stop: str,
    deadline_at: datetime | None,
    product_id: int | None,
    by: Actor,
    now: datetime,
) -> Case:
    """A case that stands alone, in the transaction of a caller who asked for the right and makes the promises."""
    case = _case(None, organisation_id, level, by, now, product_id)
    case.words = word_rules.body(words, field="words", limit=4000, needed=True)
    case.stop = word_rules.line(stop, field="stop", limit=500, needed=True)
    case.save(force_insert=True)
    _write_opened(case, None, by, now)
    stakes.described(case, None, deadline_at, by=by, now=now)
    case_actions.emit("case.opened", case, None, now)
    return case


def _case(
    row: Incident | None, organisation_id: int, level: Severity, by: Actor, now: datetime, product_id: int | None = None
) -> Case:
    found = customers.organisations([organisation_id]).get(organisation_id)
    if found is None or found.kind == "ours" or found.is_archived:
        raise Refused("incident.unknown_organisation")
    if row is not None:
        _may_hang(row, organisation_id)
    policy = customers.policy_for(organisation_id, row.product_id if row else product_id)
    return Case(
        number=rows.next_numbers("case", 1)[0], incident=row, organisation_id=organisation_id, severity=str(level),
        rank=level.rank, policy_version_id=policy.version_id, opened_at=now, opened_by_kind=by.kind,
        opened_by_id=by.user_id or by.id,
    )  # fmt: skip


def _may_hang(row: Incident, organisation_id: int) -> None:
    if row.state not in _ACCEPTS_CASES:
        raise Refused("case.incident_over", key=f"INC-{row.number}", state=row.state)
    if Case.objects.filter(incident=row, organisation=organisation_id).exclude(state="withdrawn").exists():
        raise Refused("case.there_already")


def _write_opened(case: Case, row: Incident | None, by: Actor, now: datetime) -> None:
    own = {"incident_id": row.pk, "incident": row.number} if row else {}
    said = "\n".join(part for part in (case.stop, case.words) if part)
    rows.write_case(case, row, "case.opened", by=by, now=now, body=said, own=own, cases=[case_data(case)],
                    severity_of_case=case.severity)  # fmt: skip


def _owe(case: Case, row: Incident | None, *, reported: bool, by: Actor, now: datetime) -> None:
    policy = customers.policy_version(case.policy_version_id)
    if row is not None:
        if reported:
            one = owed_rules.acknowledgement(owing.ground(row, policy, now), case.organisation_id)
            owing.make(row, [one], held=incident_queries.holders(row.pk), by=by, now=now)
        owing.word_owed(row, [case.organisation_id], by=by, now=now)
        return
    due = policy.due(case.severity, policy.terms.of(case.severity).acknowledge_s, now)
    account = customers.organisation(case.organisation_id).account_owner_id
    promises.make("acknowledgement", case_id=case.pk, owed_by=customers.ours().id, owed_to=case.organisation_id,
                  owner_id=by.user_id or account, rank=case.rank, due_at=due, by=by, now=now)  # fmt: skip


def _follow(row: Incident, case: Case, by: Actor, now: datetime) -> None:
    """The incident weighs at least as much as the case, and its pinned policy stays: changing it is a person's act."""
    severity.raise_to_cases(row, case=case, by=by, now=now)


@transaction.atomic
def link_case(case_id: int, incident_id: int, *, by: Actor, now: datetime) -> CaseFacts:
    """A case that stood alone hangs on this incident from now on. Both chains say so and nothing moves.

    Refuses a case that hangs elsewhere (`case.linked_already`), an incident that is over, a second case.
    """
    by.require("incident.work")
    row = rows.subject(incident_id, by)
    case, hangs_on = rows.case_subject(case_id, by)
    if hangs_on is not None:
        raise Refused("case.linked_already", key=f"INC-{hangs_on.number}")
    _may_hang(row, case.organisation_id)
    _hang(case, row, "case.linked", by=by, now=now)
    _noticed(case, row, by, now)
    if case.state in case_queries.OPEN:
        owing.word_owed(row, [case.organisation_id], by=by, now=now)
        severity.raise_to_cases(row, case=case, by=by, now=now)
    return case_queries.facts_of(case)


def _noticed(case: Case, row: Incident, by: Actor, now: datetime) -> None:
    """The customer told us before anybody here saw it: they noticed first, and detected it then."""
    if declared.of_case(case.pk) is None or (row.detected_at is not None and row.detected_at <= case.opened_at):
        return
    was = {"detected_by": row.detected_by, "stamps": {"detected": row.detected_at}}
    began_at = min(row.began_at, case.opened_at) if row.began_at else None
    row.detected_at, row.detected_by, row.began_at = case.opened_at, "customer", began_at
    changed = {"detected_at": row.detected_at, "detected_by": row.detected_by, "began_at": began_at}
    Incident.objects.filter(pk=row.pk).update(**changed)
    stamps = {"detected": case.opened_at, **({"began": began_at} if began_at else {})}
    rows.write(row, "stamped", by=by, now=now, stamps=stamps, detected_by="customer", was=was)


def _hang(case: Case, row: Incident, code: str, *, by: Actor, now: datetime, **data: Any) -> None:
    Case.objects.filter(pk=case.pk).update(incident=row)
    case.incident = row
    rows.write_case(case, row, code, by=by, now=now, own={"incident_id": row.pk, "incident": row.number},
                    cases=[case_data(case)], **data)  # fmt: skip
    stakes.moved(case, row, by=by, now=now)
    case_actions.emit("case.linked", case, row, now)


@transaction.atomic
def edit_affected(
    incident_id: int,
    *,
    organisation_ids: Iterable[int] | None = None,
    components: Mapping[int, str] | None = None,
    by: Actor,
    now: datetime,
) -> IncidentFacts:
    """Exactly these customers and components are affected; None leaves that part as it is.

    Customers who are no longer named are withdrawn, unless they were told already (`case.told_already`): then the
    case is closed with them. `components` maps ids to degraded, partial, major or maintenance.
    """
    by.require("incident.work")
    row = rows.subject(incident_id, by)
    if components is not None:
        _edit_components(row, components, by, now)
    if organisation_ids is not None:
        _edit_organisations(row, set(organisation_ids), by, now)
    row.refresh_from_db()
    return incident_queries.facts_of(row)


def _edit_organisations(row: Incident, wanted: set[int], by: Actor, now: datetime) -> None:
    cases = {case.organisation_id: case for case in Case.objects.filter(incident=row).exclude(state="withdrawn")}
    told = [case for pk, case in cases.items() if pk not in wanted and case.first_word_at is not None]
    if told:
        raise Refused("case.told_already", key=", ".join(f"CASE-{case.number}" for case in told))
    for pk in sorted(set(cases) - wanted):
        case_actions.withdraw_case(cases[pk].pk, reason="not affected", by=by, now=now)
    for pk in sorted(wanted - set(cases)):
        add_case(row.pk, pk, by=by, now=now)


def _edit_components(row: Incident, wanted: Mapping[int, str], by: Actor, now: datetime) -> None:
    if any(impact not in impacts.IMPACTS for impact in wanted.values()):
        raise Refused("incident.unknown_impact")
    if len(customers.components(wanted)) < len(wanted):
        raise Refused("incident.unknown_component")
    hurt = dict(IncidentComponent.objects.filter(incident=row, until_at=None).values_list("component_id", "impact"))
    if hurt == dict(wanted):
        return
    ended = [pk for pk, impact in hurt.items() if wanted.get(pk) != impact]
    IncidentComponent.objects.filter(incident=row, until_at=None, component__in=ended).update(until_at=now)
    first = row.began_at or row.detected_at or row.declared_at
    IncidentComponent.objects.bulk_create(
        [
            IncidentComponent(incident=row, component_id=pk, impact=impact, since_at=now if pk in hurt else first)
            for pk, impact in wanted.items()
            if hurt.get(pk) != impact
        ]
    )
    listed = [{"id": pk, "impact": impact} for pk, impact in sorted(wanted.items())]
    rows.write(row, "components.edited", by=by, now=now, components=listed)
    impact_actions.changed(row, now)


def relink(cases: Iterable[Case], source: Incident, target: Incident, *, by: Actor, now: datetime) -> list[int]:
    """Cases of a duplicate hang on the original; a customer with one there already keeps that, and this is withdrawn.

    All three chains say so. Returns the organisations that came along.
    """
    there = set(
        Case.objects.filter(incident=target).exclude(state="withdrawn").values_list("organisation_id", flat=True)
    )
    came: list[int] = []
    for case in cases:
        if case.organisation_id in there:
            _not_needed(case, source, target, by, now)
            continue
        timeline.add(source.pk, "case.moved", by=by, at=now, case=case.number, case_id_moved=case.pk, to=target.number,
                     cases=[{"id": case.pk, "state": "moved"}])  # fmt: skip
        _hang(case, target, "case.linked", by=by, now=now, moved_from=source.number)
        severity.raise_to_cases(target, case=case, by=by, now=now)
        came.append(case.organisation_id)
    return came


def _not_needed(case: Case, source: Incident, target: Incident, by: Actor, now: datetime) -> None:
    """Their case at the original goes on; this one is not needed, whether they were told or not."""
    rows.replace_case(case, seen=None, state="withdrawn")
    rows.write_case(case, source, "case.withdrawn", by=by, now=now, was={"state": "open"}, original=target.number,
                    cases=[{"id": case.pk, "state": "withdrawn"}])  # fmt: skip
    stakes.withdrawn(case, source, reason=f"INC-{target.number}", by=by, now=now)
