"""The writers of credit terms: a new version, minutes excluded, an exclusion taken back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from tomei.accounts import audit
from tomei.customers.actions.writing import row_of
from tomei.customers.credit.models import CreditExclusion, CreditVersion
from tomei.customers.models import Contract
from tomei.customers.rules import credit, words
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused

RIGHT = "claim.amounts"
LONGEST_MONTH_MIN = 31 * 24 * 60 + 60  # with the hour that autumn adds


@transaction.atomic
def add_credit_terms(
    contract_id: int,
    terms: credit.CreditTerms,
    *,
    organisation_id: int,
    starts_on: date,
    reason: str = "",
    seen: int,
    by: Actor,
    now: datetime,
) -> int:
    """Another version, in force for months that begin on or after `starts_on`; `seen` is the newest number known.

    Refuses without the rights, a day that is no first of a month, and `credit.changed` when somebody was faster.
    """
    by.require("customer.edit")
    by.require(RIGHT)
    _contract(contract_id, organisation_id)
    if starts_on.day != 1:
        raise Refused("credit.first_of_month", field="starts_on")
    newest = _newest(contract_id)
    if newest != seen:
        raise Refused("credit.changed", number=newest)
    row = CreditVersion.objects.create(
        contract_id=contract_id, number=newest + 1, starts_on=starts_on, terms=terms.as_json(),
        made_by_id=by.user_id, made_at=now, reason=words.paragraph(reason, "reason", limit=500),
    )  # fmt: skip
    audit.record("credit.terms_added", by=by, now=now, contract_id=contract_id, number=row.number)
    return row.number


def _newest(contract_id: int) -> int:
    row = CreditVersion.objects.filter(contract=contract_id).order_by("-number").values_list("number", flat=True)
    return row.first() or 0


def _contract(contract_id: int, organisation_id: int) -> None:
    """Locked, so that two versions never get the same number on PostgreSQL either."""
    if row_of(Contract, contract_id).organisation_id != organisation_id:
        raise Refused("organisation.not_theirs", field="contract")
    list(Contract.objects.select_for_update().filter(pk=contract_id).values_list("pk", flat=True))


@transaction.atomic
def exclude_minutes(
    contract_id: int, *, organisation_id: int, month: date, minutes: int, reason: str, by: Actor, now: datetime
) -> int:
    """These minutes of that month are not counted. A reason is needed: it stands in every statement."""
    by.require("customer.edit")
    by.require(RIGHT)
    _contract(contract_id, organisation_id)
    if not 1 <= minutes <= LONGEST_MONTH_MIN:
        raise Refused("field.not_a_number", field="minutes", value=minutes, least=1, most=LONGEST_MONTH_MIN)
    row = CreditExclusion.objects.create(
        contract_id=contract_id, month=month.replace(day=1), minutes=minutes,
        reason=words.line(reason, "reason", limit=500, required=True), made_by_id=by.user_id, made_at=now,
    )  # fmt: skip
    audit.record("credit.excluded", by=by, now=now, contract_id=contract_id, minutes=minutes, month=str(row.month))
    return row.pk


@transaction.atomic
def end_exclusion(
    exclusion_id: int, *, contract_id: int, organisation_id: int, reason: str, by: Actor, now: datetime
) -> None:
    """The minutes count again. The row stays; refuses `credit.exclusion_ended` the second time."""
    by.require("customer.edit")
    by.require(RIGHT)
    _contract(contract_id, organisation_id)
    said = words.line(reason, "reason", limit=500, required=True)
    mine = CreditExclusion.objects.filter(pk=exclusion_id, contract=contract_id)
    if not mine.exists():
        raise Missing(f"exclusion {exclusion_id}")
    if not mine.filter(ended_at=None).update(ended_at=now, ended_by_id=by.user_id, ended_reason=said):
        raise Refused("credit.exclusion_ended")
    audit.record("credit.exclusion_ended", by=by, now=now, contract_id=contract_id, exclusion_id=exclusion_id)
