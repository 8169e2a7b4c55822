"""What the house wants of mail: which mailbox, and what a mail of each source asks for. Set in `/settings/mail-in/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import transaction

from tomei.accounts import settings as house
from tomei.delivery import hooks, jobs
from tomei.delivery.models import Mailbox
from tomei.delivery.rules import MailboxSettings, one_line
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Refused

BOX, PASSWORD, SOURCES, PHONE = "mail.imap", "mail.imap_password", "mail.sources", "mail.phone"


@dataclass(frozen=True, slots=True)
class Options:
    """`calls`: a mail asks for a person as a critical signal does. `machines`: automatic mail (alarms) is a signal too.

    `answers`: a known contact who writes gets one short answer.
    """

    calls: bool = False
    machines: bool = False
    answers: bool = True


def of(source_id: int) -> Options:
    stored = house.get(SOURCES) or {}
    return Options(**stored.get(str(source_id), {}))


def phone() -> str:
    """Where a customer calls us, as the answer says it; empty when it is not set."""
    return str(house.get(PHONE) or "")


def mailbox() -> MailboxSettings | None:
    """The mailbox that is looked into, or None."""
    stored = house.get(BOX)
    return MailboxSettings(password=house.get(PASSWORD) or "", **stored) if stored else None


@transaction.atomic
def save_mailbox(box: MailboxSettings, *, by: Actor, now: datetime) -> None:
    """Looked into from now on. An empty password keeps the stored one while host and user stay the same.

    Refuses `delivery.no_mail_source` for a source that takes no mail.
    """
    by.require("house.configure")
    if box.source_id not in {one.id for one in hooks.mail_sources()}:
        raise Refused("delivery.no_mail_source")
    before = mailbox()
    same = before is not None and (before.host, before.user) == (box.host, box.user)
    if not box.password and same and before is not None:
        box = replace(box, password=before.password)
    shown = {name: value for name, value in asdict(box).items() if name != "password"}
    house.put(BOX, shown, by=by, now=now)
    house.put(PASSWORD, box.password, by=by, now=now, secret=True)
    Mailbox.objects.update_or_create(pk=1, defaults={"next_at": now, "failed_at": None, "last_error": ""})
    jobs.poll(due_at=now, now=now)


@transaction.atomic
def drop_mailbox(*, by: Actor, now: datetime) -> None:
    """No mailbox is looked into any more; its password is forgotten."""
    by.require("house.configure")
    house.put(BOX, {}, by=by, now=now)
    house.put(PASSWORD, "", by=by, now=now, secret=True)
    Mailbox.objects.filter(pk=1).delete()


@transaction.atomic
def save_sources(chosen: Mapping[int, Options], phone_line: str, *, by: Actor, now: datetime) -> None:
    """What each source of mail does, and the telephone that answers name."""
    by.require("house.configure")
    house.put(SOURCES, {str(pk): asdict(one) for pk, one in chosen.items()}, by=by, now=now)
    house.put(PHONE, one_line(phone_line.strip())[:80], by=by, now=now)


@transaction.atomic
def look_now(*, by: Actor, now: datetime) -> None:
    """Look into the mailbox at once; refuses `delivery.no_mailbox`."""
    by.require("house.configure")
    if mailbox() is None:
        raise Refused("delivery.no_mailbox")
    Mailbox.objects.update_or_create(pk=1, defaults={"next_at": now})
    jobs.poll(due_at=now, now=now)
