from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tomei.clock import actions, queries
from tomei.clock.engine import Effect, Engine
from tomei.clock.models import DEAD, LEASED, Job
from tomei.kernel.actor import CLOCK, Actor
from tomei.kernel.errors import Missing, Refused
from tomei.kernel.time import now as real_now

pytestmark = pytest.mark.django_db
NOW = real_now()
OPERATOR = Actor("user", id=1, rights=frozenset({"house.configure"}))


def soon(seconds=60):
    return NOW + timedelta(seconds=seconds)


def test_schedule_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        actions.schedule("a", due_at=soon(), key="k", rank=2, payload={"text": "約束"}, now=NOW)
    row = Job.objects.get()
    assert (row.kind, row.key, row.rank, row.due_at, row.payload) == ("a", "k", 2, soon(), {"text": "約束"})
    assert (row.state, row.fence, row.created_at) == ("waiting", 0, NOW)


def test_same_key_moves_the_waiting_row():
    first = actions.schedule("a", due_at=soon(), key="k", now=NOW)
    second = actions.schedule("b", due_at=soon(5), key="k", rank=0, payload={"n": 2}, now=NOW)
    assert first == second
    row = Job.objects.get()
    assert (row.kind, row.due_at, row.rank, row.payload, row.fence) == ("b", soon(5), 0, {"n": 2}, 1)


def test_without_a_key_each_is_its_own():
    assert actions.schedule("a", due_at=soon(), now=NOW) != actions.schedule("a", due_at=soon(), now=NOW)
    assert Job.objects.count() == 2


@pytest.mark.parametrize("state", [LEASED, DEAD])
def test_same_key_takes_a_running_or_dead_row_back(state):
    actions.schedule("a", due_at=soon(), key="k", now=NOW)
    Job.objects.update(state=state, lease_by="x", lease_until=soon(), attempts=4, last_error="e", fence=7)
    actions.schedule("a", due_at=soon(9), key="k", now=NOW)
    row = Job.objects.get()
    assert (row.state, row.lease_by, row.lease_until, row.attempts, row.last_error) == ("waiting", "", None, 0, "")
    assert row.fence == 8


def test_unless_running_leaves_a_running_row_alone():
    actions.schedule("a", due_at=soon(), key="k", now=NOW)
    Job.objects.update(state=LEASED, fence=3)
    actions.schedule_unless_running("a", due_at=soon(9), key="k", now=NOW)
    assert Job.objects.values_list("state", "fence", "due_at").get() == (LEASED, 3, soon())


def test_many_at_once_and_the_last_of_one_key_counts():
    wanted = [actions.Wanted("a", soon(n), f"k{n}") for n in range(1200)] + [actions.Wanted("a", soon(1), "k7")]
    actions.schedule_many([*wanted, actions.Wanted("a", soon()), actions.Wanted("a", soon())], now=NOW)
    assert Job.objects.count() == 1202
    assert queries.due_at("k7") == soon(1)


def test_cancel():
    actions.schedule("a", due_at=soon(), key="k", now=NOW)
    actions.schedule("a", due_at=soon(), key="l", now=NOW)
    assert [actions.cancel("k"), actions.cancel("k"), actions.cancel_many(["k", "l"])] == [True, False, 1]
    assert Job.objects.count() == 0


def test_an_undone_transaction_leaves_no_job():
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        actions.schedule("a", due_at=soon(), now=NOW)
        raise ValueError("no")
    assert Job.objects.count() == 0


def test_a_rank_outside_0_to_9_would_never_be_found_and_is_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.schedule("a", due_at=soon(), rank=10, now=NOW)
    assert Job.objects.count() == 0


def test_dead_letters_are_shown_retried_and_dropped():
    def broken(jobs, now):
        raise ValueError("bad row")

    ids = [actions.schedule("a", due_at=NOW, key=f"k{n}", now=NOW) for n in range(2)]
    engine = Engine({"a": Effect(broken)})
    moment = NOW
    for _ in range(10):
        engine.drain(moment, raising=False)
        moment += timedelta(hours=2)
    assert [(one.id, one.attempts, one.last_error) for one in queries.dead()] == [
        (job, 10, "ValueError: bad row") for job in reversed(ids)
    ]
    assert queries.pulse(NOW).dead_jobs == 2
    with pytest.raises(Refused, match=r"rights\.missing"):
        actions.retry_dead(ids[0], by=CLOCK, now=NOW)
    assert len(queries.dead()) == 2
    actions.retry_dead(ids[0], by=OPERATOR, now=NOW)
    actions.drop_dead(ids[1], by=OPERATOR, now=NOW)
    assert Job.objects.values_list("id", "state", "attempts", "due_at").get() == (ids[0], "waiting", 0, NOW)
    for action in (actions.retry_dead, actions.drop_dead):
        with pytest.raises(Missing):
            action(ids[0], by=OPERATOR, now=NOW)
    assert Job.objects.count() == 1
