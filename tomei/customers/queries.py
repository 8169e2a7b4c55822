"""What is asked of customers: dataclasses for other features. Lists and rows for our own pages are in `listing`.

Everything that takes several ids asks the database once. Archived rows answer by id, so that the past stays readable;
they are left out of what is used for new work (`users_of`, `update_contacts`, `public_components`, `policy_for`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery

from tomei.customers import rules
from tomei.customers.facts import (
    ComponentFacts,
    ContactFacts,
    ContractFacts,
    OrganisationFacts,
    PolicyFacts,
    ProductFacts,
)
from tomei.customers.models import (
    Calendar,
    Component,
    Contact,
    Contract,
    Organisation,
    Policy,
    PolicyVersion,
    Product,
    Use,
)
from tomei.kernel.errors import Missing
from tomei.kernel.text import Text

GUESTS = ("customer", "partner")  # whose contacts have a room

__all__ = [
    "ComponentFacts",
    "ContactFacts",
    "ContractFacts",
    "OrganisationFacts",
    "PolicyFacts",
    "ProductFacts",
    "all_organisations",
    "all_products",
    "component",
    "component_by_slug",
    "components",
    "components_all",
    "components_by_slug",
    "components_of",
    "contacts",
    "contract_of",
    "contracts_of",
    "customers_all",
    "default_policy",
    "guest",
    "guests_at",
    "has_house",
    "organisation",
    "organisations",
    "ours",
    "policies_for",
    "policy_for",
    "policy_version",
    "product",
    "products",
    "public_components",
    "strictest",
    "update_contacts",
    "used_by",
    "users_of",
    "version_of",
]


# -- organisations and people there ---------------------------------------------------------------------------------


def facts_of(row: Organisation) -> OrganisationFacts:
    return OrganisationFacts(
        id=row.pk,
        kind=row.kind,
        name=Text.of(row.name),
        zone=row.zone,
        language=row.language,
        account_owner_id=row.account_owner_id,
        is_archived=row.archived_at is not None,
        last_word_at=row.last_word_at,
    )


def has_house() -> bool:
    """False until `actions.found` has run: the first run asks for the name of the house."""
    return Organisation.objects.filter(kind="ours").exists()


def ours() -> OrganisationFacts:
    """The house itself; `Missing` before it is founded."""
    row = Organisation.objects.filter(kind="ours").first()
    if row is None:
        raise Missing("ours")
    return facts_of(row)


def organisation(organisation_id: int) -> OrganisationFacts:
    """`Missing` when there is none."""
    found = organisations([organisation_id])
    if not found:
        raise Missing(f"organisation {organisation_id}")
    return found[organisation_id]


def organisations(organisation_ids: Iterable[int]) -> dict[int, OrganisationFacts]:
    """By id; unknown ids are left out."""
    possible = [pk for pk in set(organisation_ids) if 0 < pk < 2**63]  # no database can even look for any other number
    return {row.pk: facts_of(row) for row in Organisation.objects.filter(pk__in=possible)}


def all_organisations(*kinds: str) -> list[OrganisationFacts]:
    """Everyone not archived of these kinds (all kinds when none is named), for choosing from."""
    rows = Organisation.objects.filter(archived_at=None)
    return [facts_of(row) for row in (rows.filter(kind__in=kinds) if kinds else rows).order_by("id")]


def contacts(organisation_id: int) -> list[ContactFacts]:
    """Everybody there who is not archived."""
    rows = Contact.objects.filter(organisation=organisation_id, archived_at=None)
    return [_contact(row) for row in rows.order_by("id")]


def update_contacts(organisation_ids: Iterable[int]) -> list[ContactFacts]:
    """Who gets updates by mail at these organisations."""
    rows = Contact.objects.filter(
        organisation__in=set(organisation_ids), archived_at=None, gets_updates=True, organisation__archived_at=None
    ).exclude(mail="")
    return [_contact(row) for row in rows.order_by("organisation_id", "id")]


def contact_by_mail(address: str) -> ContactFacts | None:
    """The contact, not archived, who is written to at this address; the one known longest where it is shared."""
    rows = Contact.objects.filter(mail__iexact=address, archived_at=None, organisation__archived_at=None)
    row = rows.order_by("id").first() if address else None
    return _contact(row) if row else None


def guests_at(address: str) -> list[ContactFacts]:
    """Every contact, not archived, with this address at a customer or partner: who may enter their room."""
    if not address:
        return []
    rows = Contact.objects.filter(
        mail=address, archived_at=None, organisation__archived_at=None, organisation__kind__in=GUESTS
    )
    return [_contact(row) for row in rows.order_by("id")]


def guest(contact_id: int) -> tuple[ContactFacts, OrganisationFacts] | None:
    """A contact who may enter the room now, with the organisation; None for everybody else."""
    rows = Contact.objects.filter(archived_at=None, organisation__archived_at=None, organisation__kind__in=GUESTS)
    row = rows.select_related("organisation").filter(pk=contact_id).first()
    return (_contact(row), facts_of(row.organisation)) if row else None


def _contact(row: Contact) -> ContactFacts:
    return ContactFacts(
        row.pk, row.organisation_id, row.name, row.mail, row.language, row.is_executive, row.phone, row.title,
        row.gets_updates, row.room_role,
    )  # fmt: skip


def customers_all() -> list[OrganisationFacts]:
    """Every customer that is not archived."""
    return all_organisations("customer")


def version_of(organisation_id: int) -> int:
    """What a form that edits the organisation must carry as `seen`."""
    found = Organisation.objects.filter(pk=organisation_id).values_list("version", flat=True).first()
    if found is None:
        raise Missing(f"organisation {organisation_id}")
    return found


# -- catalogue ------------------------------------------------------------------------------------------------------


def product(product_id: int) -> ProductFacts:
    """`Missing` when there is none."""
    found = products([product_id])
    if not found:
        raise Missing(f"product {product_id}")
    return found[product_id]


def products(product_ids: Iterable[int]) -> dict[int, ProductFacts]:
    return {row.pk: _product(row) for row in Product.objects.filter(pk__in=set(product_ids))}


def all_products() -> list[ProductFacts]:
    """Products that are not archived, in the order of the catalogue."""
    return [_product(row) for row in Product.objects.filter(archived_at=None).order_by("position", "id")]


def _product(row: Product) -> ProductFacts:
    return ProductFacts(
        id=row.pk,
        name=Text.of(row.name),
        owner_id=row.owner_id,
        team_id=row.team_id,
        top_tier_id=row.top_tier_id,
        sponsor_id=row.sponsor_id,
        is_archived=row.archived_at is not None,
    )


def component(component_id: int) -> ComponentFacts:
    """`Missing` when there is none."""
    found = components([component_id])
    if not found:
        raise Missing(f"component {component_id}")
    return found[component_id]


def components(component_ids: Iterable[int]) -> dict[int, ComponentFacts]:
    """By id, in the order of the catalogue; unknown ids are left out."""
    rows = Component.objects.filter(pk__in=set(component_ids)).order_by("position", "id")
    return {row.pk: component_facts(row) for row in rows}


def components_of(product_id: int | None = None) -> list[ComponentFacts]:
    """Components of a product (of every product when none is named) that are not archived."""
    rows = Component.objects.filter(archived_at=None, product__archived_at=None)
    if product_id is not None:
        rows = rows.filter(product=product_id)
    return [component_facts(row) for row in rows.order_by("product__position", "product_id", "position", "id")]


def components_all() -> list[ComponentFacts]:
    """Every component that is not archived, in the order of the catalogue."""
    return components_of()


def component_by_slug(slug: str) -> ComponentFacts | None:
    return components_by_slug([slug]).get(slug)


def components_by_slug(slugs: Iterable[str]) -> dict[str, ComponentFacts]:
    """What an alert's `component` or `service` label names."""
    rows = Component.objects.filter(slug__in=set(slugs), archived_at=None)
    return {row.slug: component_facts(row) for row in rows}


