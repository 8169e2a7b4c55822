"""`/api/v1/organisations/…/contracts/…/credit-terms`: versions of credit terms and minutes excluded by hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from tomei.accounts.doors import actor_of
from tomei.customers import listing
from tomei.customers.credit import actions, queries
from tomei.customers.rules import credit
from tomei.kernel import time

router = Router(tags=["customers"])
_ONE = "/organisations/{int:pk}/contracts/{int:contract_id}/credit-terms"


class TierShape(Schema):
    below: Annotated[Decimal, Field(ge=0, le=100)]
    percent: Annotated[Decimal, Field(ge=0, le=100)]


class CreditTermsIn(Schema):
    """`seen` is the newest version number known, 0 for none. `starts_on` is the first day of a month."""

    monthly_fee: Annotated[str, Field(max_length=30)]
    currency: Annotated[str, Field(max_length=3)]
    target: Annotated[str, Field(max_length=20)]
    tiers: Annotated[list[TierShape], Field(max_length=20)]
    cap: Annotated[str, Field(max_length=20)] = "100"
    zone: Annotated[str, Field(max_length=60)]
    impacts: Annotated[list[str], Field(max_length=10)] = list(credit.DEFAULT_IMPACTS)
    excludes_maintenance: bool = True
    starts_on: date
    reason: str = ""
    seen: int


class CreditTermsOut(Schema):
    number: int
    starts_on: date
    terms: dict[str, Any]
    made_by_id: int | None
    made_at: datetime
    reason: str


class ExclusionIn(Schema):
    month: date
    minutes: Annotated[int, Field(ge=1, le=actions.LONGEST_MONTH_MIN)]
    reason: str


class ExclusionEndIn(Schema):
    reason: str


class ExclusionOut(Schema):
    id: int
    month: date
    minutes: int
    reason: str
    made_at: datetime
    ended_at: datetime | None
    ended_reason: str


def _shown(contract_id: int) -> list[dict[str, Any]]:
    return [
        {"number": one.number, "starts_on": one.starts_on, "terms": one.terms.as_json(), "made_by_id": one.made_by_id,
         "made_at": one.made_at, "reason": one.reason}
        for one in queries.versions(contract_id)
    ]  # fmt: skip


@router.get(_ONE, response=list[CreditTermsOut], summary="Credit terms of a contract, newest version first")
def credit_terms(request: HttpRequest, pk: int, contract_id: int) -> Any:
    actor_of(request).require(actions.RIGHT)
    listing.contract(contract_id, pk)
    return _shown(contract_id)


@router.post(_ONE, response={201: list[CreditTermsOut]}, summary="Another version of the credit terms")
def add_credit_terms(request: HttpRequest, pk: int, contract_id: int, body: CreditTermsIn) -> Any:
    by = actor_of(request)
    by.require(actions.RIGHT)
    listing.contract(contract_id, pk)
    given = body.model_dump(exclude={"seen", "reason", "starts_on", "tiers"})
    terms = credit.checked(**given, tiers=[(str(one.below), str(one.percent)) for one in body.tiers])
    actions.add_credit_terms(
        contract_id, terms, organisation_id=pk, starts_on=body.starts_on, reason=body.reason, seen=body.seen, by=by,
        now=time.now(),
    )  # fmt: skip
    return Status(201, _shown(contract_id))


def _exclusions(contract_id: int) -> list[dict[str, Any]]:
    names = list(ExclusionOut.model_fields)
    return [{name: getattr(one, name) for name in names} for one in queries.exclusions(contract_id, ended=True)]


@router.get(f"{_ONE}/exclusions", response=list[ExclusionOut], summary="Minutes excluded by hand")
def exclusions(request: HttpRequest, pk: int, contract_id: int) -> Any:
    actor_of(request).require(actions.RIGHT)
    listing.contract(contract_id, pk)
    return _exclusions(contract_id)


@router.post(f"{_ONE}/exclusions", response={201: list[ExclusionOut]}, summary="Exclude minutes of a month")
def exclude(request: HttpRequest, pk: int, contract_id: int, body: ExclusionIn) -> Any:
    by = actor_of(request)
    by.require("customer.edit")
    listing.contract(contract_id, pk)
    actions.exclude_minutes(contract_id, organisation_id=pk, **body.model_dump(), by=by, now=time.now())
    return Status(201, _exclusions(contract_id))


@router.post(
    f"{_ONE}/exclusions/{{int:exclusion_id}}/end", response=list[ExclusionOut], summary="Take an exclusion back"
)
def end_exclusion(request: HttpRequest, pk: int, contract_id: int, exclusion_id: int, body: ExclusionEndIn) -> Any:
    by = actor_of(request)
    by.require("customer.edit")
    listing.contract(contract_id, pk)
    actions.end_exclusion(
        exclusion_id, contract_id=contract_id, organisation_id=pk, reason=body.reason, by=by, now=time.now()
    )
    return _exclusions(contract_id)
