"""The status page and the incidents as one customer sees them: what was told to them or to the public, nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime

from tomei.cases import queries as cases
from tomei.cases import views as case_views
from tomei.cases.facts import ImpactFacts, IncidentFacts
from tomei.comms import queries, views
from tomei.comms.facts import UpdateFacts
from tomei.comms.rules import ENDED, WORKING
from tomei.comms.statuspage import works
from tomei.comms.statuspage.page import MOST, PAST, IncidentView, PageView, component_view, incident_view
from tomei.customers import queries as customers
from tomei.customers.queries import ComponentFacts, OrganisationFacts
from tomei.kernel.actor import CLOCK
from tomei.kernel.errors import Missing

PAGE = 20


@dataclass(frozen=True, slots=True)
class _Told:
    """Incidents that one customer may know of, of each the updates that they may read, and which are their own."""

    incidents: Mapping[int, IncidentFacts]
    updates: Mapping[int, list[UpdateFacts]]
    own: Set[int]
    organisation: OrganisationFacts
    executive: bool

    def view(self, pk: int, impacts: Sequence[ImpactFacts] = ()) -> IncidentView:
        one, updates, mine = self.incidents[pk], self.updates[pk], pk in self.own
        numbers = views.numbers(updates)
        shown = tuple(
            views.view(update, one, audience=self.standing(update), organisation=self.organisation, numbers=numbers)
            for update in updates
        )
        return replace(incident_view(one, updates, impacts, self.organisation.zone, shown), mine=mine)

    def standing(self, update: UpdateFacts) -> str:
        """As whom they read this update; empty when it was not told to them. Only who is part of it is affected."""
        meant = [f"customer:{self.organisation.id}", "affected", *(["executives"] if self.executive else [])]
        mine = meant if update.incident_id in self.own else []
        return next((one for one in (*mine, "public") if one in update.audiences), "")


def _told(incident_ids: Iterable[int], organisation: OrganisationFacts, executive: bool) -> _Told:
    """What was told of these. Drills and restricted incidents are nobody's to know outside."""
    found = cases.incidents(incident_ids)
    known = {pk: one for pk, one in found.items() if not one.drill and not one.restricted}
    asked = _Told(known, {}, case_views.is_own(organisation.id, known), organisation, executive)
    updates = {
        pk: kept
        for pk, rows in queries.of_incidents(known).items()
        if (kept := [one for one in rows if asked.standing(one)])
    }
    return replace(asked, updates=updates)


def page(
    organisation: OrganisationFacts, now: datetime, *, executive: bool = False, place: str, feeds: str = ""
) -> PageView:
    """Own incidents and components first, then what the public sees. Times stand in the customer's zone."""
    since = now - PAST
    own = case_views.own_incidents(organisation.id, since=since)
    burning = [one.id for one in cases.open_incidents(CLOCK)]
    told = _told([*own, *burning, *queries.told_publicly(since=since)], organisation, executive)
    parts, planned = _components(organisation), works.told_to(organisation.id, since)
    hurt = cases.impacts(component_ids=[part.id for part, _mine in parts], since=since)
    impacts = [one for one in hurt if one.incident_id in told.updates]
    shown = [told.view(pk, impacts) for pk in told.updates]
    house, policy = customers.ours(), customers.default_policy()
    current = sorted((one for one in shown if one.state in WORKING), key=lambda one: (not one.mine, -one.id))
    past = sorted((one for one in shown if one.state in ENDED), key=lambda one: one.updated_at, reverse=True)
    return PageView(
        house.name, organisation.zone, organisation.language, now,
        tuple(replace(component_view(part, impacts, now, organisation.zone, planned), mine=m) for part, m in parts),
        tuple(current), tuple(past[:MOST]), None, policy.terms, policy.calendar is not None, place, feeds or place,
        planned,
    )  # fmt: skip


def _components(organisation: OrganisationFacts) -> list[tuple[ComponentFacts, bool]]:
    """What they use, also when the public does not see it, then the rest of the public page."""
    used = customers.used_by(organisation.id)
    own = {one.id for one in used}
    return [
        *((one, True) for one in used),
        *((one, False) for one in customers.public_components() if one.id not in own),
    ]


def incident(
    key: str, organisation: OrganisationFacts, *, executive: bool = False
) -> tuple[IncidentView, IncidentFacts]:
    """One incident as they know it, and its facts for the other features' views; `Missing` when nothing was told."""
    found = cases.by_number(key, CLOCK)
    told = _told([found.id], organisation, executive)
    if found.id not in told.updates:
        raise Missing(key[:40])
    return told.view(found.id, cases.components_of(found.id)), found


def listed(
    organisation: OrganisationFacts, *, working: bool, executive: bool = False, before: int = 0
) -> tuple[tuple[IncidentView, ...], int]:
    """Their own incidents, newest first, and the id that the next page begins below (0 at the end)."""
    limit = MOST if working else PAGE
    wanted = case_views.own_incidents(organisation.id, working=working, before=before, limit=limit + 1)
    shown = wanted[:limit]
    told = _told(shown, organisation, executive)
    rows = tuple(told.view(pk) for pk in shown if pk in told.updates)
    return rows, shown[-1] if len(wanted) > limit else 0


def may_read_file(about: str, organisation: OrganisationFacts, *, executive: bool = False) -> bool:
    """Does `update:5` stand in their room now: told to them, not replaced, no drill, not restricted?"""
    prefix, _, number = about.partition(":")
    update = queries.updates([int(number)]).get(int(number)) if prefix == "update" and number.isdigit() else None
    if update is None or update.corrected_by_id is not None:
        return False
    told = _told([update.incident_id], organisation, executive)
    return any(one.id == update.id for one in told.updates.get(update.incident_id, ()))
