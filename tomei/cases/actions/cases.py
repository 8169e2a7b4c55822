"""One customer's part: acknowledged, resumed, closed, handed on, taken back, opened again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.cases.actions import owing, rows, severity, stakes
from tomei.cases.declared import contests
from tomei.cases.facts import CaseFacts
from tomei.cases.models import Case, Incident
from tomei.cases.queries import about_cases as case_queries
from tomei.cases.rules import CaseMove, CaseState, next_case_state
from tomei.cases.rules import severity as severity_rules
from tomei.cases.rules import words as word_rules
from tomei.kernel import events
from tomei.kernel.actor import CLOCK, Actor
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity
from tomei.promises import actions as promises


@transaction.atomic
def acknowledge_case(case_id: int, *, by: Actor, now: datetime) -> CaseFacts:
    """A person of ours has it: the customer's acknowledgement is kept. A second time changes nothing."""
    by.require("incident.work")
    case, incident = rows.case_subject(case_id, by)
    if case.acknowledged_at is not None:
        return case_queries.facts_of(case)
    case.acknowledged_at = now
    Case.objects.filter(pk=case.pk).update(acknowledged_at=now)
    stamps: dict[str, Any] = {}
    if incident is not None and incident.acknowledged_at is None:
        incident.acknowledged_at = now
        Incident.objects.filter(pk=incident.pk).update(acknowledged_at=now)
        stamps = {"stamps": {"acknowledged": now}}
    rows.write_case(case, incident, "case.acknowledged", by=by, now=now,
                    cases=[{"id": case.pk, "acknowledged_at": now}], **stamps)  # fmt: skip
    _keep_acknowledgement(case, incident, by, now)
    emit("case.acknowledged", case, incident, now)
    return case_queries.facts_of(case)


def _keep_acknowledgement(case: Case, incident: Incident | None, by: Actor, now: datetime) -> None:
    promises.keep("acknowledgement", case_id=case.pk, now=now, by=by, act=f"case:{case.pk}")
    if incident is not None:
        promises.keep("acknowledgement", incident_id=incident.pk, owed_to=case.organisation_id, now=now, by=by,
                      act=f"case:{case.pk}")  # fmt: skip


@transaction.atomic
def resume_case(
    case_id: int, *, at: datetime | None = None, line: str = "", seen: int | None = None, by: Actor, now: datetime
) -> CaseFacts:
    """The customer's business runs again since `at`: theirs to say, and not the same as the system being restored."""
    if at is not None and at > now:
        raise Refused("time.in_future", at=at.isoformat(timespec="minutes"))
    return _move(case_id, CaseMove.RESUME, seen=seen, reason=line, stamps={"resumed_at": at or now}, by=by, now=now)


@transaction.atomic
def close_case(case_id: int, *, line: str = "", seen: int | None = None, by: Actor, now: datetime) -> CaseFacts:
    """The customer closes its part: nothing more is expected from us here."""
    return _move(case_id, CaseMove.CLOSE, seen=seen, reason=line, stamps={"closed_at": now}, by=by, now=now)


@transaction.atomic
def reopen_case(case_id: int, *, reason: str, seen: int | None = None, by: Actor, now: datetime) -> CaseFacts:
    """Not over for this customer: its silence counts again while the incident burns."""
    stamps: dict[str, Any] = {"resumed_at": None, "closed_at": None, "remaining_owner": ""}
    return _move(case_id, CaseMove.REOPEN, seen=seen, reason=reason, stamps=stamps, by=by, now=now)


@transaction.atomic
def withdraw_case(case_id: int, *, reason: str, seen: int | None = None, by: Actor, now: datetime) -> CaseFacts:
    """This customer was not affected after all. Refused once they were told that they are (`case.told_already`)."""
    return _move(case_id, CaseMove.WITHDRAW, seen=seen, reason=reason, stamps={}, by=by, now=now)


_CODES = {
    CaseMove.RESUME: "case.resumed",
    CaseMove.CLOSE: "case.closed",
    CaseMove.REOPEN: "case.reopened",
    CaseMove.WITHDRAW: "case.withdrawn",
}


def _move(
    case_id: int, move: CaseMove, *, seen: int | None, reason: str, stamps: dict[str, Any], by: Actor, now: datetime
) -> CaseFacts:
    by.require("incident.work")
    case, incident = rows.case_subject(case_id, by)
    return carry(case, incident, move, seen=seen, reason=reason, stamps=stamps, by=by, now=now)


def carry(
    case: Case, incident: Incident | None, move: CaseMove, *, seen: int | None = None, reason: str,
    stamps: dict[str, Any], by: Actor, now: datetime, **said: Any,
) -> CaseFacts:  # fmt: skip
    """The move itself, by whoever may: our people, or the customer in their room. `said` goes into the entry."""
    reason = word_rules.body(reason, field="reason", limit=4000)
    if seen is not None and seen != case.state_v:
        raise rows.stale_case(case)
    state = next_case_state(CaseState(case.state), move, reason=reason)
    if move is CaseMove.WITHDRAW and case.first_word_at is not None:
        raise Refused("case.told_already", key=f"CASE-{case.number}")
    if move is CaseMove.REOPEN and case.state == CaseState.WITHDRAWN:
        _not_twice(case)
    was = {"state": case.state}
    rows.replace_case(case, seen=seen, state=str(state), **stamps)
    rows.write_case(case, incident, _CODES[move], by=by, now=now, body=reason, was=was,
                    cases=[{"id": case.pk, "state": str(state), **stamps}], **said)  # fmt: skip
    _settle(case, incident, move, by, now)
    emit(_CODES[move], case, incident, now)
    return case_queries.facts_of(case)


