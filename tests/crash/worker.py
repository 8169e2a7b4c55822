"""A clock process to be killed: `python -m tests.crash.worker SINK_URL [JUMP_AFTER_S JUMP_S]`.

Says `ready` once it ticks. Its effects write rows of two tables without any constraint, so that a second time shows.
"""

from __future__ import annotations

import sys
import time as clock
import urllib.request
from datetime import timedelta

import django


def main(sink: str, jump_after: float = 0.0, jump: float = 0.0) -> None:
    django.setup()
    from django.db import connection  # Django must be set up first

    from tomei.clock import actions
    from tomei.clock.engine import Effect, Engine, Outcome, Outside
    from tomei.kernel import time
    from tomei.site.database.lock import write_lock

    started = clock.monotonic()

    def wall():
        jumped = jump and clock.monotonic() - started > jump_after
        return time.now() + timedelta(seconds=jump if jumped else 0)

    def effect(jobs, now):
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO crash_effect (n, step) VALUES (%s, %s)",
                [(job.payload["n"], job.payload["step"]) for job in jobs],
            )
        following = [job for job in jobs if job.payload["step"] == 1]
        actions.schedule_many(
            [
                actions.Wanted("crash.effect", job.due_at, job.key, job.rank, {"n": job.payload["n"], "step": 2})
                for job in following
            ],
            now=now,
        )

    def send(job):
        request = urllib.request.Request(
            sink, data=f"message {job.payload['n']}".encode(), headers={"Idempotency-Key": job.key or ""}
        )
        with urllib.request.urlopen(request, timeout=5) as answer:
            return Outcome(answer.status == 200)

    def settle(job, outcome, now):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO crash_sent (n) VALUES (%s)", [job.payload["n"]])

    handlers = {"crash.effect": Effect(effect), "crash.send": Outside(send, settle, timeout_s=5)}
    engine = Engine(handlers, first=lambda: write_lock.priority("clock"), wall=wall if jump else None)
    engine.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()  # until the parent ends us, or ends itself
    engine.stop()


if __name__ == "__main__":
    main(sys.argv[1], *map(float, sys.argv[2:]))
