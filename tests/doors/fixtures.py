"""The house behind every door, as a fixture. Test modules name this file in `pytest_plugins`.

It is built once for each module, in a transaction that is undone at its end; what a test changes is undone before the
next one. A module that uses it therefore asks for the database in no other way.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests import people
from tests.doors import walk, world
from tests.people import person
from tomei.kernel import time


def _build() -> world.World:
    """Everything is there and everybody stands before it."""
    people.make_house()
    made = world.build(
        {
            **{name: people.standing(name) for name in ("lead", "colleague", "watcher", "admin", "outsider")},
            "master": person("主", "master@tomei.test", "commander", is_administrator=True, zone="Europe/Berlin"),
        }
    )
    made.visitors = {name: walk.visitor(name, made) for name in (*walk.STANDINGS, "master", *made.tokens)}
    made.rows = walk.snapshot()
    return made


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: Any) -> Iterator[world.World]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(time, "now", lambda: world.LATER)
        around = transaction.atomic()
        around._from_testcase = True  # type: ignore[attr-defined] # as Django's own around a class of tests
        with around:
            made = _build()
            patched.undo()
            with django_db_blocker.block():
                yield made
            transaction.set_rollback(True)


@pytest.fixture
def doors(_built: world.World, db: None, monkeypatch: Any) -> world.World:
    """The house as it was built, five minutes later."""
    monkeypatch.setattr(time, "now", lambda: world.LATER)
    return copy.deepcopy(_built)