def public_components() -> list[ComponentFacts]:
    """What the status page lists, in its order."""
    return [part for part in components_of() if part.is_public]


def component_facts(row: Component) -> ComponentFacts:
    return ComponentFacts(
        id=row.pk,
        product_id=row.product_id,
        name=Text.of(row.name),
        group=Text.of(row.group),
        slug=row.slug,
        declares=row.declares,
        is_public=row.is_public,
        declares_as=row.declares_as,
        position=row.position,
        created_at=row.created_at,
        is_archived=row.archived_at is not None,
    )


def users_of(component_ids: Iterable[int]) -> list[int]:
    """Customers and partners that use any of these components: who is affected when they fail."""
    rows = Use.objects.filter(component__in=set(component_ids), organisation__archived_at=None)
    return list(
        rows.exclude(organisation__kind="ours")
        .values_list("organisation_id", flat=True)
        .distinct()
        .order_by("organisation_id")
    )


def used_by(organisation_id: int) -> list[ComponentFacts]:
    """Components that this organisation uses, in the order of the catalogue."""
    rows = Component.objects.filter(uses__organisation=organisation_id, archived_at=None)
    return [component_facts(row) for row in rows.order_by("product__position", "product_id", "position", "id")]


def contracts_of(organisation_ids: Iterable[int]) -> list[ContractFacts]:
    """Contracts in force or to come, newest first within an organisation."""
    rows = Contract.objects.filter(organisation__in=set(organisation_ids), archived_at=None)
    return [_contract(row) for row in rows.order_by("organisation_id", "-id")]


