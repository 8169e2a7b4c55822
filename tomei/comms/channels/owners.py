"""Whose a channel is: an organisation, or one of its contacts."""

from __future__ import annotations

from collections.abc import Mapping

from tomei.customers import listing
from tomei.customers import queries as customers
from tomei.delivery.endpoints import queries as endpoints
from tomei.delivery.endpoints.facts import EndpointFacts
from tomei.kernel.errors import Missing, Refused

USES = ("organisation", "contact")


def organisation_of(to: EndpointFacts) -> int | None:
    """The organisation that it belongs to, itself or by its contact."""
    if to.use == "organisation":
        return to.owner_id
    return listing.organisations_of_contacts([to.owner_id or 0]).get(to.owner_id or 0)


def of(organisation_id: int) -> list[EndpointFacts]:
    """All channels of an organisation and of its contacts."""
    people = {one.id: one for one in customers.contacts(organisation_id)}
    return endpoints.of_owners(organisation=[organisation_id], contact=people)


def one(organisation_id: int, endpoint_id: int) -> EndpointFacts:
    """A channel of this organisation; `Missing` for anybody else's."""
    found = endpoints.one(endpoint_id, USES)
    if organisation_of(found) != organisation_id:
        raise Missing("channel")
    return found


def read(organisation_id: int, whose: str) -> tuple[str, int]:
    """(use, owner) of what a form says: empty for the organisation, else the id of a contact of it."""
    customers.organisation(organisation_id)
    if not whose:
        return "organisation", organisation_id
    known = {str(one.id): one.id for one in customers.contacts(organisation_id)}
    if whose not in known:
        raise Refused("channel.unknown_contact")
    return "contact", known[whose]


def names(organisation_id: int) -> Mapping[int, str]:
    return {one.id: one.name for one in customers.contacts(organisation_id)}
