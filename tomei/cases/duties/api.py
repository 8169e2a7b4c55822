"""`/api/v1/incidents/…/duties` and the operator's own rules: what the pages do, by the same actions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from pydantic import AwareDatetime

from tomei.accounts.doors import actor_of
from tomei.cases import queries as cases
from tomei.cases.duties import actions, queries
from tomei.cases.duties.rules import laws
from tomei.cases.shapes import ExposureIn, Id, Words
from tomei.kernel import time
from tomei.kernel.text import Text

router = Router(tags=["duties"])


class ExposureAgainIn(ExposureIn):
    reason: Annotated[str, Field(max_length=2000)] = ""
    seen: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None


class ExposureOut(Schema):
    number: int
    answer: str
    aware_at: datetime | None
    jurisdictions: list[str]
    wrongful: bool
    high_risk: bool
    capacity: str
    reason: str
    made_at: datetime
    made_by_id: int | None


class DutyOut(Schema):
    """`rule` and `version` name the row of the table that it was made from. No legal advice."""

    id: int
    incident_key: str
    rule: str
    version: int
    kind: str
    stage: str
    jurisdiction: str
    name: Words
    source: Words
    organisation_id: int | None
    aware_at: datetime
    due_at: datetime
    promise_id: int | None
    state: str
    fulfilled_at: datetime | None
    ended_at: datetime | None
    ended_by_id: int | None
    reference: str
    link: str
    late_reason: str
    asked_by_id: int | None
    asked_at: datetime | None
    asked_reason: str


class DutiesOut(Schema):
    exposures: list[ExposureOut]
    duties: list[DutyOut]


class DutyVerbIn(Schema):
    """`fulfil`: `at`, `reference` or `link`, `reason` when late. `ask`, `keep`: `reason`. `withdraw`: nothing."""

    verb: Literal["fulfil", "ask", "withdraw", "keep"]
    at: AwareDatetime | None = None
    reference: Annotated[str, Field(max_length=200)] = ""
    link: Annotated[str, Field(max_length=500)] = ""
    reason: Annotated[str, Field(max_length=4000)] = ""


class RuleIn(Schema):
    code: Annotated[str, Field(max_length=60)]
    kind: Literal["authority_notice", "person_concerned", "controller_notice"]
    name: Words
    source: Annotated[str, Field(max_length=300)]
    amount: Annotated[int, Field(ge=1, le=10_000)]
    unit: Literal["hours", "days", "calendar"]
    zone: Annotated[str, Field(max_length=60)] = "UTC"
    organisation_id: Id | None = None


class RuleOut(Schema):
    code: str
    version: int
    kind: str
    stage: str
    jurisdiction: str
    name: Words
    source: Words
    note: Words
    amount: int
    unit: str
    zone: str
    exact: bool
    organisation_id: int | None


def _exposure(one: queries.ExposureFacts) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ExposureOut.model_fields}


def _duty(one: queries.DutyFacts) -> dict[str, Any]:
    kept = {name: getattr(one, name) for name in DutyOut.model_fields}
    return kept | {"name": one.name.as_json(), "source": one.source.as_json()}


def _both(incident_id: int) -> dict[str, Any]:
    return {
        "exposures": [_exposure(one) for one in queries.exposures(incident_id)],
        "duties": [_duty(one) for one in queries.of_incident(incident_id)],
    }


@router.get(
    "/incidents/{key}/duties", response=DutiesOut, summary="What was answered about personal data, and what follows"
)
def duties(request: HttpRequest, key: str) -> Any:
    return _both(cases.by_number(key, actor_of(request)).id)


@router.post("/incidents/{key}/exposure", response=DutiesOut, summary="Answer whether personal data may be exposed")
def expose(request: HttpRequest, key: str, body: ExposureAgainIn) -> Any:
    by = actor_of(request)
    one = cases.by_number(key, by)
    actions.answer(one.id, body.as_answer(), reason=body.reason, seen=body.seen, by=by, now=time.now())
    return _both(one.id)


@router.post(
    "/incidents/{key}/duties/{int:pk}", response=DutyOut, summary="Fulfil a duty, or withdraw it by two people"
)
def verb(request: HttpRequest, key: str, pk: int, body: DutyVerbIn) -> Any:
    by, now = actor_of(request), time.now()
    one = queries.duty(pk, cases.by_number(key, by).id)
    who: dict[str, Any] = {"by": by, "now": now}
    verbs = {
        "fulfil": lambda: actions.fulfil(
            one.id, at=body.at or now, reference=body.reference, link=body.link, late_reason=body.reason, **who
        ),
        "ask": lambda: actions.ask_withdrawal(one.id, reason=body.reason, **who),
        "withdraw": lambda: actions.withdraw(one.id, **who),
        "keep": lambda: actions.keep_on(one.id, reason=body.reason, **who),
    }
    return _duty(verbs[body.verb]())


def _rule(law: laws.Law) -> dict[str, Any]:
    same = ("code", "version", "kind", "stage", "jurisdiction", "amount", "unit", "zone", "organisation_id")
    kept = {name: getattr(law, name) for name in same}
    words = {name: getattr(law, name).as_json() for name in ("name", "source", "note")}
    return kept | words | {"exact": law.is_exact}


def _rules() -> list[dict[str, Any]]:
    return [_rule(law) for law in (*laws.LAWS, *queries.own_rules())]


@router.get("/duty-rules", response=list[RuleOut], summary="The table of duties by law, and our own rules")
def rules(request: HttpRequest) -> Any:
    actor_of(request).require("read")
    return _rules()


@router.post("/duty-rules", response={201: list[RuleOut]}, summary="Add a rule of our own, or another version of it")
def add_rule(request: HttpRequest, body: RuleIn) -> Any:
    given = body.model_dump() | {"name": Text(body.name.ja, body.name.en)}
    actions.add_rule(given.pop("code"), **given, by=actor_of(request), now=time.now())
    return Status(201, _rules())


@router.post("/duty-rules/{code}/end", response=list[RuleOut], summary="End a rule of our own")
def end_rule(request: HttpRequest, code: str) -> Any:
    actions.end_rule(code, by=actor_of(request), now=time.now())
    return _rules()
