"""A public update to 10,000 mail subscribers: `python bench/subscribers.py [--subscribers 10000] [--seconds 30]`.

First: how long who publishes waits; then slice after slice until all mails are queued, and how long each holds the
write lock. Then the clock delivers them for some seconds, as in production, to an SMTP server in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import socket
import sys
import tempfile
import time as clock
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench import ground, house


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscribers", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=30.0)
    given = parser.parse_args()
    port = _free()
    os.environ["TOMEI_MAIL_URL"] = f"smtp://127.0.0.1:{port}/?from=status@example.com&security=none"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOMEI_DATA"] = folder
        with ground.database() as vendor:
            print(f"subscribers, {vendor}; 5,000,000 additions {ground.additions_s():.3f} s")
            incident_id = fill(given.subscribers)
            queue(incident_id, given.subscribers)
            deliver(port, given.seconds)


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def fill(count: int) -> int:
    """The house, an open incident, and subscribers who hear of everything, half of them in English."""
    from tomei.accounts import doors, queries
    from tomei.cases import actions as cases
    from tomei.comms.models import Subscriber
    from tomei.kernel import time
    from tomei.kernel.text import Text

    keys, now = house.gather(), time.now()
    person = next(one for one in queries.active_people("commander"))
    by = doors.actor(queries.row(person.id))
    incident = cases.declare(
        title=Text("受注できない", "Orders fail"), severity="SEV1a", component_ids=[keys.component_id], by=by, now=now
    )
    rows = [
        Subscriber(
            address=f"r{n}@example.com", lower=f"r{n}@example.com", language=("ja", "en")[n % 2], confirmed_at=now
        )
        for n in range(count)
    ]
    Subscriber.objects.bulk_create(rows, 1000)
    return incident.id


def queue(incident_id: int, count: int) -> None:
    from django.db import transaction

    from tomei.accounts import doors, queries
    from tomei.clock.handlers import JobFacts
    from tomei.clock.models import Job
    from tomei.comms import actions
    from tomei.comms.facts import UpdateInput
    from tomei.comms.subscribers import sending
    from tomei.delivery.models import Message
    from tomei.kernel import time
    from tomei.kernel.text import Text

    by = doors.actor(queries.row(next(one for one in queries.active_people("commander")).id))
    now = time.now()
    words = {"effect": Text("注文の6割が失敗しています。" * 8, "60 % of orders fail. " * 12)}
    draft = UpdateInput(parts=words, state="investigating", audiences=("public",), next_at=now + timedelta(minutes=5))
    began, cpu = clock.perf_counter(), ground.cpu_s()
    actions.publish(incident_id, draft, by=by, now=now, confirmed=True)
    print(f"  publish: {_ms(began)} ms, {(ground.cpu_s() - cpu) * 1000:.0f} CPU ms")
    began, cpu, held = clock.perf_counter(), ground.cpu_s(), []
    jobs = Job.objects.filter(kind=sending.NOTIFY)
    while row := jobs.first():
        job = JobFacts(row.pk, row.kind, row.key, row.rank, row.due_at, row.payload, 0, 0)
        found = sending.do(job)
        start, used = clock.perf_counter(), clock.thread_time()
        with transaction.atomic():
            row.delete()
            sending.settle(job, found, time.now())
        held.append(((clock.perf_counter() - start) * 1000, (clock.thread_time() - used) * 1000))
    queued = Message.objects.filter(purpose="notice").count()
    wall, own = sorted(one for one, _own in held), sorted(own for _one, own in held)
    print(
        f"  queued {queued:,} of {count:,} in {clock.perf_counter() - began:.1f} s,"
        f" {(ground.cpu_s() - cpu) / count * 1000:.2f} CPU ms each; {len(held)} slices, each a transaction of"
        f" {wall[len(wall) // 2]:.0f} ms (worst {wall[-1]:.0f}), {own[len(own) // 2]:.0f} CPU ms (worst {own[-1]:.0f})"
    )
    if queued != count:
        raise SystemExit(1)


def _ms(began: float) -> str:
    return f"{(clock.perf_counter() - began) * 1000:.0f}"


def deliver(port: int, seconds: float) -> None:
    """The clock as it runs beside the pages, until the time is over or all are accepted."""
    from tomei import wiring
    from tomei.delivery.models import Message
    from tomei.site.database.lock import write_lock

    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(port,), daemon=True)
    server.start()
    _wait(port)
    engine = wiring.engine(first=lambda: write_lock.priority("clock"))
    sent = Message.objects.filter(purpose="notice", state="sent")
    left = Message.objects.filter(purpose="notice", state="waiting")
    engine.start()
    try:
        clock.sleep(2)  # what the incident asked for goes first
        began, cpu, before = clock.perf_counter(), ground.cpu_s(), sent.count()
        while clock.perf_counter() - began < seconds and left.exists():
            clock.sleep(0.5)
        took, spent, done = clock.perf_counter() - began, ground.cpu_s() - cpu, sent.count() - before
    finally:
        engine.stop()
        server.terminate()
        server.join()
    print(f"  delivered {done:,} in {took:.1f} s: {done / took:.0f}/s, {spent / max(done, 1) * 1000:.2f} CPU ms each")


def _wait(port: int) -> None:
    for _try in range(100):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        clock.sleep(0.1)
    raise SystemExit("the SMTP server did not start")


class _Sink:
    """Takes every mail and keeps none."""

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - the library's name
        return "250 taken"


def _serve(port: int) -> None:
    from aiosmtpd.smtp import SMTP

    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(_Sink(), enable_SMTPUTF8=False), "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(run())


if __name__ == "__main__":
    main()
