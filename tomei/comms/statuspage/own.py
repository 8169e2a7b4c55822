"""The status page and the incidents as one customer sees them: what was told to them or to the public, nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tomei.cases import queries as cases
from tomei.cases import views as case_views
from tomei.cases.facts import ImpactFacts, IncidentFacts
from tomei.comms import queries, views
from tomei.comms.facts import UpdateFacts
from tomei.comms.rules import ENDED, WORKING
from tomei.comms.statuspage.page import MOST, PAST, IncidentView, PageView, component_view, incident_view
from tomei.customers import queries as customers
from tomei.customers.queries import ComponentFacts, OrganisationFacts
from tomei.kernel.actor import CLOCK
from tomei.kernel.errors import Missing

PAGE = 20


def page(
    organisation: OrganisationFacts, now: datetime, *, executive: bool = False, place: str, feeds: str = ""
) -> PageView:
    """Own incidents and components first, then what the public sees. Times stand in the customer's zone."""
    since = now - PAST
    own = case_views.own_incidents(organisation.id, since=since)
    burning = [one.id for one in cases.open_incidents(CLOCK)]
    known, told = _told([*own, *burning, *queries.told_publicly(since=since)], organisation, executive)
    parts = _components(organisation)
    impacts = [
        one for one in cases.impacts(component_ids=[part.id for part in parts], since=since) if one.incident_id in told
    ]
    shown = [_view(known[pk], told[pk], impacts, organisation, executive, pk in own) for pk in told]
    house, policy = customers.ours(), customers.default_policy()
    current = sorted((one for one in shown if one.state in WORKING), key=lambda one: (not one.mine, -one.id))
    past = sorted((one for one in shown if one.state in ENDED), key=lambda one: one.updated_at, reverse=True)
    return PageView(
        house.name, organisation.zone, organisation.language, now,
        tuple(component_view(part, impacts, now, organisation.zone) for part in parts),
        tuple(current), tuple(past[:MOST]), None, policy.terms, policy.calendar is not None, place, feeds or place,
    )  # fmt: skip


def _components(organisation: OrganisationFacts) -> list[ComponentFacts]:
    """What they use, also when the public does not see it, then the rest of the public page."""
    used = customers.used_by(organisation.id)
    own = {one.id for one in used}
    return [*used, *(one for one in customers.public_components() if one.id not in own)]


def _told(
    incident_ids: Iterable[int], organisation: OrganisationFacts, executive: bool
) -> tuple[Mapping[int, IncidentFacts], Mapping[int, list[UpdateFacts]]]:
    """Incidents of these that they may know of, and of each the updates that they may read, newest first."""
    found = cases.incidents(incident_ids)
    known = {pk: one for pk, one in found.items() if not one.drill and not one.restricted}
    own = case_views.is_own(organisation.id, known)
    told = {
        pk: kept
        for pk, updates in queries.of_incidents(known).items()
        if (kept := [one for one in updates if standing(one, organisation.id, own=pk in own, executive=executive)])
    }
    return known, told


def standing(update: UpdateFacts, organisation_id: int, *, own: bool, executive: bool = False) -> str:
    """As whom they read this update; empty when it was not told to them. Only who is part of it is affected."""
    meant = [f"customer:{organisation_id}", "affected", *(["executives"] if executive else [])] if own else []
    return next((one for one in (*meant, "public") if one in update.audiences), "")


def _view(
    one: IncidentFacts,
    updates: Sequence[UpdateFacts],
    impacts: Sequence[ImpactFacts],
    organisation: OrganisationFacts,
    executive: bool,
    mine: bool,
) -> IncidentView:
    numbers = views.numbers(updates)
    shown = tuple(
        views.view(
            update, one, audience=standing(update, organisation.id, own=mine, executive=executive),
            organisation=organisation, numbers=numbers,
        )
        for update in updates
    )  # fmt: skip
    return replace(incident_view(one, updates, impacts, organisation.zone, shown), mine=mine)


def incident(
    key: str, organisation: OrganisationFacts, *, executive: bool = False
) -> tuple[IncidentView, IncidentFacts]:
    """One incident as they know it, and its facts for the other features' views; `Missing` when nothing was told."""
    found = cases.by_number(key, CLOCK)
    known, told = _told([found.id], organisation, executive)
    if found.id not in told:
        raise Missing(key[:40])
    mine = bool(case_views.is_own(organisation.id, [found.id]))
    hurt = cases.components_of(found.id)
    return _view(known[found.id], told[found.id], hurt, organisation, executive, mine), found


def listed(
    organisation: OrganisationFacts, *, working: bool, executive: bool = False, before: int = 0
) -> tuple[tuple[IncidentView, ...], int]:
    """Their own incidents, newest first, and the id that the next page begins below (0 at the end)."""
    limit = MOST if working else PAGE
    wanted = case_views.own_incidents(organisation.id, working=working, before=before, limit=limit + 1)
    shown = wanted[:limit]
    known, told = _told(shown, organisation, executive)
    rows = tuple(_view(known[pk], told[pk], (), organisation, executive, True) for pk in shown if pk in told)
    return rows, shown[-1] if len(wanted) > limit else 0


def may_read_file(about: str, organisation: OrganisationFacts, *, executive: bool = False) -> bool:
    """Does `update:5` stand in their room now: told to them, not replaced, no drill, not restricted?"""
    prefix, _, number = about.partition(":")
    update = queries.updates([int(number)]).get(int(number)) if prefix == "update" and number.isdigit() else None
    if update is None or update.corrected_by_id is not None:
        return False
    _, told = _told([update.incident_id], organisation, executive)
    return any(one.id == update.id for one in told.get(update.incident_id, ()))
