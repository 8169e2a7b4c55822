"""The serving process is killed under load: what was answered 200 is there, what was repeated counts once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time as clock

import pytest

from tests.crash.house import ROOT, environment
from tests.people import NOW
from tomei.clock.tests.conftest import shared_db  # noqa: F401 - a fixture
from tomei.customers import actions as customers
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text
from tomei.signals import actions
from tomei.signals.models import Group, Received, Signal
from tomei.signals.tests.bodies import alert, alertmanager
from tomei.site.tests.serving import ask

pytestmark = [pytest.mark.crash, pytest.mark.usefixtures("shared_db")]
SEED = int(os.environ.get("TOMEI_CRASH_SEED", "20261118"))
SENDERS, KILLS, MOST_S = 8, 3, 120
MASTER = Actor("user", 1, "Master", rights=frozenset({"house.configure"}))


class Serving:
    """A serving process."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.crash.serving"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True)

    def ready(self) -> int:
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)
        assert self.process.stdout is not None
        self.process.stdout.close()


class Senders:
    """Each posts one alert after the other and repeats what was not answered, as Alertmanager does."""

    def __init__(self, key: str) -> None:
        self._key = key
        self.port, self.stopping = 0, threading.Event()
        self.answered: dict[str, dict[str, int]] = {}
        self.repeats = 0
        self._threads = [threading.Thread(target=self._send, args=(number,)) for number in range(SENDERS)]
        for one in self._threads:
            one.start()

    def _send(self, number: int) -> None:
        turn = 0
        while not self.stopping.is_set():
            name = f"g{number}-{turn}"
            self._until_answered(name)
            turn += 1

    def _until_answered(self, name: str) -> None:
        body = alertmanager(alert(name, labels={"severity": "warning"}), key=name)
        head = f"POST /in/alertmanager/{self._key} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        end = clock.monotonic() + MOST_S
        while clock.monotonic() < end:
            try:
                status, _headers, told = ask(self.port, head.encode() + body)
            except (OSError, IndexError):  # refused, reset, or ended before the first line
                self.repeats += 1
                clock.sleep(0.05)
                continue
            assert status == 200, told
            self.answered[name] = json.loads(told)
            return

    def stop(self) -> None:
        self.stopping.set()
        for one in self._threads:
            one.join(MOST_S)
            assert not one.is_alive()


def test_kill_9_under_load_loses_nothing_that_was_answered(shared_db):  # noqa: F811 - the fixture
    customers.found(Text("自社", "Ours"), zone="Asia/Tokyo", language="ja", now=NOW)
    _source, key = actions.add_source("alertmanager", "本番", by=MASTER, now=NOW)
    chance, serving = random.Random(SEED), Serving()
    port, senders = serving.ready(), Senders(key)
    try:
        for _turn in range(KILLS):
            senders.port, before = port, len(senders.answered)
            end = clock.monotonic() + MOST_S
            while len(senders.answered) < before + 50 and clock.monotonic() < end:
                clock.sleep(0.01)
            clock.sleep(chance.uniform(0.0, 0.3))
            serving.kill()
            serving = Serving()
            port = serving.ready()
        senders.port = port
    finally:
        senders.stop()
        serving.kill()
    assert len(senders.answered) >= 50 * KILLS
    assert senders.repeats > 0
    kept = dict(Group.objects.values_list("key", "events"))
    assert kept == dict.fromkeys(senders.answered, 1)
    assert Signal.objects.count() == len(kept)
    received = set(Received.objects.values_list("pk", flat=True))
    assert {told["received"] for told in senders.answered.values()} <= received
