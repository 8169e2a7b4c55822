"""The ways in: the first administrator's link, invitations, and what happens behind allauth's doors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from tomei.accounts import actions, audit, mails, queries, rules
from tomei.accounts.facts import Person
from tomei.accounts.models import OneTimeLink, User
from tomei.kernel import ids, time
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused

PASSWORD_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A link that may still be opened."""

    purpose: str
    user_id: int | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody types who comes in by a link."""

    name: str
    email: str
    password: str
    zone: str
    language: str


def first_admin_link(now: datetime, *, force: bool = False) -> str | None:
    """A link for one hour with which an administrator is made; links printed before are dead.

    None when somebody administers already, unless the console asks (`force`): who can read the data folder may.
    """
    with transaction.atomic():
        if not force and _has_administrator():
            return None
        purpose = "admin" if force else "first_admin"
        OneTimeLink.objects.filter(purpose=purpose, used_at=None).update(used_at=now)
        secret = _link(purpose, None, rules.FIRST_ADMINISTRATOR, now)
        if force:
            audit.record("link.made", by=Actor("console", name="console"), now=now, purpose=purpose)
    return f"{settings.TOMEI_URL}/setup/first/{secret}/"


def look(secret: str, purposes: tuple[str, ...], now: datetime) -> LinkFacts:
    """The link behind `secret`; refuses `link.spent`, the same for one unknown, used, expired or no longer needed."""
    row = OneTimeLink.objects.filter(digest=ids.digest(secret), purpose__in=purposes).first()
    if row is None or row.used_at is not None or row.expires_at <= now:
        raise Refused("link.spent")
    if row.purpose == "first_admin" and _has_administrator():
        raise Refused("link.spent")
    return LinkFacts(row.purpose, row.user_id, row.expires_at)


def make_administrator(secret: str, newcomer: Newcomer, *, now: datetime) -> tuple[Person, bool]:
    """An administrator who is a commander too, and whether the link signs them in (only the very first one does).

    A console link may name a person who exists: they are active and administer from now on, with the new password, and
    their old sessions are dead. Each link works once.
    """
    link = look(secret, ("first_admin", "admin"), now)
    hashed = _hashed(newcomer.password, newcomer)
    with transaction.atomic():
        _use(secret, now)
        if link.purpose == "first_admin" and _has_administrator():
            raise Refused("link.spent")
        known = User.objects.filter(email=rules.mail(newcomer.email)).first() if link.purpose == "admin" else None
        row = _renew(known, newcomer, hashed, now) if known else _enrol(newcomer, hashed, "commander", True, now)
        by = Actor("user", row.pk, row.name, user_id=row.pk)
        audit.record("person.made_administrator", by=by, now=now, person=row.pk, name=row.name, link=link.purpose)
    return queries.person(row.pk), link.purpose == "first_admin"


def invite(
    *,
    name: str,
    email: str,
    role: str,
    language: str,
    zone: str,
    is_administrator: bool = False,
    by: Actor,
    now: datetime,
) -> tuple[Person, str]:
    """A person who may join within seven days, and the link that was mailed to them; they can do nothing before."""
    by.require("people.edit")
    with transaction.atomic():
        row = actions.new_row(
            name=name, email=email, role=role, zone=zone, language=language,
            is_administrator=is_administrator, is_active=False, invited_at=now,
        )  # fmt: skip
        audit.record(
            "person.invited", by=by, now=now, person=row.pk, name=row.name, role=role, administrator=is_administrator
        )
        url = _invitation(row, by, now)
    return queries.facts(row), url


def invite_again(user_id: int, *, by: Actor, now: datetime) -> str:
    """A new link by mail, seven days more; the old one is dead. Refuses a person who has joined or was let go."""
    by.require("people.edit")
    with transaction.atomic():
        row = queries.row(user_id)
        if row.is_active or row.deactivated_at is not None or row.joined_at is not None:
            raise Refused("person.not_invited", name=row.name)
        OneTimeLink.objects.filter(user_id=user_id, used_at=None).update(used_at=now)
        User.objects.filter(pk=user_id).update(invited_at=now)
        audit.record("person.invited", by=by, now=now, person=row.pk, name=row.name, again=True)
        return _invitation(row, by, now)


def join(secret: str, newcomer: Newcomer, *, now: datetime) -> Person:
    """The invited person is active, with their own password, name, zone and language; the link is used up.

    The address stays the invited one: the mail that carried the link is what proves it.
    """
    link = look(secret, ("invite",), now)
    row = queries.row(link.user_id or 0)
    name, zone, language = rules.name(newcomer.name), str(time.zone(newcomer.zone)), rules.language(newcomer.language)
    hashed = _hashed(newcomer.password, Newcomer(name, row.email, "", zone, language))
    with transaction.atomic():
        _use(secret, now)
        hit = User.objects.filter(pk=row.pk, is_active=False, deactivated_at=None).update(
            name=name, zone=zone, language=language, password=hashed, is_active=True, joined_at=now,
            version=F("version") + 1,
        )  # fmt: skip
        if not hit:
            raise Refused("link.spent")
        audit.record("person.joined", by=Actor("user", row.pk, name, user_id=row.pk), now=now, person=row.pk, name=name)
    return queries.person(row.pk)


def enrol(newcomer: Newcomer, *, role: str, is_administrator: bool = False, by: Actor, now: datetime) -> Person:
    """A person with a password at once and no invitation: for a story, an import, a console."""
    by.require("people.edit")
    hashed = _hashed(newcomer.password, newcomer)
    with transaction.atomic():
        row = _enrol(newcomer, hashed, role, is_administrator, now)
        audit.record("person.enrolled", by=by, now=now, person=row.pk, name=row.name, role=role)
    return queries.facts(row)


def _enrol(newcomer: Newcomer, hashed: str, role: str, is_administrator: bool, now: datetime) -> User:
    return actions.new_row(
        name=newcomer.name, email=newcomer.email, role=role, zone=newcomer.zone, language=newcomer.language,
        password=hashed, is_administrator=is_administrator, is_active=True, joined_at=now,
    )  # fmt: skip


def _renew(row: User, newcomer: Newcomer, hashed: str, now: datetime) -> User:
    row.name, row.zone = rules.name(newcomer.name), str(time.zone(newcomer.zone))
    row.language, row.password = rules.language(newcomer.language), hashed
    row.is_active, row.is_administrator, row.deactivated_at = True, True, None
    row.joined_at = row.joined_at or now
    row.session_epoch, row.version = row.session_epoch + 1, row.version + 1
    row.save()
    return row


def _hashed(password: str, newcomer: Newcomer) -> str:
    """The password's digest, reckoned before any transaction: it is slow by design and must not hold the write lock."""
    if len(password) > PASSWORD_LIMIT:
        raise Refused("password.too_long", limit=PASSWORD_LIMIT)
    try:
        validate_password(password, User(name=newcomer.name, email=rules.mail(newcomer.email)))
    except ValidationError as error:
        raise Refused("password.weak", advice=" ".join(error.messages)) from error
    return make_password(password)


def _link(purpose: str, user_id: int | None, lasts: timedelta, now: datetime) -> str:
    secret = ids.secret(purpose.replace("_", "-"))
    OneTimeLink.objects.create(
        purpose=purpose, digest=ids.digest(secret), user_id=user_id, created_at=now, expires_at=now + lasts
    )
    return secret


def _use(secret: str, now: datetime) -> None:
    """Spend the link; of two browsers that open it at once, one finds it spent."""
    rows = OneTimeLink.objects.filter(digest=ids.digest(secret), used_at=None, expires_at__gt=now)
    if not rows.update(used_at=now):
        raise Refused("link.spent")


def _invitation(row: User, by: Actor, now: datetime) -> str:
    url = f"{settings.TOMEI_URL}/join/{_link('invite', row.pk, rules.INVITATION, now)}/"
    mails.invitation(row, url, host=by.name, until=now + rules.INVITATION)
    return url


def _has_administrator() -> bool:
    return User.objects.filter(is_administrator=True, is_active=True).exists()
