"""Organisations and the people there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from tomei.accounts import audit
from tomei.customers.actions.writing import known_people, replace, row_of
from tomei.customers.facts import OrganisationFacts
from tomei.customers.models import Contact, Organisation
from tomei.customers.queries import facts_of
from tomei.customers.rules import words
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.text import Text
from tomei.kernel.time import zone as known_zone

KINDS = ("customer", "vendor", "partner")


@transaction.atomic
def add_organisation(
    kind: str,
    *,
    name: Text,
    zone: str = "Asia/Tokyo",
    language: str = "ja",
    account_owner_id: int | None = None,
    notes: str = "",
    by: Actor,
    now: datetime,
) -> OrganisationFacts:
    """A new customer, vendor or partner; ours is made once, by `found`."""
    by.require("customer.edit")
    if kind not in KINDS:
        raise Refused("field.not_a_choice", field="kind", value=kind[:20])
    values = _checked(name, zone, language, account_owner_id, notes)
    row = Organisation.objects.create(kind=kind, created_at=now, changed_by=by.name, changed_at=now, **values)
    audit.record("organisation.added", by=by, now=now, organisation_id=row.pk, kind=kind, name=values["name"])
    events.emit("organisation.changed", now=now, organisation_id=row.pk)
    return facts_of(row)


def _checked(name: Text, zone: str, language: str, account_owner_id: int | None, notes: str) -> dict[str, object]:
    known_zone(zone)
    known_people(account_owner_id=account_owner_id)
    return {
        "name": words.said(name, "name").as_json(),
        "zone": zone,
        "language": words.language(language),
        "account_owner_id": account_owner_id,
        "notes": words.paragraph(notes, "notes"),
    }


@transaction.atomic
def edit_organisation(
    organisation_id: int,
    *,
    name: Text,
    zone: str,
    language: str,
    account_owner_id: int | None,
    notes: str = "",
    seen: int,
    by: Actor,
    now: datetime,
) -> OrganisationFacts:
    """Replace what the form shows; `Stale` when somebody changed it since version `seen`."""
    by.require("customer.edit")
    values = _checked(name, zone, language, account_owner_id, notes)
    row = replace(Organisation, organisation_id, seen=seen, by=by, now=now, **values)
    values.pop("notes")
    audit.record("organisation.edited", by=by, now=now, organisation_id=row.pk, **values)
    events.emit("organisation.changed", now=now, organisation_id=row.pk)
    return facts_of(row)


@transaction.atomic
def archive_organisation(organisation_id: int, *, seen: int, by: Actor, now: datetime) -> None:
    """Out of every list of new work, still readable; never ours."""
    by.require("customer.edit")
    if row_of(Organisation, organisation_id).kind == "ours":
        raise Refused("organisation.ours_stays")
    replace(Organisation, organisation_id, seen=seen, by=by, now=now, archived_at=now)
    audit.record("organisation.archived", by=by, now=now, organisation_id=organisation_id)
    events.emit("organisation.changed", now=now, organisation_id=organisation_id)


@transaction.atomic
def return_organisation(organisation_id: int, *, seen: int, by: Actor, now: datetime) -> None:
    """Back among those we work for."""
    by.require("customer.edit")
    replace(Organisation, organisation_id, seen=seen, by=by, now=now, archived_at=None)
    audit.record("organisation.returned", by=by, now=now, organisation_id=organisation_id)
    events.emit("organisation.changed", now=now, organisation_id=organisation_id)


def record_word(organisation_ids: Iterable[int], *, at: datetime) -> None:
    """The last word to each of these was at `at`; an earlier word never takes back a later one.

    Called inside the action that spoke, which has checked the right to.
    """
    heard_before = Q(last_word_at=None) | Q(last_word_at__lt=at)
    rows = Organisation.objects.filter(heard_before, pk__in=set(organisation_ids))
    locked = rows.select_for_update().order_by("pk").values_list("pk", flat=True)  # one order for all: no deadlock
    Organisation.objects.filter(pk__in=list(locked)).update(last_word_at=at)


@transaction.atomic
def add_contact(
    organisation_id: int,
    *,
    name: str,
    mail: str = "",
    phone: str = "",
    title: str = "",
    language: str = "ja",
    gets_updates: bool = True,
    is_executive: bool = False,
    room_role: str = "reader",
    by: Actor,
    now: datetime,
) -> int:
    """A person there; the same address twice in one organisation is refused."""
    by.require("customer.edit")
    row_of(Organisation, organisation_id)
    values = _person(name, mail, phone, title, language, room_role)
    try:
        with transaction.atomic():
            row = Contact.objects.create(
                organisation_id=organisation_id,
                gets_updates=gets_updates,
                is_executive=is_executive,
                changed_by=by.name,
                changed_at=now,
                **values,
            )
    except IntegrityError as error:
        raise Refused("contact.twice", field="mail", mail=values["mail"]) from error
    audit.record("contact.added", by=by, now=now, organisation_id=organisation_id, contact_id=row.pk)
    events.emit("organisation.changed", now=now, organisation_id=organisation_id)
    return row.pk


def _person(name: str, mail: str, phone: str, title: str, language: str, room_role: str) -> dict[str, str]:
    return {
        "name": words.line(name, "name", limit=words.NAME, required=True),
        "mail": words.mail(mail),
        "phone": words.line(phone, "phone", limit=40),
        "title": words.line(title, "title", limit=words.NAME),
        "language": words.language(language),
        "room_role": words.room_role(room_role),
    }


@transaction.atomic
def edit_contact(
    contact_id: int,
    *,
    organisation_id: int,
    name: str,
    mail: str,
    phone: str = "",
    title: str = "",
    language: str = "ja",
    gets_updates: bool = True,
    is_executive: bool = False,
    room_role: str = "reader",
    seen: int,
    by: Actor,
    now: datetime,
) -> None:
    """Replace what the form shows. A contact of another organisation is `Missing`."""
    by.require("customer.edit")
    _of_organisation(contact_id, organisation_id)
    values = _person(name, mail, phone, title, language, room_role)
    try:
        with transaction.atomic():
            replace(
                Contact,
                contact_id,
                seen=seen,
                by=by,
                now=now,
                gets_updates=gets_updates,
                is_executive=is_executive,
                **values,
            )
    except IntegrityError as error:
        raise Refused("contact.twice", field="mail", mail=values["mail"]) from error
    audit.record("contact.edited", by=by, now=now, organisation_id=organisation_id, contact_id=contact_id)
    events.emit("organisation.changed", now=now, organisation_id=organisation_id)


@transaction.atomic
def archive_contact(contact_id: int, *, organisation_id: int, seen: int, by: Actor, now: datetime) -> None:
    """Gets nothing more; what was sent to them stays readable."""
    by.require("customer.edit")
    _of_organisation(contact_id, organisation_id)
    replace(Contact, contact_id, seen=seen, by=by, now=now, archived_at=now)
    audit.record("contact.archived", by=by, now=now, organisation_id=organisation_id, contact_id=contact_id)
    events.emit("organisation.changed", now=now, organisation_id=organisation_id)


def _of_organisation(contact_id: int, organisation_id: int) -> None:
    if row_of(Contact, contact_id).organisation_id != organisation_id:
        raise Refused("organisation.not_theirs", field="contact")
