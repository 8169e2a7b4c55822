"""`/api/v1/organisations`: customers, vendors and partners with contacts, contracts and uses."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from tomei.accounts.doors import actor_of
from tomei.customers import actions, hooks, listing
from tomei.customers.api.shapes import NameIn, Seen
from tomei.customers.models import Contact, Contract, Organisation
from tomei.kernel import time
from tomei.kernel.text import Text

router = Router()
Limit = Annotated[int, Query(ge=1, le=200)]
Kind = Literal["customer", "vendor", "partner"]


class OrganisationIn(Schema):
    name: NameIn
    zone: str = "Asia/Tokyo"
    language: str = "ja"
    account_owner_id: int | None = None
    notes: str = ""


class OrganisationNew(OrganisationIn):
    kind: Kind = "customer"


class OrganisationEdit(OrganisationIn, Seen):
    pass


class OrganisationOut(Schema):
    id: int
    version: int
    kind: str
    name: NameIn
    zone: str
    language: str
    account_owner_id: int | None
    notes: str
    last_word_at: datetime | None
    archived_at: datetime | None
    renews_on: date | None = None
    open_cases: int = 0


class OrganisationPage(Schema):
    items: list[OrganisationOut]
    next: str | None


class ContactIn(Schema):
    name: str
    mail: str = ""
    phone: str = ""
    title: str = ""
    language: str = "ja"
    gets_updates: bool = True
    is_executive: bool = False
    room_role: Literal["reader", "answerer", "commander"] = "reader"


class ContactEdit(ContactIn, Seen):
    pass


class ContactOut(ContactIn):
    id: int
    version: int
    archived_at: datetime | None


class ContractIn(Schema):
    product_id: int | None = None
    policy_id: int
    number: str = ""
    terms: str = ""
    yearly_value: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    renews_on: date | None = None


class ContractEdit(ContractIn, Seen):
    pass


class ContractOut(ContractIn):
    id: int
    version: int
    archived_at: datetime | None


class OrganisationDetail(OrganisationOut):
    contacts: list[ContactOut]
    contracts: list[ContractOut]
    component_ids: list[int]


class UsesIn(Schema):
    component_ids: list[int]


def _organisation(row: Organisation, **more: Any) -> dict[str, Any]:
    same = ("version", "kind", "zone", "language", "account_owner_id", "notes", "last_word_at", "archived_at")
    return {"id": row.pk, "name": Text.of(row.name).as_json(), **{name: getattr(row, name) for name in same}, **more}


def _detail(pk: int) -> dict[str, Any]:
    row = listing.organisation(pk)
    contracts = list(row.contracts.all())
    days = [one.renews_on for one in contracts if one.renews_on and not one.archived_at]
    return _organisation(
        row,
        renews_on=min(days, default=None),
        open_cases=hooks.open_of([pk]).get(pk, hooks.OpenFacts()).open_cases,
        contacts=[_contact(one) for one in row.contacts.all()],
        contracts=[_contract(one) for one in contracts],
        component_ids=sorted(use.component_id for use in row.uses.all()),
    )


def _contact(row: Contact) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ContactOut.model_fields}


def _contract(row: Contract) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ContractOut.model_fields}


@router.get("/organisations", response=OrganisationPage, operation_id="organisations_list")
def list_organisations(
    request: HttpRequest,
    q: str = "",
    kind: Literal["", "customer", "vendor", "partner"] = "",
    archived: bool = False,
    sort: Literal["entry", "renewal"] = "entry",
    after: str = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Customers, vendors and partners with open cases and the next renewal."""
    actor_of(request).require("read")
    sought = listing.Filter(q.replace("\x00", "")[:100], kind, archived, sort, after[:40])
    lines, following = listing.organisations(sought, limit)
    items = [_organisation(line.row, renews_on=line.renews_on, open_cases=line.open.open_cases) for line in lines]
    return {"items": items, "next": following or None}


@router.post("/organisations", response={201: OrganisationDetail}, operation_id="organisations_add")
def add_organisation(request: HttpRequest, body: OrganisationNew) -> Status[dict[str, Any]]:
    given = body.dict() | {"name": body.name.text()}
    made = actions.add_organisation(given.pop("kind"), **given, by=actor_of(request), now=time.now())
    return Status(201, _detail(made.id))


