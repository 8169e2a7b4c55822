"""Business calendars. A change counts from then on; times already told stay as they were told."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from tomei.accounts import audit
from tomei.customers import rules
from tomei.customers.actions.writing import replace
from tomei.customers.models import Calendar, PolicyVersion
from tomei.customers.rules import words
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused


def _checked(name: str, zone: str, country: str, hours: object, closed_on: object) -> dict[str, object]:
    facts = rules.CalendarFacts.of(zone, country, hours, closed_on)
    return {
        "name": words.line(name, "name", limit=words.NAME, required=True),
        "zone": zone,
        "country": country,
        "hours": hours,
        "closed_on": sorted(facts.closed_on),
    }


@transaction.atomic
def add_calendar(
    name: str,
    *,
    zone: str,
    country: str = "JP",
    hours: dict[str, list[list[str]]],
    closed_on: list[str] | None = None,
    is_default: bool = False,
    by: Actor,
    now: datetime,
) -> int:
    """Hours by weekday (`"0"` is Monday) in `zone`, less the holidays of `country` and what the house closes."""
    by.require("house.configure")
    values = _checked(name, zone, country, hours, closed_on or [])
    try:
        with transaction.atomic():
            row = Calendar.objects.create(is_default=is_default, changed_by=by.name, changed_at=now, **values)
    except IntegrityError as error:
        raise Refused("calendar.name_taken", field="name", name=values["name"]) from error
    audit.record("calendar.added", by=by, now=now, calendar_id=row.pk, **values)
    return row.pk


@transaction.atomic
def edit_calendar(
    calendar_id: int,
    *,
    name: str,
    zone: str,
    country: str,
    hours: dict[str, list[list[str]]],
    closed_on: list[str] | None = None,
    seen: int,
    by: Actor,
    now: datetime,
) -> None:
    """Replace what the form shows; due times already set do not move."""
    by.require("house.configure")
    values = _checked(name, zone, country, hours, closed_on or [])
    try:
        with transaction.atomic():
            replace(Calendar, calendar_id, seen=seen, by=by, now=now, **values)
    except IntegrityError as error:
        raise Refused("calendar.name_taken", field="name", name=values["name"]) from error
    audit.record("calendar.edited", by=by, now=now, calendar_id=calendar_id, **values)


@transaction.atomic
def archive_calendar(calendar_id: int, *, seen: int, by: Actor, now: datetime) -> None:
    """Not offered any more; refused while the version in force of a policy counts on it."""
    by.require("house.configure")
    newest: dict[int, int | None] = {}
    for policy_id, used_id in PolicyVersion.objects.order_by("number").values_list("policy_id", "calendar_id"):
        newest[policy_id] = used_id
    if calendar_id in newest.values():
        raise Refused("calendar.in_use")
    replace(Calendar, calendar_id, seen=seen, by=by, now=now, archived_at=now)
    audit.record("calendar.archived", by=by, now=now, calendar_id=calendar_id)
