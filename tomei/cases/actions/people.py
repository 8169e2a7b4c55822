"""When a person leaves the house, their roles go to the deputy and nobody is left unaccountable."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tomei.accounts import queries as accounts
from tomei.cases.actions import roles, rows
from tomei.cases.models import Incident, RoleHolding
from tomei.cases.queries import about_incidents as incident_queries
from tomei.kernel.actor import CLOCK


@transaction.atomic
def person_left(user_id: int, deputy_id: int | None, *, now: datetime) -> list[int]:
    """Every role this person held goes to the deputy (or falls empty), every incident they answered for finds another.

    Returns the incidents concerned. For the listener of `person.deactivated`.
    """
    held: dict[int, list[str]] = {}
    for holding in RoleHolding.objects.filter(user=user_id, left_at=None).order_by("incident_id", "id"):
        held.setdefault(holding.incident_id, []).append(holding.role)
    owned = Incident.objects.filter(owner=user_id).exclude(state__in=("closed", "dismissed"))
    concerned = sorted({*held, *owned.values_list("pk", flat=True)})
    deputy = accounts.people([deputy_id]).get(deputy_id) if deputy_id is not None else None
    heir = deputy.id if deputy is not None and deputy.is_active else None
    for incident_id in concerned:
        _pass_on(incident_id, user_id, heir, held.get(incident_id, []), now)
    return concerned


def _pass_on(incident_id: int, user_id: int, heir: int | None, held: list[str], now: datetime) -> None:
    row = rows.subject(incident_id, CLOCK)
    present = incident_queries.holders(incident_id)
    left = [(role, user_id) for role in held]
    joined = [(role, heir) for role in held if heir is not None and heir not in present.get(role, ())]
    roles.change(row, "role.left", left, joined, by=CLOCK, now=now, person_left=user_id)
