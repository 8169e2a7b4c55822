"""The status page: `python bench/statuspage.py [--connections 16] [--seconds 5]`, with DATABASE_URL on PostgreSQL.

Ten components with 90 days of history and 50 past incidents, one incident running. The server is ours, a process of its
own as in production, without the clock; the client is a plain one in this process, on the same cores.

1. Rendering anew: both languages, summary, the copy on disk.
2. Requests per second of `/status/`, plain, compressed and unchanged (304), and of the summary.
3. From the commit of a publish until the served bytes are right.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time as clock
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench import ground

TICKS = os.sysconf("SC_CLK_TCK")
SUMMARY = "/status/api/v2/summary.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--serve", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(given.serve)
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TOMEI_DATA"] = folder
        with ground.database() as vendor:
            print(f"{vendor}; 5,000,000 additions {ground.additions_s():.3f} s")
            number = fill()
            rendering()
            with served() as (port, server):
                for name, path, headers in requests(port):
                    load(name, path, headers, port, server.pid, given)
                publishes(port, number)


def serve(port: int) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tomei.site.settings")
    django.setup()
    from tomei.site.front import server
    from tomei.site.front.build import build

    server.serve("127.0.0.1", port, front=build(ticks=False))


def fill() -> int:
    """The house and its history; gives the id of the running incident."""
    from tomei.comms.tests import history
    from tomei.customers import actions as customers
    from tomei.kernel import time
    from tomei.kernel.text import Text

    now = time.now()
    customers.found(Text("朝霧システムズ", "Asagiri Systems"), zone="Asia/Tokyo", language="ja", now=now)
    parts = history.components(now)
    history.past(parts, now, 50)
    return int(history.running(parts, now).pk)


def rendering() -> None:
    from tomei.comms import statuspage

    statuspage.refresh()
    took = []
    for _ in range(10):
        began = clock.perf_counter()
        statuspage.refresh()
        took.append(clock.perf_counter() - began)
    print(f"  rendered anew: {ground.spread_ms(took)}")


@contextmanager
def served() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, __file__, "--serve", str(port)])
    try:
        for _ in range(200):
            try:
                get(port, "/status/")
                break
            except OSError:
                clock.sleep(0.1)
        yield port, server
    finally:
        server.terminate()
        server.wait(20)


def _request(path: str, headers: dict[str, str]) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: x", "Accept-Language: ja", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def get(port: int, path: str, headers: dict[str, str] | None = None) -> tuple[dict[str, str], bytes]:
    """One whole answer: its headers (status under ``) and body."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line, line.makefile("rb") as answer:
        line.sendall(_request(path, headers or {}))
        found = {"": answer.readline().decode()}
        while header := answer.readline().strip().decode("latin-1"):
            name, _, value = header.partition(":")
            found[name.lower()] = value.strip()
        return found, answer.read(int(found.get("content-length", 0)))


def requests(port: int) -> list[tuple[str, str, dict[str, str]]]:
    etag = get(port, "/status/")[0]["etag"]
    return [
        ("page, gzip", "/status/", {"Accept-Encoding": "gzip"}),
        ("page, plain", "/status/", {}),
        ("page, unchanged", "/status/", {"If-None-Match": etag}),
        ("summary, gzip", SUMMARY, {"Accept-Encoding": "gzip"}),
    ]


def load(name: str, path: str, headers: dict[str, str], port: int, pid: int, given: Any) -> None:
    before = _cpu_of(pid)
    took = asyncio.run(_ask(port, _request(path, headers), given.connections, given.seconds))
    spent = _cpu_of(pid) - before
    yardstick = ground.hello_per_s(given.connections)
    rate = len(took) / given.seconds
    size = len(get(port, path, headers)[1])
    print(
        f"  {name}: {rate:,.0f} req/s at {given.connections}, {ground.spread_ms(took)}, {size:,} bytes, "
        f"{rate / yardstick:.2f} of hello ({yardstick:,.0f}), {spent / len(took) * 1000:.3f} CPU ms per request"
    )


async def _ask(port: int, request: bytes, connections: int, seconds: float) -> list[float]:
    took: list[float] = []

    async def client(until: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (began := clock.perf_counter()) < until:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            place = head.lower().find(b"content-length:")
            if place >= 0:
                await reader.readexactly(int(head[place + 15 : head.index(b"\r", place)]))
            took.append(clock.perf_counter() - began)
        writer.close()

    until = clock.perf_counter() + seconds
    await asyncio.gather(*[client(until) for _ in range(connections)])
    return took


def _cpu_of(pid: int) -> float:
    """CPU seconds that the server has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def publishes(port: int, incident_id: int) -> None:
    """Rows and the live event in one transaction as the publish writes them; then ask until the words are there."""
    from django.apps import apps
    from django.db import transaction

    from tomei.kernel import time
    from tomei.live import actions as live

    took = []
    for number in range(100, 110):
        with transaction.atomic():
            apps.get_model("comms", "Update").objects.create(
                incident_id=incident_id, number=number, state="mitigating", severity="SEV1a", languages=["ja", "en"],
                parts={"effect": {"ja": f"{number} 件", "en": f"{number} orders"}}, audiences=["public"],
                published_at=time.now(),
            )  # fmt: skip
            live.publish("status", now=time.now())
        began = clock.perf_counter()
        while f"{number} 件".encode() not in get(port, "/status/")[1] and clock.perf_counter() - began < 10:
            clock.sleep(0.005)
        took.append(clock.perf_counter() - began)
    print(f"  right after a publish of another process: {ground.spread_ms(took)}")


if __name__ == "__main__":
    main()
