"""What every bench stands on: a database of its own, and yardsticks measured in the same minute.

SQLite in a temporary folder; with DATABASE_URL a new PostgreSQL database, dropped afterwards. `BENCH_SYNCDB=1` builds
the tables from the models instead of the migrations.
"""

from __future__ import annotations

import asyncio
import os
import resource
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

ADDITIONS = 5_000_000


@contextmanager
def database() -> Iterator[str]:
    """Django is set up and `default` is an empty database with all tables; yields `sqlite` or `postgresql`."""
    url = os.environ.get("DATABASE_URL", "")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tomei.site.settings")
    if not url:
        yield from _tables()
        return
    import psycopg

    name = f"bench_{uuid.uuid4().hex[:10]}"
    parts = urlsplit(url)
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))
    try:
        yield from _tables()
    finally:
        with psycopg.connect(url, autocommit=True) as server:  # a new line: the server may have been restarted
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _tables() -> Iterator[str]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, connections

    if os.environ.get("BENCH_SYNCDB"):
        from django.conf import settings

        settings.MIGRATION_MODULES = dict.fromkeys([name.rpartition(".")[2] for name in settings.INSTALLED_APPS], None)
    call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    try:
        yield connection.vendor
    finally:
        connections.close_all()


def additions_s() -> float:
    """The yardstick for work in Python: a loop of 5,000,000 additions (0.19 s on the machine of numbers.md)."""
    began = time.perf_counter()
    total = 0
    for number in range(ADDITIONS):
        total += number
    return time.perf_counter() - began


class _Hello(asyncio.Protocol):
    """Answers every request with the same bytes: as fast as Python on one core gets without a framework."""

    ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-type: text/plain\r\n\r\nhello"

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(self.ANSWER * data.count(b"\r\n\r\n"))


def hello_per_s(connections: int = 16, seconds: float = 2.0) -> float:
    """The yardstick for HTTP: requests per second of that server to a client in the same process and loop."""

    async def client(port: int, until: float) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        count = 0
        while time.perf_counter() < until:
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await reader.readexactly(len(_Hello.ANSWER))
            count += 1
        writer.close()
        return count

    async def run() -> float:
        server = await asyncio.get_running_loop().create_server(_Hello, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        until = time.perf_counter() + seconds
        counts = await asyncio.gather(*[client(port, until) for _ in range(connections)])
        server.close()
        return sum(counts) / seconds

    return asyncio.run(run())


def cpu_s() -> float:
    """CPU seconds of this process and its ended children."""
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def quantile(values: list[float], share: float) -> float:
    """The value below which `share` of all lie."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def spread_ms(values: list[float]) -> str:
    """Median, p99 and worst in milliseconds."""
    parts = [("median", 0.5), ("p99", 0.99), ("worst", 1.0)]
    return ", ".join(f"{name} {quantile(values, share) * 1000:.1f} ms" for name, share in parts)
