"""What is published is read once, in order, and never skipped."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tomei.clock.engine import Effect, Engine
from tomei.clock.models import Job
from tomei.kernel.time import now as real_now
from tomei.live import actions, queries
from tomei.live.bus import PAUSE_S, Bus
from tomei.live.models import LiveEvent
from tomei.live.rules import START, Cursor

NOW = real_now()


@pytest.mark.django_db(transaction=True)
def test_published_events_are_read_in_order():
    before = queries.head()
    for topic in ("now", "incident:1", "now"):
        actions.publish(topic, now=NOW, version=3)
    entries = queries.after(before, 10, NOW)
    assert [entry.topic for entry in entries] == ["now", "incident:1", "now"]
    assert [entry.topic for entry in queries.after(before, 10, NOW, {"incident:1"})] == ["incident:1"]
    assert queries.after(entries[0].cursor, 10, NOW) == entries[1:]
    assert queries.head() == entries[-1].cursor
    assert (queries.still_there(entries[0].cursor), queries.still_there(Cursor(0, 10**9))) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_an_undone_transaction_tells_nobody():
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        actions.publish("now", now=NOW)
        raise ValueError("no")
    assert queries.after(START, 10, NOW) == []


@pytest.mark.django_db
def test_events_are_kept_for_a_day_and_forgotten_in_batches(monkeypatch):
    monkeypatch.setattr(actions, "_AT_ONCE", 3)
    for hours in (25, 26, 27, 28, 23):
        actions.publish("now", now=NOW - timedelta(hours=hours))
    actions.prune([], NOW)
    assert (LiveEvent.objects.count(), Job.objects.get().kind) == (2, "live.prune")
    Engine({"live.prune": Effect(actions.prune)}).drain(NOW)
    assert list(LiveEvent.objects.values_list("at", flat=True)) == [NOW - timedelta(hours=23)]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite writers follow each other")
@pytest.mark.usefixtures("shared_db")
def test_a_transaction_that_ends_late_is_not_skipped():
    """Its row has the smaller id, but is seen only after one with a greater id was committed."""
    begun, end, done = threading.Event(), threading.Event(), threading.Event()

    def late():
        with transaction.atomic():
            actions.publish("late", now=NOW)
            begun.set()
            end.wait(20)
        connection.close()
        done.set()

    threading.Thread(target=late).start()
    assert begun.wait(20)
    actions.publish("early", now=NOW)
    assert queries.after(START, 10, NOW) == []  # not certain yet
    end.set()
    assert done.wait(20)
    assert [entry.topic for entry in queries.after(START, 10, NOW)] == ["late", "early"]


def told(topic):
    return LiveEvent.objects.filter(topic=topic).count()


@pytest.mark.django_db(transaction=True)
def test_the_same_without_data_is_told_once_in_a_transaction():
    with transaction.atomic():
        for _ in range(3):
            with transaction.atomic():
                actions.publish("now", now=NOW)
                actions.publish("now", now=NOW)
        actions.publish("now", now=NOW)
        actions.publish("now", now=NOW)
        actions.publish("now", now=NOW, n=1)
        actions.publish("now", now=NOW, n=1)
    assert (
        told("now") == 6
    )  # one of each savepoint, one of the transaction, and what carries data as often as it is said
    actions.publish("now", now=NOW)
    assert told("now") == 7


@pytest.mark.django_db(transaction=True)
def test_what_a_savepoint_took_back_is_told_anew():
    with transaction.atomic():
        with suppress(ValueError), transaction.atomic():
            actions.publish("now", now=NOW)
            raise ValueError
        actions.publish("now", now=NOW)
    assert told("now") == 1


def test_a_callback_hears_the_first_at_once_and_then_the_newest_of_a_storm(monkeypatch):
    bus, heard, at = Bus(), [], [100.0]
    monkeypatch.setattr("tomei.live.bus.time.monotonic", lambda: at[0])
    bus.on("status", heard.append)
    for n in range(5):
        bus._owed["status"] = n
        bus._call_back()
    assert heard == [0]
    at[0] += PAUSE_S
    bus._call_back()
    bus._call_back()
    assert (heard, bus._owed) == ([0, 4], {})
