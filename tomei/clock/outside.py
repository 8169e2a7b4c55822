"""Outside work: leased in one transaction, done in none, settled in another that checks the fence."""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from tomei.clock import claims
from tomei.clock.handlers import JobFacts, Outside
from tomei.clock.pool import Pool, Task

log = logging.getLogger("tomei.clock")


class Runner:
    """Keeps up to `places` jobs of outside work running. Only the engine's thread calls it."""

    def __init__(self, handlers: Mapping[str, Outside], instance: str, places: int, done: Callable[[], None]) -> None:
        self._handlers, self._instance, self._places = handlers, instance, places
        self._pool = Pool(done)
        self._running: dict[int, Task] = {}

    @property
    def running(self) -> int:
        return len(self._running)

    def start_due(self, now: datetime, monotonic: float) -> int:
        """Lease as much as there are free places, and begin it once the lease is committed."""
        free = self._places - len(self._running)
        if free <= 0 or not self._handlers:
            return 0
        with transaction.atomic():
            jobs = claims.lease(self._handlers, free, self._instance, now)
        for job in jobs:
            handler = self._handlers[job.kind]
            task = Task(job, handler.do, monotonic + handler.timeout_s)
            self._running[job.id] = task
            self._pool.submit(task)
        return len(jobs)

    def settle_finished(self, now: datetime) -> int:
        """Settle what has come back; what came back too late was given up before and is dropped."""
        settled = 0
        while True:
            try:
                task = self._pool.finished.get_nowait()
            except queue.Empty:
                return settled
            if self._running.get(task.job.id) is task:
                self._settle_or_keep(task, now)
                del self._running[task.job.id]
                settled += 1

    def _settle_or_keep(self, task: Task, now: datetime) -> None:
        """A database that is away now must not cost the outcome: the work would be done twice, and hold its place."""
        try:
            self._settle(task, now)
        except (OperationalError, InterfaceError):
            self._pool.finished.put(task)
            raise

    def _settle(self, task: Task, now: datetime) -> None:
        if task.error is not None:
            log.error("outside work %d (%s) failed", task.job.id, task.job.kind, exc_info=task.error)
            claims.fail(task.job, f"{type(task.error).__name__}: {task.error}", now)
        else:
            settle(self._handlers[task.job.kind], task.job, task.result, self._instance, now)

    def give_up_late(self, now: datetime, monotonic: float) -> int:
        """Work past its time-out has failed; its thread is left to itself and another takes its place."""
        late = [task for task in self._running.values() if task.deadline <= monotonic]
        for task in late:
            task.abandoned = True
            log.error("outside work %d (%s) timed out", task.job.id, task.job.kind)
            claims.fail(task.job, f"timed out after {self._handlers[task.job.kind].timeout_s:g} s", now)
            del self._running[task.job.id]
        return len(late)

    def close(self) -> None:
        self._pool.close()

    def next_deadline(self) -> float | None:
        return min((task.deadline for task in self._running.values()), default=None)


def settle(
    handler: Outside, job: JobFacts, outcome: Any, instance: str, now: datetime, *, raising: bool = False
) -> None:
    """End the job and record its outcome in one transaction, unless the lease was lost. A failure is retried."""
    try:
        with transaction.atomic():
            if claims.finish(job, instance):
                handler.settle(job, outcome, now)
            else:
                log.warning("job %d (%s) was moved or taken over; its outcome is dropped", job.id, job.kind)
    except Exception as error:
        if raising:
            raise
        log.exception("settling job %d (%s) failed", job.id, job.kind)
        claims.fail(job, f"{type(error).__name__}: {error}", now)
