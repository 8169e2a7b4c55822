"""Notices by every channel: of a contract beside or instead of mail, of subscribers, mail when a channel fails."""

from __future__ import annotations

from typing import Any

import pytest

from tests.people import NOW
from tomei.clock.handlers import JobFacts
from tomei.comms.channels import fallback
from tomei.comms.maintenance import actions, queries, sending
from tomei.comms.maintenance.tests.test_actions import GO_ON, HOUR, MINUTE, START, told
from tomei.comms.maintenance.tests.test_actions import part as part  # a fixture
from tomei.comms.subscribers import actions as subscriptions
from tomei.comms.tests.factories import rows
from tomei.comms.tests.test_subscriber_channels import ask
from tomei.delivery.endpoints import actions as endpoints
from tomei.delivery.endpoints.actions import EndpointIn
from tomei.kernel.actor import Actor
from tomei.kernel.events import Event

pytestmark = pytest.mark.django_db
URL = "https://theirs.example.com/in"


def add(use: str, kind: str, by: Actor, owner_id: int | None = None, **given: Any) -> int:
    return endpoints.add(use, kind, EndpointIn(url=URL, **given), owner_id=owner_id, by=by, now=NOW)[0].id


def towa() -> int:
    return int(rows("customers", "Organisation").get(name__en="Towa Logistics").pk)


def sent(**given: Any) -> list[Any]:
    return list(rows("delivery", "Message").filter(purpose="notice", **given).order_by("pk"))


def run_slices() -> None:
    jobs = rows("clock", "Job").filter(kind=sending.NOTIFY, state="waiting").order_by("pk")
    for row in list(jobs):
        job = JobFacts(row.pk, row.kind, row.key, row.rank, row.due_at, row.payload, 0, 1)
        sending.settle(job, sending.do(job), NOW)


def test_a_chat_of_the_contract_hears_every_turn(part: Any, by_lead: Actor) -> None:
    chat = add("organisation", "slack", by_lead, towa(), language="en")
    one = told(part, by_lead)
    actions.move(one.id, START + HOUR, START + 3 * HOUR, GO_ON, by=by_lead, now=NOW + MINUTE)
    actions.start(one.id, by=by_lead, now=START + HOUR)
    actions.complete(one.id, by=by_lead, now=START + 2 * HOUR)
    titles = [row.data["title"] for row in sent(endpoint_id=chat)]
    assert [title.partition(": ")[0] for title in titles] == [
        f"[{one.key}] {name}" for name in ("Maintenance scheduled", "Moved to another time", "Started", "Completed")
    ]
    first = sent(endpoint_id=chat)[0]
    assert "Shipping will stop." in first.data["text"] and "When: " in first.data["text"]
    assert (first.about.partition(":")[0], first.organisation_id) == ("notice", towa())
    assert len(sent(channel="mail", organisation_id=towa())) == 8


def test_a_webhook_gets_the_window_and_instead_of_mail_it_is_alone(part: Any, by_lead: Actor) -> None:
    hook = add("organisation", "webhook", by_lead, towa(), mail_too=False)
    one = told(part, by_lead, audiences=("affected",))
    [row] = sent()
    assert (row.endpoint_id, row.template) == (hook, "event")
    assert row.data["type"] == "maintenance.told"
    assert row.data["data"]["maintenance"] == {
        "key": one.key, "title": {"ja": "基盤の更新", "en": "Platform upgrade"}, "state": "scheduled",
        "components": [{"component_id": part.pk, "impact": "major"}], "starts_at": "2026-11-30T13:00:00+00:00",
        "ends_at": "2026-11-30T15:00:00+00:00", "url": "",
    }  # fmt: skip
    assert row.data["data"]["notice"]["kind"] == "scheduled"


def test_what_the_channel_could_not_deliver_goes_by_mail_once(part: Any, by_lead: Actor) -> None:
    add("organisation", "teams", by_lead, towa(), mail_too=False)
    told(part, by_lead)
    [post] = sent()
    failed = Event("message.failed", NOW, {
        "endpoint_id": post.endpoint_id, "purpose": "notice", "about": post.about, "organisation_id": towa(),
    })  # fmt: skip
    fallback.given_up(failed)
    fallback.given_up(failed)
    assert sorted(row.address for row in sent(channel="mail")) == ["it@towa.test", "ops@towa.test"]


def test_subscribers_hear_by_their_own_channel_and_no_mail_goes_to_a_webhook(part: Any, by_lead: Actor) -> None:
    numbers = {kind: subscriptions.confirm(ask(kind), now=NOW).endpoint_id for kind in ("webhook", "slack")}
    mail = "reader@public.test"
    rows("comms", "Subscriber").create(address=mail, lower=mail, language="ja", confirmed_at=NOW)
    told(part, by_lead, audiences=("public",))
    run_slices()
    assert [row.address for row in sent(channel="mail")] == ["reader@public.test"]
    [event], [note] = (sent(endpoint_id=numbers[kind]) for kind in ("webhook", "slack"))
    assert event.data["data"]["subscription"]["unsubscribe_url"].endswith("/unsubscribe/")
    assert note.data["links"] and note.data["url"].endswith(
        f"/status/maintenances/{queries.listed().items[0].key}/?lang=en"
    )
    run_slices()
    assert len(sent()) == 3
