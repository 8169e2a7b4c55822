"""A first notice by itself, and kill -9 at the worst moments: exactly once."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from tests.crash import house
from tests.people import make_house, person
from tomei.accounts import doors
from tomei.clock.tests.conftest import shared_db  # noqa: F401 - a fixture
from tomei.comms import queries
from tomei.comms.beforehand import actions as firsts
from tomei.comms.beforehand import queries as waiting
from tomei.comms.tests.beforehand import TEXT, switch_on
from tomei.comms.tests.factories import world
from tomei.kernel import time

pytestmark = [pytest.mark.crash, pytest.mark.usefixtures("shared_db")]


def _worker(where: str) -> int:
    command = [sys.executable, "-m", "tests.crash.first_worker", where]
    return subprocess.run(command, cwd=house.ROOT, env=house.environment(), timeout=60, check=False).returncode


def _waits() -> Any:
    """An incident of four minutes ago whose first notice is due."""
    make_house()
    lead = person("佐藤 明", "lead@crash.test", "commander")
    second = doors.actor(person("伊藤 遥", "second@crash.test", "commander"))
    now = time.now()
    firsts.save_text(TEXT, seen=0, by=second, now=now)
    firsts.approve_text("first", seen=1, by=doors.actor(lead), now=now)
    switch_on()
    return world(doors.actor(lead), owner=lead, now=now - timedelta(seconds=250))


@pytest.mark.parametrize("where", ["before", "within", "after"])
def test_killed_around_the_sending_it_goes_exactly_once(where: str) -> None:
    here = _waits()
    assert _worker(where) == -9
    assert len(queries.of_incident(here.incident.id)) == (1 if where == "after" else 0)
    apps.get_model("clock", "Job").objects.filter(kind=firsts.SEND).update(lease_until=time.now())
    assert _worker("never") == 0
    [told] = queries.of_incident(here.incident.id)
    assert told.automatic
    found = waiting.of_incident(here.incident.id)
    assert found is not None
    assert (found.state, found.update_id) == ("sent", told.id)
    kept = apps.get_model("promises", "Promise").objects.filter(incident=here.incident.id, kind="first_notice")
    assert [(one.state, one.automatic) for one in kept] == [("kept", True)]
    entries = apps.get_model("cases", "Entry").objects.filter(incident=here.incident.id, code="update.published")
    assert entries.count() == 1
