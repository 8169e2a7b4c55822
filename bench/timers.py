"""Timers: `python bench/timers.py [--due 10000] [--future 100000] [--seconds 10]`, with DATABASE_URL on PostgreSQL.

1. 10,000 jobs due at one moment: first, last, SEV1 before all others, exactly once.
2. Lateness of single timers with 100,000 future ones waiting.
3. The same while writers saturate the database.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time as clock
from collections import Counter
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench import ground


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--due", type=int, default=10_000)
    parser.add_argument("--future", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=10.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOMEI_DATA"] = folder
        with ground.database() as vendor:
            yardstick = ground.additions_s()
            print(f"{vendor}; 5,000,000 additions {yardstick:.3f} s, hello {ground.hello_per_s():,.0f} req/s")
            at_one_moment(given.due, yardstick)
            fill(given.future)
            lateness("alone", given.seconds, yardstick)
            with writers(4) as written:
                lateness("writers saturate", given.seconds, yardstick)
            print(f"  meanwhile {sum(written) / given.seconds:,.0f} transactions/s by {len(written)} writers")


class Told:
    """Counts what the engine did, and leaves one row per job so that the effect is real."""

    def __init__(self) -> None:
        self.order: list[tuple[int, int, float]] = []
        self.late: list[float] = []

    def run(self, jobs, now):
        from tomei.kernel import time
        from tomei.live.models import LiveEvent

        LiveEvent.objects.bulk_create(
            LiveEvent(topic=f"bench:{job.payload['n']}", kind="done", data={}, at=now) for job in jobs
        )
        self.order += [(job.payload["n"], job.rank, clock.monotonic()) for job in jobs]
        seen = time.now()
        self.late += [(seen - job.due_at).total_seconds() for job in jobs]

    def engine(self):
        from tomei.clock.engine import Effect, Engine
        from tomei.site.database.lock import write_lock

        return Engine({"bench": Effect(self.run)}, first=lambda: write_lock.priority("clock"))


def at_one_moment(count: int, yardstick: float) -> None:
    from django.db import connection

    from tomei.clock import actions
    from tomei.kernel import time
    from tomei.live.models import LiveEvent

    told = Told()
    engine = told.engine()
    engine.start()
    now = time.now()
    due = now + timedelta(seconds=6)
    wanted = [actions.Wanted("bench", due, f"bench:{n}", n % 6, {"n": n}) for n in range(count)]
    actions.schedule_many(wanted, now=now)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE clock_job")
    late_start = (time.now() - due).total_seconds()
    cpu = ground.cpu_s()
    start = clock.monotonic() - late_start  # the due moment on the monotonic clock
    while len(told.order) < count:
        clock.sleep(0.02)
    engine.stop()
    cpu = ground.cpu_s() - cpu
    first, last = told.order[0][2] - start, told.order[-1][2] - start
    ranks = [rank for _, rank, _ in told.order]
    once = Counter(LiveEvent.objects.values_list("topic", flat=True)) == Counter(f"bench:{n}" for n in range(count))
    urgent = max(at for _, rank, at in told.order if rank <= 1) - start
    print(
        f"{count:,} due at one moment: first +{first:.3f} s, SEV1 all by +{urgent:.3f} s, last +{last:.2f} s"
        f" ({last / yardstick:.1f} yardsticks), in order of rank: {ranks == sorted(ranks)}, exactly once: {once},"
        f" CPU {cpu / count * 1000:.2f} ms each"
    )


def fill(count: int) -> None:
    from django.db import connection

    from tomei.clock import actions
    from tomei.kernel import time

    now = time.now()
    began = clock.perf_counter()
    actions.schedule_many(
        [actions.Wanted("bench", now + timedelta(hours=1, seconds=n), f"future:{n}", n % 6) for n in range(count)],
        now=now,
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE clock_job")
    print(f"{count:,} future ones inserted in {clock.perf_counter() - began:.1f} s")


def lateness(name: str, seconds: float, yardstick: float) -> None:
    from tomei.clock import actions
    from tomei.kernel import time

    told = Told()
    engine = told.engine()
    engine.start()
    clock.sleep(1)
    now = time.now()
    count = int(seconds * 20)
    step = seconds / count
    actions.schedule_many(
        [
            actions.Wanted("bench", now + timedelta(seconds=1 + n * step), f"{name}:{n}", 0, {"n": n})
            for n in range(count)
        ],
        now=now,
    )
    cpu = ground.cpu_s()
    while len(told.late) < count:
        clock.sleep(0.02)
    cpu = ground.cpu_s() - cpu
    engine.stop()
    print(
        f"lateness of {count} timers, {name}: {ground.spread_ms(told.late)}"
        f" (worst {max(told.late) / yardstick:.2f} yardsticks), CPU {cpu / seconds * 100:.0f} % of a core"
    )


class writers:  # noqa: N801 - used as a context
    """Threads that write one row per transaction as fast as they can."""

    def __init__(self, count: int) -> None:
        self.written = [0] * count
        self.end = threading.Event()

    def __enter__(self) -> list[int]:
        self.threads = [threading.Thread(target=self.write, args=(n,)) for n in range(len(self.written))]
        for thread in self.threads:
            thread.start()
        return self.written

    def write(self, n: int) -> None:
        from django.db import connection, transaction

        from tomei.kernel import time
        from tomei.live.models import LiveEvent

        while not self.end.is_set():
            with transaction.atomic():
                LiveEvent.objects.create(topic="load", kind="load", at=time.now())
            self.written[n] += 1
        connection.close()

    def __exit__(self, *error: object) -> None:
        self.end.set()
        for thread in self.threads:
            thread.join()


if __name__ == "__main__":
    main()
