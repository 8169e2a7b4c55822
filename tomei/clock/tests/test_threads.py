"""Engines as they run in production: threads, real time, a database that commits."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction

from tomei.clock import actions, claims, queries
from tomei.clock.bell import Bell
from tomei.clock.engine import Effect, Engine, Outcome, Outside
from tomei.clock.models import Job, Periodic, Pulse
from tomei.kernel.time import now as real_now
from tomei.site.database.lock import write_lock

pytestmark = pytest.mark.usefixtures("shared_db")


def first():
    return write_lock.priority("clock")


def leave_a_row(jobs, now):
    Periodic.objects.bulk_create(Periodic(name=f"{job.payload['n']}", next_at=now) for job in jobs)


def names():
    return Counter(Periodic.objects.values_list("name", flat=True))


def test_two_engines_do_everything_exactly_once(running, wait_until):
    now = real_now()
    actions.schedule_many([actions.Wanted("a", now, payload={"n": n}) for n in range(2000)], now=now)
    handlers = {"a": Effect(leave_a_row)}  # the name is a primary key: a second time would fail
    running(Engine(handlers, first=first), Engine(handlers, first=first))
    wait_until(lambda: Job.objects.count() == 0)
    assert names() == Counter(str(n) for n in range(2000))


def test_work_is_done_when_it_falls_due_and_soon_after(running, wait_until):
    late = []
    running(Engine({"a": Effect(lambda jobs, now: late.extend((now - job.due_at).total_seconds() for job in jobs))}))
    wait_until(lambda: Pulse.objects.exists())
    now = real_now()
    for n in range(10):
        actions.schedule("a", due_at=now + timedelta(seconds=0.3 + n / 20), now=now)
    wait_until(lambda: len(late) == 10)
    assert min(late) >= 0


def test_committed_work_of_this_process_wakes_the_engine(running, wait_until):
    done = threading.Event()
    running(Engine({"a": Effect(lambda jobs, now: done.set())}))
    wait_until(lambda: Pulse.objects.exists())
    with transaction.atomic():
        actions.schedule("a", due_at=real_now(), now=real_now())
    assert done.wait(20)


def test_outside_work_runs_side_by_side_and_is_settled(running, wait_until):
    together = threading.Barrier(4, timeout=20)
    now = real_now()
    for n in range(8):
        actions.schedule("mail", due_at=now, payload={"n": n}, now=now)

    def do(job):
        together.wait()
        return Outcome(True)

    running(Engine({"mail": Outside(do, lambda job, out, now: leave_a_row([job], now))}, first=first))
    wait_until(lambda: Job.objects.count() == 0)
    assert names() == Counter(str(n) for n in range(8))


def test_hanging_outside_work_times_out_and_costs_no_place(running, wait_until):
    hang, calls = threading.Event(), []
    now = real_now()
    for n in range(6):
        actions.schedule("mail", due_at=now + timedelta(milliseconds=n), payload={"n": n}, now=now)

    def do(job):
        calls.append(job.payload["n"])
        if job.payload["n"] < 4 and job.attempts == 0:
            hang.wait(60)
        return Outcome(True)

    settle = lambda job, out, now: leave_a_row([job], now)  # noqa: E731
    running(Engine({"mail": Outside(do, settle, timeout_s=3)}))
    try:
        wait_until(lambda: Job.objects.count() == 0)
    finally:
        hang.set()
    assert names() == Counter(str(n) for n in range(6))
    assert Counter(calls) == Counter({0: 2, 1: 2, 2: 2, 3: 2, 4: 1, 5: 1})


def test_a_fault_of_the_database_is_survived(running, wait_until, monkeypatch):
    real, faults = claims.take, []

    def faulty(*args):
        if len(faults) < 2:
            faults.append(1)
            raise ConnectionError("the database is away")
        return real(*args)

    monkeypatch.setattr(claims, "take", faulty)
    done = threading.Event()
    actions.schedule("a", due_at=real_now(), now=real_now())
    running(Engine({"a": Effect(lambda jobs, now: done.set())}))
    assert done.wait(20)
    assert len(faults) == 2


def test_work_that_came_back_while_the_database_was_away_is_settled_and_not_done_again(
    running, wait_until, monkeypatch
):
    now, done, settled, away = real_now(), [], [], [True, True]
    finish = claims.finish

    def faulty(*args):
        if away:
            away.pop()
            raise OperationalError("the server closed the connection")
        return finish(*args)

    def fail(*args):
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr("tomei.clock.claims.finish", faulty)
    monkeypatch.setattr("tomei.clock.claims.fail", fail)
    running(Engine({"a": Outside(done.append, lambda job, outcome, now: settled.append(job.id))}, places=1))
    actions.schedule("a", due_at=now, now=now)
    wait_until(lambda: settled)
    assert ([job.id for job in done], away) == (settled, [])
    wait_until(lambda: Job.objects.count() == 0)


def test_a_graceful_stop_lets_running_work_settle(wait_until):
    begun, release = threading.Event(), threading.Event()
    actions.schedule("mail", due_at=real_now(), payload={"n": 1}, now=real_now())

    def do(job):
        begun.set()
        release.wait(20)
        return Outcome(True)

    engine = Engine({"mail": Outside(do, lambda job, out, now: leave_a_row([job], now))})
    engine.start()
    assert begun.wait(20)
    stopper = threading.Thread(target=engine.stop, args=(20,))
    stopper.start()
    release.set()
    stopper.join(30)
    assert (engine.alive, names(), Job.objects.count()) == (False, Counter(["1"]), 0)


def test_the_dead_man_is_told_and_its_fault_stops_nothing(running, wait_until):
    pinged, done = threading.Event(), threading.Event()

    def ping():
        pinged.set()
        raise ConnectionError("no route")

    running(Engine({"a": Effect(lambda jobs, now: done.set())}, ping=ping))
    assert pinged.wait(20)
    actions.schedule("a", due_at=real_now(), now=real_now())
    assert done.wait(20)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="LISTEN is PostgreSQL's")
def test_another_process_wakes_the_engine(running, wait_until, monkeypatch):
    monkeypatch.setattr(actions.bell, "ring", lambda: None)  # as if scheduled elsewhere
    bell = Bell()
    monkeypatch.setattr("tomei.clock.engine.bell", bell)
    monkeypatch.setattr("tomei.clock.engine.POLL_S", 30.0)
    done = threading.Event()
    running(Engine({"a": Effect(lambda jobs, now: done.set())}))
    wait_until(lambda: bell.count > 0)  # the listener stands
    actions.schedule("a", due_at=real_now(), now=real_now())
    assert done.wait(20)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server to end a session")
def test_a_lost_connection_loses_nothing(running, wait_until):
    now = real_now()
    running(Engine({"a": Effect(leave_a_row)}))
    for n in range(300):
        actions.schedule("a", due_at=now, payload={"n": n}, now=now)
        if n % 50 == 0:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
    wait_until(lambda: Job.objects.count() == 0)
    assert names() == Counter(str(n) for n in range(300))


def test_the_pulse_says_that_it_ended(running, wait_until):
    engine = Engine({})
    engine.start()
    wait_until(lambda: queries.pulse(real_now()).state == "beating")
    engine.stop()
    assert Pulse.objects.get().pid == 0
