"""kill -9 while messages leave: every one arrives at least once, with one Message-ID, and is settled exactly once."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter

import pytest

from tomei.delivery.tests.servers import smtp_server

pytestmark = pytest.mark.crash
MESSAGES, KILLS, PATIENCE_S = 300, 4, 120


def start(folder, port, *arguments):
    environment = os.environ | {
        "TOMEI_DATA": str(folder),
        "DATABASE_URL": "",
        "TOMEI_SYNCHRONOUS": "FULL",
        "TOMEI_MAIL_URL": f"smtp://127.0.0.1:{port}/?from=a@example.com",
    }
    command = [sys.executable, "-m", "tomei.delivery.tests.worker", *arguments]
    return subprocess.Popen(command, env=environment)


def sent(folder):
    with sqlite3.connect(folder / "tomei.sqlite3", timeout=10) as database:
        return dict(database.execute("SELECT state, count(*) FROM delivery_message GROUP BY state").fetchall())


def wait_for(what, process):
    end = time.monotonic() + PATIENCE_S
    while not what():
        assert process.poll() is None, "the worker died by itself"
        assert time.monotonic() < end, "nothing more was sent"
        time.sleep(0.05)


def test_killed_at_random_points_nothing_is_forgotten(tmp_path):
    with smtp_server() as (box, port):
        assert start(tmp_path, port, "queue", str(MESSAGES)).wait(60) == 0
        for step in range(1, KILLS + 1):
            process = start(tmp_path, port, "send")
            goal = step * MESSAGES // (KILLS + 2)
            wait_for(lambda goal=goal: len(box.mails) >= goal, process)
            time.sleep(random.uniform(0, 0.02))
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        process = start(tmp_path, port, "send")
        wait_for(lambda: sent(tmp_path) == {"sent": MESSAGES}, process)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    arrived = Counter(str(mail["Message-ID"]) for mail in box.mails)
    assert len(arrived) == MESSAGES
    assert len(box.mails) - MESSAGES <= KILLS * 8  # twice only what was on its way when the process died
    with sqlite3.connect(tmp_path / "tomei.sqlite3") as database:
        kept = {row[0] for row in database.execute("SELECT message_id FROM delivery_message")}
        left = database.execute("SELECT count(*) FROM clock_job WHERE kind = 'delivery.send'").fetchone()[0]
    assert (kept, left) == (set(arrived), 0)
