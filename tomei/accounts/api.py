"""`/api/v1/`: me, people, teams, tokens, the audit log. The rights are decided in the actions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from pydantic import AwareDatetime

from tomei.accounts import actions, audit, queries, rules, signin, teams, tokens
from tomei.accounts.doors import actor_of
from tomei.accounts.facts import TeamFacts
from tomei.accounts.models import User
from tomei.kernel import time
from tomei.kernel.errors import Missing

router = Router(tags=["people"])

Limit = Annotated[int, Query(ge=1, le=200)]
Id = Annotated[int, Field(ge=0, le=2**63 - 1)]
After = Annotated[int, Query(ge=0, le=2**63 - 1)]
Role = Literal["observer", "responder", "commander"]
Language = Literal["ja", "en"]


class PersonOut(Schema):
    """`standing` is active, invited or deactivated; send `version` back as `seen` when you change the person."""

    id: int
    name: str
    email: str
    role: Role
    is_administrator: bool
    standing: Literal["active", "invited", "deactivated"]
    zone: str
    language: Language
    deputy_id: int | None
    last_seen_at: datetime | None
    version: int


class PeoplePage(Schema):
    items: list[PersonOut]
    next: str | None


class InviteIn(Schema):
    name: str
    email: str
    role: Role = "responder"
    is_administrator: bool = False
    zone: str = "Asia/Tokyo"
    language: Language = "ja"


class PersonChange(Schema):
    """What is left out stays; `deputy_id` 0 takes the deputy away. `seen` is the version you read."""

    seen: Id
    name: str | None = None
    email: str | None = None
    role: Role | None = None
    is_administrator: bool | None = None
    zone: str | None = None
    language: Language | None = None
    deputy_id: Id | None = None


class MeOut(Schema):
    """Who acts, and what they may do by this door: of a token, its scopes cut by its maker's rights."""

    kind: str
    person: PersonOut | None
    rights: list[str]


class MeChange(Schema):
    name: str | None = None
    zone: str | None = None
    language: Language | None = None
    shortcuts: bool | None = None


class TeamOut(Schema):
    id: int
    name: str
    lead_id: int | None
    member_ids: list[int]
    version: int


class TeamsPage(Schema):
    items: list[TeamOut]
    next: str | None


class TeamIn(Schema):
    name: str
    lead_id: Id | None = None
    member_ids: list[Id] = []


class TeamChange(TeamIn):
    """The whole team as it shall be; `seen` is the version you read."""

    seen: Id


class TokenOut(Schema):
    """`hint` is the end of the secret; `state` is live, expired, revoked or asleep (its maker is not active)."""

    id: int
    name: str
    hint: str
    scopes: list[str]
    maker_id: int
    maker_name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    state: str


class TokensPage(Schema):
    items: list[TokenOut]
    next: str | None


class TokenMade(TokenOut):
    """`token` is the secret: in this answer and nowhere else."""

    token: str


class TokenIn(Schema):
    """Ends at `expires_at` or after `days`; neither means never. `person` (a mail address) is for the console only."""

    name: str
    scopes: list[str] = ["read"]
    days: Annotated[int, Field(ge=1, le=3650)] | None = None
    expires_at: AwareDatetime | None = None
    person: str | None = None


class AuditOut(Schema):
    id: int
    at: datetime
    actor_kind: str
    actor_id: int | None
    actor_name: str
    code: str
    data: dict[str, Any]


class AuditPage(Schema):
    items: list[AuditOut]
    next: str | None


def _person(row: User) -> dict[str, Any]:
    standing = rules.standing(is_active=row.is_active, was_deactivated=row.deactivated_at is not None)
    return {
        "id": row.pk, "name": row.name, "email": row.email, "role": row.role, "standing": standing,
        "is_administrator": row.is_administrator, "zone": row.zone, "language": row.language,
        "deputy_id": row.deputy_id, "last_seen_at": row.last_seen_at, "version": row.version,
    }  # fmt: skip


def _team(team: TeamFacts) -> dict[str, Any]:
    return {field: getattr(team, field) for field in TeamOut.model_fields}


def _page(items: list[Any], limit: int) -> dict[str, Any]:
    """`items` holds one more than asked when there is a next page."""
    shown = items[:limit]
    return {"items": shown, "next": str(shown[-1]["id"]) if len(items) > limit else None}


@router.get("/me", response=MeOut, summary="Who am I, and what may I do?")
def me(request: HttpRequest) -> dict[str, Any]:
    by = actor_of(request)
    person = _person(queries.row(by.user_id)) if by.user_id else None
    return {"kind": by.kind, "person": person, "rights": sorted(by.rights)}


@router.patch("/me", response=PersonOut, summary="Change my name, zone, language or shortcuts")
def change_me(request: HttpRequest, body: MeChange) -> dict[str, Any]:
    by = actor_of(request)
    actions.edit_me(actions.Change(**body.dict()), by=by, now=time.now())
    return _person(queries.row(by.user_id or 0))


@router.get("/people", response=PeoplePage, summary="Our people, by number")
def list_people(request: HttpRequest, after: After = 0, limit: Limit = 50) -> dict[str, Any]:
    actor_of(request).require("read")
    rows = User.objects.filter(pk__gt=after).order_by("pk")[: limit + 1]
    return _page([_person(row) for row in rows], limit)


@router.post("/people", response={201: PersonOut}, summary="Invite a person by mail")
def invite(request: HttpRequest, body: InviteIn) -> Status[dict[str, Any]]:
    person, _ = signin.invite(**body.dict(), by=actor_of(request), now=time.now())
    return Status(201, _person(queries.row(person.id)))


