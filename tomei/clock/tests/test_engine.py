"""Order, exactly once, bad rows, leases and fences: what the engine promises, without threads of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from tomei.clock import actions, claims, queries
from tomei.clock.engine import Effect, Engine, Outcome, Outside
from tomei.clock.models import DEAD, LEASED, Job, Periodic
from tomei.kernel.time import now as real_now

pytestmark = pytest.mark.django_db
NOW = real_now()


def ago(seconds):
    return NOW - timedelta(seconds=seconds)


def noting(done):
    return Effect(lambda jobs, now: done.extend(job.payload.get("n") for job in jobs))


def test_due_work_goes_by_rank_then_by_due_time():
    for n, (rank, late) in enumerate([(5, 100), (0, 1), (2, 50), (0, 9), (5, 200), (2, 60)]):
        actions.schedule("a" if n % 2 else "b", due_at=ago(late), rank=rank, payload={"n": n}, now=NOW)
    done = []
    engine = Engine({"a": noting(done), "b": noting(done)})
    for _ in range(6):
        with transaction.atomic():
            jobs = claims.take(["a", "b"], 1, NOW)
            done.append(jobs[0].payload["n"])
    assert done == [3, 1, 5, 2, 4, 0]
    assert engine.drain(NOW) == 0


def test_nothing_runs_before_its_time_or_without_a_handler():
    actions.schedule("a", due_at=NOW + timedelta(milliseconds=1), payload={"n": 1}, now=NOW)
    actions.schedule("unknown", due_at=ago(9), now=NOW)
    done = []
    assert Engine({"a": noting(done)}).drain(NOW) == 0
    assert done == []
    assert queries.backlog(NOW) == queries.BacklogFacts(1, ago(9), 0)
    assert claims.next_due(NOW) == NOW + timedelta(milliseconds=1)


def test_more_than_a_batch_is_all_done_in_few_queries(django_assert_max_num_queries):
    actions.schedule_many([actions.Wanted("a", ago(1), payload={"n": n}) for n in range(350)], now=NOW)
    done = []
    with django_assert_max_num_queries(60):
        assert Engine({"a": noting(done)}).drain(NOW) == 350
    assert sorted(done) == list(range(350))
    assert Job.objects.count() == 0


def test_an_effect_may_schedule_its_own_key_anew():
    actions.schedule("a", due_at=ago(1), key="k", now=NOW)

    def again(jobs, now):
        for job in jobs:
            actions.schedule("a", due_at=now + timedelta(minutes=5), key=job.key, payload={"step": 2}, now=now)

    assert Engine({"a": Effect(again)}).drain(NOW) == 1
    assert Job.objects.values_list("key", "state", "attempts").get() == ("k", "waiting", 0)
    assert queries.due_at("k") == NOW + timedelta(minutes=5)


def test_a_bad_row_is_found_and_the_others_are_done():
    for n in range(20):
        actions.schedule("a", due_at=ago(20 - n), key=f"k{n}", payload={"n": n}, now=NOW)

    def run(jobs, now):
        for job in jobs:
            Periodic.objects.create(name=f"effect {job.payload['n']}", next_at=now)
            if job.payload["n"] == 7:
                raise ValueError("row 7")

    Engine({"a": Effect(run)}).drain(NOW, raising=False)
    names = {f"effect {n}" for n in range(20)} - {"effect 7"}
    assert set(Periodic.objects.values_list("name", flat=True)) == names
    bad = Job.objects.get()
    assert (bad.key, bad.attempts, bad.last_error, bad.due_at) == (
        "k7",
        1,
        "ValueError: row 7",
        NOW + timedelta(seconds=1),
    )


def test_raising_lets_the_fault_out_and_keeps_the_batch():
    actions.schedule("a", due_at=ago(1), now=NOW)

    def run(jobs, now):
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        Engine({"a": Effect(run)}).drain(NOW)
    assert Job.objects.values_list("state", "attempts").get() == ("waiting", 0)


def test_outside_work_is_settled_once_and_its_row_is_gone():
    actions.schedule("mail", due_at=ago(1), key="m1", now=NOW)
    seen = []
    handler = Outside(
        lambda job: seen.append(Job.objects.get().state) or Outcome(True, "250"),
        lambda job, out, now: seen.append(out),
    )
    assert Engine({"mail": handler}).drain(NOW) == 1
    assert seen == [LEASED, Outcome(True, "250")]
    assert Job.objects.count() == 0


def test_failing_outside_work_waits_longer_each_time_and_dies():
    actions.schedule("mail", due_at=ago(1), key="m1", now=NOW)

    def do(job):
        raise ConnectionError("refused")

    engine = Engine({"mail": Outside(do, lambda *_: None)})
    moment, waits = NOW, []
    while Job.objects.get().state != DEAD:
        engine.drain(moment, raising=False)
        waits.append((Job.objects.get().due_at - moment).total_seconds())
        moment = max(Job.objects.get().due_at, moment)
    assert waits == [1, 5, 15, 60, 120, 300, 600, 1800, 3600, 0]
    assert queries.dead()[0].last_error == "ConnectionError: refused"


def test_an_old_fence_settles_nothing():
    actions.schedule("mail", due_at=ago(1), key="m1", now=NOW)
    settled = []

    def do(job):
        actions.schedule(
            "mail", due_at=NOW + timedelta(hours=1), key="m1", payload={"n": 2}, now=NOW
        )  # moved meanwhile
        return Outcome(True)

    Engine({"mail": Outside(do, lambda *args: settled.append(args))}).drain(NOW)
    assert settled == []
    assert Job.objects.values_list("state", "payload").get() == ("waiting", {"n": 2})


def test_a_failing_settle_leaves_no_trace_and_is_retried():
    actions.schedule("mail", due_at=ago(1), key="m1", now=NOW)

    def settle(job, outcome, now):
        Periodic.objects.create(name="trace", next_at=now)
        raise ValueError("cannot settle")

    Engine({"mail": Outside(lambda job: Outcome(True), settle)}).drain(NOW, raising=False)
    assert Periodic.objects.count() == 0
    assert Job.objects.values_list("state", "attempts", "last_error").get() == (
        "waiting",
        1,
        "ValueError: cannot settle",
    )


def test_a_lease_that_ran_out_is_taken_over_and_the_late_comer_settles_nothing():
    actions.schedule("mail", due_at=ago(1), key="m1", now=NOW)
    handler = Outside(lambda job: Outcome(True), lambda *_: None, timeout_s=10)
    with transaction.atomic():
        (job,) = claims.lease({"mail": handler}, 4, "gone", NOW)
    assert (job.fence, Job.objects.get().lease_by) == (1, "gone")
    assert claims.take_over(NOW + timedelta(seconds=39)) == 0
    assert claims.take_over(NOW + timedelta(seconds=41)) == 1
    assert claims.finish([job], "gone") == set()
    row = Job.objects.get()
    assert (row.state, row.attempts, row.fence, row.lease_by) == ("waiting", 1, 2, "")


def test_rank_decides_who_gets_the_few_places():
    for rank in (5, 3, 0, 4):
        actions.schedule("mail", due_at=ago(9), rank=rank, now=NOW)
    with transaction.atomic():
        jobs = claims.lease({"mail": Outside(lambda job: None, lambda *_: None)}, 2, "me", NOW)
    assert [job.rank for job in jobs] == [0, 3]


def test_next_due_uses_the_index(django_assert_num_queries):
    actions.schedule_many([actions.Wanted("a", NOW + timedelta(hours=n), rank=n % 6) for n in range(1, 50)], now=NOW)
    with django_assert_num_queries(1):
        assert claims.next_due(NOW) == NOW + timedelta(hours=1)
    assert claims.next_due(NOW + timedelta(hours=49)) is None


class Clocks:
    """Wall and monotonic clock of a test."""

    def __init__(self, wall):
        self.wall, self.monotonic = wall, 1000.0

    def go(self, seconds, *, jump=0.0):
        self.wall += timedelta(seconds=seconds + jump)
        self.monotonic += seconds

    def engine(self, handlers=None, periodic=None, **more):
        return Engine(handlers or {}, periodic, wall=lambda: self.wall, monotonic=lambda: self.monotonic, **more)


def test_periodic_work_runs_once_per_time_in_the_houses_zone():
    clocks, done = Clocks(datetime(2026, 3, 28, 23, 59, tzinfo=UTC)), []
    handlers = {"night": Effect(lambda jobs, now: done.extend(job.due_at for job in jobs))}
    engines = [clocks.engine(handlers, {"night": "30 2 * * *"}, zone=lambda: "Europe/Berlin") for _ in range(2)]
    for _ in range(3 * 24 * 2):  # three days in steps of half an hour, over the skipped hour
        for engine in engines:
            while engine._tick():
                pass
        clocks.go(1800)
    assert done == [
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
        datetime(2026, 3, 30, 0, 30, tzinfo=UTC),
        datetime(2026, 3, 31, 0, 30, tzinfo=UTC),
    ]


def test_missed_periodic_work_runs_once():
    clocks, done = Clocks(datetime(2026, 11, 1, tzinfo=UTC)), []
    table = {"often": Effect(lambda jobs, now: done.extend(jobs))}
    clocks.engine(table, {"often": "* * * * *"})._tick()
    clocks.go(86400)
    engine = clocks.engine(table, {"often": "* * * * *"})
    while engine._tick():
        pass
    assert len(done) == 1
    assert Periodic.objects.get().next_at == clocks.wall + timedelta(minutes=1)


def test_a_slow_start_of_a_tick_forgets_nothing():
    """A tick whose first part waited long for the database still runs what is due."""
    clocks, done = Clocks(NOW), []
    engine = clocks.engine({"a": noting(done)})
    engine._tick()
    actions.schedule("a", due_at=NOW, payload={"n": 1}, now=NOW)
    look = engine._heart.look

    def slow(now, monotonic):
        clocks.go(9)
        return look(now, monotonic)

    engine._heart.look = slow
    engine._tick()
    assert done == [1]


def test_every_few_seconds_the_rows_themselves_are_asked():
    clocks, done = Clocks(NOW), []
    engine = clocks.engine({"a": noting(done)})
    engine._tick()
    actions.schedule("a", due_at=NOW, payload={"n": 1}, now=NOW)
    engine._may_be_due = lambda now: False  # a shortcut that is wrong
    for _ in range(7):
        engine._tick(rung=False)
        clocks.go(1)
    assert done == [1]


def test_what_one_window_leaves_the_next_tick_does(monkeypatch):
    monkeypatch.setattr("tomei.clock.engine.WINDOW_S", 0.0)
    clocks, done = Clocks(NOW), []
    engine = clocks.engine({"a": noting(done)})
    actions.schedule_many([actions.Wanted("a", NOW, payload={"n": n}) for n in range(350)], now=NOW)
    ticks = 0
    while engine._tick(rung=False):
        ticks += 1
    assert (ticks, sorted(done)) == (4, list(range(350)))
