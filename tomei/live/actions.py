"""The only writers of live events."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from tomei.clock import actions as clock
from tomei.clock.bell import Bell
from tomei.clock.handlers import JobFacts
from tomei.live.models import LiveEvent

CHANNEL = "tomei_live"
KEPT = timedelta(hours=24)
PRUNE = "live.prune"  # the kind of job that `prune` handles; periodic work in `tomei.wiring`
_AT_ONCE = 2000
_INSERT = "INSERT INTO live_liveevent (topic, kind, data, at, xid) VALUES"

bell = Bell()  # rung when an event of this process commits


@dataclass(frozen=True, slots=True)
class _Told:
    """Rings when the transaction commits; while it waits for that, its topic has been told in this transaction."""

    topic: str
    at: datetime

    def __call__(self) -> None:
        bell.ring()


def changed(*topics: str, now: datetime) -> None:
    """Pages on these topics look again, once this transaction commits.

    Saying it again in one transaction adds nothing: ten promises made are one "look again".
    """
    told = _told()
    fresh = [one for one in (_Told(topic, now) for topic in dict.fromkeys(topics)) if one not in told]
    _write([(one.topic, "changed", {}) for one in fresh], now)
    for one in fresh:
        transaction.on_commit(one)


def publish(topic: str, kind: str = "changed", *, now: datetime, **data: Any) -> None:
    """Tell everybody who listens to `topic`, once this transaction commits. `data` is JSON; keep it to ids."""
    if kind == "changed" and not data:
        changed(topic, now=now)
    else:
        publish_many([(topic, kind, data)], now=now)


def publish_many(news: Sequence[tuple[str, str, dict[str, Any]]], *, now: datetime) -> None:
    """`publish` for many at once: topic, kind, data."""
    if news:
        _write(news, now)
        transaction.on_commit(bell.ring)


def _write(news: Sequence[tuple[str, str, dict[str, Any]]], now: datetime) -> None:
    row, ending = "(%s, %s, %s, %s, 0)", ""
    if connection.vendor == "postgresql":
        row = "(%s, %s, %s::jsonb, %s, (pg_current_xact_id()::text)::bigint)"
        ending = f" RETURNING pg_notify('{CHANNEL}', '')"  # equal ones of one transaction are one
    at = connection.ops.adapt_datetimefield_value(now)
    for start in range(0, len(news), _AT_ONCE):
        some = news[start : start + _AT_ONCE]
        values = [part for topic, kind, data in some for part in (topic, kind, _json(data), at)]
        with connection.cursor() as cursor:  # plain SQL: much of what is done in a hurry is these
            cursor.execute(f"{_INSERT} {', '.join([row] * len(some))}{ending}", values)


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False) if data else "{}"


def _told() -> set[_Told]:
    """What was told where no savepoint can take it back without taking back what is told now."""
    around = set(connection.savepoint_ids)
    return {entry[1] for entry in connection.run_on_commit if isinstance(entry[1], _Told) and entry[0] <= around}


def prune(jobs: list[JobFacts], now: datetime) -> None:
    """Forget events older than a day, a short batch at a time so that nobody waits for it. An `Effect` of the clock."""
    old = LiveEvent.objects.filter(at__lt=now - KEPT).order_by("at").values_list("pk", flat=True)[:_AT_ONCE]
    gone = LiveEvent.objects.filter(pk__in=list(old)).delete()[0]
    if gone == _AT_ONCE:
        clock.schedule(PRUNE, due_at=now, key="live.prune.more", rank=9, now=now)
