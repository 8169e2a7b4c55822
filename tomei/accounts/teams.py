"""Teams: who works together on a product, and whose lead a promise climbs to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError

from tomei.accounts import audit, queries, rules
from tomei.accounts.facts import TeamFacts
from tomei.accounts.models import AuditEntry, Team, User
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused, Stale


@transaction.atomic
def make(name: str, *, lead_id: int | None, member_ids: Iterable[int] = (), by: Actor, now: datetime) -> TeamFacts:
    """A new team; refuses a name that another team has and people who are not active."""
    by.require("people.edit")
    label = rules.name(name, of="team")
    members = _active({*member_ids}, set())
    lead = _lead(lead_id, None)
    try:
        with transaction.atomic():
            row = Team.objects.create(name=label, lead_id=lead)
    except IntegrityError as error:
        raise Refused("team.name_taken", name=label) from error
    row.members.set(members)
    audit.record("team.made", by=by, now=now, team=row.pk, name=label, lead=lead, members=sorted(members))
    return queries.team(row.pk)


@transaction.atomic
def edit(
    team_id: int, *, name: str, lead_id: int | None, member_ids: Iterable[int], seen: int, by: Actor, now: datetime
) -> TeamFacts:
    """The team is as given; `Stale` when somebody edited it after version `seen`. Members who left may stay named."""
    by.require("people.edit")
    old = queries.team(team_id)
    label = rules.name(name, of="team")
    members = _active({*member_ids}, set(old.member_ids))
    lead = _lead(lead_id, old.lead_id)
    try:
        with transaction.atomic():
            hit = Team.objects.filter(pk=team_id, version=seen).update(
                name=label, lead_id=lead, version=F("version") + 1
            )
    except IntegrityError as error:
        raise Refused("team.name_taken", name=label) from error
    if not hit:
        raise _stale(old)
    Team.objects.get(pk=team_id).members.set(members)
    new = {"name": label, "lead": lead, "members": sorted(members)}
    audit.record("team.edited", by=by, now=now, team=team_id, old=_shown(old), new=new)
    return queries.team(team_id)


@transaction.atomic
def remove(team_id: int, *, by: Actor, now: datetime) -> None:
    """The team is no more; products that named it have no team until they are given another."""
    by.require("people.edit")
    old = queries.team(team_id)
    try:
        Team.objects.filter(pk=team_id).delete()
    except ProtectedError as error:
        raise Refused("team.in_use", name=old.name) from error
    audit.record("team.removed", by=by, now=now, team=team_id, **_shown(old))


def _active(wanted: set[int], kept: set[int]) -> set[int]:
    known = set(User.objects.filter(pk__in=wanted - kept, is_active=True).values_list("pk", flat=True))
    if wanted - kept - known:
        raise Refused("team.member_unknown")
    return wanted


def _lead(wanted: int | None, kept: int | None) -> int | None:
    if wanted is not None and wanted != kept:
        _active({wanted}, set())
    return wanted


def _shown(team: TeamFacts) -> dict[str, object]:
    return {"name": team.name, "lead": team.lead_id, "members": list(team.member_ids)}


def _stale(team: TeamFacts) -> Stale:
    last = AuditEntry.objects.filter(code__startswith="team.", data__team=team.id).order_by("-id").first()
    who, at = (last.actor_name, f"{last.at:%Y-%m-%d %H:%M} UTC") if last else ("?", "?")
    people = queries.people([*team.member_ids, *([team.lead_id] if team.lead_id else [])])
    lead = people[team.lead_id].name if team.lead_id in people else "–"
    members = ", ".join(people[found].name for found in team.member_ids if found in people)
    return Stale("team.changed", who=who, at=at, value=f"{team.name}; {lead}; {members}"[:300])