@router.get("/people/{user_id}", response=PersonOut, summary="One person")
def get_person(request: HttpRequest, user_id: Id) -> dict[str, Any]:
    actor_of(request).require("read")
    return _person(queries.row(user_id))


@router.patch("/people/{user_id}", response=PersonOut, summary="Change a person: role, administrator, deputy, …")
def change_person(request: HttpRequest, user_id: Id, body: PersonChange) -> dict[str, Any]:
    change = actions.Change(**body.dict(exclude={"seen"}))
    actions.edit(user_id, change, seen=body.seen, by=actor_of(request), now=time.now())
    return _person(queries.row(user_id))


@router.post("/people/{user_id}/invite", response=PersonOut, summary="Send the invitation again")
def invite_again(request: HttpRequest, user_id: Id) -> dict[str, Any]:
    signin.invite_again(user_id, by=actor_of(request), now=time.now())
    return _person(queries.row(user_id))


@router.post("/people/{user_id}/deactivate", response=PersonOut, summary="Let a person go: all access ends at once")
def deactivate(request: HttpRequest, user_id: Id) -> dict[str, Any]:
    actions.deactivate(user_id, by=actor_of(request), now=time.now())
    return _person(queries.row(user_id))


@router.post("/people/{user_id}/reactivate", response=PersonOut, summary="Take a person back")
def reactivate(request: HttpRequest, user_id: Id) -> dict[str, Any]:
    actions.reactivate(user_id, by=actor_of(request), now=time.now())
    return _person(queries.row(user_id))


@router.post("/people/{user_id}/sign-out", response=PersonOut, summary="End every session of a person")
def sign_out(request: HttpRequest, user_id: Id) -> dict[str, Any]:
    actions.sign_out_everywhere(user_id, by=actor_of(request), now=time.now())
    return _person(queries.row(user_id))


@router.get("/teams", response=TeamsPage, summary="Teams, by number")
def list_teams(request: HttpRequest, after: After = 0, limit: Limit = 50) -> dict[str, Any]:
    actor_of(request).require("read")
    found = sorted((team for team in queries.teams() if team.id > after), key=lambda team: team.id)
    return _page([_team(team) for team in found[: limit + 1]], limit)


@router.post("/teams", response={201: TeamOut}, summary="Make a team")
def make_team(request: HttpRequest, body: TeamIn) -> Status[dict[str, Any]]:
    team = teams.make(body.name, lead_id=body.lead_id, member_ids=body.member_ids, by=actor_of(request), now=time.now())
    return Status(201, _team(team))


@router.get("/teams/{team_id}", response=TeamOut, summary="One team")
def get_team(request: HttpRequest, team_id: Id) -> dict[str, Any]:
    actor_of(request).require("read")
    return _team(queries.team(team_id))


@router.put("/teams/{team_id}", response=TeamOut, summary="Change a team")
def change_team(request: HttpRequest, team_id: Id, body: TeamChange) -> dict[str, Any]:
    return _team(teams.edit(team_id, **body.dict(), by=actor_of(request), now=time.now()))


@router.delete("/teams/{team_id}", response={204: None}, summary="Remove a team")
def remove_team(request: HttpRequest, team_id: Id) -> Status[None]:
    teams.remove(team_id, by=actor_of(request), now=time.now())
    return Status(204, None)


@router.get("/tokens", response=TokensPage, summary="My API tokens, or everybody's for an administrator")
def list_tokens(request: HttpRequest, after: After = 0, limit: Limit = 50) -> dict[str, Any]:
    by, now = actor_of(request), time.now()
    if not by.may("token.any"):
        by.require("token.own")
    rows = queries.tokens(by)
    found = (rows.filter(pk__lt=after) if after else rows)[: limit + 1]
    return _page([_token(tokens.facts(row, now)) for row in found], limit)


@router.post("/tokens", response={201: TokenMade}, summary="Make an API token; the secret is in this answer only")
def make_token(request: HttpRequest, body: TokenIn) -> Status[dict[str, Any]]:
    by, now = actor_of(request), time.now()
    ends = now + timedelta(days=body.days) if body.days and body.expires_at is None else body.expires_at
    maker_id = _named(body.person) if body.person is not None and by.kind == "console" else None
    made, secret = tokens.make(body.name, scopes=body.scopes, expires_at=ends, by=by, now=now, maker_id=maker_id)
    return Status(201, _token(made) | {"token": secret})


@router.post("/tokens/{token_id}/revoke", response=TokenOut, summary="Revoke an API token at once")
def revoke_token(request: HttpRequest, token_id: Id) -> dict[str, Any]:
    return _token(tokens.revoke(token_id, by=actor_of(request), now=time.now()))


@router.get("/audit", response=AuditPage, summary="The audit log, newest first")
def list_audit(request: HttpRequest, after: After = 0, limit: Limit = 50, code: str = "") -> dict[str, Any]:
    actor_of(request).require("audit.read")
    found = audit.entries(audit.Filter(code[:80], None, after or None), limit + 1)
    fields = ("id", "at", "actor_kind", "actor_id", "actor_name", "code", "data")
    return _page([{field: getattr(entry, field) for field in fields} for entry in found], limit)


def _token(made: tokens.TokenFacts) -> dict[str, Any]:
    return {field: getattr(made, field) for field in TokenOut.model_fields}


def _named(address: str) -> int:
    row = User.objects.filter(email=rules.mail(address)).first()
    if row is None:
        raise Missing(address[:80])
    return row.pk
