"""The first act: the house itself, a calendar and a policy, so that an incident can be declared at once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tomei.accounts import audit
from tomei.customers import rules
from tomei.customers.facts import OrganisationFacts
from tomei.customers.models import Calendar, Organisation, Policy, PolicyVersion
from tomei.customers.queries import facts_of
from tomei.customers.rules import words
from tomei.kernel import events
from tomei.kernel.actor import CLOCK
from tomei.kernel.text import Text
from tomei.kernel.time import zone as known_zone

WEEK = {str(day): [["09:00", "18:00"]] for day in range(5)}


@transaction.atomic
def found(name: Text, zone: str = "Asia/Tokyo", language: str = "ja", *, now: datetime) -> OrganisationFacts:
    """Our own organisation, the default calendar and the default policy stand; what already stands is left alone.

    Has no `by`: it runs before there is anybody, at first start.
    """
    known_zone(zone)
    row, is_new = Organisation.objects.get_or_create(
        kind="ours",
        defaults={
            "name": words.said(name, "name").as_json(),
            "zone": zone,
            "language": words.language(language),
            "created_at": now,
        },
    )
    calendar = Calendar.objects.filter(is_default=True).first() or _calendar(zone, language)
    if not Policy.objects.filter(is_default=True).exists():
        _policy(calendar, language, now)
    if is_new:
        audit.record("house.founded", by=CLOCK, now=now, organisation_id=row.pk)
        events.emit("organisation.changed", now=now, organisation_id=row.pk)
    return facts_of(row)


def _calendar(zone: str, language: str) -> Calendar:
    in_japan = zone == "Asia/Tokyo"
    name = "標準営業時間" if language == "ja" else "Business hours"
    closed = sorted(rules.default_calendar().closed_on) if in_japan else []
    return Calendar.objects.create(
        name=name, zone=zone, country="JP" if in_japan else "", hours=WEEK, closed_on=closed, is_default=True
    )


def _policy(calendar: Calendar, language: str, now: datetime) -> None:
    policy = Policy.objects.create(name="標準" if language == "ja" else "Standard", is_default=True)
    PolicyVersion.objects.create(
        policy=policy, number=1, terms=rules.default_terms().as_json(), calendar=calendar, made_at=now
    )
