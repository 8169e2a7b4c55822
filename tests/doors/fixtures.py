"""The house behind every door, as a fixture. Test modules name this file in `pytest_plugins`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doors import walk, world
from tests.people import person
from tomei.accounts.models import User
from tomei.kernel import time


@pytest.fixture
def doors(
    house: Any, lead: User, colleague: User, watcher: User, admin: User, outsider: User, monkeypatch: Any
) -> world.World:
    """Everything is there, everybody stands before it, and it is five minutes later."""
    monkeypatch.setattr(time, "now", lambda: world.LATER)
    people = {"lead": lead, "colleague": colleague, "watcher": watcher, "admin": admin, "outsider": outsider}
    people["master"] = person("主", "master@tomei.test", "commander", is_administrator=True, zone="Europe/Berlin")
    made = world.build(people)
    made.visitors = {name: walk.visitor(name, made) for name in (*walk.STANDINGS, "master", *made.tokens)}
    made.rows = walk.snapshot()
    return made
