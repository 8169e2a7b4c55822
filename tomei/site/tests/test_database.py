"""The write lock: order, the clock first, and a way out of every accident."""

from __future__ import annotations

import gc
import threading
import time

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.utils import OperationalError

from tomei.clock.models import Periodic
from tomei.kernel.time import now
from tomei.site.database.base import DatabaseWrapper
from tomei.site.database.lock import FairLock, write_lock

sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="the lock is SQLite's")


def in_threads(*functions):
    threads = [threading.Thread(target=function, daemon=True) for function in functions]
    for thread in threads:
        thread.start()
    return threads


def wait_until(holds, seconds=20):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.005)


def test_waiting_threads_are_served_in_the_order_they_came():
    lock, served, threads = FairLock(), [], []
    mine = lock.acquire(1)

    def worker(name):
        turn = lock.acquire(20)
        served.append(name)
        lock.release(turn)

    for name in range(8):
        threads += in_threads(lambda name=name: worker(name))
        wait_until(lambda name=name: lock.waiting() == name + 1)
    lock.release(mine)
    for thread in threads:
        thread.join(20)
    assert served == list(range(8))


def test_the_clock_goes_before_all_who_wait():
    lock, served = FairLock(), []
    mine = lock.acquire(1)

    def worker(name, first):
        turn = lock.acquire(20, first=first)
        served.append(name)
        lock.release(turn)

    threads = []
    for count, (name, first) in enumerate([("a", False), ("b", False), ("clock", True)]):
        threads += in_threads(lambda name=name, first=first: worker(name, first))
        wait_until(lambda count=count: lock.waiting() == count + 1)
    lock.release(mine)
    for thread in threads:
        thread.join(20)
    assert served == ["clock", "a", "b"]


def test_who_waits_too_long_leaves_the_row():
    lock = FairLock()
    mine = lock.acquire(1)
    assert lock.acquire(0.05) is None
    assert lock.waiting() == 0
    lock.release(mine)
    assert lock.acquire(0.05) is not None


def test_a_dead_thread_keeps_nothing():
    lock = FairLock()
    turns = []
    (thread,) = in_threads(lambda: turns.append(lock.acquire(1)))
    thread.join(20)
    mine = lock.acquire(20)
    assert mine is not None
    lock.release(turns[0])  # too late: it is no longer theirs to give
    assert lock.acquire(0.01) is None


def test_priority_is_this_threads_and_ends():
    assert write_lock.first is False
    with write_lock.priority("clock"):
        seen = []
        (thread,) = in_threads(lambda: seen.append(write_lock.first))
        thread.join(20)
        assert (write_lock.first, seen) == (True, [False])
    with write_lock.priority("somebody"):
        assert write_lock.first is False
    assert write_lock.first is False


@pytest.fixture
def house(tmp_path):
    """A database file of our own, and wrappers on it for as many threads as a test likes."""
    made = []

    def wrapper(timeout=20):
        settings = {**connection.settings_dict, "NAME": str(tmp_path / "t.sqlite3")}
        settings["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": timeout}
        made.append(DatabaseWrapper(settings, "spare"))
        made[-1].inc_thread_sharing()
        return made[-1]

    first = wrapper()
    with first.cursor() as cursor:
        cursor.execute("CREATE TABLE t (n INTEGER, who TEXT)")
    yield wrapper
    for one in made:
        one.close()


def begin(wrapper):
    wrapper.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def commit(wrapper):
    wrapper.commit()
    wrapper.set_autocommit(True)


def rows(wrapper):
    with wrapper.cursor() as cursor:
        return cursor.execute("SELECT who, count(*) FROM t GROUP BY who ORDER BY who").fetchall()


def insert(wrapper, who):
    with wrapper.cursor() as cursor:
        cursor.execute("INSERT INTO t VALUES (1, %s)", [who])


