"""A person and the clock in the same second, and an edit beside an approval: real threads, real transactions."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connections

from tests.people import NOW, make_house, person
from tomei.accounts import doors
from tomei.clock.tests.conftest import shared_db  # noqa: F401 - a fixture
from tomei.comms import actions, queries, reviews, rules
from tomei.comms.beforehand import actions as firsts
from tomei.comms.beforehand import queries as waiting
from tomei.comms.tests.beforehand import DUE, TEXT, switch_on, tick
from tomei.comms.tests.factories import MINUTE, rows, update, world
from tomei.kernel.errors import Refused, Stale
from tomei.kernel.text import Text

pytestmark = pytest.mark.usefixtures("shared_db")


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run all in threads that start together; what each returned or raised."""
    start = threading.Barrier(len(acts))
    found: list[Any] = [None] * len(acts)

    def run(place: int) -> None:
        start.wait(20)
        try:
            found[place] = acts[place]()
        except Exception as error:
            found[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return found


def two() -> tuple[Any, Any, Any]:
    make_house()
    lead = person("佐藤 明", "lead@race.test", "commander")
    return lead, doors.actor(lead), doors.actor(person("伊藤 遥", "second@race.test", "commander"))


@pytest.mark.parametrize("round_", range(6))
def test_a_person_and_the_clock_in_the_same_second_are_one_first_notice(round_: int) -> None:
    lead, by_lead, by_second = two()
    firsts.save_text(TEXT, seen=0, by=by_second, now=NOW)
    firsts.approve_text("first", seen=1, by=by_lead, now=NOW)
    switch_on()
    here = world(by_lead, owner=lead)
    said, ticked, again = at_once(
        lambda: actions.publish(here.incident.id, update(DUE), by=by_lead, now=DUE, confirmed=True),
        lambda: tick(DUE),
        lambda: tick(DUE),
    )
    assert not isinstance(said, Exception), said
    assert (ticked, again) == (None, None)
    told = sorted(queries.of_incident(here.incident.id), key=lambda one: one.number)
    found = waiting.of_incident(here.incident.id)
    assert found is not None
    alone = [one for one in told if one.automatic]
    assert (len(alone), found.state) in ((0, "spoken"), (1, "sent"))
    first = rows("promises", "Promise").get(incident=here.incident.id, kind="first_notice")
    assert (first.state, first.act, first.automatic) == ("kept", f"update:{told[0].id}", bool(alone))
    assert [one.number for one in told] == list(range(1, len(told) + 1))
    assert not alone or alone[0].number == 1
    assert rows("promises", "Promise").filter(incident=here.incident.id, kind="scope_notice").count() == 1


@pytest.mark.parametrize("round_", range(4))
def test_held_back_while_it_goes_is_one_or_the_other(round_: int) -> None:
    lead, by_lead, by_second = two()
    firsts.save_text(TEXT, seen=0, by=by_second, now=NOW)
    firsts.approve_text("first", seen=1, by=by_lead, now=NOW)
    switch_on()
    here = world(by_lead, owner=lead)
    held, _ = at_once(
        lambda: firsts.hold_back(here.incident.id, "on the telephone", by=by_lead, now=DUE), lambda: tick(DUE)
    )
    sent = len(queries.of_incident(here.incident.id))
    found = waiting.of_incident(here.incident.id)
    assert found is not None
    assert (found.state, sent, isinstance(held, Refused)) in (("held", 0, False), ("sent", 1, True))


@pytest.mark.parametrize("round_", range(4))
def test_an_edited_text_is_never_the_approved_one(round_: int) -> None:
    _lead, by_lead, by_second = two()
    firsts.save_text(TEXT, seen=0, by=by_second, now=NOW)
    edited = replace(TEXT, name=Text("初報", "First"))
    approved, saved = at_once(
        lambda: firsts.approve_text("first", seen=1, by=by_lead, now=NOW),
        lambda: firsts.save_text(edited, seen=1, by=by_second, now=NOW),
    )
    assert saved.version == 2
    assert not isinstance(approved, Exception) or isinstance(approved, Stale)
    assert not waiting.one("first").may_go


@pytest.mark.parametrize("round_", range(6))
def test_a_draft_edited_while_it_is_approved_goes_out_under_no_approval_of_other_words(round_: int) -> None:
    lead, by_lead, by_second = two()
    here = world(by_lead, owner=lead)
    data = {"effect.ja": "出荷の6割が失敗しています。", "effect.en": "60 % of shipments fail.", "to": ["affected"]}
    other = {**data, "effect.en": "61 % of shipments fail."}
    draft = actions.save_draft(here.incident.id, data, by=by_lead, now=NOW)
    approved, saved = at_once(
        lambda: actions.approve(
            here.incident.id, draft.id, seen=draft.version, zone="Asia/Tokyo", by=by_second, now=NOW
        ),
        lambda: actions.save_draft(here.incident.id, other, seen=draft.version, by=by_lead, now=NOW + MINUTE),
    )
    assert not isinstance(saved, Exception), saved
    assert not isinstance(approved, Exception) or isinstance(approved, Stale)
    now = rules.version_of_draft(other, state="investigating", zone="Asia/Tokyo")
    before = rules.version_of_draft(data, state="investigating", zone="Asia/Tokyo")
    assert reviews.approved(here.incident.id, rules.digest(now)) is None
    assert (reviews.approved(here.incident.id, rules.digest(before)) is None) is isinstance(approved, Stale)
