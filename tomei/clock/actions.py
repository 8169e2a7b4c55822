"""The only writers of jobs. They run inside the caller's transaction, so that work and reason commit together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from tomei.clock.bell import bell
from tomei.clock.models import DEAD, LEASED, WAITING, Job
from tomei.kernel.actor import Actor
from tomei.kernel.errors import Missing

CHANNEL = "tomei_clock"
SOON = timedelta(seconds=2)  # the engine looks every second by itself; only nearer work has to wake it
_CHUNK = 500

_COLUMNS = "kind, key, rank, due_at, payload, state, lease_by, lease_until, fence, attempts, last_error, created_at"
_MOVE = (
    " ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, rank = excluded.rank, due_at = excluded.due_at,"
    " payload = excluded.payload, state = 'waiting', lease_by = '', lease_until = NULL, fence = clock_job.fence + 1,"
    " attempts = 0, last_error = ''"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One job for `schedule_many`."""

    kind: str
    due_at: datetime
    key: str | None = None
    rank: int = 5
    payload: dict[str, Any] = field(default_factory=dict)


def schedule(
    kind: str,
    *,
    due_at: datetime,
    key: str | None = None,
    rank: int = 5,
    payload: dict[str, Any] | None = None,
    now: datetime,
) -> int:
    """Let the clock run `kind` at `due_at`; returns the job's id.

    A job with the same key is moved, whatever its state: a dead one lives again, a running one may no longer settle.
    """
    return _upsert([Wanted(kind, due_at, key, rank, payload or {})], now)[0]


def schedule_many(wanted: Iterable[Wanted], *, now: datetime) -> None:
    """`schedule` for many at once; of several with one key the last counts."""
    by_key: dict[object, Wanted] = {one.key or object(): one for one in wanted}
    jobs = sorted(by_key.values(), key=lambda one: one.key or "")  # one order for all: no deadlock on PostgreSQL
    for start in range(0, len(jobs), _CHUNK):
        _upsert(jobs[start : start + _CHUNK], now)


def schedule_unless_running(kind: str, *, due_at: datetime, key: str, now: datetime) -> None:
    """Like `schedule`, but leaves a job alone that is being done at this moment: for periodic work."""
    _upsert([Wanted(kind, due_at, key)], now, only=f" WHERE clock_job.state <> '{LEASED}'")


def _upsert(jobs: Sequence[Wanted], now: datetime, only: str = "") -> list[int]:
    payload = "%s::jsonb" if connection.vendor == "postgresql" else "%s"
    row = f"(%s, %s, %s, %s, {payload}, '{WAITING}', '', NULL, 0, 0, '', %s)"
    moment = connection.ops.adapt_datetimefield_value
    values: list[Any] = []
    for job in jobs:
        text = json.dumps(job.payload, cls=DjangoJSONEncoder, ensure_ascii=False) if job.payload else "{}"
        values += [job.kind, job.key, job.rank, moment(job.due_at), text, moment(now)]
    sql = f"INSERT INTO clock_job ({_COLUMNS}) VALUES {', '.join([row] * len(jobs))}{_MOVE}{only} RETURNING id"  # noqa: S608 - constants only
    if min(job.due_at for job in jobs) <= now + SOON:
        transaction.on_commit(bell.ring)
        sql += f", pg_notify('{CHANNEL}', '')" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [int(found[0]) for found in cursor.fetchall()]


def wake() -> None:
    """Once this transaction commits, the engines look for due work: here, and on PostgreSQL in every process."""
    transaction.on_commit(bell.ring)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")  # several in one transaction are one


def cancel(key: str) -> bool:
    """The job called `key` is gone and can no longer settle; False when there was none."""
    return cancel_many([key]) == 1


@transaction.atomic
def cancel_many(keys: Iterable[str]) -> int:
    """`cancel` for many; returns how many there were.

    A job that is settling at this moment is left to itself: waiting for it while holding what it waits for (an
    incident's row) would be a deadlock on PostgreSQL, and its effect looks once more whether it is still wanted.
    """
    wanted = sorted(keys)
    gone = 0
    for start in range(0, len(wanted), _CHUNK):
        free = Job.objects.filter(key__in=wanted[start : start + _CHUNK]).select_for_update(skip_locked=True)
        gone += Job.objects.filter(pk__in=list(free.values_list("pk", flat=True))).delete()[0]
    return gone


@transaction.atomic
def retry_dead(job_id: int, *, by: Actor, now: datetime) -> None:
    """A dead letter is due again, with all its attempts before it. `Missing` when it is not dead (any more)."""
    by.require("house.configure")
    changed = Job.objects.filter(pk=job_id, state=DEAD).update(state=WAITING, attempts=0, due_at=now)
    if not changed:
        raise Missing("job")
    wake()


@transaction.atomic
def drop_dead(job_id: int, *, by: Actor, now: datetime) -> None:
    """A dead letter is thrown away: its work will never happen. `Missing` when it is not dead (any more)."""
    by.require("house.configure")
    if not Job.objects.filter(pk=job_id, state=DEAD).delete()[0]:
        raise Missing("job")