@sqlite_only
@pytest.mark.django_db
def test_pragmas_are_set(house):
    wrapper = house()
    with wrapper.cursor() as cursor:
        values = [
            cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "temp_store", "mmap_size")
        ]
    assert values == ["wal", 2, 1, 20000, 2, 0]


@sqlite_only
@pytest.mark.django_db
def test_nobody_starves_among_many_writers(house):
    done = dict.fromkeys(range(6), 0)
    until = time.monotonic() + 1.0

    def writer(name):
        wrapper = house()
        while time.monotonic() < until:
            begin(wrapper)
            insert(wrapper, str(name))
            commit(wrapper)
            done[name] += 1
        wrapper.close()

    threads = in_threads(*[lambda name=name: writer(name) for name in done])
    for thread in threads:
        thread.join(30)
    assert min(done.values()) * 3 >= max(done.values()) > 0
    assert rows(house()) == [(str(name), count) for name, count in done.items()]


@sqlite_only
@pytest.mark.django_db
def test_single_writes_take_their_turn(house):
    one, two = house(), house(timeout=0.05)
    begin(one)
    with pytest.raises(OperationalError, match="database is locked"):
        insert(two, "two")
    commit(one)
    insert(two, "two")
    assert rows(one) == [("two", 1)]


@sqlite_only
@pytest.mark.django_db
def test_waiting_longer_than_the_timeout_says_locked_and_keeps_the_row(house):
    one, two = house(), house(timeout=0.05)
    begin(one)
    insert(one, "one")
    with pytest.raises(OperationalError, match="database is locked"):
        begin(two)
    commit(one)
    begin(two)
    insert(two, "two")
    commit(two)
    assert rows(one) == [("one", 1), ("two", 1)]


@sqlite_only
@pytest.mark.django_db
def test_rollback_and_closing_give_the_lock_back(house):
    one, two = house(), house(timeout=0.2)
    begin(one)
    insert(one, "gone")
    one.rollback()
    one.set_autocommit(True)
    begin(two)
    insert(two, "gone")
    two.close()
    begin(one)
    commit(one)
    assert rows(one) == []


@sqlite_only
@pytest.mark.django_db
def test_another_process_that_holds_the_file_leaves_no_turn_behind(house, tmp_path):
    import sqlite3  # stands for the other process: it knows nothing of our lock

    other = sqlite3.connect(tmp_path / "t.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    one = house(timeout=0.05)
    with pytest.raises(OperationalError, match="database is locked"):
        begin(one)
    other.execute("ROLLBACK")
    other.close()
    begin(one)
    insert(one, "one")
    commit(one)
    assert rows(one) == [("one", 1)]


@sqlite_only
@pytest.mark.django_db
def test_a_thread_that_dies_inside_a_transaction_blocks_nobody(house):
    def die():
        wrapper = house()
        begin(wrapper)
        insert(wrapper, "dead")
        wrapper.connection.close()  # as the interpreter does when the thread's connection is collected

    (thread,) = in_threads(die)
    thread.join(20)
    gc.collect()
    one = house()
    begin(one)
    insert(one, "one")
    commit(one)
    assert rows(one) == [("one", 1)]


@pytest.mark.django_db
def test_atomic_with_savepoints_and_errors():
    moment = now()
    with transaction.atomic():
        Periodic.objects.create(name="kept", next_at=moment)
        with pytest.raises(ValueError, match="no"), transaction.atomic():
            Periodic.objects.create(name="undone", next_at=moment)
            raise ValueError("no")
    assert list(Periodic.objects.values_list("name", flat=True)) == ["kept"]


@pytest.mark.django_db(transaction=True)
def test_atomic_gives_the_lock_back():
    moment = now()
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        Periodic.objects.create(name="undone", next_at=moment)
        raise ValueError("no")
    Periodic.objects.create(name="kept", next_at=moment)
    assert getattr(transaction.get_connection(DEFAULT_DB_ALIAS), "_turn", None) is None
    assert list(Periodic.objects.values_list("name", flat=True)) == ["kept"]
