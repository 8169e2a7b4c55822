"""One update to many people: as many rows, a handful of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from tomei.delivery import hold, paging, rules
from tomei.delivery.actions import SUBJECT_LIMIT, TEXT_LIMIT
from tomei.delivery.models import Message
from tomei.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class MailIn:
    """One of many mails; what they share is said once to `queue_mails`."""

    to: str
    subject: str
    text: str
    key: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    organisation_id: int | None = None
    user_id: int | None = None
    file_ids: tuple[int, ...] = ()  # what it carries: the caller keeps to `rules.attachable`
    about: str = ""  # when it is not what all of them are about


def queue_mails(
    mails: Sequence[MailIn], *, purpose: str, rank: int, now: datetime, incident_id: int | None = None, about: str = ""
) -> int:
    """`actions.queue_mail` for many in the caller's transaction; a key that is known already is not queued again.

    Returns how many are new. Refuses what `queue_mail` refuses, and then queues none.
    """
    if purpose not in rules.PURPOSES:
        raise Refused("delivery.unknown_purpose", purpose=purpose[:40])
    held = hold.on()
    return len(paging.write([_row(one, purpose, rank, now, incident_id, about, held) for one in mails], now))


def erase(abouts: Sequence[str]) -> None:
    """Messages about these (`subscriber:5`) are gone with all they hold, sent or not: somebody left for good."""
    for start in range(0, len(abouts), 500):
        Message.objects.filter(about__in=abouts[start : start + 500]).delete()


def forget(incident_id: int | None, key: str, *, most: int) -> int:
    """Erase messages of an incident whose key begins so, unless they still wait; returns how many (at most `most`)."""
    rows = Message.objects.filter(incident_id=incident_id, key__startswith=key).exclude(state__in=["waiting", "held"])
    found = list(rows.order_by("-pk").values_list("pk", flat=True)[:most])
    Message.objects.filter(pk__in=found).delete()
    return len(found)


def _row(
    one: MailIn, purpose: str, rank: int, now: datetime, incident_id: int | None, about: str, held: bool
) -> Message:
    if len(one.text) > TEXT_LIMIT or len(one.html) > TEXT_LIMIT:
        raise Refused("delivery.too_long", limit=TEXT_LIMIT)
    address = rules.mail_address(one.to)
    return Message(
        channel="mail", address=address, address_hint=address, key=one.key, purpose=purpose, rank=rank,
        about=one.about or about,
        message_id=rules.message_id(one.key, rules.mail_domain(settings.TOMEI_URL)),
        subject=rules.one_line(one.subject.strip())[:SUBJECT_LIMIT], text=one.text, html=one.html,
        headers=rules.headers(dict(one.headers)), files=list(one.file_ids), created_at=now, incident_id=incident_id,
        organisation_id=one.organisation_id, user_id=one.user_id, state="held" if held else "waiting",
        next_try_at=None if held else now,
    )  # fmt: skip
