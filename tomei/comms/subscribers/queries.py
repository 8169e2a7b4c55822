"""How many read public updates by mail, per component and language; addresses only by `actions.search`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tomei.comms.models import Subscriber
from tomei.comms.subscribers.facts import SubscriberFacts, facts, row_of
from tomei.delivery import queries as delivered


@dataclass(frozen=True, slots=True)
class Counts:
    """`everything` chose no component and hears of all; `suppressed` get nothing, since mail to them came back."""

    all: int
    everything: int
    components: Mapping[int, int]
    languages: Mapping[str, int]
    suppressed: int


def counts() -> Counts:
    rows = list(Subscriber.objects.values_list("lower", "language", "components"))
    chosen = Counter(pk for _address, _language, components in rows for pk in components)
    return Counts(
        len(rows), sum(not components for _address, _language, components in rows), chosen,
        Counter(language for _address, language, _components in rows),
        len(delivered.suppressed_among([address for address, _language, _components in rows])),
    )  # fmt: skip


def by_link(link: str) -> SubscriberFacts | None:
    """The subscription that this link opens; None when there is none (any more)."""
    row = row_of(link)
    return facts(row) if row else None
