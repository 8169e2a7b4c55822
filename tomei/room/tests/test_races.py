"""Two at once with one link, one code, one last place: the database decides, on a file and on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections

from tests.people import NOW, standing
from tomei.accounts import doors
from tomei.kernel.errors import Refused
from tomei.room import actions, rules
from tomei.room.models import Device, SignIn
from tomei.room.tests import world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.wired]
ADDRESS = "quokka@customer.test"


@pytest.fixture
def rooms(house: Any) -> Iterator[world.Rooms]:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():  # type: ignore[attr-defined]
        pytest.skip("an in-memory database has one connection; the race is run on PostgreSQL and on a file")
    yield world.build(doors.actor(standing("lead")))


def together(*works: Callable[[], object]) -> list[str]:
    """Run each in a thread of its own; gives `done` or the code of the refusal, sorted."""
    came: list[str] = []
    barrier = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        barrier.wait(timeout=20)
        try:
            work()
            came.append("done")
        except Refused as error:
            came.append(error.code)
        except Exception as error:
            came.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(came)


def ask(address: str = ADDRESS) -> tuple[str, SignIn]:
    browser = actions.ask(address, next="", keep=True, language="en", network="192.0.2.1", now=NOW)
    return browser, SignIn.objects.latest("pk")


def test_one_token_used_twice_at_once_opens_one_device(rooms: world.Rooms) -> None:
    for _ in range(4):
        browser, row = ask()
        token, code = world.mailed(row)
        came = together(
            partial(actions.open_link, token, browser=browser, name="a", now=NOW),
            partial(actions.open_code, code, browser=browser, name="b", now=NOW),
            partial(actions.open_link, token, browser=browser, name="c", now=NOW),
        )
        assert came.count("done") == 1 and set(came) <= {"done", "room.link_dead", "room.code_dead"}
    assert Device.objects.count() == 4


def test_tries_from_many_connections_are_five_together(rooms: world.Rooms) -> None:
    browser, row = ask()
    wrong = f"{(int(world.mailed(row)[1]) + 1) % 1_000_000:06d}"
    came = together(*[lambda: actions.open_code(wrong, browser=browser, name="", now=NOW)] * 8)
    assert SignIn.objects.get(pk=row.pk).tries == rules.TRIES
    assert set(came) <= {"room.code_wrong", "room.code_dead"} and came.count("room.code_wrong") <= 4
    with pytest.raises(Refused, match="code_dead"):
        actions.open_code(world.mailed(row)[1], browser=browser, name="", now=NOW)


def test_the_last_places_of_an_address_are_given_once(rooms: world.Rooms) -> None:
    came = together(*[ask] * 8)
    assert came == ["done"] * rules.PER_ADDRESS + ["room.address_busy"] * (8 - rules.PER_ADDRESS)
    assert SignIn.objects.count() == rules.PER_ADDRESS
