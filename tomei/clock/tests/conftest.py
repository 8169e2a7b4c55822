"""A database that several threads may use: on SQLite a file, because an in-memory one cannot be shared fairly."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connections


@pytest.fixture
def shared_db(transactional_db, tmp_path):
    """Yields nothing; inside, every thread's default connection goes to one database that commits for real."""
    old = connections["default"]
    if old.vendor != "sqlite":
        yield
        connections.close_all()
        return
    name = str(tmp_path / "shared.sqlite3")
    with old.cursor() as cursor:
        cursor.execute(f"VACUUM INTO '{name}'")
    kept = connections.settings["default"]["NAME"]
    connections.settings["default"]["NAME"] = name
    new = connections.create_connection("default")
    connections["default"] = new
    try:
        yield
    finally:
        new.close()
        connections.settings["default"]["NAME"] = kept
        connections["default"] = old


@pytest.fixture
def wait_until():
    def wait(holds, seconds=30):
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "waited too long"
            time.sleep(0.01)

    return wait


@pytest.fixture
def running():
    """Start engines; all are stopped at the end."""
    started = []

    def start(*engines):
        for engine in engines:
            engine.start()
            started.append(engine)
        return engines[0]

    yield start
    for engine in started:
        engine.stop()
        assert not engine.alive
    assert not [thread for thread in threading.enumerate() if thread.name == "tomei-clock"]
