"""Bounded runs; the long one is `bench/crash.py`."""

from __future__ import annotations

import os
import random
import threading
import time as clock
from datetime import timedelta

import pytest
from django.db import connection

from tests.crash import house
from tomei.clock import actions
from tomei.clock.models import Job, Standstill
from tomei.clock.tests.conftest import shared_db  # noqa: F401 - a fixture
from tomei.kernel import time

pytestmark = [pytest.mark.crash, pytest.mark.usefixtures("shared_db")]
postgres_only = pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite one process ticks")
SEED = int(os.environ.get("TOMEI_CRASH_SEED", "20261118"))


@pytest.fixture
def sink(shared_db):  # noqa: F811 - the database comes first
    house.tables()
    sink = house.Sink()
    yield sink
    sink.close()
    house.drop_tables()


def test_kill_9_at_random_points(sink):
    house.schedule(effects=4000, messages=300, over_s=10)
    house.kill_at_random(sink, rounds=5, clocks=1, chance=random.Random(SEED))
    house.check(sink, 4000, 300)


@postgres_only
def test_two_clocks_of_which_one_is_killed_again_and_again(sink):
    house.schedule(effects=4000, messages=300, over_s=10)
    house.kill_at_random(sink, rounds=5, clocks=2, chance=random.Random(SEED))
    house.check(sink, 4000, 300)


@postgres_only
def test_a_restart_of_the_server_loses_nothing(sink):
    house.schedule(effects=3000, messages=200, over_s=8)
    clocks = [house.Clock(sink).ready() for _ in range(2)]
    for _ in range(10):
        clock.sleep(0.5)
        house.end_backends()
    house.wait_done()
    for one in clocks:
        one.stop()
    house.check(sink, 3000, 200)


def test_a_receiver_that_is_down_and_comes_back_gets_everything(sink):
    sink.down = True
    house.schedule(effects=100, messages=40, over_s=1)
    one = house.Clock(sink).ready()
    clock.sleep(2)
    assert sink.received == []
    sink.down = False
    house.wait_done()
    one.stop()
    house.check(sink, 100, 40)


def test_a_jump_of_the_clock_is_recorded_and_everything_done_once(sink):
    house.schedule(effects=500, messages=20, over_s=1)
    later = time.now() + timedelta(hours=1)
    for n in range(500, 1000):
        actions.schedule("crash.effect", due_at=later, key=f"effect:{n}", payload={"n": n, "step": 1}, now=time.now())
    one = house.Clock(sink, 4.0, 7200.0).ready()
    house.wait_done()
    one.stop()
    house.check(sink, 1000, 20)
    rows = list(Standstill.objects.values_list("kind", "seconds"))
    assert [(kind, round(seconds)) for kind, seconds in rows] == [("jumped", 7200)]


def test_writers_and_a_killed_clock_share_the_database(sink):
    """Work is scheduled while the clock is killed: nothing that was committed is forgotten."""
    ended = threading.Event()

    def write():
        for n in range(1000):
            actions.schedule(
                "crash.effect", due_at=time.now(), key=f"effect:{n}", payload={"n": n, "step": 1}, now=time.now()
            )
        connection.close()
        ended.set()

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(2):
        one = house.Clock(sink).ready()
        clock.sleep(0.3)
        one.kill()
    writer.join(60)
    assert ended.is_set()
    one = house.Clock(sink).ready()
    house.wait_done()
    one.stop()
    house.check(sink, 1000, 0)
    assert Job.objects.count() == 0
