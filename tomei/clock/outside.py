"""Outside work: leased in one transaction, done in none, settled in another that checks the fence."""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
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
        self._handlers, self._instance = handlers, instance
        self._rooms = _rooms(handlers, places)
        self._pool = Pool(done)
        self._running: dict[int, Task] = {}

    @property
    def running(self) -> int:
        return len(self._running)

    def start_due(self, now: datetime, monotonic: float) -> int:
        """Lease as much as there are free places, and begin it once the lease is committed."""
        free = [(kinds, places - self._taken(kinds)) for kinds, places in self._rooms]
        if not any(places > 0 for _kinds, places in free):
            return 0
        with transaction.atomic():
            jobs = [job for kinds, places in free for job in claims.lease(kinds, places, self._instance, now)]
        for job in jobs:
            handler = self._handlers[job.kind]
            task = Task(job, handler.do, monotonic + handler.timeout_s)
            self._running[job.id] = task
            self._pool.submit(task)
        return len(jobs)

    def _taken(self, kinds: Mapping[str, Outside]) -> int:
        return sum(1 for task in self._running.values() if task.job.kind in kinds)

    def settle_finished(self, now: datetime) -> int:
        """Settle what has come back; what came back too late was given up before and is dropped."""
        back = [task for task in self._come_back() if self._running.get(task.job.id) is task]
        try:
            self._settle(back, now)
        except (OperationalError, InterfaceError):
            # A database that is away now must not cost the outcomes: the work would be done twice, and hold its place.
            for task in back:
                self._pool.finished.put(task)
            raise
        for task in back:
            del self._running[task.job.id]
        return len(back)

    def _come_back(self) -> Iterator[Task]:
        with suppress(queue.Empty):
            while True:
                yield self._pool.finished.get_nowait()

    def _settle(self, back: Sequence[Task], now: datetime) -> None:
        for task in back:
            if task.error is not None:
                log.error("outside work %d (%s) failed", task.job.id, task.job.kind, exc_info=task.error)
                claims.fail(task.job, f"{type(task.error).__name__}: {task.error}", now)
        done = [(task.job, task.result) for task in back if task.error is None]
        if done:
            settle(self._handlers, done, self._instance, now)

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


def _rooms(handlers: Mapping[str, Outside], places: int) -> list[tuple[dict[str, Outside], int]]:
    """Which kinds share which places: most of them the common ones, first."""
    common = {kind: one for kind, one in handlers.items() if one.places is None}
    own = [({kind: one}, one.places) for kind, one in handlers.items() if one.places is not None]
    return [*([(common, places)] if common else []), *own]


def settle(
    handlers: Mapping[str, Outside],
    done: Sequence[tuple[JobFacts, Any]],
    instance: str,
    now: datetime,
    *,
    raising: bool = False,
) -> None:
    """End the jobs and record their outcomes in one transaction, but for those whose lease was lost.

    After a failure each is tried alone, and the one that fails is retried later.
    """
    try:
        with transaction.atomic():
            ended = claims.finish([job for job, _ in done], instance)
            for job, outcome in done:
                if job.id in ended:
                    handlers[job.kind].settle(job, outcome, now)
                else:
                    log.warning("job %d (%s) was moved or taken over; its outcome is dropped", job.id, job.kind)
    except Exception as error:
        if raising:
            raise
        if len(done) > 1:
            for one in done:
                settle(handlers, [one], instance, now)
            return
        job = done[0][0]
        log.exception("settling job %d (%s) failed", job.id, job.kind)
        claims.fail(job, f"{type(error).__name__}: {error}", now)
