"""The main job: from an Alertmanager body to a closed incident, the whole house wired and time in our hands."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from tomei import wiring
from tomei.accounts.models import User
from tomei.cases import actions as cases
from tomei.cases import queries, timeline
from tomei.clock import pulse
from tomei.clock.models import Standstill
from tomei.comms import actions as comms
from tomei.comms import statuspage
from tomei.comms.facts import UpdateInput
from tomei.customers import actions as customers
from tomei.kernel.actor import Actor
from tomei.kernel.text import Text
from tomei.promises import queries as promises
from tomei.signals import actions as signals
from tomei.signals import door

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Callable[[datetime], int]:
    """The clock of this house, moved by hand; mail goes to the built-in mailbox."""
    settings.DEMO = True
    clock = wiring.engine()
    return lambda until: clock.drain(until)


@pytest.fixture
def ground(house: Any, lead: User, colleague: User, admin: User, by_admin: Actor, now: datetime) -> dict[str, int]:
    """A product whose component declares by itself, a customer who uses it, a contact who hears of it, a source."""
    product = customers.add_product(
        Text("基幹", "ERP"), owner_id=lead.pk, top_tier_id=admin.pk, sponsor_id=colleague.pk, by=by_admin, now=now
    )
    component = customers.add_component(
        product,
        name=Text("出荷", "Shipping"),
        slug="shipping",
        declares=True,
        declares_as="SEV1a",
        by=by_admin,
        now=now,
    )
    towa = customers.add_organisation("customer", name=Text("東和精機", "Towa Seiki"), by=by_admin, now=now)
    customers.set_uses(towa.id, [component], by=by_admin, now=now)
    customers.add_contact(towa.id, name="山本 誠", mail="yamamoto@towa.example", by=by_admin, now=now)
    _, key = signals.add_source(kind="alertmanager", name="Alertmanager", by=by_admin, now=now)
    return {"component": component, "towa": towa.id, "key": key}  # type: ignore[dict-item]


def alert(status: str, now: datetime) -> bytes:
    labels = {"alertname": "ShippingDown", "severity": "critical", "component": "shipping"}
    body = {
        "version": "4", "groupKey": '{}:{alertname="ShippingDown"}', "status": status, "groupLabels": {},
        "receiver": "tomei", "commonLabels": labels, "commonAnnotations": {}, "externalURL": "http://am:9093",
        "alerts": [{
            "status": status, "labels": labels,
            "annotations": {"summary": "Shipping stands still", "summary_ja": "出荷が止まっている"},
            "startsAt": (now - MINUTE).isoformat(),
            "endsAt": now.isoformat() if status == "resolved" else "0001-01-01T00:00:00Z",
            "generatorURL": "http://p/graph", "fingerprint": "ab12",
        }],
    }  # fmt: skip
    return json.dumps(body, ensure_ascii=False).encode()


def update(state: str, next_at: datetime | None, **more: Any) -> UpdateInput:
    ja, en = WORDS[state]
    parts = {"effect": Text(ja, en)}
    return UpdateInput(parts=parts, state=state, audiences=("affected", "public"), next_at=next_at, **more)


WORDS = {
    "investigating": ("出荷を登録できません。当社の障害です。", "Shipments cannot be registered. This is our failure."),
    "mitigating": ("予備系へ切り替えています。半数は通ります。", "We are switching to the standby; half of them pass."),
    "restored": ("予備系で全件が通っています。", "On the standby every shipment passes."),
}


def sent(**where: Any) -> list[Any]:
    return list(apps.get_model("delivery", "Message").objects.filter(**where).order_by("pk"))


def codes(incident_id: int) -> list[str]:
    entries = apps.get_model("cases", "Entry").objects.filter(incident=incident_id).order_by("seq")
    return list(entries.values_list("code", flat=True))


def test_from_a_real_alert_to_a_closed_incident_with_every_promise_told(
    ground: Any, run: Any, lead: User, colleague: User, admin: User, by_lead: Actor, by_admin: Actor, now: datetime
) -> None:
    reply = door.receive("alertmanager", ground["key"], alert("firing", now), now)
    assert reply.status == 200
    [incident] = queries.open_incidents(by_lead)
    assert (incident.severity, incident.title) == ("SEV1a", Text("出荷が止まっている", "Shipping stands still"))
    assert incident.owner_id == lead.pk
    first = next(one for one in promises.open_of(incident.id) if one.kind == "first_notice")
    assert first.due_at == now + 5 * MINUTE
    assert [m.address for m in sent(purpose="page")] == [lead.email]  # the product's owner is woken at once

    run(now + 3 * MINUTE)  # a first notice warns at once and at half time
    warned = [code for code in codes(incident.id) if code == "promise.warned"]
    assert len(warned) >= 2

    cases.take_role(incident.id, "commander", by=by_lead, now=now + 3 * MINUTE)
    named = {one.kind: one.owner_id for one in promises.open_of(incident.id) if one.kind == "top_tier"}
    assert named == {"top_tier": admin.pk}  # the product's named tier, whoever commands
    told = comms.publish(
        incident.id, update("investigating", now + 19 * MINUTE), by=by_lead, now=now + 4 * MINUTE, confirmed=True
    )
    assert told.number == 1
    [mail] = sent(purpose="update")
    assert (mail.address, mail.organisation_id) == ("yamamoto@towa.example", ground["towa"])
    assert "出荷を登録できません" in mail.text
    assert "Shipments cannot be registered" in mail.text
    assert "14:19 JST" in mail.text

    for minute in range(5, 26):  # nobody speaks: warned, overdue at 14:19, escalated while it stays open
        run(now + minute * MINUTE)
    late = next(
        one for one in promises.open_of(incident.id) if one.kind == "next_update" and one.audience == "affected"
    )
    assert late.is_overdue(now + 25 * MINUTE)
    assert {"promise.warned", "promise.overdue", "promise.escalated"} <= set(codes(incident.id))
    assert {m.user_id for m in sent(purpose="page", promise_id=late.id)} >= {lead.pk, colleague.pk}
    assert queries.incident(incident.id).overdue >= 1

    comms.publish(
        incident.id, update("mitigating", now + 40 * MINUTE), by=by_lead, now=now + 26 * MINUTE, confirmed=True
    )
    [ended] = [one for one in promises.of_incident(incident.id) if one.id == late.id]
    assert (ended.state, ended.late_s) == ("late", 7 * 60.0)

    door.receive("alertmanager", ground["key"], alert("resolved", now + 30 * MINUTE), now + 30 * MINUTE)
    assert queries.incident(incident.id).state == "mitigating"  # a sender restores nothing
    assert "signal.resolved" in codes(incident.id)

    recovery = comms.publish(
        incident.id, update("restored", None, proof="10 min without a failure"), by=by_lead, now=now + 35 * MINUTE,
        confirmed=True,
    )  # fmt: skip
    run(now + 36 * MINUTE)
    assert recovery.kind == "recovery"
    assert recovery.report_due_at is not None
    [report] = [one for one in promises.open_of(incident.id) if one.kind == "report"]
    assert report.due_at == recovery.report_due_at
    assert all(m.state == "sent" for m in sent(purpose="update"))

    [case] = queries.cases_of(incident.id)
    cases.resume_case(case.id, by=by_lead, now=now + 60 * MINUTE)
    cases.close_case(case.id, by=by_lead, now=now + 61 * MINUTE)
    cases.stamp(incident.id, "report_sent", at=now + 62 * MINUTE, by=by_lead, now=now + 62 * MINUTE)
    assert promises.by_ids([report.id])[report.id].state == "kept"
    cases.close(incident.id, by=by_lead, now=now + 63 * MINUTE)
    assert promises.open_of(incident.id) == []
    assert timeline.verify(incident.id).holds


def test_the_status_page_says_what_was_published_and_nothing_else(
    ground: Any, run: Any, by_lead: Actor, now: datetime
) -> None:
    door.receive("alertmanager", ground["key"], alert("firing", now), now)
    [incident] = queries.open_incidents(by_lead)
    statuspage.refresh(now)
    assert "出荷が止まっている" not in page()
    comms.publish(incident.id, update("investigating", now + 14 * MINUTE), by=by_lead, now=now + MINUTE, confirmed=True)
    statuspage.refresh(now + MINUTE)
    assert "出荷が止まっている" in page()
    assert "東和精機" not in page()


def page() -> str:
    found = statuspage.cached("/status/", "lang=ja", "")
    assert found is not None
    return found[2].decode()


def test_after_a_standstill_each_person_gets_one_digest(
    ground: Any, run: Any, by_lead: Actor, lead: User, now: datetime
) -> None:
    door.receive("alertmanager", ground["key"], alert("firing", now), now)
    before = len(sent(user_id=lead.pk))
    run(now + 3 * 60 * MINUTE)  # three hours in which nobody ticked
    mine = sent(user_id=lead.pk)[before:]
    assert [m.purpose for m in mine] == ["digest"]
    steps = apps.get_model("promises", "Step").objects.filter(user=lead.pk)
    assert all(step.at == now + 3 * 60 * MINUTE for step in steps if step.planned_at > now)
    assert {step.planned_at for step in steps} != {now + 3 * 60 * MINUTE}


def test_a_catch_up_of_many_batches_is_still_one_digest(
    ground: Any, run: Any, lead: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    door.receive("alertmanager", ground["key"], alert("firing", now), now)
    run(now)
    before, later = len(sent(user_id=lead.pk)), now + 3 * 60 * MINUTE
    stood = Standstill.objects.create(kind="stopped", began_at=now, ended_at=later, seconds=3 * 3600)
    monkeypatch.setattr("tomei.clock.rules.BATCH", 2)
    monkeypatch.setattr("tomei.oncall.words.MOST", 3)
    run(later)
    assert sent(user_id=lead.pk)[before:] == []  # nothing rings while it catches up
    heart = pulse.Heart("x", list(wiring.HANDLERS))
    for again in (later, later + MINUTE):
        heart._catching_up = True
        heart.catch_up(again)
        run(later)
    [digest] = sent(user_id=lead.pk)[before:]
    assert (digest.purpose, digest.key.split(":")[:2]) == ("digest", ["standstill", str(stood.pk)])
    count = apps.get_model("promises", "Step").objects.filter(user=lead.pk, at=later).exclude(code="missed").count()
    assert count > 3
    assert f"ほか {count - 3} 件は約束台帳でご確認ください。" in digest.text
    assert later == digest.created_at


def test_who_leaves_hands_everything_to_the_deputy(
    ground: Any, run: Any, by_lead: Actor, by_admin: Actor, lead: User, colleague: User, now: datetime
) -> None:
    from tomei.accounts import actions as accounts
    from tomei.accounts import queries as people

    door.receive("alertmanager", ground["key"], alert("firing", now), now)
    [incident] = queries.open_incidents(by_lead)
    cases.take_role(incident.id, "commander", by=by_lead, now=now)
    seen = people.row(lead.pk).version
    accounts.edit(lead.pk, accounts.Change(deputy_id=colleague.pk), seen=seen, by=by_admin, now=now)
    accounts.deactivate(lead.pk, by=by_admin, now=now + MINUTE)
    run(now + MINUTE)
    assert queries.incident(incident.id).owner_id == colleague.pk
    assert {one.owner_id for one in promises.open_of(incident.id)} & {lead.pk} == set()


def test_the_board_and_the_room_show_it(
    ground: Any, client_of: Any, lead: User, watcher: User, by_lead: Actor, now: datetime
) -> None:
    door.receive("alertmanager", ground["key"], alert("firing", now), now)
    [incident] = queries.open_incidents(by_lead)
    for user in (lead, watcher):
        client: Client = client_of(user)
        assert "出荷が止まっている" in client.get("/").content.decode()
        room = client.get(incident.url)
        assert (room.status_code, incident.key in room.content.decode()) == (200, True)
