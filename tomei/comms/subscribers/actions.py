"""Ask, confirm, change, leave: the only writers of subscriptions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from tomei.accounts import audit, vault
from tomei.comms.models import Gate, Subscriber, SubscriptionWish
from tomei.comms.subscribers import mail, rules
from tomei.comms.subscribers.facts import SubscriberFacts, about, facts, row_of
from tomei.customers import queries as customers
from tomei.delivery import actions as delivery
from tomei.delivery import bulk
from tomei.delivery import rules as addresses
from tomei.kernel import ids
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.text import LANGUAGES

FOUND = 50  # how many a search shows


@transaction.atomic
def ask(address: str, *, components: Sequence[int], language: str, network: str, now: datetime) -> None:
    """Send a confirmation to the address, at most one an hour; whether it is known already is told to nobody.

    Refuses `delivery.bad_address`, `subscription.unknown_choice`, and `subscription.network_busy` for a network that
    asked too often, before anything is looked up.
    """
    address = addresses.mail_address(address)
    chosen = _choice(components, language)
    mark = vault.mark(f"network:{rules.network(network)}")[:40]
    if not any(_pass(f"network:{mark}:{place}", now) for place in range(rules.PER_NETWORK)):
        raise Refused("subscription.network_busy")
    if not _pass(f"mail:{vault.mark(f'asked:{address.lower()}')[:40]}", now):
        return
    token = ids.secret("subscribe")
    wish = SubscriptionWish.objects.create(
        token=ids.digest(token), address=address, lower=address.lower(), language=language, components=chosen,
        asked_at=now,
    )  # fmt: skip
    said = mail.confirmation(token, language, customers.ours().name.said_in(language))
    delivery.queue_mail(
        to=address, subject=said.subject, text=said.text, html=said.html, key=f"wish:{wish.pk}:{wish.token[:16]}",
        purpose="confirm", rank=6, now=now, about=f"wish:{wish.pk}",
    )  # fmt: skip


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
    given = {"address": asked.address, "language": asked.language, "components": asked.components, "confirmed_at": now}
    row, _new = Subscriber.objects.update_or_create(lower=asked.lower, defaults=given)
    SubscriptionWish.objects.filter(pk=asked.pk).update(subscriber=row)
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
    found = [facts(row) for row in Subscriber.objects.filter(lower__contains=text).order_by("lower")[:FOUND]]
    audit.record("subscriber.searched", by=by, now=now, found=[one.id for one in found])
    return found


def _erase(row: Subscriber) -> None:
    wishes = list(SubscriptionWish.objects.filter(lower=row.lower).values_list("pk", flat=True))
    bulk.erase([about(row.pk), *(f"wish:{pk}" for pk in wishes)])
    SubscriptionWish.objects.filter(pk__in=wishes).delete()
    row.delete()


def prune(jobs: Iterable[object], now: datetime) -> None:
    """Clock effect: what was asked for more than a day ago is forgotten, confirmed or not, with its mail."""
    old = list(SubscriptionWish.objects.filter(asked_at__lte=now - rules.LIFETIME).values_list("pk", flat=True)[:500])
    bulk.erase([f"wish:{pk}" for pk in old])
    SubscriptionWish.objects.filter(pk__in=old).delete()
    Gate.objects.filter(at__lte=now - rules.PAUSE).delete()
