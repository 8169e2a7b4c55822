"""Whom an update reaches by which channel, before it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tomei.comms.facts import Recipient
from tomei.customers.queries import OrganisationFacts
from tomei.delivery.endpoints import queries as endpoints
from tomei.delivery.endpoints.facts import EndpointFacts


def spread(
    mails: Sequence[Recipient], organisations: Mapping[int, OrganisationFacts], audiences: Sequence[str]
) -> list[Recipient]:
    """These mails and the channels beside them, without the mails that a working channel stands for."""
    people = {int(one.key.partition(":")[2]): one for one in mails}
    found = [one for one in endpoints.of_owners(organisation=organisations, contact=people) if one.is_on]
    posts = [_organisation(one, organisations, audiences) for one in found if one.use == "organisation"]
    posts += [_contact(one, people) for one in found if one.use == "contact"]
    return [one for one in mails if not _stood_for(one, found)] + [one for one in posts if one is not None]


def _organisation(
    to: EndpointFacts, organisations: Mapping[int, OrganisationFacts], audiences: Sequence[str]
) -> Recipient | None:
    owner = organisations[to.owner_id or 0]
    own = f"customer:{owner.id}"
    standing = own if own in audiences else "affected" if "affected" in audiences else ""
    return _post(to, to.language or owner.language, owner.zone, standing, owner.id) if standing else None


def _contact(to: EndpointFacts, people: Mapping[int, Recipient]) -> Recipient:
    owner = people[to.owner_id or 0]
    return _post(to, to.language or owner.language, owner.zone, owner.view, owner.organisation_id)


def _post(to: EndpointFacts, language: str, zone: str, view: str, organisation_id: int | None) -> Recipient:
    return Recipient(
        f"endpoint:{to.id}", "", language, zone, view, organisation_id, None, endpoint_id=to.id, kind=to.kind,
        hint=to.hint,
    )  # fmt: skip


def _stood_for(one: Recipient, found: Sequence[EndpointFacts]) -> bool:
    """Does a working channel carry this instead? That of an organisation never stands for an executive's summary."""
    return any(
        to.works
        and not to.mail_too
        and (
            one.key == f"contact:{to.owner_id}"
            if to.use == "contact"
            else to.owner_id == one.organisation_id and one.view != "executives"
        )
        for to in found
    )
