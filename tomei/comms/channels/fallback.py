"""What a channel could not deliver goes by mail: to the same people, by the same key, so that nobody gets it twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from tomei.cases import queries as cases
from tomei.comms import queries, sending
from tomei.comms.channels import owners
from tomei.comms.maintenance import sending as maintenance
from tomei.customers import queries as customers
from tomei.delivery.endpoints import queries as endpoints
from tomei.delivery.endpoints.facts import EndpointFacts
from tomei.kernel.errors import Missing
from tomei.kernel.events import Event

STILL_NEWS = timedelta(hours=72)  # as long as the outbox tries


def failing(event: Event) -> None:
    """A channel of a contract fails again and again, or was stopped: all that waits for it goes by mail now."""
    if event["use"] not in owners.USES:
        return
    for about in endpoints.undelivered(event["endpoint_id"], since=event.at - STILL_NEWS):
        _by_mail(about, endpoints.one(event["endpoint_id"], owners.USES), event.at)


def given_up(event: Event) -> None:
    """One message to a channel of a contract was given up."""
    endpoint_id = event.facts.get("endpoint_id")
    if endpoint_id is None or event.facts.get("purpose") not in ("update", "notice"):
        return
    try:
        _by_mail(str(event["about"]), endpoints.one(endpoint_id, owners.USES), event.at)
    except Missing:  # removed meanwhile: the contacts still stand in the reach of the update
        _by_mail(str(event["about"]), None, event.at, organisation_id=event.facts.get("organisation_id"))


def _by_mail(about: str, to: EndpointFacts | None, now: datetime, organisation_id: int | None = None) -> None:
    kind, _, number = about.partition(":")
    if kind not in ("update", "notice") or not number.isdigit():
        return
    owner = owners.organisation_of(to) if to else organisation_id
    if owner is None or owner not in customers.organisations([owner]):
        return
    contact = f"contact:{to.owner_id}" if to and to.use == "contact" else ""
    if kind == "notice":
        maintenance.queue_by_mail(int(number), owner, only=contact, now=now)
        return
    update = queries.update(int(number))
    incident = cases.incident(update.incident_id)
    if not incident.drill:
        sending.queue_by_mail(update, incident, owner, only=contact, now=now)
