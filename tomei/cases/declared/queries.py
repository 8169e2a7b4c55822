"""Declarations by case, and what an organisation may choose from."""

from __future__ import annotations

from collections.abc import Iterable

from tomei.cases.declared.facts import DeclarationFacts
from tomei.cases.declared.models import Declaration
from tomei.customers import queries as customers
from tomei.kernel.severity import Severity


def facts_of(row: Declaration) -> DeclarationFacts:
    return DeclarationFacts(
        row.case_id, row.contact_id, Severity(row.test), row.began_at, row.users, row.product_id, row.component_id,
        row.lead_contact_id, row.lead_at, row.contested_at, row.contested_to, row.answered_at,
    )  # fmt: skip


def of_case(case_id: int) -> DeclarationFacts | None:
    row = Declaration.objects.filter(case=case_id).first()
    return facts_of(row) if row else None


def of_cases(case_ids: Iterable[int]) -> dict[int, DeclarationFacts]:
    """By case; cases that our own people opened are left out."""
    return {row.case_id: facts_of(row) for row in Declaration.objects.filter(case__in=set(case_ids))}


def products_of(organisation_id: int) -> list[customers.ProductFacts]:
    """Products of their contracts and of the services that they use; all of ours when a contract names none."""
    contracts = customers.contracts_of([organisation_id])
    wanted = {one.product_id for one in contracts} | {one.product_id for one in customers.used_by(organisation_id)}
    listed = customers.all_products()
    return [one for one in listed if None in wanted or one.id in wanted]
