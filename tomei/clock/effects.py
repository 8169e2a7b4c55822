"""Run effects: claim and effect in one transaction, about a hundred at a time; a bad row is found by trying each."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tomei.clock import claims
from tomei.clock.handlers import Effect, JobFacts
from tomei.kernel.time import monotonic

log = logging.getLogger("tomei.clock")


@dataclass(frozen=True, slots=True)
class Ran:
    """How many jobs were claimed, failed ones included, and how long their work took, without the commit."""

    count: int
    work_s: float


def run_due(effects: Mapping[str, Effect], limit: int, now: datetime, *, raising: bool = False) -> Ran:
    """Run up to `limit` due effects by rank, then due time.

    With `raising` an exception of a handler comes out and its batch stays due (for tests).
    """
    jobs: list[JobFacts] = []
    work_s = 0.0
    try:
        with transaction.atomic():
            began = monotonic()  # the lock is ours by now
            jobs = claims.take(effects.keys(), limit, now)
            for kind, group in _by_kind(jobs).items():
                effects[kind].run(group, now)
            work_s = monotonic() - began
    except Exception:
        if raising or not jobs:  # nothing was claimed: the database is in trouble, not a row
            raise
        log.warning("a batch of %d due jobs failed; trying each alone", len(jobs), exc_info=len(jobs) == 1)
        for job in jobs:
            _run_alone(effects[job.kind], job, now)
    return Ran(len(jobs), work_s)


def _by_kind(jobs: list[JobFacts]) -> dict[str, list[JobFacts]]:
    groups: dict[str, list[JobFacts]] = {}
    for job in jobs:
        groups.setdefault(job.kind, []).append(job)
    return groups


def _run_alone(effect: Effect, job: JobFacts, now: datetime) -> None:
    try:
        with transaction.atomic():
            if claims.take_one(job):
                effect.run([job], now)
    except Exception as error:
        log.exception("job %d (%s, key %s) failed", job.id, job.kind, job.key)
        claims.fail(job, f"{type(error).__name__}: {error}", now)