@router.get("/organisations/{int:pk}", response=OrganisationDetail, operation_id="organisations_get")
def get_organisation(request: HttpRequest, pk: int) -> dict[str, Any]:
    """One organisation with contacts, contracts and what it uses."""
    actor_of(request).require("read")
    return _detail(pk)


@router.put("/organisations/{int:pk}", response=OrganisationDetail, operation_id="organisations_edit")
def edit_organisation(request: HttpRequest, pk: int, body: OrganisationEdit) -> dict[str, Any]:
    given = body.dict() | {"name": body.name.text()}
    actions.edit_organisation(pk, **given, by=actor_of(request), now=time.now())
    return _detail(pk)


@router.post("/organisations/{int:pk}/archive", response=OrganisationDetail, operation_id="organisations_archive")
def archive_organisation(request: HttpRequest, pk: int, body: Seen) -> dict[str, Any]:
    """Out of every list of new work; it stays readable."""
    actions.archive_organisation(pk, seen=body.seen, by=actor_of(request), now=time.now())
    return _detail(pk)


@router.post("/organisations/{int:pk}/return", response=OrganisationDetail, operation_id="organisations_return")
def return_organisation(request: HttpRequest, pk: int, body: Seen) -> dict[str, Any]:
    actions.return_organisation(pk, seen=body.seen, by=actor_of(request), now=time.now())
    return _detail(pk)


@router.put("/organisations/{int:pk}/uses", response=OrganisationDetail, operation_id="organisations_uses")
def set_uses(request: HttpRequest, pk: int, body: UsesIn) -> dict[str, Any]:
    """It uses exactly these components."""
    actions.set_uses(pk, body.component_ids, by=actor_of(request), now=time.now())
    return _detail(pk)


@router.post("/organisations/{int:pk}/contacts", response={201: ContactOut}, operation_id="contacts_add")
def add_contact(request: HttpRequest, pk: int, body: ContactIn) -> Status[dict[str, Any]]:
    made = actions.add_contact(pk, **body.dict(), by=actor_of(request), now=time.now())
    return Status(201, _contact(listing.contact(made, pk)))


@router.put("/organisations/{int:pk}/contacts/{int:contact_id}", response=ContactOut, operation_id="contacts_edit")
def edit_contact(request: HttpRequest, pk: int, contact_id: int, body: ContactEdit) -> dict[str, Any]:
    actions.edit_contact(contact_id, organisation_id=pk, **body.dict(), by=actor_of(request), now=time.now())
    return _contact(listing.contact(contact_id, pk))


@router.post(
    "/organisations/{int:pk}/contacts/{int:contact_id}/archive", response=ContactOut, operation_id="contacts_archive"
)
def archive_contact(request: HttpRequest, pk: int, contact_id: int, body: Seen) -> dict[str, Any]:
    """Gets nothing more."""
    actions.archive_contact(contact_id, organisation_id=pk, seen=body.seen, by=actor_of(request), now=time.now())
    return _contact(listing.contact(contact_id, pk))


@router.post("/organisations/{int:pk}/contracts", response={201: ContractOut}, operation_id="contracts_add")
def add_contract(request: HttpRequest, pk: int, body: ContractIn) -> Status[dict[str, Any]]:
    made = actions.add_contract(pk, **body.dict(), by=actor_of(request), now=time.now())
    return Status(201, _contract(listing.contract(made, pk)))


@router.put("/organisations/{int:pk}/contracts/{int:contract_id}", response=ContractOut, operation_id="contracts_edit")
def edit_contract(request: HttpRequest, pk: int, contract_id: int, body: ContractEdit) -> dict[str, Any]:
    actions.edit_contract(contract_id, organisation_id=pk, **body.dict(), by=actor_of(request), now=time.now())
    return _contract(listing.contract(contract_id, pk))


@router.post(
    "/organisations/{int:pk}/contracts/{int:contract_id}/archive",
    response=ContractOut,
    operation_id="contracts_archive",
)
def archive_contract(request: HttpRequest, pk: int, contract_id: int, body: Seen) -> dict[str, Any]:
    """No new incident pins it."""
    actions.archive_contract(contract_id, organisation_id=pk, seen=body.seen, by=actor_of(request), now=time.now())
    return _contract(listing.contract(contract_id, pk))
