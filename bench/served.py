"""The real server in a process of its own, with all that it is in production: front, pages, clock, live events."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time as clock
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Served:
    """Where it listens, and its process."""

    port: int
    pid: int

    def cpu_s(self) -> float:
        """CPU seconds of the server and of the database processes that work for it."""
        return sum(_cpu_of(pid) for pid in [*_family(self.pid), *_backends()])

    def resident_mib(self) -> float:
        """Resident memory of the server's processes."""
        return sum(_status_kib(pid, "VmRSS") for pid in _family(self.pid)) / 1024


@contextmanager
def served() -> Iterator[Served]:
    """`python -m tomei serve` on the data folder and database of `ground.database()`."""
    port = free_port()
    environment = dict(os.environ, PYTHONPATH=str(ROOT), TOMEI_URL=f"http://127.0.0.1:{port}")
    command = [sys.executable, "-m", "tomei", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        until_answered(port, server=server)
        clock.sleep(1.0)  # the first beat of the clock is no part of what is measured
        yield Served(port, server.pid)
    finally:
        server.terminate()
        server.wait(20)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def until_answered(
    port: int, path: str = "/account/login/", within_s: float = 60.0, server: subprocess.Popen[bytes] | None = None
) -> None:
    """Return with the first 200 of `path`; end when `server` has ended before it."""
    until = clock.perf_counter() + within_s
    while clock.perf_counter() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
                line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
                if line.recv(64).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            pass
        if server is not None and server.poll() is not None:
            raise SystemExit(f"the server ended with {server.returncode} before it answered")
        clock.sleep(0.02)
    raise SystemExit(f"no page within {within_s:.0f} s")


def _family(pid: int) -> list[int]:
    """The process and its children, theirs included."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += _family(int(child))
    return found


def _backends() -> list[int]:
    """The PostgreSQL processes of this database; none on SQLite."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [row[0] for row in cursor.fetchall()]


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _status_kib(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0
