"""`/api/v1/incidents/INC-12/waiting` and the same of a case: who has to act, and where the time went."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema
from pydantic import AwareDatetime

from tomei.accounts.doors import actor_of
from tomei.cases import queries as cases
from tomei.cases.shapes import Id
from tomei.cases.waiting import actions, closing, queries, reading, told
from tomei.kernel import time

router = Router(tags=["waiting"])


class SpanOut(Schema):
    """`flagged`: a pause that we set ourselves, without their own promise to show for it."""

    start_at: datetime
    end_at: datetime
    party: str
    organisation_id: int | None
    reason: str
    flagged: bool
    seconds: float


class ShareOut(Schema):
    party: str
    organisation_id: int | None
    reason: str
    seconds: float
    count: int
    flagged_s: float


class ProposalOut(Schema):
    """What the system knows and nobody said yet; it is never set by itself."""

    party: str
    organisation_id: int | None
    promise_id: int | None


class WaitingOut(Schema):
    """`spans` follow each other without a gap: their seconds sum to `gross_s`, `net_s` and `paused_s` do too."""

    start_at: datetime
    end_at: datetime
    is_over: bool
    gross_s: float
    net_s: float
    paused_s: float
    flagged_s: float
    now: SpanOut | None
    spans: list[SpanOut]
    shares: list[ShareOut]
    hand_offs: int
    ball_returns: int
    owner_ids: list[int]
    owner_changes: int
    owner_returns: int
    proposals: list[ProposalOut]


class BallIn(Schema):
    """`organisation_id` names the customer or vendor; `promise_id` their own open promise that shows it."""

    party: Literal["us", "customer", "vendor", "nobody"]
    organisation_id: Id | None = None
    reason: Annotated[str, Field(max_length=40)] = ""
    since: AwareDatetime | None = None
    promise_id: Id | None = None


class ToldWordOut(Schema):
    """`recorded_by` is empty where a contact said it in the room."""

    code: str
    at: datetime
    who: str
    recorded_by: str


class ClosingAnswerOut(Schema):
    who: str
    answers: dict[str, str]
    words: str
    made_at: datetime


class ClosingOut(Schema):
    """What the customer said of the end; `tally` counts the three questions over `n` contacts."""

    words: list[ToldWordOut]
    answers: list[ClosingAnswerOut]
    tally: dict[str, dict[str, int]]
    n: int


class ResumedIn(Schema):
    """Their business runs again since `at` (now), as `told_by` said to us."""

    told_by: Annotated[str, Field(min_length=1, max_length=200)]
    at: AwareDatetime | None = None
    line: Annotated[str, Field(max_length=1000)] = ""
    seen: Annotated[int | None, Field(ge=0, le=2**31 - 1)] = None


@router.get("/cases/{key}/closing", response=ClosingOut, summary="What the customer said of the end")
def ending(request: HttpRequest, key: str) -> Any:
    return told.of_case(cases.case_by_number(key, actor_of(request)).id)


@router.post("/cases/{key}/resumed", response=ClosingOut, summary="Record that business runs again, as they told us")
def resumed(request: HttpRequest, key: str, body: ResumedIn) -> Any:
    by = actor_of(request)
    one = cases.case_by_number(key, by)
    closing.record_resumed(one.id, **body.model_dump(), by=by, now=time.now())
    return told.of_case(one.id)


@router.get("/incidents/{key}/waiting", response=WaitingOut, summary="Where the time of an incident went")
def of_incident(request: HttpRequest, key: str) -> Any:
    return reading.plain(queries.of_incident(cases.by_number(key, actor_of(request)), time.now()))


@router.post("/incidents/{key}/waiting", response=WaitingOut, summary="Say who has to act now")
def move(request: HttpRequest, key: str, body: BallIn) -> Any:
    by, now = actor_of(request), time.now()
    one = cases.by_number(key, by)
    actions.move(incident_id=one.id, **body.model_dump(), by=by, now=now)
    return reading.plain(queries.of_incident(one, now))


@router.get("/cases/{key}/waiting", response=WaitingOut, summary="Where the time of a case went")
def of_case(request: HttpRequest, key: str) -> Any:
    return reading.plain(queries.of_case(cases.case_by_number(key, actor_of(request)), time.now()))


@router.post("/cases/{key}/waiting", response=WaitingOut, summary="Say who has to act now for a case")
def move_case(request: HttpRequest, key: str, body: BallIn) -> Any:
    by, now = actor_of(request), time.now()
    one = cases.case_by_number(key, by)
    actions.move(case_id=one.id, **body.model_dump(), by=by, now=now)
    return reading.plain(queries.of_case(one, now))
