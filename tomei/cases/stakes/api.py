"""Hard deadlines and workarounds of a case, and what they come to in an incident."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from pydantic import AwareDatetime

from tomei.accounts.doors import actor_of
from tomei.cases import actions, queries
from tomei.cases.shapes import Id, Version
from tomei.cases.stakes import queries as stakes
from tomei.cases.stakes.queries import DeadlineFacts, Meter, WorkaroundFacts
from tomei.kernel import time

router = Router(tags=["stakes"])
Kind = Literal["legal", "batch", "market", "other"]


class DeadlineOut(Schema):
    """`ended` is empty while it runs, then met, passed or withdrawn; `v` goes back as `seen`."""

    id: int
    case_id: int
    organisation_id: int
    at: AwareDatetime
    zone: str
    kind: str
    words: str
    loss: str
    given: bool
    v: int
    ended: str
    ended_at: AwareDatetime | None


class WorkaroundOut(Schema):
    """`per_hour` in plain digits, null where nobody knows it."""

    id: int
    case_id: int
    words: str
    per_hour: str | None
    currency: str
    basis: str
    people: int | None
    since_at: AwareDatetime
    until_at: AwareDatetime | None


class StakesOut(Schema):
    """`spent` and `rate` by currency: currencies are never added together."""

    deadlines: list[DeadlineOut]
    workarounds: list[WorkaroundOut]
    spent: dict[str, str]
    rate: dict[str, str]
    people: int


class DeadlineIn(Schema):
    """`zone` empty: the customer's. `given`: they named it, and see it in their room."""

    at: AwareDatetime
    zone: str = ""
    kind: Kind = "other"
    words: str = ""
    loss: str = ""
    given: bool = True


class DeadlineChangeIn(Schema):
    """`at` null withdraws it. The reason is needed in both cases."""

    reason: str
    at: AwareDatetime | None = None
    zone: str = ""
    seen: Version | None = None


class WorkaroundIn(Schema):
    """`seen` is the id of the one that ran, 0 for none."""

    words: str
    per_hour: str = ""
    currency: str = ""
    basis: str = ""
    people: Annotated[int, Field(ge=0, le=100_000)] | None = None
    since_at: AwareDatetime | None = None
    seen: Annotated[int, Field(ge=0, le=2**63 - 1)] | None = None


class WorkaroundEndIn(Schema):
    at: AwareDatetime | None = None
    seen: Annotated[int, Field(ge=0, le=2**63 - 1)] | None = None


def shown_deadline(one: DeadlineFacts) -> dict[str, Any]:
    return {name: getattr(one, name) for name in DeadlineOut.model_fields}


def shown_workaround(one: WorkaroundFacts) -> dict[str, Any]:
    kept = {name: getattr(one, name) for name in WorkaroundOut.model_fields}
    return kept | {"per_hour": None if one.per_hour is None else str(one.per_hour)}


def shown(deadlines: list[DeadlineFacts], workarounds: list[WorkaroundFacts], meter: Meter) -> dict[str, Any]:
    return {
        "deadlines": [shown_deadline(one) for one in deadlines],
        "workarounds": [shown_workaround(one) for one in workarounds],
        "spent": {code: str(amount) for code, amount in meter.spent.items()},
        "rate": {code: str(amount) for code, amount in meter.rate.items()}, "people": meter.people,
    }  # fmt: skip


def _of_case(case_id: int) -> dict[str, Any]:
    found = stakes.workarounds(case_id)
    return shown(stakes.of_case(case_id), found, stakes.meter(found, time.now()))


@router.get("/incidents/{key}/stakes", response=StakesOut, summary="Deadlines that run, and what the workarounds cost")
def of_incident(request: HttpRequest, key: str) -> Any:
    one = queries.by_number(key, actor_of(request))
    found = stakes.workarounds_of(one.id)
    return shown(stakes.of_incident(one.id), found, stakes.meter(found, time.now()))


@router.get("/cases/{key}/stakes", response=StakesOut, summary="Deadlines and workarounds of a customer's case")
def of_case(request: HttpRequest, key: str) -> Any:
    return _of_case(queries.case_by_number(key, actor_of(request)).id)


@router.post("/cases/{key}/deadlines", response={201: DeadlineOut}, summary="Write down a hard deadline")
def add(request: HttpRequest, key: str, body: DeadlineIn) -> Any:
    by = actor_of(request)
    case, given = queries.case_by_number(key, by), body.model_dump()
    return Status(201, shown_deadline(actions.add_deadline(case.id, given.pop("at"), **given, by=by, now=time.now())))


@router.post("/cases/{key}/deadlines/{pk}", response=DeadlineOut, summary="Move a deadline, or withdraw it")
def change(request: HttpRequest, key: str, pk: Id, body: DeadlineChangeIn) -> Any:
    by = actor_of(request)
    one = stakes.deadline(pk, queries.case_by_number(key, by).id)
    given: dict[str, Any] = {"reason": body.reason, "seen": body.seen, "by": by, "now": time.now()}
    if body.at is None:
        return shown_deadline(actions.drop_deadline(one.id, **given))
    return shown_deadline(actions.move_deadline(one.id, body.at, zone=body.zone, **given))


@router.put("/cases/{key}/workaround", response=StakesOut, summary="Write down what the customer does instead")
def workaround(request: HttpRequest, key: str, body: WorkaroundIn) -> Any:
    by = actor_of(request)
    case = queries.case_by_number(key, by)
    actions.set_workaround(case.id, **body.model_dump(), by=by, now=time.now())
    return _of_case(case.id)


@router.post("/cases/{key}/workaround/end", response=StakesOut, summary="The workaround has ended")
def workaround_end(request: HttpRequest, key: str, body: WorkaroundEndIn) -> Any:
    by = actor_of(request)
    case = queries.case_by_number(key, by)
    actions.end_workaround(case.id, at=body.at, seen=body.seen, by=by, now=time.now())
    return _of_case(case.id)
