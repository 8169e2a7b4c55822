"""Who comes next when a promise is about to break: the people of today's ladder, for many promises at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tomei.accounts import queries as accounts
from tomei.cases import queries as cases
from tomei.customers import queries as customers
from tomei.oncall import ladder
from tomei.promises.facts import PromiseFacts
from tomei.promises.rules import Rung


@dataclass(frozen=True, slots=True)
class _Known:
    """What all ladders of one batch stand on, read in a few queries."""

    people: dict[int, accounts.Person]
    incidents: dict[int, cases.IncidentFacts]
    holders: dict[int, dict[str, tuple[int, ...]]]
    products: dict[int, customers.ProductFacts]
    leads: dict[int, int | None]
    owners: dict[int, int | None]


def of(promises: Sequence[PromiseFacts], now: datetime) -> dict[int, list[Rung]]:
    """Promise id -> rungs, lowest first; whoever is missing is left out, and an empty list finds nobody."""
    known = _read(promises)
    return {
        promise.id: [Rung(rung.name, rung.user_ids) for rung in ladder.rungs(_facts(promise, known))]
        for promise in promises
    }


def _read(promises: Sequence[PromiseFacts]) -> _Known:
    incidents = cases.incidents({p.incident_id for p in promises if p.incident_id is not None})
    held: dict[int, dict[str, tuple[int, ...]]] = {}
    for incident_id, holdings in cases.holdings(incidents).items():
        roles: dict[str, list[int]] = {}
        for holding in holdings:
            roles.setdefault(holding.role, []).append(holding.user_id)
        held[incident_id] = {role: tuple(users) for role, users in roles.items()}
    products = customers.products({i.product_id for i in incidents.values() if i.product_id is not None})
    organisations = customers.organisations({p.customer_id for p in promises if p.customer_id is not None})
    return _Known(
        {person.id: person for person in accounts.active_people()},
        incidents,
        held,
        products,
        accounts.leads(),
        {pk: organisation.account_owner_id for pk, organisation in organisations.items()},
    )


def _facts(promise: PromiseFacts, known: _Known) -> ladder.LadderFacts:
    incident = known.incidents.get(promise.incident_id or 0)
    holders = known.holders.get(promise.incident_id or 0, {})
    product = known.products.get(incident.product_id or 0) if incident else None
    owner_id = (
        promise.owner_id or (incident.owner_id if incident else None) or known.owners.get(promise.customer_id or 0)
    )
    owner = known.people.get(owner_id or 0)
    deputies = [*([owner.deputy_id] if owner and owner.deputy_id else []), *holders.get("deputy", ())]
    team_id = promise.team_id or (product.team_id if product else None)
    sponsors = holders.get("sponsor") or ((product.sponsor_id,) if product and product.sponsor_id else ())
    return ladder.LadderFacts(
        owner_id=owner_id,
        deputy_ids=tuple(deputies),
        team_lead_id=known.leads.get(team_id or 0),
        commander_ids=holders.get("commander", ()),
        sponsor_ids=tuple(sponsors),
        every_commander_ids=tuple(person.id for person in known.people.values() if person.role == "commander"),
        active_ids=frozenset(known.people),
    )
