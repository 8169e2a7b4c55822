"""Incidents as facts, and who may see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import translation

from tomei.accounts import queries as accounts
from tomei.cases.facts import HoldingFacts, ImpactFacts, IncidentFacts
from tomei.cases.models import WORKING, Case, Incident, IncidentComponent, RoleHolding
from tomei.cases.words import STATES
from tomei.kernel import ids
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text

_COLUMNS = [part.name for part in fields(IncidentFacts)]  # in their order; `title` and `severity` are read below
_TITLE, _SEVERITY = _COLUMNS.index("title"), _COLUMNS.index("severity")
HOUSE = ("clock", "source")  # the house itself: it works on restricted incidents but shows them to nobody

# Literal, so that SQLite knows the partial index `incident_open` by its condition; bound values would hide it.
_OPEN = RawSQL(  # noqa: S611 constants only
    "cases_incident.state IN ({})".format(", ".join(f"'{state}'" for state in WORKING)), (), BooleanField()
)


def facts_of(row: Incident) -> IncidentFacts:
    return _facts([getattr(row, name) for name in _COLUMNS])


def all_facts(rows: QuerySet[Incident]) -> list[IncidentFacts]:
    """Of a list of incidents: read as plain columns, since a model's row costs more than the facts made of it."""
    return [_facts(list(values)) for values in rows.values_list(*_COLUMNS)]


def _facts(values: list[Any]) -> IncidentFacts:
    values[_TITLE], values[_SEVERITY] = Text.of(values[_TITLE]), Severity(values[_SEVERITY])
    return IncidentFacts(*values)


def visible(by: Actor) -> QuerySet[Incident]:
    """Every incident that `by` may find: a restricted one only its role holders, its owner and administrators."""
    return Incident.objects.filter(found_by(by))


def found_by(by: Actor, at: str = "") -> Q:
    """The same as a condition on rows that lead to an incident by `at` (`incident__`), in the query that asks."""
    if by.kind in HOUSE or by.may("restricted.read"):
        return Q()
    by.require("read")
    open_to_all = Q(**{f"{at}restricted": False})
    if by.user_id is None:
        return open_to_all
    held = RoleHolding.objects.filter(incident=OuterRef(f"{at}pk"), user=by.user_id, left_at=None)
    return open_to_all | Q(**{f"{at}owner": by.user_id}) | Q(Exists(held))


def may_see(row: Incident, by: Actor) -> bool:
    """The same decision for one row at hand; asks the database only when the row is restricted."""
    if by.kind in HOUSE or by.may("restricted.read"):
        return True
    by.require("read")
    if not row.restricted:
        return True
    if by.user_id is None:
        return False
    return (
        row.owner_id == by.user_id or RoleHolding.objects.filter(incident=row, user=by.user_id, left_at=None).exists()
    )


def may_read(incident_id: int, by: Actor) -> bool:
    """Whether this reader may find the incident; lent to files."""
    row = Incident.objects.filter(pk=incident_id).first()
    return row is not None and by.may("read") and may_see(row, by)


