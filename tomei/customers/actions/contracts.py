"""Who bought what, under which policy, until when."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from tomei.accounts import audit
from tomei.customers.actions.writing import replace, row_of
from tomei.customers.models import Contract, Organisation, Policy, Product
from tomei.customers.queries import exists
from tomei.customers.rules import words
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused


def _checked(
    product_id: int | None,
    policy_id: int,
    number: str,
    terms: str,
    yearly_value: str,
    dates: tuple[date | None, date | None, date | None],
) -> dict[str, object]:
    if not exists(Product, product_id):
        raise Refused("field.not_a_choice", field="product_id", value=product_id)
    if not exists(Policy, policy_id):
        raise Refused("field.not_a_choice", field="policy_id", value=policy_id)
    starts_on, ends_on, renews_on = dates
    if starts_on and ends_on and ends_on < starts_on:
        raise Refused("contract.ends_first", field="ends_on")
    return {
        "product_id": product_id,
        "policy_id": policy_id,
        "number": words.line(number, "number", limit=80),
        "terms": words.paragraph(terms, "terms"),
        "yearly_value": words.line(yearly_value, "yearly_value", limit=80),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "renews_on": renews_on,
    }


@transaction.atomic
def add_contract(
    organisation_id: int,
    *,
    product_id: int | None = None,
    policy_id: int,
    number: str = "",
    terms: str = "",
    yearly_value: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    renews_on: date | None = None,
    by: Actor,
    now: datetime,
) -> int:
    """From now on incidents of this product pin this policy for the organisation; without a product, all of them."""
    by.require("customer.edit")
    row_of(Organisation, organisation_id)
    values = _checked(product_id, policy_id, number, terms, yearly_value, (starts_on, ends_on, renews_on))
    row = Contract.objects.create(organisation_id=organisation_id, changed_by=by.name, changed_at=now, **values)
    audit.record("contract.added", by=by, now=now, organisation_id=organisation_id, contract_id=row.pk)
    events.emit("organisation.changed", now=now, organisation_id=organisation_id)
    return row.pk


@transaction.atomic
def edit_contract(
    contract_id: int,
    *,
    organisation_id: int,
    product_id: int | None,
    policy_id: int,
    number: str = "",
    terms: str = "",
    yearly_value: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    renews_on: date | None = None,
    seen: int,
    by: Actor,
    now: datetime,
) -> None:
    """Replace what the form shows; running incidents keep the policy version they pinned."""
    by.require("customer.edit")
    _of_organisation(contract_id, organisation_id)
    values = _checked(product_id, policy_id, number, terms, yearly_value, (starts_on, ends_on, renews_on))
    replace(Contract, contract_id, seen=seen, by=by, now=now, **values)
    audit.record(
        "contract.edited",
        by=by,
        now=now,
        organisation_id=organisation_id,
        contract_id=contract_id,
        policy_id=policy_id,
        renews_on=renews_on.isoformat() if renews_on else None,
    )
    events.emit("organisation.changed", now=now, organisation_id=organisation_id)


@transaction.atomic
def archive_contract(contract_id: int, *, organisation_id: int, seen: int, by: Actor, now: datetime) -> None:
    """Ended: no new incident pins it."""
    by.require("customer.edit")
    _of_organisation(contract_id, organisation_id)
    replace(Contract, contract_id, seen=seen, by=by, now=now, archived_at=now)
    audit.record("contract.archived", by=by, now=now, organisation_id=organisation_id, contract_id=contract_id)
    events.emit("organisation.changed", now=now, organisation_id=organisation_id)


def _of_organisation(contract_id: int, organisation_id: int) -> None:
    if row_of(Contract, contract_id).organisation_id != organisation_id:
        raise Refused("organisation.not_theirs", field="contract")
