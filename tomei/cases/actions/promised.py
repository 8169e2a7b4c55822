"""What a vendor or a customer promised us, and what we promised them, in somebody's own words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.cases.actions import rows
from tomei.cases.models import Case, Incident
from tomei.cases.rules import promised as rules
from tomei.cases.rules import words as word_rules
from tomei.customers import queries as customers
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text
from tomei.promises import actions as promises


@transaction.atomic
def promise(
    *,
    incident_id: int | None = None,
    case_id: int | None = None,
    whose: str,
    organisation_id: int,
    what: Text,
    due_at: datetime,
    told: bool = True,
    by: Actor,
    now: datetime,
) -> int:
    """One open promise between us and this organisation, owned by whoever wrote it down; returns its id.

    `whose` is ours (we owe them) or theirs. `told`: both sides know the time, so it never moves in silence. It hangs
    on the incident, also when it was made at one of its cases; both timelines say it. Refuses an organisation that is
    not there, a customer who is not affected here, and what `rules.promised` refuses.
    """
    by.require("promise.work")
    case, row = rows.case_subject(case_id, by) if case_id is not None else (None, rows.subject(incident_id or 0, by))
    what = Text(word_rules.line(what.ja, field="what"), word_rules.line(what.en, field="what"))
    rules.check(what, due_at, now)
    kind = rules.kind_of(whose, _side(organisation_id, case, row))
    ours = customers.ours().id
    owed_by, owed_to = (ours, organisation_id) if whose == rules.OURS else (organisation_id, ours)
    made = promises.make(
        kind, incident_id=row.pk if row else None, case_id=None if row or case is None else case.pk,
        owed_by=owed_by, owed_to=owed_to, text=what, due_at=due_at, told=told, owner_id=_owner(by, case, row),
        rank=_subject(case, row).rank, team_id=_team(row), drill=bool(row and row.drill),
        restricted=bool(row and row.restricted), by=by, now=now,
    )  # fmt: skip
    data = {"promise_id": made, "kind": kind, "owed_by_id": owed_by, "owed_to_id": owed_to, "due_at": due_at}
    _write(case, row, what, data | {"told": told}, by, now)
    return made


def _subject(case: Case | None, row: Incident | None) -> Case | Incident:
    found = row or case
    assert found is not None  # one of them was found, or `Missing` was raised
    return found


def _side(organisation_id: int, case: Case | None, row: Incident | None) -> str:
    """What this organisation is to us; a customer only where it is affected."""
    found = customers.organisations([organisation_id]).get(organisation_id)
    if found is None or found.is_archived:
        raise Refused("incident.unknown_organisation")
    if found.kind != "customer":
        return found.kind
    here = case is not None and case.organisation_id == organisation_id
    if not here and not Case.objects.filter(incident=row or 0, organisation=organisation_id).exists():
        raise Refused("promise.not_affected", name=found.name.said_in("ja"))
    return found.kind


def _owner(by: Actor, case: Case | None, row: Incident | None) -> int | None:
    if by.user_id is not None:
        return by.user_id
    return row.owner_id if row else customers.organisation(_case_of(case)).account_owner_id


def _case_of(case: Case | None) -> int:
    return case.organisation_id if case is not None else 0


def _team(row: Incident | None) -> int | None:
    return customers.product(row.product_id).team_id if row is not None and row.product_id is not None else None


def _write(case: Case | None, row: Incident | None, what: Text, data: dict[str, Any], by: Actor, now: datetime) -> None:
    """The words are a body: they may name a person and can be erased."""
    said = "\n".join(dict.fromkeys(filter(None, (what.ja, what.en))))
    if case is not None:
        rows.write_case(case, row, "promised", by=by, now=now, body=said, **data)
    elif row is not None:
        rows.write(row, "promised", by=by, now=now, body=said, **data)
