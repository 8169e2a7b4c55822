"""What the crash tests and `bench/crash.py` share: tables, work, a receiving server, processes to kill."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time as clock
from collections import Counter
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from django.db import connection

from tomei.clock import actions
from tomei.clock.models import DEAD, Job
from tomei.kernel import time

ROOT = Path(__file__).resolve().parents[2]


class Sink:
    """Receives messages and keeps what came under which key. `down` answers 503."""

    def __init__(self) -> None:
        self.received: list[tuple[str, str]] = []
        self.down = False
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                if not sink.down:
                    sink.received.append((self.headers["Idempotency-Key"], body))
                self.send_response(503 if sink.down else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def environment() -> dict[str, str]:
    """So that a child opens the database that this process has open now."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{str(settings['NAME']).lstrip('/')}"
    else:
        user, host = quote(settings["USER"]), settings["HOST"]
        secret = f":{quote(settings['PASSWORD'], safe='')}" if settings["PASSWORD"] else ""
        url = f"postgresql://{user}{secret}@{host}:{settings['PORT']}/{settings['NAME']}"
    return {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "tomei.site.settings",
        "TOMEI_LOG": os.environ.get("CRASH_LOG", "CRITICAL"),
    }


class Process:
    """One clock process: `python -m module …`, ready once it says so."""

    def __init__(self, module: str, *arguments: object, **more: str) -> None:
        command = [sys.executable, "-m", module, *map(str, arguments)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment() | more, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ready(self) -> Self:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n", "the clock process did not start"
        return self

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self._reap()

    def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self._reap()

    def _reap(self) -> None:
        self.process.wait(30)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


class Clock(Process):
    """The bare engine with effects that write test tables and messages that go to `sink`."""

    def __init__(self, sink: Sink, *jump: float) -> None:
        super().__init__("tests.crash.worker", sink.url, *jump)


def end_backends() -> None:
    """What a restart of PostgreSQL does to everybody who is connected to this database, but us."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def tables() -> None:
    with connection.cursor() as cursor:
        for table, columns in (("crash_effect", "n integer, step integer"), ("crash_sent", "n integer")):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
            cursor.execute(f"CREATE TABLE {table} ({columns})")


def drop_tables() -> None:
    with connection.cursor() as cursor:
        for table in ("crash_effect", "crash_sent"):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")


def schedule(effects: int, messages: int, over_s: float) -> None:
    """Work that falls due bit by bit over the next `over_s` seconds, of all ranks."""
    now = time.now()
    wanted = [
        actions.Wanted(
            "crash.effect",
            now + timedelta(seconds=over_s * n / effects),
            f"effect:{n}",
            n % 6,
            {"n": n, "step": 1},
        )
        for n in range(effects)
    ]
    wanted += [
        actions.Wanted("crash.send", now + timedelta(seconds=over_s * n / messages), f"message:{n}", n % 6, {"n": n})
        for n in range(messages)
    ]
    actions.schedule_many(wanted, now=now)


def left() -> int:
    return Job.objects.exclude(state=DEAD).count()


def wait_done(seconds: float = 120) -> None:
    end = clock.monotonic() + seconds
    while left():
        assert clock.monotonic() < end, f"{left()} jobs were not done in time"
        clock.sleep(0.05)


def found(table: str, columns: str) -> Counter[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table}")
        return Counter(tuple(row) for row in cursor.fetchall())


def check(sink: Sink, effects: int, messages: int) -> None:
    """Nothing forgotten, no effect twice, every message at least once and always the same under its key."""
    assert found("crash_effect", "n, step") == Counter((n, step) for n in range(effects) for step in (1, 2))
    assert found("crash_sent", "n") == Counter((n,) for n in range(messages))
    assert set(sink.received) == {(f"message:{n}", f"message {n}") for n in range(messages)}
    assert not Job.objects.filter(state=DEAD).exists()


def kill_at_random(sink: Sink, rounds: int, clocks: int, chance: random.Random) -> None:
    """Start `clocks` processes and kill one at a random moment, `rounds` times; the others run on."""
    running = [Clock(sink) for _ in range(clocks)]
    for one in running:
        one.ready()
    for _ in range(rounds):
        following = Clock(sink)  # starts while the others work
        clock.sleep(chance.uniform(0.0, 1.0))
        running.pop(chance.randrange(len(running))).kill()
        running.append(following.ready())
    wait_done()
    for one in running:
        one.stop()
