"""Two at once: one of them ends the promise."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection, connections, transaction

from tomei.clock import claims
from tomei.kernel.actor import CLOCK
from tomei.promises import actions, hooks, steps
from tomei.promises.models import Promise
from tomei.promises.tests.factories import NOW, incident, promise


@pytest.mark.django_db(transaction=True)
def test_two_keep_the_same_promise_and_one_ends_it(house, heard):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("an in-memory database has one connection; the race is run on PostgreSQL and on a file")
    inc = incident(house)
    for _ in range(10):
        row = promise(house, inc)
        ended: list[list[int]] = []
        barrier = threading.Barrier(2)

        def keep(ended: list[list[int]] = ended, barrier: threading.Barrier = barrier) -> None:
            barrier.wait(timeout=20)
            try:
                ended.append(actions.keep("next_update", incident_id=inc, by=CLOCK, now=NOW))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=keep) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        assert sorted(ended) == [[], [row.pk]]
    assert [event.name for event in heard].count("promise.kept") == 10
    assert Promise.objects.filter(state="kept").count() == 10


def _lock(incident_ids):
    list(apps.get_model("cases", "Incident").objects.select_for_update().filter(pk__in=incident_ids).order_by("pk"))


def _together(*works: Callable[[], None]) -> list[str]:
    """Run each in a thread with a transaction of its own; gives what went wrong."""
    errors: list[str] = []

    def run(work: Callable[[], None]) -> None:
        try:
            with transaction.atomic():
                work()
        except Exception as error:
            errors.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=40)
    return errors


@pytest.mark.django_db(transaction=True)
def test_keeping_while_its_step_is_taken_waits_in_no_circle(house, heard, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one writer in at a time")
    monkeypatch.setattr(hooks, "lock", _lock)
    inc, at = incident(house), NOW + timedelta(minutes=10)
    row = promise(house, inc)
    locked, taken = threading.Event(), threading.Event()

    def page() -> None:
        _lock([inc])
        locked.set()
        assert taken.wait(20)
        actions.keep("next_update", incident_id=inc, by=CLOCK, now=at)

    def clock() -> None:
        assert locked.wait(20)
        jobs = claims.take(["promise.step"], 100, at)
        taken.set()
        steps.run(jobs, at)

    assert _together(page, clock) == []
    row.refresh_from_db()
    assert row.state == "kept"
    assert list(apps.get_model("clock", "Job").objects.values_list("key", flat=True)) == [f"reach:{row.pk}"]
    assert [event.name for event in heard] == ["promise.made", "promise.kept"]
