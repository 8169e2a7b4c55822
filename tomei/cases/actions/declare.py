"""Declaring: in seconds, complete, in one transaction. What is not known yet is filled in later, in place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tomei.cases import timeline
from tomei.cases.actions import owing, rows
from tomei.cases.facts import IncidentFacts
from tomei.cases.models import Case, Incident, IncidentComponent, RoleHolding
from tomei.cases.queries import about_incidents as incident_queries
from tomei.cases.rules import owed as owed_rules
from tomei.cases.rules import roles as role_rules
from tomei.cases.rules import severity as severity_rules
from tomei.cases.rules import words as word_rules
from tomei.customers import queries as customers
from tomei.kernel import bulk, events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused
from tomei.kernel.severity import Severity
from tomei.kernel.text import Text

IMPACT = {0: "major", 1: "major", 2: "partial", 3: "degraded", 4: "degraded"}  # by severity rank, until said otherwise
DETECTED_BY = ("us", "customer")


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the declaration stands on, read before anything is written."""

    product: customers.ProductFacts | None
    components: dict[int, customers.ComponentFacts]
    organisation_ids: list[int]
    policies: dict[int, customers.PolicyFacts]
    policy: customers.PolicyFacts


@transaction.atomic
def declare(
    *,
    title: Text,
    severity: Severity | str,
    product_id: int | None = None,
    component_ids: Iterable[int] = (),
    organisation_ids: Iterable[int] | None = None,
    began_at: datetime | None = None,
    detected_at: datetime | None = None,
    detected_by: str = "us",
    signal_group_id: int | None = None,
    drill: bool = False,
    restricted: bool = False,
    words: str = "",
    by: Actor,
    now: datetime,
) -> IncidentFacts:
    """A numbered incident with its cases, its accountable owner and every promise that its policy makes.

    `organisation_ids=None` takes the users of the components. `words` are the reporting customer's own. The strictest
    policy of those affected is pinned. Refuses `incident.declare` without the right, unknown products, components
    and organisations, times in the future and a beginning after the detection.
    """
    by.require("incident.declare") if by.kind not in incident_queries.HOUSE else None
    level = severity_rules.read(str(severity))
    title = word_rules.title(title)
    words = word_rules.body(words, field="words", limit=4000)
    _check_times(began_at, detected_at, now)
    if detected_by not in DETECTED_BY:
        raise Refused("incident.unknown_detector", value=detected_by[:40])
    ground = _ground(product_id, list(component_ids), organisation_ids)
    row = _row(title, level, ground, by, now)
    row.began_at, row.detected_at, row.detected_by = began_at, detected_at or now, detected_by
    row.signal_group_id, row.drill, row.restricted = signal_group_id, drill, restricted
    return _write(row, ground, level, words, by, now)


def _check_times(began_at: datetime | None, detected_at: datetime | None, now: datetime) -> None:
    for at in (began_at, detected_at):
        if at is not None and at > now:
            raise Refused("time.in_future", at=at.isoformat(timespec="minutes"))
    if began_at and detected_at and began_at > detected_at:
        raise Refused("incident.began_after_detected")


def _ground(product_id: int | None, component_ids: list[int], organisation_ids: Iterable[int] | None) -> _Ground:
    components = customers.components(component_ids) if component_ids else {}
    if len(components) < len(set(component_ids)):
        raise Refused("incident.unknown_component")
    if product_id is None and components:
        product_id = next(iter(components.values())).product_id
    product = _product(product_id)
    if organisation_ids is None:
        affected = customers.users_of(component_ids) if component_ids else []
    else:
        affected = _known_organisations(organisation_ids)
    policies = customers.policies_for(affected, product_id) if affected else {}
    return _Ground(product, components, affected, policies, customers.strictest(policies.values()))


def _product(product_id: int | None) -> customers.ProductFacts | None:
    if product_id is None:
        return None
    found = customers.products([product_id]).get(product_id)
    if found is None:
        raise Refused("incident.unknown_product")
    return found


def _known_organisations(organisation_ids: Iterable[int]) -> list[int]:
    """Checked against the book of customers; ourselves are never our own customer."""
    wanted = list(dict.fromkeys(organisation_ids))
    found = customers.organisations(wanted) if wanted else {}
    if any(pk not in found or found[pk].kind == "ours" for pk in wanted):
        raise Refused("incident.unknown_organisation")
    return wanted


