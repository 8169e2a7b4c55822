"""A subscriber as other modules see one, and the link that opens the subscription."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from tomei.accounts import vault
from tomei.comms.models import Subscriber


@dataclass(frozen=True, slots=True)
class SubscriberFacts:
    """`components` are ids; empty means all that the page shows. `address` of a webhook is its host."""

    id: int
    address: str
    language: str
    components: tuple[int, ...]
    confirmed_at: datetime
    link: str  # opens the subscription without a sign-in: for its owner alone
    channel: str = "mail"
    endpoint_id: int | None = None
    secret: str = ""  # of a webhook, in the answer to its confirmation and nowhere else

    @property
    def url(self) -> str:
        return f"{settings.TOMEI_URL}/status/subscription/{self.link}/"


def facts(row: Subscriber) -> SubscriberFacts:
    link = f"{row.pk}-{_mark(row)}"
    return SubscriberFacts(
        row.pk, row.address, row.language, tuple(row.components), row.confirmed_at, link, row.channel, row.endpoint_id
    )


def row_of(link: str) -> Subscriber | None:
    """The subscription that a link opens; None for one that was made up, or whose owner has left."""
    number, _dash, mark = link.partition("-")
    if not (number.isascii() and number.isdecimal()) or len(number) > 18:
        return None
    row = Subscriber.objects.filter(pk=int(number)).first()
    return row if row and hmac.compare_digest(mark.encode(), _mark(row).encode()) else None


def about(subscriber_id: int) -> str:
    """What each of their messages is about, so that all of them are found again."""
    return f"subscriber:{subscriber_id}"


def _mark(row: Subscriber) -> str:
    # With the address: after a restore an id may be given anew, and an old link must not open it.
    return vault.mark(f"subscriber:{row.pk}:{row.lower}")[:40]
