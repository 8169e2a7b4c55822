"""Doors to claims. Whoever may not find the incident of a case finds no claim of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from tomei.cases.claims.facts import AnswerFacts, ClaimFacts
from tomei.cases.claims.models import Claim, ClaimAnswer
from tomei.cases.claims.rules import states
from tomei.cases.queries import about_incidents
from tomei.kernel import ids
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import Text

PAGE = 50
AMOUNTS = "claim.amounts"
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Filters:
    """`state`: open, answered, settled, withdrawn, all. `due`: overdue, week, or empty."""

    state: str = "open"
    organisation_id: int | None = None
    due: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    items: list[ClaimFacts]
    next: str = ""


def visible(by: Actor) -> QuerySet[Claim]:
    by.require("read")
    theirs = about_incidents.found_by(by, "case__incident__")
    if not theirs:  # everything: an empty condition would vanish beside another one
        return Claim.objects.all()
    return Claim.objects.filter(Q(case=None) | Q(case__incident=None) | theirs)


def by_number(number: str, by: Actor) -> ClaimFacts:
    """The person's door: `CLAIM-7` with its answers; `Missing` when it is not there or not for this reader."""
    row = visible(by).select_related("case__incident").filter(number=ids.number("CLAIM", number)).first()
    if row is None:
        raise Missing(number[:40])
    return facts_of(row, by, answers=True)


def page(filters: Filters, by: Actor, *, now: datetime, after: str = "", limit: int = PAGE) -> Page:
    """Open ones by their time, the others newest first. Refuses `list.unknown_filter`, `list.unreadable_cursor`."""
    rows, is_open = _filtered(visible(by), filters, now), filters.state == "open"
    if after:
        rows = _after(rows, after, is_open)
    order = ("due_at", "id") if is_open else ("-id",)
    found = list(rows.select_related("case__incident").order_by(*order)[: limit + 1])
    items = [facts_of(row, by) for row in found[:limit]]
    if len(found) <= limit:
        return Page(items)
    last = items[-1]
    return Page(items, f"{last.due_at.isoformat()}~{last.id}" if is_open else str(last.id))


def _filtered(rows: QuerySet[Claim], filters: Filters, now: datetime) -> QuerySet[Claim]:
    if filters.state not in (*states.STATES, "all"):
        raise Refused("list.unknown_filter", name="state", value=filters.state[:40])
    if filters.due not in ("", "overdue", "week"):
        raise Refused("list.unknown_filter", name="due", value=filters.due[:40])
    rows = rows if filters.state == "all" else rows.filter(state=filters.state)
    if filters.organisation_id is not None:
        rows = rows.filter(organisation=filters.organisation_id)
    if filters.due == "overdue":
        return rows.filter(state="open", due_at__lt=now)
    return rows.filter(state="open", due_at__range=(now, now + _WEEK)) if filters.due else rows


def _after(rows: QuerySet[Claim], after: str, is_open: bool) -> QuerySet[Claim]:
    try:
        head, _, tail = after.rpartition("~")
        last = int(tail)
        if not 0 < last < 2**62 or is_open != bool(head):
            raise ValueError(after)
        if not is_open:
            return rows.filter(pk__lt=last)
        due = datetime.fromisoformat(head)
        if due.tzinfo is None:
            raise ValueError(after)
    except (ValueError, OverflowError) as error:
        raise Refused("list.unreadable_cursor", cursor=after[:40]) from error
    return rows.filter(Q(due_at=due, pk__gt=last) | Q(due_at__gt=due))


def of_case(case_id: int, by: Actor, *, limit: int = 10) -> list[ClaimFacts]:
    return _list(visible(by).filter(case=case_id), by, limit)


def of_organisation(organisation_id: int, by: Actor, *, limit: int = 10) -> list[ClaimFacts]:
    return _list(visible(by).filter(organisation=organisation_id), by, limit)


def _list(rows: QuerySet[Claim], by: Actor, limit: int) -> list[ClaimFacts]:
    return [facts_of(row, by) for row in rows.select_related("case__incident").order_by("-pk")[:limit]]


_SAME = (
    "number", "organisation_id", "case_id", "contract_id", "clause", "kind", "words", "heard_at", "heard_from",
    "owner_id", "due_at", "promise_id", "state", "outcome", "made_at", "made_by_id", "answered_at", "told_to",
    "settled_at", "withdrawn_at", "closing",
)  # fmt: skip


def facts_of(row: Claim, by: Actor, *, answers: bool = False) -> ClaimFacts:
    """Amounts go no further than this line for who may not see them."""
    shows = by.may(AMOUNTS)
    incident = row.case.incident if row.case is not None else None
    return ClaimFacts(
        id=row.pk, **{name: getattr(row, name) for name in _SAME},
        amount=row.amount if shows else "", currency=row.currency if shows else "",
        is_hidden=bool(row.amount) and not shows, drill=bool(incident and incident.drill),
        answers=tuple(_answers(row.answers.order_by("-number"), shows)) if answers else (),
    )  # fmt: skip


def _answers(rows: Iterable[ClaimAnswer], shows: bool) -> list[AnswerFacts]:
    return [
        AnswerFacts(
            one.number, one.outcome, Text.of(one.words), one.amount if shows else "", one.currency if shows else "",
            one.state, one.author_id, one.made_at, one.decided_by_id, one.decided_at, one.reason,
        )
        for one in rows
    ]  # fmt: skip
