"""Ask, enter, choose, leave; feed keys: the only writers of the room."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from tomei.accounts import audit, vault
from tomei.accounts import settings as house
from tomei.clock import actions as clock
from tomei.clock.handlers import JobFacts
from tomei.comms.subscribers.rules import network as network_of
from tomei.customers import queries as customers
from tomei.customers.facts import ContactFacts
from tomei.customers.rules import words
from tomei.delivery import actions as delivery
from tomei.delivery import bulk
from tomei.kernel import events, ids
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import LANGUAGES
from tomei.room import mail, queries, rules
from tomei.room.facts import Entered, Guest
from tomei.room.models import Device, FeedKey, Gate, SignIn

MAIL, PRUNE = "room.mail", "room.prune"
RANK = 2  # somebody sits there and waits


def ask(address: str, *, next: str, keep: bool, language: str, network: str, before: str = "", now: datetime) -> str:
    """A sign-in was asked for; returns the secret for the asking browser's cookie. What it asked for `before` dies.

    The same rows are written for every address: whom it belongs to is asked by the clock, which mails, afterwards.
    Refuses `field.mail_unreadable`, `room.address_busy` and `room.network_busy`.
    """
    wanted = words.mail(address, required=True)
    try:
        with transaction.atomic():
            browser = _ask(
                wanted, rules.safe_next(next), keep, language if language in LANGUAGES else "en", network, now
            )
            SignIn.objects.filter(browser=ids.digest(before), used_at=None).update(used_at=now)
        return browser
    except Refused as error:
        _told_busy(error.code, now)
        raise


def _ask(address: str, next: str, keep: bool, language: str, network: str, now: datetime) -> str:
    if not passes("network", network_of(network), rules.PER_NETWORK, now):
        raise Refused("room.network_busy")
    if not passes("address", address, rules.PER_ADDRESS, now):
        raise Refused("room.address_busy", count=rules.PER_ADDRESS)
    salt, browser = secrets.token_hex(32), ids.secret("ask")
    row = SignIn.objects.create(
        token=ids.digest(_token(salt)), salt=salt, browser=ids.digest(browser), address=address, language=language,
        next=next, keep=keep, asked_at=now,
    )  # fmt: skip
    clock.schedule(MAIL, due_at=now, key=f"room:{row.pk}", rank=RANK, payload={"sign_in": row.pk}, now=now)
    audit.record("room.asked", by=audit.NOBODY, now=now, sign_in=row.pk)
    return browser


def _token(salt: str) -> str:
    return f"room_{vault.mark(f'room-link:{salt}')}"


def _code(salt: str) -> str:
    return rules.code_of(vault.mark(f"room-code:{salt}"))


def passes(kind: str, whose: str, most: int, now: datetime) -> bool:
    """One of `most` passes an hour. Conditional, so that of two at once who want the last one only one gets it."""
    mark = f"{kind}:{vault.mark(f'room:{kind}:{whose}')[:40]}"
    for place in range(most):
        if Gate.objects.filter(key=f"{mark}:{place}", at__lte=now - rules.HOUR).update(at=now):
            return True
        if Gate.objects.get_or_create(key=f"{mark}:{place}", defaults={"at": now})[1]:
            return True
    return False


@transaction.atomic
def _told_busy(code: str, now: datetime) -> None:
    """Written down once an hour, so that who hammers at the door does not fill the log."""
    if passes("told", code, 1, now):
        audit.record("room.busy", by=audit.NOBODY, now=now, why=code)


def send(jobs: Iterable[JobFacts], now: datetime) -> None:
    """Clock effect: the mails to those of the askers who are contacts; the others hear nothing."""
    for job in jobs:
        row = SignIn.objects.filter(pk=int(job.payload["sign_in"]), used_at=None).first()
        found = customers.guests_at(row.address) if row else []
        if row is None or not found or row.asked_at <= now - rules.LIFETIME:
            continue
        contact = found[0]
        if passes("organisation", str(contact.organisation_id), rules.PER_ORGANISATION, now):
            _send(row, contact, now)
        else:
            _told_busy("room.organisation_busy", now)


def _send(row: SignIn, contact: ContactFacts, now: datetime) -> None:
    said = mail.sign_in(
        _token(row.salt), _code(row.salt), contact.language, customers.ours().name.said_in(contact.language)
    )
    delivery.queue_mail(
        to=contact.mail, subject=said.subject, text=said.text, html=said.html, key=f"room:{row.pk}:{row.token[:16]}",
        purpose="signin", rank=RANK, now=now, organisation_id=contact.organisation_id, about=f"room:{row.pk}",
    )  # fmt: skip
    audit.record("room.mailed", by=audit.NOBODY, now=now, sign_in=row.pk, contact_id=contact.id)


def open_link(token: str, *, browser: str, name: str, now: datetime) -> Entered:
    """Enter by the link, in the browser that asked.

    Refuses `room.link_dead` (used, too old, unknown) and `room.other_browser`, which leaves the link alive.
    """
    row = queries.link(token, now)
    if row is None:
        raise Refused("room.link_dead")
    if not browser or not hmac.compare_digest(ids.digest(browser), row.browser):
        raise Refused("room.other_browser")
    return _enter(row, "link", name, now)


def open_code(typed: str, *, browser: str, name: str, now: datetime) -> Entered:
    """Enter by the code, in the browser that asked.

    Refuses `room.link_dead`, `room.code_wrong` (with the tries that are left) and `room.code_dead` after the fifth.
    """
    row = queries.asked(browser, now)
    if row is None:
        raise Refused("room.link_dead")
    # A try is counted before it is judged, in a transaction of its own: two connections at once have five together.
    if not SignIn.objects.filter(pk=row.pk, tries__lt=rules.TRIES, used_at=None).update(tries=F("tries") + 1):
        raise Refused("room.code_dead")
    if hmac.compare_digest(rules.typed_code(typed), _code(row.salt)):
        return _enter(row, "code", name, now)
    left = rules.TRIES - SignIn.objects.values_list("tries", flat=True).get(pk=row.pk)
    audit.record("room.code_wrong", by=audit.NOBODY, now=now, sign_in=row.pk, left=max(left, 0))
    raise Refused("room.code_wrong", left=left) if left > 0 else Refused("room.code_dead")


@transaction.atomic
def _enter(row: SignIn, by_what: str, name: str, now: datetime) -> Entered:
    """Use it up and open the room. Of two at once one gets in: the update says which."""
    if not SignIn.objects.filter(pk=row.pk, used_at=None).update(used_at=now):
        raise Refused("room.link_dead")
    found = customers.guests_at(row.address)
    if not found:
        raise Refused("room.link_dead")
    bulk.erase([f"room:{row.pk}"])
    return open_for(found, keep=row.keep, name=name, via=by_what, next=row.next, now=now)


@transaction.atomic
def open_for(
    found: list[ContactFacts], *, keep: bool, name: str, via: str, now: datetime, next: str = rules.HOME
) -> Entered:
    """A device on which the person behind these contacts is signed in; of one contact, its organisation is chosen."""
    secret = ids.secret("room", 40)
    ends_at = now + (timedelta(days=queries.days()) if keep else rules.SHORT)
    only = found[0].id if len(found) == 1 else None
    row = Device.objects.create(
        secret=ids.digest(secret), address=found[0].mail, contact_id=only, name=name[:80], kept=keep, made_at=now,
        last_seen_at=now, ends_at=ends_at,
    )  # fmt: skip
    by = Actor("contact", found[0].id, found[0].name, found[0].organisation_id if only else None)
    audit.record("room.entered", by=by, now=now, via=via, device=row.pk)
    return Entered(secret, ends_at, keep, next)


@transaction.atomic
def choose(device_id: int, contact_id: int, *, now: datetime) -> None:
    """Read as this contact from here on; `Missing` unless it has the address that signed in."""
    row = Device.objects.filter(pk=device_id, ends_at__gt=now).first()
    contact = next((one for one in customers.guests_at(row.address) if one.id == contact_id), None) if row else None
    if row is None or contact is None:
        raise Missing("contact")
    Device.objects.filter(pk=row.pk).update(contact=contact.id)
    by = Actor("contact", contact.id, contact.name, contact.organisation_id)
    audit.record("room.chosen", by=by, now=now, organisation_id=contact.organisation_id, device=row.pk)


@transaction.atomic
def leave(device_id: int, *, now: datetime) -> None:
    """Signed out on this device; a second time is no fault."""
    row = Device.objects.filter(pk=device_id).first()
    if row is not None:
        row.delete()
        audit.record("room.left", by=Actor("contact", row.contact_id), now=now, device=device_id)


@transaction.atomic
def revoke_device(device_id: int, *, by: Guest, now: datetime) -> None:
    """Another device of the same person is signed out; somebody else's is `Missing`."""
    if not Device.objects.filter(pk=device_id, address=by.contact.mail).delete()[0]:
        raise Missing("device")
    audit.record("room.device_revoked", by=by.actor, now=now, device=device_id)


