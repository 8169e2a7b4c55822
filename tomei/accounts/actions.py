"""What is done with people: invite, edit, let go, take back. The ways in are in `signin`, tokens in `tokens`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F

from tomei.accounts import audit, queries, rules
from tomei.accounts.facts import Person
from tomei.accounts.models import ApiToken, AuditEntry, OneTimeLink, User
from tomei.kernel import events, time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused, Stale
from tomei.kernel.mail import as_sent


@dataclass(frozen=True, slots=True)
class Change:
    """What an administrator sets for a person; None leaves it as it is, `deputy_id` 0 takes the deputy away."""

    name: str | None = None
    email: str | None = None
    role: str | None = None
    is_administrator: bool | None = None
    deputy_id: int | None = None
    zone: str | None = None
    language: str | None = None
    shortcuts: bool | None = None


def free_mail(text: str, *, but: int | None = None) -> str:
    """`text` as a mail address that nobody else here has; refuses `person.mail_unreadable` and `person.mail_taken`."""
    address = rules.mail(text)
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused("person.mail_unreadable", mail=address[:80]) from error
    if len(address) > rules.MAIL_LIMIT or not as_sent(address):
        raise Refused("person.mail_unreadable", mail=address[:80])
    others = User.objects.filter(email=address)
    if (others if but is None else others.exclude(pk=but)).exists():
        raise Refused("person.mail_taken", mail=address)
    return address


def new_row(*, name: str, email: str, role: str, zone: str, language: str, **columns: Any) -> User:
    """Insert a person from what was typed, judged; a race for the same address is `person.mail_taken`."""
    row = User(
        name=rules.name(name),
        email=free_mail(email),
        role=rules.role(role),
        zone=str(time.zone(zone)),
        language=rules.language(language),
        **columns,
    )
    if not row.password:
        row.set_unusable_password()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused("person.mail_taken", mail=row.email) from error
    return row


@transaction.atomic
def edit(user_id: int, change: Change, *, seen: int, by: Actor, now: datetime) -> Person:
    """The person is as `change` says. Refuses `Stale` when somebody edited after version `seen`, and to take the flag
    from the last active administrator."""
    by.require("people.edit")
    row = queries.row(user_id)
    if row.version != seen:
        raise _stale(user_id)
    values = _judged(row, change)
    changed = {name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        return queries.facts(row)
    if changed.get("is_administrator") == [True, False]:
        _keep_one_administrator(user_id)
    _replace(user_id, seen, values)
    audit.record("person.edited", by=by, now=now, person=user_id, name=row.name, changed=changed)
    return queries.person(user_id)


def _judged(row: User, change: Change) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if change.name is not None:
        values["name"] = rules.name(change.name)
    if change.email is not None:
        values["email"] = free_mail(change.email, but=row.pk)
    if change.role is not None:
        values["role"] = rules.role(change.role)
    if change.zone is not None:
        values["zone"] = str(time.zone(change.zone))
    if change.language is not None:
        values["language"] = rules.language(change.language)
    if change.deputy_id is not None:
        values["deputy_id"] = _deputy(row, change.deputy_id)
    for flag in ("is_administrator", "shortcuts"):
        if getattr(change, flag) is not None:
            values[flag] = getattr(change, flag)
    return values


def _deputy(row: User, deputy_id: int) -> int | None:
    if deputy_id == 0:
        return None
    if deputy_id == row.pk:
        raise Refused("person.deputy_self", name=row.name)
    # who already was the deputy may stay: letting a deputy go must not block every later edit
    if deputy_id != row.deputy_id and not User.objects.filter(pk=deputy_id, is_active=True).exists():
        raise Refused("person.deputy_unknown")
    return deputy_id


def _replace(user_id: int, seen: int, values: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            hit = User.objects.filter(pk=user_id, version=seen).update(version=F("version") + 1, **values)
    except IntegrityError as error:
        raise Refused("person.mail_taken", mail=values.get("email", "")) from error
    if not hit:
        raise _stale(user_id)


def _stale(user_id: int) -> Stale:
    """Who changed the person last, when, and to what: read from the audit log."""
    rows = AuditEntry.objects.filter(code__startswith="person.", data__person=user_id).order_by("-id")
    last = rows.first()
    if last is None:
        return Stale("person.changed", who="?", at="?", value="?")
    changed = last.data.get("changed") or {}
    value = ", ".join(f"{name}: {pair[1]}" for name, pair in changed.items()) or last.code.split(".")[1]
    return Stale("person.changed", who=last.actor_name, at=f"{last.at:%Y-%m-%d %H:%M} UTC", value=value[:300])


def _keep_one_administrator(user_id: int) -> None:
    """Lock the administrators in one order, so that two of them cannot let each other go at the same moment."""
    rows = User.objects.select_for_update().filter(is_administrator=True, is_active=True).order_by("pk")
    if not [row for row in rows if row.pk != user_id]:
        raise Refused("person.last_administrator")


@transaction.atomic
def edit_me(change: Change, *, by: Actor, now: datetime) -> Person:
    """One's own name, zone, language and shortcuts; role, flag, mail and deputy are the administrators'."""
    by.require("me.edit")
    row = queries.row(by.user_id or 0)
    own = Change(name=change.name, zone=change.zone, language=change.language, shortcuts=change.shortcuts)
    values = _judged(row, own)
    changed = {name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value}
    if changed:
        User.objects.filter(pk=row.pk).update(version=F("version") + 1, **values)
        audit.record("person.edited", by=by, now=now, person=row.pk, name=row.name, changed=changed)
    return queries.person(row.pk)


@transaction.atomic
def deactivate(user_id: int, *, by: Actor, now: datetime) -> Person:
    """The person can do nothing any more: sessions, tokens and invitations are dead when this returns.

    `person.deactivated` lets promises and roles go to the deputy. Refuses the last active administrator. Somebody who
    is gone already stays as they are.
    """
    by.require("people.edit")
    row = queries.row(user_id)
    if not row.is_active and row.deactivated_at is not None:
        return queries.facts(row)
    if row.is_active and row.is_administrator:
        _keep_one_administrator(user_id)
    User.objects.filter(pk=user_id).update(
        is_active=False, deactivated_at=now, session_epoch=F("session_epoch") + 1, version=F("version") + 1
    )
    ApiToken.objects.filter(made_by_id=user_id, revoked_at=None).update(revoked_at=now)
    OneTimeLink.objects.filter(user_id=user_id, used_at=None).update(used_at=now)
    audit.record("person.deactivated", by=by, now=now, person=user_id, name=row.name)
    events.emit("person.deactivated", now=now, user_id=user_id, deputy_id=queries.deputy_of(user_id))
    return queries.person(user_id)


@transaction.atomic
def reactivate(user_id: int, *, by: Actor, now: datetime) -> Person:
    """Back with the old role and password; old sessions and tokens stay dead. Who never joined is invited again."""
    by.require("people.edit")
    row = queries.row(user_id)
    if row.is_active:
        return queries.facts(row)
    if row.deactivated_at is None:
        raise Refused("person.not_joined", name=row.name)
    joined = row.joined_at is not None
    User.objects.filter(pk=user_id).update(is_active=joined, deactivated_at=None, version=F("version") + 1)
    audit.record("person.reactivated", by=by, now=now, person=user_id, name=row.name)
    return queries.person(user_id)


@transaction.atomic
def sign_out_everywhere(user_id: int, *, by: Actor, now: datetime) -> None:
    """Every session of the person is dead when this returns, the present one too; API tokens stay."""
    if by.user_id != user_id or by.kind != "user":
        by.require("people.edit")
    row = queries.row(user_id)
    User.objects.filter(pk=user_id).update(session_epoch=F("session_epoch") + 1)
    audit.record("session.ended_everywhere", by=by, now=now, person=user_id, name=row.name)