def contract_of(organisation_id: int, product_id: int | None) -> ContractFacts | None:
    """The contract for this product, else the one that names no product; None when there is neither."""
    return _choose(contracts_of([organisation_id]), product_id).get(organisation_id)


def _choose(contracts: list[ContractFacts], product_id: int | None) -> dict[int, ContractFacts]:
    chosen: dict[int, ContractFacts] = {}
    for contract in contracts:
        if contract.product_id not in (None, product_id):
            continue
        held = chosen.get(contract.organisation_id)
        if held is None or (held.product_id is None and contract.product_id is not None):
            chosen[contract.organisation_id] = contract
    return chosen


def _contract(row: Contract) -> ContractFacts:
    return ContractFacts(
        id=row.pk,
        organisation_id=row.organisation_id,
        product_id=row.product_id,
        policy_id=row.policy_id,
        number=row.number,
        terms=row.terms,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        renews_on=row.renews_on,
        yearly_value=row.yearly_value,
    )


def policy_for(organisation_id: int | None, product_id: int | None) -> PolicyFacts:
    """Newest version of the contract's policy, else of the default one; `Missing` before the house is founded."""
    if organisation_id is None:
        return default_policy()
    return policies_for([organisation_id], product_id)[organisation_id]


def policies_for(organisation_ids: Iterable[int], product_id: int | None) -> dict[int, PolicyFacts]:
    """`policy_for` of many organisations in three queries."""
    wanted = list(dict.fromkeys(organisation_ids))
    chosen = _choose(contracts_of(wanted), product_id)
    newest = newest_versions({contract.policy_id for contract in chosen.values()})
    fallback = default_policy() if len(chosen) < len(wanted) else None
    found: dict[int, PolicyFacts] = {}
    for wanted_id in wanted:
        contract = chosen.get(wanted_id)
        facts = newest.get(contract.policy_id) if contract else fallback
        found[wanted_id] = facts or default_policy()
    return found


def default_policy() -> PolicyFacts:
    facts = newest_versions(Policy.objects.filter(is_default=True).values_list("pk", flat=True))
    if not facts:
        raise Missing("default policy")
    return next(iter(facts.values()))


def newest_versions(policy_ids: Iterable[int]) -> dict[int, PolicyFacts]:
    """The version in force of each policy, in one query."""
    newest = PolicyVersion.objects.filter(policy=OuterRef("policy")).order_by("-number").values("number")[:1]
    rows = PolicyVersion.objects.filter(policy__in=set(policy_ids)).alias(top=Subquery(newest)).filter(number=F("top"))
    return {row.policy_id: policy_facts(row) for row in rows.select_related("policy", "calendar")}


def policy_version(version_id: int) -> PolicyFacts:
    """What an incident pinned; `Missing` when there is none."""
    row = PolicyVersion.objects.select_related("policy", "calendar").filter(pk=version_id).first()
    if row is None:
        raise Missing(f"policy version {version_id}")
    return policy_facts(row)


def policy_facts(row: PolicyVersion) -> PolicyFacts:
    return PolicyFacts(
        version_id=row.pk,
        policy_id=row.policy_id,
        name=row.policy.name,
        number=row.number,
        terms=rules.Terms.of_json(row.terms),
        calendar=calendar_facts(row.calendar) if row.calendar else None,
    )


def calendar_facts(row: Calendar) -> rules.CalendarFacts:
    return rules.CalendarFacts.of(row.zone, row.country, row.hours, row.closed_on)


def strictest(versions: Iterable[PolicyFacts]) -> PolicyFacts:
    """Of several policies the one that tells the worst severities soonest; the default when there is none."""
    return (
        min(versions, key=lambda facts: (*rules.stricter(facts.terms), facts.version_id), default=None)
        or default_policy()
    )


def exists(kind: type[Any], pk: int | None, **where: Any) -> bool:
    """Whether a row that a form named is there and not archived; None is nothing named."""
    return pk is None or kind.objects.filter(Q(pk=pk), archived_at=None, **where).exists()
