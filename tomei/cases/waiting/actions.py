"""The only writer of who has the ball."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.cases.actions import rows
from tomei.cases.models import Case, Incident
from tomei.cases.queries import about_cases
from tomei.cases.waiting import queries
from tomei.cases.waiting.models import BallMove
from tomei.cases.waiting.rules import passing, spans
from tomei.customers import queries as customers
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused


@transaction.atomic
def move(
    *,
    incident_id: int | None = None,
    case_id: int | None = None,
    party: str,
    organisation_id: int | None = None,
    reason: str = "",
    since: datetime | None = None,
    promise_id: int | None = None,
    by: Actor,
    now: datetime,
) -> bool:
    """From `since` (now) on `party` has to act, for the whole incident or for one case. Says whether it was new.

    `promise_id` is their own open promise that shows it; without one a pause that we set is flagged. Refuses what
    `rules.passing.check` refuses, a customer who is not affected here, who is no vendor, what is over, and a promise
    that is not theirs or no longer open.
    """
    by.require("incident.work")
    case, incident = (
        rows.case_subject(case_id, by) if case_id is not None else (None, rows.subject(incident_id or 0, by))
    )
    _check_open(case, incident)
    holder = _holder(party, organisation_id, case, incident)
    mine = BallMove.objects.filter(case=case) if case is not None else BallMove.objects.filter(incident=incident)
    last = mine.order_by("-since_at", "-pk").first()
    opened = case.opened_at if case is not None else _declared(incident)
    passing.check(holder, reason, since or now, opened=opened, last=last.since_at if last else None, now=now)
    _check_promise(promise_id, holder, case, incident)
    if last is not None and (last.party, last.organisation_id, last.reason) == (party, holder.organisation_id, reason):
        return False
    flagged = spans.profits(holder, spans.US, promised=promise_id is not None)
    BallMove.objects.create(
        incident=None if case else incident, case=case, party=party, organisation_id=holder.organisation_id,
        reason=reason, since_at=since or now, promise_id=promise_id, flagged=flagged, made_at=now,
        made_by_id=by.user_id,
    )  # fmt: skip
    _write(case, incident, holder, reason, since or now, flagged, by, now)
    return True


def _declared(incident: Incident | None) -> datetime:
    assert incident is not None  # without a case there is one, or `Missing` was raised
    return incident.declared_at


def _check_open(case: Case | None, incident: Incident | None) -> None:
    over = case is not None and case.state not in about_cases.OPEN
    if over or (incident is not None and incident.state in ("closed", "dismissed")):
        raise Refused("ball.over")


def _holder(party: str, organisation_id: int | None, case: Case | None, incident: Incident | None) -> spans.Holder:
    """Who is meant, by name; at a case its own customer without being named."""
    if party not in (spans.CUSTOMER, spans.VENDOR):
        return spans.Holder(party)
    if party == spans.CUSTOMER and case is not None:
        organisation_id = organisation_id or case.organisation_id
    if organisation_id is None:
        raise Refused("ball.nobody_named")
    if party == spans.VENDOR:
        found = customers.organisations([organisation_id]).get(organisation_id)
        if found is None or found.is_archived or found.kind not in ("vendor", "partner"):
            raise Refused("ball.no_vendor")
    elif not _affected(organisation_id, case, incident):
        raise Refused("ball.not_affected")
    return spans.Holder(party, organisation_id)


def _affected(organisation_id: int, case: Case | None, incident: Incident | None) -> bool:
    if case is not None:
        return organisation_id == case.organisation_id
    return Case.objects.filter(incident=incident, organisation=organisation_id).exclude(state="withdrawn").exists()


def _check_promise(promise_id: int | None, holder: spans.Holder, case: Case | None, incident: Incident | None) -> None:
    if promise_id is None:
        return
    known = queries.open_promises(incident.pk if incident else None, case.pk if case else None)
    if not any(one.id == promise_id and one.holder == holder for one in known):
        raise Refused("ball.no_such_promise")


def _write(
    case: Case | None, incident: Incident | None, holder: spans.Holder, reason: str, since: datetime, flagged: bool,
    by: Actor, now: datetime,
) -> None:  # fmt: skip
    data: dict[str, Any] = {"party": holder.party, "waits_for": reason, "since": since, "flagged": flagged}
    if holder.organisation_id is not None:
        data["organisation_ids"] = [holder.organisation_id]
    code = f"ball.{holder.party}"
    if case is not None:
        rows.write_case(case, incident, code, by=by, now=now, **data)
    elif incident is not None:
        rows.write(incident, code, by=by, now=now, **data)
    events.emit("ball.moved", now=now, incident_id=incident.pk if incident else None)