def _row(title: Text, level: Severity, ground: _Ground, by: Actor, now: datetime) -> Incident:
    product = ground.product
    declarer = by.user_id if by.user_id is not None else None
    anyone = [] if (product and product.owner_id) or declarer else incident_queries.anyone_accountable()
    owner_id = role_rules.accountable(
        {}, product_owner_id=product.owner_id if product else None, declarer_id=declarer, anyone=anyone
    )
    return Incident(
        number=rows.next_numbers("incident", 1)[0], title=title.as_json(), severity=str(level), rank=level.rank,
        product_id=product.id if product else None, owner_id=owner_id, policy_version_id=ground.policy.version_id,
        declared_at=now, declared_by_kind=by.kind, declared_by_id=by.user_id or by.id,
    )  # fmt: skip


def _write(row: Incident, ground: _Ground, level: Severity, words: str, by: Actor, now: datetime) -> IncidentFacts:
    bulk.create(connection, [row])
    impact = IMPACT[level.rank]
    since = row.began_at or row.detected_at or now
    parts = [
        IncidentComponent(incident=row, component_id=pk, impact=impact, since_at=since) for pk in ground.components
    ]
    bulk.create(connection, parts)
    cases = _cases(row, ground, level, words, by, now)
    joined = _witness(row, by, now)
    _tell(row, ground, cases, joined, by, now)
    reported = ground.organisation_ids if row.detected_by == "customer" else []
    owed = owed_rules.at_declaration(
        owing.ground(row, ground.policy, now), affected=ground.organisation_ids, reported_by=reported, held=(),
        top_tier_id=ground.product.top_tier_id if ground.product else None,
        sponsor_id=ground.product.sponsor_id if ground.product else None,
    )  # fmt: skip
    owing.make(row, owed, team_id=ground.product.team_id if ground.product else None, by=by, now=now)
    events.emit("incident.declared", now=now, **_event(row, ground, cases))
    return incident_queries.incident(row.pk)


def _cases(row: Incident, ground: _Ground, level: Severity, words: str, by: Actor, now: datetime) -> list[Case]:
    numbers = rows.next_numbers("case", len(ground.organisation_ids))
    made = [
        Case(
            number=number,
            incident=row,
            organisation_id=pk,
            severity=str(level),
            rank=level.rank,
            words=words,
            policy_version_id=ground.policies[pk].version_id,
            opened_at=now,
            opened_by_kind=by.kind,
            opened_by_id=by.user_id or by.id,
        )
        for number, pk in zip(numbers, ground.organisation_ids, strict=True)
    ]
    bulk.create(connection, made)
    return made


def _witness(row: Incident, by: Actor, now: datetime) -> list[list[Any]]:
    """Who declares a restricted incident holds a role in it, or would not find it again."""
    if not row.restricted or by.user_id is None:
        return []
    RoleHolding.objects.create(incident=row, role="expert", user_id=by.user_id, joined_at=now)
    return [["expert", by.user_id]]


def _tell(
    row: Incident, ground: _Ground, cases: Sequence[Case], joined: list[list[Any]], by: Actor, now: datetime
) -> None:
    """The first entry of the incident's chain, and of each case's own."""
    data = {
        "title": row.title, "severity": row.severity, "state": row.state, "owner_id": row.owner_id,
        "product_id": row.product_id, "policy_version_id": row.policy_version_id, "drill": row.drill,
        "restricted": row.restricted, "detected_by": row.detected_by, "signal_group_id": row.signal_group_id,
        "components": [{"id": pk, "impact": IMPACT[row.rank]} for pk in ground.components],
        "cases": [case_data(case) for case in cases], "joined": joined,
        "stamps": {"detected": row.detected_at, **({"began": row.began_at} if row.began_at else {})},
    }  # fmt: skip
    entries = [timeline.NewEntry("declared", by, now, now, row.pk, data=data)]
    entries += [
        timeline.NewEntry("case.opened", by, now, now, case_id=case.pk, body=case.words,
                          data={"incident_id": row.pk, "incident": row.number, **case_data(case)})
        for case in cases
    ]  # fmt: skip
    timeline.add_many(entries, first=True)


def case_data(case: Case) -> dict[str, Any]:
    """What the fold keeps of a case; its customer's words stand in the body of an entry, where they can be erased."""
    return {
        "id": case.pk, "number": case.number, "organisation_id": case.organisation_id, "severity": case.severity,
        "state": case.state,
    }  # fmt: skip


def _event(row: Incident, ground: _Ground, cases: Sequence[Case]) -> dict[str, Any]:
    return {
        "incident_id": row.pk, "number": row.number, "title": row.title, "severity": row.severity, "rank": row.rank,
        "team_id": ground.product.team_id if ground.product else None,
        "product_id": row.product_id, "owner_id": row.owner_id, "drill": row.drill, "restricted": row.restricted,
        "signal_group_id": row.signal_group_id, "organisation_ids": [case.organisation_id for case in cases],
        "case_ids": [case.pk for case in cases],
    }  # fmt: skip
