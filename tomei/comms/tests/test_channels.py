"""Channels of a contract: beside or instead of mail, reached by the first acceptance, mail when they fail."""

from __future__ import annotations

from typing import Any

import pytest

from tests.people import NOW, signed_in
from tomei.comms import actions as updates
from tomei.comms.channels import fallback
from tomei.comms.reach import reached
from tomei.comms.tests.factories import MINUTE, rows, update, world
from tomei.delivery.endpoints import actions, health, rules
from tomei.delivery.endpoints.actions import EndpointIn
from tomei.kernel import events, time
from tomei.kernel.actor import Actor
from tomei.kernel.events import Event

pytestmark = pytest.mark.django_db
URL = "https://theirs.example.com/in"


@pytest.fixture
def here(house: Any, lead: Any, by_lead: Actor, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(time, "now", lambda: NOW)
    table = {"message.failed": [fallback.given_up], "message.accepted": [reached]}
    table |= {name: [fallback.failing] for name in ("endpoint.failing", "endpoint.stopped")}
    made = world(by_lead, owner=lead)
    monkeypatch.setattr(events, "_with", table)
    return made


def add(owner: Any, by: Actor, kind: str = "webhook", *, use: str = "organisation", **given: Any) -> int:
    return actions.add(use, kind, EndpointIn(url=URL, **given), owner_id=owner.pk, by=by, now=NOW)[0].id


def publish(here: Any, by: Actor, **given: Any) -> Any:
    now = NOW + MINUTE
    return updates.publish(here.incident.id, update(now, **given), by=by, now=now, confirmed=True)


def sent(**given: Any) -> list[Any]:
    return list(rows("delivery", "Message").filter(purpose="update", **given).order_by("pk"))


def test_a_channel_stands_beside_mail_and_reads_in_its_language(here: Any, by_lead: Actor) -> None:
    number = add(here.towa, by_lead, "slack", language="en")
    told = publish(here, by_lead)
    post = sent(endpoint_id=number)
    assert len(post) == 1 and len(sent(channel="mail", organisation_id=here.towa.pk)) == 3
    assert (post[0].about, post[0].organisation_id) == (f"update:{told.id}", here.towa.pk)
    assert "60 % of shipments fail." in post[0].data["text"] and post[0].data["links"] == []
    assert rows("comms", "Reach").get(update=told.id, organisation=here.towa.pk).messages == 4


def test_instead_of_mail_it_is_alone_but_executives_keep_theirs(here: Any, by_lead: Actor) -> None:
    add(here.towa, by_lead, mail_too=False)
    publish(here, by_lead, audiences=("affected", "executives"))
    assert [one.address for one in sent(channel="mail", organisation_id=here.towa.pk)] == ["ceo@towa.test"]


def test_a_contacts_own_channel_replaces_their_own_mail_alone(here: Any, by_lead: Actor) -> None:
    owner = rows("customers", "Contact").get(mail="it@towa.test")
    number = add(owner, by_lead, use="contact", mail_too=False)
    publish(here, by_lead)
    assert sorted(one.address for one in sent(channel="mail", organisation_id=here.towa.pk)) == [
        "ceo@towa.test", "ops@towa.test",
    ]  # fmt: skip
    assert len(sent(endpoint_id=number)) == 1


def test_an_organisation_without_a_contact_is_reached_by_its_channel(here: Any, by_lead: Actor) -> None:
    number = add(here.aoba, by_lead)
    told = publish(here, by_lead)
    facts = {"about": f"update:{told.id}", "organisation_id": here.aoba.pk}
    at = NOW + 2 * MINUTE
    reached(Event("message.accepted", at, facts))
    assert rows("comms", "Reach").get(update=told.id, organisation=here.aoba.pk).reached_at == at
    reached(Event("message.accepted", at + MINUTE, facts))
    assert rows("comms", "Reach").get(update=told.id, organisation=here.aoba.pk).reached_at == at
    assert len(sent(endpoint_id=number)) == 1


def test_one_that_fails_again_and_again_falls_back_to_mail_once(here: Any, by_lead: Actor) -> None:

    number = add(here.towa, by_lead, mail_too=False)
    told = publish(here, by_lead)
    assert sent(channel="mail", organisation_id=here.towa.pk) == []
    for minute in range(rules.REPEATED + 1):
        health.failed(number, "500", gone=False, now=NOW + minute * MINUTE)
    mails = sent(channel="mail", organisation_id=here.towa.pk)
    assert sorted(one.address for one in mails) == ["ceo@towa.test", "it@towa.test", "ops@towa.test"]
    assert {one.about for one in mails} == {f"update:{told.id}"}
    now = NOW + 20 * MINUTE
    updates.publish(here.incident.id, update(now), by=by_lead, now=now, confirmed=True)
    assert len(sent(channel="mail", organisation_id=here.towa.pk)) == 6  # while it fails, mail goes at once


def test_a_message_that_is_given_up_goes_by_mail(here: Any, by_lead: Actor) -> None:
    number = add(here.towa, by_lead, mail_too=False)
    told = publish(here, by_lead)
    facts = {"endpoint_id": number, "purpose": "update", "about": f"update:{told.id}", "organisation_id": here.towa.pk}
    for _time in range(2):
        fallback.given_up(Event("message.failed", NOW + 5 * MINUTE, facts))
    assert len(sent(channel="mail", organisation_id=here.towa.pk)) == 3


def test_nothing_of_a_drill_or_of_what_is_restricted_is_posted(
    house: Any, lead: Any, by_lead: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "now", lambda: NOW)
    made = world(by_lead, owner=lead, restricted=True)
    number = add(made.towa, by_lead, mail_too=False)
    publish(made, by_lead)
    assert sent(endpoint_id=number) == [] and len(sent(channel="mail", organisation_id=made.towa.pk)) == 3


def test_the_page_and_the_api_keep_to_their_own_organisation(here: Any, lead: Any, by_lead: Actor) -> None:
    client = signed_in(lead)
    base = f"/customers/{here.towa.pk}/channels/"
    place = client.post(base, {"kind": "webhook", "url": URL, "name": "Ours", "mail_too": "1"})["Location"]
    assert place.startswith(base) and "whsec_" in client.get(place).content.decode()
    number = int(place.rstrip("/").rpartition("/")[2])
    assert client.get(f"/customers/{here.aoba.pk}/channels/{number}/").status_code == 404
    assert client.post(f"/customers/{here.aoba.pk}/channels/{number}/remove/").status_code == 404
    api = f"/api/v1/organisations/{here.aoba.pk}/channels/{number}"
    assert client.delete(api).status_code == 404
    stranger = rows("customers", "Contact").get(mail="it@towa.test")
    bad = client.post(f"/customers/{here.aoba.pk}/channels/", {"kind": "slack", "url": URL, "whose": str(stranger.pk)})
    assert bad.status_code == 422 and rows("delivery", "Endpoint").count() == 1
    body = {"kind": "teams", "url": URL, "mail_too": False, "contact_id": stranger.pk}
    made = client.post(f"/api/v1/organisations/{here.towa.pk}/channels", body, content_type="application/json").json()
    assert (made["channel"]["use"], made["channel"]["mail_too"], made["secret"]) == ("contact", False, "")
    listed = client.get(f"/api/v1/organisations/{here.towa.pk}/channels").json()
    assert [one["kind"] for one in listed] == ["webhook", "teams"]
