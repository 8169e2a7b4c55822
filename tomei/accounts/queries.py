"""Doors to our people: dataclasses for other features, rows for our own pages."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from tomei.accounts import rules
from tomei.accounts.facts import Person, TeamFacts
from tomei.accounts.models import ApiToken, Team, User
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing

__all__ = ["Person", "TeamFacts", "active_people", "administrators", "deputy_of", "people", "person", "team", "teams"]


def facts(row: User) -> Person:
    return Person(
        row.pk,
        row.name,
        row.email,
        row.zone,
        row.language,
        row.role,
        row.is_administrator,
        row.is_active,
        row.deputy_id,
    )


def person(user_id: int) -> Person:
    """One of our people, also who has left; `Missing` when there is none."""
    return facts(row(user_id))


def people(ids: Iterable[int]) -> dict[int, Person]:
    """Those of `ids` that exist, by id, in one query."""
    wanted = set(ids)
    return {found.pk: facts(found) for found in User.objects.filter(pk__in=wanted)} if wanted else {}


def active_people(role: str | None = None) -> list[Person]:
    """Everybody who can act now, by name; with `role`, those who hold exactly that role."""
    rows = User.objects.filter(is_active=True).order_by("name", "id")
    return [facts(found) for found in (rows.filter(role=role) if role else rows)]


def administrators() -> list[Person]:
    """The active administrators."""
    return [facts(found) for found in User.objects.filter(is_active=True, is_administrator=True).order_by("name", "id")]


def deputy_of(user_id: int) -> int | None:
    """Who stands in for a person now: the first active one along the line of deputies."""
    rows = User.objects.values_list("pk", "deputy_id", "is_active")
    return rules.deputy_in_charge(
        {pk: deputy for pk, deputy, _ in rows}, (pk for pk, _, active in rows if active), user_id
    )


def team(team_id: int) -> TeamFacts:
    """A team with its lead and members, active or not; `Missing` when there is none."""
    found = Team.objects.filter(pk=team_id).first()
    if found is None:
        raise Missing(str(team_id))
    return TeamFacts(found.pk, found.name, found.lead_id, _members([found.pk])[found.pk], found.version)


def lead_of(team_id: int | None) -> int | None:
    """Who leads this team; None for no team, or one without a lead."""
    return leads().get(team_id) if team_id is not None else None


def leads() -> dict[int, int | None]:
    """Team id -> who leads it, in one query."""
    return dict(Team.objects.values_list("pk", "lead_id"))


def teams() -> list[TeamFacts]:
    """Every team, by name, in two queries."""
    rows = list(Team.objects.order_by("name", "id"))
    members = _members([found.pk for found in rows])
    return [TeamFacts(found.pk, found.name, found.lead_id, members[found.pk], found.version) for found in rows]


def _members(team_ids: list[int]) -> dict[int, tuple[int, ...]]:
    pairs = Team.members.through.objects.filter(team_id__in=team_ids).order_by("user_id")
    found: dict[int, list[int]] = {team_id: [] for team_id in team_ids}
    for team_id, user_id in pairs.values_list("team_id", "user_id"):
        found[team_id].append(user_id)
    return {team_id: tuple(ids) for team_id, ids in found.items()}


def row(user_id: int) -> User:
    """The row of a person, for our own pages; `Missing` when there is none."""
    found = User.objects.filter(pk=user_id).first()
    if found is None:
        raise Missing(str(user_id))
    return found


def headcount() -> dict[str, int]:
    """How many are active, invited and deactivated."""
    gone = Q(is_active=False, deactivated_at__isnull=False)
    return User.objects.aggregate(
        active=Count("pk", filter=Q(is_active=True)),
        invited=Count("pk", filter=Q(is_active=False, deactivated_at=None)),
        deactivated=Count("pk", filter=gone),
    )


def tokens(by: Actor) -> QuerySet[ApiToken]:
    """The tokens that `by` may see: their own, and everybody's for who holds `token.any`."""
    rows = ApiToken.objects.select_related("made_by").order_by("-id")
    return rows if by.may("token.any") else rows.filter(made_by_id=by.user_id)
