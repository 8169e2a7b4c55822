"""What our own endpoints hear, and what never leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.people import NOW
from tomei.cases import actions as cases
from tomei.clock.handlers import JobFacts
from tomei.comms import actions as updates
from tomei.comms.tests.factories import MINUTE, rows, update, world
from tomei.delivery.endpoints import actions, rules
from tomei.delivery.endpoints.actions import EndpointIn
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text
from tomei.promises import steps

pytestmark = pytest.mark.django_db
MASTER = Actor("user", 1, "Master", rights=frozenset({"house.configure"}))


def listen(kind: str = "webhook", *events: str, drills: bool = False) -> int:
    given = EndpointIn(url="https://ours.example.com/in", events=events or rules.EVENTS, drills=drills, language="en")
    return actions.add("house", kind, given, by=MASTER, now=NOW)[0].id


def sent(number: int) -> list[Any]:
    return list(rows("delivery", "Message").filter(endpoint_id=number).order_by("pk"))


def test_an_incident_is_told_from_its_declaration_to_its_restoration(house: Any, lead: Any, by_lead: Actor) -> None:
    number = listen()
    here = world(by_lead, owner=lead)
    cases.restore(here.incident.id, proof="orders flow", by=by_lead, now=NOW + MINUTE)
    told = [
        (one.data["type"], one.data["data"].get("change")) for one in sent(number) if "case" not in one.data["type"]
    ]
    assert told == [
        ("incident.declared", {}),
        ("incident.moved", {"old": "investigating", "new": "restored"}),
        ("incident.restored", {"old": "investigating"}),
    ]
    said = sent(number)[0].data
    assert said["data"]["incident"]["key"] == here.incident.key
    assert said["data"]["incident"]["component_ids"] == [here.component.pk]
    assert (said["version"], said["timestamp"]) == (1, NOW.isoformat())


def test_an_update_goes_to_a_chat_as_a_note_and_to_a_program_as_a_payload(
    house: Any, lead: Any, by_lead: Actor
) -> None:
    program, chat = listen("webhook", "update.published"), listen("slack", "update.published")
    here = world(by_lead, owner=lead)
    updates.publish(
        here.incident.id, update(NOW + MINUTE, audiences=("affected", "internal")), by=by_lead, now=NOW + MINUTE,
        confirmed=True,
    )  # fmt: skip
    payload = sent(program)[0]
    assert payload.data["data"]["update"]["parts"]["effect"]["en"] == "60 % of shipments fail."
    assert payload.about == f"endpoint:{program}"
    note = sent(chat)[0]
    assert "60 % of shipments fail." in note.data["text"] and "JST" in note.data["text"]
    assert note.about.startswith("update:") and note.organisation_id is None


def test_nothing_restricted_leaves_and_no_drill_unless_asked(house: Any, lead: Any, by_lead: Actor) -> None:
    plain, wants = listen(), listen("webhook", drills=True)
    world(by_lead, owner=lead, drill=True)
    assert [one.data["data"]["incident"]["drill"] for one in sent(wants) if "case" not in one.data["type"]] == [True]
    assert sent(plain) == []
    rows("delivery", "Message").all().delete()
    here = rows("customers", "Component").get()
    cases.declare(
        title=Text("秘", "Secret"), severity="SEV2", component_ids=[here.pk], restricted=True, by=by_lead, now=NOW
    )
    assert sent(plain) == sent(wants) == []


def test_a_promise_that_runs_over_is_told_once(house: Any, lead: Any, by_lead: Actor) -> None:
    number = listen("webhook", "promise.overdue")
    world(by_lead, owner=lead)
    late = NOW + timedelta(hours=1)
    jobs = [
        JobFacts(row.pk, row.kind, row.key, row.rank, row.due_at, row.payload, 0, 0)
        for row in rows("clock", "Job").filter(kind="promise.step").order_by("pk")
    ]
    steps.run(jobs, late)
    found = sent(number)
    assert found and {one.data["type"] for one in found} == {"promise.overdue"}
    promises = [one.data["data"]["promise"]["promise_id"] for one in found]
    assert len(promises) == len(set(promises))


def test_one_that_is_off_costs_nothing_and_hears_nothing(house: Any, lead: Any, by_lead: Actor) -> None:
    number = listen()
    actions.switch(number, False, uses=("house",), by=MASTER, now=NOW)
    world(by_lead, owner=lead)
    assert sent(number) == []
