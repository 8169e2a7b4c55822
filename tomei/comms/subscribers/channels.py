"""By which channel a subscriber hears: mail, or an address that takes our POSTs. Both are asked first, in one way.

The question goes to the address itself and holds a link; only who can read there opens it. A webhook gets the link in
`data.confirm_url` of an unsigned event `subscription.confirmation`, a chat in a note.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from tomei.accounts import vault
from tomei.comms.models import Subscriber, SubscriptionWish
from tomei.comms.subscribers import mail, rules
from tomei.comms.subscribers.facts import about, facts
from tomei.customers import queries as customers
from tomei.delivery import actions as delivery
from tomei.delivery import rules as addresses
from tomei.delivery.actions import seal_address
from tomei.delivery.endpoints import actions as endpoints
from tomei.delivery.endpoints import queueing
from tomei.delivery.endpoints import rules as endpoint_rules
from tomei.kernel.errors import Refused
from tomei.kernel.events import Event
from tomei.kernel.text import Text

CHANNELS = ("mail", *endpoint_rules.KINDS)
_CONFIRM = Text("購読を確認する", "Confirm the subscription")
_STOPPED = Text("{house} の障害情報を送れなくなりました", "We stopped sending updates from {house}")
_WHY = Text(
    "{host} への送信が失敗し続けたか、受け取れないという応答があったため、送信を停止しました。",
    "Posting to {host} failed for days, or it answered that it takes nothing any more, so we stopped.",
)
_AGAIN = Text("再開・変更・解除は次のページでできます。", "Resume, change or end it here:")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, checked. `lower` is the same for the same address, however it is written."""

    channel: str
    address: str
    lower: str
    sealed: str = ""
    notice_mail: str = ""


def read(channel: str, address: str, notice_mail: str) -> Asked:
    """Refuses `subscription.unknown_choice`, `delivery.bad_address`, `delivery.bad_url` and `endpoint.not_public`."""
    if channel == "mail":
        mailbox = addresses.mail_address(address)
        return Asked("mail", mailbox, mailbox.lower())
    if channel not in CHANNELS:
        raise Refused("subscription.unknown_choice")
    url = endpoint_rules.public_address(channel, address)
    sealed, host = seal_address("generic", url)
    told = addresses.mail_address(notice_mail) if notice_mail.strip() else ""
    return Asked(channel, host, f"{channel}:{vault.mark(f'hook:{url}')[:40]}", sealed, told)


def question(wish: SubscriptionWish, token: str, house: str, now: datetime) -> None:
    """Ask the address whether it was meant. It quotes nothing that was typed."""
    said = mail.confirmation(token, wish.language, house)
    key, subject = f"wish:{wish.pk}:{wish.token[:16]}", f"wish:{wish.pk}"
    if wish.channel == "mail":
        delivery.queue_mail(
            to=wish.address, subject=said.subject, text=said.text, html=said.html, key=key, purpose="confirm", rank=6,
            now=now, about=subject,
        )  # fmt: skip
        return
    url = f"{settings.TOMEI_URL}/status/subscribe/{token}/?lang={wish.language}"
    if wish.channel == endpoint_rules.WEBHOOK:
        expires = (now + rules.LIFETIME).isoformat()
        data = queueing.event("subscription.confirmation", {"confirm_url": url, "expires_at": expires}, now)
    else:
        asked, _opened, ignored = mail.asking(wish.language, house)
        links = [(_CONFIRM.said_in(wish.language), url)]
        data = queueing.note(said.subject, f"{asked}\n{ignored}", links=links)
    queueing.ask(wish.channel, wish.sealed, wish.address, data, key=key, about=subject, now=now)


def open_endpoint(row: Subscriber, sealed: str, now: datetime) -> str:
    """The endpoint of a confirmed subscriber, and its secret when it is new; a known one is on again."""
    if row.endpoint_id is not None:
        endpoints.again(row.endpoint_id)
        return ""
    made, secret = endpoints.make(
        "subscriber", row.channel, endpoints.unseal(sealed), now=now, owner_id=row.pk, language=row.language
    )
    Subscriber.objects.filter(pk=row.pk).update(endpoint_id=made.pk)
    row.endpoint_id = made.pk
    return secret


def stopped(event: Event) -> None:
    """Nothing is posted there any more: whoever left a mail address for that hears it once."""
    if event["use"] != "subscriber":
        return
    row = Subscriber.objects.filter(endpoint_id=event["endpoint_id"]).exclude(notice_mail="").first()
    if row is None:
        return
    house = customers.ours().name.said_in(row.language)
    subject, why, again = (
        one.said_in(row.language).format(house=house, host=row.address) for one in (_STOPPED, _WHY, _AGAIN)
    )
    delivery.queue_mail(
        to=row.notice_mail, subject=subject, text=f"{why}\n\n{again}\n{facts(row).url}\n\n-- \n{house}\n",
        key=f"stopped:{row.pk}:{event.at.isoformat()}", purpose="notice", rank=6, now=event.at, about=about(row.pk),
    )  # fmt: skip
