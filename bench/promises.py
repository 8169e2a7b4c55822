"""10,000 promises due at one moment: `python bench/promises.py [--promises 10000]`, with DATABASE_URL on PostgreSQL.

With everything that really listens: each step is an entry in its incident's timeline, a page to its owner, a ring on
open pages, and the incident's row is brought up to date. The clock runs as in production, the outgoing messages
included (no mail server is set, so each waits). First, last, SEV1 before all others, exactly once.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time as clock
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench import ground, house

PER_INCIDENT = 10
SEVERITIES = ("SEV1a", "SEV1b", "SEV2", "SEV3", "SEV4")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--promises", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOMEI_DATA"] = folder
        with ground.database() as vendor:
            yardstick = ground.additions_s()
            print(f"promises, {vendor}; 5,000,000 additions {yardstick:.3f} s")
            keys = house.gather()
            due_at, ids = fill(keys, given.promises)
            told, cpu_s = run(due_at, len(ids))
            report(told, due_at, ids, cpu_s, yardstick)


def fill(keys: house.Keys, count: int) -> tuple[datetime, list[int]]:
    """Incidents of every severity with ten promises each, all with their first warning at one moment."""
    from tomei.kernel import time

    now = time.now()
    due_at = now + timedelta(seconds=8 + count / 1500)  # after everything is written
    rows = incidents(keys, count // PER_INCIDENT, now)
    ids = promises(rows, due_at, now)
    settle()
    left = (due_at - time.now()).total_seconds()
    if left < 2:
        raise SystemExit(f"writing took too long: {left:.1f} s are left")
    return due_at, ids


def incidents(keys: house.Keys, count: int, now: datetime):
    from tomei.accounts import queries as accounts
    from tomei.cases.models import Incident
    from tomei.customers import queries as customers
    from tomei.kernel.severity import Severity

    people = [person.id for person in accounts.active_people()]
    version = customers.policy_for(None, None).version_id
    return Incident.objects.bulk_create(
        [
            Incident(
                number=1_000_000 + n, title={"ja": f"障害 {n}", "en": f"Failure {n}"},
                severity=SEVERITIES[n % 5], rank=Severity(SEVERITIES[n % 5]).rank, product_id=keys.product_id,
                policy_version_id=version, declared_at=now, declared_by_kind="console", detected_at=now,
                owner_id=people[n % len(people)],
            )
            for n in range(count)
        ],
        500,
    )  # fmt: skip


def promises(rows, due_at: datetime, now: datetime) -> list[int]:
    """Half an hour from promise to due time, 20 minutes of it gone at `due_at`: that is the warning at two thirds."""
    from tomei.customers import queries as customers
    from tomei.promises import rows as writing
    from tomei.promises.models import Promise
    from tomei.promises.rules import first_step_at

    ours = customers.ours().id
    since_at, ends_at = due_at - timedelta(minutes=20), due_at + timedelta(minutes=10)
    assert first_step_at("next_update", since_at, ends_at) == due_at
    made = Promise.objects.bulk_create(
        [
            Promise(
                kind="next_update", incident_id=row.pk, owed_by_id=ours, audience="affected", about=f"bench:{n}",
                owner_id=row.owner_id, rank=row.rank, created_at=now, since_at=since_at, due_at=ends_at,
                next_step_at=due_at,
            )
            for row in rows
            for n in range(PER_INCIDENT)
        ],
        500,
    )  # fmt: skip
    writing.schedule(made, now)
    return [row.pk for row in made]


def settle() -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def run(due_at: datetime, count: int) -> tuple[list[tuple[float, int]], float]:
    """Tick until all was done; when each step was committed (seconds after the due moment) and its rank."""
    from django.db import transaction

    from tomei import wiring
    from tomei.clock.engine import Effect
    from tomei.kernel import time
    from tomei.promises import steps
    from tomei.site.database.lock import write_lock

    told: list[tuple[float, int]] = []

    def counted(jobs, now):
        steps.run(jobs, now)
        ranks = [job.rank for job in jobs]
        transaction.on_commit(lambda: told.extend(((time.now() - due_at).total_seconds(), rank) for rank in ranks))

    wiring.HANDLERS = {**wiring.HANDLERS, "promise.step": Effect(counted)}
    engine = wiring.engine(first=lambda: write_lock.priority("clock"))
    engine.start()
    clock.sleep(max((due_at - time.now()).total_seconds() - 0.2, 0))
    cpu = ground.cpu_s()
    until = clock.perf_counter() + 180
    while len(told) < count and clock.perf_counter() < until:
        clock.sleep(0.02)
    spent = ground.cpu_s() - cpu
    engine.stop()
    return told, spent


def report(told: list[tuple[float, int]], due_at: datetime, ids: list[int], cpu_s: float, yardstick: float) -> None:
    from django.db.models import Count

    from tomei.cases.models import Entry
    from tomei.delivery.models import Message
    from tomei.promises.models import Step

    steps = Counter(Step.objects.filter(code="warned").values_list("promise_id", flat=True))
    entries = Counter(Entry.objects.filter(code="promise.warned").values_list("data__promise_id", flat=True))
    pages = Message.objects.filter(purpose="page").aggregate(n=Count("pk"), keys=Count("key", distinct=True))
    once = steps == entries == Counter(ids)
    ranks = [rank for _, rank in told]
    urgent = max(at for at, rank in told if rank <= 1)
    print(
        f"  {len(told):,} of {len(ids):,}: first +{told[0][0]:.3f} s, SEV1 all by +{urgent:.2f} s,"
        f" last +{told[-1][0]:.2f} s ({told[-1][0] / yardstick:.1f} yardsticks), in order of rank:"
        f" {ranks == sorted(ranks)}, each with one step and one entry: {once}, pages {pages['n']:,}"
        f" ({pages['keys']:,} keys), {cpu_s / len(ids) * 1000:.2f} CPU ms each"
    )
    if not once:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
