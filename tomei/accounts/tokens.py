"""API tokens: shown once, kept as a digest, never able to do more than their maker can now."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, transaction
from django.db.models import Q

from tomei.accounts import audit, queries, rights, rules
from tomei.accounts.facts import Person
from tomei.accounts.models import ApiToken
from tomei.kernel import ids
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused

PREFIX = "tomei"


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """`state` is live, expired, revoked or asleep (its maker is not active)."""

    id: int
    name: str
    hint: str
    scopes: tuple[str, ...]
    maker_id: int
    maker_name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    state: str


def facts(row: ApiToken, now: datetime) -> TokenFacts:
    state = rules.token_state(
        revoked=row.revoked_at is not None, expires_at=row.expires_at, maker_is_active=row.made_by.is_active, now=now
    )
    return TokenFacts(
        row.pk, row.name, row.hint, tuple(row.scopes), row.made_by_id, row.made_by.name, row.created_at,
        row.expires_at, row.last_used_at, state,
    )  # fmt: skip


@transaction.atomic
def make(
    name: str,
    *,
    scopes: Sequence[str],
    expires_at: datetime | None,
    by: Actor,
    now: datetime,
    maker_id: int | None = None,
) -> tuple[TokenFacts, str]:
    """A new token and its secret, which exists nowhere else afterwards.

    Only a signed-in person makes one, for themselves; the console names the person (`maker_id`). Refuses scopes beyond
    the maker's rights, a person who is not active, an end in the past.
    """
    by.require("token.own")
    maker = _maker(maker_id, by)
    held = rights.of(maker.role, is_administrator=maker.is_administrator)
    secret = ids.secret(PREFIX)
    row = ApiToken.objects.create(
        name=rules.name(name, of="token"),
        hint=secret[-4:],
        digest=ids.digest(secret),
        scopes=rules.scopes(scopes, held),
        made_by_id=maker.id,
        created_at=now,
        expires_at=rules.expiry(expires_at, now),
    )
    ends = row.expires_at.isoformat() if row.expires_at else None
    audit.record(
        "token.made", by=by, now=now, made=row.pk, name=row.name, person=maker.id, scopes=row.scopes, expires_at=ends
    )
    return facts(row, now), secret


def _maker(maker_id: int | None, by: Actor) -> Person:
    """Whose token it becomes: only the console may name somebody else."""
    maker = queries.person((maker_id if by.kind == "console" else by.user_id) or 0)
    if not maker.is_active:
        raise Refused("token.maker_inactive", name=maker.name)
    return maker


@transaction.atomic
def revoke(token_id: int, *, by: Actor, now: datetime) -> TokenFacts:
    """The token opens nothing from now on; one's own, or anybody's for who holds `token.any`. Twice is no fault."""
    if not by.may("token.any"):
        by.require("token.own")
    row = queries.tokens(by).filter(pk=token_id).first()
    if row is None:
        raise Missing(str(token_id))
    if ApiToken.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=now):
        audit.record("token.revoked", by=by, now=now, revoked=token_id, name=row.name, person=row.made_by_id)
        row.revoked_at = now
    return facts(row, now)


def authenticate(bearer: str, now: datetime) -> Actor | None:
    """The actor behind a token, or None for every token that opens nothing: unknown, expired, revoked, its maker gone.

    Rights are the scopes cut by what the maker may do at this moment.
    """
    if not bearer.startswith(f"{PREFIX}_"):
        return None
    row = ApiToken.objects.select_related("made_by").filter(digest=ids.digest(bearer)).first()
    if row is None or facts(row, now).state != "live":
        return None
    maker = row.made_by
    held = rights.of(maker.role, is_administrator=maker.is_administrator)
    _stamp(row, now)
    return Actor("token", row.pk, f"{maker.name} ({row.name})", rights=rights.cut(row.scopes, held), user_id=maker.pk)


def _stamp(row: ApiToken, now: datetime) -> None:
    """Note the use, at most once a minute; a database too busy for it does not stop a reader."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - rules.USED_EVERY)
    if row.last_used_at is None or row.last_used_at < now - rules.USED_EVERY:
        with suppress(OperationalError):
            ApiToken.objects.filter(stale, pk=row.pk).update(last_used_at=now)
