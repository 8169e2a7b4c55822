"""The heartbeat, stand-stills and jumps, old code on a newer schema."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection

from tomei.clock import actions, claims, pulse, queries, schema
from tomei.clock.engine import Effect, Engine, Outcome, Outside
from tomei.clock.models import Job, Pulse, Standstill
from tomei.clock.tests.test_engine import Clocks
from tomei.kernel import events
from tomei.kernel.errors import Refused

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)


@pytest.fixture
def told():
    """What the clock told its listeners."""
    heard = []
    names = ("clock.stood_still", "clock.caught_up", "clock.died")
    before = (events._with, events._after, events._enqueue)
    events.wire({name: [heard.append] for name in names}, {}, lambda *_: None)
    yield heard
    events.wire(*before)


def test_never_beating_still():
    assert queries.pulse(START) == queries.PulseFacts("never", None, None, 0)
    clocks = Clocks(START)
    clocks.engine()._tick()
    assert queries.pulse(START + timedelta(seconds=4)) == queries.PulseFacts("beating", START, 4.0, 0)
    assert queries.pulse(START + timedelta(seconds=31)).state == "still"


def test_it_beats_every_five_seconds_and_not_at_every_tick():
    clocks, beats = Clocks(START), set()
    engine = clocks.engine()
    for _ in range(20):
        engine._tick()
        beats.add(Pulse.objects.get().beat_at)
        clocks.go(1)
    assert sorted(beats) == [START + timedelta(seconds=s) for s in (0, 5, 10, 15)]


def test_an_idle_tick_asks_almost_nothing(django_assert_max_num_queries):
    clocks = Clocks(START)
    engine = clocks.engine({"a": Effect(lambda *_: None)})
    engine._tick()
    clocks.go(1)
    with django_assert_max_num_queries(1 if connection.vendor == "sqlite" else 6):
        assert engine._tick(rung=False) is False


def test_a_minute_without_a_tick_is_recorded_between_ticks():
    clocks = Clocks(START)
    engine = clocks.engine()
    engine._tick()
    clocks.go(60)
    engine._tick()
    assert Standstill.objects.count() == 0
    clocks.go(61)
    engine._tick()
    assert Standstill.objects.values_list("kind", "began_at", "ended_at", "seconds").get() == (
        "stopped",
        START + timedelta(seconds=60),
        START + timedelta(seconds=121),
        61.0,
    )


def test_a_stop_is_seen_at_the_next_start_and_caught_up_is_said_once(told):
    clocks = Clocks(START)
    clocks.engine()._tick()
    clocks.go(3600)
    actions.schedule("a", due_at=START + timedelta(minutes=30), now=START)
    seen = []
    handler = Effect(
        lambda jobs, now: seen.append((queries.catching_up(now), queries.standstills()[0], jobs[0].due_at))
    )
    engine = clocks.engine({"a": handler})
    while engine._tick():
        pass
    ((bundled, facts, due_at),) = seen
    assert bundled and (facts.kind, facts.seconds, facts.caught_up_at, facts.covers(due_at)) == (
        "stopped",
        3600.0,
        None,
        True,
    )
    assert not queries.catching_up(clocks.wall)
    clocks.go(1)
    engine._tick()
    assert [(event.name, event["seconds"]) for event in told] == [
        ("clock.stood_still", 3600.0),
        ("clock.caught_up", 3600.0),
    ]
    assert queries.standstills()[0].caught_up_at == clocks.wall - timedelta(seconds=1)


def test_a_tick_of_another_engine_is_no_standstill():
    clocks = Clocks(START)
    one, two = clocks.engine(), clocks.engine()
    one._tick()
    for _ in range(20):
        two._tick()
        clocks.go(5)
    one._tick()
    assert Standstill.objects.count() == 0


@pytest.mark.parametrize("jump", [7200.0, -7200.0])
def test_a_jump_of_the_wall_clock_is_recorded(jump):
    clocks = Clocks(START)
    engine = clocks.engine()
    engine._tick()
    clocks.go(1, jump=jump)
    engine._tick()
    row = Standstill.objects.get()
    assert (row.kind, row.began_at, row.ended_at, row.seconds) == ("jumped", START, clocks.wall, jump)
    assert queries.pulse(clocks.wall).state == "beating"


def test_a_small_correction_is_no_jump():
    clocks = Clocks(START)
    engine = clocks.engine()
    engine._tick()
    clocks.go(1, jump=4.0)
    engine._tick()
    assert Standstill.objects.count() == 0


def test_a_start_in_the_past_of_the_last_beat_is_a_jump():
    clocks = Clocks(START)
    clocks.engine()._tick()
    clocks.go(1, jump=-3600)
    clocks.engine()._tick()
    assert Standstill.objects.values_list("kind", "seconds").get() == ("jumped", -3599.0)
    assert queries.pulse(clocks.wall).state == "beating"


def test_two_engines_record_one_jump():
    clocks = Clocks(START)
    engines = [clocks.engine(), clocks.engine()]
    for _ in range(2):
        for engine in engines:
            engine._tick()
        clocks.go(1, jump=100)
    assert Standstill.objects.count() == 1


def test_the_leases_of_a_process_that_died_here_are_taken_over_at_once():
    clocks = Clocks(START)
    handler = Outside(lambda job: Outcome(True), lambda *_: None)
    actions.schedule("mail", due_at=START, now=START)
    old = clocks.engine({"mail": handler})
    old._tick()
    Pulse.objects.update(pid=2**22 - 1)  # a process that is no more
    Job.objects.update(state="leased", lease_by=old.instance, lease_until=START + timedelta(hours=1), attempts=0)
    clocks.go(2)
    clocks.engine()._tick()
    assert Job.objects.values_list("state", "attempts").get() == ("waiting", 1)
    assert claims.next_due(clocks.wall) == clocks.wall + timedelta(seconds=1)


def test_old_code_does_not_tick_on_a_newer_schema(monkeypatch):
    monkeypatch.setattr(schema, "applied", lambda: {("clock", "0999_from_the_future")})
    actions.schedule("a", due_at=START, now=START)
    ran = []
    engine = Engine({"a": Effect(lambda jobs, now: ran.extend(jobs))})
    with pytest.raises(Refused, match="newer_schema"):
        engine._loop()
    assert (ran, Pulse.objects.count(), Job.objects.count()) == ([], 0, 1)
    assert queries.newer_schema() == ["clock.0999_from_the_future"]


def test_a_newer_schema_stops_an_engine_that_runs(monkeypatch):
    clocks = Clocks(START)
    engine = clocks.engine()
    engine._tick()
    monkeypatch.setattr(schema, "applied", lambda: {("clock", "0999_from_the_future")})
    clocks.go(6)
    with pytest.raises(Refused, match="newer_schema"):
        engine._tick()


def test_the_recorded_migrations_are_read():
    with connection.cursor() as cursor:
        columns = "app varchar(255), name varchar(255), applied timestamp"
        cursor.execute(f"CREATE TABLE IF NOT EXISTS django_migrations ({columns})")
        cursor.execute("DELETE FROM django_migrations")
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('clock', '0999_x', CURRENT_TIMESTAMP),"
            " ('elsewhere', '0001_y', CURRENT_TIMESTAMP)"
        )
    assert schema.newer() == ["clock.0999_x"]


def test_a_dead_letter_is_told(told):
    clocks = Clocks(START)

    def broken(jobs, now):
        raise ValueError("bad")

    actions.schedule("a", due_at=START, key="k", now=START)
    engine = clocks.engine({"a": Effect(broken)})
    for _ in range(12):
        while engine._tick():
            pass
        clocks.go(30)
        clocks.go(3600)
    died = [event.facts for event in told if event.name == "clock.died"]
    assert [(facts["kind"], facts["key"], facts["error"]) for facts in died] == [("a", "k", "ValueError: bad")]


@pytest.mark.parametrize("away", ["at the start", "while it runs"])
def test_a_database_that_was_away_shows_as_a_standstill(monkeypatch, away):
    clocks = Clocks(START)
    engine = clocks.engine()
    clocks.engine()._tick()  # somebody ticked before
    if away == "while it runs":
        engine._tick()

    def broken(*_):
        raise OperationalError("the server is away")

    with monkeypatch.context() as patched:
        patched.setattr(pulse.Heart, "_write", broken)
        patched.setattr(pulse.Heart, "_record", broken)
        for _ in range(20):
            clocks.go(5)
            with pytest.raises(OperationalError):
                engine._tick()
    clocks.go(1)
    engine._tick()
    assert [(row.kind, row.seconds) for row in Standstill.objects.all()] == [("stopped", 101.0)]


def test_a_database_that_is_away_at_the_start_does_not_end_the_clock(monkeypatch):
    asked = []

    def newer():
        asked.append(1)
        if len(asked) == 1:
            raise OperationalError("the server is away")
        engine._stopping.set()
        return []

    clocks = Clocks(START)
    engine = clocks.engine()
    monkeypatch.setattr(schema, "newer", newer)
    monkeypatch.setattr(connection, "close", lambda: None)
    engine._loop()
    assert len(asked) >= 2 and Pulse.objects.exists()
