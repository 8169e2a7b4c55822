"""The engine: one thread that waits for the next due moment and runs what is due, exactly once in the database."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tomei.clock import actions, claims, effects, outside, periodic, pulse, rules, schema
from tomei.clock.bell import bell
from tomei.clock.handlers import Effect, Handler, JobFacts, Outcome, Outside
from tomei.clock.listen import Listener
from tomei.kernel import time
from tomei.kernel.errors import Refused

__all__ = ["Effect", "Engine", "Handler", "JobFacts", "Outcome", "Outside"]

log = logging.getLogger("tomei.clock")
POLL_S = 1.0  # how often it looks by itself: other processes on SQLite, lost notifications on PostgreSQL
WINDOW_S = 0.25  # how long effects may run before outside work gets its turn
REST_S = 0.05  # the longest rest after a batch that was not full, see `_rest`
PING_S = 60.0
OUTSIDE_BATCH = 50  # how much outside work `drain` leases and settles together
_numbers = itertools.count(1)


class Engine:
    """Runs `handlers` when their jobs fall due and the kinds in `periodic` (kind -> cron expression) by the wall clock.

    `zone` names the house's time zone, `ping` tells a dead-man switch outside that the clock ticks, `first` lets this
    thread go first at the database. `wall` and `monotonic` are the clocks; on PostgreSQL the wall clock is the
    database's unless one is given.
    """

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        periodic: Mapping[str, str] | None = None,
        *,
        zone: Callable[[], str] = lambda: "Asia/Tokyo",
        ping: Callable[[], None] | None = None,
        first: Callable[[], AbstractContextManager[None]] = nullcontext,
        places: int = 4,
        wall: Callable[[], datetime] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.instance = f"{pulse.process_mark()}/{next(_numbers)}"
        self.refusal: Refused | None = None
        self._effects = {kind: one for kind, one in handlers.items() if isinstance(one, Effect)}
        self._outside = {kind: one for kind, one in handlers.items() if isinstance(one, Outside)}
        self._periodic = dict(periodic or {})
        self._zone, self._ping, self._first = zone, ping, first
        self._wall, self._monotonic = wall, monotonic
        self._heart = pulse.Heart(self.instance, self._effects)
        self._runner = outside.Runner(self._outside, self.instance, places, bell.ring)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._batch = rules.BATCH
        self._next_at: datetime | None = None
        self._periodic_at: datetime | None = None
        self._looked: tuple[datetime, float] | None = None
        self._version = -1
        self._more = False
        self._pinged: float | None = None
        self._deadline = 0.0
        self._rest_until = 0.0
        self._skipped = False  # the last tick left effects alone

    # Life

    def start(self) -> None:
        """Tick in a thread of this process."""
        self._thread = threading.Thread(target=self._guarded, name="tomei-clock", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Finish the tick at hand, give running outside work up to `timeout` seconds, and end."""
        self._deadline = self._monotonic() + timeout
        self._stopping.set()
        bell.ring()
        if self._thread is not None:
            self._thread.join(timeout + 1.0)

    @property
    def alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def run_forever(self) -> None:
        """Tick in this thread until `stop`; refuses `clock.newer_schema`."""
        self._guarded()
        if self.refusal is not None:
            raise self.refusal

    def _guarded(self) -> None:
        listener = Listener(actions.CHANNEL, bell.ring) if connection.vendor == "postgresql" else None
        if listener is not None:
            listener.start()
        try:
            with self._first():
                self._loop()
        except Refused as refusal:
            self.refusal = refusal
            log.error("the clock does not tick: %s", refusal)
        finally:
            if listener is not None:
                listener.stop()
            connection.close()

    def _loop(self) -> None:
        trouble, seen, known = 0, -1, False
        while not self._stopping.is_set():
            before, seen = seen, bell.count
            try:
                if not known:  # in here: a database that is away at this moment must not end the clock
                    self._refuse_newer_schema()
                    known = True
                resting = self._monotonic() < self._rest_until
                more = self._tick(rung=bool(trouble) or before != seen or self._skipped, effects=not resting)
                self._skipped = resting
                trouble = 0
            except Refused:
                raise
            except Exception:
                trouble += 1
                log.exception("a tick failed; trying again")
                with suppress(Exception):
                    connection.close()
                self._stopping.wait(min(0.25 * 2**trouble, 5.0))
                continue
            if not more:
                bell.wait(seen, self._patience())
        self._finish()

    def _finish(self) -> None:
        """On a graceful stop: what runs outside may still settle; the rest is taken over at the next start."""
        while self._runner.running and self._monotonic() < self._deadline:
            seen = bell.count
            if not self._runner.settle_finished(self.now()):
                bell.wait(seen, 0.1)
        self._runner.close()
        self._heart.end()

    # One tick

    def now(self) -> datetime:
        """The wall clock of this engine."""
        if self._wall is not None:
            return self._wall()
        if connection.vendor != "postgresql":
            return time.now()
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            moment: datetime = cursor.fetchone()[0]
            return moment

    def _tick(self, *, rung: bool = True, effects: bool = True) -> bool:
        """Do what is due, without `effects` only outside work; True when there may be more at once."""
        now, started = self.now(), self._monotonic()
        if self._heart.look(now, started):
            self._every_beat(now)
            rung = True  # whatever the shortcuts below believe, every few seconds the rows themselves are asked
        if self._periodic_at is not None and self._periodic_at <= now:
            periodic.fire(self._periodic, now)
            self._periodic_at = periodic.plan(self._periodic, self._zone(), now)
        ended = self._runner.give_up_late(now, started) + self._runner.settle_finished(now)
        if not (self._may_be_due(now) or rung or ended):
            self._looked = (now, started)
            return False
        ran = self._run_effects() if effects else 0
        now = self.now()
        ran += self._runner.start_due(now, self._monotonic())
        self._heart.catch_up(now)
        self._looked = (now, self._monotonic())
        self._next_at = claims.next_due(now)
        self._more = ran > 0  # our own writes do not show in `data_version`: without this the rest would be forgotten
        return self._more

    def _run_effects(self) -> int:
        """At least one batch, more while the window is open; how many were run (any means: look again)."""
        total, until = 0, self._monotonic() + WINDOW_S
        while True:
            ran = effects.run_due(self._effects, self._batch, self.now())
            total += ran.count
            full, self._batch = ran.count == self._batch, rules.next_batch(self._batch, ran.work_s)
            if not full:
                self._rest(ran.work_s)
            if not full or self._monotonic() >= until:
                return total

    def _rest(self, work_s: float) -> None:
        """Leave effects alone for twice as long as the batch took: in a storm of small acts what falls due meanwhile
        is done together, and a single timer in a quiet hour waits for nobody."""
        self._rest_until = self._monotonic() + min(2 * work_s, REST_S)

    def _may_be_due(self, now: datetime) -> bool:
        """False only when it is certain that nothing changed since the last look and nothing is due."""
        changed = self._rows_changed()
        return changed or self._more or (self._next_at is not None and self._next_at <= now)

    def _rows_changed(self) -> bool:
        """On SQLite, whether anybody else has written since; on PostgreSQL always: one look into an index a second."""
        if connection.vendor != "sqlite":
            return True
        with connection.cursor() as cursor:
            before, self._version = self._version, cursor.execute("PRAGMA data_version").fetchone()[0]
        return before != self._version

    def _refuse_newer_schema(self) -> None:
        newer = schema.newer()
        if newer:
            raise Refused("clock.newer_schema", names=", ".join(newer[:5]))

    def _every_beat(self, now: datetime) -> None:
        self._refuse_newer_schema()
        claims.take_over(now)
        self._periodic_at = periodic.plan(self._periodic, self._zone(), now) if self._periodic else None
        mono = self._monotonic()
        if self._ping is not None and (self._pinged is None or mono - self._pinged >= PING_S):
            self._pinged = mono
            threading.Thread(target=self._ping_outside, name="tomei-deadman", daemon=True).start()

    def _ping_outside(self) -> None:
        try:
            if self._ping is not None:
                self._ping()
        except Exception as error:
            log.warning("the dead-man address could not be reached: %s", error)

    def _patience(self) -> float:
        """Seconds until something falls due as far as is known, at most `POLL_S`."""
        if self._looked is None:
            return 0.0
        now, at = self._looked
        waits = [POLL_S]
        waits += [(due - now).total_seconds() for due in (self._next_at, self._periodic_at) if due is not None]
        deadline = self._runner.next_deadline()
        if deadline is not None:
            waits.append(deadline - at)
        left = min(waits) - (self._monotonic() - at)
        return max(min(left, self._rest_until - self._monotonic()) if self._skipped else left, 0.0)

    # For tests and tools

    def drain(self, until: datetime | None = None, *, raising: bool = True) -> int:
        """Run everything due at `until` (default now), also what that makes due, in this thread; returns how much.

        The moment that handlers get is `until`. With `raising` an exception of a handler comes out here.
        """
        now = until or self.now()
        total = 0
        while True:
            count = effects.run_due(self._effects, rules.BATCH, now, raising=raising).count
            count += self._drain_outside(now, raising)
            total += count
            if not count:
                return total

    def _drain_outside(self, now: datetime, raising: bool) -> int:
        """One batch, leased together and settled together; what was done before one raises is settled."""
        with transaction.atomic():
            jobs = claims.lease(self._outside, OUTSIDE_BATCH, self.instance, now)
        done: list[tuple[JobFacts, Any]] = []
        try:
            for job in jobs:
                try:
                    done.append((job, self._outside[job.kind].do(job)))
                except Exception as error:
                    if raising:
                        raise
                    claims.fail(job, f"{type(error).__name__}: {error}", now)
        finally:
            if done:
                outside.settle(self._outside, done, self.instance, now, raising=raising)
        return len(jobs)
