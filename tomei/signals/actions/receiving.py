"""Requests become rows: many of them in one transaction, each with its own outcome."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Coalesce

from tomei.clock import actions as clock
from tomei.customers import queries as customers
from tomei.kernel import events
from tomei.signals.actions import beating, remarking, storing
from tomei.signals.actions.bundles import Arrival, Bundle, Delivery, arrival, waves
from tomei.signals.actions.digesting import Parts, digest
from tomei.signals.facts import Taken
from tomei.signals.models import Received, Source

SECOND = timedelta(seconds=1)
VERIFY = "signals.verify"


def take_in(
    deliveries: Sequence[Delivery], *, now: datetime, began: Callable[[], object] = lambda: None
) -> list[Taken]:
    """Everything is durable when this returns: what came, what it means, and whether somebody must look.

    The outcome is that of one delivery after the other, all or none of them. What was not understood is kept as it came
    and shown under its source; nothing follows from it. `began` is called when the transaction is open.
    """
    rows = [_row(one) for one in deliveries]
    with transaction.atomic():
        began()
        ids = storing.add_received(rows)
        deliveries = beating.hear(deliveries, now=now)
        taken = take_again(ids, deliveries, now=now)
        _note(deliveries, now)
        _verify_later(ids, deliveries, now)
    return taken


def take_again(ids: Sequence[int], deliveries: Sequence[Delivery], *, now: datetime) -> list[Taken]:
    """What follows from deliveries that are kept already under `ids`."""
    understood = [arrival(pk, one) for pk, one in zip(ids, deliveries, strict=True) if one.parsed is not None]
    parts = _components(understood)
    bundles = [bundle for wave in waves(understood) for bundle in digest(wave, parts, now=now)]
    taken = _taken(ids, understood, bundles)
    _mark_repeated(taken)
    remarking.keep(ids, deliveries, now=now)
    for one, what in zip(deliveries, taken, strict=True):
        events.emit(
            "signal.received", now=now, source_id=one.source.pk, received_id=what.received_id,
            group_ids=list(what.group_ids),
        )  # fmt: skip
    return taken


def _row(one: Delivery) -> tuple[int, datetime, bytes, int, str, str, int, str]:
    packed = zlib.compress(one.body, 1) if one.body else b""
    if one.parsed is None:
        verdict = "unverified" if one.is_unverified else "not_understood"
        return (one.source.pk, one.at, packed, one.size, verdict, one.error[:500], 0, one.word)
    return (one.source.pk, one.at, packed, one.size, "understood", "", len(one.parsed.events), one.word)


def _components(arrivals: Sequence[Arrival]) -> Parts:
    given = (event for one in arrivals for listed in one.by_key.values() for event in listed)
    slugs = {event.component for event in given if event.component}
    return {slug: part.id for slug, part in customers.components_by_slug(slugs).items()} if slugs else {}


def _taken(ids: Sequence[int], arrivals: Sequence[Arrival], bundles: Sequence[Bundle]) -> list[Taken]:
    """What became of each delivery, in the order of `ids`."""
    events_of = {one.received_id or 0: sum(len(given) for given in one.by_key.values()) for one in arrivals}
    of: dict[int, list[Bundle]] = {pk: [] for pk in ids}
    for bundle in bundles:
        of[bundle.arrival.received_id or 0].append(bundle)
    return [
        Taken(
            received_id=pk,
            events=events_of.get(pk, 0),
            new=sum(len(one.news) for one in mine),
            repeated=sum(one.repeated for one in mine),
            late=sum(len(one.late) for one in mine),
            group_ids=tuple(one.group.pk for one in mine),
        )
        for pk, mine in of.items()
    ]


def _mark_repeated(taken: Sequence[Taken]) -> None:
    repeats = [one.received_id for one in taken if one.events and not one.new]
    if repeats:
        Received.objects.filter(pk__in=repeats).update(verdict="repeated")


def _note(deliveries: Sequence[Delivery], now: datetime) -> None:
    """When a source was heard, to the second: a sender in full flow does not write its own row each time."""
    understood = {one.source.pk: one.source for one in deliveries if one.parsed is not None}
    stale = [pk for pk, source in understood.items() if _is_stale(source, now)]
    if stale:
        first = Coalesce("first_received_at", now)
        Source.objects.filter(pk__in=stale).update(last_received_at=now, first_received_at=first)
    unread = {one.source.pk for one in deliveries if one.parsed is None}
    if unread:
        Source.objects.filter(pk__in=unread).update(last_received_at=now)


def _is_stale(source: Source, now: datetime) -> bool:
    heard = source.last_received_at
    return source.first_received_at is None or heard is None or now - heard >= SECOND


def _verify_later(ids: Sequence[int], deliveries: Sequence[Delivery], now: datetime) -> None:
    """Nothing of these is believed yet: the clock fetches what their signature is held against."""
    wanted = [
        clock.Wanted(VERIFY, now, f"verify:{pk}", 1, {"received_id": pk})
        for pk, one in zip(ids, deliveries, strict=True)
        if one.is_unverified
    ]
    if wanted:
        clock.schedule_many(wanted, now=now)
