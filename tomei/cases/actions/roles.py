"""Who holds which role. One person is accountable at any moment, whoever comes and goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from tomei.accounts import queries as accounts
from tomei.cases.actions import owing, rows
from tomei.cases.facts import IncidentFacts
from tomei.cases.models import Entry, HandOver, Incident, RoleHolding
from tomei.cases.queries import about_incidents as incident_queries
from tomei.cases.queries import load
from tomei.cases.rules import roles as rules
from tomei.cases.rules import words as word_rules
from tomei.customers import queries as customers
from tomei.kernel import events
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused

Pairs = Sequence[tuple[str, int]]
CHANGES = ("role.taken", "role.left", "hand_over.accepted", "undone")  # entries by which a role changes hands


@transaction.atomic
def take_role(
    incident_id: int, role: str, *, user_id: int | None = None, seen: int | None = None, reason: str = "", by: Actor,
    now: datetime,
) -> IncidentFacts:  # fmt: skip
    """`user_id` (whoever acts) holds `role`; a single role passes from its holder, and its promises with it.

    An empty role is anybody's to take; giving one to another person, or taking one from its holder, needs
    `incident.role`. After too little rest it needs a `reason`, which is recorded. `Stale` when this role changed
    hands since `seen`.
    """
    by.require("role.take")
    row = rows.subject(incident_id, by)
    taker = _taker(user_id, by)
    held = incident_queries.holders(row.pk)
    present = held.get(rules.known(role), [])
    _not_stale(row, role, seen)
    if taker in present:
        raise Refused("role.held_already", role=role)
    leaving = [(role, holder) for holder in present] if role in rules.SINGLE else []
    if taker != by.user_id or leaving:
        by.require("incident.role")
    tired = rest(row, taker, reason, now)
    change(row, "role.taken", leaving, [(role, taker)], by=by, now=now, **tired)
    return incident_queries.facts_of(row)


def rest(row: Incident, user_id: int, reason: str, now: datetime) -> dict[str, Any]:
    """What the entry says of somebody who takes a role before having rested; refused without a reason."""
    limits = load.limits()
    short = load.short_rest(user_id, now) if row.rank <= limits.rank else None
    if short is None:
        return {}
    reason = word_rules.line(reason, field="reason", limit=500)
    hours = f"{short.total_seconds() / 3600:.1f}"
    if not reason:
        raise Refused("role.too_little_rest", hours=hours, needed=f"{limits.rest:g}")
    return {"body": reason, "rest_h": hours}


def _taker(user_id: int | None, by: Actor) -> int:
    wanted = by.user_id if user_id is None else user_id
    person = accounts.people([wanted]).get(wanted) if wanted is not None else None
    if person is None or not person.is_active:
        raise Refused("role.nobody")
    return person.id


@transaction.atomic
def leave_role(
    incident_id: int, role: str, *, user_id: int | None = None, seen: int | None = None, by: Actor, now: datetime
) -> IncidentFacts:
    """`user_id` (whoever acts) no longer holds `role`. The accountable owner follows; a required role is owed again."""
    by.require("role.take")
    row = rows.subject(incident_id, by)
    leaver = by.user_id if user_id is None else user_id
    _not_stale(row, role, seen)
    if leaver not in incident_queries.holders(row.pk).get(rules.known(role), []):
        raise Refused("role.not_held", role=role)
    if leaver != by.user_id:
        by.require("incident.role")
    change(row, "role.left", [(role, leaver)], [], by=by, now=now)
    return incident_queries.facts_of(row)


def _not_stale(row: Incident, role: str, seen: int | None) -> None:
    """Only a change of this very role since `seen` makes the reader stale: roles are taken by several at once."""
    if seen is None or seen == row.roles_v:
        return
    changes = Entry.objects.filter(incident=row, code__in=CHANGES).order_by("-seq")
    for entry in changes[:200]:
        if entry.data.get("roles_v", 0) <= seen:
            return
        if any(pair[0] == role for pair in (*entry.data.get("joined", ()), *entry.data.get("left", ()))):
            raise rows.stale(row, "roles")


def change(row: Incident, code: str, left: Pairs, joined: Pairs, *, by: Actor, now: datetime, **data: Any) -> None:
    """Write holdings, the accountable owner, promises and the entry. The one place where roles change."""
    for role, user_id in left:
        RoleHolding.objects.filter(incident=row, role=role, user=user_id, left_at=None).update(left_at=now)
    RoleHolding.objects.bulk_create(
        [RoleHolding(incident=row, role=role, user_id=user_id, joined_at=now) for role, user_id in joined]
    )
    old_owner, held = row.owner_id, incident_queries.holders(row.pk)
    owner_id = accountable(row, held)
    rows.replace(row, "roles", seen=None, now=now, owner_id=owner_id)
    more: dict[str, Any] = (
        {"owner_id": owner_id, "was": {"owner_id": old_owner, **data.pop("was", {})}} if owner_id != old_owner else {}
    )
    overtaken = _overtaken(row, left, now)
    if overtaken:
        data["hand_overs"] = [*data.get("hand_overs", ()), *overtaken]
    rows.write(row, code, by=by, now=now, joined=[list(pair) for pair in joined], left=[list(pair) for pair in left],
               roles_v=row.roles_v, **more, **data)  # fmt: skip
    _owe(row, left, joined, held, by, now)
    _emit(row, left, joined, now)


def _overtaken(row: Incident, left: Pairs, now: datetime) -> list[dict[str, Any]]:
    """A role that went another way needs no hand-over any more, neither offered nor owed."""
    ended = []
    for one in HandOver.objects.filter(incident=row, state="open") if left else ():
        if (one.role, one.from_user_id) in left:
            one.state, one.ended_at = "withdrawn", now
            one.save(update_fields=["state", "ended_at"])
            ended.append({"id": one.pk, "state": one.state})
    return ended


def accountable(row: Incident, held: Mapping[str, Sequence[int]]) -> int | None:
    """The one who answers now. People who left us answer for nothing any more."""
    product = customers.product(row.product_id) if row.product_id is not None else None
    declarer = row.declared_by_id if row.declared_by_kind in ("user", "token") else None
    asked = {
        *(held.get("commander") or ()),
        *(held.get("deputy") or ()),
        declarer,
        product.owner_id if product else None,
    }
    active = {pk for pk, one in accounts.people(pk for pk in asked if pk is not None).items() if one.is_active}
    alive = {role: [pk for pk in users if pk in active] for role, users in held.items()}
    first = rules.accountable(
        alive,
        product_owner_id=product.owner_id if product and product.owner_id in active else None,
        declarer_id=declarer if declarer in active else None,
        anyone=(),
    )
    return first if first is not None else next(iter(incident_queries.anyone_accountable()), None)


def _owe(
    row: Incident, left: Pairs, joined: Pairs, held: Mapping[str, Sequence[int]], by: Actor, now: datetime
) -> None:
    for role, _ in joined:
        owing.role_filled(row, role, by=by, now=now)
    policy = customers.policy_version(row.policy_version_id)
    for role in {role for role, _ in left if not held.get(role)}:
        owing.role_emptied(row, role, policy, by=by, now=now)
    owing.relieved(row, left, by=by, now=now)
    owing.hand_over(row, now=now)


def _emit(row: Incident, left: Pairs, joined: Pairs, now: datetime) -> None:
    about = {"incident_id": row.pk, "number": row.number, "owner_id": row.owner_id, "drill": row.drill,
             "restricted": row.restricted}  # fmt: skip
    for role, user_id in left:
        events.emit("role.left", now=now, role=role, user_id=user_id, **about)
    for role, user_id in joined:
        events.emit("role.taken", now=now, role=role, user_id=user_id, **about)
