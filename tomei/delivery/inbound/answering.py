"""One short answer to a contact whom we know. It quotes nothing: what came in is never sent back to anybody."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from tomei.accounts import settings as house
from tomei.customers import queries as customers
from tomei.delivery import actions
from tomei.delivery.inbound import options
from tomei.delivery.models import Inbound
from tomei.kernel import time
from tomei.kernel.ids import digest
from tomei.kernel.text import Text

HOUR = timedelta(hours=1)
_SUBJECT = Text("メールを受け取りました", "We received a message from your address")
_TEXT = Text(
    "{at} に、このアドレスを差出人とするメールを受け取りました。差出人が本人であることは、まだ確認できていません。\n\n"
    "サインインして確認してください：{url}\n",
    "At {at} we received a message that names this address as its sender. We do not know yet that it is from you.\n\n"
    "Confirm it by signing in: {url}\n",
)
_PHONE = Text("または、お電話ください：{phone}\n", "Or call us: {phone}\n")
_UNKNOWN = Text(
    "心当たりがない場合は、何もする必要はありません。\n", "If you did not write to us, nothing needs to be done.\n"
)


def answer(row: Inbound, now: datetime) -> bool:
    """Queue the answer; False for an unknown address, or one that was answered within the hour."""
    if not row.sender or row.group_id is None or not options.of(row.source_id or 0).answers:
        return False
    contact = customers.contact_by_mail(row.sender)
    if contact is None or Inbound.objects.filter(sender=row.sender, answered_at__gt=now - HOUR).exists():
        return False
    language = contact.language or "ja"
    zone = str(house.get("zone", "Asia/Tokyo"))
    at = f"{row.at.astimezone(time.zone(zone)):%Y-%m-%d %H:%M} ({zone})"
    said = _TEXT.said_in(language).format(at=at, url=f"{settings.TOMEI_URL}/mail-in/{row.pk}/")
    phone = options.phone()
    said += _PHONE.said_in(language).format(phone=phone) if phone else ""
    actions.queue_mail(
        to=contact.mail,
        subject=_SUBJECT.said_in(language),
        text=f"{said}\n{_UNKNOWN.said_in(language)}",
        key=f"mail-answer:{digest(row.sender)}:{now:%Y%m%d%H}",
        purpose="answer",
        rank=3,
        organisation_id=contact.organisation_id,
        about=f"mail-in:{row.pk}",
        now=now,
    )
    row.answered_at = now
    row.save(update_fields=["answered_at"])
    return True
