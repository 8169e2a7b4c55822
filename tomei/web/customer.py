"""What hangs under a customer: their cases with the incident, and what we still owe them."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from tomei.accounts.doors import actor_of
from tomei.cases import queries as cases
from tomei.cases import words
from tomei.cases.claims import queries as claims
from tomei.cases.claims.reading import named as claims_named
from tomei.cases.claims.web import words_of
from tomei.comms.channels import owners
from tomei.delivery.endpoints import labels
from tomei.kernel import time
from tomei.promises import queries as promises
from tomei.web import board


def part(request: HttpRequest, organisation_id: int) -> str:
    """Ready HTML for the customer's page; nothing of an incident that this reader may not find."""
    by = actor_of(request)
    found = cases.of_organisation(organisation_id, by)
    incidents = cases.incidents(one.incident_id for one in found if one.incident_id is not None)
    owed = promises.owed(promises.Filters(customer_id=organisation_id), by=by, limit=20).items
    context = {
        "rows": [(one, incidents.get(one.incident_id or 0), cases.said(words.CASE_STATES, one.state)) for one in found],
        "owed": board.name(owed, time.now()),
        "claims": claims_named(claims.of_organisation(organisation_id, by)),
        "may_claim": by.may("claim.work"),
        **words_of(),
        "channels": owners.of(organisation_id),
        "channel_kinds": labels.KINDS,
        "organisation_id": organisation_id,
        "may_edit_channels": by.may("customer.edit"),
    }
    return render_to_string("web/customer_part.html", context, request=request)
