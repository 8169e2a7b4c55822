"""Ask, confirm, change, leave: the only writers of subscriptions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from tomei.accounts import audit, vault
from tomei.comms.models import Gate, Subscriber, SubscriptionWish
from tomei.comms.subscribers import channels, rules
from tomei.comms.subscribers.facts import SubscriberFacts, about, facts, row_of
from tomei.customers import queries as customers
from tomei.delivery import bulk
from tomei.delivery.endpoints import actions as endpoints
from tomei.kernel import ids
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import LANGUAGES

FOUND = 50  # how many a search shows


@transaction.atomic
def ask(
    address: str, *, components: Sequence[int], language: str, network: str, now: datetime, channel: str = "mail",
    notice_mail: str = "",
) -> None:  # fmt: skip
    """Send a confirmation to the address, at most one an hour; whether it is known already is told to nobody.

    Refuses `delivery.bad_address`, `endpoint.not_public`, `subscription.unknown_choice`, and
    `subscription.network_busy` for a network that asked too often, before anything is looked up.
    """
    asked = channels.read(channel, address, notice_mail)
    chosen = _choice(components, language)
    mark = vault.mark(f"network:{rules.network(network)}")[:40]
    if not any(_pass(f"network:{mark}:{place}", now) for place in range(rules.PER_NETWORK)):
        raise Refused("subscription.network_busy")
    if not _pass(f"mail:{vault.mark(f'asked:{asked.lower}')[:40]}", now):
        return
    token = ids.secret("subscribe")
    wish = SubscriptionWish.objects.create(
        token=ids.digest(token), channel=asked.channel, address=asked.address, lower=asked.lower, sealed=asked.sealed,
        notice_mail=asked.notice_mail, language=language, components=chosen, asked_at=now,
    )  # fmt: skip
    channels.question(wish, token, customers.ours().name.said_in(language), now)


def _choice(components: Sequence[int], language: str) -> list[int]:
    public = {one.id for one in customers.public_components()}
    if language not in LANGUAGES or not public.issuperset(components):
        raise Refused("subscription.unknown_choice")
    return sorted(set(components))


def _pass(key: str, now: datetime) -> bool:
    """Pass this door unless somebody did within the pause. Conditional, so that of two at once one passes."""
    if Gate.objects.filter(key=key, at__lte=now - rules.PAUSE).update(at=now):
        return True
    return Gate.objects.get_or_create(key=key, defaults={"at": now})[1]


def wish(token: str, now: datetime) -> SubscriptionWish | None:
    """What this link would confirm; None when it is unknown or older than a day."""
    rows = SubscriptionWish.objects.filter(token=ids.digest(token), asked_at__gt=now - rules.LIFETIME)
    return rows.select_related("subscriber").first()


@transaction.atomic
def confirm(token: str, *, now: datetime) -> SubscriberFacts:
    """The address is subscribed as it asked; the same link again changes nothing. `Missing` when it no longer opens."""
    asked = wish(token, now)
    if asked is None:
        raise Missing("confirmation")
    if asked.subscriber is not None:
        return facts(asked.subscriber)
    given = {
        "channel": asked.channel, "address": asked.address, "language": asked.language, "components": asked.components,
        "notice_mail": asked.notice_mail, "confirmed_at": now,
    }  # fmt: skip
    row, _new = Subscriber.objects.update_or_create(lower=asked.lower, defaults=given)
    secret = channels.open_endpoint(row, asked.sealed, now) if asked.sealed else ""
    SubscriptionWish.objects.filter(pk=asked.pk).update(subscriber=row)
    return replace(facts(row), secret=secret)


@transaction.atomic
def resume(link: str, *, now: datetime) -> SubscriberFacts:
    """The owner of the link says that their address works again: what stopped it is forgotten."""
    row = row_of(link)
    if row is None or row.endpoint_id is None:
        raise Missing("subscription")
    endpoints.again(row.endpoint_id)
    return facts(row)


@transaction.atomic
def change(link: str, *, components: Sequence[int], language: str) -> SubscriberFacts:
    """The owner of the link hears of other components, or in another language."""
    row = row_of(link)
    if row is None:
        raise Missing("subscription")
    row.components, row.language = _choice(components, language), language
    row.save(update_fields=["components", "language"])
    return facts(row)


@transaction.atomic
def leave(link: str) -> None:
    """Nothing more goes to the owner of this link, and nothing about them stays; a second time is no fault."""
    row = row_of(link)
    if row is not None:
        _erase(row)


@transaction.atomic
def remove(subscriber_id: int, *, by: Actor, now: datetime) -> None:
    """An administrator takes somebody off the list; the audit log keeps the number, not the address."""
    by.require("house.configure")
    row = Subscriber.objects.filter(pk=subscriber_id).first()
    if row is None:
        raise Missing("subscriber")
    _erase(row)
    audit.record("subscriber.removed", by=by, now=now, subscriber=subscriber_id)


@transaction.atomic
def search(sought: str, *, by: Actor, now: datetime) -> list[SubscriberFacts]:
    """Whose address holds these letters, by address; reading addresses is written down, as numbers."""
    by.require("house.configure")
    text = sought.strip().lower()
    if not text:
        raise Refused("subscription.nothing_sought")
    rows = Subscriber.objects.filter(Q(lower__contains=text) | Q(address__icontains=text))
    found = [facts(row) for row in rows.order_by("lower")[:FOUND]]
    audit.record("subscriber.searched", by=by, now=now, found=[one.id for one in found])
    return found


def _erase(row: Subscriber) -> None:
    wishes = list(SubscriptionWish.objects.filter(lower=row.lower).values_list("pk", flat=True))
    bulk.erase([about(row.pk), *(f"wish:{pk}" for pk in wishes)])
    SubscriptionWish.objects.filter(pk__in=wishes).delete()
    if row.endpoint_id is not None:
        endpoints.erase([row.endpoint_id])
    row.delete()


def prune(jobs: Iterable[object], now: datetime) -> None:
    """Clock effect: what was asked for more than a day ago is forgotten, confirmed or not, with its mail."""
    old = list(SubscriptionWish.objects.filter(asked_at__lte=now - rules.LIFETIME).values_list("pk", flat=True)[:500])
    bulk.erase([f"wish:{pk}" for pk in old])
    SubscriptionWish.objects.filter(pk__in=old).delete()
    Gate.objects.filter(at__lte=now - rules.PAUSE).delete()
