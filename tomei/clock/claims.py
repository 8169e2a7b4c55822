"""How a job passes from waiting to claimed, and what a failure leaves. Every function runs inside a transaction.

On PostgreSQL rows are taken with SKIP LOCKED; on SQLite the IMMEDIATE transaction keeps everybody else out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet

from tomei.clock import rules
from tomei.clock.handlers import JobFacts, Outside
from tomei.clock.models import DEAD, LEASED, WAITING, Job
from tomei.kernel import events

LEASE_MARGIN = timedelta(seconds=30)
_FIELDS = ("id", "kind", "key", "rank", "due_at", "payload", "attempts", "fence")
_RANKS = "(VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS r"
_DUE_RANKS = (
    f"SELECT column1 FROM {_RANKS} WHERE EXISTS (SELECT 1 FROM clock_job"  # noqa: S608 - constants only
    " WHERE state = 'waiting' AND rank = column1 AND due_at <= %s) ORDER BY column1"
)
_NEXT_DUE = (
    "SELECT (SELECT min(due_at) FROM clock_job"  # noqa: S608 - constants only
    " WHERE state = 'waiting' AND rank = column1 AND due_at > %s)"
    f" FROM {_RANKS}"
)


def next_due(after: datetime) -> datetime | None:
    """When the first job after `after` falls due: one look into the index per rank, however many wait."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_DUE, [connection.ops.adapt_datetimefield_value(after)])
        moments = [row[0] for row in cursor.fetchall() if row[0] is not None]
    found = [_moment(value) for value in moments]
    return min(found, default=None)


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(f"{value}+00:00")  # SQLite keeps UTC without saying so


def _due_ranks(now: datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE_RANKS, [connection.ops.adapt_datetimefield_value(now)])
        return [int(row[0]) for row in cursor.fetchall()]


def _due(kinds: Collection[str], limit: int, now: datetime) -> list[JobFacts]:
    found: list[JobFacts] = []
    for rank in _due_ranks(now):
        waiting = Job.objects.filter(state=WAITING, rank=rank, due_at__lte=now, kind__in=kinds)
        # Not also by id: of 10,000 that are due at one moment each batch would sort them all.
        rows = _locked(waiting).order_by("due_at").values_list(*_FIELDS)
        found += [JobFacts(*row) for row in rows[: limit - len(found)]]
        if len(found) >= limit:
            break
    return found


def _locked(rows: QuerySet[Job]) -> QuerySet[Job]:
    return rows.select_for_update(skip_locked=True)


def take(kinds: Collection[str], limit: int, now: datetime) -> list[JobFacts]:
    """Up to `limit` due jobs by rank, then due time. Their rows are gone when the caller's transaction commits."""
    jobs = _due(kinds, limit, now) if kinds else []
    if jobs:
        Job.objects.filter(pk__in=[job.id for job in jobs]).delete()
    return jobs


def take_one(job: JobFacts) -> bool:
    """Take this one job if it is still as it was seen."""
    return bool(Job.objects.filter(pk=job.id, state=WAITING, fence=job.fence).delete()[0])


def lease(kinds: Mapping[str, Outside], limit: int, by: str, now: datetime) -> list[JobFacts]:
    """Up to `limit` due jobs, leased to `by` for their time-out and a margin; their fence is the newest."""
    found = _due(kinds.keys(), limit, now) if kinds and limit > 0 else []
    for kind in {job.kind for job in found}:
        until = now + timedelta(seconds=kinds[kind].timeout_s) + LEASE_MARGIN
        mine = Job.objects.filter(pk__in=[job.id for job in found if job.kind == kind])
        mine.update(state=LEASED, lease_by=by, lease_until=until, fence=F("fence") + 1)
    return [replace(job, fence=job.fence + 1) for job in found]


def finish(jobs: Sequence[JobFacts], by: str) -> set[int]:
    """End leased jobs and return their ids; the lease of the others was lost: somebody else does, did or moved them."""
    sql = (
        "DELETE FROM clock_job WHERE state = %s AND lease_by = %s"  # noqa: S608 - constants only
        f" AND (id, fence) IN (VALUES {', '.join(['(%s, %s)'] * len(jobs))}) RETURNING id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [LEASED, by, *(value for job in jobs for value in (job.id, job.fence))])
        return {int(row[0]) for row in cursor.fetchall()}


@transaction.atomic
def fail(job: JobFacts, error: str, now: datetime) -> None:
    """Note a failure: the job waits longer each time and is dead after `rules.ATTEMPTS`. Nothing if it was moved."""
    attempts = job.attempts + 1
    wait = rules.backoff(attempts)
    changed = Job.objects.filter(pk=job.id, fence=job.fence).update(
        state=DEAD if wait is None else WAITING,
        due_at=job.due_at if wait is None else now + wait,
        attempts=attempts,
        last_error=error[:2000],
        lease_by="",
        lease_until=None,
        fence=F("fence") + 1,
    )
    if changed and wait is None:
        events.emit("clock.died", now=now, job_id=job.id, kind=job.kind, key=job.key, error=error[:500])


@transaction.atomic
def take_over(now: datetime, dead_owners: Collection[str] = ()) -> int:
    """Jobs whose lease ran out, or whose owner is known to be dead, wait again; the old fence settles nothing."""
    expired = Job.objects.filter(state=LEASED, lease_until__lte=now) | Job.objects.filter(
        state=LEASED, lease_by__in=list(dead_owners)
    )
    said = "The process that did this ended before it could say how it went."
    jobs = [JobFacts(*row) for row in _locked(expired).values_list(*_FIELDS)]
    for job in jobs:
        fail(job, said, now)
    return len(jobs)
