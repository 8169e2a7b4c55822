"""How many read public updates, per component, channel and language; addresses only by `actions.search`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tomei.comms.models import Subscriber
from tomei.comms.subscribers.facts import SubscriberFacts, facts, row_of
from tomei.delivery import queries as delivered
from tomei.delivery.endpoints import queries as endpoints


@dataclass(frozen=True, slots=True)
class Counts:
    """`everything` chose no component and hears of all; `suppressed` get nothing, since mail to them came back."""

    all: int
    everything: int
    components: Mapping[int, int]
    languages: Mapping[str, int]
    suppressed: int
    channels: Mapping[str, int]
    stopped: int  # webhooks and chats that took nothing for days, or said that they are gone


def counts() -> Counts:
    rows = list(Subscriber.objects.values_list("lower", "language", "components", "channel"))
    mails = [address for address, _language, _components, channel in rows if channel == "mail"]
    return Counts(
        len(rows), sum(not components for _address, _language, components, _channel in rows),
        Counter(pk for _address, _language, components, _channel in rows for pk in components),
        Counter(language for _address, language, _components, _channel in rows),
        len(delivered.suppressed_among(mails)),
        Counter(channel for _address, _language, _components, channel in rows), endpoints.stopped("subscriber"),
    )  # fmt: skip


def by_link(link: str) -> SubscriberFacts | None:
    """The subscription that this link opens; None when there is none (any more)."""
    row = row_of(link)
    return facts(row) if row else None
