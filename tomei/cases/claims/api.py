"""`/api/v1/claims` and the credit that a contract would give: what the pages do, by the same actions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypedDict

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from pydantic import AwareDatetime

from tomei.accounts.doors import actor_of
from tomei.cases.claims import actions, queries, reading, statement
from tomei.cases.claims.facts import ClaimFacts
from tomei.cases.shapes import Id, Limit, Words
from tomei.customers import queries as customers
from tomei.kernel import time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing
from tomei.kernel.text import Text

router = Router(tags=["claims"])
Short = Annotated[str, Field(max_length=500)]


class Who(TypedDict):
    by: Actor
    now: datetime


class AnswerOut(Schema):
    number: int
    outcome: str
    words: Words
    amount: str
    currency: str
    state: str
    author_id: int | None
    made_at: datetime
    decided_by_id: int | None
    decided_at: datetime | None
    reason: str


class ClaimOut(Schema):
    """Amounts are empty for who may not see them; `amount_hidden` says that there is one."""

    key: str
    url: str
    organisation_id: int
    case_id: int | None
    contract_id: int | None
    clause: str
    kind: str
    words: str
    amount: str
    currency: str
    amount_hidden: bool
    heard_at: datetime
    heard_from: str
    owner_id: int | None
    due_at: datetime
    promise_id: int | None
    state: str
    outcome: str
    made_at: datetime
    answered_at: datetime | None
    told_to: str
    settled_at: datetime | None
    withdrawn_at: datetime | None
    closing: str
    drill: bool
    answers: list[AnswerOut]


class ClaimsPage(Schema):
    items: list[ClaimOut]
    next: str | None


class ClaimIn(Schema):
    organisation_id: Id
    kind: Literal["credit", "compensation", "termination", "other"]
    words: Annotated[str, Field(max_length=4000)]
    heard_at: AwareDatetime
    heard_from: Short = ""
    due_at: AwareDatetime
    case_id: Id | None = None
    contract_id: Id | None = None
    clause: Short = ""
    amount: Short = ""
    currency: Short = ""


class ProposeIn(Schema):
    outcome: Literal["full", "part", "refused"]
    words: Words
    amount: Short = ""
    currency: Short = ""


class DecideIn(Schema):
    """`reason` is needed to decline."""

    number: Annotated[int, Field(ge=1, le=2**31 - 1)]
    verb: Literal["approve", "decline"]
    reason: Annotated[str, Field(max_length=2000)] = ""


class ClaimVerbIn(Schema):
    """`tell`: `at` and `line` (who was told). `postpone`: `at` (new time) and `line` (why). Others: `line`."""

    verb: Literal["tell", "postpone", "settle", "withdraw"]
    at: AwareDatetime | None = None
    line: Short


def _out(one: ClaimFacts) -> dict[str, Any]:
    return reading.shown(one)


@router.get("/claims", response=ClaimsPage, summary="Claims, by state, customer and time of the answer")
def claims(
    request: HttpRequest,
    state: Literal["open", "answered", "settled", "withdrawn", "all"] = "open",
    organisation_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    due: Literal["", "overdue", "week"] = "",
    after: str = "",
    limit: Limit = 50,
) -> Any:
    """Answers are read with each claim by its own address; here `answers` is empty."""
    sought = queries.Filters(state, organisation_id, due)
    page = queries.page(sought, actor_of(request), now=time.now(), after=after[:80], limit=limit)
    return {"items": [_out(one) for one in page.items], "next": page.next or None}


@router.post("/claims", response={201: ClaimOut}, summary="Write down a claim")
def write_down(request: HttpRequest, body: ClaimIn) -> Any:
    given = body.model_dump()
    made = actions.write_down(given.pop("organisation_id"), **given, by=actor_of(request), now=time.now())
    return Status(201, _out(made))


@router.get("/claims/{key}", response=ClaimOut, summary="One claim with its answers")
def claim(request: HttpRequest, key: str) -> Any:
    return _out(queries.by_number(key, actor_of(request)))


@router.post("/claims/{key}/answers", response=ClaimOut, summary="Propose an answer")
def propose(request: HttpRequest, key: str, body: ProposeIn) -> Any:
    by = actor_of(request)
    one = queries.by_number(key, by)
    given = body.model_dump() | {"words": Text(body.words.ja, body.words.en)}
    return _out(actions.propose(one.id, **given, by=by, now=time.now()))


@router.post("/claims/{key}/decide", response=ClaimOut, summary="Approve or decline an answer of somebody else")
def decide(request: HttpRequest, key: str, body: DecideIn) -> Any:
    by = actor_of(request)
    one = queries.by_number(key, by)
    if body.verb == "approve":
        return _out(actions.approve(one.id, body.number, by=by, now=time.now()))
    return _out(actions.decline(one.id, body.number, reason=body.reason, by=by, now=time.now()))


@router.post("/claims/{key}", response=ClaimOut, summary="A verb of a claim")
def verb(request: HttpRequest, key: str, body: ClaimVerbIn) -> Any:
    by, now = actor_of(request), time.now()
    one = queries.by_number(key, by)
    at, who = body.at or now, Who(by=by, now=now)
    verbs: dict[str, Any] = {
        "tell": lambda: actions.tell(one.id, at=at, told_to=body.line, **who),
        "postpone": lambda: actions.postpone(one.id, due_at=at, reason=body.line, **who),
        "settle": lambda: actions.settle(one.id, closing=body.line, **who),
        "withdraw": lambda: actions.withdraw(one.id, closing=body.line, **who),
    }
    return _out(verbs[body.verb]())


class StatementOut(Schema):
    """How one month was counted. Without terms for that month only `month` and `says` are there."""

    says: str
    month: str
    contract_id: int
    terms: dict[str, Any] | None = None
    preliminary: bool | None = None
    agreed_s: float | None = None
    summed_s: float | None = None
    overlap_s: float | None = None
    maintenance_s: float | None = None
    excluded_s: float | None = None
    downtime_s: float | None = None
    availability_percent: str | None = None
    target_percent: str | None = None
    percent: str | None = None
    capped: bool | None = None
    amount: str | None = None
    currency: str | None = None
    version: int | None = None
    intervals: list[dict[str, Any]]
    downtime: list[list[str]]
    exclusions: list[dict[str, Any]]


@router.get(
    "/organisations/{int:pk}/contracts/{int:contract_id}/credit", response=StatementOut,
    summary="What the contract would give for a month, and how that was counted",
)  # fmt: skip
def credit(request: HttpRequest, pk: int, contract_id: int, month: str = "") -> Any:
    """`month` is 2026-11; without it, the one that runs in the customer's zone. A calculation, no admission."""
    by, now = actor_of(request), time.now()
    by.require(statement.RIGHT)
    known = customers.organisations([pk]).get(pk)
    if known is None:
        raise Missing(f"organisation {pk}")
    wanted = statement.month_of(month) if month else statement.last_months(known.zone, now)[0]
    found = statement.of_month(pk, contract_id, wanted, by=by, now=now)
    return reading.statement(found)
