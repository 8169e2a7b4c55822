"""Who stands before the door: by the cookie of a device, by a feed key, by a link."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime

from tomei.accounts import settings as house
from tomei.accounts import vault
from tomei.customers import queries as customers
from tomei.customers.facts import ContactFacts
from tomei.kernel.ids import digest
from tomei.room import rules
from tomei.room.facts import DeviceFacts, Guest, KeyFacts
from tomei.room.models import Device, FeedKey, SignIn


def device(secret: str, now: datetime) -> Device | None:
    """The device that this cookie opens now; None for one that was made up, has ended or was revoked."""
    if not secret or len(secret) > 200:
        return None
    return Device.objects.filter(secret=digest(secret), ends_at__gt=now).first()


def guest(row: Device) -> Guest | None:
    """Who reads on this device. None when the contact left, got another address, or none was chosen yet."""
    found = customers.guest(row.contact_id) if row.contact_id is not None else None
    if found is None or found[0].mail != row.address:
        return None
    return Guest(*found, device_id=row.pk, others=len(customers.guests_at(row.address)) > 1)


def choices(row: Device) -> list[tuple[ContactFacts, customers.OrganisationFacts]]:
    """As whom the person at this device may read."""
    found = customers.guests_at(row.address)
    known = customers.organisations(one.organisation_id for one in found)
    return [(one, known[one.organisation_id]) for one in found]


def asked(browser: str, now: datetime) -> SignIn | None:
    """What was asked for in this browser and may still be opened; also one of which the code is dead."""
    if not browser or len(browser) > 200:
        return None
    return SignIn.objects.filter(
        browser=digest(browser), asked_at__gt=now - rules.LIFETIME, asked_at__lte=now, used_at=None
    ).first()


def link(token: str, now: datetime) -> SignIn | None:
    """What this link would open, whoever follows it."""
    if not token or len(token) > 200:
        return None
    return SignIn.objects.filter(token=digest(token), asked_at__gt=now - rules.LIFETIME, used_at=None).first()


def devices(reader: Guest, now: datetime) -> Sequence[DeviceFacts]:
    """Where the person with this address is signed in, newest first."""
    rows = Device.objects.filter(address=reader.contact.mail, ends_at__gt=now).order_by("-pk")[:100]
    return [
        DeviceFacts(row.pk, row.name, row.made_at, row.last_seen_at, row.ends_at, row.pk == reader.device_id)
        for row in rows
    ]


def keys(reader: Guest) -> list[KeyFacts]:
    rows = FeedKey.objects.filter(contact=reader.contact.id).order_by("pk")
    return [KeyFacts(row.pk, row.made_at, f"/room/feed/{key_of(row)}/") for row in rows]


def key_of(row: FeedKey) -> str:
    # With the contact: after a restore an id may be given anew, and an old key must not open it.
    return f"{row.pk}-{vault.mark(f'room-feed:{row.pk}:{row.contact_id}:{row.salt}')[:40]}"


def by_key(key: str) -> Guest | None:
    """As whom a feed reader reads; None for a key that was made up or revoked, or whose owner has left."""
    number, _dash, _mark = key.partition("-")
    if not (number.isascii() and number.isdecimal()) or len(number) > 18:
        return None
    row = FeedKey.objects.filter(pk=int(number)).first()
    if row is None or not hmac.compare_digest(key.encode("utf-8", "replace"), key_of(row).encode()):
        return None
    found = customers.guest(row.contact_id)
    return Guest(*found) if found else None


def days() -> int:
    """How long a device is remembered."""
    found = house.get("room_device_days", rules.DAYS)
    return found if isinstance(found, int) and 1 <= found <= rules.MOST_DAYS else rules.DAYS
