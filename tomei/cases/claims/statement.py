"""A statement of credit: what one contract would give for one month, with everything it was reckoned from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from tomei.cases.claims import hooks
from tomei.cases.claims.rules import credit
from tomei.cases.models import Case, Incident, IncidentComponent
from tomei.cases.queries import about_incidents
from tomei.customers import queries as customers
from tomei.customers.credit import queries as terms
from tomei.kernel import ids, time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import Text

RIGHT = "claim.amounts"
MONTHS = 6  # shown side by side
ANNOUNCED = 0  # the id of no incident: maintenance announced by itself


@dataclass(frozen=True, slots=True)
class Statement:
    """`reckoned` is None while the contract has no terms for that month. `is_whole_product`: nothing said what they
    use."""

    contract: customers.ContractFacts
    month: date
    version: terms.VersionFacts | None
    reckoned: credit.Reckoned | None
    components: Mapping[int, Text]
    incidents: Mapping[int, str]  # id -> key, only those that this reader may find
    exclusions: tuple[terms.ExclusionFacts, ...]
    is_whole_product: bool


def contract_of(organisation_id: int, contract_id: int) -> customers.ContractFacts:
    found = [one for one in customers.contracts_of([organisation_id]) if one.id == contract_id]
    if not found:
        raise Missing(f"contract {contract_id}")
    return found[0]


def month_of(text: str) -> date:
    """`2026-11` as its first day; refuses `credit.month`."""
    try:
        if len(text) != 7:
            raise ValueError(text)
        found = date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise Refused("credit.month", month=text[:20]) from error
    if not 2000 <= found.year <= 2100:
        raise Refused("credit.month", month=text[:20])
    return found


def this_month(zone: str, now: datetime) -> date:
    return now.astimezone(time.zone(zone)).date().replace(day=1)


def of_month(organisation_id: int, contract_id: int, month: date, *, by: Actor, now: datetime) -> Statement:
    """Reckoned anew each time from what is known at `now`. Asks for `claim.amounts`."""
    return months(organisation_id, contract_id, [month], by=by, now=now)[0]


def months(
    organisation_id: int, contract_id: int, wanted: Iterable[date], *, by: Actor, now: datetime
) -> list[Statement]:
    """Several months of one contract; versions, components and exclusions are read once for all of them."""
    by.require(RIGHT)
    contract = contract_of(organisation_id, contract_id)
    versions, exclusions = terms.versions(contract_id), terms.exclusions(contract_id)
    parts, is_whole = _components(organisation_id, contract.product_id)
    found = []
    for month in wanted:
        version = terms.in_force(versions, month)
        mine = tuple(one for one in exclusions if one.month == month.replace(day=1))
        reckoned = _reckon(version, organisation_id, month, list(parts), mine, now) if version else None
        seen = _seen(reckoned, by)
        found.append(Statement(contract, month, version, reckoned, parts, seen, mine, is_whole))
    return found


def _components(organisation_id: int, product_id: int | None) -> tuple[dict[int, Text], bool]:
    """What this customer uses of the contract's product; all of the product where nothing says what they use."""
    used = [one for one in customers.used_by(organisation_id) if product_id in (None, one.product_id)]
    if used or product_id is None:
        return {one.id: one.name for one in used}, False
    return {one.id: one.name for one in customers.components_of(product_id)}, True


def _reckon(
    version: terms.VersionFacts,
    organisation_id: int,
    month: date,
    component_ids: list[int],
    exclusions: Iterable[terms.ExclusionFacts],
    now: datetime,
) -> credit.Reckoned:
    since, until = credit.month_bounds(month, version.terms.zone)
    spells = _spells(organisation_id, component_ids, since, until)
    spells += [
        credit.Spell(ANNOUNCED, component_id, credit.MAINTENANCE, start, end)
        for component_id, start, end in hooks.maintenance(organisation_id, component_ids, since, until)
    ]
    excluded = timedelta(minutes=sum(one.minutes for one in exclusions))
    return credit.reckon(version.terms, month, spells, excluded=excluded, now=now)


def _spells(organisation_id: int, component_ids: list[int], since: datetime, until: datetime) -> list[credit.Spell]:
    """Harm to these components in the span: of no drill, nothing declared in error, and not where this customer's
    case was withdrawn, since they were not affected. Restricted incidents count: they hurt all the same."""
    rows = IncidentComponent.objects.filter(component__in=component_ids, since_at__lt=until, incident__drill=False)
    rows = rows.filter(Q(until_at=None) | Q(until_at__gt=since)).exclude(incident__state="dismissed")
    theirs = Case.objects.filter(organisation=organisation_id, incident__isnull=False)
    spared = theirs.filter(state="withdrawn").exclude(incident__in=theirs.exclude(state="withdrawn").values("incident"))
    rows = rows.exclude(incident__in=spared.values("incident"))
    columns = ("incident_id", "component_id", "impact", "since_at", "until_at")
    return [credit.Spell(*values) for values in rows.order_by("since_at", "id").values_list(*columns)]


def _seen(reckoned: credit.Reckoned | None, by: Actor) -> dict[int, str]:
    if reckoned is None:
        return {}
    wanted = {one.spell.incident_id for one in reckoned.counted}
    rows = Incident.objects.filter(about_incidents.found_by(by), pk__in=wanted)
    return {pk: ids.key("INC", number) for pk, number in rows.values_list("pk", "number")}


def last_months(zone: str, now: datetime, count: int = MONTHS) -> list[date]:
    """This month and those before it, newest first."""
    found = [this_month(zone, now)]
    while len(found) < count:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found
