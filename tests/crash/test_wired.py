"""Real promises and real mail together, bounded; the long run is `bench/crash.py --promises 2000`."""

from __future__ import annotations

import os
import random
import subprocess
import sys

import pytest
from django.db import connection

from tests.crash import cluster, house, proof, wired
from tomei.clock.tests.conftest import shared_db  # noqa: F401 - a fixture

pytestmark = [pytest.mark.crash, pytest.mark.mail]
SEED = os.environ.get("TOMEI_CRASH_SEED", "20261118")


@pytest.mark.usefixtures("shared_db")
def test_promises_and_mail_survive_kills_a_dead_mail_server_and_a_jump(tmp_path):
    clocks = 2 if connection.vendor == "postgresql" else 1
    plan = wired.Plan(promises=80, kills=3, over_s=8, clocks=clocks, disturb=house.end_backends)
    with wired.world() as world:
        filled = wired.fill(world, plan)
        until = wired.live_through(world, filled, plan, tmp_path, random.Random(int(SEED)))
        counted = proof.check(world, filled, until)
    assert len(filled.ours) == 80
    assert counted.messages > 200


@pytest.mark.skipif(connection.vendor != "postgresql", reason="runs with the tests on PostgreSQL")
@pytest.mark.skipif(cluster.binaries() is None, reason="initdb of PostgreSQL is not installed")
def test_a_restart_of_postgresql_itself_loses_nothing():
    """In a process of its own: a cluster in a temporary folder, stopped without a goodbye before each kill."""
    command = [sys.executable, "bench/crash.py", "--own-cluster", "--promises", "40", "--kills", "2", "--clocks", "2"]
    done = subprocess.run(
        [*command, "--seed", SEED], cwd=house.ROOT, env=house.environment() | {"BENCH_SYNCDB": "1"},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert "promises with" in done.stdout