def seen(row: Device, now: datetime) -> None:
    """When this device was last used, to the hour; reading a page writes no more often."""
    stale = now - rules.SEEN
    if row.last_seen_at <= stale:
        Device.objects.filter(pk=row.pk, last_seen_at__lte=stale).update(last_seen_at=now)


@transaction.atomic
def make_key(*, by: Guest, now: datetime) -> None:
    """A key for a feed reader; refuses `room.too_many_keys`."""
    by.actor.require("room.read")
    if FeedKey.objects.filter(contact=by.contact.id).count() >= rules.MOST_KEYS:
        raise Refused("room.too_many_keys", most=rules.MOST_KEYS)
    row = FeedKey.objects.create(contact_id=by.contact.id, salt=secrets.token_hex(16), made_at=now)
    audit.record("room.key_made", by=by.actor, now=now, key=row.pk)


@transaction.atomic
def revoke_key(key_id: int, *, by: Guest, now: datetime) -> None:
    """What was read with this key is closed to it; somebody else's is `Missing`."""
    if not FeedKey.objects.filter(pk=key_id, contact=by.contact.id).delete()[0]:
        raise Missing("key")
    audit.record("room.key_revoked", by=by.actor, now=now, key=key_id)


def changed(event: events.Event) -> None:
    """With the act: contacts of this organisation who left, or got another address, are signed out for good.

    Without it a device would work again when the organisation is taken back.
    """
    devices = Device.objects.filter(contact__organisation=event["organisation_id"])
    for row in devices:
        if queries.guest(row) is None:
            row.delete()
    for key in FeedKey.objects.filter(contact__organisation=event["organisation_id"]):
        if customers.guest(key.contact_id) is None:
            key.delete()


def keep_days(days: int, *, by: Actor, now: datetime) -> None:
    """How long a device is remembered from now on; refuses `room.bad_days`."""
    if not 1 <= days <= rules.MOST_DAYS:
        raise Refused("room.bad_days", most=rules.MOST_DAYS)
    house.put("room_device_days", days, by=by, now=now)


def prune(jobs: Iterable[object], now: datetime) -> None:
    """Clock effect: what was asked for is forgotten with its mail an hour later, ended devices at once."""
    old = list(SignIn.objects.filter(asked_at__lte=now - rules.HOUR).values_list("pk", flat=True)[:500])
    bulk.erase([f"room:{pk}" for pk in old])
    SignIn.objects.filter(pk__in=old).delete()
    Device.objects.filter(ends_at__lte=now).delete()
    Gate.objects.filter(at__lte=now - rules.HOUR).delete()
