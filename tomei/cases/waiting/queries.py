"""Where the time of an incident or a case went, read once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from tomei.cases.facts import CaseFacts, IncidentFacts
from tomei.cases.models import Case, Entry
from tomei.cases.queries import about_incidents
from tomei.cases.rules.replay import OWN
from tomei.cases.waiting.facts import Proposal, Waiting
from tomei.cases.waiting.models import BallMove
from tomei.cases.waiting.rules import passing, spans
from tomei.customers import queries as customers
from tomei.kernel.text import Text
from tomei.promises import queries as promises
from tomei.promises import rules as promise_rules


def of_incident(incident: IncidentFacts, now: datetime) -> Waiting:
    """From the declaration to the closing."""
    over = _over(incident)
    return _waiting(incident.declared_at, over, BallMove.objects.filter(incident=incident.id), incident.id, None, now)


def of_case(case: CaseFacts, now: datetime) -> Waiting:
    """From its opening to its closing; what was said of the whole incident holds for the case too."""
    over = case.closed_at
    mine = Q(case=case.id)
    if case.incident_id is not None:
        over = over or _over(about_incidents.incident(case.incident_id))
        mine |= Q(incident=case.incident_id)
    moves = BallMove.objects.filter(mine)
    return _waiting(case.opened_at, over, moves, case.incident_id, case.id, now)


def spans_of(case: CaseFacts, incident: IncidentFacts, now: datetime) -> tuple[bool, list[spans.Span]]:
    """Whether the case is over, and its spans: what the room shows, without what is only ours."""
    over = case.closed_at or _over(incident)
    rows = BallMove.objects.filter(Q(case=case.id) | Q(incident=incident.id))
    return over is not None, spans.spans(case.opened_at, max(over or now, case.opened_at), map(as_move, rows))


def _over(incident: IncidentFacts) -> datetime | None:
    """When nobody had to act any more. A dismissal has no stamp: its entry says when."""
    if incident.state != "dismissed":
        return incident.closed_at
    ended = Entry.objects.filter(incident=incident.id, code="dismissed").order_by("-seq")
    return ended.values_list("at", flat=True).first()


def _waiting(
    start: datetime, over: datetime | None, rows: Iterable[BallMove], incident_id: int | None, case_id: int | None,
    now: datetime,
) -> Waiting:  # fmt: skip
    moves = list(rows)
    end = max(over or now, start)
    found = spans.spans(start, end, [as_move(row) for row in moves])
    owners = owners_of(incident_id) if incident_id is not None else []
    offered = [] if over else _proposals(found, moves, open_promises(incident_id, case_id), case_id)
    return Waiting(
        start, end, over is not None, tuple(found), tuple(spans.shares(found)), spans.total(found), spans.net(found),
        spans.paused(found), spans.flagged(found), passing.passed(spans.holders(found), spans.OURS),
        passing.passed(owners), tuple(owners), tuple(offered),
        names_of([*(one.holder for one in found), *(one.holder for one in offered)]),
    )  # fmt: skip


def names_of(holders: Iterable[spans.Holder]) -> dict[int, Text]:
    wanted = {one.organisation_id for one in holders if one.organisation_id is not None}
    return {pk: one.name for pk, one in customers.organisations(wanted).items()} if wanted else {}


def holder_of(incident: IncidentFacts, now: datetime) -> spans.Span | None:
    """Who has it now and since when; None once it is over."""
    if incident.state in ("closed", "dismissed"):
        return None
    moves = [as_move(row) for row in BallMove.objects.filter(incident=incident.id)]
    end = max(now, incident.declared_at + timedelta(microseconds=1))
    last = max(moves, key=lambda one: (one.since, one.id), default=None)
    if last is None:
        return spans.Span(incident.declared_at, end, spans.OURS)
    return spans.Span(last.since, end, last.holder, last.reason, last.flagged, last.id)


def as_move(row: BallMove) -> spans.Move:
    return spans.Move(row.since_at, spans.Holder(row.party, row.organisation_id), row.reason, row.flagged, row.pk)


def open_promises(incident_id: int | None, case_id: int | None) -> list[passing.Promised]:
    """What others promised us and both know; at a case only what its own customer or a vendor promised."""
    found = promises.open_of(incident_id) if incident_id is not None else promises.open_of_case(case_id or 0)
    theirs = [one for one in found if one.told and promise_rules.kind(one.kind).theirs]
    if case_id is not None:
        mine = Case.objects.values_list("organisation_id", flat=True).get(pk=case_id)
        theirs = [one for one in theirs if one.kind != "reply" or one.owed_by_id == mine]
    party = {"reply": spans.CUSTOMER}
    return [
        passing.Promised(one.id, spans.Holder(party.get(one.kind, spans.VENDOR), one.owed_by_id), one.due_at)
        for one in theirs
    ]


def _proposals(
    found: Sequence[spans.Span], moves: Sequence[BallMove], promised: Sequence[passing.Promised], case_id: int | None
) -> list[Proposal]:
    last = max(moves, key=lambda row: (row.since_at, row.pk), default=None)
    holder = found[-1].holder if found else spans.OURS
    resting = last.promise_id if last is not None else None
    back = [Proposal(spans.OURS, None)] if passing.should_return(holder, resting, promised) else []
    return back + [Proposal(one.holder, one) for one in passing.proposals(holder, resting, promised)]


def owners_of(incident_id: int) -> list[int]:
    """Who was accountable, one after the other, as the timeline tells it."""
    entries = Entry.objects.filter(incident=incident_id, code__in=OWN, data__has_key="owner_id").order_by("seq")
    found: list[int] = []
    for data in entries.values_list("data", flat=True):
        if data["owner_id"] is not None and found[-1:] != [data["owner_id"]]:
            found.append(data["owner_id"])
    return found
