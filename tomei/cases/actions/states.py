"""Where the incident stands, and what each move settles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.cases.actions import impacts, owing, rows, stakes
from tomei.cases.facts import IncidentFacts
from tomei.cases.models import Case, Entry, Incident, IncidentComponent
from tomei.cases.queries import about_cases as case_queries
from tomei.cases.queries import about_incidents as incident_queries
from tomei.cases.rules import CloseFacts, Move, State, next_state
from tomei.cases.rules import states as state_rules
from tomei.cases.rules import words as word_rules
from tomei.customers import queries as customers
from tomei.kernel import events
from tomei.kernel.actor import CLOCK, Actor
from tomei.kernel.errors import Refused
from tomei.promises import actions as promises
from tomei.promises import queries as promise_queries
from tomei.promises import rules as promise_rules

_SPOKEN = {
    State.RESTORED: "incident.restored",
    State.CLOSED: "incident.closed",
    State.DISMISSED: "incident.dismissed",
}


@transaction.atomic
def move(
    incident_id: int,
    move: Move | str,
    *,
    seen: int | None = None,
    reason: str = "",
    proof: str = "",
    by: Actor,
    now: datetime,
) -> IncidentFacts:
    """The incident stands where `move` leads; stamps, components and what is no longer owed follow.

    `seen` is the version of the state that the reader saw (`Stale` says who was first). Refuses what the table of
    moves does not know, restoring without proof, closing with open cases or promises, reopening without a reason.
    """
    by.require("incident.work")
    row = rows.subject(incident_id, by)
    reason = word_rules.body(reason, field="reason", limit=4000)
    proof = word_rules.body(proof, field="proof", limit=4000)
    wanted, old = _read(move), State(row.state)
    if seen is not None and seen != row.state_v:
        raise rows.stale(row, "state")  # before the table: "already restored" would not say by whom
    facts = _close_facts(row) if wanted is Move.CLOSE else None
    state = next_state(old, wanted, proof=proof, reason=reason, facts=facts)
    stamps = _stamps(row, state, wanted, now)
    rows.replace(
        row, "state", seen=seen, now=now, state=str(state), **{f"{name}_at": at for name, at in stamps.items()}
    )
    data: dict[str, Any] = {"state": str(state), "was": {"state": str(old)}, **({"stamps": stamps} if stamps else {})}
    _settle(row, state, wanted, data, by, now)
    code = "reopened" if wanted is Move.REOPEN else str(state)
    rows.write(row, code, by=by, now=now, body=proof or reason, **data)
    _emit(row, old, state, wanted, data, proof or reason, now)
    row.refresh_from_db(fields=["next_due_at", "overdue"])
    return incident_queries.facts_of(row)


def _read(text: Move | str) -> Move:
    try:
        return Move(text)
    except ValueError as error:
        raise Refused("incident.no_such_move", state="", move=str(text)[:40]) from error


def _close_facts(row: Incident) -> CloseFacts:
    cases = Case.objects.filter(incident=row).values_list("state", "remaining_owner")
    owed = [one for one in promise_queries.open_of(row.pk) if not _stays(one)]
    return CloseFacts(sum(not state_rules.is_settled(*case) for case in cases), len(owed))


def _stays(one: promise_queries.PromiseFacts) -> bool:
    """A told report, and what only its own verbs end: duties by law and answers to claims run on after the closing."""
    return (one.kind == "report" and one.told) or promise_rules.kind(one.kind).guarded


def _stamps(row: Incident, state: State, move: Move, now: datetime) -> dict[str, datetime | None]:
    """What the move stamps by itself; a stamp that a person set stands."""
    if move is Move.REOPEN:
        return {name: None for name in ("restored", "closed") if getattr(row, f"{name}_at") is not None}
    wanted: dict[State, tuple[str, ...]] = {
        State.IDENTIFIED: ("cause_found",),
        State.MONITORING: ("mitigated",),
        State.RESTORED: ("mitigated", "restored"),
        State.CLOSED: ("closed",),
    }
    return {name: now for name in wanted.get(state, ()) if getattr(row, f"{name}_at") is None}


def _settle(row: Incident, state: State, move: Move, data: dict[str, Any], by: Actor, now: datetime) -> None:
    """Components, cases and promises after the move."""
    if state is State.RESTORED:
        IncidentComponent.objects.filter(incident=row, until_at=None).update(until_at=row.restored_at or now)
        owing.end_moot(row, now=now)
    elif state is State.DISMISSED:
        IncidentComponent.objects.filter(incident=row, until_at=None).update(until_at=now)
        data["cases"] = _withdraw_cases(row, by, now)
        promises.settle_for_close(row.pk, by=CLOCK, now=now, notice="dismissed", everything=True)
    elif move is Move.REOPEN:
        data |= _reopen(row, data["was"]["state"], by, now)


def _withdraw_cases(row: Incident, by: Actor, now: datetime) -> list[dict[str, Any]]:
    """An incident declared in error has no cases; `was_open` lets a reopening bring them back."""
    cases = Case.objects.filter(incident=row).exclude(state="withdrawn")
    changed = [{"id": pk, "state": "withdrawn"} for pk in cases.order_by("id").values_list("pk", flat=True)]
    for case in list(cases):
        stakes.withdrawn(case, row, reason="declared in error", by=by, now=now)
    cases.update(state="withdrawn")
    return changed


def _reopen(row: Incident, old: str, by: Actor, now: datetime) -> dict[str, Any]:
    """It burns again: the components hurt again, dismissed cases are back, and what a running failure owes is owed."""
    data: dict[str, Any] = {}
    if old == State.DISMISSED:
        gone = Case.objects.filter(incident=row, state="withdrawn")
        data["cases"] = [{"id": pk, "state": "open"} for pk in gone.order_by("id").values_list("pk", flat=True)]
        gone.update(state="open")
    hurt = _last_affected(row)
    IncidentComponent.objects.bulk_create(
        [IncidentComponent(incident=row, component_id=pk, impact=impact, since_at=now) for pk, impact in hurt.items()]
    )
    cases = list(Case.objects.filter(incident=row, state__in=case_queries.OPEN))
    owing.resume(row, customers.policy_version(row.policy_version_id), cases, by=by, now=now)
    return data


def _last_affected(row: Incident) -> dict[int, str]:
    """What the timeline last said is affected: a component that a person took off does not hurt again by reopening."""
    codes = ("declared", "components.edited", "impact.set", "impact.corrected")
    named = Entry.objects.filter(incident=row, code__in=codes).order_by("-seq")
    return impacts.last_running(named.values_list("data", flat=True))


def _emit(row: Incident, old: State, state: State, move: Move, data: dict[str, Any], words: str, now: datetime) -> None:
    about = {"incident_id": row.pk, "number": row.number, "drill": row.drill, "restricted": row.restricted}
    events.emit("incident.moved", now=now, old=str(old), new=str(state), **about)
    name = "incident.reopened" if move is Move.REOPEN else _SPOKEN.get(state)
    if name is not None:
        told = Case.objects.filter(incident=row).exclude(first_word_at=None).values_list("organisation_id", flat=True)
        events.emit(name, now=now, old=str(old), words=words, told_organisation_ids=sorted(told), **about)


def restore(incident_id: int, *, proof: str, seen: int | None = None, by: Actor, now: datetime) -> IncidentFacts:
    """Service is back and this is the proof. Who depends on it is told by the recovery notice."""
    return move(incident_id, Move.RESTORE, seen=seen, proof=proof, by=by, now=now)


def close(incident_id: int, *, seen: int | None = None, reason: str = "", by: Actor, now: datetime) -> IncidentFacts:
    """Every case is closed or handed on to a named owner, and nothing but the told report is owed."""
    return move(incident_id, Move.CLOSE, seen=seen, reason=reason, by=by, now=now)


def reopen(incident_id: int, *, reason: str, seen: int | None = None, by: Actor, now: datetime) -> IncidentFacts:
    """It was not over: clocks run again from now."""
    return move(incident_id, Move.REOPEN, seen=seen, reason=reason, by=by, now=now)


def dismiss(incident_id: int, *, reason: str, seen: int | None = None, by: Actor, now: datetime) -> IncidentFacts:
    """Declared in error. `incident.dismissed` names the organisations that were told, so that they hear this too."""
    return move(incident_id, Move.DISMISS, seen=seen, reason=reason, by=by, now=now)