def opened(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """Those whose failure is still there."""
    return rows.filter(_OPEN)


def incident(incident_id: int) -> IncidentFacts:
    """For other features' rules, whoever asks; `Missing` when there is none. Pages use `by_number`."""
    found = incidents([incident_id])
    if not found:
        raise Missing(f"incident {incident_id}")
    return found[incident_id]


def incidents(incident_ids: Iterable[int]) -> dict[int, IncidentFacts]:
    """By id; unknown ids are left out. For other features' rules, whoever asks."""
    return {facts.id: facts for facts in all_facts(Incident.objects.filter(pk__in=set(incident_ids)))}


def by_number(number: int | str, by: Actor) -> IncidentFacts:
    """The person's door: 12 or `INC-12`; `Missing` when it is not there or not for this reader."""
    wanted = ids.number("INC", number) if isinstance(number, str) else number
    row = visible(by).filter(number=wanted).first()
    if row is None:
        raise Missing(f"INC-{wanted}")
    return facts_of(row)


def open_incidents(by: Actor, *, limit: int = 200) -> list[IncidentFacts]:
    """What burns now, worst first, newest first within a severity."""
    return all_facts(opened(visible(by)).order_by("rank", "-id")[:limit])


def names(
    incident_ids: Iterable[int], case_ids: Iterable[int] = ()
) -> tuple[dict[int, tuple[str, Text]], dict[int, str]]:
    """Lookup for pages of other features: incident id to (`INC-12`, title), case id to `CASE-340`."""
    rows = Incident.objects.filter(pk__in=set(incident_ids)).values_list("pk", "number", "title")
    wanted = set(case_ids)
    cases = Case.objects.filter(pk__in=wanted).values_list("pk", "number") if wanted else ()
    return (
        {pk: (ids.key("INC", number), Text.of(title)) for pk, number, title in rows},
        {pk: ids.key("CASE", number) for pk, number in cases},
    )


def after(incident_id: int, limit: int) -> list[int]:
    """The ids that follow, whoever asks: to walk over all of them in short steps."""
    return list(Incident.objects.filter(pk__gt=incident_id).order_by("pk").values_list("pk", flat=True)[:limit])


def chain_keys(limit: int = 500) -> list[str]:
    """Keys of the newest chains, incidents and cases alike: what `doctor` verifies."""
    half = max(1, limit // 2)
    newest = Incident.objects.order_by("-pk").values_list("number", flat=True)[:half]
    cases = Case.objects.order_by("-pk").values_list("number", flat=True)[:half]
    return [*(ids.key("INC", number) for number in newest), *(ids.key("CASE", number) for number in cases)]


def state_word(state: str) -> str:
    """The state in the reader's language."""
    return said(STATES, state)


def said(words: Mapping[str, Text], code: str) -> str:
    """One of the feature's words in the reader's language; a code without words as it is."""
    language = "ja" if (translation.get_language() or "en").startswith("ja") else "en"
    return words[code].said_in(language) if code in words else code


def holders(incident_id: int) -> dict[str, list[int]]:
    """Who holds which role now, in the order in which they joined."""
    found: dict[str, list[int]] = {}
    for holding in holdings([incident_id])[incident_id]:
        found.setdefault(holding.role, []).append(holding.user_id)
    return found


def holdings(incident_ids: Iterable[int]) -> dict[int, list[HoldingFacts]]:
    """Open holdings of several incidents in one query."""
    wanted = list(incident_ids)
    found: dict[int, list[HoldingFacts]] = {incident_id: [] for incident_id in wanted}
    rows = RoleHolding.objects.filter(incident__in=wanted, left_at=None).order_by("joined_at", "id")
    for row in rows:
        found[row.incident_id].append(HoldingFacts(row.role, row.user_id, row.joined_at))
    return found


def held_restricted(user_id: int) -> set[int]:
    """Restricted incidents in which this person holds a role or answers for; lent to promises as `hooks.holds`."""
    owned = Incident.objects.filter(owner=user_id, restricted=True).values_list("pk", flat=True)
    held = RoleHolding.objects.filter(user=user_id, left_at=None, incident__restricted=True)
    return {
        *owned,
        *held.values_list("incident_id", flat=True),
    }  # two questions, each with an index; as one it has none


def declared_by(person_id: int) -> QuerySet[Incident]:
    return Incident.objects.filter(declared_by_kind__in=("user", "token"), declared_by_id=person_id)


def anyone_accountable() -> list[int]:
    """Last resort for an owner: the house's commanders in order, then its administrators."""
    commanders = [person.id for person in accounts.active_people("commander")]
    return commanders or [person.id for person in accounts.active_people() if person.is_administrator]


def components_of(incident_id: int) -> list[ImpactFacts]:
    """What is hurt now, and what was."""
    return _impacts(IncidentComponent.objects.filter(incident=incident_id))


def impacts(
    *, component_ids: Iterable[int] | None = None, since: datetime | None = None, drills: bool = False
) -> list[ImpactFacts]:
    """Intervals of harm for uptime: not of dismissed, restricted or (unless asked) drill incidents."""
    rows = IncidentComponent.objects.filter(incident__restricted=False).exclude(incident__state="dismissed")
    if component_ids is not None:
        rows = rows.filter(component__in=set(component_ids))
    if since is not None:
        rows = rows.filter(Q(until_at=None) | Q(until_at__gt=since))
    return _impacts(rows if drills else rows.filter(incident__drill=False))


def impact_versions(incident_id: int) -> list[ImpactFacts]:
    """What was ever said of an incident's components, corrected versions too."""
    return _impacts(IncidentComponent.versions.filter(incident=incident_id))


def _impacts(rows: QuerySet[IncidentComponent]) -> list[ImpactFacts]:
    columns = ("incident_id", "component_id", "impact", "since_at", "until_at", "id", "void_at", "replaced_by_id")
    return [ImpactFacts(*row) for row in rows.order_by("since_at", "id").values_list(*columns)]


def running(version_ids: Iterable[int], by: Actor) -> list[IncidentFacts]:
    """Incidents not yet closed that pinned one of these policy versions: whom an edit of the policy would concern."""
    rows = visible(by).filter(policy_version__in=set(version_ids), state__in=[*WORKING, "restored"])
    return [facts_of(row) for row in rows.order_by("rank", "-id")]
