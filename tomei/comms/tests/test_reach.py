"""Reached: the first acceptance by a channel, per organisation, and for the promises that the update kept."""

from __future__ import annotations

from typing import Any

import pytest

from tests.people import NOW
from tomei.comms import actions, queries
from tomei.comms.reach import reached
from tomei.comms.tests.factories import MINUTE, update, world
from tomei.kernel.actor import Actor
from tomei.kernel.events import Event
from tomei.promises import queries as promises

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(house: Any, lead: Any, by_lead: Actor) -> Any:
    return world(by_lead, owner=lead)


def accepted(about: str, organisation_id: int | None, minutes: int) -> None:
    facts = {"message_id": 1, "purpose": "update", "about": about, "organisation_id": organisation_id}
    reached(Event("message.accepted", NOW + minutes * MINUTE, facts))


def kept(here: Any) -> dict[str, Any]:
    return {one.kind: one.reached_at for one in promises.of_incident(here.incident.id) if one.state == "kept"}


def test_the_first_acceptance_counts(here: Any, by_lead: Actor) -> None:
    told = actions.publish(here.incident.id, update(), by=by_lead, now=NOW, confirmed=True)
    assert kept(here)["first_notice"] is None
    accepted(f"update:{told.id}", here.towa.pk, 1)
    accepted(f"update:{told.id}", here.towa.pk, 2)
    rows = {one.organisation_id: one.reached_at for one in queries.reach_of([told.id])[told.id]}
    assert rows == {here.towa.pk: NOW + MINUTE, here.aoba.pk: None}
    assert kept(here)["first_notice"] == NOW + MINUTE


def test_a_mail_to_our_own_people_reaches_no_customer(here: Any, by_lead: Actor) -> None:
    told = actions.publish(here.incident.id, update(), by=by_lead, now=NOW, confirmed=True)
    accepted(f"update:{told.id}", None, 1)
    assert kept(here)["first_notice"] is None


def test_the_page_takes_it_in_the_same_transaction(here: Any, by_lead: Actor) -> None:
    actions.publish(here.incident.id, update(audiences=("public",)), by=by_lead, now=NOW, confirmed=True)
    at = NOW + MINUTE
    actions.publish(here.incident.id, update(at, audiences=("public",)), by=by_lead, now=at)
    assert kept(here)["next_update"] == at


def test_what_is_about_something_else_is_left_alone(here: Any) -> None:
    for about in ("", "page:1", "update:", "update:x", "update:999"):
        accepted(about, here.towa.pk, 1)
