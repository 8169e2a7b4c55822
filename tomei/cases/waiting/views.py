"""Where the time of the own case went, as its customer may see it (law 13): no name of a vendor or another customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tomei.cases.facts import CaseFacts, IncidentFacts
from tomei.cases.models import Case
from tomei.cases.queries import about_cases
from tomei.cases.waiting import queries, words
from tomei.cases.waiting.models import ClosingAnswer
from tomei.cases.waiting.rules import closing
from tomei.cases.waiting.rules.spans import CUSTOMER, Holder, Span
from tomei.kernel.text import Text

US, YOU = Text("当社", "us"), Text("お客様", "you")
VENDOR, OTHER = Text("当社の協力会社", "a supplier of ours"), Text("ほかの関係者", "somebody else")
NOBODY = Text("待ちなし", "nobody")


@dataclass(frozen=True, slots=True)
class SpanView:
    """`kind` draws it; `label` and `reason` say it."""

    kind: str
    label: Text
    reason: Text
    start: datetime
    end: datetime
    flagged: bool


@dataclass(frozen=True, slots=True)
class PartView:
    label: Text
    seconds: float
    percent: int


@dataclass(frozen=True, slots=True)
class WaitingView:
    """`now` is None once it is over, and before any time has passed."""

    now: SpanView | None
    yours: bool
    spans: tuple[SpanView, ...]
    parts: tuple[PartView, ...]
    gross_s: float


@dataclass(frozen=True, slots=True)
class ClosingView:
    """What the reader may say of the end of their case, and who remains owner of what is left."""

    state: str
    remaining_owner: str
    may_reopen: bool
    answered: bool


def own_case(incident_id: int, organisation_id: int) -> CaseFacts | None:
    """The case of this customer in it; None where they have none."""
    rows = Case.objects.filter(incident=incident_id, organisation=organisation_id).exclude(state="withdrawn")
    row = rows.order_by("pk").first()
    return about_cases.facts_of(row) if row is not None else None


def of_own(case: CaseFacts, incident: IncidentFacts, now: datetime) -> WaitingView:
    """The account of this customer's case."""
    over, found = queries.spans_of(case, incident, now)
    seen = tuple(_span(one, case.organisation_id) for one in found)
    sums: dict[Text, float] = {}
    for one in seen:
        sums[one.label] = sums.get(one.label, 0.0) + (one.end - one.start).total_seconds()
    gross = sum(sums.values())
    longest = sorted(sums.items(), key=lambda part: -part[1])
    parts = tuple(PartView(label, seconds, round(100 * seconds / gross)) for label, seconds in longest)
    last = seen[-1] if seen and not over else None
    yours = last is not None and found[-1].holder == Holder(CUSTOMER, case.organisation_id)
    return WaitingView(last, yours, seen, parts, gross)


def _span(one: Span, organisation_id: int) -> SpanView:
    known = words.REASONS[one.holder.party].get(one.reason, Text())
    label = _label(one.holder, organisation_id)
    return SpanView(one.holder.party, label, Text() if label is OTHER else known, one.start, one.end, one.flagged)


def _label(holder: Holder, organisation_id: int) -> Text:
    if holder.party == CUSTOMER:
        return YOU if holder.organisation_id == organisation_id else OTHER
    return {"us": US, "vendor": VENDOR}.get(holder.party, NOBODY)


def closing_of(case: CaseFacts, contact_id: int, now: datetime) -> ClosingView:
    """Asked of the database only once the case is closed."""
    is_closed = case.state == "closed"
    answered = is_closed and ClosingAnswer.objects.filter(case=case.id, contact=contact_id).exists()
    may_reopen = is_closed and closing.may_reopen(case.closed_at, now)
    return ClosingView(case.state, case.remaining_owner, may_reopen, answered)
