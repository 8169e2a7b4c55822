"""What a customer may know of who works on an incident, and of the own case (law 13)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tomei.accounts import queries as accounts
from tomei.cases.facts import IncidentFacts
from tomei.cases.models import WORKING, Case, Incident
from tomei.cases.queries import holdings
from tomei.cases.words import ROLES
from tomei.kernel import ids
from tomei.kernel.text import Text

SPEAK = ("commander", "communications", "liaison")  # named to customers; of the others only how many they are
_OWNER = Text("責任者", "Accountable")


@dataclass(frozen=True, slots=True)
class CrewView:
    """Who works on it now: (role, name) of those who lead and speak, and how many more hold a role."""

    named: tuple[tuple[Text, str], ...] = ()
    others: int = 0


@dataclass(frozen=True, slots=True)
class CaseView:
    """The reader's own part in an incident."""

    severity: str
    opened_at: datetime
    acknowledged_at: datetime | None
    resumed_at: datetime | None
    closed_at: datetime | None


def crew(incident: IncidentFacts) -> CrewView:
    """Holders of the roles that speak; before anybody took one, who is accountable."""
    held = holdings([incident.id])[incident.id]
    people = accounts.people({one.user_id for one in held} | ({incident.owner_id} if incident.owner_id else set()))
    named = [
        (ROLES[role], people[one.user_id].name)
        for role in SPEAK for one in held if one.role == role and one.user_id in people
    ]  # fmt: skip
    speakers = {one.user_id for one in held if one.role in SPEAK}
    if not named and incident.owner_id in people:
        named, speakers = [(_OWNER, people[incident.owner_id].name)], speakers | {incident.owner_id}
    return CrewView(tuple(named), len({one.user_id for one in held} - speakers))


def case_of(incident_id: int, organisation_id: int) -> CaseView | None:
    """The part of this customer; None where they have none, or it was withdrawn."""
    rows = Case.objects.filter(incident=incident_id, organisation=organisation_id).exclude(state="withdrawn")
    row = rows.order_by("pk").first()
    if row is None:
        return None
    return CaseView(row.severity, row.opened_at, row.acknowledged_at, row.resumed_at, row.closed_at)


def own_incidents(
    organisation_id: int,
    *,
    working: bool | None = None,
    since: datetime | None = None,
    before: int = 0,
    limit: int = 200,
) -> list[int]:
    """Incidents that this customer is part of, newest first: no drill, nothing restricted, something told.

    `working` True: those that still burn, False: those that ended. By pages below the id `before`.
    """
    rows = _own(organisation_id)
    if working is not None:
        rows = rows.filter(incident__state__in=WORKING) if working else rows.exclude(incident__state__in=WORKING)
    if since is not None:
        rows = rows.filter(incident__declared_at__gte=since)
    if before:
        rows = rows.filter(incident__lt=before)
    return list(rows.order_by("-incident_id").values_list("incident_id", flat=True).distinct()[:limit])


def is_own(organisation_id: int, incident_ids: Iterable[int]) -> set[int]:
    """Which of these incidents this customer is part of."""
    return set(_own(organisation_id).filter(incident__in=set(incident_ids)).values_list("incident_id", flat=True))


def _own(organisation_id: int) -> QuerySet[Case]:
    rows = Case.objects.filter(organisation=organisation_id, incident__drill=False, incident__restricted=False)
    return rows.filter(incident__updates__gt=0).exclude(state="withdrawn")


def key_of(incident_id: int) -> str:
    """`INC-12`, for a link to what `is_own` has let through."""
    return ids.key("INC", Incident.objects.values_list("number", flat=True).get(pk=incident_id))
