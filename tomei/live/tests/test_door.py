"""Streams through a real uvicorn on loopback."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from contextlib import closing
from datetime import timedelta

import pytest
import uvicorn

from tomei.kernel.time import now as real_now
from tomei.live import actions, bus, door
from tomei.live.bus import Bus
from tomei.live.models import LiveEvent

pytestmark = pytest.mark.usefixtures("shared_db")


class Stream:
    """A reader of server-sent events over a plain socket."""

    def __init__(self, port, query, headers=""):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.socket.sendall(f"GET /live?{query} HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        while self.file.readline().strip():
            pass
        self.lines = self._lines()

    def _lines(self):
        while True:
            size = self.file.readline().strip()
            if not size or size == b"0":
                return
            chunk = self.file.read(int(size, 16)).decode()
            self.file.readline()
            yield from chunk.split("\n")

    def events(self, count):
        found = []
        for line in self.lines:
            if line.startswith("data: "):
                found.append(json.loads(line.removeprefix("data: ")))
                if len(found) == count:
                    return found
        return found

    def until(self, start):
        for line in self.lines:
            if line.startswith(start):
                return line
        return None

    def close(self):
        self.file.close()
        self.socket.close()


@pytest.fixture
def house():
    """A running door; `may` is what its reader is allowed, to be changed by the test."""

    class House:
        may = staticmethod(lambda headers, topics: set(topics))

    house = House()
    house.bus = Bus()
    started = threading.Event()

    async def app(scope, receive, send):
        assert scope["type"] == "http"
        await door.stream(scope, receive, send, bus=house.bus, allowed=lambda *args: house.may(*args))

    async def main(server):
        house.bus.start(asyncio.get_running_loop())
        started.set()
        await server.serve()
        house.bus.stop()

    listening = socket.create_server(("127.0.0.1", 0))
    house.port = listening.getsockname()[1]
    config = uvicorn.Config(app, lifespan="off", log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    server.serve = lambda serve=server.serve: serve(sockets=[listening])
    server.capture_signals = closing_nothing
    thread = threading.Thread(target=lambda: asyncio.run(main(server)))
    thread.start()
    assert started.wait(20)
    assert house.bus.ready.wait(20)
    yield house
    server.should_exit = True
    thread.join(20)
    assert not thread.is_alive()


class closing_nothing:  # noqa: N801 - stands for uvicorn's context manager, which wants the main thread
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None


def opened(house, query="topics=now", headers=""):
    stream = Stream(house.port, query, headers)
    assert stream.status == 200
    stream.first = stream.until("retry")
    return stream


def test_a_published_event_reaches_those_who_listen_to_its_topic(house):
    with closing(opened(house, "topics=now,incident:1")) as one, closing(opened(house, "topics=incident:2")) as two:
        actions.publish("incident:1", now=real_now(), version=7)
        actions.publish("incident:2", kind="ring", now=real_now(), text="約束", url="/incidents/INC-2/")
        (first,), (second,) = one.events(1), two.events(1)
    assert (first["topic"], first["kind"], first["data"]) == ("incident:1", "changed", {"version": 7})
    assert (second["topic"], second["kind"], second["data"]["text"]) == ("incident:2", "ring", "約束")
    assert first["now"].endswith("+00:00")


def test_signed_out_gets_401_and_a_foreign_topic_403(house):
    house.may = lambda headers, topics: None
    with closing(Stream(house.port, "topics=now")) as stream:
        assert stream.status == 401
    house.may = lambda headers, topics: set(topics) - {"incident:9"}
    with closing(Stream(house.port, "topics=incident:9")) as stream:
        assert stream.status == 403
    with closing(Stream(house.port, "topics=")) as stream:
        assert stream.status == 403
    with closing(opened(house, "topics=incident:9,now")) as stream:
        actions.publish("incident:9", now=real_now())
        actions.publish("now", now=real_now())
        assert [event["topic"] for event in stream.events(1)] == ["now"]


def test_headers_reach_the_one_who_decides(house):
    house.may = lambda headers, topics: set(topics) if (b"cookie", b"tomei_session=abc") in headers else None
    with closing(opened(house, headers="Cookie: tomei_session=abc\r\n")) as stream:
        assert stream.status == 200


def test_what_was_missed_is_replayed_and_nothing_twice(house):
    with closing(opened(house)) as stream:
        actions.publish("now", now=real_now(), n=1)
        seen = stream.until("id: ").removeprefix("id: ")
        seen = stream.until("id: ").removeprefix("id: ")
    for n in (2, 3):
        actions.publish("now", now=real_now(), n=n)
    actions.publish("other", now=real_now(), n=4)
    for query, headers in (("topics=now", f"Last-Event-ID: {seen}\r\n"), (f"topics=now&after={seen}", "")):
        with closing(opened(house, query, headers)) as stream:
            assert [event["data"]["n"] for event in stream.events(2)] == [2, 3]
    with closing(opened(house, "topics=now", f"Last-Event-ID: {seen}\r\n")) as stream:
        stream.events(2)
        actions.publish("now", now=real_now(), n=5)
        assert [event["data"]["n"] for event in stream.events(1)] == [5]


def test_a_reader_who_was_away_too_long_is_told_to_load_anew(house, monkeypatch):
    with closing(opened(house, "topics=now&after=0-999999")) as stream:
        assert stream.until("event: ") == "event: gone"
    actions.publish("now", now=real_now())
    row = LiveEvent.objects.get()
    monkeypatch.setattr(door, "REPLAY", 2)
    for _ in range(3):
        actions.publish("now", now=real_now() + timedelta(seconds=1))
    with closing(opened(house, f"topics=now&after={row.xid}-{row.pk}")) as stream:
        assert stream.until("event: ") == "event: gone"


def test_a_heartbeat_keeps_the_line_open(house, monkeypatch):
    monkeypatch.setattr(door, "HEARTBEAT_S", 0.1)
    with closing(opened(house)) as stream:
        assert stream.until(":") == ": still here"


def test_the_right_to_listen_is_asked_again_and_at_once_at_sign_out(house, monkeypatch):
    with closing(opened(house, "topics=now,person:1")) as stream:
        house.may = lambda headers, topics: None
        actions.publish("person:1", "recheck", now=real_now())
        assert [event["kind"] for event in stream.events(2)] == ["recheck"]  # and then the end
    house.may = lambda headers, topics: set(topics)
    monkeypatch.setattr(door, "RECHECK_S", 0.2)
    with closing(opened(house, "topics=now,incident:1")) as stream:
        house.may = lambda headers, topics: set(topics) - {"incident:1"}
        time.sleep(0.5)
        actions.publish("incident:1", now=real_now())
        actions.publish("now", now=real_now())
        assert [event["topic"] for event in stream.events(1)] == ["now"]
        house.may = lambda headers, topics: None
        assert stream.events(1) == []


def test_a_slow_reader_is_dropped_and_costs_the_others_nothing(house, monkeypatch, wait_until):
    monkeypatch.setattr(bus, "QUEUE", 5)
    monkeypatch.setattr(door, "SEND_S", 0.3)
    with closing(opened(house)) as slow, closing(opened(house)) as quick:
        for n in range(40):
            actions.publish("now", now=real_now(), n=n, text="x" * 200_000)
            assert quick.events(1)[0]["data"]["n"] == n
        wait_until(lambda: house.bus.streams == 1)
        assert slow.status == 200


def test_who_leaves_is_forgotten(house, wait_until):
    opened(house).close()
    wait_until(lambda: house.bus.streams == 0)


def test_a_function_of_the_process_hears_its_topic(house, wait_until):
    heard = []
    house.bus.on("status", heard.append)
    actions.publish("now", now=real_now())
    actions.publish("status", now=real_now(), n=1)
    wait_until(lambda: heard)
    assert [entry.topic for entry in heard] == ["status"]


def test_many_streams_hear_one_event(house):
    streams = [opened(house) for _ in range(60)]
    try:
        actions.publish("now", now=real_now(), n=1)
        assert [stream.events(1)[0]["data"]["n"] for stream in streams] == [1] * 60
    finally:
        for stream in streams:
            stream.close()