def _not_twice(case: Case) -> None:
    """The customer may have been added anew meanwhile: one case per customer and incident."""
    twin = Case.objects.filter(incident=case.incident_id, organisation=case.organisation_id).exclude(state="withdrawn")
    if case.incident_id is not None and twin.exists():
        raise Refused("case.there_already")


def _settle(case: Case, incident: Incident | None, move: CaseMove, by: Actor, now: datetime) -> None:
    if move in (CaseMove.CLOSE, CaseMove.WITHDRAW):  # also what was promised before the case was linked
        promises.settle_for_close(case_id=case.pk, by=CLOCK, now=now, notice=str(move))
    _settle_stakes(case, incident, move, by, now)
    if incident is None:
        return
    if move in (CaseMove.CLOSE, CaseMove.WITHDRAW):
        owing.end_silence(incident, [case.organisation_id], reason=f"case_{case.state}", now=now)
        promises.supersede("acknowledgement", incident_id=incident.pk, owed_to=case.organisation_id,
                           reason=f"case_{case.state}", now=now, by=CLOCK)  # fmt: skip
    elif move is CaseMove.REOPEN:
        owing.word_owed(incident, [case.organisation_id], by=by, now=now)
        severity.raise_to_cases(incident, case=case, by=by, now=now)


def _settle_stakes(case: Case, incident: Incident | None, move: CaseMove, by: Actor, now: datetime) -> None:
    """Deadlines and the meter end with the stop: met or missed by the moment at which business ran again."""
    if move in (CaseMove.RESUME, CaseMove.CLOSE):
        stakes.resumed(case, incident, at=case.resumed_at or now, by=by, now=now)
    elif move is CaseMove.WITHDRAW:
        stakes.withdrawn(case, incident, reason="not affected", by=by, now=now)
    elif move is CaseMove.REOPEN:
        stakes.again(case, incident, by=by, now=now)


@transaction.atomic
def hand_on_case(case_id: int, *, remaining_owner: str, by: Actor, now: datetime) -> CaseFacts:
    """The incident may close without this case: who still owes this customer something is named."""
    by.require("incident.work")
    case, incident = rows.case_subject(case_id, by)
    case.remaining_owner = word_rules.line(remaining_owner, field="remaining_owner", limit=200, needed=True)
    Case.objects.filter(pk=case.pk).update(remaining_owner=case.remaining_owner)
    rows.write_case(case, incident, "case.handed_on", by=by, now=now, body=case.remaining_owner)
    return case_queries.facts_of(case)


@transaction.atomic
def describe_case(
    case_id: int,
    *,
    words: str | None = None,
    stop: str | None = None,
    deadline_at: datetime | None = None,
    keep_deadline: bool = False,
    by: Actor,
    now: datetime,
) -> CaseFacts:
    """In the customer's own words, what their business cannot do, and the hard deadline behind it.

    None leaves words or stop as they are; `keep_deadline` leaves the deadline.
    """
    by.require("incident.work")
    case, incident = rows.case_subject(case_id, by)
    changed: dict[str, Any] = {}
    if words is not None:
        changed["words"] = word_rules.body(words, field="words", limit=4000)
    if stop is not None:
        changed["stop"] = word_rules.line(stop, field="stop", limit=500)
    if not keep_deadline:
        stakes.described(case, incident, deadline_at, by=by, now=now)
    changed = {name: value for name, value in changed.items() if value != getattr(case, name)}
    if not changed:
        return case_queries.facts_of(case)
    Case.objects.filter(pk=case.pk).update(**changed)
    for name, value in changed.items():
        setattr(case, name, value)
    said = "\n".join(part for part in (changed.get("stop"), changed.get("words")) if part)
    rows.write_case(case, incident, "case.described", by=by, now=now, body=said, fields=sorted(changed))
    emit("case.described", case, incident, now)
    return case_queries.facts_of(case)


@transaction.atomic
def set_case_severity(case_id: int, level: Severity | str, *, reason: str = "", by: Actor, now: datetime) -> CaseFacts:
    """The customer's own severity; the incident rises with it and never falls by itself.

    Where the customer declared the case they read the reason: without one it is refused (`declared.no_reason`).
    """
    by.require("incident.work")
    case, incident = rows.case_subject(case_id, by)
    reason = word_rules.body(reason, field="reason", limit=2000)
    told = contests.needs_reason(case.pk, reason)
    wanted = severity_rules.change(Severity(case.severity), severity_rules.read(str(level)), reason=reason, cases=())
    was = {"severity": case.severity}
    Case.objects.filter(pk=case.pk).update(severity=str(wanted), rank=wanted.rank)
    case.severity, case.rank = str(wanted), wanted.rank
    rows.write_case(case, incident, "case.severity", by=by, now=now, body=reason, was=was,
                    cases=[{"id": case.pk, "severity": str(wanted)}])  # fmt: skip
    if told:
        contests.settle(case.pk, by=by, now=now)
        emit("case.severity_told", case, incident, now)
    if incident is not None and case.state in case_queries.OPEN:
        severity.raise_to_cases(incident, case=case, by=by, now=now)
    return case_queries.facts_of(case)


def emit(name: str, case: Case, incident: Incident | None, now: datetime) -> None:
    events.emit(
        name, now=now, case_id=case.pk, number=case.number, incident_id=case.incident_id,
        organisation_id=case.organisation_id, drill=bool(incident and incident.drill),
        restricted=bool(incident and incident.restricted),
    )  # fmt: skip
