"""The only writers of live events."""

from __future__ import annotations

import json
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

bell = Bell()  # rung when an event of this process commits


@dataclass(frozen=True, slots=True)
class _Told:
    """Rings when the transaction commits; while it waits for that, its topic has been told in this transaction."""

    topic: str
    kind: str
    at: datetime

    def __call__(self) -> None:
        bell.ring()


def publish(topic: str, kind: str = "changed", *, now: datetime, **data: Any) -> None:
    """Tell everybody who listens to `topic`, once this transaction commits. `data` is JSON; keep it to ids.

    Saying the same without data again in one transaction adds nothing: ten promises made are one "look again".
    """
    told = _Told(topic, kind, now)
    if not data and _is_told(told):
        return
    xid, json_ = "%s", "%s"
    if connection.vendor == "postgresql":
        xid, json_ = "%s + (pg_current_xact_id()::text)::bigint", "%s::jsonb"
    sql = f"INSERT INTO live_liveevent (topic, kind, data, at, xid) VALUES (%s, %s, {json_}, %s, {xid})"  # noqa: S608 - constants only
    said = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False)
    with connection.cursor() as cursor:  # plain SQL: half of the statements of a declaration are these
        cursor.execute(sql, [topic, kind, said, connection.ops.adapt_datetimefield_value(now), 0])
        if connection.vendor == "postgresql":
            cursor.execute(f"NOTIFY {CHANNEL}")
    transaction.on_commit(bell.ring if data else told)


def _is_told(wanted: _Told) -> bool:
    """True when it was told where no savepoint can take it back without taking this back too."""
    around = set(connection.savepoint_ids)
    return any(entry[1] == wanted and entry[0] <= around for entry in connection.run_on_commit)


def prune(jobs: list[JobFacts], now: datetime) -> None:
    """Forget events older than a day, a short batch at a time so that nobody waits for it. An `Effect` of the clock."""
    old = LiveEvent.objects.filter(at__lt=now - KEPT).order_by("at").values_list("pk", flat=True)[:_AT_ONCE]
    gone = LiveEvent.objects.filter(pk__in=list(old)).delete()[0]
    if gone == _AT_ONCE:
        clock.schedule(PRUNE, due_at=now, key="live.prune.more", rank=9, now=now)
