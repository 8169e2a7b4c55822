"""What was received and not understood is read again: after a mapping was mended, or a parser."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from tomei.accounts import audit
from tomei.clock import actions as clock
from tomei.clock.handlers import JobFacts
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing, Refused
from tomei.signals import rules
from tomei.signals.actions import receiving, triage
from tomei.signals.actions.bundles import LOOK, Delivery
from tomei.signals.models import Received, Source

JOB = "signals.replay"
MOST_ROWS, MOST_BYTES = 20, 256 * 1024  # read at once: nobody else writes meanwhile


def unread(source_id: int) -> QuerySet[Received]:
    """Requests of a source that were kept whole and not understood."""
    return Received.objects.filter(source=source_id, verdict="not_understood").exclude(body=b"")


@transaction.atomic
def replay(source_id: int, *, by: Actor, now: datetime) -> int:
    """The clock reads again what was not understood, oldest first; returns how many. Refuses `replay.nothing`."""
    by.require("house.configure")
    source = Source.objects.filter(pk=source_id).first()
    if source is None:
        raise Missing(f"source {source_id}")
    waiting = unread(source_id)
    count, last = waiting.count(), waiting.order_by("-pk").values_list("pk", flat=True).first()
    if last is None or source.kind not in rules.PARSERS:
        raise Refused("replay.nothing")
    _next(source_id, 0, last, now)
    audit.record("source.replayed", by=by, now=now, source_id=source_id, count=count)
    return count


def _next(source_id: int, after: int, upto: int, now: datetime) -> None:
    payload = {"source_id": source_id, "after": after, "upto": upto}
    clock.schedule(JOB, due_at=now, key=f"replay:{source_id}", payload=payload, now=now)


def run_replay(jobs: Sequence[JobFacts], now: datetime) -> None:
    """For the clock: one slice of each. People are asked only when all is read: what resolved since calls nobody."""
    for job in jobs:
        source = Source.objects.filter(pk=job.payload["source_id"]).first()
        if source is not None:
            _slice(source, job.payload, now)


def _slice(source: Source, payload: dict[str, Any], now: datetime) -> None:
    rows = _rows(source.pk, payload["after"], payload["upto"])
    if rows:
        _again(source, rows, now)
        _next(source.pk, rows[-1].pk, payload["upto"], now)
    else:
        clock.schedule(LOOK, due_at=now, key=f"look:{source.pk}", payload={"source_id": source.pk}, now=now)


def _rows(source_id: int, after: int, upto: int) -> list[Received]:
    """At least one while there is one, then as many as stay within the bytes."""
    waiting = unread(source_id).filter(pk__gt=after, pk__lte=upto).order_by("pk")
    sizes = list(waiting.values_list("pk", "size")[:MOST_ROWS])
    taken: list[int] = []
    total = 0
    for pk, size in sizes:
        total += size
        if taken and total > MOST_BYTES:
            break
        taken.append(pk)
    return list(Received.objects.select_for_update().filter(pk__in=taken, verdict="not_understood").order_by("pk"))


def _again(source: Source, rows: Sequence[Received], now: datetime) -> None:
    if source.kind in rules.SIGNED:
        _verify(rows, now)
        return
    by = Actor("source", source.pk, source.name)
    read = [(row, _delivery(source, by, row)) for row in rows]
    for row, one in read:
        found = Received.objects.filter(pk=row.pk)
        if one.parsed is None:
            found.update(error=one.error[:500], replayed_at=now)
        else:
            found.update(verdict="understood", error="", events=len(one.parsed.events), replayed_at=now)
    understood = [(row, one) for row, one in read if one.parsed is not None]
    if understood:
        receiving.take_again([row.pk for row, _one in understood], [one for _row, one in understood], now=now)
        first = Coalesce("first_received_at", understood[0][0].at)
        Source.objects.filter(pk=source.pk).update(first_received_at=first)


def _verify(rows: Sequence[Received], now: datetime) -> None:
    """What only a signature makes believable is verified anew."""
    Received.objects.filter(pk__in=[row.pk for row in rows]).update(verdict="unverified", replayed_at=now)
    clock.schedule_many(
        [clock.Wanted(receiving.VERIFY, now, f"verify:{row.pk}", 1, {"received_id": row.pk}) for row in rows], now=now
    )


def _delivery(source: Source, by: Actor, row: Received) -> Delivery:
    body = zlib.decompress(bytes(row.body))
    try:
        parsed = rules.parse(source.kind, source.mapping, body)
    except Refused as error:
        detail = ", ".join(f"{name}: {value}" for name, value in error.facts.items())
        return Delivery(source, by, row.at, body, row.size, error=f"{error.code} {detail}".strip(), is_replay=True)
    return Delivery(source, by, row.at, body, row.size, parsed=parsed, is_replay=True)


def run_look(jobs: Sequence[JobFacts], now: datetime) -> None:
    """For the clock: what fires and nobody was asked about is put to somebody."""
    for job in jobs:
        source_id = job.payload.get("source_id")
        after = triage.look_again(source_id, job.payload.get("after", 0), now=now)
        if after is not None:
            payload = {"source_id": source_id, "after": after}
            clock.schedule(LOOK, due_at=now, key=job.key, payload=payload, now=now)
