"""Load from one process: an asyncio client on raw sockets that keeps its connections alive. Only 127.0.0.1."""

from __future__ import annotations

import asyncio
import time as clock
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bench import ground
from bench.served import Served

MOST_S = 10.0


@dataclass(slots=True)
class Told:
    """What came back: seconds per 2xx answer, and how often each status came (0: the line broke)."""

    took: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def per_s(self) -> float:
        return len(self.took) / self.seconds if self.seconds else 0.0

    @property
    def errors(self) -> int:
        return sum(count for status, count in self.statuses.items() if not 200 <= status < 300)


Make = Callable[[], tuple[bytes, object]]
"""One request as bytes, and what to hand to `heard` when it was answered with 2xx."""


def get(path: str, **headers: str) -> bytes:
    return _head("GET", path, headers) + b"\r\n"


def post(path: str, body: bytes, **headers: str) -> bytes:
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
    return _head("POST", path, headers) + b"\r\n" + body


def _head(method: str, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "".join(f"{line}\r\n" for line in lines).encode()


async def run(
    port: int, make: Make, *, connections: int, seconds: float, heard: Callable[[object, bytes], None] | None = None
) -> Told:
    """Ask on so many connections for so long, the next request of a connection when the last was answered."""
    told = Told()
    began = clock.perf_counter()
    until = began + min(seconds, MOST_S)
    await asyncio.gather(*[_client(port, make, until, told, heard) for _ in range(connections)])
    told.seconds = clock.perf_counter() - began
    return told


async def _client(
    port: int, make: Make, until: float, told: Told, heard: Callable[[object, bytes], None] | None
) -> None:
    writer: asyncio.StreamWriter | None = None
    while (began := clock.perf_counter()) < until:
        request, mark = make()
        try:
            if writer is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            status, body = await asyncio.wait_for(_answer(reader), 60)
        except (OSError, EOFError, TimeoutError):
            told.statuses[0] += 1
            writer = None
            continue
        told.statuses[status] += 1
        if 200 <= status < 300:
            told.took.append(clock.perf_counter() - began)
            if heard is not None:
                heard(mark, body)
    if writer is not None:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    place = head.lower().find(b"content-length:")
    body = await reader.readexactly(int(head[place + 15 : head.index(b"\r", place)])) if place >= 0 else b""
    return int(head[9:12]), body


async def now_and_then(port: int, request: bytes, seconds: float, every_s: float = 0.2) -> Told:
    """A person who looks at pages meanwhile: one request each `every_s`."""
    told = Told()
    until = clock.perf_counter() + seconds
    while clock.perf_counter() < until:
        part = Told()
        await _client(port, lambda: (request, None), clock.perf_counter() + 0.001, part, None)
        told.took += part.took
        told.statuses += part.statuses
        await asyncio.sleep(every_s)
    told.seconds = seconds
    return told


@dataclass(slots=True)
class Row:
    """One line of the results: what was measured, against the yardstick of the same minute."""

    what: str
    told: Told
    cpu_s: float
    yardstick: float

    def line(self) -> str:
        count = max(len(self.told.took), 1)
        spread = f"p50 {self.ms(0.5):.1f} ms, p99 {self.ms(0.99):.1f} ms" if self.told.took else "nothing answered"
        return (
            f"  {self.what}: {self.told.per_s:,.0f} req/s, {spread}, {self.told.errors} errors, "
            f"1/{self.yardstick / max(self.told.per_s, 0.001):,.0f} of hello ({self.yardstick:,.0f}), "
            f"{self.cpu_s / count * 1000:.2f} CPU ms per request"
        )

    def ms(self, share: float) -> float:
        return ground.quantile(self.told.took, share) * 1000


def measure(
    what: str,
    server: Served,
    make: Make,
    *,
    connections: int,
    seconds: float,
    heard: Callable[[object, bytes], None] | None = None,
    beside: bytes | None = None,
) -> tuple[Row, Told | None]:
    """One measurement, printed; with `beside` somebody looks at that page meanwhile."""

    async def both() -> tuple[Told, Told | None]:
        asked = run(server.port, make, connections=connections, seconds=seconds, heard=heard)
        if beside is None:
            return await asked, None
        told, seen = await asyncio.gather(asked, now_and_then(server.port, beside, seconds))
        return told, seen

    before = server.cpu_s()
    told, seen = asyncio.run(both())
    spent = server.cpu_s() - before
    row = Row(what, told, spent, ground.hello_per_s(16, 1.0))
    print(row.line())
    if told.errors:
        print(f"    statuses {dict(told.statuses)}")
    if seen is not None and seen.took:
        print(f"    a page meanwhile: {ground.spread_ms(seen.took)}, {seen.errors} errors")
    return row, seen
